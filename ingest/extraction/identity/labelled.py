"""What stands behind a label in prose: `项目名称为：金保网网络运行。`"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.characters import join_wrapped
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.source import ReportSource

_BEFORE_VALUE = re.compile(r"(?:\s*[（(][^（）()\n]{0,8}[)）])?(?:\s{0,3}(?:[:：|]|为\s*[:：]?)[\s|]{0,3}| {2,})")
_ONE_SPACE = re.compile(r" (?=[^\s|:：]{3,40}$)", re.MULTILINE)
_VALUE = re.compile(r"[^\n|，,。；;：:]{2,60}")
_WIDE_GAP = re.compile(r" {2,}")
# Forms put the next label where an empty value would stand.
_ROLES_OF_LABELS = ("project_label", "unit_label", "department_label", "stage", "column", "section")


def read_labelled(report: ReportSource, role: str, canonical: str | None = None) -> Iterator[NamedAt]:
    """The texts behind the labels of a role, or of one canonical name of it."""
    for hit in report.lexicon.find(role, report.text):
        lead = _before_value(report.text, hit.start, hit.end) if canonical in (None, hit.canonical) else None
        value = _VALUE.match(report.text, lead.end()) if lead else None
        # The next label of the same line stands behind a wide gap.
        text = _WIDE_GAP.split(value.group().strip())[0] if value else ""
        if value and text and not _is_a_label(text, report):
            start = value.start() + value.group().index(text)
            yield NamedAt(join_wrapped(text), start, start + len(text), "prose_label", 0.95)


def _before_value(text: str, start: int, end: int) -> re.Match[str] | None:
    """What parts a label from its value; on a line of the two alone, one space does."""
    begins_line = start == 0 or text[start - 1] == "\n"
    return _BEFORE_VALUE.match(text, end) or (_ONE_SPACE.match(text, end) if begins_line else None)


def _is_a_label(text: str, report: ReportSource) -> bool:
    return any(report.lexicon.canonical(role, text) is not None for role in _ROLES_OF_LABELS)
