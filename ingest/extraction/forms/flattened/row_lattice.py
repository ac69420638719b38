"""Which pieces of a run of cells are whose: rows found by the cheapest way through all divisions into columns.

A run of cells is cut at every place where a cell may end. A row takes pieces for its columns in the heading's order
and may leave columns empty; every piece costs what `cell_kinds` says of it in that column, and neighbours that belong
together (target and actual, points and score) must fit each other. The cheapest sequence of rows wins.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.extraction.forms.flattened.atoms import Manner, atoms_of
from ingest.extraction.forms.flattened.cell_kinds import IMPOSSIBLE, CellFacts, CellKinds
from ingest.extraction.forms.flattened.neighbours import points_and_score, target_and_actual
from ingest.extraction.forms.flattened.tokens import FormText, Gap, Span

_LONGEST = {"name": 64, "deviation_reason": 160, "target": 60, "actual": 160}
_LONGEST_OTHER = 24
_LONGEST_POINTS = 8
_MOST_PIECES = 26
_MOST_NUMBERS = 2
_SKIP = {
    "target": 2.2, "actual": 2.0, "weight": 1.6, "score": 1.4, "nature": 0.8, "measure": 0.5,
    "deviation_reason": 0.0, "ignored": 0.5, "share": 1.0, "yes_or_no": 0.5, "other_value": 0.2,
    "adjusted_target": 0.2,
}  # fmt: skip
_SKIPPED_EMPTY = 0.25
# Where cells run together: the number of an item, or a name like 24小时内响应率.
_BEGINS_IN_DIGITS = re.compile(r"\d{1,2}(?:[)）、]|\.(?!\d))|\d{1,5}(?:-\d{1,2})?[A-Za-z\u3400-\u9fff]")
_OPERATORS = "≥≧≤≦>=<═"
_NUMBER_ALONE = re.compile(rf"[{_OPERATORS}]{{0,2}}\d[\d.,]*[%‰]?")
_NO_DIGITS = re.compile(r"\D+")
_SEPARATORS = re.compile(r"[\s|]+")
_UNUSED = 6.0
_BEAM = 24
_TOO_DEAR = 7.0
_FAR_BEHIND = 4.0
_NAME_ALONE = 1.0
_JOINT_OF_NAMES = 1.2
_REASON_FOR_NOTHING = 0.7
_HOPELESS = 5.0
_DIGITS_BY_CHANCE = 5
_CLEARLY = 0.3
_PART_OF_VALUE = 0.3
_VALUES_IN_PARTS = ("target", "actual")
_INSIDE = {Gap.NONE: 0.0, Gap.SPACE: 0.9, Gap.WIDE_SPACE: 2.0, Gap.LINE: 1.1, Gap.BLANK_LINE: 2.4, Gap.BAR: 9.0}


@dataclass(frozen=True, slots=True)
class LatticeRow:
    """A row: the place of each column that is filled. `doubtful` columns could as well be divided otherwise."""

    start: int
    end: int
    places: dict[str, Span]
    cost: float
    doubtful: frozenset[str] = frozenset()


class _Partial(NamedTuple):
    """A row under way: its cost, where it has come to, its pieces so far; spans count atoms.

    `target` and `weight` are set until the column that must fit them has been passed.
    """

    cost: float
    place: int
    pieces: tuple[tuple[str, int, int], ...] = ()
    target: Span | None = None
    weight: Span | None = None

    def piece(self, column: str) -> Span | None:
        return next(((begin, end) for name, begin, end in self.pieces if name == column), None)


class RowLattice:
    """All rows that a run of cells can be divided into."""

    def __init__(self, form: FormText, kinds: CellKinds, span: Span, columns: Sequence[str], manner: Manner) -> None:
        self._form = form
        self._kinds = kinds
        self._columns = tuple(columns)
        self._manner = manner
        self._atoms = atoms_of(form, kinds, span, manner)
        self._choices: dict[tuple[str, int], list[tuple[int, float]]] = {}
        self._texts: dict[Span, str] = {}
        self._facts_at: dict[Span, CellFacts] = {}
        self._rows_from: dict[int, list[_Partial]] = {}

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
        digits = _NO_DIGITS.sub("", self._text(target[0], actual[1]))
        most = max(digits.count(digit) for digit in set(digits))
        return len(digits) >= _DIGITS_BY_CHANCE and most >= len(digits) - 1

    # --- one row from one place

    def _from(self, origin: int) -> list[_Partial]:
        if origin not in self._rows_from:
            self._rows_from[origin] = self._grow_all(origin)
        return self._rows_from[origin]

    def _grow_all(self, origin: int) -> list[_Partial]:
        if self._atoms[origin].is_blank or not self._may_begin(origin):
            return []
        partials = [_Partial(self._cost_of_beginning(origin), origin)]
        for column in self._columns:
            following = [grown for partial in partials for grown in self._grown(partial, column)]
            if not following:
                return []
            # Where cells are apart, what a row's passed columns hold makes no difference to its end.
            told_apart = following if self._manner.is_glued else _cheapest_to_each_place(following)
            ranked = sorted(told_apart, key=_rank)[:_BEAM]
            limit = ranked[0].cost + _FAR_BEHIND
            partials = [partial for partial in ranked if partial.cost < limit]
        alone = _NAME_ALONE if self._manner.has_digits else 0.0
        return [
            partial if len(partial.pieces) > 1 else partial._replace(cost=partial.cost + alone) for partial in partials
        ]

    def _may_begin(self, origin: int) -> bool:
        """No name begins inside a number, or with a cell that holds a number alone."""
        atom = self._atoms[origin]
        if self._manner.is_glued:
            return not atom.divides_digits or _BEGINS_IN_DIGITS.match(self._form.flat, atom.start) is not None
        return _NUMBER_ALONE.fullmatch(self._form.flat, atom.start, atom.end) is None

    def _cost_of_beginning(self, origin: int) -> float:
        if self._manner.is_glued and origin and self._atoms[origin].gap == Gap.NONE:
            begin = self._atoms[origin].start
            if self._form.flat[begin].isascii() and self._form.flat[begin].isalpha():
                # 10.003D影像: the digit belongs to the name.
                return 2.5 if self._form.flat[begin - 1].isdigit() else 0.0
        starts_a_line = origin == 0 or self._form.starts_a_line(self._atoms[origin].start)
        return 2.0 if self._manner.lines_are_rows and not starts_a_line else 0.0

    def _grown(self, partial: _Partial, column: str) -> Iterator[_Partial]:
        place, cost = partial.place, partial.cost
        if column != "name":
            skip = _SKIP[column] if self._manner.has_digits or not self._manner.is_glued else 0.2
            yield self._passed(partial, column, cost + skip, place)
            if place < len(self._atoms) and self._atoms[place].is_blank:
                yield self._passed(partial, column, cost + self._crossing(place), place + 1)
                while place < len(self._atoms) and self._atoms[place].is_blank:
                    place += 1
                    cost += _SKIPPED_EMPTY
        if place >= len(self._atoms):
            return
        if partial.pieces:
            cost += self._crossing(place)
        fit = self._fit(partial, column)
        needless = _REASON_FOR_NOTHING if column == "deviation_reason" and self._lost_nothing(partial) else 0.0
        for end, own in self._choices_at(column, place):
            pair = needless if fit is None else fit(self._facts(place, end))
            pieces = (*partial.pieces, (column, place, end))
            target = (place, end) if column == "target" else None if column == "actual" else partial.target
            weight = (place, end) if column == "weight" else None if column == "score" else partial.weight
            yield _Partial(cost + own + pair, end, pieces, target, weight)

    def _passed(self, partial: _Partial, column: str, cost: float, place: int) -> _Partial:
        target = None if column == "actual" else partial.target
        weight = None if column == "score" else partial.weight
        return _Partial(cost, place, partial.pieces, target, weight)

    def _crossing(self, place: int) -> float:
        """A row that goes on in the next line, where lines are rows."""
        return 1.6 if self._manner.lines_are_rows and self._atoms[place].gap in (Gap.LINE, Gap.BLANK_LINE) else 0.0

    def _text(self, begin: int, end: int) -> str:
        key = (begin, end)
        text = self._texts.get(key)
        if text is None:
            printed = self._form.flat[self._atoms[begin].start : self._atoms[end - 1].end]
            text = self._texts[key] = _SEPARATORS.sub("", printed)
        return text

    # --- one piece

    def _choices_at(self, column: str, place: int) -> list[tuple[int, float]]:
        """Where a piece that begins at `place` may end in a column, with its cost."""
        key = (column, place)
        choices = self._choices.get(key)
        if choices is None:
            choices = self._choices[key] = list(self._ends(column, place))
        return choices

    def _ends(self, column: str, place: int) -> Iterator[tuple[int, float]]:
        atoms, inside = self._atoms, 0.0
        is_points = column in ("weight", "score")
        longest = _LONGEST_POINTS if is_points else _LONGEST.get(column, _LONGEST_OTHER)
        if is_points and not self._form.flat[atoms[place].start].isdigit():
            return
        numbers = 0
        for end in range(place + 1, min(place + _MOST_PIECES, len(atoms)) + 1):
            begins_number = not atoms[end - 1].divides_digits and self._form.flat[atoms[end - 1].start].isdigit()
            numbers += begins_number
            if self._manner.is_glued and numbers > _MOST_NUMBERS and column != "deviation_reason":
                return
            if atoms[end - 1].is_blank or atoms[end - 1].end - atoms[place].start > longest:
                return
            if end > place + 1:
                inside += self._inside(end - 1, column)
                if inside >= _TOO_DEAR:
                    return
            cost = self._kinds.cost(column, self._text(place, end))
            if cost >= IMPOSSIBLE:
                continue
            cost += inside
            if end < len(atoms) and atoms[end].divides_digits:
                cost += 0.15
            if column == "deviation_reason" and self._manner.is_glued:
                cost += self._cost_of_reason(place, end)
            if cost < _TOO_DEAR:
                yield end, cost

    def _cost_of_reason(self, begin: int, end: int) -> float:
        """Where nothing separates cells, a reason ends with its sentence, before the mark of an item, or with all."""
        text = self._text(begin, end)
        cost = 0.0 if text[0].isalpha() or self._kinds.begins_item(text) else 3.0
        ends = end == len(self._atoms) or text[-1] in "。；" or self._kinds.begins_item(self._text(end, end + 1))
        return cost + (0.0 if ends else 4.0)

    def _inside(self, place: int, column: str) -> float:
        gap = self._atoms[place].gap
        before = self._form.flat[self._atoms[place - 1].end - 1]
        if gap == Gap.SPACE and before in _OPERATORS:
            return 0.1
        if gap == Gap.BAR and column in _VALUES_IN_PARTS and self._goes_on_in_the_next_cell(place):
            return _PART_OF_VALUE
        if column == "deviation_reason":
            return 0.5 * gap if gap < Gap.BAR else 3.0
        if gap == Gap.LINE and self._manner.lines_are_rows:
            return 2.5
        if column == "name" and self._is_joint_of_names(place):
            return _JOINT_OF_NAMES
        return _INSIDE[gap]

    def _goes_on_in_the_next_cell(self, place: int) -> bool:
        """≥ | 32 | % below one heading: operator, number and unit are one value in several cells."""
        before = self._form.flat[self._atoms[place - 1].end - 1]
        if before in _OPERATORS:
            return self._form.flat[self._atoms[place].start].isdigit()
        is_unit = self._kinds.is_unit(self._text(place, place + 1))
        return before.isdigit() and is_unit and "measure" not in self._columns

    def _is_joint_of_names(self, place: int) -> bool:
        """Without any digit, only how names end tells them apart: 国家助学金人数|应征入伍人数."""
        if not self._manner.is_glued or self._manner.has_digits:
            return False
        goes_on = self._kinds.is_name_ending(self._text(place, place + 1))
        return self._kinds.ends_like_name(self._text(place - 1, place)) and not goes_on

    # --- pieces that must fit each other

    def _fit(self, partial: _Partial, column: str) -> Callable[[CellFacts], float] | None:
        """How well a piece of a column suits the row's earlier piece that it belongs with; None where there is none."""
        if column == "actual" and partial.target is not None:
            return functools.partial(
                target_and_actual,
                self._facts(*partial.target),
                is_glued=self._manner.is_glued,
                has_measure=partial.piece("measure") is not None,
            )
        if column == "score" and partial.weight is not None:
            return functools.partial(points_and_score, self._facts(*partial.weight))
        return None

    def _lost_nothing(self, partial: _Partial) -> bool:
        weight, score = partial.piece("weight"), partial.piece("score")
        if weight is None or score is None:
            return False
        return self._facts(*weight).number == self._facts(*score).number

    def _facts(self, begin: int, end: int) -> CellFacts:
        facts = self._facts_at.get((begin, end))
        if facts is None:
            facts = self._facts_at[begin, end] = self._kinds.facts(self._text(begin, end))
        return facts


def _rank(partial: _Partial) -> tuple[object, ...]:
    return partial.cost, partial.place, partial.pieces, partial.target or (), partial.weight or ()


def _cheapest_to_each_place(partials: Sequence[_Partial]) -> Iterable[_Partial]:
    cheapest: dict[tuple[int, Span | None, Span | None], _Partial] = {}
    for partial in partials:
        key = (partial.place, partial.target, partial.weight)
        known = cheapest.get(key)
        if known is None or partial.cost < known.cost:
            cheapest[key] = partial
    return cheapest.values()


def _whole_values(partial: _Partial) -> dict[str, Span]:
    """The pieces of a row; operator, number and unit of a target are one value however they are divided."""
    whole: dict[str, Span] = {}
    for name, begin, end in partial.pieces:
        key = "target" if name in ("nature", "measure") else name
        known = whole.get(key, (begin, end))
        whole[key] = (min(known[0], begin), max(known[1], end))
    return whole
