"""Over the whole report: which sums stand for the money, and which are parts, batches or repetitions of others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations, groupby

from ingest.extraction.money.completing import (
    with_closing_sums,
    with_levels_handed_on,
    with_totals_of_levels,
    with_wholes_of_shares,
)
from ingest.extraction.money.meaning import DOUBTFUL, LIKELY, Reading
from ingest.records import Source, Stage

# A sum this close below another of its stage contradicts it; a smaller one is a part of it.
_CONTRADICTING_SHARE = Decimal("0.85")
# Beyond these numbers of sums nothing is tried: a report has a handful of each stage.
_LARGEST_GROUP = 10
_MOST_SUMS = 20
_BUDGETS = ("initial_budget", "adjusted_budget")
_STAGES_OF_A_CHANGE = ("approved", "adjusted_budget")


def settle(readings: list[Reading]) -> list[Reading]:
    """The readings with their final standing; what is `whole` or `share` is a funding line."""
    settled = _without_asides(readings)
    settled = _without_needless_implications(settled)
    settled = with_closing_sums(settled)
    settled = with_wholes_of_shares(settled)
    settled = with_totals_of_levels(settled)
    settled = with_levels_handed_on(settled)
    settled = _with_budgets_of_the_only_payer(settled)
    settled = _with_bare_budgets(settled)
    settled = _with_budgets_before_a_change(settled)
    settled = _without_work_done(settled)
    settled = _without_interim_sums(settled)
    settled = _without_additions(settled)
    settled = _without_mixed_lists(settled)
    settled = _totals_over_shares(settled)
    settled = _without_batches(settled)
    settled = _without_summands(settled)
    settled = _without_parts(settled)
    settled = _without_restatements(settled)
    return _with_doubt(settled)


def _without_asides(readings: list[Reading]) -> list[Reading]:
    """What only the cause of a deviation tells of the money counts where the report has no other sum of the stage."""
    stated = {reading.stage for reading in readings if reading.is_line and not reading.is_aside}
    return [
        reading
        if not (reading.is_aside and reading.is_line)
        else replace(reading, standing="none")
        if reading.stage in stated
        else replace(reading, confidence=min(reading.confidence, DOUBTFUL))
        for reading in readings
    ]


def _without_work_done(readings: list[Reading]) -> list[Reading]:
    """完成投资2610万元，支付工程款2414万元: what was built is no outlay where the outlay itself is stated."""
    is_outlay_stated = any(
        reading.standing == "whole" and reading.stage == "executed" and not reading.is_work_done for reading in readings
    )
    return [
        replace(reading, standing="none", stage=None) if reading.is_work_done and is_outlay_stated else reading
        for reading in readings
    ]


def _without_restatements(readings: list[Reading]) -> list[Reading]:
    """下达省级资金278万元。…下达资金278万元: the same sum again, where only the source is left out.

    A total that was told as a total before is the same line again, no part of another.
    """
    totals: set[tuple[Stage | None, Decimal]] = set()
    of_sources: set[tuple[Stage | None, Decimal]] = set()
    settled: list[Reading] = []
    for _, of_statement in groupby(readings, key=lambda reading: reading.statement.start):
        group = list(of_statement)
        settled += [
            replace(reading, standing="part")
            if _is_plain_total(reading) and _said(reading) in of_sources - totals
            else reading
            for reading in group
        ]
        for reading in group:
            if reading.is_line:
                (totals if reading.source == "total" else of_sources).add(_said(reading))
    return settled


def _is_plain_total(reading: Reading) -> bool:
    return reading.standing == "whole" and reading.source == "total" and not reading.is_marked_sum


def _said(reading: Reading) -> tuple[Stage | None, Decimal]:
    return reading.stage, reading.money.amount_yuan


def _without_needless_implications(readings: list[Reading]) -> list[Reading]:
    """已全部支出 adds nothing where the report states the sum of that stage itself."""
    stated = {reading.stage for reading in readings if reading.is_line and not reading.is_implied}
    return [reading for reading in readings if not reading.is_implied or reading.stage not in stated]


def _with_budgets_of_the_only_payer(readings: list[Reading]) -> list[Reading]:
    """县财政年初预算安排80万元，支出76万元: where nobody else gives and no more is spent, it is all the money."""
    lines = [reading for reading in readings if reading.is_line]
    budgets = [reading for reading in lines if reading.is_payers_budget and reading.stage in _BUDGETS]
    totals = [
        reading.money.amount_yuan for reading in lines if reading.source == "total" and reading.stage != "planned"
    ]
    payers = {reading.source for reading in lines} - {"total"}
    largest = max((reading.money.amount_yuan for reading in budgets), default=Decimal(0))
    if len(payers) != 1 or not totals or max(totals) > largest:
        return readings
    return [
        replace(reading, source="total", confidence=min(reading.confidence, LIKELY)) if reading in budgets else reading
        for reading in readings
    ]


def _with_bare_budgets(readings: list[Reading]) -> list[Reading]:
    """预算60万元 is the budget of the year's beginning where the report speaks of no other budget."""
    budgets = {reading.stage for reading in readings if reading.is_line and not reading.is_bare_budget}
    if "initial_budget" not in budgets or "adjusted_budget" in budgets:
        return readings
    return [replace(reading, stage="initial_budget") if reading.is_bare_budget else reading for reading in readings]


