"""Which organisation a report is of: the body that carried the project out, else the one that reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.identity.gazetteer import find_places, leading_chain_end
from ingest.extraction.identity.labelled import read_labelled
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.own_words import OPENING_SENTENCES
from ingest.extraction.identity.titles import YEAR, Title, ends_with
from ingest.extraction.source import ReportSource, Sentence
from ingest.extraction.wordings import any_of
from ingest.lexicon import Lexicon

_ORGANISATION = re.compile(r"(?:[\[(（]?\d[\dA-Za-z]*[\])）]?\s?[-—－]?\s?)?[\u4e00-\u9fff（）()、*＊]{3,40}")
_REPORTS_ON = re.compile(r"(?P<unit>[\u4e00-\u9fff（）()、*＊]{3,40}?)对[^。；]{4,80}?(?:自评|绩效评价)")
_ACTS = re.compile(
    r"(?:^|[，,])(?P<unit>[\u4e00-\u9fff（）()、]{4,40}?)(?:于?(?:19|20)\d{2}年度?)?(?:依据|根据|按照|负责|会同|组织|开展|承担|实施|为[^，。]{0,12}(?:单位|部门))"
)
_EVALUATES_OTHERS = re.compile(
    r"(?:第三方|中介机构|评价组|事务所|咨询公司|有限公司|委托)[^。]{0,30}?对(?P<unit>[\u4e00-\u9fff]{4,30}?)(?:的|(?:19|20)\d{2}年)"
)
_SCORES_ITSELF = re.compile(
    r"(?P<unit>[\u4e00-\u9fff]{4,30}?)(?:(?:19|20)\d{2}年度?)?(?:部门|单位)?整体(?:支出)?(?:绩效)?(?:自评|评价)"
)
# 上杭县才溪镇人民政府自评得分97分
_JUDGES_ITSELF = re.compile(r"(?:^|[，,])(?P<unit>[\u4e00-\u9fff]{4,30}?)(?:自评|自我评价)(?:总?得?分|得|结果|等级|为)")
# 县发展和改革委员会为项目单位
_CALLED_UNIT = re.compile(
    r"(?:^|[，,。；;])(?P<unit>[\u4e00-\u9fff]{4,20}?)[为是](?:本?项目|实施|建设|责任|承担)(?:实施|建设|责任)?单位"
)
_REPORTS_NOW = re.compile(r"现[将就](?P<unit>[\u4e00-\u9fff（）()、*＊]{3,40}?)(?:的|关于)?(?:(?:19|20)\d{2}年)")
_CARRIES_OUT = re.compile(
    r"[对由](?P<unit>[\u4e00-\u9fff]{4,30}?)(?:组织|负责|具体|牵头)?(?:实施|承担|承办|主管|管理|使用)的"
)
_RECEIVES = re.compile(
    r"(?:^|[，,])(?P<unit>[\u4e00-\u9fff]{4,30}?)(?:(?:于|在)?(?:19|20)\d{2}年度?)?(?:共|实际|全年)?(?:收到|获得|争取到?|申报|申请|认真|严格|高度)"
)
# 项目单位南县博物馆的库房建于1996年: the label, without any sign behind it.
_LABELLED_IN_PROSE = re.compile(
    r"(?:项目|实施|建设|承担|使用)(?:实施|建设|承担|使用)?单位[为是]?(?P<unit>[\u4e00-\u9fff]{4,30}?)(?=[的，,。；;（(]|共?有|负责|对|于|在|按|根据)"
)
# 南县图书馆2023年古籍修复项目到位资金60万元
HAS_PROJECT = re.compile(
    r"(?:^|[，,])(?P<unit>[\u4e00-\u9fff（）()]{4,40}?)的?(?:19|20)\d{2}年度?"
    r"(?P<name>[\u4e00-\u9fffA-Za-z\d“”\"（）()·、]{3,50}?(?:项目|工程|专项|资金|经费|补助|补贴)(?:项目|资金|经费)?)"
    r"(?=[，,。；;：:（(是为共总实到支执已自绩下于年预用主涉分覆包在按由]|$)"
)
"""Whose project it is, and which: the first clause of a report without a title."""

_SEAL = re.compile(r"\s*[（(](?:单位|加盖)?(?:公章|盖章|签章|印章|章)[)）]$")
# 县文化局（文物局）: the second name of one body; 县水利局（以下简称我局） names none.
_SECOND_NAME = re.compile(r"[（(](?P<name>(?!原|以下|下称|简称|我|本|加挂|盖章)[\u4e00-\u9fff]{2,14})[)）]")
# A body of this county, called without its name.
_OF_HERE = re.compile("(?!市场|区域|.级|.直)[市县区旗]")
_TOWNS = ("乡", "镇", "街道")
_LETTERHEAD = re.compile("(?:文件|公文|函)$")
# 填报单位：南县水利局 填报日期：…: the label of the next entry.
_NEXT_LABEL = re.compile(
    r"\s*(?:填报|填表|报送|编制|编报|上报|自评|评价|制表)?(?:日期|时间|人)$|\s*(?:项目|单位)?(?:联系|负责)人$|\s*(?:联系)?电话$|\s*单位$"
)
_ASIDE = re.compile(r"\s+|[（(【\[][^（）()【】\[\]]*[)）】\]]")
_LEAD_BEHIND = re.compile("(?:关于|对)$")
_KEPT_IN_FRONT = re.compile(r"^(?:[*＊]{2,}|中共)")
_MASKED_PLACE = re.compile(r"[*＊]{2,}[省市县区州旗]")
_DATE_BEHIND = re.compile(r"\s*(?:19|20)\d{2}\s*年.{0,8}$")
_LINES_OF_A_SIGNATURE = 3
_YEAR_AND_TIME = re.compile(r"^\s*(?:于|在)?(?:(?:19|20)\d{2}\s*年度?)?(?:\d{1,2}月)?(?:\d{1,2}日)?")
_ANOTHER_PAPER = re.compile("文件|《|〔|关于|印发|批复|要求")
_NO_DOER = re.compile("财政|政府|审计|、|(?<!发展)和|[与及]|党委|人大|政协|公司$")
# Who is paid to evaluate signs too.
_EVALUATOR = re.compile("(?:事务所|公司)$")
_FINANCE = re.compile("财政[局厅]$")
_NEXT_ENTRY = re.compile("[ （(]")
_SHORTEST_IN_TITLE = 4
_LONGEST_BEFORE_A_VERB = 40


@lru_cache(maxsize=8)
def _calling_itself(lexicon: Lexicon) -> tuple[re.Pattern[str], ...]:
    """`我镇（凌源市四官营子镇）`, `南县水利局（以下简称我局）`: the report says itself who speaks."""
    itself = "[我本]" + any_of(lexicon, "self_word")
    return (
        re.compile(rf"{itself}[（(](?P<unit>[\u4e00-\u9fff]{{4,40}})[)）]"),
        re.compile(
            rf"(?:^|[，,由])(?P<unit>[\u4e00-\u9fff]{{4,40}})"
            rf"[（(](?:以下|下文|后文)?(?:均|统)?简?称(?:为|[：:])?[“\"]?{itself}[”\"]?[)）]"
        ),
    )


@lru_cache(maxsize=8)
def _carrying_out_here(lexicon: Lexicon) -> re.Pattern[str]:
    """`县林业局负责选聘`, `由区水务局组织实施`; who supervises or checks (负责监督) carries nothing out."""
    carrying_out, supervising = any_of(lexicon, "carrying_out"), any_of(lexicon, "supervising")
    return re.compile(
        r"(?:^|[，,：:]|由)(?P<unit>[市县区旗][\u4e00-\u9fff]{2,14}?)(?:于?(?:19|20)\d{2}年度?)?"
        rf"{carrying_out}(?!{supervising})"
    )


def reporting_unit(
    report: ReportSource, title: Title | None, sentences: list[Sentence], evaluated: NamedAt | None = None
) -> NamedAt | None:
    """The body that carried the project out, else the one that reports; `evaluated` is the one named as evaluated."""
    named = _named_body(report, title, sentences, evaluated)
    return named if named is None else _with_second_name(named, report)


def _named_body(
    report: ReportSource, title: Title | None, sentences: list[Sentence], evaluated: NamedAt | None
) -> NamedAt | None:
    named = (
        organisation_labelled(report, "unit_label", "implementing")
        or evaluated
        or organisation_labelled(report, "unit_label", "reporting")
        or _evaluated_body(sentences, report)
        or _labelled_in_prose(report, sentences)
        or _organisation_in_front(report, title)
        or organisation_in_title(report, title)
        or _calls_itself(report, sentences)
        or _signature(report)
        or _unit_in_opening(report, sentences)
        or _owner_in_opening(report, sentences)
        or _subject_of_opening(report, sentences)
        or _publisher(report)
    )
    if named is not None and not _evaluates_others(named, report):
        return named
    return (
        organisation_labelled(report, "unit_label", "responsible")
        or _unit_by_verb(report, sentences)
        or named
        or _body_without_place(report, sentences)
    )


def _with_second_name(named: NamedAt, report: ReportSource) -> NamedAt:
    """`福海县农业农村局（畜牧兽医局）`: a body that bears two names is called by both."""
    second = _SECOND_NAME.match(report.text, named.end)
    if second is None or not ends_with("organisation_tail", second["name"], report.lexicon):
        return named
    return replace(named, value=named.value + second.group(), end=second.end())


def _labelled_in_prose(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`项目单位惠民县博物馆的库房建于1996年`."""
    for sentence in sentences:
        for match in _LABELLED_IN_PROSE.finditer(fold(sentence.text)):
            name = match["unit"]
            if _ends_like_organisation(name, report) and leading_chain_end(name, report.lexicon):
                return NamedAt.as_printed(name, sentence.start + match.start("unit"), "opening", 0.85)
    return None


