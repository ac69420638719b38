"""A dbt that has read its project and stands ready: where other work goes on meanwhile, nobody waits for its start."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.module_process import module_call, module_environment
from ingest.resources import project_dir
from warehouse.dbt_process import TAKEN
from warehouse.home import Home, replace_text
from warehouse.project_identity import identify_project

UNDERSTOOD_FILE = "partial_parse.msgpack"
"""What dbt keeps of a project that it has read."""
PLACE_FILE = "project.txt"
"""The mark of the project that was read."""


class StandingDbt:
    """dbt for one home folder, one process at a time (`warehouse.dbt_process`). Leaving the block ends the process.

    Until it has its command the process only reads the project: the build file may be open elsewhere. The caller holds
    the writer's lock.
    """

    def __init__(self, home: Home) -> None:
        """Start nothing yet."""
        self.home = home
        self._process: subprocess.Popen[str] | None = None
        self._project = ""

    def __enter__(self) -> Self:
        """The same."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, whatever it does."""
        self._end()

    def start(self) -> None:
        """Let a process read the project from now on.

        Whatever hinders it is no matter here: the command meets it again.
        """
        if self._process is None:
            with suppress(OSError):
                self._start()

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """What became of a command: the exit code of dbt, and what it printed.

        The process that stands ready takes the command, unless it has died or the project has changed since it was
        started; then a new one does.

        Args:
            command: the words of dbt's own command line, as `["build", "--selector", "full"]`.

        Raises:
            OSError: no process can be started.
        """
        if self._process is not None and self._project == identify_project():
            finished, was_taken = self._finish(self._process, command)
            if was_taken:
                return finished
        self._end()
        finished, _ = self._finish(self._start(), command)
        return finished

    def _start(self) -> subprocess.Popen[str]:
        self.home.prepare()
        # Before dbt reads it: what changes in between is noticed.
        self._project = identify_project()
        _forget_another_project(self.home, self._project)
        self._process = subprocess.Popen(
            _command_line(self.home),
            env=_environment(self.home),
            cwd=self.home.build_file.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        return self._process

    def _finish(
        self, process: subprocess.Popen[str], command: Sequence[str]
    ) -> tuple[subprocess.CompletedProcess[str], bool]:
        """What became of the command, and whether the process lived to take it."""
        output = ""
        # One that has died cannot be told.
        with suppress(OSError):
            if process.stdin is not None and process.stdout is not None:
                # Standard input stays open: the process ends with it.
                process.stdin.write(json.dumps(list(command)) + "\n")
                process.stdin.flush()
                output = process.stdout.read()
        before, taken, after = output.partition(TAKEN)
        return subprocess.CompletedProcess(command, self._wait(process), after or before), bool(taken)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._wait(self._process)

    def _wait(self, process: subprocess.Popen[str]) -> int:
        code = process.wait()
        self._process = None
        for stream in (process.stdin, process.stdout):
            # What was written to one that has died cannot be flushed.
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        return code


def project_mark(project: str) -> str:
    """Of which project, and which state of it, dbt remembers something: its place and its identity."""
    return f"{project_dir()}\n{project}\n"


def log_folder(home: Home) -> Path:
    """Where dbt writes its log."""
    return home.logs / "dbt"


def _forget_another_project(home: Home, project: str) -> None:
    """What dbt remembers names files of reference tables, and trips over metrics that an upgrade took away."""
    wanted, told = project_mark(project), home.dbt_target / PLACE_FILE
    if not told.is_file() or told.read_text(encoding="utf-8") != wanted:
        (home.dbt_target / UNDERSTOOD_FILE).unlink(missing_ok=True)
        replace_text(told, wanted)


def _command_line(home: Home) -> list[str]:
    project = str(project_dir())
    return [
        *module_call("warehouse.dbt_process"),
        # Every event in the log file would take a tenth of the time of the whole build.
        "--no-use-colors", "--no-send-anonymous-usage-stats",
        "--log-path", str(log_folder(home)), "--log-level-file", "info",
        "--project-dir", project, "--profiles-dir", project, "--target-path", str(home.dbt_target),
    ]  # fmt: skip


def _environment(home: Home) -> dict[str, str]:
    # A user's own DBT_… settings must not decide what a release holds.
    kept = {name: value for name, value in module_environment().items() if not name.startswith("DBT_")}
    return kept | {
        # Its name alone: with a path, what dbt understood of the project would not hold for a home that has moved.
        "FUNDPERF_BUILD": home.build_file.name,
        # The process ends with its work, so it need not give the file back between two nodes.
        "FUNDPERF_DBT_KEEP_OPEN": "true",
    }
