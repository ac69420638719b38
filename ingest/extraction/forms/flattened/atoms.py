"""Cells cut into the pieces that no cell ends inside of: whole cells, or the parts of a run of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.extraction.forms.flattened.cell_kinds import POINTS_WITHOUT_DIGITS, CellKinds
from ingest.extraction.forms.flattened.tokens import Cell, FormText, Gap, Span, cells

_PART = re.compile(
    # A date is one piece: its year is no value of its own.
    r"(?<!\d)(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末)?(?:之?前)?"
    r"|(?<!\d)(?:1[0-2]|[1-9])月(?:底|末|初|[上中下]旬)?(?:之?前)?"
    # 0-6岁 is one too.
    r"|(?<!\d)\d{1,2}[-—－~至]\d{1,2}(?=周?岁)|[\d.,]+|[%‰]|[≥≧≤≦>=<═]+|[—－−]+|[^\d.,%‰≥≧≤≦>=<═—－−]+|."
)
_WHOLE_PART = re.compile(r"\d+(?:[年月]|[-—－~至]\d+$)")
_BEFORE_OPERATOR = re.compile(r"(?<=[\u3400-\u9fff)）])(?=[≥≧≤≦═])")
_LONGEST_UNIT = 6
_LONGEST_CELLS = 40
_CELLS_OF_A_ROW = 2.5
_DIGIT = re.compile(r"\d")
_DASHES = re.compile(r"[—－−]+")
_SMALL_NUMBER = re.compile(r"\d{1,3}")
_OPEN_BRACKET = re.compile(r"[（(][^）)]*$")


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of a block reached the text; `has_ordinals`: every row begins with its number."""

    is_glued: bool
    lines_are_rows: bool
    has_digits: bool
    has_ordinals: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece that no cell ends inside of."""

    start: int
    end: int
    gap: Gap
    is_blank: bool = False
    divides_digits: bool = False


def manner_of(form: FormText, start: int, end: int) -> Manner:
    """How the cells of `text[start:end]` reached it."""
    entries = cells(form.text, start, end)
    per_cell = sum(len(entry.text) for entry in entries) / (1 + form.separators(start, end))
    is_glued = per_cell > _LONGEST_CELLS or (per_cell > _LONGEST_CELLS / 3 and form.is_glued(start, end))
    lines = [line for line in form.text[start:end].split("\n") if line.strip(" |")]
    filled = [entry for entry in entries if not entry.is_blank]
    # A text in one line has no lines to go by.
    lines_are_rows = len(lines) > 2 and len(filled) / len(lines) >= _CELLS_OF_A_ROW
    return Manner(is_glued, lines_are_rows, _DIGIT.search(form.text, start, end) is not None)


def atoms_of(form: FormText, kinds: CellKinds, span: Span, manner: Manner) -> list[Atom]:
    """The atoms of `span`, in order; a mark of an empty cell is a blank one."""
    atoms: list[Atom] = []
    for cell in cells(form.text, *span):
        if cell.is_blank or (manner.lines_are_rows and _is_number_of_line(form, cell, manner)):
            atoms.append(Atom(cell.start, cell.end, cell.gap, True))
            continue
        text = form.flat[cell.start : cell.end]
        cuts = _cuts_of_glued(text, kinds, manner) if manner.is_glued else _cuts_before_operators(text)
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            gap = cell.gap if begin == 0 else Gap.NONE
            divides = begin > 0 and text[begin].isdigit() and text[begin - 1].isdigit()
            blank = manner.is_glued and _DASHES.fullmatch(text, begin, end) is not None
            blank = blank or (not manner.has_digits and text[begin:end] == POINTS_WITHOUT_DIGITS)
            atoms.append(Atom(cell.start + begin, cell.start + end, gap, blank, divides))
    return atoms


def _is_number_of_line(form: FormText, cell: Cell, manner: Manner) -> bool:
    """A small number that begins a line: of the row below 序号, or of the page where nothing else is in the line."""
    stands_alone = form.text[cell.end : cell.end + 1] in ("\n", "")
    return (
        (stands_alone or manner.has_ordinals)
        and form.starts_a_line(cell.start)
        and _SMALL_NUMBER.fullmatch(cell.text) is not None
    )


def _cuts_before_operators(text: str) -> list[int]:
    """`修路≥3公里`: a name and its target may have lost the space between them."""
    return [
        match.start() for match in _BEFORE_OPERATOR.finditer(text) if not _OPEN_BRACKET.search(text, 0, match.start())
    ]


def _cuts_of_glued(text: str, kinds: CellKinds, manner: Manner) -> list[int]:
    """Every place where a cell may end in a text without separators."""
    cuts: set[int] = set()
    parts = [(match.start(), match.end()) for match in _PART.finditer(text)]
    for number, (begin, end) in enumerate(parts):
        cuts.add(begin)
        if _WHOLE_PART.match(text, begin, end):
            continue
        if text[begin].isdigit():
            cuts.update(place for place in range(begin + 1, end) if text[place].isdigit() and text[place - 1].isdigit())
            continue
        follows_number = number > 0 and (text[begin - 1] in "%‰" or text[parts[number - 1][0]].isdigit())
        if follows_number:
            cuts.update(range(begin + 1, min(begin + _LONGEST_UNIT, end) + 1))
        cuts.update(begin + place for place in kinds.limits_of_words(text[begin:end], has_digits=manner.has_digits))
    limits, inside = kinds.limits_of_times(text)
    cuts = (cuts - inside) | limits
    return sorted(cut for cut in cuts if 0 < cut < len(text))
