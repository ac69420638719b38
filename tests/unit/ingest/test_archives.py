from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import pytest

from ingest import archives
from ingest.archives import ArchiveReader, is_archive, list_archive
from ingest.errors import DocumentError
from ingest.inputs import Quarantined, find_inputs
from ingest.manifest import Manifest
from ingest.records import DocumentRecord
from tests.support.outcomes import read_all, read_input
from tests.support.small_records import small_record
from tests.unit.reading.shapes import zipped

Files = dict[str, bytes]


def extract(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
    """The text is the project's name."""
    record = small_record(data.decode(errors="replace"), file_name, data)
    return manifest.apply(record) if manifest else record


def write(path: Path, files: Files) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(files))
    return path


def with_raw_names(data: bytes, names: dict[str, bytes]) -> bytes:
    """The zip with other names of the same length in bytes, which do not say their encoding."""
    for ascii_name, raw in names.items():
        assert len(ascii_name) == len(raw)
        data = data.replace(ascii_name.encode(), raw)
    return data


def outcomes_of(folder: Path) -> dict[str, DocumentRecord | Quarantined]:
    """What each input gives, by its name."""
    return {entry.name: outcome for entry, outcome in read_all(find_inputs([folder]), extract=extract)}


def codes_of(folder: Path) -> dict[str, str]:
    """`read` or the code of the reason, by the input's name."""
    return {
        name: outcome.code if isinstance(outcome, Quarantined) else "read"
        for name, outcome in outcomes_of(folder).items()
    }


def test_every_file_of_an_archive_is_an_input_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "上报.zip", {"2023/甲 项目.txt": "甲".encode(), "2023/": b"", "乙.txt": "乙".encode()})
    (tmp_path / "丙.txt").write_text("丙", encoding="utf-8")
    inputs = find_inputs([tmp_path])
    assert [entry.name for entry in inputs] == ["上报.zip/2023/甲 项目.txt", "上报.zip/乙.txt", "丙.txt"]
    assert [entry.file_name for entry in inputs] == ["甲 项目.txt", "乙.txt", "丙.txt"]
    found = [outcome for _, outcome in read_all(inputs, extract=extract)]
    assert [
        (outcome.document.file_name, outcome.reports[0].project_name)
        for outcome in found
        if isinstance(outcome, DocumentRecord)
    ] == [("甲 项目.txt", "甲"), ("乙.txt", "乙"), ("丙.txt", "丙")]


