"""Which rules fire on which report: reports whose faults a person has worked out.

`tests/fixtures/golden/red_flags.csv` holds the answers: one line per specimen and rule. `result` is that of the rule,
`severity` and `n_flagged` are empty where nothing fires, `operands` are pieces that must stand in the operands of one
check, separated by | (after `passed: ` in one that did not fire). A rule without a line for a specimen whose group has
lines there must not fire, except on specimens `targets-…`, which have a part of the rows of their form. Lines of a real
report hold for its record and for its texts, lines of `NAME/read` only for the texts (the record has none), lines of
`NAME/sample` and `NAME/published` for one of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping

import duckdb
import pytest

from tests.conftest import ROOT
from tests.support.dbt_runs import one, rows
from tests.support.golden_specimens import MAINTENANCE, YANBIAN, specimens

OF_A_PASSED_CHECK = "passed: "
GOLDEN = ROOT / "tests" / "fixtures" / "golden" / "red_flags.csv"


def expected_lines() -> list[dict[str, str]]:
    """The lines of the table of answers."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def variants_of(name: str) -> list[str]:
    """The specimens that a line of the table is about: a real report also as retold and as published."""
    report, _, variant = name.partition("/")
    found = [known for known in specimens() if known.split("/")[0] == report]
    if variant == "read":
        return [known for known in found if "/" in known]
    return [known for known in found if not variant or known == name]


def passed_checks(marts: duckdb.DuckDBPyConnection, project_year_id: str, rule_id: str) -> list[str]:
    """The operands of the checks that a report passed: of them a report shows the first only."""
    query = (
        "select operands from intermediate.int_red_flags__judged"
        " where project_year_id = ? and rule_id = ? and result = 'passed'"
    )
    return [str(row["operands"]) for row in rows(marts, query, project_year_id, rule_id)]


def answers(marts: duckdb.DuckDBPyConnection, project_year_id: str) -> dict[str, dict[str, object]]:
    """Rule → its row in fct_red_flag."""
    found = rows(marts, "select * from marts.fct_red_flag where project_year_id = ?", project_year_id)
    return {str(row["rule_id"]): row for row in found}


@pytest.mark.parametrize(
    "line", expected_lines(), ids=lambda line: f"{line['specimen']}-{line['rule_id']}-{line['result']}"
)
def test_a_rule_says_of_a_specimen_what_a_person_worked_out(
    marts: duckdb.DuckDBPyConnection, names: Mapping[str, str], line: dict[str, str]
) -> None:
    found = variants_of(line["specimen"])
    if not found:
        pytest.skip("the two real reports are not published with the project")
    for name in found:
        row = answers(marts, names[name])[line["rule_id"]]
        details = rows(
            marts, "select operands, severity from marts.fct_red_flag_detail where red_flag_id = ?", row["red_flag_id"]
        )
        told = [str(row["operands"]), *(str(detail["operands"]) for detail in details)]
        passed = passed_checks(marts, names[name], line["rule_id"])
        if line["result"] == "passed":
            told += passed
        assert (row["result"], row["severity"] or "") == (line["result"], line["severity"]), (name, row)
        if line["rule_id"][0] in "CD":
            # Only money is judged in several ways by one rule.
            assert {detail["severity"] for detail in details} <= {line["severity"]}, (name, details)
        if line["n_flagged"]:
            assert row["n_flagged"] == int(line["n_flagged"]), (name, told)
        for piece in filter(None, line["operands"].split("|")):
            where = passed if piece.startswith(OF_A_PASSED_CHECK) else told
            assert any(piece.removeprefix(OF_A_PASSED_CHECK) in text for text in where), (name, piece, where)
        if line["result"] == "not_evaluable":
            assert row["reason"], name
        else:
            assert row["reason"] is None, name


