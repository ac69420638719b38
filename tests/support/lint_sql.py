"""Lint the SQL of the dbt project, with a build file of its own so that nothing is written into the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run sqlfluff on models and singular tests; its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "FUNDPERF_BUILD": str(Path(folder) / "lint.duckdb"),
            "DBT_TARGET_PATH": str(Path(folder) / "target"),
            "DBT_LOG_PATH": str(Path(folder) / "logs"),
        }
        command = [sys.executable, "-m", "sqlfluff", "lint", "--processes", "2", "--disable-progress-bar"]
        return subprocess.run([*command, "models", "tests/dbt"], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
