"""The text of a form without its grid, taken apart: cells between separators, labels of the lexicon, their limits."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import accumulate

from ingest.characters import fold
from ingest.extraction.forms.flattened.broken_labels import upright_labels, with_labels_mended
from ingest.extraction.forms.source_names import made_up_sources
from ingest.lexicon import Hit, Lexicon

Span = tuple[int, int]
"""Where something stands: `text[start:end]`."""
HAN = re.compile(r"[\u3400-\u9fff]")
"""A Chinese character."""
_CELL = re.compile(r"[^\s|]+")
_EMPTY_MARK = re.compile(r"[-—–－−/／\\*]{1,4}|\.{3,}|…+")
# 分 值 权 重: spaces between all characters divide no words.
_SPREAD = re.compile(r"\S(?: \S)+")
_SPACED_OUT = re.compile(r"[\u3400-\u9fff□☑☐■√] [\u3400-\u9fff□☑☐■√]")
_WIDE_SPACE = re.compile(r"[ ]{2,}")
# （一） numbers what follows.
_BRACKETS = re.compile(
    r"\s{0,2}(?![（(][一二三四五六七八九十]{1,2}[)）])[（(【\[][^（()）【】\[\]\n|]{0,24}[)）】\]]\s{0,2}[:：]?|\s{0,2}[:：]"
)
# 计划安排资金 | （万元） | 86: the unit may have come into a cell of its own.
_UNIT_IN_CELL = re.compile(r"[\s|]{1,6}[（(]\s?(?:万元|元)\s?[)）]")
_FULL_WIDTH_BRACKETS = str.maketrans("()", "（）")
# 数量 指标1：改造里程 is a level and the mark of its first item.
_ITEM_BEHIND_LEVEL = re.compile(r"[\u3400-\u9fff]{2} (?P<mark>指标)\d$")
_LONGEST_LABEL_MORE = 8
# Cells run together where among the characters around a place fewer than one in so many separates any.
_AROUND = 120
_ONE_IN = 30
_LONG_LINE = 240
_ROW_RUN_TOGETHER = re.compile(
    r"^(?=[^\n]*[\u3400-\u9fff]{4})[^\s|。；，]{10,}\d{2}(?:\.\d{1,2})?$"
    # The reason for lost points may follow them.
    r"|^[\u3400-\u9fff]{2,8}指标[^\s|。；，]{6,}\d{3}(?:\.\d{1,2})?[\u3400-\u9fff]{2,24}$",
    re.MULTILINE,
)
_ROWS_THAT_TELL = 3
# Boxes to tick stand within a cell.
_TICKED = re.compile(r" ?[□☑☐■√] ?")
# Labels that a value may follow with nothing between (项目单位某某局), and levels, which are looked at more closely.
_TITLED = frozenset({"form_field", "level1", "level2", "form_end", "form_period"})
# A value ends here: what follows may begin a label although nothing stands between.
_END_OF_VALUE = re.compile(r"[\d%‰)）。；;:：,，、．.\]】□☑■√优良—－-]")
_ROLES_OF_LEVELS = ("level2", "form_level")
_SPREAD_ROLES = ("level1", "level2", "form_column", "form_row", "form_field", "form_text", "form_total")


class Gap(IntEnum):
    """What stands between two cells, from nothing to the bar of a table."""

    NONE = 0
    SPACE = 1
    WIDE_SPACE = 2
    LINE = 3
    BLANK_LINE = 4
    BAR = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A run of characters between separators. `gap` is what stands before it; an empty cell between bars has no text.

    `is_blank` holds for empty cells and for what forms print into them (`—`, `/`).
    """

    start: int
    end: int
    text: str
    gap: Gap
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A wording of the lexicon where it stands as a label; `end` is behind its brackets and its colon."""

    role: str
    canonical: str
    wording: str
    start: int
    word_end: int
    end: int


class FormText:
    """The text of a document as forms are read from it: every offset is one of the canonical text.

    A tab separates cells as a bar does. Line feeds count as spaces when labels are sought, for labels are broken over
    lines (`经济效益` / `指标`).
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        mended = with_labels_mended(text.replace("\t", "|"), lexicon)
        self.upright = upright_labels(mended, lexicon)
        signs = {place for _, places in self.upright for place in places}
        self.text = "".join(" " if place in signs else sign for place, sign in enumerate(mended)) if signs else mended
        self.flat = fold(self.text).replace("\n", " ")
        self.lexicon = lexicon
        self._for_labels = self.flat.translate(_FULL_WIDTH_BRACKETS)

    @cached_property
    def _separators(self) -> list[int]:
        """How many separators stand before each place; the spaces of 分 值 separate nothing."""
        divides = [character.isspace() or character == "|" for character in self.text]
        if _SPACED_OUT.search(self.text):
            for role in _SPREAD_ROLES:
                for hit in self.wordings(role, 0, len(self.text)):
                    if hit.end - hit.start > len(hit.wording) and _SPREAD.fullmatch(self.flat, hit.start, hit.end):
                        divides[hit.start : hit.end] = [False] * (hit.end - hit.start)
            for box in _TICKED.finditer(self.flat):
                divides[box.start() : box.end()] = [False] * (box.end() - box.start())
        return [0, *accumulate(divides)]

    def labels(self, roles: Iterable[str], start: int, end: int) -> list[Label]:
        """The labels of some roles in `text[start:end]`, in order; of overlapping ones the longest, then the first."""
        found = [(hit, role) for role in roles for hit in self._hits(role, start, end)]
        found.sort(key=lambda entry: (entry[0].start, -entry[0].end))
        begins = {hit.start for hit, _ in found}
        labels: list[Label] = []
        for hit, role in _without_overlaps(found):
            follows_label = bool(labels) and labels[-1].word_end == hit.start
            if (follows_label or self._begins_as_label(hit)) and (role in _TITLED or self._ends_as_label(hit, begins)):
                labels.append(self._label(role, hit, end))
        return labels

    def wordings(self, role: str, start: int, end: int) -> list[Hit]:
        """Every wording of a role in `text[start:end]`, also inside words."""
        part = self._for_labels[start:end]
        hits = self.lexicon.find(role, part)
        if role == "form_row":
            hits.extend(made_up_sources(part, self.lexicon))
        return [Hit(hit.canonical, hit.wording, start + hit.start, start + hit.end) for hit in hits]

    def starts_a_line(self, place: int) -> bool:
        """Whether only bars and spaces stand before a place in its line."""
        begin = place
        while begin > 0 and self.text[begin - 1] in " |":
            begin -= 1
        return begin == 0 or self.text[begin - 1] == "\n"

    def _hits(self, role: str, start: int, end: int) -> Iterator[Hit]:
        for hit in self.wordings(role, start, end):
            inner = self.flat.find(" ", hit.start, hit.end)
            if inner >= 0 and not self._begins_as_label(hit):
                # A label may begin behind a space inside what looked like a longer one: …帮扶项目 负责人及电话.
                yield from self._hits(role, inner, min(end, hit.end + _LONGEST_LABEL_MORE))
            elif (cut := self._cut(role, hit)) is not None:
                yield from self._hits(role, hit.start, cut)
                yield from self._hits(role, cut, hit.end)
            else:
                yield hit

    def _cut(self, role: str, hit: Hit) -> int | None:
        """执行率 and 得分 are two columns, although 执行率得分 is a wording too; so are 产出 and 数量 two levels."""
        item = _ITEM_BEHIND_LEVEL.search(self._for_labels, hit.start, hit.end + 1)
        if item is not None:
            return item.start("mark")
        is_spread = _SPREAD.fullmatch(self._for_labels, hit.start, hit.end) is not None
        for place in range(hit.start + 1, hit.end):
            first, second = self._for_labels[hit.start : place], self._for_labels[place : hit.end]
            is_rate = self.lexicon.canonical(role, first) == "rate"
            parted = first.endswith(" ") and not is_spread
            if (is_rate or parted) and self._are_known(role, first, second):
                return place
            if (
                parted
                and role in ("level2", "form_level")
                and self.text[place - 1] != "\n"
                and self._are_levels(first, second)
            ):
                return place
        return None

    def _are_levels(self, first: str, second: str) -> bool:
        return self._are_known("level1", first) and self._are_known("level2", second)

    def _are_known(self, role: str, *words: str) -> bool:
        return all(self.lexicon.canonical(role, word) is not None for word in words)

    def gap_before(self, place: int) -> Gap:
        """What separates a place from the characters before it."""
        begin = place
        while begin > 0 and (self.text[begin - 1].isspace() or self.text[begin - 1] == "|"):
            begin -= 1
        return _gap(self.text[begin:place])

    def gap_behind(self, place: int) -> Gap:
        """What separates a place from the characters behind it."""
        end = place
        while end < len(self.text) and (self.text[end].isspace() or self.text[end] == "|"):
            end += 1
        return _gap(self.text[place:end])

    def _begins_as_label(self, hit: Hit) -> bool:
        """No label begins inside a word, unless the word before ends like a value."""
        if hit.start == 0 or self.gap_before(hit.start) > Gap.NONE or self.is_glued(hit.start, hit.end):
            return True
        return _END_OF_VALUE.match(self.text[hit.start - 1]) is not None

    def _ends_as_label(self, hit: Hit, begins: Set[int]) -> bool:
        """年度预算 in 年度预算执行情况 is none, unless cells run together or another label follows."""
        following = self.text[hit.end : hit.end + 1]
        is_inside_a_word = "\u3400" <= following <= "\u9fff"
        return not is_inside_a_word or hit.end in begins or self.is_glued(hit.start, hit.end)

    def is_glued(self, start: int, end: int) -> bool:
        """Whether the cells around a place stand side by side without anything between."""
        if self._rows_run_together and self._are_rows_run_together(start, end):
            return True
        first, last = self._limits_of_long_line(start, end)
        begin, finish = max(first, start - _AROUND), min(last, end + _AROUND)
        return self.separators(begin, finish) * _ONE_IN < finish - begin

    def _limits_of_long_line(self, start: int, end: int) -> tuple[int, int]:
        """A line that holds many cells is judged by itself, without the lines of the site above it."""
        first = self._line_limits[bisect_right(self._line_limits, start) - 1]
        last = self._line_limits[bisect_left(self._line_limits, end + 1)] - 1
        return (first, last) if last - first >= _LONG_LINE else (0, len(self.text))

    def _are_rows_run_together(self, start: int, end: int) -> bool:
        first, last = bisect_right(self._line_limits, start) - 1, bisect_left(self._line_limits, end) - 1
        return all(line in self._rows_run_together for line in range(first, max(first, last) + 1))

    @cached_property
    def _rows_run_together(self) -> Set[int]:
        """The lines that hold a whole row without anything between its cells: 质量指标合格率≥98%99%1010."""
        starts = [match.start() for match in _ROW_RUN_TOGETHER.finditer(self.text)]
        lines = {bisect_right(self._line_limits, start) - 1 for start in starts}
        return lines if len(lines) >= _ROWS_THAT_TELL else frozenset()

    @cached_property
    def _line_limits(self) -> list[int]:
        """Where the lines begin, and one behind the end of the last."""
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *accumulate(lengths)]

    def separators(self, start: int, end: int) -> int:
        """How many characters of `text[start:end]` separate cells."""
        return self._separators[end] - self._separators[start]

    def _label(self, role: str, hit: Hit, limit: int) -> Label:
        end = hit.end
        while match := _BRACKETS.match(self.flat, end, limit) or _UNIT_IN_CELL.match(self.flat, end, limit):
            end = match.end()
        return Label(role, hit.canonical, hit.wording, hit.start, hit.end, end)


