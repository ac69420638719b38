"""Wordings of the lexicon as pieces of larger patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.lexicon import HIDING, Lexicon


def any_of(lexicon: Lexicon, *roles: str, canonical: str | None = None) -> str:
    """A group that matches any wording of the roles, the longest first; of one `canonical` name, if that is given.

    A wording that only hides others is none.
    """
    words = {
        word
        for role in roles
        for word, meaning in lexicon.wordings(role).items()
        if meaning != HIDING and canonical in (None, meaning)
    }
    return any_word(words)


def any_word(words: Iterable[str]) -> str:
    """A group that matches any of some words, the longest first; nothing where there are none."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, ordered))})" if ordered else "(?!)"
