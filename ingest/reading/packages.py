"""Parts of a ZIP package (docx, xlsx, ofd), with limits that hold against packages made to exhaust a machine."""

from __future__ import annotations

import io
import zipfile
from typing import IO

from lxml import etree

from ingest.reading.failures import damaged_file, password_protected, too_large
from ingest.zip_files import BROKEN, IS_ENCRYPTED

LARGEST_PACKAGE = 200 * 2**20
"""Bytes that the parts of one package may have together once inflated."""
LARGEST_RATIO = 400
"""How many times larger than the file its inflated parts may be; real forms stay below 60."""
_RATIO_COUNTS_FROM = 4 * 2**20
_CHUNK = 2**18
# The file is in memory: an OSError comes from a decompressor.
_BROKEN = (*BROKEN, OSError)


class Package:
    """A ZIP package in memory. Sizes are counted while inflating; what the headers claim is not believed.

    Args:
        data: the file's bytes.
        file_name: the document, for errors.
        format_name: what the package is, for errors.

    Raises:
        DocumentError: `damaged_file`, the directory of the package cannot be read.
    """

    def __init__(self, data: bytes, file_name: str, format_name: str) -> None:
        self.file_name = file_name
        self.format_name = format_name
        self._size = len(data)
        self._inflated = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise damaged_file(file_name, format_name) from error
        self._names = {_key(info.filename): info for info in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            DocumentError: `damaged_file`, `password_protected` or `too_large`.
        """
        info = self._names.get(_key(name))
        if info is None:
            raise damaged_file(self.file_name, self.format_name, name)
        if info.flag_bits & IS_ENCRYPTED:
            raise password_protected(self.file_name, self.format_name)
        try:
            with self._zip.open(info) as part:
                return self._inflate(part)
        except _BROKEN as error:
            raise damaged_file(self.file_name, self.format_name, name) from error

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML part.

        Raises:
            DocumentError: as `read`, and `damaged_file` for what is not well-formed or brings a document type.
        """
        return parse_xml(self.read(name), self.file_name, self.format_name, name)

    def _inflate(self, part: IO[bytes]) -> bytes:
        chunks = []
        while chunk := part.read(_CHUNK):
            self._inflated += len(chunk)
            if self._inflated > LARGEST_PACKAGE:
                raise too_large(
                    self.file_name, zh="解压后的大小", en="the inflated size is", limit=f"{LARGEST_PACKAGE >> 20} MiB"
                )
            if self._inflated > max(_RATIO_COUNTS_FROM, LARGEST_RATIO * self._size):
                raise too_large(self.file_name, zh="压缩比", en="the compression ratio is", limit=f"{LARGEST_RATIO}:1")
            chunks.append(chunk)
        return b"".join(chunks)


def parse_xml(data: bytes, file_name: str, format_name: str, place: str) -> etree._Element:
    """The root of an XML text. Entities are never resolved and nothing is fetched.

    Raises:
        DocumentError: `damaged_file`, it is not well-formed, too deep or too long for one node, or has a document type,
            which no office format has.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged_file(file_name, format_name, place) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged_file(file_name, format_name, place)
    return root


def part_names(data: bytes) -> frozenset[str]:
    """The names, in small letters, of the parts of a ZIP file; none when its directory cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return frozenset(map(_key, package.namelist()))
    except _BROKEN:
        return frozenset()


def whole_number(text: str | None, default: int) -> int:
    """An attribute as a whole number; `default` for one that is missing or none."""
    return int(text) if text and text.isdecimal() else default


def _key(name: str) -> str:
    """One spelling of a part's name: some writers use backslashes, some begin names with a slash."""
    return name.replace("\\", "/").lstrip("/").lower()
