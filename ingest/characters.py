"""Characters that mean the same: one form for comparing, every character in its place."""

from __future__ import annotations

_FULL_WIDTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)} | {"％": "%", "．": ".", "＋": "+"}
)


def fold(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones; every character keeps its place."""
    return text.translate(_FULL_WIDTH)
