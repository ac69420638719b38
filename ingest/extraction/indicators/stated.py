"""One indicator as a sentence states it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from ingest.extraction.indicators.named_values import NamedValue

Side = Literal["target", "actual"]
SIDES: tuple[Side, Side] = ("target", "actual")

_ASIDE = re.compile(r"[（(][^（）()]*[)）]$")
_MONEY_UNIT = re.compile(r"[万亿千]?元$|[万亿]$")


@dataclass(slots=True)
class Stated:
    """One indicator as a sentence states it; `start`/`end` are offsets in the sentence.

    `bare` is a value without a label: it is the target when an actual value follows it, else what its context says.
    `came_of_it` is the actual value in words of a goal that no number follows (改造6000亩的目标没有实现).
    `is_promised` tells that a word such as 计划 or 应 leads to the value without a label.
    `is_doubtful` tells that a value may not belong to the name, or a word of the name to the label.
    `is_labelled` tells that the sentence names target or actual value by a column's heading.
    """

    name: str
    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)
    bare: NamedValue | None = None
    is_labelled: bool = False
    came_of_it: str = ""
    is_promised: bool = False
    is_doubtful: bool = False

    def sets_two_quantities(self) -> bool:
        """Whether a target stands against an actual value and neither is money: plain prose says that of indicators."""
        return self.is_no_sum() and all(has_digit(self.values.get(side, "")) for side in SIDES)

    def is_no_sum(self) -> bool:
        """Whether a label tells a value that is no money."""
        return self.is_labelled and not any(is_money(self.values.get(side, "")) for side in SIDES)

    def bare_text(self) -> str:
        """The value without a label, if there is one."""
        return self.bare.value if self.bare is not None else ""

    def is_scored(self) -> bool:
        """Whether it has a target, an actual value and points: nothing but an indicator has these."""
        return {"target", "actual"} <= self.values.keys() and bool({"weight", "score"} & self.values.keys())


def is_money(value: str) -> bool:
    """Whether a value is a sum of money."""
    return _MONEY_UNIT.search(_ASIDE.sub("", value)) is not None


def has_digit(text: str) -> bool:
    """Whether a value says how much, and not only in words."""
    return any(char.isdigit() for char in text)
