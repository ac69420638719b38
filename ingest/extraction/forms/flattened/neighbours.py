"""How well cells of one row suit each other, as a cost: the target and what was reached, the points and the score."""

from __future__ import annotations

from ingest.extraction.forms.flattened.cell_kinds import CellFacts

_REPEATED = 3


def target_and_actual(target: CellFacts, actual: CellFacts, *, is_glued: bool, has_measure: bool) -> float:
    """What was reached looks like what was meant: in its kind, its unit and its size."""
    if target.text == actual.text:
        return -1.5 if is_glued and target.number is None else -0.3
    goal, reached = target.number, actual.number
    if goal is None and not is_glued and _is_repeated(target.text, actual.text):
        return -0.6
    if is_glued and target.is_time and actual.is_time:
        return -0.3
    if (goal is None) != (reached is None):
        # A bare number is hardly what became of 有效改善: it is the next column's.
        return 1.5 if reached is not None and not is_glued and not actual.unit else 0.5
    if goal is None or reached is None:
        return 0.0 if target.is_value == actual.is_value else 0.3
    cost = 0.0
    if not has_measure and actual.unit and target.unit != actual.unit:
        cost += 0.7
    if is_glued and actual.unit and target.unit == actual.unit:
        # ≥8段 6段: what stands behind both numbers is a unit, even if no list knows it.
        cost -= 0.9 * min(target.doubt, actual.doubt) * 2
    # Where cells are apart, likeness decides only between columns that suit equally well.
    weight = 1.0 if is_glued else 0.3
    if not actual.unit and target.unit:
        cost += 0.5 * weight
    low, high = sorted((goal, reached))
    return cost + weight * (0.0 if low * 2 >= high else 0.4 if low * 5 >= high else 1.0)


def points_and_score(points: CellFacts, score: CellFacts) -> float:
    """No score is above its points; most are the points."""
    if points.number is None or score.number is None:
        return 0.0
    if score.number > points.number:
        return 4.0
    return -0.2 if score.number == points.number else 0.1


def _is_repeated(target: str, actual: str) -> bool:
    """落实管护责任, 已落实管护员2名: what was reached says again what was meant."""
    words = (target[place : place + _REPEATED] for place in range(len(target) - _REPEATED + 1))
    return len(target) > _REPEATED and any(word in actual for word in words)
