"""Who reports on what, where and for which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from ingest.characters import fold
from ingest.extraction.regions import PlaceName, find_places
from ingest.extraction.source import ReportSource, Sentence
from ingest.quantities import find_money
from ingest.records import Evidence, Region, ReportKind, ReportWarning

_YEAR = re.compile(r"(?<![\d\-—–~～至])(?P<year>(?:19|20)\d{2})\s*年(?!\s*\d{1,2}\s*月)")
_YEAR_PREFIX = re.compile(r"^\s*(?:19|20)\d{2}\s*年度?\s*")
_YEAR_TAIL = re.compile(r"\s*(?:19|20)\d{2}\s*年度?\s*$")
_BEFORE_VALUE = re.compile(r"(?:\s*[（(][^（）()\n]{0,8}[)）])?\s{0,3}(?:[:：|]|为\s*[:：]?)[\s|]{0,3}")
_VALUE = re.compile(r"[^\n|，,。；;：:]{2,60}")
_CODE = re.compile(r"^\s*(?:[\[(（【]?(?P<code>[0-9][0-9A-Za-z]{5,24})[\])）】]?\s*[-—－ ]?\s*)(?=[\u4e00-\u9fff])")
_ORGANISATION_LINE = re.compile(r"[\u4e00-\u9fff（）()、*]{3,40}")
_HOW_FAR_THE_OPENING_REACHES = 800
_LONGEST_TITLE = 100
_LENGTH_OF_A_REPORT_NAME = 6
_HERE = re.compile(r"^(?:我|本)(?:省|市|县|区|镇|乡|局|单位|中心)")
_TITLE_LEAD = re.compile(r"关于|\s+|(?:19|20)\d{2}\s*年度?|[（(【\[][^（）()【】\[\]]*[)）】\]]")
_BRACKETED = re.compile(r"^[（(【\[][^（）()【】\[\]]*[)）】\]]\s*")


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifying facts with their places, by field name of the record."""

    values: dict[str, object]
    places: dict[str, Evidence]


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    start: int
    end: int
    method: str
    confidence: float


def read_title(report: ReportSource) -> tuple[str, int, int] | None:
    """The line before the first heading that names a report or a form, with its offsets.

    Web pages repeat the title behind a label or with a date; the line that ends with the report's name is the title.
    """
    named = []
    for passage in report.outline.front:
        tail = report.lexicon.last("title_tail", passage.text)
        if tail is not None and len(passage.text) <= _LONGEST_TITLE and not re.search(r"[。，；]", passage.text):
            behind = re.sub(r"[（(][^（）()]*[)）]", "", passage.text[tail.end :]).strip()
            named.append((bool(behind) or bool(re.search(r"[:：]", passage.text)), passage.start, passage.text))
    if not named:
        return None
    _, start, text = min(named)
    return text, start, start + len(text)


def warn_of_further_reports(report: ReportSource) -> list[ReportWarning]:
    """A second title with headings of its own behind it: another report begins, and its figures stand among these."""
    last_heading = max((heading.start for heading in report.outline.headings if heading.section), default=0)
    title = read_title(report)
    warnings = []
    for passage in report.outline.passages:
        text = passage.text.strip()
        tail = report.lexicon.last("title_tail", text) if len(text) <= _LONGEST_TITLE else None
        is_title = tail is not None and tail.end == len(text) and len(tail.wording) >= _LENGTH_OF_A_REPORT_NAME
        if is_title and passage.headings and passage.start < last_heading and (title is None or text != title[0]):
            warnings.append(
                ReportWarning(
                    code="further_report_in_document",
                    message=f"文中还有另一份报告「{text[:40]}」，其数字可能混入本报告",
                    evidence=report.place(passage.start, passage.start + len(passage.text), "title", 0.8),
                )
            )
    return warnings


def read_identity(report: ReportSource, sentences: list[Sentence]) -> Identity:
    """Unit, department, project, fiscal year, region and kind; what is not written stays null."""
    title = read_title(report)
    unit = (
        _organisation_labelled(report, "unit_label")
        or _organisation_in_front(report, title)
        or _unit_by_verb(report, sentences)
    )
    found: dict[str, _Found | None] = {
        "unit": unit,
        "department": _organisation_labelled(report, "department_label"),
        "project_name": _labelled(report, "project_label") or _project_in_title(report, title, unit),
        "fiscal_year": _fiscal_year(report, title, sentences),
    }
    values: dict[str, object] = {field: fact.value for field, fact in found.items() if fact is not None}
    places = {
        field: report.place(fact.start, fact.end, fact.method, fact.confidence)
        for field, fact in found.items()
        if fact is not None
    }
    if "fiscal_year" in values:
        values["fiscal_year"] = int(str(values["fiscal_year"]))
    _split_code(values, places)
    region, region_places = _read_region(report, title, unit)
    values["region"], values["kind"] = region, _kind(report, title)
    return Identity(values, places | region_places)


