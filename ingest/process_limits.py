"""What a process that handles other people's documents or statements takes from itself before it begins."""

from __future__ import annotations

import sys


def limit_memory(memory_bytes: int) -> None:
    """Limit the address space of this process, and let it leave no image of its memory on the disk when it dies.

    Where the system does not know such a limit (Windows: none, macOS: of memory) it is left out.

    Args:
        memory_bytes: the most that the process may have; a hard limit that is lower stays.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        try:
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        except (ValueError, OSError):
            # macOS knows no limit of the address space; the clock remains.
            continue
