"""The end of a run: project-years side by side with their growth or the reasons against it, and what to type next."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from warehouse.attaching import CHINESE_SCHEMA, attach, named_rows
from warehouse.messages import listed, say
from warehouse.output import print_rows

if TYPE_CHECKING:
    import duckdb

    from warehouse.messages import Lang
    from warehouse.release import Release
    from warehouse.screens import Screen

_SHOWN_ROWS = 20
# What somebody looks at first.
_FIRST_LOOKS = ("marts.rpt_project_years", "marts.fct_indicator_attainment")
_HEADINGS = {
    "zh": ("年度", "县（市、区）· 单位", "项目 · 类别 / 子类", "预算（元）", "执行（元）", "执行率", "总分", "等级"),
    "en": ("Year", "County · unit", "Project · family / sub-type", "Budget ¥", "Spent ¥", "Rate", "Total", "Grade"),
}


def show_comparison(screen: Screen, release: Release) -> None:
    """The project-years side by side, then each pair with its ratio and its growth or the reason against it."""
    n_rows = release.row_counts.get("marts.rpt_project_years", 0)
    if not n_rows:
        return
    rows = _read_project_years(release, screen.lang)
    screen.line("")
    screen.say("comparison")
    cells = [_project_year_cells(row, say("unknown", screen.lang)) for row in rows]
    print_rows(screen.console, _HEADINGS[screen.lang], cells)
    if n_rows > len(rows):
        screen.say("more_rows", count=n_rows - len(rows))
    for row in rows:
        if row["compared_project_year_id"] is not None:
            screen.line("  " + _describe_pair(screen.lang, row))


def _project_year_cells(row: dict[str, Any], unknown: str) -> tuple[Any, ...]:
    from ingest.records import plain

    place = row["region_county"] or row["region_as_written_text"] or row["region_hint_text"]
    programme = " / ".join(filter(None, (row["programme_family"], row["sub_type"])))
    rate, total = row["execution_rate"], row["stated_total_points"]
    return (
        row["fiscal_year"],
        "\n".join(filter(None, (place, row["unit_name"]))) or unknown,
        "\n".join(filter(None, (row["project_name"] or unknown, programme))),
        _money(row["budget_yuan"]),
        _money(row["executed_yuan"]),
        None if rate is None else _percent(rate),
        None if total is None else plain(total),
        row["stated_grade_text"],
    )


def show_next(screen: Screen, release: Release) -> None:
    """Commands worth typing next, with names that exist in this release."""
    screen.line("")
    screen.say("next")
    commands = ["fundperf status"]
    if "marts.rpt_project_years" in release.row_counts:
        commands.append('fundperf sql "from marts.rpt_project_years"')
    chinese = {mart: name for name, (mart, *_) in _chinese_views(release) if mart in release.row_counts}
    # What people look at first, as far as this release has it.
    shown = sorted(chinese, key=lambda mart: (mart not in _FIRST_LOOKS, mart))
    commands.extend(f'fundperf sql "from {chinese[mart]}"' for mart in shown[:2])
    if "marts.fct_indicator_attainment" in release.row_counts:
        commands.append('fundperf sql "select fact_id, indicator_name, target_text from fct_indicator_attainment"')
        commands.append("fundperf trace FACT_ID")
    for command in commands:
        screen.line(f"  {command}")


def _chinese_views(release: Release) -> list[tuple[str, list[str]]]:
    return [(name, above) for name, above in release.parents.items() if name.startswith(f"{CHINESE_SCHEMA}.") and above]


def _read_project_years(release: Release, lang: Lang) -> list[dict[str, Any]]:
    with attach(release.file) as connection:
        rows = named_rows(
            connection,
            f"""
            select
                later.*,
                earlier.project_name as compared_project_name,
                (
                    select string_agg(reasons.reason_en, '; ' order by reasons.ordinal)
                    from reference.comparison_refusals as reasons
                    where list_contains(string_split(later.refusal_codes, ','), reasons.code)
                ) as refusal_reasons_en
            from marts.rpt_project_years as later
            left join marts.rpt_project_years as earlier
                on later.compared_project_year_id = earlier.project_year_id
            order by
                later.programme_family nulls last, later.fiscal_year, later.region_county nulls last,
                later.unit_name nulls last, later.project_name nulls last, later.project_year_id
            limit {_SHOWN_ROWS}
            """,
        )
        names = _sub_type_names(connection, lang)
    for row in rows:
        row["reasons"] = row["refusal_reasons"] if lang == "zh" else row["refusal_reasons_en"]
        sub_type = row["programme_sub_type"]
        row["sub_type"] = names.get((row["programme_family"], sub_type), sub_type)
    return rows


def _sub_type_names(connection: duckdb.DuckDBPyConnection, lang: Lang) -> dict[tuple[str, str], str]:
    """What families and sub-types are called; in English the Chinese name where there is no other. None in releases of
    older versions."""
    import duckdb

    name = "programme_sub_type_zh" if lang == "zh" else "coalesce(programme_sub_type_en, programme_sub_type_zh)"
    try:
        rows = connection.execute(
            f"select programme_family, programme_sub_type, {name} from marts.dim_programme where {name} is not null"
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    return {(family, sub_type): name for family, sub_type, name in rows}


def _describe_pair(lang: Lang, row: dict[str, Any]) -> str:
    unknown = say("unknown", lang)
    text = say(
        "pair",
        lang,
        later=f"{row['fiscal_year']} {row['project_name'] or unknown}",
        earlier=f"{row['compared_fiscal_year']} {row['compared_project_name'] or unknown}",
        ratio="—" if row["executed_ratio"] is None else f"{row['executed_ratio']:.2f}",
    )
    if row["is_comparable"] and row["growth_rate"] is not None:
        judged = say("pair_growth", lang, growth=_percent(row["growth_rate"]))
    else:
        judged = say("pair_refused", lang, reasons=row["reasons"] or row["refusal_codes"] or "—")
    return listed((text, judged), lang, "；")


def _money(yuan: Decimal | None) -> str | None:
    return None if yuan is None else f"{yuan:,.2f}"


def _percent(rate: float) -> str:
    return f"{Decimal(repr(rate)) * 100:.2f}%"
