"""Projects of which sentences of another report tell name and money: lines of funding for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import cast, get_args

from ingest.extraction.identity.reading import Identity
from ingest.extraction.money.funding import read_money
from ingest.extraction.parts.dealt_out import Listed
from ingest.extraction.parts.finding import ReportPart
from ingest.extraction.report import CONFIDENCE_OF_A_PART, named_by_part, record_of
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.quantities import Money, find_money
from ingest.records import FundingLine, ReportRecord, Source, Stage

_REACH_OF_A_SUM = 400


class ListedSums:
    """The sums that the sentences of one document tell of its listed projects.

    A sum without a stage of its own has the stage and the source of the sum before it, of which it is a part.
    """

    def __init__(self, document: ReportSource, first: ReportRecord) -> None:
        self._document = document
        self._facts = ReportFacts(fiscal_year=first.fiscal_year, project_name=None)
        self._lines: list[FundingLine] | None = None

    def record_of(self, part: ReportPart, first: ReportRecord) -> ReportRecord:
        """The record of a project that has no more than its name and its sums."""
        funding, mentions, _ = read_money(part.prose, part.prose.sentences(), self._facts)
        if not funding and part.prose.text.strip():
            start = part.name[0] if part.name is not None else 0
            funding = self._parts_of_earlier_sums(find_money(part.prose.text), start, [])
        funding = _merged(funding, self.of(part.listed))
        identity = named_by_part(Identity({"kind": first.kind}, {}), part)
        return record_of(identity, {}, {"funding": funding, "mentions": mentions})

    def added_to(self, report: ReportRecord, part: ReportPart) -> ReportRecord:
        """A report with what sentences elsewhere tell of its money."""
        funding = _merged(list(report.funding), self.of(part.listed))
        return report.model_copy(update={"funding": tuple(funding)}) if part.listed else report

    def of(self, pieces: Iterable[Listed]) -> list[FundingLine]:
        """The lines of some pieces, each read together with the words that its sentence begins with."""
        return [line for piece in pieces for line in self._lines_of(piece)]

    def _lines_of(self, piece: Listed) -> list[FundingLine]:
        start, end = piece.span
        source = _alone(self._document, piece)
        lines, _, _ = read_money(source, source.sentences(), self._facts)
        own = [line for line in lines if start <= line.evidence.start < end]
        moneys = [
            replace(money, start=money.start + start, end=money.end + start)
            for money in find_money(self._document.text[start:end])[:1]
        ]
        is_read = any(line.evidence.start == money.start for line in own for money in moneys)
        if not piece.is_bare or is_read:
            return own
        before = [line for line in lines if line.evidence.end <= start]
        if before or own:
            return [*self._parts_of_earlier_sums(moneys, start, before or own), *own]
        return self._named_by_lead(moneys, piece) or self._parts_of_earlier_sums(moneys, start, [])

    def _named_by_lead(self, moneys: list[Money], piece: Listed) -> list[FundingLine]:
        """`下达我局项目资金3项，具体为：`: the stage and the source that the sentence begins with."""
        lead = self._document.text[slice(*piece.lead)]
        stage = self._document.lexicon.last("stage", lead)
        source = self._document.lexicon.last("source", lead)
        if stage is None or stage.canonical not in get_args(Stage):
            return []
        return [
            FundingLine(
                stage=cast(Stage, stage.canonical),
                source=cast(Source, source.canonical) if source is not None else "total",
                amount_yuan=money.amount_yuan,
                as_written=money.as_written,
                evidence=self._document.place(money.start, money.end, "listed_project", CONFIDENCE_OF_A_PART),
            )
            for money in moneys
            if not money.is_price
        ]

    def _parts_of_earlier_sums(self, moneys: list[Money], start: int, near: list[FundingLine]) -> list[FundingLine]:
        if self._lines is None:
            self._lines, _, _ = read_money(self._document, self._document.sentences(), self._facts)
        earlier = [line for line in self._lines if 0 <= start - line.evidence.end <= _REACH_OF_A_SUM]
        above = max(near or earlier, key=lambda line: line.evidence.start, default=None)
        # 中央下达17万元，其中：…下达13万元，用于…: the level may have been said with the sum of it all.
        named = [line for line in earlier if above is not None and line.stage == above.stage]
        source = above.source if above is not None and above.evidence.start < start else "total"
        if source == "total" and named:
            source = max(named, key=lambda line: line.evidence.start).source
        return [
            FundingLine(
                stage=above.stage,
                source=source,
                amount_yuan=money.amount_yuan,
                as_written=money.as_written,
                evidence=self._document.place(money.start, money.end, "listed_project", CONFIDENCE_OF_A_PART),
            )
            for money in moneys
            if above is not None and not money.is_price
        ]


def _alone(document: ReportSource, piece: Listed) -> ReportSource:
    """A piece behind the beginning of its sentence, up to the first project; the other projects are blank."""
    (first, last), (start, end) = piece.lead, piece.span
    text = f"{document.text[:last]}{' ' * (start - last)}{document.text[start:]}"
    return replace(document, text=text).within([(first, end)])


def _merged(lines: list[FundingLine], added: list[FundingLine]) -> list[FundingLine]:
    known = {(line.stage, line.source, line.amount_yuan) for line in lines}
    return [*lines, *(line for line in added if (line.stage, line.source, line.amount_yuan) not in known)]


def without_sums_of(parts: Iterable[ReportPart], projects: list[ReportRecord], report: ReportRecord) -> ReportRecord:
    """The report without the sums that are told of one of the listed projects: they are that project's money."""
    told = {(line.evidence.start, line.evidence.end) for project in projects for line in project.funding}
    pieces = [piece.span for part in parts for piece in part.listed]
    kept = tuple(
        line
        for line in report.funding
        if (line.evidence.start, line.evidence.end) not in told
        and not any(start <= line.evidence.start < end for start, end in pieces)
    )
    return report.model_copy(update={"funding": kept})
