"""Zip archives: which files they hold, and the bytes of one of them. Nothing is ever written to the disk.

An archive is a zip that is no document itself (docx, xlsx, ofd and their kin are zips too). What an archive says about
itself is not believed: names are made harmless, and sizes are measured while a member is inflated.
"""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from ingest.errors import DocumentError, FundPerfError
from ingest.litter import is_hidden, is_litter
from ingest.record_files import too_large
from ingest.zip_files import BROKEN, IS_ENCRYPTED, SIGNATURES

MAX_MEMBERS = 10_000
"""Most files that an archive may hold, those of archives inside it included."""
MAX_TOTAL_BYTES = 4 * 1024**3
"""Most bytes that all files of an archive may have together, uncompressed."""
MAX_RATIO = 500
"""Largest size of a member after inflating ÷ before; text and office files stay far below."""
MAX_DEPTH = 3
"""How many archives may lie inside one another."""
MAX_NESTED_BYTES = 64 * 1024**2
"""Size above which an archive inside an archive is not opened, in bytes: it is held in memory."""

# One of these names makes a zip a document: Office, OFD, OpenDocument and electronic books.
_PACKAGE_PARTS = frozenset(
    {"[content_types].xml", "word/document.xml", "xl/workbook.xml", "ofd.xml", "mimetype", "meta-inf/container.xml"}
)
_MOST_DIRECTORY_BYTES = 16 * 1024**2
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 65_535
_BLOCK_BYTES = 256 * 1024
# Small members may be as repetitive as they like.
_RATIO_COUNTS_FROM_BYTES = 1024**2
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive.

    `name` is its path inside the archive, with `/`, never absolute and never upwards. `positions` says where it stands
    in the directory of each archive, the outermost first. `refusal` is why it must not be read.
    """

    name: str
    positions: tuple[int, ...]
    byte_count: int
    refusal: FundPerfError | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive holds: files that are inputs, and names of files that systems left there."""

    members: list[Member]
    left_aside: list[str]


