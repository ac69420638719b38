"""The door of readers in Python: a connection to one release.

A release file is never written again, so a reader keeps what it opened while newer releases are published.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.attaching import attach
from warehouse.home import find_home
from warehouse.release import find_release

if TYPE_CHECKING:
    import duckdb


def open_release(home: str | Path | None = None, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection on which `select * from fct_funding` and `from 中文.资金` answer.

    Args:
        home: the home folder; default `FUNDPERF_HOME`, else `./.fundperf`.
        release: the id of an older release; default the current one.

    Raises:
        UnreachableError: nothing is published there, or the release does not exist.
    """
    return attach(find_release(find_home(home), release).file)
