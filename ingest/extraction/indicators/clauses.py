"""What one sentence says about indicators: names with a target, an actual value and points.

A value is told by a label (`改造长度目标126.5延米，实际127.2延米`) or stands right behind its name (`新建公厕15个`;
see `named_values`). A second value of the same name is what was reached: `满意度95%，经回访为96%`. One in brackets is
the other side: `资助人数1926人次（目标1900人次）`.
"""

from __future__ import annotations

import re

from ingest.extraction.indicators.column_labels import Clause, clauses_of, has_label
from ingest.extraction.indicators.goals_told import read_goal_told
from ingest.extraction.indicators.labelled_values import begun_at, read_labelled_values, read_values_below
from ingest.extraction.indicators.named_values import (
    AROUND_NAME,
    ENDS_OF_A_MEASURE,
    bare_name,
    read_named_values,
    split_names,
)
from ingest.extraction.indicators.second_values import (
    is_of_unit,
    is_promise,
    takes_result,
    takes_results,
    takes_target,
    takes_value_of_same_name,
)
from ingest.extraction.indicators.set_forms import read_set_form
from ingest.extraction.indicators.stated import SIDES, Side, Stated, has_digit, is_money
from ingest.extraction.indicators.surveys import Survey
from ingest.lexicon import Lexicon

# 受益人口5.27万人，其中脱贫人口4316人: a part of those just counted.
_OF_WHICH = "其中"
_DAY = re.compile("[日月底末旬前](?:[完竣开发支拨交][\u4e00-\u9fff]{1,3})?$")
# 200人（其中女性60人）, 91.7%（1月因系统切换未发放）
_ASIDE = re.compile(
    r"[（(](?:其中|包括)[^（）()]*[）)]"
    r"|(?:(?<=\d)|(?<=\d[%‰％\u4e00-\u9fff])|(?<=\d[\u4e00-\u9fff]{2}))"
    r"[（(](?P<before_reason>[^（）()]*?)(?:因|由于|原因|主要是)[^（）()]*[）)]"
)
_EACH = re.compile(r"^分别[为是达到]+")
_SURVEYED = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,12}满意[度率])(?:问卷|抽样|情况)?调查")
_FUND = re.compile(r"(?:资金|经费|拨款|配套|预算|投资|投入|补助|补贴)(?:总?[数额]|总?金额)?$")
# 每所5万元 is said of the works before and after it.
_PRICE_EACH = re.compile(r"(?:平均)?每[\u4e00-\u9fff]{1,3}(?:补助|补贴|奖补|投资)?$")
_EARNED = re.compile("节约|节省|节支|挽回|增收|收入$|产值|产量|销售|营业额|营收|利润|税收|收益|效益|成交额|交易额")
_FOR_EACH = re.compile("每[人户亩年月日次]")
# 完成渠道清淤 tells that 渠道清淤 was done; 完成时间 and 完成及时率 are names themselves.
_LENGTH_OF_A_VERB = 2
_SHORTEST_WORK = 3
_LONGEST_MEASURE = 8


def read_clauses(
    text: str,
    lexicon: Lexicon,
    side: Side,
    heading: str | None = None,
    *,
    earns_money: bool = False,
    lists_goals: bool = False,
    tells_times: bool = False,
) -> list[Stated]:
    """The indicators of a sentence in its order.

    Args:
        text: the sentence.
        lexicon: wordings.
        side: what a value without a label is.
        heading: the heading above the sentence, if it is the name of what `目标20座，实际20座` speaks of.
        earns_money: whether a sum is a result here (年节约电费86万元) and no funding.
        lists_goals: whether the sentence is an item of a list of goals, where a day or a wish is a goal too.
        tells_times: whether a day is what the sentence is about (时效指标：2021年12月底通水), and no mere event.
    """
    text = _ASIDE.sub(lambda aside: _blank_or_kept(aside, lexicon), text)
    set_form = read_set_form(text, lexicon)
    if set_form is not None:
        return [set_form]
    found = _stated_in(text, lexicon, heading, takes_days=lists_goals or tells_times)
    _name_by_survey(found, text)
    finished = [_finished(stated, side, lists_goals=lists_goals) for stated in found]
    return [
        one
        for stated in finished
        if _says_something(stated, side)
        or (lists_goals and _is_wish(stated))
        or (earns_money and _is_earned(stated))
        or (tells_times and _is_day(stated))
        for one in _one_each(stated)
    ]


def _blank_or_kept(aside: re.Match[str], lexicon: Lexicon) -> str:
    """Blanks for an aside; 建成2座（计划3座，因征地未完成） gives a value before the reason and stays."""
    gives_value = aside["before_reason"] is not None and has_label(aside["before_reason"], lexicon)
    return aside.group() if gives_value else " " * len(aside.group())


def _stated_in(text: str, lexicon: Lexicon, heading: str | None, *, takes_days: bool) -> list[Stated]:
    """The indicators that the clauses begin, each with what the clauses behind it add."""
    found: list[Stated] = []
    name_before: Clause | None = None
    survey = Survey(tells_satisfaction="满意" in text)
    for clause in clauses_of(text, lexicon):
        current = found[-1] if found else None
        if survey.counts(clause, current, lexicon):
            continue
        begun: list[Stated] = []
        if current is not None and _is_named_by_outcome(current, clause):
            current.name, current.bare = f"{current.name}{current.bare_text()}", None
        if takes_target(found, clause, lexicon):
            pass
        elif (goal := read_goal_told(clause, lexicon)) is not None:
            begun = [goal]
        elif takes_results(found, clause, lexicon):
            pass
        elif clause.labels:
            begun = read_labelled_values(clause, name_before, current, text, lexicon)
            if not begun and current is None and heading is not None:
                begun = read_values_below(heading, clause, text, lexicon)
        elif not takes_result(found, clause, lexicon):
            begun = _named_in(clause, found, lexicon, takes_days=takes_days)
            _name_by_heading(begun, bare_name(name_before.text) if name_before is not None else heading)
        found += begun
        # 任务115户，实际改造农房264户: the name may come with what was reached.
        name_before = None if begun or (clause.labels and found) else clause
    return found


