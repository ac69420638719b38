"""Projects of which a sentence of another report tells name and money: records of their own."""

from __future__ import annotations

from ingest.extraction.identity.reading import Identity
from ingest.extraction.money.funding import read_money
from ingest.extraction.parts import ReportPart
from ingest.extraction.report import CONFIDENCE_OF_A_PART, named_by_part, record_of
from ingest.extraction.source import ReportFacts
from ingest.quantities import find_money
from ingest.records import FundingLine, ReportRecord

_REACH_OF_A_SUM = 400


def read_listed_projects(parts: list[ReportPart], first: ReportRecord) -> list[ReportRecord]:
    """The records of the listed parts of one document; `first` is the document's own report.

    A sum without a stage of its own has the stage and the source of the sum before it, of which it is a part.
    """
    facts = ReportFacts(fiscal_year=first.fiscal_year, project_name=None)
    of_document: list[FundingLine] | None = None
    records = []
    for part in parts:
        funding, mentions, _ = read_money(part.prose, part.prose.sentences(), facts)
        if not funding:
            if of_document is None:
                of_document, _, _ = read_money(part.whole, part.whole.sentences(), facts)
            funding = _parts_of_earlier_sums(part, of_document)
        identity = named_by_part(Identity({"kind": first.kind}, {}), part)
        records.append(record_of(identity, {}, {"funding": funding, "mentions": mentions}))
    return records


def _parts_of_earlier_sums(part: ReportPart, lines: list[FundingLine]) -> list[FundingLine]:
    start = part.name[0] if part.name is not None else 0
    earlier = [line for line in lines if line.evidence.end <= start and start - line.evidence.end <= _REACH_OF_A_SUM]
    if not earlier:
        return []
    above = max(earlier, key=lambda line: line.evidence.start)
    return [
        FundingLine(
            stage=above.stage,
            source=above.source,
            amount_yuan=money.amount_yuan,
            as_written=money.as_written,
            evidence=part.whole.place(money.start, money.end, "listed_project", CONFIDENCE_OF_A_PART),
        )
        for money in find_money(part.prose.text)
        if not money.is_price
    ]


def without_sums_of(listed: list[ReportRecord], report: ReportRecord) -> ReportRecord:
    """The report without the sums that are told of one of its listed projects: they are that project's money."""
    told = {(line.evidence.start, line.evidence.end) for project in listed for line in project.funding}
    kept = tuple(line for line in report.funding if (line.evidence.start, line.evidence.end) not in told)
    return report.model_copy(update={"funding": kept})
