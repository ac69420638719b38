"""What was known on a day, after more was loaded, corrected and withdrawn. One home, built once."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pytest

import warehouse.as_of
from ingest.errors import BusyError, UnreachableError, UsageError
from ingest.records import DocumentRecord
from tests.support.homes import fundperf
from tests.support.marts import export_marts, without_ledger
from tests.support.replays import FIRST_DAY, Replay, begin_home, land_batches
from tests.support.sample_records import FORMS, Form, form, maintenance_2023, yanbian_2020
from warehouse import connect, lock
from warehouse.as_of import read_moment, release_as_of
from warehouse.build import build
from warehouse.corrections import Correction, apply_corrections, keep_corrections
from warehouse.home import Home, find_home
from warehouse.own_reference import apply_own_reference
from warehouse.release import Release, find_release, publish

YESTERDAY, TODAY = "2026-11-01", "2026-11-02"
RELIEF = Form("低保.txt", "青山县", "青山县民政局", "低保工作经费", 2023, "100000", total_score="95")
WITHDRAWN = Form("误发.txt", "青山县", "青山县水利局", "河堤整治", 2023, "50000", total_score="91")


def known_yesterday() -> list[DocumentRecord]:
    return [yanbian_2020(), maintenance_2023(), *(form(facts) for facts in FORMS), form(RELIEF), form(WITHDRAWN)]


def revision() -> DocumentRecord:
    """Published a year later, with another outlay, another result and another total."""
    record = form(Form("低保（修订）.txt", *_whose(RELIEF), "60000", total_score="71"))
    (report,) = record.reports
    (measured,) = report.indicators
    report = report.model_copy(
        update={"indicators": (measured.model_copy(update={"actual_value": Decimal(4), "score": Decimal(36)}),)}
    )
    facts = record.document.model_copy(update={"published_on": date(2024, 9, 1)})
    return record.model_copy(update={"document": facts, "reports": (report,)})


def _whose(facts: Form) -> tuple[Any, ...]:
    return facts.county, facts.unit, facts.project_name, facts.fiscal_year


def correction(day: str, corrected: str) -> Correction:
    """Of the total of a report that nobody revised."""
    record = form(FORMS[0])
    return Correction(
        record.document.sha256, record.document.file_name, record.reports[0].report_id, "grade", "优", corrected,
        "见原件", "王某", date.fromisoformat(day),
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Reports of yesterday; a revision, a correction and a withdrawal of today; built and published today."""
    home = find_home(tmp_path_factory.mktemp("as of") / "数据 仓")
    begin_home(home)
    land_batches(home.build_file, [known_yesterday(), [revision()]])
    keep_corrections(home, [correction(YESTERDAY, "良")])
    keep_corrections(home, [correction(TODAY, "中")])
    home.reference.mkdir()
    (home.reference / "withdrawn_documents.csv").write_text(
        f"document,withdrawn_on,reason\n{WITHDRAWN.name},{TODAY},误发\n", encoding="utf-8"
    )
    assert apply_corrections(home, lambda: FIRST_DAY + timedelta(days=1))
    assert apply_own_reference(home, lambda: FIRST_DAY + timedelta(days=1))
    build(home)
    publish(home)
    return home


@pytest.fixture(scope="module")
def yesterday(home: Home) -> Release:
    """What was known yesterday, asked today."""
    before = _state(home)
    found = release_as_of(home, YESTERDAY)
    assert _state(home) == before
    return found


def _state(home: Home) -> Any:
    content = hashlib.sha256(home.build_file.read_bytes()).hexdigest()
    return content, home.build_note.read_text(), sorted(home.releases.iterdir()), home.current.read_text()


def figures(connection: duckdb.DuckDBPyConnection, project: str) -> list[tuple[Any, ...]]:
    """Funding, execution, attainment and total of a project-year."""
    return connection.execute(
        """
        select
            years.executed_yuan, fundings.amount_yuan, years.indicator_attainment_rate, years.stated_total_points,
            years.n_versions
        from rpt_project_years as years
        inner join fct_funding as fundings using (project_year_id)
        where fundings.stage = 'executed' and years.project_name = ?
        """,
        [project],
    ).fetchall()


def test_yesterdays_figures_are_those_before_todays_revision(home: Home, yesterday: Release) -> None:
    with connect(home.root, as_of=YESTERDAY) as then, connect(home.root) as now:
        assert figures(then, RELIEF.project_name or "") == [
            (Decimal("100000.00"), Decimal("100000.00"), 1.0, Decimal("95.0000"), 1)
        ]
        assert figures(now, RELIEF.project_name or "") == [
            (Decimal("60000.00"), Decimal("60000.00"), 0.4, Decimal("71.0000"), 2)
        ]
        assert len(figures(then, WITHDRAWN.project_name or "")) == 1
        assert figures(now, WITHDRAWN.project_name or "") == []
        grades = "select stated_grade_text from fct_self_evaluation where is_corrected"
        assert (then.execute(grades).fetchall(), now.execute(grades).fetchall()) == ([("良",)], [("中",)])


