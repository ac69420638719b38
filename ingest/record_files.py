"""Files of records (JSON Lines, or JSON as `fundperf extract` prints it): where the lines lie, and what one line says.

A line is an object of the record contract, or the object that `fundperf extract` writes for a document it could not
read. Files may be larger than memory: they are never read whole.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ingest.errors import DocumentError, RecordError
from ingest.records import DocumentRecord, FailedDocument

RECORD_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_BLOCK_BYTES = 1024 * 1024
_MOST_PROBLEMS = 3
_MOST_JSON_BYTES = 256 * 1024 * 1024
_LOOKS_LIKE_RECORDS = re.compile(r'\s*(\[\s*)?\{\s*"(schema_version|document|reports|error)"\s*:')


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its number from 1, where it begins and how long it is, in bytes."""

    number: int
    offset: int
    byte_count: int


def find_lines(path: Path) -> list[Line]:
    """All lines that are not blank.

    Raises:
        OSError: the file cannot be read.
    """
    lines: list[Line] = []
    number, start, position, blank = 1, 0, 0, True
    with path.open("rb") as handle:
        while part := handle.readline(_BLOCK_BYTES):
            position += len(part)
            blank = blank and not part.removeprefix(codecs.BOM_UTF8).strip()
            if part.endswith(b"\n"):
                if not blank:
                    lines.append(Line(number, start, position - start))
                number, start, blank = number + 1, position, True
    if not blank:
        lines.append(Line(number, start, position - start))
    return lines


def find_objects(path: Path) -> list[Line]:
    """The records of a JSON file that holds one record or an array of them; none when it holds something else.

    What follows the last object that can be understood is one more entry, so that reading it says what is wrong.

    Raises:
        OSError: the file cannot be read.
    """
    if path.stat().st_size > _MOST_JSON_BYTES:
        return []
    data = path.read_bytes()
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    # Latin-1 keeps every byte in its place; what is not ASCII stands inside strings only.
    text = data[mark:].decode("latin-1")
    if not _LOOKS_LIKE_RECORDS.match(text):
        return []
    end = len(text.rstrip())
    is_array = text.lstrip().startswith("[")
    last = end - 1 if is_array and text[end - 1] == "]" else end
    position = text.index("{")
    objects: list[Line] = []
    while position < last:
        try:
            _, after = _LENIENT.raw_decode(text, position)
        except (ValueError, RecursionError):
            after = last
        following = _BETWEEN.match(text, after)
        if following is None or (following.end() < last and not (is_array and following[1])):
            after = last
            following = None
        objects.append(Line(len(objects) + 1, mark + position, after - position))
        position = following.end() if following is not None else last
    return objects


_LENIENT = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"\s*(,?)\s*")


def is_indented(path: Path) -> bool:
    """Whether a file that should have one object a line holds indented records instead.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as handle:
        first = handle.readline(_BLOCK_BYTES).removeprefix(codecs.BOM_UTF8).strip()
    return first in {b"{", b"["} and bool(find_objects(path))


def not_one_a_line(name: str) -> RecordError:
    """The error for indented records in a file of lines."""
    return RecordError(
        "indented_records",
        zh=f"{name}：每行应为一个完整的对象，此处的记录分成了多行。"
        "请用 --format jsonl 重新输出，或将文件改名为 .json 后导入。",
        en=f"{name}: one object per line is expected and the records here are indented. "
        "Write them with --format jsonl, or rename the file to .json and load it again.",
    )


def read_line(path: Path, name: str, *, offset: int, byte_count: int, max_bytes: int) -> DocumentRecord:
    """The record of one line; `name` is what messages call it (`folder/file.jsonl:17`).

    Raises:
        DocumentError: the line is too large, or says that its document could not be read.
        RecordError: the line does not keep the contract; the message gives the fields and what is wrong with each.
        OSError: the file cannot be read.
    """
    if byte_count > max_bytes:
        raise too_large(name, byte_count, max_bytes)
    data = read_part(path, offset, byte_count).removeprefix(codecs.BOM_UTF8)
    try:
        return DocumentRecord.model_validate_json(data)
    except ValidationError as error:
        stated = _parse_leniently(data)
        if "error" in stated and "reports" not in stated:
            raise _failed_document(data, stated, name) from error
        raise _broken_record(stated, name, error) from error


def read_part(path: Path, offset: int, byte_count: int) -> bytes:
    """The bytes of one line or object.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as handle:
        handle.seek(offset)
        return handle.read(byte_count)


def too_large(name: str, byte_count: int, max_bytes: int) -> DocumentError:
    """The error for an input above the size limit (both in bytes)."""
    size, limit = f"{byte_count / 1024**2:.1f} MiB", f"{max_bytes / 1024**2:g} MiB"
    return DocumentError(
        "too_large",
        zh=f"{name}：大小 {size}，超过上限 {limit}，未读取。请拆分或确认它确实是绩效自评报告。",
        en=f"{name}: {size} is above the limit of {limit}; it was not read. "
        "Split it, or make sure it is a self-evaluation at all.",
    )


def _parse_leniently(data: bytes) -> dict[str, Any]:
    try:
        stated = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _failed_document(data: bytes, stated: dict[str, Any], name: str) -> DocumentError | RecordError:
    try:
        failed = FailedDocument.model_validate_json(data)
    except ValidationError as error:
        return _broken_record(stated, name, error)
    message = failed.error.message
    return DocumentError(
        failed.error.code,
        zh=f"{name}：提取时未能读取该文件：{message}",
        en=f"{name}: the extractor could not read the document: {message}",
        file_name=failed.document.file_name,
        sha256=failed.document.sha256,
    )


def _broken_record(stated: dict[str, Any], name: str, error: ValidationError) -> RecordError:
    found = error.errors(include_url=False, include_input=False)
    if any(problem["loc"][:1] == ("reports",) and len(problem["loc"]) > 1 for problem in found):
        # A broken report is no missing one.
        found = [problem for problem in found if problem["loc"] != ("reports",)]
    problems = [f"{_field_path(problem['loc']) or 'line'}: {problem['msg']}" for problem in found]
    listed = "; ".join(problems[:_MOST_PROBLEMS])
    if len(problems) > _MOST_PROBLEMS:
        listed += f"; … ({len(problems)})"
    document = stated.get("document")
    facts = document if isinstance(document, dict) else {}
    return RecordError(
        "broken_record",
        zh=f"{name}：该行不符合记录约定（{listed}）。请对照 docs/record-schema.json 改正该行（UTF-8 编码）后重新导入。",
        en=f"{name}: the line breaks the record contract ({listed}). "
        "Correct it after docs/record-schema.json (in UTF-8) and load it again.",
        file_name=facts.get("file_name"),
        sha256=facts.get("sha256"),
    )


def _field_path(location: Sequence[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
