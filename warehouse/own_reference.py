"""People's own reference data: lines in the home folder that win over the packaged reference tables.

`<home>/reference/<table>.csv` has columns of the packaged table of that name. A line with the key of a packaged row
replaces the columns that the file has; any other line is a new row and needs all columns. An empty cell is "nothing".
Which tables may be changed stands in the yml beside the packaged tables (`config.meta.own` and `key`,
`config.column_types`), which of their columns hold patterns (`config.meta.patterns`), and which know no values but the
packaged ones (`config.meta.known`). `apply_own_reference` checks all files and makes `raw.own_reference` of the build
file say the same; the models read both through the macro `reference_with_own`.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.errors import UsageError
from ingest.raw_store import Clock, open_build, utc_now
from ingest.resources import reference_dir
from warehouse.home import Home

KEY_SEPARATOR = "\x1f"
"""Between the parts of a key, in `raw.own_reference.row_key`."""
_SPREADSHEETS = {".xlsx", ".xls", ".et", ".ods", ".tsv"}
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")
_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A reference table that people may change: its name, key columns, and all columns with their types.

    `patterns` has the columns whose values are patterns, each with the condition under which they are: another column
    and its values, or nothing where they always are. `known` has the columns whose packaged values are all that the
    models look for: another value would be read by nobody.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    patterns: Mapping[str, Mapping[str, Sequence[str]]]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One line of a person's own table. `values` has the columns of the file, None where the cell is empty."""

    table: str
    line: int
    key: tuple[str, ...]
    values: Mapping[str, str | None]


@lru_cache(maxsize=1)
def own_tables() -> Mapping[str, OwnTable]:
    """The reference tables that people may change, by name."""
    import yaml  # type: ignore[import-untyped]  # it comes with dbt, without types

    found: dict[str, OwnTable] = {}
    for path in sorted((reference_dir() / "seeds").glob("*.yml")):
        for seed in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("seeds", []):
            config: dict[str, Any] = seed.get("config", {})
            meta: dict[str, Any] = config.get("meta", {})
            if meta.get("own"):
                patterns = {
                    column: {} if condition is True else dict(condition)
                    for column, condition in meta.get("patterns", {}).items()
                }
                found[seed["name"]] = OwnTable(
                    seed["name"],
                    tuple(meta["key"]),
                    dict(config["column_types"]),
                    patterns,
                    tuple(meta.get("known", ())),
                )
    return found


def read_own_reference(home: Home) -> list[OwnRow]:
    """All lines of people's own tables, by table and line.

    Raises:
        UsageError: a file is no table that people may change, or a line of it cannot be used.
    """
    if not home.reference.is_dir():
        return []
    rows: list[OwnRow] = []
    for path in sorted(home.reference.iterdir()):
        if path.name.startswith((".", "~")) or not path.is_file():
            continue
        suffix = path.suffix.lower()
        if suffix == ".csv":
            rows += _read_file(path)
        elif suffix in _SPREADSHEETS:
            raise _unknown_file(path)
    return rows


def read_reference(home: Home, name: str) -> list[dict[str, str | None]]:
    """A packaged reference table with people's own lines over it, as texts; None is an empty cell.

    Raises:
        UsageError: a file of theirs cannot be used.
    """
    table = own_tables()[name]
    own = {row.key: row.values for row in read_own_reference(home) if row.table == name}
    rows = []
    for line in _packaged_rows(table):
        key = tuple(line[name] for name in table.key)
        rows.append({column: value or None for column, value in line.items()} | dict(own.pop(key, {})))
    return [*rows, *(dict(values) for values in own.values())]


