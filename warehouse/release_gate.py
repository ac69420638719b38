"""Whether a build may be published: it is complete, closed, of what was loaded last, and its checks passed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.errors import CheckError, UnreachableError
from warehouse.build import BuildNote, describe_content, read_note
from warehouse.home import Home, current_id


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """How many checks of the build passed, failed and warned; `failed` names those that stop a release."""

    passed: int = 0
    warned: int = 0
    failed: tuple[str, ...] = ()


def require_publishable(home: Home) -> BuildNote:
    """What the build was made of; the caller holds the writer's lock.

    Raises:
        CheckError: it is not complete, not closed or older than what was loaded since.
        UnreachableError: there is none.
    """
    build = home.build_file
    if not build.is_file():
        raise UnreachableError(
            "no_build",
            zh=f"没有可发布的构建文件：{build}。请先运行 fundperf run 文件夹。",
            en=f"There is no build to publish: {build}. Run `fundperf run FOLDER` first.",
            path=str(build),
        )
    _require_closed(home, build)
    return _require_complete(home)


def require_checks(home: Home) -> CheckSummary:
    """What the checks of the last build found.

    Raises:
        CheckError: one that stops a release has failed.
    """
    checks = _summarise_checks(home.build_file)
    if not checks.failed:
        return checks
    names = ", ".join(checks.failed[:5]) + (" …" if len(checks.failed) > 5 else "")
    zh, en = _kept(home)
    raise CheckError(
        "checks_failed",
        zh=f"有 {len(checks.failed)} 项检查未通过，未发布：{names}；{zh}。用 fundperf check --last 查看详情。",
        en=f"{len(checks.failed)} checks did not pass, nothing was published: {names}; {en}. "
        "`fundperf check --last` shows the details.",
        failed=list(checks.failed),
    )


def _summarise_checks(build: Path) -> CheckSummary:
    """The data tests of the last build, counted from `ops.check_results`."""
    import duckdb

    with duckdb.connect(str(build), read_only=True) as connection:
        rows = connection.execute(
            """
            select check_name, severity, result from ops.check_results
            where kind = 'dbt_test'
              and run_id = (select max_by(run_id, checked_at) from ops.check_results where kind = 'dbt_test')
            -- What failed comes before what could not be run because of it.
            order by result nulls last, check_name
            """
        ).fetchall()
    failing = [(name, severity) for name, severity, result in rows if result is not True]
    return CheckSummary(
        passed=len(rows) - len(failing),
        warned=sum(severity == "warn" for _, severity in failing),
        failed=tuple(name for name, severity in failing if severity != "warn"),
    )


def _require_closed(home: Home, build: Path) -> None:
    journal = build.with_name(build.name + ".wal")
    if journal.exists():
        raise CheckError(
            "build_not_closed",
            zh=f"构建文件尚未正常关闭（存在 {journal}），未发布；{_kept(home)[0]}。请重新运行 fundperf run。",
            en=f"The build was not closed ({journal} exists): nothing was published; {_kept(home)[1]}. "
            "Run `fundperf run` again.",
            path=str(journal),
        )


def _require_complete(home: Home) -> BuildNote:
    note = read_note(home)
    if note is None or note.content != describe_content(home.build_file):
        zh, en = _kept(home)
        raise CheckError(
            "build_not_current",
            zh=f"构建不完整，或构建之后又导入了材料，未发布；{zh}。请运行 fundperf build 后再发布。",
            en=f"The build is not complete, or material was loaded since: nothing was published; {en}. "
            "Run `fundperf build`, then publish.",
        )
    return note


def _kept(home: Home) -> tuple[str, str]:
    current = current_id(home)
    if current is None:
        return "目前没有已发布的版本", "nothing is published so far"
    return f"读者仍使用版本 {current}", f"readers keep release {current}"
