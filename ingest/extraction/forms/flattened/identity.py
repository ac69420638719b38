"""Project, unit, department and year of a form, from the labels above its money block."""

from __future__ import annotations

import re

from ingest.extraction.forms.flattened.identity_columns import read_dumped_labels
from ingest.extraction.forms.flattened.pieces import piece_at
from ingest.extraction.forms.flattened.tokens import FormText, Gap, Label, up_to_the_next
from ingest.extraction.forms.rows import Piece, Unread

# What ends a value where nothing else does: the next label of any kind.
_STOPPING_ROLES = (
    "form_field",
    "form_column",
    "form_row",
    "form_text",
    "form_end",
    "form_grade",
    "form_total",
    "form_box",
)
_LONGEST_VALUE = 80
_SHORTEST_LABEL_INSIDE_WORDS = 4
_CODE = re.compile(r"(?:[\[(【（]\s*[0-9A-Z]{3,24}\s*[\])】）]|\d{3,24}[A-Z0-9]*\s?[-—－–])\s?[-—－–]?\s?")
# ( 2 0 2 1 年 度 ) is printed with spaces between all characters.
_FISCAL_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2}|(?:1 9|2 0) \d \d)\s?年\s?度")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?年(?!\s*\d{1,2}\s*月)")
_ANY_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[年.-]")
_ABOVE = 150
_BODIES = ("unit", "department")
# 自评得分 has a number beside each body that gives one.
_SCORE_BEHIND_BODY = re.compile(r"(?<=[\u3400-\u9fff)） |])[ |]+\d{1,3}(?:\.\d{1,2})?[ |]*$")
# 单位：万元 declares the unit of the sums.
_UNIT_OF_MONEY = re.compile(r"(?:人民币)?[亿万千]?元")
_LONGEST_PERIOD = 40
_TITLE = 60
# The next label may be one that nobody knows: 某某局 评价时段：2021年.
_END_OF_VALUE = re.compile(r"\s*\n|\s*\|| {2,}| (?=[\u3400-\u9fff]{2,8}[:：])")
_ASIDE = re.compile(r"[\s|:：]*(?:[（(](?:盖章|公章|签章)[)）])?[\s|:：]*")
_EMPTY = re.compile(r"[-—－/\s、]*")


def read_identity(form: FormText, start: int, end: int) -> tuple[dict[str, Piece], list[Unread]]:
    """The pieces of `project_name`, `unit`, `department` and `fiscal_year` in `text[start:end]`, and what is unsure."""
    every = form.labels(_STOPPING_ROLES, start, end)
    labels = [label for label, limit in up_to_the_next(every, end) if _is_label(form, label, limit)]
    found: dict[str, Piece] = {}
    strength: dict[str, int] = {}
    dumped, unread = read_dumped_labels(form, labels, end)
    for place, label in enumerate(labels):
        if label.role != "form_field" or label.canonical == "skipped" or label in dumped:
            continue
        limit = _end_of_value(form, label, labels[place + 1]) if place + 1 < len(labels) else end
        value = _value(form, label, limit)
        if value is not None and place + 1 < len(labels) and _may_end_sooner(form, value, labels[place + 1]):
            unread.append(_not_told_apart(form, value))
            continue
        strong = int(form.lexicon.canonical("form_using_unit", label.wording) is not None)
        if value is not None and (label.canonical not in found or strong > strength[label.canonical]):
            found[label.canonical] = value
            strength[label.canonical] = strong
    for label, value in dumped.items():
        if value is not None:
            found.setdefault(label.canonical, value)
    year = _year(form, start, end) or _year_of_period(form, start, end)
    if year is not None:
        found["fiscal_year"] = year
    return found, unread


def _is_label(form: FormText, label: Label, next_label: int) -> bool:
    """A label is followed by a separator, a colon, brackets or a label; where nothing separates cells, long ones count.

    项目资金 and the like end names of projects, so inside words they need the other signs.
    """
    if label.end > label.word_end or form.gap_behind(label.end) > Gap.NONE or next_label == label.end:
        return True
    if not form.is_glued(label.start, label.end):
        return False
    return len(label.wording) >= _SHORTEST_LABEL_INSIDE_WORDS and not (
        label.canonical == "skipped" and "资金" in label.wording
    )


def _end_of_value(form: FormText, label: Label, following: Label) -> int:
    """Where nothing separates cells, the 项目 between a project's name and 主管部门 belongs to the name."""
    rest = following.wording.removeprefix("项目")
    role = "form_using_unit" if following.canonical == "unit" else following.role
    is_shared = rest != following.wording and form.lexicon.canonical(role, rest) == following.canonical
    is_printed_twice = form.flat.endswith("项目", 0, following.start)
    if (
        label.canonical == "project_name"
        and is_shared
        and not is_printed_twice
        and form.gap_before(following.start) == Gap.NONE
    ):
        return following.start + len("项目")
    return following.start


def _may_end_sooner(form: FormText, name: Piece, following: Label) -> bool:
    """补助资金项目主管部门: the 项目 may be the last word of the name or the first of the label."""
    if name.end <= following.start:
        return False
    before = form.flat[name.start : following.start]
    return any(before.endswith(tail) for tail in form.lexicon.wordings("form_project_tail"))


def _not_told_apart(form: FormText, name: Piece) -> Unread:
    text = form.text[name.start : name.end]
    return Unread("cells_not_told_apart", f"项目名称「{text}」与其后的标题之间没有间隔，无法确定在何处结束", name)


def _value(form: FormText, label: Label, limit: int) -> Piece | None:
    """The words behind a label, up to the next label, the end of the line or a wide gap."""
    aside = _ASIDE.match(form.text, label.end, limit)
    begin = aside.end() if aside else label.end
    code = _CODE.match(form.text, begin, limit)
    if code is not None and label.canonical != "project_name":
        begin = code.end()
    stop = _END_OF_VALUE.search(form.text, begin, limit)
    finish = min(stop.start() if stop else limit, begin + _LONGEST_VALUE)
    score = _SCORE_BEHIND_BODY.search(form.flat, begin, finish) if label.canonical in _BODIES else None
    finish = score.start() if score is not None else finish
    while finish > begin and form.text[finish - 1] in " \n|:：、（(":
        finish -= 1
    if finish <= begin or _EMPTY.fullmatch(form.text, begin, finish):
        return None
    if _UNIT_OF_MONEY.match(form.flat, begin, finish) or _is_title(form, begin, finish):
        return None
    return piece_at(begin, finish, 0.95 if stop else 0.9)


def _is_title(form: FormText, start: int, end: int) -> bool:
    """部门（单位）整体支出绩效自评表: what follows the label is the name of the form."""
    return any(hit.end == end for hit in form.wordings("form_start", start, end))


def _year(form: FormText, start: int, end: int) -> Piece | None:
    """2022年度 in the title or below it; else the year in the title's line that is no part of a date."""
    match = _FISCAL_YEAR.search(form.flat, max(0, start - _ABOVE), end) or _YEAR.search(
        form.flat, start, min(end, start + _TITLE)
    )
    return None if match is None else piece_at(match.start("year"), match.end("year"), 0.95)


def _year_of_period(form: FormText, start: int, end: int) -> Piece | None:
    """The year of 项目起止时间, where it begins and ends in one year."""
    for label in form.labels(("form_period",), start, end):
        years = list(_ANY_YEAR.finditer(form.flat, label.end, min(end, label.end + _LONGEST_PERIOD)))
        if years and len({match["year"] for match in years}) == 1:
            return piece_at(years[0].start("year"), years[0].end("year"), 0.85)
    return None
