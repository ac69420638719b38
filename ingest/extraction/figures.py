"""Counted things and shares in prose (14家, 98.7%), and the words that label a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from ingest.characters import fold
from ingest.extraction.source import ReportSource, Sentence
from ingest.quantities import fits, parse_decimal
from ingest.records import Mention, MentionKind

_COUNT = re.compile(r"(?<![\d.〔\[【第])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*")
_LABEL = re.compile(r"[^，,。；;：:、\s（）()]{1,30}$")
_LONGEST_LABEL = 40


def read_figures(report: ReportSource, sentences: Iterable[Sentence]) -> list[Mention]:
    """Counted things (14家) and shares (98.7%) in the prose: a number directly followed by a measure of the lexicon."""
    mentions = []
    measures = sorted(report.lexicon.wordings("measure").items(), key=lambda entry: len(entry[0]), reverse=True)
    for sentence in sentences:
        folded = fold(sentence.text)
        for match in _COUNT.finditer(folded):
            measured = next(((unit, kind) for unit, kind in measures if folded.startswith(unit, match.end())), None)
            number = parse_decimal(match[1])
            if measured is None or number is None:
                continue
            unit, kind = measured
            start, end = sentence.start + match.start(), sentence.start + match.end() + len(unit)
            mentions.append(
                Mention(
                    kind=cast(MentionKind, kind),
                    label=label_before(sentence.text, match.start()),
                    section=sentence.passage.section,
                    as_written=report.text[start:end],
                    value=number if fits(number) else None,
                    unit=unit,
                    evidence=report.place(start, end, "prose_figure", 0.8),
                )
            )
    return mentions


def label_before(text: str, place: int) -> str | None:
    """The words right before a number, up to the last mark or space; None where there are none."""
    label = _LABEL.search(text[max(0, place - _LONGEST_LABEL) : place].rstrip())
    return label.group() if label else None
