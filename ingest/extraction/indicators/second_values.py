"""Clauses that name nothing new: what came of a value before them, or the target it is measured by."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.indicators.column_labels import BEFORE_VALUE, Clause, without_scope
from ingest.extraction.indicators.named_values import (
    AROUND_NAME,
    BEHIND_VALUE,
    DATE,
    ITEM_MARK,
    NamedValue,
    value_at_end,
    value_pattern,
    without_year,
)
from ingest.extraction.indicators.stated import Stated, has_digit, is_money
from ingest.lexicon import Lexicon

_SHORTEST_VERB = 2
_LENGTH_OF_AN_END = 2
_BOUND_BEHIND = re.compile("(?:及?以[上下内]|之?[内前]|左右)$")
_PER_DAY = re.compile("每[天日周月]|[日周月]均")
_AS_SET = re.compile(
    "^(?:与|和|同)(?:年度|年初|全年|原定?|既定|设定|预期|下达|批复){0,2}的?(?:计划|目标|任务|指标|绩效目标)(?:任务)?[数值量]?"
    "(?:相同|一致|持平|相[符等]|吻合)$"
)
_OF_ALL = re.compile(r"^(?:均|都|全部|各项)")


def takes_result(found: list[Stated], clause: Clause, lexicon: Lexicon) -> bool:
    """`…491米，已完成`, `…各3500元，均未突破`, `应发放1200户，已发放1196户`: what came of the values before."""
    if not found or not _awaits_result(found[-1]):
        return False
    words = clause.text.strip(AROUND_NAME).rstrip(BEHIND_VALUE)
    if lexicon.canonical("done", words) is not None:
        told = [stated for stated in found if _awaits_result(stated)] if _OF_ALL.match(words) else found[-1:]
        # Of works that are 均已完成 the quantities are what was done.
        is_list_done = len(told) > 1 and words.endswith("完成")
        for stated in () if is_list_done else told:
            stated.values["actual"], stated.end = words, clause.end
        return True
    if has_digit(found[-1].values.get("target", "")) and _falls_short(words, lexicon):
        found[-1].values["actual"], found[-1].end = words, clause.end
        return True
    if is_money(found[-1].bare_text()):
        return False
    again = _value_again(words, found[-1].name, lexicon)
    if again is None and (again := _value_of_promise(words, found[-1], lexicon)) is not None:
        found[-1].is_doubtful = True
    if again is not None:
        found[-1].values["actual"], found[-1].end = again, clause.end
    return again is not None


def _falls_short(words: str, lexicon: Lexicon) -> bool:
    """`部分案件超期`: a part of what was promised, and what came of it."""
    is_told = lexicon.leading("partly", words) is not None and lexicon.trailing("came_of_part", words) is not None
    return is_told and not has_digit(words)


def _awaits_result(stated: Stated) -> bool:
    """Whether it has a value without a label, or a labelled target, and nothing was said of what came of it."""
    has_target = has_digit(stated.values.get("target", ""))
    return "actual" not in stated.values and (stated.bare is not None or has_target)


def takes_results(found: list[Stated], clause: Clause, lexicon: Lexicon) -> bool:
    """`计划新建86座、改造34座，实际建成79座、改造34座`: as many results as promises before, each in its unit."""
    pieces = clause.text.strip(AROUND_NAME).rstrip(BEHIND_VALUE).split("、")
    open_ones = found[-len(pieces) :]
    begins = clause.labels[0].canonical == "actual" if clause.labels else _tells_result(pieces[0], lexicon)
    if len(pieces) == 1 or len(open_ones) != len(pieces) or not begins or len(clause.labels) > 1:
        return False
    pieces = _in_order_of_names(pieces, open_ones)
    values = [value_at_end(fold(piece), lexicon) for piece in pieces]
    fits = [
        _awaits_result(stated) and value is not None and unit_of(value.group()) == unit_of(promised(stated))
        for stated, value in zip(open_ones, values, strict=True)
    ]
    if not all(fits):
        return False
    for stated, value, piece in zip(open_ones, values, pieces, strict=True):
        stated.is_labelled = stated.is_doubtful = bool(clause.labels)
        stated.values["actual"], stated.end = piece[value.start() if value is not None else 0 :], clause.end
    return True


def _in_order_of_names(pieces: list[str], promises: list[Stated]) -> list[str]:
    """Results in the order of what was promised: 计划泵站3座、闸门4座，实际闸门4座、泵站2座."""
    ends = [stated.name[-_LENGTH_OF_AN_END:] for stated in promises]
    places = [[place for place, piece in enumerate(pieces) if end in piece] for end in ends]
    named = [found[0] for found in places if len(found) == 1]
    return [pieces[place] for place in named] if len(set(named)) == len(pieces) else pieces


def _tells_result(words: str, lexicon: Lexicon) -> bool:
    """Whether words begin as what came of something does: 实际, 已建成."""
    return any(lexicon.leading(role, without_year(words)) is not None for role in ("actual_lead", "reached_verb"))


def unit_of(value: str) -> str:
    """The last character of what a value is counted in: 户 of 3000户以上."""
    return _BOUND_BEHIND.sub("", value)[-1:]


def is_of_unit(stated: Stated, words: str) -> bool:
    """Whether words end with a quantity in the unit of what was just counted."""
    counted = stated.values.get("actual") or promised(stated)
    return bool(counted) and unit_of(counted) == unit_of(words)


def promised(stated: Stated) -> str:
    return stated.values.get("target") or stated.bare_text()


def takes_value_of_same_name(found: list[Stated], named: NamedValue) -> bool:
    """`计划改造7所，安装喷淋7套，截至年底改造7所，安装喷淋7套`: what is named a second time tells what came of it."""
    if found and _is_rate_of(found[-1], named):
        found[-1].values["actual"], found[-1].is_doubtful = named.value, True
        return True
    again = next((one for one in found if _is_same_thing(one.name, named.name) and _awaits_result(one)), None)
    if (
        again is None
        or not named.is_number
        or is_money(named.value)
        or unit_of(promised(again)) != unit_of(named.value)
    ):
        return False
    again.values["actual"] = named.value
    again.is_doubtful = True
    return True


def _is_rate_of(stated: Stated, named: NamedValue) -> bool:
    """`拨付及时率目标为100%，实际晚20天，及时率为80%`: the end of a rate's name with a value of its unit."""
    is_end = named.name.endswith("率") and stated.name.endswith(named.name)
    reached = stated.values.get("actual", "")
    is_share = "%" in named.value and "%" in stated.values.get("target", "")
    return is_end and is_share and "%" not in reached and stated.name != named.name


