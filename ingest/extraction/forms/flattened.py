"""Forms whose table reached the text without its grid: where they stand, and what their blocks say.

A form is known by its marks, never by single words: a chain of money labels with nothing but numbers between, a
heading of indicator columns, or level labels standing as cells above rows. Prose has none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.extraction.forms.identity_labels import read_identity
from ingest.extraction.forms.indicator_block import (
    INDICATOR_COLUMNS,
    IndicatorBlock,
    find_levels,
    is_checklist,
    read_indicators,
)
from ingest.extraction.forms.labels import is_unknown_heading, unknown_heading
from ingest.extraction.forms.money_block import METHOD, MONEY_COLUMNS, STAGES, MoneyBlock, read_money
from ingest.extraction.forms.rows import Form, FundingRow, IndicatorRow, Piece, Unread
from ingest.extraction.forms.tokens import FormText, Gap, Label, cells, up_to_the_next
from ingest.extraction.forms.totals import read_score_above, read_totals
from ingest.extraction.source import ReportSource
from ingest.lexicon import Hit

Span = tuple[int, int]

_NUMBERS_AND_MARKS = re.compile(
    r"\d[\d.,]*\s?%?\s?(?:亿元|万\s?元|万|元|分)?|其中|[（(]?[一二三四五六七八九十\d]{1,2}[)）、]|[-—－/／\\*|\s:：（()）]"
)
_SENTENCE_MARK = re.compile(r"[，。；;,！？]")
_MOST_LEFT_BETWEEN = 6
_LABELS_OF_A_CHAIN = 3
_LABELS_OF_A_HEADING = 3
_IDENTITY_ABOVE = 1500
_DECLARED_UNIT = re.compile(
    r"(?:[（(]\s*(?:单位[:：]\s*)?|单位\s?[:：]\s?)(?P<unit>万\s?元|亿元|千元|元)(?=\s*[)）\s|项])"
)
_SUMS_SIDE_BY_SIDE = re.compile(r"(?:[ |]+\d[\d,]*(?:\.\d+)?(?=[ |%]|$)){2}")
_NEAR = 200
_NEXT_GOAL = 40
_FULL_LABEL = 4
_NUMBERED_HEADING = re.compile(r"(?<=[\n \d%])[一二三四五六七八九十]{1,2}、")
_TAIL = 3000
_NUMBERS_PER_SENTENCE = 4
# Headings of prose below which a form's score may still stand; headings nobody knows end nothing.
_OF_THE_FORM = (None, "score", "conclusion")
_UNKNOWN = "unknown"
_CALLED_INDICATOR = re.compile("指 ?标")
_GOALS = ("goal", "goal_result")


@dataclass(frozen=True, slots=True)
class _Block:
    """A mark of a form: the labels of its money block or the heading of its indicators."""

    kind: str
    start: int
    end: int
    labels: tuple[Label, ...]


def find_flattened_forms(source: ReportSource, tables: Iterable[Span] = ()) -> list[Form]:
    """The forms in the running text of a document; [] for a text in pure prose.

    Args:
        source: the masked text with its lexicon and outline.
        tables: the spans of true tables, which are read with their grid and skipped here.
    """
    text = source.text
    for start, end in tables:
        text = text[:start] + "\n" * (end - start) + text[end:]
    form = FormText(text, source.lexicon)
    blocks = _blocks(form)
    groups = _groups(form, blocks)
    forms: list[Form] = []
    for place, group in enumerate(groups):
        above = forms[-1].end if forms else 0
        limit = _start(form, groups[place + 1], group[-1].end) if place + 1 < len(groups) else len(text)
        forms.append(_read(form, source, group, above, limit))
    return forms


# --- marks


def _blocks(form: FormText) -> list[_Block]:
    labels = form.labels(("form_column", "form_row", "form_field"), 0, len(form.text))
    money = _money_blocks(form, labels)
    headings = _headings(form, labels)
    # A checklist records its money among its indicators.
    checklists = [block for block in headings if is_checklist(block.labels)]
    money = [block for block in money if not any(list_.start < block.start for list_ in checklists)]
    blocks = sorted([*money, *headings], key=lambda block: block.start)
    return blocks or _levels_without_heading(form)


def _money_blocks(form: FormText, labels: Sequence[Label]) -> list[_Block]:
    """Chains of money labels with nothing but numbers between them."""
    chains: list[list[Label]] = []
    for label in labels:
        is_money = label.role == "form_row" or label.canonical in MONEY_COLUMNS
        if not is_money and label.role != "form_field":
            continue
        if chains and _is_linked(form, chains[-1][-1], label):
            chains[-1].append(label)
        elif is_money:
            chains.append([label])
    money = [_from_the_heading(chain) for chain in chains if _is_money_chain(chain) or _is_row_alone(form, chain)]
    return [_Block("money", chain[0].start, chain[-1].end, tuple(chain)) for chain in money]


def _from_the_heading(chain: Sequence[Label]) -> list[Label]:
    """合计 100 98 of the form above may stand right before a heading: it is none of its rows."""
    labels = [label for label in chain if label.role != "form_field"]
    first = next((place for place, label in enumerate(labels) if label.role == "form_column"), 0)
    has_rows_below = any(label.role == "form_row" for label in labels[first:])
    return labels[first:] if has_rows_below else labels


def _is_linked(form: FormText, one: Label, other: Label) -> bool:
    between = form.flat[one.end : other.start]
    if len(between) > 200 or _SENTENCE_MARK.search(re.sub(r"(?<=\d)[,](?=\d)", "", between)):
        return False
    return len(_NUMBERS_AND_MARKS.sub("", between)) <= _MOST_LEFT_BETWEEN


def _is_money_chain(chain: Sequence[Label]) -> bool:
    """At least three money labels of two kinds: stages and rate of a heading, or the rows of a block."""
    money = [label for label in chain if label.role != "form_field"]
    stages = {label.canonical for label in money if label.canonical in (*STAGES, "rate")}
    rows = {label.canonical for label in money if label.role == "form_row"}
    return len(money) >= _LABELS_OF_A_CHAIN and (len(stages) >= 2 or ("total" in rows and len(rows) >= 2))


def _is_row_alone(form: FormText, chain: Sequence[Label]) -> bool:
    """年度资金总额 20 18 17.1 without any heading: sums side by side, of stages that nothing names."""
    rows = [label for label in chain if label.role == "form_row" and label.canonical == "total"]
    return any(
        len(row.wording) >= _FULL_LABEL and _SUMS_SIDE_BY_SIDE.match(form.flat, row.end) is not None for row in rows
    )


def _headings(form: FormText, labels: Sequence[Label]) -> list[_Block]:
    """Runs of column labels with nothing between: 三级指标 年度指标值 实际完成值 分值 得分."""
    runs: list[list[Label]] = []
    for label in labels:
        if label.role != "form_column" or label.canonical not in INDICATOR_COLUMNS:
            continue
        if runs and _is_side_by_side(form, runs[-1][-1], label):
            runs[-1].append(label)
        elif runs and (unknown := _unknown_between(form, runs[-1], label)) is not None:
            runs[-1].extend((unknown, label))
        else:
            runs.append([label])
    blocks = []
    for run in runs:
        # 绩效指标 stands beside the rows, before or behind the heading's other cells.
        columns = tuple(label for label in run if form.lexicon.canonical("form_side", label.wording) is None)
        if _is_heading(columns):
            blocks.append(_Block("heading", run[0].start, run[-1].end, columns))
    return blocks


def _unknown_between(form: FormText, run: Sequence[Label], label: Label) -> Label | None:
    """A column that no wording knows, between columns of one heading."""
    if len(run) < _LABELS_OF_A_HEADING or label.start - run[-1].end > _NEXT_GOAL:
        return None
    between = [cell for cell in cells(form.text, run[-1].end, label.start) if not cell.is_blank]
    is_a_cell = len(between) == 1 and Gap.NONE not in (between[0].gap, form.gap_behind(between[0].end))
    if not is_a_cell or not is_unknown_heading(between[0].text, form.lexicon):
        return None
    cell = between[0]
    return Label(_UNKNOWN, "ignored", cell.text, cell.start, cell.end, cell.end)


def _is_side_by_side(form: FormText, one: Label, other: Label) -> bool:
    between = re.sub(r"[\s|]", "", form.text[one.end : other.start])
    return len(between) <= 2 and not re.search(r"\w|[，。；;,！？]", between)


def _is_heading(run: Sequence[Label]) -> bool:
    names = {label.canonical for label in run}
    return len(run) >= _LABELS_OF_A_HEADING and bool(names & {"name", "level2"}) and len(names - {"ignored"}) >= 2


def _levels_without_heading(form: FormText) -> list[_Block]:
    """The middle or the end of a form: level labels as cells, figures below them, hardly a sentence."""
    if len(_CALLED_INDICATOR.findall(form.flat)) < 2:
        return []
    levels = [level for level in find_levels(form, 0, len(form.text)) if level.name.endswith("指标")]
    if len(levels) < 2:
        return []
    start, end = levels[0].start, levels[-1].end + _NEAR
    body = form.flat[start:end]
    numbers = len(re.findall(r"\d+", body))
    if numbers < len(levels) or len(re.findall(r"[，。；;]", body)) * _NUMBERS_PER_SENTENCE > numbers:
        return []
    if any(hit.canonical in ("target", "actual") for hit in form.wordings("form_column", start, end)):
        return []
    return [_Block("levels", levels[0].start, levels[0].start, ())]


# --- forms


def _groups(form: FormText, blocks: Sequence[_Block]) -> list[list[_Block]]:
    """Blocks of one form: its money, then its headings. Money after a heading, or a second project, begins another."""
    groups: list[list[_Block]] = []
    for block in blocks:
        if groups and not _begins_another(form, groups[-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _begins_another(form: FormText, group: Sequence[_Block], block: _Block) -> bool:
    if block.kind == "money" and any(earlier.kind == "heading" for earlier in group):
        return True
    between = form.labels(("form_field",), group[-1].end, block.start)
    return any(label.canonical == "project_name" for label in between)


def _start(form: FormText, group: Sequence[_Block], above: int) -> int:
    """Where a form begins: its title, or its first identifying label."""
    begin = max(above, group[0].start - _IDENTITY_ABOVE)
    fields = [label for label in form.labels(("form_field",), begin, group[0].start) if label.canonical != "skipped"]
    projects = [label.start for label in fields if label.canonical == "project_name"]
    # The last project label begins the form, unless two names of one project stand together.
    first = next((place for place in projects if projects[-1] - place < _NEAR), None)
    if first is None:
        first = next((label.start for label in fields if group[0].start - label.start < 2 * _NEAR), group[0].start)
    for title in reversed(form.wordings("form_start", begin, first)):
        if first - title.end > 2 * _NEAR:
            break
        first = _line_start(form, title, begin)
    return first


def _line_start(form: FormText, title: Hit, begin: int) -> int:
    line = form.text.rfind("\n", begin, title.start) + 1
    return max(line, begin, title.start - 60)


def _read(form: FormText, source: ReportSource, group: Sequence[_Block], above: int, limit: int) -> Form:
    start = _start(form, group, above)
    money_blocks = [block for block in group if block.kind == "money"]
    headings = [block for block in group if block.kind != "money"]
    is_declaration = _is_declaration(form, start, group, headings)
    money = [_read_money(form, block, group, limit, is_declaration) for block in money_blocks]
    indicators = [_read_block(form, block, headings, limit) for block in headings]
    body_end = max([block.end for block in group] + [_last_place(block) for block in indicators])
    for block in money:
        body_end = max([body_end, *(place.end for row in block.rows for place in row.amounts.values())])
    tail_end = _tail_end(source, body_end, limit)
    totals = read_totals(form, body_end, tail_end, [row for block in indicators for row in block.rows])
    unit, unit_place = _money_unit(form, start, _end_of_declaration(group, indicators))
    goals_start = max((block.end for block in money_blocks), default=start)
    goals_end = headings[0].start if headings else body_end
    money_rows = [row for block in money for row in block.rows] + [row for b in indicators for row in b.funding]
    funding = _with_execution(money_rows, [row for block in indicators for row in block.execution])
    identity, unsure = read_identity(form, start, group[0].start)
    unread = [*unsure, *_unknown_headings(form, headings)]
    unread.extend(entry for block in money for entry in block.unread)
    unread.extend(entry for block in indicators for entry in block.unread)
    return Form(
        start=start,
        end=max(body_end, totals.end),
        identity=identity,
        money_unit=unit,
        money_unit_place=unit_place,
        funding=tuple(funding),
        indicators=tuple(row for block in indicators for row in block.rows),
        total_score=totals.score or read_score_above(form, start, group[0].start),
        grade=totals.grade,
        texts=(*_goals(form, goals_start, goals_end), *totals.texts),
        has_actual_column=not is_declaration,
        unread=tuple(unread),
    )


def _is_declaration(form: FormText, start: int, group: Sequence[_Block], headings: Sequence[_Block]) -> bool:
    """绩效目标申报表: targets before the year, no column for what was reached."""
    columns = {label.canonical for block in headings for label in block.labels}
    titled = bool(form.wordings("form_declaration", start, group[0].start))
    return titled and "actual" not in columns


def _read_money(form: FormText, block: _Block, group: Sequence[_Block], limit: int, is_declaration: bool) -> MoneyBlock:
    following = [other.start for other in group if other.start > block.start]
    end = min([limit, block.end + 160, *following])
    goals = [label.start for label in form.labels(("form_text", "form_end"), block.end, end)]
    return read_money(form, block.start, min([end, *goals]), is_declaration=is_declaration)


def _read_block(form: FormText, block: _Block, headings: Sequence[_Block], limit: int) -> IndicatorBlock:
    following = [other.start for other in headings if other.start > block.start]
    end = min([limit, *following])
    start = _behind_heading(form, block, end)
    enders = [
        label.start
        for label in form.labels(("form_total", "form_text", "form_end", "form_grade"), start, end)
        if _ends_block(form, label)
    ]
    if following:
        # 年度绩效目标2（40分）: the goal of the next block stands before its heading.
        enders.extend(hit.start for hit in form.wordings("form_text", max(start, end - _NEXT_GOAL), end))
    numbered = _NUMBERED_HEADING.search(form.text, start, end)
    if numbered is not None:
        enders.append(numbered.start())
    return read_indicators(form, start, min([end, *enders]), block.labels)


def _behind_heading(form: FormText, block: _Block, end: int) -> int:
    """A last column that the lexicon does not know (说明) still belongs to the heading's line."""
    if not block.labels:
        return block.end
    line_end = form.text.find("\n", block.end, end)
    rest = form.text[block.end : line_end].strip(" |") if line_end >= 0 else ""
    if not re.fullmatch(r"[\u3400-\u9fff]{1,8}", rest):
        return block.end
    levels = find_levels(form, block.end, min(end, line_end + _NEXT_GOAL))
    return block.end if any(level.start < line_end for level in levels) else line_end


