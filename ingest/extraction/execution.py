"""预算执行率 as the report prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from ingest.characters import fold
from ingest.extraction.execution_points import read_execution_points
from ingest.extraction.source import ReportFacts, ReportSource, Sentence, is_of_another_year
from ingest.lexicon import Hit
from ingest.quantities import chinese_number, find_dates, find_money, parse_decimal
from ingest.records import Evidence, Execution, ReportWarning

# What may stand between the name of the rate and the rate itself.
_FORMULA = r"[=:：为]\s*[（(]?[\d.,]+[万元]*\s*[/÷]\s*[\d.,]+[万元]*[)）]?(?:\s*[×*xX]\s*100\s*%?)?\s*"
_BASIS = r"[按以][^，,。；;\d]{2,16}?(?=[为达是])"
_EARLIER_RATE = r"[由从][^，,。；;%]{0,12}%[^，,。；;%\d到至]{0,3}(?=[到至])"
_SUM_OF_THE_BUDGET = r"[\d.,]+\s*[亿万]?元的"
_PERCENT = re.compile(
    rf"(?:[（(][^）)]{{0,24}}[)）])?(?:{_FORMULA}|{_BASIS}|{_EARLIER_RATE}|{_SUM_OF_THE_BUDGET})?"
    r"(?:[偏较不][低高快慢好][，,])?"
    r"[为是达到了约仅只有已均则也共计算实际现高至完成\s:：,，=（(]{0,8}"
    r"(?:(?P<number>\d+(?:\.\d+)?)\s*(?:%|百分比)|(?P<nothing>0)(?=[。，,；;\s]|$)"
    r"|百分之(?P<all>百)|百分之(?P<words>[一二三四五六七八九十]{1,4}(?!点)))"
    r"(?!\s*(?:以上|以下|以内|[-—~～至/÷×*]))"
)
_CLAUSE_BREAK = re.compile(r"[，,、。；;]")
_CLAUSE_OR_BRACKET = re.compile(r"[，,、。；;（(]")
_SENTENCE_PART = re.compile(r"[。；;]")
_MAY_STATE_A_RATE = re.compile("[%比0]|百分之")
_ALL = Decimal(100)
_REACH_BACK = 8
_LONGEST_CLAUSE = 40
_PLACES = Decimal("0.000001")
_HIGHEST_RATE = 10_000
_SECTIONS_BESIDE_INDICATORS = ("funding", "cause")
_LEVELS_OF_THE_MONEY = ("PROCESS", "DECISION")
_SURE, _LIKELY, _DOUBTFUL = 0.95, 0.85, 0.75


@dataclass(frozen=True, slots=True)
class _Rate:
    value: Decimal
    is_named_execution: bool
    is_of_a_source: bool
    as_of: str | None
    place: Evidence


def read_execution(
    report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts
) -> tuple[Execution, list[ReportWarning]]:
    """The execution rate that is printed, half-up to six places, and the points that the prose gives it.

    The rate of all the money wins over that of one source, one called 执行率 over 支付率 or 发放率, and of several days
    the last one of the fiscal year. The same rate printed with fewer places is no other one. Several different ones
    are a warning and no value.
    """
    rate, warnings = _stated_rate(list(_rates(report, sentences, facts)), facts.fiscal_year)
    points = read_execution_points(report)
    if points is not None:
        stated = {"weight": points.weight, "score": points.score, "evidence": rate.evidence or points.evidence}
        rate = rate.model_copy(update=stated)
    return rate, warnings


def _of_the_last_day(rates: list[_Rate], year: int | None) -> list[_Rate]:
    """到2020年12月底74%，到2021年6月底81%: of one rate for several days, that of the last day of the year."""
    days = [rate.as_of for rate in rates if rate.as_of is not None]
    if year is None or len(days) < len(rates) or len(set(days)) < 2:
        return rates
    last = max((day for day in days if int(day[:4]) <= year), default=min(days))
    doubtful = {"confidence": _DOUBTFUL}
    return [replace(rate, place=rate.place.model_copy(update=doubtful)) for rate in rates if rate.as_of == last]


def _stated_rate(rates: list[_Rate], year: int | None) -> tuple[Execution, list[ReportWarning]]:
    whole = [rate for rate in rates if not rate.is_of_a_source] or rates
    named = [rate for rate in whole if rate.is_named_execution] or whole
    exact = _of_the_last_day(_without_rounded_ones(named), year)
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
    values = {rate.value for rate in rates}
    rounded = {value for value in values if any(_is_rounded(value, other) for other in values)}
    return [rate for rate in rates if rate.value not in rounded]


def _is_rounded(rate: Decimal, other: Decimal) -> bool:
    places, finer = (Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) for value in (rate, other))
    return rate != other and finer < places and other.quantize(min(places, Decimal(1)), ROUND_HALF_UP) == rate


def _rates(report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts) -> Iterator[_Rate]:
    for sentence in sentences:
        folded = fold(sentence.text)
        if not _MAY_STATE_A_RATE.search(folded):
            continue
        for label in _labels(folded, report):
            match = _PERCENT.match(folded, label.end)
            rate = _rate_in(match) if match else None
            clause = _CLAUSE_BREAK.split(folded[max(0, label.start - _LONGEST_CLAUSE) : label.start])[-1]
            if match is None or rate is None or rate > _HIGHEST_RATE or _is_of_others(clause, report, facts):
                continue
            is_named = label.canonical == "execution_rate"
            if not is_named and _is_among_indicators(sentence, report):
                continue
            part = _SENTENCE_PART.split(folded[: label.start])[-1]
            is_of_a_source = "总" not in label.wording and _is_of_a_source(clause, part, report)
            # 财政资金执行率 may leave out what others gave.
            is_of_all = is_named and not report.lexicon.find("source", clause + label.wording)
            confidence = _DOUBTFUL if is_of_a_source else _SURE if is_of_all else _LIKELY
            place = report.place(sentence.start + label.start, sentence.start + match.end(), "prose_label", confidence)
            yield _Rate(rate.quantize(_PLACES, ROUND_HALF_UP), is_named, is_of_a_source, _day_of(part), place)


def _rate_in(match: re.Match[str]) -> Decimal | None:
    if match["all"]:
        return _ALL
    return chinese_number(match["words"]) if match["words"] else parse_decimal(match["number"] or match["nothing"])


def _is_among_indicators(sentence: Sentence, report: ReportSource) -> bool:
    """Under 产出指标 a 补贴发放率 is the actual value of an indicator; under 过程 it is told of the money."""
    known = [heading for heading in sentence.passage.headings if heading.is_known]
    if known and known[-1].section in _SECTIONS_BESIDE_INDICATORS:
        return False
    levels = {report.lexicon.canonical("level1", heading.level1 or "") for heading in known}
    is_indicator = any(heading.level1 or heading.level2 for heading in known)
    return is_indicator and levels.isdisjoint(_LEVELS_OF_THE_MONEY)


def _labels(folded: str, report: ReportSource) -> Iterator[Hit]:
    """The words that name the rate; 使用率 and the like name it only directly behind a sum that was spent."""
    named = report.lexicon.find("rate", folded)
    yield from named
    for label in report.lexicon.find("rate_of_sum", folded):
        clauses = _CLAUSE_OR_BRACKET.split(folded[: label.start])
        is_part_of_another = any(hit.start <= label.start < hit.end for hit in named)
        is_alone = not clauses[-1].strip() and len(clauses) > 1
        if is_alone and not is_part_of_another and _states_outlay(clauses[-2], report):
            yield label


def _states_outlay(clause: str, report: ReportSource) -> bool:
    stage = report.lexicon.last("stage", clause) or report.lexicon.last("stage_touching", clause)
    return stage is not None and stage.canonical == "executed" and bool(find_money(clause))


def _day_of(text: str) -> str | None:
    """到2021年6月30日，执行率81%: the day, or the month, for which the rate is told."""
    days = [found.iso for found in find_dates(text) if len(found.iso) > len("2021")]
    return days[-1] if days else None


def _is_of_a_source(clause: str, part: str, report: ReportSource) -> bool:
    """省级资金执行率90%, or 省级资金支出40万元，支付率100%: the clause of the rate, or of the sum right before it."""
    if report.lexicon.first("sum_marker", clause) is not None or clause.endswith("总"):
        return False
    before = _CLAUSE_BREAK.split(part.removesuffix(clause).rstrip("，,、"))[-1]
    if "%" in before:
        # 结转资金执行率80%，当年预算执行率95%: the clause before has a rate of its own.
        before = ""
    return any(
        hit.canonical not in ("total", "fiscal")
        for text in (clause, before)
        for hit in report.lexicon.find("source", text)
    )


def _is_of_others(clause: str, report: ReportSource, facts: ReportFacts) -> bool:
    """The rate of another year, of a part of the year, or a mean of several projects."""
    if report.lexicon.first("part_of_year", clause) is not None:
        return True
    near = clause[-_REACH_BACK:]
    return report.lexicon.first("not_this_project", near) is not None or is_of_another_year(
        clause, report.lexicon, facts
    )
