"""Stretches of texts that are the same: passages that come again in one text, shingles that two texts share.

Characters are counted without white space, so a line break more or less changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.extraction.outline import ANY_NUMBERING
from ingest.lexicon import Lexicon

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint64]

SHORTEST_REPEAT = 30
"""Characters from which on a span that comes again counts as repetition."""

SHINGLE_LENGTH = 5
"""Characters of a shingle."""

# A polynomial over code points below 2^16 that stays below 2^63: two different shingles share a number only if their
# characters lie apart by multiples of it.
_BASE = 3001
_BELOW = 1 << 16
# In dotted lines and the like one span comes again everywhere; the nearest places suffice.
_MOST_PLACES = 64
_LONGEST_HEADING = 48
_SPACE = re.compile(r"\s")
_CELL = re.compile(r"[^\t\n]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two texts share their shingles: those in both, and those in either."""

    shared: int
    either: int


class Squeezed:
    """A text without white space, and where each of its characters stood."""

    def __init__(self, text: str) -> None:
        import numpy as np

        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        spaces = np.fromiter((found.start() for found in _SPACE.finditer(text)), dtype=np.int64)
        self.places = np.delete(np.arange(len(codes)), spaces)
        self.codes: Codes = codes[self.places].astype(np.uint64)
        self.text = _SPACE.sub("", text)


def find_repeats(text: str, *, squeezed: Squeezed | None = None) -> list[tuple[int, int, int]]:
    """Spans that come again further down, found greedily from left to right: start, end, characters without space.

    At each place the longest span of at least `SHORTEST_REPEAT` characters that occurs again behind its own end is
    taken, and the search goes on behind it; so of two equal passages the first one counts, and the last never does.
    """
    import numpy as np

    given = squeezed or Squeezed(text)
    letters = given.text
    if len(letters) < 2 * SHORTEST_REPEAT:
        return []
    windows = _window_numbers(given.codes)
    order = np.argsort(windows, kind="stable")
    same_as_next = windows[order][:-1] == windows[order][1:]
    again = order[:-1][same_as_next]
    if not len(again):
        return []
    ranks = np.empty(len(windows), dtype=np.int64)
    ranks[order] = np.arange(len(windows))
    found = []
    place = 0
    for start in np.sort(again).tolist():
        if start < place:
            continue
        rank = int(ranks[start])
        length = 0
        for other in order[rank + 1 : rank + 1 + _MOST_PLACES].tolist():
            if windows[other] != windows[start]:
                break
            length = max(length, _common_length(letters, start, other))
        if length >= SHORTEST_REPEAT:
            end = start + length
            found.append((int(given.places[start]), int(given.places[end - 1]) + 1, length))
            place = end
    return found


def _window_numbers(codes: Codes) -> Codes:
    """One number for every stretch of `SHORTEST_REPEAT` characters, put together from stretches of 2, 4, 8 and 16."""
    base = 0x9E3779B97F4A7C15
    stretches = {1: codes}
    length = 1
    while 2 * length <= SHORTEST_REPEAT:
        shorter = stretches[length]
        stretches[2 * length] = shorter[:-length] * _power(base, length) + shorter[length:]
        length *= 2
    size = len(codes) - SHORTEST_REPEAT + 1
    numbers, covered = stretches[length][:size], length
    while covered < SHORTEST_REPEAT:
        length //= 2
        if covered + length <= SHORTEST_REPEAT:
            numbers = numbers * _power(base, length) + stretches[length][covered : covered + size]
            covered += length
    return numbers


def _power(base: int, exponent: int) -> np.uint64:
    import numpy as np

    return np.uint64(pow(base, exponent, 1 << 64))


def _common_length(letters: str, start: int, other: int) -> int:
    """How many characters from two places on are the same, up to where the second place begins."""
    most = min(len(letters) - other, other - start)
    length = 0
    step = 64
    while length < most and letters.startswith(
        letters[start + length : start + min(length + step, most)], other + length
    ):
        length = min(length + step, most)
    while length < most and letters[start + length] == letters[other + length]:
        length += 1
    return length


def own_shingles(text: str, lexicon: Lexicon, *, squeezed: Squeezed | None = None) -> list[int]:
    """The distinct numbers of the shingles of a text, ascending; known headings and stock sentences give none."""
    import numpy as np

    given = squeezed or Squeezed(text)
    numbers = _shingle_numbers(given.codes)
    spans = [*_known_headings(text, lexicon), *((hit.start, hit.end) for hit in lexicon.scan("stock_sentence", text))]
    if spans and len(numbers):
        kept = np.ones(len(given.codes), dtype=bool)
        for start, end in spans:
            first, behind = np.searchsorted(given.places, (start, end))
            kept[first:behind] = False
        windows = np.lib.stride_tricks.sliding_window_view(kept, SHINGLE_LENGTH)
        # What only touches a stock sentence is not the writer's either.
        numbers = numbers[windows.all(axis=1)]
    own: list[int] = _distinct(numbers).tolist()
    return own


def likeness(one: str, other: str) -> Likeness:
    """The shingles of two texts: shared ones, and all."""
    import numpy as np

    numbers = [_distinct(_shingle_numbers(Squeezed(text).codes)) for text in (one, other)]
    shared = len(np.intersect1d(numbers[0], numbers[1], assume_unique=True))
    return Likeness(shared, len(numbers[0]) + len(numbers[1]) - shared)


def _shingle_numbers(codes: Codes) -> NDArray[np.int64]:
    import numpy as np

    size = len(codes) - SHINGLE_LENGTH + 1
    if size < 1:
        return np.empty(0, dtype=np.int64)
    characters = (codes % _BELOW).astype(np.int64)
    numbers = np.zeros(size, dtype=np.int64)
    for offset in range(SHINGLE_LENGTH):
        numbers = numbers * _BASE + characters[offset : offset + size]
    return numbers


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct numbers, ascending; for so few of them sorting is faster than `numpy.unique`."""
    import numpy as np

    ascending = np.sort(numbers)
    return ascending[np.concatenate(([True], ascending[1:] != ascending[:-1]))] if len(ascending) else ascending


def _known_headings(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Lines and cells that say no more than a form or a skeleton of reports does."""
    for cell in _CELL.finditer(text):
        if cell.end() - cell.start() > _LONGEST_HEADING:
            continue
        body = _without_number(cell.group())
        if any(lexicon.canonical(role, body) is not None for role in ("section", "level1", "level2", "form_column")):
            yield cell.span()


def _without_number(line: str) -> str:
    stripped = line.strip()
    number = ANY_NUMBERING.match(stripped)
    return stripped[number.end() :].strip() if number else stripped
