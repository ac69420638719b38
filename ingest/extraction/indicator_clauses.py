"""What one sentence says about indicators: names with a target, an actual value and points.

Three manners are read. Labels: `改造长度目标126.5延米，实际127.2延米`. A value right behind its name: `新建公厕15个`,
`临聘工资应发尽发率、农村道路完好率均达到100%`. An outcome in words: `出行条件明显改善`. Whatever stands second is what was
reached: `应发放1200户，已发放1196户`, `满意度95%，经回访为96%`; in brackets it is the other side: `资助1926人次（目标1900人次）`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ingest.characters import fold
from ingest.lexicon import Hit, Lexicon

Side = Literal["target", "actual"]

ITEM_MARK = re.compile(
    r"^\s*(?:指标\s*\d{1,2}\s*[:：.、]|目标\s*\d{1,2}\s*[:：]|\d{1,2}\s*[)）、.．](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十])[)）]"
    r"|[①-⑳]|第[一二三四五六七八九十]+[,，、]|[一二三四五六七八九]是|[★*])\s*"
)
_COMMA = re.compile(r"(?<!\d)[，,]|[，,](?!\d{3}(?!\d))")
_AROUND_NAME = " \n，,：:；;、（(。的"
_BEFORE_VALUE = re.compile(r"^[\s:：为是了]+")
_BEHIND_VALUE = " \n，,。；;、"
_BREAKS = frozenset("，,；;、:：（( ")
# 年初指标值 is nothing but a label; 得分 inside a sentence may be plain words.
_LONG_LABEL = 5
_NUMBER = r"\d+(?:\.\s?\d+)?(?:,\d{3})*"
_NUMBER_IN_WORDS = r"[一二三四五六七八九十百]{1,5}"
_ABOUT = "(?:约|近|逾|超|超过)?"
# Names count too: 65岁以上老年人, 0-36个月儿童, 12345热线, 三大类2项.
_NUMBER_IN_NAME = r"\d{1,5}(?:[-~—至]\d{1,4})?(?:周?岁|个?月龄?|类|大|项|级|号|种|年级|热线)(?:及?以[上下])?"
_DATE = re.compile(r"^(?:20\d\d年|\d{1,2}月|全年|[一二三四]季度|当年|年底|每[年月季])")
_TIME = (
    r"(?:每[年月季周]度?|(?:20\d\d年度?|当年|次年)?(?:\d{1,2}月份?|第?[一二三四]季度|年)|合同[^，]{2,6}\d+)"
    r"(?:\d{1,2}日|[上中下]旬|底|末)?(?:之?前|以?内)?(?:[完竣发支拨交][\u4e00-\u9fff]{1,3})?"
)
_NAMED_TIME = re.compile(rf"^(?P<name>[^\d]{{2,30}}?)(?:为|在|于)?(?P<value>{_TIME})$")
_YEAR_BEFORE = "(?:上一?年度?|去年|往年|同期|全国|全省|前三年)(?:同期|平均|水平|标准)*"
_COMPARED = re.compile(
    rf"^(?P<name>[^\d]{{3,30}}?)(?P<value>(?:(?:较|比|与){_YEAR_BEFORE}[\u4e00-\u9fff]{{2,6}}|(?:不[高低]于|[高低]于){_YEAR_BEFORE}))$"
)
_WITHOUT_NUMBER = re.compile(r"^[十百千万亿]{1,2}")
# 改造目标0.8万亩，实际改造0.83万亩 says the verb twice; 最高 and the like belong to the value.
_VERB_AGAIN = re.compile(r"^(?!最|不|超|约|近|每|平均|全|较)[\u4e00-\u9fff]{2,4}?(?=[\d一二三四五六七八九十])")
# 提升群众获得感 is a second aim; 已验收, 按时发放, 达到预期 tell what came of the first.
_CAME_OF_IT = re.compile(r"^(?:已|均已|按|全部|达到|达成|基本达到|未)|(?:合格|完成|达标|到位)$")
_TOGETHER = re.compile(r"[均都]")
_OF_ALL = re.compile(r"^(?:均|都|全部|各项)")
_JOINED = re.compile(r"、|(?<=[^、]{2})和(?=[^、]{2,}$)")
_LIST_OF_NUMBERS = re.compile(r"\d+(?:\.\d+)?[、和]\d")
_BEFORE_NUMBER = re.compile(r"^(?:分别[为是达到]+|最高|最低|约|近|控制在)")
_EACH = re.compile(r"^分别[为是达到]+")
_POINTS = re.compile(r"\s*[（(]\s*(?:满分|分值)?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）]")
_ASIDE = re.compile(r"[（(][^（）()]*[)）]")
_SHORTEST_NAME = 2
_LONGEST_NAME = 30
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
    bare: str | None = None
    is_labelled: bool = False

    def sets_two_quantities(self) -> bool:
        """Whether a target stands against an actual value and neither is money: plain prose says that of indicators."""
        sides = [self.values.get("target", ""), self.values.get("actual", "")]
        return all(any(char.isdigit() for char in side) and not _MONEY_UNIT.search(side) for side in sides)


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    start: int
    end: int
    labels: tuple[Hit, ...]


def read_clauses(text: str, lexicon: Lexicon, side: Side) -> list[Stated]:
    """The indicators of a sentence in its order; `side` is what a value without a label is."""
    found: list[Stated] = []
    name_before: _Clause | None = None
    for clause in _clauses(text, lexicon):
        current = found[-1] if found else None
        if clause.labels:
            begun = _labelled(clause, name_before, current, text, lexicon)
        else:
            begun = _with_value(clause, lexicon) or _with_outcome(clause, lexicon)
            if not begun and current is not None and _takes_words(current, clause, lexicon):
                current.values["actual"], current.end = clause.text.rstrip(_BEHIND_VALUE), clause.end
        found += begun
        name_before = None if begun or clause.labels else clause
    finished = [_finished(stated, side) for stated in found]
    return [one for stated in finished if _says_something(stated) for one in _one_each(stated)]


def names_and_outcome(text: str, lexicon: Lexicon) -> Stated | None:
    """`质量指标：确保天桥质量，已完成`: behind a level's name, two short clauses are a name and what came of it."""
    parts = _COMMA.split(text.rstrip(_BEHIND_VALUE))
    if len(parts) != 2 or any(char.isdigit() for char in text):
        return None
    name, outcome = (part.strip(_AROUND_NAME) for part in parts)
    tells = lexicon.canonical("done", outcome) is not None or _CAME_OF_IT.search(outcome) is not None
    if not _SHORTEST_NAME <= len(name) <= _LONGEST_NAME or len(outcome) > _LONGEST_WORDS_FOR_A_VALUE or not tells:
        return None
    return Stated(name, 0, len(text), {"actual": outcome})


