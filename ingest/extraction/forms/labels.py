"""What a cell of a form is called: its heading looked up in the lexicon, spaces, brackets and item marks aside."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeGuard, cast

from ingest.characters import fold
from ingest.extraction.forms.rows import Piece, Unread
from ingest.extraction.forms.source_names import made_up_source
from ingest.lexicon import Lexicon
from ingest.records import Source, Stage

_ASIDE = re.compile(r"[（(【\[][^（）()【】\[\]]*[)）】\]]?")
_POINTS = re.compile(r"[（(]\s*\d+(?:\.\d+)?\s*分[^（）()]*[)）]")
_OF_WHICH = re.compile(r"^(?:其中|一其中)[:：、]?|^[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．]\s*")
# `2.24小时内` may be the number 2.24; behind 指标 and before any other sign it is a mark.
_ITEM_MARK = re.compile(
    r"(?:指标\s*\d{1,2}\s*[:：.、．)）]|\d{1,2}\s*(?:[:：、)）]|[.．](?!\d))|[（(]\d{1,2}[)）]|[①-⑳]|[★*☆]|其中[:：]?)\s*"
)
_POINTS_OF_ROW = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*分")
# 项目资金（万元）, 金额单位 | 元 |, 单位：人民币万元; 计量单位 is the column of the indicators.
_UNIT_OF_MONEY = re.compile(
    r"(?:[（(]\s*(?:单位\s*[:：])?|(?<![计度]量)单位\s*(?:[|:：]|为)?|金额\s*[|:：]?|(?P<counted>以))\s*(?:人民币)?\s*"
    r"(?P<unit>[亿万千]?\s?元)\s*(?(counted)(?:为单位|计)|(?=[)）|，,。；;]|\s|项|$))"
)

_WORDS = re.compile(r"[\u3400-\u9fff、/]{2,16}")
_ROLES_OF_LABELS = ("form_field", "form_column", "form_row", "form_text", "form_total", "form_grade")
_ROLES_OF_HEADINGS = (
    *_ROLES_OF_LABELS, "form_box", "form_side", "form_level", "form_period", "form_sum", "level1", "level2",
)  # fmt: skip

# 未完成原因 is no 完成 and 实际得分 no 实际: what is named first is what the column holds.
_COLUMNS_BY_WORDS = ("ignored", "deviation_reason", "score", "weight", "actual", "adjusted_target", "target")

STAGES: tuple[Stage, ...] = ("planned", "initial_budget", "adjusted_budget", "approved", "received", "executed")
"""Columns of the money block that hold a stage."""
MONEY_COLUMNS = frozenset({*STAGES, "surplus", "amount", "rate", "share", "weight", "score"})
"""Columns of the money block."""
INDICATOR_COLUMNS = frozenset(
    {
        "level1",
        "level2",
        "name",
        "target",
        "adjusted_target",
        "actual",
        "record",
        "weight",
        "score",
        "deviation_reason",
        "nature",
        "measure",
        "ignored",
    }
)
"""Columns of the indicators.

`adjusted_target` stands for `target` in the rows where it is filled; `record` is what a checklist has in place of
`actual`.
"""


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """A heading without spaces, brackets and what stands in them: `全年预算数(A)` → `全年预算数`."""
    return re.sub(r"[\s:：]", "", _ASIDE.sub("", fold(text)))


def column_role(text: str, lexicon: Lexicon) -> str | None:
    """The role of a column's heading (`target`, `executed`, `rate`, …)."""
    return _role("form_column", text, lexicon)


def likely_column(text: str, lexicon: Lexicon) -> str | None:
    """The role of an indicator column whose heading nobody knows, by a word in it: 完成结果 → `actual`.

    None for a label of another kind, and where no word tells.
    """
    heading = bare(text)
    if not _WORDS.fullmatch(heading) or any(_role(role, heading, lexicon) for role in ("level1", "level2")):
        return None
    told = {hit.canonical for hit in lexicon.find("form_column_word", heading)}
    return next((column for column in _COLUMNS_BY_WORDS if column in told), None)


