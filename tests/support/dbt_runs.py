"""dbt on a build file in a test, and its answers by name.

A project of a hundred models takes dbt ten seconds to read, so what it understood once is kept for the whole test run
(`KEPT_PROJECT`, named by `tests/conftest.py`) and given to every later run; dbt itself looks what has changed since.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from ingest.resources import project_dir
from warehouse.project_identity import identify_project
from warehouse.standing_dbt import PLACE_FILE, UNDERSTOOD_FILE, project_mark

KEPT_PROJECT = "FUNDPERF_TEST_PROJECT"
# As a run has it: without a search for garbage, which costs a tenth of the time.
_DBT = "import gc; gc.disable(); from dbt.cli.main import cli; cli()"


def dbt(build: Path, work: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on a build file as `warehouse.build` does; everything it writes goes to `work`."""
    project, target = str(project_dir()), work / "target"
    if "--project-dir" not in arguments:
        arguments = (*arguments, "--project-dir", project)
        give_project(target)
    finished = subprocess.run(
        [sys.executable, "-c", _DBT, "--no-use-colors", "--log-level-file", "info", *arguments],
        cwd=build.parent,
        env={
            **without_coverage(),
            "FUNDPERF_BUILD": build.name,
            "FUNDPERF_DBT_KEEP_OPEN": "true",
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(work / "logs"),
            "DBT_PROFILES_DIR": project,
            "PYTHONPATH": project,
            "PYTHONUTF8": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if project in arguments:
        keep_project(target)
    return finished


def without_coverage() -> dict[str, str]:
    """The environment of a process whose lines are not measured: else every call inside dbt would be looked at."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


def give_project(target: Path) -> None:
    """Put what dbt understood of the project earlier in this test run where dbt looks for it."""
    kept = _kept()
    if kept is not None and kept.exists() and not (target / UNDERSTOOD_FILE).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, target / UNDERSTOOD_FILE)
        (target / PLACE_FILE).write_text(project_mark(identify_project()), encoding="utf-8")


def keep_project(target: Path) -> None:
    """Keep what dbt has just understood of the project, if nothing is kept yet."""
    kept, understood = _kept(), target / UNDERSTOOD_FILE
    if kept is None or kept.exists() or not understood.exists():
        return
    with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
        file.write(understood.read_bytes())
    # Two workers may keep at once: each replaces the whole file.
    Path(file.name).replace(kept)


def _kept() -> Path | None:
    folder = os.environ.get(KEPT_PROJECT)
    return Path(folder) / UNDERSTOOD_FILE if folder else None


def rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[dict[str, Any]]:
    """The answer as dictionaries."""
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, values, strict=True)) for values in result.fetchall()]


def one(connection: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> dict[str, Any]:
    """The only row of the answer."""
    (row,) = rows(connection, query, *parameters)
    return row
