"""The self-evaluation's own result: total, grade, conclusion.

Reports also print the points of single indicators, full marks, other years' scores and whole grading scales. A total
or a grade is read only when exactly one candidate is left; several different ones are a warning and no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.grade_scales import grade_scale_at
from ingest.extraction.printed_values import parse_points
from ingest.extraction.source import (
    ReportFacts,
    ReportSource,
    Sentence,
    closes_the_report,
    is_of_another_year,
    last_clause,
)
from ingest.lexicon import Hit
from ingest.records import Evaluation, Evidence, ReportWarning

# A bracket behind the label holds the full mark: 自评总分（100分）：97.5分.
_SCORE = re.compile(
    r"(?:\s*[（(][^（）()]{0,8}[)）])?[为是达到得\s:：]{0,4}(?P<points>\d{1,3}(?:\.\d+)?)(?![\d.%])\s*分?(?!\s*[-—~～至到]\s*\d)"
)
_GRADE_LEAD = re.compile(r"[为是\s:：“\"「『]{0,4}")
# 得分92.5分，为优; 得分92.5分（良）: a grade may stand right behind the score.
_GRADE_BEHIND = re.compile(r"[，,、（(\s]{0,2}(?:为|属|属于|评为|评定为)?[“\"「『]?")
# 自评为“优”（96分）; 等级为优，得96分.
_TAIL_OF_GRADE = r"[”\"」』]?(?:等级|等次|级|等|档)?"
_SCORE_BEHIND_GRADE = re.compile(
    rf"{_TAIL_OF_GRADE}[，,（(\s]{{1,2}}(?:自评|综合)?(?:得分|得|评分)?[为:：]?(?P<points>\d{{2,3}}(?:\.\d+)?)分"
)
_BEGINS_A_CLAUSE = re.compile(r"(?:^|[，,。；;])\s*$")
# 我单位对该项目自评为93分, 某局2021年度整体支出绩效自评94分: who judges what, and for which year, may stand before.
_NEAR_THE_BEGINNING = re.compile(
    r"(?:^|[，,。；;])(?:[^，,。；;\d]{0,14}(?:对|项目)|[^，,。；;\d]{0,24}(?:19|20)\d{2}\s?年度?)?\s*$"
)
# 等级为“优”的3个 counts projects.
_GRADE_ENDS = re.compile(rf"(?!{_TAIL_OF_GRADE}的){_TAIL_OF_GRADE}(?:[\s，,。；;.”\"」』（()）]|$)")
_PROJECT = "项目"
_NAMES_EVALUATION = re.compile("自评|评价")
_ENDS_A_SENTENCE = "。；; "
_LONGEST_GRADE = 4
_LONGEST_SCORE_ALONE = 24
_FULL_MARK = Decimal(100)
# Extra points may lift a total above its full mark.
_HIGHEST_TOTAL = 120
# Fewer points without the word 总 are those of a block or of one indicator.
_LOWEST_BARE_TOTAL = 55
_REACH_BACK = 8
_SECTIONS_OF_THE_RESULT = ("conclusion", "score")
_SURE, _LIKELY = 0.97, 0.85


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: object
    place: Evidence
    is_full_mark: bool = False
    is_of_all: bool = False


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    start: int
    section: str | None = None
    is_text: bool = False


def read_evaluation(
    report: ReportSource, sentences: list[Sentence], facts: ReportFacts
) -> tuple[Evaluation, dict[str, Evidence], list[ReportWarning]]:
    """Total, grade and conclusion with their places; each null where the report says nothing or contradicts itself.

    `facts` tell the results of other years from the report's own.
    """
    statements = list(_statements(report, sentences))
    found_totals = list(_totals(report, statements, facts))
    labelled_grades = list(_grades(report, statements, facts))
    found_totals = found_totals or list(_totals_behind(report, labelled_grades))
    totals = _without_scores_of_parts(_without_full_marks(found_totals))
    grades = [*labelled_grades, *_grades_behind(report, found_totals)]
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


def _statements(report: ReportSource, sentences: list[Sentence]) -> Iterator[_Statement]:
    """Every text that may state a result: sentences, and headings with the rest of their line (自评得分：97.5分)."""
    yield from (
        _Statement(
            sentence.text,
            sentence.start,
            sentence.passage.section,
            is_text=not any(heading.level1 for heading in sentence.passage.headings),
        )
        for sentence in sentences
        if not any(heading.level2 for heading in sentence.passage.headings)
        or _stands_under_the_result(sentence, report)
        or closes_the_report(sentence.passage.text, report.lexicon)
    )
    for heading in report.outline.headings:
        end = report.text.find("\n", heading.start)
        yield _Statement(report.text[heading.start : end if end >= 0 else None], heading.start)


def _stands_under_the_result(sentence: Sentence, report: ReportSource) -> bool:
    """五、自评等级 is no part of the indicator above it, whatever the depth of its number."""
    title = sentence.passage.headings[-1].title
    return any(report.lexicon.first(role, title) is not None for role in ("total_score", "grade_label"))


def _totals(report: ReportSource, statements: list[_Statement], facts: ReportFacts) -> Iterator[_Candidate]:
    for statement in statements:
        folded = fold(statement.text)
        labels = _score_labels(statement, folded, report)
        if not labels or _speaks_of_an_indicator(folded, labels, report):
            continue
        for label in labels:
            match = _SCORE.match(folded, label.end)
            points = parse_points(match["points"]) if match else None
            if match is None or points is None or points > _HIGHEST_TOTAL:
                continue
            if _is_of_something_else(folded[: label.start], report, facts):
                continue
            start, end = statement.start + label.start, statement.start + match.end()
            is_bare = report.lexicon.canonical("total_score", label.wording) is None
            is_of_all = report.lexicon.first("whole_score", label.wording) is not None
            is_of_part = is_bare or (not is_of_all and statement.section not in _SECTIONS_OF_THE_RESULT)
            if is_of_part and points < _LOWEST_BARE_TOTAL:
                continue
            full_mark = report.lexicon.canonical("full_mark", label.wording) if points == _FULL_MARK else None
            if full_mark != "always":
                place = report.place(start, end, "prose_label", _LIKELY if is_bare else _SURE)
                yield _Candidate(points, place, full_mark is not None, is_of_all)


def _score_labels(statement: _Statement, folded: str, report: ReportSource) -> list[Hit]:
    """The words that name the total; under 自评结论 得分 or 自评 alone may begin the one clause that gives it."""
    labels = report.lexicon.find("total_score", folded)
    are_named = any(
        report.lexicon.canonical("full_mark", label.wording) != "always" and _SCORE.match(folded, label.end)
        for label in labels
    )
    if are_named or not _states_the_result(statement, folded, report):
        return labels
    of_parts = any(report.lexicon.find(role, folded) for role in ("level1", "execution_row"))
    bare = [
        label
        for label in report.lexicon.find("bare_score", folded)
        if (_BEGINS_A_CLAUSE if of_parts else _NEAR_THE_BEGINNING).search(_before_judging(folded, label))
        and _SCORE.match(folded, label.end)
        and (not of_parts or report.lexicon.first("whole_score", label.wording) is not None)
    ]
    scores = [label for label in bare if not _states_full_mark(folded, label)]
    scores = scores or [
        label for label in bare if report.lexicon.canonical("form_sum_of_points", label.wording) is None
    ]
    return scores if len(scores) == 1 else labels


def _before_judging(folded: str, label: Hit) -> str:
    """What stands before 自评; the 项目 of 项目自评 may be the end of a project's name (校车运营补贴项目自评93.5分)."""
    is_name = label.wording.startswith(_PROJECT) and not _BEGINS_A_CLAUSE.search(folded[: label.start])
    return folded[: label.start + len(_PROJECT) * is_name]


