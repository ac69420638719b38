"""The points of the execution rate in prose.

`预算执行10分，得9.5分`, `预算执行率（4分）：…自评得3.68分`, or `总分93.86分，其中预算执行9.36分，…`, where the points
of the parts add up to those reached.
"""

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
_REACHED, _TAKEN_APART = "得", "其中"
# 得9.5分; behind 得分 the number needs no 分.
_SCORE = re.compile(
    rf"[^。；;]{{0,80}}?(?:{_REACHED}分[为是:：]?\s*(?={_NUMBER}(?:[\s，,、）)分]|$))|{_REACHED}[为是:：]?\s*(?={_NUMBER}\s*分))"
    rf"(?P<points>{_NUMBER})\s*分?"
)
_PART = re.compile(rf"(?P<name>[^，,、；;。\d]{{2,14}}?){_REACHED}?分?[为是:：]?\s*(?P<points>{_NUMBER})\s*分")
_BEFORE_THE_PARTS = re.compile(
    rf"{_REACHED}?分[^，,。；;\d]{{0,4}}(?P<points>{_NUMBER})\s*分\s*[，,（(]\s*{_TAKEN_APART}[:：]?"
)
_FEWEST_PARTS = 3
_FULL_MARK = Decimal(100)
_WITHOUT_ENDS = str.maketrans("。；;", "，，，")
_CONFIDENCE = 0.85


@dataclass(frozen=True, slots=True)
class ExecutionPoints:
    """Full points of the execution rate, where they are told, the points reached, and where both stand."""

    weight: Decimal | None
    score: Decimal
    evidence: Evidence


def read_execution_points(report: ReportSource) -> ExecutionPoints | None:
    """The first statement that gives the points that the execution rate reached; None without one.

    One that gives its full points too comes first.
    """
    return next(_stated(report), None) or next(_broken_down(report), None)


def _broken_down(report: ReportSource) -> Iterator[ExecutionPoints]:
    """自评总分93.86分，其中预算执行9.36分，产出49.5分，…: parts that add up to the total are points reached."""
    for sentence in report.sentences():
        if _TAKEN_APART not in sentence.text:
            continue
        text = fold(sentence.text)
        head = _BEFORE_THE_PARTS.search(text)
        parts = list(_PART.finditer(text, head.end())) if head is not None else []
        total = sum((Decimal(part["points"]) for part in parts), Decimal(0))
        is_sum = head is not None and total == Decimal(head["points"]) < _FULL_MARK and len(parts) >= _FEWEST_PARTS
        for part in parts if is_sum else ():
            if report.lexicon.canonical("execution_row", part["name"]) is not None:
                start, end = sentence.start + part.start(), sentence.start + part.end()
                place = report.place(start, end, "prose_label", _CONFIDENCE)
                yield ExecutionPoints(None, Decimal(part["points"]), place)


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