def test_nothing_fires_that_the_table_does_not_name(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    expected: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in expected_lines():
        fired = {line["rule_id"]} if line["result"] == "flagged" else set()
        for name in variants_of(line["specimen"]):
            expected[name, line["rule_id"][0]] |= fired
    assert expected
    for (name, group), rules in expected.items():
        if name.startswith("targets-"):
            continue
        found = answers(marts, names[name])
        fired = {rule for rule, row in found.items() if rule[0] == group and row["result"] == "flagged"}
        assert fired == rules, name


def test_every_rule_on_targets_and_explanations_is_expected_of_both_reports() -> None:
    rules = {*(f"C{number}" for number in range(1, 15)), "D3", "D4", "D5", "D6", "D7"}
    for report in (YANBIAN, MAINTENANCE):
        assert rules <= {line["rule_id"] for line in expected_lines() if line["specimen"] == f"{report}/read"}


def test_a_finding_names_the_limit_that_was_passed(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    limits = {"89999": 0.9, "80000": 0.9, "79999": 0.8, "60000": 0.8, "59999": 0.6}
    for amount, limit in limits.items():
        row = answers(marts, names[f"spent-{amount}"])["B11"]
        assert (row["computed_value"], row["threshold"]) == (int(amount) / 100_000, limit)
    low = answers(marts, names["beyond-the-limit"])["B1"]
    assert (low["computed_value"], low["threshold"], low["threshold_unit"]) == (0.89, 0.9, "rate")


def test_a_limit_of_the_home_folder_wins(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    rule = one(marts, "select * from marts.dim_red_flag_rule where rule_id = 'B5'")
    assert (rule["threshold"], rule["further_threshold"], rule["severity"]) == (0.02, 10_000, "E")
    # 18.3 yuan for 18 万元: 1.7 % from ten thousand times as much.
    row = answers(marts, names["slipped-nearly"])["B5"]
    assert (row["result"], row["threshold"]) == ("flagged", 0.02)


def test_every_rule_has_a_row_for_every_report(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    n_rules = one(marts, "select count(*) as n from marts.dim_red_flag_rule")["n"]
    assert n_rules == 63
    for row in rows(marts, "select project_year_id, count(*) as n from marts.fct_red_flag group by 1"):
        assert row["n"] == n_rules
    loads = {str(row["project_year_id"]) for row in rows(marts, "from marts.rpt_flag_load")}
    assert loads == {row["project_year_id"] for row in rows(marts, "from intermediate.int_project_years__current")}
    assert loads > set(names.values())


def test_rates_have_the_evaluable_reports_of_one_kind_below_them(marts: duckdb.DuckDBPyConnection) -> None:
    grain = ("rule_id", "kind", "fiscal_year", "n_evaluable", "n_flagged")
    counted = rows(
        marts,
        "select rule_id, kind, fiscal_year, count(*) as n_evaluable, count(*) filter (result = 'flagged') as n_flagged"
        " from marts.fct_red_flag where result <> 'not_evaluable' group by all",
    )
    told = rows(marts, "select * from marts.rpt_red_flags where scope_kind = 'all'")
    assert {tuple(row[name] for name in grain) for row in told} == {
        tuple(row[name] for name in grain) for row in counted
    }
    assert len({row["kind"] for row in told}) > 1
    for row in told:
        assert row["flag_rate"] == pytest.approx(row["n_flagged"] / row["n_evaluable"], abs=5e-7)


def test_the_load_of_a_report_is_flags_per_ten_checks(
    marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]
) -> None:
    for name in (MAINTENANCE, YANBIAN):
        load = one(marts, "select * from marts.rpt_flag_load where project_year_id = ?", names[name])
        checks = one(
            marts,
            "select sum(n_evaluable) as n_evaluable, sum(n_flagged) as n_flagged from marts.fct_red_flag"
            " where project_year_id = ?",
            names[name],
        )
        assert load["flag_load"] == pytest.approx(10 * checks["n_flagged"] / checks["n_evaluable"], abs=5e-7)
        assert load["n_rules"] == 63


def test_a_finding_leads_to_the_words_it_is_about(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    texts = {name: record.document.canonical_text or "" for name, record in specimens().items()}
    n_placed = 0
    for name, project_year_id in names.items():
        for row in rows(marts, "select * from marts.fct_red_flag_detail where project_year_id = ?", project_year_id):
            # A finding about a whole passage gives its span without repeating its words.
            if row["evidence_text"] is not None:
                n_placed += 1
                assert texts[name][row["evidence_start"] : row["evidence_end"]] == row["evidence_text"], row
    assert n_placed > 50
