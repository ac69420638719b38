from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from ingest.errors import UsageError
from warehouse.messages import _TEXTS, choose_lang, say
from warehouse.output import distinct_names, open_console, print_rows, replacing, write_csv, write_json, write_parquet


def _table() -> pa.Table:
    return pa.table(
        {
            "金额": pa.array([Decimal("12345678901234.50"), None], pa.decimal128(18, 2)),
            "日期": pa.array([date(2021, 9, 3), None]),
            "率": pa.array([0.1, float("inf")]),
            "文": pa.array(['说"一"，二\n三', ""]),
            "列": pa.array([[1, 2], None]),
        }
    )


def test_csv_keeps_decimals_dates_quotes_and_line_ends() -> None:
    stream = io.StringIO()
    write_csv(stream, _table())
    rows = list(csv.reader(io.StringIO(stream.getvalue())))
    assert rows == [
        ["金额", "日期", "率", "文", "列"],
        ["12345678901234.50", "2021-09-03", "0.1", '说"一"，二\n三', "[1, 2]"],
        ["", "", "inf", "", ""],
    ]


def test_json_keeps_decimals_as_text_and_is_valid() -> None:
    stream = io.StringIO()
    write_json(stream, _table())
    rows = json.loads(stream.getvalue(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert rows[0] == {
        "金额": "12345678901234.50",
        "日期": "2021-09-03",
        "率": 0.1,
        "文": '说"一"，二\n三',
        "列": [1, 2],
    }
    assert rows[1] == {"金额": None, "日期": None, "率": "inf", "文": "", "列": None}


def test_json_of_no_rows_is_an_empty_array() -> None:
    stream = io.StringIO()
    write_json(stream, _table().slice(0, 0))
    assert json.loads(stream.getvalue()) == []


def test_sum_of_integers_is_an_integer_in_json() -> None:
    stream = io.StringIO()
    write_json(stream, pa.table({"n": pa.array([Decimal(7)], pa.decimal128(38, 0))}))
    assert json.loads(stream.getvalue()) == [{"n": 7}]


def test_columns_with_one_name_all_survive(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", "a_2"])
    assert distinct_names(table.column_names) == ["a", "a_2", "a_2_2"]
    stream = io.StringIO()
    write_json(stream, table)
    assert json.loads(stream.getvalue()) == [{"a": 1, "a_2": 2, "a_2_2": 3}]
    write_parquet(tmp_path / "x.parquet", table)
    assert pq.read_table(tmp_path / "x.parquet").to_pydict() == {"a": [1], "a_2": [2], "a_2_2": [3]}
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def _print(width: int | None, names: list[str], rows: list[tuple[object, ...]]) -> str:
    stream = io.StringIO()
    console = open_console(stream) if width is None else Console(file=stream, width=width, force_terminal=True)
    print_rows(console, names, rows)
    return stream.getvalue()


def test_table_in_a_file_is_never_wrapped() -> None:
    text = _print(None, ["项目", "金额"], [("金" * 200, Decimal("353312000.00"))])
    assert "金" * 200 in text
    assert "353312000.00" in text


@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_figure_is_cut_on_a_narrow_terminal(width: int) -> None:
    figures = [Decimal("353312000.00"), Decimal("97650000.00"), date(2021, 9, 3)]
    text = _print(width, ["a", "b", "c", "项目"], [(*figures, "耕地地力保护补贴项目资金" * 4)])
    for figure in ("353312000.00", "97650000.00", "2021-09-03"):
        assert figure in text
    assert "…" not in text


def test_columns_of_chinese_text_line_up() -> None:
    lines = _print(None, ["县", "数"], [("盐边县", 1), ("x", 22)]).splitlines()
    from rich.cells import cell_len

    assert len({cell_len(line) for line in lines if line.strip()}) == 1


def test_text_of_a_document_cannot_steer_the_terminal_or_rich() -> None:
    text = _print(None, ["t"], [("\x1b[31mred\x1b[0m [bold]x[/bold] \u202e",)])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text


def test_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def write_half() -> None:
        with replacing(path) as stream:
            stream.write("half")
            raise OSError("disk full")

    with pytest.raises(UsageError, match=r"out\.csv: it cannot be written"):
        write_half()
    assert list(tmp_path.iterdir()) == []


def test_every_message_has_the_same_facts_in_both_languages() -> None:
    from string import Formatter

    for key, (zh, en) in _TEXTS.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (zh, en)]
        assert fields[0] == fields[1], key


def test_language_is_the_option_then_the_variable_then_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FUNDPERF_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert choose_lang() == "zh"
    monkeypatch.setenv("FUNDPERF_LANG", "en")
    assert choose_lang() == "en"
    assert choose_lang("zh") == "zh"
    assert say("found", "zh", count=3) == "找到 3 处："
