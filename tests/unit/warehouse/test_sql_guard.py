from __future__ import annotations

import duckdb
import pytest

from ingest.errors import RefusedSqlError
from warehouse.sql_guard import MAX_CHARACTERS, TABLE_FUNCTIONS, check_sql

RELATIONS = {("marts", "fct_funding"), ("marts", "dim_programme"), ("中文", "资金"), ("raw", "documents")}

ATTACKS = [
    # writing
    "insert into fct_funding values (1)",
    "update marts.fct_funding set amount_yuan = 0",
    "delete from marts.fct_funding",
    "merge into fct_funding using dim_programme on true when matched then delete",
    "truncate marts.fct_funding",
    "drop table marts.fct_funding",
    "alter table marts.fct_funding add column x int",
    "create table x as select 1",
    "create temp table x as select 1",
    "create or replace view marts.v as select 1",
    "create macro f(x) as x",
    "create function f(x) as x",
    "comment on table marts.fct_funding is 'x'",
    "select * into x from fct_funding",
    # writing, hidden
    "with x as (insert into fct_funding values (1) returning *) select * from x",
    "with x as (delete from fct_funding returning *) from x",
    "with x as (update fct_funding set amount_yuan = 1 returning *) from x",
    "with x as (copy fct_funding to 'x.csv') select * from x",
    "with x as (create table y as select 1) select 1",
    "select * from (insert into fct_funding values (1) returning *)",
    "select * from (delete from fct_funding returning *)",
    "select 1; drop table marts.fct_funding",
    "select 1; select 2",
    "/* select */ drop table marts.fct_funding",
    "from fct_funding; copy fct_funding to 'x'",
    "with a as (select 1) insert into fct_funding from a",
    "explain analyze copy fct_funding to 'x.csv'",
    "explain select 1",
    # files
    "copy fct_funding to 'x.csv'",
    "copy (select 1) to '/tmp/x.parquet' (format parquet)",
    "copy fct_funding from 'x.csv'",
    "export database 'x'",
    "import database 'x'",
    "select * from '/etc/passwd'",
    "from 'data.csv'",
    'from "data.csv"',
    'with "data.csv" as (select 1) from "data.csv"',
    "describe 'data.parquet'",
    "summarize 'data.parquet'",
    "select * from read_csv('/etc/passwd')",
    "select * from read_csv_auto('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from main.read_text('/etc/passwd')",
    "from '/etc/passwd'.read_text()",
    "select * from read_json('x')",
    "select * from read_parquet('x')",
    "select * from parquet_scan('x')",
    "select * from parquet_metadata('x')",
    "select * from read_duckdb('x')",
    "select * from glob('/*')",
    "select * from sniff_csv('x')",
    "select 1 where exists (select 1 from read_text('x'))",
    "select (select content from read_text('/etc/passwd'))",
    "select * from fct_funding, lateral (from read_text(county))",
    "pivot (from read_csv('x')) on a",
    # text as SQL
    "select * from query('drop table x')",
    "select * from query_table('fct_funding')",
    "select * from json_execute_serialized_sql('{}')",
    "select json_serialize_sql('select 1')",
    # settings, environment, other databases
    "set threads = 1",
    "set global memory_limit = '1TB'",
    "reset all",
    "pragma version",
    "pragma database_list",
    "call pragma_version()",
    "attach 'x.duckdb'",
    "attach ':memory:' as m",
    "detach fundperf_release",
    "use marts",
    "install httpfs",
    "load httpfs",
    "checkpoint",
    "vacuum",
    "begin",
    "prepare p as select 1",
    "execute p",
    "deallocate p",
    "select current_setting('home_directory')",
    "select getenv('HOME')",
    "select \"getenv\"('HOME')",
    "select system.main.getenv('HOME')",
    "select getvariable('x')",
    "select * from duckdb_settings()",
    "select * from duckdb_databases()",
    "select * from duckdb_secrets()",
    "select * from pragma_database_size()",
    "show databases",
    "select nextval('s')",
    "select write_log('x')",
    # time and space
    "select sleep_ms(100000)",
    "select pg_sleep(100)",
    "select " + "(" * 100 + "1" + ")" * 100,
    "select " + "[" * 1_001 + "]" * 1_001,
    "select '" + "x" * MAX_CHARACTERS + "'",
    "select " + "not " * 4_000 + "true",
    # things that are not there
    "select * from sys",
    "select * from marts.nothing",
    "select * from main.fct_funding",
    "select * from other.marts.fct_funding",
    "select * from sqlite_master",
    "select * from duckdb_tables",
    "table secrets",
    # not SQL
    "",
    "   ",
    "-- nothing",
    ";",
    "hello",
    "select $1",
    "select ?",
    "select 'open",
    "select 1 from",
    "select \x00 1",
]

