"""The outline of a report in prose: which heading every piece of text stands under.

Numbering in these reports is broken more often than not (`（一）（2）（2）`, `4、` followed by `五、`), so a heading's
depth follows from continuing a count that is open, and its meaning from the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.characters import fold
from ingest.lexicon import Lexicon
from ingest.quantities import chinese_number
from ingest.reading.document import Block

NUMBERINGS = (
    # family, pattern; the punctuation tells the depth, Chinese or Arabic digits do not.
    ("comma", re.compile(r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*、")),
    ("bracket", re.compile(r"[（(]\s*(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]")),
    ("dot", re.compile(r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*[.．](?!\d(?!\d{3}年))")),
    ("half_bracket", re.compile(r"(?P<n>\d{1,2})\s*[)）]")),
    ("part", re.compile(r"第(?P<n>[一二三四五六七八九])(?:部分|篇)\s*[、：:，]?\s*")),
    ("project", re.compile(r"(?:子?项目|专项|资金)之?(?P<n>[一二三四五六七八九]|[1-9](?!\d))\s*[、：:.．]\s*")),
    (
        "project",
        re.compile(r"[【\[(](?:子?项目|专项|资金)之?(?P<n>[一二三四五六七八九]|[1-9](?!\d))[】\])]\s*[、：:.．]?\s*"),
    ),
    ("project", re.compile(r"第(?P<n>[一二三四五六七八九])个(?:子?项目|专项|资金)\s*[、：:.．]\s*")),
)
"""How the numbers of headings are written: a name for the punctuation and the pattern of the number `n`."""

ANY_NUMBERING = re.compile("|".join(re.sub(r"\?P<n>", "?:", pattern.pattern) for _, pattern in NUMBERINGS))
"""All of them at once, so that most lines need one look."""

_RANKS = {
    ("bracket", True): 1,
    ("dot", False): 2,
    ("comma", False): 2,
    ("bracket", False): 3,
    ("half_bracket", False): 3,
    ("ordinal", True): 4,
}
# 一是资金。二是任务。: headings inside a paragraph, each followed by its sentences.
_ORDINAL = re.compile(r"(?P<n>[一二三四五六七八九])是(?=(?P<title>[^。：:，,；;]{2,12})[。：:])")
_TITLE_END = re.compile(r"[。：:]")
_LONGEST_TITLE = 24
_POINTS = re.compile(r"[（(]\s*[\d.]+\s*分?\s*[)）]")
_SENTENCE_IN_TITLE = re.compile(r"[，,；;\d]")
# A page that lost its line breaks: a number inside a line begins a heading where a known title follows it.
_GLUED_NUMBER = re.compile(
    r"(?<=[。；;，,：:)）\u4e00-\u9fff])"
    r"(?:[一二三四五六七八九十]{1,3}\s*、|[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|\d{1,2}\s*[.．、])\s*"
)
_ITEM_BEHIND = re.compile(r"\s+(?:\d{1,2}\s*[.．、)）]|[（(]\s*\d{1,2}\s*[)）])\s*(?=[\u4e00-\u9fff])")
_WHOLE_TITLE = re.compile(r"[\u4e00-\u9fff]{4,12}(?=[\s：:。])")
_SHORTEST_GLUED_LINE = 40
_SHORTEST_GLUED_TITLE = 4
# Headings without a number stand below every numbered one that is open, a level 2 below its level 1.
_WITHOUT_NUMBER = 90
_LEVELS = ("level1", "level2")
# Forms of reports go four or five levels deep; numbering that begins anew forever is a list, not a depth.
_DEEPEST = 7


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its role (a section of the lexicon, `level1`, `level2`) where the lexicon knows it."""

    title: str
    depth: int
    start: int
    end: int
    section: str | None = None
    level1: str | None = None
    level2: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the lexicon knows what stands under this heading."""
        return self.section is not None or self.is_level

    @property
    def is_level(self) -> bool:
        """Whether it names a level of indicators."""
        return self.level1 is not None or self.level2 is not None


@dataclass(frozen=True, slots=True)
class Passage:
    """A line's text with the headings above it, outermost first. `is_numbered` marks an item of a list."""

    text: str
    start: int
    headings: tuple[Heading, ...]
    is_numbered: bool = False

    @property
    def section(self) -> str | None:
        """The role of the innermost heading that has one."""
        return next((heading.section for heading in reversed(self.headings) if heading.section), None)

    @property
    def sections(self) -> tuple[str, ...]:
        """The roles of all headings above, outermost first."""
        return tuple(heading.section for heading in self.headings if heading.section)


