"""A value that stands right behind its name in a clause: `新建公厕15个`, `出行条件明显改善`, `完成时间2023年11月底`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.wordings import any_word
from ingest.lexicon import Lexicon

_LONGEST_VERB = 2
_LONGEST_VALUE = 80
ITEM_MARK = re.compile(
    r"^\s*(?:指标\s*\d{1,2}\s*[:：.、为是]|目标\s*\d{1,2}\s*[:：]|\d{1,2}\s*[)）、.．](?!\d(?!\d{3}年|\d?岁|\d?\s*[—–-]\s*\d+岁))|[（(](?:\d{1,2}|[一二三四五六七八九十])[)）]"
    r"|[①-⑳]|第[一二三四五六七八九十]+[,，、]|[一二三四五六七八九]是|[★*●■◆▪•·➢]|[—－─–-]{1,2}(?=[\u4e00-\u9fff]))\s*"
)
"""What stands in front of an item of a list."""

AROUND_NAME = " \n，,：:；;、（(。的"
BEHIND_VALUE = " \n，,。；;、"
LONGEST_NAME = 30

_NUMBER = r"\d+(?:\.\s?\d+)?(?:,\d{3})*"
# 二十六万页, 三百户: a single 一 or 千 is no count.
_CHINESE_NUMBER = (
    r"(?=[一二三四五六七八九两十百千万]{2})(?:[一二三四五六七八九两]?[十百千万]零?){1,8}[一二三四五六七八九]?[余多]?"
)
_TENTHS = "[二三四五六七八九]成[一二三四五六七八九半]?"
_CHINESE_COUNT = re.compile(rf"[二三四五六七八九一两十百千万]{{2}}|{_TENTHS}|[为是]零")
# Names count too: 65岁以上老年人, 0-36个月儿童, 12345热线, 三大类2项.
_NUMBER_IN_NAME = r"\d{1,5}(?:[-~—至]\d{1,4})?(?:周?岁|个?月龄?|类|大|项|级|号|种|年级|热线)(?:及?以[上下])?"
_TIME = (
    r"(?:每[年月季周]度?(?:\d{1,2}日)?|(?:20\d\d年度?|当年|次年)?(?:\d{1,2}月份?|第?[一二三四]季度|年)"
    r"|合同[\u4e00-\u9fff]{2,4}\d+(?:个工作)?日)(?:\d{1,2}日|[上中下]旬|底|末)?(?:之?前|以?内)?"
    r"(?:[完竣发支拨交][\u4e00-\u9fff]{1,3})?"
)
_NAMED_TIME = re.compile(rf"^(?P<name>[^\d]{{2,30}}?)(?:为|在|于)?(?P<value>{_TIME})$")
_EARLIER = "(?:上一?年度?|去年|往年|同期|全国|全省|前三年)(?:同期|平均|水平|标准)*"
_COMPARED = re.compile(
    rf"^(?P<name>[^\d]{{3,30}}?)"
    rf"(?P<value>(?:较|比|与){_EARLIER}[\u4e00-\u9fff]{{2,6}}|不?[高低]于{_EARLIER})$"
)
DATE = r"(?:20\d\d年|当年|次年)?\d{1,2}月(?:\d{1,2}日|底|末|[上中下]旬)?(?:之?前|以前)?|20\d\d年(?:底|末)(?:之?前)?"
"""A day, a month or the end of a year, with 前 behind it or not."""
_DURATION = r"\d+(?:个工作|个自然)?[日天](?:之?内|以内)|\d+个(?:月|小时)(?:之?内|以内)|\d+小时(?:之?内|以内)"
_DUE = re.compile(
    rf"^(?:[\u4e00-\u9fff]{{2,8}}后)?(?P<value>{DATE}|{_DURATION}|每[年月季]度?(?:\d{{1,2}}日|[底末初]|[上中下]旬)(?:之?前)?)"
    r"(?P<name>(?:全面|全部|如期|按期|提前)?(?:完成[\u4e00-\u9fff]{2,14}|[完竣开]工|[\u4e00-\u9fff]{0,4}投入(?:使用|运行|运营)"
    r"|通[水车电气]|交付(?:使用)?|[办审]结|赔付(?:到位|到户)?|建成(?:投用)?|封顶|(?:通过|竣工)?验收|(?:足额|全部)?(?:发放|拨付|兑付|支付|安装|配送)(?:到位|完毕)))$"
)
# 停水时长由2.4小时降到0.6小时: what it came to is the value.
_CAME_TO = re.compile(
    r"^(?P<name>[^\d，。由从]{2,20}?)(?:由|从)[^，。]{0,8}\d[^，。]{0,8}?"
    r"(?:[下]?降低?|减少?|缩短|压[减缩]|提高|提升|上升|增加|增长|扩大|升高?|增)(?:到了?|至|为)(?P<value>.+)$"
)
# 沿线2.6万人出行, 4个村村容村貌: whom the outcome is for.
_FOR_WHOM = re.compile(
    r"^[\u4e00-\u9fff]{0,4}\d+(?:\.\d+)?[余多]?[万]?[余多]?(?:人|户|名|个?[\u4e00-\u9fff]?[村镇乡社区校]{1,2})[^\d]{2,}$"
)
# 事故起数同比下降9.6%, 持证率由60%提高到85%, 物流成本降低一成: how far something changed is its value.
_CHANGE = "(?:下降|降低|减少|提高|提升|缩短|压减)"
_EXTENT = r"(?:[约近]?\d+(?:\.\d+)?(?:%|个百分点)|[一二三四五六七八九]成|一半|[一二三]分之一)(?:以上|左右)?"
_CHANGED = re.compile(
    rf"^(?P<name>[^\d，。]{{2,20}}?)(?P<value>(?:同比|环比|[较比](?:上一?年度?|去年|往年|改造前|实施前|项目实施前)(?:同期)?)(?:平均)?{_CHANGE}了?(?:到|至)?{_EXTENT}"
    rf"|(?:由|从)[^，。]{{1,12}}?{_CHANGE}(?:到|至|为)了?{_EXTENT}|{_CHANGE}(?:[一二三四五六七八九]成|一半|[一二三]分之一))$"
)
_CHANGED_BY = re.compile(
    rf"^(?P<name>[^\d，。]{{2,20}}?)(?P<value>(?:同比|环比)(?:平均)?{_CHANGE}了?(?P<extent>\d.*))$"
)
_RESPECTIVELY = re.compile(r"^(?P<names>[^\d]{4,60}?)(?:指标)?分别(?:为|是|达到?|完成)+(?P<values>\d.*)$")
_YEAR_IN_FRONT = re.compile(
    r"^\d?(?:(?:截至|截止|到|至)?(?:19|20)\d{2}年(?:度|年?底|年?末)?(?:\d{1,2}月)?(?:\d{1,2}日|底|末)?|(?:截至|截止|到|至)\d{1,2}月(?:\d{1,2}日|底|末))[，,]?"
)
# 较上年提升1.2个百分点, 占全县60%: said of the value before.
_NO_NAME = re.compile("较|比(?![例重率值赛武学])|同比|环比|占|为|该|其中|仅|约")
_QUOTED_NAME = re.compile(r"[“\"「【](?P<name>[^”\"」】]+)[”\"」】](?:这一|一项)?(?:指标)?")
_NAMED_IN_QUOTES = re.compile(r"(?:[一二三]级|绩效|评价|具体)指标[“\"「【](?P<name>[^”\"」】]+)[”\"」】]$")
_TOGETHER = re.compile(r"[均都]")
_JOINED = re.compile(r"、|(?<=[^、]{2})和(?=[^、]{2,}$)")
_SURVEY_BEHIND = re.compile("(?<=满意[度率])(?:问卷|抽样|测评|回访|电话)*(?:调查|测评|回访)(?:结果|情况)?$")
_COLON = re.compile("[:：]")
# 四、群众满意度85%; 一、二级公路 begins with no number.
_CHAPTER_NUMBER = re.compile(r"^\s*[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])")
# 未完成的指标：安装时间, 节水改造项目：防渗渠道: what stands before the colon is the group.
_GROUP = re.compile(r"^.{2,24}(?:指标|项目|工程|方面|情况|如下|内容|任务|产出|效益|其中|包括)[:：](?=.{2})")
# 一次网6.4公里全部完成: that it was done is said of the quantity.
_ALL_DONE = re.compile(
    "(?:[均都已]|已经|全部|如期|按期|按时|顺利){0,3}(?:完成|完工|建成|竣工|投用|投入使用|到位|发放到位)$"
)
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
# 85%　　88%: values of two columns are not one value.
_COLUMNS = re.compile(r"\S\s{2,}\S|\u3000")
_ENDS_OF_A_RATE = ("率", "密度", "比例", "占比")
ENDS_OF_A_MEASURE = ("率", "度", "数", "量", "时间", "时长", "次", "次数", "人次")
"""How the names of measures end; those of works (新建泵站) end otherwise."""
_LIST_LEAD = re.compile(
    r"^(?:(?:具体|主要|详细|其中)?(?:情况|内容)?(?:为|是|如下|有|包括)"
    r"|(?:共?设置?|包[括含]|分为|共?有|共计?)了?\d{1,2}[项个条](?:[一二三]级|绩效|具体)?(?:指标)?)[:：]"
)
_SHORTEST_NAME = 2
_SHORTEST_NAME_OF_AN_OUTCOME = 3


@dataclass(frozen=True, slots=True)
class NamedValue:
    """What a clause says of a name. `is_number` tells a quantity from a time, a comparison or an outcome in words."""

    name: str
    value: str
    is_number: bool


def _changed_by_number(clause: str, lexicon: Lexicon) -> list[NamedValue]:
    """`火点数同比减少5个`: how many more or fewer than before."""
    changed = _CHANGED_BY.match(clause)
    if changed is None or value_pattern(lexicon).fullmatch(changed["extent"]) is None:
        return []
    name = _without_leads(changed["name"], lexicon)
    return [NamedValue(name, changed["value"], True)] if _is_name(name, lexicon) else []


def read_named_values(text: str, lexicon: Lexicon) -> list[NamedValue]:
    """The names of a clause with their values; empty when the clause says anything else."""
    clause = _without_list_lead(text.rstrip(BEHIND_VALUE))
    if (due := _DUE.match(fold(clause))) is not None:
        return [NamedValue(due["name"], due["value"], False)]
    if (changed := _CHANGED.match(without_year(fold(clause)))) is not None:
        name = _without_leads(changed["name"], lexicon)
        return [NamedValue(name, changed["value"], True)] if _is_name(name, lexicon) else []
    if by_number := _changed_by_number(without_year(fold(clause)), lexicon):
        return by_number
    came_to = _CAME_TO.match(fold(clause)) if "由" in clause or "从" in clause else None
    if came_to is not None and _is_number(came_to["value"], lexicon):
        name = _without_leads(came_to["name"], lexicon)
        return [NamedValue(name, came_to["value"], True)] if _is_name(name, lexicon) else []
    if not any(char.isdigit() for char in clause) and _CHINESE_COUNT.search(clause) is None:
        return _outcomes(clause, lexicon)
    # 县道7000元、乡道3500元: as many quantities as there are pieces.
    pieces = [_quantities(piece, lexicon) for piece in clause.split("、")] if "、" in clause else []
    if pieces and all(pieces):
        return [one for piece in pieces for one in piece]
    return _quantities(clause, lexicon) or _times(clause, lexicon) or _outcomes_for(clause, lexicon)


def split_names(text: str) -> list[str]:
    """`行政村、自然村和社区` is three names."""
    return _JOINED.split(text)


def without_year(text: str) -> str:
    """A clause without the year or the day in front: 截至2022年底, 2022年."""
    return _YEAR_IN_FRONT.sub("", text)


def _without_list_lead(text: str) -> str:
    """The words of an item without its mark and without what opens the list: `共设3项：一是…`."""
    return ITEM_MARK.sub("", _LIST_LEAD.sub("", ITEM_MARK.sub("", _CHAPTER_NUMBER.sub("", text)).lstrip()))


def bare_name(text: str) -> str:
    """A name without its number in a list and the signs around it."""
    bare = _GROUP.sub("", _without_list_lead(text).strip(AROUND_NAME))
    # “培训场次”指标: a name set off as one.
    quoted = _QUOTED_NAME.fullmatch(bare) or _NAMED_IN_QUOTES.search(bare)
    return quoted["name"] if quoted is not None else bare


@lru_cache(maxsize=8)
def units(lexicon: Lexicon) -> dict[str, str]:
    """What things are counted in, and what values of indicators have besides (天, 万元)."""
    return lexicon.wordings("measure") | lexicon.wordings("value_unit")


@lru_cache(maxsize=8)
def value_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """A number with operator and unit, from the words of the lexicon."""
    operators = any_word(word for word in lexicon.wordings("operator") if word != "为")
    behind = any_word(lexicon.wordings("operator_behind"))
    unit_words = any_word(units(lexicon))
    counted = rf"[余多]?[百千]?[万亿]?[余多]?(?:{unit_words})(?:/[\u4e00-\u9fff]{{1,3}}(?:·[年月日])?)?"
    unit = rf"(?:{counted}|[%‰]|[万亿][余多]?)"
    return re.compile(
        rf"(?:平均)?(?:(?:{operators}|约|近)\s*)?(?:{_NUMBER}\s*{unit}|{_CHINESE_NUMBER}(?:{unit_words})|{_TENTHS}|(?<=[为是])[0零](?:起|次|件|例|宗|人)?)"
        rf"(?:[（(][\u4e00-\u9fff]{{1,3}}[)）])?\s*(?:{behind}|左右)?"
    )


@lru_cache(maxsize=8)
def _value_at_end(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"{value_pattern(lexicon).pattern}$")


def value_at_end(text: str, lexicon: Lexicon) -> re.Match[str] | None:
    """The number with operator and unit that a text ends with."""
    return _value_at_end(lexicon).search(text, max(0, len(text) - _LONGEST_VALUE))


def is_plain_value(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is a quantity, a time or an outcome in words from its beginning to its end."""
    folded = fold(text.strip())
    return (
        value_pattern(lexicon).fullmatch(folded) is not None
        or re.fullmatch(_TIME, folded) is not None
        or is_outcome(folded, lexicon)
    )


