"""What a comparison of two releases says: which reports, projects and counties, and why."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingest.errors import UsageError
from tests.support.small_archive import Report, write_archive
from warehouse.diff_report import show_diff
from warehouse.messages import Lang
from warehouse.release_diff import ReleaseDiff, Side, compare
from warehouse.screens import Screen

Difference = Callable[..., ReleaseDiff]
NET = Report("金保网", 2020)
ROAD = Report("通村路", 2022, county="西平县", region_id="411721", executed="500000.00", budget="600000.00")
AID = Report("救助", 2022, county="镜湖区", executed="300.00", budget="300.00")


@pytest.fixture
def difference(tmp_path: Path) -> Difference:
    """Compares two lists of reports."""

    def run(before: list[Report], after: list[Report], **facts: object) -> ReleaseDiff:
        projects = facts.pop("projects", ("models-1", "models-1"))
        own = facts.pop("own", ((), ()))
        sides = [
            Side(name, write_archive(tmp_path / f"{name}.duckdb", reports, own=lines, **extra), project)
            for name, reports, lines, extra, project in zip(
                ("old", "new"),
                (before, after),
                own,
                ({}, facts),
                projects,
                strict=True,
            )
        ]
        return compare(*sides)

    return run


def _is_empty(diff: ReleaseDiff) -> bool:
    return not diff.tables and not any(any(counts.values()) for counts in diff.counts.values())


def _figures(diff: ReleaseDiff) -> dict[tuple[str, str | None], tuple[str | None, str | None]]:
    return {
        (figure["measure"], figure["item"]): (figure["before"], figure["after"])
        for row in diff.reports
        for figure in row["figures"]
    }


def test_revised_report_vanished_project_and_new_county_are_said_exactly(difference: Difference) -> None:
    revised = replace(NET, executed="17000.00", document="doc-revised")
    new = Report("供水", 2022, county="青山县", executed="42.00", budget="42.00")
    diff = difference([NET, ROAD, AID], [revised, ROAD, new])
    assert diff.counts == {
        "reports": {"appeared": 1, "moved": 1, "vanished": 1},
        "projects": {"appeared": 1, "vanished": 1},
        "counties": {"appeared": 1, "vanished": 1},
        "documents": {"appeared": 2, "vanished": 2},
        "causes": {"document_gone": 1, "new_document": 1, "revised": 1},
        "figures": {"moved": 2},
    }
    assert [(row["change"], row["project_name"], row["cause"]) for row in diff.reports] == [
        ("appeared", "供水", "new_document"),
        ("moved", "金保网", "revised"),
        ("vanished", "救助", "document_gone"),
    ]
    assert _figures(diff) == {
        ("executed_yuan", None): ("16800.00", "17000.00"),
        ("funding", "executed/total"): ("16800.00", "17000.00"),
    }
    assert [(row["change"], row["county"]) for row in diff.counties] == [("appeared", "青山县"), ("vanished", "镜湖区")]
    assert [(row["change"], row["project_name"]) for row in diff.projects] == [
        ("appeared", "供水"),
        ("vanished", "救助"),
    ]
    assert [
        (
            row["county"],
            row["fiscal_year"],
            row["n_appeared"],
            row["n_vanished"],
            row["n_moved"],
            row["n_other_document"],
        )
        for row in diff.county_years
    ] == [("盐边县", 2020, 0, 0, 1, 1), ("镜湖区", 2022, 0, 1, 0, 0), ("青山县", 2022, 1, 0, 0, 0)]


def test_same_content_differs_in_nothing(difference: Difference) -> None:
    diff = difference([NET, ROAD], [ROAD, NET])
    assert _is_empty(diff)
    assert (list(diff.reports), list(diff.county_years), list(diff.documents)) == ([], [], [])


def test_revision_without_other_figures_is_a_move(difference: Difference) -> None:
    diff = difference([NET], [replace(NET, document="again")])
    [row] = diff.reports
    assert (row["change"], row["cause"], row["figures"]) == ("moved", "revised", [])


def test_another_spelling_year_or_region_is_a_move_and_no_loss(difference: Difference) -> None:
    diff = difference([NET], [replace(NET, project="金保工程", year=2021, county="米易县", document=NET.document_id)])
    assert diff.counts["reports"] == {"moved": 1}
    assert diff.counts["projects"] == {}
    assert diff.counts["counties"] == {}
    assert {measure for measure, _ in _figures(diff)} == {"fiscal_year", "county", "project_name"}


def test_vanished_year_of_a_project_that_goes_on_is_no_vanished_project(difference: Difference) -> None:
    diff = difference([NET, replace(NET, year=2021)], [NET])
    assert diff.counts["reports"] == {"vanished": 1}
    assert diff.counts["projects"] == {}


def test_county_that_is_named_anew_is_the_same_county(difference: Difference) -> None:
    diff = difference([ROAD], [replace(ROAD, county="西平市")])
    assert _is_empty(diff)


def test_indicators_and_flags_are_told_by_name(difference: Difference) -> None:
    before = replace(NET, indicators=[("光纤", "≥1", "1"), ("带宽", "≥2", "2"), ("带宽", "≥3", "3")], flags=["late"])
    after = replace(NET, indicators=[("光纤", "≥1", "2"), ("带宽", "≥2", "2"), ("机房", "1", "1")], flags=["round"])
    assert _figures(difference([before], [after])) == {
        ("indicator.actual_text", "光纤"): ("1", "2"),
        ("indicator", "带宽 #2"): ("≥3 → 3", None),
        ("indicator", "机房"): (None, "1 → 1"),
        ("red_flag", "late"): ("flagged", "passed"),
        ("red_flag", "round"): ("passed", "flagged"),
    }


@pytest.mark.parametrize(
    ("after", "facts", "cause"),
    [
        (replace(NET, executed="1.00", corrected_by="王某"), {}, "corrected"),
        (replace(NET, executed="1.00", record="read-again"), {}, "reread"),
        (replace(NET, executed="1.00"), {"projects": ("models-1", "models-2")}, "program"),
        (replace(NET, executed="1.00"), {"own": ((), ("match_settings",))}, "reference"),
        (
            replace(NET, executed="1.00"),
            {"projects": ("models-1", "models-2"), "own": ((), ("match_settings",))},
            "program_or_reference",
        ),
        (replace(NET, executed="1.00"), {"projects": ("", "models-2")}, None),
        (replace(NET, executed="1.00"), {}, "other_reports"),
        (replace(NET, executed="1.00"), {"own": ((), ("release_limits",))}, "other_reports"),
        (replace(NET, executed="1.00", document="before"), {"withdrawn": [NET.document_id]}, "withdrawn"),
    ],
)
def test_cause_of_a_move_is_named(
    difference: Difference, after: Report, facts: dict[str, object], cause: str | None
) -> None:
    [row] = difference([NET], [after], **facts).reports
    assert (row["change"], row["cause"]) == ("moved", cause)


def test_withdrawn_report_is_named_as_the_cause_of_a_loss(difference: Difference) -> None:
    diff = difference([NET, ROAD], [ROAD], withdrawn=[NET.document_id])
    assert [(row["change"], row["cause"]) for row in diff.reports] == [("vanished", "withdrawn")]
    assert [(row["causes"], row["years_with_executed_yuan"]) for row in diff.projects] == [
        ("withdrawn", "2020 16800.00")
    ]
    assert diff.counts["documents"] == {}


def test_document_whose_reports_do_not_count_is_still_told(difference: Difference) -> None:
    diff = difference([NET], [NET], withdrawn=["late-original"])
    assert diff.counts["reports"] == {}
    assert [(row["change"], row["document_id"]) for row in diff.documents] == [("appeared", "late-original")]


def test_columns_of_an_older_release_are_compared_as_far_as_both_have_them(tmp_path: Path) -> None:
    before, after = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    write_archive(before, [NET])
    with duckdb.connect(str(before)) as connection:
        connection.execute("alter table marts.rpt_project_years drop column stated_total_points")
        connection.execute("drop table marts.fct_red_flag")
        connection.execute("drop table intermediate.int_project_years__current")
        connection.execute("alter table marts.dim_document drop column is_withdrawn")
    write_archive(after, [replace(NET, budget="1.00", total_points="1", flags=["late"])])
    diff = compare(Side("a", before), Side("b", after))
    assert list(_figures(diff)) == [("budget_yuan", None)]
    assert {(row["table"], row["column"]) for row in diff.tables} == {
        ("rpt_project_years", "stated_total_points"),
        ("dim_document", "is_withdrawn"),
        *(("fct_red_flag", column) for column in ("project_year_id", "rule_id", "result")),
    }


def test_release_without_project_years_is_compared_by_its_columns(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.duckdb", [NET])
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.other (x integer)")
    diff = compare(Side("a", tmp_path / "a.duckdb"), Side("b", tmp_path / "b.duckdb"))
    assert diff.counts == {}
    assert ("other", "x") in {(row["table"], row["column"]) for row in diff.tables}


def test_release_is_not_compared_with_itself(tmp_path: Path) -> None:
    side = Side("a", write_archive(tmp_path / "a.duckdb", [NET]))
    with pytest.raises(UsageError) as refusal:
        compare(side, side)
    assert refusal.value.code == "same_release"


def test_diff_is_plain_json(difference: Difference) -> None:
    diff = difference([NET, AID], [replace(NET, attainment=0.5)])
    assert json.loads(json.dumps(diff.to_dict()))["reports"][0]["figures"] == [
        {"measure": "indicator_attainment_rate", "item": None, "before": "0.9", "after": "0.5"}
    ]


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "old → new:",
                "  reports: 0 appeared, 1 vanished, 2 moved; projects: 0 appeared, 1 vanished; "
                "counties: 0 appeared, 1 vanished; documents: 1 appeared, 2 vanished",
                "  why: the document is gone 1, other reports changed 1, revised 1",
                "  − 镜湖区 · 县局 · 救助: 2022, 1 reports, executed ¥300.00 [the document is gone]",
                "  ~ 2020 盐边县 · 县局 · 金保网  [revised]  doc-revised.txt",
                "      executed ¥: 16,800.00 → 17,000.00",
                "  1 more reports are only judged differently because of other reports",
            ],
        ),
        (
            "zh",
            [
                "old → new：",
                "  原因：文件不在了 1，其他报告变动 1，修订 1",
                "  − 镜湖区 · 县局 · 救助：2022，报告 1 份，执行 300.00 元 [文件不在了]",
                "      执行数（元）: 16,800.00 → 17,000.00",
                "      资金（元） 全年执行数 · 年度资金总额: 16800.00 → 17000.00",
            ],
        ),
    ],
)
def test_people_read_what_moved_in_their_language(difference: Difference, lang: Lang, lines: list[str]) -> None:
    revised = replace(NET, executed="17000.00", document="doc-revised")
    diff = difference([NET, ROAD, AID], [revised, replace(ROAD, flags=["late"])])
    stream = io.StringIO()
    show_diff(Screen(Console(file=stream, width=160), lang), diff, 20)
    shown = stream.getvalue().splitlines()
    assert [line for line in lines if line not in shown] == []
    assert not any("通村路" in line and line.startswith("  ~") for line in shown)


def test_long_lists_are_cut_and_say_so(difference: Difference) -> None:
    diff = difference([], [Report(f"项目{number}") for number in range(5)])
    stream = io.StringIO()
    show_diff(Screen(Console(file=stream, width=160), "en"), diff, 2)
    shown = stream.getvalue()
    assert shown.count("  … 3 more rows (--limit 0 shows all)") == 2
    assert "项目4" not in shown
