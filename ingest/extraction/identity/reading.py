"""Who reports on what, where and for which year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ingest.characters import fold, join_wrapped
from ingest.extraction.forms.rows import Form
from ingest.extraction.identity.fiscal_years import fiscal_year
from ingest.extraction.identity.project_names import NamedAt, name_in_prose, name_in_title
from ingest.extraction.identity.regions import (
    PlaceName,
    chain_of,
    continues,
    find_places,
    leading_chain_end,
    rank,
    superiors,
)
from ingest.extraction.identity.titles import YEAR, Title, ends_with, read_title
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon
from ingest.records import Evidence, Region, ReportKind

_QUOTED = re.compile(r"《[^》\n]*》|[〔\[【（(][^〕\]】）)\n]{0,12}[〕\]】）)]")
_ONE_SPACE = re.compile(r" (?=[^\s|:：]{3,40}$)", re.MULTILINE)
_DATE_BEHIND = re.compile(r"\s*(?:19|20)\d{2}\s*年.{0,8}$")
_BEFORE_VALUE = re.compile(r"(?:\s*[（(][^（）()\n]{0,8}[)）])?(?:\s{0,3}(?:[:：|]|为\s*[:：]?)[\s|]{0,3}| {2,})")
_VALUE = re.compile(r"[^\n|，,。；;：:]{2,60}")
_WIDE_GAP = re.compile(r" {2,}")
_CODE = re.compile(r"^\s*(?:[\[(（【]?(?P<code>[0-9][0-9A-Za-z]{5,24})[\])）】]?\s*[-—－ ]?\s*)(?=[\u4e00-\u9fff])")
_SHORTER_CODE = re.compile(r"^\s*\d{3,5}\s*[-—－]\s*(?=[\u4e00-\u9fff])")
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
_KEPT_IN_FRONT = re.compile(r"^(?:[*＊]{2,}|中共)")
_OWN_GOVERNMENT = re.compile(r"^(?:人民)?政府")
# 我区 is said of an autonomous region and of a district.
_LEVELS_OF_A_HINT = {
    "autonomous_region": ("province", "county"),
    "province": ("province",),
    "city": ("city", "county"),
    "county": ("county",),
}
_ANOTHER_BODY = re.compile(r"级|财政|[\u4e00-\u9fff]{0,8}?(?:局|厅|委员会|委|政府)")
_HOW_FAR_THE_OPENING_REACHES = 800
_LINES_OF_A_SIGNATURE = 3
# Who is paid to evaluate signs too.
_EVALUATOR = re.compile("(?:事务所|公司)$")
_SENTENCES_OF_AN_OPENING = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifying facts with their places, by field name of the record."""

    values: dict[str, object]
    places: dict[str, Evidence]


def read_identity(report: ReportSource, sentences: list[Sentence]) -> Identity:
    """Unit, department, project, fiscal year, region and kind; what is not written stays null."""
    title = read_title(report)
    unit = _unit(report, title, sentences)
    kind = _kind(report, title)
    found: dict[str, NamedAt | None] = {
        "unit": unit,
        "department": _organisation_labelled(report, "department_label"),
        "project_name": _project_name(report, title, unit, kind, sentences),
    }
    found["fiscal_year"] = fiscal_year(report, title, found["project_name"], sentences)
    values: dict[str, object] = {field: fact.value for field, fact in found.items() if fact is not None}
    places = {
        field: report.place(fact.start, fact.end, fact.method, fact.confidence)
        for field, fact in found.items()
        if fact is not None
    }
    if "fiscal_year" in values:
        values["fiscal_year"] = int(str(values["fiscal_year"]))
    _read_codes(values, places)
    region, region_places = _read_region(report, title, _spans_of(found))
    values["region"], values["kind"] = region, kind
    return Identity(values, places | region_places)


def with_form_identity(identity: Identity, form: Form, whole: ReportSource) -> Identity:
    """What a form states about itself in place of what its prose says; `whole` is the document as it is."""
    values, places = dict(identity.values), dict(identity.places)
    for field, piece in form.identity.items():
        text = join_wrapped(whole.text[piece.start : piece.end])
        values[field] = int(fold(text)) if field == "fiscal_year" else text
        places[field] = whole.place(
            piece.start,
            piece.end,
            piece.method,
            piece.confidence,
            table=piece.table,
            row=piece.row,
            column=piece.column,
        )
    _read_codes(values, places)
    region, region_places = _read_region(whole, read_title(whole), _spans_of(places))
    if not region_places:
        return Identity(values, places)
    places = {field: place for field, place in places.items() if not field.startswith("region.")}
    return Identity(values | {"region": region}, places | region_places)


