"""What inputs give when they are read in this process, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.inputs import MAX_BYTES, Extract, Input, InputReader, Outcome


def read_all(inputs: Iterable[Input], *, extract: Extract | None = None) -> Iterator[tuple[Input, Outcome]]:
    """Each input with its outcome."""
    reader = InputReader(extract=extract)
    for entry in inputs:
        yield entry, reader.read(entry)


def read_input(entry: Input, *, extract: Extract | None = None, max_bytes: int = MAX_BYTES) -> Outcome:
    """The outcome of one input, with a reader of its own."""
    return InputReader(extract=extract, max_bytes=max_bytes).read(entry)
