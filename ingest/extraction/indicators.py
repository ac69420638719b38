"""Indicators in prose: `1)光模块数量，目标值大于等于10支，实际完成15支，分值7.5，得分7.5。`"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.source import ReportSource, Sentence
from ingest.lexicon import Hit, Lexicon
from ingest.quantities import Quantity, parse_decimal, parse_value
from ingest.records import Evidence, Indicator, ReportWarning

_ITEM_MARK = re.compile(
    r"^\s*(?:指标\s*\d{1,2}\s*[:：.、]|\d{1,2}\s*[)）、.．](?!\d)|[（(]\d{1,2}[)）]|[①-⑳]|第[一二三四五六七八九十]+[,，、]|[一二三四五六七八九]是|[★*])\s*"
)
_BEFORE_VALUE = re.compile(r"^[\s:：为是]+")
_BEHIND_VALUE = " \n，,。；;、"
_BREAKS = frozenset("，,；;、:：（( ")
# 年初指标值 is nothing but a label; 得分 or 目标值 inside a sentence may be plain words.
_LONG_LABEL = 5
_PERFORMANCE_SECTIONS = frozenset({"performance", "completion", "benefit", "goal_result"})


@dataclass(frozen=True, slots=True)
class _Labelled:
    """The labels of one indicator sentence with the text behind each."""

    name: str
    values: dict[str, str]


def read_indicators(
    report: ReportSource, sentences: Iterable[Sentence]
) -> tuple[list[Indicator], list[ReportWarning], list[Sentence]]:
    """The indicators, warnings on values that could not be read, and the sentences that were no indicator."""
    indicators: list[Indicator] = []
    warnings: list[ReportWarning] = []
    rest = []
    for sentence in sentences:
        labelled = _labelled_values(sentence.text, report.lexicon) if _may_hold_indicator(sentence) else None
        if labelled is None:
            rest.append(sentence)
            warnings.extend(_warn_of_labels(report, sentence))
            continue
        evidence = report.place(sentence.start, sentence.start + len(sentence.text), "prose_labels", 0.97)
        indicator = _indicator(len(indicators) + 1, labelled, sentence, evidence, report.lexicon)
        indicators.append(indicator)
        warnings.extend(_unreadable_values(indicator, labelled))
    return indicators, warnings, rest


def _may_hold_indicator(sentence: Sentence) -> bool:
    """Indicators stand under a level or a performance heading, or are items of a list; elsewhere it is plain prose."""
    headings = sentence.passage.headings
    return (
        _ITEM_MARK.match(sentence.text) is not None
        or any(heading.level1 or heading.level2 for heading in headings)
        or bool(_PERFORMANCE_SECTIONS & set(sentence.passage.sections))
    )


def _warn_of_labels(report: ReportSource, sentence: Sentence) -> list[ReportWarning]:
    """A sentence under a level heading that names target or actual and was not understood as an indicator."""
    if not any(heading.level1 or heading.level2 for heading in sentence.passage.headings):
        return []
    labels = [hit for hit in report.lexicon.find("column", sentence.text) if hit.canonical in ("target", "actual")]
    if not labels:
        return []
    return [
        ReportWarning(
            code="indicator_not_read",
            message=f"「{labels[0].wording}」所在的句子未能读作指标",
            evidence=report.place(sentence.start, sentence.start + len(sentence.text), "prose_labels", 0.5),
        )
    ]


def _labelled_values(text: str, lexicon: Lexicon) -> _Labelled | None:
    """The name and the labelled values, or None when the sentence has not both a name and a target or actual."""
    labels: list[Hit] = []
    for hit in lexicon.find("column", text):
        follows_break = hit.start == 0 or text[hit.start - 1] in _BREAKS or len(hit.wording) >= _LONG_LABEL
        if follows_break and hit.canonical not in {label.canonical for label in labels}:
            labels.append(hit)
    kinds = {label.canonical for label in labels}
    if len(kinds) < 2 or not kinds & {"target", "actual"}:
        return None
    name = _ITEM_MARK.sub("", text[: labels[0].start]).strip(" ，,：:；;、（(")
    if not name:
        return None
    ends = [label.start for label in labels[1:]] + [len(text)]
    values = {
        label.canonical: _BEFORE_VALUE.sub("", text[label.end : end]).rstrip(_BEHIND_VALUE)
        for label, end in zip(labels, ends, strict=True)
    }
    return _Labelled(name, values)


def _indicator(
    ordinal: int, labelled: _Labelled, sentence: Sentence, evidence: Evidence, lexicon: Lexicon
) -> Indicator:
    target_text, actual_text = labelled.values.get("target"), labelled.values.get("actual")
    target, actual = parse_value(target_text, lexicon), parse_value(actual_text, lexicon)
    levels = sentence.passage.headings
    return Indicator.model_validate(
        {
            "ordinal": ordinal,
            "level1": next((heading.level1 for heading in reversed(levels) if heading.level1), None),
            "level2": next((heading.level2 for heading in reversed(levels) if heading.level2), None),
            "name": labelled.name,
            "target": target_text,
            "actual": actual_text,
            **_typed("target", target),
            **_typed("actual", actual),
            "weight": parse_points(labelled.values.get("weight")),
            "score": parse_points(labelled.values.get("score")),
            "deviation_reason": labelled.values.get("deviation_reason") or None,
            "evidence": evidence,
        }
    )


def _typed(side: str, read: Quantity) -> dict[str, object]:
    return {
        f"{side}_state": read.state,
        f"{side}_operator": read.operator,
        f"{side}_value": read.value,
        f"{side}_high": read.high,
        f"{side}_unit": read.unit,
        f"{side}_from": read.date_from,
        f"{side}_to": read.date_to,
    }


def parse_points(text: str | None) -> Decimal | None:
    """Points as printed (`7.5`, `7.5分`); None when the text is no number of points."""
    points = parse_decimal(fold(text or "").strip().removesuffix("分").strip())
    # Four places and five digits before them: what the contract holds exactly.
    return points if points is not None and points < 100_000 and points == round(points, 4) else None


def _unreadable_values(indicator: Indicator, labelled: _Labelled) -> list[ReportWarning]:
    unread = [
        (side, text)
        for side, text, state in (
            ("目标值", indicator.target, indicator.target_state),
            ("实际完成值", indicator.actual, indicator.actual_state),
        )
        if state == "unreadable"
    ]
    for column, label, value in (("weight", "分值", indicator.weight), ("score", "得分", indicator.score)):
        text = labelled.values.get(column)
        if text and value is None:
            unread.append((label, text))
    return [
        ReportWarning(
            code="unreadable_value",
            message=f"指标「{indicator.name}」的{label}「{text}」未能识别",
            evidence=indicator.evidence,
        )
        for label, text in unread
    ]