def is_archive(path: Path) -> bool:
    """Whether the file is a zip that is no document. A damaged zip is an archive when it is called one.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as handle:
        if handle.read(4) not in SIGNATURES:
            return False
        try:
            with zipfile.ZipFile(_bounded(handle, path.name)) as opened:
                return not _is_package(opened)
        except (*BROKEN, DocumentError):
            return path.suffix.lower() == ".zip"


def list_archive(path: Path, name: str) -> Listing:
    """The files of an archive and of the archives inside it, in the order of its directory.

    Args:
        path: a file for which `is_archive` holds.
        name: what messages call it.

    Raises:
        DocumentError: it is damaged, empty or a bomb; nothing of it can be read.
        OSError: the file cannot be read.
    """
    lister = _Lister(name)
    with path.open("rb") as handle, _open(handle, name) as opened:
        try:
            members = list(lister.walk(opened))
        except BROKEN as error:
            raise _damaged(name) from error
    if not members:
        raise _empty(name)
    return Listing(_told_apart(members), lister.left_aside)


class ArchiveReader:
    """Reads members of archives one after the other; the archive used last stays open."""

    def __init__(self) -> None:
        self._key: tuple[Path, tuple[int, ...]] | None = None
        self._archive: zipfile.ZipFile | None = None
        self._opened = ExitStack()

    def read(self, path: Path, positions: tuple[int, ...], name: str, max_bytes: int) -> bytes:
        """The bytes of a member.

        Args:
            path: the archive.
            positions: where the member stands (`Member.positions`).
            name: what messages call it.
            max_bytes: larger members are not read.

        Raises:
            DocumentError: the member is protected, damaged, too large or a bomb.
            OSError: the archive cannot be read.
        """
        archive = self._open(path, positions[:-1], name)
        return _inflate(archive, _info(archive, positions[-1], name), name, max_bytes)

    def close(self) -> None:
        """Let go of the archive that is open."""
        self._key = self._archive = None
        self._opened.close()

    def _open(self, path: Path, outer: tuple[int, ...], name: str) -> zipfile.ZipFile:
        if self._archive is not None and self._key == (path, outer):
            return self._archive
        self.close()
        archive = self._opened.enter_context(_open(self._opened.enter_context(path.open("rb")), name))
        for position in outer:
            data = _inflate(archive, _info(archive, position, name), name, MAX_NESTED_BYTES)
            archive = self._opened.enter_context(_open(io.BytesIO(data), name))
        self._key, self._archive = (path, outer), archive
        return archive


class _Lister:
    """Goes through the directory of an archive and of those inside it, and stops where there is too much of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._n_files = 0
        self._total_bytes = 0
        self.left_aside: list[str] = []

    def walk(self, archive: zipfile.ZipFile, prefix: str = "", outer: tuple[int, ...] = ()) -> Iterator[Member]:
        """The files of an archive that lies at the place `outer` and whose files are called `prefix` + their name."""
        for position, info in enumerate(archive.infolist()):
            # A damaged directory may name a file nothing at all.
            if info.filename.endswith("/"):
                continue
            self._count(info)
            member = Member(prefix + _harmless(_decoded_name(info)), (*outer, position), info.file_size)
            parts = member.name.split("/")
            if any(map(is_litter, parts)):
                self.left_aside.append(member.name)
            elif any(map(is_hidden, parts)):
                continue
            elif member.name.lower().endswith(".zip"):
                yield from self._walk_nested(archive, info, member)
            else:
                yield member

    def _count(self, info: zipfile.ZipInfo) -> None:
        self._n_files += 1
        self._total_bytes += info.file_size
        if self._n_files > MAX_MEMBERS:
            raise _too_many_files(self._name, _ArchiveBombError)
        if self._total_bytes > MAX_TOTAL_BYTES:
            limit = f"{MAX_TOTAL_BYTES / 1024**3:g} GiB"
            raise _bomb(
                self._name, _ArchiveBombError, zh=f"解压后超过 {limit}", en=f"it would inflate to more than {limit}"
            )

    def _walk_nested(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member) -> Iterator[Member]:
        """The files of an archive in an archive; itself, when it is a document, no zip at all, or cannot be listed."""
        name = f"{self._name}/{member.name}"
        try:
            data = _inflate(archive, info, name, MAX_NESTED_BYTES)
            if not data.startswith(SIGNATURES):
                yield member
                return
            with _open(io.BytesIO(data), name) as opened:
                yield from [member] if _is_package(opened) else self._members_of(opened, member, name)
        except _ArchiveBombError:
            # It is the outermost archive that is too much.
            raise
        except DocumentError as error:
            yield replace(member, refusal=error)

    def _members_of(self, archive: zipfile.ZipFile, member: Member, name: str) -> list[Member]:
        if len(member.positions) >= MAX_DEPTH:
            raise _bomb(
                name,
                zh=f"压缩包嵌套超过 {MAX_DEPTH} 层",
                en=f"archives lie inside one another more than {MAX_DEPTH} deep",
            )
        found = list(self.walk(archive, f"{member.name}/", member.positions))
        if not found:
            raise _empty(name)
        return found


class _ArchiveBombError(DocumentError):
    """The archive as a whole holds too much."""


