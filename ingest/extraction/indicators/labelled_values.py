"""Values that stand behind a label: whose they are, and where they begin and end."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.indicators.column_labels import BEFORE_VALUE, Clause, leads, without_scope
from ingest.extraction.indicators.named_values import (
    AROUND_NAME,
    BEHIND_VALUE,
    DATE,
    NamedValue,
    bare_name,
    is_outcome,
    read_named_values,
    units,
    value_at_end,
    value_pattern,
)
from ingest.extraction.indicators.stated import SIDES, Stated, has_digit
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.lexicon import Hit, Lexicon

_WITHOUT_NUMBER = re.compile(r"^[十百千万亿]{1,2}")
_SHARE_OF_IT = re.compile(r"的\s*\d+(?:\.\d+)?[%％]")
_IN_WORDS = re.compile(r"[一二三四五六七八九十百]{1,5}")
# 改造目标0.8万亩，实际改造0.83万亩 says the verb twice; 最高 and the like belong to the value.
_VERB_AGAIN = re.compile(
    r"^(?!最|[人户亩村社]均|不|超|约|近|每|平均|全|较|稳定在|保持在)(?:[\u4e00-\u9fff]{2,4}?(?=[一二三四五六七八九十])|[\u4e00-\u9fff]{2,4})"
)
_COMPARES = re.compile("不?[高低]于")
# 按上级要求，任务115户: why it is done is no name.
_BY_WHAT = re.compile(
    r"^\s*(?:按照?(?![月季年期时周])|根据|依据|为了|为(?![\u4e00-\u9fff]{2,}[发新提配购建安])|因|由于|对照|经(?!济|营|费))"
)
_OF_ALL = re.compile("(?:各项?|所有|全部|上述|以上|其[他余]|多数|大部分)[\u4e00-\u9fff]{0,6}(?:指标|目标|任务)")
# 当年完工率100%（计划100%）: a rate that is no indicator alone is one with a target.
_RATE_BEFORE = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{2,12}率)(?:为|达到?|是)?(?P<value>[≥≤>]?\d+(?:\.\d+)?%(?:以上|以内|左右)?)$"
)
# 平均通行速度提高10%，实际提高8.7%: the verb belongs to both values.
_CHANGE_BEFORE = re.compile(
    r"^(?P<name>[^\d]{2,24}?)(?P<value>(?P<verb>提[高升]|降低|下降|减少|缩短|增[加长]|压[减缩])了?[≥≤>约]?\d[^，,；;。]*)$"
)
_SIGNS_BEFORE = re.compile(r"^[\s:：为是]+")
_BEHIND_REASON = re.compile(r"^(?:因|由于)[^\d]{2,16}(?:[仅只]?(?:为|有|达到?|完成)了?|[仅只])(?=\d)")
_NO_VALUE = re.compile(r"^因|^由于|无法|未开展|未统计|暂[无未]")
_POINTS = re.compile(rf"\s*{POINTS_IN_BRACKETS.pattern}")
_TASK = r"(?:任务|计划|目标|指标)(?:任务)?(?:数|量)?(?:是|为|共|完成)?"
_DUE_PHRASE = re.compile(
    rf"(?P<promise>(?:原?计划|原定|预计|拟|要求|应当?)[于在]?)?(?P<day>{DATE})(?P<what>[完竣建交通][\u4e00-\u9fff]{{1,5}})$"
)
_OPENING_BRACKET = re.compile("[(（]")
_SHORTEST_NAME = 2
_LONGEST_WORDS = 10


def begun_at(name: str, clause: Clause, bare: NamedValue | None = None, start: int | None = None) -> Stated:
    """A new indicator; points in brackets behind its name are its weight."""
    points = _POINTS.search(name)
    values = {"weight": points["points"]} if points is not None else {}
    # 2022年11月底前完成，实际10月28日完成: the phrase is the name and its day the target.
    due = _DUE_PHRASE.match(fold(name)) if bare is None else None
    if due is not None:
        values["target"] = due["day"]
        name = due["what"] if due["promise"] else name
    return Stated(bare_name(_POINTS.sub("", name)), clause.start if start is None else start, clause.end, values, bare)


def read_labelled_values(
    clause: Clause, name_before: Clause | None, current: Stated | None, text: str, lexicon: Lexicon
) -> list[Stated]:
    """Put the labelled values of a clause where they belong; the indicators that begin with it are returned."""
    first = clause.labels[0]
    is_side = first.canonical in SIDES
    name = _name_in(clause.text[: first.start - clause.start], lexicon)
    begun: list[Stated] = []
    if len(name) >= _SHORTEST_NAME and (current is None or is_side):
        # 合格率：≥98% 完成值98%: the comma between the two values is lost.
        before = read_named_values(name, lexicon) if first.canonical == "actual" else []
        is_value = len(before) == 1 and before[0].is_number
        begun = [begun_at(before[0].name, clause, bare=before[0]) if is_value else begun_at(name, clause)]
        # 重点对象改造任务53户: the name may be 改造任务.
        begun[0].is_doubtful = first.wording.startswith("任务")
    elif not name and name_before is not None and (task := _task_done(clause, name_before, lexicon)) is not None:
        return [task]
    elif is_side and name_before is not None and not _lacks(current, first.canonical):
        if (rate := _RATE_BEFORE.match(fold(name_before.text.strip(AROUND_NAME)))) is not None and not current:
            bare = NamedValue(rate["name"], rate["value"], True)
            begun = [begun_at(rate["name"], clause, bare=bare, start=name_before.start)]
            _fill(begun[0], clause, text, lexicon)
            return begun
        if (changed := _changed_as_promised(clause, name_before, current)) is not None:
            return [changed]
        name = _name_in(name_before.text, lexicon) if _BY_WHAT.match(name_before.text) is None else ""
        is_value = value_at_end(fold(name), lexicon) is not None
        # 因灾情严重，实际改造数超过任务: a word in a sentence is no label.
        is_label = first.canonical == "target" or first.wording.endswith("值") or leads(first, text, lexicon)
        if len(name) >= _SHORTEST_NAME and is_label and not is_value:
            begun = [begun_at(name, clause, start=name_before.start)]
    stated = begun[0] if begun else current
    if stated is not None:
        _fill(stated, clause, text, lexicon)
    return begun


def _changed_as_promised(clause: Clause, before: Clause, current: Stated | None) -> Stated | None:
    """`平均通行速度提高10%，实际提高8.7%`: how far it was to change, and how far it did."""
    label = clause.labels[0]
    promised = _CHANGE_BEFORE.match(bare_name(before.text)) if label.canonical == "actual" and current is None else None
    reached = _SIGNS_BEFORE.sub("", clause.text[label.end - clause.start :]).rstrip(BEHIND_VALUE)
    if promised is None or not reached.startswith(promised["verb"]):
        return None
    values = {"target": promised["value"], "actual": reached}
    return Stated(promised["name"], before.start, clause.end, values, is_labelled=True, is_doubtful=True)


def _name_in(text: str, lexicon: Lexicon) -> str:
    """The name that a text is; empty when it says no more than where or when, or speaks of all indicators."""
    name = bare_name(text).removeprefix("其中")
    # 全年维修路灯目标3200盏; 全年开放天数 is one name, and 全年开放.
    works = name.removeprefix("全年")
    verb = lexicon.leading("works_verb", works)
    name = works if verb is not None and verb.end < len(works) else name
    return name if without_scope(name, lexicon) and _OF_ALL.match(name) is None else ""


def _task_done(clause: Clause, before: Clause, lexicon: Lexicon) -> Stated | None:
    """`2022年任务115户，实际完成农村危房改造264户`: the name stands with what was reached."""
    label = clause.labels[0]
    task = _task(lexicon).search(fold(before.text.rstrip(BEHIND_VALUE))) if label.canonical == "actual" else None
    if task is None:
        return None
    values = read_named_values(clause.text[label.end - clause.start :], lexicon)
    if len(values) != 1 or not values[0].is_number or values[0].value[-1] != task["value"][-1]:
        return None
    reached = {"target": task["value"], "actual": values[0].value}
    return Stated(values[0].name, before.start, clause.end, reached, is_labelled=True)


@lru_cache(maxsize=8)
def _task(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"{_TASK}(?P<value>{value_pattern(lexicon).pattern})$")


def read_values_below(heading: str, clause: Clause, text: str, lexicon: Lexicon) -> list[Stated]:
    """`（1）改造农村公路：目标10公里，实际10公里`: the heading is the name."""
    if clause.labels[0].canonical != "target" or clause.text[: clause.labels[0].start - clause.start].strip():
        return []
    stated = begun_at(heading, clause)
    _fill(stated, clause, text, lexicon)
    return [stated]


def _fill(stated: Stated, clause: Clause, text: str, lexicon: Lexicon) -> None:
    """Give an indicator the labelled values of a clause."""
    ends = [label.start for label in clause.labels[1:]] + [clause.end]
    for label, end in zip(clause.labels, ends, strict=True):
        value = _value_behind(label, text[label.start : end], stated, lexicon)
        if value and label.canonical not in stated.values:
            stated.values[label.canonical] = value
        stated.is_labelled = stated.is_labelled or label.canonical in SIDES
        stated.end = clause.end


def _value_behind(label: Hit, text: str, stated: Stated, lexicon: Lexicon) -> str | None:
    """The value behind a label that begins `text`; a value that lost its number (目标值万亩) is none."""
    value = BEFORE_VALUE.sub("", text[label.end - label.start :]).rstrip(BEHIND_VALUE)
    if value.endswith((")", "）")) and _OPENING_BRACKET.search(value) is None:
        value = value[:-1]
    is_side = label.canonical in SIDES
    if is_side and _NO_VALUE.search(value):
        # 实际因疫情影响仅为83%: the reason stands between.
        behind_reason = _BEHIND_REASON.search(fold(value))
        return value[behind_reason.end() :] if behind_reason is not None else None
    if is_side and (_WITHOUT_NUMBER.sub("", value) in units(lexicon) or _SHARE_OF_IT.search(value)):
        return None
    if label.canonical != "actual" or label.wording.endswith("值"):
        return value
    value = BEFORE_VALUE.sub("", _without_name(value, stated.name))
    if not has_digit(value) and _IN_WORDS.search(value) is None:
        is_value = _is_value_in_words(label, value, lexicon) or _is_in_words(stated.values.get("target", ""))
        return value if is_value else text.rstrip(BEHIND_VALUE)
    verb = _VERB_AGAIN.match(value)
    behind = value[verb.end() :] if verb is not None else ""
    value_of_verb = value_pattern(lexicon).pattern
    repeats_verb = re.fullmatch(f"(?:{value_of_verb}){{1,2}}", _IN_WORDS.sub("1", fold(behind), count=1)) is not None
    return behind if repeats_verb else value


def _without_name(value: str, name: str) -> str:
    """`完成时间…，实际完成时间2023年10月` says the end of the name again."""
    for length in range(min(len(name), len(value) - 1), 1, -1):
        if value.startswith(name[-length:]) and (value[length] in "为是在于：:" or value[length].isdigit()):
            return value[length:]
    return value


def _is_in_words(target: str) -> bool:
    """Whether a target (全部消除) says nothing in numbers, so that what was reached may be any words too."""
    return bool(target) and not has_digit(target) and len(target) <= _LONGEST_WORDS


def _is_value_in_words(label: Hit, value: str, lexicon: Lexicon) -> bool:
    """实际按该标准发放 is one statement; 实际稳步提升 and 实际完成基本健全 are a label with its value."""
    return (
        "完成" in label.wording
        or "达到" in label.wording
        or is_outcome(value, lexicon)
        or lexicon.canonical("outcome_verb", value) is not None
        or lexicon.canonical("done", value) is not None
        or _COMPARES.match(value) is not None
    )


def _lacks(stated: Stated | None, column: str) -> bool:
    return stated is not None and column not in stated.values
