"""Statements: the stretches of text inside which words and sums belong to each other.

A list goes on behind a semicolon, and a line of a PDF ends in the middle of a sentence: both are one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource, Sentence

_GOES_ON = ("；", ";")
_OPENS_A_LIST = ("：", ":")
_SHORTEST_WRAPPED_LINE = 22
_ENDS_IN_NUMBER = re.compile(r"\d\s*[万亿千]?$")
_BEGINS_WITH_UNIT = re.compile(r"(?:[万亿千]\s*)?元|[万亿]")
_ENDED = re.compile(r"[。！？!?：:；;]$")


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
        if pending and not _belongs(report, pending[-1], sentence):
            yield _joined(report, pending)
            pending = []
        pending.append(sentence)
    if pending:
        yield _joined(report, pending)


def _belongs(report: ReportSource, before: Sentence, after: Sentence) -> bool:
    between = report.text[before.start + len(before.text) : after.start]
    if between.strip() or before.passage.headings != after.passage.headings:
        return False
    if before.passage is after.passage:
        return before.text.endswith(_GOES_ON)
    if before.text.endswith(_OPENS_A_LIST) and not after.passage.is_numbered:
        return True
    if _ENDS_IN_NUMBER.search(before.text) and _BEGINS_WITH_UNIT.match(after.text):
        return True
    is_wrapped = between.count("\n") == 1 and len(before.text) >= _SHORTEST_WRAPPED_LINE
    return is_wrapped and not _ENDED.search(before.text) and not after.passage.is_numbered


def _joined(report: ReportSource, parts: list[Sentence]) -> Statement:
    start, end = parts[0].start, parts[-1].start + len(parts[-1].text)
    return Statement(report.text[start:end], start, parts[0].passage)
