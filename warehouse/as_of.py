"""What was known on a day: the warehouse as it would be, had nothing come after a moment.

The build file is copied, the copy forgets every load that was completed later, corrections and withdrawals of later
days, and the models are built on what is left. The result is a release in a folder of its own (`<home>/as_of/…`), so
that the same question is answered at once the next time; build file and releases of the home folder stay as they are.
The lines of other reference tables of people have no day: those of now are used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import BusyError, UnreachableError, UsageError
from ingest.raw_store import naive_utc, open_build, read_build
from warehouse import lock
from warehouse.build import build, measures_query
from warehouse.corrections import Correction, current_corrections, read_corrections, replace_corrections
from warehouse.home import Home
from warehouse.project_identity import identify_project
from warehouse.release import Release, find_release, publish
from warehouse.standing_dbt import PLACE_FILE, UNDERSTOOD_FILE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEPT_ANSWERS = 3
"""So many moments are kept, those that were asked for last."""

_KEPT_OF_LATER_LOADS = frozenset({"corrections", "own_reference"})


def read_moment(text: str | date) -> datetime:
    """The moment that is meant: the end of a local day, or a point in time (local, where it names no time zone).

    Raises:
        UsageError: it is neither a day nor a point in time.
    """
    if isinstance(text, str):
        try:
            text = datetime.fromisoformat(text) if len(text) > len("2026-11-21") else date.fromisoformat(text)
        except ValueError as error:
            raise UsageError(
                "bad_moment",
                zh=f"“{text}”不是日期或时间。请写作 2026-11-21 或 2026-11-21T15:00。",
                en=f"“{text}” is neither a day nor a time. Write 2026-11-21 or 2026-11-21T15:00.",
            ) from error
    if isinstance(text, datetime):
        return text.astimezone(UTC)
    return datetime.combine(text + timedelta(days=1), time()).astimezone(UTC) - timedelta(microseconds=1)


def find_release_or_moment(home: Home, release_id: str | None, as_of: str | date | None) -> Release:
    """The current release, the one with this id, or what was known at a moment.

    Raises:
        UsageError: both are named.
    """
    if as_of is None:
        return find_release(home, release_id)
    if release_id is not None:
        raise UsageError(
            "release_or_moment",
            zh="版本（--release）和日期（--as-of）只能二选一。",
            en="Name a release (--release) or a moment (--as-of), not both.",
        )
    return release_as_of(home, as_of)


def release_as_of(home: Home, as_of: str | date) -> Release:
    """What was known at the end of a day or at a moment, as a release.

    The first question about a moment builds the models, which takes as long as a run; the writer's lock is held only
    while the build file is copied.

    Raises:
        UsageError: the moment cannot be understood.
        UnreachableError: nothing was known then.
        BusyError: a writer is at work, and this moment was never asked for.
        BuildError: the models cannot be built on what was known.
        CheckError: a check that stops a release fails on what was known.
    """
    moment = read_moment(as_of)
    try:
        key = _identify(home, moment)
    except BusyError:
        # While a run works nobody can look into the build file; for a moment that has passed nothing comes any more.
        kept = _kept_of_moment(home, moment)
        if kept is None:
            raise
        return kept
    folder = home.as_of / key
    with suppress(UnreachableError):
        return _use(folder)
    with _staged(home, folder) as staging:
        _make(home, staging, moment)
    _forget_old(home)
    return _use(folder)


def _use(folder: Path) -> Release:
    release = find_release(Home(folder))
    with suppress(OSError):
        os.utime(folder)
    return release


def _identify(home: Home, moment: datetime) -> str:
    """Identity of what was known: the moment, and what the build file and people's files say of the time until then.

    Raises:
        UnreachableError: nothing was known then.
        BusyError: another program has the build file open.
    """
    if not home.build_file.is_file():
        raise _nothing_known(moment)
    content = hashlib.sha256()
    known_until = naive_utc(moment)
    with read_build(home.build_file) as connection:
        loaded = connection.execute(
            "select load_id from ops.loads where completed_at <= ? and loaded > 0 order by load_sequence", [known_until]
        ).fetchall()
        if not loaded:
            raise _nothing_known(moment)
        names = connection.execute(
            """
            select distinct files.document_sha256, files.file_name
            from ops.load_files as files inner join ops.loads as loads on files.load_id = loads.load_id
            where loads.completed_at <= ? and files.outcome in ('loaded', 'unchanged')
            order by all
            """,
            [known_until],
        ).fetchall()
        own = connection.execute(
            f"""
            select table_name, row_key, column_name, value from raw.own_reference
            where (table_name, row_key) not in ({_LATER_WITHDRAWALS})
            order by all
            """,
            [_local_day(moment).isoformat()],
        ).fetchall()
        measures = connection.execute(measures_query(connection)).fetchall()
    corrected = sorted(correction.correction_id for correction in _corrections(home, moment))
    for part in (loaded, names, own, measures, corrected, identify_project()):
        content.update(repr(part).encode() + b"\x1f")
    return f"{_moment_key(moment)}-{content.hexdigest()[:16]}"


def _moment_key(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S%f}Z"


_LATER_WITHDRAWALS = """
    select table_name, row_key from raw.own_reference
    where table_name = 'withdrawn_documents' and column_name = 'withdrawn_on' and value > ?
