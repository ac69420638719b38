"""Bytes → Document. Knows nothing of what the document means."""

from __future__ import annotations

from ingest.errors import DocumentError
from ingest.reading.document import Document
from ingest.reading.registry import find_format


def read_document(data: bytes, file_name: str) -> Document:
    """Read one file's bytes into a document.

    Raises:
        DocumentError: the bytes are empty, of a format without a reader, or not text; the error names the file.
    """
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise DocumentError(
            "empty_document",
            zh=f"{file_name}：文件为空。请向发布单位索取完整文件。",
            en=f"{file_name}: the file is empty. Ask the publishing unit for the complete file.",
            file_name=file_name,
        )
    found = find_format(data)
    if found.reader is None:
        raise DocumentError(
            "unsupported_format",
            zh=f"{file_name}：内容是 {found.name}，目前不能读取。请另存为纯文本（UTF-8）后再导入。",
            en=f"{file_name}: the content is {found.name}, which cannot be read yet. "
            "Save it as plain text (UTF-8) and ingest that.",
            file_name=file_name,
            format=found.name,
        )
    return found.reader(data, file_name)


__all__ = ["Document", "read_document"]
