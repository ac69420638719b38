"""dbt as a process of its own: it reads the project, waits for its command, and ends with the one that started it.

The command line gives the options that hold for reading and for the command; standard input gives the command, one line
of JSON (`["build", "--selector", "full"]`), which is answered by a line of its own. Where standard input ends, the
process ends at once.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
import threading
from importlib import import_module
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

TAKEN = "The command is taken.\n"
"""What is printed before anything that comes of the command."""


def main() -> None:
    """Read the project, wait for the command, run it, and end as dbt's own program does."""
    commands: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(commands,), daemon=True).start()
    # dbt keeps what it makes until it ends, half a minute later: looking for garbage costs a tenth of its time.
    gc.disable()
    from dbt.cli.main import dbtRunner

    _leave_out_what_nobody_reads()
    options = sys.argv[1:]
    manifest = _read_project(options)
    command = json.loads(commands.get())
    sys.stdout.write(TAKEN)
    sys.stdout.flush()
    told: set[str] = set()
    finished = dbtRunner(manifest, [lambda event: told.add(event.info.name)]).invoke([*command, *options])
    # A command that dbt does not understand is no event of its log.
    if finished.exception is not None and "MainEncounteredError" not in told:
        sys.stderr.write(f"Error: {finished.exception}\n")
    sys.stdout.flush()
    sys.exit(0 if finished.success else 1 if finished.exception is None else 2)


def _read_project(options: list[str]) -> Manifest | None:
    """What dbt understands of the project; None where it cannot be read, which the command finds out and says."""
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    # The command writes the manifest when it has done its work, and what it says of a project is enough.
    understood = dbtRunner().invoke(["parse", "--no-write-json", "--log-level", "none", *options]).result
    # Where files that are open cannot be renamed, the command could else not put a full log aside.
    for handler in logging.getLogger("file_log").handlers:
        handler.close()
    # What the command will need, while nobody waits for it.
    import_module("dbt.task.build")

    return understood if isinstance(understood, Manifest) else None


def _leave_out_what_nobody_reads() -> None:
    """dbt makes a message of five events per node that neither log takes: a tenth of the time of the whole build."""
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager

    unread = {EventLevel.DEBUG, EventLevel.TEST}

    class WhatIsRead(EventManager):
        def fire_event(
            self,
            e: BaseEvent,
            level: EventLevel | None = None,
            node: Any = None,
            force_warn_or_error_handling: bool = False,
        ) -> None:
            if force_warn_or_error_handling or (level or e.level_tag()) not in unread:
                super().fire_event(e, level, node, force_warn_or_error_handling)

    ctx_set_event_manager(WhatIsRead())


def _listen(commands: SimpleQueue[str]) -> None:
    line = b""
    while part := os.read(0, 1):
        line += part
        if part == b"\n":
            commands.put(line.decode())
            line = b""
    # A dbt that outlives its run would keep the build file from the next one.
    os._exit(1)


if __name__ == "__main__":
    main()
