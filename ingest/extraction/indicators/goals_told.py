"""Clauses that speak of a value as of a goal: `改造6000亩的目标，实际完成5120亩`, `新建冷库3座的任务如期完成`."""

from __future__ import annotations

import re

from ingest.extraction.indicators.column_labels import Clause
from ingest.extraction.indicators.named_values import BEHIND_VALUE, read_named_values
from ingest.extraction.indicators.stated import Stated, has_digit, is_money
from ingest.lexicon import Lexicon

_GOAL_TOLD = re.compile(
    r"^(?P<named>.*\d.*)的(?:年[度初]|既定|预[期定]|设定|计划|任务|绩效|全年){0,2}(?:目标值?|任务|要求|指标)(?P<came>[^\d]*)$"
)
_CAME_OF_IT = re.compile(
    r"^(?:已经?|均|全部|如期|按期|按时|顺利|基本|圆满|超额|没有|未能?|尚未|仅部分|部分)*(?:完成|实现|达到|达成|兑现|落实)(?:到位)?$"
)
_LONGEST_CLAUSE = 60
_DID = re.compile("^(?:顺利|圆满|超额|基本|已|全面)*(?:完成|实现|达到)了")
# 未完成90%的目标 speaks of the value before.
_IS_NO_NAME = re.compile("未|没有?|高于|低于|超过|.?$")


def read_goal_told(clause: Clause, lexicon: Lexicon) -> Stated | None:
    """The indicator whose goal a clause tells, with what came of it in words if the clause says so."""
    may_tell = (
        len(clause.text) <= _LONGEST_CLAUSE and not clause.labels and "的" in clause.text and has_digit(clause.text)
    )
    told = _GOAL_TOLD.match(clause.text.strip(BEHIND_VALUE)) if may_tell else None
    if told is None:
        return None
    did = _DID.match(told["named"])
    values = read_named_values(told["named"][did.end() if did is not None else 0 :], lexicon)
    came = told["came"].strip("，,。 ")
    if len(values) != 1 or not values[0].is_number or is_money(values[0].value):
        return None
    if _IS_NO_NAME.match(values[0].name) or (came and _CAME_OF_IT.match(came) is None):
        return None
    stated = Stated(values[0].name, clause.start, clause.end, {"target": values[0].value}, is_labelled=True)
    stated.came_of_it = came or (did.group().removesuffix("了") if did is not None else "")
    return stated
