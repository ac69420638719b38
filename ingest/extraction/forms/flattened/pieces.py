"""Pieces of a text that lost its table, and what is said of those that were not understood."""

from __future__ import annotations

from ingest.extraction.forms.rows import Piece, Unread

_METHOD = "flattened_form"
_CONFIDENCE_OF_UNREAD = 0.3


def piece_at(start: int, end: int, confidence: float) -> Piece:
    """The piece `text[start:end]`."""
    return Piece(start, end, _METHOD, confidence)


def unread_at(code: str, message: str, start: int, end: int) -> Unread:
    """A part that was seen and not understood."""
    return Unread(code, message, piece_at(start, end, _CONFIDENCE_OF_UNREAD))
