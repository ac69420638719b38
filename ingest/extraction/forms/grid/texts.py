"""The free texts of a form (目标, 完成情况, 存在问题): beside their label or below it."""

from __future__ import annotations

from itertools import pairwise

from ingest.extraction.forms import labels
from ingest.extraction.forms.grid.table import GridTable
from ingest.extraction.forms.rows import Piece
from ingest.reading.document import Cell


class TextReader:
    """Collects texts by section; `read` takes the rows in order."""

    def __init__(self, table: GridTable) -> None:
        self._table = table
        self._columns: dict[int, str] = {}
        self.texts: list[tuple[str, Piece]] = []

    def read(self, cells: list[Cell], *, is_below_indicators: bool) -> bool:
        """Take a row of labels, or the row of texts below them; False for any other row."""
        sections = {cell.column: section for cell in cells if (section := self._section(cell)) is not None}
        # Below the indicators a text's label stands in the first column.
        if is_below_indicators and 0 not in sections:
            return False
        if self._columns and not sections:
            for cell in cells:
                if cell.column in self._columns:
                    self._add(self._columns[cell.column], cell)
            self._columns = {}
            return True
        if set(sections.values()) >= {"goal", "goal_result"} or len(cells) == len(sections):
            self._columns = sections
        for cell, following in pairwise(cells):
            if cell.column in sections and following.column not in sections:
                self._add(sections[cell.column], following)
                self._columns = {}
        return bool(sections)

    def _section(self, cell: Cell) -> str | None:
        return labels.text_section(self._table.text(cell), self._table.lexicon)

    def _add(self, section: str, cell: Cell) -> None:
        value = self._table.value(cell)
        says_nothing = self._table.lexicon.canonical("form_empty_text", self._table.text(cell)) is not None
        # That there are no problems is a statement; 无 in the other boxes says nothing.
        if value is not None and (not says_nothing or section == "problem"):
            self.texts.append((section, value))
