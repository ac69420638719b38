"""Raw tables in, answers out: build, release, and the doors through which people read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def connect(home: str | Path | None = None, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to one release, on which `select * from fct_funding` and `from 中文.资金` answer.

    A release file is never written again, so a reader keeps what it opened while newer releases are published.

    Args:
        home: the home folder; default `FUNDPERF_HOME`, else `./.fundperf`.
        release: the id of an older release; default the current one.

    Raises:
        UnreachableError: nothing is published there, or the release does not exist.
    """
    from warehouse.attaching import attach
    from warehouse.home import find_home
    from warehouse.release import find_release

    return attach(find_release(find_home(home), release).file)


__all__ = ["connect"]