def _unknown_headings(form: FormText, headings: Sequence[_Block]) -> list[Unread]:
    """Words that stand as cells of their own between the heading's known columns, or behind them in its line."""
    found: list[Unread] = []
    for block in headings:
        if not block.labels:
            continue
        between = [label for label in block.labels if label.role == _UNKNOWN]
        found.extend(unknown_heading(label.wording, Piece(label.start, label.end, METHOD, 0.9)) for label in between)
        line_end = form.text.find("\n", block.end)
        if line_end < 0 or not re.search(r"[ |]", form.text[block.start : line_end]):
            continue
        for cell in cells(form.text, block.end, line_end):
            if not is_unknown_heading(cell.text, form.lexicon):
                break
            found.append(unknown_heading(cell.text, Piece(cell.start, cell.end, METHOD, 0.9)))
    return found


def _ends_block(form: FormText, label: Label) -> bool:
    if label.role == "form_end":
        return True
    if label.role == "form_total":
        return re.match(r"[\s|]*(?:\d|[-—|\n]|$)", form.text[label.end : label.end + 8]) is not None
    if label.canonical == "goal_result":
        return False
    if form.is_glued(label.start, label.end):
        return len(label.wording) >= _FULL_LABEL and re.match(r"[\d%。]", form.flat[label.start - 1]) is not None
    begins = form.gap_before(label.start) > Gap.NONE and (
        label.end > label.word_end or form.gap_behind(label.end) > Gap.NONE
    )
    return begins and (len(label.wording) >= _FULL_LABEL or form.starts_a_line(label.start))


