"""How long the command takes, as a whole process: `python benchmarks/time_the_command.py`.

Prints the median and the range of several runs; the last figures are in `benchmarks/README.md`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNDPERF = (sys.executable, "-m", "warehouse.cli")


def seconds(*arguments: str) -> float:
    """Wall seconds of one call; the call must succeed."""
    started = time.perf_counter()
    subprocess.run([*FUNDPERF, *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def first_run() -> float:
    """Ingest, check, build, check and publish the samples into a new home."""
    with tempfile.TemporaryDirectory() as home:
        return seconds("run", "data/reports", "--home", home)


def unchanged_run() -> float:
    """The same folder a second time."""
    with tempfile.TemporaryDirectory() as home:
        seconds("run", "data/reports", "--home", home)
        return seconds("run", "data/reports", "--home", home)


def report(name: str, measure: Callable[[], float], times: int) -> None:
    """Print one line: median, least, most."""
    measured = sorted(measure() for _ in range(times))
    sys.stdout.write(
        f"{name:<28} {statistics.median(measured):6.2f} s   ({measured[0]:.2f}–{measured[-1]:.2f}, {times} runs)\n"
    )


if __name__ == "__main__":
    report("fundperf --help", lambda: seconds("--help"), 10)
    report("fundperf run, first", first_run, 5)
    report("fundperf run, unchanged", unchanged_run, 3)
