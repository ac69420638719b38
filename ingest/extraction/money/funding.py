"""Sums of money: the funding lines of a report, and the sums of its prose that are no funding line.

A sum becomes a funding line when the words around it name a stage, and when it stands for the money and is not a part
of another sum of the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import cast

from ingest.extraction.figures import label_before
from ingest.extraction.money.declared_unit import DeclaredUnits
from ingest.extraction.money.meaning import Reading
from ingest.extraction.money.reading import StatementReader
from ingest.extraction.money.settling import settle
from ingest.extraction.money.statements import Statement, statements_of
from ingest.extraction.source import ReportFacts, ReportSource, Sentence, last_clause
from ingest.lexicon import Lexicon
from ingest.quantities import find_unread_money, fits
from ingest.records import FundingLine, Mention, ReportWarning, Source, Stage

_REACH_BACK = 40
# What is carried into the next year is what is left of the money, no line of it.
_NO_LINE = (None, "carried_forward")


def read_money(
    report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts
) -> tuple[list[FundingLine], list[Mention], list[ReportWarning]]:
    """The funding lines, every other sum of the given sentences, and warnings on sums that could not be used.

    The same sum printed again for the same stage and source is a mention that names the stage. A different sum for the
    same stage and source is kept as a further line: contradictions are kept as printed.
    """
    warnings: list[ReportWarning] = []
    readings: list[Reading] = []
    units = DeclaredUnits(report)
    for statement in statements_of(report, sentences):
        warnings.extend(_unread_sums(report, statement))
        moneys = units.moneys_of(statement)
        if not moneys:
            continue
        found = StatementReader(statement, moneys, report.lexicon, facts, _last_whole(readings, statement)).read()
        repeated = _instalments(found, report.lexicon)
        if repeated:
            warnings.append(_instalment_warning(report, repeated))
        places = {reading.start for reading in repeated}
        readings += [replace(reading, standing="part") if reading.start in places else reading for reading in found]
    lines, mentions = _lines_and_mentions(report, settle(readings))
    return lines, mentions, warnings


def _lines_and_mentions(report: ReportSource, readings: list[Reading]) -> tuple[list[FundingLine], list[Mention]]:
    lines: dict[tuple[Stage, Source, Decimal], FundingLine] = {}
    mentions: list[Mention] = []
    used: set[int] = set()
    for reading in readings:
        key = (cast(Stage, reading.stage), reading.source, reading.money.amount_yuan)
        if not reading.is_line or reading.stage in _NO_LINE or key in lines:
            if not reading.is_implied:
                mentions.append(_money_mention(report, reading))
            continue
        used.add(reading.start)
        method = "prose_implied" if reading.is_implied else "prose_label"
        lines[key] = FundingLine(
            stage=reading.stage,
            source=reading.source,
            amount_yuan=reading.money.amount_yuan,
            as_written=reading.money.as_written,
            evidence=report.place(reading.start, reading.end, method, reading.confidence),
        )
    return list(lines.values()), [mention for mention in mentions if mention.evidence.start not in used]


def _last_whole(readings: list[Reading], statement: Statement) -> Reading | None:
    """The sum that 其中 at the head of the statement takes apart: under the same headings, the last whole one."""
    above = next((reading for reading in reversed(readings) if reading.above is None and not reading.is_implied), None)
    return above if above is not None and above.statement.passage.headings == statement.passage.headings else None


def _instalments(readings: list[Reading], lexicon: Lexicon) -> list[Reading]:
    """Equal sums of one stage in one sentence (3月支付10万元，6月支付10万元): parts of a sum that nobody states.

    Without months or numbers of batches they are the same sum said twice.
    """
    usable = [
        reading
        for reading in readings
        if reading.standing in ("whole", "batch")
        and not reading.is_implied
        and lexicon.find("instalment_mark", _words_before(reading))
    ]
    times = Counter(_said_of(reading) for reading in usable)
    return [reading for reading in usable if times[_said_of(reading)] > 1]


def _said_of(reading: Reading) -> tuple[Stage | None, Source, Decimal]:
    return reading.stage, reading.source, reading.money.amount_yuan


def _words_before(reading: Reading) -> str:
    return last_clause(reading.statement.text[max(0, reading.money.start - _REACH_BACK) : reading.money.start])


def _instalment_warning(report: ReportSource, repeated: list[Reading]) -> ReportWarning:
    first, *others = (report.place(reading.start, reading.end, "prose_label", 0.8) for reading in repeated)
    return ReportWarning(
        code="instalments_without_sum",
        message=f"同一句中「{first.text}」出现 {len(repeated)} 次，可能是分次金额，未作为合计",
        evidence=first,
        places=tuple(others),
    )


def _unread_sums(report: ReportSource, statement: Statement) -> list[ReportWarning]:
    return [
        ReportWarning(
            code="unreadable_money",
            message=f"金额「{found.text}」未能准确识别",
            evidence=report.place(statement.start + found.start, statement.start + found.end, "prose_money", 0.5),
        )
        for found in find_unread_money(statement.text)
    ]


def _money_mention(report: ReportSource, reading: Reading) -> Mention:
    number = reading.money.number
    return Mention(
        kind="money",
        label=label_before(reading.statement.text, reading.money.start),
        section=reading.statement.passage.section,
        stage=reading.stage if reading.is_line else None,
        as_written=reading.money.as_written,
        value=number if fits(number) else None,
        unit=reading.money.unit,
        amount_yuan=reading.money.amount_yuan,
        evidence=report.place(reading.start, reading.end, "prose_money", 0.9),
    )