@lru_cache(maxsize=8)
def _named_quantity(lexicon: Lexicon) -> re.Pattern[str]:
    leads = any_word(lexicon.wordings("value_lead"))
    # 310户702人, 40亩80个大棚: two counts of one thing are one value.
    value = value_pattern(lexicon).pattern
    return re.compile(
        rf"^(?P<name>(?:[^\d]|{_NUMBER_IN_NAME}(?=[\u4e00-\u9fff])){{2,40}}?)\s*[:：]?\s*"
        rf"(?P<lead>(?:(?<!平)均在?|[都也全]在?)?(?:{leads}|控制在|保持在|稳定在|(?<!行)为|是)?了?)\s*"
        rf"(?P<value>(?!(?:19|20)\d\d年)(?:每[人户亩年月日次]){{0,2}}{value}(?:、?{value}[\u4e00-\u9fff]{{0,2}})?)$"
    )


@lru_cache(maxsize=8)
def _named_outcome(lexicon: Lexicon) -> re.Pattern[str]:
    """得到进一步改善: adverbs of the lexicon before its verbs, or an outcome that is one word (效果明显)."""
    adverbs = any_word(lexicon.wordings("outcome_adverb"))
    verbs = any_word(lexicon.wordings("outcome_verb"))
    whole = any_word(lexicon.wordings("outcome"))
    return re.compile(rf"(?P<value>(?:{adverbs}){{1,3}}(?:{verbs})|{whole})$")


