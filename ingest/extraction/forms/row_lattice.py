"""Which pieces of a run of cells are whose: rows found by the cheapest way through all divisions into columns.

A run of cells is cut at every place where a cell may end. A row takes pieces for its columns in the heading's order
and may leave columns empty; every piece costs what `cell_kinds` says of it in that column, and neighbours that belong
together (target and actual, points and score) must fit each other. The cheapest sequence of rows wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extraction.forms.cell_kinds import IMPOSSIBLE, CellKinds, numeric, unit_of
from ingest.extraction.forms.tokens import Cell, FormText, Gap, cells

Span = tuple[int, int]

_PART = re.compile(
    # A date is one piece: its year is no value of its own.
    r"(?<!\d)(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末)?(?:之?前)?|(?<!\d)\d{1,2}月(?:底|末|初|[上中下]旬)?(?:之?前)?"
    r"|[\d.,]+|[%‰]|[≥≧≤≦>=<═]+|[—－−]+|[^\d.,%‰≥≧≤≦>=<═—－−]+|."
)
_DATE_PART = re.compile(r"\d+[年月]")
_BEFORE_OPERATOR = re.compile(r"(?<=[\u3400-\u9fff)）])(?=[≥≧≤≦═])")
_LONGEST_UNIT = 6
_LONGEST = {"name": 64, "deviation_reason": 160, "target": 60, "actual": 160}
_LONGEST_OTHER = 24
_MOST_PIECES = 26
_SKIP = {
    "target": 2.2, "actual": 2.0, "weight": 1.6, "score": 1.4, "nature": 0.8, "measure": 0.5,
    "deviation_reason": 0.0, "ignored": 0.5,
}  # fmt: skip
_SKIPPED_EMPTY = 0.25
_UNUSED = 6.0
_BEAM = 24
_TOO_DEAR = 7.0
_NAME_ALONE = 1.0
_HOPELESS = 10.0
_DIGITS_BY_CHANCE = 5
_CLEARLY = 0.3
_INSIDE = {Gap.NONE: 0.0, Gap.SPACE: 0.9, Gap.WIDE_SPACE: 2.0, Gap.LINE: 1.1, Gap.BLANK_LINE: 2.4, Gap.BAR: 9.0}


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece that no cell ends inside of."""

    start: int
    end: int
    gap: Gap
    is_blank: bool = False
    divides_digits: bool = False


