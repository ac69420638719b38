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
from tests.end_to_end.conftest import TwoRuns
from tests.support.homes import ENVIRONMENT, fundperf
from tests.support.marts import export_marts
from warehouse.home import find_home
from warehouse.release import find_release

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to kill")

COUNT = int(os.environ.get("FUNDPERF_KILLS", "1"))
SEED = int(os.environ.get("FUNDPERF_KILL_SEED", "1"))

Marts = dict[str, str]


def published(home: Path) -> Marts:
    """What the current release says, whose file must be the one that its manifest describes."""
    release = find_release(find_home(home))
    assert release.file.stat().st_size == release.byte_count
    with warehouse.connect(home) as connection:
        return export_marts(connection)


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The marts before and after a run that nobody disturbed."""

    before: Marts
    after: Marts


@pytest.fixture(scope="module")
def undisturbed(home_of_samples: Path, runs: TwoRuns) -> Undisturbed:
    """The samples, and two reports more."""
    before, after = published(home_of_samples), published(runs.home)
    assert after != before
    return Undisturbed(before, after)


@pytest.mark.parametrize("number", range(COUNT))
def test_a_killed_run_leaves_a_whole_release_and_the_next_run_finishes(
    number: int, undisturbed: Undisturbed, home_of_samples: Path, runs: TwoRuns, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(home_of_samples, home)
    moment = random.Random(f"{SEED} {number}").uniform(0, runs.seconds)
    call = [sys.executable, "-m", "warehouse.cli", "run", str(runs.material), "--home", str(home), "--lang", "en"]
    with subprocess.Popen(
        call, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        time.sleep(moment)
        os.killpg(run.pid, signal.SIGKILL)
    left = published(home)
    assert left in (undisturbed.before, undisturbed.after), f"killed after {moment:.2f} s"

    finished = fundperf("run", runs.material, home=home)
    # Two of the files cannot be read, as in the run that nobody disturbed.
    assert finished.returncode == runs.second.returncode == 3, (
        f"killed after {moment:.2f} s: {finished.stdout}{finished.stderr}"
    )
    assert published(home) == undisturbed.after, f"killed after {moment:.2f} s"
    shutil.rmtree(home)
