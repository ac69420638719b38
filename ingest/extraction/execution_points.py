"""The points of the execution rate in prose: `预算执行10分，得9.5分`, `预算执行率（4分）：…自评得3.68分`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.printed_values import parse_points
from ingest.extraction.source import ReportSource
from ingest.records import Evidence

_NUMBER = r"\d{1,3}(?:\.\d+)?"
# Directly behind the label: 10分, （4分）, 分值10分; or behind the rate: 执行率98%，分值10分.
_WEIGHT = re.compile(
    rf"[\s（(:：]*(?:满分|分值|权重|标准分|共)?[为是:：]?\s*(?P<directly>{_NUMBER})\s*分\s*[)）]?"
    rf"|[^。；;]{{0,24}}?(?:分值|权重|满分)[为是:：]?\s*(?P<behind>{_NUMBER})\s*分?"
)
_REACHED = "得"
_SCORE = re.compile(rf"[^。；;]{{0,80}}?{_REACHED}分?[为是:：]?\s*(?P<points>{_NUMBER})\s*分")
_WITHOUT_ENDS = str.maketrans("。；;", "，，，")
_CONFIDENCE = 0.85


@dataclass(frozen=True, slots=True)
class ExecutionPoints:
    """Full points of the execution rate, the points reached, and where both stand."""

    weight: Decimal
    score: Decimal
    evidence: Evidence


def read_execution_points(report: ReportSource) -> ExecutionPoints | None:
    """The first statement that gives both the points of the execution rate and those reached; None without one."""
    return next(_stated(report), None)


def _stated(report: ReportSource) -> Iterator[ExecutionPoints]:
    for start, text in _texts(report):
        for label in report.lexicon.find("execution_row", text):
            weight = _WEIGHT.match(text, label.end)
            score = _SCORE.match(text, weight.end()) if weight is not None else None
            if weight is None or score is None or _names_another_row(text[label.end : score.start("points")], report):
                continue
            full, reached = parse_points(weight["directly"] or weight["behind"]), parse_points(score["points"])
            if full is not None and reached is not None and reached <= full:
                place = report.place(start + label.start, start + score.end(), "prose_label", _CONFIDENCE)
                yield ExecutionPoints(full, reached, place)


def _texts(report: ReportSource) -> Iterator[tuple[int, str]]:
    """Every sentence, and every heading with what stands below it up to the next heading, that may tell points."""
    for sentence in report.sentences():
        if _REACHED in sentence.text:
            yield sentence.start, fold(sentence.text)
    headings = report.outline.headings
    ends = [*(heading.start for heading in headings[1:]), len(report.text)]
    for heading, end in zip(headings, ends[: len(headings)], strict=True):
        text = report.text[heading.start : end]
        if _REACHED in text:
            # The sentences below a heading belong to its points, so their ends are no breaks here.
            yield heading.start, fold(text).translate(_WITHOUT_ENDS)


def _names_another_row(text: str, report: ReportSource) -> bool:
    """预算执行10分，产出指标50分，得49分: the points reached are another row's."""
    return report.lexicon.first("level1", text) is not None
