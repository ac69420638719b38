"""Data for programs on standard input and output."""

from __future__ import annotations

import io
import json
import sys
from typing import IO


def data_stream() -> IO[str]:
    """Standard output for programs: UTF-8 without loss whatever the locale says. A screen stays as it is."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    return sys.stdout


def print_json(content: object) -> None:
    """Print what a command found as one JSON value."""
    text = json.dumps(content, ensure_ascii=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # A path need not be text on every system: it is written in escapes.
        text = json.dumps(content, indent=2)
    data_stream().write(text + "\n")


def read_stdin(most: int) -> str:
    """Standard input as text, without what is beyond so many characters."""
    # A character takes at most four bytes.
    return sys.stdin.buffer.read(4 * most).decode("utf-8-sig", errors="replace")[:most]