def _labelled(report: ReportSource, role: str) -> _Found | None:
    """The text behind a label: `项目名称为：金保网网络运行。`"""
    for hit in report.lexicon.find(role, report.text):
        lead = _BEFORE_VALUE.match(report.text, hit.end)
        value = _VALUE.match(report.text, lead.end()) if lead else None
        if value and value.group().strip() and not _is_a_label(value.group(), report):
            text = value.group().strip()
            start = value.start() + value.group().index(text)
            return _Found(text, start, start + len(text), "prose_label", 0.95)
    return None


def _organisation_labelled(report: ReportSource, role: str) -> _Found | None:
    found = _labelled(report, role)
    return found if found is not None and _ends_like_organisation(found.value, report) else None


def _is_a_label(text: str, report: ReportSource) -> bool:
    """Forms put the next label where an empty value would stand."""
    return any(
        report.lexicon.canonical(role, text) is not None
        for role in ("project_label", "unit_label", "department_label", "stage", "column", "section")
    )


def _organisation_in_front(report: ReportSource, title: tuple[str, int, int] | None) -> _Found | None:
    """An organisation on its own line before the title, or at the head of the title."""
    for passage in report.outline.front:
        text = passage.text.strip()
        if title is not None and passage.start >= title[1]:
            break
        if _ORGANISATION_LINE.fullmatch(text) and _ends_like_organisation(text, report):
            start = passage.start + passage.text.index(text)
            return _Found(text, start, start + len(text), "front_line", 0.9)
    if title is None:
        return None
    folded = fold(title[0])
    head = folded[_title_lead(folded) :]
    offset = title[1] + len(folded) - len(head)
    place = next(iter(find_places(head)), None)
    strong = report.lexicon.first("strong_organisation_tail", head)
    if place is not None and place.start == 0 and strong is not None and strong.start > place.end:
        return _Found(head[: strong.end], offset, offset + strong.end, "title", 0.85)
    year = _YEAR.search(head)
    stop = year.start() if year else len(head)
    for hit in reversed(report.lexicon.find("organisation_tail", head[:stop])):
        if hit.end == stop and hit.end >= 4 and find_places(head[: hit.end]):
            return _Found(head[: hit.end], offset, offset + hit.end, "title", 0.85)
    return None


def _title_lead(title: str) -> int:
    """Length of what stands before the names in a title: 关于, 2022年度, （直达资金）."""
    place = 0
    while lead := _TITLE_LEAD.match(title, place):
        place = lead.end()
    return place


def _unit_by_verb(report: ReportSource, sentences: list[Sentence]) -> _Found | None:
    """`由盐边县人力资源和社会保障局组织实施`, or `西平县交通运输局对…作了自评` in the opening."""
    for sentence in sentences[:3]:
        places = find_places(sentence.text)
        of = sentence.text.find("对", places[-1].end) if places else -1
        for place in places:
            name = sentence.text[place.start : of]
            if of > 0 and "自评" in sentence.text[of:] and len(name) <= 40 and _is_organisation(name, report):
                start = sentence.start + place.start
                return _Found(name, start, start + len(name), "opening", 0.85)
    for sentence in sentences:
        for verb in report.lexicon.find("unit_verb", sentence.text):
            lead = sentence.text.rfind("由", 0, verb.start)
            name = sentence.text[lead + 1 : verb.start].strip() if lead >= 0 else ""
            if len(name) <= 40 and _begins_with_a_place(name) and _ends_like_organisation(name, report):
                start = sentence.start + lead + 1 + sentence.text[lead + 1 : verb.start].index(name)
                return _Found(name, start, start + len(name), "prose_verb", 0.8)
    return None


def _begins_with_a_place(name: str) -> bool:
    """A contractor that carries out the works is no reporting body: those are named by their place."""
    return any(place.start == 0 for place in find_places(name))


def _is_organisation(name: str, report: ReportSource) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fff（）()、]{4,40}", name) is not None and _ends_like_organisation(name, report)


def _ends_like_organisation(text: str, report: ReportSource) -> bool:
    tail = report.lexicon.last("organisation_tail", text)
    return tail is not None and tail.end == len(text) and tail.start > 0