def _with_budgets_before_a_change(readings: list[Reading]) -> list[Reading]:
    """预算120万元，调减12万元，调整后108万元: what a stated sum changes was the budget of the year's beginning."""
    settled: list[Reading] = []
    for _, of_statement in groupby(readings, key=lambda reading: reading.statement.start):
        group = list(of_statement)
        stated = {reading.money.amount_yuan for reading in group}
        for at, reading in enumerate(group):
            is_earlier = _is_total_of(reading, "adjusted_budget") and _is_changed(reading, group[at + 1 :], stated)
            settled.append(replace(reading, stage="initial_budget", confidence=LIKELY) if is_earlier else reading)
    return settled


def _is_changed(budget: Reading, later: list[Reading], stated: set[Decimal]) -> bool:
    """Whether a later budget of the statement differs from it by a sum that is stated."""
    amounts = (one.money.amount_yuan for one in later if _is_total_of(one, "adjusted_budget"))
    changes = {abs(amount - budget.money.amount_yuan) for amount in amounts} & stated
    return any(Decimal(0) < change < budget.money.amount_yuan for change in changes)


def _is_total_of(reading: Reading, stage: Stage) -> bool:
    return reading.standing == "whole" and reading.stage == stage and reading.source == "total"


def _without_interim_sums(readings: list[Reading]) -> list[Reading]:
    """截至6月底支出40万元，全年支出90万元: what was reached within the year is a part of a larger sum of the stage."""
    largest: dict[tuple[Stage | None, Source], Decimal] = {}
    for reading in readings:
        if reading.standing == "whole" and not reading.is_interim:
            key = (reading.stage, reading.source)
            largest[key] = max(largest.get(key, Decimal(0)), reading.money.amount_yuan)
    return [
        replace(reading, standing="part")
        if reading.is_interim
        and reading.standing == "whole"
        and reading.money.amount_yuan < largest.get((reading.stage, reading.source), Decimal(0))
        else reading
        for reading in readings
    ]


def _without_additions(readings: list[Reading]) -> list[Reading]:
    """年初预算150万元，追加30万元，全年预算180万元: the change between two budgets is a part of the later one."""
    initial, adjusted = _totals_of(readings, "initial_budget"), _totals_of(readings, "adjusted_budget")
    if not adjusted:
        return readings
    changes = {abs(later - earlier) for earlier in initial for later in adjusted if later != earlier}
    return [
        replace(reading, standing="part")
        if reading.stage in _STAGES_OF_A_CHANGE
        and reading.source == "total"
        and (reading.is_addition or reading.money.amount_yuan in changes - initial)
        and reading.money.amount_yuan < max(adjusted)
        else reading
        for reading in readings
    ]


def _totals_of(readings: list[Reading], stage: Stage) -> set[Decimal]:
    return {
        reading.money.amount_yuan
        for reading in readings
        if reading.is_line and reading.stage == stage and reading.source == "total"
    }


def _without_mixed_lists(readings: list[Reading]) -> list[Reading]:
    """财政拨款420万元（含车购税300万元、县级配套120万元）: below one source, a list not by source is one of parts."""
    of_one_source = {reading.start for reading in readings if reading.source != "total"}
    mixed = {reading.above for reading in readings if reading.standing == "part" and reading.above in of_one_source}
    return [
        replace(reading, standing="part") if reading.standing == "share" and reading.above in mixed else reading
        for reading in readings
    ]


def _totals_over_shares(readings: list[Reading]) -> list[Reading]:
    """财政资金100万元，其中中央80万元: a sum with shares of other sources is the total."""
    shared: dict[int, set[str]] = {}
    for reading in readings:
        if reading.standing == "share" and reading.above is not None:
            shared.setdefault(reading.above, set()).add(reading.source)
    return [
        replace(reading, source="total")
        if reading.standing == "whole"
        and (reading.source == "fiscal" or reading.is_source_inherited)
        and shared.get(reading.start, {reading.source}) - {reading.source}
        else reading
        for reading in readings
    ]


def _without_batches(readings: list[Reading]) -> list[Reading]:
    """Batches are parts of a sum that is stated, of the same money; where nobody states it, each is kept."""
    readings = _with_heads_of_batches(readings)
    stated = {(reading.stage, reading.source) for reading in readings if reading.is_line}
    stages = {stage for stage, _ in stated}
    return [
        reading
        if reading.standing != "batch"
        else replace(reading, standing="part")
        if not stated.isdisjoint({(reading.stage, reading.source), (reading.stage, "total")})
        or (reading.source == "total" and reading.stage in stages)
        else replace(reading, standing="whole", confidence=min(reading.confidence, DOUBTFUL))
        for reading in readings
    ]


