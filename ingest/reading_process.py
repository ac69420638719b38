"""A process that reads documents, seen from the command: started, asked, ended when it takes too long, replaced."""

from __future__ import annotations

import pickle
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DocumentError, UnreachableError
from ingest.inputs import MAX_BYTES, Input
from ingest.module_process import module_call, module_environment

_START_SECONDS = 120.0
_END_SECONDS = 5.0
_MOST_STARTS = 3
# ValueError: the pipe was closed from this side.
_BROKEN_PIPE = (EOFError, OSError, ValueError, pickle.UnpicklingError)


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading may take.

    `input_bytes` is the size above which an input is left unread, `seconds` the time for one document, `memory_bytes`
    the address space of one worker, where the system can limit it.
    """

    input_bytes: int = MAX_BYTES
    seconds: float = 120.0
    memory_bytes: int = 4 * 1024**3


class ReadingProcess:
    """One worker process after the other, used by one thread at a time."""

    def __init__(self, limits: ReadingLimits, extract: str, lexicon: Path | None = None) -> None:
        """Prepare; the process starts with the first document.

        Args:
            limits: what reading may take.
            extract: `module:function`, how bytes become a record.
            lexicon: a folder with a user's own lines of the lexicon.
        """
        self._limits = limits
        self._extract = extract
        self._lexicon = lexicon
        self._process: subprocess.Popen[bytes] | None = None
        self._may_start = True
        self._due_at: float | None = None
        self._is_late = False
        self._lock = threading.Lock()

    def read(self, entry: Input) -> bytes:
        """The outcome of an input, pickled. Somebody must call `end_if_late` now and then meanwhile.

        Raises:
            DocumentError: reading took too long, or the process died of it.
            UnreachableError: no process can be started.
        """
        process = self._ready_process()
        with self._due_in(self._limits.seconds):
            try:
                outcome, is_last = _exchange(process, entry)
            except _BROKEN_PIPE:
                self._let_go(process)
                error = too_slow(entry, self._limits) if self._is_late else died(entry, _way_of_ending(process))
                raise error from None
        if is_last or self._is_late:
            self._let_go(process)
        return outcome

    def end_if_late(self) -> None:
        """End the process when it has had its time. Any thread may call this."""
        with self._lock:
            if self._due_at is not None and time.monotonic() > self._due_at and self._process is not None:
                self._is_late = True
                self._process.kill()

    def kill(self) -> None:
        """End the process at once, whatever it is doing; no other one is started. Any thread may call this."""
        with self._lock:
            self._may_start = False
            process = self._process
        if process is not None:
            process.kill()

    def dismiss(self) -> None:
        """Let the process end when it has answered; no other one is started."""
        with self._lock:
            self._may_start = False
            process = self._process
        if process is not None:
            self._let_go(process)

    @contextmanager
    def _due_in(self, seconds: float) -> Iterator[None]:
        with self._lock:
            self._due_at, self._is_late = time.monotonic() + seconds, False
        try:
            yield
        finally:
            with self._lock:
                self._due_at = None

    def _ready_process(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        for _ in range(_MOST_STARTS):
            if self._process is not None:
                self._let_go(self._process)
            with suppress(*_BROKEN_PIPE):
                process = self._start()
                with self._due_in(_START_SECONDS):
                    _exchange(process, (self._limits, self._extract, self._lexicon))
                return process
        raise UnreachableError(
            "workers_do_not_start",
            zh="无法启动读取文件的进程。请检查可用内存；也可加 --jobs 1 在本进程内读取。",
            en="The processes that read documents cannot be started. Check the free memory, or read in this process "
            "with --jobs 1.",
        )

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if not self._may_start:
                raise OSError("reading was ended")
            self._process = subprocess.Popen(
                module_call("ingest.reading_worker"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=module_environment(),
            )
            return self._process

    def _let_go(self, process: subprocess.Popen[bytes]) -> None:
        """Close the pipes: a process that waits for an input then ends by itself, any other one is killed."""
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._process is process:
            self._process = None


def _exchange(process: subprocess.Popen[bytes], message: object) -> tuple[bytes, bool]:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    pickle.dump(message, process.stdin)
    process.stdin.flush()
    answer: tuple[bytes, bool] = pickle.load(process.stdout)
    return answer


def _way_of_ending(process: subprocess.Popen[bytes]) -> str:
    code = process.wait()
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"


def too_slow(entry: Input, limits: ReadingLimits) -> DocumentError:
    """The error for a document that took longer than it may."""
    seconds = f"{limits.seconds:g}"
    return DocumentError(
        "time_limit",
        zh=f"{entry.name}：读取超过 {seconds} 秒，已停止。请用原程序打开并另存后重试，或用 --time-limit 放宽时限。",
        en=f"{entry.name}: reading took more than {seconds} seconds and was stopped. Open it in its own program and "
        "save it anew, or give it more time with --time-limit.",
    )


def died(entry: Input, ending: str) -> DocumentError:
    """The error for a document that ended its reader; `ending` is how (`SIGSEGV`, `exit code 1`)."""
    return DocumentError(
        "reader_died",
        zh=f"{entry.name}：读取时进程意外终止（{ending}），可能内存不足或文件已损坏。请用原程序打开并另存后重新导入。",
        en=f"{entry.name}: the process that read it ended unexpectedly ({ending}); it may be damaged or need too much "
        "memory. Open it in its own program, save it anew and load that.",
    )
