"""Sums of money: the funding lines of a report, and the figures of its prose that are no funding line.

A sum becomes a funding line when the words before it (or, failing that, behind it) name a stage. Words that name a
purpose, a price or a change stand nearer to their sum than the stage does, so the nearest word decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from ingest.characters import fold
from ingest.extraction.source import ReportFacts, ReportSource, Sentence, is_of_another_year
from ingest.lexicon import Lexicon
from ingest.quantities import Money, find_money, find_unread_money, fits, parse_decimal
from ingest.records import FundingLine, Mention, MentionKind, ReportWarning, Source, Stage

_CLAUSE_BREAK = re.compile(r"[，,。；;]")
_COUNT = re.compile(r"(?<![\d.〔\[【第])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*")
_LONGEST_LABEL = 40
_REACH_OF_A_WORD = 6
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


def read_money(
    report: ReportSource, sentences: Iterable[Sentence], facts: ReportFacts
) -> tuple[list[FundingLine], list[Mention], list[ReportWarning]]:
    """The funding lines, every other sum of the given sentences, and warnings on sums that could not be used.

    The same sum printed again for the same stage and source is a mention that names the stage. A different sum for the
    same stage and source is kept as a further line: contradictions are kept as printed.
    """
    lines: dict[tuple[Stage, Source, Decimal], FundingLine] = {}
    mentions: list[Mention] = []
    warnings: list[ReportWarning] = []
    for sentence in sentences:
        warnings.extend(_unread_sums(report, sentence))
        sums = _sums_of(sentence, report.lexicon, facts)
        repeated = _instalments(sums)
        if repeated:
            warnings.append(_instalment_warning(report, repeated))
        instalments = {found.start for found in repeated}
        for found in sums:
            key = (found.stage, found.source, found.money.amount_yuan)
            if found.stage is None or found.is_excluded or found.start in instalments or key in lines:
                mentions.append(_money_mention(report, found))
                continue
            lines[cast("tuple[Stage, Source, Decimal]", key)] = FundingLine(
                stage=found.stage,
                source=found.source,
                amount_yuan=found.money.amount_yuan,
                as_written=found.money.as_written,
                evidence=report.place(found.start, found.end, "prose_label", found.confidence),
            )
    return list(lines.values()), mentions, warnings


def _instalments(sums: list[Sum]) -> list[Sum]:
    """Equal sums of one stage in one sentence (3月支付10万元，6月支付10万元): parts of a sum that nobody states."""
    usable = [found for found in sums if found.stage is not None and not found.is_excluded]
    keys = Counter((found.stage, found.source, found.money.amount_yuan) for found in usable)
    return [found for found in usable if keys[(found.stage, found.source, found.money.amount_yuan)] > 1]


def _instalment_warning(report: ReportSource, repeated: list[Sum]) -> ReportWarning:
    first, *others = (report.place(found.start, found.end, "prose_label", 0.8) for found in repeated)
    return ReportWarning(
        code="instalments_without_sum",
        message=f"同一句中「{first.text}」出现 {len(repeated)} 次，可能是分次金额，未作为合计",
        evidence=first,
        places=tuple(others),
    )


def _unread_sums(report: ReportSource, sentence: Sentence) -> list[ReportWarning]:
    return [
        ReportWarning(
            code="unreadable_money",
            message=f"金额「{found.text}」未能准确识别",
            evidence=report.place(sentence.start + found.start, sentence.start + found.end, "prose_money", 0.5),
        )
        for found in find_unread_money(sentence.text)
    ]


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
                    label=_label_before(sentence.text, match.start()),
                    section=sentence.passage.section,
                    as_written=report.text[start:end],
                    value=number if fits(number) else None,
                    unit=unit,
                    evidence=report.place(start, end, "prose_figure", 0.8),
                )
            )
    return mentions


def _money_mention(report: ReportSource, found: Sum) -> Mention:
    number = found.money.number
    return Mention(
        kind="money",
        label=_label_before(found.sentence.text, found.money.start),
        section=found.sentence.passage.section,
        stage=None if found.is_excluded else found.stage,
        as_written=found.money.as_written,
        value=number if fits(number) else None,
        unit=found.money.unit,
        amount_yuan=found.money.amount_yuan,
        evidence=report.place(found.start, found.end, "prose_money", 0.9),
    )


def _label_before(text: str, place: int) -> str | None:
    label = _LABEL.search(text[max(0, place - _LONGEST_LABEL) : place].rstrip())
    return label.group() if label else None


def _sums_of(sentence: Sentence, lexicon: Lexicon, facts: ReportFacts) -> list[Sum]:
    sums: list[Sum] = []
    largest: dict[tuple[Stage | None, Source], Decimal] = {}
    moneys = find_money(sentence.text)
    no_stage_here = _is_without_funding(sentence, lexicon)
    batches = {hit.wording: hit.start for hit in reversed(lexicon.find("batch_marker", sentence.text))}
    first_batch = min(batches.values()) if _lists_batches(batches) else None
    for place, money in enumerate(moneys):
        lead = sentence.text[moneys[place - 1].end if place else 0 : money.start]
        trail = sentence.text[money.end : moneys[place + 1].start if place + 1 < len(moneys) else None]
        stage, confidence = _stage_of(lead, trail, sums[-1] if sums else None, sentence, lexicon, facts)
        source = lexicon.last("source", _last_clauses(lead))
        found = Sum(
            money, sentence, stage, cast(Source, source.canonical if source else "total"), confidence, is_excluded=False
        )
        # Batches add up to a sum that is stated elsewhere; 合计 closes the list of them.
        is_batch = first_batch is not None and first_batch < money.start and lexicon.last("sum_marker", lead) is None
        is_excluded = (
            money.is_price
            or no_stage_here
            or is_batch
            or _is_excluded(lead, lexicon)
            or is_of_another_year(_CLAUSE_BREAK.split(lead)[-1], lexicon, facts)
            # 中央资金300万元，其中中央水利100万元: a smaller sum of a source that has its sum already is a part of it.
            or (found.source != "total" and largest.get((stage, found.source), Decimal(0)) > money.amount_yuan)
        )
        if not is_excluded:
            largest[stage, found.source] = max(largest.get((stage, found.source), Decimal(0)), money.amount_yuan)
        sums.append(replace(found, is_excluded=is_excluded))
    return sums


def _lists_batches(batches: dict[str, int]) -> bool:
    """第一批 alone names a source's notice; with 第二批 beside it, or 分两批, it is a list."""
    numbered = [wording for wording in batches if wording.startswith("第")]
    return len(numbered) > 1 or len(batches) > len(numbered)


