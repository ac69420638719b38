"""Characters of symbol fonts that forms tick with, as the Unicode characters they look like."""

from __future__ import annotations

_TICKED, _CROSSED, _EMPTY, _TICK, _CROSS = "☑", "☒", "□", "√", "×"
_WINGDINGS = {
    0x6F: _EMPTY, 0x70: _EMPTY, 0x71: _EMPTY, 0x72: _EMPTY, 0xA8: _EMPTY, 0x78: _CROSSED,
    0xFB: _CROSS, 0xFC: _TICK, 0xFD: _CROSSED, 0xFE: _TICKED,
}  # fmt: skip
_WINGDINGS_2 = {0x50: _TICK, 0x4F: _CROSS, 0x52: _TICKED, 0x53: _CROSSED, 0x51: _CROSSED, 0x2A: _EMPTY, 0xA3: _EMPTY}
_BY_FONT = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "wingdings2": _WINGDINGS_2}
_PRIVATE = 0xF000
# The private characters of a symbol font whose name is lost: where the two fonts agree or only one has a tick.
_PRIVATE_CHARACTERS = {
    _PRIVATE + code: character for code, character in {0x52: _TICKED, 0xA3: _EMPTY, **_WINGDINGS}.items()
}


def is_symbol_font(font: str) -> bool:
    """Whether the characters of a font are pictures and not letters."""
    return font.lower() in _BY_FONT


def symbol(font: str, code: int) -> str:
    """The character that a code of a symbol font shows; empty when it is an ornament (a bullet, an arrow)."""
    return _BY_FONT.get(font.lower(), {}).get(code & 0xFF, "")


def symbols_in(font: str, text: str) -> str:
    """A text set in a symbol font, as it looks."""
    return "".join(symbol(font, ord(character)) if _is_code(character) else character for character in text)


def _is_code(character: str) -> bool:
    """Chinese characters in a run of a symbol font are set in the font for Chinese."""
    return not character.isspace() and (character < "\u0100" or "\uf000" <= character <= "\uf0ff")


def replace_private(text: str) -> str:
    """Private characters of symbol fonts as what they look like; unknown ones stay."""
    return text.translate(_PRIVATE_CHARACTERS)
