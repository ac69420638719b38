"""A diff of two releases as people read it: counts, county-years, then what appeared, vanished and moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.messages import listed, say
from warehouse.output import one_line, print_rows, shortened
from warehouse.release_diff_queries import DESCRIBED, MEASURED

if TYPE_CHECKING:
    from warehouse.messages import Lang
    from warehouse.release_diff import ReleaseDiff, Row
    from warehouse.screens import Screen

_SIGNS = {"appeared": "+", "vanished": "−", "moved": "~"}
_LONGEST_VALUE = 60
_SHOWN_FIGURES = 6


def show_counts(screen: Screen, counts: Mapping[str, Mapping[str, int]]) -> None:
    """One line for reports, projects, counties and documents, and one for the causes."""
    parts = [
        say(f"diff_{name}", screen.lang, **{change: counts[name].get(change, 0) for change in _SIGNS})
        for name in ("reports", "projects", "counties", "documents")
        if any(counts.get(name, {}).values())
    ]
    if not parts:
        screen.say("diff_none")
        return
    screen.line("  " + listed(parts, screen.lang, "；"))
    causes = counts.get("causes", {})
    if causes:
        named = (f"{_cause(screen.lang, cause)} {count}" for cause, count in causes.items())
        screen.line("  " + say("diff_causes", screen.lang, causes=listed(named, screen.lang, "，")))


def show_diff(screen: Screen, diff: ReleaseDiff, limit: int) -> None:
    """Everything that differs, at most `limit` rows of each list (0: all)."""
    screen.say("diff_title", before=diff.before, after=diff.after)
    show_counts(screen, diff.counts)
    if diff.county_years:
        screen.say("diff_county_years")
        headings = [say(f"diff_column_{name}", screen.lang) for name in _COUNTY_YEAR]
        rows = [[read(row, screen.lang) for read in _COUNTY_YEAR.values()] for row in diff.county_years]
        print_rows(screen.console, headings, rows[: limit or None])
        _say_rest(screen, len(rows), limit)
    _show_whole(screen, "county", diff.counties, limit)
    _show_whole(screen, "project", diff.projects, limit)
    for change in _SIGNS:
        _show_reports(screen, change, [row for row in diff.reports if row["change"] == change], limit)
    _show_documents(screen, diff, limit)
    if diff.tables:
        screen.say("diff_tables", count=len(diff.tables))
        for row in diff.tables[: limit or None]:
            screen.line(f"  {row['table']}.{row['column']}: {row['before'] or '—'} → {row['after'] or '—'}")
        _say_rest(screen, len(diff.tables), limit)
    if diff.is_cut:
        screen.say("diff_cut")


def _show_whole(screen: Screen, what: str, rows: Sequence[Row], limit: int) -> None:
    """Counties or projects all of whose reports appeared or vanished."""
    if rows:
        screen.say(f"diff_whole_{what}")
    for row in rows[: limit or None]:
        text = say(
            "diff_whole",
            screen.lang,
            sign=_SIGNS[row["change"]],
            name=_name(row, screen.lang),
            years=row["fiscal_years"] or say("unknown", screen.lang),
            reports=row["n_reports"],
            executed=_amount(row["executed_yuan"]),
            causes=_cause(screen.lang, row["causes"]),
        )
        screen.line(f"  {text}")
    _say_rest(screen, len(rows), limit)


def _show_reports(screen: Screen, change: str, rows: Sequence[Row], limit: int) -> None:
    # What only other reports changed is told as a number: nobody has to look at each.
    own = [row for row in rows if row["cause"] != "other_reports"]
    if own:
        screen.say(f"diff_reports_{change}")
    for row in own[: limit or None]:
        name = " ".join(filter(None, (str(row["fiscal_year"] or ""), _name(row, screen.lang))))
        cause = _cause(screen.lang, row["cause"])
        line = f"  {_SIGNS[change]} {name}  [{cause}]  {row['file_name_after'] or row['file_name_before'] or ''}"
        screen.line(line.rstrip())
        for figure in sorted(row["figures"], key=_rank)[: _SHOWN_FIGURES if limit else None]:
            screen.line(f"      {_figure(screen.lang, figure)}")
        if limit and len(row["figures"]) > _SHOWN_FIGURES:
            screen.line("      " + say("diff_more_figures", screen.lang, count=len(row["figures"]) - _SHOWN_FIGURES))
        if change == "moved" and not row["figures"]:
            screen.line("      " + say("diff_same_figures", screen.lang))
    _say_rest(screen, len(own), limit)
    if len(own) < len(rows):
        screen.say("diff_other_reports", count=len(rows) - len(own))


def _show_documents(screen: Screen, diff: ReleaseDiff, limit: int) -> None:
    """Those that no line about a report has named."""
    told = {row[f"document_id_{side}"] for row in diff.reports for side in ("before", "after")}
    rows = [row for row in diff.documents if row["document_id"] not in told]
    if rows:
        screen.say("diff_documents_only")
    for row in rows[: limit or None]:
        screen.line(f"  {_SIGNS[row['change']]} {row['file_name']}")
    _say_rest(screen, len(rows), limit)


def _say_rest(screen: Screen, count: int, limit: int) -> None:
    if limit and count > limit:
        screen.say("diff_more", count=count - limit)


def _rank(figure: Row) -> tuple[int, str, str]:
    order = (*MEASURED, *DESCRIBED)
    known = order.index(figure["measure"]) if figure["measure"] in order else len(order)
    return known, figure["measure"], figure["item"] or ""


def _figure(lang: Lang, figure: Row) -> str:
    measure = figure["measure"]
    name = say(f"measure_{measure.replace('.', '_')}", lang)
    item = f" {_item(lang, figure)}" if figure["item"] else ""
    before, after = (_value(measure, figure[side]) for side in ("before", "after"))
    return f"{name}{item}: {before} → {after}"


def _item(lang: Lang, figure: Row) -> str:
    """Stage and source of money by the form's words, everything else as it is called."""
    from warehouse.review_fields import SOURCES, STAGES

    stage, _, source = figure["item"].partition("/")
    if lang == "zh" and figure["measure"] == "funding" and stage in STAGES:
        return f"{STAGES[stage]} · {SOURCES.get(source, source)}"
    return one_line(figure["item"])