def _spans_of(found: Mapping[str, NamedAt | Evidence | None]) -> dict[str, tuple[int, int]]:
    return {field: (fact.start, fact.end) for field, fact in found.items() if fact is not None}


def _read_codes(values: dict[str, object], places: dict[str, Evidence]) -> None:
    """A code in front of an organisation is dropped; one glued to a project is part of its name and `project_code`."""
    for field in ("unit", "department"):
        text = str(values.get(field) or "")
        code = _CODE.match(text) or _SHORTER_CODE.match(text)
        if code is not None:
            values[field] = text[code.end() :]
    code = _CODE.match(str(values.get("project_name") or ""))
    if code is not None:
        values["project_code"], places["project_code"] = code["code"], places["project_name"]


# ---------- the project


def _project_name(
    report: ReportSource, title: Title | None, unit: NamedAt | None, kind: ReportKind, sentences: list[Sentence]
) -> NamedAt | None:
    labelled = next(_labelled(report, "project_label"), None)
    if labelled is not None:
        return labelled
    named = name_in_title(report, title, unit.value if unit else None) if title is not None else None
    if named is not None or kind == "department_self_evaluation":
        return named
    return name_in_prose(report, sentences)


# ---------- what stands behind a label


def _labelled(report: ReportSource, role: str, canonical: str | None = None) -> Iterator[NamedAt]:
    """The texts behind a label: `项目名称为：金保网网络运行。`"""
    for hit in report.lexicon.find(role, report.text):
        lead = _before_value(report.text, hit.start, hit.end) if canonical in (None, hit.canonical) else None
        value = _VALUE.match(report.text, lead.end()) if lead else None
        # The next label of the same line stands behind a wide gap.
        text = _WIDE_GAP.split(value.group().strip())[0] if value else ""
        if value and text and not _is_a_label(text, report):
            start = value.start() + value.group().index(text)
            yield NamedAt(join_wrapped(text), start, start + len(text), "prose_label", 0.95)


def _before_value(text: str, start: int, end: int) -> re.Match[str] | None:
    """What parts a label from its value; on a line of the two alone, one space does."""
    begins_line = start == 0 or text[start - 1] == "\n"
    return _BEFORE_VALUE.match(text, end) or (_ONE_SPACE.match(text, end) if begins_line else None)


def _organisation_labelled(report: ReportSource, role: str, canonical: str | None = None) -> NamedAt | None:
    return next(
        (found for found in _labelled(report, role, canonical) if _ends_like_organisation(found.value, report)), None
    )


def _is_a_label(text: str, report: ReportSource) -> bool:
    """Forms put the next label where an empty value would stand."""
    return any(
        report.lexicon.canonical(role, text) is not None
        for role in ("project_label", "unit_label", "department_label", "stage", "column", "section")
    )


# ---------- the unit


