"""Before a run: is there room, what did a killed run leave, what is too old to stay."""

from __future__ import annotations

import errno
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import typer

from ingest.errors import BuildError, FundPerfError, UnreachableError
from warehouse import run_history
from warehouse.home import Home
from warehouse.pipeline import read_last_run
from warehouse.settings import Keep

_MB = 1_000_000
_DAY_SECONDS = 86_400
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What the engine and dbt say of it; they give no number.
_FULL_WORDS = re.compile(r"No space left on device|[Dd]isk quota exceeded|not enough space on the disk")
# Programs that find no room do not all say so; with so little left nothing else is likely.
_NOTHING = 65_536
# A name that `home.replace_text` and `output.staged_file` write under before a file gets its own.
_STAGED = re.compile(r"\..+\.\d+")


def require_room(home: Home, spare_mb: int) -> dict[str, int]:
    """See that the disk has room for a run: the build file written again, a release beside it, and something spare.

    Args:
        home: the home folder, which exists.
        spare_mb: MB that stay free beside these.

    Returns:
        `needed_mb` and `free_mb`, for the log.

    Raises:
        UnreachableError: there is not so much room.
    """
    build_mb = _size(home.build_file) // _MB
    needed_mb = 2 * build_mb + spare_mb
    free_mb = shutil.disk_usage(home.root).free // _MB
    if free_mb < needed_mb:
        raise UnreachableError(
            "too_little_room",
            zh=f"{home.root}：磁盘空间不足，未开始。需要约 {needed_mb} MB（构建文件 {build_mb} MB 的两倍，"
            f"另留 {spare_mb} MB），可用 {free_mb} MB。已发布的版本不受影响。请清理磁盘，或在 {home.settings} 中减少 "
            "keep.releases（保留的版本数）或 run.spare_mb，或把数据仓移到更大的磁盘。",
            en=f"{home.root}: too little room on the disk, nothing was begun. About {needed_mb} MB are needed (twice "
            f"the build file of {build_mb} MB, and {spare_mb} MB spare), {free_mb} MB are free. What is published "
            f"stays. Free some space, or keep fewer releases (keep.releases) or less spare room (run.spare_mb) in "
            f"{home.settings}, or move the home folder to a larger disk.",
            needed_mb=needed_mb,
            free_mb=free_mb,
        )
    return {"needed_mb": needed_mb, "free_mb": free_mb}


def as_full_disk(error: BaseException, home: Home) -> FundPerfError | None:
    """The error of a disk that became full, where `error` is about that; else None."""
    try:
        free = shutil.disk_usage(home.root).free
    except OSError:
        # Nobody knows; it was not the disk that said so.
        free = _NOTHING
    if not (_says_so(error) or (free < _NOTHING and _is_unforeseen(error))):
        return None
    free_mb = free // _MB
    return UnreachableError(
        "disk_full",
        zh=f"{home.root}：磁盘已满（可用 {free_mb} MB），本次运行中止。已发布的版本不受影响，已完成的导入仍在。"
        "请清理磁盘后重新运行同一命令。",
        en=f"{home.root}: the disk is full ({free_mb} MB free), so this run ended. What is published stays, and loads "
        "that were completed are kept. Free some space and give the same command again.",
        free_mb=free_mb,
    )


def _says_so(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    return _FULL_WORDS.search(str(error)) is not None


def _is_unforeseen(error: BaseException) -> bool:
    if isinstance(error, (FundPerfError, typer.Exit)):
        # What dbt reports has all kinds of reasons.
        return isinstance(error, BuildError)
    return isinstance(error, Exception)


def remove_leftovers(home: Home) -> list[str]:
    """Take away what a run that was killed had not finished; the names of what went.

    The caller holds the writer's lock, so nobody is writing any of it now.
    """
    gone = []
    for path in _leftovers(home):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
        if not path.exists():
            gone.append(path.relative_to(home.root).as_posix())
    return gone


def forget_old(home: Home, keep: Keep) -> None:
    """Let go of logs, pages about loads and rows of the history that are older than people want to keep.

    Failing to remove one is no matter: it goes another time. The caller holds the writer's lock.
    """
    last_load = (read_last_run(home) or {}).get("load_id")
    old = [
        *_older(home.run_logs.glob("*.jsonl"), keep.log_days),
        *_older(home.logs.glob("error-*.log"), keep.log_days),
        *(folder for folder in _older(home.data_docs.glob("*"), keep.load_days) if folder.name != last_load),
    ]
    for path in old:
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    with suppress(OSError):
        run_history.forget_old(home, keep=keep.runs)


def _leftovers(home: Home) -> Iterator[Path]:
    # Of a publication that was killed, and of a release that a reader still held when it was to go.
    yield from home.releases.glob(".staging-*")
    yield from home.releases.glob(".removed-*")
    # Where the engine puts what does not fit into memory.
    spilled = home.build_file.with_name(home.build_file.name + ".tmp")
    if spilled.exists():
        yield spilled
    for folder in (home.root, home.build_file.parent, home.releases, home.dbt_target):
        yield from (path for path in folder.glob(".*") if _STAGED.fullmatch(path.name) and path.is_file())


def _older(paths: Iterator[Path], days: int) -> list[Path]:
    limit = time.time() - days * _DAY_SECONDS
    found = []
    for path in paths:
        with suppress(OSError):
            if path.lstat().st_mtime < limit:
                found.append(path)
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
