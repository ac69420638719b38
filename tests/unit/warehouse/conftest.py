"""A small warehouse made by hand: two project-years, both schemas, the ledger tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest.raw_schema import ddl
from warehouse.build import BuildNote, describe_content, fingerprint, write_note
from warehouse.home import Home, find_home
from warehouse.release import Release, publish

PARENTS = {
    "staging.stg_reports__funding_lines": ["raw.funding_lines"],
    "marts.fct_funding": ["staging.stg_reports__funding_lines"],
    "中文.资金": ["marts.fct_funding"],
}

MakeBuild = Callable[..., Home]


def _make_build(home: Home, executed_yuan: str = "16800.00") -> Home:
    home.prepare()
    path = home.build_file
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        connection.execute('create schema marts; create schema "中文"')
        connection.execute(
            f"""
            create table marts.fct_funding as
            select * from (values
                ('a', 2020, '盐边县', 'executed', {executed_yuan}::decimal(18, 2), date '2021-09-03'),
                ('b', 2023, null, 'executed', 180000.00::decimal(18, 2), null)
            ) as rows(project_year_id, fiscal_year, county, stage, amount_yuan, evaluated_on)
            """
        )
        connection.execute("create table marts.dim_programme as select 1 as programme_id, '金保工程' as family")
        connection.execute(
            'create view "中文"."资金" as '
            'select project_year_id as "项目年度", fiscal_year as "年度", amount_yuan as "金额" from marts.fct_funding'
        )
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), PARENTS))
    return home


@pytest.fixture(scope="session")
def make_build() -> MakeBuild:
    """Writes a complete build whose first project-year executed the given sum."""
    return _make_build


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home folder with a complete build and nothing published."""
    return _make_build(find_home(tmp_path / "home"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A published release that no test changes."""
    return publish(_make_build(find_home(tmp_path_factory.mktemp("published"))))
