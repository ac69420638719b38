"""Renderings that keep the table: the grid itself, a web page, a Word file, a workbook."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

import xlsxwriter

from ingest.reading import read_document
from ingest.reading.building import DocumentBuilder, Table, TableCell
from ingest.reading.document import Document
from tests.support.forms import GeneratedDocument, GeneratedForm
from tests.support.forms.tables import FormCell, FormTable, PlacedCell

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def as_grid(document: GeneratedDocument) -> Document:
    """Straight through the builder, without a file."""
    builder = DocumentBuilder(f"{document.layout} {document.seed}".encode(), "form.docx", "application/x-form")
    builder.add_paragraph("\n".join(document.furniture))
    for form in document.forms:
        builder.add_paragraph("\n".join(form.lines_above))
        builder.add_table(grid_of(form.table.placed()))
        builder.add_paragraph("\n".join(form.lines_below))
    return builder.build()


def grid_of(places: Iterable[PlacedCell]) -> Table:
    """Placed cells as readers hand them to the builder."""
    cells = []
    for place in places:
        cell = place.cell
        texts = [cell.text] if cell.text else []
        cells.append(TableCell(place.row, place.column, texts, cell.down, cell.across))
    return Table(cells)


def as_html(document: GeneratedDocument) -> Document:
    """A web page with `rowspan` and `colspan`."""
    body = "".join(_paragraph(line) for line in document.furniture)
    for form in document.forms:
        body += "".join(_paragraph(line) for line in form.lines_above)
        body += f"<table>{''.join(map(_html_row, form.table.rows))}</table>"
        body += "".join(_paragraph(line) for line in form.lines_below)
    page = f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'
    return read_document(page.encode(), "form.html")


def _paragraph(line: str) -> str:
    return f"<p>{escape(line)}</p>"


def _html_row(row: Sequence[FormCell]) -> str:
    cells = (
        f'<td colspan="{cell.across}" rowspan="{cell.down}">{escape(cell.text).replace(chr(10), "<br>")}</td>'
        for cell in row
    )
    return f"<tr>{''.join(cells)}</tr>"


def as_docx(document: GeneratedDocument) -> Document:
    """A Word file with `gridSpan` and `vMerge`."""
    body = "".join(_word_paragraph(line) for line in document.furniture)
    for form in document.forms:
        body += "".join(_word_paragraph(line) for line in form.lines_above)
        body += _word_table(form.table)
        body += "".join(_word_paragraph(line) for line in form.lines_below)
    content = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr("word/document.xml", content)
    return read_document(buffer.getvalue(), "form.docx")


def _word_paragraph(text: str) -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def _word_table(table: FormTable) -> str:
    """Word repeats a merged cell, empty, in every row that it reaches down to."""
    rows: dict[int, list[tuple[int, str]]] = {number: [] for number in range(len(table.rows))}
    for place in table.placed():
        for number in range(place.row, min(place.row + place.cell.down, len(table.rows))):
            merge = ""
            if place.cell.down > 1:
                merge = '<w:vMerge w:val="restart"/>' if number == place.row else "<w:vMerge/>"
            text = place.cell.text if number == place.row else ""
            properties = f'<w:tcPr><w:gridSpan w:val="{place.cell.across}"/>{merge}</w:tcPr>'
            rows[number].append((place.column, f"<w:tc>{properties}{_word_paragraph(text)}</w:tc>"))
    grid = '<w:gridCol w:w="900"/>' * table.width
    body = "".join(f"<w:tr>{''.join(cell for _, cell in sorted(cells))}</w:tr>" for cells in rows.values())
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def as_xlsx(document: GeneratedDocument) -> Document:
    """A workbook: the lines above the table are merged rows, every form is a sheet of its own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        for number, form in enumerate(document.forms, start=1):
            sheet = workbook.add_worksheet(f"Sheet{number}")
            row = 0
            for line in (*(document.furniture if number == 1 else ()), *form.lines_above):
                sheet.merge_range(row, 0, row, form.table.width - 1, line)
                row += 1
            _fill_sheet(sheet, form, row)
    return read_document(buffer.getvalue(), "form.xlsx")


def _fill_sheet(sheet: xlsxwriter.worksheet.Worksheet, form: GeneratedForm, first: int) -> None:
    for place in form.table.placed():
        row, cell = first + place.row, place.cell
        if cell.across > 1 or cell.down > 1:
            last = row + cell.down - 1, place.column + cell.across - 1
            sheet.merge_range(row, place.column, *last, "")
        # A text that begins with = is no formula.
        sheet.write_string(row, place.column, cell.text)


FILES: Mapping[str, Callable[[GeneratedDocument], Document]] = {
    "grid": as_grid,
    "html": as_html,
    "docx": as_docx,
    "xlsx": as_xlsx,
}
"""Every rendering that keeps the table, by name."""
