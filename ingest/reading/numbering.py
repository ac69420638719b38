"""The automatic numbers of Word paragraphs (`一、`, `1.`, `（二）`): they are printed, and stand in no text node."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.reading.packages import whole_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{W}val"
_DIGITS = "〇一二三四五六七八九"
_PLACEHOLDER = re.compile(r"%([1-9])")
DEEPEST_STYLE = 20
"""How many styles may be based on one another before they are taken to run in a circle."""
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# After these a number needs no space before the text.
_CLOSED = "、）)．】〕：，"


@dataclass(slots=True)
class ListLevel:
    """How one level of a list counts.

    `kind` is the number format of WordprocessingML (`decimal`, `chineseCounting`); `text` has `%1` where the number of
    the first level stands, and so on.
    """

    kind: str
    text: str
    start: int
    follows_space: bool


@dataclass(slots=True)
class NumberedList:
    """Levels and counters of one list; several lists of a document may go on counting in the same counters."""

    levels: dict[int, ListLevel] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def next_number(self, level: int) -> str:
        """Count one further and give what is printed; empty for bullets and for levels that are not there."""
        if level not in self.levels:
            return ""
        self.counts[level] = self.counts.get(level, self.levels[level].start - 1) + 1
        for deeper in [other for other in self.counts if other > level]:
            del self.counts[deeper]
        return _printed(self, level)

    def start_at(self, level: int, start: int) -> None:
        """Let a level begin with another number."""
        if level in self.levels:
            self.levels[level] = replace(self.levels[level], start=start)


class Numbering:
    """Gives each paragraph its number, in the order of the document.

    Args:
        numbering: root of `numbering.xml`.
        styles: root of `styles.xml`, whose paragraph styles may carry numbers, if there is one.
    """

    def __init__(self, numbering: etree._Element, styles: etree._Element | None) -> None:
        abstracts = {str(node.get(f"{W}abstractNumId")): node for node in numbering.iterfind(f"{W}abstractNum")}
        self._lists: dict[str, NumberedList] = {}
        shared: dict[str, NumberedList] = {}
        for num in numbering.iterfind(f"{W}num"):
            link = num.find(f"{W}abstractNumId")
            abstract_id = str(link.get(_VAL)) if link is not None else ""
            if abstract_id not in abstracts:
                continue
            if abstract_id not in shared:
                shared[abstract_id] = NumberedList(_levels(abstracts[abstract_id]))
            found = shared[abstract_id]
            overrides = num.findall(f"{W}lvlOverride")
            if overrides:
                found = NumberedList(dict(found.levels))
            for override in overrides:
                _override(found, override)
            self._lists[str(num.get(f"{W}numId"))] = found
        self._of_style = _numbers_of_styles(styles) if styles is not None else {}

    def number(self, properties: etree._Element | None) -> str:
        """The number printed before a paragraph with these properties (`w:pPr`); empty for none and for bullets."""
        num_id, level = self._place(properties)
        found = self._lists.get(num_id)
        return found.next_number(level) if found is not None else ""

    def _place(self, properties: etree._Element | None) -> tuple[str, int]:
        num_id, level = "", 0
        if properties is not None:
            style = properties.find(f"{W}pStyle")
            num_id, level = self._of_style.get(str(style.get(_VAL)) if style is not None else "", ("", 0))
            own = properties.find(f"{W}numPr")
            if own is not None:
                own_id, own_level = _num_pr(own)
                num_id, level = own_id or num_id, level if own_level is None else own_level
        return num_id, level


def _levels(abstract: etree._Element) -> dict[int, ListLevel]:
    return {whole_number(node.get(f"{W}ilvl"), 0): _level(node) for node in abstract.iterfind(f"{W}lvl")}


def _level(node: etree._Element) -> ListLevel:
    return ListLevel(
        kind=_child(node, "numFmt") or "decimal",
        text=_child(node, "lvlText"),
        start=whole_number(_child(node, "start"), 1),
        follows_space=_child(node, "suff") != "nothing",
    )


def _override(found: NumberedList, override: etree._Element) -> None:
    level = whole_number(override.get(f"{W}ilvl"), 0)
    replaced = override.find(f"{W}lvl")
    if replaced is not None:
        found.levels[level] = _level(replaced)
    start = _child(override, "startOverride")
    if start:
        found.start_at(level, whole_number(start, 1))


def _numbers_of_styles(styles: etree._Element) -> dict[str, tuple[str, int]]:
    nodes = {str(node.get(f"{W}styleId")): node for node in styles.iterfind(f"{W}style")}
    found: dict[str, tuple[str, int]] = {}
    for name in nodes:
        place, current = None, nodes.get(name)
        for _ in range(DEEPEST_STYLE):
            if current is None or place is not None:
                break
            numbered = current.find(f"{W}pPr/{W}numPr")
            place = _num_pr(numbered) if numbered is not None else None
            current = nodes.get(_child(current, "basedOn"))
        if place is not None:
            found[name] = (place[0], place[1] or 0)
    return found


def _num_pr(node: etree._Element) -> tuple[str, int | None]:
    level = _child(node, "ilvl")
    return _child(node, "numId"), whole_number(level, 0) if level else None


def _child(node: etree._Element, name: str) -> str:
    child = node.find(f"{W}{name}")
    return str(child.get(_VAL) or "") if child is not None else ""


def _printed(found: NumberedList, level: int) -> str:
    own = found.levels[level]
    if own.kind in ("bullet", "none"):
        return ""

    def count(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place not in found.levels:
            return ""
        value = found.counts.get(place, found.levels[place].start)
        return _COUNTING.get(found.levels[place].kind, str)(value)

    text = _PLACEHOLDER.sub(count, own.text)
    if not text or text[-1] in _CLOSED or not own.follows_space:
        return text
    return f"{text} "


def _digit_by_digit(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def _chinese(value: int) -> str:
    if not 0 < value < 100:
        return _digit_by_digit(value)
    tens, ones = divmod(value, 10)
    written = ("" if tens <= 1 else _DIGITS[tens]) + ("十" if tens else "")
    return written + (_DIGITS[ones] if ones else "")


def _circled(value: int) -> str:
    return chr(0x2460 + value - 1) if 0 < value <= 20 else str(value)


def _latin(value: int) -> str:
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 260 else str(value)


def _roman(value: int) -> str:
    if not 0 < value < 400:
        return str(value)
    written = ""
    for worth, sign in _ROMAN:
        while value >= worth:
            written, value = written + sign, value - worth
    return written


_COUNTING: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda value: _chinese(value).translate(
        str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")
    ),
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _digit_by_digit,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda value: f"({value})",
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "lowerLetter": _latin,
    "upperLetter": lambda value: _latin(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
}