def test_what_a_manifest_states_of_an_archive_holds_for_its_files(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", {"x.txt": "甲".encode()})
    (tmp_path / "manifest.csv").write_text("file_name,county\na.zip,盐边县\n", encoding="utf-8")
    outcome = outcomes_of(tmp_path)["a.zip/x.txt"]
    assert isinstance(outcome, DocumentRecord)
    assert outcome.reports[0].region.county == "盐边县"


@pytest.mark.parametrize("part", ["[Content_Types].xml", "OFD.xml", "mimetype"])
def test_office_files_are_documents_and_not_archives(tmp_path: Path, part: str) -> None:
    file = write(tmp_path / "a.zip", {part: b"x", "word/document.xml": b"y"})
    assert not is_archive(file)
    assert [entry.member for entry in find_inputs([tmp_path])] == [()]


def test_names_are_read_in_the_encoding_they_were_written_in(tmp_path: Path) -> None:
    data = zipped({"aaaaaaaaa.txt": b"1", "bbbbbb.txt": b"2", "cccc.txt": b"3", "汉字.txt": b"4"})
    names = {"aaaaaaaaa": "绩效表".encode(), "bbbbbb": "绩效表".encode("gb18030"), "cccc": "café".encode("cp437")}
    (tmp_path / "a.zip").write_bytes(with_raw_names(data, names))
    listing = list_archive(tmp_path / "a.zip", "a.zip")
    assert [member.name for member in listing.members] == ["绩效表.txt", "#2/绩效表.txt", "café.txt", "汉字.txt"]


def test_no_name_leads_out_of_the_archive_and_nothing_is_written(tmp_path: Path) -> None:
    hostile = ["../../etc/a.txt", "/etc/b.txt", "C:\\Windows\\c.txt", "x/../../d.txt", "e\x1b.txt", "a.txt", "./a.txt"]
    folder = tmp_path / "in"
    write(folder / "a.zip", {name: name.encode() for name in hostile})
    assert list(codes_of(folder).items()) == [
        (f"a.zip/{name}", "read")
        for name in ["etc/a.txt", "etc/b.txt", "Windows/c.txt", "x/d.txt", "e\ufffd.txt", "a.txt", "#2/a.txt"]
    ]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_archives_inside_archives_are_opened_to_the_third_depth(tmp_path: Path) -> None:
    deep = {"4.txt": b"4"}
    for number in (3, 2, 1):
        deep = {f"{number}.txt": str(number).encode(), f"{number}.zip": zipped(deep)}
    write(tmp_path / "0.zip", deep)
    assert codes_of(tmp_path) == {
        "0.zip/1.txt": "read",
        "0.zip/1.zip/2.txt": "read",
        "0.zip/1.zip/2.zip/3.txt": "read",
        "0.zip/1.zip/2.zip/3.zip": "archive_bomb",
    }


def test_systems_litter_is_left_aside_and_records_ask_to_be_unpacked(tmp_path: Path) -> None:
    files = ["__MACOSX/._a.txt", "Thumbs.db", ".hidden", "~$a.docx", "a.txt", "r.jsonl", "manifest.csv", "b.pdf.part"]
    write(tmp_path / "a.zip", dict.fromkeys(files, b"x"))
    assert codes_of(tmp_path) == {
        "a.zip/a.txt": "read",
        "a.zip/r.jsonl": "unpack_first",
        "a.zip/manifest.csv": "unpack_first",
        "a.zip/b.pdf.part": "unfinished_download",
    }


def test_an_archive_without_a_file_is_one_input_with_a_reason(tmp_path: Path) -> None:
    write(tmp_path / "empty.zip", {})
    write(tmp_path / "folders.zip", {"a/": b""})
    write(tmp_path / "nested.zip", {"inner.zip": zipped({}), "a.txt": b"a"})
    assert codes_of(tmp_path) == {
        "empty.zip": "empty_archive",
        "folders.zip": "empty_archive",
        "nested.zip/inner.zip": "empty_archive",
        "nested.zip/a.txt": "read",
    }


def encrypted(data: bytes) -> bytes:
    """The zip with the sign of encryption on its first member."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_protected_damaged_and_strangely_compressed_members_say_so_alone(tmp_path: Path) -> None:
    text = os.urandom(500).hex().encode()
    whole = zipped({"a.txt": text, "b.txt": b"b"})
    (tmp_path / "1.zip").write_bytes(encrypted(whole))
    damaged = bytearray(whole)
    damaged[200:220] = bytes(20)
    (tmp_path / "2.zip").write_bytes(damaged)
    strange = bytearray(whole)
    strange[8:10] = strange[whole.index(b"PK\x01\x02") + 10 : whole.index(b"PK\x01\x02") + 12] = b"\x09\x00"
    (tmp_path / "3.zip").write_bytes(strange)
    (tmp_path / "4.zip").write_bytes(whole[: len(whole) // 2])
    assert codes_of(tmp_path) == {
        "1.zip/a.txt": "password_protected",
        "1.zip/b.txt": "read",
        "2.zip/a.txt": "damaged_file",
        "2.zip/b.txt": "read",
        "3.zip/a.txt": "unsupported_compression",
        "3.zip/b.txt": "read",
        "4.zip": "damaged_file",
    }
    for name, outcome in outcomes_of(tmp_path).items():
        if isinstance(outcome, Quarantined):
            assert outcome.message_en.startswith(f"{name}: ")
            assert outcome.message_zh.startswith(f"{name}：")
            assert "请" in outcome.message_zh


def test_bombs_are_quarantined_and_never_inflated_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "ratio.zip", {"zeros.txt": bytes(8 * 1024 * 1024), "a.txt": b"a"})
    write(tmp_path / "size.zip", {"random.txt": os.urandom(32).hex().encode(), "a.txt": b"a"})
    write(tmp_path / "many.zip", {f"{number}.txt": b"x" for number in range(31)})
    write(tmp_path / "total.zip", {f"{number}.txt": bytes(90_000) for number in range(20)})
    nested = {f"{number}.zip": zipped({"x.txt": bytes(90_000)}) for number in range(20)}
    write(tmp_path / "nested.zip", nested)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 30)
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 1_500_000)
    assert {name: code for name, code in codes_of(tmp_path).items() if code != "read"} == {
        "many.zip": "archive_bomb",
        "nested.zip": "archive_bomb",
        "ratio.zip": "archive_bomb",
        "total.zip": "archive_bomb",
    }
    monkeypatch.undo()
    assert codes_of(tmp_path)["ratio.zip/zeros.txt"] == "archive_bomb"
    large = next(entry for entry in find_inputs([tmp_path]) if entry.name == "size.zip/random.txt")
    outcome = read_input(large, extract=extract, max_bytes=10)
    assert isinstance(outcome, Quarantined)
    assert outcome.code == "too_large"


def test_a_member_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x" * 5000}))
    place = data.index(b"PK\x01\x02") + 24
    assert struct.unpack_from("<L", data, place) == (5000,)
    for size in (10, 50_000):
        struct.pack_into("<L", data, place, size)
        (tmp_path / "a.zip").write_bytes(data)
        assert codes_of(tmp_path) == {"a.zip/a.txt": "damaged_file"}


def test_a_directory_too_long_to_be_read_is_a_bomb(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": b"x"}))
    struct.pack_into("<L", data, data.index(b"PK\x05\x06") + 12, 1 << 30)
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        list_archive(tmp_path / "a.zip", "a.zip")
    assert caught.value.code == "archive_bomb"


def test_every_cut_and_every_flipped_byte_of_an_archive_gives_inputs_with_outcomes(tmp_path: Path) -> None:
    whole = zipped({"甲.txt": "甲".encode(), "b/乙.zip": zipped({"c.txt": b"c"})})
    file = tmp_path / "a.zip"
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 0x55
        for data in (whole[:position], bytes(flipped)):
            file.write_bytes(data)
            codes = codes_of(tmp_path)
            assert codes
            assert "internal_error" not in codes.values()


def test_an_archive_that_was_replaced_after_it_was_listed_is_damaged(tmp_path: Path) -> None:
    file = write(tmp_path / "a.zip", {"a.txt": b"a", "b.txt": b"b"})
    inputs = find_inputs([tmp_path])
    write(file, {"a.txt": b"a"})
    assert [type(outcome) for _, outcome in read_all(inputs, extract=extract)] == [DocumentRecord, Quarantined]
    file.unlink()
    outcome = read_input(inputs[0], extract=extract)
    assert isinstance(outcome, Quarantined)
    assert outcome.code == "unreachable"


def test_a_reader_lets_go_of_the_archive_it_has_left(tmp_path: Path) -> None:
    for name in ("1.zip", "2.zip"):
        write(tmp_path / name, {"inner.zip": zipped({"x.txt": name.encode()})})
    reader = ArchiveReader()
    for name in ("1.zip", "2.zip", "1.zip"):
        assert reader.read(tmp_path / name, (0, 0), name, 100) == name.encode()
    reader.close()


def test_a_file_without_a_name_is_a_file_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "绩效")
    # The name is emptied in both directories; what followed it becomes an extra field.
    data = path.read_bytes()
    for signature, length_at in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        place = data.index(signature) + length_at
        data = data[:place] + b"\x00\x00\x01\x00" + data[place + 4 :]
    path.write_bytes(data)
    assert [member.name for member in list_archive(path, "a.zip").members] == ["\ufffd"]
