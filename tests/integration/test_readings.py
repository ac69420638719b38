"""What has not changed is not read again, and what has changed always is."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

import ingest.load
import ingest.readings
from ingest.batch_checks import BatchVerdict
from ingest.check_results import Rejection
from ingest.inputs.reading import read_and_extract
from ingest.ledger import LoadResult
from ingest.load import load
from ingest.raw_schema import ddl
from ingest.reading_process import ReadingLimits
from tests.conftest import SAMPLES

TEXT = next(SAMPLES.rglob("*.txt")).read_text(encoding="utf-8")
DAY = datetime(2026, 5, 1, tzinfo=UTC)
LONG_AGO = 1_600_000_000


class Loader:
    """Loads a folder into one build and counts what is read."""

    def __init__(self, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.connection = duckdb.connect()
        for statement in ddl():
            self.connection.execute(statement)
        self.read: list[str] = []
        self.today = DAY
        self._home = home
        self._n_loads = 0
        whole = ingest.load.read_inputs

        def counting(inputs: Any, **options: Any) -> Any:
            self.read = [entry.name for entry in inputs]
            return whole(inputs, **options | {"jobs": 1})

        monkeypatch.setattr("ingest.load.read_inputs", counting)
        monkeypatch.setattr("ingest.batch_checks.check_batch", lambda *_, **__: BatchVerdict(()))

    def load(self, *paths: Path, **options: Any) -> LoadResult:
        """One load; its counts add up."""
        self._n_loads += 1
        result = load(
            paths or [self.folder],
            connection=self.connection,
            home=self._home,
            clock=lambda: self.today + timedelta(days=self._n_loads),
            **options,
        )
        assert result.inputs == result.loaded + result.unchanged + result.quarantined
        return result

    def counts(self, *paths: Path, **options: Any) -> tuple[int, int, int]:
        """Loaded, unchanged, quarantined."""
        result = self.load(*paths, **options)
        return result.loaded, result.unchanged, result.quarantined


@pytest.fixture
def loader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """A folder with two documents that are old enough to be believed, loaded once."""
    folder = tmp_path / "in"
    folder.mkdir()
    made = Loader(folder, tmp_path / "home", monkeypatch)
    write(folder / "甲.txt", TEXT)
    write(folder / "乙.txt", TEXT + "\n第二份\n")
    assert made.counts() == (2, 0, 0)
    return made


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _files_settle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.readings, "_SETTLED_AFTER_NS", -(10**12))


@pytest.fixture
def hashed(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the inputs whose bytes were looked at without being read."""
    names: list[str] = []
    digest = ingest.readings.Readings._digest

    def counting(self: Any, entry: Any) -> Any:
        names.append(entry.name)
        return digest(self, entry)

    monkeypatch.setattr(ingest.readings.Readings, "_digest", counting)
    return names


def test_what_looks_the_same_is_neither_read_nor_opened(loader: Loader, hashed: list[str]) -> None:
    assert loader.counts() == (0, 2, 0)
    assert loader.read == hashed == []


def test_what_is_touched_or_copied_is_hashed_and_not_read(loader: Loader, hashed: list[str]) -> None:
    os.utime(loader.folder / "甲.txt", (LONG_AGO, LONG_AGO))
    shutil.copyfile(loader.folder / "乙.txt", loader.folder / "丙.txt")
    assert loader.counts() == (0, 3, 0)
    assert loader.read == []
    assert sorted(hashed) == ["丙.txt", "甲.txt"]
    names = "select distinct file_name from ops.load_files where outcome = 'unchanged' order by 1"
    assert [name for (name,) in loader.connection.execute(names).fetchall()] == ["丙.txt", "乙.txt", "甲.txt"]
    hashed.clear()
    assert loader.counts() == (0, 3, 0)
    assert hashed == []


def test_other_bytes_under_a_known_name_are_read(loader: Loader) -> None:
    write(loader.folder / "甲.txt", TEXT + "\n修订\n")
    assert loader.counts() == (1, 1, 0)
    assert loader.read == ["甲.txt"]


