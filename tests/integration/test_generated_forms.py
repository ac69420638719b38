"""Complete forms made up by chance, in every layout: reading gives their truth, or leaves unread what cannot be told.

The figures are those of `fundperf evaluate`. Every test draws its own documents; a seed that fails can be drawn again
with `tests.support.forms.generate(layout, seed)`.
"""

from __future__ import annotations

import pytest

from ingest.accuracy import Accuracy
from ingest.accuracy.scoring import Score
from ingest.lexicon import Lexicon
from tests.support.forms import GeneratedDocument, generate
from tests.support.forms.as_files import FILES
from tests.support.forms.as_text import GLUED, SEPARATED
from tests.support.forms.layouts import LAYOUTS
from tests.support.forms.measuring import flattened, measure

# Fields of which fewer values are stated say nothing by their share.
FEWEST_VALUES = 30
# Columns whose content nothing tells apart (the explanations of a checklist, Chongqing's second target, Xinjiang's
# rules of scoring) need something between their cells; without it their rows are left unread.
NEEDS_SEPARATORS = ("checklist", "chongqing", "xinjiang")
RAGGED = "tabbed_rows"


def _documents(seeds: range, *, without: tuple[str, ...] = (), forms: int = 1) -> list[GeneratedDocument]:
    return [generate(layout, seed, forms) for layout in LAYOUTS if layout not in without for seed in seeds]


def _report(accuracy: Accuracy) -> str:
    """The misses, one a line, for a failing test."""
    lines = [
        f"{miss.case.name}: {miss.outcome.field} {miss.outcome.kind}, stated {miss.outcome.expected!r}, "
        f"read {miss.outcome.got!r} ({miss.outcome.within})"
        for miss in accuracy.misses()
    ]
    return "\n".join(lines[:60])


def _below(scores: dict[str, Score], precision: float, recall: float) -> dict[str, tuple[float | None, float | None]]:
    """Fields that miss a threshold, with their precision and recall."""
    return {
        field: (score.precision, score.recall)
        for field, score in scores.items()
        if score.expected >= FEWEST_VALUES and ((score.precision or 0.0) < precision or (score.recall or 0.0) < recall)
    }


@pytest.mark.parametrize(("rendering", "first"), [(name, 10 * place) for place, name in enumerate(FILES)])
def test_a_true_table_gives_exactly_what_the_form_states(rendering: str, first: int, lexicon: Lexicon) -> None:
    accuracy = measure(_documents(range(first, first + 2)), {rendering: FILES[rendering]}, lexicon)
    assert not list(accuracy.misses()), _report(accuracy)


def test_every_form_of_a_document_is_a_report_of_its_own(lexicon: Lexicon) -> None:
    # A department has one form, and a checklist names its project above the table.
    documents = _documents(range(100, 101), without=("department", "checklist"), forms=2)
    accuracy = measure(documents, {"grid": FILES["grid"]}, lexicon)
    assert not list(accuracy.misses()), _report(accuracy)


def test_a_form_that_lost_its_table_is_read_from_its_separators(lexicon: Lexicon) -> None:
    renderings = {name: flattened(flatten) for name, flatten in SEPARATED.items() if name != RAGGED}
    accuracy = measure(_documents(range(200, 201)), renderings, lexicon)
    assert not accuracy.refused
    assert not _below(accuracy.scores(), precision=0.99, recall=0.97), _report(accuracy)


def test_rows_with_different_numbers_of_tabs_are_no_spreadsheet(lexicon: Lexicon) -> None:
    renderings = {RAGGED: flattened(SEPARATED[RAGGED])}
    # The rows of a checklist have one number of tabs: it is a sheet.
    accuracy = measure(_documents(range(300, 302), without=("checklist",)), renderings, lexicon)
    assert not _below(accuracy.scores(), precision=0.98, recall=0.97), _report(accuracy)


def test_every_form_of_a_text_is_a_report_of_its_own(lexicon: Lexicon) -> None:
    documents = _documents(range(400, 401), without=("department", "checklist"), forms=2)
    accuracy = measure(documents, {"piped_rows": flattened(SEPARATED["piped_rows"])}, lexicon)
    assert not _below(accuracy.scores(), precision=0.99, recall=0.97), _report(accuracy)


def test_of_a_form_without_any_separator_little_is_lost_and_hardly_anything_invented(lexicon: Lexicon) -> None:
    renderings = {name: flattened(flatten) for name, flatten in GLUED.items()}
    accuracy = measure(_documents(range(500, 501), without=NEEDS_SEPARATORS), renderings, lexicon)
    assert not _below(accuracy.scores(), precision=0.985, recall=0.75), _report(accuracy)


@pytest.mark.parametrize("layout", NEEDS_SEPARATORS)
def test_rows_that_need_separators_are_left_unread_without_them(layout: str, lexicon: Lexicon) -> None:
    renderings = {name: flattened(flatten) for name, flatten in GLUED.items()}
    accuracy = measure([generate(layout, seed) for seed in range(600, 602)], renderings, lexicon)
    wrong = [miss for miss in accuracy.misses() if miss.outcome.kind != "missed" and "indicator" in miss.outcome.field]
    assert not wrong, _report(accuracy)


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_a_seed_draws_the_same_form_again(layout: str) -> None:
    assert generate(layout, 7) == generate(layout, 7)
    assert generate(layout, 7) != generate(layout, 8)


def test_the_forms_of_a_document_are_different_projects_of_one_body() -> None:
    label = generate("national", 3, forms=3).label
    names = {project["project_name"] for project in label["projects"]}
    assert len(names) == 3
    assert {project["unit"] for project in label["projects"]} == {label["unit"]}


def test_the_money_of_a_form_adds_up() -> None:
    for seed in range(20):
        sums = {
            (line["stage"], line["source"]): line["amount_yuan"] for line in generate("national", seed).label["funding"]
        }
        for stage in ("adjusted_budget", "executed"):
            parts = sum(amount for (of, source), amount in sums.items() if of == stage and source != "total")
            assert parts == sums[stage, "total"], (seed, stage)