# ---------- clauses and their labels


def _clauses(text: str, lexicon: Lexicon) -> Iterator[_Clause]:
    labels = _labels(text, lexicon)
    breaks = [match.start() for match in _COMMA.finditer(text)]
    start = 0
    for end in (*breaks, len(text)):
        mine = tuple(label for label in labels if start <= label.start < end)
        if text[start:end].strip(_AROUND_NAME):
            yield _Clause(text[start:end], start, end, mine)
        start = end + 1


def _labels(text: str, lexicon: Lexicon) -> list[Hit]:
    """Headings of columns in the sentence, and short words for them (目标, 实际) right before a value."""
    labels = [
        hit
        for hit in lexicon.find("column", text)
        if hit.start == 0
        or text[hit.start - 1] in _BREAKS
        or len(hit.wording) >= _LONG_LABEL
        or hit.wording.endswith("值")
        or _leads(hit, text, lexicon)
    ]
    taken = [(label.start, label.end) for label in labels]
    for hit in lexicon.find("prose_column", text):
        is_free = all(hit.end <= start or end <= hit.start for start, end in taken)
        begins_clause = hit.start > 0 and text[hit.start - 1] in "，,"
        may_lead_words = hit.canonical == "actual" and "完成" not in hit.wording
        fits = begins_clause or hit.canonical != "actual"
        if is_free and fits and (may_lead_words or _leads(hit, text, lexicon)):
            labels.append(hit)
    return sorted(labels, key=lambda label: label.start)