def _name_by_heading(begun: list[Stated], heading: str | None) -> None:
    """`1、养殖场圈舍改造。计划改造30家`: a mere verb stands for the words before that say what was done."""
    if begun and heading is not None and len(begun[0].name) == _LENGTH_OF_A_VERB and begun[0].name in heading:
        begun[0].name = heading


def _named_in(clause: Clause, found: list[Stated], lexicon: Lexicon, *, takes_days: bool) -> list[Stated]:
    """The names of a clause with their values. 2025年9月3日完工 is an event where no days are looked for."""
    words = clause.text.strip(AROUND_NAME)
    if found and words.startswith(_OF_WHICH) and (is_of_unit(found[-1], words) or found[-1].sets_two_quantities()):
        return []
    named = [
        begun_at(value.name, clause, bare=value)
        for value in read_named_values(clause.text, lexicon)
        if (takes_days or not words.startswith(value.value)) and _PRICE_EACH.match(value.name) is None
        if not takes_value_of_same_name(found, value)
    ]
    for stated in named:
        stated.is_promised = is_promise(clause.text, stated.name, lexicon)
    return named


def _is_named_by_outcome(stated: Stated, clause: Clause) -> bool:
    """`系统验收合格。目标100%`: with a target behind it the outcome is a part of the name."""
    is_outcome = stated.bare is not None and not stated.bare.is_number and not has_digit(stated.bare.value)
    if not is_outcome or stated.values or not clause.labels or clause.labels[0].canonical != "target":
        return False
    return not clause.text[: clause.labels[0].start - clause.start].strip(AROUND_NAME)


def _name_by_survey(found: list[Stated], text: str) -> None:
    """农户满意度调查…，满意度86.1%: the survey says whose satisfaction it is."""
    surveyed = _SURVEYED.search(text)
    for stated in found:
        if surveyed is not None and surveyed["name"].endswith(stated.name):
            stated.name = surveyed["name"]


def _finished(stated: Stated, side: Side, *, lists_goals: bool) -> Stated:
    """A value without a label is the target when an actual value stands behind it, and the other way round."""
    if stated.came_of_it and "actual" not in stated.values:
        stated.values["actual"] = stated.came_of_it
    if stated.bare is not None:
        column = side
        if "actual" in stated.values or (stated.is_promised and stated.bare.is_number):
            column = "target"
        elif "target" in stated.values or not (stated.bare.is_number or lists_goals):
            column = "actual"
        stated.values.setdefault(column, stated.bare.value)
        work = stated.name.removeprefix("完成")
        is_work = len(work) >= _LONGEST_MEASURE or not work.endswith(ENDS_OF_A_MEASURE)
        is_goal = stated.bare.is_number and (stated.is_promised or "actual" not in stated.values)
        if (column == "actual" or is_goal) and len(work) >= _SHORTEST_WORK and is_work:
            stated.name = work
    return stated


def _says_something(stated: Stated, side: Side) -> bool:
    """Points alone are no indicator, and a sum behind a name is funding unless it is set against another sum.

    One label before mere words (目标值见附表) says nothing either, nor a wish among goals.
    """
    sides = [stated.values[column] for column in SIDES if column in stated.values]
    if stated.is_labelled and len(sides) == 1 and not has_digit(sides[0]):
        return False
    if stated.bare is None:
        return stated.is_labelled or bool(sides)
    if not stated.bare.is_number and len(sides) == 1:
        return side == "actual" and _is_outcome(stated)
    if not is_money(stated.bare.value):
        return bool(sides)
    reached = stated.values.get("actual", "")
    if "target" not in stated.values or not reached:
        return False
    return _is_rate_of_pay(stated) or (has_digit(reached) and _FUND.search(stated.name) is None)


def _is_rate_of_pay(stated: Stated) -> bool:
    """`奖励扶助标准每人每年960元，按标准执行`: so much for each is a standard that is kept, and no funding."""
    return stated.bare is not None and _FOR_EACH.match(stated.bare.value) is not None


def _is_wish(stated: Stated) -> bool:
    """`居民投诉量明显减少`, `2024年11月底前完成竣工验收` as an item among goals."""
    return stated.bare is not None and not stated.bare.is_number and set(stated.values) == {"target"}


def _is_day(stated: Stated) -> bool:
    """`每月15日前发放到位`, `2021年12月底前完成` under 时效指标."""
    return stated.bare is not None and _DAY.search(stated.bare.value) is not None


def _is_earned(stated: Stated) -> bool:
    """`年节约电费86万元`; any other sum stays funding."""
    return stated.bare is not None and stated.bare.is_number and _EARNED.search(stated.name) is not None


def _is_outcome(stated: Stated) -> bool:
    """Whether the one value is an outcome in words; a time or a comparison alone is narrative."""
    return stated.bare is not None and not has_digit(stated.bare.value)


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
