"""Which characters of a text count: one form for every format, so that offsets and wordings agree."""

from __future__ import annotations

import re

# Marks that a word processor leaves in an exported text; they are no words of the report.
_WORD_MARKS = re.compile(r"\[(?:bookmark|comment|footnote|endnote|image)\s*:[^\]\n]{0,80}\]", re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n|[\r\f\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def canonicalise(text: str) -> str:
    """Text as evidence points into it: `\\n` line ends, plain spaces, no invisible or word-processor marks."""
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", _WORD_MARKS.sub("", text))
    return CONTROL.sub("", _SPACES.sub(" ", text))


def canonical_lines(text: str) -> list[str]:
    """The canonical lines of a text, without the space around them and without empty ones."""
    return [line for line in map(str.strip, canonicalise(text).split("\n")) if line]
