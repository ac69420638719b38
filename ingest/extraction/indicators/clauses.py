"""What one sentence says about indicators: names with a target, an actual value and points.

A value is told by a label (`改造长度目标126.5延米，实际127.2延米`) or stands right behind its name (`新建公厕15个`;
see `named_values`). A second value of the same name is what was reached: `满意度95%，经回访为96%`. One in brackets is
the other side: `资助人数1926人次（目标1900人次）`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ingest.characters import fold
from ingest.extraction.indicators.named_values import (
    AROUND_NAME,
    BEHIND_VALUE,
    ITEM_MARK,
    LONGEST_NAME,
    NamedValue,
    bare_name,
    outcome_at_end,
    read_named_values,
    split_names,
    units,
    value_pattern,
    without_year,
)
from ingest.lexicon import Hit, Lexicon

Side = Literal["target", "actual"]

_COMMA = re.compile(r"(?<!\d)[，,]|[，,](?!\d{3}(?!\d))|。(?=.)")
_BEFORE_VALUE = re.compile(r"^[\s:：为是了于]+")
_BREAKS = frozenset("，,；;、:：（( )）")
# 年初指标值 is nothing but a label; 得分 inside a sentence may be plain words.
_LONG_LABEL = 5
_TIME = re.compile(
    r"^(?:20\d\d年|\d{1,2}月|全年|[一二三四]季度|当年|年[底内末]|每[年月季]|[\u4e00-\u9fff]{2,6}后\d+(?:个工作)?[日天月])"
)
_WITHOUT_NUMBER = re.compile(r"^[十百千万亿]{1,2}")
_SHARE_OF_IT = re.compile(r"的\s*\d+(?:\.\d+)?[%％]")
_IN_WORDS = re.compile(r"[一二三四五六七八九十百]{1,5}")
# 改造目标0.8万亩，实际改造0.83万亩 says the verb twice; 最高 and the like belong to the value.
_VERB_AGAIN = re.compile(
    r"^(?!最|不|超|约|近|每|平均|全|较|稳定在|保持在)(?:[\u4e00-\u9fff]{2,4}?(?=[一二三四五六七八九十])|[\u4e00-\u9fff]{2,4})"
)
# 提升群众获得感 is a second aim; 已验收, 按时发放, 达到预期 tell what came of the first.
_CAME_OF_IT = re.compile(r"^(?:已|均已|按|全部|达到|达成|基本达到|未)|(?:合格|完成|达标|到位)$")
_MEASURED_BY = frozenset("比较超与距离")
_COMPARES = re.compile("不?[高低]于")
_OF_ALL = re.compile(r"^(?:均|都|全部|各项)")
_THING_BEHIND_LABELS = re.compile(
    r"^(?:年度|年初)?(?:目标|计划|任务|预期)(?P<thing>[^\d值数为：:，]{1,12}?数?)[为:：]?(?P<target>\d[^，,]*|不[少低]于[^，,]+)"
    r"[，,]实际(?:完成)?(?P<name>[^\d值为：:，]{2,16}?)[为:：]?(?P<actual>\d[^，,；;。]*)[；;。]?$"
)
_NAME_WITH_TARGET = re.compile(
    r"^\s*(?P<name>[^\d（(：:，,][^（(：:，,]{1,28})[（(](?:目标值?|年度目标值?|指标值|计划)?[:：]?(?P<target>[^（()）]{1,16})[)）][:：]"
)
# 按上级要求，任务115户: why it is done is no name.
_BY_WHAT = re.compile(r"^\s*(?:按照?|根据|依据|为了?|因|由于|对照|经)")
_NO_VALUE = re.compile(r"^因|^由于|无法|未开展|未统计|暂[无未]")
_LIST_OF_NUMBERS = re.compile(r"\d+(?:\.\d+)?[、和]\d")
_BEFORE_NUMBER = re.compile(r"^(?:分别[为是达到]+|最高|最低|约|近)")
_EACH = re.compile(r"^分别[为是达到]+")
_POINTS = re.compile(r"\s*[（(]\s*(?:满分|分值)?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）]")
_ASIDE = re.compile(r"[（(][^（）()]*[)）]$")
_TASK = r"(?:任务|计划|目标|指标)(?:任务)?(?:数|量)?(?:是|为|共|完成)?"
_SURVEYED = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12}满意[度率])(?:问卷|抽样|情况)?调查")
_FUND = re.compile(r"(?:资金|经费|拨款|配套|预算|投资|投入|补助|补贴)(?:总?[数额]|总?金额)?$")
_EARNED = re.compile("节约|节省|节支|增收|收入$|产值|产量|销售|营业额|营收|利润|税收|收益|效益|成交额|交易额")
_SHORTEST_NAME = 2
_LONGEST_WORDS_FOR_A_VALUE = 16
_MONEY_UNIT = re.compile(r"[万亿千]?元$|[万亿]$")


@dataclass(slots=True)
class Stated:
    """One indicator as a sentence states it; `start`/`end` are offsets in the sentence.

    `bare` is a value without a label: it is the target when an actual value follows it, else what its context says.
    `is_labelled` tells that the sentence names target or actual value by a column's heading.
    """

    name: str
    start: int
    end: int
    values: dict[str, str] = field(default_factory=dict)
    bare: NamedValue | None = None
    is_labelled: bool = False

    def sets_two_quantities(self) -> bool:
        """Whether a target stands against an actual value and neither is money: plain prose says that of indicators."""
        sides = [self.values.get("target", ""), self.values.get("actual", "")]
        return self.is_no_sum() and all(any(char.isdigit() for char in side) for side in sides)

    def is_no_sum(self) -> bool:
        """Whether a label tells a value that is no money."""
        sides = [self.values.get("target", ""), self.values.get("actual", "")]
        return self.is_labelled and not any(_is_money(side) for side in sides)

    def bare_text(self) -> str:
        """The value without a label, if there is one."""
        return self.bare.value if self.bare is not None else ""

    def is_scored(self) -> bool:
        """Whether it has a target, an actual value and points: nothing but an indicator has these."""
        return {"target", "actual"} <= self.values.keys() and bool({"weight", "score"} & self.values.keys())


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    start: int
    end: int
    labels: tuple[Hit, ...]


def read_clauses(
    text: str,
    lexicon: Lexicon,
    side: Side,
    heading: str | None = None,
    *,
    earns_money: bool = False,
    lists_goals: bool = False,
) -> list[Stated]:
    """The indicators of a sentence in its order.

    Args:
        text: the sentence.
        lexicon: wordings.
        side: what a value without a label is.
        heading: the heading above the sentence, if it is the name of what `目标20座，实际20座` speaks of.
        earns_money: whether a sum is a result here (年节约电费86万元) and no funding.
        lists_goals: whether the sentence is an item of a list of goals, where a day or a wish is a goal too.
    """
    set_apart = _target_in_brackets(text, lexicon) or _thing_behind_labels(text, lexicon)
    if set_apart is not None:
        return [set_apart]
    found: list[Stated] = []
    name_before: _Clause | None = None
    for clause in _clauses(text, lexicon):
        current = found[-1] if found else None
        begun: list[Stated] = []
        if clause.labels and not _is_set_against(found, clause, lexicon):
            begun = _labelled(clause, name_before, current, text, lexicon)
            if not begun and current is None and heading is not None:
                begun = _labelled_below(heading, clause, text, lexicon)
        elif not clause.labels and not _goes_on(found, clause, lexicon):
            values = read_named_values(clause.text, lexicon)
            # 2025年9月3日完工 is a goal in a list of goals and else an event.
            values = [one for one in values if lists_goals or not clause.text.strip(AROUND_NAME).startswith(one.value)]
            begun = [_begun(one.name, clause, bare=one) for one in values]
        found += begun
        # 任务115户，实际改造农房264户: the name may come with what was reached.
        name_before = None if begun or (clause.labels and found) else clause
    surveyed = _SURVEYED.search(text)
    for stated in found:
        if surveyed is not None and surveyed["name"].endswith(stated.name):
            stated.name = surveyed["name"]
    finished = [_finished(stated, side, lists_goals=lists_goals) for stated in found]
    told = [
        stated
        for stated in finished
        if _says_something(stated, side) or (lists_goals and _is_wish(stated)) or (earns_money and _is_earned(stated))
    ]
    return [one for stated in told for one in _one_each(stated)]


def _target_in_brackets(text: str, lexicon: Lexicon) -> Stated | None:
    """`建造工期（≤14个月）：13个月`: the target in brackets behind the name, what was reached behind the colon."""
    match = _NAME_WITH_TARGET.match(fold(text)) if "：" in text or ":" in text else None
    if match is None or not _is_value(match["target"], lexicon):
        return None
    target, actual = text[slice(*match.span("target"))], _first_clause(text[match.end() :])
    actual = re.sub("^(?:已|实际)(?:建成|完成|达到?)|^实际", "", actual)
    if not actual or not (any(char.isdigit() for char in actual) or outcome_at_end(actual, lexicon)):
        return None
    name = bare_name(text[slice(*match.span("name"))])
    return Stated(name, match.start("name"), len(text), {"target": target.strip(), "actual": actual}, is_labelled=True)


def _thing_behind_labels(text: str, lexicon: Lexicon) -> Stated | None:
    """`目标人数650人，实际补贴人数671人`: what is counted stands behind both labels, in full behind the second."""
    bare = ITEM_MARK.sub("", text)
    match = _THING_BEHIND_LABELS.match(fold(bare))
    if match is None or not match["name"].endswith(match["thing"]):
        return None
    if not (_is_value(match["target"], lexicon) and _is_value(match["actual"], lexicon)):
        return None
    values = {"target": match["target"], "actual": match["actual"]}
    return Stated(match["name"], len(text) - len(bare), len(text), values, is_labelled=True)


def _first_clause(text: str) -> str:
    return _COMMA.split(text)[0].strip(AROUND_NAME).rstrip(BEHIND_VALUE)


def _is_value(text: str, lexicon: Lexicon) -> bool:
    """Whether a whole text is a number with a unit; points (5分) are none."""
    return not text.endswith("分") and value_pattern(lexicon).fullmatch(fold(text.strip())) is not None


def names_and_outcome(text: str, lexicon: Lexicon) -> Stated | None:
    """`质量指标：确保天桥质量，已完成`: behind a level's name, two short clauses are a name and what came of it."""
    parts = _COMMA.split(text.rstrip(BEHIND_VALUE))
    if len(parts) != 2 or any(char.isdigit() for char in text):
        return None
    name, outcome = (part.strip(AROUND_NAME) for part in parts)
    tells = lexicon.canonical("done", outcome) is not None or _CAME_OF_IT.search(outcome) is not None
    if not _SHORTEST_NAME <= len(name) <= LONGEST_NAME or len(outcome) > _LONGEST_WORDS_FOR_A_VALUE or not tells:
        return None
    return Stated(name, 0, len(text), {"actual": outcome})


