"""A process that reads documents for `ingest.parallel`.

It gets its limits and then one input after the other on standard input, and answers each with the outcome. It ends when
standard input does: when the command that started it is gone, nobody needs the answer.
"""

from __future__ import annotations

import faulthandler
import functools
import importlib
import os
import pickle
import queue
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ingest.process_limits import limit_memory

if TYPE_CHECKING:
    from ingest.inputs import Extract, Input
    from ingest.reading_process import ReadingLimits

# Memory that libraries do not give back goes with the process.
_MOST_DOCUMENTS = 1_000
# Reading scanned pages takes three quarters of this from the first one on.
_MOST_RESIDENT_BYTES = 640 * 1024 * 1024
# The command ends a worker that takes too long. For the case that the command is gone there is an alarm, which not even
# a library that never returns can silence; setting it costs more than reading, so it is put off now and then only.
_GRACE_SECONDS = 30.0
# For the document at hand when nobody waits for it any more.
_LAST_SECONDS = 2.0


def main() -> None:
    """Answer until standard input ends, or until a fresh process would do better."""
    # Ctrl-C reaches every process of the terminal; the command decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _take_standard_output()
    limits, extract_name, lexicon = pickle.load(sys.stdin.buffer)
    limit_memory(limits.memory_bytes)
    _serve(answers, limits, _find(extract_name, lexicon))


def _serve(answers: IO[bytes], limits: ReadingLimits, extract: Extract) -> None:
    from ingest.inputs import InputReader

    reader = InputReader(extract=extract, max_bytes=limits.input_bytes)
    inputs: queue.SimpleQueue[Input | None] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(inputs,), daemon=True).start()
    _answer(answers, (b"", False))
    n_read, is_last, alarm_at = 0, False, 0.0
    while not is_last and (entry := inputs.get()) is not None:
        if time.monotonic() > alarm_at:
            faulthandler.dump_traceback_later(limits.seconds + 2 * _GRACE_SECONDS, exit=True, file=1)
            alarm_at = time.monotonic() + _GRACE_SECONDS
        outcome = pickle.dumps(reader.read(entry))
        n_read += 1
        is_last = n_read >= _MOST_DOCUMENTS or _resident_bytes() > _MOST_RESIDENT_BYTES
        _answer(answers, (outcome, is_last))


def _receive(inputs: queue.SimpleQueue[Input | None]) -> None:
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            inputs.put(pickle.load(sys.stdin.buffer))
    inputs.put(None)
    time.sleep(_LAST_SECONDS)
    os._exit(0)


def _answer(answers: IO[bytes], message: Any) -> None:
    pickle.dump(message, answers)
    answers.flush()


def _take_standard_output() -> IO[bytes]:
    """The pipe for the answers. Whatever a library prints from now on goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _resident_bytes() -> int:
    """The memory in use now; 0 where the system does not say. The peak would begin with that of the parent process."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _find(name: str, lexicon: Path | None) -> Extract:
    """The function, with what it needs already imported: the time limit is for documents."""
    for package in ("ingest.reading", "ingest.extraction"):
        importlib.import_module(package)
    module, _, function = name.partition(":")
    found: Any = getattr(importlib.import_module(module), function)
    extract: Extract = found if lexicon is None else functools.partial(found, lexicon=lexicon)
    return extract


if __name__ == "__main__":
    main()
