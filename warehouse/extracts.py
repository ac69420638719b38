"""Documents → records on standard output, without a warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from warehouse.home import Home
from warehouse.messages import Lang

if TYPE_CHECKING:
    from ingest.records import DocumentRecord, FailedDocument


def extract_all(paths: Sequence[Path], home: Home, lang: Lang) -> Iterator[DocumentRecord | FailedDocument]:
    """The record of each input in the order given, or why there is none.

    Raises:
        UsageError: a path does not exist.
    """
    from ingest.inputs import Quarantined, find_inputs, read_all
    from ingest.records import FailedDocument, FailedFacts, Failure

    for _, outcome in read_all(find_inputs(paths, home=home.root)):
        if isinstance(outcome, Quarantined):
            yield FailedDocument(
                document=FailedFacts(sha256=outcome.document_sha256, file_name=outcome.file_name),
                error=Failure(code=outcome.code, message=outcome.message(lang)),
            )
        else:
            yield outcome


def write_records(
    stream: IO[str],
    records: Iterable[DocumentRecord | FailedDocument],
    *,
    as_lines: bool,
    is_single: bool,
) -> int:
    """Write records as they come and return how many are failures.

    Args:
        stream: where to.
        records: from `extract_all`.
        as_lines: one object a line; otherwise indented.
        is_single: the one object stands alone; otherwise indented objects stand in an array.
    """
    from ingest.records import FailedDocument

    failed = 0
    is_array = not as_lines and not is_single
    if is_array:
        stream.write("[")
    for number, record in enumerate(records):
        failed += isinstance(record, FailedDocument)
        text = record.model_dump_json() if as_lines else record.model_dump_json(indent=2)
        stream.write(("," if number else "") + "\n" + text if is_array else text + "\n")
    if is_array:
        stream.write("\n]\n")
    return failed
