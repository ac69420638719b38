"""Sums of money: the funding lines of a report, and the figures of its prose that are no funding line.

A sum becomes a funding line when the words before it (or, failing that, behind it) name a stage. Words that name a
purpose, a price or a change stand nearer to their sum than the stage does, so the nearest word decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from ingest.characters import fold
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Lexicon
from ingest.quantities import Money, find_money, parse_decimal
from ingest.records import FundingLine, Mention, Source, Stage

_CLAUSE_BREAK = re.compile(r"[，,。；;]")
_COUNT = re.compile(r"(?<![\d.〔\[【第])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*")
_LABEL = re.compile(r"[^，,。；;：:、\s（）()]{1,30}$")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum with what the words around it say of it. `stage` is None where they say nothing."""

    money: Money
    sentence: Sentence
    stage: Stage | None
    source: Source
    confidence: float
    is_excluded: bool

    @property
    def start(self) -> int:
        """Offset in the canonical text."""
        return self.sentence.start + self.money.start

    @property
    def end(self) -> int:
        """Offset behind the last character in the canonical text."""
        return self.sentence.start + self.money.end


def read_money(report: ReportSource, sentences: Iterable[Sentence]) -> tuple[list[FundingLine], list[Mention]]:
    """The funding lines and every other sum of the given sentences.

    The same sum printed again for the same stage and source is a mention that names the stage. A different sum for the
    same stage and source is kept as a further line: contradictions are kept as printed.
    """
    lines: dict[tuple[Stage, Source, Decimal], FundingLine] = {}
    mentions = []
    for found in (found for sentence in sentences for found in _sums_of(sentence, report.lexicon)):
        key = (found.stage, found.source, found.money.amount_yuan)
        if found.stage is None or found.is_excluded or key in lines:
            mentions.append(_money_mention(report, found))
            continue
        lines[cast("tuple[Stage, Source, Decimal]", key)] = FundingLine(
            stage=found.stage,
            source=found.source,
            amount_yuan=found.money.amount_yuan,
            as_written=found.money.as_written,
            evidence=report.place(found.start, found.end, "prose_label", found.confidence),
        )
    return list(lines.values()), mentions


def read_counts(report: ReportSource, sentences: Iterable[Sentence]) -> list[Mention]:
    """Counted things in the prose (14家): a number directly followed by a measure word of the lexicon."""
    mentions = []
    measures = sorted(report.lexicon.wordings("measure"), key=len, reverse=True)
    for sentence in sentences:
        folded = fold(sentence.text)
        for match in _COUNT.finditer(folded):
            measure = next((unit for unit in measures if folded.startswith(unit, match.end())), None)
            number = parse_decimal(match[1])
            if measure is None or number is None:
                continue
            start, end = sentence.start + match.start(), sentence.start + match.end() + len(measure)
            mentions.append(
                Mention(
                    kind="count",
                    label=_label_before(sentence.text[: match.start()]),
                    section=sentence.passage.section,
                    as_written=report.text[start:end],
                    value=number,
                    unit=measure,
                    evidence=report.place(start, end, "prose_count", 0.8),
                )
            )
    return mentions


def _money_mention(report: ReportSource, found: Sum) -> Mention:
    return Mention(
        kind="money",
        label=_label_before(found.sentence.text[: found.money.start]),
        section=found.sentence.passage.section,
        stage=None if found.is_excluded else found.stage,
        as_written=found.money.as_written,
        value=found.money.number,
        unit=found.money.unit,
        amount_yuan=found.money.amount_yuan,
        evidence=report.place(found.start, found.end, "prose_money", 0.9),
    )


def _label_before(text: str) -> str | None:
    label = _LABEL.search(text.rstrip())
    return label.group() if label else None


def _sums_of(sentence: Sentence, lexicon: Lexicon) -> list[Sum]:
    sums: list[Sum] = []
    moneys = find_money(sentence.text)
    no_stage_here = _is_without_funding(sentence, lexicon)
    batch = lexicon.first("batch_marker", sentence.text)
    for place, money in enumerate(moneys):
        lead = sentence.text[moneys[place - 1].end if place else 0 : money.start]
        trail = sentence.text[money.end : moneys[place + 1].start if place + 1 < len(moneys) else None]
        stage, confidence = _stage_of(lead, trail, sums[-1] if sums else None, sentence, lexicon)
        # Batches add up to a sum that is stated elsewhere; 合计 closes the list of them.
        is_batch = batch is not None and batch.start < money.start and lexicon.last("sum_marker", lead) is None
        excluded = money.is_price or no_stage_here or is_batch or _is_excluded(lead, lexicon)
        source = lexicon.last("source", _last_clauses(lead))
        sums.append(
            Sum(money, sentence, stage, cast(Source, source.canonical if source else "total"), confidence, excluded)
        )
    return sums


def _stage_of(
    lead: str, trail: str, previous: Sum | None, sentence: Sentence, lexicon: Lexicon
) -> tuple[Stage | None, float]:
    named = lexicon.last("stage", lead)
    if named is not None:
        return cast(Stage, named.canonical), 0.97 if _is_near(lead, named.end) else 0.85
    source = lexicon.last("source", lead)
    if previous is not None and previous.stage is not None and source is not None:
        return previous.stage, 0.95
    behind = lexicon.first("stage", _CLAUSE_BREAK.split(trail)[0])
    if behind is not None:
        return cast(Stage, behind.canonical), 0.8
    if lexicon.last("sum_marker", lead) is not None:
        of_section = lexicon.wordings("section_stage").get(sentence.passage.section or "")
        if of_section is not None:
            return cast(Stage, of_section), 0.8
    return None, 0.0


def _is_near(lead: str, end: int) -> bool:
    return len(lead) - end <= 12


def _is_excluded(lead: str, lexicon: Lexicon) -> bool:
    named, other = lexicon.last("stage", lead), lexicon.last("not_funding", lead)
    return other is not None and (named is None or other.start > named.start)


def _is_without_funding(sentence: Sentence, lexicon: Lexicon) -> bool:
    return (sentence.passage.section or "") in lexicon.wordings("section_without_funding") or any(
        heading.level1 or heading.level2 for heading in sentence.passage.headings
    )


def _last_clauses(lead: str) -> str:
    """The words that can belong to the sum: a source before a break (中央财政，X万元) still counts."""
    parts = _CLAUSE_BREAK.split(lead)
    return "".join(parts[-2:]) if len(parts[-1].strip()) < 4 else parts[-1]
