"""Doubtful values → workbook → corrections → marts, with the real dbt; and again from scratch.

The home is a copy of the one that holds the samples, as it was after its first run.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

import warehouse
from tests.conftest import ROOT, SAMPLES
from tests.support.homes import fundperf
from tests.support.replays import begin_home
from tests.support.workbooks import CORRECTED, REASON, WHO, fill, read_sheets
from warehouse.home import find_home

SCORE = {"文件 Document": "linhe-gengdi.txt", "field": "total_score"}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A home that was reviewed, two of its documents, and what the commands on the way printed."""

    home: Path
    material: Path
    workbook: Path
    calls: dict[str, subprocess.CompletedProcess[str]]


def first_sum_of(file_name: str, workbook: Path) -> dict[str, str]:
    """The keys of the first amount of a document."""
    for rows in read_sheets(workbook).values():
        if "row_id" not in rows[0]:
            continue
        for cells in rows[1:]:
            row = dict(zip(rows[0], map(str, cells), strict=True))
            if (row["文件 Document"], row["field"]) == (file_name, "amount_yuan"):
                return {name: row[name] for name in ("row_id", "field")}
    raise AssertionError(f"no amount of {file_name} is listed")


@pytest.fixture(scope="module")
def reviewed(home_of_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """Review, fill in, read back (twice, then with another value), run."""
    folder = tmp_path_factory.mktemp("review")
    home, material, workbook = folder / "home", folder / "材料", folder / "review.xlsx"
    shutil.copytree(home_of_samples, home)
    material.mkdir()
    for name in ("linhe-gengdi.txt", "bayannur-kunnan.txt"):
        shutil.copy(SAMPLES / name, material)
    # Everything is listed, however sure the reading is.
    calls = {"review": fundperf("review", "--out", workbook, "--below", 1.01, home=home)}
    amount = first_sum_of("bayannur-kunnan.txt", workbook)
    corrections = [
        {**amount, "set": {CORRECTED: "1.5万元", REASON: "多读一位", WHO: "王某"}},
        {**SCORE, "set": {CORRECTED: "95.5分", REASON: "见附表"}},
    ]
    fill(workbook, folder / "first.xlsx", corrections)
    calls["read"] = fundperf("review", "--read", folder / "first.xlsx", "--by", "李某", home=home)
    calls["again"] = fundperf("review", "--read", folder / "first.xlsx", "--by", "李某", home=home)
    corrections[0]["set"] = {CORRECTED: 16800.5, REASON: "再次核对", WHO: "王某"}
    fill(workbook, folder / "second.xlsx", corrections)
    calls["other"] = fundperf("review", "--read", folder / "second.xlsx", "--by", "李某", home=home)
    calls["waiting"] = fundperf("run", home=home)
    calls["signed"] = fundperf("release", "sign-off", "--by", "李某", "--reason", "更正已核对", home=home)
    calls["rerun"] = fundperf("run", home=home)
    calls["rest"] = fundperf("review", "--out", folder / "rest.xlsx", "--below", 1.01, home=home)
    return Reviewed(home, material, workbook, calls)


def corrected_facts(home: Path) -> list[tuple[object, ...]]:
    """Every corrected sum and every corrected total score, with who and why."""
    with warehouse.connect(home) as connection:
        return connection.execute(
            """
            select amount_yuan::varchar, corrected_by, correction_reason from fct_funding where is_corrected
            union all
            select stated_total_points::varchar, corrected_by, correction_reason
            from fct_self_evaluation where is_corrected and stated_total_points is not null
            order by all
            """
        ).fetchall()


def assert_unit_tests_passed(home: Path) -> None:
    """`fundperf check` ran every unit test of the models, here alone in the whole test run, and found nothing."""
    described = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "models").rglob("*.yml")]
    expected = sorted(test["name"] for content in described for test in content.get("unit_tests", []))
    with duckdb.connect(str(find_home(home).build_file), read_only=True) as connection:
        found = connection.execute(
            "select check_name, result from ops.check_results where kind = 'dbt_unit_test' order by check_name"
        ).fetchall()
    assert len(expected) > 50
    assert found == [(name, True) for name in expected]


