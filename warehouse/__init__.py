"""Raw tables in, answers out: build, release, and the doors through which people read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def connect(home: str | Path | None = None, release: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open the current release, or an older one, for reading. See `warehouse.readers.open_release`."""
    from warehouse.readers import open_release

    return open_release(home, release)


__all__ = ["connect"]