def test_metrics_and_traces_answer_as_of_a_day(home: Home, yesterday: Release) -> None:
    assert _outlay(home) == [Decimal("60000.00")]
    assert _outlay(home, as_of=YESTERDAY) == [Decimal("100000.00")]
    found = {day: _search("60000", day, home) for day in (YESTERDAY, TODAY)}
    assert found[YESTERDAY] == []
    (hit,) = [hit for hit in found[TODAY] if hit["table"] == "raw.funding_lines"]
    traced = fundperf("trace", hit["fact_id"], "--as-of", YESTERDAY, home=home.root)
    assert traced.returncode == 1
    assert "There is no fact" in traced.stderr


def _outlay(home: Home, as_of: str | None = None) -> list[Decimal]:
    where = f"unit_name = '{RELIEF.unit}'"
    answer = warehouse.metric("outlay", by=["unit_name"], where=where, home=home.root, as_of=as_of)
    return [row["outlay"] for row in answer.to_pylist()]


def _search(wanted: str, as_of: str, home: Home) -> list[dict[str, Any]]:
    finished = fundperf("trace", "--find", wanted, "--as-of", as_of, "--json", home=home.root)
    hits: list[dict[str, Any]] = json.loads(finished.stdout)
    return hits


def test_every_mart_says_what_it_would_have_said_yesterday(home: Home, yesterday: Release, tmp_path: Path) -> None:
    replay = Replay(home, tmp_path / "b")
    replay.load(known_yesterday())
    with duckdb.connect(str(replay.file)) as connection:
        warehouse.as_of.replace_corrections(connection, [correction(YESTERDAY, "良")], FIRST_DAY)
    expected = without_ledger(replay.build())
    with connect(home.root, as_of=YESTERDAY) as then:
        found = without_ledger(export_marts(then, "marts"))
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []


def test_a_second_question_is_answered_without_building(
    home: Home, yesterday: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("warehouse.as_of.build")
    assert release_as_of(home, YESTERDAY) == yesterday
    assert release_as_of(home, date.fromisoformat(YESTERDAY)) == yesterday
    assert sorted(path.name for path in yesterday.folder.parent.parent.iterdir()) == ["current", "releases"]


def test_while_a_run_works_a_kept_answer_is_given_and_a_new_one_refused(
    home: Home, yesterday: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lock.hold(home.lock):
        assert release_as_of(home, YESTERDAY) == yesterday
        with pytest.raises(BusyError):
            release_as_of(home, "2026-11-01T12:00:00+00:00")
    # The run may have the build file itself open.
    monkeypatch.setattr("warehouse.as_of.read_build", _not_now)
    assert release_as_of(home, YESTERDAY) == yesterday
    with pytest.raises(BusyError):
        release_as_of(home, "2026-11-01T12:00:00+00:00")
    # An answer that another version of the program gave is none of this one.
    monkeypatch.setattr("warehouse.as_of.identify_project", lambda: "another")
    with pytest.raises(BusyError):
        release_as_of(home, YESTERDAY)
    assert [path for path in home.as_of.iterdir() if path.name.startswith(".")] == []


def _not_now(path: Path) -> NoReturn:
    raise BusyError("build_is_open", zh="忙", en="busy")


def test_before_the_first_load_nothing_was_known(home: Home) -> None:
    with pytest.raises(UnreachableError) as caught:
        release_as_of(home, "2026-10-31")
    assert caught.value.code == "nothing_known_then"


def test_a_damaged_build_file_is_no_run_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.build_file.write_bytes(b"no database" * 1000)
    with pytest.raises(UnreachableError) as caught:
        release_as_of(home, YESTERDAY)
    assert caught.value.code == "build_not_opened"


def test_a_build_file_of_a_version_that_measured_no_texts_is_described(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    land_batches(home.build_file, [[form(RELIEF)]])
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("drop table raw.text_measures")
    moment = read_moment("2026-11-01T23:59:00+00:00")
    assert warehouse.as_of._identify(home, moment).startswith("20261101T235900")


def test_the_oldest_answers_are_forgotten(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for number in range(5):
        folder = home.as_of / f"m{number}"
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    warehouse.as_of._forget_old(home)
    assert sorted(path.name for path in home.as_of.iterdir()) == ["m2", "m3", "m4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T15:00:00+08:00", datetime(2026, 11, 21, 7, tzinfo=UTC)),
        ("2026-11-21 07:30:00+00:00", datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
    ],
)
def test_a_point_in_time_is_meant_as_written(text: str, expected: datetime) -> None:
    assert read_moment(text) == expected


def test_a_day_is_meant_to_its_local_end() -> None:
    local = read_moment("2026-11-21").astimezone()
    assert (local.date(), local.hour, local.minute) == (date(2026, 11, 21), 23, 59)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-11-21T", "", "20261121x"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="neither a day nor a time"):
        read_moment(text)


def test_a_release_and_a_moment_exclude_each_other(home: Home) -> None:
    with pytest.raises(UsageError):
        connect(home.root, find_release(home).release_id, as_of=YESTERDAY)