def _last_place(block: IndicatorBlock) -> int:
    pieces = [piece for row in (*block.rows, *block.execution) for piece in _pieces(row)]
    return max((piece.end for piece in pieces), default=0)


def _pieces(row: IndicatorRow) -> list[Piece]:
    others = (row.actual, row.weight, row.score, row.deviation_reason)
    return [row.name, *row.target, *(piece for piece in others if piece is not None)]


def _tail_end(source: ReportSource, body_end: int, limit: int) -> int:
    """The form's last boxes end where a heading of prose, or the next form, begins."""
    headings = [
        heading.start
        for heading in source.outline.headings
        if heading.start > body_end and heading.depth == 0 and heading.section not in _OF_THE_FORM
    ]
    return min([limit, body_end + _TAIL, *headings[:1]])


def _with_execution(funding: Sequence[FundingRow], execution: Sequence[IndicatorRow]) -> list[FundingRow]:
    """The execution row written among the indicators gives the total row its rate and its points."""
    rows = list(funding)
    if not execution:
        return rows
    special = execution[0]
    place = next((place for place, row in enumerate(rows) if row.source == "total"), None)
    if place is None:
        return [FundingRow("total", None, {}, special.actual, special.weight, special.score), *rows]
    total = rows[place]
    rows[place] = replace(
        total,
        rate=total.rate or special.actual,
        weight=total.weight or special.weight,
        score=total.score or special.score,
    )
    return rows