def _open(handle: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(_bounded(handle, name))
    except BROKEN as error:
        raise _damaged(name) from error


def _bounded(handle: IO[bytes], name: str) -> IO[bytes]:
    """The file itself, unless its directory is so long that reading it would fill the memory."""
    size = handle.seek(0, io.SEEK_END)
    handle.seek(max(0, size - _LONGEST_COMMENT - _END_OF_DIRECTORY.size))
    tail = handle.read()
    handle.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place >= 0 and len(tail) - place >= _END_OF_DIRECTORY.size:
        directory_bytes = _END_OF_DIRECTORY.unpack_from(tail, place)[5]
        if directory_bytes > _MOST_DIRECTORY_BYTES:
            raise _too_many_files(name)
    return handle


def _is_package(archive: zipfile.ZipFile) -> bool:
    return not _PACKAGE_PARTS.isdisjoint(map(str.lower, archive.namelist()))


def _info(archive: zipfile.ZipFile, position: int, name: str) -> zipfile.ZipInfo:
    # The archive may have been replaced since it was listed.
    try:
        return archive.infolist()[position]
    except IndexError:
        raise _damaged(name) from None


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, max_bytes: int) -> bytes:
    if info.flag_bits & IS_ENCRYPTED:
        raise DocumentError(
            "password_protected",
            zh=f"{name}：压缩包内的该文件有密码保护。请解除密码后重新导入。",
            en=f"{name}: this file of the archive is protected by a password. Remove the password and load it again.",
        )
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as stream:
            while part := stream.read(_BLOCK_BYTES):
                parts.append(part)
                size += len(part)
                _check_size(size, info, name, max_bytes)
    except NotImplementedError as error:
        raise DocumentError(
            "unsupported_compression",
            zh=f"{name}：压缩方式不受支持。请解压后重新导入。",
            en=f"{name}: this way of compressing is not supported. Unpack the archive and load the files.",
        ) from error
    except BROKEN as error:
        raise _damaged(name) from error
    except OSError as error:
        # Without a number it comes from the decompressor, not from the disk.
        if error.errno is not None:
            raise
        raise _damaged(name) from error
    if size != info.file_size:
        raise _damaged(name)
    return b"".join(parts)


def _check_size(size: int, info: zipfile.ZipInfo, name: str, max_bytes: int) -> None:
    if size >= _RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * info.compress_size:
        raise _bomb(
            name, zh=f"解压后体积超过压缩前的 {MAX_RATIO} 倍", en=f"it inflates to more than {MAX_RATIO} times its size"
        )
    if size > max_bytes:
        raise too_large(name, max(size, info.file_size), max_bytes)


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: archives from China often have GB18030 names without saying so."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    raw = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_mostly_common_chinese(decoded):
            return decoded
    return name


def _is_mostly_common_chinese(text: str) -> bool:
    # Accented letters of other languages, read as Chinese, give rare characters.
    wide = [character for character in text if not character.isascii()]
    common = sum(bool(character.encode("gb2312", "ignore")) for character in wide)
    return common * 2 >= len(wide)


def _harmless(name: str) -> str:
    """A relative path without steps upwards, drive or control characters."""
    plain = "".join("\ufffd" if unicodedata.category(character) == "Cc" else character for character in name)
    parts = plain.replace("\\", "/").split("/")
    kept = [part for part in parts if part not in {"", ".", ".."} and not (len(part) == 2 and part[1] == ":")]
    return "/".join(kept) or "\ufffd"


def _told_apart(members: list[Member]) -> list[Member]:
    """The members with a number in front of the file's name where an archive has a name twice."""
    seen: Counter[str] = Counter()
    found: list[Member] = []
    for member in members:
        seen[member.name] += 1
        if seen[member.name] > 1:
            folder, slash, file_name = member.name.rpartition("/")
            member = replace(member, name=f"{folder}{slash}#{seen[member.name]}/{file_name}")
        found.append(member)
    return found


def _empty(name: str) -> DocumentError:
    return DocumentError(
        "empty_archive",
        zh=f"{name}：压缩包内没有文件。请向发布单位索取完整的压缩包。",
        en=f"{name}: there is no file in the archive. Ask the publishing unit for the complete archive.",
    )


def _damaged(name: str) -> DocumentError:
    return DocumentError(
        "damaged_file",
        zh=f"{name}：压缩包已损坏，无法解压。请重新下载后再导入。",
        en=f"{name}: the archive is damaged and cannot be unpacked. Download it again, then load it.",
    )


def _too_many_files(name: str, kind: type[DocumentError] = DocumentError) -> DocumentError:
    return _bomb(name, kind, zh=f"文件超过 {MAX_MEMBERS} 个", en=f"it holds more than {MAX_MEMBERS} files")


def _bomb(name: str, kind: type[DocumentError] = DocumentError, *, zh: str, en: str) -> DocumentError:
    return kind(
        "archive_bomb",
        zh=f"{name}：{zh}，未解压。如确需导入，请自行解压后导入其中的文件。",
        en=f"{name}: {en}; it was not unpacked. If you trust it, unpack it and load the files.",
    )
