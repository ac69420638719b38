"""Rows of values whose columns a legend names: `改造小区数　5个　5个` with `（以上依次为指标、目标值、完成值）`.

The legend stands below the rows (以上依次为…), above them (以下依次为…), or is a line of headings above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from ingest.extraction.indicators.named_values import bare_name
from ingest.extraction.indicators.stated import SIDES, Stated
from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon

_LEGEND = re.compile(r"(?:依次|顺序|分别|次序|格式)(?:对应|列示)?(?:的?是|为|[:：])+(?P<columns>[^。）)]+)")
_NO_LEGEND = re.compile(r"\d|。.")
_ABOVE = ("以上", "上述", "上列")
_BETWEEN_COLUMNS = re.compile(r"\s*[、,，/／|｜;；和及—\-－]\s*|\s+")
_BETWEEN_CELLS = (re.compile(r"\s*[|｜]\s*|\s{2,}|[\t\u3000]+"), re.compile(r"\s+"))
_NAME = "name"
_FEWEST_COLUMNS = 3
_LONGEST_ROW = 80


def read_legend_rows(report: ReportSource) -> dict[int, list[Stated]]:
    """The indicators of rows with a legend, by the offset of the row's passage; the legend itself states none."""
    passages = report.outline.passages
    legends = {
        place: legend
        for place, passage in enumerate(passages)
        if (legend := _legend(passage.text, report.lexicon)) is not None
    }
    found: dict[int, list[Stated]] = {}
    for place, (columns, is_below) in legends.items():
        others = range(place - 1, -1, -1) if is_below else range(place + 1, len(passages))
        rows = list(_rows((passages[other] for other in takewhile(lambda at: at not in legends, others)), len(columns)))
        if rows:
            found[passages[place].start] = []
            found.update((row.start, [_stated(row, columns)]) for row in rows)
    return found


def _legend(text: str, lexicon: Lexicon) -> tuple[list[str], bool] | None:
    """The columns that a line names, and whether it stands below its rows."""
    if len(text) > _LONGEST_ROW or _NO_LEGEND.search(text):
        return None
    legend = _LEGEND.search(text)
    names = _BETWEEN_COLUMNS.split(legend["columns"].strip()) if legend is not None else _cells(text)
    columns = [_column(name, lexicon) for name in names]
    known = [column for column in columns if column is not None]
    if len(known) < max(_FEWEST_COLUMNS, len(columns)) or _NAME not in known or not set(SIDES) & set(known):
        return None
    return known, legend is not None and any(word in text[: legend.start()] for word in _ABOVE)


def _column(text: str, lexicon: Lexicon) -> str | None:
    if lexicon.canonical("indicator_column", text) is not None:
        return _NAME
    return lexicon.canonical("column", text) or lexicon.canonical("prose_column", text)


def _rows(passages: Iterable[Passage], width: int) -> Iterator[Passage]:
    """The passages next to a legend that have as many cells as it has columns."""
    for passage in passages:
        if len(passage.text) > _LONGEST_ROW or len(_cells(passage.text)) != width:
            return
        yield passage


def _cells(text: str) -> list[str]:
    """The cells of a line, parted by bars or wide gaps if there are any, else by single spaces."""
    wide, narrow = (pattern.split(text.strip()) for pattern in _BETWEEN_CELLS)
    return wide if len(wide) > 1 else narrow


def _stated(row: Passage, columns: list[str]) -> Stated:
    values = dict(zip(columns, _cells(row.text), strict=True))
    name = bare_name(values.pop(_NAME))
    return Stated(name, 0, len(row.text), {key: value for key, value in values.items() if value}, is_labelled=True)
