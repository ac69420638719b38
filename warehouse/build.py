"""Run dbt on the build file and keep what its tests found."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import BuildError, UnreachableError
from warehouse.compiled_queries import compiled_queries
from warehouse.dbt_outcomes import CheckOutcome, parents_of, read_outcomes, short_message
from warehouse.home import SEMANTICS_FILE, Home, replace_text
from warehouse.project_identity import identify_project
from warehouse.standing_dbt import StandingDbt, log_folder

if TYPE_CHECKING:
    import duckdb


Selector = Literal["full", "changed_data", "new_reports"]
"""A selector of selectors.yml."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What dbt did: models and seeds built, tests by outcome, wall seconds.

    `startup_seconds` of them passed before dbt began with the first model: what was still to do of its own start and of
    reading the project when the build began.
    `is_partial`: only what new data can change was built, because the project is the one of the last complete build.
    `checks_run`: the run of `ops.check_results` that holds what the checks found.
    """

    models: int
    seeds: int
    checks: tuple[CheckOutcome, ...]
    seconds: float
    checks_run: str = ""
    startup_seconds: float = 0.0
    is_partial: bool = False

    @property
    def passed(self) -> int:
        """Tests that passed."""
        return sum(check.status == "pass" for check in self.checks)

    @property
    def warned(self) -> tuple[CheckOutcome, ...]:
        """Tests that found something and stop nothing."""
        return tuple(check for check in self.checks if check.status != "pass" and check.severity == "warn")

    @property
    def failed(self) -> tuple[CheckOutcome, ...]:
        """Tests that stop a release: they found something, or could not be run."""
        return tuple(check for check in self.checks if check.status != "pass" and check.severity == "error")


@dataclass(frozen=True, slots=True)
class BuildNote:
    """What a complete build was made of.

    `fingerprint` and `content` are what `fingerprint` and `describe_content` gave when it began; `parents` names for
    every relation (`marts.fct_funding`) the relations it is built from. `project` is the identity of program and dbt
    project when every one of these relations was built; empty where some were skipped. `people` is what
    `describe_peoples_data` gave. `built_at` is UTC in ISO 8601. `checks_run` is the one of the build's result: a build
    file without it is another one than the note is about. The three are empty where an earlier version of the program
    built.
    """

    fingerprint: str
    content: str
    parents: Mapping[str, list[str]]
    project: str = ""
    built_at: str = ""
    people: str = ""
    checks_run: str = ""


def build(home: Home, *, from_scratch: bool = False, dbt: StandingDbt | None = None) -> BuildResult:
    """Build the models and run the data tests; their results land in `ops.check_results`.

    Where the project is the one of the last complete build, only what new data can change is built again (the selector
    `changed_data`), and where only reports have come or gone, only the rows of the projects concerned (`new_reports`),
    unless `from_scratch` asks for everything.

    Unit tests say whether the models do what they should whatever the data are, so they belong to a change of the
    models and to `run_checks`, and are left out of a build that only brings new data.

    The caller holds the writer's lock and has closed the build file. A failed data test does not raise: `publish`
    refuses it.

    Args:
        home: the home folder.
        from_scratch: build everything.
        dbt: one that may have been started already.

    Raises:
        BuildError: a model failed, or the project could not be read.
        UnreachableError: nothing was loaded yet.
    """
    before = read_note(home)
    home.build_note.unlink(missing_ok=True)
    _measure_texts(home)
    content, people = describe_content(home.build_file), describe_peoples_data(home.build_file)
    project = identify_project()
    kept = None if from_scratch or before is None else _reusable_queries(home, before, project)
    selector: Selector = "full"
    if before is not None and kept is not None:
        selector = "new_reports" if before.people == people else "changed_data"
    result, manifest, is_complete = _run(home, "build", selector, dbt)
    # What stands is the whole query; of a build with new reports dbt compiled that of the affected rows.
    queries = compiled_queries(manifest) | (kept or {})
    replace_text(home.compiled, json.dumps(dict(sorted(queries.items())), ensure_ascii=False, indent=0) + "\n")
    with suppress(FileNotFoundError):
        replace_text(home.semantics, (home.dbt_target / SEMANTICS_FILE).read_text(encoding="utf-8"))
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    wanted, known = _identify(content, project), project if is_complete else ""
    write_note(home, BuildNote(wanted, content, parents_of(manifest), known, built_at, people, result.checks_run))
    return result


def _reusable_queries(home: Home, before: BuildNote, project: str) -> dict[str, str] | None:
    """The compiled queries of the last build, where all it made can stay but for new data; else None."""
    if before.project != project or not home.build_file.is_file():
        return None
    if not _is_described(home.build_file, before):
        return None
    try:
        queries: dict[str, str] = json.loads(home.compiled.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return queries


def _is_described(build_file: Path, note: BuildNote) -> bool:
    """Whether the build file is the one that the note is about, and not an older one that was put back."""
    import duckdb

    with duckdb.connect(str(build_file), read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where not internal "
            "union all select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        checked = connection.execute("select 1 from ops.check_results where run_id = ? limit 1", [note.checks_run])
        return checked.fetchone() is not None and set(note.parents) <= {name for (name,) in found}


def _measure_texts(home: Home) -> None:
    """What a build file of an older version, or one of other wordings, has not measured yet."""
    if not home.build_file.is_file():
        return
    from ingest.lexicon import load_lexicon
    from ingest.raw_store import open_build
    from ingest.text_landing import measure_texts

    with open_build(home.build_file) as connection:
        measure_texts(connection, load_lexicon(home.lexicon))


def run_checks(home: Home) -> BuildResult:
    """Run all tests, unit tests included, on what was built last, with the same bookkeeping as `build`."""
    result, _, _ = _run(home, "test")
    return result


def write_note(home: Home, note: BuildNote) -> None:
    """Say that the build file is complete, and what it was made of."""
    replace_text(home.build_note, json.dumps(asdict(note), ensure_ascii=False) + "\n")


def read_note(home: Home) -> BuildNote | None:
    """What the build was made of, or None when it is not complete."""
    try:
        content = json.loads(home.build_note.read_text(encoding="utf-8"))
        return BuildNote(**content)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fingerprint(home: Home) -> str:
    """Identity of what a build would give: loaded content, program and dbt project."""
    return _identify(describe_content(home.build_file), identify_project())


def _identify(content: str, project: str) -> str:
    return hashlib.sha256(f"{project}\x1f{content}".encode()).hexdigest()


def _run(
    home: Home, command: Literal["build", "test"], selector: Selector | None = None, dbt: StandingDbt | None = None
) -> tuple[BuildResult, dict[str, Any], bool]:
    """What dbt did, its manifest, and whether no model was left out because of a check that failed."""
    require_loaded(home)
    home.prepare()
    results_file = home.dbt_target / "run_results.json"
    results_file.unlink(missing_ok=True)
    started, started_at = time.monotonic(), datetime.now(UTC)
    with dbt or StandingDbt(home) as running:
        finished = running.run(_words(command, selector))
    seconds = time.monotonic() - started
    if not results_file.is_file():
        signal = f"\nError: dbt was ended by signal {-finished.returncode}" if finished.returncode < 0 else ""
        raise _build_error(home, "dbt", finished.stdout + signal)
    try:
        results: list[dict[str, Any]] = json.loads(results_file.read_text(encoding="utf-8"))["results"]
        manifest: dict[str, Any] = json.loads((home.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    except ValueError as error:
        # Half a file, as of a disk that became full.
        raise _build_error(home, "dbt", f"{finished.stdout}\nError: {error}") from error
    outcomes = dict(read_outcomes(results, manifest))
    checks = tuple(outcomes.values())
    checks_run = _record(home.build_file, outcomes, results, manifest)
    _require_built(home, results, checks)
    if finished.returncode != 0 and not any(check.status in {"fail", "error"} for check in checks):
        raise _build_error(home, "dbt", finished.stdout)
    built = [result["unique_id"] for result in results if result["status"] == "success"]
    result = BuildResult(
        models=sum(name.startswith("model.") for name in built),
        seeds=sum(name.startswith("seed.") for name in built),
        checks=checks,
        seconds=seconds,
        checks_run=checks_run,
        startup_seconds=_startup_seconds(results, started_at),
        is_partial=selector in {"changed_data", "new_reports"},
    )
    is_complete = not any(
        result["status"] == "skipped" and result["unique_id"].startswith(("model.", "seed.")) for result in results
    )
    return result, manifest, is_complete


def require_loaded(home: Home) -> None:
    """Make sure that there is a build file.

    Raises:
        UnreachableError: nothing was loaded yet.
    """
    if not home.build_file.is_file():
        raise UnreachableError(
            "nothing_loaded",
            zh=f"{home.root} 中还没有导入任何材料。请先运行 fundperf run 文件夹。",
            en=f"Nothing was loaded into {home.root} yet. Run `fundperf run FOLDER` first.",
            home=str(home.root),
        )


def _words(command: str, selector: Selector | None) -> list[str]:
    return [
        command,
        *(["--selector", selector] if selector else []),
        # Else a reference table would keep the columns that an older version of the project gave it.
        *(["--full-refresh"] if selector == "full" else []),
    ]


def _startup_seconds(results: list[dict[str, Any]], started_at: datetime) -> float:
    begun = [step["started_at"] for result in results for step in result.get("timing", []) if step.get("started_at")]
    if not begun:
        return 0.0
    first = datetime.fromisoformat(min(begun).replace("Z", "+00:00"))
    return max(0.0, (first - started_at).total_seconds())


def _record(
    build_file: Path, outcomes: Mapping[str, CheckOutcome], results: list[dict[str, Any]], manifest: dict[str, Any]
) -> str:
    """Write what the checks found, and give the run that it is kept under."""
    from ingest.check_results import failure_rows
    from ingest.raw_store import insert_rows, open_build
    from warehouse.failing_rows import find_failures

    queries = {result["unique_id"]: result["compiled_code"] for result in results if result.get("compiled_code")}
    with open_build(build_file) as connection:
        now = _next_moment(connection)
        run_id = f"{now:%Y%m%dT%H%M%S%f}Z-dbt"
        failures = list(find_failures(connection, outcomes, queries, manifest))
        insert_rows(connection, "ops.check_results", list(_check_rows(outcomes.values(), run_id, now)))
        failing = [row for failure in failures for row in failure_rows(failure, run_id, now)]
        insert_rows(connection, "ops.check_failures", failing)
    return run_id


def _next_moment(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Now, or just after the last results where the clock was set back: the last run of checks is the newest one."""
    from ingest.raw_store import naive_utc, utc_now

    [(last,)] = connection.execute("select max(checked_at) from ops.check_results").fetchall()
    now = naive_utc(utc_now())
    return now if last is None or now > last else last + timedelta(microseconds=1)


