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
    r"(?:[（(][^）)]{0,12}[)）])?[为是达到约\s:：,，=]{0,6}(?P<number>\d+(?:\.\d+)?)\s*(?:%|百分比)"
    r"(?!\s*(?:以上|以下|以内|[-—~～至]))"
)
_CLAUSE_BREAK = re.compile(r"[，,、。；;]")
_REACH_BACK = 8
_LONGEST_CLAUSE = 40
_PLACES = Decimal("0.000001")
_HIGHEST_RATE = 10_000
_SURE, _LIKELY, _DOUBTFUL = 0.95, 0.85, 0.75


@dataclass(frozen=True, slots=True)
class _Rate:
    value: Decimal
    is_named_execution: bool
    is_of_a_source: bool
    place: Evidence


def read_execution(
    report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts
) -> tuple[Execution, list[ReportWarning]]:
    """The execution rate that is printed, half-up to six places; points are given only by forms.

    The rate of all the money wins over that of one source, and one called 执行率 over 支付率 or 发放率. The same rate
    printed with fewer places is no other one. Several different ones are a warning and no value.
    """
    rates = list(_rates(report, sentences, facts))
    whole = [rate for rate in rates if not rate.is_of_a_source] or rates
    named = [rate for rate in whole if rate.is_named_execution] or whole
    exact = _without_rounded_ones(named)
    if not exact:
        return Execution(), []
    if len({rate.value for rate in exact}) > 1:
        printed = "、".join(rate.place.text for rate in exact)
        warning = ReportWarning(
            code="several_rates",
            message=f"有几处不同的执行率：{printed}，未取其一",
            evidence=exact[0].place,
            places=tuple(rate.place for rate in exact[1:]),
        )
        return Execution(), [warning]
    return Execution(stated_rate_pct=exact[0].value, evidence=exact[0].place), []


def _without_rounded_ones(rates: list[_Rate]) -> list[_Rate]:
    """执行率97.47% and, in the conclusion, 执行率97.5%: one rate, and the longer one is the exact one."""
    return [rate for rate in rates if not any(_is_rounded(rate.value, other.value) for other in rates)]


def _is_rounded(rate: Decimal, other: Decimal) -> bool:
    places, finer = (Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) for value in (rate, other))
    return rate != other and finer < places and other.quantize(min(places, Decimal(1)), ROUND_HALF_UP) == rate


def _rates(report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts) -> Iterator[_Rate]:
    for sentence in sentences:
        folded = fold(sentence.text)
        for label in report.lexicon.find("rate", folded):
            match = _PERCENT.match(folded, label.end)
            rate = parse_decimal(match["number"]) if match else None
            clause = _CLAUSE_BREAK.split(folded[max(0, label.start - _LONGEST_CLAUSE) : label.start])[-1]
            if match is None or rate is None or rate > _HIGHEST_RATE or _is_of_others(clause, report, facts):
                continue
            is_named = label.wording.endswith("执行率")
            is_of_a_source = any(
                hit.canonical not in ("total", "fiscal") for hit in report.lexicon.find("source", clause)
            )
            confidence = _DOUBTFUL if is_of_a_source else _SURE if is_named else _LIKELY
            place = report.place(sentence.start + label.start, sentence.start + match.end(), "prose_label", confidence)
            yield _Rate(rate.quantize(_PLACES, ROUND_HALF_UP), is_named, is_of_a_source, place)


def _is_of_others(clause: str, report: ReportSource, facts: ReportFacts) -> bool:
    """The rate of another year, of a part of the year, or a mean of several projects."""
    if report.lexicon.first("part_of_year", clause) is not None:
        return True
    near = clause[-_REACH_BACK:]
    return report.lexicon.first("not_this_project", near) is not None or is_of_another_year(
        clause, report.lexicon, facts
    )