def _stage_of(
    lead: str, trail: str, previous: Sum | None, sentence: Sentence, lexicon: Lexicon, facts: ReportFacts
) -> tuple[Stage | None, float]:
    named = lexicon.last("stage", lead)
    if named is not None:
        if _is_void(lead[: named.start], lexicon):
            return None, 0.0
        return cast(Stage, named.canonical), 0.97 if _is_near(lead, named.end) else 0.85
    source = lexicon.last("source", lead)
    if previous is not None and previous.stage is not None and not previous.is_excluded and source is not None:
        return previous.stage, 0.95
    clause = _CLAUSE_BREAK.split(trail)[0]
    behind = lexicon.first("stage", clause)
    if behind is not None:
        if _is_void(clause[: behind.start], lexicon):
            return None, 0.0
        return cast(Stage, behind.canonical), 0.8
    # 依据某号文，2020年某项目经费共计…: only where the sentence is about this very project.
    is_about_it = facts.project_name is not None and facts.project_name in sentence.text
    if lexicon.last("sum_marker", lead) is not None and is_about_it:
        of_section = lexicon.wordings("section_stage").get(sentence.passage.section or "")
        if of_section is not None:
            return cast(Stage, of_section), 0.8
    return None, 0.0


def _is_void(before_stage: str, lexicon: Lexicon) -> bool:
    """未支付, 计划支付, 较2021年支出: the word before the stage says that it did not happen, or not now."""
    void = lexicon.last("stage_void", _CLAUSE_BREAK.split(before_stage)[-1])
    return void is not None and len(_CLAUSE_BREAK.split(before_stage)[-1]) - void.end <= _REACH_OF_A_WORD


def _is_near(lead: str, end: int) -> bool:
    return len(lead) - end <= 12


def _is_excluded(lead: str, lexicon: Lexicon) -> bool:
    """A price anywhere in the clause, a purpose or change nearer than the stage, or 由…调整为."""
    clause = _CLAUSE_BREAK.split(lead)[-1]
    if any(hit.canonical == "price" for hit in lexicon.find("not_funding", clause)):
        return True
    if any(clause.rstrip().endswith(word) for word in lexicon.wordings("before_change")):
        return True
    named, other = lexicon.last("stage", lead), lexicon.last("not_funding", lead)
    return other is not None and (named is None or other.start > named.start)


def _is_without_funding(sentence: Sentence, lexicon: Lexicon) -> bool:
    """The innermost heading that the lexicon knows decides: a goal, a list of outputs or a problem funds nothing."""
    innermost = next((heading for heading in reversed(sentence.passage.headings) if heading.is_known), None)
    if innermost is None:
        return False
    if innermost.section is not None:
        return innermost.section in lexicon.wordings("section_without_funding")
    level = lexicon.canonical("level1", innermost.level1 or "")
    return level not in ("PROCESS", "DECISION")


def _last_clauses(lead: str) -> str:
    """The words that can belong to the sum: a source before a break (中央财政，X万元) still counts."""
    parts = _CLAUSE_BREAK.split(lead)
    return "".join(parts[-2:]) if len(parts[-1].strip()) < 4 else parts[-1]
