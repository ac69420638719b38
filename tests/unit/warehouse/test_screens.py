from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest.inputs import Quarantined
from ingest.ledger import LoadResult
from tests.conftest import ROOT
from warehouse import comparison_report
from warehouse.build import BuildNote, BuildResult, describe_content, fingerprint, write_note
from warehouse.comparison_report import show_comparison, show_next
from warehouse.corrections import MISFITS_CHECK
from warehouse.dbt_outcomes import CheckOutcome
from warehouse.home import Home, find_home
from warehouse.messages import Lang
from warehouse.output import open_console
from warehouse.own_reference import apply_own_reference
from warehouse.pipeline import Waiting
from warehouse.release import Release, publish
from warehouse.screens import MISFITS_ZH, Screen, show_build, show_load, show_status
from warehouse.status import Coverage, OwnReference, Status, read_status

MakeBuild = Callable[..., Home]

PROJECT_YEARS = """
create table marts.rpt_project_years as
select * from (values
    ('a', 'p1', 2020, '盐边县', null, null, '盐边县人社局', '金保网网络运行', '金保工程', 'line_lease',
     16800.00::decimal(18, 2), 16800.00::decimal(18, 2), 1.0::double, null::decimal(9, 4), null,
     null, null, null::double, null::double, null::boolean, null, null),
    ('b', 'p2', 2023, null, null, '自治区', null, '金保工程网络维护费', '金保工程', 'maintenance',
     180000.00, 180000.00, 1.0, 99.46, 'A',
     'a', 2020, 10.714286, null, false, 'county_unknown,different_sub_type', '县不明；类型不同'),
    ('c', 'p3', 2021, '甲县', null, null, '甲县局', '道路', '道路', 'road',
     100.00, 100.00, 0.969, 80, '良', null, null, null, null, null, null, null),
    ('d', 'p3', 2022, '甲县', null, null, '甲县局', '道路', '道路', 'road',
     110.00, 110.00, 1.0, 90, '优', 'c', 2021, 1.1, 0.078431, true, null, null)
) as rows(
    project_year_id, project_id, fiscal_year, region_county, region_as_written_text, region_hint_text, unit_name,
    project_name, programme_family, programme_sub_type, budget_yuan, executed_yuan, execution_rate,
    stated_total_points, stated_grade_text, compared_project_year_id, compared_fiscal_year, executed_ratio,
    growth_rate, is_comparable, refusal_codes, refusal_reasons
)
"""
REFUSALS = """
create table reference.comparison_refusals as
select * from (values
    (2, 'different_sub_type', '类型不同', 'other sub-types'), (1, 'county_unknown', '县不明', 'county unknown')
) as rows(ordinal, code, reason_zh, reason_en)
"""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, make_build: MakeBuild) -> Home:
    """A home whose release holds two pairs of project-years."""
    home = make_build(find_home(tmp_path_factory.mktemp("compared")))
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema reference")
        connection.execute(PROJECT_YEARS)
        connection.execute(REFUSALS)
    publish(home)
    return home


@pytest.fixture
def current(compared: Home) -> Release:
    """The release of that home."""
    release = read_status(compared).release
    assert release is not None
    return release


def _printed(show: Callable[[Screen], None], lang: Lang = "en") -> str:
    stream = io.StringIO()
    show(Screen(open_console(stream), lang))
    return stream.getvalue()


def test_comparison_shows_both_amounts_and_refuses_growth_with_the_reasons(current: Release) -> None:
    english = _printed(lambda screen: show_comparison(screen, current))
    assert "16,800.00" in english
    assert "180,000.00" in english
    assert "2023 金保工程网络维护费 ↔ 2020 金保网网络运行: executed ×10.71; no growth rate: " in english
    assert "no growth rate: county unknown; other sub-types" in english
    chinese = _printed(lambda screen: show_comparison(screen, current), "zh")
    assert "支出之比 10.71；不给增长率：县不明；类型不同" in chinese


