"""预算执行率 as the report prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ingest.characters import fold
from ingest.extraction.source import ReportFacts, ReportSource, Sentence, is_of_another_year
from ingest.quantities import parse_decimal
from ingest.records import Evidence, Execution, ReportWarning

_PERCENT = re.compile(
    r"(?:[（(][^）)]{0,12}[)）])?[为是达到\s:：,，=]{0,6}(?P<number>\d+(?:\.\d+)?)\s*(?:%|百分比)(?!\s*(?:以上|以下|以内|[-—~～至]))"
)
_CLAUSE_BREAK = re.compile(r"[，,、。；;]")
_REACH_BACK = 8
_LONGEST_CLAUSE = 40
_PLACES = Decimal("0.000001")
_HIGHEST_RATE = 10_000


@dataclass(frozen=True, slots=True)
class _Rate:
    value: Decimal
    is_named_execution: bool
    place: Evidence


def read_execution(
    report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts
) -> tuple[Execution, list[ReportWarning]]:
    """The execution rate that is printed, half-up to six places; points are given only by forms.

    A rate called 执行率 wins over 支付率 or 发放率. Several different ones are a warning and no value.
    """
    rates = list(_rates(report, sentences, facts))
    named = [rate for rate in rates if rate.is_named_execution] or rates
    if not named:
        return Execution(), []
    if len({rate.value for rate in named}) > 1:
        printed = "、".join(rate.place.text for rate in named)
        warning = ReportWarning(
            code="several_rates",
            message=f"有几处不同的执行率：{printed}，未取其一",
            evidence=named[0].place,
            places=tuple(rate.place for rate in named[1:]),
        )
        return Execution(), [warning]
    return Execution(stated_rate_pct=named[0].value, evidence=named[0].place), []


def _rates(report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts) -> Iterator[_Rate]:
    for sentence in sentences:
        folded = fold(sentence.text)
        for label in report.lexicon.find("rate", folded):
            match = _PERCENT.match(folded, label.end)
            rate = parse_decimal(match["number"]) if match else None
            before = folded[max(0, label.start - _REACH_BACK) : label.start]
            is_of_others = report.lexicon.first("not_this_project", before) is not None or is_of_another_year(
                _CLAUSE_BREAK.split(folded[max(0, label.start - _LONGEST_CLAUSE) : label.start])[-1],
                report.lexicon,
                facts,
            )
            if match is None or rate is None or rate > _HIGHEST_RATE or is_of_others:
                continue
            place = report.place(sentence.start + label.start, sentence.start + match.end(), "prose_label", 0.97)
            yield _Rate(rate.quantize(_PLACES, ROUND_HALF_UP), label.wording.endswith("执行率"), place)
