"""Bytes of plain text → canonical text with paragraphs."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DocumentError
from ingest.reading import read_document
from ingest.reading.canonical import canonicalise
from tests.unit.reading.shapes import text_of

REPORT = (
    "2023年金保工程网络维护费项目绩效自评报告\n一、项目资金情况\n本年度资金年初预算数18.00万元，全年执行数18.00万元。\n"
)
TRADITIONAL = "2023年度網絡維護項目績效自評報告\n本項目預算資金為18萬元，實際支出18萬元，預算執行率100%。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_chinese_encoding_gives_the_same_text(encoding: str) -> None:
    assert read_document(REPORT.encode(encoding), "a.txt").text == REPORT


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16"])
def test_traditional_script_is_read_from_big5_and_the_others(encoding: str) -> None:
    assert read_document(TRADITIONAL.encode(encoding), "a.txt").text == TRADITIONAL


def test_word_marks_and_unusual_spaces_are_gone() -> None:
    text = canonicalise("[bookmark: _GoBack]预算\u3000资金\u00a018\u200b万元\r\n第二行\f第三行\ufeff")
    assert text == "预算 资金 18万元\n第二行\n第三行"


def test_paragraphs_point_to_their_characters() -> None:
    document = read_document("  一、概况  \n\n 资金18万元。\n".encode(), "a.txt")
    assert [text_of(document, block) for block in document.blocks] == ["一、概况", "资金18万元。"]


def test_a_file_cut_inside_a_character_is_read_with_a_remark() -> None:
    document = read_document(REPORT.encode()[:100], "a.txt")
    assert document.remarks == ("damaged_characters",)
    assert document.text.startswith("2023年金保工程")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_document"),
        (b"\n \r\n", "empty_document"),
        (codecs.BOM_UTF8, "empty_document"),
        (b"\x00" * 64, "empty_document"),
        ("\u200b\u3000\n".encode(), "empty_document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "damaged_file"),
        (b"%PDF-1.7\n%\xe2\xe3", "damaged_file"),
        (b"PK\x03\x04" + b"\x00" * 40, "unsupported_format"),
        (bytes(range(256)) * 20, "not_text"),
        (bytes(range(128, 256)) * 20, "not_text"),
    ],
)
def test_what_is_no_text_is_refused_with_file_and_next_step(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.txt")
    assert refused.value.code == code
    assert refused.value.zh.startswith("表.txt：")
    assert refused.value.en.startswith("表.txt: ")


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_document_or_a_document_error(data: bytes) -> None:
    try:
        document = read_document(data, "x.txt")
    except DocumentError:
        return
    assert document.text.strip()
    assert all(text_of(document, block).strip() for block in document.blocks)
