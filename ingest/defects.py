"""Errors that nobody meant: each costs one document, and is named so that a maintainer finds the line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import FundPerfError

_OWN_FOLDER = Path(__file__).resolve().parent


@contextmanager
def defects_named(name: str, *, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Make an error of the project of what is raised inside by mistake: a defect concerns one document and no other.

    Args:
        name: the document.
        but: what is left as it is, because the caller knows what to do about it.

    Raises:
        FundPerfError: `internal_error`, with type and place in the message and in the fact `defect`.
    """
    meant: tuple[type[Exception], ...] = (FundPerfError, *but)
    try:
        yield
    except meant:
        raise
    except Exception as error:
        raise _internal_error(name, error) from error


def _internal_error(name: str, error: Exception) -> FundPerfError:
    kind, place = type(error).__name__, _place(error)
    return FundPerfError(
        "internal_error",
        zh=f"{name}：程序在 {place} 处出错（{kind}）。该文件已跳过；请把文件名和此信息报告给维护者。",
        en=f"{name}: the program failed at {place} ({kind}). "
        "The file was left out; report this message with the file to the maintainers.",
        defect=f"{kind} at {place}",
    )


def _place(error: Exception) -> str:
    """Where it happened: the last line of this project, and the line of the library below it, if any."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_OWN_FOLDER)]
    shown = dict.fromkeys(f"{Path(frame.filename).name}:{frame.lineno}" for frame in (*own[-1:], *frames[-1:]))
    return " → ".join(shown) or "?"
