"""Which sections of a report state funding."""

from __future__ import annotations

from typing import Literal, cast

from ingest.extraction.outline import Passage
from ingest.extraction.source import closes_the_report
from ingest.lexicon import Lexicon

Openness = Literal["open", "stated", "budgets", "closed"]


def openness_of(passage: Passage, lexicon: Lexicon) -> Openness:
    """The innermost heading that the lexicon knows decides, unless the paragraph looks back on the whole report.

    A problem or a suggestion funds nothing (`closed`); a goal states money only where it says so in plain words
    (`stated`); among indicators what was spent is a cost, and only a budget is one of all the money (`budgets`).
    """
    if closes_the_report(passage.text, lexicon):
        return "open"
    innermost = next((heading for heading in reversed(passage.headings) if heading.is_known), None)
    if innermost is None:
        return "open"
    if innermost.section is not None:
        return cast(Openness, lexicon.wordings("section_without_funding").get(innermost.section, "open"))
    level = lexicon.canonical("level1", innermost.level1 or "")
    return "open" if level in ("PROCESS", "DECISION") else "budgets"
