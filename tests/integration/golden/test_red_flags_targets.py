"""The rules on targets (C) and explanations (D3–D7) at their limits, and where their findings point.

What they say of whole reports stands in the table of answers (`test_red_flags.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from tests.support.dbt_runs import rows
from tests.support.golden_specimens import MAINTENANCE, SAMPLE, YANBIAN, specimens

RULES = (*(f"C{number}" for number in range(1, 15)), "D3", "D4", "D5", "D6", "D7")


def checks_of(marts: duckdb.DuckDBPyConnection, project_year_id: str, rule_id: str) -> list[dict[str, Any]]:
    """Every check of a rule on a report, also those that passed."""
    query = "select * from intermediate.int_red_flags__judged where project_year_id = ? and rule_id = ?"
    return rows(marts, query, project_year_id, rule_id)


def test_a_flag_points_at_the_words_it_was_found_in(marts: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    for name in (f"{MAINTENANCE}/{SAMPLE}", f"{YANBIAN}/{SAMPLE}"):
        text = specimens()[name].document.canonical_text
        assert text is not None
        checks = [check for rule in RULES for check in checks_of(marts, names[name], rule)]
        placed = [check for check in checks if check["evidence_text"] is not None]
        assert {"C6", "C8", "D6"} <= {check["rule_id"] for check in placed}
        for check in placed:
            assert text[check["evidence_start"] : check["evidence_end"]] == check["evidence_text"], check


@pytest.mark.parametrize(
    ("specimen", "rule_id", "results"),
    [
        ("edge-a", "C1", {"新建管网": "I", "发放手册": "passed", "培训期数": "E", "亩均节约成本": "passed"}),
        ("edge-a", "C5", {"最高分值=30": "passed"}),
        ("edge-a", "C6", {"目标中的金额=30万元；目标中的其他数量=100米": "passed"}),
        ("edge-a", "C8", {"用语=无": "passed"}),
        ("edge-a", "C9", {"完工时间": "passed"}),
        ("edge-a", "C11", {"印刷费": "W", "亩均节约成本": "passed"}),
        ("edge-a", "D3", {"发放手册": "E", "印刷费": "passed"}),
        ("edge-a", "D4", {"亩均节约成本": "passed"}),
        ("edge-a", "D6", {"调查依据=问卷": "passed"}),
        ("edge-b", "C5", {"最高分值=31": "W"}),
        ("edge-b", "C8", {"金额=500000元": "passed"}),
        ("edge-b", "C12", {"贫困村数量": "W", "非贫困村数量": "passed"}),
        ("edge-b", "C13", {"工程质量达标率": "I", "非贫困村数量": "passed"}),
        ("edge-b", "D3", {"工程质量达标率": "passed"}),
        ("edge-b", "D4", {"工程验收合格率": "W"}),
        ("edge-b", "D5", {"存在问题条数=1": "passed"}),
        ("edge-b", "D6", {"调查依据=无": "W"}),
        ("edge-2021", "C3", {"培训人数": "not_evaluable", "结业率": "not_evaluable"}),
        ("edge-2022", "C3", {"培训人数": "passed", "结业率": "W"}),
        ("edge-b", "D7", {"村民满意度=99.9%": "passed"}),
    ],
)  # fmt: skip
def test_at_its_limit(
    marts: duckdb.DuckDBPyConnection, names: Mapping[str, str], specimen: str, rule_id: str, results: dict[str, str]
) -> None:
    checks = checks_of(marts, names[specimen], rule_id)
    for words, result in results.items():
        found = {
            check["severity"] if check["result"] == "flagged" else check["result"]
            for check in checks
            if (check["operands"] or words).startswith(words) or words in check["operands"].replace("指标=", "")
        }
        assert result in found, (words, [(check["operands"], check["result"]) for check in checks])
