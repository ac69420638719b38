"""Rows for people and programs: table on the screen, CSV, JSON, Parquet. Every figure is written exactly."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ingest.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console, JustifyMethod

_BATCH_ROWS = 10_000
_NARROWEST_TEXT = 12
_UNBOUNDED = 1_000_000
# Control, format (bidirectional overrides among them), lone surrogate, line and paragraph separator.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FIGURE = re.compile(r"-?[\d,]+(\.\d+)?%?")


def open_console(stream: IO[str] | None = None) -> Console:
    """The screen, or a file on which nothing is wrapped."""
    from rich.console import Console

    target = stream or sys.stdout
    return Console(file=target, highlight=False, width=None if target.isatty() else _UNBOUNDED)


def print_rows(console: Console, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table in which no figure is cut: text folds, figures do not; too wide, it is a block a row."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    columns = list(zip(*rows, strict=True)) if rows else [() for _ in names]
    shown = [[_for_screen(value) for value in column] for column in columns]
    is_number = [_is_numeric(column) for column in columns]
    widths = [
        max([cell_len(name), *(cell_len(line) for text in column for line in text.splitlines())])
        for name, column in zip(names, shown, strict=True)
    ]
    least = [width if number else min(width, _NARROWEST_TEXT) for width, number in zip(widths, is_number, strict=True)]
    if sum(least) + 2 * len(names) + 2 > console.width and rows:
        _print_records(console, names, list(zip(*shown, strict=True)))
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, number in zip(names, is_number, strict=True):
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(Text(_printable(name)), justify=justify, no_wrap=number, overflow="fold")
    for row in zip(*shown, strict=True):
        table.add_row(*(Text(text) for text in row))
    console.print(table)


def write_csv(stream: IO[str], table: pa.Table) -> None:
    """Write RFC 4180 with a header line; null is an empty field."""
    write_csv_rows(stream, table.column_names, ([_for_csv(value) for value in row] for row in _rows(table)))


def write_csv_rows(stream: IO[str], names: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a header line and rows of texts and whole numbers as RFC 4180; None is an empty field."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def write_json(stream: IO[str], table: pa.Table) -> None:
    """Write an array of objects: decimals as strings, so that nobody reads binary floats, and dates in ISO 8601."""
    names = distinct_names(table.column_names)
    stream.write("[")
    separator = "\n"
    for row in _rows(table):
        content = {name: _for_json(value) for name, value in zip(names, row, strict=True)}
        stream.write(separator + json.dumps(content, ensure_ascii=False, allow_nan=False))
        separator = ",\n"
    stream.write("\n]\n")


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a Parquet file in one step.

    Raises:
        UsageError: it cannot be written there.
    """
    import pyarrow.parquet as pq

    with staged_file(path) as staged:
        pq.write_table(table.rename_columns(distinct_names(table.column_names)), staged)


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A text file that appears under its name when it is complete.

    Raises:
        UsageError: it cannot be written there.
    """
    with staged_file(path) as staged, staged.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def staged_file(path: Path) -> Iterator[Path]:
    """A name to write to; what is written there gets the name of `path` at the end.

    Raises:
        UsageError: it cannot be written there.
    """
    staged = path.parent / f".{path.name}.{os.getpid()}"
    try:
        try:
            yield staged
            staged.replace(path)
        finally:
            with suppress(OSError):
                staged.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError(
            "output_not_written",
            zh=f"{path}：无法写入（{reason}）。请换一个可写的文件名。",
            en=f"{path}: it cannot be written ({reason}). Name a file in a folder that you may write to.",
            path=str(path),
        ) from error


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names with a number added where one occurs again, so that no column is lost."""
    found: list[str] = []
    for name in names:
        candidate, count = name, 1
        while candidate in found:
            count += 1
            candidate = f"{name}_{count}"
        found.append(candidate)
    return found


def exact_text(value: Any) -> str:
    """A value as text without loss: decimals with all places, dates in ISO 8601, nested values as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(_for_json(value), ensure_ascii=False)
    return str(value)


def table_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """All rows as Python values.

    Raises:
        UsageError: there is a date that Python does not know.
    """
    return list(_rows(table))


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        try:
            columns = [batch.column(number).to_pylist() for number in range(batch.num_columns)]
        except (OverflowError, ValueError):
            # What Python's dates do not reach, infinity among it.
            raise UsageError(
                "date_out_of_range",
                zh="结果中有公元 1 至 9999 年以外的日期或时间。请把该列转成文字：::varchar。",
                en="The result holds a date or time outside the years 1 to 9999. Turn its column into text: ::varchar.",
            ) from None
        yield from zip(*columns, strict=True)


def _for_json(value: Any) -> Any:
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.as_tuple().exponent == 0:
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _for_json(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_for_json(entry) for entry in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return exact_text(value)


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters: what is cut off is said by `…`."""
    return text if len(text) <= most else text[: most - 1] + "…"


def one_line(text: str, *, keep: str = "") -> str:
    """Text of files, names and engines as it may be shown: what would steer the terminal or break the line is escaped.

    Characters in `keep` stay as they are.
    """
    return "".join(
        character
        if character in keep or unicodedata.category(character) not in _STEERING
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _for_csv(value: Any) -> str | None:
    return None if value is None else exact_text(value)


def _for_screen(value: Any) -> str:
    return "" if value is None else _printable(exact_text(value))


def _printable(text: str) -> str:
    # Text of documents must not steer the terminal.
    return "".join(
        character if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf"} else "\ufffd"
        for character in text.replace("\t", " ")
    )


def _is_numeric(column: Sequence[Any]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(
        _FIGURE.fullmatch(value) is not None
        if isinstance(value, str)
        else isinstance(value, (int, float, Decimal, date, time)) and not isinstance(value, bool)
        for value in values
    )


def _print_records(console: Console, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    for row in rows:
        table = Table(show_header=False, box=box.SIMPLE, pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            table.add_row(Text(_printable(name)), Text(value))
        console.print(table)
