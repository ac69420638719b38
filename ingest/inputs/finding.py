"""Which inputs lie under the paths that were given."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.archives import Member, is_archive, list_archive
from ingest.errors import DocumentError, FundPerfError, UsageError
from ingest.inputs.model import Input, printable, unreachable
from ingest.litter import is_hidden, is_litter, is_unfinished_download
from ingest.manifest import is_manifest
from ingest.record_files import RECORD_SUFFIXES, find_lines, find_objects, is_indented


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found: the inputs, and the names of files that systems and programs left among them."""

    inputs: list[Input]
    left_aside: list[str]


def find_inputs(paths: Iterable[Path | str], *, home: Path | None = None) -> list[Input]:
    """The inputs of `survey_inputs`.

    Raises:
        UsageError: a path does not exist.
    """
    return survey_inputs(paths, home=home).inputs


def survey_inputs(paths: Iterable[Path | str], *, home: Path | None = None) -> Survey:
    """All inputs under the paths, in the order given, folders sorted by name.

    Hidden files, manifests, litter of systems (`Thumbs.db`, `~$x.docx`, shortcuts) and the home folder (`home`, and by
    its name any `.fundperf`) are no inputs. Every file of an archive is one. A file that is reached by two of the paths
    is one input. What cannot be looked at (no permission, a loop of links, a damaged archive) is an input too: reading
    it gives the reason.

    Raises:
        UsageError: a path does not exist.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise UsageError(
                "no_such_path",
                zh=f"路径不存在：{printable(path)}。请检查拼写后重试。",
                en=f"{printable(path)}: there is no such file or folder. Check the spelling and try again.",
                path=str(path),
            )
    skipped = {_absolute(home)} if home is not None else set()
    found: dict[str, tuple[Path, _File]] = {}
    litter: dict[str, str] = {}
    for path in given:
        for file in _walk(path, skipped):
            if file.is_litter:
                litter.setdefault(_absolute(file.path), _name(file.path, path))
            else:
                found.setdefault(_absolute(file.path), (path, file))
    survey = Survey([], [name for place, name in litter.items() if place not in found])
    for name, file in _with_names(found.values()):
        survey.inputs.extend(_inputs_of(name, file, survey.left_aside))
    return survey


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    obstacle: int | None = None
    is_litter: bool = False


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
        if is_litter(child.name):
            yield _File(child, is_litter=True)
        elif not (is_hidden(child.name) or is_manifest(child) or _absolute(child) in skipped):
            yield from _walk(child, skipped, above | {real})


def _absolute(path: Path) -> str:
    # resolve() would follow links: two links are two documents.
    return os.path.normpath(path.absolute())


def _with_names(found: Iterable[tuple[Path, _File]]) -> list[tuple[str, _File]]:
    # Manifests that were named one by one are no documents either.
    files = [(given, file) for given, file in found if not is_manifest(file.path)]
    names = [_name(file.path, given) for given, file in files]
    twice = {name for name, count in Counter(names).items() if count > 1}
    return [
        (printable(file.path.as_posix()) if name in twice else name, file)
        for name, (_, file) in zip(names, files, strict=True)
    ]


def _name(path: Path, given: Path) -> str:
    relative = path.name if path == given else path.relative_to(given).as_posix()
    return printable(relative)


def _inputs_of(name: str, file: _File, left_aside: list[str]) -> list[Input]:
    if file.obstacle is not None:
        return [Input(name, file.path, refusal=unreachable(name, file.obstacle))]
    try:
        status = file.path.stat()
        if is_unfinished_download(file.path.name):
            return [Input(name, file.path, byte_count=status.st_size, refusal=_unfinished(name))]
        if not stat.S_ISREG(status.st_mode):
            return [Input(name, file.path, byte_count=status.st_size)]
        if is_archive(file.path):
            return _members(name, file.path, status.st_size, left_aside)
        # A file of records without a line is read like any empty document, so that it says so.
        return _records(name, file.path, status.st_size) or [Input(name, file.path, byte_count=status.st_size)]
    except OSError as error:
        return [Input(name, file.path, refusal=unreachable(name, error.errno))]


def _records(name: str, path: Path, byte_count: int) -> list[Input]:
    """The records of a file, none when it is no file of records."""
    suffix = path.suffix.lower()
    if suffix in RECORD_SUFFIXES and is_indented(path):
        return [Input(name, path, "record", byte_count)]
    if suffix in RECORD_SUFFIXES:
        return [
            Input(f"{name}:{line.number}", path, "record", line.byte_count, line.number, line.offset)
            for line in find_lines(path)
        ]
    objects = find_objects(path) if suffix == ".json" else []
    names = [name] if len(objects) == 1 else [f"{name}#{entry.number}" for entry in objects]
    return [
        Input(called, path, "record", entry.byte_count, entry.number, entry.offset)
        for called, entry in zip(names, objects, strict=True)
    ]


def _members(name: str, path: Path, byte_count: int, left_aside: list[str]) -> list[Input]:
    """The files of an archive; the archive itself, with the reason, when it cannot be listed."""
    try:
        listing = list_archive(path, name)
    except FundPerfError as error:
        return [Input(name, path, byte_count=byte_count, refusal=error)]
    left_aside.extend(f"{name}/{left}" for left in listing.left_aside)
    return [_member(f"{name}/{member.name}", path, member) for member in listing.members]


def _member(name: str, path: Path, member: Member) -> Input:
    inner = Path(member.name)
    refusal = member.refusal
    if refusal is None and is_unfinished_download(inner.name):
        refusal = _unfinished(name)
    if refusal is None and (is_manifest(inner) or inner.suffix.lower() in RECORD_SUFFIXES):
        refusal = DocumentError(
            "unpack_first",
            zh=f"{name}：压缩包内的记录文件和清单不会被读取。请解压后导入整个文件夹。",
            en=f"{name}: records and manifests are not read from inside an archive. Unpack it and load the folder.",
        )
    return Input(name, path, byte_count=member.byte_count, member=member.positions, refusal=refusal)


def _unfinished(name: str) -> DocumentError:
    return DocumentError(
        "unfinished_download",
        zh=f"{name}：这是未下载完成的临时文件。请重新下载完整文件后再导入。",
        en=f"{name}: this is a download that was not completed. Download the file again, then load it.",
    )
