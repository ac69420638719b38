"""A run that is killed leaves the release before it or the new one, and the next run needs no help.

`FUNDPERF_KILLS` says at how many moments a run is killed, `FUNDPERF_KILL_SEED` at which ones.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import warehouse
from tests.conftest import ROOT
from tests.end_to_end.conftest import TwoRuns
from tests.support.homes import ENVIRONMENT, fundperf
from tests.support.marts import export_marts
from warehouse.home import find_home
from warehouse.release import find_release

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to kill")

COUNT = int(os.environ.get("FUNDPERF_KILLS", "1"))
SEED = int(os.environ.get("FUNDPERF_KILL_SEED", "1"))
DOCUMENTS = sorted((ROOT / "tests" / "cases").glob("*.txt"))[:60]

Marts = dict[str, str]


def published(home: Path) -> Marts:
    """What the current release says, whose file must be the one that its manifest describes."""
    release = find_release(find_home(home))
    assert release.file.stat().st_size == release.byte_count
    with warehouse.connect(home) as connection:
        return export_marts(connection)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run that nobody disturbed: what it read, its seconds and exit code, and the marts before and after it."""

    material: list[Path]
    seconds: float
    exit_code: int
    before: Marts
    after: Marts


@pytest.fixture(scope="module")
def undisturbed(home_of_samples: Path, runs: TwoRuns, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The samples, and two reports more; at night sixty documents more, so that many of the moments are in reading."""
    if COUNT == 1:
        home, material, seconds, finished = runs.home, [runs.material], runs.seconds, runs.second
    else:
        home, material = tmp_path_factory.mktemp("undisturbed") / "home", DOCUMENTS
        assert len(material) == 60
        shutil.copytree(home_of_samples, home)
        started = time.monotonic()
        finished = fundperf("run", *material, home=home)
        seconds = time.monotonic() - started
        assert finished.returncode == 0, finished.stdout + finished.stderr
    before, after = published(home_of_samples), published(home)
    assert after != before
    return Undisturbed(material, seconds, finished.returncode, before, after)


@pytest.mark.parametrize("number", range(COUNT))
def test_a_killed_run_leaves_a_whole_release_and_the_next_run_finishes(
    number: int, undisturbed: Undisturbed, home_of_samples: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(home_of_samples, home)
    moment = random.Random(f"{SEED} {number}").uniform(0, undisturbed.seconds)
    material = [str(path) for path in undisturbed.material]
    call = [sys.executable, "-m", "warehouse.cli", "run", *material, "--home", str(home), "--lang", "en"]
    with subprocess.Popen(
        call, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        time.sleep(moment)
        os.killpg(run.pid, signal.SIGKILL)
    left = published(home)
    assert left in (undisturbed.before, undisturbed.after), f"killed after {moment:.2f} s"

    finished = fundperf("run", *material, home=home)
    assert finished.returncode == undisturbed.exit_code, (
        f"killed after {moment:.2f} s: {finished.stdout}{finished.stderr}"
    )
    assert published(home) == undisturbed.after, f"killed after {moment:.2f} s"
    shutil.rmtree(home)
