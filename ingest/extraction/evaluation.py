"""The self-evaluation's own result: total, grade, conclusion.

Reports also print the points of single indicators, full marks, other years' scores and whole grading scales. A total
or a grade is read only when exactly one candidate is left; several different ones are a warning and no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.indicators import parse_points
from ingest.extraction.source import ReportSource, Sentence
from ingest.records import Evaluation, Evidence, ReportWarning

# A bracket behind the label holds the full mark: 自评总分（100分）：97.5分.
_SCORE = re.compile(
    r"(?:\s*[（(][^（）()]{0,8}[)）])?[为是达到得\s:：]{0,4}(?P<points>\d{1,3}(?:\.\d+)?)(?![\d.%])\s*分?(?!\s*[-—~～至到]\s*\d)"
)
_GRADE_LEAD = re.compile(r"[为是\s:：“\"「『]{0,4}")
_GRADE_ENDS = re.compile(r"(?:级|等次|等)?(?:[\s，,。；;.”\"」』）)]|$)")
_HIGHEST_TOTAL = 120
_REACH_BACK = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: object
    place: Evidence
    is_full_mark: bool = False


def read_evaluation(
    report: ReportSource, sentences: list[Sentence]
) -> tuple[Evaluation, dict[str, Evidence], list[ReportWarning]]:
    """Total, grade and conclusion with their places; each null where the report says nothing or contradicts itself."""
    statements = list(_statements(report, sentences))
    totals = _without_full_marks(list(_totals(report, statements)))
    grades = list(_grades(report, statements))
    conclusion = _conclusion(report)
    places: dict[str, Evidence] = {}
    values: dict[str, object] = {}
    warnings = []
    for field, code, found in (
        ("total_score", "several_totals", totals),
        ("grade", "several_grades", grades),
        ("conclusion", "", [conclusion] if conclusion else []),
    ):
        if len({candidate.value for candidate in found}) == 1:
            values[field], places[f"evaluation.{field}"] = found[0].value, found[0].place
        elif found:
            warnings.append(_several(code, found))
    return Evaluation.model_validate(values), places, warnings


def _several(code: str, found: list[_Candidate]) -> ReportWarning:
    printed = "、".join(dict.fromkeys(candidate.place.text for candidate in found))
    return ReportWarning(
        code=code,
        message=f"有几处不同的结果：{printed}，未取其一",
        evidence=found[0].place,
        places=tuple(candidate.place for candidate in found[1:]),
    )


def _statements(report: ReportSource, sentences: list[Sentence]) -> Iterator[tuple[str, int]]:
    """Every text that may state a result: sentences, and headings with the rest of their line (自评得分：97.5分)."""
    yield from (
        (sentence.text, sentence.start)
        for sentence in sentences
        if not any(heading.level2 for heading in sentence.passage.headings)
    )
    for heading in report.outline.headings:
        end = report.text.find("\n", heading.start)
        yield report.text[heading.start : end if end >= 0 else None], heading.start


def _totals(report: ReportSource, statements: list[tuple[str, int]]) -> Iterator[_Candidate]:
    for text, start in statements:
        folded = fold(text)
        if _speaks_of_an_indicator(folded, report):
            continue
        for label in report.lexicon.find("total_score", folded):
            match = _SCORE.match(folded, label.end)
            points = parse_points(match["points"]) if match else None
            if match is None or points is None or points > _HIGHEST_TOTAL:
                continue
            if _is_of_something_else(folded[max(0, label.start - _REACH_BACK) : label.start], report):
                continue
            place = report.place(start + label.start, start + match.end(), "prose_label", 0.97)
            full_mark = report.lexicon.canonical("full_mark", label.wording) if points == Decimal(100) else None
            if full_mark != "always":
                yield _Candidate(points, place, is_full_mark=full_mark is not None)


def _without_full_marks(found: list[_Candidate]) -> list[_Candidate]:
    """自评总分100分 beside another score names the full mark; alone it is the score. 总分100 is never a score."""
    others = [candidate for candidate in found if not candidate.is_full_mark]
    return others or found


def _speaks_of_an_indicator(text: str, report: ReportSource) -> bool:
    kinds = {hit.canonical for hit in report.lexicon.find("column", text)}
    return bool(kinds & {"target", "weight"}) or bool(report.lexicon.find("rate", text))


def _is_of_something_else(before: str, report: ReportSource) -> bool:
    return any(report.lexicon.find(role, before) for role in ("not_this_year", "not_this_project"))


def _grades(report: ReportSource, statements: list[tuple[str, int]]) -> Iterator[_Candidate]:
    for text, start in statements:
        folded = fold(text)
        for label in report.lexicon.find("grade_label", folded):
            lead = _GRADE_LEAD.match(folded, label.end)
            behind = lead.end() if lead else label.end
            grade = report.lexicon.first("grade", folded[behind : behind + 4])
            if grade is None or grade.start != 0 or not _GRADE_ENDS.match(folded, behind + grade.end):
                continue
            if _is_of_something_else(folded[max(0, label.start - _REACH_BACK) : label.start], report):
                continue
            end = behind + grade.end
            place = report.place(start + label.start, start + end, "prose_label", 0.97)
            yield _Candidate(text[behind:end], place)


def _conclusion(report: ReportSource) -> _Candidate | None:
    for section in ("conclusion", "score"):
        passages = [passage for passage in report.outline.passages if passage.section == section]
        if passages:
            start, end = passages[0].start, passages[-1].start + len(passages[-1].text)
            return _Candidate(report.text[start:end], report.place(start, end, "section", 0.95))
    return None
