"""A piece from the middle of a scoring report: no title, only headings with points and what they were given.

Rules for scoring (到位率100%得10分，每低1个百分点扣0.5分) look alike; they promise points where a report gives them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.outline import Heading, Passage, level_name
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.extraction.source import ReportSource

_GIVEN = re.compile(r"得(?:分为?[:：]?)?\s*(?P<points>\d+(?:\.\d+)?)\s*分")
_SENTENCE = re.compile(r"[^。；;\n]+")
_FEWEST = 2
_FEWEST_WITH_COMMON = 4


def is_scored_fragment(source: ReportSource) -> bool:
    """Whether headings of the scoring system of spending have points that were given, of one of them not all.

    Exams, contests and ratings have headings of other names; rules give points on conditions.
    """
    if not _is_scored_as_spending(source):
        return False
    given = [
        (points, score)
        for passage in source.outline.passages
        if (points := _full_points(passage)) is not None
        and (score := _score_given(passage, source)) is not None
        and score <= points
    ]
    return len(given) >= _FEWEST and any(score < points for points, score in given)


def only_promises_points(source: ReportSource) -> bool:
    """Whether every sentence that speaks of points names the condition for them: rules for scoring, no report."""
    speaking = [
        sentence.text
        for sentence in source.sentences()
        if any(_points_of(heading) is not None for heading in sentence.passage.headings)
        and _GIVEN.search(fold(sentence.text))
    ]
    return len(speaking) >= _FEWEST and all(source.lexicon.first("points_by_rule", text) for text in speaking)


def _is_scored_as_spending(source: ReportSource) -> bool:
    """Two names that spending alone is scored by (资金使用合规性), or one among those that others have too."""
    names = {level_name(heading.title, source.lexicon) for heading in source.outline.headings}
    kinds = [kind for name in names if (kind := source.lexicon.canonical("scored_part", name)) is not None]
    fewest = _FEWEST if kinds.count("spending") >= _FEWEST else _FEWEST_WITH_COMMON
    return "spending" in kinds and len(kinds) >= fewest


def _full_points(passage: Passage) -> Decimal | None:
    """The points of the innermost heading that has any."""
    return next((points for heading in reversed(passage.headings) if (points := _points_of(heading)) is not None), None)


def _points_of(heading: Heading) -> Decimal | None:
    points = POINTS_IN_BRACKETS.search(fold(heading.title))
    return Decimal(points["points"]) if points is not None else None


def _score_given(passage: Passage, source: ReportSource) -> Decimal | None:
    """The one score that a passage gives; None of a rule, which gives this or that."""
    told = [sentence.group() for sentence in _SENTENCE.finditer(fold(passage.text))]
    scores = [
        Decimal(score["points"])
        for sentence in told
        if source.lexicon.first("points_by_rule", sentence) is None
        for score in _GIVEN.finditer(sentence)
    ]
    return scores[0] if len(scores) == 1 else None
