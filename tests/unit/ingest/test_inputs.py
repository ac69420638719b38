from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from ingest.errors import DocumentError, UsageError
from ingest.inputs import MAX_BYTES, Input, Quarantined, find_inputs
from ingest.manifest import Manifest
from ingest.records import DocumentRecord
from tests.support.outcomes import read_all, read_input


def write(path: Path, content: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def names(inputs: list[Input]) -> list[str]:
    return [entry.name for entry in inputs]


def read(entry: Input, max_bytes: int = MAX_BYTES) -> Quarantined:
    outcome = read_input(entry, extract=never_called, max_bytes=max_bytes)
    assert isinstance(outcome, Quarantined)
    return outcome


def never_called(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
    raise AssertionError("the document must not be read")


def test_folders_are_searched_in_order_and_hidden_files_manifests_and_the_home_are_no_inputs(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    for name in ("b.txt", "a/2.txt", "a/1.txt", ".hidden", ".git/x.txt", "~$b.docx", ".fundperf/x.txt", "home/x.txt"):
        write(folder / name)
    write(folder / "manifest.csv")
    write(folder / "b.txt.meta.json")
    assert names(find_inputs([folder], home=folder / "home")) == ["a/1.txt", "a/2.txt", "b.txt"]


def test_a_file_reached_by_two_paths_is_one_input(tmp_path: Path) -> None:
    file = write(tmp_path / "a" / "x.txt")
    assert names(find_inputs([file, tmp_path, tmp_path / "a" / ".." / "a"])) == ["x.txt"]


def test_two_files_that_would_have_the_same_name_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt")
    write(tmp_path / "b" / "x.txt")
    write(tmp_path / "b" / "y.txt")
    found = names(find_inputs([tmp_path / "a", tmp_path / "b"]))
    assert found[2] == "y.txt"
    assert [name.removeprefix(tmp_path.as_posix()) for name in found[:2]] == ["/a/x.txt", "/b/x.txt"]


def test_a_missing_path_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere") as caught:
        find_inputs([tmp_path / "nowhere"])
    assert caught.value.code == "no_such_path"
    assert "请检查" in caught.value.zh


def test_every_line_of_a_record_file_is_one_input_and_blank_lines_are_none(tmp_path: Path, make_record) -> None:
    line = make_record().to_json()
    write(tmp_path / "in" / "r.jsonl", f"\ufeff{line}\n\n  \n{line}\r\n{line}")
    inputs = find_inputs([tmp_path])
    assert names(inputs) == ["in/r.jsonl:1", "in/r.jsonl:4", "in/r.jsonl:5"]
    outcomes = [outcome for _, outcome in read_all(inputs, extract=never_called)]
    assert outcomes == [make_record()] * 3


def test_a_broken_line_is_quarantined_alone_with_line_field_and_what_is_wrong(tmp_path: Path, make_record) -> None:
    good = make_record("a")
    broken = json.loads(make_record("b").to_json())
    broken["reports"][0]["funding"][1]["amount_yuan"] = "about 5"
    write(tmp_path / "r.jsonl", f"{good.to_json()}\n{json.dumps(broken)}\n{make_record('c').to_json()}\n")
    outcomes = [outcome for _, outcome in read_all(find_inputs([tmp_path]))]
    assert [type(outcome) for outcome in outcomes] == [DocumentRecord, Quarantined, DocumentRecord]
    quarantined = outcomes[1]
    assert isinstance(quarantined, Quarantined)
    assert quarantined.code == "broken_record"
    assert quarantined.input_name == "r.jsonl:2"
    assert quarantined.file_name == "b.txt"
    assert quarantined.document_sha256 == broken["document"]["sha256"]
    for message in (quarantined.message_zh, quarantined.message_en):
        assert "r.jsonl:2" in message
        assert "reports[0].funding[1].amount_yuan" in message
        assert "record-schema.json" in message


@pytest.mark.parametrize("line", [b"{", b"[]", b"17", b"\xff\xfe", b'{"document": {"sha256": "x"}}', b"[" * 100_000])
def test_a_line_that_is_no_record_is_quarantined(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "r.ndjson").write_bytes(line)
    (entry,) = find_inputs([tmp_path])
    quarantined = read(entry)
    assert (quarantined.code, quarantined.document_sha256) == ("broken_record", None)
    assert "r.ndjson:1" in quarantined.message_en


def test_a_line_of_a_failed_extraction_keeps_its_code_and_message(tmp_path: Path) -> None:
    failed = {
        "schema_version": "1.0",
        "document": {"sha256": "a" * 64, "file_name": "扫描.pdf", "media_type": None},
        "error": {"code": "protected", "message": "a password is needed"},
    }
    write(tmp_path / "r.jsonl", json.dumps(failed))
    quarantined = read(find_inputs([tmp_path])[0])
    assert quarantined.code == "protected"
    assert quarantined.file_name == "扫描.pdf"
    assert quarantined.document_sha256 == "a" * 64
    assert "a password is needed" in quarantined.message_en


def test_a_failed_extraction_that_breaks_the_contract_is_a_broken_record(tmp_path: Path) -> None:
    write(tmp_path / "r.jsonl", '{"error": {"code": "x"}}')
    assert read(find_inputs([tmp_path])[0]).code == "broken_record"


def test_documents_and_lines_above_the_limit_are_quarantined_unread(tmp_path: Path, make_record) -> None:
    write(tmp_path / "a.txt", "x" * 101)
    write(tmp_path / "r.jsonl", make_record().to_json() + "\n")
    for entry in find_inputs([tmp_path]):
        quarantined = read(entry, max_bytes=100)
        assert quarantined.code == "too_large"
        assert quarantined.document_sha256 is None
        assert entry.name in quarantined.message_zh


def test_a_document_that_grew_after_it_was_found_is_not_read_whole(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "x")
    (entry,) = find_inputs([tmp_path])
    write(file, "x" * 200)
    assert read(entry, max_bytes=100).code == "too_large"


def test_a_document_gives_its_record_and_its_manifest_reaches_extraction(tmp_path: Path, make_record) -> None:
    write(tmp_path / "a.txt", "正文")
    write(tmp_path / "a.meta.json", '{"county": "盐边县"}')
    seen = []

    def extract(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
        seen.append((data.decode(), file_name, manifest))
        return make_record()

    (entry,) = find_inputs([tmp_path])
    assert read_input(entry, extract=extract) == make_record()
    assert seen == [("正文", "a.txt", Manifest(county="盐边县"))]
    assert entry.byte_count == 6


def test_a_bad_manifest_quarantines_its_document_only(tmp_path: Path, make_record) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name)
    write(tmp_path / "manifest.csv", "file_name,fiscal_year\na.txt,soon\n")
    outcomes = [outcome for _, outcome in read_all(find_inputs([tmp_path]), extract=lambda *_: make_record("b"))]
    assert isinstance(outcomes[0], Quarantined)
    assert outcomes[0].code == "bad_manifest"
    assert "manifest.csv:2" in outcomes[0].message_zh
    assert outcomes[1] == make_record("b")


def test_a_document_that_cannot_be_read_keeps_its_reason_and_hash(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "x")

    def refuse(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
        raise DocumentError("empty_document", zh=f"{file_name}：空。", en=f"{file_name}: empty.")

    outcome = read_input(find_inputs([tmp_path])[0], extract=refuse)
    sha256 = hashlib.sha256(b"x").hexdigest()
    assert outcome == Quarantined("a.txt", "a.txt", sha256, "empty_document", "a.txt：空。", "a.txt: empty.")


def test_a_defect_in_a_reader_becomes_one_sentence_with_type_and_place(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "x")

    def break_down(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
        raise ZeroDivisionError("secret detail")

    outcome = read_input(find_inputs([tmp_path])[0], extract=break_down)
    assert isinstance(outcome, Quarantined)
    assert outcome.code == "internal_error"
    for message in (outcome.message_zh, outcome.message_en):
        assert "a.txt" in message
        assert "ZeroDivisionError" in message
        assert "test_inputs.py:" in message
        assert "Traceback" not in message
        assert "\n" not in message


def test_a_file_that_vanished_is_quarantined(tmp_path: Path, make_record) -> None:
    document, records = write(tmp_path / "a.txt"), write(tmp_path / "r.jsonl", make_record().to_json())
    inputs = find_inputs([tmp_path])
    document.unlink()
    records.unlink()
    for entry in inputs:
        quarantined = read(entry)
        assert quarantined.code == "unreachable"
        assert "no longer there" in quarantined.message_en
        assert "请检查" in quarantined.message_zh


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_loop_of_links_is_quarantined_and_the_rest_is_found(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in" / "self").symlink_to(tmp_path / "in" / "self")
    inputs = find_inputs([tmp_path])
    assert names(inputs) == ["in/a.txt", "in/loop", "in/self"]
    for entry in inputs[1:]:
        quarantined = read(entry)
        assert quarantined.code == "unreachable"
        assert "链接形成循环" in quarantined.message_zh


def test_a_folder_or_file_without_permission_is_quarantined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "closed" / "a.txt")
    refuse = PermissionError(errno.EACCES, "Permission denied")
    real = Path.iterdir

    def iterdir(path: Path):
        if path.name == "closed":
            raise refuse
        return real(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    (entry,) = find_inputs([tmp_path])
    quarantined = read(entry)
    assert (quarantined.input_name, quarantined.code) == ("closed", "unreachable")
    assert "no permission" in quarantined.message_en


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_quarantined_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert read(find_inputs([tmp_path])[0]).code == "not_a_file"


@pytest.mark.skipif(sys.platform != "linux", reason="only there file names are bytes")
def test_a_file_name_that_is_no_text_is_shown_as_escapes(tmp_path: Path, make_record) -> None:
    write(tmp_path / os.fsdecode(b"\xd6\xd0.txt"))
    (entry,) = find_inputs([tmp_path])
    assert entry.name == "\\udcd6\\udcd0.txt"
    assert read_input(entry, extract=lambda *_: make_record()) == make_record()


def test_a_record_file_without_a_line_is_read_like_an_empty_document(tmp_path: Path) -> None:
    write(tmp_path / "r.jsonl", "\n")
    (entry,) = find_inputs([tmp_path])
    outcome = read_input(entry)
    assert isinstance(outcome, Quarantined)
    assert outcome.code == "empty_document"


def test_records_as_extract_prints_them_are_read_as_records(tmp_path: Path, make_record) -> None:
    first, second = make_record("a"), make_record("b")
    write(tmp_path / "many.json", f"[\n{first.to_json(2)},\n{second.to_json(2)}\n]\n")
    write(tmp_path / "one.json", "\ufeff" + first.to_json(2) + "\n")
    inputs = find_inputs([tmp_path])
    assert names(inputs) == ["many.json#1", "many.json#2", "one.json"]
    assert [outcome for _, outcome in read_all(inputs, extract=never_called)] == [first, second, first]


def test_an_array_that_breaks_off_keeps_its_whole_records_and_quarantines_the_rest(tmp_path: Path, make_record) -> None:
    text = f"[{make_record('a').to_json()},{make_record('b').to_json()[:-40]}"
    write(tmp_path / "r.json", text)
    outcomes = [outcome for _, outcome in read_all(find_inputs([tmp_path]), extract=never_called)]
    assert outcomes[0] == make_record("a")
    assert isinstance(outcomes[1], Quarantined)
    assert (outcomes[1].code, len(outcomes)) == ("broken_record", 2)


def test_json_that_holds_no_records_is_a_document(tmp_path: Path) -> None:
    write(tmp_path / "x.json", '{"name": "x"}')
    (entry,) = find_inputs([tmp_path])
    assert (entry.name, entry.kind) == ("x.json", "document")


def test_indented_records_in_a_file_of_lines_say_what_to_do(tmp_path: Path, make_record) -> None:
    write(tmp_path / "r.jsonl", make_record().to_json(2))
    (entry,) = find_inputs([tmp_path])
    quarantined = read(entry)
    assert "one object per line" in quarantined.message_en
    assert "--format jsonl" in quarantined.message_en
    assert "--format jsonl" in quarantined.message_zh


def test_a_broken_report_is_not_called_a_missing_one(tmp_path: Path, make_record) -> None:
    broken = json.loads(make_record().to_json())
    broken["reports"][0]["kind"] = "other"
    write(tmp_path / "r.jsonl", json.dumps(broken))
    message = read(find_inputs([tmp_path])[0]).message_en
    assert "reports[0].kind" in message
    assert "at least 1 item" not in message
