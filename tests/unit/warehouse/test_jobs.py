"""`fundperf run` as a job: history, log, room, leftovers, retention, notices, settings. dbt is replaced."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
import typer

from ingest.errors import BuildError, CheckError, UnreachableError, UsageError
from tests.conftest import Call
from tests.unit.warehouse.test_cli import REPORT, _finished
from warehouse import build as building
from warehouse import cli, housekeeping, lock, run_history
from warehouse.build import BuildResult
from warehouse.commands import exit_codes
from warehouse.home import Home, find_home
from warehouse.job import Job, working
from warehouse.notification import notify, split_command
from warehouse.pipeline import record_runs
from warehouse.release import list_releases, publish
from warehouse.run_history import RunRow, read_history
from warehouse.settings import Keep, Settings, read_settings
from warehouse.standing_dbt import StandingDbt

ROOT = Path(cli.__file__).parents[1]
PRIVATE = "私密姓名"


class Place(NamedTuple):
    """A home folder, and a folder with one report and one empty file."""

    home: Home
    folder: Path


@pytest.fixture(autouse=True)
def without_dbt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds are made without dbt."""
    monkeypatch.setattr(building, "build", lambda home, *, from_scratch=False, dbt=None: _finished(home))
    monkeypatch.setattr(StandingDbt, "start", lambda dbt: None)
    monkeypatch.setenv("FUNDPERF_JOBS", "1")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty home folder and a report."""
    folder = tmp_path / "材料"
    folder.mkdir()
    (folder / f"{PRIVATE}.txt").write_text(REPORT, encoding="utf-8")
    return Place(find_home(tmp_path / "数据 仓"), folder)


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    """A home folder with nothing in it."""
    home = find_home(tmp_path / "home")
    home.root.mkdir()
    return home


def _program(tmp_path: Path, body: str) -> str:
    path = tmp_path / "notify.py"
    path.write_text(body, encoding="utf-8")
    return f'"{sys.executable}" "{path}"'


def _collecting(tmp_path: Path) -> tuple[str, Path]:
    told = tmp_path / "told.json"
    body = f"import sys\nfrom pathlib import Path\nPath({str(told)!r}).write_bytes(sys.stdin.buffer.read())\n"
    return _program(tmp_path, body), told


def _log_lines(home: Home) -> list[dict[str, Any]]:
    [path] = home.run_logs.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_a_row_a_log_and_the_time_of_its_stages(call: Call, place: Place) -> None:
    outcome = call("run", place.folder, "--home", place.home.root)
    assert outcome.code == 0, outcome.err
    [row] = read_history(place.home)
    assert (row.command, row.outcome, row.exit_code, row.error_code) == ("run", "done", 0, None)
    assert (row.inputs, row.loaded, row.unchanged, row.quarantined) == (1, 1, 0, 0)
    assert row.release_id == list_releases(place.home)[0].release_id
    assert list(row.stages) == ["read", "land", "check", "build", "publish"]
    assert row.seconds is not None
    assert 0 < sum(row.stages.values()) <= row.seconds
    for stage in row.stages:
        assert f"{stage} {row.stages[stage]:.1f} s" in outcome.out
    assert [line["event"] for line in _log_lines(place.home) if not line["event"].startswith("stage")] == [
        "run_began",
        "room",
        "loaded",
        "built",
        "released",
        "run_ended",
    ]
    shown = call("runs", "--home", place.home.root, "--lang", "zh").out
    assert row.started_at in shown
    assert "1 / 0 / 0" in shown


def test_logs_and_history_hold_no_text_of_documents_and_no_names(
    call: Call, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "t0p-s3cret")
    (place.folder / f"{PRIVATE}空.txt").write_bytes(b"")
    assert call("run", place.folder, "--home", place.home.root).code == exit_codes.PEOPLE_NEEDED
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in (place.home.run_history, *place.home.logs.rglob("*"))
        if path.is_file()
    )
    assert '"empty_document": 1' in written
    for private in (PRIVATE, "盐边县", "金保网", "t0p-s3cret"):
        assert private not in written


def test_people_needed_and_failure_are_told_apart(call: Call, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.folder / "空.txt").write_bytes(b"")
    call("run", place.folder, "--home", place.home.root)
    monkeypatch.setattr(building, "build", lambda home, *, from_scratch=False, dbt=None: _finished(home, failed=True))
    call("run", place.folder, "--home", place.home.root, "--force")

    def fail(home: Home, *, from_scratch: bool = False, dbt: StandingDbt | None = None) -> BuildResult:
        raise ZeroDivisionError(PRIVATE)

    monkeypatch.setattr(building, "build", fail)
    call("run", place.folder, "--home", place.home.root, "--force")
    call("run", place.folder / "nothing", "--home", place.home.root)
    assert [(row.outcome, row.exit_code, row.error_code) for row in read_history(place.home)] == [
        ("people_needed", 3, None),
        ("failed", 1, "checks_failed"),
        ("failed", 1, "ZeroDivisionError"),
        ("failed", 2, "no_such_path"),
    ]
    assert not place.home.lock.exists()


def test_every_call_that_writes_is_in_the_history(call: Call, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "run_checks", lambda home: _finished(home))
    call("run", place.folder, "--home", place.home.root)
    for command in (["ingest", place.folder], ["build"], ["check"], ["release"], ["release", "rollback"]):
        assert call(*command, "--home", place.home.root).code == 0
    commands = [row.command for row in read_history(place.home)]
    assert commands == ["run", "ingest", "build", "check", "release", "release rollback"]


def test_a_killed_run_is_interrupted_and_the_next_one_works_and_takes_its_rubbish_away(call: Call, home: Home) -> None:
    home.prepare()
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom warehouse.home import find_home\n"
        "from warehouse.job import working\nhome = find_home(sys.argv[1])\n"
        "with working(home, 'run') as job, job.stage('read'):\n"
        "    (home.releases / '.staging-x-1').mkdir()\n    (home.releases / '.staging-x-1' / 'f').write_text('half')\n"
        "    (home.releases / '.removed-x').mkdir()\n"
        "    (home.root / '.last_run.json.123').write_text('half')\n"
        "    home.build_file.with_name('build.duckdb.tmp').mkdir()\n"
        "    print('works', flush=True)\n    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(home.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "works"
        running = json.loads(call("status", "--json", "--home", home.root).out)["running"]
        assert running["pid"] == process.pid
        assert running["run_id"] == read_history(home)[0].run_id
        assert read_history(home)[0].outcome == "running"
        busy = call("run", "--home", home.root)
        assert busy.code == exit_codes.BUSY
        assert str(process.pid) in busy.err
        process.kill()
    assert [row.outcome for row in read_history(home)] == ["interrupted"]
    assert json.loads(call("status", "--json", "--home", home.root).out)["running"] is None
    assert call("run", "--home", home.root).code == 0
    assert [row.outcome for row in read_history(home)] == ["interrupted", "done"]
    rubbish = (".staging", ".removed", ".123", ".tmp")
    assert [path for path in home.root.rglob("*") if any(part in path.name for part in rubbish)] == []


@pytest.mark.parametrize(
    ("error", "outcome", "exit_code", "code"),
    [
        (SystemExit(143), "interrupted", 143, None),
        (KeyboardInterrupt(), "interrupted", 130, "KeyboardInterrupt"),
        (typer.Exit(1), "failed", 1, None),
        (BuildError("build_failed", zh="x", en="x"), "failed", 1, "build_failed"),
        (OSError(errno.EIO, "x"), "failed", 1, "OSError"),
    ],
)
def test_how_a_run_ended_is_kept(
    empty: Home, error: BaseException, outcome: str, exit_code: int, code: str | None
) -> None:
    with pytest.raises(type(error)), working(empty, "run"):
        raise error
    [row] = read_history(empty)
    assert (row.outcome, row.exit_code, row.error_code) == (outcome, exit_code, code)
    assert row.finished_at is not None


def test_history_survives_broken_lines_and_a_clock_that_was_set_back(empty: Home) -> None:
    first = RunRow("b", "run", "2024-05-02T00:00:00+00:00", "1", "u@h:1")
    second = RunRow("a", "run", "2024-05-01T00:00:00+00:00", "1", "u@h:2")
    run_history.begin(empty, first)
    with empty.run_history.open("ab") as handle:
        handle.write('{"event": "ended", "run_id": "b", "outco\xff'.encode("latin-1"))
    run_history.begin(empty, second)
    run_history.end(empty, RunRow(**{**second.to_dict(), "outcome": "done", "exit_code": 0}))
    with empty.run_history.open("a", encoding="utf-8") as handle:
        handle.write('[1]\n{"event": "ended", "run_id": "b", "outcome": "perfect"}\n{"run_id": 7, "event": "began"}\n')
    assert [(row.run_id, row.outcome) for row in read_history(empty)] == [("b", "interrupted"), ("a", "done")]


def test_only_the_last_runs_stay(empty: Home) -> None:
    for number in range(24):
        row = RunRow(str(number), "run", "2024-05-01T00:00:00+00:00", "1", "u@h:1")
        run_history.begin(empty, row)
        run_history.end(empty, RunRow(**{**row.to_dict(), "outcome": "done", "exit_code": 0, "stages": {"read": 1.5}}))
    run_history.forget_old(empty, keep=10)
    rows = read_history(empty)
    assert [row.run_id for row in rows] == [str(number) for number in range(14, 24)]
    assert {(row.outcome, row.stages["read"]) for row in rows} == {("done", 1.5)}


def test_analysts_find_the_runs_in_the_release_and_marts_do_not_change(home: Home) -> None:
    running = RunRow("now", "run", "2024-05-02T03:00:00+00:00", "1", "u@h:2", stages={"build": 2.0})
    run_history.begin(home, RunRow("before", "run", "2024-05-01T00:00:00+08:00", "1", "u@h:1"))
    run_history.begin(home, running)
    before = building.fingerprint(home)
    record_runs(home, running)
    record_runs(home, running)
    assert building.fingerprint(home) == before
    with duckdb.connect(str(publish(home).file), read_only=True) as connection:
        rows = connection.execute("select run_id, started_at, outcome, build_seconds from ops.runs").fetchall()
    assert [(run_id, str(at), outcome, seconds) for run_id, at, outcome, seconds in rows] == [
        ("before", "2024-04-30 16:00:00", "interrupted", None),
        ("now", "2024-05-02 03:00:00", "running", 2.0),
    ]


# Room on the disk.


def _with_free(monkeypatch: pytest.MonkeyPatch, free_mb: int) -> None:
    usage = shutil.disk_usage("/")._replace(free=free_mb * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)


def test_a_run_begins_only_when_build_and_release_fit(call: Call, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.prepare()
    home.build_file.write_bytes(b"")
    os.truncate(home.build_file, 40_000_000)
    _with_free(monkeypatch, 179)
    outcome = call("run", "--home", home.root)
    assert outcome.code == exit_codes.FAILED
    for part in ("About 180 MB are needed", "179 MB are free", "keep.releases", str(home.settings)):
        assert part in outcome.err
    assert read_history(home)[-1].error_code == "too_little_room"
    assert housekeeping.require_room(home, 90) == {"needed_mb": 170, "free_mb": 179}


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "x"),
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
        BuildError("build_failed", zh="x", en="failed: IO Error: No space left on device"),
    ],
)
def test_a_disk_that_becomes_full_is_named_and_keeps_the_release(
    call: Call, home: Home, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    assert call("run", "--home", home.root).code == 0

    def fail(home: Home, *, from_scratch: bool = False, dbt: StandingDbt | None = None) -> BuildResult:
        raise error

    monkeypatch.setattr(building, "build", fail)
    outcome = call("run", "--home", home.root, "--force")
    assert outcome.code == exit_codes.FAILED
    assert outcome.err.startswith(f"{home.root}: the disk is full (")
    assert len(outcome.err.splitlines()) == 1
    assert read_history(home)[-1].error_code == "disk_full"
    assert len(list_releases(home)) == 1


def test_a_full_disk_hides_nothing_when_even_the_history_cannot_be_written(
    empty: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(home: Home, row: RunRow) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_history, "end", fail)
    with pytest.raises(CheckError), working(empty, "run"):
        raise CheckError("checks_failed", zh="x", en="x")


def test_a_home_that_cannot_be_written_is_one_sentence(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **facts: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(lock, "hold", refuse)
    outcome = call("build", "--home", tmp_path)
    assert outcome.code == exit_codes.USAGE
    assert outcome.err.startswith(f"{tmp_path}: this cannot be the home folder (Read-only file system)")


# What stays, and for how long.


def test_old_logs_and_pages_go_and_young_ones_stay(empty: Home) -> None:
    empty.prepare()
    empty.run_logs.mkdir()
    empty.last_run.write_text('{"load_id": "last"}', encoding="utf-8")
    days = {"old": 100, "young": 1, "last": 100}
    for name, age in days.items():
        (empty.data_docs / name).mkdir()
        (empty.data_docs / name / "index.html").write_text("x", encoding="utf-8")
        for file in (empty.run_logs / f"{name}.jsonl", empty.logs / f"error-{name}.log"):
            file.write_text("x", encoding="utf-8")
        for path in (empty.data_docs / name, empty.run_logs / f"{name}.jsonl", empty.logs / f"error-{name}.log"):
            os.utime(path, (time.time() - age * 86_400,) * 2)
    housekeeping.forget_old(empty, Keep())
    assert sorted(path.name for path in empty.data_docs.iterdir()) == ["last", "young"]
    assert [path.name for path in empty.run_logs.iterdir()] == ["young.jsonl"]
    assert [path.name for path in empty.logs.glob("*.log")] == ["error-young.log"]


def test_settings_have_defaults_and_say_how_many_releases_stay(call: Call, home: Home) -> None:
    assert read_settings(home) == Settings()
    home.settings.write_text("\ufeff[keep]\nreleases = 2\n", encoding="utf-8")
    assert read_settings(home).keep == Keep(releases=2)
    for _ in range(3):
        assert call("release", "--home", home.root).code == 0
    assert len(list_releases(home)) == 2


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[keep\n", "TOML"),
        ("[keep]\nreleases = 0\n", "keep.releases must be a whole number from 1"),
        ("[keep]\nreleases = true\n", "not True"),
        ("[keep]\nlog_days = '90'\n", "not '90'"),
        ("[keep]\nrelease = 3\n", "there is no keep.release, only keep.releases"),
        ("[notify]\n", "there is no notify, only keep, run"),
        ("keep = 3\n", "[keep]"),
        ("\udcff", "TOML"),
    ],
)
def test_broken_settings_name_the_file_the_place_and_what_there_is(
    call: Call, home: Home, text: str, part: str
) -> None:
    home.settings.write_bytes(text.encode("utf-8", errors="surrogateescape"))
    outcome = call("release", "--home", home.root)
    assert outcome.code == exit_codes.USAGE
    assert outcome.err.startswith(f"{home.settings}: ")
    assert part in outcome.err
    assert not home.lock.exists()


# Telling another program.


def test_another_program_gets_the_summary_on_success_failure_and_when_busy(
    call: Call, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, told = _collecting(tmp_path)
    options = ("--home", home.root, "--notify-command", command)
    assert call("run", *options).code == 0
    summary = json.loads(told.read_text(encoding="utf-8"))
    assert (summary["outcome"], summary["exit_code"], summary["command"]) == ("done", 0, "run")
    assert summary["release_id"] == list_releases(home)[0].release_id
    assert Path(summary["log"]).is_file()
    assert summary["home"] == str(home.root)

    monkeypatch.setattr(building, "build", lambda home, *, from_scratch=False, dbt=None: _finished(home, failed=True))
    assert call("run", *options, "--force").code == exit_codes.FAILED
    summary = json.loads(told.read_text(encoding="utf-8"))
    assert (summary["outcome"], summary["exit_code"], summary["error_code"]) == ("failed", 1, "checks_failed")
    assert "unique_x" in summary["message_en"]

    with lock.hold(home.lock, command="run", run_id="other"):
        assert call("run", *options).code == exit_codes.BUSY
    summary = json.loads(told.read_text(encoding="utf-8"))
    assert (summary["outcome"], summary["exit_code"], summary["run_id"]) == ("busy", 4, None)
    assert summary["busy_owner"]["pid"] == os.getpid()


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("import sys\nsys.stderr.write('no route\\n')\nsys.exit(7)\n", "exit code 7: no route"),
        ("import time\ntime.sleep(60)\n", "did not end within 1 s"),
    ],
)
def test_what_comes_of_the_notice_is_said_and_changes_nothing(
    call: Call, home: Home, tmp_path: Path, body: str, part: str
) -> None:
    home.settings.write_text("[run]\nnotify_seconds = 1\n", encoding="utf-8")
    command = _program(tmp_path, body)
    outcome = call("run", "--home", home.root, "--notify-command", command)
    assert outcome.code == 0
    assert part in outcome.err


def test_a_program_that_is_not_there_does_not_change_the_result(call: Call, home: Home) -> None:
    outcome = call("run", "--home", home.root, "--notify-command", "/no/such/program x")
    assert outcome.code == 0
    assert "could not be started" in outcome.err


def test_no_shell_sees_the_command(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    words = split_command(f"printf '%s' '$(touch {marker})' ; touch {marker} && `touch {marker}`")
    notify(words, {"message_en": f"$(touch {marker})"}, 10)
    assert not marker.exists()
    assert split_command("curl -H 'a: b c' x") == ["curl", "-H", "a: b c", "x"]


@pytest.mark.parametrize("command", ["", "  ", "sh -c 'x"])
def test_a_command_that_is_none_ends_the_call_before_it_begins(call: Call, place: Place, command: str) -> None:
    outcome = call("run", place.folder, "--home", place.home.root, "--notify-command", command)
    assert outcome.code == (exit_codes.USAGE if command else 0)
    assert place.home.root.exists() is not bool(command)


# Watching.


def test_status_is_stable_for_programs_that_watch(call: Call, home: Home) -> None:
    assert call("status", "--max-age", 24, "--home", home.root).code == exit_codes.FAILED
    call("run", "--home", home.root)
    found = json.loads(call("status", "--json", "--max-age", 24, "--home", home.root).out)
    assert found["running"] is None
    assert found["waiting_count"] == 0
    assert found["last_run"]["outcome"] == "done"
    assert found["last_run"]["stages"].keys() == {"build", "publish"}
    assert found["last_success"]["run_id"] == found["last_run"]["run_id"]
    assert 0 <= found["last_success"]["age_seconds"] < 60
    assert found["release"]["age_seconds"] < 60
    late = call("status", "--max-age", 0, "--home", home.root)
    assert late.code == exit_codes.FAILED
    assert "fundperf runs" in late.err


def test_a_failed_run_does_not_make_the_last_success_younger(empty: Home, call: Call) -> None:
    row = RunRow("a", "run", "2024-05-01T00:00:00+00:00", "1", "u@h:1")
    run_history.begin(empty, row)
    ended = {"finished_at": "2024-05-01T00:01:00+00:00", "outcome": "done", "exit_code": 0}
    run_history.end(empty, RunRow(**{**row.to_dict(), **ended}))
    with pytest.raises(UnreachableError), working(empty, "run"):
        raise UnreachableError("x", zh="x", en="x")
    with working(empty, "release"):
        pass
    found = json.loads(call("status", "--json", "--home", empty.root).out)
    assert (found["last_run"]["command"], found["last_success"]["run_id"]) == ("release", "a")
    assert call("status", "--max-age", 24, "--home", empty.root).code == exit_codes.FAILED


def test_a_stage_that_is_entered_twice_adds_up(empty: Home) -> None:
    def twice(job: Job) -> None:
        for _ in range(2):
            with job.stage("build"):
                time.sleep(0.02)

    with working(empty, "run") as job:
        twice(job)
    assert read_history(empty)[0].stages["build"] >= 0.04


def test_a_broken_setting_is_no_reason_against_looking(call: Call, home: Home) -> None:
    home.settings.write_text("[keep", encoding="utf-8")
    assert call("status", "--home", home.root).code == 0
    with pytest.raises(UsageError):
        read_settings(home)


# Unattended, wherever.


@pytest.mark.skipif(sys.platform == "win32", reason="paths are Unicode there whatever the locale says")
@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "en_US.ISO-8859-1", "PYTHONUTF8": "0"},
    ],
    ids=lambda locale: " ".join(f"{name}={value}" for name, value in locale.items()),
)
def test_chinese_paths_with_spaces_need_no_locale_no_home_no_terminal_and_no_standard_input(
    home: Home, tmp_path: Path, locale: dict[str, str]
) -> None:
    place = tmp_path / "数据 仓 库"
    home.root.rename(place)
    command = 'umask 077; "$0" -m warehouse.cli release --home "$1" --lang zh <&-; echo $?'
    finished = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(place)],
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, **locale},
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    printed = finished.stdout.decode("utf-8")
    assert printed.endswith("\n0\n"), finished.stderr
    [release] = list_releases(find_home(place))
    assert f"已发布：版本 {release.release_id}" in printed
    assert str(release.file) in printed
    assert read_history(find_home(place))[0].outcome == "done"


def test_a_clock_that_was_set_back_keeps_the_newest_last(
    call: Call, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    late, early = datetime(2030, 5, 1, 12, tzinfo=UTC), datetime(2030, 5, 1, 11, tzinfo=UTC)
    call("run", "--home", home.root)
    first = publish(home, clock=lambda: late)
    second = publish(home, clock=lambda: early)
    assert list_releases(home)[-1].release_id == second.release_id > first.release_id
    assert home.current.read_text(encoding="utf-8").strip() == second.release_id
    monkeypatch.setattr("ingest.raw_store.utc_now", lambda: late)
    _finished(home)
    monkeypatch.setattr("ingest.raw_store.utc_now", lambda: early)
    _finished(home, failed=True)
    with pytest.raises(CheckError):
        publish(home)
