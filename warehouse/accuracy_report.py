"""A measurement for people and programs: tables on the screen, Markdown, CSV, JSON; and the gate of `--require`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from ingest.errors import UsageError
from warehouse.messages import Lang, say
from warehouse.output import one_line, print_rows, shortened, write_csv_rows

if TYPE_CHECKING:
    from ingest.accuracy import Accuracy
    from ingest.accuracy.scoring import Score
    from warehouse.screens import Screen

_SCORE_COLUMNS = ("expected", "read", "right", "precision", "recall", "f1")
_MISS_COLUMNS = (
    "document",
    "layout",
    "within",
    "field",
    "kind",
    "expected",
    "got",
    "confidence",
    "review",
    "debatable",
)
_LONGEST_CELL = 40


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table of the report; `title` and `headings` are keys of the messages."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def sections(accuracy: Accuracy, *, by: str | None, with_misses: bool) -> Iterator[Section]:
    """The tables of a measurement.

    Args:
        accuracy: what was measured.
        by: `layout` or `format` for the fields of each group; None for all together and one line a group.
        with_misses: also list every value that is not right.
    """
    if by is None:
        yield Section("field", ("field", *_SCORE_COLUMNS), _score_rows(accuracy.scores()))
        for group in ("layout", "format"):
            yield Section(group, (group, *_SCORE_COLUMNS), _group_rows(accuracy, group))
    else:
        yield Section(by, (by, "field", *_SCORE_COLUMNS), _group_field_rows(accuracy, by))
    yield Section("confidence", ("confidence", "right", "not_right"), _band_rows(accuracy))
    yield Section("review", ("review", "not_right"), _review_rows(accuracy))
    if accuracy.refused:
        rows = [(result.case.name, result.refusal) for result in accuracy.refused]
        yield Section("refused", ("document", "reason"), rows)
    if with_misses:
        yield Section("misses", _MISS_COLUMNS, _miss_rows(accuracy))


def show_accuracy(screen: Screen, accuracy: Accuracy, *, by: str | None, with_misses: bool) -> None:
    """Print all tables on the screen."""
    screen.say("accuracy_cases", cases=len(accuracy.results), refused=len(accuracy.refused))
    for section in sections(accuracy, by=by, with_misses=with_misses):
        screen.line("")
        screen.line(_title(section.title, screen.lang))
        print_rows(screen.console, _headings(section, screen.lang), [_shortened(row) for row in section.rows])


def write_markdown(stream: IO[str], accuracy: Accuracy, *, by: str | None, with_misses: bool, lang: Lang) -> None:
    """Write all tables in Markdown."""
    cases, refused = len(accuracy.results), len(accuracy.refused)
    stream.write(say("accuracy_cases", lang, cases=cases, refused=refused) + "\n")
    for section in sections(accuracy, by=by, with_misses=with_misses):
        headings = _headings(section, lang)
        stream.write(f"\n**{_title(section.title, lang)}**\n\n")
        stream.write(_markdown_row(headings) + "|" + " --- |" * len(headings) + "\n")
        stream.writelines(_markdown_row(row) for row in section.rows)


def write_csv(stream: IO[str], accuracy: Accuracy, *, by: str | None, with_misses: bool) -> None:
    """Write one table: the list of misses when it is asked for, else the scores."""
    wanted = "misses" if with_misses else by or "field"
    section = next(entry for entry in sections(accuracy, by=by, with_misses=with_misses) if entry.title == wanted)
    write_csv_rows(stream, section.headings, section.rows)


def write_json(stream: IO[str], accuracy: Accuracy) -> None:
    """Write the whole measurement as one object."""
    content = {
        "cases": len(accuracy.results),
        "refused": {result.case.name: result.refusal for result in accuracy.refused},
        "fields": _scores_object(accuracy.scores()),
        "layouts": {name: _scores_object(scores) for name, scores in _groups(accuracy, "layout").items()},
        "formats": {name: _scores_object(scores) for name, scores in _groups(accuracy, "format").items()},
        "confidence": [dict(zip(("band", "right", "not_right"), row, strict=True)) for row in _band_rows(accuracy)],
        "review": dict(_review_rows(accuracy)),
        "misses": [dict(zip(_MISS_COLUMNS, row, strict=True)) for row in _miss_rows(accuracy)],
    }
    stream.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A least value, 0–1, for one measure of one field."""

    field: str
    measure: str
    least: float

    @property
    def name(self) -> str:
        """As it is typed, e.g. `overall_precision`."""
        return f"{self.field}_{self.measure}"


