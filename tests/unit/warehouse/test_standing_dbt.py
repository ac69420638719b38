"""dbt stands ready beside other work, takes one command, and never outlives the block; a small program plays dbt."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.resources import project_dir
from warehouse import standing_dbt
from warehouse.dbt_process import TAKEN
from warehouse.home import Home, find_home
from warehouse.project_identity import identify_project
from warehouse.standing_dbt import PLACE_FILE, UNDERSTOOD_FILE, StandingDbt, project_mark

# It notes its number, waits for its command, takes it and says it; where its input ends it ends.
DBT = f"""
import json, os, sys
with open("started.txt", "a") as started:
    started.write(f"{{os.getpid()}}\\n")
print("read the project", flush=True)
line = sys.stdin.readline()
if not line:
    sys.exit(9)
print({TAKEN!r}, json.loads(line), sep="", flush=True)
sys.exit(3)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home folder, for which the small program plays dbt."""
    monkeypatch.setattr(standing_dbt, "module_call", lambda module: [sys.executable, "-c", DBT])
    home = find_home(tmp_path / "数据 仓")
    home.prepare()
    return home


def _started(home: Home) -> list[int]:
    """The numbers of the processes that began, in order."""
    path = home.build_file.with_name("started.txt")
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _wait_for_start(home: Home, count: int = 1) -> int:
    _wait_until(lambda: len(_started(home)) == count)
    return _started(home)[-1]


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_command_starts_dbt_where_none_stands_ready(home: Home) -> None:
    with StandingDbt(home) as dbt:
        assert _started(home) == []
        finished = dbt.run(["build", "--selector", "全部"])
    assert finished.returncode == 3
    assert finished.stdout == "['build', '--selector', '全部']\n"
    assert len(_started(home)) == 1


def test_the_dbt_that_stands_ready_takes_the_command(home: Home) -> None:
    with StandingDbt(home) as dbt:
        dbt.start()
        dbt.start()
        _wait_for_start(home)
        assert dbt.run(["build"]).returncode == 3
        assert len(_started(home)) == 1
        # It takes one command; another one is for the next process.
        assert dbt.run(["test"]).returncode == 3
    assert len(_started(home)) == 2


def test_another_dbt_takes_the_place_of_one_that_died(home: Home) -> None:
    with StandingDbt(home) as dbt:
        dbt.start()
        pid = _wait_for_start(home)
        os.kill(pid, 9)
        assert dbt.run(["build"]).stdout == "['build']\n"
    assert len(_started(home)) == 2


def test_another_dbt_takes_the_command_that_one_did_not_live_to_take(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = DBT.replace("if not line:", "if True:")
    with StandingDbt(home) as dbt:
        monkeypatch.setattr(standing_dbt, "module_call", lambda module: [sys.executable, "-c", dying])
        dbt.start()
        monkeypatch.setattr(standing_dbt, "module_call", lambda module: [sys.executable, "-c", DBT])
        assert dbt.run(["build"]).stdout == "['build']\n"
    assert len(_started(home)) == 2


def test_what_kept_dbt_from_taking_the_command_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = DBT.replace("if not line:", "if True:")
    monkeypatch.setattr(standing_dbt, "module_call", lambda module: [sys.executable, "-c", dying])
    with StandingDbt(home) as dbt:
        finished = dbt.run(["build"])
    assert (finished.returncode, finished.stdout) == (9, "read the project\n")
    assert len(_started(home)) == 1


def test_a_project_that_changed_meanwhile_is_read_anew(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with StandingDbt(home) as dbt:
        dbt.start()
        pid = _wait_for_start(home)
        monkeypatch.setattr(standing_dbt, "identify_project", lambda: "changed")
        assert dbt.run(["build"]).returncode == 3
    assert _has_ended(pid)
    assert len(_started(home)) == 2


@pytest.mark.parametrize("error", [None, ValueError(), KeyboardInterrupt(), SystemExit(143)])
def test_no_way_out_of_the_block_leaves_a_process(home: Home, error: BaseException | None) -> None:
    pid = 0

    def work() -> None:
        nonlocal pid
        with StandingDbt(home) as dbt:
            dbt.start()
            pid = _wait_for_start(home)
            if error is not None:
                raise error

    if error is None:
        work()
    else:
        with pytest.raises(type(error)):
            work()
    assert _has_ended(pid)


def test_a_dbt_that_cannot_be_started_ahead_is_no_matter_before_the_command(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_dbt, "module_call", lambda module: [str(home.root / "no such program")])
    with StandingDbt(home) as dbt:
        dbt.start()
        with pytest.raises(FileNotFoundError):
            dbt.run(["build"])


@pytest.mark.parametrize("mark", ["/elsewhere/fundperf\n", f"{project_dir()}\nof an older version\n"])
def test_what_dbt_remembers_of_another_project_is_forgotten(home: Home, mark: str) -> None:
    remembered = home.dbt_target / UNDERSTOOD_FILE
    remembered.write_bytes(b"kept")
    (home.dbt_target / PLACE_FILE).write_text(project_mark(identify_project()), encoding="utf-8")
    with StandingDbt(home) as dbt:
        dbt.run(["build"])
    assert remembered.exists()
    (home.dbt_target / PLACE_FILE).write_text(mark, encoding="utf-8")
    with StandingDbt(home) as dbt:
        dbt.start()
    assert not remembered.exists()
    assert (home.dbt_target / PLACE_FILE).read_text(encoding="utf-8") == project_mark(identify_project())