def _evaluates_others(named: NamedAt, report: ReportSource) -> bool:
    """A finance bureau that has had somebody evaluate: the project is another's, if the text says whose."""
    return _FINANCE.search(named.value) is not None and report.lexicon.first("evaluator_talk", report.text) is not None


def _organisation_in_front(report: ReportSource, title: Title | None) -> NamedAt | None:
    """An organisation on its own line before the title, or directly behind it."""
    if title is None:
        return None
    for passage in report.outline.front:
        text = _LETTERHEAD.sub("", _SEAL.sub("", passage.text.strip()))
        if title.start <= passage.start < title.end:
            continue
        if _ends_like_organisation(text, report):
            start = passage.start + passage.text.index(text)
            return NamedAt.as_printed(text, start, "front_line", 0.9)
        if passage.start >= title.end:
            break
    return None


def organisation_in_title(report: ReportSource, title: Title | None) -> NamedAt | None:
    """An organisation at the head of the title: up to the year, or to where a body's name must end.

    After 局 no project's name goes on; a 档案馆 that the text tells to have acted is the body as well.
    """
    if title is None:
        return None
    folded = fold(report.text[title.start : title.name_end])
    start = _behind_leads(folded, report.lexicon)
    head = folded[start:]
    offset = title.start + start
    strong = strong_head(head, report.lexicon)
    if strong:
        return NamedAt.as_printed(strong, offset, "title", 0.85)
    year = YEAR.search(head)
    before_year = _LEAD_BEHIND.sub("", head[: year.start() if year else len(head)].rstrip())
    is_body_of_a_place = _ends_like_organisation(before_year, report) and _names_its_place(before_year)
    if len(before_year) >= _SHORTEST_IN_TITLE and is_body_of_a_place:
        return NamedAt.as_printed(before_year, offset, "title", 0.85)
    masked = _MASKED_PLACE.match(head)
    place_end = masked.end() if masked is not None else leading_chain_end(head, report.lexicon)
    tails = report.lexicon.find("organisation_tail", head) if place_end else []
    body = next((head[: tail.end] for tail in tails if tail.start >= place_end), None)
    if body is not None and _acts(body[place_end:], report.text[title.end :], report.lexicon):
        return NamedAt.as_printed(body, offset, "title", 0.8)
    return None


