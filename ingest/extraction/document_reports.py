"""The reports of one document: which of its parts are reports, and what they have in common."""

from __future__ import annotations

import re
from decimal import Decimal

from ingest.characters import fold
from ingest.extraction.identity.titles import read_title
from ingest.extraction.listed_projects import ListedProjects, without_project
from ingest.extraction.parts.finding import ReportPart, find_parts
from ingest.extraction.parts.scored_fragments import is_scored_fragment, only_promises_points
from ingest.extraction.report import CONFIDENCE_OF_A_PART, read_report
from ingest.extraction.source import ReportSource
from ingest.records import Evidence, FundingLine, Region, ReportRecord, stable_id

_WORDS_OF_A_REPORT = ("绩效", "績效", "自评")
_CHAPTERS_OF_A_REPORT = 3
_CHAPTERS_OF_A_FRAGMENT = 2
# Chapters that only reports on what was done with money have; 问题 and 说明 stand in any paper.
_RESULTS = frozenset({"performance", "completion", "benefit", "goal_result", "conclusion"})
_CONFIDENCE_OF_THE_SHARED = 0.85
_CONFIDENCE_OF_A_PAYER_ABOVE = 0.7
_CONFIDENCE_OF_A_COMMON_NAME = 0.7
_CENTRAL_ALONE = re.compile(
    r"^(?!.*(?:省级|市级|县级|[和、与及]省))[^\n]*中央(?:财政|对地方)?[^、和与及\n]*?(?:资金|转移支付|补助|专项)"
)
_SCORE_OF_A_PROJECT = re.compile(
    r"(?:^|[。；;，,\n])\s*(?P<told>(?:(?:项目|专项)[一二三四五六七八九\d])?(?:绩效|项目)?(?:(?:自评|评价|综合|最终|总)*(?:得分|评分)|自评)为?[:：]?"
    r"(?P<points>\d{2,3}(?:\.\d+)?)分)(?=[。；;，,、\n]|$)"
)
# Fewer points are those of a part of it.
_LOWEST = 50


def read_reports(source: ReportSource, sha256: str) -> list[ReportRecord]:
    """The records of the parts that are reports; what the document says once holds for each of them."""
    parts = find_parts(source)
    first = read_report(parts[0])
    listed = ListedProjects(source, first, parts)
    projects = [_with_identity_of(record, first) for record in listed.records]
    reports: list[ReportRecord] = []
    for part in parts:
        if part.is_listed:
            continue
        report = first if part is parts[0] else _with_score_told(_with_identity_of(read_report(part), first), part)
        if _is_report(report, part):
            report = listed.added_to(listed.left_of(report, part), part)
            report = listed.with_sum_of_all(report) if part is parts[0] else report
            reports.append(_with_payer_told_above(report, part, source))
    if _is_report(first, parts[0]) and _has_chapters_of_projects(parts):
        reports[0] = without_project(reports[0])
    is_dealt_out = any(part.is_listed or part.listed for part in parts)
    if len(projects) > 1 and reports:
        reports[0] = _with_common_name(reports[0])
    return _numbered([*(filter(_states_figures, reports) if is_dealt_out else reports), *projects], sha256)


def _with_score_told(report: ReportRecord, part: ReportPart) -> ReportRecord:
    """`预算15万元，支出14万元，得分98分。`: of several projects each is told with its one score, under no heading."""
    told = list(_SCORE_OF_A_PROJECT.finditer(fold(part.prose.text))) if part.name is not None else []
    if report.evaluation.total_score is not None or len(told) != 1 or not _LOWEST <= Decimal(told[0]["points"]) <= 100:
        return report
    start, end = told[0].span("told")
    place = part.whole.place(start, end, "listed_score", CONFIDENCE_OF_A_PART)
    evaluation = report.evaluation.model_copy(update={"total_score": Decimal(told[0]["points"])})
    places = {**report.field_evidence, "evaluation.total_score": place}
    return report.model_copy(update={"evaluation": evaluation, "field_evidence": places})


