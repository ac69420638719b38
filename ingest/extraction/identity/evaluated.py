"""What an evaluation of others names as evaluated: `评价对象：南县水利局2021年度灌区改造项目`."""

from __future__ import annotations

from typing import NamedTuple

from ingest.extraction.identity.gazetteer import leading_chain_end
from ingest.extraction.identity.labelled import read_labelled
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.organisations import strong_head
from ingest.extraction.identity.titles import YEAR, ends_with, is_generic
from ingest.extraction.source import ReportSource

_SIGNS = " \u3000—-、：:的"
_CONFIDENCE = 0.85


class Evaluated(NamedTuple):
    """Whose project of which year was evaluated; what the label does not say is None."""

    unit: NamedAt | None = None
    year: NamedAt | None = None
    project: NamedAt | None = None


def read_evaluated(report: ReportSource) -> Evaluated:
    """What stands behind 评价对象, parted by its year or by a space. The year of the title may be that of the paper."""
    for found in read_labelled(report, "evaluated_label"):
        text = report.text[found.start : found.end]
        year = YEAR.search(text)
        digits = "".join(year.group().split())[:4] if year is not None else ""
        first, last = year.span() if year is not None else _end_of_body(text, report)
        unit = _piece(text, 0, first, found.start)
        project = _piece(text, last, len(text), found.start) or unit
        evaluated = Evaluated(
            unit if _is_body(unit, report) else None,
            NamedAt(digits, found.start + first, found.start + first + 4, found.method, _CONFIDENCE)
            if digits.isdigit()
            else None,
            project if _is_project(project, report) else None,
        )
        if evaluated.unit or evaluated.project:
            return evaluated
    return Evaluated()


def _end_of_body(text: str, report: ReportSource) -> tuple[int, int]:
    """Where the name of a body ends and what follows begins: at a space, or where no project's name goes on."""
    place = next((place for place, sign in enumerate(text) if sign.isspace()), None)
    if place is not None:
        return place, place + 1
    end = len(strong_head(text, report.lexicon)) or len(text)
    return end, end


def _piece(text: str, first: int, last: int, offset: int) -> NamedAt | None:
    piece = text[first:last]
    bare = piece.strip(_SIGNS)
    start = offset + first + piece.index(bare) if bare else 0
    return NamedAt.as_printed(bare, start, "prose_label", _CONFIDENCE) if bare else None


def _is_body(piece: NamedAt | None, report: ReportSource) -> bool:
    return (
        piece is not None
        and leading_chain_end(piece.value, report.lexicon) > 0
        and ends_with("organisation_tail", piece.value, report.lexicon)
    )


def _is_project(piece: NamedAt | None, report: ReportSource) -> bool:
    return (
        piece is not None
        and ends_with("name_tail", piece.value, report.lexicon)
        and not is_generic(piece.value, report.lexicon)
    )
