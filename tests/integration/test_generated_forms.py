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

SEEDS_OF_TABLES = 2
SEEDS_OF_TEXT = 1
# Below so many values a field's share says nothing.
FEWEST_VALUES = 30


def _documents(seeds: int, first: int, layouts: tuple[str, ...] = tuple(LAYOUTS)) -> list[GeneratedDocument]:
    """Documents of all layouts; every fourth holds two forms."""
    return [
        generate(layout, seed, 2 if (number + seed) % 4 == 0 and layout != "department" else 1)
        for number, layout in enumerate(layouts)
        for seed in range(first, first + seeds)
    ]


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


@pytest.mark.parametrize("rendering", list(FILES))
def test_a_true_table_gives_exactly_what_the_form_states(rendering: str, lexicon: Lexicon) -> None:
    documents = _documents(SEEDS_OF_TABLES, first=100 * list(FILES).index(rendering))
    accuracy = measure(documents, {rendering: FILES[rendering]}, lexicon)
    assert not list(accuracy.misses()), _report(accuracy)


def test_a_form_that_lost_its_table_is_read_from_its_separators(lexicon: Lexicon) -> None:
    renderings = {name: flattened(flatten) for name, flatten in SEPARATED.items()}
    accuracy = measure(_documents(SEEDS_OF_TEXT, first=1000), renderings, lexicon)
    assert not accuracy.refused
    assert not _below(accuracy.scores(), precision=0.99, recall=0.97), _report(accuracy)


def test_of_a_form_without_any_separator_little_is_lost_and_hardly_anything_invented(lexicon: Lexicon) -> None:
    renderings = {name: flattened(flatten) for name, flatten in GLUED.items()}
    accuracy = measure(_documents(SEEDS_OF_TEXT + 1, first=2000), renderings, lexicon)
    assert not _below(accuracy.scores(), precision=0.985, recall=0.9), _report(accuracy)


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
