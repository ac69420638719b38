"""Raw tables in, answers out: build, release, and the doors through which people read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb
    import pyarrow as pa


def connect(
    home: str | Path | None = None, release: str | None = None, *, as_of: str | date | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection to one release, on which `select * from fct_funding` and `from 中文.资金` answer.

    It serves that release until `refresh` moves it on, so all its answers fit together, whatever is published in
    between.

    Args:
        home: the home folder; default `FUNDPERF_HOME`, else `./.fundperf`.
        release: the id of an older release; default the current one.
        as_of: what was known at the end of a day, or at a moment (`warehouse.as_of.release_as_of`).

    Raises:
        UnreachableError: nothing is published there, the release does not exist, or nothing was known then.
        UsageError: both a release and a moment are named, or the moment cannot be understood.
    """
    from warehouse.home import find_home

    if as_of is None:
        from warehouse.readers import open_release

        return open_release(find_home(home), release)
    from warehouse.as_of import find_release_or_moment
    from warehouse.attaching import attach

    return attach(find_release_or_moment(find_home(home), release, as_of).file)


def refresh(connection: duckdb.DuckDBPyConnection) -> str:
    """Let a connection of `connect` serve what is current now, in a notebook that stays open; the id of that release.

    What its owner made in it stays: a view on a mart then shows the newer figures. Where nothing new was published
    nothing happens.

    Raises:
        UsageError: it is no connection to a release.
        UnreachableError: nothing is published there any more.
    """
    from warehouse import readers

    return readers.refresh(connection)


def release_of(connection: duckdb.DuckDBPyConnection) -> str:
    """The id of the release that a connection of `connect` serves.

    Raises:
        UsageError: it is no connection to a release.
    """
    from warehouse import readers

    return readers.release_of(connection)


def metric(
    *names: str,
    by: Sequence[str] = (),
    where: str | None = None,
    home: str | Path | None = None,
    release: str | None = None,
    as_of: str | date | None = None,
) -> pa.Table:
    """Metrics of one release by name, as `fundperf metric` gives them: one definition of each measure.

    Args:
        names: English or Chinese names; columns of the answer are called as they are written here.
        by: dimensions to split by.
        where: a condition on dimensions, such as `fiscal_year = 2023`.
        home: the home folder; default `FUNDPERF_HOME`, else `./.fundperf`.
        release: the id of an older release; default the current one.
        as_of: what was known at the end of a day, or at a moment, as in `connect`.

    Raises:
        UnreachableError: nothing is published there, nothing was known then, or the release came without metrics.
        UsageError: a name is unknown, both a release and a moment are named, or the extra `[metrics]` is not installed.
    """
    from warehouse.as_of import find_release_or_moment
    from warehouse.home import find_home
    from warehouse.metrics import run_metrics

    with run_metrics(find_release_or_moment(find_home(home), release, as_of), names, by=by, where=where) as table:
        return table


__all__ = ["connect", "metric", "refresh", "release_of"]
