"""Texts as the extraction steps see them."""

from __future__ import annotations

from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.reading.text import read_text


def source_of(text: str, lexicon: Lexicon) -> ReportSource:
    """A text with its private data masked and its outline found."""
    return ReportSource.of(read_text(text.encode(), "a.txt"), lexicon)