@dataclass(frozen=True, slots=True)
class Outline:
    """All headings and all passages of a document, in the order of the text."""

    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]

    @property
    def front(self) -> tuple[Passage, ...]:
        """What stands before the first heading: title, unit, site furniture."""
        return tuple(passage for passage in self.passages if not passage.headings)

    def empty_headings(self) -> list[Heading]:
        """Headings under which nothing is written."""
        with_text = {heading for passage in self.passages for heading in passage.headings}
        followers = (*self.headings[1:], None) if self.headings else ()
        return [
            heading
            for heading, follower in zip(self.headings, followers, strict=True)
            if heading not in with_text and (follower is None or follower.depth <= heading.depth)
        ]


@dataclass(frozen=True, slots=True)
class _Number:
    """The number of a heading: `family` is its punctuation, `end` where it ends in the line."""

    family: str
    value: int
    is_chinese: bool
    end: int

    @property
    def rank(self) -> int:
        """How deep such numbers stand by custom: 一、 then （一） then 1. then （1）."""
        return _RANKS.get((self.family, self.is_chinese), 0)

    def follows(self, other: _Number) -> bool:
        """Whether it continues the count of another heading."""
        return self.family == other.family and self.value == other.value + 1


class _Depths:
    """Finds the depth of a numbered heading from the counts that are open or were open just before."""

    def __init__(self) -> None:
        self._open: list[_Number] = []
        self._closed: dict[int, _Number] = {}
        self._has_items = False

    def depth_of(self, number: _Number) -> int:
        """The depth of the next numbered heading, counted from 0."""
        self._has_items = False
        depth = self._continued(number)
        if depth is None:
            depth = self._begun(number)
        for closing in range(depth + 1, len(self._open)):
            self._closed[closing] = self._open[closing]
        del self._open[depth:]
        self._open.append(number)
        self._closed = {place: count for place, count in self._closed.items() if place > depth}
        return depth

    def beside_heading(self, number: _Number) -> int | None:
        """The depth at which an item stands beside a heading: 6.公示率100% behind 5.社会效益, no list below it."""
        depth = len(self._open) - 1
        is_beside = depth >= 0 and number.follows(self._open[depth]) and not self._has_items
        self._has_items = True
        if not is_beside:
            return None
        self._open[depth] = number
        self._has_items = False
        return depth

    def _continued(self, number: _Number) -> int | None:
        following = [depth for depth, other in enumerate(self._open) if number.follows(other)]
        if following:
            # （二） behind （一） （1） continues what is written in the same digits.
            return max(following, key=lambda depth: (self._open[depth].is_chinese == number.is_chinese, depth))
        # A count may go on under the next heading of the level above: (一) 1、2、 (二) 3、4、
        below = len(self._open)
        closed = self._closed.get(below)
        return below if closed is not None and number.follows(closed) else None

    def _begun(self, number: _Number) -> int:
        places = [depth for depth, other in enumerate(self._open) if other.family == number.family]
        deepest = len(self._open) - 1
        # （一）, （2） are one count; （1） right below （一） begins another.
        is_new = not places or places[-1] != deepest or (self._open[deepest].is_chinese and not number.is_chinese)
        if number.value == 1 and is_new and deepest < _DEEPEST:
            return len(self._open)
        return places[-1] if places else self._beside(number)

    def _beside(self, number: _Number) -> int:
        """The depth of a count that is met in its middle: 二、 behind 2. closes what stands below 一、 by custom."""
        below = (depth for depth, other in enumerate(self._open) if other.rank > number.rank)
        return min(next(below, len(self._open)), _DEEPEST)


