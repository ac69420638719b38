"""The project's name: what remains of the title, or what the prose calls the money it reports on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from ingest.characters import fold, join_wrapped
from ingest.extraction.identity.gazetteer import leading_chain_end
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.organisations import HAS_PROJECT
from ingest.extraction.identity.own_words import OPENING_SENTENCES
from ingest.extraction.identity.titles import YEAR, Title, ends_with, fold_years, is_generic
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon
from ingest.quantities import find_money

_BRACKETED = re.compile(r"^[（(【\[][^（）()【】\[\]]*[)）】\]]\s*")
_HERE = re.compile(r"^(?:我|本|全|[*＊某xX×]{1,6})(?:省|市|县|区|州|旗|镇|乡|街道|局|单位|中心)")
_ABOUT = re.compile(r"^(?P<who>[\u4e00-\u9fff]{4,30}?)关于")
_BY_DOCUMENT = re.compile(r"^.{0,40}号(?:文件)?下达")
_BY_WHOM = re.compile(r"[\u4e00-\u9fff]{4,30}?(?=(?:19|20)\d{2}年)")
_QUOTES = {"“": "”", "《": "》", '"': '"'}
_COUNTED = re.compile(
    r"(?:部分|若干|多|各|[一二两三四五六七八九十\d]+)[个项类]?(?:重点|主要|财政|专项|预算|民生)*(?:项目|专项|资金)+(?:支出)?"
)
_NO_FUND = re.compile(
    r"^(?:附件?|公开|样[本表]|模板|试行|修订|节选|摘要|精选|通用|范[文本]|最新|[共第]?[一二三四五六七八九十\d]+篇?$)"
)
_SIGNS = " \n：:—-、"
_SHORTEST_NAME = 2
# 林业转移支付 is one name: what is left without the transfer would be none.
_SHORTEST_STEM = 4
_LONGEST_NAME = 60
_NAME = r"[\u4e00-\u9fffA-Za-z\d“”\"（）()·]"
_EVALUATED = re.compile(rf"对(?P<name>{_NAME}{{4,60}}?)(?:进行了?|开展了?|作了|实施了?|组织|的?自评)")
_INVESTMENT = re.compile(
    rf"^(?P<name>{_NAME}{{4,50}}?(?:项目|工程))"
    r"(?:计划总?投资|总投资|估算总?投资|概算总?投资|(?:20\d\d年)?(?:(?:年初)?预算|安排))"
)
_JUDGED = re.compile(rf"^(?P<name>{_NAME}{{3,40}}?项目)(?:决策|立项|管理|实施|过程|绩效目标)")
_SCORED = re.compile(
    rf"(?:^|[，,：:])(?P<name>{_NAME}{{4,40}}?(?:项目|工程|资金|经费))(?:的)?"
    r"(?:(?:绩效)?(?:自评|评价)?(?:总|综合|最终)?得分|(?:综合|绩效|整体)?(?:自评|评价)|总体评价|总体绩效|自评)"
)
# 县级储备粮保管费用补贴资金执行率92.4%, 高龄津贴资金结余6万元: of whose money a rate or a rest is told.
_RATED = re.compile(
    rf"(?:^|[，,：:])(?P<name>(?!主要|用于|其中|由于|因为|对于|目前|根据){_NAME}{{5,40}}?(?:项目|工程|资金|经费|补助|补贴|专项))"
    r"(?:的|全年|年度|整体|总体)?(?:(?:预算|支出)?(?:执行率|支出率|使用率|到位率|支出进度|执行进度)|(?:计划|到位|结余|结转|下达|安排|投入)(?:资金|金额)?)\s*(?:为|达到?|[\d.]+)"
)
# 某县农村饮水工程维修养护项目按某号文要求申报: the first words of a scoring report.
_APPLIED_FOR = re.compile(
    rf"^(?P<name>{_NAME}{{4,40}}?(?:项目|工程))(?:按照?|依据|根据|经)[^。；]{{0,40}}(?:申报|申请|立项|批复|批准|设立)"
)
_CARRIED_OUT = re.compile(rf"(?:实施|承担|承建)(?:了)?(?P<name>{_NAME}{{4,40}}?(?:项目|工程))(?=[，,。；;]|$)")
_ISSUED = re.compile(rf"下达(?P<name>{_NAME}{{2,40}}?)(?:预算|和绩效目标)")
_BEFORE_AMOUNT = re.compile(
    rf"(?P<name>{_NAME}{{2,60}}?(?:资金|经费|补助|补贴|专项))(?:合计|共计?|总额|总计|总共|为|预算|[约计])?\s*$"
)
# 用于维修、安防等46个项目 says what one fund is for.
_SEVERAL = re.compile(
    r"(?<![等\d])(?:[两二三四五六七八九十]|\d{1,3})[个类项](?:子)?项目|项目共?(?:[两二三四五六七八九十]|\d{1,3})个"
)
# 该路灯改造项目 points at a project, 按来源为中央资金 at a part of the money.
_POINTING = re.compile(r"^(?:现[就将]|该|本|此)")
_NO_NAME_OF_MONEY = re.compile(r"^按|^涉及|等方面|来源|其中|方向|分别|合计")
_OPENING = 300
_SELF_EVALUATED = re.compile("(?:支出)?的?(?:支出)?(?:绩效)?(?:自评|评价)")
_REACH_BACK = 80


def name_in_title(report: ReportSource, title: Title, unit: str | None) -> NamedAt | None:
    """What remains of the title without unit, year and the words for the report itself.

    The place and the year before a name say whose report it is and for when; they are no part of it. A name that every
    report bears (项目支出, 中央转移支付) is none: then the brackets behind the title may name the fund.
    """
    text = fold_years(report.text[title.start : title.name_end])
    first, last = _bounds(text, unit, report.lexicon)
    place_end = first + leading_chain_end(text[first:last], report.lexicon)
    if place_end > first and _is_used_alone(text[place_end:last], text[first:place_end], report.text[title.end :]):
        first = place_end
    is_counted = _COUNTED.fullmatch(text[first:last]) is not None
    if last - first >= _SHORTEST_NAME and not is_counted and not is_generic(text[first:last], report.lexicon):
        is_short_form = "结果" in title.text
        confidence = 0.8 if is_short_form or _is_debatable(text, first, last, report.lexicon) else 0.92
        name = _named(report, title.start + first, title.start + last, "title", confidence)
        return _called_project(report, name, title.end) if name is not None else None
    if title.aside is None:
        return None
    aside, start = title.aside
    names_no_fund = (
        YEAR.fullmatch(aside.strip()) is not None
        or _NO_FUND.match(aside) is not None
        or ends_with("organisation_tail", aside, report.lexicon)
        or is_generic(aside, report.lexicon)
    )
    return None if names_no_fund else _named(report, start, start + len(aside), "title", 0.85)


def _called_project(report: ReportSource, name: NamedAt, begin: int) -> NamedAt:
    """The name as the announcing sentence has it, if that calls the work of the title a project.

    `农村黑臭水体治理绩效自评报告` and below it `现将农村黑臭水体治理项目绩效自评情况报告如下`.
    """
    if ends_with("name_tail", name.value, report.lexicon):
        return name
    called = f"{name.value}项目"
    place = report.text.find(called, begin, begin + _OPENING)
    if place < 0 or _SELF_EVALUATED.match(report.text, place + len(called)) is None:
        return name
    return NamedAt.as_printed(called, place, "prose", 0.85)


def _is_used_alone(name: str, place: str, text: str) -> bool:
    """Whether the prose has a name without the place that stands before it in the title."""
    if len(name) < _SHORTEST_STEM:
        return False
    return text.replace(place + name, "").count(name) > 0


def _is_debatable(text: str, first: int, last: int, lexicon: Lexicon) -> bool:
    """Whether people differ on what belongs to the name: 费项目, payer (中央…) or place in front, a transfer behind."""
    names_payer = lexicon.leading("generic_name", text[first:last]) is not None
    begins_with_place = leading_chain_end(text[first:last], lexicon) > 0
    return names_payer or begins_with_place or text[last:].lstrip().startswith(("项目", "转移支付"))


def _named(report: ReportSource, start: int, end: int, method: str, confidence: float) -> NamedAt | None:
    written = report.text[start:end]
    if not written.strip(_SIGNS):
        return None
    start += len(written) - len(written.lstrip(_SIGNS))
    end -= len(written) - len(written.rstrip(_SIGNS))
    if _QUOTES.get(report.text[start]) == report.text[end - 1]:
        start, end = start + 1, end - 1
    value = join_wrapped(report.text[start:end])
    if len(value) < _SHORTEST_NAME or value.isdigit():
        return None
    return NamedAt(value, start, end, method, confidence)


def _bounds(text: str, unit: str | None, lexicon: Lexicon) -> tuple[int, int]:
    """Where the name begins and ends in the part of a title before the words for the report."""
    first = _without_leads(text, 0, unit, lexicon)
    last = len(text.rstrip())
    years = [year for year in YEAR.finditer(text, first) if not text[: year.start()].endswith(("-", "—", "～", "~"))]
    for year in reversed(years):
        behind = _without_tails(text, year.end(), last, lexicon)
        has_name_behind = behind - year.end() >= _SHORTEST_NAME and not is_generic(text[year.end() : behind], lexicon)
        if has_name_behind and _is_reporter(text[first : year.start()], unit, lexicon):
            first = _without_leads(text, year.end(), unit, lexicon)
            break
        if not has_name_behind:
            last = year.start() if not _is_reporter(text[first : year.start()], unit, lexicon) else first
    last = _without_tails(text, first, last, lexicon)
    first = _behind_receiver(text, first, last, lexicon)
    return first, _without_transfer(text, first, last)


def _behind_receiver(text: str, first: int, last: int, lexicon: Lexicon) -> int:
    """无为市危房改造转移支付: money is named by its receiver; 天津市…道路工程 lies there and keeps its place."""
    is_money = ends_with("fund_tail", text[first:last].removesuffix("项目"), lexicon)
    return first + leading_chain_end(text[first:last], lexicon) if is_money else first


def _is_reporter(text: str, unit: str | None, lexicon: Lexicon) -> bool:
    """A place, an organisation or nothing: what stands before the year says who reports."""
    squeezed = text.strip(_SIGNS)
    return (
        not squeezed
        or squeezed == unit
        or leading_chain_end(squeezed, lexicon) == len(squeezed)
        or ends_with("organisation_tail", squeezed, lexicon)
        or ends_with("reporter_tail", squeezed, lexicon)
    )


def _without_leads(text: str, first: int, unit: str | None, lexicon: Lexicon) -> int:
    """Where the name begins: behind 关于, brackets, years, 我县, the unit, and a place that leads to a year."""
    while True:
        head = text[first:]
        if head.startswith(tuple(_SIGNS)):
            first += 1
        elif unit and head.startswith(unit):
            first += len(unit)
        elif lead := lexicon.leading("title_lead", head):
            first += lead.end
        elif other := YEAR.match(head) or _BRACKETED.match(head) or _HERE.match(head) or _BY_DOCUMENT.match(head):
            first += other.end()
        elif (about := _ABOUT.match(head)) and ends_with("organisation_tail", about["who"], lexicon):
            first += about.end()
        elif (place_end := leading_chain_end(head, lexicon)) and YEAR.match(head[place_end:].lstrip()):
            first += place_end
        else:
            return first


def _without_tails(text: str, first: int, last: int, lexicon: Lexicon) -> int:
    """Where the name ends: before 支出 and the like. Of 项目资金 the 项目 stays, but not behind 费, which is a name."""
    name = text[first:last].rstrip(_SIGNS)
    while (tail := lexicon.trailing("name_noise", name)) is not None and tail.start >= _SHORTEST_NAME:
        name = name[: tail.start].rstrip(_SIGNS)
    if name.endswith(("工程财政资金", "项目财政资金")):
        name = name.removesuffix("财政资金")
    if name.endswith("项目资金"):
        name = name.removesuffix("资金")
    # 维护费项目 is the 维护费, 经费项目 a project.
    if name.endswith("费项目") and not text[first:last].rstrip(_SIGNS).endswith("经费项目"):
        name = name.removesuffix("项目")
    return first + len(name)


def _without_transfer(text: str, first: int, last: int) -> int:
    """农村危房改造转移支付 is the transfer for 农村危房改造; 林业资金转移支付 is one name."""
    name = text[first:last]
    stem = name.removesuffix("转移支付")
    return last if stem == name or len(stem) < _SHORTEST_STEM or stem.endswith("资金") else first + len(stem)


def name_in_prose(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """What the prose reports on, when no title says it: the project that was planned or the money that was given.

    A text that announces several projects has no one name.
    """
    if _SEVERAL.search(fold(report.text[:_OPENING])):
        return None
    for find in (
        _planned,
        _evaluated,
        _carried_out,
        _owned,
        _scored,
        _applied_for,
        _issued_in_heading,
        _largest_sum,
        _rated,
        _judged,
    ):
        name = find(report, sentences)
        if name is not None:
            return name
    return None


def _planned(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`2022年农村公路通村道路建设项目计划投资2179万元`."""
    return _first_match(report, sentences, _INVESTMENT, 0.8)


