"""Sentences on money and the funding lines they state."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ingest.extraction.money.funding import read_money
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.lexicon import Lexicon
from ingest.reading import read_document
from ingest.records import FundingLine, Mention, ReportWarning

HEAD = "某项目2022年度绩效自评报告\n一、项目资金申报及使用情况\n（一）资金投入情况\n"
STAGES = {
    "计划": "planned", "年初": "initial_budget", "全年": "adjusted_budget", "下达": "approved", "到位": "received",
    "支出": "executed",
}  # fmt: skip
SOURCES = {
    "总": "total", "财政": "fiscal", "中央": "central", "省": "province", "市": "city", "县": "county", "地方": "local",
    "其他": "other", "结转": "carryover",
}  # fmt: skip


def read(body: str, lexicon: Lexicon, head: str = HEAD) -> tuple[list[FundingLine], list[Mention], list[ReportWarning]]:
    """Lines, mentions and warnings of a text below a heading."""
    document = read_document(f"{head}{body}\n".encode(), "report.txt")
    report = ReportSource.of(document, lexicon)
    return read_money(report, report.sentences(), ReportFacts(fiscal_year=2022, project_name="某项目"))


def lines(body: str, lexicon: Lexicon, head: str = HEAD) -> set[tuple[str, str, Decimal]]:
    """The lines of a text: stage, source and 万元."""
    return {
        (line.stage, line.source, line.amount_yuan / 10_000)
        for line in read(body, lexicon, head)[0]
        if line.amount_yuan is not None
    }


def expected(written: str) -> Iterator[tuple[str, str, Decimal]]:
    """`下达-中央 300` in 万元, one after the other."""
    words = written.split()
    for label, amount in zip(words[::2], words[1::2], strict=True):
        stage, source = label.split("-")
        yield STAGES[stage], SOURCES[source], Decimal(amount)


class Cases:
    """A sentence and the lines it states; every subclass is one mechanism."""

    CASES: tuple[tuple[str, str], ...] = ()

    def test_states_exactly_these_lines(self, text: str, written: str, lexicon: Lexicon) -> None:
        assert lines(text, lexicon) == set(expected(written))
