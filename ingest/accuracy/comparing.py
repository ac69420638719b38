"""One report against its label: which values are right, wrong, missed or extra.

Rules, in the order they are applied:

- a field that neither side states does not count; a value that only the label states is missed, one that only the
  reading states is extra, and two that differ are one wrong reading: it lowers precision and recall both;
- numbers are equal by value (`7.50` = `7.5`);
- texts are equal after `normalise`; level names moreover without a last 指标 (产出 = 产出指标);
- funding is a set: the same sum stated again neither helps nor harms, whether it is compared by amount alone
  (`funding_amount`) or with stage and source (`funding_line`);
- indicators are paired one to one by their names, see `pair_indicators`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal, TypeVar

from ingest.accuracy.stated import INDICATOR_FIELDS, VALUE_FIELDS, StatedReport, Value

Kind = Literal["right", "wrong", "missed", "extra"]
SAME_NAME_FROM = 0.8
"""Names at least so much alike (0–1) are taken for the same thing, read wrongly."""

_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("“”„‟‘’‛「」『』`'＂", '"'),
        **dict.fromkeys("（【〔［[{｛〖", "("),
        **dict.fromkeys("）】〕］]}｝〗", ")"),
        **dict.fromkeys("–—―－−", "-"),
        **dict.fromkeys("～〜∼", "~"),
    }
)
_TRAILING = "。.;,、:!…"

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One compared value. `within` names the indicator or project it belongs to."""

    field: str
    kind: Kind
    expected: str | None
    got: str | None
    within: str | None = None
    confidence: float | None = None
    is_reviewed: bool = False


def compare_reports(expected: StatedReport, got: StatedReport, within: str | None = None) -> Iterator[Outcome]:
    """Every value that a label or the reading states, compared.

    Args:
        expected: what the label states; empty for a report that the label does not know.
        got: what was read; empty for a report that was not found.
        within: the project they belong to, for the list of misses.
    """
    yield from _compare_values(VALUE_FIELDS, "", expected.values, got.values, within)
    yield from _compare_sets("funding_amount", expected.amounts, got.amounts, within)
    yield from _compare_sets("funding_line", expected.funding, got.funding, within)
    yield from _compare_indicators(expected.indicators, got.indicators)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """A text as it is compared: no blanks, half-width signs, one form of quotes, brackets and dashes, no last stop."""
    folded = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).translate(_UNIFIED)
    return "".join(folded.split()).rstrip(_TRAILING)


def is_same(field: str, expected: Value, got: Value) -> bool:
    """Whether two values of a field are the same by the rules above."""
    if not isinstance(expected.content, str) or not isinstance(got.content, str):
        return expected.content == got.content
    texts = [normalise(expected.content), normalise(got.content)]
    if field.startswith("indicator_level"):
        texts = [text.removesuffix("指标") for text in texts]
    return texts[0] == texts[1]


def alikeness(one: str, other: str) -> float:
    """How much two names are alike after `normalise`, 0–1; 1 only when they are equal."""
    first, second = normalise(one), normalise(other)
    if first == second:
        return 1.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.real_quick_ratio() < SAME_NAME_FROM or matcher.quick_ratio() < SAME_NAME_FROM:
        return 0.0
    return matcher.ratio()


def pair_indicators(
    expected: Sequence[Mapping[str, Value]], got: Sequence[Mapping[str, Value]]
) -> list[tuple[int, int]]:
    """Positions of indicators that are the same: equal names first, then names at least `SAME_NAME_FROM` alike.

    Among equally good pairs the one with more equal values wins (a form may name two rows alike), then the order.
    """
    candidates = []
    for row, one in enumerate(expected):
        for column, other in enumerate(got):
            likeness = alikeness(str(one.get("name", "")), str(other.get("name", "")))
            if likeness >= SAME_NAME_FROM:
                equal = sum(is_same(f"indicator_{name}", one[name], other[name]) for name in one.keys() & other.keys())
                candidates.append((-likeness, -equal, abs(row - column), row, column))
    return pick_one_to_one([(row, column) for *_, row, column in sorted(candidates)])


def pick_one_to_one(candidates: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of a list, best first, in which no position occurs twice on its side."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    pairs = []
    for left, right in candidates:
        if left not in taken_left and right not in taken_right:
            pairs.append((left, right))
            taken_left.add(left)
            taken_right.add(right)
    return pairs


def _compare_values(
    fields: Sequence[str],
    prefix: str,
    expected: Mapping[str, Value],
    got: Mapping[str, Value],
    within: str | None,
) -> Iterator[Outcome]:
    for name in fields:
        if name in expected or name in got:
            yield _compare_value(prefix + name, expected.get(name), got.get(name), within)


def _compare_value(field: str, expected: Value | None, got: Value | None, within: str | None) -> Outcome:
    kind: Kind
    if expected is not None and got is not None:
        kind = "right" if is_same(field, expected, got) else "wrong"
    else:
        kind = "extra" if expected is None else "missed"
    return Outcome(
        field=field,
        kind=kind,
        expected=None if expected is None else str(expected),
        got=None if got is None else str(got),
        within=within,
        confidence=None if got is None else got.confidence,
        is_reviewed=got is not None and got.is_reviewed,
    )


def _compare_sets(
    field: str, expected: Mapping[Key, Value], got: Mapping[Key, Value], within: str | None
) -> Iterator[Outcome]:
    for key in dict.fromkeys([*expected, *got]):
        value = got.get(key)
        yield Outcome(
            field=field,
            kind="right" if key in expected and key in got else "missed" if key in expected else "extra",
            expected=str(key) if key in expected else None,
            got=str(key) if key in got else None,
            within=within,
            confidence=value.confidence if value else None,
            is_reviewed=value is not None and value.is_reviewed,
        )


def _compare_indicators(
    expected: Sequence[Mapping[str, Value]], got: Sequence[Mapping[str, Value]]
) -> Iterator[Outcome]:
    pairs = pair_indicators(expected, got)
    partners = dict(pairs)
    for position, one in enumerate(expected):
        other = got[partners[position]] if position in partners else {}
        yield from _compare_indicator(one, other)
    found = set(partners.values())
    for position, other in enumerate(got):
        if position not in found:
            yield from _compare_indicator({}, other)


def _compare_indicator(expected: Mapping[str, Value], got: Mapping[str, Value]) -> Iterator[Outcome]:
    name = expected.get("name") or got.get("name")
    return _compare_values(INDICATOR_FIELDS, "indicator_", expected, got, str(name) if name else None)