def read_requirements(typed: str) -> list[Requirement]:
    """What `overall_precision=0.97,unit_recall=0.9` asks for.

    Raises:
        UsageError: it is not of that form, or names no field and measure.
    """
    return [_read_requirement(entry) for entry in filter(None, map(str.strip, typed.split(",")))]


def unmet(accuracy: Accuracy, requirements: Sequence[Requirement]) -> Iterator[tuple[Requirement, float | None]]:
    """The requirements that do not hold, each with the value found; None when there was nothing to measure."""
    scores = accuracy.scores()
    for requirement in requirements:
        score = scores.get(requirement.field)
        found = score.measure(requirement.measure) if score else None
        if found is None or found < requirement.least:
            yield requirement, found


def _read_requirement(entry: str) -> Requirement:
    from ingest.accuracy.scoring import MEASURES, OVERALL
    from ingest.accuracy.stated import FIELDS

    name, _, figure = entry.partition("=")
    field, _, measure = name.strip().rpartition("_")
    try:
        least = float(figure)
    except ValueError:
        least = -1.0
    if field not in (*FIELDS, OVERALL) or measure not in MEASURES or not 0 <= least <= 1:
        raise UsageError(
            "bad_requirement",
            zh=f"--require {entry}：写法为 字段_指标=下限，例如 overall_precision=0.97（precision、recall、f1；0–1）。",
            en=f"--require {entry}: write FIELD_MEASURE=LEAST, e.g. overall_precision=0.97 "
            "(precision, recall or f1; 0–1).",
            entry=entry,
        )
    return Requirement(field, measure, least)


def _groups(accuracy: Accuracy, by: str) -> dict[str, dict[str, Score]]:
    return accuracy.scores_by(lambda case: str(getattr(case, by)))


def _score_rows(scores: dict[str, Score]) -> list[tuple[Any, ...]]:
    return [(field, *_score_cells(score)) for field, score in scores.items()]


def _group_rows(accuracy: Accuracy, by: str) -> list[tuple[Any, ...]]:
    from ingest.accuracy.scoring import OVERALL

    return [(name, *_score_cells(scores[OVERALL])) for name, scores in _groups(accuracy, by).items()]


def _group_field_rows(accuracy: Accuracy, by: str) -> list[tuple[Any, ...]]:
    groups = _groups(accuracy, by)
    return [(name, field, *_score_cells(score)) for name in groups for field, score in groups[name].items()]


def _score_cells(score: Score) -> tuple[Any, ...]:
    from ingest.accuracy.scoring import MEASURES

    return (score.expected, score.got, score.right, *(_share(score.measure(name)) for name in MEASURES))


def _band_rows(accuracy: Accuracy) -> list[tuple[Any, ...]]:
    return [(band.name, band.right, band.wrong) for band in accuracy.bands()]


def _review_rows(accuracy: Accuracy) -> list[tuple[Any, ...]]:
    reviews = [miss.review for miss in accuracy.misses()]
    return [(name, reviews.count(name)) for name in ("value", "document", "none")]


def _miss_rows(accuracy: Accuracy) -> list[tuple[Any, ...]]:
    return [
        (
            miss.case.name,
            miss.case.layout,
            miss.outcome.within,
            miss.outcome.field,
            miss.outcome.kind,
            miss.outcome.expected,
            miss.outcome.got,
            miss.outcome.confidence,
            miss.review,
            "AMBIGUOUS" if miss.is_debatable else None,
        )
        for miss in accuracy.misses()
    ]


def _scores_object(scores: dict[str, Score]) -> dict[str, dict[str, Any]]:
    from ingest.accuracy.scoring import MEASURES

    return {
        field: {
            **{name: getattr(score, name) for name in ("expected", "got", "right", "wrong", "missed", "extra")},
            **{name: score.measure(name) for name in MEASURES},
        }
        for field, score in scores.items()
    }


def _share(figure: float | None) -> str | None:
    return None if figure is None else f"{figure:.3f}"


def _title(key: str, lang: Lang) -> str:
    return say(f"accuracy_title_{key}", lang)


def _headings(section: Section, lang: Lang) -> list[str]:
    return [say(f"accuracy_column_{key}", lang) for key in section.headings]


def _shortened(row: tuple[Any, ...]) -> list[Any]:
    return [shortened(cell, _LONGEST_CELL) if isinstance(cell, str) else cell for cell in row]


def _markdown_row(cells: Sequence[Any]) -> str:
    texts = ["" if cell is None else one_line(str(cell)).replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(texts) + " |\n"