def _check_rows(checks: Iterable[CheckOutcome], run_id: str, now: datetime) -> Iterator[dict[str, Any]]:
    for check in checks:
        yield {
            "run_id": run_id,
            "checked_at": now,
            "kind": check.kind,
            "subject": check.subject,
            "check_name": check.name,
            "severity": check.severity,
            "result": {"pass": True, "fail": False, "warn": False}.get(check.status),
            "reason": check.message or check.status,
            "n_evaluated": None,
            "n_failed": check.n_failed,
        }


def _require_built(home: Home, results: list[dict[str, Any]], checks: tuple[CheckOutcome, ...]) -> None:
    for result in results:
        if result["status"] == "error" and not result["unique_id"].startswith(("test.", "unit_test.")):
            raise _build_error(home, result["unique_id"].split(".", 2)[-1], result.get("message") or "")
    for check in checks:
        if check.kind == "dbt_unit_test" and check.status in {"fail", "error"}:
            raise _build_error(home, check.name, check.message)


def _build_error(home: Home, node: str, message: str) -> BuildError:
    log = log_folder(home) / "dbt.log"
    short = short_message(message)
    return BuildError(
        "build_failed",
        zh=f"模型构建失败，位置 {node}：{short}。已发布的版本保持不变；完整日志见 {log}。",
        en=f"The models could not be built, {node} failed: {short}. What is published stays as it is; "
        f"the log is {log}.",
        node=node,
        log=str(log),
    )


