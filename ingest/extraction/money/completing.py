"""Sums whose stage nobody names, but which are made up of sums whose stage is known."""

from __future__ import annotations

from dataclasses import replace

from ingest.extraction.money.meaning import INFERRED, LEVELS, Reading
from ingest.records import Stage

_MOST_SUMMANDS = 6


def with_closing_sums(readings: list[Reading]) -> list[Reading]:
    """中央下达300万元。县级安排80万元。两项合计380万元: a sum of all without a stage has that of what it adds up."""
    settled: list[Reading] = []
    for reading in readings:
        stage = _stage_added_up(settled, reading) if reading.is_marked_sum and reading.stage is None else None
        if stage is not None:
            reading = replace(reading, stage=stage, source="total", standing="whole", confidence=INFERRED)
        settled.append(reading)
    return settled


def _stage_added_up(before: list[Reading], closing: Reading) -> Stage | None:
    """The one stage of the sums right before the closing one that add up to it, each of a source or all of one."""
    headings = closing.statement.passage.headings
    near = [
        reading
        for reading in before
        if (reading.is_line or reading.standing == "batch") and reading.statement.passage.headings == headings
    ]
    for size in range(2, min(len(near), _MOST_SUMMANDS) + 1):
        group = near[-size:]
        if sum(reading.money.amount_yuan for reading in group) == closing.money.amount_yuan:
            stages, sources = {reading.stage for reading in group}, {reading.source for reading in group}
            return stages.pop() if len(stages) == 1 and len(sources) in (1, size) else None
    return None


def with_totals_of_levels(readings: list[Reading]) -> list[Reading]:
    """市、区两级共安排90万元，市级50万元，区级40万元: what the levels give together, taken apart behind it, is all."""
    return [
        replace(reading, source="total")
        if reading.is_joint and reading.source == "fiscal" and _is_made_up_behind(reading, readings[at + 1 :])
        else reading
        for at, reading in enumerate(readings)
    ]


def _is_made_up_behind(joint: Reading, behind: list[Reading]) -> bool:
    left = joint.money.amount_yuan
    for reading in behind:
        if reading.source not in LEVELS or reading.stage != joint.stage or reading.statement != joint.statement:
            return False
        left -= reading.money.amount_yuan
        if left <= 0:
            return left == 0
    return False


def with_levels_handed_on(readings: list[Reading]) -> list[Reading]:
    """省财政下达186万元，其中中央124万元、省级62万元: who hands the money on gave no more than its own share of it.

    So did 上级 that gave 20万元（中央16万元、省级2万元、县级2万元）.
    """
    # Batches come before the sum that closes their list.
    below = [reading for reading in readings if reading.standing == "part" and (reading.above or 0) < reading.start]
    handed_on = {
        whole.start
        for whole in readings
        if whole.standing == "whole"
        and whole.source in (*LEVELS, "other")
        and _is_of_levels(whole, [part for part in below if part.above == whole.start])
    }
    shares = {part.start for part in below if part.above in handed_on}
    return [
        replace(reading, source="total")
        if reading.start in handed_on
        else replace(reading, standing="share")
        if reading.start in shares
        else reading
        for reading in readings
    ]


def _is_of_levels(whole: Reading, parts: list[Reading]) -> bool:
    """Whether a sum is made up of the shares of several levels, each named once."""
    sources = {part.source for part in parts}
    are_levels = len(sources) > 1 and len(sources) == len(parts) and sources <= set(LEVELS)
    return are_levels and sum(part.money.amount_yuan for part in parts) == whole.money.amount_yuan


def with_wholes_of_shares(readings: list[Reading]) -> list[Reading]:
    """资金总规模1200万元，其中中央800万元、县级400万元: the sum has the stage of the shares that make it up."""
    shares: dict[int, list[Reading]] = {}
    for reading in readings:
        if reading.above is not None and reading.is_line and reading.source != "total":
            shares.setdefault(reading.above, []).append(reading)
    settled = []
    for reading in readings:
        below = shares.get(reading.start, [])
        is_made_up = len(below) > 1 and sum(one.money.amount_yuan for one in below) == reading.money.amount_yuan
        stages = {one.stage for one in below}
        if reading.stage is None and is_made_up and len(stages) == 1:
            reading = replace(
                reading, stage=stages.pop(), source="total", standing="whole", confidence=below[0].confidence
            )
        settled.append(reading)
    return settled