def is_stage(role: str | None) -> TypeGuard[Stage]:
    """Whether a column holds the sums of a stage."""
    return role in STAGES


def row_source(text: str, lexicon: Lexicon) -> Source | None:
    """The source that a row of the money block names (`total`, `fiscal`, `carryover`, …)."""
    squeezed = re.sub(r"\s", "", fold(text))
    found = _role("form_row", squeezed, lexicon) or _role("form_row", _OF_WHICH.sub("", squeezed), lexicon)
    return cast("Source | None", found)


def part_source(text: str, lexicon: Lexicon) -> Source | None:
    """The source of a row below a total: its name may be made up, as in a list of projects it may not."""
    name = bare(_OF_WHICH.sub("", re.sub(r"\s", "", fold(text))))
    return row_source(text, lexicon) or cast("Source | None", made_up_source(name, lexicon))


def field_of(text: str, lexicon: Lexicon) -> str | None:
    """The identifying field that a label asks for (`project_name`, `unit`, `department`, `skipped`)."""
    return _role("form_field", text, lexicon)


def text_section(text: str, lexicon: Lexicon) -> str | None:
    """The section of the free text that a label announces (`goal`, `goal_result`, …)."""
    return _role("form_text", text, lexicon)


def is_total(text: str, lexicon: Lexicon) -> bool:
    """总分, 合计: the row with the sum of points."""
    return _role("form_total", text, lexicon) is not None


def is_grade(text: str, lexicon: Lexicon) -> bool:
    """自评等级: the cell beside it holds the grade."""
    return _role("form_grade", text, lexicon) is not None


def is_execution(text: str, lexicon: Lexicon) -> bool:
    """预算执行率 among the indicators: the execution row, which is no indicator."""
    return _role("form_execution", text, lexicon) is not None


def is_any_label(text: str, lexicon: Lexicon) -> bool:
    """Whether a cell is a heading of the form, so that it cannot be another label's value."""
    return any(_role(role, text, lexicon) is not None for role in _ROLES_OF_LABELS)


def is_unknown_heading(text: str, lexicon: Lexicon) -> bool:
    """Whether a cell among column headings is words that no role of a form knows."""
    words = bare(text)
    return (
        bool(_WORDS.fullmatch(words))
        and not words.startswith(tuple(lexicon.wordings("form_beside")))
        and all(_role(role, text, lexicon) is None for role in _ROLES_OF_HEADINGS)
    )


def unknown_heading(text: str, place: Piece) -> Unread:
    """The warning that names a heading, so that one line of data can teach it."""
    return Unread("unknown_heading", f"表格栏目「{text}」不在词表中", place)


def without_item_mark(text: str) -> int:
    """How many characters of a name are the mark of an item: `指标1：`, `1)`, `①`, `★`."""
    place = 0
    while match := _ITEM_MARK.match(text, place):
        place = match.end()
    return place if place < len(text) else 0


def level_text(text: str) -> str:
    """A level's name without its points and inner spaces: `产 出 指 标（50分）` → `产出指标`."""
    return re.sub(r"\s", "", _POINTS.sub("", text)).strip(":：")


def points_in_heading(text: str) -> tuple[int, int] | None:
    """Where the points of the execution row stand in its heading: the `20` of `(20分*执行率)`."""
    match = _POINTS_OF_ROW.search(fold(text))
    return match.span(1) if match else None


def declared_unit(text: str) -> str | None:
    """The unit that a heading, a row or a line declares for the sums of a form: `金额单位 | 元 |`, `（万元）`."""
    match = _UNIT_OF_MONEY.search(fold(text))
    return re.sub(r"\s", "", match["unit"]) if match is not None else None


@lru_cache(maxsize=32768)
def _role(role: str, text: str, lexicon: Lexicon) -> str | None:
    return lexicon.canonical(role, text) or lexicon.canonical(role, bare(text))