def _project_in_title(report: ReportSource, title: tuple[str, int, int] | None, unit: _Found | None) -> _Found | None:
    """What remains of the title without unit, year and the words for the report itself."""
    if title is None:
        return None
    text, start, _ = title
    text = fold(text)
    tail = report.lexicon.last("title_tail", text)
    first, last = 0, tail.start if tail else len(text)
    while True:
        head = text[first:last]
        year = _YEAR_PREFIX.match(head)
        aside = _BRACKETED.match(head) or _HERE.match(head)
        places = find_places(head)
        about = re.match("关于", head)
        if about:
            first += about.end()
            continue
        if places and places[0].start == 0 and _leads_to_year(head, places):
            # 临河区2023年…: the place says whose report it is, it is no part of the project's name.
            first += places[0].end
            continue
        if year:
            first += year.end()
        elif aside:
            first += aside.end()
        elif unit is not None and head.startswith(unit.value):
            first += len(unit.value)
        elif tail_year := _YEAR_TAIL.search(head):
            last = first + tail_year.start()
        else:
            break
    # 《…》 around a name is no part of it.
    # 项目支出 before 绩效自评报告 belongs to the report's name; a name that is nothing but that is no name.
    for noise in sorted(report.lexicon.wordings("title_noise"), key=len, reverse=True):
        if text[first:last] == noise:
            return None
        if noise != "资金" and text[first:last].endswith(noise) and len(text[first:last]) - len(noise) >= 3:
            last -= len(noise)
            break
    name = text[first:last].strip(" ：:—-《》“”")
    if len(name) < 2 or name.isdigit():
        return None
    offset = start + text.index(name, first)
    return _Found(name, offset, offset + len(name), "title", 0.9)


def _leads_to_year(head: str, places: list[PlaceName]) -> bool:
    """海南省海口市龙华区2022年度…: place names in a row, then the year."""
    end = 0
    for place in places:
        if place.start != end:
            break
        end = place.end
    return _YEAR_PREFIX.match(head[end:]) is not None


def _fiscal_year(report: ReportSource, title: tuple[str, int, int] | None, sentences: list[Sentence]) -> _Found | None:
    """The year of the title; else the only year that the opening pairs with 年度 or money."""
    if title is not None:
        years = list(_YEAR.finditer(fold(title[0])))
        if len({year["year"] for year in years}) == 1:
            year = years[0]
            return _Found(year["year"], title[1] + year.start("year"), title[1] + year.end("year"), "title", 0.97)
    for passage in report.outline.front:
        alone = re.fullmatch(r"[（(]?\s*((?:19|20)\d{2})\s*年度?\s*[)）]?", fold(passage.text))
        if alone:
            return _Found(alone[1], passage.start + alone.start(1), passage.start + alone.end(1), "front_line", 0.95)
    # 根据2019年出台的办法: only a year of money, or one called 年度, is the year of the report.
    opening = [
        sentence
        for sentence in sentences
        if sentence.start < _HOW_FAR_THE_OPENING_REACHES and ("年度" in sentence.text or find_money(sentence.text))
    ]
    mentioned = [
        (match["year"], sentence.start + match.start("year"))
        for sentence in opening
        for match in re.finditer(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*年(?!\s*\d{1,2}\s*月)", fold(sentence.text))
    ]
    if len({year for year, _ in mentioned}) == 1:
        value, start = mentioned[0]
        return _Found(value, start, start + 4, "opening", 0.8)
    return None


def _split_code(values: dict[str, object], places: dict[str, Evidence]) -> None:
    """A code glued in front of a unit is dropped, in front of a project it becomes `project_code`."""
    for field in ("unit", "department", "project_name"):
        text = str(values.get(field) or "")
        code = _CODE.match(text)
        if code is None:
            continue
        values[field] = text[code.end() :]
        if field == "project_name":
            values["project_code"], places["project_code"] = code["code"], places[field]


def _read_region(
    report: ReportSource, title: tuple[str, int, int] | None, unit: _Found | None
) -> tuple[Region, dict[str, Evidence]]:
    """Place names in the unit's name, else in the title; a word such as 自治区 is kept as a hint."""
    for text, start in ((unit.value, unit.start) if unit else ("", 0), title[:2] if title else ("", 0)):
        chain = _chain(find_places(text))
        if chain:
            names = {place.level: place.name for place in chain}
            places = {
                f"region.{place.level}": report.place(start + place.start, start + place.end, "gazetteer", 0.95)
                for place in chain
            }
            written = text[chain[0].start : chain[-1].end]
            places["region.as_written"] = report.place(start + chain[0].start, start + chain[-1].end, "gazetteer", 0.95)
            return Region(**names, as_written=written), places
    hint = report.lexicon.first("region_hint", report.text)
    if hint is None:
        return Region(), {}
    place = report.place(hint.start, hint.end, "region_hint", 0.9)
    return Region(hint=hint.wording), {"region.hint": place}


def _chain(places: list[PlaceName]) -> list[PlaceName]:
    """The first run of names that descend from level to level: 安徽省 淮南市 田家庵区."""
    order = ["province", "city", "county"]
    chain: list[PlaceName] = []
    for place in places:
        if chain and (order.index(place.level) <= order.index(chain[-1].level) or place.start - chain[-1].end > 1):
            break
        chain.append(place)
    return chain


def _kind(report: ReportSource, title: tuple[str, int, int] | None) -> ReportKind:
    """What the title (without one: the opening) calls itself."""
    text = title[0] if title is not None else report.text[:_HOW_FAR_THE_OPENING_REACHES]
    for kind in report.lexicon.wordings("kind").values():
        if any(hit.canonical == kind for hit in report.lexicon.find("kind", text)):
            return cast(ReportKind, kind)
    return "unknown"
