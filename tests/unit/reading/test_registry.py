"""Bytes decide the format; what cannot be read is named with the next step."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DocumentError
from ingest.reading import Document, read_document, registry
from tests.unit.reading.shapes import assert_sound, zipped
from tests.unit.reading.test_docx import docx, p
from tests.unit.reading.test_ofd import WORDS, content, ofd
from tests.unit.reading.test_pdf import DRAWN, pdf
from tests.unit.reading.test_pdf import WORDS as PDF_WORDS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reading"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1 a}", "RTF"),
        (zipped({"a/表.docx": "x"}), "ZIP"),
        (zipped({"content.xml": "x", "mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (zipped({"ppt/presentation.xml": "x", "[Content_Types].xml": ""}), "PowerPoint"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument/>", "Office 2003 XML"),
    ],
)
def test_a_format_without_a_reader_is_named(data: bytes, name: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(data, "表.txt")
    assert (refused.value.code, refused.value.facts["format"]) == ("unsupported_format", name)
    assert name in refused.value.zh
    assert refused.value.en.endswith((".", "it."))


def test_an_archive_is_told_from_a_document_that_is_a_package() -> None:
    for archive in (zipped({"甲.docx": docx(p("a")), "乙/content.xml": "x"}), zipped({})):
        assert registry.find_format(archive, "a").name == "ZIP"
    for document in (docx(p("a")), docx(p("a"))[:-30], ofd(content(WORDS)), zipped({"xl/workbook.xml": ""})):
        assert registry.find_format(document, "a").name != "ZIP"
    assert registry.find_format(b"text", "a").name != "ZIP"


def test_text_that_begins_like_a_bitmap_is_text() -> None:
    assert read_document("BM项目绩效自评报告，预算资金十八万元".encode(), "a.txt").media_type == "text/plain"


def test_an_exception_of_a_library_becomes_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(data: bytes, file_name: str) -> Document:
        raise KeyError("inside a library")

    found = registry.Format("Word", fail)
    with pytest.raises(DocumentError) as refused:
        registry.read_as(found, b"x", "表.docx")
    assert refused.value.code == "damaged_file"
    assert isinstance(refused.value.__cause__, KeyError)


SAMPLES = {
    "docx": docx(p("自评报告") + p("资金18万元")),
    "ofd": ofd(content(WORDS)),
    "pdf": pdf(DRAWN + PDF_WORDS),
    "xls": (FIXTURES / "formats.xls").read_bytes(),
    "doc": (FIXTURES / "small.doc").read_bytes(),
    "html": "<html><table><tr><td rowspan=2>资金<td>18<tr><td>95%</table><p>自评".encode(),
}


@pytest.mark.parametrize("kind", sorted(SAMPLES))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=4), length=st.floats(0.2, 1))
def test_a_damaged_document_gives_a_document_or_our_error(
    kind: str, changes: list[tuple[float, bytes]], length: float
) -> None:
    data = bytearray(SAMPLES[kind])
    for place, change in changes:
        start = int(place * (len(data) - 1))
        data[start : start + len(change)] = change
    cut = bytes(data[: int(length * len(data))]) if length < 0.9 else bytes(data)
    try:
        document = read_document(cut, f"表.{kind}")
    except DocumentError:
        return
    assert_sound(document)
