"""How far a form reaches in a text, and how far its indicators do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.extraction.forms.flattened.indicator_levels import find_levels
from ingest.extraction.forms.flattened.marks import Mark
from ingest.extraction.forms.flattened.tokens import FormText, Gap, Label, Span
from ingest.extraction.outline import Outline

_IDENTITY_ABOVE = 1500
_ONE_PLACE = 200
_LONGEST_TITLE_BEFORE = 60
_NEXT_GOAL = 40
_FULL_LABEL = 4
_RIGHT_BEHIND = 8
_TAIL = 3000
# Headings of prose below which a form's score may still stand; headings nobody knows end nothing.
_OF_THE_FORM = (None, "score", "conclusion")
_NUMBERED_HEADING = re.compile(r"(?<=[\n \d%])[一二三四五六七八九十]{1,2}、")
_LAST_COLUMN = re.compile(r"[\u3400-\u9fff]{1,8}")
_TOTAL_BEHIND = re.compile(r"[\s|]*(?:\d|[-—|\n]|$)")
_END_OF_ROW = re.compile(r"[\d%。]")


def start_of_form(form: FormText, first_mark: Mark, above: int) -> int:
    """Where a form begins, not before `above`: its title, or its first identifying label."""
    begin = max(above, first_mark.start - _IDENTITY_ABOVE)
    fields = [label for label in form.labels(("form_field",), begin, first_mark.start) if label.canonical != "skipped"]
    projects = [label.start for label in fields if label.canonical == "project_name"]
    # The last project label begins the form, unless two names of one project stand together.
    first = next((place for place in projects if projects[-1] - place < _ONE_PLACE), None)
    if first is None:
        near = (label.start for label in fields if first_mark.start - label.start < 2 * _ONE_PLACE)
        first = next(near, first_mark.start)
    for title in reversed(form.wordings("form_start", begin, first)):
        if first - title.end > 2 * _ONE_PLACE:
            break
        line = form.text.rfind("\n", begin, title.start) + 1
        first = max(line, begin, title.start - _LONGEST_TITLE_BEFORE)
    return first


def end_of_form(outline: Outline, body_end: int, limit: int) -> int:
    """The form's last boxes end where a heading of prose, or the next form, begins."""
    headings = (
        heading.start
        for heading in outline.headings
        if heading.start > body_end and heading.depth == 0 and heading.section not in _OF_THE_FORM
    )
    return min(limit, body_end + _TAIL, next(headings, limit))


def span_of_rows(form: FormText, heading: Mark, headings: Sequence[Mark], limit: int) -> Span:
    """Where the indicators below a heading stand: up to the next one, a total, a text or the prose below."""
    following = [other.start for other in headings if other.start > heading.start]
    end = min([limit, *following])
    start = _behind_heading(form, heading, end)
    enders = [
        label.start
        for label in form.labels(("form_total", "form_text", "form_end", "form_grade"), start, end)
        if _ends_rows(form, label)
    ]
    if following:
        # 年度绩效目标2（40分）: the goal of the next block stands before its heading.
        enders.extend(hit.start for hit in form.wordings("form_text", max(start, end - _NEXT_GOAL), end))
    numbered = _NUMBERED_HEADING.search(form.text, start, end)
    if numbered is not None:
        enders.append(numbered.start())
    return start, max(start, min([end, *enders]))


def _behind_heading(form: FormText, heading: Mark, end: int) -> int:
    """A last column that the lexicon does not know (说明) still belongs to the heading's line."""
    line_end = form.text.find("\n", heading.end, end)
    if heading.kind == "levels" or line_end < 0:
        return heading.end
    if not _LAST_COLUMN.fullmatch(form.text[heading.end : line_end].strip(" |")):
        return heading.end
    levels = find_levels(form, heading.end, min(end, line_end + _NEXT_GOAL))
    return heading.end if any(level.start < line_end for level in levels) else line_end


def _ends_rows(form: FormText, label: Label) -> bool:
    if label.role == "form_end":
        return True
    if label.role == "form_total":
        return _TOTAL_BEHIND.match(form.text, label.end, label.end + _RIGHT_BEHIND) is not None
    if label.canonical == "goal_result":
        return False
    if form.is_glued(label.start, label.end):
        return len(label.wording) >= _FULL_LABEL and _END_OF_ROW.match(form.flat, label.start - 1) is not None
    begins = form.gap_before(label.start) > Gap.NONE and (
        label.end > label.word_end or form.gap_behind(label.end) > Gap.NONE
    )
    return begins and (len(label.wording) >= _FULL_LABEL or form.starts_a_line(label.start))