def _begun(name: str, clause: _Clause, bare: NamedValue | None = None, start: int | None = None) -> Stated:
    """A new indicator; points in brackets behind its name are its weight."""
    points = _POINTS.search(name)
    values = {"weight": points["points"]} if points is not None else {}
    return Stated(bare_name(_POINTS.sub("", name)), clause.start if start is None else start, clause.end, values, bare)


# ---------- clauses and their labels


def _clauses(text: str, lexicon: Lexicon) -> Iterator[_Clause]:
    labels = _labels(text, lexicon)
    at_labels = [label.start - 1 for label in labels if label.start and text[label.start - 1] in "（(、"]
    breaks = sorted({*(match.start() for match in _COMMA.finditer(text)), *at_labels})
    start = 0
    for end in (*breaks, len(text)):
        mine = tuple(label for label in labels if start <= label.start < end)
        if text[start:end].strip(AROUND_NAME):
            yield _Clause(text[start:end], start, end, mine)
        start = end + 1


def _labels(text: str, lexicon: Lexicon) -> list[Hit]:
    """Headings of columns in the sentence, and short words for them (目标, 实际) right before a value."""
    labels = [
        hit
        for hit in lexicon.find("column", text)
        if not _is_measured_by(hit, text)
        if hit.start == 0
        or text[hit.start - 1] in _BREAKS
        or len(hit.wording) >= _LONG_LABEL
        or hit.wording.endswith("值")
        or _leads(hit, text, lexicon)
    ]
    taken = [(label.start, label.end) for label in labels]
    for hit in lexicon.find("prose_column", text):
        is_free = all(hit.end <= start or end <= hit.start for start, end in taken)
        may_lead_words = hit.canonical == "actual" and hit.wording.startswith("实际") and "完成" not in hit.wording
        fits = hit.canonical != "actual" or _begins_clause(hit, text, lexicon)
        if is_free and fits and (may_lead_words or _leads(hit, text, lexicon)):
            labels.append(hit)
    return sorted(labels, key=lambda label: label.start)


