"""Publish the build, keep the last releases, roll back.

A release is a folder with a database file and a manifest. It appears under its name in one rename, is never written
again, and readers get the one that the pointer `current` names. What it lost or moved against the release that readers
have is looked at before (`warehouse.release_diff`), and a person has to sign what is beyond the limits
(`warehouse.signoffs`).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest import __version__
from ingest.errors import CheckError, SignOffNeededError, UnreachableError
from ingest.raw_store import Clock, utc_now
from warehouse.build import BuildNote
from warehouse.home import (
    COMPILED_FILE,
    DIFF_FILE,
    MANIFEST_FILE,
    RELEASE_FILE,
    SEMANTICS_FILE,
    Home,
    current_id,
    replace_text,
    write_durably,
)
from warehouse.release_diff import ReleaseDiff, Side, compare
from warehouse.release_files import (
    Extras,
    FileFacts,
    copy_durably,
    hash_file,
    list_files,
    look_into,
    offer,
    opens,
    protect,
    require_storage_version,
    write_extras,
)
from warehouse.release_gate import CheckSummary, require_checks, require_publishable
from warehouse.settings import Keep
from warehouse.signoffs import (
    SignOff,
    Waiting,
    find_findings,
    note_waiting,
    read_limits,
    read_signoffs,
    read_waiting,
    split_signed,
    stop,
)

KEPT_RELEASES = Keep().releases


@dataclass(frozen=True, slots=True)
class Release:
    """One published release, as its manifest tells it. Times are UTC in ISO 8601.

    What an earlier version of the program did not write down yet is empty.

    Attributes:
        fingerprint: identity of content, program and models together.
        project: identity of program and models alone.
        storage_version: the oldest DuckDB format of the database file.
        schema_sha256: of names and types of all published columns.
        files: what lies beside the database, by its path in the folder.
        compared_with: the release that readers had before.
        differs: what appeared, vanished and moved since then, counted; the rows are in `diff.json`.
    """

    release_id: str
    published_at: str
    code_version: str
    fingerprint: str
    sha256: str
    byte_count: int
    row_counts: Mapping[str, int]
    checks: CheckSummary
    parents: Mapping[str, list[str]] = field(default_factory=dict)
    built_at: str = ""
    project: str = ""
    duckdb_version: str = ""
    storage_version: str = ""
    schema_sha256: str = ""
    files: Mapping[str, FileFacts] = field(default_factory=dict)
    compared_with: str = ""
    differs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
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

    @property
    def side(self) -> Side:
        """This release in a comparison."""
        return Side(self.release_id, self.file, self.project)

    def to_json(self) -> str:
        """The manifest as it is written beside the database."""
        content = asdict(self)
        content.pop("folder")
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


_MANIFEST_NAMES = {entry.name for entry in fields(Release)}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A build beside the release that readers have: what differs, and what of it a person signed."""

    diff: ReleaseDiff
    signed: Sequence[SignOff]

    def to_json(self) -> str:
        signed = [asdict(entry) | {"signed_on": entry.signed_on.isoformat()} for entry in self.signed]
        content = self.diff.to_dict() | {"signed_off": signed}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def publish(home: Home, *, clock: Clock = utc_now, extras: Extras | None = None, keep: int = KEPT_RELEASES) -> Release:
    """Make the build file the current release.

    Args:
        home: the home folder; the caller holds its writer's lock and has closed the build file.
        clock: the time.
        extras: files to write beside the database.
        keep: so many releases stay.

    Raises:
        CheckError: a check that stops a release has failed, or the build is not complete, not closed or older than
            what was loaded since; the previous release stays.
        SignOffNeededError: something vanished or moved beyond a limit and nobody signed it; the previous release stays.
        UnreachableError: there is no build.
        UsageError: the storage version is unknown, or a file of people's own data cannot be used.
    """
    extras = extras or Extras()
    require_storage_version(extras.storage_version)
    note = require_publishable(home)
    checks = require_checks(home)
    now = clock()
    comparison = _compare_with_current(home, note, now)
    release = _make_release(home, note, checks, comparison, extras, now)
    _sync_folder(home.releases)
    _switch(home, release)
    home.release_waiting.unlink(missing_ok=True)
    prune(home, keep)
    return release


def build_diff(home: Home) -> ReleaseDiff:
    """What a publication of the build would change for readers.

    The caller holds the writer's lock.

    Raises:
        CheckError: the build is not complete, not closed or older than what was loaded since.
        UnreachableError: there is no build, or nothing is published to compare it with.
    """
    note = require_publishable(home)
    base = _base(home)
    if base is None:
        find_release(home)
        raise _no_older("build")
    return compare(base.side, _build_side(home, note))


def find_pair(home: Home, before: str | None, after: str | None) -> tuple[Release, Release]:
    """Two releases to compare: those with these ids, else the current one and the one before it.

    Raises:
        UnreachableError: there is no such release, or none before the current one.
    """
    newer = find_release(home, after)
    return find_release(home, before) if before else _before(home, newer), newer


def prune(home: Home, keep: int, *, is_trial: bool = False) -> list[Release]:
    """Remove all but the newest releases and the current one, and return what went.

    A release that a reader holds on Windows stays until later; elsewhere the reader keeps what it has open.

    Args:
        home: the home folder; the caller holds its writer's lock.
        keep: so many stay, at least one.
        is_trial: only tell what would go.
    """
    current = current_id(home)
    old = [release for release in list_releases(home)[: -max(keep, 1)] if release.release_id != current]
    return [release for release in old if is_trial or _remove(release.folder)]


