"""The reports and projects that the prose of one document holds.

Four ways of joining several in one text are known: a second title, chapters named after funds or projects, numbered
items that begin with a project's name, and sentences that deal out a sum to projects. Less than that is one report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ingest.characters import fold
from ingest.extraction.identity.titles import ends_with, is_generic, read_title, title_of_line
from ingest.extraction.outline import Heading, Passage, level_name
from ingest.extraction.parts.dealt_out import Listed, find_listed
from ingest.extraction.parts.told_later import KnownNames, with_told_later
from ingest.extraction.printed_values import POINTS_IN_BRACKETS
from ingest.extraction.source import ReportSource, outside
from ingest.quantities import find_money
from ingest.records import ReportWarning

Kind = Literal["whole", "report", "project"]
Span = tuple[int, int]

_ASIDE_AT_END = re.compile(r"[（(][^（）()]*[)）]$")
_ITEM = re.compile(
    r"^\s*(?:[（(]?\d{1,2}[)）、.．]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)?\s*"
    r"(?P<name>[^。：:，,；;\n]{4,50})(?P<stop>[。：:，,])(?=.)"
)
_MARK = (
    r"(?:[（(](?:\d{1,2}|[一二三四五六七八九十]+)[)）]|\d{1,2}[)）、.．]|[一二三四五六七八九十]+、|[①-⑳]"
    r"|[一二三四五六七八九]是|项目[一二三四五六七八九\d][：:、])\s*"
)
_BEGIN_OF_ITEM = re.compile(rf"^|(?<=[。；;：:])\s*{_MARK}")
_NAME_OF_ITEM = re.compile(
    rf"\s*(?:{_MARK})?(?:[《“](?P<quoted>[^》”\n]{{4,50}})[》”](?:项目|资金)?[：:，,。]?"
    rf"|(?P<name>[^。：:，,；;\n《》“”]{{4,50}})[：:，,。])"
)
_MONEY_AT_ONCE = re.compile(
    r"(?:(?:批复|年初|全年)?(?:预算|安排|批复|下达|计划|投入|到位|收到|拨付)(?:资金|预算|金额|数)*为?)?\s*[\d.,]+(?:万|亿)?元"
)
_SUM_SOON = re.compile(r"[：:。，,\s]*(?:[^。；\n]{0,12}\n\s*)?[^。；\n]{0,16}?[\d.,]+(?:万|亿)?元")
_SORT = re.compile(r"^(?P<name>[\u4e00-\u9fff]{3,15})类[:：]")
_LOOKS_BACK = re.compile(r"(?:以上|上述)(?:各|[两二三四五六七八九十\d]+)?[个项类]?(?:子?项目|专项|资金|经费)")
_DIGITS = "一二三四五六七八九123456789"
_BY_NUMBER = re.compile(r"(?:项目|专项)([一二三四五六七八九1-9])(?=[^、：:.．\d个年月项类])")
_FEWEST = 2
_RESULT = re.compile(r"(?<![\d.])\d{2,3}(?:\.\d+)?\s*分(?=[，,。；;）)\s]|$)")
_SENTENCE_MARK = re.compile(r"[，,。；;：:]")
_ANNEX = re.compile(r"\s*附[件表录]?\s*[\d一二三四五六七八九十]*\s*[:：]?\s*$")
_LINES_ABOVE_A_TITLE = 2
_LONGEST_LINE_ABOVE = 30


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """One report or project: the pieces of the text that speak of it, and where its name stands.

    `whole` is the document's own report: all that no further `report` covers. A `report` is complete in its `spans`; of
    a `project` only name and sums are told. What is `listed` of either stands in sentences that belong to the whole.
    """

    kind: Kind
    spans: tuple[Span, ...]
    project_name: str | None = None
    name_span: Span | None = None
    listed: tuple[Listed, ...] = ()

    @property
    def start(self) -> int:
        """Where the first piece begins."""
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    name_span: Span
    span: Span


def find_reports(source: ReportSource) -> list[ReportSpan]:
    """The document's own report first, then every further report and listed project in the order of the text."""
    reports = _further_reports(source) or [
        *_with_told_by_number(source, [_report_of(named) for named in _chapters(source)]),
        *(_report_of(named) for named in _scored_items(source)),
    ]
    own = read_title(source)
    own_name = source.text[own.start : own.name_end] if own is not None else ""
    parts = {report.project_name: report for report in reports if report.project_name}
    for named in (*_sorted_by_kind(source), *_named_items(source)):
        if named.name not in own_name:
            parts.setdefault(named.name, ReportSpan("project", (named.span,), named.name, named.name_span))
    listed = find_listed(source, parts, own_name)
    parts = _named_as_listed(parts, listed, source)
    for piece in listed:
        parts.setdefault(piece.name, ReportSpan("project", (), piece.name, piece.name_span))
    taken = [span for part in parts.values() for span in part.spans]
    for piece in with_told_later(source, list(parts), listed, taken):
        part = parts[piece.name]
        if not any(start <= piece.span[0] < end for start, end in part.spans):
            parts[piece.name] = replace(part, listed=(*part.listed, piece))
    reports = [report for report in reports if not report.project_name]
    reports += [part for part in parts.values() if part.kind == "report"]
    projects = [part for part in parts.values() if part.kind == "project"]
    taken = [span for report in reports for span in report.spans]
    whole = ReportSpan("whole", tuple(outside(taken, len(source.text))) or ((0, 0),))
    return [whole, *sorted((*reports, *projects), key=lambda part: (part.name_span or part.spans[0])[0])]


