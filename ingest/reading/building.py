"""Puts a document together and makes its offsets; only plain text, whose lines stay as they are, needs no building."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ingest.reading.canonical import canonical_lines
from ingest.reading.document import Block, Cell, Document
from ingest.reading.failures import empty_document, too_large

LARGEST_TABLE = 500_000
"""Positions (rows times columns) of one table; a report's tables have some hundred."""
WIDEST_SPAN = 1000
"""Columns and rows that one cell may claim, as browsers have it."""


@dataclass(slots=True)
class TableCell:
    """A cell as a reader found it: its root position, how far it reaches, and what is in it.

    `content` are its paragraphs and the tables nested in it, in their order.
    """

    row: int
    column: int
    content: Sequence[str | Table] = ()
    row_span: int = 1
    column_span: int = 1
    is_doubtful: bool = False


@dataclass(slots=True)
class Table:
    """A table as a reader found it; positions may have holes and spans may run over each other."""

    cells: list[TableCell] = field(default_factory=list)


class MergedRows:
    """Puts the cells of a Word table together, row by row: a cell may go on in the one below it.

    Args:
        table: where the cells go.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._row = -1
        self._above: dict[int, TableCell] = {}
        self._begun: dict[int, TableCell] = {}

    def begin_row(self) -> None:
        """What follows stands in the next row."""
        self._row += 1
        self._above, self._begun = self._begun, {}

    def add(self, column: int, span: int, merge: str, content: Iterable[str | Table]) -> None:
        """Add a cell that covers `span` columns; `merge` is its part in a vertical merge (`restart`, `continue`, none).

        The content of a cell that continues the one above it is not looked at.
        """
        above = self._above.get(column)
        if merge == "continue" and above is not None and above.column_span == span:
            above.row_span += 1
            self._begun[column] = above
            return
        cell = TableCell(self._row, column, list(content), 1, span)
        self._table.cells.append(cell)
        if merge:
            self._begun[column] = cell


class DocumentBuilder:
    """Collects paragraphs and tables in their order and gives the document.

    Args:
        data: the file's bytes.
        file_name: how the file is called, for the document and for errors.
        media_type: what the bytes were found to be.
    """

    def __init__(self, data: bytes, file_name: str, media_type: str) -> None:
        self._sha256 = hashlib.sha256(data).hexdigest()
        self._file_name = file_name
        self._media_type = media_type
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._doubtful: list[tuple[int, int]] = []
        self._remarks: dict[str, None] = {}

    def add_paragraph(self, text: str, page: int | None = None, *, is_doubtful: bool = False) -> None:
        """Add a paragraph; every line of it becomes a block of its own, empty lines none."""
        for line in canonical_lines(text):
            start = self._write(line)
            self._write("\n")
            self._blocks.append(Block("paragraph", start, start + len(line), page))
            if is_doubtful:
                self._doubtful.append((start, start + len(line)))

    def add_table(self, table: Table, page: int | None = None) -> None:
        """Add a table. What is only a frame around paragraphs or around another table is opened.

        Raises:
            DocumentError: `too_large`.
        """
        if _is_frame(table):
            for cell in table.cells:
                self.add_all(cell.content, page)
            return
        cells = self._settle(table.cells)
        if not any(cell.content for cell in cells):
            return
        if all(cell.column == 0 for cell in cells):
            for cell in cells:
                self.add_paragraph("\n".join(_flat_lines(cell.content)), page, is_doubtful=cell.is_doubtful)
            return
        self._write_table(cells, page)

    def add_all(self, content: Iterable[str | Table], page: int | None = None) -> None:
        """Add paragraphs and tables in their order."""
        for item in content:
            if isinstance(item, Table):
                self.add_table(item, page)
            else:
                self.add_paragraph(item, page)

    def add_remark(self, code: str) -> None:
        """Note what the reader had to put up with."""
        self._remarks[code] = None

    def build(self, page_count: int | None = None) -> Document:
        """The document.

        Raises:
            DocumentError: `empty_document`, nothing was added.
        """
        if not self._blocks:
            raise empty_document(self._file_name)
        return Document(
            sha256=self._sha256,
            file_name=self._file_name,
            media_type=self._media_type,
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            page_count=page_count,
            remarks=tuple(self._remarks),
            doubtful=tuple(self._doubtful),
        )

    def _write(self, text: str) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start

    def _settle(self, cells: list[TableCell]) -> list[TableCell]:
        """Cells in reading order, each position covered once, columns and rows that no cell begins in left out."""
        cells = _close_ranks(cells)
        rows = max((cell.row for cell in cells), default=-1) + 1
        columns = max((cell.column for cell in cells), default=-1) + 1
        if rows * columns > LARGEST_TABLE:
            raise too_large(self._file_name, zh="表格格数", en="a table has cells", limit=f"{LARGEST_TABLE:,}")
        covered: set[tuple[int, int]] = set()
        settled: list[TableCell] = []
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            if (cell.row, cell.column) in covered:
                # Two cells claim one place: the later one's words are kept beside the earlier one's.
                _move_into(settled, cell)
                continue
            settled.append(_clip(cell, rows, columns, covered))
        holes = {(row, column) for row in range(rows) for column in range(columns)} - covered
        settled.extend(TableCell(row, column) for row, column in holes)
        settled.sort(key=lambda cell: (cell.row, cell.column))
        return settled

    def _write_table(self, cells: list[TableCell], page: int | None) -> None:
        start = self._length
        written: list[Cell] = []
        row = 0
        for cell in cells:
            if cell.row > row:
                self._write("\n" * (cell.row - row))
                row = cell.row
            elif written:
                self._write("\t")
            text = "\n".join(_flat_lines(cell.content))
            begin = self._write(text)
            written.append(Cell(cell.row, cell.column, begin, begin + len(text), cell.row_span, cell.column_span))
            if cell.is_doubtful and text:
                self._doubtful.append((begin, begin + len(text)))
        self._write("\n")
        self._blocks.append(Block("table", start, self._length, page, tuple(written)))


def _close_ranks(cells: list[TableCell]) -> list[TableCell]:
    """The cells with rows and columns renumbered so that in each of them some cell begins."""
    rows = {old: new for new, old in enumerate(sorted({cell.row for cell in cells}))}
    columns = {old: new for new, old in enumerate(sorted({cell.column for cell in cells}))}
    if len(rows) == max(rows, default=-1) + 1 and len(columns) == max(columns, default=-1) + 1:
        return cells
    return [
        replace(
            cell,
            row=rows[cell.row],
            column=columns[cell.column],
            row_span=_begun_within(cell.row, cell.row_span, rows),
            column_span=_begun_within(cell.column, cell.column_span, columns),
        )
        for cell in cells
    ]


def _begun_within(start: int, span: int, begun: dict[int, int]) -> int:
    if span == 1:
        return 1
    return sum(start <= old < start + span for old in begun)


def _clip(cell: TableCell, rows: int, columns: int, covered: set[tuple[int, int]]) -> TableCell:
    """The cell cut back to the table and to what is still free; its positions are marked as covered."""
    width = 1
    limit = min(cell.column_span, columns - cell.column)
    while width < limit and (cell.row, cell.column + width) not in covered:
        width += 1
    height = 1
    limit = min(cell.row_span, rows - cell.row)
    reach = range(cell.column, cell.column + width)
    while height < limit and not any((cell.row + height, column) in covered for column in reach):
        height += 1
    covered.update((row, column) for row in range(cell.row, cell.row + height) for column in reach)
    if (height, width) == (cell.row_span, cell.column_span):
        return cell
    return replace(cell, row_span=height, column_span=width)


def _move_into(settled: list[TableCell], cell: TableCell) -> None:
    for index, other in enumerate(settled):
        within_rows = other.row <= cell.row < other.row + other.row_span
        if within_rows and other.column <= cell.column < other.column + other.column_span:
            settled[index] = replace(other, content=[*other.content, *cell.content])
            return


def _is_frame(table: Table) -> bool:
    """A table that is there for the look of the page: most of its words are in tables within it, or a single cell
    holds nearly everything, tables included."""
    if len(table.cells) == 1:
        return True
    nested = _length_within(item for cell in table.cells for item in cell.content if isinstance(item, Table))
    if not nested:
        return False
    whole = _length(table)
    holding = (cell for cell in table.cells if any(isinstance(item, Table) for item in cell.content))
    return 2 * nested >= whole or any(10 * _length_within(cell.content) >= 9 * whole for cell in holding)


def _length(table: Table) -> int:
    return sum(_length_within(cell.content) for cell in table.cells)


def _length_within(content: Iterable[str | Table]) -> int:
    return sum(_length(item) if isinstance(item, Table) else len(item.strip()) for item in content)


def _flat_lines(content: Sequence[str | Table]) -> list[str]:
    """The lines of a cell; a table within it gives a line per row."""
    lines: list[str] = []
    for item in content:
        if isinstance(item, Table):
            lines.extend(_rows_as_lines(item))
        else:
            lines.extend(canonical_lines(item))
    return lines


def _rows_as_lines(table: Table) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        rows.setdefault(cell.row, []).extend(_flat_lines(cell.content))
    return [" ".join(row) for row in rows.values() if row]
