"""A name or a year as found in a text, before it is decided which one the report's is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedAt:
    """A name with the place it stands at, how it was found and how sure that is (0 to 1)."""

    value: str
    start: int
    end: int
    method: str
    confidence: float

    @classmethod
    def as_printed(cls, text: str, start: int, method: str, confidence: float) -> NamedAt:
        """A name that is what stands at `start`, character by character."""
        return cls(text, start, start + len(text), method, confidence)