def test_sub_types_have_their_names_in_the_language_of_the_screen(home: Home, make_build: MakeBuild) -> None:
    make_build(home)
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema reference")
        connection.execute(PROJECT_YEARS)
        connection.execute(REFUSALS)
        connection.execute(
            "create or replace table marts.dim_programme as select * from (values"
            " ('金保工程', 'line_lease', '线路租用', 'line lease'), ('道路', 'road', '道路养护', null))"
            " as t(programme_family, programme_sub_type, programme_sub_type_zh, programme_sub_type_en)"
        )
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), {}))
    release = publish(home)
    chinese = _printed(lambda screen: show_comparison(screen, release), "zh")
    assert "金保工程 / 线路租用" in chinese
    assert "金保工程 / maintenance" in chinese, "without a name the code stays"
    english = _printed(lambda screen: show_comparison(screen, release))
    assert "金保工程 / line lease" in english
    assert "道路 / 道路养护" in english, "without an English name the Chinese one stands"
    assert "金保工程 / maintenance" in english


def test_long_comparison_shows_its_beginning_and_how_many_rows_there_are_more(
    current: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison_report, "_SHOWN_ROWS", 3)
    printed = _printed(lambda screen: show_comparison(screen, current), "zh")
    assert "……另有 1 行：" in printed
    assert [line.split()[0] for line in printed.splitlines() if line.startswith("20")] == ["2021", "2022", "2020"]


def test_comparison_gives_growth_where_it_is_fair(current: Release) -> None:
    assert "2022 道路 ↔ 2021 道路: executed ×1.10; real growth 7.84%" in _printed(
        lambda screen: show_comparison(screen, current)
    )


def test_what_a_report_does_not_say_is_blank_and_never_zero(current: Release) -> None:
    lines = _printed(lambda screen: show_comparison(screen, current)).splitlines()
    line = next(line for line in lines if line.startswith("2020"))
    assert line.split() == ["2020", "盐边县", "金保网网络运行", "16,800.00", "16,800.00", "100.00%"]


def test_rates_are_percent_with_two_places(current: Release) -> None:
    assert "96.90%" in _printed(lambda screen: show_comparison(screen, current))


def test_next_commands_name_only_what_the_release_has(release: Release, current: Release) -> None:
    assert "rpt_project_years" in _printed(lambda screen: show_next(screen, current))
    without = _printed(lambda screen: show_next(screen, release))
    assert "rpt_project_years" not in without
    assert 'fundperf sql "from 中文.资金"' in without


def test_status_shows_counties_by_year_with_the_unknown_last(compared: Home) -> None:
    status = read_status(compared)
    assert list(status.coverage) == [
        Coverage("甲县", 2021, 1),
        Coverage("甲县", 2022, 1),
        Coverage("盐边县", 2020, 1),
        Coverage(None, 2023, 1),
    ]
    lines = _printed(lambda screen: show_status(screen, status)).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("Counties"))
    assert lines[start + 1].split() == ["2020", "2021", "2022", "2023"]
    assert [line.split()[0] for line in lines[start + 3 : start + 6]] == ["甲县", "盐边县", "(not"]


def test_status_tells_own_reference_data_that_the_release_does_not_know_yet(home: Home, make_build: MakeBuild) -> None:
    make_build(home)
    publish(home)
    assert read_status(home).own_reference == []
    home.reference.mkdir()
    mine = home.reference / "programme_families.csv"
    mine.write_text("family,description_zh\n金保工程,另一种说明\n", encoding="utf-8")
    assert read_status(home).own_reference == [OwnReference("programme_families", 1, False)]
    apply_own_reference(home)
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), {}))
    publish(home)
    # A blank line moves the others and changes nothing.
    mine.write_text("family,description_zh\n\n金保工程,另一种说明\n", encoding="utf-8")
    status = read_status(home)
    assert status.own_reference == [OwnReference("programme_families", 1, True)]
    assert "programme_families: 1 lines, used" in _printed(lambda screen: show_status(screen, status))
    mine.unlink()
    gone = read_status(home)
    assert gone.own_reference == [OwnReference("programme_families", 0, False)]
    assert "请运行 fundperf build" in _printed(lambda screen: show_status(screen, gone), "zh")
    mine.write_text("family,nonsense\n", encoding="utf-8")
    broken = read_status(home)
    assert "nonsense" in _printed(lambda screen: show_status(screen, broken))
    assert broken.to_dict()["broken_reference"]["zh"].endswith("请改正后重试。")


