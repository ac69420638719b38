"""Plain text → Document: encoding, word-processor marks, spaces, lines."""

from __future__ import annotations

import hashlib
import re

from ingest.errors import DocumentError
from ingest.reading.document import Block, Document
from ingest.reading.encoding import decode

# Marks that a word processor leaves in an exported text; they are no words of the report.
_WORD_MARKS = re.compile(r"\[(?:bookmark|comment|footnote|endnote|image)\s*:[^\]\n]{0,80}\]", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LARGEST_SHARE_OF_CONTROL = 0.001


def read_text(data: bytes, file_name: str) -> Document:
    """Read a plain text file in any Chinese encoding.

    Raises:
        DocumentError: the bytes are no text in any of them.
    """
    decoded = decode(data)
    if decoded is None or len(_CONTROL.findall(decoded[0])) > len(decoded[0]) * _LARGEST_SHARE_OF_CONTROL:
        raise DocumentError(
            "not_text",
            zh=f"{file_name}：内容不是文本（UTF-8、GB18030、UTF-16、Big5 均不符）。请重新导出该文件。",
            en=f"{file_name}: the content is not text (not UTF-8, GB18030, UTF-16 or Big5). Export the file again.",
            file_name=file_name,
        )
    text, damaged = decoded
    canonical = canonicalise(text)
    if not canonical.strip():
        raise DocumentError(
            "empty_document",
            zh=f"{file_name}：文件中没有文字。请向发布单位索取完整文件。",
            en=f"{file_name}: there is no text in the file. Ask the publishing unit for the complete file.",
            file_name=file_name,
        )
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=file_name,
        media_type="text/plain",
        text=canonical,
        blocks=tuple(_paragraphs(canonical)),
        remarks=("damaged_characters",) if damaged else (),
    )


def canonicalise(text: str) -> str:
    """Text as evidence points into it: `\\n` line ends, plain spaces, no invisible or word-processor marks."""
    text = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\f", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    text = _INVISIBLE.sub("", _WORD_MARKS.sub("", text))
    return _CONTROL.sub("", _SPACES.sub(" ", text))


def _paragraphs(text: str) -> list[Block]:
    blocks = []
    for match in re.finditer(r"[^\n]+", text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            blocks.append(Block("paragraph", start, start + len(stripped)))
    return blocks
