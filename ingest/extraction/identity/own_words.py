"""What of a text is the report's own: its opening, and its words without those it cites."""

from __future__ import annotations

import re

from ingest.characters import blank_out

OPENING_CHARACTERS = 800
OPENING_SENTENCES = 8
"""How far a report says who reports on what before it speaks of the matter itself."""

_CITED = re.compile(r"《[^》\n]{0,120}》|[〔\[【（(][^〕\]】）)\n]{0,12}[〕\]】）)]")


def without_citations(text: str) -> str:
    """A text with the titles of other papers and short brackets blank: their years and offices are of others."""
    return blank_out(_CITED, text)
