"""What analysts ask of the published samples, by `fundperf sql`, and what may not be asked.

The command is called in this process, and the worker that runs a statement is forked: a new interpreter for each of
them would take most of the time (`test_run.py` and `test_sql_door.py` start the command as people do).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any

import pytest

import warehouse
from tests.conftest import ROOT, Call
from tests.end_to_end.conftest import TwoRuns

pytestmark = pytest.mark.usefixtures("forked_worker")
Ask = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ask(runs: TwoRuns, call: Call) -> Ask:
    """The answer of `fundperf sql`, decimals as text."""

    def answer(query: str) -> list[dict[str, Any]]:
        outcome = call("sql", query, "--format", "json", "--home", runs.home, "--lang", "en")
        assert outcome.code == 0, outcome.err
        rows: list[dict[str, Any]] = json.loads(outcome.out)
        return rows

    return answer


def test_2020_is_answered_in_yuan_with_a_named_denominator_and_without_a_score(ask: Ask) -> None:
    [row] = ask(
        "select unit_name, project_name, budget_stage, budget_yuan, executed_yuan, execution_rate,"
        " stated_execution_rate, stated_total_points, stated_grade_text, n_indicators, payee_names,"
        " document_numbers, evaluated_on, revised_on"
        " from rpt_project_years where programme_family = '金保工程' and fiscal_year = 2020",
    )
    assert row == {
        "unit_name": "盐边县人力资源和社会保障局",
        "project_name": "金保网网络运行",
        "budget_stage": "approved",
        "budget_yuan": "16800.00",
        "executed_yuan": "16800.00",
        "execution_rate": 1.0,
        "stated_execution_rate": None,
        "stated_total_points": None,
        "stated_grade_text": None,
        "n_indicators": 0,
        "payee_names": "中国电信股份有限公司攀枝花分公司",
        "document_numbers": "盐边财政〔2020〕8号",
        "evaluated_on": "2021-09-03",
        "revised_on": "2021-09-07",
    }
    [citation] = ask("select distinct as_written_text from fct_citation where document_number = '盐边财政〔2020〕8号'")
    assert citation == {"as_written_text": "盐边财政【2020】8号"}
    findings = ask(
        "select finding_kind, count(*) as n from fct_finding join rpt_project_years using (project_year_id)"
        " where programme_family = '金保工程' and fct_finding.fiscal_year = 2020 group by all order by all",
    )
    assert findings == [{"finding_kind": "problem", "n": 1}, {"finding_kind": "suggestion", "n": 1}]


def test_2023_adds_up_with_an_implied_execution_score(ask: Ask) -> None:
    [row] = ask(
        "select facts.stated_total_points, facts.recomputed_total_points, indicator_score_points,"
        " execution_score_points, execution_score_basis, weight_profile, facts.stated_grade_text"
        " from fct_self_evaluation as facts join rpt_project_years as years using (project_year_id)"
        " where years.programme_family = '金保工程' and years.fiscal_year = 2023",
    )
    assert row == {
        "stated_total_points": "99.4600",
        "recomputed_total_points": "99.4600",
        "indicator_score_points": "89.4600",
        "execution_score_points": "10.0000",
        "execution_score_basis": "implied",
        "weight_profile": "NAT-2020",
        "stated_grade_text": "A",
    }


def test_both_years_stand_in_one_family_and_the_growth_rate_is_refused(ask: Ask) -> None:
    earlier, later = ask(
        "select fiscal_year, programme_sub_type, executed_yuan, executed_ratio, growth_rate, is_comparable,"
        " refusal_codes, region_county, region_hint_text from rpt_project_years"
        " where programme_family = '金保工程' order by fiscal_year",
    )
    assert (earlier["programme_sub_type"], later["programme_sub_type"]) == (
        "line_lease",
        "equipment_and_room_maintenance",
    )
    assert (later["executed_ratio"], later["growth_rate"], later["is_comparable"]) == (10.714286, None, False)
    assert later["refusal_codes"].split(",")[:2] == ["county_unknown", "different_sub_type"]
    assert (later["region_county"], later["region_hint_text"]) == (None, "自治区")


def test_the_published_views_answer_in_chinese(ask: Ask) -> None:
    rows = ask("from 中文.指标完成 select 序号, 三级指标, 得分, 复现规则 where 得分 < 分值 order by 序号")
    assert [(row["三级指标"], row["得分"], row["复现规则"]) for row in rows] == [
        ("其他耗材金额", "2.2100", "EQ_AS_POS"),
        ("维护总额", "2.2500", "EQ_AS_POS"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from fct_funding",
        "with gone as (delete from marts.fct_funding returning *) select * from gone",
        "copy marts.fct_funding to 'stolen.csv'",
        "with x as (copy (select 1) to 'x') select 1",
        "select * from read_csv('/etc/passwd')",
        "attach 'other.duckdb'",
        "set memory_limit = '1TB'",
        "from '/etc/passwd'",
        "select getenv('HOME')",
        "select 1; select 2",
    ],
)
def test_what_does_more_than_read_is_refused_with_a_sentence(runs: TwoRuns, call: Call, statement: str) -> None:
    refused = call("sql", statement, "--home", runs.home, "--lang", "zh")
    assert refused.code == 2
    assert refused.out == ""
    assert len(refused.err.strip().splitlines()) <= 3
    assert "Traceback" not in refused.err
    assert refused.err.startswith("未执行：")


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/tables-and-rules.md"])
def test_every_query_of_the_documentation_is_answered(ask: Ask, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    queries = re.findall(r'fundperf sql "([^"]+)"', text)
    assert queries
    for query in queries:
        assert ask(query), query


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/lineage-and-metrics.md"])
def test_every_way_and_every_metric_of_the_documentation_is_answered(runs: TwoRuns, call: Call, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    # What stands after two blanks or a mark is the explanation.
    calls = [
        re.split(r"  +|#", line)[0] for line in re.findall(r"^fundperf ((?:lineage|metric)\b.*)$", text, re.MULTILINE)
    ]
    assert len(calls) >= 2
    for written in calls:
        answered = call(*shlex.split(written), "--home", runs.home, "--lang", "en")
        assert answered.code == 0, (written, answered.err)
        assert answered.out.strip(), written


def test_every_mart_stands_in_the_list_of_tables_under_both_names(runs: TwoRuns) -> None:
    text = (ROOT / "docs/tables-and-rules.md").read_text(encoding="utf-8")
    with warehouse.connect(runs.home) as connection:
        names = connection.execute(
            "select tables.table_name, regexp_extract(views.comment, '\\[marts\\.(\\w+)\\]$', 1), views.view_name"
            " from information_schema.tables as tables left join duckdb_views() as views"
            " on views.schema_name = '中文' and views.comment like '%[marts.' || tables.table_name || ']'"
            " where tables.table_schema = 'marts'"
        ).fetchall()
    assert names
    for mart, described, chinese in names:
        assert described == mart
        assert f"`{mart}`" in text
        assert f"`{chinese}`" in text
