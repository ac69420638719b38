"""The whole road with the real dbt: documents in, answers out, twice, with a reader that stays."""

from __future__ import annotations

import json
from pathlib import Path

import warehouse
from tests.conftest import ROOT, SAMPLES
from tests.end_to_end.conftest import TwoRuns
from tests.support.homes import fundperf
from tests.support.workbooks import read_sheets

N_SAMPLES = len(list(SAMPLES.glob("*.txt")))


def _rows(runs: TwoRuns, query: str) -> list[tuple[object, ...]]:
    with warehouse.connect(runs.home) as connection:
        return connection.execute(query).fetchall()


def test_run_counts_publishes_compares_and_refuses_the_growth_rate(runs: TwoRuns) -> None:
    assert f"{N_SAMPLES} inputs = {N_SAMPLES} loaded + 0 unchanged + 0 quarantined" in runs.first.stdout
    assert "Published: release" in runs.first.stdout
    assert "×10.71; no growth rate: at least one of the years names no county" in runs.first.stdout
    assert "16,800.00" in runs.first.stdout
    assert runs.first.stderr == ""


def test_same_folder_again_builds_nothing(runs: TwoRuns) -> None:
    assert runs.again.returncode == 0
    assert f"{N_SAMPLES} inputs = 0 loaded + {N_SAMPLES} unchanged + 0 quarantined" in runs.again.stdout
    assert "Nothing changed" in runs.again.stdout


def test_reader_keeps_its_release_while_the_next_is_published(runs: TwoRuns) -> None:
    assert runs.second.returncode == 3
    assert f"{N_SAMPLES + 4} inputs = 2 loaded + {N_SAMPLES} unchanged + 2 quarantined" in runs.second.stdout
    assert (runs.reader_answers, runs.reader_code) == ([str(N_SAMPLES)] * 2, 0)
    assert _rows(runs, "select count(*) as n from dim_document") == [(N_SAMPLES + 2,)]


def test_diff_of_the_two_releases_says_what_came_and_that_nothing_was_lost(runs: TwoRuns) -> None:
    found = fundperf("release", "diff", "--json", home=runs.home)
    assert found.returncode == 0, found.stderr
    diff = json.loads(found.stdout)
    appeared = {row["file_name_after"]: row["cause"] for row in diff["reports"] if row["change"] == "appeared"}
    assert appeared == {"前一年.txt": "new_document", "无资金.txt": "new_document"}
    # A second year of a project is judged beside the first; nothing else moves.
    assert {row["cause"] for row in diff["reports"] if row["change"] != "appeared"} <= {"other_reports"}
    assert diff["counts"]["projects"] == {"appeared": 1}
    # 青山县 is in no list of regions: the report that came names no county.
    assert diff["counts"]["counties"] == {}
    assert diff["counts"]["documents"] == {"appeared": 2}
    assert diff["tables"] == []
    assert "reports: 2 appeared, 0 vanished" in runs.second.stdout


def test_ledger_of_the_release_adds_up(runs: TwoRuns) -> None:
    rows = _rows(runs, "select inputs, loaded, unchanged, quarantined from ops.loads order by load_sequence")
    assert rows == [
        (N_SAMPLES, N_SAMPLES, 0, 0),
        (N_SAMPLES, 0, N_SAMPLES, 0),
        (N_SAMPLES + 4, 2, N_SAMPLES, 2),
    ]


def test_every_evidence_of_the_release_is_what_the_text_says_there(runs: TwoRuns) -> None:
    for table in ("funding_lines", "indicators", "findings", "mentions", "warnings", "field_evidence"):
        [(count, wrong)] = _rows(
            runs,
            f"select count(*), count(*) filter (substring(text.canonical_text, facts.evidence_start + 1, "
            f"facts.evidence_end - facts.evidence_start) is distinct from facts.evidence_text) "
            f"from raw.{table} as facts join raw.document_text as text using (load_id, record_id)",
        )
        assert wrong == 0, table
        assert count != 0, table


def test_every_published_table_and_view_answers(runs: TwoRuns) -> None:
    names = _rows(
        runs,
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('marts', '中文', 'staging', 'intermediate', 'reference')",
    )
    assert len(names) > 40
    with warehouse.connect(runs.home) as connection:
        for schema, table in names:
            assert len(connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()) == 1


def test_figure_of_the_ninth_indicator_leads_to_its_sentence(runs: TwoRuns) -> None:
    found = fundperf("trace", "--find", "2.21", "--json", home=runs.home)
    hits = json.loads(found.stdout)
    assert [hit["table"] for hit in hits] == ["raw.indicators"]
    traced = fundperf("trace", hits[0]["fact_id"], home=runs.home)
    assert traced.returncode == 0
    assert "其他耗材金额" in traced.stdout
    assert "verified against the text" in traced.stdout
    assert "raw.indicators → staging.stg_reports__indicators → marts.fct_indicator_attainment" in traced.stdout


def test_status_names_counties_years_and_what_waits(runs: TwoRuns) -> None:
    status = json.loads(fundperf("status", "--json", home=runs.home).stdout)
    assert {"county": "盐边县", "fiscal_year": 2020, "projects": 1} in status["coverage"]
    assert sorted(entry["input_name"] for entry in status["waiting"]) == ["坏.txt", "空白.txt"]
    assert status["release"]["checks"]["failed"] == []


def test_run_writes_nothing_outside_its_home(runs: TwoRuns) -> None:
    assert sorted(path.name for path in runs.home.parent.iterdir()) == ["home", "材料"]
    assert not (ROOT / "target").exists()


def test_the_workbook_lists_inputs_that_were_not_loaded_and_reports_without_money(
    runs: TwoRuns, tmp_path: Path
) -> None:
    listed = fundperf("review", "--out", tmp_path / "r.xlsx", home=runs.home)
    assert listed.returncode == 0, listed.stderr
    assert "2 inputs not loaded" in listed.stdout
    sheets = read_sheets(tmp_path / "r.xlsx")
    assert sorted(row[0] for row in sheets["未读入 Not loaded"][1:]) == ["坏.txt", "空白.txt"]
    assert {(row[0], row[2]) for row in sheets["提示 Warnings"][1:]} >= {
        ("无资金.txt", "no_funding"), ("无资金.txt", "no_indicators"),
    }  # fmt: skip
