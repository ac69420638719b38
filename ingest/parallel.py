"""Many inputs → their outcomes in the order given, read by processes that may hang or die without harm to the rest.

Documents come from anybody: one may keep a reader busy for ever, take all memory or crash a library. So documents are
read in worker processes (`ingest.reading_worker`), each with a limit of memory and, per document, of time. A worker
that exceeds them is ended and replaced, and costs exactly the document it was reading.

Workers are fresh processes and not forks: it is the same on every system, and no thread or open database is copied.
Starting one takes half a second, so a few small texts are read in this process; there a timer ends what takes too long
(where the system has timers; regular expressions can be interrupted, C libraries need the workers).
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from ingest.errors import DocumentError
from ingest.inputs import Extract, Input, InputReader, Outcome, quarantine
from ingest.inputs.reading import read_and_extract
from ingest.lexicon import load_lexicon
from ingest.reading_process import ReadingLimits, ReadingProcess, died, too_slow

DEFAULT_EXTRACT = "ingest.inputs.reading:read_and_extract"
"""Where the workers find the function that turns bytes into a record."""

_WINDOW_PER_WORKER = 16
_MOST_BYTES_AHEAD = 64 * 1024 * 1024
_LOOK_SECONDS = 0.5
_FEW_INPUTS = 24
_SMALL_BYTES = 256 * 1024


def read_inputs(
    inputs: Sequence[Input],
    *,
    extract: Extract | None = None,
    limits: ReadingLimits | None = None,
    jobs: int | None = None,
    lexicon: Path | None = None,
) -> Generator[tuple[Input, Outcome], None, None]:
    """Read the inputs; each gives exactly one outcome, in the order given.

    Closing the iterator ends the workers.

    Args:
        inputs: what `find_inputs` found.
        extract: how bytes become a record, called in this process; the project's own reading when not given.
        limits: what reading may take.
        jobs: how many workers; 1 reads in this process; by default one for each core, and none for a few small texts.
        lexicon: a folder with a user's own lines of the lexicon.

    Raises:
        UnreachableError: no worker can be started on this machine.
        UsageError: a file of the user's own lexicon is broken.
    """
    limits = limits or ReadingLimits()
    # A broken line is a mistake of the call and not of every document.
    load_lexicon(lexicon)
    documents = [entry for entry in inputs if _is_for_a_worker(entry)]
    if extract is not None or jobs == 1 or not documents or (jobs is None and _are_few_small_texts(documents)):
        return _read_here(inputs, extract or partial(read_and_extract, lexicon=lexicon), limits)
    return Crew(min(jobs or count_cores(), len(documents)), limits, lexicon=lexicon).read(inputs)


def count_cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _is_for_a_worker(entry: Input) -> bool:
    # Records are only checked, which takes less time than sending them.
    return entry.kind == "document" and entry.refusal is None


def _are_few_small_texts(documents: Sequence[Input]) -> bool:
    return len(documents) <= _FEW_INPUTS and all(map(_is_small_text, documents))


def _is_small_text(entry: Input) -> bool:
    from ingest.reading.registry import find_format
    from ingest.reading.text import read_text

    if entry.member or entry.byte_count is None or entry.byte_count > _SMALL_BYTES:
        return False
    try:
        return entry.path.is_file() and find_format(entry.path.read_bytes(), entry.file_name).reader is read_text
    except (OSError, DocumentError):
        return False


def _read_here(
    inputs: Iterable[Input], extract: Extract, limits: ReadingLimits
) -> Generator[tuple[Input, Outcome], None, None]:
    reader = InputReader(extract=extract, max_bytes=limits.input_bytes)
    for entry in inputs:
        outcome: Outcome
        try:
            with _time_limit(limits.seconds):
                outcome = reader.read(entry)
        except _TimeIsUp:
            outcome = quarantine(entry, too_slow(entry, limits), reader.digest(entry))
        except MemoryError:
            outcome = quarantine(entry, died(entry, "MemoryError"), reader.digest(entry))
        yield entry, outcome


class _TimeIsUp(BaseException):
    """No Exception, so that no reader takes it for a fault of the document."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Interrupt what is done inside after so many seconds, in the main thread of systems that have timers."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Crew:
    """Worker processes that read documents side by side."""

    def __init__(
        self, jobs: int, limits: ReadingLimits, *, extract: str = DEFAULT_EXTRACT, lexicon: Path | None = None
    ) -> None:
        """Prepare; workers start when there is something to read.

        Args:
            jobs: how many workers.
            limits: what reading may take.
            extract: `module:function`, how bytes become a record.
            lexicon: a folder with a user's own lines of the lexicon.
        """
        self._jobs = jobs
        self._limits = limits
        self._workers = [ReadingProcess(limits, extract, lexicon) for _ in range(jobs)]
        self._idle: queue.SimpleQueue[ReadingProcess] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def read(self, inputs: Iterable[Input]) -> Generator[tuple[Input, Outcome], None, None]:
        """Each input with its outcome, in the order given; so many are read ahead as memory allows.

        Raises:
            UnreachableError: no worker can be started on this machine.
        """
        reader = InputReader(max_bytes=self._limits.input_bytes)
        ahead: deque[_Asked] = deque()
        with ThreadPoolExecutor(self._jobs, thread_name_prefix="reading") as threads:
            try:
                for entry in inputs:
                    answer = threads.submit(self._ask, entry) if _is_for_a_worker(entry) else None
                    ahead.append(_Asked(entry, answer))
                    while ahead and (ahead[0].is_answered or self._is_far_enough(ahead)):
                        yield self._outcome(ahead.popleft(), reader)
                while ahead:
                    yield self._outcome(ahead.popleft(), reader)
            except BaseException:
                for worker in self._workers:
                    worker.kill()
                raise
            finally:
                for asked in ahead:
                    asked.cancel()
                for worker in self._workers:
                    worker.dismiss()

    def _is_far_enough(self, ahead: deque[_Asked]) -> bool:
        if len(ahead) >= _WINDOW_PER_WORKER * self._jobs:
            return True
        return sum(asked.byte_count for asked in ahead) > _MOST_BYTES_AHEAD

    def _outcome(self, asked: _Asked, reader: InputReader) -> tuple[Input, Outcome]:
        if asked.answer is None:
            return asked.entry, reader.read(asked.entry)
        is_waiting = True
        while is_waiting:
            # The time of the other workers runs out too while this answer is waited for.
            is_waiting = bool(wait([asked.answer], _LOOK_SECONDS).not_done)
            for worker in self._workers:
                worker.end_if_late()
        outcome: Outcome = pickle.loads(asked.answer.result())
        return asked.entry, outcome

    def _ask(self, entry: Input) -> bytes:
        worker = self._idle.get()
        try:
            return worker.read(entry)
        except DocumentError as error:
            sha256 = InputReader(max_bytes=self._limits.input_bytes).digest(entry)
            return pickle.dumps(quarantine(entry, error, sha256))
        finally:
            self._idle.put(worker)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An input on its way; `answer` is its pickled outcome, None for one that needs no worker."""

    entry: Input
    answer: Future[bytes] | None

    @property
    def is_answered(self) -> bool:
        return self.answer is None or self.answer.done()

    @property
    def byte_count(self) -> int:
        if self.answer is None or not self.answer.done() or self.answer.exception() is not None:
            return 0
        return len(self.answer.result())

    def cancel(self) -> None:
        if self.answer is not None:
            self.answer.cancel()