def _compare_with_current(home: Home, note: BuildNote, now: datetime) -> _Comparison | None:
    """What readers would find changed; None for a first release.

    Raises:
        SignOffNeededError: something of it is beyond the limits and nobody signed it.
    """
    base = _base(home)
    if base is None:
        return None
    diff = compare(base.side, _build_side(home, note))
    findings = find_findings(diff, read_limits(home))
    unsigned, signed = split_signed(findings, read_signoffs(home), base.release_id)
    if unsigned:
        since = now.astimezone(UTC).isoformat(timespec="seconds")
        note_waiting(home, Waiting(since, base.release_id, unsigned))
        raise stop(home, unsigned, base.release_id)
    return _Comparison(diff, signed)


def find_waiting(home: Home, clock: Clock = utc_now) -> Waiting | None:
    """What a publication of the build would have to wait for, noted for `status`; None where nothing keeps it.

    The caller holds the writer's lock.

    Raises:
        CheckError: the build is not complete, not closed or older than what was loaded since.
        UnreachableError: there is no build.
        UsageError: a file of people's own data cannot be used.
    """
    note = require_publishable(home)
    try:
        _compare_with_current(home, note, clock())
    except SignOffNeededError:
        return read_waiting(home)
    home.release_waiting.unlink(missing_ok=True)
    return None


def _base(home: Home) -> Release | None:
    """What readers have now; should that file be damaged, the newest release that opens."""
    candidates = list_releases(home)[::-1]
    current = current_id(home)
    # False sorts before True: the current one first, the others as they are.
    candidates.sort(key=lambda release: release.release_id != current)
    return next((release for release in candidates if opens(release.file)), None)


def _build_side(home: Home, note: BuildNote) -> Side:
    return Side("build", home.build_file, note.project)


def _make_release(
    home: Home, note: BuildNote, checks: CheckSummary, comparison: _Comparison | None, extras: Extras, now: datetime
) -> Release:
    """A folder with a copy of the build file and its manifest, which gets its name when it is complete."""
    release_id = _free_id(home, now)
    staging = home.releases / f".staging-{release_id}-{os.getpid()}"
    staging.mkdir(parents=True)
    try:
        database = copy_durably(home.build_file, staging / RELEASE_FILE)
        content = look_into(staging / RELEASE_FILE)
        for companion in (home.compiled, home.semantics):
            if companion.is_file():
                copy_durably(companion, staging / companion.name)
        if comparison is not None:
            write_durably(staging / DIFF_FILE, comparison.to_json())
        write_extras(staging / RELEASE_FILE, extras)
        release = Release(
            release_id=release_id,
            published_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            code_version=__version__,
            fingerprint=note.fingerprint,
            sha256=database.sha256,
            byte_count=database.byte_count,
            row_counts=content.row_counts,
            checks=checks,
            parents=note.parents,
            built_at=note.built_at,
            project=note.project,
            duckdb_version=content.duckdb_version,
            storage_version=content.storage_version,
            schema_sha256=content.schema_sha256,
            files=list_files(staging, leaving_out=RELEASE_FILE),
            compared_with="" if comparison is None else comparison.diff.before,
            differs={} if comparison is None else comparison.diff.counts,
            folder=home.release_folder(release_id),
        )
        write_durably(staging / MANIFEST_FILE, release.to_json())
        protect(staging)
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
    wanted = release_id or current_id(home)
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
    return None if current_id(home) is None else find_release(home)


def roll_back(home: Home, release_id: str | None = None) -> Release:
    """Make an older release the current one: the one with this id, else the one before the current.

    The file is compared with its manifest first.

    Raises:
        UnreachableError: there is no older release, or none with this id.
        CheckError: the file is not the one that was published.
    """
    target = find_release(home, release_id) if release_id else _before(home, find_release(home))
    if hash_file(target.file) != target.sha256:
        raise CheckError(
            "damaged_release",
            zh=f"版本 {target.release_id} 的文件与其清单不符，未切换：{target.file}。"
            "请选择另一个版本（fundperf release list）。",
            en=f"The file of release {target.release_id} is not the one its manifest describes; nothing was switched: "
            f"{target.file}. Choose another one (`fundperf release list`).",
            release=target.release_id,
        )
    _switch(home, target)
    return target


def _switch(home: Home, release: Release) -> None:
    replace_text(home.current, release.release_id + "\n")
    _sync_folder(home.releases)
    offer(release.folder, home.current_files)


def _before(home: Home, release: Release) -> Release:
    older = [entry for entry in list_releases(home) if entry.release_id < release.release_id]
    if not older:
        raise _no_older(release.release_id)
    return older[-1]


def _no_older(name: str) -> UnreachableError:
    return UnreachableError(
        "no_older_release",
        zh=f"版本 {name} 之前没有保留的版本。用 fundperf release list 查看现有版本。",
        en=f"No release before {name} is kept. `fundperf release list` shows those there are.",
        release=name,
    )


def _read(folder: Path) -> Release:
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        checks = content.pop("checks")
        summary = CheckSummary(checks["passed"], checks["warned"], tuple(checks["failed"]))
        files = {name: FileFacts(**facts) for name, facts in content.pop("files", {}).items()}
        # A later version of the program may write down more.
        known = {name: value for name, value in content.items() if name in _MANIFEST_NAMES}
        return Release(**known, checks=summary, files=files, folder=folder)
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


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> bool:
    removed = folder.with_name(f".removed-{folder.name}")
    try:
        folder.replace(removed)
    except OSError:
        # A reader holds it (Windows): it goes with a later publication.
        return False
    shutil.rmtree(removed, ignore_errors=True)
    return True