def apply_own_reference(home: Home, clock: Clock = utc_now) -> bool:
    """Make `raw.own_reference` of the build file say what the home folder's files say; whether anything changed.

    Without a build file there is nothing to do. The caller holds the writer's lock.

    Raises:
        UsageError: a file cannot be used.
        BusyError: another program has the build file open.
    """
    from ingest.ledger import replace_rows

    wanted = _long_form(read_own_reference(home))
    if not home.build_file.is_file():
        return False
    with open_build(home.build_file) as connection:
        known = connection.execute(
            "select table_name, row_key, column_name, value, line from raw.own_reference order by all"
        ).fetchall()
        if sorted(known, key=repr) == sorted(wanted, key=repr):
            return False
        names = ("table_name", "row_key", "column_name", "value", "line")
        rows = (dict(zip(names, entry, strict=True)) for entry in wanted)
        replace_rows(connection, "raw.own_reference", rows, clock())
    return True


def _read_file(path: Path) -> list[OwnRow]:
    table = own_tables().get(path.stem)
    if table is None:
        raise _unknown_file(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return list(_read_rows(path, table, csv.reader(handle, strict=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _broken_file(path, 1, "不是 UTF-8 编码的 CSV 文件", "this is no CSV file in UTF-8") from error


def _read_rows(path: Path, table: OwnTable, reader: Any) -> Iterator[OwnRow]:
    header = [name.strip() for name in next(reader, [])]
    _check_header(path, table, header)
    packaged = _packaged_rows(table)
    packaged_keys = {tuple(row[name] for name in table.key) for row in packaged}
    known = {name: list(dict.fromkeys(row[name] for row in packaged)) for name in table.known}
    seen: dict[tuple[str, ...], int] = {}
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise _broken_file(
                path,
                line,
                f"应有 {len(header)} 个值，实有 {len(cells)} 个",
                f"{len(header)} values belong here, not {len(cells)}",
            )
        values = {name: cell.strip() or None for name, cell in zip(header, cells, strict=True)}
        for name, value in values.items():
            if value is not None:
                values[name] = _checked(path, line, name, table.columns[name], value)
        _check_known(path, line, known, values)
        _check_patterns(path, line, table, values)
        key = tuple(values[name] or "" for name in table.key)
        if not any(key):
            raise _broken_file(path, line, f"缺少 {'、'.join(table.key)}", f"{', '.join(table.key)} must not be empty")
        if key in seen:
            raise _broken_file(path, line, f"与第 {seen[key]} 行重复", f"line {seen[key]} has the same key")
        seen[key] = line
        missing = [name for name in table.columns if name not in header]
        if missing and key not in packaged_keys:
            raise _broken_file(
                path,
                line,
                f"{'、'.join(key)} 不在自带的表中，新增的行须有全部各列，缺 {'、'.join(missing)}",
                f"{', '.join(key)} is not in the packaged table, and a new row needs all columns: "
                f"{', '.join(missing)} missing",
            )
        yield OwnRow(table.name, line, key, values)


def _check_header(path: Path, table: OwnTable, header: Sequence[str]) -> None:
    unknown = [name for name in header if name not in table.columns]
    missing = [name for name in table.key if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    accepted_zh, accepted_en = "、".join(table.columns), ", ".join(table.columns)
    if unknown:
        raise _broken_file(
            path,
            1,
            f"没有名为 {'、'.join(unknown)} 的列，可用的列为 {accepted_zh}",
            f"there is no column {', '.join(unknown)}; the columns are {accepted_en}",
        )
    if missing:
        raise _broken_file(path, 1, f"缺少列 {'、'.join(missing)}", f"the column {', '.join(missing)} is missing")
    if twice:
        raise _broken_file(path, 1, f"列 {'、'.join(twice)} 重复", f"the column {', '.join(twice)} stands twice")


def _packaged_rows(table: OwnTable) -> list[dict[str, str]]:
    """The packaged lines: all columns, keys and known ones in their one way of writing; an empty cell as empty text."""
    path = reference_dir() / "seeds" / f"{table.name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        lines = [{name: value.strip() for name, value in line.items()} for line in csv.DictReader(handle)]
    compared = (*table.key, *table.known)
    return [
        line | {name: _normalised(table.columns[name], line[name]) for name in compared if line[name]} for line in lines
    ]


def _checked(path: Path, line: int, column: str, data_type: str, value: str) -> str:
    try:
        return _normalised(data_type, value)
    except (ValueError, InvalidOperation) as error:
        raise _broken_file(
            path, line, f"列 {column} 的值“{value}”不是 {data_type}", f"“{value}” in {column} is no {data_type}"
        ) from error


def _check_known(path: Path, line: int, known: Mapping[str, Sequence[str]], values: Mapping[str, str | None]) -> None:
    for column, accepted in known.items():
        value = values.get(column, accepted[0]) or ""
        if value not in accepted:
            raise _broken_file(
                path,
                line,
                f"列 {column} 没有“{value}”，可用的为 {'、'.join(accepted)}",
                f"{column} knows no “{value}”; it is one of {', '.join(accepted)}",
            )


def _check_patterns(path: Path, line: int, table: OwnTable, values: Mapping[str, str | None]) -> None:
    """The engine that will look for a pattern must understand it: one that it does not would stop the build."""
    import duckdb

    for column, condition in table.patterns.items():
        pattern = values.get(column)
        if pattern is None or any(values.get(name) not in accepted for name, accepted in condition.items()):
            continue
        try:
            found = duckdb.execute("select regexp_matches('', ?)", [pattern]).fetchone()
        except duckdb.Error as error:
            raise _broken_file(
                path,
                line,
                f"列 {column} 的值“{pattern}”不是正则表达式（{error}）",
                f"“{pattern}” in {column} is no pattern ({error})",
            ) from error
        if found == (True,):
            raise _broken_file(
                path,
                line,
                f"列 {column} 的值“{pattern}”与任何文字都相符",
                f"“{pattern}” in {column} fits every text",
            )


def _normalised(data_type: str, value: str) -> str:
    """A value in the one way of writing it that its type has, so that keys are compared as the models compare them.

    Raises:
        ValueError: the value has another type (also InvalidOperation of decimal).
    """
    if data_type == "varchar":
        return value
    if data_type == "integer":
        if abs(int(value)) > _LARGEST_INTEGER:
            raise ValueError("too large")
        return str(int(value))
    if data_type == "boolean":
        if value.lower() not in {"true", "false"}:
            raise ValueError("neither true nor false")
        return value.lower()
    if data_type == "date":
        return date.fromisoformat(value).isoformat()
    if data_type == "double":
        if not math.isfinite(float(value)):
            raise ValueError("not finite")
        return value
    match = _DECIMAL.fullmatch(data_type)
    if match is None:
        raise ValueError(f"reference tables have no type {data_type}")
    number, places = Decimal(value), int(match[2])
    if not number.is_finite() or abs(number) >= Decimal(10) ** (int(match[1]) - places):
        raise ValueError("does not fit")
    if number != round(number, places):
        raise ValueError("has more places")
    return f"{number:.{places}f}"


def _long_form(rows: Sequence[OwnRow]) -> list[tuple[str, str, str, str | None, int]]:
    return [
        (row.table, KEY_SEPARATOR.join(row.key), column, value, row.line)
        for row in rows
        for column, value in row.values.items()
    ]


def _unknown_file(path: Path) -> UsageError:
    files = [f"{name}.csv" for name in sorted(own_tables())]
    return UsageError(
        "unknown_reference",
        zh=f"{path}：不是可由用户补充的参考表。可用的文件为 {'、'.join(files)}。请改名或移走。",
        en=f"{path}: this is no reference table that you may change. "
        f"The files are {', '.join(files)}. Rename it or move it away.",
        path=str(path),
        files=files,
    )


def _broken_file(path: Path, line: int, zh: str, en: str) -> UsageError:
    return UsageError(
        "broken_reference",
        zh=f"{path} 第 {line} 行：{zh}。请改正后重试。",
        en=f"{path}, line {line}: {en}. Put it right and try again.",
        path=str(path),
        line=line,
    )
