"""Word 97–2003 documents (.doc, and .wps with a Word stream): converted to the newer format and read as that."""

from __future__ import annotations

import re
import struct
import tempfile
from pathlib import Path

from ingest.reading.building import DocumentBuilder
from ingest.reading.compound import CompoundFile
from ingest.reading.document import Document
from ingest.reading.docx import read_word_package
from ingest.reading.failures import damaged_file, password_protected
from ingest.reading.packages import Package

MEDIA_TYPE = "application/msword"
STREAM = "WordDocument"
_NAME = "Word 97"
_IS_ENCRYPTED, _USES_TABLE_1 = 0x0100, 0x0200
_TEXT_LENGTH, _PIECES_PLACE = 0x4C, 0x01A2
_IS_8_BIT = 0x40000000
# A field is its instruction, then its result: only the result is printed.
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")


def read_doc(data: bytes, file_name: str) -> Document:
    """Read a Word 97–2003 document.

    A document that the converter cannot follow still gives its text, a line for each paragraph and each cell, with
    the remark `layout_lost`.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    from doc2docx.errors import EncryptedDocumentError  # type: ignore[import-untyped]

    builder = DocumentBuilder(data, file_name, MEDIA_TYPE)
    try:
        converted = _convert(data)
    except EncryptedDocumentError as error:
        raise password_protected(file_name, _NAME) from error
    except Exception:  # noqa: BLE001 - whatever the converter stumbles over, the text itself may still be there
        for line in _plain_lines(data, file_name):
            builder.add_paragraph(line)
        builder.add_remark("layout_lost")
        return builder.build()
    return read_word_package(Package(converted, file_name, _NAME), builder)


def _convert(data: bytes) -> bytes:
    from doc2docx import convert  # type: ignore[import-untyped]

    # The converter works from file to file.
    with tempfile.TemporaryDirectory(prefix="fundperf-") as folder:
        source, target = Path(folder, "in.doc"), Path(folder, "out.docx")
        source.write_bytes(data)
        convert(source, target)
        return target.read_bytes()


def _plain_lines(data: bytes, file_name: str) -> list[str]:
    """The main text by its piece table, without any formatting."""
    streams = CompoundFile(data, file_name)
    try:
        text = _main_text(streams, file_name)
    except struct.error as error:
        raise damaged_file(file_name, _NAME) from error
    return re.split("[\r\n\x07\x0b\x0c]", _FIELD_CODE.sub("", text))


def _main_text(streams: CompoundFile, file_name: str) -> str:
    document = streams.stream(STREAM)
    flags = struct.unpack_from("<H", document, 0x0A)[0]
    if flags & _IS_ENCRYPTED:
        raise password_protected(file_name, _NAME)
    length = struct.unpack_from("<I", document, _TEXT_LENGTH)[0]
    start, size = struct.unpack_from("<II", document, _PIECES_PLACE)
    table = streams.stream("1Table" if flags & _USES_TABLE_1 else "0Table")
    return "".join(_pieces(document, table[start : start + size]))[:length]


def _pieces(document: bytes, pieces: bytes) -> list[str]:
    place = 0
    while pieces[place : place + 1] == b"\x01":
        place += 3 + int(struct.unpack_from("<H", pieces, place + 1)[0])
    size = struct.unpack_from("<I", pieces, place + 1)[0]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces, place + 5)
    texts = []
    for index in range(count):
        length = ends[index + 1] - ends[index]
        where = struct.unpack_from("<I", pieces, place + 5 + 4 * (count + 1) + 8 * index + 2)[0]
        if where & _IS_8_BIT:
            begin = (where & ~_IS_8_BIT) // 2
            texts.append(document[begin : begin + length].decode("cp1252", errors="replace"))
        else:
            texts.append(document[where : where + 2 * length].decode("utf-16-le", errors="replace"))
    return texts