def describe_content(build_file: Path) -> str:
    """Identity of what is loaded: records, file names, and what `describe_peoples_data` describes.

    A load of known things leaves it as it is.
    """
    return _digest(build_file, _REPORTS + _PEOPLES_DATA)


def describe_peoples_data(build_file: Path) -> str:
    """Identity of what decides how every report is seen: corrections, people's reference data, measures of texts."""
    return _digest(build_file, _PEOPLES_DATA)


_REPORTS = (
    "select max(load_sequence) from ops.loads where loaded > 0",
    # Another name of known bytes is no new record and still shows in the marts.
    """
    select distinct document_sha256, file_name from ops.load_files
    where outcome in ('loaded', 'unchanged') order by all
    """,
)
_PEOPLES_DATA = (
    "select * from raw.corrections order by all",
    "select table_name, row_key, column_name, value from raw.own_reference order by all",
)


def _digest(build_file: Path, queries: Iterable[str]) -> str:
    import duckdb

    digest = hashlib.sha256()
    if not build_file.is_file():
        return digest.hexdigest()
    with duckdb.connect(str(build_file), read_only=True) as connection:
        for query in (*queries, measures_query(connection)):
            for row in connection.execute(query).fetchall():
                digest.update("\x1e".join(str(value) for value in row).encode() + b"\x1f")
    return digest.hexdigest()


def measures_query(connection: duckdb.DuckDBPyConnection) -> str:
    """The query that says by which wordings texts were measured."""
    query = "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'text_measures'"
    if connection.execute(query).fetchone() is None:
        # A build file of an older version has no such table until it is opened for writing.
        return "select 0"
    return "select distinct measures_key from raw.text_measures order by all"
