"""The whole way of a batch: find the inputs, read them, check them as a batch, land them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import __version__
from ingest.inputs import MAX_BYTES, Extract, Input, Outcome, find_inputs, read_all
from ingest.landing import Clock, LoadResult, land, new_load_id, utc_now
from ingest.manifest import ManifestReader

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

    from ingest.check_results import BatchVerdict

Progress = Callable[[int, int], None]
"""Called with the inputs that are read so far and all inputs."""


def load(
    paths: Iterable[Path | str],
    *,
    connection: DuckDBPyConnection,
    home: Path,
    extract: Extract | None = None,
    max_bytes: int = MAX_BYTES,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> LoadResult:
    """Load documents and files of records into an open build file, as one load.

    The inputs are taken in the order of their places on disk, so the order of the paths makes no difference. What the
    checks found is kept for people under `<home>/data_docs/<load_id>/index.html`.

    Args:
        paths: files and folders.
        connection: what `landing.open_build` gave.
        home: the home folder; it is never an input.
        extract: how bytes become a record; the project's own reading and extraction when not given.
        max_bytes: larger inputs are quarantined unread.
        clock: the present moment.
        progress: told after each input.

    Raises:
        UsageError: a path does not exist.
    """
    given = [Path(path) for path in paths]
    inputs = sorted(find_inputs(given, home=home), key=lambda entry: (str(entry.path), entry.line or 0))
    load_id = new_load_id(clock())

    def check(frames: Mapping[str, pl.DataFrame]) -> BatchVerdict:
        from ingest.batch_checks import check_batch

        return check_batch(frames, today=clock().date(), data_docs=home / "data_docs" / load_id)

    manifests = ManifestReader()
    outcomes = read_all(inputs, extract=extract, max_bytes=max_bytes, manifests=manifests)
    result = land(
        connection,
        _reporting(outcomes, len(inputs), progress),
        code_version=__version__,
        clock=clock,
        load_id=load_id,
        check=check,
    )
    folders = {entry.path.parent for entry in inputs if entry.obstacle is None} | {
        path for path in given if path.is_dir()
    }
    return replace(result, notes=tuple(manifests.notes(sorted(folders))))


def _reporting(
    outcomes: Iterator[tuple[Input, Outcome]], total: int, progress: Progress | None
) -> Iterator[tuple[Input, Outcome]]:
    for count, outcome in enumerate(outcomes, start=1):
        yield outcome
        if progress is not None:
            progress(count, total)
