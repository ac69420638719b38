"""Which inputs there are, and what each of them gives: a record, or the reason why not.

An input is a document file or one line of a file of records. No content, however damaged, raises: it ends as
`Quarantined`, so that the inputs of a load always add up.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import FundPerfError, UnreachableError, UsageError
from ingest.manifest import Manifest, ManifestReader, is_manifest
from ingest.record_files import (
    RECORD_SUFFIXES,
    find_lines,
    find_objects,
    is_indented,
    not_one_a_line,
    read_line,
    too_large,
)
from ingest.records import DocumentRecord

MAX_BYTES = 16 * 1024 * 1024
"""Size above which an input is quarantined unread, in bytes."""

Extract = Callable[[bytes, str, Manifest | None], DocumentRecord]
"""Bytes, file name and manifest → record."""


@dataclass(frozen=True, slots=True)
class Input:
    """One document file, or one line of a file of records.

    `name` is relative to the path that was given, with `/` on every system. `offset` and `byte_count` say where a line
    lies in its file; `byte_count` of a document is its size when it was found, None when that is not known.
    `obstacle` is the errno of what kept us from looking at it at all.
    """

    name: str
    path: Path
    kind: Literal["document", "record"] = "document"
    byte_count: int | None = None
    line: int | None = None
    offset: int = 0
    obstacle: int | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An input that gave no record, and why."""

    input_name: str
    file_name: str
    document_sha256: str | None
    code: str
    message_zh: str
    message_en: str

    def message(self, lang: str = "en") -> str:
        """The reason in the user's language (`zh` or `en`)."""
        return self.message_zh if lang == "zh" else self.message_en


Outcome = DocumentRecord | Quarantined


