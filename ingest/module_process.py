"""A module of the project as a process of its own: how it is called, and in which environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGES = str(Path(__file__).resolve().parent.parent)


def module_call(module: str) -> list[str]:
    """The command line that runs a module."""
    # -P: a file called like a module in the folder where the user works is not imported.
    return [sys.executable, "-P", "-m", module]


def module_environment() -> dict[str, str]:
    """The environment in which the packages of the project are found and every text is UTF-8."""
    paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