def _states_full_mark(folded: str, label: Hit) -> bool:
    """合计100分，我局自评95.5分: beside a score, a hundred is what could be reached."""
    match = _SCORE.match(folded, label.end)
    return match is not None and parse_points(match["points"]) == _FULL_MARK


def _states_the_result(statement: _Statement, folded: str, report: ReportSource) -> bool:
    """Under 自评结论, or where the sentence itself says that it sums up or how points were given (按百分制计)."""
    return (
        statement.section in _SECTIONS_OF_THE_RESULT
        or any(report.lexicon.first(role, folded) is not None for role in ("scoring_talk", "grade_label"))
        or closes_the_report(folded, report.lexicon)
        or (statement.is_text and _is_all_said(folded, report))
    )


def _is_all_said(folded: str, report: ReportSource) -> bool:
    """自评97.5分。 as a sentence of its own, below no heading of indicators."""
    label = report.lexicon.leading("bare_score", folded) if len(folded) <= _LONGEST_SCORE_ALONE else None
    match = _SCORE.match(folded, label.end) if label is not None and _NAMES_EVALUATION.search(label.wording) else None
    return match is not None and not folded[match.end() :].strip(_ENDS_A_SENTENCE)


def _without_full_marks(found: list[_Candidate]) -> list[_Candidate]:
    """自评总分100分 beside another score names the full mark; alone it is the score. 总分100 is never a score."""
    others = [candidate for candidate in found if not candidate.is_full_mark]
    return others or found