def _with_payer_told_above(report: ReportRecord, part: ReportPart, source: ReportSource) -> ReportRecord:
    """Under a title on 中央转移支付 each chapter's fund was given by the centre, without saying so again."""
    title = read_title(source) if part.name is not None else None
    if title is None or not _CENTRAL_ALONE.search(title.text):
        return report
    if any(line.stage == "approved" and line.source != "total" for line in report.funding):
        return report
    funding = tuple(_of_the_centre(line) if line.stage == "approved" else line for line in report.funding)
    return report.model_copy(update={"funding": funding})


def _of_the_centre(line: FundingLine) -> FundingLine:
    place = line.evidence.model_copy(update={"confidence": min(line.evidence.confidence, _CONFIDENCE_OF_A_PAYER_ABOVE)})
    return line.model_copy(update={"source": "central", "evidence": place})


def _has_chapters_of_projects(parts: list[ReportPart]) -> bool:
    """Whether projects have chapters of their own: then the document's title names what they have in common."""
    return any(part.name is not None and not part.is_listed for part in parts)


def _with_common_name(report: ReportRecord) -> ReportRecord:
    """Above a list of projects the title may name what they have in common, and no project."""
    name = report.field_evidence.get("project_name")
    if name is None:
        return report
    place = name.model_copy(update={"confidence": min(name.confidence, _CONFIDENCE_OF_A_COMMON_NAME)})
    return report.model_copy(update={"field_evidence": {**report.field_evidence, "project_name": place}})


def _states_figures(report: ReportRecord) -> bool:
    return bool(
        report.funding
        or report.indicators
        or report.evaluation.total_score is not None
        or report.execution.stated_rate_pct is not None
    )


def _is_report(report: ReportRecord, part: ReportPart) -> bool:
    """A form with figures; or a text that speaks of 绩效 or 自评 and has figures, the outline or the title of a report.

    A report whose figures could not be read is still one: it is loaded with its warnings, not lost. The tail of a
    report need not name it: a conclusion among chapters of a report tells it, or the scores of its headings.
    """
    speaks_of_it = any(word in part.whole.text for word in _WORDS_OF_A_REPORT)
    if part.form is not None and _states_figures(report):
        # A price list has sums and a total as well; money by stages and levels of indicators are of these forms alone.
        has_levels = any(indicator.level1 or indicator.level2 for indicator in report.indicators)
        return speaks_of_it or has_levels or len({line.stage for line in report.funding}) > 1
    if part.name is not None:
        return True
    source = part.prose
    known = {heading.section for heading in source.outline.headings if heading.section}
    if not speaks_of_it:
        is_tail = bool(known & _RESULTS) and len(known) >= _CHAPTERS_OF_A_FRAGMENT
        return (is_tail or is_scored_fragment(source)) and _states_figures(report)
    has_title = read_title(source) is not None
    if not has_title and not report.funding and report.evaluation.total_score is None and only_promises_points(source):
        return False
    names_itself = has_title and bool(known or report.warnings)
    return _states_figures(report) or len(known) >= _CHAPTERS_OF_A_REPORT or names_itself


def _numbered(reports: list[ReportRecord], sha256: str) -> list[ReportRecord]:
    """The reports with their ordinals in the document and the ids that follow from them."""
    return [
        report.model_copy(update={"ordinal": ordinal, "report_id": stable_id(sha256, ordinal)})
        for ordinal, report in enumerate(reports, start=1)
    ]


def _with_identity_of(report: ReportRecord, first: ReportRecord) -> ReportRecord:
    """What the document says once, of all its reports: year, unit, region where this report does not name its own."""
    missing = [
        field
        for field in ("fiscal_year", "unit", "department")
        if getattr(report, field) is None and getattr(first, field) is not None
    ]
    update: dict[str, object] = {field: getattr(first, field) for field in missing}
    if not _names_a_place(report.region) and _names_a_place(first.region):
        update["region"] = first.region
        missing += [field for field in first.field_evidence if field.startswith("region.")]
    places = {field: _less_sure(first.field_evidence[field]) for field in missing if field in first.field_evidence}
    return report.model_copy(update={**update, "field_evidence": {**places, **report.field_evidence}})


def _names_a_place(region: Region) -> bool:
    return any((region.province, region.city, region.county))


def _less_sure(place: Evidence) -> Evidence:
    return place.model_copy(update={"confidence": min(place.confidence, _CONFIDENCE_OF_THE_SHARED)})
