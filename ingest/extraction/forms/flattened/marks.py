"""The marks of a form: a form is known by them and never by single words.

A chain of money labels with nothing but numbers between, a heading of indicator columns, or level labels standing as
cells above rows. Prose has none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from ingest.extraction.forms.flattened.column_dumps import find_dumps
from ingest.extraction.forms.flattened.indicator_block import is_checklist
from ingest.extraction.forms.flattened.indicator_levels import find_levels
from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.flattened.tokens import Cell, FormText, Gap, Label, cells
from ingest.extraction.forms.labels import (
    INDICATOR_COLUMNS,
    MONEY_COLUMNS,
    STAGES,
    is_unknown_heading,
    likely_column,
    unknown_heading,
)
from ingest.extraction.forms.rows import Unread

_NUMBERS_AND_MARKS = re.compile(
    r"\d[\d.,]*\s?%?\s?(?:亿元|万\s?元|万|元|分)?|其中|[（(]?[一二三四五六七八九十\d]{1,2}[)）、]|[-—－/／\\*|\s:：（()）]"
)
_THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d)")
_SENTENCE_MARK = re.compile(r"[，。；;,！？]")
# Nothing but separators and at most two signs, none of them of a sentence.
_BETWEEN_COLUMNS = re.compile(r"[\s|]*(?:[^\w\s|，。；;,！？][\s|]*){0,2}")
_SUMS_SIDE_BY_SIDE = re.compile(r"(?:[ |]+\d[\d,]*(?:\.\d+)?(?=[ |%]|$)){2}")
_SUM_WITH_UNIT = re.compile(r"[ |]*\d[\d,]*(?:\.\d+)?\s?(?:亿元|万\s?元|元)")
_COLUMN_LIMIT = re.compile(r"[ |]")
_NUMBER = re.compile(r"\d+")
_END_OF_CLAUSE = re.compile(r"[，。；;]")
_CALLED_INDICATOR = re.compile("指 ?标")
_ROW_OF_TAIL = re.compile(
    r"[ |]*[\u3400-\u9fff][^ |。；，]*[ |]+[^。；，]*[^ |。；，](?:[ |]+\d{1,3}(?:\.\d{1,2})?){2}[ |]*"
    r"|[\u3400-\u9fff][^ |。；，]*[%≥≤≦≧=][^ |。；，]*\d{2}(?:\.\d{1,2})?"
)
_MOST_LEFT_BETWEEN = 6
_LONGEST_LINK = 200
_LONGEST_UNKNOWN_HEADING = 40
_LABELS_OF_A_CHAIN = 3
_LABELS_OF_A_HEADING = 3
_FULL_LABEL = 4
_BELOW_LEVELS = 200
_NUMBERS_PER_SENTENCE = 4
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """The labels of a money block, the heading of indicators or those of their dump, or the first of bare levels."""

    kind: Literal["money", "heading", "dump", "levels"]
    start: int
    end: int
    labels: tuple[Label, ...]


def find_marks(form: FormText) -> list[Mark]:
    """All marks in a text, in order."""
    labels = form.labels(("form_column", "form_row", "form_field"), 0, len(form.text))
    headings = _headings(form, labels)
    headings.extend(_dumps(form, labels, headings))
    # A checklist records its money among its indicators.
    checklists = [heading.start for heading in headings if is_checklist(heading.labels)]
    chains = _money_chains(form, labels, is_in_form=bool(headings))
    money = [mark for mark in chains if not any(start < mark.start for start in checklists)]
    return sorted([*money, *headings], key=lambda mark: mark.start) or find_bare_levels(form, 0, len(form.text))


# --- money


def _money_chains(form: FormText, labels: Sequence[Label], *, is_in_form: bool) -> list[Mark]:
    """Chains of money labels with nothing but numbers between them; in a form, two with their sums are enough."""
    chains: list[list[Label]] = []
    for label in labels:
        is_money = label.role == "form_row" or label.canonical in MONEY_COLUMNS
        if not is_money and label.role != "form_field":
            continue
        # 自评得分：98 of the form above may stand right before the next 项目名称.
        begins_a_form = label.canonical == "project_name"
        if chains and not begins_a_form and _is_linked(form, chains[-1][-1], label):
            chains[-1].append(label)
        elif is_money or begins_a_form:
            chains.append([label])
    money = [
        _from_the_heading(chain)
        for chain in chains
        if _is_money_chain(chain) or _is_row_alone(form, chain) or (is_in_form and _are_stages_with_sums(form, chain))
    ]
    return [Mark("money", chain[0].start, chain[-1].end, tuple(chain)) for chain in _with_parted_dumps(money)]


def _with_parted_dumps(chains: Sequence[list[Label]]) -> Iterator[list[Label]]:
    """Row labels, a box of another column, then the stages: one table that was dumped column by column."""
    waiting: list[Label] = []
    for chain in chains:
        roles = {label.role for label in chain}
        if waiting and roles == {"form_column"} and chain[0].start - waiting[-1].end < _LONGEST_LINK:
            yield [*waiting, *chain]
            waiting = []
            continue
        if waiting:
            yield waiting
        waiting = chain if roles == {"form_row"} else []
        if not waiting:
            yield chain
    if waiting:
        yield waiting


def _from_the_heading(chain: Sequence[Label]) -> list[Label]:
    """合计 100 98 of the form above may stand right before a heading: it is none of its rows."""
    labels = [label for label in chain if label.role != "form_field"]
    first = next((place for place, label in enumerate(labels) if label.role == "form_column"), 0)
    has_rows_below = any(label.role == "form_row" for label in labels[first:])
    return labels[first:] if has_rows_below else labels


def _is_linked(form: FormText, one: Label, other: Label) -> bool:
    between = form.flat[one.end : other.start]
    if len(between) > _LONGEST_LINK or _SENTENCE_MARK.search(_THOUSANDS_COMMA.sub("", between)):
        return False
    return len(_NUMBERS_AND_MARKS.sub("", between)) <= _MOST_LEFT_BETWEEN


def _is_money_chain(chain: Sequence[Label]) -> bool:
    """At least three money labels of two kinds: stages and rate of a heading, or the rows of a block."""
    money = [label for label in chain if label.role != "form_field"]
    stages = {label.canonical for label in money if label.canonical in (*STAGES, "rate")}
    rows = {label.canonical for label in money if label.role == "form_row"}
    return len(money) >= _LABELS_OF_A_CHAIN and (len(stages) >= 2 or ("total" in rows and len(rows) >= 2))


def _are_stages_with_sums(form: FormText, chain: Sequence[Label]) -> bool:
    """预算金额：156.8万元 执行金额：150.53万元: every stage with its sum, whose unit stands behind it."""
    stages = [label for label in chain if label.role != "form_field"]
    names = {label.canonical for label in stages}
    return (
        len(names) == len(stages) > 1
        and names <= set(STAGES)
        and all(_SUM_WITH_UNIT.match(form.flat, label.end) is not None for label in stages)
    )


def _is_row_alone(form: FormText, chain: Sequence[Label]) -> bool:
    """年度资金总额 20 18 17.1 without any heading: sums side by side, of stages that nothing names."""
    rows = [label for label in chain if label.role == "form_row" and label.canonical == "total"]
    return any(
        len(row.wording) >= _FULL_LABEL and _SUMS_SIDE_BY_SIDE.match(form.flat, row.end) is not None for row in rows
    )


# --- indicators


def _headings(form: FormText, labels: Sequence[Label]) -> list[Mark]:
    """Runs of column labels with nothing between: 三级指标 年度指标值 实际完成值 分值 得分."""
    runs: list[list[Label]] = []
    for label in labels:
        if label.role != "form_column" or label.canonical not in INDICATOR_COLUMNS:
            continue
        if runs and _BETWEEN_COLUMNS.fullmatch(form.text, runs[-1][-1].end, label.start):
            runs[-1].append(label)
        elif runs and (unknown := _unknown_between(form, runs[-1], label)):
            runs[-1].extend((*unknown, label))
        else:
            runs.append([label])
    found = []
    for run in runs:
        columns = _columns_of(form, run)
        if _is_heading(columns := _with_likely_columns(form, columns)):
            end = max(run[-1].end, columns[-1].end)
            found.append(Mark("heading", run[0].start, end, tuple(columns)))
    return found


def _dumps(form: FormText, labels: Sequence[Label], headings: Sequence[Mark]) -> list[Mark]:
    dumps = [Mark("dump", columns[0].start, columns[-1].end, columns) for columns in find_dumps(form, labels)]
    return [dump for dump in dumps if all(dump.end <= other.start or other.end <= dump.start for other in headings)]


def _unknown_between(form: FormText, run: Sequence[Label], label: Label) -> list[Label]:
    """Columns that no wording knows, between columns of one heading; [] where anything else stands there."""
    if len(run) < _LABELS_OF_A_HEADING or label.start - run[-1].end > _LONGEST_UNKNOWN_HEADING:
        return []
    between = [cell for cell in cells(form.text, run[-1].end, label.start) if not cell.is_blank]
    likely = _likely_columns(form, between, {other.canonical for other in (*run, label)})
    # 项目完成 before 指标 is a broken level.
    if len(likely) == len(between) and not _is_side(form, label):
        return likely
    is_a_cell = len(between) == 1 and Gap.NONE not in (between[0].gap, form.gap_behind(between[0].end))
    if not is_a_cell or not is_unknown_heading(between[0].text, form.lexicon):
        return []
    return [_unknown(between[0], "ignored")]


def _columns_of(form: FormText, run: Sequence[Label]) -> list[Label]:
    """绩效指标 stands beside the rows; 指标 分值 目标值 完成值 is the heading of the names where nothing else is."""
    columns = [label for label in run if not _is_side(form, label)]
    names = {label.canonical for label in columns}
    heads_names = run[0] not in columns and run[0].wording.endswith("指标") and form.gap_behind(run[0].end) > Gap.NONE
    if heads_names and names >= {"target", "actual"} and not names & {"level1", "level2", "name"}:
        return [replace(run[0], canonical="name"), *columns]
    return columns


def _is_side(form: FormText, label: Label) -> bool:
    return form.lexicon.canonical("form_side", label.wording) is not None


def _with_likely_columns(form: FormText, run: Sequence[Label]) -> list[Label]:
    """A heading with the columns behind it that a word in them tells, where nothing but headings ends its line."""
    line_end = form.text.find("\n", run[-1].end) if len(run) >= _LABELS_OF_A_HEADING else -1
    if line_end < 0:
        return list(run)
    behind = [cell for cell in cells(form.text, run[-1].end, line_end) if not cell.is_blank]
    likely = _likely_columns(form, behind, {label.canonical for label in run})
    is_heading = all(is_unknown_heading(cell.text, form.lexicon) for cell in behind[len(likely) :])
    return [*run, *likely] if is_heading else list(run)


def _likely_columns(form: FormText, headings: Sequence[Cell], taken: Set[str]) -> list[Label]:
    """The headings up to the first that no word tells, or that would be a column for the second time."""
    found: list[Label] = []
    for cell in headings:
        column = likely_column(cell.text, form.lexicon)
        if column is None or Gap.NONE in (cell.gap, form.gap_behind(cell.end)):
            break
        if column != "ignored" and column in (taken | {label.canonical for label in found}):
            break
        found.append(_unknown(cell, column))
    return found


def _unknown(cell: Cell, column: str) -> Label:
    return Label(_UNKNOWN, column, cell.text, cell.start, cell.end, cell.end)


def _is_heading(run: Sequence[Label]) -> bool:
    names = {label.canonical for label in run}
    return len(run) >= _LABELS_OF_A_HEADING and bool(names & {"name", "level2"}) and len(names - {"ignored"}) >= 2


def find_bare_levels(form: FormText, first: int, last: int) -> list[Mark]:
    """The middle or the end of a form, or indicators whose heading is missing: level labels as cells in
    `text[first:last]`, figures below them, hardly a sentence.
    """
    if len(_CALLED_INDICATOR.findall(form.flat, first, last)) < 2:
        return []
    levels = [level for level in find_levels(form, first, last) if level.name.endswith("指标")]
    if len(levels) < 2:
        return []
    # Rows whose level is lost stand above the first level only where the text begins in the middle of a form.
    start = _start_of_tail(form, levels[0].start) if first == 0 else levels[0].start
    end = min(last, _end_of_tail(form, levels[-1].end))
    body = form.flat[start:end]
    numbers, clauses = len(_NUMBER.findall(body)), len(_END_OF_CLAUSE.findall(body))
    if numbers < len(levels) or clauses * _NUMBERS_PER_SENTENCE > numbers:
        return []
    if any(hit.canonical in ("target", "actual") for hit in form.wordings("form_column", start, end)):
        return []
    return [Mark("levels", start, start, ())]


def _start_of_tail(form: FormText, first_level: int) -> int:
    """Above the first level may stand rows whose own level is lost: lines that begin with words and end in points."""
    if not form.starts_a_line(first_level):
        return first_level
    start = line = form.text.rfind("\n", 0, first_level) + 1
    while line > 0:
        line = form.text.rfind("\n", 0, line - 1) + 1
        if not _ROW_OF_TAIL.fullmatch(form.flat, line, start - 1):
            break
        start = line
    return min(start, first_level)


def _end_of_tail(form: FormText, start: int) -> int:
    """Below the last level stand its rows, up to the sum of points or a box of text."""
    limit = min(len(form.text), start + _BELOW_LEVELS)
    boxes = form.labels(("form_total", "form_text", "form_end"), start, limit)
    return min((box.start for box in boxes), default=limit)


def unknown_headings(form: FormText, headings: Sequence[Mark]) -> Iterator[Unread]:
    """Words that stand as cells of their own between the heading's known columns, or behind them in its line."""
    for heading in headings:
        for label in heading.labels:
            if label.role == _UNKNOWN and label.canonical == "ignored":
                yield unknown_heading(label.wording, piece_at(label.start, label.end, 0.9))
        line_end = form.text.find("\n", heading.end)
        if heading.kind == "heading" and line_end >= 0 and _COLUMN_LIMIT.search(form.text, heading.start, line_end):
            behind = cells(form.text, heading.end, line_end)
            for cell in takewhile(lambda cell: is_unknown_heading(cell.text, form.lexicon), behind):
                yield unknown_heading(cell.text, piece_at(cell.start, cell.end, 0.9))
