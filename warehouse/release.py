"""Publish the build, keep the last releases, roll back.

A release is a folder with a database file and a manifest. It appears under its name in one rename, is never written
again, and readers get the one that the pointer `current` names.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import __version__
from ingest.errors import CheckError, UnreachableError
from ingest.raw_store import Clock, utc_now
from warehouse.build import BuildNote, describe_content, read_note
from warehouse.home import COMPILED_FILE, MANIFEST_FILE, RELEASE_FILE, SEMANTICS_FILE, Home, replace_text, write_durably

KEPT_RELEASES = 5
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """How many checks of the build passed, failed and warned; `failed` names those that stop a release."""

    passed: int = 0
    warned: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One published release, as its manifest tells it. Times are UTC in ISO 8601."""

    release_id: str
    published_at: str
    code_version: str
    fingerprint: str
    sha256: str
    byte_count: int
    row_counts: Mapping[str, int]
    checks: CheckSummary
    parents: Mapping[str, list[str]] = field(default_factory=dict)
    folder: Path = Path()

    @property
    def file(self) -> Path:
        """The database file that readers attach."""
        return self.folder / RELEASE_FILE

    @property
    def compiled_file(self) -> Path:
        """The compiled queries of its models; missing where an earlier version of the program published it."""
        return self.folder / COMPILED_FILE

    @property
    def semantics_file(self) -> Path:
        """Its metrics; missing where an earlier version of the program published it."""
        return self.folder / SEMANTICS_FILE

    def to_json(self) -> str:
        """The manifest as it is written beside the database."""
        content = asdict(self)
        content.pop("folder")
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def publish(home: Home, *, clock: Clock = utc_now, keep: int = KEPT_RELEASES) -> Release:
    """Make the build file the current release.

    Args:
        home: the home folder; the caller holds its writer's lock and has closed the build file.
        clock: the time.
        keep: so many releases stay.

    Raises:
        CheckError: a check that stops a release has failed, or the build is not complete, not closed or older than
            what was loaded since; the previous release stays.
        UnreachableError: there is no build.
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
    note = _require_complete(home)
    checks = summarise_checks(build)
    if checks.failed:
        _refuse(home, checks)
    _remove_leftovers(home)
    release = _make_release(home, note, checks, clock())
    _sync_folder(home.releases)
    replace_text(home.current, release.release_id + "\n")
    _sync_folder(home.releases)
    _forget_old(home, release.release_id, keep)
    return release


def _make_release(home: Home, note: BuildNote, checks: CheckSummary, now: datetime) -> Release:
    """A folder with a copy of the build file and its manifest, which gets its name when it is complete."""
    release_id = _free_id(home, now)
    staging = home.releases / f".staging-{release_id}-{os.getpid()}"
    staging.mkdir(parents=True)
    try:
        sha256, byte_count = _copy(home.build_file, staging / RELEASE_FILE)
        release = Release(
            release_id=release_id,
            published_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            code_version=__version__,
            fingerprint=note.fingerprint,
            sha256=sha256,
            byte_count=byte_count,
            row_counts=_count_rows(staging / RELEASE_FILE),
            checks=checks,
            parents=note.parents,
            folder=home.release_folder(release_id),
        )
        for companion in (home.compiled, home.semantics):
            if companion.is_file():
                write_durably(staging / companion.name, companion.read_text(encoding="utf-8"))
        write_durably(staging / MANIFEST_FILE, release.to_json())
        staging.replace(release.folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return release


def list_releases(home: Home) -> list[Release]:
    """All releases with a manifest that can be read, oldest first."""
    if not home.releases.is_dir():
        return []
    folders = sorted(path for path in home.releases.iterdir() if path.is_dir() and not path.name.startswith("."))
    found = []
    for folder in folders:
        # One damaged folder must not keep the next release from being published.
        with suppress(UnreachableError):
            found.append(_read(folder))
    return found


def find_release(home: Home, release_id: str | None = None) -> Release:
    """The current release, or the one with this id.

    Raises:
        UnreachableError: nothing is published, or there is no such release.
    """
    wanted = release_id or _current_id(home)
    if wanted is None:
        raise UnreachableError(
            "nothing_published",
            zh=f"{home.root} 中还没有已发布的版本。请先运行 fundperf run 文件夹，或用 --home 指定其他位置。",
            en=f"Nothing is published in {home.root} yet. "
            "Run `fundperf run FOLDER` first, or name another place with --home.",
            home=str(home.root),
        )
    folder = home.release_folder(wanted)
    # An id is the name of a folder here, never a way to somewhere else.
    if Path(wanted).name != wanted or not (folder / MANIFEST_FILE).is_file() or not (folder / RELEASE_FILE).is_file():
        raise UnreachableError(
            "unknown_release",
            zh=f"没有版本 {wanted}。用 fundperf release list 查看现有版本。",
            en=f"There is no release {wanted}. `fundperf release list` shows those there are.",
            release=wanted,
        )
    return _read(folder)


def current_release(home: Home) -> Release | None:
    """The current release, or None when nothing is published yet."""
    return None if _current_id(home) is None else find_release(home)


def roll_back(home: Home, release_id: str | None = None) -> Release:
    """Make an older release the current one: the one with this id, else the one before the current.

    The file is compared with its manifest first.

    Raises:
        UnreachableError: there is no older release, or none with this id.
        CheckError: the file is not the one that was published.
    """
    target = find_release(home, release_id) if release_id else _previous(home)
    if _hash(target.file) != target.sha256:
        raise CheckError(
            "damaged_release",
            zh=f"版本 {target.release_id} 的文件与其清单不符，未切换：{target.file}。"
            "请选择另一个版本（fundperf release list）。",
            en=f"The file of release {target.release_id} is not the one its manifest describes; nothing was switched: "
            f"{target.file}. Choose another one (`fundperf release list`).",
            release=target.release_id,
        )
    replace_text(home.current, target.release_id + "\n")
    return target


def summarise_checks(build: Path) -> CheckSummary:
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


def _refuse(home: Home, checks: CheckSummary) -> None:
    names = ", ".join(checks.failed[:5]) + (" …" if len(checks.failed) > 5 else "")
    zh, en = _kept(home)
    raise CheckError(
        "checks_failed",
        zh=f"有 {len(checks.failed)} 项检查未通过，未发布：{names}；{zh}。用 fundperf check 查看详情。",
        en=f"{len(checks.failed)} checks did not pass, nothing was published: {names}; {en}. "
        "`fundperf check` shows the details.",
        failed=list(checks.failed),
    )


def _kept(home: Home) -> tuple[str, str]:
    current = _current_id(home)
    if current is None:
        return "目前没有已发布的版本", "nothing is published so far"
    return f"读者仍使用版本 {current}", f"readers keep release {current}"


def _current_id(home: Home) -> str | None:
    try:
        return home.current.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def _previous(home: Home) -> Release:
    current = find_release(home)
    older = [release for release in list_releases(home) if release.release_id < current.release_id]
    if not older:
        raise UnreachableError(
            "no_older_release",
            zh=f"版本 {current.release_id} 之前没有保留的版本，无法回退。",
            en=f"No release before {current.release_id} is kept: there is nothing to go back to.",
            release=current.release_id,
        )
    return older[-1]


def _read(folder: Path) -> Release:
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        checks = content.pop("checks")
        summary = CheckSummary(checks["passed"], checks["warned"], tuple(checks["failed"]))
        return Release(**content, checks=summary, folder=folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreachableError(
            "broken_manifest",
            zh=f"版本 {folder.name} 的清单无法读取：{folder / MANIFEST_FILE}。请删除该文件夹或回退到另一个版本。",
            en=f"The manifest of release {folder.name} cannot be read: {folder / MANIFEST_FILE}. "
            "Remove that folder or roll back to another release.",
            path=str(folder / MANIFEST_FILE),
        ) from error


def _free_id(home: Home, now: datetime) -> str:
    base = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    newest = max((release.release_id for release in list_releases(home)), default="")
    # The newest release has the last name, also when the clock was set back.
    base = max(base, newest.partition("-")[0])
    candidate, count = base, 1
    while home.release_folder(candidate).exists():
        count += 1
        candidate = f"{base}-{count:03d}"
    return candidate


def _copy(source: Path, target: Path) -> tuple[str, int]:
    digest, byte_count = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            byte_count += len(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest(), byte_count


def _hash(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _count_rows(file: Path) -> dict[str, int]:
    from warehouse.attaching import CATALOG, attach

    with attach(file) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = ? and table_schema = 'marts' order by 1",
            [CATALOG],
        ).fetchall()
        counts = {}
        for (name,) in tables:
            row = connection.execute(f'select count(*) from marts."{name}"').fetchone()
            counts[f"marts.{name}"] = int(row[0]) if row else 0
    return counts


def _remove_leftovers(home: Home) -> None:
    # Of a publication that was killed, or of a release that a reader still held when it was to go.
    for folder in (*home.releases.glob(".staging-*"), *home.releases.glob(".removed-*")):
        shutil.rmtree(folder, ignore_errors=True)


def _forget_old(home: Home, current: str, keep: int) -> None:
    old = [release.folder for release in list_releases(home)][:-keep]
    for folder in old:
        if folder.name == current:
            continue
        removed = folder.with_name(f".removed-{folder.name}")
        try:
            folder.replace(removed)
        except OSError:
            # A reader holds it (Windows): it goes with a later publication.
            continue
        shutil.rmtree(removed, ignore_errors=True)
