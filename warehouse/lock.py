"""One writer at a time: a lock file that names its owner."""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import BusyError

# A lock without a readable owner is being written this moment, or its writer died in between.
_UNREADABLE_AFTER_SECONDS = 60.0
_TAKEOVER_ATTEMPTS = 20
_TAKEOVER_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock, and since when (UTC)."""

    pid: int
    host: str
    user: str
    started_at: str


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the writer's lock while the block runs.

    The lock of a process that no longer lives on this machine is taken over.

    Raises:
        BusyError: another writer holds it; the message names that writer and the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    me = Owner(os.getpid(), socket.gethostname(), _user(), datetime.now(UTC).isoformat(timespec="seconds"))
    _acquire(path, me)
    try:
        yield
    finally:
        if _read_owner(path) == me:
            path.unlink(missing_ok=True)


def _acquire(path: Path, me: Owner) -> None:
    for _ in range(_TAKEOVER_ATTEMPTS):
        if _create(path, json.dumps(asdict(me))):
            return
        if not _is_abandoned(path):
            break
        _remove_abandoned(path)
        time.sleep(_TAKEOVER_PAUSE_SECONDS)
    raise _busy(path, _read_owner(path))


def _create(path: Path, content: str) -> bool:
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except (FileExistsError, PermissionError) as error:
        # Windows answers "permission" while another process is deleting the file.
        if isinstance(error, PermissionError) and not path.exists():
            raise
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(content)
    return True


def _remove_abandoned(path: Path) -> None:
    # Two processes may find the same dead owner: without a guard the second would remove the first one's new lock.
    guard = path.with_name(path.name + ".takeover")
    if not _create(guard, ""):
        if _age_seconds(guard) > _UNREADABLE_AFTER_SECONDS:
            guard.unlink(missing_ok=True)
        return
    try:
        if _is_abandoned(path):
            path.unlink(missing_ok=True)
    finally:
        guard.unlink(missing_ok=True)


def _is_abandoned(path: Path) -> bool:
    owner = _read_owner(path)
    if owner is None:
        return not path.exists() or _age_seconds(path) > _UNREADABLE_AFTER_SECONDS
    return owner.host == socket.gethostname() and not _is_alive(owner.pid)


def _read_owner(path: Path) -> Owner | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Owner(int(content["pid"]), str(content["host"]), str(content["user"]), str(content["started_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _age_seconds(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container may run under a number that has no name.
        return "?"


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        # os.kill(pid, 0) would end the process there.
        import ctypes

        still_active = 259
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return code.value == still_active
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _busy(path: Path, owner: Owner | None) -> BusyError:
    if owner is None:
        who_zh, who_en = "另一个进程（身份不明）", "another process (unknown)"
    else:
        who_zh = f"{owner.host} 上的进程 {owner.pid}（用户 {owner.user}，始于 {owner.started_at}）"
        who_en = f"process {owner.pid} on {owner.host} (user {owner.user}, since {owner.started_at})"
    return BusyError(
        "writer_busy",
        zh=f"数据仓正在被写入：{who_zh}。请等它结束后重试；如果该进程已不存在，请删除 {path}。",
        en=f"The warehouse is being written by {who_en}. Wait for it and try again; "
        f"if that process is gone, delete {path}.",
        lock=str(path),
        owner=None if owner is None else asdict(owner),
    )