def _value(measure: str, value: str | None) -> str:
    if value is None:
        return "—"
    return _amount(value) if measure.endswith("_yuan") else shortened(one_line(value), _LONGEST_VALUE)


def _amount(value: str | None) -> str:
    return "—" if value is None else f"{Decimal(value):,.2f}"


def _cause(lang: Lang, causes: str | None) -> str:
    """The names of one cause, or of several that stand in one text."""
    if not causes:
        return say("cause_unknown", lang)
    return listed((say(f"cause_{cause}", lang) for cause in causes.split(", ")), lang)


def _name(row: Row, lang: Lang) -> str:
    parts = (row.get("county"), row.get("unit_name"), row.get("project_name"))
    return " · ".join(filter(None, parts)) or say("unknown", lang)


_COUNTY_YEAR: dict[str, Callable[[Row, Lang], object]] = {
    "county": lambda row, lang: row["county"] or say("unknown", lang),
    "year": lambda row, lang: row["fiscal_year"],
    "kind": lambda row, lang: say(f"kind_{row['kind'] or 'unknown'}", lang),
    "reports_before": lambda row, lang: row["n_reports_before"],
    "reports_after": lambda row, lang: row["n_reports_after"],
    "appeared": lambda row, lang: row["n_appeared"] or None,
    "vanished": lambda row, lang: row["n_vanished"] or None,
    "moved": lambda row, lang: row["n_moved"] or None,
    "executed_before": lambda row, lang: row["executed_yuan_before"] and _amount(row["executed_yuan_before"]),
    "executed_after": lambda row, lang: row["executed_yuan_after"] and _amount(row["executed_yuan_after"]),
}