def _with_heads_of_batches(readings: list[Reading]) -> list[Reading]:
    """分两批下达80万元：第一批50万元，第二批30万元: the batches that follow a sum add up to it."""
    settled = list(readings)
    for at, head in enumerate(readings):
        left = head.money.amount_yuan
        for size, batch in enumerate(readings[at + 1 :] if head.standing == "batch" else (), start=1):
            if batch.stage != head.stage or batch.statement != head.statement or left <= 0:
                break
            left -= batch.money.amount_yuan
            if left == 0 and size > 1:
                settled[at] = replace(head, standing="whole", confidence=min(head.confidence, LIKELY))
                parts = readings[at + 1 : at + 1 + size]
                settled[at + 1 : at + 1 + size] = [replace(part, standing="part") for part in parts]
    return settled


def _without_summands(readings: list[Reading]) -> list[Reading]:
    """Sums of one stage that add up to another one of it are its parts, unless each is the share of a source."""
    rivals: dict[tuple[Stage | None, Source], dict[int, Decimal]] = {}
    wholes: dict[tuple[Stage | None, Source], set[Decimal]] = {}
    for reading in readings:
        key = (reading.stage, reading.source)
        if reading.is_line:
            wholes.setdefault(key, set()).add(reading.money.amount_yuan)
        if reading.standing == "whole" and not reading.is_implied and reading.money.amount_yuan:
            rivals.setdefault(key, {})[reading.start] = reading.money.amount_yuan
    summands = {
        place
        for key, sums in wholes.items()
        if len(sums) <= _MOST_SUMS
        for whole in sums
        for place in _adding_up({at: amount for at, amount in rivals.get(key, {}).items() if amount < whole}, whole)
    }
    return [replace(reading, standing="part") if reading.start in summands else reading for reading in readings]


def _adding_up(amounts: dict[int, Decimal], whole: Decimal) -> set[int]:
    places = list(amounts)[:_LARGEST_GROUP]
    for size in range(2, len(places) + 1):
        for group in combinations(places, size):
            if sum(amounts[place] for place in group) == whole:
                return set(group)
    return set()


def _without_parts(readings: list[Reading]) -> list[Reading]:
    """A smaller sum without a source, of a stage whose sum is stated elsewhere, is a part of it (某项目补助40万元).

    Elsewhere is a statement before, or any other one that calls its sum 合计.
    """
    marked = _marked_sums(readings)
    stated: dict[Stage | None, Decimal] = {}
    settled: list[Reading] = []
    for start, of_statement in groupby(readings, key=lambda reading: reading.statement.start):
        group = list(of_statement)
        for reading in group:
            elsewhere = [amount for at, amount in marked.get(reading.stage, ()) if at != start]
            largest = max([stated.get(reading.stage, Decimal(0)), *elsewhere])
            is_small = reading.money.amount_yuan < largest * _CONTRADICTING_SHARE
            settled.append(replace(reading, standing="part") if is_small and _may_be_part(reading) else reading)
        for reading in group:
            if reading.standing == "whole":
                stated[reading.stage] = max(stated.get(reading.stage, Decimal(0)), reading.money.amount_yuan)
    return settled


def _may_be_part(reading: Reading) -> bool:
    is_unmarked = not reading.is_marked_sum and not reading.is_further
    return reading.standing == "whole" and reading.source == "total" and is_unmarked


def _marked_sums(readings: list[Reading]) -> dict[Stage | None, list[tuple[int, Decimal]]]:
    """The largest sums of two statements that are called 合计, by stage: whichever statement asks, one is another's."""
    largest: dict[Stage | None, dict[int, Decimal]] = {}
    for reading in readings:
        if reading.standing == "whole" and reading.is_marked_sum:
            of_stage = largest.setdefault(reading.stage, {})
            at = reading.statement.start
            of_stage[at] = max(of_stage.get(at, Decimal(0)), reading.money.amount_yuan)
    return {
        stage: sorted(of_stage.items(), key=lambda entry: entry[1], reverse=True)[:2]
        for stage, of_stage in largest.items()
    }


def _with_doubt(readings: list[Reading]) -> list[Reading]:
    """Different sums of one stage and source cannot all be the money: a person should look."""
    amounts: dict[tuple[str | None, str], set[Decimal]] = {}
    for reading in readings:
        if reading.is_line:
            amounts.setdefault((reading.stage, reading.source), set()).add(reading.money.amount_yuan)
    shares = _sums_of_shares(readings)
    return [
        replace(reading, confidence=min(reading.confidence, DOUBTFUL))
        if shares.get(reading.start, Decimal(0)) > reading.money.amount_yuan
        else replace(reading, confidence=min(reading.confidence, LIKELY))
        if reading.is_line and len(amounts[reading.stage, reading.source]) > 1
        else reading
        for reading in readings
    ]


def _sums_of_shares(readings: list[Reading]) -> dict[int, Decimal]:
    """What the shares below each sum add up to; more than the sum is a slip (预算1530元，其中中央1200万元)."""
    sums: dict[int, Decimal] = {}
    for reading in readings:
        if reading.standing == "share" and reading.above is not None:
            sums[reading.above] = sums.get(reading.above, Decimal(0)) + reading.money.amount_yuan
    return sums
