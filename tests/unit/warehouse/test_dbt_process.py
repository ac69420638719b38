"""A dbt that was started by a run does not outlive it, takes its command, and leaves out what nobody reads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dbt_common.events import event_manager_client
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.functions import fire_event, warn_or_error
from dbt_common.events.types import Note, SystemExecutingCmd

from warehouse import dbt_process

ROOT = Path(dbt_process.__file__).parents[1]
# As dbt, without dbt: it says the command that it was given, and would work for 20 s more.
CHILD = (
    "import queue, threading, time\nfrom warehouse import dbt_process\n"
    "commands = queue.SimpleQueue()\n"
    "threading.Thread(target=dbt_process._listen, args=(commands,), daemon=True).start()\n"
    "print(commands.get(), end='', flush=True)\ntime.sleep(20)\nprint('outlived', flush=True)\n"
)
PARENT = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdin=subprocess.PIPE)\n"
    "child.stdin.write('[\"构建\"]\\n'.encode())\nchild.stdin.flush()\nchild.wait()\n"
)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def test_dbt_ends_with_a_run_that_is_killed() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=ENVIRONMENT) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == '["构建"]\n'
        parent.kill()
        # The child has the other end of the output too: this ends when both have ended.
        assert parent.stdout.read() == ""


def test_dbt_goes_on_while_the_run_does() -> None:
    command = [sys.executable, "-c", PARENT, CHILD.replace("time.sleep(20)", "time.sleep(0.5)")]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env=ENVIRONMENT)
    assert finished.stdout.split() == ['["构建"]', "outlived"]


def test_only_events_that_somebody_reads_become_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_manager_client, "_EVENT_MANAGER", None)
    dbt_process._leave_out_what_nobody_reads()
    heard: list[str] = []

    def hear(message: EventMsg) -> None:
        heard.append(f"{message.info.level}: {message.data.msg}")

    event_manager_client.add_callback_to_manager(hear)
    fire_event(SystemExecutingCmd(cmd=["a step"]))
    fire_event(Note(msg="a detail"), level=EventLevel.DEBUG)
    fire_event(Note(msg="a test"), level=EventLevel.TEST)
    fire_event(Note(msg="told"))
    fire_event(Note(msg="doubtful"), level=EventLevel.WARN)
    fire_event(Note(msg="broken"), level=EventLevel.ERROR)
    warn_or_error(Note(msg="forced"))
    assert heard == ["info: told", "warn: doubtful", "error: broken", "info: forced"]