def test_checks_that_had_to_wait_are_not_counted_as_failed() -> None:
    checks = (
        CheckOutcome("dbt_test", "bad", "t", "error", "fail", "Got 1 result", 1),
        CheckOutcome("dbt_test", "late", "t", "error", "skipped", "", None),
        CheckOutcome("dbt_test", "later", "t", "warn", "skipped", "", None),
    )
    printed = _printed(lambda screen: show_build(screen, BuildResult(1, 0, checks, 1.0)))
    assert "0 passed, 0 warned, 1 failed" in printed
    assert "2 more checks could not be run" in printed


@pytest.mark.parametrize(
    ("seconds", "age"), [(0, "0 minutes"), (7199, "119 minutes"), (7200, "2 hours"), (86400 * 3, "3 days")]
)
def test_age_is_told_in_a_fitting_unit(
    compared: Home, monkeypatch: pytest.MonkeyPatch, seconds: float, age: str
) -> None:
    monkeypatch.setattr(Status, "age_seconds", property(lambda self: seconds))
    assert f"({age} ago)" in _printed(lambda screen: show_status(screen, read_status(compared)))


def test_long_waiting_list_is_shortened_and_counted(tmp_path: Path) -> None:
    entry = Waiting("x", "empty_document", "空", "empty", "2023-01-01T00:00:00+00:00")
    row = {"input_name": entry.input_name, "code": entry.code, "message_zh": "空", "message_en": "empty"}
    load = {"finished_at": "2023", "inputs": 60, "loaded": 0, "unchanged": 0, "quarantined": 60, "waiting": [row] * 60}
    status = Status(str(tmp_path), None, None, (), load)
    text = _printed(lambda screen: show_status(screen, status))
    assert "Waiting for a person: 60" in text
    assert text.count("[empty_document]") == 50


def test_facts_never_steer_the_terminal_or_break_the_line() -> None:
    def show(screen: Screen) -> None:
        screen.line("甲\x1b[31m乙\n丙\u202e")
        screen.say("quarantined", code="x", message="a\r\nb\x07\u2028")
        screen.say("published", release="r", seconds=1.0, path=Path("/tmp/x\ny"))

    assert _printed(show).splitlines() == [
        "甲\\x1b[31m乙\\n丙\\u202e",
        "  quarantined [x] a\\r\\nb\\x07\\u2028",
        "Published: release r (1.0 s)",
        f"  {Path('/tmp/x')}\\ny",
    ]


def test_a_load_lists_fifty_quarantined_inputs_and_says_how_many_more_there_are() -> None:
    reasons = tuple(
        Quarantined(f"{n}.txt", f"{n}.txt", None, "empty_document", f"{n}：空", f"{n}: empty") for n in range(53)
    )
    result = LoadResult("l", 53, 0, 0, 53, reasons, notes=(("清单：x", "manifest: x"),))
    lines = _printed(lambda screen: show_load(screen, result, 1.0)).splitlines()
    assert len(lines) == 1 + 50 + 1 + 1
    assert lines[50] == "  quarantined [empty_document] 49: empty"
    assert lines[51:] == ["  … and 3 more", "  note: manifest: x"]


def test_every_reason_of_the_check_of_the_corrections_has_its_chinese_and_no_other_has() -> None:
    check = (ROOT / "tests/dbt" / f"{MISFITS_CHECK}.sql").read_text(encoding="utf-8")
    reasons = re.findall(r"\bthen\s+'([^']+)'", check)
    assert len(reasons) == len(set(reasons))
    assert set(MISFITS_ZH) == set(reasons)
    assert all(re.fullmatch(r"[\u4e00-\u9fff（）、，]+", chinese) for chinese in MISFITS_ZH.values())
