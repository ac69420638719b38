"""The clauses of a sentence and the labels in them: 目标值, 实际完成, and short words for these before a value."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.characters import fold
from ingest.extraction.indicators.named_values import AROUND_NAME, is_outcome, value_pattern, without_year
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.lexicon import Hit, Lexicon

COMMA = re.compile(r"(?<!\d)[，,]|[，,](?!\d{3}(?!\d))|[。；;](?=.)")
# 目标达到30%以上, 预期提升到60%: how a value is come to is no part of it; 提高10% is one.
BEFORE_VALUE = re.compile(
    r"^[\s:：为是了于]+|^(?:达到?|完成|实现|(?:提[高升]|增[加长]|上升|扩大|下?降低?|下降|减少|缩短|压[缩减]|控制)[到至在])了?(?=[\d≥≤>＞<＜])"
)
_BREAKS = frozenset("，,；;、:：（( )）")
# 年初指标值 is nothing but a label; 得分 inside a sentence may be plain words.
_LONG_LABEL = 5
_TIME = re.compile(
    r"^(?:20\d\d年|\d{1,2}月|全年|[一二三四]季度|当年|年[底内末]|每[年月季]|[\u4e00-\u9fff]{2,6}后\d+(?:个工作)?[日天月])"
)
_MEASURED_BY = re.compile("(?:[比较超与距离]|超[出过]|[高低]于|[高低]出|优于|早于)$")
_LONGEST_LEAD = 4
_REACHED = ("达到", "实现", "达成")
_ASIDE_IN_A_LIST = re.compile("[（(][^（）()]*[)）]、")
# 满意度得分97.8分: what was found out, no points of the indicator.
_SCORE_OF = re.compile("(?:满意[度率]|测评|考核|考试|测试|知晓)$")
# 设定绩效目标9个 counts the goals.
_COUNTS_GOALS = re.compile(r"(?:设[定置有立]?了?|共有?|包[括含])$")
_NUMBER_OF_GOALS = re.compile(r"\s*\d{1,2}[个项条]")
_TASKS = ("任务", "要求", "计划")
_SHARE = "占比"
# 脱管率目标0，实际0; 任务不低于当地最低工资标准
_NOTHING = re.compile(r"0(?:起|次|%)?(?=[，,。；;）)]|$)")
_BY_A_STANDARD = re.compile("^不(?:低于|高于|超过|少于|多于)[\u4e00-\u9fff]{2,}(?:标准|水平|要求|平均|上年|同期)$")
_BOUND_IN_WORDS = re.compile("^不(?:低于|高于|超过|少于|多于)[\u4e00-\u9fff]{3,14}$")
_CHANGED_IN_WORDS = re.compile("^[较比](?:上一?年度?|去年|往年|同期|改造前)[\u4e00-\u9fff]{2,6}$")
# 目标全部消除，实际全部消除: words set against words.
_WORDS_AGAINST_WORDS = re.compile(
    r"^[为是:：]?[\u4e00-\u9fff]{2,10}[，,、；;]\s*实际(?:完成|达到)?[为是:：]?[\u4e00-\u9fff]{2,10}(?:[，,。；;)）]|$)"
)
_GOAL_WORDS = ("目标", "计划", "预期", "目标为", "预期为", "计划为")
_LIST_OF_NUMBERS = re.compile(r"\d+(?:\.\d+)?[、和]\d")
_BEFORE_NUMBER = re.compile(r"^(?:分别[为是达到]+|最高|最低|约|近)")
# 村集体增收目标每村5万元
_EACH = re.compile("^(?:每[人户亩村社年月日次镇乡校个家]{1,2}|[人户亩村社镇乡校]均)")
_END_OF_WORDS = re.compile("[，,。；;（()）]")
_REACH_OF_A_LABEL = 24


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two commas, with the labels in it; `start`/`end` are offsets in the sentence."""

    text: str
    start: int
    end: int
    labels: tuple[Hit, ...]


def clauses_of(text: str, lexicon: Lexicon) -> Iterator[Clause]:
    """The clauses of a sentence; a label behind a bracket or a 、 begins one too."""
    labels = _labels(text, lexicon)
    at_labels = [label.start - 1 for label in labels if label.start and text[label.start - 1] in "（(、"]
    breaks = sorted({*(match.start() for match in COMMA.finditer(text)), *at_labels, *_behind_brackets(text, labels)})
    start = 0
    for end in (*breaks, len(text)):
        mine = tuple(labels[slice(*(bisect_left(labels, place, key=_start) for place in (start, end)))])
        if text[start:end].strip(AROUND_NAME):
            yield Clause(text[start:end], start, end, mine)
        start = end + 1


def _behind_brackets(text: str, labels: list[Hit]) -> list[int]:
    """The 、 behind a label in brackets: 硬化村道2.8公里（计划3公里）、安装路灯120盏（计划120盏）."""
    return [
        aside.end() - 1
        for aside in _ASIDE_IN_A_LIST.finditer(text)
        if any(aside.start() < label.start < aside.end() for label in labels)
    ]