def _named_as_listed(
    parts: dict[str, ReportSpan], listed: Iterable[Listed], source: ReportSource
) -> dict[str, ReportSpan]:
    """`（一）敬老院改造项目` below a list with 东街敬老院改造项目: chapters of the list's projects, in its order."""
    named = {piece.name: piece.name_span for piece in listed}
    chapters = [name for name, part in parts.items() if part.kind == "report" and name not in named]
    names = [name for name in named if name not in parts]
    known = KnownNames(names, source)
    meant = [known.meant_by(chapter) for chapter in chapters]
    agreeing = sum(name == one for name, one in zip(names, meant, strict=False))
    are_the_same = len(names) == len(chapters) and all(
        one in (None, name) for name, one in zip(names, meant, strict=False)
    )
    if not are_the_same or agreeing < _FEWEST:
        return parts
    listed_as = dict(zip(chapters, names, strict=True))
    return {
        listed_as.get(name, name): replace(part, project_name=listed_as[name], name_span=named[listed_as[name]])
        if name in listed_as
        else part
        for name, part in parts.items()
    }


def warn_of_further_reports(source: ReportSource) -> list[ReportWarning]:
    """A second title with headings of its own behind it: another report begins, and its figures stand among these."""
    return [
        ReportWarning(
            code="further_report_in_document",
            message=f"文中还有另一份报告「{source.text[start:end][:40]}」，其数字可能混入本报告",
            evidence=source.place(start, end, "title", 0.8),
        )
        for start, end in _further_titles(source)
    ]


def _report_of(named: _Named) -> ReportSpan:
    return ReportSpan("report", (named.span,), named.name, named.name_span)


# ---------- a second title


def _further_reports(source: ReportSource) -> list[ReportSpan]:
    titles = _further_titles(source)
    ends = [start for start, _ in titles[1:]] + [len(source.text)]
    return [ReportSpan("report", ((start, end),)) for (start, _), end in zip(titles, ends, strict=False)]


def _further_titles(source: ReportSource) -> list[Span]:
    """Lines and headings inside the text that name a report, with chapters behind them; a list of annexes has none."""
    last_heading = max((heading.start for heading in source.outline.headings if heading.section), default=0)
    result = _result_above(source)
    own = read_title(source)
    front = source.outline.headings[0].start if source.outline.headings else 0
    own = own if own is not None and own.start < (front if result is None else result) else None
    titles = {}
    for place, passage in enumerate(source.outline.passages):
        is_inside = bool(passage.headings) or (result is not None and passage.start > result)
        title = title_of_line(passage, source.lexicon) if is_inside else None
        if title is not None and passage.start < last_heading and (own is None or title.text not in own.text):
            titles[title.start] = (_start_of_title(source, place), passage.start + len(passage.text))
    for heading in source.outline.headings:
        line = Passage(heading.title, heading.start, ())
        if title_of_line(line, source.lexicon) is not None and _has_text(heading, source):
            titles[heading.start] = (heading.start, heading.end)
    return [titles[start] for start in sorted(titles)]


def _result_above(source: ReportSource) -> int | None:
    """Where the front states a result (综上，…自评得93.8分) that is told nowhere below: another report ends there."""
    for passage in source.outline.front:
        score = _RESULT.search(fold(passage.text)) if source.lexicon.find("bare_score", passage.text) else None
        if score is not None and score.group() not in fold(source.text[passage.start + len(passage.text) :]):
            return passage.start
    return None


