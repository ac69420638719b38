"""Projects of which sentences of another report tell: name and money, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import cast, get_args

from ingest.characters import fold
from ingest.extraction.identity.reading import Identity
from ingest.extraction.money.funding import read_money
from ingest.extraction.parts.dealt_out import Listed
from ingest.extraction.parts.finding import ReportPart
from ingest.extraction.parts.told_later import SCORE_TOLD, KnownNames
from ingest.extraction.report import CONFIDENCE_OF_A_PART, named_by_part, record_of
from ingest.extraction.source import ReportFacts, ReportSource, last_clause
from ingest.extraction.told_results import (
    less_sure,
    numbered,
    read_results,
    score_in_turn,
    with_evaluation,
    with_results,
    with_results_of_all,
)
from ingest.quantities import Money, find_money
from ingest.records import Evidence, FundingLine, ReportRecord, Source, Stage

_REACH_OF_A_SUM = 400
_REACH_BACK = 24
_FEWEST = 2
# What names the project before what is told of it.
_LABEL = re.compile(r"\s*(?:\d{1,2}\s*[.．、)）]|[（(]\d{1,2}[)）])?[^：:，,。；;\d\n]{2,40}[：:]")


class ListedProjects:
    """What the sentences of one document tell of its listed projects; `records` has one for each of them.

    A sum without a stage of its own has the stage and the source of the sum before it, of which it is a part.
    """

    def __init__(self, document: ReportSource, first: ReportRecord, parts: Iterable[ReportPart]) -> None:
        """Read what is told of the `parts` of a document whose `first` report is read."""
        self._document = document
        self._facts = ReportFacts(fiscal_year=first.fiscal_year, project_name=None)
        self._lines: list[FundingLine] | None = None
        parts = list(parts)
        projects = [part for part in parts if part.is_listed]
        self._told = [piece.span for part in parts for piece in part.listed]
        self._told += [(block.start, block.end) for part in projects for block in part.prose.paragraphs]
        self._folded = fold(document.text)
        self._names = [document.text[slice(*part.name)] for part in parts if part.name is not None]
        self.records = [self._record_of(part, first) for part in projects]

    @cached_property
    def _known(self) -> KnownNames:
        return KnownNames(self._names, self._document)

    def _record_of(self, part: ReportPart, first: ReportRecord) -> ReportRecord:
        funding, mentions, _ = read_money(part.prose, part.prose.sentences(), self._facts)
        if not funding and part.prose.text.strip():
            start = part.name[0] if part.name is not None else 0
            funding = self._parts_of_earlier_sums(find_money(part.prose.text), start, [])
        identity = named_by_part(Identity({"kind": first.kind}, {}), part)
        record = record_of(identity, {}, {"funding": funding, "mentions": mentions})
        return self.added_to(with_results(record, [read_results(part.prose, self._facts)]), part)

    def added_to(self, report: ReportRecord, part: ReportPart) -> ReportRecord:
        """A report with what sentences elsewhere tell of its money and its results."""
        if not part.listed:
            return report
        funding = _merged(list(report.funding), self.of(part.listed))
        report = report.model_copy(update={"funding": tuple(funding)})
        told = [read_results(self._alone_below_headings(piece), self._facts) for piece in part.listed]
        return self._with_score(with_results(report, told), part)

    def _with_score(self, report: ReportRecord, part: ReportPart) -> ReportRecord:
        """A report with the one score that its pieces tell, or the one of its place in 得分分别为98分、88分."""
        text = self._folded
        told = [score.span("points") for piece in part.listed for score in SCORE_TOLD.finditer(text, *piece.span)]
        name = self._document.text[slice(*part.name)] if part.name is not None else None
        in_turn = score_in_turn(text, name, self._known) if name is not None and not told else None
        told = told if in_turn is None else [in_turn]
        if report.evaluation.total_score is not None or len({text[start:end] for start, end in told}) != 1:
            return report
        place = self._document.place(*told[0], "listed_score", CONFIDENCE_OF_A_PART)
        return with_evaluation(report, {"total_score": Decimal(text[slice(*told[0])])}, {"total_score": place})

    def left_of(self, report: ReportRecord, part: ReportPart) -> ReportRecord:
        """The report without the sums, rates and indicators told of a project: they are that project's own."""
        sums = {(line.evidence.start, line.evidence.end) for project in self.records for line in project.funding}

        def is_told(place: Evidence) -> bool:
            return (place.start, place.end) in sums or self._is_told(place)

        if self._told and part.form is None:
            report = with_results_of_all(report, part.prose.without(self._told), is_told, self._facts)
        name = report.field_evidence.get("project_name")
        if (
            part.name is None
            and name is not None
            and any(name.start < end and start < name.end for start, end in self._told)
        ):
            report = without_project(report)
        return report.model_copy(
            update={
                "funding": tuple(line for line in report.funding if not is_told(line.evidence)),
                "indicators": numbered(one for one in report.indicators if not is_told(one.evidence)),
            }
        )

    def _is_told(self, place: Evidence) -> bool:
        return any(start <= place.start < end for start, end in self._told)

    def with_sum_of_all(self, report: ReportRecord) -> ReportRecord:
        """The report with 共计388万元, where the projects' sums of one stage add up to it: it is of that stage."""
        added: list[FundingLine] = []
        for stage in sorted({line.stage for project in self.records for line in project.funding}):
            lines = [[line for line in project.funding if line.stage == stage] for project in self.records]
            amounts = [line.amount_yuan for of_one in lines for line in of_one if line.amount_yuan is not None]
            is_known = any(line.stage == stage for line in report.funding)
            if is_known or len(amounts) < _FEWEST or [len(of_one) for of_one in lines] != [1] * len(amounts):
                continue
            said = [
                one
                for one in report.mentions
                if one.kind == "money" and one.amount_yuan == sum(amounts) and self._is_called_sum(one.evidence)
            ]
            sources = {of_one[0].source for of_one in lines}
            added += [
                FundingLine(
                    stage=stage,
                    source=sources.pop() if len(sources) == 1 else "total",
                    amount_yuan=one.amount_yuan,
                    as_written=one.as_written,
                    evidence=less_sure(one.evidence),
                )
                for one in said[:1]
            ]
        places = {line.evidence.start for line in added}
        mentions = tuple(one for one in report.mentions if one.evidence.start not in places)
        return report.model_copy(update={"funding": (*report.funding, *added), "mentions": mentions})

    def _is_called_sum(self, place: Evidence) -> bool:
        """Whether a sum that is no project's own is called 共计; 村民增收100万元 may be as large by chance."""
        clause = last_clause(self._document.text[max(0, place.start - _REACH_BACK) : place.start])
        is_called = (
            self._document.lexicon.first("sum_marker", clause) is not None
            or self._document.lexicon.canonical("sum_alone", clause) is not None
        )
        return is_called and not self._is_told(place)

    def _alone_below_headings(self, piece: Listed) -> ReportSource:
        """A piece without the name that it begins with (东河项目：清淤9公里), below its headings."""
        start, end = piece.span
        label = _LABEL.match(self._document.text, start, end)
        passages = reversed(self._document.outline.passages)
        headings = next((passage.headings for passage in passages if passage.start <= start), ())
        above = [(heading.start, heading.end) for heading in headings]
        return self._document.within([*above, (label.end() if label is not None else start, end)])

    def of(self, pieces: Iterable[Listed]) -> list[FundingLine]:
        """The lines of some pieces, each read together with the words that its sentence begins with.

        Under a shortened name a project is less sure to be the one that is meant.
        """
        return [
            line
            if self._document.text[slice(*piece.name_span)] == piece.name
            else line.model_copy(update={"evidence": less_sure(line.evidence)})
            for piece in pieces
            for line in self._lines_of(piece)
        ]

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


def without_project(report: ReportRecord) -> ReportRecord:
    """A report of several projects, which is that of none of them."""
    places = {field: place for field, place in report.field_evidence.items() if not field.startswith("project_")}
    return report.model_copy(update={"project_name": None, "project_code": None, "field_evidence": places})
