from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.inputs import find_inputs
from ingest.reading_process import ReadingLimits
from ingest.records import DocumentRecord, FailedDocument
from tests.conftest import SAMPLES
from warehouse.extracts import extract_all, write_records

REPORT = next(iter(sorted(SAMPLES.glob("*.txt"))))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A report and a picture."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.write(REPORT, "内/报告.txt")
        opened.writestr("x.bin", b"\xff\xd8\xff\xe0")
    return tmp_path / "a.zip"


def written(paths: list[Path], *, as_lines: bool, is_single: bool = False, **options: Any) -> tuple[str, int]:
    stream = io.StringIO()
    records = extract_all(find_inputs(paths), "zh", **options)
    failed = write_records(stream, records, as_lines=as_lines, is_single=is_single)
    return stream.getvalue(), failed


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_file_of_an_archive_gives_an_object(archive: Path, jobs: int) -> None:
    text, failed = written([archive], as_lines=True, jobs=jobs)
    first, second = text.splitlines()
    assert DocumentRecord.model_validate_json(first).document.file_name == "报告.txt"
    failure = FailedDocument.model_validate_json(second)
    assert failure.document.file_name == "x.bin"
    assert failure.error.message.startswith("a.zip/x.bin：")
    assert failed == 1


def test_objects_stand_in_an_array_unless_there_is_only_one(archive: Path) -> None:
    text, _ = written([archive], as_lines=False)
    assert [entry["document"]["file_name"] for entry in json.loads(text)] == ["报告.txt", "x.bin"]
    text, failed = written([REPORT], as_lines=False, is_single=True)
    assert (json.loads(text)["document"]["file_name"], failed) == (REPORT.name, 0)


def test_limits_reach_the_reading(archive: Path) -> None:
    text, failed = written([archive], as_lines=True, limits=ReadingLimits(input_bytes=10))
    assert failed == 2
    assert json.loads(text.splitlines()[0])["error"]["code"] == "too_large"
