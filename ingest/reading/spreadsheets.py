"""Workbooks → Document: .xlsx from its parts, .xls and .et through calamine with the number formats of the stream."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from lxml import etree

from ingest.reading.building import DocumentBuilder
from ingest.reading.compound import CompoundFile
from ingest.reading.document import Document
from ingest.reading.excel97 import cell_formats, largest_area, needs_password
from ingest.reading.failures import damaged_file, password_protected, too_large
from ingest.reading.number_formats import BUILT_IN, GENERAL, display, is_date_format, plain
from ingest.reading.packages import Package, whole_number
from ingest.reading.sheets import Position, Sheet, contents

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
MOST_CELLS = 4_000_000
"""Of the area between the first and the last cell of a sheet, empty ones included."""
_NAME, _NAME_97 = "Excel", "Excel 97"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OFFICE_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# Written for what does not fit into XML text.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY_ZERO = datetime(1899, 12, 30)


def read_xlsx(data: bytes, file_name: str) -> Document:
    """Read a workbook, sheet after sheet, numbers as they are shown. Hidden sheets are not read.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    package = Package(data, file_name, _NAME)
    book = _Workbook(package)
    builder = DocumentBuilder(data, file_name, XLSX)
    for part in book.shown_sheets():
        builder.add_all(contents(book.sheet(part), file_name))
    return builder.build()


def read_xls(data: bytes, file_name: str) -> Document:
    """Read an Excel 97 workbook (.xls, .et). Hidden sheets are not read.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    builder = DocumentBuilder(data, file_name, XLS)
    streams = CompoundFile(data, file_name)
    stream = streams.stream("Workbook" if "Workbook" in streams.names else "Book")
    if needs_password(stream):
        raise password_protected(file_name, _NAME_97)
    # Before the library makes room for all of them.
    if largest_area(stream) > MOST_CELLS:
        raise too_large(file_name, zh="工作表格数", en="a worksheet has cells", limit=f"{MOST_CELLS:,}")
    formats = cell_formats(stream)
    for sheet in _sheets_of_calamine(data, file_name, formats):
        builder.add_all(contents(sheet, file_name))
    return builder.build()


def _sheets_of_calamine(data: bytes, file_name: str, formats: dict[tuple[int, int, int], str]) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_object(io.BytesIO(data))
        for index, metadata in enumerate(book.sheets_metadata):
            if metadata.typ != SheetTypeEnum.WorkSheet or metadata.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_index(index)
            top, left = sheet.start or (0, 0)
            texts = {
                (top + row, left + column): _text(value, formats.get((index, top + row, left + column), GENERAL))
                for row, values in enumerate(sheet.to_python())
                for column, value in enumerate(values)
                if value != ""
            }
            yield Sheet(texts, sheet.merged_cell_ranges or ())
    except CalamineError as error:
        raise damaged_file(file_name, _NAME_97) from error
    except BaseException as error:
        # A panic of the library is no ordinary exception, so that nobody catches it by accident.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged_file(file_name, _NAME_97) from error


def _text(value: object, code: str) -> str:
    """A value of calamine as the format shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return display(value, code)
    if isinstance(value, datetime):
        return display((value - _DAY_ZERO) / timedelta(days=1), code if is_date_format(code) else BUILT_IN[14])
    if isinstance(value, date):
        return _text(datetime(value.year, value.month, value.day), code)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return display(value / timedelta(days=1), code)
    return str(value)


class _Workbook:
    """The parts of an .xlsx package that say what its sheets show."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.xml("xl/workbook.xml")
        self._s = self._root.tag.removesuffix("workbook")
        self._links = self._read_links()
        self._strings = self._read_strings()
        self._formats = self._read_formats()
        properties = self._root.find(f"{self._s}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def shown_sheets(self) -> list[str]:
        """The parts of the sheets that are shown, in the order of the book."""
        sheets = self._root.iterfind(f"{self._s}sheets/{self._s}sheet")
        names = [
            self._links.get(str(sheet.get(_OFFICE) or sheet.get(_OFFICE_STRICT)))
            for sheet in sheets
            if sheet.get("state", "visible") == "visible"
        ]
        return [name for name in names if name is not None and "/worksheets/" in name]

    def sheet(self, part: str) -> Sheet:
        """One sheet as shown."""
        root = self._package.xml(part)
        s = root.tag.removesuffix("worksheet")
        texts: dict[Position, str] = {}
        row_number = -1
        for row in root.iter(f"{s}row"):
            row_number = whole_number(row.get("r"), row_number + 2) - 1
            column = -1
            for cell in row:
                place = _REFERENCE.match(cell.get("r") or "")
                column = _column(place[1]) if place else column + 1
                text = self._cell_text(cell, s) if len(cell) else ""
                if text:
                    texts[row_number, column] = text
        merged = [_range(node.get("ref") or "") for node in root.iter(f"{s}mergeCell")]
        return Sheet(texts, [found for found in merged if found is not None])

    def _cell_text(self, cell: etree._Element, s: str) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _rich_text(cell.find(f"{s}is"), s)
        node = cell.find(f"{s}v")
        value = (node.text or "") if node is not None else ""
        if kind == "s":
            index = whole_number(value, -1)
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind in ("str", "e"):
            return _unescape(value)
        if kind == "d":
            return value
        return self._number(value, whole_number(cell.get("s"), 0))

    def _number(self, value: str, style: int) -> str:
        try:
            number = float(value)
        except ValueError:
            return value
        code = self._formats[style] if style < len(self._formats) else GENERAL
        return display(number, code, from_1904=self._from_1904) if code != GENERAL else plain(number)

    def _read_links(self) -> dict[str, str]:
        links = {}
        for link in self._package.xml("xl/_rels/workbook.xml.rels"):
            target = str(link.get("Target"))
            # Relative to the workbook unless it begins with a slash.
            name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            links[str(link.get("Id"))] = name
        return links

    def _read_strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._package:
            return []
        root = self._package.xml("xl/sharedStrings.xml")
        s = root.tag.removesuffix("sst")
        return [_rich_text(item, s) for item in root.iterfind(f"{s}si")]

    def _read_formats(self) -> list[str]:
        if "xl/styles.xml" not in self._package:
            return []
        root = self._package.xml("xl/styles.xml")
        s = root.tag.removesuffix("styleSheet")
        codes = dict(BUILT_IN)
        for node in root.iter(f"{s}numFmt"):
            codes[whole_number(node.get("numFmtId"), -1)] = node.get("formatCode") or GENERAL
        return [
            codes.get(whole_number(style.get("numFmtId"), 0), GENERAL) for style in root.iterfind(f"{s}cellXfs/{s}xf")
        ]


def _rich_text(node: etree._Element | None, s: str) -> str:
    """The text of a string with or without runs; the reading aid above it (`rPh`) is no part of it."""
    if node is None:
        return ""
    pieces = [*node.iterfind(f"{s}t"), *node.iterfind(f"{s}r/{s}t")]
    return _unescape("".join(piece.text or "" for piece in pieces))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _range(reference: str) -> tuple[Position, Position] | None:
    places = _REFERENCE.findall(reference)
    if len(places) != 2:
        return None
    (left, top), (right, bottom) = places
    return (int(top) - 1, _column(left)), (int(bottom) - 1, _column(right))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
