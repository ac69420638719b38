"""The read-only door with many statements: the real worker, forked from one process that has imported everything.

A statement takes a tenth of a second that way; a new interpreter needs one. What a process took is measured.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from ingest.errors import FundPerfError
from ingest.module_process import module_call, module_environment
from warehouse.output import table_rows
from warehouse.release import Release
from warehouse.sql import Limits, run_sql

STATEMENTS = Path(__file__).parent.parent / "fixtures" / "sql"


class Attack(NamedTuple):
    """A statement that must not pass, and the kind of harm it wants to do."""

    kind: str
    sql: str


def attacks() -> list[Attack]:
    """Everything in `attacks.toml`, the generated ones built."""
    content = tomllib.loads((STATEMENTS / "attacks.toml").read_text(encoding="utf-8"))
    found = [Attack(group["class"], sql) for group in content["group"] for sql in group["statements"]]
    for recipe in content["generated"]:
        before, again, middle, after = (
            recipe[part].replace(r"\ud800", "\ud800") for part in ("before", "again", "middle", "after")
        )
        found += [Attack(recipe["class"], before + again * times + middle + after * times) for times in recipe["times"]]
    return found


def analyst_statements() -> list[str]:
    """The paragraphs of `analyst_statements.sql` without their headings."""
    text = (STATEMENTS / "analyst_statements.sql").read_text(encoding="utf-8")
    paragraphs = (
        "\n".join(line for line in paragraph.splitlines() if not line.startswith("-- "))
        for paragraph in text.split("\n\n")
    )
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a statement, and what its process took: wall clock, peak of memory, processor time."""

    sql: str
    rows: list[tuple[Any, ...]] | None
    error: FundPerfError | None
    seconds: float
    peak_bytes: int
    stderr: str


class ForkedDoor:
    """`run_sql` with its processes forked, some at once; a context manager. `release` is what `ask` asks."""

    def __init__(self, release: Release | None = None, limits: Limits | None = None, at_once: int = 2) -> None:
        self._release, self._limits, self._at_once = release, limits or Limits(), at_once
        self._idle: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self._said = threading.local()
        self._run_anything = subprocess.run
        self._patch = patch("warehouse.sql.subprocess.run", self._run)

    def __enter__(self) -> ForkedDoor:
        for _ in range(self._at_once):
            server = subprocess.Popen(
                module_call("tests.support.sql_door"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=module_environment(),
            )
            self._idle.put(server)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()
        for _ in range(self._at_once):
            server = self._idle.get()
            server.communicate()

    def ask_all(self, statements: Sequence[str], *, limit: int = 1_000) -> list[Outcome]:
        """Put statements through the door; what became of them, in their order."""
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(lambda sql: self.ask(sql, limit=limit), statements))

    def ask(self, sql: str, *, limit: int = 1_000) -> Outcome:
        """Put one statement through the door."""
        assert self._release is not None
        self._said.outcome = {"seconds": 0.0, "peak_bytes": 0, "stderr": ""}
        rows = error = None
        try:
            with run_sql(self._release, sql, limit=limit, limits=self._limits) as answer:
                rows = table_rows(answer.table)
        except FundPerfError as refusal:
            error = refusal
        said = self._said.outcome
        return Outcome(sql, rows, error, said["seconds"], said["peak_bytes"], said["stderr"])

    def _run(self, command: Sequence[str] | str, **options: Any) -> subprocess.CompletedProcess[Any]:
        if command != module_call("warehouse.sql_worker"):
            return self._run_anything(command, **options)
        server, timeout = self._idle.get(), options["timeout"]
        try:
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps({"input": options["input"].decode("ascii"), "timeout": timeout}) + "\n")
            server.stdin.flush()
            said = self._said.outcome = json.loads(server.stdout.readline())
        finally:
            self._idle.put(server)
        if said["is_late"]:
            raise subprocess.TimeoutExpired([], timeout)
        return subprocess.CompletedProcess([], said["code"], said["stdout"].encode(), said["stderr"].encode())


def _serve() -> None:
    from warehouse import sql_guard, sql_tree

    # Whatever the worker needs is imported before it is forked.
    for name in ("duckdb", "pyarrow.ipc", "sqlglot"):
        import_module(name)
    sql_tree.functions()
    sql_guard.check_size("select 1")
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(_fork(request["input"], request["timeout"])) + "\n")
        sys.stdout.flush()


def _fork(text: str, timeout: float) -> dict[str, Any]:
    from warehouse import sql_worker

    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(text.encode("ascii"))
        given.seek(0)
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for number, file in enumerate((given, out, err)):
                    os.dup2(file.fileno(), number)
                sql_worker.main()
                sys.stdout.flush()
                code = 0
            except BaseException:  # noqa: BLE001 - this is the end of a process
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        timer = threading.Timer(timeout, os.kill, (child, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(child, 0)
        is_late = not timer.is_alive()
        timer.cancel()
        out.seek(0)
        err.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "is_late": is_late,
            "stdout": out.read().decode("utf-8", errors="replace"),
            "stderr": err.read().decode("utf-8", errors="replace"),
            "seconds": time.monotonic() - started,
            "peak_bytes": usage.ru_maxrss * 1024,
        }


if __name__ == "__main__":
    _serve()
