"""Rates, scores and indicators that a text tells of one of several projects, or of all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ingest.extraction.evaluation import read_evaluation
from ingest.extraction.execution import read_execution
from ingest.extraction.indicators.reading import read_indicators
from ingest.extraction.parts.told_later import KnownNames
from ingest.extraction.report import CONFIDENCE_OF_A_PART
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.records import Evidence, Execution, Indicator, ReportRecord

Span = tuple[int, int]

_RESULTS = ("total_score", "grade")
_SCORES = re.compile(
    r"(?:得分|评分|自评|得)分别[为是]?[:：]?(?P<points>\d{2,3}(?:\.\d+)?分?(?:[、，,和及]\d{2,3}(?:\.\d+)?分?)+)"
)
_POINTS = re.compile(r"\d+(?:\.\d+)?")
_CLAUSES = re.compile(r"[。；;：:\n]")
_BETWEEN_NAMES = re.compile("[、，,和及与]")
_REACH_OF_NAMES = 200


class ToldResults(NamedTuple):
    """What one piece of text tells; `evaluation` has value and place of its score and its grade."""

    indicators: list[Indicator]
    execution: Execution
    evaluation: dict[str, tuple[object, Evidence]]


def read_results(source: ReportSource, facts: ReportFacts) -> ToldResults:
    """Read a piece of text that tells of one project."""
    indicators, _, rest = read_indicators(source, list(source.sentences()))
    execution, _ = read_execution(source, rest, facts)
    evaluation, places, _ = read_evaluation(source, rest, facts)
    told = {
        field: (getattr(evaluation, field), less_sure(places[f"evaluation.{field}"]))
        for field in _RESULTS
        if f"evaluation.{field}" in places
    }
    return ToldResults(indicators, execution, told)


def with_results(report: ReportRecord, told: Sequence[ToldResults]) -> ReportRecord:
    """A report with the indicators that pieces of text tell of it, and the one rate, score and grade."""
    indicators = [one for piece in told for one in piece.indicators]
    indicators = [one.model_copy(update={"evidence": less_sure(one.evidence)}) for one in indicators]
    update: dict[str, object] = {"indicators": numbered([*report.indicators, *indicators])}
    rates = {piece.execution.stated_rate_pct: piece.execution for piece in told if piece.execution.evidence is not None}
    if report.execution.evidence is None and len(rates) == 1:
        (rate,) = rates.values()
        update["execution"] = rate.model_copy(update={"evidence": rate.evidence and less_sure(rate.evidence)})
    report = report.model_copy(update=update)
    for field in _RESULTS:
        found = dict(piece.evaluation[field] for piece in told if field in piece.evaluation)
        if getattr(report.evaluation, field) is None and len(found) == 1:
            ((value, place),) = found.items()
            report = with_evaluation(report, {field: value}, {field: place})
    return report


def with_results_of_all(
    report: ReportRecord, rest: ReportSource, is_told: Callable[[Evidence], bool], facts: ReportFacts
) -> ReportRecord:
    """执行率95%、执行率100% and scores of single projects hide what the `rest` of the text tells of them all.

    `is_told` says of a place whether it belongs to one of the projects.
    """
    sentences = list(rest.sentences())
    rate = report.execution.evidence
    settled = set()
    if rate is None or is_told(rate):
        execution, _ = read_execution(rest, sentences, facts)
        report = report.model_copy(update={"execution": execution})
        settled |= {"several_rates"} if execution.evidence is not None else set()
    found, places, _ = read_evaluation(rest, sentences, facts)
    for field, code in zip(_RESULTS, ("several_totals", "several_grades"), strict=True):
        place, stated = f"evaluation.{field}", report.field_evidence.get(f"evaluation.{field}")
        if stated is None or is_told(stated):
            told = {field: places[place]} if place in places else {}
            report = with_evaluation(report, {field: getattr(found, field)}, told)
            settled |= {code} if told else set()
    warnings = tuple(one for one in report.warnings if one.code not in settled)
    return report.model_copy(update={"warnings": warnings})


def with_evaluation(report: ReportRecord, values: Mapping[str, object], places: Mapping[str, Evidence]) -> ReportRecord:
    """A report with other results and their places; a result that is taken away has none."""
    gone = {f"evaluation.{field}" for field in values}
    evidence = {field: place for field, place in report.field_evidence.items() if field not in gone}
    evidence |= {f"evaluation.{field}": place for field, place in places.items()}
    evaluation = report.evaluation.model_copy(update=dict(values))
    return report.model_copy(update={"evaluation": evaluation, "field_evidence": evidence})


def score_in_turn(text: str, name: str, known: KnownNames) -> Span | None:
    """Where 甲、乙项目自评得分分别为98分、88分 gives the score of one project, in the order of the names before it.

    三个项目自评得分分别为… tells of the `known` ones in their order; 产出、效益得分分别为48分、28分 of none.
    """
    together = _SCORES.search(text)
    if together is None:
        return None
    points = [point.span() for point in _POINTS.finditer(text, *together.span("points"))]
    lead = _CLAUSES.split(text[max(together.start() - _REACH_OF_NAMES, 0) : together.start()])[-1]
    meant = [known.meant_by(words) for words in _BETWEEN_NAMES.split(lead)]
    told = list(dict.fromkeys(one for one in meant if one is not None))
    names = list(known.names)
    if len(told) != len(points):
        speaks_of_them = bool(told) or any(word in lead for word in known.words.works)
        told = names if speaks_of_them and told == [one for one in names if one in told] else []
    return points[told.index(name)] if len(told) == len(points) and name in told else None


def less_sure(place: Evidence) -> Evidence:
    """The place of what is told of one of several projects."""
    return place.model_copy(update={"confidence": min(place.confidence, CONFIDENCE_OF_A_PART)})


def numbered(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Indicators with their ordinals."""
    return tuple(one.model_copy(update={"ordinal": place}) for place, one in enumerate(indicators, start=1))
