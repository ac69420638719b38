"""The self-evaluation's own result: total, grade, conclusion."""

from __future__ import annotations

import re

from ingest.characters import fold
from ingest.extraction.indicators import parse_points
from ingest.extraction.source import ReportSource, Sentence
from ingest.records import Evaluation, Evidence

_SCORE = re.compile(r"[（(]?分?[)）]?[为是达到得\s:：]{0,4}(?P<points>\d{1,3}(?:\.\d{1,4})?)\s*分?(?![\d%])")
_GRADE_LEAD = re.compile(r"[为是\s:：“\"「『]{0,4}")
_HIGHEST_TOTAL = 120


def read_evaluation(report: ReportSource, sentences: list[Sentence]) -> tuple[Evaluation, dict[str, Evidence]]:
    """Total, grade and conclusion with their places; each null where the report says nothing."""
    places: dict[str, Evidence] = {}
    values: dict[str, object] = {}
    for field, found in (
        ("total_score", _find_total(report, sentences)),
        ("grade", _find_grade(report, sentences)),
        ("conclusion", _find_conclusion(report)),
    ):
        if found is not None:
            values[field], places[f"evaluation.{field}"] = found
    return Evaluation.model_validate(values), places


def _find_total(report: ReportSource, sentences: list[Sentence]) -> tuple[object, Evidence] | None:
    for sentence in sentences:
        folded = fold(sentence.text)
        for label in report.lexicon.find("total_score", folded):
            match = _SCORE.match(folded, label.end)
            points = parse_points(match["points"]) if match else None
            if match is not None and points is not None and points <= _HIGHEST_TOTAL:
                start, end = sentence.start + label.start, sentence.start + match.end()
                return points, report.place(start, end, "prose_label", 0.97)
    return None


def _find_grade(report: ReportSource, sentences: list[Sentence]) -> tuple[object, Evidence] | None:
    for sentence in sentences:
        folded = fold(sentence.text)
        for label in report.lexicon.find("grade_label", folded):
            lead = _GRADE_LEAD.match(folded, label.end)
            behind = lead.end() if lead else label.end
            grade = report.lexicon.first("grade", folded[behind : behind + 4])
            if grade is not None and grade.start == 0:
                end = behind + grade.end
                place = report.place(sentence.start + label.start, sentence.start + end, "prose_label", 0.97)
                return sentence.text[behind:end], place
    return None


def _find_conclusion(report: ReportSource) -> tuple[object, Evidence] | None:
    for section in ("conclusion", "score"):
        passages = [passage for passage in report.outline.passages if passage.section == section]
        if passages:
            start, end = passages[0].start, passages[-1].start + len(passages[-1].text)
            return report.text[start:end], report.place(start, end, "section", 0.95)
    return None