def strong_head(text: str, lexicon: Lexicon) -> str:
    """The organisation that a text begins with, if it has a place and a tail behind which no project's name goes on."""
    place_end = leading_chain_end(text, lexicon)
    tails = lexicon.find("strong_organisation_tail", text) if place_end else []
    return next((text[: tail.end] for tail in tails if tail.start >= place_end), "")


def _acts(name: str, text: str, lexicon: Lexicon) -> bool:
    """`县档案馆申请设立…`, `我馆`: whether a text tells of a body, named without its place, as of one that acts."""
    if f"我{_own_word(name, lexicon)}" in text:
        return True
    return len(name) > 1 and re.search(re.escape(name) + any_of(lexicon, "body_does"), text) is not None


def _own_word(name: str, lexicon: Lexicon) -> str:
    """How a body speaks of itself: 我校 of a 大学; mostly by the last character of its name."""
    tail = lexicon.trailing("own_word", name)
    return tail.canonical if tail is not None else name[-1]


def _behind_leads(title: str, lexicon: Lexicon) -> int:
    """Length of what stands before the names in a title: 关于, 2022年度, （直达资金）."""
    place = 0
    while True:
        if lead := lexicon.leading("title_lead", title[place:]):
            place += lead.end
        elif other := (YEAR.match(title, place) or _ASIDE.match(title, place)):
            place = other.end()
        else:
            return place