def _labels(text: str, lexicon: Lexicon) -> list[Hit]:
    """Headings of columns in the sentence, and short words for them (目标, 实际) right before a value."""
    labels = [
        hit
        for hit in lexicon.find("column", text)
        if not _is_measured_by(hit, text, lexicon)
        if hit.start == 0
        or text[hit.start - 1] in _BREAKS
        or len(hit.wording) >= _LONG_LABEL
        or hit.wording.endswith("值")
        or leads(hit, text, lexicon)
    ]
    taken = labels.copy()
    for hit in lexicon.find("prose_column", text):
        if _is_measured_by(hit, text, lexicon):
            continue
        at = bisect_left(taken, hit.end, key=_start)
        is_free = at == 0 or taken[at - 1].end <= hit.start
        may_lead_words = hit.canonical == "actual" and hit.wording.startswith("实际") and "完成" not in hit.wording
        fits = hit.canonical != "actual" or _begins_clause(hit, text, lexicon)
        if is_free and fits and (may_lead_words or leads(hit, text, lexicon)):
            labels.append(hit)
    return _without_doubles(sorted(labels, key=lambda label: label.start))


def _start(label: Hit) -> int:
    return label.start


def _without_doubles(labels: list[Hit]) -> list[Hit]:
    """实际建成12个 has one label: of two words for one column that stand together the first."""
    return [
        label
        for before, label in zip([None, *labels], labels, strict=False)
        if before is None or before.end != label.start or before.canonical != label.canonical
    ]


def _names_points(text: str, lexicon: Lexicon) -> bool:
    """Whether a sentence says how many points there are to reach: then 满意度得分10分 tells how many were."""
    weighs = any(hit.canonical == "weight" for hit in lexicon.find("column", text))
    return weighs or POINTS_IN_BRACKETS.search(text) is not None


def _is_measured_by(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """比目标值高2个百分点 speaks of a column and gives no value of it."""
    # 维修任务于12月底前完成: a task that was done by a day, and no label of it.
    if hit.wording in _TASKS and text.startswith("于", hit.end) and text[max(hit.start - 1, 0)] not in _BREAKS:
        return True
    lead = text[max(hit.start - _LONGEST_LEAD, 0) : hit.start]
    is_count = _COUNTS_GOALS.search(lead) is not None
    if is_count and _NUMBER_OF_GOALS.match(text, hit.end) is not None:
        return True
    if hit.canonical == "score" and _SCORE_OF.search(lead) is not None and not _names_points(text, lexicon):
        return True
    before = lead[-2:]
    # 未达到目标值。
    is_end = hit.end == len(text) or text[hit.end] in _BREAKS or text[hit.end] == "。"
    is_behind_measure = _MEASURED_BY.search(before) is not None or (before in _REACHED and is_end)
    return is_behind_measure and not text.endswith(_SHARE, 0, hit.start)


def _begins_clause(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """Whether nothing but words such as 全市 or 年底 stands between the label and the comma before it."""
    begin = max(text.rfind(sign, 0, hit.start) for sign in "，,（(、。；;")
    return begin >= 0 and not without_scope(text[begin + 1 : hit.start], lexicon)


def without_scope(text: str, lexicon: Lexicon) -> str:
    """A text without the words in front that only say where, when or how it was found: 全县, 截至年底, 经回访."""
    rest = without_year(text.strip(AROUND_NAME))
    while (scope := lexicon.leading("scope", rest)) is not None:
        rest = rest[scope.end :].strip(AROUND_NAME)
    return rest


def leads(hit: Hit, text: str, lexicon: Lexicon) -> bool:
    """Whether a value stands right behind the word."""
    behind = _BEFORE_NUMBER.sub("", BEFORE_VALUE.sub("", fold(text[hit.end : hit.end + _REACH_OF_A_LABEL])))
    words = _END_OF_WORDS.split(behind, 1)[0]
    if hit.wording == "为":
        # 为318名残疾人适配器具 says for whom.
        return value_pattern(lexicon).fullmatch(words) is not None
    return (
        bool(_TIME.match(behind))
        or value_pattern(lexicon).match(_EACH.sub("", behind)) is not None
        or _LIST_OF_NUMBERS.match(behind) is not None
        or _NOTHING.match(behind) is not None
        or _BY_A_STANDARD.match(words) is not None
        or (hit.canonical == "target" and _BOUND_IN_WORDS.match(words) is not None)
        or _CHANGED_IN_WORDS.match(words) is not None
        or (hit.wording.endswith(_GOAL_WORDS) and _WORDS_AGAINST_WORDS.match(text[hit.end :]) is not None)
        or is_outcome(words, lexicon)
        or lexicon.canonical("outcome_verb", words) is not None
    )


def leading_label(text: str, lexicon: Lexicon) -> Hit | None:
    """The label that a text begins with."""
    return lexicon.leading("column", text) or lexicon.leading("prose_column", text)


def has_label(text: str, lexicon: Lexicon) -> bool:
    """Whether a word stands in a text that can be a label."""
    return any(lexicon.first(role, text) is not None for role in ("column", "prose_column"))
