"""Corrections that no longer fit their source: a partial build that fails and names them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.support.dbt_runs import dbt, one, rows
from tests.support.sample_records import land, maintenance_2023


def correction(row_id: str, field: str, expect: str | None, corrected: str | None) -> dict[str, Any]:
    return {
        "load_id": "load-1",
        "correction_id": f"{row_id}-{field}",
        "row_id": row_id,
        "field": field,
        "expect": expect,
        "corrected": corrected,
        "reason": "test",
        "corrected_by": "test",
        "corrected_on": date(2026, 1, 2),
    }


def test_a_correction_whose_expected_value_is_gone_fails_and_names_itself(tmp_path: Path) -> None:
    from ingest.records import stable_id

    record = maintenance_2023()
    report_id = record.reports[0].report_id
    line, indicator = record.reports[0].funding[0], record.reports[0].indicators[0]
    line_id = stable_id(report_id, "funding_lines", line.stage, line.source, line.as_written, 1)
    indicator_id = stable_id(report_id, "indicators", indicator.name, indicator.target, 1)
    land(
        tmp_path / "build.duckdb",
        [[record]],
        corrections=[
            correction(line_id, "amount_yuan", "180000", "170000"),
            correction(report_id, "unit", None, "青山县人力资源和社会保障局"),
            correction(report_id, "grade", "B", "A"),
            correction(report_id, "total_score", "99.46", "ninety"),
            correction(report_id, "execution_stated_rate_pct", "100", "99.1234567"),
            correction(report_id, "fiscal_year", "2023", "2022.5"),
            correction(report_id, "kind", "project_self_evaluation", "self_evaluation"),
            correction(report_id, "execution_weight", "ten", "10"),
            correction(indicator_id, "target_operator", ">=", "≥"),
            correction(indicator_id, "actual_state", "parsed", None),
            correction(indicator_id, "target_state", "parsed", "unreadable"),
            correction("no such row", "unit", None, "x"),
        ],
    )
    run = dbt(tmp_path / "build.duckdb", tmp_path, "build", "--select", "+corrections_fit_the_source",
              "stg_reports__funding_lines", "stg_reports__reports",
              "--exclude-resource-type", "unit_test", "--store-failures")  # fmt: skip
    assert run.returncode == 1
    assert "Got 9 results" in run.stdout, run.stdout
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as connection:
        line = one(connection, "select * from staging.stg_reports__funding_lines where line_id = ?", line_id)
        assert (line["amount_yuan"], line["is_corrected"]) == (170000, True)
        report = one(connection, "select * from staging.stg_reports__reports")
        assert (report["unit"], report["is_corrected"]) == ("青山县人力资源和社会保障局", True)
        (table,) = rows(connection, "select table_schema, table_name from information_schema.tables"
                                    " where table_name = 'corrections_fit_the_source'")  # fmt: skip
        failures = rows(connection, f"from {table['table_schema']}.{table['table_name']}")
    assert {row["correction_id"]: row["failure"] for row in failures} == {
        f"{report_id}-grade": "the source says something else now",
        f"{report_id}-total_score": "the corrected value has another type",
        f"{report_id}-execution_stated_rate_pct": "the corrected value has more places than the field",
        f"{report_id}-fiscal_year": "the corrected value has more places than the field",
        f"{report_id}-kind": "the corrected value is none of the accepted codes",
        f"{report_id}-execution_weight": "the expected value has another type",
        f"{indicator_id}-target_operator": "the corrected value is none of the accepted codes",
        f"{indicator_id}-actual_state": "the corrected value is none of the accepted codes",
        "no such row-unit": "no such row or field",
    }
