"""A warehouse of a few reports made by hand, with the columns that a comparison of releases looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.raw_schema import ddl
from warehouse.build import BuildNote, describe_content, fingerprint, write_note
from warehouse.home import Home


@dataclass(frozen=True, slots=True)
class Report:
    """One project-year. `project_year_id` and what is not named follow from project and year."""

    project: str
    year: int = 2022
    county: str | None = "盐边县"
    region_id: str | None = None
    executed: str | None = "16800.00"
    budget: str | None = "16800.00"
    total_points: str | None = "95"
    attainment: float | None = 0.9
    document: str = ""
    record: str = ""
    report_id: str = ""
    identity: str = ""
    indicators: Sequence[tuple[str, str, str]] = ()
    flags: Sequence[str] = ()
    corrected_by: str | None = None

    @property
    def key(self) -> str:
        return self.identity or f"{self.project}-{self.year}"

    @property
    def document_id(self) -> str:
        return self.document or f"doc-{self.project}-{self.year}"

    @property
    def record_id(self) -> str:
        return self.record or f"record-{self.document_id}"


def write_archive(
    path: Path, reports: Sequence[Report], *, withdrawn: Sequence[str] = (), own: Sequence[str] = ()
) -> Path:
    """A database file with these reports; `withdrawn` are further documents, `own` tables with a line of people's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        for statement in _TABLES:
            connection.execute(statement)
        documents = {report.document_id: (report.record_id, False) for report in reports}
        documents |= {document: ("record-" + document, True) for document in withdrawn}
        for document, (record, is_withdrawn) in documents.items():
            connection.execute(
                "insert into marts.dim_document values (?, ?, 1, ?)", [document, f"{document}.txt", is_withdrawn]
            )
            connection.execute("insert into staging.stg_reports__current_records values (?, ?)", [document, record])
        for report in reports:
            _insert(connection, report)
        for name in own:
            connection.execute(
                "insert into raw.own_reference (load_id, table_name, row_key, column_name, value, line) "
                "values ('x', ?, 'minimum', 'value', '1', 2)",
                [name],
            )
    return path


def write_build(
    home: Home, reports: Sequence[Report], *, project: str = "models-1", withdrawn: Sequence[str] = ()
) -> Home:
    """A complete build of these reports, ready to be published."""
    home.prepare()
    write_archive(home.build_file, reports, withdrawn=withdrawn)
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), {}, project))
    return home


_TABLES = (
    'create schema marts; create schema staging; create schema intermediate; create schema "中文"',
    """
    create table marts.rpt_project_years (
        project_year_id varchar, project_id varchar, document_id varchar, fiscal_year integer, kind varchar,
        region_id varchar, region_name varchar, region_county varchar, unit_name varchar, project_name varchar,
        file_name varchar, programme_family varchar, budget_yuan decimal(18, 2), executed_yuan decimal(18, 2),
        stated_total_points decimal(9, 4), indicator_attainment_rate double
    )
    """,
    """
    create table marts.fct_execution (
        project_year_id varchar, is_corrected boolean, corrected_by varchar, correction_reason varchar
    )
    """,
    """
    create table intermediate.int_project_years__current (
        project_year_id varchar, report_id varchar, record_id varchar
    )
    """,
    "create table staging.stg_reports__current_records (document_sha256 varchar, record_id varchar)",
    "create table marts.dim_document (document_id varchar, file_name varchar, n_reports integer, is_withdrawn boolean)",
    """
    create table marts.fct_funding (project_year_id varchar, stage varchar, source varchar, amount_yuan decimal(18, 2))
    """,
    """
    create table marts.fct_indicator_attainment (
        fact_id varchar, project_year_id varchar, ordinal integer, indicator_name varchar, target_text varchar,
        actual_text varchar, stated_score_points decimal(9, 4)
    )
    """,
    "create table marts.fct_red_flag (project_year_id varchar, rule_id varchar, result varchar)",
    """
    create view "中文"."项目年度" as
    select fiscal_year as "年度", project_name as "项目名称", executed_yuan as "全年执行数" from marts.rpt_project_years
    """,
)


def _insert(connection: duckdb.DuckDBPyConnection, report: Report) -> None:
    connection.execute(
        "insert into marts.rpt_project_years values (?, ?, ?, ?, 'project_self_evaluation', ?, ?, ?, '县局', ?, ?, "
        "null, ?, ?, ?, ?)",
        [
            report.key, report.project, report.document_id, report.year, report.region_id, report.county, report.county,
            report.project, f"{report.document_id}.txt", report.budget, report.executed, report.total_points,
            report.attainment,
        ],
    )  # fmt: skip
    connection.execute(
        "insert into marts.fct_execution values (?, ?, ?, null)",
        [report.key, report.corrected_by is not None, report.corrected_by],
    )
    connection.execute(
        "insert into intermediate.int_project_years__current values (?, ?, ?)",
        [report.key, report.report_id or f"report-{report.document_id}", report.record_id],
    )
    if report.executed is not None:
        connection.execute(
            "insert into marts.fct_funding values (?, 'executed', 'total', ?)", [report.key, report.executed]
        )
    for ordinal, (name, target, actual) in enumerate(report.indicators, 1):
        connection.execute(
            "insert into marts.fct_indicator_attainment values (?, ?, ?, ?, ?, ?, 10)",
            [f"{report.key}-{ordinal}", report.key, ordinal, name, target, actual],
        )
    for rule in ("late", "round"):
        result = "flagged" if rule in report.flags else "passed"
        connection.execute("insert into marts.fct_red_flag values (?, ?, ?)", [report.key, rule, result])
