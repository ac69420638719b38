"""Tell another program how a run ended: it gets a summary as JSON on its standard input."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from ingest.errors import UsageError
from warehouse.output import shortened

_LONGEST_REASON = 200


def split_command(text: str) -> list[str]:
    """The program and its arguments; no shell ever sees them.

    Raises:
        UsageError: there is nothing, or a quotation mark is missing.
    """
    is_windows = sys.platform == "win32"
    try:
        # There a backslash stands in paths, and quotation marks stay with their words.
        words = shlex.split(text, posix=not is_windows)
    except ValueError as error:
        raise _not_a_command(text) from error
    if not words:
        raise _not_a_command(text)
    return [word.strip('"') for word in words] if is_windows else words


def notify(command: Sequence[str], summary: Mapping[str, Any], seconds: float) -> tuple[str, str] | None:
    """Start the program with the summary on its standard input and wait for it.

    Returns:
        None when all went well, else what went wrong (Chinese, English); never an exception.
    """
    content = (json.dumps(summary, ensure_ascii=True, default=str) + "\n").encode()
    try:
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
            try:
                process.communicate(content, timeout=seconds)
            except subprocess.TimeoutExpired:
                return f"{seconds:g} 秒内未结束，已中止", f"it did not end within {seconds:g} s and was stopped"
            finally:
                _end(process)
            if process.returncode == 0:
                return None
            reason = _last_line(said)
            return f"退出码 {process.returncode}{reason}", f"exit code {process.returncode}{reason}"
    except (OSError, ValueError) as error:
        # ValueError: a null character in an argument.
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        return f"无法启动（{reason}）", f"it could not be started ({reason})"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started, where it still goes on."""
    if process.poll() is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError, ValueError):
        if process.stdin is not None:
            process.stdin.close()
    process.wait()


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {shortened(last, _LONGEST_REASON)}" if last else ""


def _not_a_command(text: str) -> UsageError:
    return UsageError(
        "notify_command_unreadable",
        zh=f"--notify-command 不是可用的命令：{text!r}。请写程序及其参数，引号成对；需要外壳时写 sh -c '……'。",
        en=f"--notify-command is no command: {text!r}. Write a program and its arguments with paired quotation marks; "
        "where a shell is needed, sh -c '…'.",
    )
