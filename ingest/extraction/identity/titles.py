"""The line that names the report: where it is, and what of it is the report's own name (绩效自评报告)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.characters import fold
from ingest.extraction.identity.gazetteer import leading_chain_end
from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource
from ingest.lexicon import Hit, Lexicon

YEAR = re.compile(
    r"(?:(?:19|20)\d\d(?=20\d\d\s*年))?(?:1 ?9|2 ?0) ?(?:\d ?\d|[xX×*＊_]{1,2})\s*年(?: ?度)?|[xX×*＊_]{2,4}\s*年度?"
)
"""A year in a title, also one with masked (20xx年) or parted digits (2 0 2 2年), and two that lost their dash."""

# 绩效自评报告, 自评情况的说明, 绩效目标完成情况自查报告: officials make these words up from a few parts.
_SPEAKS_OF_JUDGING = re.compile("评|自查|报告|总结|表$")
_YEAR_IN_WORDS = re.compile(r"[一二][○〇零Oo0九][○〇零Oo0一二三四五六七八九]{2}(?=\s*年)")
_DIGITS = str.maketrans("○〇零Oo一二三四五六七八九", "00000123456789")
_LONGEST_TITLE = 100
# A name that goes on behind the longest title is still seen, and then too long.
_LENGTH_OF_A_TAIL = 20
_LENGTH_OF_A_REPORT_NAME = 6
_NAMES_A_REPORT = re.compile("报告|表|总结")
_SHORTEST_BROKEN_LINE = 4
_LONGEST_BROKEN_LINE = 60
_SENTENCE = re.compile(r"[。；，]")
_SPEAKS_OF_A_REPORT = re.compile(r"开展|进行|现将|按照|根据|依照|对照|组织|完成了")
_NO_PART_OF_A_TITLE = re.compile(r"[:：|，,。；;>\[\]]|\d{4}\s*-\s*\d")
_PATH_OF_A_SITE = re.compile(r">|»|当前位置")
_YEAR_AT_END = re.compile(r"(?:19|20)\d{2}\s*年度?\s*$")
# Page numbers, 附件3：and labels of web pages (名 称：) stand before a title in its line.
_BEFORE_TITLE = re.compile(
    r"^\s*(?:\d{1,3}\s*、|附件?\s*[\d一二三四五六七八九十]*(?:-\d+)?\s*[:：、]?|[^：:（(\d]{1,8}[:：])\s*"
)
_BETWEEN_WORDS = re.compile(r"[\s（）()、的]")
_BEHIND_TITLE = re.compile(r"\s*(?P<aside>[（(][^（）()\n]{1,40}[)）])?")


class Title(NamedTuple):
    """A title as written, with its place; `name_end` is where the words for the report itself begin.

    `aside` is what stands in brackets behind them, with its place: the fund, the unit or the year.
    """

    text: str
    start: int
    end: int
    name_end: int
    aside: tuple[str, int] | None = None


def fold_years(text: str) -> str:
    """A text of the same length with digits half-width and years in digits: 二○二一年 is 2021年."""
    return _YEAR_IN_WORDS.sub(lambda year: year.group().translate(_DIGITS), fold(text))


def read_title(report: ReportSource) -> Title | None:
    """The line before the first heading that names a report or a form.

    Web pages repeat the title behind a label or with a date; the line that ends with the report's name is the title,
    rather one that says whose report it is than the heading of the page (梅县区财政支出重点评价公开).
    A title that is broken over two lines is read as one. A text that begins in the middle of a report may have the
    title of the next one in its middle: better than none.
    """
    found = []
    above: Passage | None = None
    for passage in report.outline.front:
        named = _title_in(passage, report.lexicon)
        if named is not None:
            title, has_more = named
            title = _with_line_above(report, above, title)
            found.append((has_more, title.aside is None and _lacks_its_name(report, title), passage.start, title))
        above = passage
    if found:
        return min(found)[-1]
    later = (title_of_line(passage, report.lexicon) for passage in report.outline.passages if passage.headings)
    return next((title for title in later if title is not None), None)


def title_of_line(passage: Passage, lexicon: Lexicon) -> Title | None:
    """The title of a report that a whole line is; None when it says more or something else."""
    named = _title_in(passage, lexicon) if len(passage.text) <= _LONGEST_TITLE else None
    if named is None or named[1]:
        return None
    own_name = passage.text[named[0].name_end - passage.start :]
    is_report = len(own_name) >= _LENGTH_OF_A_REPORT_NAME and _NAMES_A_REPORT.search(own_name) is not None
    return named[0] if is_report else None


def _title_in(passage: Passage, lexicon: Lexicon) -> tuple[Title, bool] | None:
    """The title in a line, and whether the line says more than that."""
    text = fold(passage.text)
    tail = _report_name(text, lexicon)
    if tail is None or _PATH_OF_A_SITE.search(text):
        return None
    lead = _BEFORE_TITLE.match(text)
    begin = lead.end() if lead is not None and lead.end() <= tail.start else 0
    quoted = text.rfind("《", begin, tail.start) + 1
    is_quoted = quoted > 0 and "》" not in text[quoted : tail.end] and "》" in text[tail.end :]
    begin = quoted if is_quoted else begin
    behind = _BEHIND_TITLE.match(text, tail.end)
    end = behind.end() if behind is not None else tail.end
    aside = None
    if behind is not None and behind["aside"]:
        start = behind.start("aside") + 1
        aside = (passage.text[start : end - 1], passage.start + start)
    offset = passage.start
    title = Title(passage.text[begin:end], offset + begin, offset + end, offset + tail.start, aside)
    has_more = bool(text[end:].strip(" 。:：|》")) or ":" in text[:end]
    return title, has_more


def _report_name(text: str, lexicon: Lexicon) -> Hit | None:
    """The last words for a report before the first sentence ends; a line of prose that mentions one is no title."""
    if "评" not in text and "绩效" not in text and "自查" not in text:
        return None
    is_prose = _SENTENCE.search(text.rstrip("。 ")) is not None
    for tail in reversed(_report_names(text[: _LONGEST_TITLE + _LENGTH_OF_A_TAIL], lexicon)):
        head = text[: tail.end]
        if tail.end > _LONGEST_TITLE or _SENTENCE.search(head):
            continue
        is_document = tail.wording.endswith(("报告", "表"))
        speaks = _SPEAKS_OF_A_REPORT.search(head) is not None
        if (is_document and not is_prose) or (not speaks and (is_document or not is_prose)):
            return tail
    return None


def _report_names(text: str, lexicon: Lexicon) -> list[Hit]:
    """Every run of words for a report, with spaces between the letters of a title left out of its wording."""
    names = ((match.group().replace(" ", ""), match) for match in _report_name_pattern(lexicon).finditer(text))
    return [
        Hit("title", name, match.start(), match.end())
        for name, match in names
        if _SPEAKS_OF_JUDGING.search(name) is not None
    ]


@lru_cache(maxsize=8)
def _report_name_pattern(lexicon: Lexicon) -> re.Pattern[str]:
    """A core (绩效, 自评) with further words behind it, up to the last that can end a title (canonical `end`)."""
    roles = [lexicon.wordings(role) for role in ("title_core", "title_word")]
    cores, words = (
        "|".join(" *".join(map(re.escape, word)) for word in sorted(wordings, key=len, reverse=True))
        for wordings in roles
    )
    last_letters = {word[-1] for wordings in roles for word, canonical in wordings.items() if canonical == "end"}
    endings = re.escape("".join(sorted(last_letters)))
    return re.compile(rf"(?:支 *出 *)?(?:{cores})(?: *(?:{cores}|{words}))*(?<=[{endings}])")


def _with_line_above(report: ReportSource, above: Passage | None, title: Title) -> Title:
    """The title together with the line above it when it is only the second half of one."""
    if above is None:
        return title
    text = fold(above.text)
    is_half = (
        (_YEAR_AT_END.search(text) is not None or _lacks_its_name(report, title))
        and _SHORTEST_BROKEN_LINE <= len(text) <= _LONGEST_BROKEN_LINE
        and not _NO_PART_OF_A_TITLE.search(text)
        and not _report_names(text, report.lexicon)
        and _ends_like_a_name(text, report.lexicon)
        and not report.text[above.start + len(above.text) : title.start].strip()
    )
    if not is_half:
        return title
    return title._replace(text=report.text[above.start : title.end], start=above.start)


def _lacks_its_name(report: ReportSource, title: Title) -> bool:
    name = YEAR.sub("", fold(report.text[title.start : title.name_end]))
    return is_generic(name[leading_chain_end(name, report.lexicon) :], report.lexicon)


def _ends_like_a_name(text: str, lexicon: Lexicon) -> bool:
    """A half title has a place, a year or the tail of a project; names of site sections (预算绩效管理) have none."""
    begins_with_place = leading_chain_end(text, lexicon) > 0 and not ends_with("organisation_tail", text, lexicon)
    return begins_with_place or YEAR.search(text) is not None or ends_with("name_tail", text.rstrip(" )）"), lexicon)


def is_generic(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is made of nothing but words that every report has: 项目支出, 中央转移支付资金."""
    squeezed = _BETWEEN_WORDS.sub("", name)
    return sum(hit.end - hit.start for hit in lexicon.find("generic_name", squeezed)) == len(squeezed)


def ends_with(role: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a text ends with a wording of the role and is more than that."""
    tail = lexicon.trailing(role, text)
    return tail is not None and tail.start > 0
