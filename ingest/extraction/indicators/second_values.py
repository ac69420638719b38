"""Clauses that name nothing new: what came of a value before them, or the target it is measured by."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.indicators.column_labels import BEFORE_VALUE, Clause, without_scope
from ingest.extraction.indicators.named_values import AROUND_NAME, BEHIND_VALUE, value_at_end, value_pattern
from ingest.extraction.indicators.stated import Stated, is_money
from ingest.lexicon import Lexicon

_OF_ALL = re.compile(r"^(?:均|都|全部|各项)")


def takes_result(found: list[Stated], clause: Clause, lexicon: Lexicon) -> bool:
    """`…491米，已完成`, `…各3500元，均未突破`, `应发放1200户，已发放1196户`: what came of the values before."""
    open_ones = [stated for stated in found if stated.bare is not None and "actual" not in stated.values]
    if not open_ones or open_ones[-1] is not found[-1]:
        return False
    words = clause.text.strip(AROUND_NAME).rstrip(BEHIND_VALUE)
    if lexicon.canonical("done", words) is not None:
        # Of works that are 均已完成 the quantities are what was done.
        is_list_done = len(open_ones) > 1 and _OF_ALL.match(words) is not None and words.endswith("完成")
        told = open_ones if _OF_ALL.match(words) else open_ones[-1:]
        for stated in () if is_list_done else told:
            stated.values["actual"], stated.end = words, clause.end
        return True
    if is_money(found[-1].bare_text()):
        return False
    again = _value_again(words, found[-1].name, lexicon)
    if again is not None:
        found[-1].values["actual"], found[-1].end = again, clause.end
    return again is not None


def takes_target(found: list[Stated], clause: Clause, lexicon: Lexicon) -> bool:
    """`清理枯木3.4万株，为任务数3.5万株的97%`, `满意度94%，高于90%的目标值`: the target the value is measured by."""
    match = _against(lexicon).match(fold(clause.text.strip(AROUND_NAME).rstrip(BEHIND_VALUE)))
    if match is None or not found or found[-1].bare is None or "target" in found[-1].values:
        return False
    found[-1].values["target"], found[-1].end = match["task"] or match["goal"] or match["measure"], clause.end
    found[-1].values.setdefault("actual", found[-1].bare.value)
    found[-1].is_labelled = True
    return True


@lru_cache(maxsize=8)
def _against(lexicon: Lexicon) -> re.Pattern[str]:
    value = value_pattern(lexicon).pattern
    when = r"(?:年度|年初|全年|全年度|原定?|既定|设定|预期|下达|[省市县区部国]定)?的?"
    goal = r"(?:目标值?|目标任务|任务[数量]?|计划[数值]?|要求|标准|指标值?)"
    beyond = r"(?:高于|超过|超出|低于|优于|早于|少于|达到|不低于|超|与|较|比)了?"
    return re.compile(
        rf"^(?:占|为|是|达到?|完成了?)?{when}{goal}(?P<task>{value})的{value}$"
        rf"|^{beyond}{when}(?P<goal>{value}){when}{goal}$"
        rf"|^{beyond}{when}{goal}[（(]?(?P<measure>{value})[)）]?.{{0,10}}$"
    )


def _value_again(words: str, name: str, lexicon: Lexicon) -> str | None:
    """The value of a clause that names nothing new: `经回访为96%`, `已发放1196户` behind `应发放1200户`."""
    if lexicon.leading("actual_lead", words) is None:
        return None
    rest = BEFORE_VALUE.sub("", without_scope(words, lexicon))
    value = value_at_end(fold(rest), lexicon)
    if value is None:
        return None
    verb = without_scope(rest[: value.start()], lexicon).rstrip("了为达到至有")
    return rest[value.start() :] if not verb or verb in name else None
