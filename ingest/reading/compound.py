"""The streams of a compound file (OLE2), the container of Word 97, Excel 97 and WPS files."""

from __future__ import annotations

import struct

from ingest.errors import DocumentError
from ingest.reading.failures import damaged_file

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_REGULAR = 0xFFFFFFFA
_ENTRY = 128
_STREAM = 2
_ROOT = 5
_HEADER_DIFAT = 109


class CompoundFile:
    """Names and bytes of the streams of a compound file. Storages are not told apart: streams go by their own name.

    Raises:
        DocumentError: `damaged_file`.
    """

    def __init__(self, data: bytes, file_name: str) -> None:
        self._data = data
        self._file_name = file_name
        try:
            self._read_header()
            self._fat = self._read_fat()
            self._entries = self._read_directory()
            self._small_fat = self._read_small_fat()
        except (struct.error, IndexError) as error:
            raise self._damaged() from error

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams."""
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream.

        Raises:
            DocumentError: `damaged_file`, the stream is missing or its chain is broken.
        """
        if name not in self._entries:
            raise self._damaged()
        start, size = self._entries[name]
        if size >= self._small_limit:
            return self._chain(start)[:size]
        sectors = self._follow(start, self._small_fat)
        container = self._chain(self._root_start)
        step = self._small_size
        return b"".join(container[sector * step : (sector + 1) * step] for sector in sectors)[:size]

    def _read_header(self) -> None:
        shift, small_shift = struct.unpack_from("<HH", self._data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise self._damaged()
        self._size, self._small_size = 1 << shift, 1 << small_shift
        self._directory_start, _, self._small_limit, self._small_start, _ = struct.unpack_from("<IIIII", self._data, 48)

    def _read_fat(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from(f"<{_HEADER_DIFAT}I", self._data, 76))
        next_sector = struct.unpack_from("<I", self._data, 68)[0]
        seen = set()
        while next_sector < _LAST_REGULAR and next_sector not in seen:
            seen.add(next_sector)
            *more, next_sector = struct.unpack(f"<{self._size // 4}I", self._sector(next_sector))
            sectors.extend(more)
        fat: list[int] = []
        for sector in sectors:
            if sector < _LAST_REGULAR:
                fat.extend(struct.unpack(f"<{self._size // 4}I", self._sector(sector)))
        return tuple(fat)

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        directory = self._chain(self._directory_start)
        entries: dict[str, tuple[int, int]] = {}
        self._root_start = _LAST_REGULAR
        for offset in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, offset + 64)
            start, size = struct.unpack_from("<II", directory, offset + 116)
            if kind == _ROOT:
                self._root_start = start
            elif kind == _STREAM:
                name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
                # The first one is the document's own: embedded objects repeat the names further down.
                entries.setdefault(name, (start, size))
        return entries

    def _read_small_fat(self) -> tuple[int, ...]:
        if self._small_start >= _LAST_REGULAR:
            return ()
        table = self._chain(self._small_start)
        return struct.unpack(f"<{len(table) // 4}I", table)

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(sector) for sector in self._follow(start, self._fat))

    def _follow(self, start: int, table: tuple[int, ...]) -> list[int]:
        sectors: list[int] = []
        while start < _LAST_REGULAR:
            # A chain longer than its table runs in a circle.
            if start >= len(table) or len(sectors) > len(table):
                raise self._damaged()
            sectors.append(start)
            start = table[start]
        return sectors

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        sector = self._data[begin : begin + self._size]
        if not sector:
            raise self._damaged()
        # Some writers leave the last sector short.
        return sector.ljust(self._size, b"\x00")

    def _damaged(self) -> DocumentError:
        return damaged_file(self._file_name, "Office 97")