"""


def _local_day(moment: datetime) -> date:
    return moment.astimezone().date()


def _kept_of_moment(home: Home, moment: datetime) -> Release | None:
    """The newest answer about a moment that had passed when it was made, by this version of the program."""
    found, project = [], identify_project()
    for folder in home.as_of.glob(f"{_moment_key(moment)}-*"):
        with suppress(UnreachableError):
            release = find_release(Home(folder))
            if release.project == project and datetime.fromisoformat(release.published_at) > moment:
                found.append((release.published_at, folder))
    return _use(max(found)[1]) if found else None


@contextmanager
def _staged(home: Home, folder: Path) -> Iterator[Home]:
    """A home folder to build in, whose release takes its place in `folder` when the block has made it."""
    for leftover in home.as_of.glob(".staging-*"):
        # Of a question that was killed; one that is being answered is younger.
        if leftover.stat().st_mtime < datetime.now(UTC).timestamp() - 86_400:
            shutil.rmtree(leftover, ignore_errors=True)
    staging = home.as_of / f".staging-{folder.name}-{os.getpid()}"
    part = Home(staging, owner=home.root)
    try:
        part.prepare()
        yield part
        for made in (part.build_file.parent, part.dbt_target.parent, part.data_docs):
            shutil.rmtree(made, ignore_errors=True)
        with suppress(OSError):
            # Somebody else may have answered the same question meanwhile: then that answer stays.
            staging.rename(folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _make(home: Home, part: Home, moment: datetime) -> None:
    with lock.hold(home.lock):
        for source, target in (
            (home.build_file, part.build_file),
            (home.build_note, part.build_note),
            (home.compiled, part.compiled),
            (home.semantics, part.semantics),
            *((home.dbt_target / name, part.dbt_target / name) for name in (UNDERSTOOD_FILE, PLACE_FILE)),
        ):
            with suppress(FileNotFoundError):
                shutil.copyfile(source, target)
        corrections = list(current_corrections(_corrections(home, moment)).values())
    with open_build(part.build_file) as connection:
        _forget_later(connection, moment)
        replace_corrections(connection, corrections, moment)
    build(part)
    publish(part)


def _corrections(home: Home, moment: datetime) -> list[Correction]:
    return [correction for correction in read_corrections(home) if correction.corrected_on <= _local_day(moment)]


def _forget_later(connection: DuckDBPyConnection, moment: datetime) -> None:
    """Take out of a copy of the build file what came after the moment."""
    from ingest.raw_schema import OPS_TABLES, RAW_TABLES

    later = "load_id in (select load_id from ops.loads where completed_at is null or completed_at > ?)"
    tables = [f"raw.{name}" for name in RAW_TABLES if name not in _KEPT_OF_LATER_LOADS]
    tables += [f"ops.{name}" for name, columns in OPS_TABLES.items() if "load_id" in columns and name != "loads"]
    known_until = naive_utc(moment)
    for table in [*tables, "ops.loads"]:
        connection.execute(f"delete from {table} where {later}", [known_until])
    for table in ("check_results", "check_failures"):
        connection.execute(f"delete from ops.{table} where checked_at > ?", [known_until])
    connection.execute(
        f"delete from raw.own_reference where (table_name, row_key) in ({_LATER_WITHDRAWALS})",
        [_local_day(moment).isoformat()],
    )


def _forget_old(home: Home) -> None:
    answers = [folder for folder in home.as_of.iterdir() if not folder.name.startswith(".")]
    for folder in sorted(answers, key=lambda path: path.stat().st_mtime)[:-KEPT_ANSWERS]:
        shutil.rmtree(folder, ignore_errors=True)


def _nothing_known(moment: datetime) -> UnreachableError:
    shown = moment.astimezone().isoformat(sep=" ", timespec="seconds")
    return UnreachableError(
        "nothing_known_then",
        zh=f"截至 {shown} 尚未导入任何材料。请换一个较晚的日期。",
        en=f"Nothing was loaded yet at {shown}. Ask for a later day.",
        moment=shown,
    )