def _start_of_title(source: ReportSource, place: int) -> int:
    """Where the title begins that a passage ends: the name of a body may stand in the line above, below 附件2."""
    start = source.outline.passages[place].start
    for above in reversed(source.outline.passages[max(0, place - _LINES_ABOVE_A_TITLE) : place]):
        is_line = len(above.text) <= _LONGEST_LINE_ABOVE and not _SENTENCE_MARK.search(above.text)
        if not is_line or above.is_numbered or _ANNEX.match(above.text):
            break
        start = above.start
    return start


def _has_text(heading: Heading, source: ReportSource) -> bool:
    return any(heading in passage.headings for passage in source.outline.passages)


# ---------- chapters and items


def _chapters(source: ReportSource) -> Iterator[_Named]:
    """`一、中央自然灾害救灾资金（第一批…补助）`: headings that are names of funds or projects and hold money.

    One alone counts if chapters of a report stand below it; else it takes two of one depth.
    """
    headings = source.outline.headings
    ends = {
        heading: next(
            (h.start for h in headings if h.start > heading.start and h.depth <= heading.depth), len(source.text)
        )
        for heading in headings
        if not heading.is_known and not _is_scored_part(heading.title, source)
    }
    ends = {
        heading: end
        for heading, end in ends.items()
        if _is_name(heading.title, source) or _is_told_of(source.text[heading.end : end], source)
    }
    for depth in sorted({heading.depth for heading in ends}):
        chapters = [heading for heading in ends if heading.depth == depth]
        has_sections = any(
            chapter.start < heading.start < ends[chapter] and heading.section
            for chapter in chapters
            for heading in headings
        )
        has_money = any(find_money(source.text[chapter.start : ends[chapter]]) for chapter in chapters)
        if has_money and (has_sections or len(chapters) >= _FEWEST):
            for chapter in chapters:
                start = source.text.index(chapter.title, chapter.start)
                end = _end_of_chapter(source, chapter.start, _end_with_cut_heading(source, chapter, ends[chapter]))
                yield _Named(chapter.title, (start, start + len(chapter.title)), (chapter.start, end))


def _end_of_chapter(source: ReportSource, start: int, end: int) -> int:
    """A line that looks back on several projects (以上三个专项平均92分) is no part of the last one's chapter."""
    inside = (passage for passage in source.outline.passages if start < passage.start < end)
    return next(
        (
            source.text.rfind("\n", 0, passage.start) + 1
            for passage in inside
            if _LOOKS_BACK.match(passage.text) or len(set(_BY_NUMBER.findall(passage.text))) >= _FEWEST
        ),
        end,
    )


def _end_with_cut_heading(source: ReportSource, chapter: Heading, end: int) -> int:
    """Where the text breaks off in the heading of the next project (三、国家公园), the heading is no report."""
    behind = [heading for heading in source.outline.headings if heading.start >= end]
    is_cut = len(behind) == 1 and behind[0].depth == chapter.depth and not behind[0].is_known
    return len(source.text) if is_cut and not source.text[behind[0].end :].strip() else end


def _with_told_by_number(source: ReportSource, chapters: list[ReportSpan]) -> list[ReportSpan]:
    """`项目一自评98分、项目二自评95分`: each piece with the chapter that has its number."""
    spans = [list(chapter.spans) for chapter in chapters]
    for passage in source.outline.passages if len(chapters) >= _FEWEST else ():
        places = list(_BY_NUMBER.finditer(passage.text))
        numbers = [_DIGITS.index(place[1]) % 9 for place in places]
        is_inside = any(first <= passage.start < last for chapter in chapters for first, last in chapter.spans)
        if is_inside or len(set(numbers)) < _FEWEST or max(numbers) >= len(chapters):
            continue
        ends = [place.start() for place in places[1:]] + [len(passage.text)]
        for number, place, end in zip(numbers, places, ends, strict=True):
            spans[number].append((passage.start + place.start(), passage.start + end))
    return [replace(chapter, spans=tuple(of)) for chapter, of in zip(chapters, spans, strict=True)]


def _is_scored_part(title: str, source: ReportSource) -> bool:
    """`资金管理（15分）`, `组织实施`: what has points, or a name of the scoring system, is a part of one project."""
    has_points = POINTS_IN_BRACKETS.search(fold(title)) is not None
    return has_points or source.lexicon.canonical("scored_part", level_name(title, source.lexicon)) is not None


