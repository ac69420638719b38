"""The command as a process of its own, and whatever it starts, looked at again and again. Linux only (`/proc`)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_watched(
    arguments: Sequence[str], look: Callable[[list[int]], None], period_seconds: float
) -> tuple[float, int]:
    """Let the command do something: seconds, exit code.

    Args:
        arguments: what stands behind `fundperf`.
        look: called with the ids of the process and of all that it has started, itself first.
        period_seconds: between two looks.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(period_seconds):
            look(list(_tree(process.pid)))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    code = process.wait()
    is_over.set()
    watching.join()
    return time.perf_counter() - started, code


def _tree(process_id: int) -> Iterator[int]:
    yield process_id
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # The thread has just ended.
            continue
        for child in found:
            yield from _tree(int(child))
