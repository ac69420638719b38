"""Run a statement from a person against a release, in a process of its own with limits."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import FundPerfError, RefusedSqlError, UnreachableError, UsageError
from ingest.module_process import module_call, module_environment
from warehouse.release import Release
from warehouse.sql_guard import check_size
from warehouse.sql_worker import too_big, too_slow

if TYPE_CHECKING:
    import pyarrow as pa

_NEEDED_VARIABLES = {"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ"}
_ERRORS: dict[str, type[FundPerfError]] = {
    error.__name__: error for error in (RefusedSqlError, UsageError, UnreachableError)
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one statement may take, its process and its result together within ten seconds and one gigabyte.

    `seconds` of wall clock from the start of the process, which is killed `grace_seconds` later if it does not listen;
    `memory_bytes` of its own and `address_bytes` of address space; `duckdb_memory_bytes` for the engine's tables.
    The result: `result_bytes`, and `result_values` in all its cells; a larger one is refused, or ends after the last
    rows that fit where it `cuts_to_fit`.
    """

    seconds: float = 7.0
    grace_seconds: float = 1.0
    memory_bytes: int = 768 << 20
    address_bytes: int = 4 << 30
    duckdb_memory_bytes: int = 384 << 20
    result_bytes: int = 128 << 20
    result_values: int = 5_000_000
    cuts_to_fit: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query; `is_cut` when the limits left some out."""

    table: pa.Table
    is_cut: bool


@contextmanager
def run_sql(release: Release, sql: str, *, limit: int = 0, limits: Limits | None = None) -> Iterator[Answer]:
    """Check and run one query; the rows are valid while the block runs.

    Args:
        release: what is read.
        sql: the statement as written.
        limit: at most so many rows; 0 for all.
        limits: what the statement may take.

    Raises:
        RefusedSqlError: the statement may not pass, or takes too much.
        UsageError: the engine could not answer it, e.g. because a column does not exist.
    """
    import pyarrow as pa

    check_size(sql)
    with tempfile.TemporaryDirectory(prefix="fundperf-", ignore_cleanup_errors=True) as folder:
        output = Path(folder) / "rows.arrow"
        answer = _ask(release, sql, output, limit, limits or Limits())
        with pa.memory_map(str(output), "rb") as source, pa.ipc.open_stream(source) as reader:
            table = reader.read_all()
        yield Answer(table, is_cut=bool(answer["cut"]))


def _ask(release: Release, sql: str, output: Path, limit: int, limits: Limits) -> dict[str, Any]:
    request = {
        "sql": sql,
        "release": str(release.file.resolve()),
        "output": str(output),
        "limit": limit,
        **asdict(limits),
    }
    try:
        finished = subprocess.run(
            module_call("warehouse.sql_worker"),
            input=json.dumps(request).encode("utf-8"),
            capture_output=True,
            timeout=limits.seconds + limits.grace_seconds,
            env=_environment(),
            cwd=output.parent,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_slow(limits.seconds) from None
    if finished.returncode < 0 or b"MemoryError" in finished.stderr or b"bad_alloc" in finished.stderr:
        # The limits of the operating system stopped it.
        raise too_big()
    answer = _understand(finished)
    if "error" in answer:
        error = answer["error"]
        raise _ERRORS.get(error["kind"], UsageError)(error["code"], zh=error["zh"], en=error["en"])
    return answer


def _environment() -> dict[str, str]:
    # What a person keeps in the environment, tokens among it, is not for the process that runs statements.
    return {
        name: value
        for name, value in module_environment().items()
        if name.upper() in _NEEDED_VARIABLES or name.startswith(("PYTHON", "COVERAGE"))
    }


def _understand(finished: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    try:
        answer = json.loads(finished.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not ({"error", "cut"} & answer.keys()):
        raise UsageError(
            "sql_unanswered",
            zh=f"查询进程没有给出答案（返回码 {finished.returncode}）。请简化查询后重试。",
            en=f"The process that ran the query gave no answer (exit code {finished.returncode}). "
            "Simplify the query and try again.",
            exit_code=finished.returncode,
        )
    return answer
