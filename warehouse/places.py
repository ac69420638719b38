"""The place of a value with its sentence, as the kept text has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SENTENCE_ENDS = "。！？；!?\n"
_CONTEXT_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read. `before`, `text` and `after` together are the sentence; empty for a value of a manifest.

    `is_verified` says whether the kept text has exactly `text` at `start`–`end`; None when no text was kept.
    """

    start: int
    end: int
    page: int | None
    text: str
    before: str
    after: str
    method: str
    confidence: float
    is_verified: bool | None


def read_place(row: Mapping[str, Any], text: str | None) -> Place:
    """The place of a row with `evidence_…` columns; `text` is the document's, None when it was not kept."""
    start, end, printed = int(row["evidence_start"]), int(row["evidence_end"]), str(row["evidence_text"] or "")
    before = after = ""
    is_verified = None
    if text is not None and end > start:
        is_verified = text[start:end] == printed
        first = max((text.rfind(mark, 0, start) for mark in _SENTENCE_ENDS), default=-1) + 1
        before = text[max(first, start - _CONTEXT_CHARACTERS) : start].lstrip()
        after = _until_sentence_end(text, start, end)
    return Place(
        start=start,
        end=end,
        page=row["evidence_page"],
        text=printed,
        before=before,
        after=after,
        method=str(row["evidence_method"]),
        confidence=float(row["evidence_confidence"]),
        is_verified=is_verified,
    )


def _until_sentence_end(text: str, start: int, end: int) -> str:
    if end > start and text[end - 1] in _SENTENCE_ENDS:
        return ""
    ends = [found for mark in _SENTENCE_ENDS if (found := text.find(mark, end)) >= 0]
    last = min(ends) + 1 if ends else len(text)
    return text[end : min(last, end + _CONTEXT_CHARACTERS)].rstrip()
