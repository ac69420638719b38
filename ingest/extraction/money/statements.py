"""Statements: the stretches of text inside which words and sums belong to each other.

A list goes on behind a semicolon, and a line of a PDF ends in the middle of a sentence: both are one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource, Sentence

_GOES_ON = ("；", ";")
_OPENS_A_LIST = ("：", ":")
_SHORTEST_WRAPPED_LINE = 22
_ENDS_IN_NUMBER = re.compile(r"\d\s*[万亿千]?$")
_BEGINS_WITH_UNIT = re.compile(r"(?:[万亿千]\s*)?元|[万亿]")
_ENDED = re.compile(r"[。！？!?：:；;]$")
_PAGE_MARK = re.compile(
    r"\s*(?:[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3})\s*"
)
# The number of a page may be left at the head of its first line: 2、、1200万元.
_BEGINS_WITH_SUM = re.compile(r"\s*(?:\d{1,3}\s*[、．]{2,}\s*)?\d[\d,.]*\s*[万亿千]?元")
_BEFORE_A_SUM = re.compile(r"(?:资金|金额|总额|人民币|[为共计达了约])*\s*$")
_CLAUSE_END = re.compile(r"[，,；;]")
_LEADING_TO_A_SUM = ("stage", "sum_marker")


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of the canonical text, read as one."""

    text: str
    start: int
    passage: Passage


def statements_of(report: ReportSource, sentences: Iterable[Sentence]) -> Iterator[Statement]:
    """The sentences in the order of the text, joined where a list or a broken line goes on."""
    pending: list[Sentence] = []
    for sentence in sentences:
        if pending and _PAGE_MARK.fullmatch(sentence.text) and not _ENDED.search(pending[-1].text):
            continue
        if pending and not _belongs(report, pending[-1], sentence):
            yield _joined(report, pending)
            pending = []
        pending.append(sentence)
    if pending:
        yield _joined(report, pending)


def _belongs(report: ReportSource, before: Sentence, after: Sentence) -> bool:
    between = report.text[before.start + len(before.text) : after.start]
    is_turned = _PAGE_MARK.fullmatch(between) is not None
    if (between.strip() and not is_turned) or before.passage.headings != after.passage.headings:
        return False
    if _BEGINS_WITH_SUM.match(after.text) and _waits_for_its_sum(report, before):
        return True
    if before.passage is after.passage and not is_turned:
        return before.text.endswith(_GOES_ON)
    if before.text.endswith(_OPENS_A_LIST) and not after.passage.is_numbered:
        return True
    if _ENDS_IN_NUMBER.search(before.text) and _BEGINS_WITH_UNIT.match(after.text):
        return True
    is_wrapped = (is_turned or between.count("\n") == 1) and len(before.text) >= _SHORTEST_WRAPPED_LINE
    return is_wrapped and not _ENDED.search(before.text) and not after.passage.is_numbered


def _waits_for_its_sum(report: ReportSource, before: Sentence) -> bool:
    """…到位800万元，累计支出: a line of prose that breaks off behind the verb; a label alone is the cell of a table."""
    line = before.passage.text.strip()
    if len(line) < _SHORTEST_WRAPPED_LINE and _CLAUSE_END.search(line) is None:
        return False
    ends = (before.text, _BEFORE_A_SUM.sub("", before.text))
    return any(report.lexicon.trailing(role, end) is not None for role in _LEADING_TO_A_SUM for end in ends)


def _joined(report: ReportSource, parts: list[Sentence]) -> Statement:
    start, end = parts[0].start, parts[-1].start + len(parts[-1].text)
    text = report.text[start:end]
    for before, after in pairwise(parts):
        gap_start, gap_end = before.start + len(before.text) - start, after.start - start
        if text[gap_start:gap_end].strip():
            # The number of a page would be read as one end of a range.
            text = text[:gap_start] + " " * (gap_end - gap_start) + text[gap_end:]
    return Statement(text, start, parts[0].passage)
