"""预算执行率 as the report prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.characters import fold
from ingest.extraction.source import ReportSource, Sentence
from ingest.quantities import parse_decimal
from ingest.records import Execution

_PERCENT = re.compile(r"(?:[（(][^）)]{0,12}[)）])?[为是达到约\s:：,，=]{0,6}(?P<number>\d+(?:\.\d+)?)\s*(?:%|百分比)")


def read_execution(report: ReportSource, sentences: Iterable[Sentence]) -> Execution:
    """The first execution rate printed; points are given only by forms."""
    for sentence in sentences:
        folded = fold(sentence.text)
        for label in report.lexicon.find("rate", folded):
            match = _PERCENT.match(folded, label.end)
            rate = parse_decimal(match["number"]) if match else None
            if match is not None and rate is not None:
                start, end = sentence.start + label.start, sentence.start + match.end()
                return Execution(stated_rate_pct=rate, evidence=report.place(start, end, "prose_label", 0.97))
    return Execution()
