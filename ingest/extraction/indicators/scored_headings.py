"""Points in the headings of the prose: `（1）管理制度健全（3分）：… 自评得3分。`"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from ingest.characters import fold
from ingest.extraction.outline import Heading
from ingest.extraction.printed_values import POINTS_IN_BRACKETS, parse_points, typed_values
from ingest.extraction.source import ReportSource
from ingest.records import Indicator

_SCORE = re.compile(r"(?:自评|评价|实)?得(?:分为?[:：]?)?\s*(?P<points>\d+(?:\.\d+)?)\s*分")
_FEWEST_SCORES = 2
_LENGTH_OF_A_RATE_NAME = 3


@dataclass(frozen=True, slots=True)
class _Scored:
    heading: Heading
    above: tuple[Heading, ...]
    weight: Decimal | None
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
    headings_above = [_headings_above(indicator, report) for indicator in indicators]
    merged = list(indicators)
    for one in scored:
        inner = [place for place, headings in enumerate(headings_above) if one.heading in headings]
        if not inner and not _is_execution(one.heading, report) and not _name(one.heading).endswith("指标"):
            merged.append(_indicator(report, one))
        elif len(inner) == 1:
            # Of two headings above one sentence the inner one, which comes last, says what it is.
            merged[inner[0]] = _completed(indicators[inner[0]], one)
    return sorted(merged, key=lambda indicator: indicator.evidence.start)


def _headings_above(indicator: Indicator, report: ReportSource) -> set[Heading]:
    start = indicator.evidence.start
    return {
        heading
        for passage in report.outline.passages
        if passage.start <= start < passage.start + len(passage.text)
        for heading in passage.headings
    }


def _completed(indicator: Indicator, one: _Scored) -> Indicator:
    """The one indicator below a heading with what the heading says of it: points, and its name if it is no level's."""
    return indicator.model_copy(
        update={
            "name": indicator.name if one.heading.is_known else _name(one.heading),
            "weight": indicator.weight or one.weight,
            "score": indicator.score if indicator.score is not None else parse_points(one.score),
        }
    )


def _scored(report: ReportSource) -> list[_Scored]:
    scored = []
    above: list[Heading] = []
    for heading, following in zip_longest(report.outline.headings, report.outline.headings[1:]):
        above = [other for other in above if other.depth < heading.depth]
        points = POINTS_IN_BRACKETS.search(heading.title)
        if points is None:
            continue
        has_parts = (
            following is not None
            and following.depth > heading.depth
            and POINTS_IN_BRACKETS.search(following.title) is not None
        )
        if not has_parts:
            weight = parse_points(points["points"])
            scored.append(_Scored(heading, tuple(above), weight, _score_under(heading, report)))
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
    return report.lexicon.canonical("rate", name) == "execution_rate"


def _indicator(report: ReportSource, one: _Scored) -> Indicator:
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
            "weight": one.weight,
            "score": parse_points(one.score),
            "evidence": report.place(one.heading.start, one.heading.end, "scored_heading", 0.85),
        }
    )


def _name(heading: Heading) -> str:
    return POINTS_IN_BRACKETS.sub("", heading.title).strip(" ：:")
