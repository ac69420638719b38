"""Documents → records on standard output, without a warehouse."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING

from warehouse.messages import Lang

if TYPE_CHECKING:
    from ingest.inputs import Input
    from ingest.reading_process import ReadingLimits
    from ingest.records import DocumentRecord, FailedDocument


def extract_all(
    inputs: Sequence[Input],
    lang: Lang,
    *,
    limits: ReadingLimits | None = None,
    jobs: int | None = None,
    lexicon: Path | None = None,
) -> Generator[DocumentRecord | FailedDocument, None, None]:
    """The record of each input in the order given, or why there is none.

    Args:
        inputs: from `ingest.inputs.find_inputs`.
        lang: the language of the reasons.
        limits: what reading may take.
        jobs: how many processes read (`ingest.parallel.read_inputs`).
        lexicon: a folder with a user's own lines of the lexicon.

    Raises:
        UnreachableError: the processes that read cannot be started.
        UsageError: a file of the user's own lexicon is broken.
    """
    from ingest.inputs import Quarantined
    from ingest.parallel import read_inputs
    from ingest.records import FailedDocument, FailedFacts, Failure

    with closing(read_inputs(inputs, limits=limits, jobs=jobs, lexicon=lexicon)) as outcomes:
        for _, outcome in outcomes:
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
        text = record.to_json(None if as_lines else 2)
        stream.write(("," if number else "") + "\n" + text if is_array else text + "\n")
    if is_array:
        stream.write("\n]\n")
    return failed