ANALYST = [
    "select * from marts.fct_funding",
    "select * from fct_funding",
    "from fct_funding",
    "FROM MARTS.FCT_FUNDING SELECT COUNT(*)",
    "from 中文.资金",
    "from 中文.资金 select 年度, 金额",
    'select "金额" from "中文"."资金"',
    "from 资金 select sum(金额) as 合计",
    "select * from fundperf_release.marts.fct_funding;",
    "-- 注释\nselect 1 as 数 -- 结束",
    "select fiscal_year, sum(amount_yuan) from fct_funding group by all order by all",
    "select * exclude (stage) from fct_funding",
    "select * replace (amount_yuan / 10000 as amount_yuan) from fct_funding",
    "select columns('.*yuan') from fct_funding",
    "with t as (from fct_funding where fiscal_year >= 2020) select count(*) as n from t",
    "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) from t",
    "select a.fiscal_year from fct_funding a join fct_funding b using (project_year_id)",
    "select * from fct_funding where project_year_id in (select project_year_id from fct_funding)",
    "select fiscal_year from fct_funding union all by name select fiscal_year from fct_funding",
    "select *, row_number() over (partition by fiscal_year order by amount_yuan desc) as place from fct_funding",
    "from fct_funding qualify row_number() over (partition by stage order by fiscal_year) = 1",
    "pivot fct_funding on fiscal_year using sum(amount_yuan)",
    "pivot fct_funding on fiscal_year in (2020, 2023) using sum(amount_yuan) group by stage",
    "unpivot (select 1 as a, 2 as b) on a, b into name k value v",
    "describe marts.fct_funding",
    "describe select amount_yuan from fct_funding",
    "summarize fct_funding",
    "show tables",
    "show all tables",
    "values (1, '一'), (2, '二')",
    "table fct_funding",
    "from range(3)",
    "select * from generate_series(2020, 2023) as t(fiscal_year)",
    "select unnest([1, 2, 3]) as n",
    "select x from fct_funding, unnest([fiscal_year, fiscal_year + 1]) as u(x)",
    "select regexp_extract(county, '(.*)县', 1) from fct_funding",
    "select strftime(evaluated_on, '%Y年%m月') from fct_funding",
    "select case when county is null then '未知' else county end from fct_funding",
    "select list_transform([1, 2], lambda x: x + 1)",
    "select {'年': fiscal_year, '额': amount_yuan} from fct_funding",
    "select median(amount_yuan), quantile_cont(amount_yuan, 0.9) from fct_funding",
    "select string_agg(county, '、' order by county) from fct_funding",
    "select table_name, column_name from information_schema.columns where table_schema = 'marts'",
    "select 'drop table x; copy y to z' as 引文",
    "select * from fct_funding limit 10 offset 1",
    "select fiscal_year, (select count(*) from fct_funding b where b.fiscal_year <= a.fiscal_year) from fct_funding a",
    "from (from fct_funding select fiscal_year) select max(fiscal_year)",
    "select * from fct_funding a left join dim_programme p on true",
]


@pytest.mark.parametrize("sql", ATTACKS, ids=lambda sql: sql[:60])
def test_attack_is_refused_with_both_languages_and_a_next_step(sql: str) -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql(sql, RELATIONS)
    assert refusal.value.zh.startswith("未执行：")
    assert refusal.value.en.startswith("Not run: ")
    assert refusal.value.zh.count("。") >= 2
    assert refusal.value.en.count(". ") >= 1


@pytest.mark.parametrize("sql", ANALYST, ids=lambda sql: sql[:60])
def test_analyst_query_passes(sql: str) -> None:
    check_sql(sql, RELATIONS)


def test_refusal_names_the_close_relation() -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql("select * from fct_fundings", RELATIONS)
    assert "marts.fct_funding" in refusal.value.en


def test_unreadable_statement_says_where() -> None:
    with pytest.raises(RefusedSqlError) as refusal:
        check_sql("select 1\nfrom (select", RELATIONS)
    assert refusal.value.code == "unreadable_sql"
    assert "line 2" in refusal.value.en


def test_every_table_function_of_the_engine_is_refused_except_the_named_few() -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct function_name from duckdb_functions() "
            "where function_type in ('table', 'pragma', 'table_macro')"
        ).fetchall()
    names = {name for (name,) in rows} - TABLE_FUNCTIONS
    assert len(names) > 100
    passed = []
    for name in sorted(names):
        try:
            check_sql(f"select * from {name}('x')", RELATIONS)
        except RefusedSqlError:
            continue
        passed.append(name)
    assert passed == []


def test_functions_with_side_effects_are_refused_except_harmless_ones() -> None:
    harmless = {"random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "error", "current_query"}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct function_name from duckdb_functions() where has_side_effects and function_type = 'scalar'"
        ).fetchall()
    passed = set()
    for (name,) in rows:
        try:
            check_sql(f"select {name}('x')", RELATIONS)
        except RefusedSqlError:
            continue
        passed.add(name)
    assert passed <= harmless