def test_other_bytes_with_the_size_and_time_of_the_old_ones_are_read(loader: Loader) -> None:
    path = loader.folder / "甲.txt"
    before = path.stat()
    write(path, TEXT.replace("20", "21"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    loader.counts()
    assert loader.read == ["甲.txt"]


def test_a_file_written_in_the_moment_of_its_reading_is_looked_at_again(
    loader: Loader, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.readings, "_SETTLED_AFTER_NS", 10**12)
    write(loader.folder / "丙.txt", TEXT + "\n第三份\n")
    loader.load()
    hashed.clear()
    assert loader.counts() == (0, 3, 0)
    assert (hashed, loader.read) == (["丙.txt"], [])


def test_a_file_that_changes_while_it_is_read_is_not_remembered(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = loader.folder / "甲.txt"
    write(path, TEXT + "\n一\n")

    def read_and_change(*arguments: Any, **options: Any) -> Any:
        record = read_and_extract(*arguments, **options)
        write(path, TEXT + "\n一二三\n")
        return record

    monkeypatch.setattr("ingest.parallel.read_and_extract", read_and_change)
    loader.load()
    monkeypatch.undo()
    monkeypatch.setattr("ingest.batch_checks.check_batch", lambda *_, **__: BatchVerdict(()))
    assert loader.counts() == (1, 1, 0)


def test_a_b_a_loads_a_again(loader: Loader) -> None:
    """What another extractor said of the same bytes since is replaced by what our own reading gives."""
    path = loader.folder / "甲.txt"
    record = read_and_extract(path.read_bytes(), path.name, None)
    other = record.model_copy(update={"document": record.document.model_copy(update={"title": "另一种读法"})})
    lines = loader.folder.parent / "others.jsonl"
    write(lines, other.to_json() + "\n")
    assert loader.counts(lines) == (1, 0, 0)
    assert loader.counts() == (1, 1, 0)
    assert loader.read == ["甲.txt"]
    assert loader.counts() == (0, 2, 0)
    assert loader.counts(lines) == (1, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: {"lexicon": _own_lexicon(folder)},
        lambda folder: {"anew": True},
        lambda folder: {"limits": ReadingLimits(input_bytes=10**7)},
    ],
)
def test_another_way_of_reading_reads_again(loader: Loader, change: Callable[[Path], dict[str, Any]]) -> None:
    options = change(loader.folder.parent)
    assert loader.counts(**options) == (0, 2, 0)
    assert loader.read == ["乙.txt", "甲.txt"]
    assert loader.counts(**{name: value for name, value in options.items() if name != "anew"}) == (0, 2, 0)
    assert loader.read == []


def test_more_time_for_a_document_is_no_reason_to_read_again(loader: Loader) -> None:
    loader.load(limits=ReadingLimits(seconds=500))
    assert loader.read == []


def _own_lexicon(folder: Path) -> Path:
    own = folder / "lexicon"
    own.mkdir()
    write(own / "own.csv", "role,canonical,wording,seen_in\nsection,funding,本县资金情况,\n")
    return own


def test_another_manifest_reads_what_it_is_about(loader: Loader) -> None:
    write(loader.folder / "manifest.csv", "file_name,published_on\n甲.txt,2024-05-01\n")
    assert loader.counts() == (1, 1, 0)
    assert loader.read == ["甲.txt"]
    assert loader.counts() == (0, 2, 0)
    write(loader.folder / "乙.meta.json", '{"source_url": "https://example.gov.cn/1"}')
    assert loader.counts() == (1, 1, 0)
    assert loader.read == ["乙.txt"]


def test_what_cannot_be_read_waits_until_something_changes(loader: Loader) -> None:
    write(loader.folder / "丙.txt", "这不是自评报告。")
    first = loader.load()
    again = loader.load()
    assert loader.read == []
    assert first.quarantine == again.quarantine
    assert [reason.code for reason in again.quarantine] == ["no_report"]
    rows = "select input_name, code from ops.quarantine where load_id = ?"
    assert loader.connection.execute(rows, [again.load_id]).fetchall() == [("丙.txt", "no_report")]
    # Another name: the reason would name the wrong file.
    (loader.folder / "丙.txt").rename(loader.folder / "丁.txt")
    assert [reason.input_name for reason in loader.load().quarantine] == ["丁.txt"]
    assert loader.read == ["丁.txt"]
    write(loader.folder / "丁.txt", TEXT + "\n补发\n")
    assert loader.counts() == (1, 2, 0)


def test_what_took_too_long_is_tried_again(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.parallel import _TimeIsUp

    def too_slow(*_: Any, **__: Any) -> Any:
        raise _TimeIsUp

    write(loader.folder / "丙.txt", TEXT + "\n慢\n")
    with monkeypatch.context() as patched:
        patched.setattr("ingest.parallel.read_and_extract", too_slow)
        assert loader.counts() == (0, 2, 1)
    assert loader.counts() == (1, 2, 0)


def test_what_a_check_refused_is_checked_again_in_another_year(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which years are plausible changes with the calendar."""

    def refuse_all(frames: Any, **_: Any) -> BatchVerdict:
        wrong = Rejection("fiscal_year_is_plausible.v1", "row", "年度不合理。", "The year is not plausible.")
        return BatchVerdict((), dict.fromkeys(frames["documents"]["record_id"], wrong))

    monkeypatch.setattr("ingest.batch_checks.check_batch", refuse_all)
    write(loader.folder / "丙.txt", TEXT + "\n明年\n")
    assert loader.counts() == (0, 2, 1)
    assert loader.counts() == (0, 2, 1)
    assert loader.read == []
    loader.today = DAY + timedelta(days=365)
    assert loader.counts() == (0, 2, 1)
    assert loader.read == ["丙.txt"]


def test_members_of_an_archive_and_lines_of_records_are_remembered_one_by_one(loader: Loader) -> None:
    texts = [TEXT + f"\n第{number}号\n" for number in range(4)]
    records = [read_and_extract(text.encode(), "r.txt", None).to_json() for text in texts[2:]]
    with zipfile.ZipFile(loader.folder / "上报.zip", "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}.txt", texts[number])
    lines = loader.folder / "records.jsonl"
    write(lines, f"{records[0]}\n{{}}\n")
    assert loader.counts() == (3, 2, 1)
    assert loader.counts() == (0, 5, 1)
    assert loader.read == []
    write(lines, f"{records[1]}\n{records[0]}\n{{}}\n")
    with zipfile.ZipFile(loader.folder / "上报.zip", "a") as archive:
        archive.writestr("2.txt", TEXT + "\n第九号\n")
    assert loader.counts() == (2, 5, 1)
    assert loader.read == ["records.jsonl:1", "records.jsonl:3", "上报.zip/2.txt"]


def test_nothing_in_the_memory_names_a_folder(loader: Loader) -> None:
    rows = loader.connection.execute("select * from ops.readings").fetchall()
    assert len(rows) == 2
    assert str(loader.folder) not in str(rows)
    assert str(loader.folder.parent) not in str(rows)