def _is_name(text: str, source: ReportSource) -> bool:
    bare = _ASIDE_AT_END.sub("", text)
    return (
        ends_with("name_tail", bare, source.lexicon)
        and not is_generic(bare, source.lexicon)
        and source.lexicon.covering("section", bare) is None
    )


def _scored_items(source: ReportSource) -> Iterator[_Named]:
    """`1、非物质文化遗产保护经费：预算15万元，支出14.7万元，得分98分。`: each line is a report of its own."""
    items = [item for item, stop in _items(source) if stop in "：:" and _has_money(item, source)]
    scored = [item for item in items if "得分" in source.text[slice(*item.span)]]
    return iter(items if len(scored) >= _FEWEST else _items_with_results(source))


def _items_with_results(source: ReportSource) -> list[_Named]:
    """`2.乡村医生补助，批复236万元，…，发放对象目标30人，实际28人`: name, then money, then what came of it."""
    found = []
    for start, end in _pieces(source):
        text = source.text[start:end]
        match = _NAME_OF_ITEM.match(fold(text)) if "元" in text else None
        name = (match["quoted"] or match["name"]) if match is not None else ""
        if match is None or not find_money(text) or not _tells_a_result(text[match.end() :], source):
            continue
        if _is_scored_part(name, source):
            continue
        # Without a tail such as 补助 the sum right behind it tells a project's name.
        is_name = _is_name(name, source) or _MONEY_AT_ONCE.match(fold(text), match.end()) is not None
        if is_name and source.lexicon.covering("section", name) is None and not is_generic(name, source.lexicon):
            first = start + max(match.start("quoted"), match.start("name"))
            last = first + len(name)
            found.append(_Named(source.text[first:last], (first, last), (start, end)))
    return found if len(found) >= _FEWEST else []


def _pieces(source: ReportSource) -> Iterator[Span]:
    """The items of lists, also of those that run on in one paragraph: `（1）…；（2）…`."""
    for block in source.paragraphs:
        text = source.text[block.start : block.end]
        begins = [match.start() for match in _BEGIN_OF_ITEM.finditer(text)]
        yield from ((block.start + first, block.start + last) for first, last in pairwise((*begins, len(text))))


def _is_told_of(text: str, source: ReportSource) -> bool:
    """Whether a text begins with a sum and tells what was reached: a project, whatever its name ends with."""
    return _SUM_SOON.match(fold(text)) is not None and _tells_a_result(text, source)


def _tells_a_result(text: str, source: ReportSource) -> bool:
    """Whether a target stands against an actual value in a text."""
    sides = {hit.canonical for role in ("column", "prose_column") for hit in source.lexicon.find(role, text)}
    return {"target", "actual"} <= sides


def _named_items(source: ReportSource) -> list[_Named]:
    """`（1）“数说红河”展厅运维经费。…`, `（一）食用菌产业园建设项目，下达资金700万元`: projects one by one."""
    items = [item for item, stop in _items(source) if stop not in "：:" and (stop == "。" or _has_money(item, source))]
    return items if len(items) >= _FEWEST else []


def _has_money(item: _Named, source: ReportSource) -> bool:
    return bool(find_money(source.text[slice(*item.span)]))


def _items(source: ReportSource) -> Iterator[tuple[_Named, str]]:
    for passage in source.outline.passages:
        match = _ITEM.match(passage.text) if passage.is_numbered else None
        # An item may be named by the work itself (农村公益电影放映): the colon and a sum tell it.
        if match is None or (match["stop"] not in "：:" and not _is_name(match["name"].strip('“”"'), source)):
            continue
        if _is_scored_part(match["name"], source):
            continue
        start = passage.start + match.start("name")
        span = (passage.start, passage.start + len(passage.text))
        yield _Named(match["name"].strip(), (start, start + len(match["name"])), span), match["stop"]


# ---------- kinds of projects


def _sorted_by_kind(source: ReportSource) -> list[_Named]:
    """`土壤污染防治类：2023年度，中央下达…共1737万元`: kinds of projects, each with its sum."""
    found = []
    for passage in source.outline.passages:
        match = _SORT.match(fold(passage.text))
        moneys = find_money(passage.text) if match is not None else []
        if match is not None and moneys:
            name_span = (passage.start, passage.start + match.end("name"))
            found.append(_Named(match["name"], name_span, (passage.start, passage.start + moneys[0].end)))
    return found if len(found) >= _FEWEST else []
