"""Characters that mean the same: one form for comparing, every character in its place."""

from __future__ import annotations

import re
from functools import lru_cache

CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
"""Chinese characters, their punctuation and their full-width forms, to stand in the brackets of a pattern."""
_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)} | {"％": "%", "．": ".", "＋": "+"}
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones; every character keeps its place."""
    return text.translate(_FULL_WIDTH)


def blank_out(pattern: re.Pattern[str], text: str) -> str:
    """A text with blanks where a pattern matches; every other character keeps its place."""
    return pattern.sub(lambda found: " " * len(found.group()), text)


# Between two of these a line break or a space comes from the width of a cell, not from the writer.
_WIDE = f"{CHINESE}“”‘’…—％%≥≤≧≦＝═"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")


def join_wrapped(text: str) -> str:
    """A cell's text as one line: breaks between Chinese characters vanish, others become one space."""
    return re.sub(r"\s+", " ", _WRAPPED.sub("", text)).strip()