def _is_measured_by(hit: Hit, text: str) -> bool:
    """比目标值高2个百分点 speaks of a column and gives no value of it."""
    return hit.start > 0 and text[hit.start - 1] in _MEASURED_BY


def _begins_clause(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """Whether nothing but words such as 全市 or 年底 stands between the label and the comma before it."""
    begin = max(text.rfind(sign, 0, hit.start) for sign in "，,（(、。")
    return begin >= 0 and not _without_scope(text[begin + 1 : hit.start], lexicon)


def _without_scope(text: str, lexicon: Lexicon) -> str:
    """A text without the words in front that only say where, when or how it was found: 全县, 截至年底, 经回访."""
    rest = without_year(text.strip(AROUND_NAME))
    while (scope := lexicon.first("scope", rest)) is not None and scope.start == 0:
        rest = rest[scope.end :].strip(AROUND_NAME)
    return rest


def _leads(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """Whether a value stands right behind the word."""
    behind = _BEFORE_NUMBER.sub("", _BEFORE_VALUE.sub("", fold(text[hit.end : hit.end + 24])))
    words = re.split("[，,。；;（()）]", behind)[0]
    outcome = outcome_at_end(words, lexicon)
    return (
        bool(_TIME.match(behind))
        or value_pattern(lexicon).match(behind) is not None
        or _LIST_OF_NUMBERS.match(behind) is not None
        or (outcome is not None and outcome.start() == 0)
        or lexicon.canonical("outcome_verb", words) is not None
    )


def _labelled(
    clause: _Clause, name_before: _Clause | None, current: Stated | None, text: str, lexicon: Lexicon
) -> list[Stated]:
    """Put the labelled values of a clause where they belong; the indicators that begin with it are returned."""
    first = clause.labels[0]
    is_side = first.canonical in ("target", "actual")
    name = bare_name(clause.text[: first.start - clause.start])
    name = name if _without_scope(name, lexicon) else ""
    begun: list[Stated] = []
    if len(name) >= _SHORTEST_NAME and (current is None or is_side):
        # 合格率：≥98% 完成值98%: the comma between the two values is lost.
        before = read_named_values(name, lexicon) if first.canonical == "actual" else []
        is_value = len(before) == 1 and before[0].is_number
        begun = [_begun(before[0].name, clause, bare=before[0]) if is_value else _begun(name, clause)]
    elif not name and name_before is not None and (task := _task_done(clause, name_before, lexicon)) is not None:
        return [task]
    elif is_side and name_before is not None and not _lacks(current, first.canonical):
        name = bare_name(name_before.text) if _BY_WHAT.match(name_before.text) is None else ""
        name = name if _without_scope(name, lexicon) else ""
        is_value = re.search(rf"{value_pattern(lexicon).pattern}$", fold(name)) is not None
        # 因灾情严重，实际改造数超过任务: a word in a sentence is no label.
        is_label = first.canonical == "target" or first.wording.endswith("值") or _leads(first, text, lexicon)
        if len(name) >= _SHORTEST_NAME and is_label and not is_value:
            begun = [_begun(name, clause, start=name_before.start)]
    stated = begun[0] if begun else current
    if stated is not None:
        _fill(stated, clause, text, lexicon)
    return begun


def _task_done(clause: _Clause, before: _Clause, lexicon: Lexicon) -> Stated | None:
    """`2022年任务115户，实际完成农村危房改造264户`: the name stands with what was reached."""
    label = clause.labels[0]
    task = re.search(rf"{_TASK}(?P<value>{value_pattern(lexicon).pattern})$", fold(before.text.rstrip(BEHIND_VALUE)))
    if label.canonical != "actual" or task is None:
        return None
    values = read_named_values(clause.text[label.end - clause.start :], lexicon)
    if len(values) != 1 or not values[0].is_number or values[0].value[-1] != task["value"][-1]:
        return None
    reached = {"target": task["value"], "actual": values[0].value}
    return Stated(values[0].name, before.start, clause.end, reached, is_labelled=True)


def _labelled_below(heading: str, clause: _Clause, text: str, lexicon: Lexicon) -> list[Stated]:
    """`（1）改造农村公路：目标10公里，实际10公里`: the heading is the name."""
    if clause.labels[0].canonical != "target" or clause.text[: clause.labels[0].start - clause.start].strip():
        return []
    stated = _begun(heading, clause)
    _fill(stated, clause, text, lexicon)
    return [stated]


def _fill(stated: Stated, clause: _Clause, text: str, lexicon: Lexicon) -> None:
    """Give an indicator the labelled values of a clause."""
    ends = [label.start for label in clause.labels[1:]] + [clause.end]
    for label, end in zip(clause.labels, ends, strict=True):
        value = _value_behind(label, text[label.start : end], stated.name, lexicon)
        if value and label.canonical not in stated.values:
            stated.values[label.canonical] = value
        stated.is_labelled = stated.is_labelled or label.canonical in ("target", "actual")
        stated.end = clause.end


def _value_behind(label: Hit, text: str, name: str, lexicon: Lexicon) -> str | None:
    """The value behind a label that begins `text`; a value that lost its number (目标值万亩) is none."""
    value = _BEFORE_VALUE.sub("", text[label.end - label.start :]).rstrip(BEHIND_VALUE)
    if value.endswith((")", "）")) and not re.search("[(（]", value):
        value = value[:-1]
    is_side = label.canonical in ("target", "actual")
    if is_side and _NO_VALUE.search(value):
        return None
    if is_side and (_WITHOUT_NUMBER.sub("", value) in units(lexicon) or _SHARE_OF_IT.search(value)):
        return None
    if label.canonical != "actual" or label.wording.endswith("值"):
        return value
    value = _BEFORE_VALUE.sub("", _without_name(value, name))
    if not any(char.isdigit() for char in value) and _IN_WORDS.search(value) is None:
        return value if _is_value_in_words(label, value, lexicon) else text.rstrip(BEHIND_VALUE)
    verb = _VERB_AGAIN.match(value)
    behind = value[verb.end() :] if verb is not None else ""
    repeats_verb = value_pattern(lexicon).fullmatch(_IN_WORDS.sub("1", fold(behind), count=1)) is not None
    return behind if repeats_verb else value


def _without_name(value: str, name: str) -> str:
    """`完成时间…，实际完成时间2023年10月` says the end of the name again."""
    for length in range(min(len(name), len(value) - 1), 1, -1):
        if value.startswith(name[-length:]) and (value[length] in "为是在于：:" or value[length].isdigit()):
            return value[length:]
    return value


def _is_value_in_words(label: Hit, value: str, lexicon: Lexicon) -> bool:
    """实际按该标准发放 is one statement; 实际稳步提升 and 实际完成基本健全 are a label with its value."""
    outcome = outcome_at_end(value, lexicon)
    is_outcome = outcome is not None and outcome.start() == 0
    return (
        "完成" in label.wording
        or "达到" in label.wording
        or is_outcome
        or lexicon.canonical("outcome_verb", value) is not None
        or _COMPARES.match(value) is not None
    )


def _lacks(stated: Stated | None, column: str) -> bool:
    return stated is not None and column not in stated.values


# ---------- clauses that go on with what was named before


def _goes_on(found: list[Stated], clause: _Clause, lexicon: Lexicon) -> bool:
    """`…491米，已完成`, `…各3500元，均未突破`, `应发放1200户，已发放1196户`: what came of the values before."""
    if _is_set_against(found, clause, lexicon):
        return True
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
    if _is_money(found[-1].bare_text()):
        return False
    again = _value_again(words, found[-1].name, lexicon)
    if again is not None:
        found[-1].values["actual"], found[-1].end = again, clause.end
    return again is not None


def _is_set_against(found: list[Stated], clause: _Clause, lexicon: Lexicon) -> bool:
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
    lead = lexicon.first("actual_lead", words)
    if lead is None or lead.start > 0:
        return None
    rest = _BEFORE_VALUE.sub("", _without_scope(words, lexicon))
    value = re.search(rf"(?P<value>{value_pattern(lexicon).pattern})$", fold(rest))
    if value is None:
        return None
    verb = _without_scope(rest[: value.start()], lexicon).rstrip("了为达到至有")
    return rest[value.start() :] if not verb or verb in name else None


# ---------- what the whole sentence says


def _finished(stated: Stated, side: Side, *, lists_goals: bool) -> Stated:
    """A value without a label is the target when an actual value stands behind it, and the other way round."""
    if stated.bare is not None:
        column = side
        if "actual" in stated.values:
            column = "target"
        elif "target" in stated.values or not (stated.bare.is_number or lists_goals):
            column = "actual"
        stated.values.setdefault(column, stated.bare.value)
        is_work_done = stated.name.startswith("完成") and not stated.name.endswith(("率", "度", "时间", "数", "量"))
        if column == "actual" and is_work_done and len(stated.name) > _SHORTEST_NAME + 2:
            stated.name = stated.name.removeprefix("完成")
    return stated


def _says_something(stated: Stated, side: Side) -> bool:
    """Points alone are no indicator, and a sum behind a name is funding unless it is set against another sum.

    One label before mere words (目标值见附表) says nothing either, nor a wish among goals.
    """
    sides = [stated.values[column] for column in ("target", "actual") if column in stated.values]
    if stated.is_labelled and len(sides) == 1 and not any(char.isdigit() for char in sides[0]):
        return False
    if stated.bare is None:
        return stated.is_labelled or bool(sides)
    if not stated.bare.is_number and len(sides) == 1:
        return side == "actual" and _is_outcome(stated)
    if not _is_money(stated.bare.value):
        return bool(sides)
    if _FUND.search(stated.name):
        return False
    return "target" in stated.values and any(char.isdigit() for char in stated.values.get("actual", ""))


def _is_wish(stated: Stated) -> bool:
    """`居民投诉量明显减少`, `2024年11月底前完成竣工验收` as an item among goals."""
    return stated.bare is not None and not stated.bare.is_number and set(stated.values) == {"target"}


def _is_earned(stated: Stated) -> bool:
    """`年节约电费86万元`; any other sum stays funding."""
    return stated.bare is not None and stated.bare.is_number and _EARNED.search(stated.name) is not None


def _is_outcome(stated: Stated) -> bool:
    """Whether the one value is an outcome in words; a time or a comparison alone is narrative."""
    return stated.bare is not None and not any(char.isdigit() for char in stated.bare.value)


def _is_money(value: str) -> bool:
    return _MONEY_UNIT.search(_ASIDE.sub("", value)) is not None


def _one_each(stated: Stated) -> list[Stated]:
    """`行政村、自然村目标值分别为48、91个`: as many indicators as there are names, if each has its value."""
    if not any(_EACH.match(value) for value in stated.values.values()):
        return [stated]
    names = split_names(stated.name)
    shares = {column: split_names(_EACH.sub("", value)) for column, value in stated.values.items()}
    if any(len(share) != len(names) for share in shares.values()):
        return [stated]
    return [
        Stated(
            name,
            stated.start,
            stated.end,
            {column: share[place] for column, share in shares.items()},
            is_labelled=stated.is_labelled,
        )
        for place, name in enumerate(names)
    ]
