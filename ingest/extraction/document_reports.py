"""The reports of one document: which of its parts are reports, and what they have in common."""

from __future__ import annotations

from ingest.extraction.identity.titles import read_title
from ingest.extraction.listed_projects import read_listed_projects, without_sums_of
from ingest.extraction.parts import ReportPart, find_parts
from ingest.extraction.report import read_report
from ingest.extraction.source import ReportSource
from ingest.records import Evidence, Region, ReportRecord, stable_id

_WORDS_OF_A_REPORT = ("绩效", "績效", "自评")
_CHAPTERS_OF_A_REPORT = 3
_CHAPTERS_OF_A_FRAGMENT = 2
# Chapters that only reports on what was done with money have; 问题 and 说明 stand in any paper.
_RESULTS = frozenset({"performance", "completion", "benefit", "goal_result", "conclusion"})
_CONFIDENCE_OF_THE_SHARED = 0.85


def read_reports(source: ReportSource, sha256: str) -> list[ReportRecord]:
    """The records of the parts that are reports; what the document says once holds for each of them."""
    first: ReportRecord | None = None
    reports: list[ReportRecord] = []
    listed: list[ReportPart] = []
    for part in find_parts(source):
        if part.is_listed and first is not None:
            listed.append(part)
            continue
        report = read_report(part)
        if first is not None:
            report = _with_identity_of(report, first)
        first = first or report
        if _is_report(report, part):
            reports.append(report)
    if first is None or not listed:
        return _numbered(reports, sha256)
    projects = [_with_identity_of(project, first) for project in read_listed_projects(listed, first)]
    reports = [without_sums_of(projects, report) for report in reports]
    return _numbered([*filter(_states_figures, reports), *projects], sha256)


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
    report need not name it: a conclusion among chapters of a report tells it.
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
        return bool(known & _RESULTS) and len(known) >= _CHAPTERS_OF_A_FRAGMENT and _states_figures(report)
    names_itself = read_title(source) is not None and bool(known or report.warnings)
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
    if report.region == Region():
        update["region"] = first.region
        missing += [field for field in first.field_evidence if field.startswith("region.")]
    places = {field: _less_sure(first.field_evidence[field]) for field in missing if field in first.field_evidence}
    return report.model_copy(update={**update, "field_evidence": {**places, **report.field_evidence}})


def _less_sure(place: Evidence) -> Evidence:
    return place.model_copy(update={"confidence": min(place.confidence, _CONFIDENCE_OF_THE_SHARED)})
