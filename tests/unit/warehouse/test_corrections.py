"""The file of corrections in the home folder, and the same corrections in the build file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from ingest.errors import UsageError
from ingest.raw_store import open_build
from warehouse.build import describe_content
from warehouse.corrections import (
    Correction,
    apply_corrections,
    find_misfits,
    keep_corrections,
    read_corrections,
)
from warehouse.home import Home, find_home

AMOUNT = Correction(
    document_sha256="a" * 64,
    file_name="报告.txt",
    row_id="line",
    field="amount_yuan",
    expect="168000000.00",
    corrected="16800",
    reason="单位应为元，\n不是“万元”",
    corrected_by="王某",
    corrected_on=date(2026, 1, 2),
)
GRADE = replace(AMOUNT, row_id="report", field="grade", expect=None, corrected="优", reason="见正文")


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    """A home folder with a build file and nothing in it."""
    home = find_home(tmp_path / "home")
    open_build(home.build_file).close()
    return home


def landed(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.build_file), read_only=True) as connection:
        return connection.execute(
            "select row_id, field, expect, corrected, corrected_by, loads.completed_at is not null "
            "from raw.corrections inner join ops.loads as loads using (load_id) order by row_id"
        ).fetchall()


def test_corrections_are_kept_as_they_are(empty_home: Home) -> None:
    assert read_corrections(empty_home) == []
    assert keep_corrections(empty_home, [AMOUNT, GRADE]).new == 2
    assert read_corrections(empty_home) == [AMOUNT, GRADE]


def test_the_same_correction_another_day_is_no_new_one(empty_home: Home) -> None:
    keep_corrections(empty_home, [AMOUNT])
    kept = keep_corrections(empty_home, [replace(AMOUNT, corrected_on=date(2026, 5, 5)), GRADE])
    assert (kept.new, kept.replaced, kept.unchanged) == (1, 0, 1)


def test_another_value_supersedes_and_the_first_may_come_back(empty_home: Home) -> None:
    other = replace(AMOUNT, corrected="16900")
    for correction in (AMOUNT, other, AMOUNT):
        keep_corrections(empty_home, [correction])
        apply_corrections(empty_home)
        assert [row[3] for row in landed(empty_home)] == [correction.corrected]
    assert len(read_corrections(empty_home)) == 3, "what was corrected before is kept"


def test_the_build_file_says_the_same_and_only_a_change_is_one(empty_home: Home) -> None:
    keep_corrections(empty_home, [AMOUNT, GRADE])
    assert apply_corrections(empty_home, lambda: datetime(2026, 1, 2, tzinfo=UTC))
    assert landed(empty_home) == [
        ("line", "amount_yuan", "168000000.00", "16800", "王某", True),
        ("report", "grade", None, "优", "王某", True),
    ]
    before = describe_content(empty_home.build_file)
    assert not apply_corrections(empty_home)
    assert describe_content(empty_home.build_file) == before


def test_a_line_taken_out_by_hand_is_taken_out_of_the_build_file(empty_home: Home) -> None:
    keep_corrections(empty_home, [AMOUNT, GRADE])
    apply_corrections(empty_home)
    lines = empty_home.corrections.read_text(encoding="utf-8").splitlines(keepends=True)
    empty_home.corrections.write_text("".join(lines[:-1]), encoding="utf-8")
    assert apply_corrections(empty_home)
    assert [row[0] for row in landed(empty_home)] == ["line"]


def test_without_a_file_or_a_build_nothing_happens(tmp_path: Path, empty_home: Home) -> None:
    assert not apply_corrections(empty_home)
    nowhere = find_home(tmp_path / "nowhere")
    keep_corrections(nowhere, [AMOUNT])
    assert not apply_corrections(nowhere)
    assert not nowhere.build_file.exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"row_id,field\n", 1),
        (b"", 1),
        (b"\xff\xfe", 1),
        (b"{header}\n1,2,3\n", 2),
        (b"{header}\na,b,row,field,,x,why,who,2026-13-01\n", 2),
        (b"{header}\na,b,row,field,,x,,who,2026-01-01\n", 2),
    ],
)
def test_a_broken_file_is_named_with_its_line(empty_home: Home, text: bytes, line: int) -> None:
    keep_corrections(empty_home, [AMOUNT])
    header = empty_home.corrections.read_bytes().splitlines()[0]
    empty_home.corrections.write_bytes(text.replace(b"{header}", header))
    with pytest.raises(UsageError, match=rf"corrections\.csv, line {line}") as raised:
        apply_corrections(empty_home)
    assert raised.value.code == "broken_corrections"


def test_misfits_are_those_of_the_last_build(empty_home: Home) -> None:
    assert find_misfits(empty_home) == []
    keep_corrections(empty_home, [AMOUNT, GRADE])
    with duckdb.connect(str(empty_home.build_file)) as connection:
        connection.execute(
            "create table ops.corrections_fit_the_source as select ? as correction_id, 'gone' as failure",
            [GRADE.correction_id],
        )
    [misfit] = find_misfits(empty_home)
    assert (misfit.correction, misfit.failure) == (GRADE, "gone")
