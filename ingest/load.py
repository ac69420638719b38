"""The whole way of a batch: find the inputs, read them, check them as a batch, land them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import __version__
from ingest.inputs import Extract, Input, Outcome, Quarantined, Recalled, survey_inputs
from ingest.landing import Landable, land
from ingest.ledger import LoadResult
from ingest.lexicon import load_lexicon
from ingest.manifest import ManifestReader
from ingest.parallel import read_inputs
from ingest.raw_store import Clock, new_load_id, utc_now
from ingest.reading_process import ReadingLimits
from ingest.readings import Readings, reading_key
from ingest.text_landing import measure_texts

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

    from ingest.check_results import BatchVerdict

_NAMED_LEFT_ASIDE = 5


@dataclass(frozen=True, slots=True)
class ReadingState:
    """How far the reading of a load is: inputs read, all inputs, and those of the read ones that wait for a person."""

    done: int
    total: int
    quarantined: int


Progress = Callable[[ReadingState], None]
"""Called after each input."""


def load(
    paths: Iterable[Path | str],
    *,
    connection: DuckDBPyConnection,
    home: Path,
    extract: Extract | None = None,
    limits: ReadingLimits | None = None,
    jobs: int | None = None,
    lexicon: Path | None = None,
    anew: bool = False,
    clock: Clock = utc_now,
    progress: Progress | None = None,
    before_reading: Callable[[], None] | None = None,
) -> LoadResult:
    """Load documents, archives and files of records into an open build file, as one load.

    The inputs are taken in the order of their places on disk, so the order of the paths makes no difference. What the
    checks found is kept for people under `<home>/data_docs/<load_id>/index.html`.

    Args:
        paths: files and folders.
        connection: what `landing.open_build` gave.
        home: the home folder; it is never an input.
        extract: how bytes become a record; the project's own reading and extraction when not given.
        limits: what reading may take.
        jobs: how many processes read (`parallel.read_inputs`).
        lexicon: a folder with a user's own lines of the lexicon.
        anew: read also what is known not to have changed.
        clock: the present moment.
        progress: told after each input.
        before_reading: called once, and only where an input has to be read.

    Raises:
        UsageError: a path does not exist, or a file of the user's own lexicon is broken.
        UnreachableError: the processes that read cannot be started.
    """
    given = [Path(path) for path in paths]
    survey = survey_inputs(given, home=home)
    inputs = sorted(survey.inputs, key=lambda entry: (str(entry.path), entry.line or 0))
    load_id = new_load_id(clock())

    seconds = {"read": 0.0, "land": 0.0, "check": 0.0}

    def check(frames: Mapping[str, pl.DataFrame]) -> BatchVerdict:
        from ingest.batch_checks import check_batch

        with _timed(seconds, "check"):
            return check_batch(frames, today=clock().date(), data_docs=home / "data_docs" / load_id)

    limits = limits or ReadingLimits()
    started = time.monotonic()
    with _timed(seconds, "read"):
        readings = Readings(connection, reading_key(lexicon, limits), limits, clock().date())
        # Nobody knows what another way of reading depends on.
        known = readings.recall(inputs, anew=anew) if extract is None else [None] * len(inputs)
    to_read = [entry for entry, outcome in zip(inputs, known, strict=True) if outcome is None]
    if to_read and before_reading is not None:
        before_reading()
    # Closed whatever happens, so that no process goes on reading.
    with closing(read_inputs(to_read, extract=extract, limits=limits, jobs=jobs, lexicon=lexicon)) as outcomes:
        result = land(
            connection,
            _reporting(_in_order(inputs, known, _timing(outcomes, seconds)), len(inputs), progress),
            code_version=__version__,
            clock=clock,
            load_id=load_id,
            check=check,
            remember=None if extract is not None else readings.keep,
        )
    measure_texts(connection, load_lexicon(lexicon))
    seconds["land"] = time.monotonic() - started - seconds["read"] - seconds["check"]
    folders = {entry.path.parent for entry in inputs if entry.refusal is None} | {
        path for path in given if path.is_dir()
    }
    notes = (*_left_aside(survey.left_aside), *ManifestReader().notes(sorted(folders)))
    return replace(result, notes=notes, seconds=seconds)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        seconds[stage] += time.monotonic() - started


def _timing(outcomes: Iterable[tuple[Input, Outcome]], seconds: dict[str, float]) -> Iterator[tuple[Input, Outcome]]:
    """The outcomes, with the time spent waiting for each of them added up."""
    waiting = iter(outcomes)
    while True:
        with _timed(seconds, "read"):
            outcome = next(waiting, None)
        if outcome is None:
            return
        yield outcome


def _in_order(
    inputs: Sequence[Input],
    known: Sequence[Recalled | Quarantined | None],
    outcomes: Iterator[tuple[Input, Outcome]],
) -> Iterator[tuple[Input, Landable]]:
    for entry, outcome in zip(inputs, known, strict=True):
        yield (entry, outcome) if outcome is not None else next(outcomes)


def _reporting(
    outcomes: Iterable[tuple[Input, Landable]], total: int, progress: Progress | None
) -> Iterator[tuple[Input, Landable]]:
    quarantined = 0
    for count, (entry, outcome) in enumerate(outcomes, start=1):
        yield entry, outcome
        quarantined += isinstance(outcome, Quarantined)
        if progress is not None:
            progress(ReadingState(count, total, quarantined))


def _left_aside(names: Sequence[str]) -> list[tuple[str, str]]:
    if not names:
        return []
    count, listed = len(names), names[:_NAMED_LEFT_ASIDE]
    more = " …" if count > len(listed) else ""
    return [
        (
            f"系统或临时文件 {count} 个，未计入输入：{'、'.join(listed)}{more}",
            f"files of systems and programs, left aside: {count} ({', '.join(listed)}{more})",
        )
    ]
