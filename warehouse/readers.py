"""Connections of readers: opened on a release, moved on to a newer one when their owner asks.

A connection serves one release until then, so every answer comes from exactly one release, and so do all answers of one
analysis. Nothing moves by itself between two queries that belong together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ingest.errors import UnreachableError, UsageError
from warehouse.attaching import CATALOG, attach, attach_as
from warehouse.home import RELEASE_FILE, Home
from warehouse.release import Release, find_release

if TYPE_CHECKING:
    import duckdb

_Found = TypeVar("_Found")
# Between two looks a whole row of releases would have to be published and removed again.
_ATTEMPTS = 5


def open_release(home: Home, release_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to the current release, or to the one with this id.

    Raises:
        UnreachableError: nothing is published, or there is no such release.
    """
    return _with_release(home, release_id, lambda release: attach(release.file))


def release_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The id of the release that a connection serves.

    Raises:
        UsageError: it is no connection to a release.
    """
    return _file_of(connection).parent.name


def refresh(connection: duckdb.DuckDBPyConnection) -> str:
    """Let a connection serve what is current now, and return the id of that release.

    Tables and views that its owner made in it stay; a view on a mart then shows the newer figures. A result that is
    not read to its end is lost.

    Raises:
        UsageError: it is no connection to a release.
        UnreachableError: nothing is published any more.
    """
    file = _file_of(connection)
    home = Home(file.parents[2])
    if find_release(home).folder == file.parent:
        return file.parent.name

    def move(release: Release) -> str:
        # Looked at before the old one is let go: a file that does not open must not leave the reader with nothing.
        attach(release.file).close()
        (searched,) = connection.execute("select current_setting('search_path')").fetchone() or ("",)
        connection.execute("use memory")
        connection.execute(f"detach {CATALOG}")
        try:
            attach_as(connection, release.file)
        except Exception:
            attach_as(connection, file)
            raise
        finally:
            connection.execute("set search_path = ?", [searched])
        return release.release_id

    return _with_release(home, None, move)


def _with_release(home: Home, release_id: str | None, work: Callable[[Release], _Found]) -> _Found:
    """Do something with a release; where it was removed in between, with the one that is current by then."""
    import duckdb

    for attempt in range(_ATTEMPTS):
        is_last = release_id is not None or attempt == _ATTEMPTS - 1
        try:
            release = find_release(home, release_id)
        except UnreachableError as error:
            if is_last or error.code != "unknown_release":
                raise
            continue
        try:
            return work(release)
        except duckdb.Error:
            if is_last or release.file.exists():
                raise
    raise AssertionError("the last attempt returns or raises")


def _file_of(connection: duckdb.DuckDBPyConnection) -> Path:
    row = connection.execute("select path from duckdb_databases() where database_name = ?", [CATALOG]).fetchone()
    if row is None or Path(row[0]).name != RELEASE_FILE:
        raise UsageError(
            "no_release_connection",
            zh="这个连接没有打开任何版本。请用 warehouse.connect() 打开。",
            en="This connection serves no release. Open one with warehouse.connect().",
        )
    return Path(row[0])
