"""Folders in, raw tables out: finding, reading, checking and landing together."""

from __future__ import annotations

import hashlib
import itertools
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.batch_checks import BatchVerdict
from ingest.inputs import find_inputs
from ingest.ledger import LoadResult
from ingest.load import ReadingState, load
from ingest.manifest import Manifest
from ingest.raw_schema import RAW_TABLES, ddl
from ingest.raw_store import open_build
from ingest.reading import read_document
from ingest.records import DocumentRecord, stable_id
from tests.conftest import SAMPLES

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256))
DAY = datetime(2024, 5, 1, tzinfo=UTC)


def extract(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
    """The project's own reading, and the smallest extraction: the text's first line is the project."""
    document = read_document(data, file_name)
    record = DocumentRecord.model_validate(
        {
            "document": {
                "sha256": document.sha256,
                "file_name": file_name,
                "media_type": document.media_type,
                "char_count": len(document.text),
                "canonical_text": document.text,
            },
            "reports": [
                {
                    "report_id": stable_id(document.sha256, 1),
                    "ordinal": 1,
                    "kind": "project_self_evaluation",
                    "fiscal_year": 2023,
                    "project_name": document.text.split("\n")[0],
                }
            ],
        }
    )
    return manifest.apply(record) if manifest else record


def fresh() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for statement in ddl():
        connection.execute(statement)
    return connection


def load_all(connection: duckdb.DuckDBPyConnection, *paths: Path, home: Path) -> LoadResult:
    return load(paths, connection=connection, home=home, extract=extract, clock=lambda: DAY)


def raw_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    return {
        table: connection.execute(f"select * exclude (load_id) from raw.{table} order by all").fetchall()
        for table in RAW_TABLES
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents in three files, one with a manifest, and a file of records with one broken line."""
    reports = tmp_path / "reports"
    (reports / "2023").mkdir(parents=True)
    (reports / "2023" / "甲.txt").write_text("金保工程网络维护费\n绩效自评", encoding="utf-8")
    (reports / "乙.txt").write_text("乡镇文化站免费开放\n绩效自评", encoding="utf-8")
    (reports / "乙的副本.txt").write_text("乡镇文化站免费开放\n绩效自评", encoding="utf-8")
    (reports / "manifest.csv").write_text("file_name,county\n乙.txt,盐边县\n乙的副本.txt,盐边县\n", encoding="utf-8")
    others = [extract(f"项目{number}\n绩效".encode(), f"{number}.txt", None).to_json() for number in range(2)]
    (reports / "others.jsonl").write_text(f'{others[0]}\n{{"broken": true}}\n{others[1]}\n', encoding="utf-8")
    return reports


def test_a_folder_is_loaded_with_one_broken_line_set_aside(folder: Path, tmp_path: Path) -> None:
    connection = open_build(tmp_path / "home" / "build.duckdb")
    told: list[ReadingState] = []
    result = load(
        [folder],
        connection=connection,
        home=tmp_path / "home",
        extract=extract,
        clock=lambda: DAY,
        progress=told.append,
    )
    assert (result.inputs, result.loaded, result.unchanged, result.quarantined) == (6, 4, 1, 1)
    assert [(reason.input_name, reason.code) for reason in result.quarantine] == [("others.jsonl:2", "broken_record")]
    assert connection.execute("select project_name, region_county from raw.reports order by 1").fetchall() == [
        ("乡镇文化站免费开放", "盐边县"),
        ("金保工程网络维护费", None),
        ("项目0", None),
        ("项目1", None),
    ]
    assert {report.project_name for report in result.changed_reports} == {
        "乡镇文化站免费开放", "金保工程网络维护费", "项目0", "项目1",
    }  # fmt: skip
    assert [(state.done, state.total) for state in told] == [(count, 6) for count in range(1, 7)]
    assert told[-1].quarantined == 1
    assert result.failed_checks == ()
    assert (tmp_path / "home" / "data_docs" / result.load_id / "index.html").is_file()
    [(n_checks,)] = connection.execute("select count(*) from ops.check_results where kind = 'batch'").fetchall()
    assert n_checks == len(result.checks) > 20


def test_loading_a_folder_twice_writes_the_ledger_only(folder: Path, tmp_path: Path) -> None:
    connection = fresh()
    load_all(connection, folder, home=tmp_path / "home")
    before = raw_rows(connection)
    again = load_all(connection, folder, home=tmp_path / "home")
    assert (again.loaded, again.unchanged, again.quarantined) == (0, 5, 1)
    assert again.checks == ()
    assert raw_rows(connection) == before
    assert not (tmp_path / "home" / "data_docs" / again.load_id).exists()


def test_the_order_of_the_paths_changes_no_raw_row(folder: Path, tmp_path: Path) -> None:
    paths = [folder / "2023", folder / "others.jsonl", folder / "乙.txt", folder / "乙的副本.txt"]
    expected = None
    for order in itertools.islice(itertools.permutations(paths), 0, 24, 5):
        connection = fresh()
        load_all(connection, *order, home=tmp_path / "home")
        rows = raw_rows(connection)
        assert rows["reports"] != []
        assert expected is None or rows == expected
        expected = rows


def test_two_halves_equal_one_folder(folder: Path, tmp_path: Path) -> None:
    whole, halves = fresh(), fresh()
    load_all(whole, folder, home=tmp_path / "home")
    load_all(halves, folder / "others.jsonl", folder / "2023", home=tmp_path / "home")
    load_all(halves, folder, home=tmp_path / "home")
    assert raw_rows(halves) == raw_rows(whole)


def test_records_fed_back_give_the_same_raw_rows_as_their_documents(folder: Path, tmp_path: Path) -> None:
    file = folder / "2023" / "甲.txt"
    (tmp_path / "out.jsonl").write_text(extract(file.read_bytes(), file.name, None).to_json() + "\n", encoding="utf-8")
    documents, records = fresh(), fresh()
    load_all(documents, file, home=tmp_path / "home")
    load_all(records, tmp_path / "out.jsonl", home=tmp_path / "home")
    assert raw_rows(documents) == raw_rows(records)


def test_hostile_inputs_end_in_quarantine_and_the_counts_add_up(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(JPEG)
    (folder / "broken.meta.json").write_text("{", encoding="utf-8")
    (folder / "broken.txt").write_text("有清单但清单损坏", encoding="utf-8")
    with (folder / "huge.txt").open("wb") as handle:
        handle.truncate(50 * 1024 * 1024)
    connection = fresh()
    result = load_all(connection, folder, home=tmp_path / "home")
    assert (result.inputs, result.loaded, result.unchanged, result.quarantined) == (10, 4, 1, 5)
    codes = {reason.input_name: reason.code for reason in result.quarantine}
    assert codes["empty.txt"] == "empty_document"
    assert codes["huge.txt"] == "too_large"
    assert codes["broken.txt"] == "bad_manifest"
    assert "broken.meta.json" in str(result.quarantine)
    assert set(codes) == {"empty.txt", "huge.txt", "broken.txt", "picture.txt", "others.jsonl:2"}
    for reason in result.quarantine:
        assert reason.input_name in reason.message_zh
        assert reason.input_name in reason.message_en
        assert "Traceback" not in reason.message_en
        assert "请" in reason.message_zh


def test_a_document_with_an_impossible_year_is_set_aside_and_the_rest_is_loaded(tmp_path: Path) -> None:
    good = json.loads(extract("好\n绩效".encode(), "good.txt", None).to_json())
    bad = json.loads(extract("坏\n绩效".encode(), "bad.txt", None).to_json())
    bad["reports"][0]["fiscal_year"] = 2077
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps(record) for record in (bad, good)), encoding="utf-8")
    connection = fresh()
    result = load_all(connection, tmp_path / "r.jsonl", home=tmp_path / "home")
    assert (result.loaded, result.quarantined) == (1, 1)
    assert result.quarantine[0].code == "failed_batch_check"
    assert result.quarantine[0].document_sha256 == hashlib.sha256("坏\n绩效".encode()).hexdigest()
    assert "fiscal_year_is_plausible" in result.quarantine[0].message_zh
    assert [check.check_name for check in result.failed_checks] == ["fiscal_year_is_plausible.v1"]
    assert connection.execute("select file_name from raw.documents").fetchall() == [("good.txt",)]
    assert connection.execute("select severity, n_failed from ops.check_results where result = false").fetchall() == [
        ("critical", 1)
    ]


def test_the_home_folder_is_never_an_input(folder: Path, tmp_path: Path) -> None:
    home = folder / "my-home"
    first = load_all(fresh(), folder, home=home)
    assert list(home.rglob("*.html")) != []
    assert load_all(fresh(), folder, home=home).inputs == first.inputs
    assert len(find_inputs([folder])) > first.inputs


@pytest.mark.parametrize("size", [0, 1, 3])
def test_any_number_of_inputs_gives_one_row_in_the_ledger(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.batch_checks.check_batch", lambda *_, **__: BatchVerdict(()))
    (tmp_path / "in").mkdir()
    for number in range(size):
        (tmp_path / "in" / f"{number}.txt").write_text(f"项目{number}", encoding="utf-8")
    connection = fresh()
    assert load_all(connection, tmp_path / "in", home=tmp_path / "home").loaded == size
    assert connection.execute("select load_sequence, inputs, loaded from ops.loads").fetchall() == [(1, size, size)]


def test_an_archive_counts_as_the_files_in_it(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "上报.zip", "w") as archive:
        for file in sorted(folder.rglob("*.txt")):
            archive.write(file, file.relative_to(folder))
        archive.writestr("Thumbs.db", b"")
        archive.writestr("扫描.jpg", JPEG)
    connection = fresh()
    result = load_all(connection, tmp_path / "上报.zip", home=tmp_path / "home")
    assert (result.inputs, result.loaded, result.unchanged, result.quarantined) == (4, 2, 1, 1)
    assert result.notes == (
        (
            "系统或临时文件 1 个，未计入输入：上报.zip/Thumbs.db",
            "files of systems and programs, left aside: 1 (上报.zip/Thumbs.db)",
        ),
    )
    again = load_all(connection, tmp_path / "上报.zip", home=tmp_path / "home")
    assert (again.loaded, again.unchanged, again.quarantined) == (0, 3, 1)
    rows = connection.execute("select input_name from ops.load_files order by all").fetchall()
    assert ("上报.zip/2023/甲.txt",) in rows


def test_the_number_of_readers_changes_no_raw_row(tmp_path: Path) -> None:
    found = []
    for jobs in (1, 2):
        connection = fresh()
        load([SAMPLES], connection=connection, home=tmp_path / "home", jobs=jobs, clock=lambda: DAY)
        found.append(raw_rows(connection))
    assert found[0]["reports"] != []
    assert found[0] == found[1]
