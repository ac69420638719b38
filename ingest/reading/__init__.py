"""Bytes → Document. Knows nothing of what the document means."""

from __future__ import annotations

from ingest.errors import DocumentError
from ingest.reading.document import Document
from ingest.reading.registry import find_format, read_as


def read_document(data: bytes, file_name: str) -> Document:
    """Read one file's bytes into a document. The bytes decide what format it is, never the name.

    Raises:
        DocumentError: `empty_document`, `unsupported_format`, `not_text`, `damaged_file`, `password_protected`,
            `too_large` or `ocr_not_installed`; the error names the file and the next step.
    """
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise DocumentError(
            "empty_document",
            zh=f"{file_name}：文件为空。请向发布单位索取完整文件。",
            en=f"{file_name}: the file is empty. Ask the publishing unit for the complete file.",
            file_name=file_name,
        )
    return read_as(find_format(data, file_name), data, file_name)


__all__ = ["Document", "read_document"]
