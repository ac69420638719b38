"""The command from the outside: what is printed, where, and the exit code. dbt is replaced."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.records import DocumentRecord, FailedDocument
from tests.conftest import Call
from warehouse import build as building
from warehouse import cli, lock
from warehouse.build import BuildResult
from warehouse.commands import exit_codes
from warehouse.dbt_outcomes import CheckOutcome
from warehouse.home import Home, find_home
from warehouse.release import list_releases, publish
from warehouse.standing_dbt import StandingDbt

MakeBuild = Callable[..., Home]
pytestmark = pytest.mark.usefixtures("forked_worker")
ROOT = Path(cli.__file__).parents[1]
REPORT = (
    "2020年度金保网运行经费绩效自评报告\n"
    "一、项目概况\n盐边县人力资源和社会保障局实施金保网网络运行项目。\n"
    "二、资金情况\n项目批复资金16800元，实际支出16800元。\n"
    "三、绩效自评结论\n绩效目标完成。\n四、存在问题\n预算编制不细。\n五、建议\n加强管理。\n"
)


@pytest.fixture
def published(home: Home) -> Home:
    """A home folder with one release."""
    publish(home)
    return home


def test_sql_prints_a_table_with_the_names_asked_for(call: Call, published: Home) -> None:
    outcome = call("sql", "from 中文.资金 select 年度, 金额 order by 年度", "--home", published.root)
    assert outcome.code == 0
    assert [line.split() for line in outcome.out.splitlines() if "0.00" in line] == [
        ["2020", "16800.00"],
        ["2023", "180000.00"],
    ]


@pytest.mark.parametrize("before", [True, False])
def test_options_for_all_commands_stand_before_or_after_the_name(call: Call, published: Home, before: bool) -> None:
    options = ["--home", published.root, "--lang", "zh"]
    arguments = [*options, "sql", "drop table x"] if before else ["sql", "drop table x", *options]
    outcome = call(*arguments)
    assert outcome.code == exit_codes.USAGE
    assert outcome.err.startswith("未执行：")


def test_sql_writes_exact_csv_json_and_parquet(call: Call, published: Home, tmp_path: Path) -> None:
    query = "select fiscal_year, amount_yuan, evaluated_on from fct_funding order by fiscal_year"
    out = call("sql", query, "--format", "csv", "--home", published.root).out
    assert list(csv.reader(io.StringIO(out))) == [
        ["fiscal_year", "amount_yuan", "evaluated_on"],
        ["2020", "16800.00", "2021-09-03"],
        ["2023", "180000.00", ""],
    ]
    target = tmp_path / "结果.json"
    assert call("sql", query, "--format", "json", "-o", target, "--home", published.root).code == 0
    assert json.loads(target.read_text(encoding="utf-8"))[0] == {
        "fiscal_year": 2020,
        "amount_yuan": "16800.00",
        "evaluated_on": "2021-09-03",
    }
    target = tmp_path / "x.parquet"
    assert call("sql", query, "--format", "parquet", "--output", target, "--home", published.root).code == 0
    assert str(pq.read_table(target).schema.field("amount_yuan").type) == "decimal128(18, 2)"


def test_parquet_without_a_file_is_a_usage_error(call: Call, published: Home) -> None:
    outcome = call("sql", "from fct_funding", "--format", "parquet", "--home", published.root)
    assert (outcome.code, outcome.out) == (exit_codes.USAGE, "")
    assert "--output" in outcome.err


def test_sql_reads_standard_input(call: Call, published: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.TextIOWrapper(io.BytesIO("\ufefffrom 中文.资金 select count(*) as 数".encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert json.loads(call("sql", "-", "--format", "json", "--home", published.root).out) == [{"数": 2}]


def test_sql_takes_the_mark_that_windows_puts_before_a_text(call: Call, published: Home) -> None:
    assert call("sql", "\ufeffselect 1 as n", "--format", "csv", "--home", published.root).out == "n\n1\n"


def test_table_ends_where_a_screen_could_not_lay_it_out(call: Call, published: Home) -> None:
    query = "select range(20) as a, range(20) as b from range(2000)"
    outcome = call("sql", query, "--limit", "0", "--home", published.root)
    assert outcome.code == 0
    assert "rows fit a table" in outcome.err
    assert 100 < len(outcome.out.splitlines()) < 2_000


def test_date_that_no_calendar_knows_is_one_sentence(call: Call, published: Home) -> None:
    for value in ("date '20000-01-01'", "'infinity'::timestamp", "['-infinity'::date]"):
        for form in ("table", "csv", "json"):
            outcome = call("sql", f"select {value} as d", "--format", form, "--home", published.root)
            assert outcome.code == 2
            assert "::varchar" in outcome.err


def test_screen_is_cut_at_the_limit_with_a_note(call: Call, published: Home) -> None:
    cut = call("sql", "from range(30)", "--limit", "10", "--home", published.root)
    assert "--limit 0" in cut.err
    assert "29" not in cut.out
    whole = call("sql", "from range(30)", "--limit", "0", "--home", published.root)
    assert (whole.err, "29" in whole.out) == ("", True)


def test_file_formats_are_cut_only_when_asked(call: Call, published: Home) -> None:
    options = ("sql", "from range(1500)", "--format", "csv", "--home", published.root)
    assert len(call(*options).out.split()) == 1501
    cut = call(*options, "--limit", "10")
    assert len(cut.out.split()) == 11
    assert "--limit 0" in cut.err


def test_reading_before_anything_is_published_names_the_next_step(call: Call, tmp_path: Path) -> None:
    outcome = call("sql", "select 1", "--home", tmp_path / "none")
    assert outcome.code == exit_codes.FAILED
    assert "fundperf run" in outcome.err


def test_status_tells_release_rows_and_what_waits(call: Call, published: Home) -> None:
    waiting = [{"input_name": "坏.txt", "code": "empty_document", "message_zh": "坏.txt：文件为空。",
                "message_en": "坏.txt: the file is empty.", "since": "2023-01-01T00:00:00+00:00"}]  # fmt: skip
    counts = {"inputs": 2, "loaded": 1, "unchanged": 0, "quarantined": 1}
    content = {"finished_at": "2023-01-01T00:00:00+00:00", "load_id": "x", **counts, "waiting": waiting}
    published.last_run.write_text(json.dumps(content), encoding="utf-8")
    found = json.loads(call("status", "--json", "--home", published.root).out)
    assert found["release"]["row_counts"]["marts.fct_funding"] == 2
    assert found["last_load"] == {"finished_at": "2023-01-01T00:00:00+00:00", "load_id": "x", **counts}
    assert found["waiting"] == waiting
    screen = call("status", "--home", published.root, "--lang", "zh").out
    assert found["release"]["file"] in screen
    assert "坏.txt：文件为空。" in screen


def test_status_of_an_empty_home_is_no_failure(call: Call, tmp_path: Path) -> None:
    outcome = call("status", "--home", tmp_path / "none")
    assert outcome.code == 0
    assert "Nothing is published yet" in outcome.out


def test_releases_are_listed_and_rolled_back(call: Call, published: Home) -> None:
    first = list_releases(published)[0].release_id
    second = publish(published).release_id
    listed = json.loads(call("release", "list", "--json", "--home", published.root).out)
    assert [(entry["release_id"], entry["is_current"]) for entry in listed] == [(second, True), (first, False)]
    assert first in call("release", "rollback", "--home", published.root).out
    assert published.current.read_text(encoding="utf-8").strip() == first
    assert call("release", "rollback", "--home", published.root).code == exit_codes.FAILED
    assert first in call("release", "list", "--home", published.root).out


def test_release_alone_publishes_the_build(call: Call, home: Home) -> None:
    assert call("release", "--home", home.root).code == 0
    assert len(list_releases(home)) == 1


def test_second_writer_ends_with_busy(call: Call, home: Home) -> None:
    with lock.hold(home.lock):
        outcome = call("release", "--home", home.root)
    assert outcome.code == exit_codes.BUSY
    assert str(os.getpid()) in outcome.err
    assert list_releases(home) == []


def _finished(home: Home, failed: bool = False) -> BuildResult:
    status = "fail" if failed else "pass"
    check = CheckOutcome("dbt_test", "unique_x", "marts.x", "error", status, "Got 1 result", int(failed))
    building.write_note(
        home, building.BuildNote(building.fingerprint(home), building.describe_content(home.build_file), {})
    )
    building._record(home.build_file, {"test.fundperf.unique_x": check}, [], {"nodes": {}})
    return BuildResult(models=3, seeds=1, checks=(check,), seconds=1.0)


def test_build_and_check_end_with_failure_when_a_check_fails(
    call: Call, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.build_note.unlink()
    monkeypatch.setattr(building, "build", lambda home, *, from_scratch, dbt: _finished(home, failed=True))
    monkeypatch.setattr(building, "run_checks", lambda home: _finished(home, failed=True))
    for command, said in (("build", "Got 1 result"), ("check", "rows that fail: 1")):
        outcome = call(command, "--home", home.root)
        assert outcome.code == exit_codes.FAILED
        assert "unique_x" in outcome.out
        assert said in outcome.out
    outcome = call("release", "--home", home.root)
    assert (outcome.code, list_releases(home)) == (exit_codes.FAILED, [])


def _waiting(call: Call, home: Home) -> list[dict[str, str]]:
    waiting: list[dict[str, str]] = json.loads(call("status", "--json", "--home", home.root).out)["waiting"]
    return waiting


def test_run_loads_builds_publishes_and_then_finds_nothing_to_do(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Home] = []
    started: list[StandingDbt] = []

    def build(home: Home, *, from_scratch: bool = False, dbt: StandingDbt | None = None) -> BuildResult:
        built.append(home)
        return _finished(home)

    monkeypatch.setattr(building, "build", build)
    monkeypatch.setattr(StandingDbt, "start", lambda dbt: started.append(dbt))
    # No file is taken for one that may still be changing.
    monkeypatch.setattr("ingest.readings._SETTLED_AFTER_NS", 0)
    folder = tmp_path / "材料"
    folder.mkdir()
    (folder / "报告.txt").write_text(REPORT, encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    home = find_home(tmp_path / "home")
    outcome = call("run", folder, "--home", home.root)
    assert outcome.code == exit_codes.PEOPLE_NEEDED, outcome.out + outcome.err
    assert "2 inputs = 1 loaded + 0 unchanged + 1 quarantined" in outcome.out
    assert "[empty_document] 空.txt" in outcome.out
    assert "fundperf status" in outcome.out
    assert len(list_releases(home)) == 1
    outcome = call("run", folder, "--home", home.root, "--lang", "zh")
    assert "输入 2 = 新载入 0 + 未变 1 + 隔离 1" in outcome.out
    assert "没有变化" in outcome.out
    assert (len(built), len(list_releases(home))) == (1, 1)
    # dbt is started as soon as something has to be read, and not where nothing has.
    assert len(started) == 1
    assert [
        entry["input_name"] for entry in json.loads(call("status", "--json", "--home", home.root).out)["waiting"]
    ] == ["空.txt"]
    (folder / "空.txt").write_text(REPORT.replace("2020", "2021"), encoding="utf-8")
    outcome = call("run", folder, "--home", home.root)
    assert outcome.code == 0
    assert (len(built), len(list_releases(home))) == (2, 2)
    assert len(started) == 2
    assert _waiting(call, home) == []
    assert not home.lock.exists()
    assert call("run", folder, "--home", home.root, "--force").code == 0
    assert (len(built), len(started)) == (3, 3)


def test_missing_path_is_a_usage_error_and_leaves_no_lock(call: Call, tmp_path: Path) -> None:
    outcome = call("ingest", tmp_path / "nothing.txt", "--home", tmp_path / "home")
    assert outcome.code == exit_codes.USAGE
    assert "nothing.txt" in outcome.err
    assert not (tmp_path / "home" / "lock").exists()


def test_extract_prints_one_object_per_document_in_the_order_given(call: Call, tmp_path: Path) -> None:
    good, bad = tmp_path / "z.txt", tmp_path / "a.txt"
    good.write_text(REPORT, encoding="utf-8")
    bad.write_bytes(b"\xff\xd8\xff\xe0JFIF")
    outcome = call("extract", good, bad, "--format", "jsonl", "--home", tmp_path / "home")
    first, second = outcome.out.splitlines()
    assert outcome.code == exit_codes.PEOPLE_NEEDED
    assert DocumentRecord.model_validate_json(first).document.file_name == "z.txt"
    assert FailedDocument.model_validate_json(second).error.code == "damaged_file"
    assert [entry["document"]["file_name"] for entry in json.loads(call("extract", good, bad).out)] == [
        "z.txt",
        "a.txt",
    ]
    single = call("extract", good)
    assert (single.code, json.loads(single.out)["document"]["file_name"]) == (0, "z.txt")
    assert not (tmp_path / "home").exists()


def test_trace_needs_exactly_one_of_id_and_search(call: Call, published: Home) -> None:
    assert call("trace", "--home", published.root).code == exit_codes.USAGE
    assert call("trace", "x", "--find", "y", "--home", published.root).code == exit_codes.USAGE
    outcome = call("trace", "--find", "没有", "--home", published.root)
    assert (outcome.code, outcome.out.strip()) == (exit_codes.FAILED, "Nothing found for 没有.")


def test_unexpected_failure_is_one_sentence_and_a_log(
    call: Call, published: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(home: Home) -> None:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("warehouse.status.read_status", fail)
    outcome = call("status", "--home", published.root)
    assert outcome.code == exit_codes.FAILED
    assert "Traceback" not in outcome.err + outcome.out
    assert len(outcome.err.splitlines()) == 1
    log = next(published.logs.glob("error-*.log"))
    assert str(log) in outcome.err
    assert "RuntimeError: first line\nsecond line" in log.read_text(encoding="utf-8")


def test_unknown_command_is_a_usage_error(call: Call) -> None:
    assert call("bogus").code == exit_codes.USAGE


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom warehouse import cli\nsys.argv = ['fundperf', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'duckdb', 'polars', 'pandas', 'pydantic', 'pyarrow', 'sqlglot', 'dbt', 'great_expectations'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True, env=environment
    )
    assert finished.stdout.splitlines()[-1] == "[]"
    for command in ("run", "ingest", "extract", "build", "check", "release", "status", "sql", "trace"):
        assert f"\n  {command} " in finished.stdout


def test_output_survives_a_console_that_cannot_show_chinese(published: Home) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "warehouse.cli", "sql", "from 中文.资金", "--home", str(published.root)]
    finished = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert finished.returncode == 0
    assert b"16800.00" in finished.stdout
    assert b"\\u91d1\\u989d" in finished.stdout


@pytest.mark.parametrize("command", ["sql", "status", "trace", "extract"])
def test_data_for_programs_are_utf8_whatever_the_locale_says(published: Home, tmp_path: Path, command: str) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(REPORT, encoding="utf-8")
    home = published.root
    arguments: list[object] = {
        "sql": ["sql", "select '金额' as 名", "--format", "csv", "--home", home],
        "status": ["status", "--json", "--home", tmp_path / "数据仓"],
        "trace": ["trace", "--find", "金", "--json", "--home", home],
        "extract": ["extract", report, "--home", home],
    }[command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1:replace", "PYTHONUTF8": "0"}
    finished = subprocess.run(
        [sys.executable, "-m", "warehouse.cli", *map(str, arguments)],
        capture_output=True,
        env={**environment, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    expected = {"sql": "名\n金额\n", "status": "数据仓", "trace": "[]\n", "extract": "盐边县人力资源和社会保障局"}[
        command
    ]
    assert expected in finished.stdout.decode("utf-8")
    assert b"\r" not in finished.stdout


@pytest.mark.parametrize("target", ["nowhere/x.csv", "."])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_output_that_cannot_be_written_is_one_sentence_with_the_path_as_typed(
    call: Call, published: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = call("sql", "from fct_funding", "--format", form, "-o", target, "--home", published.root)
    assert (outcome.code, outcome.out) == (exit_codes.USAGE, "")
    assert outcome.err.startswith(f"{Path(target)}: it cannot be written (")
    assert len(outcome.err.splitlines()) == 1
    assert list(tmp_path.glob(".*.csv*")) == []


@pytest.mark.parametrize(
    "command", [["status"], ["sql", "select 1"], ["build"], ["ingest", "file"], ["release", "list"]]
)
def test_a_home_that_is_no_folder_is_one_sentence_with_the_path_as_typed(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    outcome = call(*command, "--home", "file")
    assert outcome.code == exit_codes.USAGE
    assert outcome.err.startswith("file: this cannot be the home folder")
    assert len(outcome.err.splitlines()) == 1
    below = call("ingest", "file", "--home", "file/below")
    assert below.code == exit_codes.USAGE
    assert below.err.startswith(f"{Path('file/below')}: this cannot be the home folder")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("redirect", [">/dev/full", ">&-"])
def test_a_standard_output_that_takes_nothing_is_one_sentence(published: Home, redirect: str) -> None:
    command = f'"{sys.executable}" -m warehouse.cli status --home "{published.root}" {redirect}'
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    finished = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert finished.returncode == exit_codes.FAILED
    assert finished.stderr.startswith("standard output: it cannot be")
    assert len(finished.stderr.splitlines()) == 1


def test_names_of_files_do_not_steer_the_terminal(call: Call, tmp_path: Path) -> None:
    outcome = call("ingest", f"{tmp_path}/no\x1b[2J\nFAKE", "--home", tmp_path / "home")
    assert outcome.code == exit_codes.USAGE
    assert "no\\x1b[2J\\nFAKE" in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_search_for_nothing_is_a_usage_error(call: Call, published: Home) -> None:
    assert call("trace", "--find", " ", "--home", published.root).code == exit_codes.USAGE


def test_rollback_without_an_older_release_has_failed(call: Call, published: Home) -> None:
    assert call("release", "rollback", "--home", published.root).code == exit_codes.FAILED
