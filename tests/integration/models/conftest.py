"""One build over records with known facts, data tests included, for every test of this folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.dbt_runs import dbt
from tests.support.sample_records import land, sample_records


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one build: `build.duckdb`, the release copy `other_name.duckdb`, `target/` and `output.txt`."""
    work = tmp_path_factory.mktemp("models")
    records = sample_records()
    land(work / "build.duckdb", [records[:3], records[3:]])
    # The unit tests need no data: `fundperf check` runs them (tests/end_to_end/test_review.py).
    run = dbt(work / "build.duckdb", work, "build", "--exclude-resource-type", "unit_test")
    (work / "output.txt").write_text(run.stdout + run.stderr, encoding="utf-8")
    assert run.returncode == 0, run.stdout
    shutil.copyfile(work / "build.duckdb", work / "other_name.duckdb")
    return work


@pytest.fixture(scope="session")
def release(built: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the copy, attached read-only under another catalog name."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{(built / 'other_name.duckdb').as_posix()}' as fp (read_only)")
        connection.execute("use fp")
        yield connection


@pytest.fixture(scope="session")
def manifest(built: Path) -> dict[str, Any]:
    """What dbt knows of the project that was built."""
    found: dict[str, Any] = json.loads((built / "target" / "manifest.json").read_text(encoding="utf-8"))
    return found
