"""What `fundperf check` shows: every check that failed, what it asks for, its first rows and where to look next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from ingest.check_results import MOST_ROWS
from warehouse.check_failures import LIMIT, Failures, KeptFailure, next_steps, to_dict
from warehouse.messages import say
from warehouse.output import print_rows, write_csv_rows

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.screens import Screen

_SHOWN_COLUMNS = 12
_CSV_COLUMNS = (
    "kind", "subject", "check_name", "severity", "meaning_zh", "meaning_en", "n_failed", "next_zh", "next_en",
    "checked_at",
)  # fmt: skip


def show_failures(screen: Screen, failures: Failures, home: Home, limit: int) -> None:
    """Every failed check with its first rows, what stops a release first.

    Args:
        screen: where to print.
        failures: what was found.
        home: its files are named as the next steps.
        limit: rows of each check; 0 for all that are kept.
    """
    if not failures.found:
        screen.say("checks_none")
    for entry in failures.found:
        _show_failure(screen, entry, failures.chinese if screen.lang == "zh" else {}, home, limit)


def failures_as_json(failures: Failures, home: Home, limit: int) -> list[dict[str, Any]]:
    """One object per failed check, its rows inside it."""
    return [to_dict(_cut(entry, limit), home) for entry in failures.found]


def write_failures_csv(stream: IO[str], failures: Failures, home: Home, limit: int) -> None:
    """One line per failing row, which stands in the last column as JSON; a check without known rows has one line."""

    def lines(entry: KeptFailure) -> list[list[Any]]:
        facts = to_dict(_cut(entry, limit), home)
        rows: list[str | None] = [json.dumps(row, ensure_ascii=False) for row in facts["rows"]]
        return [[*(facts[name] for name in _CSV_COLUMNS), row] for row in rows or [None]]

    write_csv_rows(stream, [*_CSV_COLUMNS, "failing_row"], (line for entry in failures.found for line in lines(entry)))


def _cut(entry: KeptFailure, limit: int) -> KeptFailure:
    rows = entry.failure.rows
    return replace(entry, failure=replace(entry.failure, rows=rows[: limit or len(rows)]))


def _show_failure(screen: Screen, entry: KeptFailure, chinese: Mapping[str, str], home: Home, limit: int) -> None:
    failure = entry.failure
    rows = _cut(entry, limit).failure.rows
    screen.line("")
    screen.say(
        "check_heading_broken" if failure.n_failed is None else "check_heading",
        found=say(f"check_found_{'limit' if failure.kind == LIMIT else failure.severity}", screen.lang),
        name=failure.check_name,
        subject=failure.subject,
        count=failure.n_failed,
    )
    screen.say("check_meaning", meaning=failure.meaning_zh if screen.lang == "zh" else failure.meaning_en)
    if rows:
        _show_rows(screen, rows, chinese)
    if failure.n_failed is not None and len(rows) < failure.n_failed:
        screen.say("check_more_rows", count=failure.n_failed, shown=len(rows), most=MOST_ROWS)
    for step in next_steps(entry, home, screen.lang):
        screen.say("check_next", step=step)


def _show_rows(screen: Screen, rows: Sequence[Mapping[str, Any]], chinese: Mapping[str, str]) -> None:
    # What is tested and whose it is stands first; what comes last nobody needs at first sight.
    names = list(dict.fromkeys(name for row in rows for name in row))[:_SHOWN_COLUMNS]
    headings = [chinese.get(name, name) for name in names]
    print_rows(screen.console, headings, [[row.get(name) for name in names] for row in rows])
