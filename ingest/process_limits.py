"""What a process that handles other people's documents or statements takes from itself before it begins."""

from __future__ import annotations

import sys


def limit_memory(memory_bytes: int) -> None:
    """Limit the address space of this process, and let it leave no image of its memory on the disk when it dies.

    Where the system does not know such a limit (Windows: none, macOS: of memory) it is left out.

    Args:
        memory_bytes: the most that the process may have; a hard limit that is lower stays.
    """
    _limit("RLIMIT_AS", memory_bytes)
    _limit("RLIMIT_CORE", 0)


def limit_work(*, data_bytes: int, file_bytes: int, cpu_seconds: int) -> None:
    """Limit what this process may hold, write and compute, wherever the system knows such a limit.

    Args:
        data_bytes: memory of its own, without the files that it maps.
        file_bytes: size of one file that it writes.
        cpu_seconds: of all its threads together; it is ended when they are over, even when nobody waits for it.
    """
    _limit("RLIMIT_DATA", data_bytes)
    _limit("RLIMIT_FSIZE", file_bytes)
    _limit("RLIMIT_CPU", cpu_seconds)


def _limit(name: str, limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    kind = getattr(resource, name)
    _, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    except (ValueError, OSError):
        # macOS knows no limit of the address space; the clock remains.
        return