def _is_same_thing(name: str, other: str) -> bool:
    """烟感报警器 and 安装烟感报警器: one may say the verb that the other leaves out."""
    shorter, longer = sorted((name, other), key=len)
    return longer.endswith(shorter) and len(longer) - len(shorter) <= _SHORTEST_VERB < len(shorter)


def takes_target(found: list[Stated], clause: Clause, lexicon: Lexicon) -> bool:
    """`清理枯木3.4万株，为任务数3.5万株的97%`, `满意度94%，高于90%的目标值`: the target the value is measured by.

    It is the value itself in `演出24场，与年初计划数相同`.
    """
    if not found:
        return False
    words = fold(clause.text.strip(AROUND_NAME).rstrip(BEHIND_VALUE))
    is_of_all = _OF_ALL.match(words) is not None
    words = _OF_ALL.sub("", words)
    match = _against(lexicon).match(words)
    is_equal = _AS_SET.match(words) is not None
    told = found if is_of_all else found[-1:]
    open_ones = [stated for stated in told if stated.bare is not None and "target" not in stated.values]
    if not (match or is_equal) or not open_ones or open_ones[-1] is not found[-1]:
        return False
    target = next(filter(None, match.groupdict().values())) if match is not None else ""
    # 改造100户，完成90%的目标 gives a share of the goal and not the goal.
    is_share = any(("%" in stated.bare_text()) != ("%" in target) for stated in open_ones) and not is_equal
    for stated in () if is_share else open_ones:
        stated.values["target"], stated.end = target or stated.bare_text(), clause.end
        stated.values.setdefault("actual", stated.bare_text())
        stated.is_labelled = True
        stated.is_doubtful = is_equal
    return True


