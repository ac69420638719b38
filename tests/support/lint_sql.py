"""Lint the SQL of the dbt project, with build files of its own so that nothing is written into the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlfluff.cli.commands import cli
from sqlfluff.core.parser import BaseSegment
from sqlfluff.utils.reflow.depthmap import DepthMap

FOLDERS = ("models", "tests/dbt")
SHARES = 2


def main(paths: list[str]) -> int:
    """Run sqlfluff on these files; without any, on all models and singular tests in two processes; the exit code.

    Processes that sqlfluff starts itself would send every parsed file back, which takes a third of the time.
    """
    if paths:
        return lint(paths)
    files = sorted((path for folder in FOLDERS for path in Path(folder).rglob("*.sql")), key=lambda p: p.stat().st_size)
    shares = [[str(path) for path in files[first::SHARES]] for first in range(SHARES)]
    linting = [subprocess.Popen([sys.executable, "-m", "tests.support.lint_sql", *share]) for share in shares]
    return max(process.wait() for process in linting)


def lint(paths: list[str]) -> int:
    """Run sqlfluff on these files in this process; its exit code."""
    DepthMap.from_parent = once_a_tree(DepthMap.from_parent)  # type: ignore[method-assign, assignment]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "FUNDPERF_BUILD": str(Path(folder) / "lint.duckdb"),
            "DBT_TARGET_PATH": str(Path(folder) / "target"),
            "DBT_LOG_PATH": str(Path(folder) / "logs"),
        }
        try:
            cli.main(["lint", "--disable-progress-bar", *paths])
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0


def once_a_tree(make: Callable[[BaseSegment], DepthMap]) -> Callable[[BaseSegment], DepthMap]:
    """Four rules of layout make the same map of a parsed file, one after the other: give them the first one again."""
    last: list[tuple[BaseSegment, DepthMap]] = []

    def made(tree: BaseSegment) -> DepthMap:
        if not last or last[0][0] is not tree:
            last[:] = [(tree, make(tree))]
        return last[0][1]

    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
