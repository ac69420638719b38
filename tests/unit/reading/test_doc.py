"""Word 97 documents and what else comes in compound files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ingest.errors import DocumentError
from ingest.reading import doc, read_document
from ingest.reading.compound import CompoundFile
from ingest.reading.word97 import Story
from tests.unit.reading.shapes import assert_sound, compound, shape_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reading"
SMALL = (FIXTURES / "small.doc").read_bytes()
SHAPE = ["自评表", "1. 概况", [["项目资金 (2x1)", "预算数", "执行率"], ["18.00", "95%"]], "填表人"]


def test_a_document_is_read_with_its_numbers_and_merged_cells() -> None:
    document = read_document(SMALL, "表.wps")
    assert (document.media_type, document.remarks) == ("application/msword", ())
    assert shape_of(document) == SHAPE
    assert_sound(document)


def test_boxes_lists_nested_tables_fields_and_changes_are_read_as_they_are_printed() -> None:
    document = read_document((FIXTURES / "parts.doc").read_bytes(), "表.doc")
    assert document.remarks == ()
    # Words that were deleted or hidden are not there; boxes of a group, which nothing anchors, come last.
    assert shape_of(document) == [
        "项目支出绩效自评表",
        "一、概况",
        "（1）资金",
        "（2）产出",
        "二、问题",
        "甲插入☑ 乙",
        "丙",
        "框前",
        "框内文字得分98",
        "框内第二行",
        [
            ["一级 (3x1)", "二级", "值 (1x2)"],
            ["数量 (2x1)", "10", "11"],
            ["内一 内二 内三\n内四 内五 内六 (1x2)"],
            ["合计 (1x4)"],
        ],
        "链接文字",
        "末",
        "组内一",
        "组内二",
    ]
    assert_sound(document)


@pytest.mark.parametrize("error", [ValueError, AssertionError, OverflowError, RecursionError])
def test_a_document_whose_parts_cannot_be_followed_still_gives_its_text(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(word: bytes, table: bytes, data: bytes | None) -> Story:
        raise error("unexpected structure")

    monkeypatch.setattr(doc, "read_story", fail)
    document = read_document(SMALL, "表.doc")
    assert document.remarks == ("layout_lost",)
    assert [line for line in shape_of(document) if line in ("自评表", "项目资金", "18.00", "95%", "填表人")] == [
        "自评表", "项目资金", "18.00", "95%", "填表人",
    ]  # fmt: skip


def with_flag(flag: int) -> bytes:
    """The document with a bit of its head (file information block) set."""
    place = SMALL.index(b"\xec\xa5") + 0x0A
    flags = struct.unpack_from("<H", SMALL, place)[0] | flag
    return SMALL[:place] + struct.pack("<H", flags) + SMALL[place + 2 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_flag(0x0100), "password_protected"),
        (compound({"EncryptionInfo": b"", "EncryptedPackage": b""}), "password_protected"),
        (compound({"WordDocument": b"\xec\xa5"}), "damaged_file"),
        (compound({"PowerPoint Document": b""}), "unsupported_format"),
        (compound({"HwpSummaryInformation": b""}), "unsupported_format"),
        (SMALL[:512], "damaged_file"),
        (SMALL[:3000], "damaged_file"),
        (SMALL[:40] + bytes(range(256)) * 40, "damaged_file"),
    ],
)
def test_what_is_no_sound_document_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.doc")
    assert refused.value.code == code
    assert refused.value.zh.startswith("表.doc：")


def test_streams_of_a_compound_file_are_found_by_name() -> None:
    streams = CompoundFile(compound({"Workbook": b"abc", "Data": b"x" * 5000}), "表.xls")
    assert streams.names == {"Workbook", "Data"}
    assert streams.stream("Workbook").startswith(b"abc\0")
    assert streams.stream("Data").rstrip(b"\0") == b"x" * 5000
    with pytest.raises(DocumentError):
        streams.stream("Missing")


def test_a_chain_in_a_circle_is_refused() -> None:
    data = bytearray(compound({"Data": b"x"}))
    struct.pack_into("<I", data, 512 + 4 * 3, 2)
    with pytest.raises(DocumentError):
        CompoundFile(bytes(data), "表.xls").stream("Data")
