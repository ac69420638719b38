"""The outline of a report in prose: which heading every piece of text stands under.

Numbering in these reports is broken more often than not (`（一）（2）（2）`, `4、` followed by `五、`), so a heading's
depth follows from continuing a count that is open, and its meaning from the lexicon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.characters import fold
from ingest.lexicon import Lexicon
from ingest.reading.document import Document

_CHINESE_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}
_NUMBERINGS = (
    # family, pattern; the punctuation tells the depth, Chinese or Arabic digits do not.
    ("comma", re.compile(r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*、")),
    ("bracket", re.compile(r"[（(]\s*(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]")),
    ("dot", re.compile(r"(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2})\s*[.．](?!\d(?!\d{3}年))")),
    ("half_bracket", re.compile(r"(?P<n>\d{1,2})\s*[)）]")),
)
_TITLE_END = re.compile(r"[。：:]")
_LONGEST_TITLE = 24
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
        return self.section is not None or self.level1 is not None or self.level2 is not None


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


@dataclass(slots=True)
class _Count:
    family: str
    value: int


class _Depths:
    """Finds the depth of a numbered heading from the counts that are open or were open just before."""

    def __init__(self) -> None:
        self._open: list[_Count] = []
        self._closed: dict[int, _Count] = {}

    def depth_of(self, family: str, value: int) -> int:
        depth = self._continued(family, value)
        if depth is None:
            depth = self._begun(family, value)
        for closing in range(depth + 1, len(self._open)):
            self._closed[closing] = self._open[closing]
        del self._open[depth:]
        self._open.append(_Count(family, value))
        self._closed = {place: count for place, count in self._closed.items() if place > depth}
        return depth

    def _continued(self, family: str, value: int) -> int | None:
        for depth in reversed(range(len(self._open))):
            if self._open[depth] == _Count(family, value - 1):
                return depth
        # A count may go on under the next heading of the level above: (一) 1、2、 (二) 3、4、
        below = len(self._open)
        if self._closed.get(below) == _Count(family, value - 1):
            return below
        return None

    def _begun(self, family: str, value: int) -> int:
        places = [depth for depth, count in enumerate(self._open) if count.family == family]
        deepest = len(self._open) - 1
        if value == 1 and (not places or places[-1] != deepest) and deepest < _DEEPEST:
            return len(self._open)
        return places[-1] if places else min(len(self._open), _DEEPEST)


def read_outline(document: Document, text: str, lexicon: Lexicon) -> Outline:
    """Find headings and passages in the document's paragraphs; `text` is its text with private data masked."""
    depths = _Depths()
    open_headings: list[Heading] = []
    headings: list[Heading] = []
    passages: list[Passage] = []
    for block in document.blocks:
        line = text[block.start : block.end]
        numbering = _numbering(line)
        body_start = numbering[2] if numbering else 0
        title_end = _title_end(line, body_start, numbering is not None, lexicon)
        if title_end is None:
            passages.append(Passage(line, block.start, tuple(open_headings), numbering is not None))
            continue
        # A heading without a number stands below every numbered one that is open.
        depth = depths.depth_of(*numbering[:2]) if numbering else _depth_without_number(open_headings)
        title = line[body_start:title_end].strip()
        heading = _heading(title, depth, block.start, block.start + title_end, lexicon)
        open_headings = [above for above in open_headings if above.depth < depth] + [heading]
        headings.append(heading)
        rest = line[title_end:]
        body = rest.lstrip("。：: ")
        if body:
            passages.append(Passage(body, block.end - len(body), tuple(open_headings)))
    return Outline(tuple(headings), tuple(passages))


_WITHOUT_NUMBER = 90


def _depth_without_number(open_headings: list[Heading]) -> int:
    return _WITHOUT_NUMBER if open_headings else 0


def _numbering(line: str) -> tuple[str, int, int] | None:
    folded = fold(line)
    for family, pattern in _NUMBERINGS:
        match = pattern.match(folded)
        if match:
            return family, _number(match["n"]), match.end()
    return None


def _number(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    tens, ten, ones = printed.rpartition("十") if "十" in printed else ("", "", printed)
    return (_CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + _CHINESE_DIGITS.get(ones, 0)


def _title_end(line: str, body_start: int, is_numbered: bool, lexicon: Lexicon) -> int | None:
    """Where the title ends, or None when the line is no heading."""
    stop = _TITLE_END.search(line, body_start)
    end = stop.start() if stop else len(line)
    title = line[body_start:end].strip()
    if not title:
        return None
    # A short numbered line that ends like a sentence is an item of a list, unless the lexicon knows it as a heading.
    stands_alone = stop is None or (stop.end() == len(line) and stop.group() != "。")
    if is_numbered and (_is_known(title, lexicon) or (stands_alone and _is_short(title))):
        return end
    if not is_numbered and lexicon.canonical("section", title) is not None:
        return end
    return None


def _is_short(title: str) -> bool:
    return len(title) <= _LONGEST_TITLE and not re.search(r"[，,；;\d]", title)


def _is_known(title: str, lexicon: Lexicon) -> bool:
    return lexicon.covering("section", title) is not None or any(
        lexicon.canonical(role, level_name(title, lexicon)) is not None for role in ("level1", "level2")
    )


def _heading(title: str, depth: int, start: int, end: int, lexicon: Lexicon) -> Heading:
    section = lexicon.canonical("section", title)
    if section is not None:
        return Heading(title, depth, start, end, section)
    name = level_name(title, lexicon)
    level1 = name if lexicon.canonical("level1", name) else None
    level2 = name if lexicon.canonical("level2", name) else None
    if level1 and level2:
        # 成本指标 is a level of its own since 财预〔2021〕101号 and a level 2 under 产出 before: its place decides.
        level1, level2 = (level1, None) if depth <= 1 else (None, level2)
    section = None if level1 or level2 else lexicon.covering("section", title)
    return Heading(title, depth, start, end, section, level1, level2)


def level_name(title: str, lexicon: Lexicon) -> str:
    """A level's name as the form has it: without points (`（50分）`) and without 完成情况 behind it."""
    name = re.sub(r"[（(]\s*[\d.]+\s*分?\s*[)）]", "", title).strip()
    tail = lexicon.last("heading_tail", name)
    if tail is not None and tail.end == len(name) and tail.start > 0:
        name = name[: tail.start].strip()
    return name
