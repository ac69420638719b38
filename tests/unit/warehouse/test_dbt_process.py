"""A dbt that was started by a run does not outlive it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from warehouse import dbt_process

ROOT = Path(dbt_process.__file__).parents[1]
# As dbt, without dbt: it says its number and would work for a minute.
CHILD = (
    "import os, sys, threading, time\nfrom warehouse import dbt_process\n"
    "threading.Thread(target=dbt_process._end_with_the_other, daemon=True).start()\n"
    "print('works', flush=True)\ntime.sleep(20)\nprint('outlived', flush=True)\n"
)
PARENT = (
    "import subprocess, sys\nfrom warehouse.dbt_process import lifeline\n"
    "with lifeline() as stdin:\n    subprocess.run([sys.executable, '-c', sys.argv[1]], stdin=stdin)\n"
)


def test_dbt_ends_with_a_run_that_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "works"
        parent.kill()
        # The child has the other end of the output too: this ends when both have ended.
        assert parent.stdout.read() == ""


def test_dbt_goes_on_while_the_run_does() -> None:
    script = CHILD.replace("time.sleep(20)", "time.sleep(0.5)")
    with dbt_process.lifeline() as stdin:
        finished = subprocess.run(
            [sys.executable, "-c", script],
            stdin=stdin,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert finished.stdout.split() == ["works", "outlived"]