def outcome_at_end(text: str, lexicon: Lexicon) -> re.Match[str] | None:
    """The outcome in words that a text ends with."""
    return _named_outcome(lexicon).search(text)


def is_outcome(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is an outcome in words from its beginning to its end."""
    return _named_outcome(lexicon).match(text) is not None


def _quantities(clause: str, lexicon: Lexicon) -> list[NamedValue]:
    """`新建公厕15个`; with 均 the value belongs to every name before it."""
    text = without_year(ITEM_MARK.sub("", fold(clause)))
    pattern = _named_quantity(lexicon)
    match = pattern.match(text) or pattern.match(_ALL_DONE.sub("", text)) if "分别" not in text else None
    if match is not None and _COLUMNS.search(match["value"]) is not None:
        return []
    if match is None:
        return _each(text, lexicon)
    names = split_names(match["name"]) if _TOGETHER.search(match["lead"]) else [match["name"]]
    if len({name.endswith(_ENDS_OF_A_RATE) for name in names}) > 1:
        # 污水、垃圾处理率均达100%: only the last is a name, what stands before belongs to it.
        names = [match["name"]]
    cleaned = [_without_leads(name, lexicon) for name in names]
    if not all(_is_name(name, lexicon) for name in cleaned):
        return []
    return [NamedValue(name, match["value"], True) for name in cleaned]


def _is_number(text: str, lexicon: Lexicon) -> bool:
    return value_pattern(lexicon).fullmatch(text) is not None or re.fullmatch(_NUMBER, text) is not None


def _each(text: str, lexicon: Lexicon) -> list[NamedValue]:
    """`大赛、书画展、送戏下乡分别为2场、3场、120场`: as many values as there are names."""
    match = _RESPECTIVELY.match(text)
    names = [_without_leads(name, lexicon) for name in split_names(match["names"])] if match is not None else []
    values = split_names(match["values"]) if match is not None else []
    fits = len(names) == len(values) and all(_is_name(name, lexicon) for name in names)
    if not fits or not all(value_pattern(lexicon).fullmatch(value) for value in values):
        return []
    return [NamedValue(name, value, True) for name, value in zip(names, values, strict=True)]


def _outcomes(clause: str, lexicon: Lexicon) -> list[NamedValue]:
    """`康复服务水平、出行便利程度有所提高`, `补助水平不低于上年`."""
    outcome = outcome_at_end(clause, lexicon)
    compared = _COMPARED.match(clause) if outcome is None else None
    if compared is not None:
        name, value = bare_name(compared["name"]), compared["value"]
    elif outcome is not None:
        name, value = bare_name(clause[: outcome.start()]).removesuffix("均"), outcome["value"]
    else:
        return []
    names = name.split("、")
    if not all(_SHORTEST_NAME_OF_AN_OUTCOME <= len(part) <= LONGEST_NAME for part in names):
        return []
    if any(lexicon.canonical("no_indicator", part) is not None for part in names):
        return []
    return [NamedValue(part, value, False) for part in names]


def _outcomes_for(clause: str, lexicon: Lexicon) -> list[NamedValue]:
    """`沿线2.6万人出行便捷`: an outcome for so many."""
    return [one for one in _outcomes(clause, lexicon) if _FOR_WHOM.match(fold(one.name)) is not None]


def _times(clause: str, lexicon: Lexicon) -> list[NamedValue]:
    """`完成时间2023年11月底`, `救助资金每月10日前发放`."""
    match = _NAMED_TIME.match(fold(clause))
    name = _without_leads(match["name"], lexicon) if match is not None else ""
    return [NamedValue(name, match["value"], False)] if match is not None and _is_name(name, lexicon) else []


def _without_leads(name: str, lexicon: Lexicon) -> str:
    """A name without the words that only lead to it: 一是, 将, 确保."""
    # 公共服务体系建设:活动室1891平方米: what stands before the colon is the group.
    *groups, name = (bare_name(part) for part in _COLON.split(bare_name(name)))
    whole = groups[-1] if groups else ""
    while (lead := lexicon.leading("name_lead", name)) is not None:
        # 应急避难场所, 可再生能源, 使用率: the word only begins like one that leads.
        if lexicon.leading("whole_word", name) is not None:
            break
        # 全年开放天数, 全年办件量, 全年开放: of a measure and of a mere verb the year is a part.
        if lead.wording == "全年" and (name.endswith(ENDS_OF_A_MEASURE) or len(name) - lead.end <= _LONGEST_VERB):
            break
        # 应免畜禽免疫密度, 已完工工程合格率: of a rate the word says what it is the rate of.
        if len(lead.wording) == 1 and lead.wording in "应已拟需" and name.endswith(_ENDS_OF_A_RATE):
            break
        name = bare_name(name[lead.end :])
    name = _SURVEY_BEHIND.sub("", name)
    # 供餐天数：全年实际供餐199天: what stands before the colon is the name in full.
    return whole if name and is_abridged(name, whole) else name


def is_abridged(name: str, whole: str) -> bool:
    """Whether a name is another one with some words left out: 承保面积 of 承保水稻面积."""
    characters = iter(whole)
    return all(character in characters for character in name)


def _is_name(name: str, lexicon: Lexicon) -> bool:
    return (
        _SHORTEST_NAME <= len(name) <= LONGEST_NAME
        and _WORD.search(name) is not None
        and _NO_NAME.match(name) is None
        and name.count("(") + name.count("（") == name.count(")") + name.count("）")
        # 召开调度会, 印发通报: what was done on the way is no result.
        and lexicon.leading("no_indicator_head", name) is None
        and lexicon.trailing("no_indicator_tail", name) is None
        and not any(lexicon.canonical("no_indicator", form) for form in (name, name.removeprefix("完成")))
    )
