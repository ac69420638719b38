"""Which reports a document holds: one for every form, one for every report or project of its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.extraction.forms.flattened import find_flattened_forms
from ingest.extraction.forms.grid import find_grid_forms
from ingest.extraction.forms.rows import Form, Piece
from ingest.extraction.identity.kinds import kinds_named_in
from ingest.extraction.outline import Heading, Passage
from ingest.extraction.parts.chapters import ReportSpan, find_reports
from ingest.extraction.parts.dealt_out import Listed
from ingest.extraction.source import ReportSource
from ingest.reading.document import Block

_LINES_OF_A_TITLE = 4
_SENTENCE = re.compile("[。；;]")


@dataclass(frozen=True, slots=True)
class ReportPart:
    """One report of a document: its form, if it has one, and the prose that belongs to it.

    `whole` is the document as it is, `prose` the document without everything that is no prose of this report. `name` is
    the place of the project's name where it does not stand as in a report of its own; of a part that `is_listed` the
    text says nothing but name and money. `listed` is what sentences of another report tell of it.
    """

    whole: ReportSource
    prose: ReportSource
    form: Form | None = None
    name: tuple[int, int] | None = None
    is_listed: bool = False
    listed: tuple[Listed, ...] = ()


def find_parts(source: ReportSource) -> list[ReportPart]:
    """All reports of a document in the order of the text; never none."""
    grid_forms = find_grid_forms(source)
    source = source.with_opened_tables(
        table for table in source.tables if not any(table.start <= form.start < table.end for form in grid_forms)
    )
    tables = [(table.start, table.end) for table in source.tables]
    forms = sorted([*grid_forms, *find_flattened_forms(source, tables)], key=lambda form: form.start)
    if not forms:
        return [_part_of(source, report) for report in find_reports(source)]
    ends = [*(form.end for form in forms[:-1]), len(source.text)]
    starts = [0, *ends[:-1]]
    return [
        part
        for form, start, end in zip(forms, starts, ends, strict=True)
        for part in _parts_around(source, form, start, end)
    ]


def _part_of(source: ReportSource, report: ReportSpan) -> ReportPart:
    prose = source if report.spans == ((0, len(source.text)),) else source.within(report.spans)
    return ReportPart(source, prose, name=report.name_span, is_listed=report.kind == "project", listed=report.listed)


def _parts_around(source: ReportSource, form: Form, start: int, end: int) -> Iterator[ReportPart]:
    """The form with the prose that belongs to it, after the reports in prose that stand before it."""
    title = _title_above(source, form, start)
    title_start = title[0].start if title else max(start, form.start)
    before = source.within([(start, title_start)])
    reports = [report for report in find_reports(before) if report.kind != "project"]
    own = max((report.start for report in reports if report.kind == "report"), default=start)
    if _is_of_a_department(before) and "project_name" in form.identity:
        own = title_start
    for report in reports:
        pieces = [
            (max(first, start), min(last, own, title_start))
            for first, last in report.spans
            if start < last and first < own
        ]
        if pieces:
            yield ReportPart(source, source.within(pieces))
    added = [Passage(source.text[block.start : block.end], block.start, ()) for block in title]
    added += [passage for section, piece in form.texts for passage in _passages(source, section, piece)]
    around = [(own, title_start), (min(form.end, end), end)]
    yield ReportPart(source, source.within([span for span in around if span[0] < span[1]], added), form)


def _is_of_a_department(prose: ReportSource) -> bool:
    """A report on the whole department, to which the forms of its projects are annexes."""
    return "department_self_evaluation" in kinds_named_in(prose.text, prose.lexicon)


def _title_above(source: ReportSource, form: Form, start: int) -> list[Block]:
    """The short lines directly above a form are its title; they do not belong to the section that they end."""
    above = [block for block in source.paragraphs if start <= block.start and block.end <= form.start]
    title: list[Block] = []
    for block in reversed(above):
        if len(title) == _LINES_OF_A_TITLE or _SENTENCE.search(source.text[block.start : block.end]):
            break
        title.insert(0, block)
    return title


def _passages(source: ReportSource, section: str, piece: Piece) -> list[Passage]:
    """The lines of a free text, each under a heading that has the text's section."""
    heading = Heading("", 0, piece.start, piece.start, section)
    passages, place = [], piece.start
    for line in source.text[piece.start : piece.end].split("\n"):
        if line.strip():
            passages.append(Passage(line, place, (heading,)))
        place += len(line) + 1
    return passages
