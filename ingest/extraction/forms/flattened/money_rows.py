"""The money block before its numbers have columns: rows of cells, and what is told of rows that stay unread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.pieces import unread_at
from ingest.extraction.forms.flattened.tokens import FormText, Gap, Label
from ingest.extraction.forms.rows import FundingRow, Unread
from ingest.quantities import parse_decimal
from ingest.records import Source

_UNIT = r"(?:亿\s?元|万\s?元|元|万|分)"
# A run of digits with its unit, or the mark of an empty cell; labels' leftovers are none of both.
_VALUE = re.compile(
    rf"(?P<run>\d(?:[\d.,]*\d)?(?:%\d(?:[\d.,]*\d)?)*)(?P<percent>\s?%)?(?P<unit>\s?{_UNIT})?|(?P<blank>[-—－–−]{{1,4}}|[/／\\*])"
)
# 1 200 000.00 in a cell between bars; without bars it would be as many cells.
_SPACED_NUMBER = re.compile(
    r"(?:\d{1,3}(?: \d{3})+|\d+(?= ?\.))(?: ?\. ?\d{1,6})?(?P<percent> ?%)?(?=[ ]*(?:\||$))", re.MULTILINE
)
_BETWEEN = re.compile(r"[\s|]*")
_BARE_CELL = re.compile(r"\|\s*(?=\|)")
_TOTAL_WITH_UNIT = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>亿\s?元|万\s?元|元)")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ITEM = re.compile(r"\. ?[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class MoneyCell:
    """A number or an empty cell behind a label. A `run` may be several numbers run together."""

    start: int
    end: int
    run: str = ""
    unit: str = ""
    is_run: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the cell holds nothing."""
        return not self.run


@dataclass(frozen=True)
class MoneyRow:
    """A row whose cells stand below `columns`, in their order, though some may have vanished.

    `points` are those of the execution row where its heading prints them; columns that are `is_assumed` stand in no
    heading.
    """

    label: Label
    cells: Sequence[MoneyCell]
    columns: tuple[str, ...]
    points: Decimal | None = None
    is_assumed: bool = False

    @cached_property
    def is_total(self) -> bool:
        """Whether the row holds the sums of all sources."""
        return source_of(self.label) == "total"

    @cached_property
    def has_runs(self) -> bool:
        """Whether any cell may be several numbers."""
        return any(cell.is_run for cell in self.cells)


@dataclass(frozen=True, slots=True)
class MoneyBlock:
    """The rows read, and the rows seen and not understood."""

    rows: tuple[FundingRow, ...]
    unread: tuple[Unread, ...]


def source_of(label: Label) -> Source:
    """The source that a row's label names; a heading with its sum beside it tells the total."""
    return cast(Source, label.canonical) if label.role == "form_row" else "total"


def first_number(cells: Sequence[MoneyCell]) -> MoneyCell | None:
    """The first cell that is not empty."""
    return next((cell for cell in cells if not cell.is_blank), None)


def not_told_apart(label: Label, cells: Sequence[MoneyCell]) -> Unread:
    """A row whose numbers could stand in several columns."""
    end = max((cell.end for cell in cells), default=label.end)
    return unread_at("cells_not_told_apart", f"「{label.wording}」一行的数字无法确定各属哪一栏", label.start, end)


def cells_behind(form: FormText, label: Label, limit: int) -> Iterator[MoneyCell]:
    """Numbers and empty cells directly behind a label, up to the first word."""
    place = label.end
    may_run_together = form.gap_before(label.end) == Gap.NONE and form.gap_behind(label.end) == Gap.NONE
    while place < limit:
        between = _BETWEEN.match(form.flat, place, limit)
        gap_end = between.end() if between else place
        for bar in _BARE_CELL.finditer(form.text, place, gap_end):
            yield MoneyCell(bar.end(), bar.end())
        spaced = _spaced_number(form, place, gap_end, limit)
        if spaced is not None:
            yield spaced
            place = spaced.end
            continue
        match = _VALUE.match(form.flat, gap_end, limit)
        if match is None or _goes_on_as_a_word(form.flat, match):
            return
        yield _cell(match, may_run_together)
        place = match.end()


def _spaced_number(form: FormText, place: int, start: int, limit: int) -> MoneyCell | None:
    """A number with blanks in it that fills a cell between bars, and is a plain number without them."""
    match = _SPACED_NUMBER.match(form.text, start, limit) if "|" in form.text[place:start] else None
    if match is None or " " not in match.group():
        return None
    run = match.group().replace(" ", "")
    return MoneyCell(match.start(), match.end(), run) if arithmetic.is_printed_number(run.rstrip("%")) else None


def _goes_on_as_a_word(flat: str, match: re.Match[str]) -> bool:
    """`2021年`, `3、` and `1.` before a word are no sums; `/其他` is no empty cell."""
    following = flat[match.end() : match.end() + 1]
    if match["blank"]:
        return match["blank"] in "/／\\*" and not (following == "" or following in " |\n/")
    if following == "年" and flat.startswith("年度", match.end()):
        # 90%18年度绩效目标: the next box begins; 2021年度 is a year.
        return _YEAR.fullmatch(match["run"]) is not None
    return not match["unit"] and (
        following in {"年", "月", "日", "、", "个", "号", "．", "）"} or _ITEM.match(flat, match.end()) is not None
    )


def _cell(match: re.Match[str], may_run_together: bool) -> MoneyCell:
    if match["blank"]:
        return MoneyCell(match.start(), match.end())
    run = match["run"] + ("%" if match["percent"] else "")
    is_run = may_run_together or not arithmetic.is_printed_number(run)
    return MoneyCell(match.start(), match.end(), run, "".join((match["unit"] or "").split()), is_run)


def unit_of_total(form: FormText, rows: Sequence[FundingRow]) -> str | None:
    """总额：90.00万元 其中：中央补助 60.00 市级资金 30.00: parts that add up to the total have its unit."""
    total = next((row for row in rows if row.source == "total"), None)
    for stage, place in total.amounts.items() if total is not None else ():
        printed = _TOTAL_WITH_UNIT.fullmatch(form.flat, place.start, place.end)
        parts = [row.amounts[stage] for row in rows if row.source != "total" and stage in row.amounts]
        numbers = [parse_decimal(form.flat[part.start : part.end]) for part in parts]
        known = [number for number in numbers if number is not None]
        whole = parse_decimal(printed["number"]) if printed is not None else None
        if printed is None or whole is None or not known or len(known) < len(numbers):
            continue
        if arithmetic.sums_to(known, whole):
            return "".join(printed["unit"].split())
    return None
