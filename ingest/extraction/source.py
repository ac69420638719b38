"""What every extraction step works on: the masked text, its outline, the lexicon; and how a place becomes evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.characters import fold
from ingest.extraction.outline import Outline, Passage, read_outline
from ingest.lexicon import Lexicon
from ingest.privacy import mask_private_data
from ingest.reading.document import Document
from ingest.records import Evidence

_YEAR_OF_FIGURES = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?!\s*\d{1,2}月)")
_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?]?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, with its offset in the canonical text."""

    text: str
    start: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of the report when its figures are read."""

    fiscal_year: int | None
    project_name: str | None


@dataclass(frozen=True, slots=True)
class ReportSource:
    """One report's text as extraction sees it. Private data is masked before anything is read."""

    text: str
    outline: Outline
    lexicon: Lexicon
    remarks: tuple[str, ...]

    @classmethod
    def of(cls, document: Document, lexicon: Lexicon) -> ReportSource:
        """Mask, then find the outline."""
        text = mask_private_data(document.text, lexicon)
        return cls(text, read_outline(document, text, lexicon), lexicon, document.remarks)

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of every passage, in the order of the text."""
        for passage in self.outline.passages:
            for match in _SENTENCE.finditer(passage.text):
                stripped = match.group().strip()
                if stripped:
                    start = match.start() + match.group().index(stripped)
                    yield Sentence(stripped, passage.start + start, passage)

    def place(self, start: int, end: int, method: str, confidence: float) -> Evidence:
        """The evidence for `text[start:end]`."""
        return Evidence(start=start, end=end, text=self.text[start:end], method=method, confidence=round(confidence, 2))


def is_of_another_year(clause: str, lexicon: Lexicon, facts: ReportFacts) -> bool:
    """上年支出, or a year before the report's own directly in the clause; a month is a date of payment, not a year."""
    if lexicon.first("not_this_year", clause) is not None:
        return True
    years = {int(match[1]) for match in _YEAR_OF_FIGURES.finditer(fold(clause))}
    return facts.fiscal_year is not None and bool(years) and max(years) < facts.fiscal_year
