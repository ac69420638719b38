"""dbt as a process of its own, which ends with the one that started it, however that ends."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lifeline() -> Iterator[int]:
    """A standard input for the process: it gives nothing, and closes when this process ends or the block is left."""
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


def main() -> None:
    """Run dbt with the arguments of the command line."""
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    # dbt keeps what it makes until it ends, half a minute later: looking for garbage costs a tenth of its time.
    gc.disable()
    from dbt.cli.main import cli

    cli()


def _end_with_the_other() -> None:
    # A dbt that outlives its run would keep the build file from the next one.
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