EXPECTED = [("16800.50", "王某", "再次核对"), ("95.5000", "李某", "见附表")]


def test_filled_rows_become_corrections_once(reviewed: Reviewed) -> None:
    assert reviewed.calls["review"].returncode == 0
    assert "doubtful values" in reviewed.calls["review"].stdout
    assert "2 new, 0 replaced, 0 unchanged" in reviewed.calls["read"].stdout
    assert "0 new, 0 replaced, 2 unchanged" in reviewed.calls["again"].stdout
    assert "0 new, 1 replaced, 1 unchanged" in reviewed.calls["other"].stdout


def test_a_correction_that_doubles_a_total_waits_for_a_second_look(reviewed: Reviewed) -> None:
    assert reviewed.calls["waiting"].returncode == 3
    assert "sign-off" in reviewed.calls["waiting"].stderr
    assert reviewed.calls["signed"].returncode == 0, reviewed.calls["signed"].stderr


def test_marts_show_the_corrected_values_and_who_and_why(reviewed: Reviewed) -> None:
    assert reviewed.calls["rerun"].returncode == 0, reviewed.calls["rerun"].stdout
    assert corrected_facts(reviewed.home) == EXPECTED
    with warehouse.connect(reviewed.home) as connection:
        chinese = connection.execute('select 更正人, 更正理由 from "中文".资金 where 是否人工更正').fetchall()
    assert chinese == [("王某", "再次核对")]


def test_a_corrected_value_is_not_asked_for_again(reviewed: Reviewed) -> None:
    before, after = (read_sheets(reviewed.home.parent / name) for name in ("review.xlsx", "rest.xlsx"))
    counts = [sum(len(rows) for rows in sheets.values()) for sheets in (before, after)]
    assert counts[0] - counts[1] == 2


def test_corrections_survive_a_reading_from_scratch_and_fail_loudly_when_the_source_says_something_else(
    reviewed: Reviewed,
) -> None:
    home = reviewed.home.parent / "scratch"
    begin_home(find_home(home))
    shutil.copy(reviewed.home / "corrections.csv", home)
    fresh = fundperf("run", reviewed.material, home=home)
    assert fresh.returncode == 0, fresh.stdout + fresh.stderr
    assert corrected_facts(home) == EXPECTED

    kept = (home / "corrections.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(kept.splitlines()))
    stale = next(row for row in rows if row["corrected"] == "16800.5")
    (home / "corrections.csv").write_text(kept.replace(stale["expect"], "1.00"), encoding="utf-8")
    failed = fundperf("run", home=home)
    assert failed.returncode == 1
    assert f"a correction no longer fits {stale['file_name']} (amount_yuan, expected 1.00, corrected to 16800.5)" in (
        failed.stdout
    )
    assert "the source says something else now" in failed.stdout
    checked = fundperf("check", home=home, lang="zh")
    assert checked.returncode == 1
    # A unit test of the models that fails is named on stderr.
    assert "原文现在的读数与更正时不同" in checked.stdout, checked.stderr
    assert_unit_tests_passed(home)
    assert corrected_facts(home) == EXPECTED, "the published release stays"


def test_a_correction_of_a_version_that_counts_no_more_stops_the_release(reviewed: Reviewed) -> None:
    folder = reviewed.home.parent / "revised"
    material = folder / "材料"
    shutil.copytree(reviewed.home, folder / "home")
    shutil.copytree(reviewed.material, material)
    with (material / "linhe-gengdi.txt").open("a", encoding="utf-8") as document:
        document.write("\n补充说明。\n")
    failed = fundperf("run", material, home=folder / "home")
    assert failed.returncode == 1
    assert "a correction no longer fits linhe-gengdi.txt" in failed.stdout
    assert "a newer version of the report counts now" in failed.stdout
    again = fundperf("run", material, home=folder / "home")
    assert again.returncode == 1
    assert "a newer version of the report counts now" in again.stdout, "the reason is said as long as it lasts"
    assert "nothing was published: corrections_fit_the_source" in again.stderr