def _unit(report: ReportSource, title: Title | None, sentences: list[Sentence]) -> NamedAt | None:
    """The body that carried the project out, else the one that reports."""
    return (
        _organisation_labelled(report, "unit_label", "implementing")
        or _organisation_labelled(report, "unit_label", "reporting")
        or _evaluated_body(sentences, report)
        or _organisation_in_front(report, title)
        or _organisation_in_title(report, title)
        or _signature(report)
        or _unit_in_opening(report, sentences)
        or _publisher(report)
        or _organisation_labelled(report, "unit_label", "responsible")
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
            return NamedAt(text, start, start + len(text), "front_line", 0.9)
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
    year = YEAR.search(head)
    stop = year.start() if year else len(head)
    if leading_chain_end(head, report.lexicon):
        chain_end = leading_chain_end(head, report.lexicon)
        strong = next(
            (hit for hit in report.lexicon.find("strong_organisation_tail", head) if hit.start >= chain_end), None
        )
        if strong is not None:
            return NamedAt(head[: strong.end], offset, offset + strong.end, "title", 0.85)
    before_year = re.sub("(?:关于|对)$", "", head[:stop].rstrip())
    has_place = bool(find_places(before_year)) or _KEPT_IN_FRONT.match(before_year) is not None
    if len(before_year) >= 4 and _ends_like_organisation(before_year, report) and has_place:
        return NamedAt(before_year, offset, offset + len(before_year), "title", 0.85)
    return None


def _behind_leads(title: str, lexicon: Lexicon) -> int:
    """Length of what stands before the names in a title: 关于, 2022年度, （直达资金）."""
    place = 0
    while True:
        lead = lexicon.first("title_lead", title[place:])
        if lead is not None and lead.start == 0:
            place += lead.end
        elif other := (YEAR.match(title, place) or _ASIDE.match(title, place)):
            place = other.end()
        else:
            return place


def _unit_in_opening(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`西平县交通运输局对…作了自评`, `******街道对…开展自评`, `某局整体绩效自评分95分` at the beginning."""
    for sentence in sentences[:_SENTENCES_OF_AN_OPENING]:
        for pattern in (_REPORTS_ON, _SCORES_ITSELF, _REPORTS_NOW, _CARRIES_OUT, _ACTS, _RECEIVES):
            for match in pattern.finditer(sentence.text):
                name = match["unit"]
                begin = 0 if _KEPT_IN_FRONT.match(name) else next((place.start for place in find_places(name)), None)
                if begin is not None and _ends_like_organisation(name[begin:], report):
                    start = sentence.start + match.start("unit") + begin
                    return NamedAt(name[begin:], start, start + len(name) - begin, "opening", 0.85)
    return None


def _evaluated_body(sentences: list[Sentence], report: ReportSource) -> NamedAt | None:
    """`组织第三方机构对新密市教育局2020年…项目开展了绩效评价`: who evaluates others is not the unit."""
    for sentence in sentences[:_SENTENCES_OF_AN_OPENING]:
        match = _EVALUATES_OTHERS.search(sentence.text)
        name = match["unit"] if match is not None else ""
        if match is not None and leading_chain_end(name, report.lexicon) and _ends_like_organisation(name, report):
            start = sentence.start + match.start("unit")
            return NamedAt(name, start, start + len(name), "opening", 0.8)
    return None


def _signature(report: ReportSource) -> NamedAt | None:
    """The organisation whose name closes the text on a line of its own, with or without the date behind it."""
    for passage in report.outline.passages[-_LINES_OF_A_SIGNATURE:]:
        text = _DATE_BEHIND.sub("", passage.text.strip())
        is_evaluator = _EVALUATOR.search(text) is not None
        if not is_evaluator and _ends_like_organisation(text, report) and find_places(text):
            start = passage.start + passage.text.index(text)
            return NamedAt(text, start, start + len(text), "signature", 0.85)
    return None


def _publisher(report: ReportSource) -> NamedAt | None:
    """Who published the page, if that is an office: the finance bureau publishes all reports, a site anyone's."""
    for found in _published(report):
        is_office = _ends_like_organisation(found.value, report)
        if is_office and report.lexicon.first("publisher_of_others", found.value) is None:
            return found
    return None


def _published(report: ReportSource) -> Iterator[NamedAt]:
    for found in _labelled(report, "publisher_label"):
        # The next entry of the line stands behind one space: 发布单位：林业局 发布时间：…
        text = re.split(r"[ （(]", report.text[found.start : found.end])[0]
        yield NamedAt(text, found.start, found.start + len(text), "publisher", 0.8)


def _unit_by_verb(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """`由盐边县人力资源和社会保障局组织实施`: only a body named by its place, no contractor."""
    for sentence in sentences:
        if "由" not in sentence.text:
            continue
        for verb in report.lexicon.find("unit_verb", sentence.text):
            lead = sentence.text.rfind("由", 0, verb.start)
            name = sentence.text[lead + 1 : verb.start].strip() if lead >= 0 else ""
            is_public = bool(name) and len(name) <= 40 and leading_chain_end(name, report.lexicon) > 0
            if is_public and _ends_like_organisation(name, report):
                start = sentence.start + lead + 1 + sentence.text[lead + 1 : verb.start].index(name)
                return NamedAt(name, start, start + len(name), "prose_verb", 0.8)
    return None


def _ends_like_organisation(text: str, report: ReportSource) -> bool:
    return _ORGANISATION.fullmatch(text) is not None and ends_with("organisation_tail", text, report.lexicon)


# ---------- the region


def _read_region(
    report: ReportSource, title: Title | None, named: Mapping[str, tuple[int, int]]
) -> tuple[Region, dict[str, Evidence]]:
    """Place names in the unit's name, the title, the publisher's or the project's; a word such as 我市 is a hint.

    A province or city that stands elsewhere completes the chain if the county lies in it by its official code. A text
    that never says who reports, and names one place only, is about that place.
    """
    spans = [named["unit"]] if "unit" in named else []
    spans += [(title.start, title.end)] if title else []
    spans += [(published.start, published.end) for published in _published(report)]
    spans += [named["project_name"]] if "project_name" in named else []
    department = [named["department"]] if "department" in named else []
    sure = _chain_in(report, spans) or _own_government(report) or _chain_in(report, department)
    chain = sure or _only_place(report)
    if not chain:
        return _hinted(report)
    above = superiors(chain, _without_other_bodies(report, department))
    confidence_of_chain = 0.95 if sure else 0.7
    names = {place.level: place.name for place in (*above, *chain)}
    evidence = {
        f"region.{place.level}": report.place(place.start, place.end, "gazetteer", confidence)
        for places, confidence in ((above, 0.85), (chain, confidence_of_chain))
        for place in places
    }
    start, end = chain[0].start, chain[0].end
    for place in chain[1:]:
        end = place.end if 0 <= place.start - end <= 1 else end
    evidence["region.as_written"] = report.place(start, end, "gazetteer", confidence_of_chain)
    return Region(**names, as_written=report.text[start:end]), evidence


def _without_other_bodies(report: ReportSource, own: Iterable[tuple[int, int]]) -> str:
    """The text with 福州市级配套 and 济宁市财政局 blank, where others are named than the report's `own` department."""
    places = find_places(report.text)
    followed = {place.start for place in places}
    text = report.text
    for place in places:
        # 岳阳市岳阳楼区财政局 is no body of the city; a province gives to all its counties.
        is_own = place.end in followed or any(first <= place.start < last for first, last in own)
        if place.level == "city" and not is_own and _ANOTHER_BODY.match(text, place.end):
            text = f"{text[: place.start]}{' ' * len(place.name)}{text[place.end :]}"
    return text


def _chain_in(report: ReportSource, spans: Iterable[tuple[int, int]]) -> list[PlaceName]:
    """The places of the first span that names any, with what later spans add below: 天津市, then 天津市东丽区."""
    chain: list[PlaceName] = []
    for start, end in spans:
        found = chain_of(report.text[start:end], report.lexicon)
        here = [replace(place, start=place.start + start, end=place.end + start) for place in found]
        chain = [*chain, *continues(chain, here)] if chain else here
    return chain


def _own_government(report: ReportSource) -> list[PlaceName]:
    """甘孜州人民政府 in the prose, if no other government is named."""
    if "政府" not in report.text:
        return []
    text = _QUOTED.sub(lambda quoted: " " * len(quoted.group()), report.text)
    places = [place for place in find_places(text) if _OWN_GOVERNMENT.match(text[place.end : place.end + 4])]
    return places[:1] if len({place.name for place in places}) == 1 else []


def _only_place(report: ReportSource) -> list[PlaceName]:
    """The lowest place of a text whose places all lie in one another."""
    first: dict[str, PlaceName] = {}
    for place in find_places(report.text):
        first.setdefault(place.name, place)
    if len({place.level for place in first.values()}) < len(first):
        return []
    chain = sorted(first.values(), key=rank)
    hint = report.lexicon.first("region_hint", report.text)
    fits = not chain or hint is None or chain[-1].level in _LEVELS_OF_A_HINT[hint.canonical]
    return chain[-1:] if fits and len(superiors(chain[-1:], report.text)) == len(chain) - 1 else []


def _hinted(report: ReportSource) -> tuple[Region, dict[str, Evidence]]:
    hint = report.lexicon.first("region_hint", report.text)
    if hint is None:
        return Region(), {}
    place = report.place(hint.start, hint.end, "region_hint", 0.9)
    return Region(hint=hint.wording), {"region.hint": place}


# ---------- the kind


def _kind(report: ReportSource, title: Title | None) -> ReportKind:
    """What the title (without one: the opening) calls itself."""
    text = title.text if title is not None else report.text[:_HOW_FAR_THE_OPENING_REACHES]
    return kind_named_in(text, report.lexicon)


def kind_named_in(text: str, lexicon: Lexicon) -> ReportKind:
    """The kind that a title names; `unknown` when it names none."""
    named = {hit.canonical for hit in lexicon.find("kind", text)}
    # The order of the lexicon decides: a report on 部门整体支出 is called 绩效自评 too.
    kind = next((kind for kind in lexicon.wordings("kind").values() if kind in named), "unknown")
    return cast(ReportKind, kind)
