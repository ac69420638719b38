"""The command as a process of its own, and the home that it made of the samples."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, SAMPLES
from tests.support.dbt_runs import give_project, keep_project, without_coverage
from tests.support.shared_builds import made_once
from warehouse.home import find_home

# The lines of these processes are measured by the unit tests.
ENVIRONMENT = without_coverage() | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def fundperf(
    *arguments: object, home: Path, environment: dict[str, str] = ENVIRONMENT, lang: str = "en"
) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, in the folder that holds the home."""
    target = find_home(home).dbt_target
    give_project(target)
    finished = subprocess.run(
        [sys.executable, "-m", "warehouse.cli", *map(str, arguments), "--home", str(home), "--lang", lang],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=home.parent,
        check=False,
    )
    keep_project(target)
    return finished


def home_with_samples() -> Path:
    """A home whose only release holds exactly the samples; whoever changes it copies it first.

    What its run printed stands beside it in `first.json`.
    """
    return made_once("samples", _run_samples) / "home"


def _run_samples(folder: Path) -> None:
    first = fundperf("run", SAMPLES, home=folder / "home")
    said = {"args": [], "returncode": first.returncode, "stdout": first.stdout, "stderr": first.stderr}
    (folder / "first.json").write_text(json.dumps(said), encoding="utf-8")
