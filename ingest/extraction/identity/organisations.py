"""Which organisation a report is of: the body that carried the project out, else the one that reports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.characters import fold
from ingest.extraction.identity.gazetteer import find_places, leading_chain_end
from ingest.extraction.identity.labelled import read_labelled
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.own_words import OPENING_SENTENCES
from ingest.extraction.identity.titles import YEAR, Title, ends_with
from ingest.extraction.source import ReportSource, Sentence
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
_REPORTS_NOW = re.compile(r"现[将就](?P<unit>[\u4e00-\u9fff（）()、*＊]{3,40}?)(?:的|关于)?(?:(?:19|20)\d{2}年)")
_CARRIES_OUT = re.compile(
    r"[对由](?P<unit>[\u4e00-\u9fff]{4,30}?)(?:组织|负责|具体|牵头)?(?:实施|承担|承办|主管|管理|使用)的"
)
_RECEIVES = re.compile(
    r"(?:^|[，,])(?P<unit>[\u4e00-\u9fff]{4,30}?)(?:共|实际|全年)?(?:收到|获得|争取到?|申报|申请|认真|严格|高度)"
)
_ASIDE = re.compile(r"\s+|[（(【\[][^（）()【】\[\]]*[)）】\]]")
_LEAD_BEHIND = re.compile("(?:关于|对)$")
_KEPT_IN_FRONT = re.compile(r"^(?:[*＊]{2,}|中共)")
_DATE_BEHIND = re.compile(r"\s*(?:19|20)\d{2}\s*年.{0,8}$")
_LINES_OF_A_SIGNATURE = 3
# Who is paid to evaluate signs too.
_EVALUATOR = re.compile("(?:事务所|公司)$")
_NEXT_ENTRY = re.compile("[ （(]")
_SHORTEST_IN_TITLE = 4
_LONGEST_BEFORE_A_VERB = 40


def reporting_unit(report: ReportSource, title: Title | None, sentences: list[Sentence]) -> NamedAt | None:
    """The body that carried the project out, else the one that reports."""
    return (
        organisation_labelled(report, "unit_label", "implementing")
        or organisation_labelled(report, "unit_label", "reporting")
        or _evaluated_body(sentences, report)
        or _organisation_in_front(report, title)
        or _organisation_in_title(report, title)
        or _signature(report)
        or _unit_in_opening(report, sentences)
        or _publisher(report)
        or organisation_labelled(report, "unit_label", "responsible")
        or _unit_by_verb(report, sentences)
    )


def _organisation_in_front(report: ReportSource, title: Title | None) -> NamedAt | None:
    """An organisation on its own line before the title, or directly behind it."""
    if title is None:
        return None
    for passage in report.outline.front:
        text = passage.text.strip()
        if title.start <= passage.start < title.end:
            continue
        if _ends_like_organisation(text, report):
            start = passage.start + passage.text.index(text)
            return NamedAt.as_printed(text, start, "front_line", 0.9)
        if passage.start >= title.end:
            break
    return None


def _organisation_in_title(report: ReportSource, title: Title | None) -> NamedAt | None:
    """An organisation at the head of the title, up to the year or up to a tail that no project's name has."""
    if title is None:
        return None
    folded = fold(report.text[title.start : title.name_end])
    start = _behind_leads(folded, report.lexicon)
    head = folded[start:]
    offset = title.start + start
    place_end = leading_chain_end(head, report.lexicon)
    tails = report.lexicon.find("strong_organisation_tail", head) if place_end else []
    strong = next((tail for tail in tails if tail.start >= place_end), None)
    if strong is not None:
        return NamedAt.as_printed(head[: strong.end], offset, "title", 0.85)
    year = YEAR.search(head)
    before_year = _LEAD_BEHIND.sub("", head[: year.start() if year else len(head)].rstrip())
    has_place = bool(find_places(before_year)) or _KEPT_IN_FRONT.match(before_year) is not None
    if len(before_year) >= _SHORTEST_IN_TITLE and _ends_like_organisation(before_year, report) and has_place:
        return NamedAt.as_printed(before_year, offset, "title", 0.85)
    return None


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
        for pattern in (_REPORTS_ON, _SCORES_ITSELF, _REPORTS_NOW, _CARRIES_OUT, _ACTS, _RECEIVES):
            for match in pattern.finditer(sentence.text):
                name = match["unit"]
                begin = 0 if _KEPT_IN_FRONT.match(name) else next((place.start for place in find_places(name)), None)
                if begin is not None and _ends_like_organisation(name[begin:], report):
                    start = sentence.start + match.start("unit") + begin
                    return NamedAt.as_printed(name[begin:], start, "opening", 0.85)
    return None


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
        if not is_evaluator and _ends_like_organisation(text, report) and find_places(text):
            start = passage.start + passage.text.index(text)
            return NamedAt.as_printed(text, start, "signature", 0.85)
    return None


def _publisher(report: ReportSource) -> NamedAt | None:
    """Who published the page, if that is an office: the finance bureau publishes all reports, a site anyone's."""
    for found in read_publishers(report):
        is_office = _ends_like_organisation(found.value, report)
        if is_office and report.lexicon.first("publisher_of_others", found.value) is None:
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


def _ends_like_organisation(text: str, report: ReportSource) -> bool:
    return _ORGANISATION.fullmatch(text) is not None and ends_with("organisation_tail", text, report.lexicon)


def organisation_labelled(report: ReportSource, role: str, canonical: str | None = None) -> NamedAt | None:
    """The first text behind a label that is an organisation's name."""
    labelled = read_labelled(report, role, canonical)
    return next((found for found in labelled if _ends_like_organisation(found.value, report)), None)