@dataclass(frozen=True, slots=True)
class LatticeRow:
    """A row: the place of each column that is filled. `doubtful` columns could as well be divided otherwise."""

    start: int
    end: int
    places: dict[str, Span]
    cost: float
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of a block reached the text."""

    is_glued: bool
    lines_are_rows: bool
    has_digits: bool


@dataclass(frozen=True, slots=True)
class _Partial:
    """A row under way: where it has come to, its cost, its pieces so far."""

    place: int
    cost: float
    pieces: tuple[tuple[str, int, int], ...]

    def piece(self, column: str) -> tuple[int, int] | None:
        return next(((begin, end) for name, begin, end in self.pieces if name == column), None)


class RowLattice:
    """All rows that a run of cells can be divided into."""

    def __init__(self, form: FormText, kinds: CellKinds, span: Span, columns: Sequence[str], manner: Manner) -> None:
        self._form = form
        self._kinds = kinds
        self._columns = tuple(columns)
        self._manner = manner
        self._atoms = _atoms(form, kinds, span, manner)
        self._costs: dict[tuple[str, int, int], float] = {}
        self._texts: dict[tuple[int, int], str] = {}

    def rows(self) -> tuple[list[LatticeRow], list[Span], float]:
        """The cheapest rows, the pieces that are in none of them, and the cost of it all."""
        count = len(self._atoms)
        best: list[float] = [0.0] + [float("inf")] * count
        came: list[tuple[int, _Partial | None]] = [(0, None)] * (count + 1)
        for place in range(count):
            # A place that costs more than one further on leads nowhere.
            if best[place] == float("inf") or best[place] > min(best[place + 1 :]) + _HOPELESS:
                continue
            loss = best[place] + (_SKIPPED_EMPTY if self._atoms[place].is_blank else _UNUSED)
            if loss < best[place + 1]:
                best[place + 1], came[place + 1] = loss, (place, None)
            for partial in self._from(place):
                cost = best[place] + partial.cost
                if cost < best[partial.place]:
                    best[partial.place], came[partial.place] = cost, (place, partial)
        return (*self._traced(came), best[count])

    def _traced(self, came: Sequence[tuple[int, _Partial | None]]) -> tuple[list[LatticeRow], list[Span]]:
        rows: list[LatticeRow] = []
        unused: list[Span] = []
        place = len(self._atoms)
        while place > 0:
            origin, partial = came[place]
            if partial is not None:
                rows.append(self._row(origin, partial))
            elif not self._atoms[origin].is_blank:
                unused.append((self._atoms[origin].start, self._atoms[origin].end))
            place = origin
        return rows[::-1], unused[::-1]

    def _row(self, origin: int, partial: _Partial) -> LatticeRow:
        places = {name: (self._atoms[i].start, self._atoms[j - 1].end) for name, i, j in partial.pieces}
        doubtful: set[str] = set()
        if self._manner.is_glued:
            mine = _whole_values(partial)
            for other in self._from(origin):
                theirs = _whole_values(other)
                if other.place == partial.place and theirs != mine and other.cost < partial.cost + _CLEARLY:
                    doubtful |= {name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)}
            if self._is_likeness_by_chance(partial):
                doubtful |= {"target", "actual"}
        start, end = self._atoms[origin].start, self._atoms[partial.place - 1].end
        return LatticeRow(start, end, places, partial.cost, frozenset(doubtful))

    def _is_likeness_by_chance(self, partial: _Partial) -> bool:
        """11111110 can be cut anywhere into two numbers that look alike: likeness tells nothing of equal digits."""
        target, actual = partial.piece("target"), partial.piece("actual")
        if target is None or actual is None or not self._atoms[actual[0]].divides_digits:
            return False
        digits = re.sub(r"\D", "", self._text(target[0], actual[1]))
        most = max(digits.count(digit) for digit in set(digits))
        return len(digits) >= _DIGITS_BY_CHANCE and most >= len(digits) - 1

    # --- one row from one place

    def _from(self, origin: int) -> list[_Partial]:
        atom = self._atoms[origin]
        if atom.is_blank or not self._may_begin(origin):
            return []
        partials = [_Partial(origin, self._cost_of_beginning(origin), ())]
        for column in self._columns:
            following: dict[tuple[int, object, object], _Partial] = {}
            for partial in partials:
                for grown in self._grown(partial, column):
                    key = (grown.place, grown.piece("target"), grown.piece("weight"))
                    if key not in following or grown.cost < following[key].cost:
                        following[key] = grown
            ranked = sorted(following.values(), key=lambda partial: partial.cost)[:_BEAM]
            partials = [partial for partial in ranked if partial.cost < ranked[0].cost + _TOO_DEAR]
            if not partials:
                return []
        alone = _NAME_ALONE if self._manner.has_digits else 0.0
        return [
            partial if len(partial.pieces) > 1 else _Partial(partial.place, partial.cost + alone, partial.pieces)
            for partial in partials
        ]

    def _may_begin(self, origin: int) -> bool:
        return not (self._manner.is_glued and self._atoms[origin].divides_digits)

    def _cost_of_beginning(self, origin: int) -> float:
        starts_a_line = origin == 0 or self._form.starts_a_line(self._atoms[origin].start)
        return 2.0 if self._manner.lines_are_rows and not starts_a_line else 0.0

    def _grown(self, partial: _Partial, column: str) -> list[_Partial]:
        grown = []
        if column != "name":
            skip = _SKIP[column] if self._manner.has_digits or not self._manner.is_glued else 0.2
            grown.append(_Partial(partial.place, partial.cost + skip, partial.pieces))
        place = partial.place
        cost = partial.cost
        if column != "name":
            if place < len(self._atoms) and self._atoms[place].is_blank:
                grown.append(_Partial(place + 1, cost + self._crossing(place), partial.pieces))
            while place < len(self._atoms) and self._atoms[place].is_blank:
                place += 1
                cost += _SKIPPED_EMPTY
        if place >= len(self._atoms):
            return grown
        if partial.pieces:
            cost += self._crossing(place)
        for end in range(place + 1, min(place + _MOST_PIECES, len(self._atoms)) + 1):
            if self._atoms[end - 1].is_blank:
                break
            length = self._atoms[end - 1].end - self._atoms[place].start
            if length > _LONGEST.get(column, _LONGEST_OTHER):
                break
            own = self._cost(column, place, end)
            if own >= _TOO_DEAR:
                continue
            pair = self._pair(partial, column, place, end)
            grown.append(_Partial(end, cost + own + pair, (*partial.pieces, (column, place, end))))
        return grown

    def _crossing(self, place: int) -> float:
        """A row that goes on in the next line, where lines are rows."""
        return 1.6 if self._manner.lines_are_rows and self._atoms[place].gap in (Gap.LINE, Gap.BLANK_LINE) else 0.0

    def _text(self, begin: int, end: int) -> str:
        key = (begin, end)
        if key not in self._texts:
            printed = self._form.flat[self._atoms[begin].start : self._atoms[end - 1].end]
            self._texts[key] = re.sub(r"[\s|]", "", printed)
        return self._texts[key]

    def _cost(self, column: str, begin: int, end: int) -> float:
        key = (column, begin, end)
        if key not in self._costs:
            cost = self._kinds.cost(column, self._text(begin, end))
            if cost < IMPOSSIBLE:
                cost += sum(self._inside(place, column) for place in range(begin + 1, end))
                if end < len(self._atoms) and self._atoms[end].divides_digits:
                    cost += 0.15
                if column == "deviation_reason" and self._manner.is_glued and self._text(begin, end)[0].isdigit():
                    cost += 0.8
            self._costs[key] = cost
        return self._costs[key]

    def _inside(self, place: int, column: str) -> float:
        gap = self._atoms[place].gap
        before = self._form.flat[self._atoms[place - 1].end - 1]
        if gap == Gap.SPACE and before in "≥≧≤≦>=<═":
            return 0.1
        if column == "deviation_reason":
            return 0.5 * gap if gap < Gap.BAR else 3.0
        if gap == Gap.LINE and self._manner.lines_are_rows:
            return 2.5
        return _INSIDE[gap]

    def _pair(self, partial: _Partial, column: str, begin: int, end: int) -> float:
        if column == "actual" and (target := partial.piece("target")):
            return self._target_and_actual(self._text(*target), self._text(begin, end), partial.piece("measure"))
        if column == "score" and (weight := partial.piece("weight")):
            return _weight_and_score(self._text(*weight), self._text(begin, end))
        if column == "deviation_reason":
            weight, score = partial.piece("weight"), partial.piece("score")
            if weight and score and numeric(self._text(*weight)) == numeric(self._text(*score)):
                return 0.7
        return 0.0

    def _target_and_actual(self, target: str, actual: str, measure: tuple[int, int] | None) -> float:
        if target == actual:
            return -1.5 if self._manner.is_glued and numeric(target) is None else -0.3
        goal, reached = numeric(target), numeric(actual)
        if (goal is None) != (reached is None):
            # A bare number is hardly what became of 有效改善: it is the next column's.
            return 1.5 if reached is not None and not self._manner.is_glued and not unit_of(actual) else 0.5
        if goal is None or reached is None:
            return 0.0 if self._kinds.is_value(target) == self._kinds.is_value(actual) else 0.3
        cost = 0.0
        if measure is None and unit_of(actual) and unit_of(target) != unit_of(actual):
            cost += 0.7
        # Where cells are apart, likeness decides only between columns that suit equally well.
        weight = 1.0 if self._manner.is_glued else 0.3
        if not unit_of(actual) and unit_of(target):
            cost += 0.5 * weight
        low, high = sorted((goal, reached))
        return cost + weight * (0.0 if low * 2 >= high else 0.4 if low * 5 >= high else 1.0)


def _whole_values(partial: _Partial) -> dict[str, tuple[int, int]]:
    """The pieces of a row; operator, number and unit of a target are one value however they are divided."""
    whole: dict[str, tuple[int, int]] = {}
    for name, begin, end in partial.pieces:
        key = "target" if name in ("nature", "measure") else name
        known = whole.get(key, (begin, end))
        whole[key] = (min(known[0], begin), max(known[1], end))
    return whole


def _weight_and_score(weight: str, score: str) -> float:
    points, reached = numeric(weight), numeric(score)
    if points is None or reached is None:
        return 0.0
    if reached > points:
        return 4.0
    return -0.2 if reached == points else 0.1


def _atoms(form: FormText, kinds: CellKinds, span: Span, manner: Manner) -> list[Atom]:
    atoms: list[Atom] = []
    for cell in cells(form.text, *span):
        if cell.is_blank or (manner.lines_are_rows and _is_page_number(form, cell)):
            atoms.append(Atom(cell.start, cell.end, cell.gap, True))
            continue
        text = form.flat[cell.start : cell.end]
        cuts = _cuts_of_glued(text, kinds, manner) if manner.is_glued else _cuts_before_operators(text)
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            gap = cell.gap if begin == 0 else Gap.NONE
            divides = begin > 0 and text[begin].isdigit() and text[begin - 1].isdigit()
            blank = manner.is_glued and re.fullmatch(r"[—－−]+", text[begin:end]) is not None
            atoms.append(Atom(cell.start + begin, cell.start + end, gap, blank, divides))
    return atoms


def _is_page_number(form: FormText, cell: Cell) -> bool:
    """A line with nothing but a small number, among lines that are rows."""
    ends_the_line = form.text[cell.end : cell.end + 1] in ("\n", "")
    return ends_the_line and form.starts_a_line(cell.start) and re.fullmatch(r"\d{1,3}", cell.text) is not None


def _cuts_before_operators(text: str) -> list[int]:
    """`修路≥3公里`: a name and its target may have lost the space between them."""
    return [
        match.start()
        for match in _BEFORE_OPERATOR.finditer(text)
        if not re.search(r"[（(][^）)]*$", text[: match.start()])
    ]


def _cuts_of_glued(text: str, kinds: CellKinds, manner: Manner) -> list[int]:
    """Every place where a cell may end in a text without separators."""
    cuts: set[int] = set()
    parts = [(match.start(), match.end()) for match in _PART.finditer(text)]
    for number, (begin, end) in enumerate(parts):
        cuts.add(begin)
        if _DATE_PART.match(text, begin, end):
            continue
        if text[begin].isdigit():
            cuts.update(place for place in range(begin + 1, end) if text[place].isdigit() and text[place - 1].isdigit())
            continue
        follows_number = number > 0 and (text[begin - 1] in "%‰" or text[parts[number - 1][0]].isdigit())
        if follows_number:
            cuts.update(range(begin + 1, min(begin + _LONGEST_UNIT, end) + 1))
        cuts.update(begin + place for place in kinds.limits_of_words(text[begin:end], has_digits=manner.has_digits))
    return sorted(cut for cut in cuts if 0 < cut < len(text))
