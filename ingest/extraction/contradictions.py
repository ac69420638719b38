"""Figures of one report that do not agree with each other: kept as printed, and pointed out with every place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.lexicon import Lexicon
from ingest.quantities import to_yuan
from ingest.records import Evidence, FundingLine, Indicator, Mention, ReportWarning, plain

_BUDGET_STAGES = ("planned", "initial_budget", "adjusted_budget", "approved")
# Beyond this share of the outlay a cost that adds up differently is no rounding (red flag B2).
_TOLERATED_SHARE = Decimal("0.01")


def warn_of_conflicting_lines(funding: list[FundingLine]) -> list[ReportWarning]:
    """Two different sums for the same stage and source.

    Rows of a form that are parts of one source (单位资金 and 财政专户管理资金 are both `other`) do not conflict.
    """
    warnings = []
    first: dict[tuple[str, str], FundingLine] = {}
    for line in funding:
        if line.source != "total" and line.evidence.method.startswith("form"):
            continue
        earlier = first.setdefault((line.stage, line.source), line)
        if earlier.amount_yuan != line.amount_yuan:
            warnings.append(
                ReportWarning(
                    code="conflicting_funding_lines",
                    message=f"同一资金口径有不同金额：「{earlier.as_written}」与「{line.as_written}」",
                    evidence=earlier.evidence,
                    places=(line.evidence,),
                )
            )
    return warnings


def warn_of_goal_amount(funding: list[FundingLine], mentions: list[Mention]) -> list[ReportWarning]:
    """A sum in the goal that is of the funding's size and yet equal to none of its lines (red flag B4).

    Sums below half or above twice the funding are left alone: a goal may speak of other money.
    """
    totals = [line for line in funding if line.source == "total" and line.amount_yuan]
    if not totals:
        return []
    amounts = {line.amount_yuan for line in funding}
    size = max(line.amount_yuan for line in totals if line.amount_yuan is not None)
    warnings = []
    for mention in mentions:
        amount = mention.amount_yuan
        if mention.section != "goal" or amount is None or amount in amounts:
            continue
        if size / 2 <= amount <= size * 2:
            lines = [line for line in funding if line.amount_yuan]
            printed = "、".join(sorted({line.as_written for line in totals}))
            warnings.append(
                ReportWarning(
                    code="goal_amount_differs_from_funding",
                    message=f"绩效目标写「{mention.as_written}」，资金各项写「{printed}」",
                    evidence=mention.evidence,
                    places=tuple(line.evidence for line in lines),
                )
            )
    return warnings


@dataclass(frozen=True, slots=True)
class _CostSum:
    total: Decimal
    terms: list[str]
    places: list[Evidence]


def warn_of_cost_sum(funding: list[FundingLine], indicators: list[Indicator], lexicon: Lexicon) -> list[ReportWarning]:
    """Actual costs summed from below (quantity × unit price + other cost lines) against the outlay (red flag B2)."""
    executed = next((line for line in funding if line.stage == "executed" and line.source == "total"), None)
    summed = _sum_of_costs(indicators, lexicon)
    if executed is None or not executed.amount_yuan or summed is None:
        return []
    if abs(summed.total - executed.amount_yuan) <= _TOLERATED_SHARE * executed.amount_yuan:
        return []
    unit = Decimal(10_000)
    return [
        ReportWarning(
            code="cost_sum_differs_from_executed",
            message=(
                f"成本指标实际值合计 {' + '.join(summed.terms)} = {summed.total / unit:.2f} 万元，"
                f"全年执行数为 {executed.amount_yuan / unit:.2f} 万元"
            ),
            evidence=executed.evidence,
            places=tuple(summed.places),
        )
    ]


def _sum_of_costs(indicators: list[Indicator], lexicon: Lexicon) -> _CostSum | None:
    """None unless every unit price finds its quantity, every cost is money, and there are at least two terms."""
    total, terms, places = Decimal(0), [], []
    for cost in (indicator for indicator in indicators if _is_cost(indicator, lexicon)):
        if lexicon.find("cost_total", cost.name):
            continue
        amount = to_yuan(cost.actual_value, cost.actual_unit or "") if cost.actual_value is not None else None
        if amount is None:
            return None
        price = lexicon.last("unit_price", cost.name)
        if price is None:
            terms.append(plain(amount / 10_000))
        else:
            quantity = _quantity_of(cost.name[: price.start], indicators, lexicon)
            if quantity is None or quantity.actual_value is None:
                return None
            terms.append(f"{plain(quantity.actual_value)}×{plain(amount / 10_000)}")
            amount *= quantity.actual_value
            places.append(quantity.evidence)
        total += amount
        places.append(cost.evidence)
    return _CostSum(total, terms, places) if len(terms) > 1 else None


def _is_cost(indicator: Indicator, lexicon: Lexicon) -> bool:
    return (lexicon.canonical("level2", indicator.level2 or "") or "").startswith("cost") or (
        lexicon.canonical("level1", indicator.level1 or "") == "COST"
    )


def _quantity_of(thing: str, indicators: list[Indicator], lexicon: Lexicon) -> Indicator | None:
    """The one quantity indicator that counts the thing whose price is given: 模块 ↔ 光模块数量."""
    matching = [
        indicator
        for indicator in indicators
        if lexicon.canonical("level2", indicator.level2 or "") == "quantity" and thing and thing in indicator.name
    ]
    return matching[0] if len(matching) == 1 else None
