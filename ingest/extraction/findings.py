"""What a report says of its goal, and its problems, causes, suggestions and follow-up steps, in its own words."""

from __future__ import annotations

import re
from typing import cast, get_args

from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource
from ingest.records import Finding, FindingKind, ReportWarning, Statement, StatementKind

_KINDS = get_args(FindingKind)
_GOALS: dict[str, StatementKind] = {"goal": "goal", "goal_result": "goal_result"}
_MARK = re.compile(
    r"^\s*(?:[（(]?\d{1,2}\s*[)）、.．](?!\d)|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+\s*、|[一二三四五六七八九]是)\s*"
)
_SAYS_NONE = re.compile(r"(?:暂?无|没有|不存在)[。.！!]?|(?:暂?无|没有|未发现)(?:明显)?(?:存在)?(?:的)?问题[。.]?")


def read_findings(report: ReportSource) -> list[Finding]:
    """One finding per paragraph or numbered item under a heading of that kind; 「无」 states that there is none."""
    findings = []
    for passage in report.outline.passages:
        kind = passage.section
        text = _without_mark(passage)
        if kind not in _KINDS or not text or _says_none(text, report):
            continue
        start = passage.start + passage.text.index(text)
        findings.append(
            Finding(
                kind=cast(FindingKind, kind),
                text=text,
                evidence=report.place(start, start + len(text), "section", 0.95),
            )
        )
    return findings


def read_statements(report: ReportSource) -> list[Statement]:
    """One statement per paragraph on the goal or its result; of the problems only that there are none."""
    statements = []
    for passage in report.outline.passages:
        text = _without_mark(passage)
        kind = _GOALS.get(passage.section or "")
        if passage.section == "problem" and _says_none(text, report):
            kind = "no_problem"
        if kind is None or not text:
            continue
        start = passage.start + passage.text.index(text)
        statements.append(
            Statement(kind=kind, text=text, evidence=report.place(start, start + len(text), "section", 0.95))
        )
    return statements


def _without_mark(passage: Passage) -> str:
    mark = _MARK.match(passage.text)
    return passage.text[mark.end() if mark else 0 :].strip()


def _says_none(text: str, report: ReportSource) -> bool:
    return _SAYS_NONE.fullmatch(text) is not None or report.lexicon.canonical("form_empty_text", text) is not None


def warn_of_empty_headings(report: ReportSource) -> list[ReportWarning]:
    """A heading of the form that nothing stands under (经济效益, 存在问题, 措施及办法)."""
    return [
        ReportWarning(
            code="empty_heading",
            message=f"标题「{heading.title}」下没有内容",
            evidence=report.place(heading.start, heading.end, "outline", 0.9),
        )
        for heading in report.outline.empty_headings()
        if heading.is_known
    ]


def warn_of_unknown_headings(report: ReportSource) -> list[ReportWarning]:
    """A heading that is in no lexicon: named, so that one line of data can teach it."""
    return [
        ReportWarning(
            code="unknown_heading",
            message=f"标题「{heading.title}」不在词表中",
            evidence=report.place(heading.start, heading.end, "outline", 0.9),
        )
        for heading in report.outline.headings
        if not heading.is_known
    ]