def up_to_the_next(labels: Sequence[Label], end: int) -> list[tuple[Label, int]]:
    """Every label with the place where the next one begins; `end` for the last."""
    return [(label, labels[place + 1].start if place + 1 < len(labels) else end) for place, label in enumerate(labels)]


def cells(text: str, start: int, end: int) -> list[Cell]:
    """The cells of `text[start:end]`; two bars with nothing between are an empty cell."""
    found: list[Cell] = []
    place = start
    for match in _CELL.finditer(text, start, end):
        between = text[place : match.start()]
        found.extend(_empty_cells(between, place))
        blank = _EMPTY_MARK.fullmatch(match.group()) is not None
        found.append(Cell(match.start(), match.end(), match.group(), _gap(between), blank))
        place = match.end()
    found.extend(_empty_cells(text[place:end], place))
    return found


def _empty_cells(between: str, offset: int) -> list[Cell]:
    bars = [place for place, character in enumerate(between) if character == "|"]
    return [Cell(offset + bar, offset + bar, "", Gap.BAR, True) for bar in bars[1:]]


def _gap(between: str) -> Gap:
    if "|" in between:
        return Gap.BAR
    if "\n" in between:
        return Gap.BLANK_LINE if between.count("\n") > 1 else Gap.LINE
    if _WIDE_SPACE.search(between):
        return Gap.WIDE_SPACE
    return Gap.SPACE if between else Gap.NONE


def _without_overlaps(found: list[tuple[Hit, str]]) -> list[tuple[Hit, str]]:
    kept: list[tuple[Hit, str]] = []
    for hit, role in found:
        if kept and hit.start < kept[-1][0].end:
            if _weight(hit) > _weight(kept[-1][0]):
                kept[-1] = (hit, role)
            continue
        kept.append((hit, role))
    return kept


def _weight(hit: Hit) -> tuple[int, bool]:
    """The longer wording holds; in 按期完成成本指标 what calls itself 指标."""
    return hit.end - hit.start, hit.wording.endswith("指标")
