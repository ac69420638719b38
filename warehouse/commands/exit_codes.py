"""What the exit code of the command says."""

from __future__ import annotations

import signal

import typer

from ingest.errors import BusyError, SignOffNeededError, UsageError

DONE, FAILED, USAGE, PEOPLE_NEEDED, BUSY = range(5)
INTERRUPTED_FROM = 128
"""A call that a signal ended gives this and the number of the signal."""


def exit_code_of(error: BaseException) -> int:
    """The exit code of a call that ends with this exception."""
    if isinstance(error, typer.Exit):
        return error.exit_code
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FAILED
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED_FROM + signal.SIGINT
    if isinstance(error, UsageError):
        return USAGE
    if isinstance(error, SignOffNeededError):
        return PEOPLE_NEEDED
    return BUSY if isinstance(error, BusyError) else FAILED