def _leads(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """Whether a value stands right behind the word."""
    behind = _BEFORE_NUMBER.sub("", _BEFORE_VALUE.sub("", fold(text[hit.end : hit.end + 24])))
    outcome = lexicon.first("outcome", behind)
    return (
        bool(_DATE.match(behind))
        or _value_pattern(lexicon).match(behind) is not None
        or _LIST_OF_NUMBERS.match(behind) is not None
        or (outcome is not None and outcome.start == 0)
    )


def _labelled(
    clause: _Clause, name_before: _Clause | None, current: Stated | None, text: str, lexicon: Lexicon
) -> list[Stated]:
    """Put the labelled values of a clause where they belong; the indicators that begin with it are returned."""
    first = clause.labels[0]
    name = _bare_name(clause.text[: first.start - clause.start])
    begun: list[Stated] = []
    if len(name) >= _SHORTEST_NAME and (current is None or first.canonical in ("target", "actual")):
        begun = [Stated(name, clause.start, clause.end)]
    elif first.canonical in ("target", "actual") and name_before is not None and not _lacks(current, first.canonical):
        name = _bare_name(name_before.text)
        is_value = re.search(rf"{_value_pattern(lexicon).pattern}$", fold(name)) is not None
        # 因灾情严重，实际改造数超过任务: a word in a sentence is no label.
        is_label = first.canonical == "target" or first.wording.endswith("值") or _leads(first, text, lexicon)
        if len(name) >= _SHORTEST_NAME and is_label and not is_value:
            begun = [Stated(name, name_before.start, clause.end)]
    stated = begun[0] if begun else current
    if stated is None:
        return []
    ends = [label.start for label in clause.labels[1:]] + [clause.end]
    for label, end in zip(clause.labels, ends, strict=True):
        value = _value_behind(label, text[label.start : end], lexicon)
        if value and label.canonical not in stated.values:
            stated.values[label.canonical] = value
        stated.is_labelled = stated.is_labelled or label.canonical in ("target", "actual")
        stated.end = clause.end
    return begun


def _value_behind(label: Hit, text: str, lexicon: Lexicon) -> str | None:
    """The value behind a label that begins `text`; a value that lost its number (目标值万亩) is none."""
    value = _BEFORE_VALUE.sub("", text[label.end - label.start :]).rstrip(_BEHIND_VALUE)
    if value.endswith((")", "）")) and not re.search("[(（]", value):
        value = value[:-1]
    if label.canonical in ("target", "actual") and _WITHOUT_NUMBER.sub("", value) in _units(lexicon):
        return None
    if label.canonical != "actual" or label.wording.endswith("值"):
        return value
    if not any(char.isdigit() for char in value):
        # 实际按该标准发放: only 完成 is nothing but a label there.
        return value if "完成" in label.wording else text.rstrip(_BEHIND_VALUE)
    verb = _VERB_AGAIN.match(value)
    repeats_verb = verb is not None and _value_pattern(lexicon).fullmatch(fold(value[verb.end() :])) is not None
    return value[verb.end() :] if verb is not None and repeats_verb else value


def _lacks(stated: Stated | None, column: str) -> bool:
    return stated is not None and column not in stated.values


def _bare_name(text: str) -> str:
    return ITEM_MARK.sub("", text).strip(_AROUND_NAME)


# ---------- values and outcomes without a label


@lru_cache(maxsize=8)
def _value_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """A number with operator and unit, from the words of the lexicon."""
    operators = _alternatives(word for word in lexicon.wordings("operator") if word != "为")
    behind = _alternatives(lexicon.wordings("operator_behind"))
    units = _alternatives(_units(lexicon))
    unit = rf"(?:[百千]?[万亿]?(?:{units})(?:/[\u4e00-\u9fff]{{1,3}}(?:·[年月日])?)?|[%‰]|[万亿])"
    return re.compile(
        rf"(?:(?:{operators})\s*)?{_NUMBER}\s*{unit}(?:[（(][\u4e00-\u9fff]{{1,3}}[)）])?\s*(?:{behind})?"
    )


def _units(lexicon: Lexicon) -> dict[str, str]:
    """What things are counted in, and what values of indicators have besides (天, 万元)."""
    return lexicon.wordings("measure") | lexicon.wordings("value_unit")


@lru_cache(maxsize=8)
def _named_value(lexicon: Lexicon) -> re.Pattern[str]:
    leads = _alternatives(lexicon.wordings("value_lead"))
    value = _value_pattern(lexicon).pattern
    return re.compile(
        rf"^(?P<name>(?:[^\d]|\d{{1,2}}[类大项]){{2,40}}?)\s*[:：]?\s*(?P<lead>[均都也全]?(?:{leads}|控制在|保持在|稳定在|为|是)?了?)\s*(?P<value>{value})$"
    )


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _with_value(clause: _Clause, lexicon: Lexicon) -> list[Stated]:
    """`新建公厕15个`; with 均 the value belongs to every name before it."""
    text = fold(clause.text).rstrip(_BEHIND_VALUE)
    mark = ITEM_MARK.match(text)
    match = _named_value(lexicon).match(text[mark.end() :] if mark else text)
    if match is None:
        return []
    names = _JOINED.split(match["name"]) if _TOGETHER.search(match["lead"]) else [match["name"]]
    cleaned = [_without_leads(name, lexicon) for name in names]
    if not all(_is_name(name, lexicon) for name in cleaned):
        return []
    return [Stated(name, clause.start, clause.end, bare=match["value"]) for name in cleaned]


def _with_outcome(clause: _Clause, lexicon: Lexicon) -> list[Stated]:
    """`康复服务水平、出行便利程度有所提高`."""
    text = clause.text.rstrip(_BEHIND_VALUE)
    outcome = lexicon.last("outcome", text)
    if outcome is None or outcome.end != len(text):
        return []
    name = _bare_name(text[: outcome.start]).removesuffix("得到").removesuffix("均")
    names = name.split("、")
    if not all(3 <= len(part) <= _LONGEST_NAME and not any(c.isdigit() for c in part) for part in names):
        return []
    return [Stated(part, clause.start, clause.end, {"actual": text[outcome.start :]}) for part in names]


def _without_leads(name: str, lexicon: Lexicon) -> str:
    """A name without the words that only lead to it: 一是, 将, 确保."""
    # 公共服务体系建设:活动室1891平方米: what stands before the colon is the group.
    name = _bare_name(re.split("[:：]", name)[-1])
    while (lead := lexicon.first("name_lead", name)) is not None and lead.start == 0:
        name = _bare_name(name[lead.end :])
    return name


def _is_name(name: str, lexicon: Lexicon) -> bool:
    return (
        _SHORTEST_NAME <= len(name) <= _LONGEST_NAME
        and re.search(r"[\u4e00-\u9fff]{2}", name) is not None
        and lexicon.canonical("no_indicator", name) is None
        and not _ends_with("no_indicator_tail", name, lexicon)
    )


def _ends_with(role: str, text: str, lexicon: Lexicon) -> bool:
    tail = lexicon.last(role, text)
    return tail is not None and tail.end == len(text)


def _takes_words(current: Stated, clause: _Clause, lexicon: Lexicon) -> bool:
    """`…491米，已完成`: words that say what came of the value before them."""
    words = clause.text.strip(_AROUND_NAME)
    return "actual" not in current.values and lexicon.canonical("done", words) is not None


def _finished(stated: Stated, side: Side) -> Stated:
    """A value without a label is the target when an actual value stands behind it."""
    if stated.bare is not None:
        column = "target" if "actual" in stated.values or side == "target" else "actual"
        stated.values.setdefault(column, stated.bare)
        if column == "actual" and stated.name.startswith("完成") and len(stated.name) > _SHORTEST_NAME + 2:
            stated.name = stated.name.removeprefix("完成")
    return stated


def _says_something(stated: Stated) -> bool:
    """Points alone are no indicator, and a sum behind a name is funding unless it is set against another sum.

    One label before mere words (目标值见附表) says nothing either.
    """
    stated_values = [stated.values[column] for column in ("target", "actual") if column in stated.values]
    if stated.is_labelled and len(stated_values) == 1 and not any(char.isdigit() for char in stated_values[0]):
        return False
    if stated.bare is None or _MONEY_UNIT.search(stated.bare) is None:
        return stated.is_labelled or bool({"target", "actual"} & stated.values.keys())
    return "target" in stated.values and any(char.isdigit() for char in stated.values.get("actual", ""))


def _one_each(stated: Stated) -> list[Stated]:
    """`行政村、自然村目标值分别为48、91个`: as many indicators as there are names, if each has its value."""
    if not any(_EACH.match(value) for value in stated.values.values()):
        return [stated]
    names = _JOINED.split(stated.name)
    shares = {column: _JOINED.split(_EACH.sub("", value)) for column, value in stated.values.items()}
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
