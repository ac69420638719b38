"""Points in the headings of the prose: `（1）管理制度健全（3分）：… 自评得3分。`"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.characters import fold
from ingest.extraction.outline import Heading
from ingest.extraction.printed_values import parse_points, typed_values
from ingest.extraction.source import ReportSource
from ingest.records import Indicator

_POINTS = re.compile(r"[（(]\s*(?:满分|分值)?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）]")
_SCORE = re.compile(r"(?:自评|评价|实)?得(?:分为?[:：]?)?\s*(?P<points>\d+(?:\.\d+)?)\s*分")
_FEWEST_SCORES = 2
_LENGTH_OF_A_RATE_NAME = 3


@dataclass(frozen=True, slots=True)
class _Scored:
    heading: Heading
    above: tuple[Heading, ...]
    score: str | None


def with_scored_headings(indicators: list[Indicator], report: ReportSource) -> list[Indicator]:
    """Indicators of sentences together with those of scored headings, in the order of the text.

    Every heading with points that has no such heading below it is an indicator; its score ends its paragraphs. Where a
    sentence below states target and actual value, the heading is the name and the weight of that indicator, or a level
    above it. One score alone may be a remark: a report of this kind scores heading after heading. The row of the
    execution rate is no indicator.
    """
    scored = _scored(report)
    if sum(one.score is not None for one in scored) < _FEWEST_SCORES:
        return indicators
    merged = list(indicators)
    for one in scored:
        inner = [indicator for indicator in indicators if _stands_under(indicator, one.heading, report)]
        if not inner and not _is_execution(one.heading, report) and not _name(one.heading).endswith("指标"):
            merged.append(_indicator(report, one))
        elif len(inner) == 1:
            merged[merged.index(inner[0])] = _completed(inner[0], one)
    return sorted(merged, key=lambda indicator: indicator.evidence.start)


def _stands_under(indicator: Indicator, heading: Heading, report: ReportSource) -> bool:
    start = indicator.evidence.start
    return any(
        heading in passage.headings and passage.start <= start < passage.start + len(passage.text)
        for passage in report.outline.passages
    )


def _completed(indicator: Indicator, one: _Scored) -> Indicator:
    """The one indicator below a heading with what the heading says of it: points, and its name if it is no level's."""
    points = _POINTS.search(fold(one.heading.title))
    return indicator.model_copy(
        update={
            "name": indicator.name if one.heading.is_known else _name(one.heading),
            "weight": indicator.weight or (parse_points(points["points"]) if points else None),
            "score": indicator.score if indicator.score is not None else parse_points(one.score),
        }
    )


def _scored(report: ReportSource) -> list[_Scored]:
    headings = report.outline.headings
    scored = []
    above: list[Heading] = []
    for place, heading in enumerate(headings):
        above = [other for other in above if other.depth < heading.depth]
        if _POINTS.search(heading.title) is None:
            continue
        following = headings[place + 1] if place + 1 < len(headings) else None
        has_parts = following is not None and following.depth > heading.depth and _POINTS.search(following.title)
        if not has_parts:
            scored.append(_Scored(heading, tuple(above), _score_under(heading, report)))
        above.append(heading)
    return scored


def _score_under(heading: Heading, report: ReportSource) -> str | None:
    scores = [
        match["points"]
        for passage in report.outline.passages
        if heading in passage.headings
        for match in _SCORE.finditer(fold(passage.text))
    ]
    return scores[-1] if scores else None


def _rate_under(heading: Heading, report: ReportSource) -> str | None:
    """资金到位率（4分） and 到位率100% below it: the value of the heading, named by the end of its name."""
    name = _name(heading)
    if not name.endswith("率"):
        return None
    rate = re.compile(rf"{re.escape(name[-_LENGTH_OF_A_RATE_NAME:])}(?:为|达到?|是)?\s*(?P<rate>\d+(?:\.\d+)?%)")
    texts = [fold(passage.text) for passage in report.outline.passages if heading in passage.headings]
    return next((match["rate"] for text in texts if (match := rate.search(text)) is not None), None)


def _is_execution(heading: Heading, report: ReportSource) -> bool:
    name = _name(heading)
    return report.lexicon.canonical("rate", name) is not None and name.endswith("执行率")


def _indicator(report: ReportSource, one: _Scored) -> Indicator:
    points = _POINTS.search(fold(one.heading.title))
    actual = _rate_under(one.heading, report)
    levels = [_name(heading) for heading in (*one.above, one.heading)]
    return Indicator.model_validate(
        {
            "ordinal": 1,
            "level1": levels[0] if len(levels) > 1 else None,
            "level2": levels[1] if len(levels) > 1 else None,
            "name": levels[-1],
            **typed_values("target", None, report.lexicon),
            "actual": actual,
            **typed_values("actual", actual, report.lexicon),
            "weight": parse_points(points["points"]) if points else None,
            "score": parse_points(one.score),
            "evidence": report.place(one.heading.start, one.heading.end, "scored_heading", 0.85),
        }
    )


def _name(heading: Heading) -> str:
    return _POINTS.sub("", heading.title).strip(" ：:")
