"""Which sections of a report state funding."""

from __future__ import annotations

from typing import Literal

from ingest.extraction.outline import Passage
from ingest.lexicon import Lexicon

Openness = Literal["open", "stated", "budgets", "closed"]


def openness_of(passage: Passage, lexicon: Lexicon) -> Openness:
    """The innermost heading that the lexicon knows decides, unless the paragraph looks back on the whole report.

    A problem or a suggestion funds nothing (`closed`); a goal states money only where it says so in plain words
    (`stated`); among indicators what was spent is a cost, and only a budget is one of all the money (`budgets`).
    """
    if looks_back(passage, lexicon):
        return "open"
    innermost = next((heading for heading in reversed(passage.headings) if heading.is_known), None)
    if innermost is None:
        return "open"
    if innermost.section is not None:
        return _OPENNESS.get(lexicon.wordings("section_without_funding").get(innermost.section, ""), "open")
    level = lexicon.canonical("level1", innermost.level1 or "")
    return "open" if level in ("PROCESS", "DECISION") else "budgets"


def looks_back(passage: Passage, lexicon: Lexicon) -> bool:
    """综上，…: the paragraph closes the report, whatever the heading above it."""
    return passage.text.lstrip().startswith(tuple(lexicon.wordings("concluding")))


_OPENNESS: dict[str, Openness] = {"strict": "stated", "no": "closed"}
