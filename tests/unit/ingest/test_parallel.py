from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import UnreachableError
from ingest.inputs import Input, Outcome, Quarantined, find_inputs
from ingest.parallel import Crew, count_cores, read_inputs
from ingest.reading_process import ReadingLimits
from ingest.records import DocumentRecord
from tests.conftest import ROOT

HOSTILE = "tests.support.hostile_readers:extract"
needs_limits = pytest.mark.skipif(sys.platform != "linux", reason="only there the memory of a process is limited")


def write(folder: Path, orders: Sequence[str]) -> list[Input]:
    """One document for each order."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, order in enumerate(orders):
        (folder / f"{number:03}.txt").write_text(order, encoding="utf-8")
    return find_inputs([folder])


def read(folder: Path, orders: Sequence[str], limits: ReadingLimits | None = None) -> list[Outcome]:
    """The outcomes of documents with these orders, which must come in the order given."""
    inputs = write(folder, orders)
    found = list(Crew(2, limits or ReadingLimits(), extract=HOSTILE).read(inputs))
    assert [entry for entry, _ in found] == inputs
    return [outcome for _, outcome in found]


def codes(outcomes: Sequence[Outcome]) -> list[str]:
    """`read`, or the code of the reason."""
    return [outcome.code if isinstance(outcome, Quarantined) else "read" for outcome in outcomes]


def test_outcomes_come_in_the_order_given_however_long_each_takes(tmp_path: Path) -> None:
    orders = ["slow a" if number % 7 == 0 else f"text {number}" for number in range(80)]
    outcomes = read(tmp_path, orders)
    assert codes(outcomes) == ["read"] * 80
    names = [outcome.reports[0].project_name for outcome in outcomes if isinstance(outcome, DocumentRecord)]
    assert names == [order.split()[1] for order in orders]


def test_what_dies_or_hangs_costs_exactly_its_document(tmp_path: Path) -> None:
    orders = ["text a", "exit b", "text c", "hang d", "crash e", "text f", "hang-in-c g", "text h", "print i"]
    outcomes = read(tmp_path, orders, ReadingLimits(seconds=3.0))
    assert codes(outcomes) == [
        "read", "reader_died", "read", "time_limit", "reader_died", "read", "time_limit", "read", "read",
    ]  # fmt: skip
    died, late, crashed = outcomes[1], outcomes[3], outcomes[4]
    assert isinstance(died, Quarantined)
    assert isinstance(late, Quarantined)
    assert isinstance(crashed, Quarantined)
    assert late.document_sha256 == hashlib.sha256(b"hang d").hexdigest()
    assert "3 seconds" in late.message_en
    assert "--time-limit" in late.message_zh
    for quarantined in (died, late, crashed):
        assert quarantined.input_name in quarantined.message_en
        assert "请" in quarantined.message_zh
    if sys.platform == "linux":
        assert "SIGSEGV" in crashed.message_en


@needs_limits
def test_a_document_that_fills_the_memory_ends_its_worker_only(tmp_path: Path) -> None:
    outcomes = read(tmp_path, ["fill a", "text b", "fill c", "text d"], ReadingLimits(memory_bytes=1024**3))
    assert codes(outcomes) == ["reader_died", "read", "reader_died", "read"]


def test_workers_end_when_nobody_wants_the_rest(tmp_path: Path) -> None:
    inputs = write(tmp_path, ["text a", "hang b", "hang c", "hang d"])
    crew = Crew(2, ReadingLimits(), extract=HOSTILE)
    outcomes = crew.read(inputs)
    next(outcomes)
    started = time.monotonic()
    outcomes.close()
    assert time.monotonic() - started < 20
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("reading")] == []


def test_workers_that_never_start_are_reported_instead_of_blaming_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(UnreachableError, match="--jobs 1") as caught:
        read(tmp_path / "in", ["text a", "text b"])
    assert caught.value.code == "workers_do_not_start"


def test_few_small_texts_and_records_are_read_in_this_process(
    tmp_path: Path, make_record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.parallel.Crew", None)
    inputs = write(tmp_path, ["甲", "乙"])
    (tmp_path / "r.jsonl").write_text(make_record().to_json() + "\n", encoding="utf-8")
    (tmp_path / "x.tmp").write_bytes(b"%PDF-1.7")
    inputs = find_inputs([tmp_path])
    assert len(list(read_inputs(inputs))) == 4
    assert len(list(read_inputs(inputs * 3, jobs=1))) == 12


@pytest.mark.parametrize("content", [b"%PDF-1.7 and so on", b"x" * 300_000], ids=["no text", "large"])
def test_other_formats_and_large_files_go_to_workers(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Spy(Crew):
        def __init__(self, jobs: int, limits: ReadingLimits, **options: Any) -> None:
            super().__init__(jobs, limits, **options)
            asked.append(jobs)

    monkeypatch.setattr("ingest.parallel.Crew", Spy)
    (tmp_path / "a.txt").write_bytes(content)
    [(_, outcome)] = read_inputs(find_inputs([tmp_path]))
    assert isinstance(outcome, Quarantined)
    assert outcome.code not in {"reader_died", "internal_error"}
    assert asked == [1]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_a_text_that_hangs_in_this_process_is_interrupted(tmp_path: Path) -> None:
    from tests.support.hostile_readers import extract

    inputs = write(tmp_path, ["hang a", "text b"])
    before = signal.getsignal(signal.SIGALRM)
    outcomes = [outcome for _, outcome in read_inputs(inputs, extract=extract, limits=ReadingLimits(seconds=0.2))]
    assert codes(outcomes) == ["time_limit", "read"]
    assert signal.getsignal(signal.SIGALRM) is before


def test_memory_that_does_not_suffice_in_this_process_is_a_reason(tmp_path: Path) -> None:
    def fill(*_: object) -> DocumentRecord:
        raise MemoryError

    [(_, outcome)] = read_inputs(write(tmp_path, ["a"]), extract=fill)
    assert codes([outcome]) == ["reader_died"]


def test_there_is_at_least_one_core() -> None:
    assert count_cores() >= 1


ENDLESS = """
import sys
from pathlib import Path
from ingest.inputs import find_inputs
from ingest.parallel import Crew
from ingest.reading_process import ReadingLimits
for entry, outcome in Crew(2, ReadingLimits(), extract="tests.support.hostile_readers:extract").read(
    find_inputs([Path(sys.argv[1])])
):
    print(entry.name, flush=True)
"""


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_no_process_stays_behind(tmp_path: Path, end: signal.Signals) -> None:
    write(tmp_path, ["text a", "hang b", "hang c", "text d"])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ENDLESS, str(tmp_path)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        workers = children(running.pid)
        assert len(workers) == 2
        started = time.monotonic()
        running.send_signal(end)
        running.wait(20)
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() - started < 20
        time.sleep(0.1)
