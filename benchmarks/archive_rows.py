"""The twelve rows of an invented form: targets, actuals, and the points that the unit gives itself."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from benchmarks.archive_projects import Project
from benchmarks.archive_values import Row, rounded

# Level 1 and level 2 as forms print them, with the place in the taxonomy that belongs to them.
OUTPUT, COST, BENEFIT, SATISFACTION = "产出指标", "成本指标", "效益指标", "满意度指标"
CANONICAL_LEVEL1 = {OUTPUT: "OUTPUT", COST: "COST", BENEFIT: "BENEFIT", SATISFACTION: "SATISFACTION"}
CANONICAL_LEVEL2 = {
    "数量指标": "quantity",
    "质量指标": "quality",
    "时效指标": "timeliness",
    "成本指标": "cost_economic",
    "经济成本指标": "cost_economic",
    "社会效益指标": "social",
    "可持续影响指标": "sustainability",
    "服务对象满意度指标": "sat_service",
}

# The points of the twelve rows of a form, in their order; the rest to 100 belongs to the execution rate.
PROFILES: dict[str, tuple[str, ...] | None] = {
    "NAT-2020": ("8", "8", "6", "6", "6", "6", "5", "5", "10", "10", "10", "10"),
    "NAT-2021-cost": ("8", "8", "6", "6", "6", "6", "10", "10", "8", "6", "6", "10"),
    "all_in_rows": ("10", "10", "8", "8", "6", "6", "6", "6", "10", "10", "10", "10"),
    "no_points": None,
}

REASONS = ("受天气影响，部分工作顺延", "采购流程较长，年底前未能全部完成", "实际需求少于预计", "施工条件变化，进度滞后")


def form_rows(project: Project, year: int, profile: str, rng: random.Random) -> list[Row]:
    """The twelve rows of the form."""
    programme, size = project.programme, project.size
    is_cost_apart = profile == "NAT-2021-cost"
    cost = (COST, "经济成本指标") if is_cost_apart else (OUTPUT, "成本指标")
    count1 = max(1, int(Decimal(programme["count1"]) * size))
    count2 = max(1, int(Decimal(programme["count2"]) * size))
    cost_wan = rounded(project.yuan / 10000)
    each = rounded(project.yuan / count1)
    rows = [
        _counted(1, (OUTPUT, "数量指标"), programme["quantity1"], programme["unit1"], count1, rng),
        _counted(2, (OUTPUT, "数量指标"), programme["quantity2"], programme["unit2"], count2, rng),
        _rated(3, (OUTPUT, "质量指标"), programme["rate1"], rng.choice((90, 95, 97, 98)), rng),
        _rated(4, (OUTPUT, "质量指标"), programme["rate2"], rng.choice((90, 95, 100)), rng),
        _rated(5, (OUTPUT, "时效指标"), programme["timely"], rng.choice((90, 95, 98)), rng),
        _dated(6, (OUTPUT, "时效指标"), "项目完成时间", year, rng),
        _bounded(7, cost, "项目总成本", "万元", cost_wan, rng),
        _bounded(8, cost, programme["unit_cost"], "元", each, rng),
        _worded(9, (BENEFIT, "社会效益指标"), programme["social"], rng),
        _none_wanted(10, (BENEFIT, "社会效益指标"), f"{programme['complaints']}次数", rng),
        _worded(11, (BENEFIT, "可持续影响指标"), programme["lasting"], rng),
        _rated(12, (SATISFACTION, "服务对象满意度指标"), "服务对象满意度", rng.choice((85, 90, 95)), rng),
    ]
    for row, points in zip(rows, PROFILES[profile] or [None] * len(rows), strict=True):
        _score(row, None if points is None else Decimal(points), rng)
    return rows


def _row(ordinal: int, levels: tuple[str, str], name: str, **facts: Any) -> Row:
    return {
        "ordinal": ordinal,
        "level1_text": levels[0],
        "level2_text": levels[1],
        "level1": CANONICAL_LEVEL1[levels[0]],
        "level2": CANONICAL_LEVEL2[levels[1]],
        "name": name,
        "operator": None,
        "target": None,
        "target_unit": None,
        "target_day": None,
        "actual": None,
        "actual_unit": None,
        "actual_day": None,
        "target_words": None,
        "actual_words": None,
        "direction": None,
        "is_met": None,
        **facts,
    }


def _counted(ordinal: int, levels: tuple[str, str], name: str, unit: str, target: int, rng: random.Random) -> Row:
    share = rng.choice((100, 100, 100, 100, 104, 118, 130, 155, 320, 97, 90, 75, 40))
    actual = Decimal(target * share // 100)
    operator = "=" if rng.random() < 0.12 else ">="
    target_unit: str | None = unit
    actual_unit: str | None = unit
    form = rng.random()
    if form < 0.04:
        target_unit = None
    elif form < 0.08:
        actual_unit = None
    elif form < 0.10:
        actual_unit = "批"
    row = _row(
        ordinal, levels, name,
        operator=operator, target=Decimal(target), target_unit=target_unit, actual=actual, actual_unit=actual_unit,
        direction="exact" if operator == "=" else "higher",
    )  # fmt: skip
    if form > 0.97:
        row.update(actual=None, actual_unit=None, actual_words="已完成")
    return row


def _rated(ordinal: int, levels: tuple[str, str], name: str, target: int, rng: random.Random) -> Row:
    actual = Decimal(rng.choice((target, target, 100, 100, 99, 98, 96, 92, 88, 80)))
    return _row(
        ordinal, levels, name,
        operator=">=", target=Decimal(target), target_unit="%", actual=actual,
        actual_unit=rng.choice(("%", "%", "百分比")), direction="higher",
    )  # fmt: skip


def _bounded(ordinal: int, levels: tuple[str, str], name: str, unit: str, target: Decimal, rng: random.Random) -> Row:
    actual = rounded(target * rng.choice((100, 100, 100, 99, 95, 90, 80, 103, 112)) / 100)
    operator = rng.choice(("<=", "<=", "<=", "="))
    row = _row(
        ordinal, levels, name,
        operator=operator, target=target, target_unit=unit, actual=actual, actual_unit=unit,
        direction="exact" if operator == "=" else "lower",
    )  # fmt: skip
    if unit == "万元" and rng.random() < 0.1:
        row.update(actual=actual * 10000, actual_unit="元")
    return row


def _dated(ordinal: int, levels: tuple[str, str], name: str, year: int, rng: random.Random) -> Row:
    is_met = rng.random() < 0.85
    day = f"{year}-{rng.randrange(6, 13):02d}" if is_met else f"{year + 1}-{rng.randrange(1, 4):02d}"
    return _row(
        ordinal, levels, name,
        operator="by_date", target_day=f"{year}-12", actual_day=day, direction="inside", is_met=is_met,
    )  # fmt: skip


def _worded(ordinal: int, levels: tuple[str, str], name: str, rng: random.Random) -> Row:
    return _row(
        ordinal, levels, name,
        operator="none", target_words="有效保障", actual_words=rng.choice(("有效保障", "达成预期指标", "部分达成")),
        direction="higher",
    )  # fmt: skip


def _none_wanted(ordinal: int, levels: tuple[str, str], name: str, rng: random.Random) -> Row:
    target = rng.choice((0, 0, 3))
    return _row(
        ordinal, levels, name,
        operator="<=", target=Decimal(target), target_unit="次",
        actual=Decimal(rng.choice((0, 0, target, target, 5))), actual_unit="次", direction="lower",
    )  # fmt: skip


def _score(row: Row, weight: Decimal | None, rng: random.Random) -> None:
    """Give the row its points and the score the unit gives itself, and a reason for what is lost, or none."""
    row.update(weight=weight, score=None, score_rule=None, reason_text=None)
    if weight is None:
        return
    target, actual = row["target"], row["actual"]
    if row["operator"] in ("none",) or row["actual_words"] is not None:
        row["score_rule"] = "QUALITATIVE"
        row["score"] = rounded(weight * rng.choice((100, 100, 100, 95, 80)) / 100)
    elif row["operator"] == "by_date":
        row["score_rule"] = "DIRECT"
        row["score"] = weight if row["is_met"] else Decimal(0)
    elif target == 0:
        row["score_rule"] = "DIRECT"
        row["score"] = weight if actual <= target else Decimal(0)
    elif (row["target_unit"] or row["actual_unit"]) != (row["actual_unit"] or row["target_unit"]) and row[
        "actual_unit"
    ] == "批":
        row["score"] = weight
    else:
        target, actual = _in_yuan(target, row["target_unit"]), _in_yuan(actual, row["actual_unit"])
        if row["direction"] == "lower":
            row["score_rule"] = "RATIO_NEG"
            row["score"] = weight if actual <= target else rounded(weight * target / actual)
        else:
            row["score_rule"] = "EQ_AS_POS" if row["direction"] == "exact" else "RATIO_POS"
            row["score"] = weight if actual >= target else rounded(weight * actual / target)
    slip = rng.random()
    if slip < 0.02:
        row["score"], row["score_rule"] = None, None
    elif slip < 0.04 and row["score"] >= 1:
        row["score"], row["score_rule"] = row["score"] - 1, None
    if row["score"] is not None and row["score"] < weight and rng.random() < 0.6:
        row["reason_text"] = rng.choice(REASONS)


def _in_yuan(value: Decimal, unit: str | None) -> Decimal:
    return value * 10000 if unit == "万元" else value