def read_outline(paragraphs: Iterable[Block], text: str, lexicon: Lexicon) -> Outline:
    """Find headings and passages in the paragraphs; `text` is the document's text with private data masked."""
    depths = _Depths()
    open_headings: list[Heading] = []
    headings: list[Heading] = []
    passages: list[Passage] = []
    for start, line in _lines(paragraphs, text, lexicon):
        numbering = _numbering(line, lexicon)
        body_start = numbering.end if numbering else 0
        title_end = _title_end(line, body_start, numbering is not None, lexicon)
        if title_end is None:
            beside = depths.beside_heading(numbering) if numbering else None
            # Of chapters an item may go on telling; a level ends where the count goes on.
            open_headings = [
                above for above in open_headings if beside is None or above.depth < beside or not above.is_level
            ]
            passages.append(Passage(line, start, tuple(open_headings), numbering is not None))
            continue
        title = line[body_start:title_end].strip()
        depth = depths.depth_of(numbering) if numbering else _depth_without_number(title, open_headings, lexicon)
        open_headings = [above for above in open_headings if above.depth < depth]
        has_level1 = any(above.level1 for above in open_headings)
        heading = _heading(title, depth, start, start + title_end, has_level1, lexicon)
        open_headings = [*open_headings, heading]
        headings.append(heading)
        body = line[title_end:].lstrip("。：:，, ")
        if body:
            passages.append(Passage(body, start + len(line) - len(body), tuple(open_headings)))
    return Outline(tuple(headings), tuple(passages))


