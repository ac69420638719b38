"""One writer at a time, whatever became of the one before."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import BusyError, UnreachableError
from warehouse import lock

ROOT = Path(lock.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
HOLDING = (
    "import sys, time\nfrom pathlib import Path\nfrom ingest.errors import BusyError\nfrom warehouse import lock\n"
    "try:\n"
    "    with lock.hold(Path(sys.argv[1]), command='run', run_id='r1'):\n"
    "        print('held', flush=True)\n        time.sleep(float(sys.argv[2]))\n"
    "except BusyError as error:\n    print('busy', flush=True)\n"
)
AS_ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can work as two users")

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts processes that hold a lock for so many seconds; they end with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(path: Path, seconds: float = 60.0) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLDING, str(path), str(seconds)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def _says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _write_owner(path: Path, **facts: object) -> None:
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "user": "someone", "started_at": "2023-01-01T00:00:00Z"}
    path.write_text(json.dumps(owner | facts), encoding="utf-8")


def test_the_lock_is_gone_after_the_block_even_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    seen = []

    def fail_while_holding() -> None:
        with lock.hold(path):
            seen.append(path.is_file())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_holding()
    assert seen == [True]
    assert list(tmp_path.iterdir()) == []


def test_a_second_writer_is_told_at_once_who_holds_the_lock_for_what_and_how_long(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "lock"
    holder = start(path)
    assert _says(holder) == "held"
    began = time.monotonic()
    with pytest.raises(BusyError) as busy, lock.hold(path):
        pass
    assert time.monotonic() - began < 2
    for message in (busy.value.en, busy.value.zh):
        for part in (str(holder.pid), socket.gethostname(), "run", str(path)):
            assert part in message
    assert "0 minutes ago" in busy.value.en
    owner = busy.value.facts["owner"]
    assert isinstance(owner, dict)
    assert (owner["run_id"], owner["command"]) == ("r1", "run")
    assert 0 <= owner["age_seconds"] < 60


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_lock_of_a_process_that_was_killed_stops_nobody(
    tmp_path: Path, start: Start, number: signal.Signals
) -> None:
    path = tmp_path / "lock"
    holder = start(path)
    assert _says(holder) == "held"
    holder.send_signal(number)
    holder.wait()
    assert path.is_file()
    assert lock.find_owner(path) is None
    with lock.hold(path) as owner:
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == owner.pid == os.getpid()
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_suspended_keeps_the_lock(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "lock"
    holder = start(path)
    assert _says(holder) == "held"
    holder.send_signal(signal.SIGSTOP)
    with pytest.raises(BusyError), lock.hold(path):
        pass
    holder.send_signal(signal.SIGCONT)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.fixed_dictionaries(
            {},
            optional={
                "pid": st.sampled_from([0, -1, 1, 2**40, os.getpid(), "x", None]),
                "host": st.just(socket.gethostname()),
                "user": st.text(max_size=5),
                "started_at": st.sampled_from(["", "2023-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "never"]),
            },
        ).map(lambda owner: json.dumps(owner).encode()),
    ),
    mtime=st.integers(min_value=0, max_value=2**32),
)
def test_whatever_a_dead_owner_left_the_next_one_gets_the_lock(tmp_path: Path, content: bytes, mtime: int) -> None:
    """A number that another process has now, a clock that was set back, half a line: none of it decides."""
    path = tmp_path / "lock"
    path.write_bytes(content)
    os.utime(path, (mtime, mtime))
    with lock.hold(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
        with pytest.raises(BusyError), lock.hold(path):
            pass
    assert not path.exists()


def test_a_lock_from_the_future_of_a_clock_that_was_set_back_has_no_negative_age() -> None:
    assert lock.Owner(1, "h", "u", "2999-01-01T00:00:00+00:00").age_seconds == 0.0
    assert lock.Owner(1, "h", "u", "never").age_seconds == 0.0


def test_the_lock_of_another_machine_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    _write_owner(path, host="another-machine", boot="another-boot")
    with pytest.raises(BusyError) as busy, lock.hold(path):
        pass
    assert "another-machine" in busy.value.en
    assert f"delete {path}" in busy.value.en
    owner = lock.find_owner(path)
    assert owner is not None
    assert owner.host == "another-machine"
    assert path.exists()


@pytest.mark.skipif(not lock._boot(), reason="the system has no identity of its start")
def test_a_dead_container_of_this_machine_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    _write_owner(path, host="container-of-yesterday", boot=lock._boot())
    with lock.hold(path):
        pass


def test_of_processes_that_start_at_once_beside_a_dead_lock_exactly_one_gets_it(tmp_path: Path, start: Start) -> None:
    path = tmp_path / "lock"
    _write_owner(path)
    processes = [start(path, 3.0) for _ in range(4)]
    assert sorted(_says(process) for process in processes) == ["busy", "busy", "busy", "held"]


def test_there_is_never_more_than_one_holder(tmp_path: Path) -> None:
    """Writers in a row, removed lock files and people who look: a counter that nobody else guards stays right."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom ingest.errors import BusyError\nfrom warehouse import lock\n"
        "path, counter = Path(sys.argv[1]), Path(sys.argv[2])\ndone = 0\n"
        "while done < 40:\n"
        "    lock.find_owner(path)\n"
        "    try:\n"
        "        with lock.hold(path):\n"
        "            counter.write_text(str(int(counter.read_text()) + 1))\n"
        "            done += 1\n"
        "    except BusyError:\n        pass\n"
    )
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", script, str(tmp_path / "lock"), str(counter)]
    processes = [subprocess.Popen(command, env=ENVIRONMENT) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert counter.read_text() == "120"


def test_whoever_looks_does_not_disturb_and_sees_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert lock.find_owner(path) is None
    with lock.hold(path, command="run", run_id="r2") as owner:
        assert lock.find_owner(path) == owner
    path.write_text("{}", encoding="utf-8")
    assert lock.find_owner(path) is None


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="the system cannot refuse links")
def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("kept", encoding="utf-8")
    (tmp_path / "lock").symlink_to(target)
    with pytest.raises(OSError, match="lock"), lock.hold(tmp_path / "lock"):
        pass
    assert target.read_text(encoding="utf-8") == "kept"


@AS_ROOT
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_another_user_respects_the_living_and_takes_over_from_the_dead(tmp_path: Path, start: Start, mask: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    path = folder / "lock"
    before = os.umask(mask)
    try:
        holder = start(path)
        assert _says(holder) == "held"
    finally:
        os.umask(before)
    assert _as_nobody(path).startswith("busy:")
    assert str(holder.pid) in _as_nobody(path)
    holder.kill()
    holder.wait()
    assert _as_nobody(path) == "held"
    assert list(folder.iterdir()) == []


@AS_ROOT
def test_a_dead_lock_that_may_not_be_replaced_is_a_clear_error(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    _write_owner(folder / "lock")
    folder.chmod(0o755)
    for mode in (0o644, 0o600):
        (folder / "lock").chmod(mode)
        assert _as_nobody(folder / "lock") == "lock_not_usable"


def _as_nobody(path: Path) -> str:
    """What another user gets: `held`, `busy: …` or the code of the error. The user exists in the child only."""
    for folder in path.parents:
        # The folders of pytest are closed to others.
        if folder == Path(tempfile.gettempdir()):
            break
        folder.chmod(folder.stat().st_mode | 0o011)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            with lock.hold(path):
                answer = "held"
        except BusyError as error:
            answer = f"busy: {error.en}"
        except UnreachableError as error:
            answer = error.code
        except OSError as error:
            answer = repr(error)
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as answers:
        return answers.read()
