from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.errors import BusyError
from warehouse import lock
from warehouse.home import find_home, replace_text


def _write_owner(path: Path, pid: int, host: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = {"pid": pid, "host": host, "user": "someone", "started_at": "2023-01-01T00:00:00+00:00"}
    path.write_text(json.dumps(owner), encoding="utf-8")


def _dead_pid() -> int:
    finished = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(finished.stdout)


def test_home_is_the_option_then_the_variable_then_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FUNDPERF_HOME", raising=False)
    assert find_home().root == tmp_path / ".fundperf"
    monkeypatch.setenv("FUNDPERF_HOME", str(tmp_path / "从环境"))
    assert find_home().root == tmp_path / "从环境"
    assert find_home(tmp_path / "asked").root == tmp_path / "asked"


def test_finding_a_home_creates_nothing(tmp_path: Path) -> None:
    find_home(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


def test_replaced_text_is_whole_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "current"
    replace_text(path, "old")
    replace_text(path, "新")
    assert path.read_text(encoding="utf-8") == "新"
    assert [entry.name for entry in tmp_path.iterdir()] == ["current"]


def test_lock_is_gone_after_the_block_even_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    seen = []

    def fail_while_holding() -> None:
        with lock.hold(path):
            seen.append(path.is_file())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_holding()
    assert seen == [True]
    assert not path.exists()


def test_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.hold(path), pytest.raises(BusyError) as busy, lock.hold(path):
        pass
    assert str(os.getpid()) in busy.value.en
    assert str(os.getpid()) in busy.value.zh
    assert str(path) in busy.value.en


def test_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    _write_owner(path, _dead_pid(), socket.gethostname())
    with lock.hold(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


def test_lock_of_another_machine_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    _write_owner(path, _dead_pid(), "another-machine")
    with pytest.raises(BusyError) as busy, lock.hold(path):
        pass
    assert "another-machine" in busy.value.en
    assert path.exists()


def test_lock_without_a_readable_owner_is_respected_while_it_is_young(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text("", encoding="utf-8")
    with pytest.raises(BusyError), lock.hold(path):
        pass
    old = time.time() - 3600
    os.utime(path, (old, old))
    with lock.hold(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_of_many_processes_that_find_a_dead_owner_exactly_one_gets_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    _write_owner(path, _dead_pid(), socket.gethostname())
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom ingest.errors import BusyError\nfrom warehouse import lock\n"
        "try:\n    with lock.hold(Path(sys.argv[1])):\n        time.sleep(2.5)\n        print('held')\n"
        "except BusyError:\n    print('busy')\n"
    )
    root = Path(lock.__file__).parents[1]
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        for _ in range(4)
    ]
    answers = sorted(process.communicate()[0].strip() for process in started)
    assert answers == ["busy", "busy", "busy", "held"]
