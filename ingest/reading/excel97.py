"""The number formats of the cells of an Excel 95/97 stream (BIFF), which say how a number is shown."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ingest.reading.number_formats import BUILT_IN, GENERAL

_BEGIN, _END = 0x0809, 0x000A
_SHEET, _FORMAT, _CELL_STYLE = 0x0085, 0x041E, 0x00E0
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_LABEL, _SHARED_LABEL, _RICH_LABEL, _TRUTH = 0x0204, 0x00FD, 0x00D6, 0x0205
_WITH_VALUE = frozenset({_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA, _LABEL, _SHARED_LABEL, _RICH_LABEL, _TRUTH})
_PASSWORD = 0x002F
_VERSION_8 = 0x0600
_WIDE = 0x01


def cell_formats(stream: bytes) -> dict[tuple[int, int, int], str]:
    """Formats by (sheet, row, column), all counted from 0; cells without a format of their own are left out.

    A stream that is cut short gives what can be read: the formats only refine how values are shown.
    """
    formats, styles = dict(BUILT_IN), []
    version = struct.unpack_from("<H", stream, 4)[0] if len(stream) > 6 else 0
    for kind, body in _records(stream, 0):
        if kind == _FORMAT and len(body) > 4:
            formats[struct.unpack_from("<H", body)[0]] = _format_code(body, version)
        elif kind == _CELL_STYLE and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    shown = [formats.get(style, GENERAL) for style in styles]
    return {
        (sheet, row, column): shown[style]
        for sheet, offset in enumerate(_sheet_offsets(stream))
        for row, column, style in _cells(stream, offset)
        if style < len(shown) and shown[style] != GENERAL
    }


def largest_area(stream: bytes) -> int:
    """The most positions that a sheet has between its first and its last cell, empty ones included."""
    return max((_area(stream, offset) for offset in _sheet_offsets(stream)), default=0)


def _sheet_offsets(stream: bytes) -> list[int]:
    return [
        struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _SHEET and len(body) >= 4
    ]


def _area(stream: bytes, offset: int) -> int:
    cells = [
        struct.unpack_from("<HH", body)
        for kind, body in _records(stream, offset)
        if kind in _WITH_VALUE and len(body) >= 4
    ]
    if not cells:
        return 0
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    area: int = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
    return area


def needs_password(stream: bytes) -> bool:
    """Whether the records behind the first ones are encrypted."""
    return any(kind == _PASSWORD for kind, _ in _records(stream, 0))


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, without the charts within it."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        depth += kind == _BEGIN
        if depth <= 1:
            yield kind, stream[offset + 4 : offset + 4 + size]
        depth -= kind == _END
        if depth <= 0:
            return
        offset += 4 + size


def _format_code(body: bytes, version: int) -> str:
    if version < _VERSION_8:
        return body[3 : 3 + body[2]].decode("gb18030", errors="replace")
    length, flags = struct.unpack_from("<HB", body, 2)
    if flags & _WIDE:
        return body[5 : 5 + 2 * length].decode("utf-16-le", errors="replace")
    return body[5 : 5 + length].decode("latin-1")


def _cells(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    for kind, body in _records(stream, offset):
        if kind in (_NUMBER, _SHORT_NUMBER, _FORMULA) and len(body) >= 6:
            yield struct.unpack_from("<HHH", body)
        elif kind == _SHORT_NUMBERS:
            row, first = struct.unpack_from("<HH", body)
            for index in range((len(body) - 6) // 6):
                yield row, first + index, struct.unpack_from("<H", body, 4 + 6 * index)[0]
