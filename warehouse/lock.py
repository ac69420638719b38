"""One writer at a time: a file that the operating system keeps locked as long as its owner lives.

The lock goes with the process, however it ends, so a number that another process has got since, a clock that was set
back and an owner that cannot be read decide nothing. What stands in the file is for people: who holds it, since when.
"""

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
from typing import Any

from ingest.errors import BusyError, UnreachableError

# Somebody who looks at the lock, or who is just about to write its name, holds it for a moment.
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.05
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_LONGEST_OWNER = 4096


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock, for which command and run, and since when (UTC).

    `boot` is the identity of the running system, which all containers of a machine share; empty where it has none.
    """

    pid: int
    host: str
    user: str
    started_at: str
    command: str = ""
    run_id: str = ""
    boot: str = ""

    @property
    def age_seconds(self) -> float:
        """Seconds since the owner began; 0 where the clock was set back meanwhile."""
        try:
            started = datetime.fromisoformat(self.started_at)
            return max(0.0, (datetime.now(UTC) - started).total_seconds())
        except (ValueError, TypeError):
            return 0.0


@contextmanager
def hold(path: Path, *, command: str = "", run_id: str = "") -> Iterator[Owner]:
    """Hold the writer's lock while the block runs.

    Args:
        path: the lock file; it goes with the block.
        command: what the owner does, for those who find the lock.
        run_id: the run in the history that holds it.

    Raises:
        BusyError: another writer holds it; the message names that writer and the file.
        UnreachableError: the file belongs to somebody else and can be neither read nor replaced.
        OSError: it cannot be created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    me = Owner(os.getpid(), socket.gethostname(), _user(), started_at, command, run_id, _boot())
    descriptor = _acquire(path, me)
    try:
        yield me
    finally:
        _release(path, descriptor)


def find_owner(path: Path) -> Owner | None:
    """Who holds the lock now, without waiting and without disturbing; None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK)
    except OSError:
        return None
    try:
        owner = _read_owner(descriptor)
        is_free = _try_lock(descriptor, is_shared=True)
    finally:
        os.close(descriptor)
    if is_free:
        return owner if owner is not None and _is_elsewhere(owner) else None
    return owner or Owner(0, "?", "?", "")


def _acquire(path: Path, me: Owner) -> int:
    holder: Owner | None = None
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE_SECONDS)
        descriptor, is_mine_to_write = _open(path)
        try:
            holder = _read_owner(descriptor)
            if not _try_lock(descriptor) or not _stands_at(path, descriptor):
                os.close(descriptor)
                continue
            if holder is not None and _is_elsewhere(holder):
                # The lock of a process on another machine need not show here.
                raise _busy(path, holder, is_elsewhere=True)
            if is_mine_to_write:
                _write(descriptor, me)
                return descriptor
            # Its owner is gone, and the file belongs to another user: the next attempt makes one of our own.
            _remove_of_another_user(path)
        except BaseException:
            with suppress(OSError):
                os.close(descriptor)
            raise
        os.close(descriptor)
    raise _busy(path, holder)


def _open(path: Path) -> tuple[int, bool]:
    """An open lock file, and whether it may be written."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o644), True
    except PermissionError:
        if not path.exists():
            raise
    try:
        return os.open(path, os.O_RDONLY | _NO_LINK), False
    except OSError as error:
        raise _not_usable(path) from error


def _write(descriptor: int, me: Owner) -> None:
    with suppress(OSError, AttributeError):
        # Other users may read who holds it, whatever the mask of this one says.
        os.fchmod(descriptor, 0o644)
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps(asdict(me)).encode())


def _release(path: Path, descriptor: int) -> None:
    # The name goes while the lock is held: whoever opened the file before finds that it no longer stands there.
    with suppress(OSError):
        if sys.platform == "win32":
            # There an open file keeps its name; an empty one names nobody.
            os.ftruncate(descriptor, 0)
        elif _stands_at(path, descriptor):
            path.unlink()
    os.close(descriptor)


def _remove_of_another_user(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _not_usable(path) from error


def _stands_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _read_owner(descriptor: int) -> Owner | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        content: dict[str, Any] = json.loads(os.read(descriptor, _LONGEST_OWNER))
        texts = {name: str(content[name]) for name in ("host", "user", "started_at")}
        further = {name: str(content.get(name, "")) for name in ("command", "run_id", "boot")}
        return Owner(pid=int(content["pid"]), **texts, **further)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_elsewhere(owner: Owner) -> bool:
    is_same_system = bool(owner.boot) and owner.boot == _boot()
    return owner.host != socket.gethostname() and not is_same_system


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container may run under a number that has no name.
        return str(os.getuid()) if hasattr(os, "getuid") else "?"


def _try_lock(descriptor: int, *, is_shared: bool = False) -> bool:
    """Whether the system gives us the lock of an open file; it goes when the file is closed."""
    if sys.platform == "win32":
        import msvcrt

        # A locked byte cannot be read by others, so it lies far behind the text.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        # A file system without locks would let two writers in.
        raise UnreachableError(
            "locks_not_supported",
            zh=f"数据仓所在的文件系统不支持文件锁（{error.strerror}）。请用 --home 指定本机磁盘上的目录。",
            en=f"The file system of the home folder has no file locks ({error.strerror}). "
            "Name a folder on a disk of this machine with --home.",
        ) from error
    return True


def _busy(path: Path, owner: Owner | None, *, is_elsewhere: bool = False) -> BusyError:
    if owner is None:
        who_zh, who_en = "另一个进程（身份不明）", "another process (unknown)"
    else:
        minutes = int(owner.age_seconds // 60)
        what_zh = f"，命令 {owner.command}" if owner.command else ""
        what_en = f", command {owner.command}" if owner.command else ""
        since_zh = f"始于 {owner.started_at}，已 {minutes} 分钟"
        who_zh = f"{owner.host} 上的进程 {owner.pid}（用户 {owner.user}{what_zh}，{since_zh}）"
        who_en = (
            f"process {owner.pid} on {owner.host} (user {owner.user}{what_en}, since {owner.started_at}, "
            f"{minutes} minutes ago)"
        )
    next_zh, next_en = "请等它结束后重试", "Wait for it and try again"
    if is_elsewhere:
        next_zh += f"；无法从这台机器判断它是否仍在运行，如果该进程已不存在，请删除 {path}"
        next_en += f"; this machine cannot tell whether it still runs: if that process is gone, delete {path}"
    return BusyError(
        "writer_busy",
        zh=f"数据仓正在被写入：{who_zh}（锁文件 {path}）。{next_zh}。",
        en=f"The warehouse is being written by {who_en}, lock file {path}. {next_en}.",
        lock=str(path),
        owner=None if owner is None else asdict(owner) | {"age_seconds": round(owner.age_seconds, 1)},
    )


def _not_usable(path: Path) -> UnreachableError:
    return UnreachableError(
        "lock_not_usable",
        zh=f"{path}：锁文件属于其他用户，当前用户既不能读取也不能替换。"
        "请让该用户或管理员给本组写权限，或删除该文件，或用 --home 指定自己的目录。",
        en=f"{path}: the lock file belongs to another user, and this one can neither read nor replace it. Ask that "
        "user or an administrator to let your group write to the folder or to remove the file, or name a folder of "
        "your own with --home.",
        path=str(path),
    )