def _unit_in_opening(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`西平县交通运输局对…作了自评`, `******街道对…开展自评`, `某局整体绩效自评分95分` at the beginning."""
    for sentence in sentences[:OPENING_SENTENCES]:
        for pattern in (
            _REPORTS_ON,
            _SCORES_ITSELF,
            _JUDGES_ITSELF,
            _CALLED_UNIT,
            _REPORTS_NOW,
            _CARRIES_OUT,
            _ACTS,
            _RECEIVES,
        ):
            for match in pattern.finditer(sentence.text):
                name = match["unit"]
                begin = 0 if _KEPT_IN_FRONT.match(name) else next((place.start for place in find_places(name)), None)
                if begin is not None and _ends_like_organisation(name[begin:], report):
                    start = sentence.start + match.start("unit") + begin
                    return NamedAt.as_printed(name[begin:], start, "opening", 0.85)
    return None


def _calls_itself(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`我镇（凌源市四官营子镇）`, `南县水利局（以下简称我局）`."""
    for sentence in sentences[:OPENING_SENTENCES]:
        for pattern in _calling_itself(report.lexicon):
            for match in pattern.finditer(sentence.text):
                name = match["unit"]
                begin = next((place.start for place in find_places(name)), None)
                if begin is not None and is_body(name[begin:], report.lexicon):
                    return NamedAt.as_printed(
                        name[begin:], sentence.start + match.start("unit") + begin, "opening", 0.85
                    )
    return None


def _owner_in_opening(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`南县图书馆2023年古籍修复项目到位资金60万元`; of 南县财政局2023年下达资金 it is not known."""
    for sentence in sentences[:OPENING_SENTENCES]:
        match = HAS_PROJECT.search(fold(sentence.text))
        name = match["unit"] if match is not None else ""
        if (
            match is None
            or report.lexicon.leading("giving", match["name"])
            or not leading_chain_end(name, report.lexicon)
        ):
            continue
        if _ends_like_organisation(name, report):
            return NamedAt.as_printed(name, sentence.start + match.start("unit"), "opening", 0.8)
    return None


def _subject_of_opening(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`巴东县看守所民警21人…由本所垫付`: the body that a sentence begins with, if the text calls itself so.

    Of 南县财政局下达我局资金 the body that gives is another one.
    """
    for sentence in sentences[:OPENING_SENTENCES]:
        text = sentence.text
        place_end = leading_chain_end(text, report.lexicon)
        tails = report.lexicon.find("organisation_tail", text[:_LONGEST_BEFORE_A_VERB]) if place_end else []
        for tail in tails:
            name, behind = text[: tail.end], _YEAR_AND_TIME.sub("", text[tail.end :])
            if report.lexicon.leading("giving", behind) or _FINANCE.search(name) or _ANOTHER_PAPER.match(behind):
                break
            calls_itself = any(f"{who}{_own_word(name, report.lexicon)}" in report.text for who in "我本")
            if tail.start >= place_end and calls_itself and _ends_like_organisation(name, report):
                return NamedAt.as_printed(name, sentence.start, "opening", 0.8)
    return None


def _body_without_place(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`县林业局负责选聘`, `县教育局对…进行了自评`: the one body without its place that carries the work out."""
    found: dict[str, NamedAt] = {}
    everywhere = _carrying_out_here(report.lexicon)
    for at, sentence in enumerate(sentences):
        for pattern in (
            (everywhere, _REPORTS_ON, _CARRIES_OUT, _CALLED_UNIT) if at < OPENING_SENTENCES else (everywhere,)
        ):
            for match in pattern.finditer(fold(sentence.text)):
                name = sentence.text[slice(*match.span("unit"))]
                is_office = _OF_HERE.match(name) is not None and _ends_like_organisation(name, report)
                if is_office and _NO_DOER.search(name) is None:
                    found.setdefault(
                        name, NamedAt.as_printed(name, sentence.start + match.start("unit"), "prose_verb", 0.7)
                    )
    return next(iter(found.values())) if len(found) == 1 else None


def _evaluated_body(sentences: list[Sentence], report: ReportSource) -> NamedAt | None:
    """`组织第三方机构对新密市教育局2020年…项目开展了绩效评价`: who evaluates others is not the unit."""
    for sentence in sentences[:OPENING_SENTENCES]:
        match = _EVALUATES_OTHERS.search(sentence.text)
        name = match["unit"] if match is not None else ""
        if match is not None and leading_chain_end(name, report.lexicon) and _ends_like_organisation(name, report):
            start = sentence.start + match.start("unit")
            return NamedAt.as_printed(name, start, "opening", 0.8)
    return None


def _signature(report: ReportSource) -> NamedAt | None:
    """The organisation whose name closes the text on a line of its own, with or without the date behind it."""
    for passage in report.outline.passages[-_LINES_OF_A_SIGNATURE:]:
        text = _DATE_BEHIND.sub("", passage.text.strip())
        is_evaluator = _EVALUATOR.search(text) is not None
        if not is_evaluator and _ends_like_organisation(text, report) and _names_its_place(text):
            start = passage.start + passage.text.index(text)
            return NamedAt.as_printed(text, start, "signature", 0.85)
    return None


def _publisher(report: ReportSource) -> NamedAt | None:
    """Who published the page, if that is an office: the finance bureau publishes all reports, a site anyone's.

    A town's government publishes those of its offices too, unless the text says 我乡.
    """
    for found in read_publishers(report):
        is_of_others = report.lexicon.first("publisher_of_others", found.value) is not None
        is_town_itself = any(town in found.value and f"我{town}" in report.text for town in _TOWNS)
        if _ends_like_organisation(found.value, report) and (is_town_itself or not is_of_others):
            return found
    return None


def read_publishers(report: ReportSource) -> Iterator[NamedAt]:
    """Who is printed as the publisher of the page, an office or not."""
    for found in read_labelled(report, "publisher_label"):
        # The next entry of the line stands behind one space: 发布单位：林业局 发布时间：…
        text = _NEXT_ENTRY.split(report.text[found.start : found.end])[0]
        yield NamedAt.as_printed(text, found.start, "publisher", 0.8)


def _unit_by_verb(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`由盐边县人力资源和社会保障局组织实施`: only a body named by its place, no contractor."""
    for sentence in sentences:
        if "由" not in sentence.text:
            continue
        for verb in report.lexicon.find("unit_verb", sentence.text):
            lead = sentence.text.rfind("由", 0, verb.start)
            name = sentence.text[lead + 1 : verb.start].strip() if lead >= 0 else ""
            is_public = leading_chain_end(name, report.lexicon) > 0
            if is_public and len(name) <= _LONGEST_BEFORE_A_VERB and _ends_like_organisation(name, report):
                start = sentence.start + lead + 1 + sentence.text[lead + 1 : verb.start].index(name)
                return NamedAt.as_printed(name, start, "prose_verb", 0.8)
    return None


def _names_its_place(text: str) -> bool:
    """Whether a body's name has a place in it, a masked one too (**县文化馆)."""
    return _KEPT_IN_FRONT.match(text) is not None or bool(find_places(text))


def _ends_like_organisation(text: str, report: ReportSource) -> bool:
    return _ORGANISATION.fullmatch(text) is not None and ends_with("organisation_tail", text, report.lexicon)


def is_body(text: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of an organisation or of a town, which reports by its mere name."""
    return ends_with("organisation_tail", text, lexicon) or ends_with("reporter_tail", text, lexicon)


def organisation_labelled(report: ReportSource, role: str, canonical: str | None = None) -> NamedAt | None:
    """The first text behind a label that is an organisation's name, without seal and without the next label."""
    for found in read_labelled(report, role, canonical):
        for value in (found.value, _SEAL.sub("", found.value), _NEXT_LABEL.sub("", found.value)):
            bare = _SEAL.sub("", value)
            if _ends_like_organisation(bare, report):
                return replace(found, value=bare, end=found.start + len(bare) if bare != found.value else found.end)
    return None