def find_inputs(paths: Iterable[Path | str], *, home: Path | None = None) -> list[Input]:
    """All inputs under the paths, in the order given, folders sorted by name.

    Hidden files, manifests and the home folder (`home`, and by its name any `.fundperf`) are no inputs. A file that is
    reached by two of the paths is one input. What cannot be looked at (no permission, a loop of links) is an input too:
    reading it gives the reason.

    Raises:
        UsageError: a path does not exist.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise UsageError(
                "no_such_path",
                zh=f"路径不存在：{_printable(path)}。请检查拼写后重试。",
                en=f"{_printable(path)}: there is no such file or folder. Check the spelling and try again.",
                path=str(path),
            )
    skipped = {_absolute(home)} if home is not None else set()
    found: dict[str, tuple[Path, _File]] = {}
    for path in given:
        for file in _walk(path, skipped):
            found.setdefault(_absolute(file.path), (path, file))
    return [entry for name, file in _with_names(found.values()) for entry in _inputs_of(name, file)]


def read_all(
    inputs: Iterable[Input],
    *,
    extract: Extract | None = None,
    max_bytes: int = MAX_BYTES,
    manifests: ManifestReader | None = None,
) -> Iterator[tuple[Input, Outcome]]:
    """Read the inputs one after the other; each gives exactly one outcome."""
    manifests = manifests or ManifestReader()
    for entry in inputs:
        yield entry, read_input(entry, extract=extract, max_bytes=max_bytes, manifests=manifests)


def read_input(
    entry: Input,
    *,
    extract: Extract | None = None,
    max_bytes: int = MAX_BYTES,
    manifests: ManifestReader | None = None,
) -> Outcome:
    """Read one input. Never raises for what is in it.

    Args:
        entry: what `find_inputs` found.
        extract: how bytes become a record; the project's own reading and extraction when not given.
        max_bytes: larger inputs are quarantined unread.
        manifests: shared between calls, so that a folder's manifest is read once.
    """
    sha256: str | None = None
    try:
        if entry.kind == "record":
            if entry.line is None:
                raise not_one_a_line(entry.name)
            return read_line(
                entry.path, entry.name, offset=entry.offset, byte_count=entry.byte_count or 0, max_bytes=max_bytes
            )
        data = _read_bytes(entry, max_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        manifest = (manifests or ManifestReader()).find(entry.path)
        return (extract or _read_and_extract)(data, _printable(entry.path.name), manifest)
    except FundPerfError as error:
        return _quarantined(entry, sha256, error)
    except OSError as error:
        return _quarantined(entry, sha256, _unreachable(entry.name, error.errno))
    except Exception as error:  # noqa: BLE001  (a defect in one reader must not stop the other documents)
        return _quarantined(entry, sha256, _internal_error(entry.name, error))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    obstacle: int | None = None


def _walk(path: Path, skipped: set[str], above: frozenset[str] = frozenset()) -> Iterator[_File]:
    try:
        if not path.is_dir():
            yield _File(path)
            return
        real = os.path.realpath(path)
        if real in above:
            yield _File(path, errno.ELOOP)
            return
        entries = sorted(path.iterdir(), key=lambda child: child.name)
    except OSError as error:
        yield _File(path, error.errno)
        return
    for child in entries:
        if _is_hidden(child) or is_manifest(child) or _absolute(child) in skipped:
            continue
        yield from _walk(child, skipped, above | {real})


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  (resolve() would follow links: two links are two documents)


def _is_hidden(path: Path) -> bool:
    # ~$ marks the lock file that an office program keeps beside an open document.
    return path.name.startswith((".", "~$"))


def _with_names(found: Iterable[tuple[Path, _File]]) -> list[tuple[str, _File]]:
    # Manifests that were named one by one are no documents either.
    files = [(given, file) for given, file in found if not is_manifest(file.path)]
    names = [_name(file.path, given) for given, file in files]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return [
        (_printable(file.path.as_posix()) if name in twice else name, file)
        for name, (_, file) in zip(names, files, strict=True)
    ]


def _inputs_of(name: str, file: _File) -> list[Input]:
    if file.obstacle is not None:
        return [Input(name, file.path, obstacle=file.obstacle)]
    try:
        status = file.path.stat()
        suffix = file.path.suffix.lower() if stat.S_ISREG(status.st_mode) else ""
        if suffix in RECORD_SUFFIXES and is_indented(file.path):
            return [Input(name, file.path, "record", status.st_size)]
        lines = find_lines(file.path) if suffix in RECORD_SUFFIXES else []
        objects = find_objects(file.path) if suffix == ".json" else []
    except OSError as error:
        return [Input(name, file.path, obstacle=error.errno)]
    if lines:
        return [
            Input(f"{name}:{line.number}", file.path, "record", line.byte_count, line.number, line.offset)
            for line in lines
        ]
    if objects:
        names = [name] if len(objects) == 1 else [f"{name}#{entry.number}" for entry in objects]
        return [
            Input(called, file.path, "record", entry.byte_count, entry.number, entry.offset)
            for called, entry in zip(names, objects, strict=True)
        ]
    # A file of records without a line is read like any empty document, so that it says so.
    return [Input(name, file.path, byte_count=status.st_size)]


def _name(path: Path, given: Path) -> str:
    relative = path.name if path == given else path.relative_to(given).as_posix()
    return _printable(relative)


def _printable(name: Path | str) -> str:
    # File names need not be text on every system; what is not text is shown as escapes.
    return str(name).encode("utf-8", "backslashreplace").decode("utf-8")


def _read_bytes(entry: Input, max_bytes: int) -> bytes:
    if entry.obstacle is not None:
        raise OSError(entry.obstacle, os.strerror(entry.obstacle))
    # Opening a pipe or a device could wait for ever.
    if not stat.S_ISREG(entry.path.stat().st_mode):
        raise UnreachableError(
            "not_a_file",
            zh=f"{entry.name}：不是普通文件。请从导入目录中移走。",
            en=f"{entry.name}: this is not a regular file. Take it out of the folder.",
        )
    with entry.path.open("rb") as handle:
        size = os.fstat(handle.fileno()).st_size
        data = b"" if size > max_bytes else handle.read(max_bytes + 1)
    if max(size, len(data)) > max_bytes:
        raise too_large(entry.name, max(size, len(data)), max_bytes)
    return data


def _read_and_extract(data: bytes, file_name: str, manifest: Manifest | None) -> DocumentRecord:
    from ingest.extraction import extract_document
    from ingest.reading import read_document

    return extract_document(read_document(data, file_name), manifest)


def _quarantined(entry: Input, sha256: str | None, error: FundPerfError) -> Quarantined:
    file_name, stated_sha256 = error.facts.get("file_name"), error.facts.get("sha256")
    if sha256 is None and isinstance(stated_sha256, str) and re.fullmatch(r"[0-9a-f]{64}", stated_sha256):
        sha256 = stated_sha256
    return Quarantined(
        input_name=entry.name,
        file_name=_printable(file_name) if isinstance(file_name, str) else _printable(entry.path.name),
        document_sha256=sha256,
        code=error.code,
        message_zh=_naming(entry, error.zh, "："),
        message_en=_naming(entry, error.en, ": "),
    )


def _naming(entry: Input, message: str, colon: str) -> str:
    # Readers name the file; what concerns a manifest names that, and not yet the document.
    named = message if entry.path.name in message else f"{entry.name}{colon}{message}"
    return _printable(named)


_REASONS = {
    errno.ENOENT: ("文件已不存在", "the file is no longer there"),
    errno.EACCES: ("没有读取权限", "there is no permission to read it"),
    errno.EPERM: ("没有读取权限", "there is no permission to read it"),
    errno.ELOOP: ("链接形成循环", "the link leads back to itself"),
}


def _unreachable(name: str, number: int | None) -> UnreachableError:
    reason = os.strerror(number) if number is not None else "?"
    zh, en = _REASONS.get(number or 0, (reason, reason))
    return UnreachableError(
        "unreachable",
        zh=f"{name}：无法打开（{zh}）。请检查文件和权限后重新导入。",
        en=f"{name}: it cannot be opened ({en}). Check the file and its permissions, then load it again.",
    )


def _internal_error(name: str, error: Exception) -> FundPerfError:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return FundPerfError(
        "internal_error",
        zh=f"{name}：程序在 {place} 处出错（{type(error).__name__}）。该文件已跳过；请把文件名和此信息报告给维护者。",
        en=f"{name}: the program failed at {place} ({type(error).__name__}). "
        "The file was left out; report this message with the file to the maintainers.",
    )
