"""What is built once for a whole test run, whichever worker asks first."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.dbt_runs import KEPT_PROJECT

_LONGEST_SECONDS = 600.0
_PAUSE_SECONDS = 0.2


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, which all workers share and nobody changes.

    Args:
        name: the name of the folder.
        make: fills a new folder; called by one worker, while the others wait.

    Raises:
        TimeoutError: the worker that makes it did not finish.
    """
    folder = Path(os.environ[KEPT_PROJECT]) / name
    making = folder.with_name(f"{name}.making")
    try:
        making.mkdir()
    except FileExistsError:
        _wait_for(folder, making)
        return folder
    try:
        unfinished = folder.with_name(f"{name}.unfinished")
        unfinished.mkdir()
        make(unfinished)
        unfinished.replace(folder)
    except BaseException:
        # The others must not wait for what will never come.
        shutil.rmtree(folder.with_name(f"{name}.unfinished"), ignore_errors=True)
        folder.with_name(f"{name}.failed").touch()
        raise
    return folder


def _wait_for(folder: Path, making: Path) -> None:
    until = time.monotonic() + _LONGEST_SECONDS
    while not folder.is_dir():
        if folder.with_name(f"{folder.name}.failed").exists() or time.monotonic() > until:
            raise TimeoutError(f"{making} was not finished")
        time.sleep(_PAUSE_SECONDS)
