"""What the lexicon holds, which headings it lacks, which of its lines nobody needed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Call
from warehouse.home import Home, find_home
from warehouse.lexicon_report import count_roles, find_unknown, find_unused, read_lines
from warehouse.release import Release, publish

HEADER = "role,canonical,wording,seen_in\n"
WARNINGS = [
    ("r1", 1, "unknown_heading", "一、资金拨付到村情况"),
    ("r1", 2, "empty_heading", "二、项目概况"),
    ("r2", 1, "unknown_heading", "（三）资金拨付到村情况："),
    ("r2", 2, "unknown_heading", "4、项目概况"),
    ("r2", 3, "unknown_heading", "5、独有标题（12分）"),
    ("r2", 4, "unknown_heading", "6.项目概况 (4.5 分)："),
]


@pytest.fixture
def read_release(home: Home) -> Release:
    """A release of two documents with warnings."""
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_reports__documents as select * from (values "
            "('r1', 'd1', '甲.txt'), ('r2', 'd2', '乙.txt')) as rows(record_id, document_id, file_name)"
        )
        connection.execute(
            "create table staging.stg_reports__warnings "
            "(record_id varchar, ordinal integer, warning_code varchar, evidence_text varchar)"
        )
        connection.executemany("insert into staging.stg_reports__warnings values (?, ?, ?, ?)", WARNINGS)
        connection.execute("insert into raw.document_text values ('l', 'r1', 'd1', '一、项目 概况')")
    return publish(home)


def own_lines(home: Home, *lines: str) -> Path:
    path = home.lexicon / "sections.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_own_lines_win_over_the_packaged_ones(tmp_path: Path) -> None:
    home = find_home(tmp_path)
    packaged = {line.wording.wording: line for line in read_lines(home) if line.wording.role == "section"}
    assert packaged["项目概况"].wording.canonical == "overview"
    path = own_lines(home, "section,problem,项目概况,here", "section,problem,全新的标题,here")
    found = {line.wording.wording: line for line in read_lines(home) if line.wording.role == "section"}
    assert (found["项目概况"].wording.canonical, found["项目概况"].path, found["项目概况"].is_own) == (
        "problem",
        path,
        True,
    )
    assert len(found) == len(packaged) + 1
    [sections] = [count for count in count_roles(read_lines(home)) if count.role == "section"]
    assert (sections.wordings, sections.own) == (len(found), 2)


def test_unknown_headings_are_counted_without_their_numbers_and_known_ones_left_out(
    read_release: Release, home: Home
) -> None:
    first, second = find_unknown(read_release, home)
    assert (first.wording, first.documents, first.times) == ("资金拨付到村情况", 2, 2)
    assert set(first.examples) == {"甲.txt", "乙.txt"}
    assert first.file == home.lexicon / "sections.csv"
    assert second.wording == "独有标题"
    own_lines(home, "section,overview,资金拨付到村情况,here")
    assert [entry.wording for entry in find_unknown(read_release, home)] == ["独有标题"]


def test_lines_that_no_document_used(read_release: Release, home: Home) -> None:
    own_lines(home, "section,overview,谁也没有写过的标题,here")
    unused = {line.wording.wording for line in find_unused(read_release, read_lines(home))}
    assert "谁也没有写过的标题" in unused
    assert "项目概况" not in unused


def test_the_command_prints_tables_and_csv(call: Call, read_release: Release, home: Home) -> None:
    assert "sections.csv" in call("lexicon", "--unknown", "--home", home.root).out
    printed = call("lexicon", "--unknown", "--format", "csv", "--home", home.root)
    assert [row[0] for row in csv.reader(io.StringIO(printed.out))] == ["wording", "资金拨付到村情况", "独有标题"]
    for options in ((), ("--unused",)):
        assert call("lexicon", *options, "--home", home.root).code == 0
        printed = call("lexicon", *options, "--format", "csv", "--home", home.root)
        assert printed.out.startswith("role,")


def test_nothing_unknown_is_said(call: Call, home: Home) -> None:
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_reports__documents (record_id varchar, document_id varchar, file_name varchar)"
        )
        connection.execute(
            "create table staging.stg_reports__warnings "
            "(record_id varchar, ordinal integer, warning_code varchar, evidence_text varchar)"
        )
    publish(home)
    assert "No heading of the loaded documents is unknown" in call("lexicon", "--unknown", "--home", home.root).out
    assert call("lexicon", "--unknown", "--home", home.root.parent / "none").code != 0


def test_a_broken_file_of_the_lexicon_is_a_wrong_call(call: Call, home: Home) -> None:
    own_lines(home, "section,,x,here")
    broken = call("lexicon", "--home", home.root)
    assert broken.code == 2
    assert "sections.csv, line 2" in broken.err


@pytest.mark.parametrize("jobs", [1, 2])
def test_own_lines_decide_what_documents_are_read_as(call: Call, tmp_path: Path, jobs: int) -> None:
    home = find_home(tmp_path / "home")
    report = tmp_path / "报告.txt"
    report.write_text(
        "2023年度甲项目绩效自评报告\n一、谁也没有写过的标题\n账目登记不及时。\n二、资金情况\n批复资金5万元，实际支出5万元。\n",
        encoding="utf-8",
    )

    def findings() -> list[str]:
        printed = call("extract", report, "--jobs", jobs, "--home", home.root)
        return [entry["text"] for entry in json.loads(printed.out)["reports"][0]["findings"]]

    assert findings() == []
    # Workers ask for the folder by its name; a process asks once, so another folder stands for another day.
    home = find_home(tmp_path / "other")
    own_lines(home, "section,problem,谁也没有写过的标题,here")
    assert findings() == ["账目登记不及时。"]


def test_a_broken_file_of_the_lexicon_stops_before_anything_is_read(call: Call, tmp_path: Path) -> None:
    home = find_home(tmp_path / "home")
    own_lines(home, "section,,x,here")
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    for command in ("extract", "ingest"):
        assert call(command, tmp_path / "a.txt", "--home", home.root).code == 2
