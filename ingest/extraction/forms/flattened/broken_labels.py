"""Labels that a page broke: with a bar at the break (`产出 |`, below it `指标 |`), or because they stand upright.

济益标 经效指 is 经济效益指标 in two columns, read from top to bottom and from the right; 产, 出, 指 and 标 may each
begin one of the lines beside which their label stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from ingest.extraction.wordings import any_word
from ingest.lexicon import Lexicon

_PART = r"[\u3400-\u9fff](?:[^|\n]{0,10}[^|\n ])?"
_BROKEN = re.compile(rf"(?<![^\n|])[ ]*(?P<first>{_PART})[ ]*\|[ |]*(?=\n[ ]*(?P<second>{_PART})[ ]*(?:[|\n]|$))")
_BETWEEN_COLUMNS = re.compile(r"[ \n|]{1,3}")
_SIGN_OF_LINE = re.compile(r"^[ |]*(?P<sign>[\u3400-\u9fff])(?:(?P<beside>[ |]+[^\s|])|[ |]*$)", re.MULTILINE)
_FEWEST_SIGNS = 3
_MOST_LINES_BETWEEN = 6
_ROLES = ("level1", "level2", "form_column", "form_side", "form_row", "form_field", "form_text")


def with_labels_mended(text: str, lexicon: Lexicon) -> str:
    """A text with its broken labels in one piece, and blanks where signs are left over; every place stays its own."""

    def joined(match: re.Match[str]) -> str:
        is_label = _is_one_label(match["first"], match["second"], lexicon)
        return match.group().replace("|", " ") if is_label else match.group()

    def upright(match: re.Match[str]) -> str:
        columns = tuple(_BETWEEN_COLUMNS.split(match.group(), maxsplit=1))
        return _sideways_labels(lexicon)[columns].ljust(len(match.group()))

    return _sideways(lexicon).sub(upright, _BROKEN.sub(joined, text))


@lru_cache(maxsize=8)
def _sideways_labels(lexicon: Lexicon) -> dict[tuple[str, ...], str]:
    """Levels by their two columns, in either order: (济益标, 经效指) and (经效指, 济益标) → 经济效益指标."""
    words = {word for role in ("level1", "level2") for word in lexicon.wordings(role) if word.endswith("指标")}
    columns: dict[tuple[str, ...], str] = {(word[::2], word[1::2]): word for word in sorted(words)}
    return columns | {(right, left): word for (left, right), word in columns.items()}


@lru_cache(maxsize=8)
def _sideways(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile("|".join(map(_BETWEEN_COLUMNS.pattern.join, _sideways_labels(lexicon))))


def _is_one_label(first: str, second: str, lexicon: Lexicon) -> bool:
    """Whether two cells make a label that they are not each by themselves: 执行率 and 得分 are two columns."""
    for role in _ROLES:
        whole = lexicon.canonical(role, first + second)
        parts = (lexicon.canonical(role, first), lexicon.canonical(role, second))
        if whole is not None and (None in parts or parts[0] == whole):
            return True
    return False


def upright_labels(text: str, lexicon: Lexicon) -> list[tuple[str, list[int]]]:
    """The labels whose signs begin lines one below the other, each with the places of its signs.

    One sign at least has cells beside it: in a text of one sign a line, nothing stands upright.
    """
    lines = list(_SIGN_OF_LINE.finditer(text))
    found: list[tuple[str, list[int]]] = []
    for label in _upright(lexicon).finditer("".join(line["sign"] for line in lines)):
        run = lines[label.start() : label.end()]
        places = [line.start("sign") for line in run]
        if any(line["beside"] for line in run) and _is_one_run(text, places):
            found.append((label.group(), places))
    return found


@lru_cache(maxsize=8)
def _upright(lexicon: Lexicon) -> re.Pattern[str]:
    words = (word for role in ("level1", "form_side", "form_field") for word in lexicon.wordings(role))
    return re.compile(any_word({word for word in words if len(word) >= _FEWEST_SIGNS}))


def _is_one_run(text: str, places: Sequence[int]) -> bool:
    return all(text.count("\n", one, other) <= _MOST_LINES_BETWEEN for one, other in pairwise(places))