@lru_cache(maxsize=8)
def _against(lexicon: Lexicon) -> re.Pattern[str]:
    value = value_pattern(lexicon).pattern
    set_by = "[省市县区部国]定|(?:[省市县区]级?|上级|分解)下达"
    when = rf"(?:年度|年初|全年|全年度|原定?|既定|设定|预期|下达|规定|确定|批复|计划|{set_by}){{0,3}}的?"
    goal = r"(?:目标值?|目标任务|(?:[\u4e00-\u9fff]{2})?任务[数量]?|计划[数值]?|要求|标准|指标值?|[时期]限|预期|预计)"
    missed = "[没未]有?能?[达完]到?成?|未能?[达完]到?成?|未?实现"
    with_ease = "[超圆顺全如按][额满利面期时]完成"
    beyond = rf"远?(?:{with_ease}|高于|低于|优于|早于|晚于|少于|{missed}|达到|完成|不低于|与|较|比)了?"
    beyond_it = f"(?:{beyond}|远?(?:超过|超出|超)了?)"
    return re.compile(
        rf"^(?:占|为|是|达到?|完成了?)?{when}{goal}(?P<task>{value})的{value}$"
        rf"|^{beyond_it}{when}(?P<goal>{value}|{DATE})的?{when}{goal}$"
        # 超目标50个 tells by how many; 超过目标（50个） tells the target.
        rf"|^(?:{beyond}{when}{goal}|{beyond_it}{when}{goal}(?=[（(]))[（(]?(?P<measure>{value})[)）]?.{{0,10}}$"
        rf"|^(?:高于|低于|优于)了?{when}{goal}的(?P<expected>{value})$"
        rf"|^[比较]{when}(?P<set>{value})的?{when}{goal}[多少高低超增减][^\d]{{0,3}}{value}$"
        rf"|^超[过出额]了?{when}{goal}?的(?P<stated>{value})$"
        rf"|^[比较]{when}{goal}?的?(?P<known>{value})[多少高低]了?{value}$"
        rf"|^[比较]{when}{goal}?的?(?P<due>{DATE})(?:提[前早]|推[迟后]|延[后迟]|[早晚])了?.{{0,8}}$"
    )


def is_promise(words: str, name: str, lexicon: Lexicon) -> bool:
    """Whether a clause says of its name that it was to be done: `全县计划改造…`, `应配备…`; 应免畜禽密度 is a name."""
    lead = lexicon.leading("promise_lead", without_scope(ITEM_MARK.sub("", words), lexicon))
    return lead is not None and not name.startswith(lead.wording)


def _value_of_promise(words: str, stated: Stated, lexicon: Lexicon) -> str | None:
    """`批复购置压缩车6辆，到位6辆`, `应换发社保卡6万张，换发5万张`: what came of a promise, counted in its unit."""
    promised = stated.bare_text() if stated.is_promised else stated.values.get("target", "")
    value = value_at_end(fold(words), lexicon)
    if not promised or value is None or unit_of(value.group()) != unit_of(promised):
        return None
    said = words[: value.start()]
    if lexicon.leading("reached_verb", said) is None:
        said = without_scope(said, lexicon)
    lead = lexicon.leading("reached_verb", said)
    # 仅建成1座: one such word may lead to another.
    again = lexicon.leading("reached_verb", said[lead.end :]) if lead is not None else None
    rest = said[sum(word.end for word in (lead, again) if word is not None) :].rstrip("了为达到至有")
    is_same = rest in stated.name if lead is not None else len(rest) >= _SHORTEST_VERB and rest in stated.name
    return words[value.start() :] if is_same else None


def _value_again(words: str, name: str, lexicon: Lexicon) -> str | None:
    """The value of a clause that names nothing new: `经回访为96%`, `已发放1196户` behind `应发放1200户`."""
    # 每天接待45人次，全年累计接待1.6万人次: so many a day are no target of the year.
    if lexicon.leading("actual_lead", without_year(words)) is None or _PER_DAY.search(name) is not None:
        return None
    rest = BEFORE_VALUE.sub("", without_scope(words, lexicon))
    value = value_at_end(fold(rest), lexicon)
    if value is None:
        return None
    verb = without_scope(rest[: value.start()], lexicon).rstrip("了为达到至有")
    return rest[value.start() :] if not verb or verb in name else None