def _evaluated(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`对2024年度中央财政城镇保障性安居工程补助资金开展自评`."""
    opening = [sentence for sentence in sentences[:6] if "自评" in sentence.text or "绩效评价" in sentence.text]
    return _first_match(report, opening, _EVALUATED, 0.85)


def _owned(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`南县图书馆2023年古籍修复项目到位资金60万元`: the project of a body, named behind its year."""
    for sentence in sentences[:OPENING_SENTENCES]:
        match = HAS_PROJECT.search(fold(sentence.text))
        if match is not None and ends_with("organisation_tail", match["unit"], report.lexicon):
            is_giving = report.lexicon.leading("giving", match["name"]) is not None
            start = sentence.start + match.start("name")
            return None if is_giving else _cleaned(report, start, match["name"], 0.8)
    return None


def _carried_out(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`县文化馆2018年实施“百姓大舞台”文艺下乡项目` at the beginning."""
    return _first_match(report, sentences[:OPENING_SENTENCES], _CARRIED_OUT, 0.75)


def _scored(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`综上，颍上县2020年农村厨房改造项目自评总得分95.03分`."""
    return _first_match(report, sentences, _SCORED, 0.75)


def _applied_for(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`农村饮水工程维修养护项目按某号文要求申报，程序完整`: how a report of points begins."""
    return _first_match(report, sentences[:OPENING_SENTENCES], _APPLIED_FOR, 0.75)


def _judged(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`燃油税转移支付资金项目决策严密` in the conclusion."""
    concluding = [sentence for sentence in sentences if "conclusion" in sentence.passage.sections]
    return _first_match(report, concluding, _JUDGED, 0.7)


def _rated(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`县级储备粮保管费用补贴资金执行率92.4%`, `2020年农村公路养护资金计划850万元`."""
    return _first_match(report, sentences, _RATED, 0.7)


def _first_match(
    report: ReportSource, sentences: Iterable[Sentence], pattern: re.Pattern[str], confidence: float
) -> NamedAt | None:
    for sentence in sentences:
        for match in pattern.finditer(fold(sentence.text)):
            name = _cleaned(report, sentence.start + match.start("name"), match["name"], confidence)
            if name is not None:
                return name
    return None


def _issued_in_heading(report: ReportSource, _: list[Sentence]) -> NamedAt | None:
    """`下达农村危房改造转移支付预算和绩效目标情况`."""
    for heading in report.outline.headings:
        match = _ISSUED.search(fold(report.text[heading.start : heading.end]))
        name = _cleaned(report, heading.start + match.start("name"), match["name"], 0.75) if match else None
        if name is not None:
            return name
    return None


def _largest_sum(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """The name before the largest sum: `中央财政下达我市困难群众救助补助资金35331.2万元`."""
    best: tuple[Decimal, NamedAt] | None = None
    for sentence in sentences:
        for money in find_money(sentence.text.split("其中")[0]):
            before = max(0, money.start - _REACH_BACK)
            match = _BEFORE_AMOUNT.search(fold(sentence.text[before : money.start]))
            if match is None or (best is not None and money.amount_yuan <= best[0]):
                continue
            name = _cleaned(report, sentence.start + before + match.start("name"), match["name"], 0.75)
            if name is not None:
                best = money.amount_yuan, name
    return best[1] if best else None


def _cleaned(report: ReportSource, start: int, text: str, confidence: float) -> NamedAt | None:
    """A name of the prose without the words around it; None when nothing of its own remains.

    The year goes, unless the name goes on with a place (2022年湖南省文化和旅游专项资金): then it is part of the name.
    """
    first = _behind_giving(text, report.lexicon)
    by = _BY_WHOM.match(text, first)
    if by is not None and ends_with("organisation_tail", by.group(), report.lexicon):
        first = by.end()
    year = YEAR.match(text, first)
    keeps_year = year is not None and leading_chain_end(text[year.end() :], report.lexicon) > 0
    if not keeps_year:
        first = _without_leads(text, first, None, report.lexicon)
        if payer := report.lexicon.leading("payer", text[first:]):
            first = _without_leads(text, first + payer.end, None, report.lexicon)
    last = _without_tails(text, first, len(text), report.lexicon)
    if not keeps_year:
        first = _behind_receiver(text, first, last, report.lexicon)
    last = _without_transfer(text, first, last)
    name = text[first:last]
    if pointing := _POINTING.match(name):
        first, name = first + pointing.end(), name[pointing.end() :]
    is_part = _NO_NAME_OF_MONEY.search(name) is not None or _COUNTED.fullmatch(name) is not None
    if not _SHORTEST_NAME < len(name) <= _LONGEST_NAME or is_part or is_generic(name, report.lexicon):
        return None
    return _named(report, start + first, start + last, "prose", confidence)


def _behind_giving(text: str, lexicon: Lexicon) -> int:
    """Behind the last word of giving or receiving: 下达我区, 收到, 今年."""
    hits = lexicon.find("giving", text)
    end = hits[-1].end if hits else 0
    return end + text.startswith("了", end)
