"""What every extraction step works on: the masked text, its outline, the lexicon; and how a place becomes evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.characters import fold
from ingest.extraction.outline import Outline, Passage, read_outline
from ingest.lexicon import Lexicon
from ingest.privacy import mask_private_data
from ingest.reading.document import Block, Document
from ingest.records import Evidence

_YEAR_OF_FIGURES = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?!\s*\d{1,2}月)")
_CLAUSE_BREAK = re.compile(r"[，,。；;]")
_NOT_LINE_END = re.compile(r"[^\n]")
_CONFIDENCE_OF_DOUBTFUL_CHARACTERS = 0.6
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
    """A document's text, or a part of it, as extraction sees it. Private data is masked before anything is read.

    `text` always has the length of the document's canonical text, so that offsets stay: what does not belong to the
    part is blank in it; `document_text` has it all. `tables` are the tables of the part, `paragraphs` its paragraphs.
    """

    text: str
    document_text: str
    outline: Outline
    lexicon: Lexicon
    remarks: tuple[str, ...]
    paragraphs: tuple[Block, ...] = ()
    tables: tuple[Block, ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, document: Document, lexicon: Lexicon) -> ReportSource:
        """Mask, then find the outline."""
        text = mask_private_data(document.text, lexicon)
        paragraphs = tuple(block for block in document.blocks if block.kind == "paragraph")
        tables = tuple(block for block in document.blocks if block.kind == "table")
        outline = read_outline(paragraphs, text, lexicon)
        return cls(text, text, outline, lexicon, document.remarks, paragraphs, tables, document.doubtful)

    def within(self, spans: Iterable[tuple[int, int]], added: Iterable[Passage] = ()) -> ReportSource:
        """The part of the text inside the spans; a paragraph belongs to it as far as it lies in a span.

        `added` are further passages of the part that are no paragraphs (the free texts of a form).
        """
        kept = sorted(spans)
        passages = sorted(added, key=lambda passage: passage.start)
        shown = [*kept, *((passage.start, passage.start + len(passage.text)) for passage in passages)]
        text = _only(self.text, shown)
        paragraphs = tuple(piece for block in self.paragraphs for piece in _clipped(block, kept, text))
        tables = tuple(block for block in self.tables if any(start <= block.start < end for start, end in kept))
        outline = read_outline(paragraphs, text, self.lexicon)
        if passages:
            merged = sorted((*outline.passages, *passages), key=lambda passage: passage.start)
            outline = Outline(outline.headings, tuple(merged))
        return replace(self, text=text, outline=outline, paragraphs=paragraphs, tables=tables)

    def without(self, spans: Iterable[tuple[int, int]]) -> ReportSource:
        """The part of the text outside the spans."""
        return self.within(outside(spans, len(self.text)))

    def with_opened_tables(self, tables: Iterable[Block]) -> ReportSource:
        """The same text with the cells of some tables as paragraphs: tables that only frame prose."""
        opened = list(tables)
        if not opened:
            return self
        cells = [
            piece
            for table in opened
            for cell in table.cells
            for piece in _lines_of(self.text, cell.start, cell.end, table.page)
        ]
        paragraphs = tuple(sorted((*self.paragraphs, *cells), key=lambda block: block.start))
        kept = tuple(table for table in self.tables if table not in opened)
        outline = read_outline(paragraphs, self.text, self.lexicon)
        return replace(self, outline=outline, paragraphs=paragraphs, tables=kept)

    def is_whole(self, start: int, end: int) -> bool:
        """Whether nothing of `text[start:end]` belongs to another part."""
        return self.text[start:end] == self.document_text[start:end]

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence of every passage, in the order of the text."""
        for passage in self.outline.passages:
            for match in _SENTENCE.finditer(passage.text):
                stripped = match.group().strip()
                if stripped:
                    start = match.start() + match.group().index(stripped)
                    yield Sentence(stripped, passage.start + start, passage)

    def place(
        self,
        start: int,
        end: int,
        method: str,
        confidence: float,
        *,
        table: int | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> Evidence:
        """The evidence for `text[start:end]`; what the reader itself could hardly make out is never sure."""
        if any(start < last and first < end for first, last in self.doubtful):
            confidence = min(confidence, _CONFIDENCE_OF_DOUBTFUL_CHARACTERS)
        return Evidence(
            page=self._page_of(start),
            start=start,
            end=end,
            text=self.document_text[start:end],
            table=table,
            row=row,
            column=column,
            method=method,
            confidence=round(confidence, 2),
        )

    def _page_of(self, start: int) -> int | None:
        for block in (*self.paragraphs, *self.tables):
            if block.start <= start <= block.end:
                return block.page
        return None


def outside(spans: Iterable[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """What some spans leave of a text of a certain length; they may overlap."""
    start = 0
    for first, last in sorted(spans):
        if start < first:
            yield start, first
        start = max(start, last)
    if start < length:
        yield start, length


def _lines_of(text: str, start: int, end: int, page: int | None) -> Iterator[Block]:
    place = start
    for line in text[start:end].split("\n"):
        if line.strip():
            begin = place + len(line) - len(line.lstrip())
            yield Block("paragraph", begin, begin + len(line.strip()), page)
        place += len(line) + 1


def _only(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with everything outside the spans blank; line ends stay."""
    pieces, place = [], 0
    for start, end in sorted(spans):
        if end <= place:
            continue
        start = max(start, place)
        pieces += [_blank(text[place:start]), text[start:end]]
        place = end
    return "".join([*pieces, _blank(text[place:])])


def _blank(text: str) -> str:
    return _NOT_LINE_END.sub(" ", text)


def _clipped(block: Block, spans: list[tuple[int, int]], text: str) -> Iterator[Block]:
    for start, end in spans:
        first, last = max(block.start, start), min(block.end, end)
        written = text[first:last] if first < last else ""
        if written.strip():
            first += len(written) - len(written.lstrip())
            yield replace(block, start=first, end=first + len(written.strip()))


def years_in(text: str) -> set[int]:
    """The years of figures in a text (2022年支出); a month is a date of payment and no year."""
    return {int(match[1]) for match in _YEAR_OF_FIGURES.finditer(fold(text))}


def last_clause(text: str) -> str:
    """The words behind the last break of a text."""
    return _CLAUSE_BREAK.split(text)[-1]


def closes_the_report(text: str, lexicon: Lexicon) -> bool:
    """综上，…: what begins so looks back on the whole report, whatever the heading above it."""
    return lexicon.leading("concluding", text.lstrip()) is not None


def is_of_another_year(clause: str, lexicon: Lexicon, facts: ReportFacts) -> bool:
    """上年支出, or a year before the report's own directly in the clause."""
    if lexicon.first("not_this_year", clause) is not None:
        return True
    years = years_in(clause)
    return facts.fiscal_year is not None and bool(years) and max(years) < facts.fiscal_year
