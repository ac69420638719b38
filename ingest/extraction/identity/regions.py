"""The region of a report: which of the places it names is the place it reports from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ingest.characters import blank_out
from ingest.extraction.identity.gazetteer import PlaceName, chain_of, continues, find_places, rank, superiors
from ingest.extraction.identity.organisations import read_publishers
from ingest.extraction.identity.own_words import without_citations
from ingest.extraction.identity.titles import Title
from ingest.extraction.source import ReportSource
from ingest.records import Evidence, Region

_OWN_GOVERNMENT = re.compile(r"^(?:人民)?政府")
# 我区 is said of an autonomous region and of a district.
_LEVELS_OF_A_HINT = {
    "autonomous_region": ("province", "county"),
    "province": ("province",),
    "city": ("city", "county"),
    "county": ("county",),
}
# 兰州市森防指〔2020〕: the number of another body's paper.
_ANOTHER_BODY = re.compile(r"级|财政|[\u4e00-\u9fff]{0,8}?(?:局|厅|委员会|委|政府|办公室|〔)")
# A paper on evaluation is the superior's own (依照《河南省绩效管理办法》); any other may come from anywhere.
_CITED = re.compile(r"《(?:(?!绩效)[^》\n]){0,120}》")
# A law (《…条例》, 《…实施细则》) is cited by whoever it binds; the rules of a fund are of those who have its money.
_LAW = re.compile(r"《[^》\n]{0,60}(?:条例|细则|标准|规程|规范)(?:[（(][^》\n]{0,12}[)）])?》")
# Who is paid to evaluate or to build sits anywhere; only the places of public bodies stand for what they govern.
_A_FIRM = re.compile(r"[\u4e00-\u9fffA-Za-z*＊×]{0,20}?(?:事务所|公司|咨询|集团|研究院|大学)")


def read_region(
    report: ReportSource, title: Title | None, named: Mapping[str, tuple[int, int]]
) -> tuple[Region, dict[str, Evidence]]:
    """Place names in the unit's name, the title, the publisher's or the project's; a word such as 我市 is a hint.

    A province or city that stands elsewhere completes the chain if the county lies in it by its official code. A text
    that never says who reports, and names one place only, is about that place.
    """
    spans = [named["unit"]] if "unit" in named else []
    spans += [(title.start, title.end)] if title else []
    spans += [(published.start, published.end) for published in read_publishers(report)]
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
    """The text without what names others than the report's `own` department: 济宁市财政局, 《安徽省办法》, a firm."""
    places = find_places(report.text)
    followed = {place.start for place in places}
    text = blank_out(_CITED, report.text)
    for place in places:
        # 岳阳市岳阳楼区财政局 is no body of the city.
        is_own = place.end in followed or any(first <= place.start < last for first, last in own)
        is_of_another = _ANOTHER_BODY.match(text, place.end) or _A_FIRM.match(text, place.end)
        if place.level != "county" and not is_own and is_of_another:
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
    text = without_citations(report.text)
    places = [place for place in find_places(text) if _OWN_GOVERNMENT.match(text[place.end : place.end + 4])]
    return places[:1] if len({place.name for place in places}) == 1 else []


def _only_place(report: ReportSource) -> list[PlaceName]:
    """The lowest place of a text whose places all lie in one another; a law is not of the report."""
    first: dict[str, PlaceName] = {}
    text = blank_out(_LAW, report.text)
    for place in find_places(text):
        first.setdefault(place.name, place)
    if len({place.level for place in first.values()}) < len(first):
        return []
    chain = sorted(first.values(), key=rank)
    hint = report.lexicon.first("region_hint", report.text)
    fits = not chain or hint is None or chain[-1].level in _LEVELS_OF_A_HINT[hint.canonical]
    return chain[-1:] if fits and len(superiors(chain[-1:], text)) == len(chain) - 1 else []


def _hinted(report: ReportSource) -> tuple[Region, dict[str, Evidence]]:
    hint = report.lexicon.first("region_hint", report.text)
    if hint is None:
        return Region(), {}
    place = report.place(hint.start, hint.end, "region_hint", 0.9)
    return Region(hint=hint.wording), {"region.hint": place}
