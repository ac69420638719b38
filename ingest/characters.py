"""Characters that mean the same: one form for comparing, every character in its place."""

from __future__ import annotations

import re
from functools import lru_cache

_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)} | {"％": "%", "．": ".", "＋": "+"}
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones; every character keeps its place."""
    return text.translate(_FULL_WIDTH)


# Between two of these a line break or a space comes from the width of a cell, not from the writer.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—％%≥≤≧≦＝═"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")


def join_wrapped(text: str) -> str:
    """A cell's text as one line: breaks between Chinese characters vanish, others become one space."""
    return re.sub(r"\s+", " ", _WRAPPED.sub("", text)).strip()