def _lines(paragraphs: Iterable[Block], text: str, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """The lines of the paragraphs with their offsets, parted where a heading hides in the middle of one."""
    for block in paragraphs:
        line = text[block.start : block.end]
        start = 0
        for place in _glued_headings(line, lexicon) if len(line) >= _SHORTEST_GLUED_LINE else ():
            yield block.start + start, line[start:place].rstrip()
            start = place
        yield block.start + start, line[start:]


def _glued_headings(line: str, lexicon: Lexicon) -> list[int]:
    ordinals = _ORDINAL.finditer(line) if "是" in line else ()
    places = [found.start() for found in ordinals if found.start() and _is_known(found["title"], lexicon)]
    for number in _GLUED_NUMBER.finditer(fold(line)):
        behind = line[number.end() : number.end() + _LONGEST_TITLE]
        titles = (lexicon.leading(role, behind) for role in ("section", *_LEVELS))
        # 三、指标完成 1.: a short title is known by the space or stop behind it.
        whole = _WHOLE_TITLE.match(behind) if "、" in number.group() else None
        is_whole = whole is not None and lexicon.canonical("short_section", whole.group()) is not None
        if is_whole or any(title is not None and len(title.wording) >= _SHORTEST_GLUED_TITLE for title in titles):
            places.append(number.start())
    return sorted(places)


def _depth_without_number(title: str, open_headings: list[Heading], lexicon: Lexicon) -> int:
    if not open_headings:
        return 0
    is_level2 = lexicon.canonical("level2", level_name(title, lexicon)) is not None
    return _WITHOUT_NUMBER + is_level2


def _numbering(line: str, lexicon: Lexicon) -> _Number | None:
    folded = fold(line)
    for family, pattern in NUMBERINGS:
        match = pattern.match(folded)
        if match:
            return _Number(family, _number(match["n"]), not match["n"].isdigit(), match.end())
    ordinal = _ORDINAL.match(folded)
    if ordinal is not None and _is_known(ordinal["title"], lexicon):
        return _Number("ordinal", _number(ordinal["n"]), True, ordinal.end())
    return None


def _number(printed: str) -> int:
    return int(printed) if printed.isdigit() else int(chinese_number(printed) or 0)


def _title_end(line: str, body_start: int, is_numbered: bool, lexicon: Lexicon) -> int | None:
    """Where the title ends, or None when the line is no heading."""
    stop = _TITLE_END.search(line, body_start)
    end = stop.start() if stop else len(line)
    title = line[body_start:end].strip()
    if not title:
        return None
    # A short numbered line that ends like a sentence is an item of a list, unless it is known or called 情况 or 分析.
    stands_alone = stop is None or (
        stop.end() == len(line) and (stop.group() != "。" or lexicon.trailing("heading_tail", title) is not None)
    )
    if is_numbered:
        # 三、指标完成 1.受益农户: the first item stands on the line of its heading.
        item = _ITEM_BEHIND.search(title)
        if item is not None and _is_known(title[: item.start()], lexicon):
            return line.index(title, body_start) + item.start()
        known_end = _known_title_end(title, lexicon)
        if known_end is not None:
            return min(end, line.index(title, body_start) + known_end)
        has_points = title.endswith((")", "）")) and _POINTS.search(title) is not None
        return end if (stands_alone or has_points) and _is_short(title) else None
    if lexicon.canonical("section", title) is not None or (stands_alone and _names_level(title, lexicon)):
        return end
    return None


def _known_title_end(title: str, lexicon: Lexicon) -> int | None:
    """How far a title reaches that the lexicon knows; a sentence glued behind it is no part of it."""
    if not _is_known(title, lexicon):
        return None
    known = lexicon.leading("section", title)
    behind = title[known.end :] if known is not None else ""
    is_sentence = len(title) > _LONGEST_TITLE or _SENTENCE_IN_TITLE.search(_POINTS.sub("", behind)) is not None
    if known is not None and behind and is_sentence:
        points = _POINTS.match(behind)
        return known.end + (points.end() if points else 0)
    return len(title)


def _is_short(title: str) -> bool:
    return len(title) <= _LONGEST_TITLE and not _SENTENCE_IN_TITLE.search(_POINTS.sub("", title))


def _names_level(title: str, lexicon: Lexicon) -> bool:
    """A line that is nothing but 数量指标; a bare 质量 is no heading."""
    name = level_name(title, lexicon)
    return name.endswith(("指标", "满意度")) and _is_level(name, lexicon)


def _is_known(title: str, lexicon: Lexicon) -> bool:
    return _section(title, lexicon) is not None or _is_level(level_name(title, lexicon), lexicon)


def _is_level(name: str, lexicon: Lexicon) -> bool:
    return any(lexicon.canonical(role, name) is not None for role in _LEVELS)


def _section(title: str, lexicon: Lexicon) -> str | None:
    return lexicon.covering("section", title) or lexicon.canonical("short_section", title)


def _heading(title: str, depth: int, start: int, end: int, has_level1: bool, lexicon: Lexicon) -> Heading:
    section = lexicon.canonical("section", title)
    if section is not None:
        return Heading(title, depth, start, end, section)
    name = level_name(title, lexicon)
    level1 = name if lexicon.canonical("level1", name) else None
    level2 = name if lexicon.canonical("level2", name) else None
    if level1 and level2:
        # 成本指标 is a level of its own since 财预〔2021〕101号 and a level 2 under 产出 before: its place decides.
        level1, level2 = (None, level2) if has_level1 or depth > 1 else (level1, None)
    elif level1 and has_level1:
        # 效益（30分） with 满意度（15分） below it: what is a level 1 elsewhere is a level 2 there.
        level1, level2 = None, level1
    section = None if level1 or level2 else _section(title, lexicon)
    return Heading(title, depth, start, end, section, level1, level2)


def level_name(title: str, lexicon: Lexicon) -> str:
    """A level's name as the form has it: without points (`（50分）`) and without 完成情况 behind it."""
    name = _POINTS.sub("", title).strip()
    tail = lexicon.trailing("heading_tail", name)
    if tail is not None and tail.start > 0:
        name = name[: tail.start].strip()
    return name