def _end_of_declaration(group: Sequence[_Block], indicators: Sequence[IndicatorBlock]) -> int | None:
    """How far the unit of money may be declared: in the heading of the money, or before a checklist's first sum."""
    money = next((block for block in group if block.kind == "money"), None)
    if money is not None:
        return money.end + _NEXT_GOAL
    places = [place.start for block in indicators for row in block.funding for place in row.amounts.values()]
    return min(places, default=None)


def _money_unit(form: FormText, start: int, end: int | None) -> tuple[str | None, Piece | None]:
    """The unit that the form declares: 项目资金（万元）, 单位：元."""
    match = None if end is None else _DECLARED_UNIT.search(form.flat, start, end)
    if match is None:
        return None, None
    place = Piece(match.start("unit"), match.end("unit"), METHOD, 0.95)
    return re.sub(r"\s", "", match["unit"]), place


def _goals(form: FormText, start: int, end: int) -> list[tuple[str, Piece]]:
    """Goals and what became of them, between the money and the indicators."""
    labels = [
        label
        for label in form.labels(("form_text", "form_column", "form_row"), start, end)
        if label.canonical in _GOALS or label.role == "form_text" or label.wording == "实际完成情况"
    ]
    found: list[tuple[str, Piece]] = []
    waiting: list[str] = []
    for label, limit in up_to_the_next(labels, end):
        section = "goal_result" if label.role == "form_column" else label.canonical
        waiting.append(section)
        pieces = _boxes(form, label.end, limit)
        if not pieces:
            continue
        if len(waiting) >= 2 and len(pieces) == 2:
            names = waiting[-2:]
        else:
            names = [waiting[-1] if len(waiting) == 1 else "goal"] * len(pieces)
        found.extend(zip(names, pieces, strict=True))
        waiting = []
    return found


def _boxes(form: FormText, start: int, end: int) -> list[Piece]:
    """The texts between two labels, one for each cell that a strong separator limits."""
    pieces = []
    for match in re.finditer(r"(?:(?!\n\s*\n|\||[.…·]{6,}|\n).)+", form.text[start:end]):
        body = match.group().strip(" .…·:：")
        if len(body) >= 4 and re.search(r"[\u3400-\u9fff]", body):
            begin = start + match.start() + match.group().index(body)
            pieces.append(Piece(begin, begin + len(body), METHOD, 0.85))
    return pieces