def _without_scores_of_parts(found: list[_Candidate]) -> list[_Candidate]:
    """综合得分79.6分 beside 评价得分18分, 评价得分16.6分 of single blocks: what is called the whole is the total."""
    of_all = [candidate for candidate in found if candidate.is_of_all]
    are_several = len({candidate.value for candidate in found}) > 1
    return (
        [replace(candidate, place=_doubtful(candidate.place)) for candidate in of_all]
        if of_all and are_several
        else found
    )


def _doubtful(place: Evidence) -> Evidence:
    return place.model_copy(update={"confidence": min(place.confidence, _LIKELY)})


def _speaks_of_an_indicator(text: str, labels: list[Hit], report: ReportSource) -> bool:
    """目标值, 分值 and the like; 分值 in 评价分值 is the name of the total itself."""
    columns = [
        hit
        for hit in report.lexicon.find("column", text)
        if not any(label.start <= hit.start and hit.end <= label.end for label in labels)
    ]
    kinds = {hit.canonical for hit in columns if report.lexicon.canonical("full_mark", hit.wording) is None}
    return bool(kinds & {"target", "weight"})


def _is_of_something_else(before: str, report: ReportSource, facts: ReportFacts) -> bool:
    """Another year's score, another project's, or a mean; the words stand in the clause or, for a year, before it."""
    clause = last_clause(before)
    near = clause[-_REACH_BACK:]
    if any(report.lexicon.find(role, near) for role in ("not_this_year", "not_this_project")):
        return True
    return is_of_another_year(before, report.lexicon, facts) and not report.lexicon.find("this_year", clause)


def _grades(report: ReportSource, statements: list[_Statement], facts: ReportFacts) -> Iterator[_Candidate]:
    for statement in statements:
        folded = fold(statement.text)
        for label in report.lexicon.find("grade_label", folded):
            lead = _GRADE_LEAD.match(folded, label.end)
            behind = lead.end() if lead else label.end
            if _is_of_something_else(folded[: label.start], report, facts):
                continue
            scale = grade_scale_at(folded, behind, len(folded), report.lexicon)
            end = _end_of_grade(folded, behind, report) if scale is None else None
            grade = scale.ticked if scale is not None else None if end is None else (behind, end)
            if grade is not None:
                place = report.place(statement.start + label.start, statement.start + grade[1], "prose_label", 0.97)
                yield _Candidate(statement.text[slice(*grade)], place)


def _grades_behind(report: ReportSource, totals: list[_Candidate]) -> Iterator[_Candidate]:
    text = fold(report.text)
    for total in totals:
        lead = _GRADE_BEHIND.match(text, total.place.end)
        behind = lead.end() if lead else total.place.end
        end = _end_of_grade(text, behind, report) if behind > total.place.end else None
        if end is not None:
            yield _Candidate(report.text[behind:end], report.place(behind, end, "behind_the_score", 0.85))


def _totals_behind(report: ReportSource, grades: list[_Candidate]) -> Iterator[_Candidate]:
    """自评为“优”（96分）: the score may stand right behind the grade."""
    text = fold(report.text)
    for grade in grades:
        match = _SCORE_BEHIND_GRADE.match(text, grade.place.end)
        points = parse_points(match["points"]) if match else None
        if match is not None and points is not None and points <= _HIGHEST_TOTAL:
            yield _Candidate(points, report.place(match.start("points"), match.end(), "behind_the_grade", _LIKELY))


def _end_of_grade(folded: str, start: int, report: ReportSource) -> int | None:
    """Where the grade ends that begins at `start`; None where no grade stands there on its own."""
    grade = report.lexicon.leading("grade", folded[start : start + _LONGEST_GRADE])
    if grade is None or not _GRADE_ENDS.match(folded, start + grade.end):
        return None
    return start + grade.end


def _conclusion(report: ReportSource) -> _Candidate | None:
    for section in _SECTIONS_OF_THE_RESULT:
        passages = [passage for passage in report.outline.passages if passage.section == section]
        if passages:
            start = passages[0].start
            ends = [passage.start + len(passage.text) for passage in passages]
            # A form or another report may stand between two passages: the conclusion ends before it.
            end = max(place for place in ends if report.is_whole(start, place))
            return _Candidate(report.text[start:end], report.place(start, end, "section", 0.95))
    return None
