"""The `fundperf` command: which commands there are, and how every call ends.

Nothing heavy is imported before a command runs, so that `fundperf --help` answers at once.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import typer

from ingest.errors import FundPerfError
from warehouse.commands import asking, building, improving, loading, releasing, watching
from warehouse.commands.exit_codes import FAILED, exit_code_of
from warehouse.commands.options import HomeOption, LangOption
from warehouse.commands.session import Session, session_of
from warehouse.messages import say

# The engine marks the place of an error in a line of its own.
_ENGINE_SAYS = "sql_failed"
# What systems call the home of users that have none.
_NO_HOME = "/nonexistent"
_OUTPUT_ERRORS = frozenset({errno.EPIPE, errno.ENOSPC, errno.EBADF, errno.EIO})

app = typer.Typer(
    name="fundperf",
    help="Self-evaluation reports of public spending → a comparable warehouse. 绩效自评报告 → 可比的数据仓。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help starts in half the time, and square brackets in it are no markup.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    building.run, loading.ingest, loading.extract, building.build, building.check,
    watching.status, watching.runs, asking.sql, asking.trace, asking.lineage, asking.metric,
    improving.evaluate, improving.review, improving.lexicon,
):  # fmt: skip
    app.command()(_command)
app.add_typer(releasing.release_app, name="release")


@app.callback()
def _options(context: typer.Context, home: HomeOption = None, lang: LangOption = None) -> None:
    session_of(context, home, lang)


def main() -> None:
    """Entry point: every deliberate error is one sentence, every other one a sentence and a log."""
    _speak_utf8()
    _name_a_home()
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese must not end the work.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    session = Session()
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        with _ending_on_request():
            try:
                app(obj=session)
            finally:
                # What cannot be written any more must be known before the exit code is given.
                sys.stdout.flush()
    except FundPerfError as error:
        _print_error(error.message(session.lang), keep="\n" if error.code == _ENGINE_SAYS else "")
        sys.exit(exit_code_of(error))
    except OSError as error:
        _report_os_error(session, error)
        sys.exit(FAILED)
    except Exception as error:
        first_line = next(iter(str(error).splitlines()), "")[:200]
        log = _log(session, error)
        _print_error(say("unexpected", session.lang, kind=type(error).__name__, message=first_line, path=log))
        raise SystemExit(FAILED) from error


def _speak_utf8() -> None:
    """Start again in UTF-8 where the locale knows ASCII only: names of folders are not ASCII."""
    is_ascii = codecs.lookup(sys.getfilesystemencoding()).name in ("ascii", "iso8859-1")
    if is_ascii and not sys.flags.utf8_mode and sys.platform != "win32":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _name_a_home() -> None:
    """Give packages that ask for the user's home a name where there is none, as for a number without a user."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = _NO_HOME


@contextmanager
def _ending_on_request() -> Iterator[None]:
    """Let SIGTERM end the work like an exception, so that locks, temporary folders and processes go with it."""

    def end(number: int, frame: object) -> None:
        sys.exit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:
        # Only the main thread may ask for signals.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _report_os_error(session: Session, error: OSError) -> None:
    if error.filename is None and error.errno in _OUTPUT_ERRORS:
        # What is left in the buffer would fail once more, and noisily, when the process ends.
        with suppress(OSError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:
            return
    path = say("standard_output", session.lang) if error.filename is None else os.fsdecode(error.filename)
    _print_error(say("os_error", session.lang, path=path, reason=error.strerror or type(error).__name__))


def _print_error(message: str, *, keep: str = "") -> None:
    from warehouse.output import one_line

    if sys.stderr is not None:
        sys.stderr.write(one_line(message, keep=keep) + "\n")


def _log(session: Session, error: Exception) -> Path:
    text = "".join(traceback.format_exception(error))
    name = f"error-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z.log"
    for folder in (session.home.logs, Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
            return folder / name
    return Path("-")


if __name__ == "__main__":
    main()
