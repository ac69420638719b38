"""Document → record: one module per thing that is read, wordings from the lexicon, every value with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest import __version__
from ingest.errors import LayoutError
from ingest.extraction.identity.titles import read_title
from ingest.extraction.parts import ReportPart, find_parts
from ingest.extraction.report import numbered, read_listed_project, read_report, with_identity_of, without_sums_of
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading.document import Document
from ingest.records import DocumentFacts, DocumentRecord, ReportRecord

if TYPE_CHECKING:
    from ingest.manifest import Manifest

_WORDS_OF_A_REPORT = ("绩效", "績效", "自评", "自評")
_CHAPTERS_OF_A_REPORT = 3
_CHAPTERS_OF_A_FRAGMENT = 2
# Chapters that only reports on what was done with money have; 问题 and 说明 stand in any paper.
_RESULTS = frozenset({"performance", "completion", "benefit", "goal_result", "conclusion"})


def extract_document(
    document: Document, manifest: Manifest | None = None, lexicon: Lexicon | None = None
) -> DocumentRecord:
    """Read the reports in a document.

    Args:
        document: what a reader made of the bytes.
        manifest: what somebody states about the document that it does not say itself.
        lexicon: wordings; the packaged ones by default.

    Raises:
        LayoutError: nothing in the text is a self-evaluation.
    """
    source = ReportSource.of(document, lexicon or load_lexicon())
    reports = _read_parts(find_parts(source), document.sha256)
    if not reports:
        raise LayoutError(
            "no_report",
            zh=f"{document.file_name}：文中没有绩效自评报告的资金、指标或评价内容。若确为自评材料，请换用原始文件。",
            en=f"{document.file_name}: no funding, indicators or evaluation of a self-evaluation in the text. "
            "If it is one, use the original file.",
            file_name=document.file_name,
        )
    title = read_title(source)
    facts = DocumentFacts(
        sha256=document.sha256,
        file_name=document.file_name,
        media_type=document.media_type,
        title=title[0] if title else None,
        page_count=document.page_count,
        char_count=len(source.text),
        extractor=f"fundperf {__version__}",
        canonical_text=source.text,
    )
    record = DocumentRecord(document=facts, reports=tuple(reports))
    return manifest.apply(record) if manifest is not None else record


def _read_parts(parts: list[ReportPart], sha256: str) -> list[ReportRecord]:
    """The records of the parts that are reports; what the document says once holds for each of them."""
    first: ReportRecord | None = None
    reports: list[ReportRecord] = []
    listed: list[ReportRecord] = []
    for part in parts:
        if part.is_listed and first is not None:
            listed.append(with_identity_of(read_listed_project(part, first), first))
            continue
        report = read_report(part)
        if first is not None:
            report = with_identity_of(report, first)
        first = first or report
        if _is_report(report, part):
            reports.append(report)
    if listed and reports:
        reports = [without_sums_of(listed, report) for report in reports]
        reports = [report for report in reports if _states_figures(report)]
    return numbered([*reports, *listed], sha256)


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


__all__ = ["extract_document"]
