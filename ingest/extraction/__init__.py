"""Document → record: one module per thing that is read, wordings from the lexicon, every value with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest import __version__
from ingest.errors import LayoutError
from ingest.extraction.citations import read_citations
from ingest.extraction.contradictions import warn_of_conflicting_lines, warn_of_cost_sum, warn_of_goal_amount
from ingest.extraction.evaluation import read_evaluation
from ingest.extraction.execution import read_execution
from ingest.extraction.findings import read_findings, warn_of_empty_headings, warn_of_unknown_headings
from ingest.extraction.funding import read_figures, read_money
from ingest.extraction.happenings import evaluated_on, read_events, read_parties
from ingest.extraction.identity import read_identity, read_title, warn_of_further_reports
from ingest.extraction.indicators import read_indicators
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading.document import Document
from ingest.records import DocumentFacts, DocumentRecord, Execution, Mention, ReportRecord, ReportWarning, stable_id

if TYPE_CHECKING:
    from ingest.manifest import Manifest

_MARKS_OF_A_FORM = 2
_LABELS_OF_A_ROW = 4
_PROSE = re.compile("[。，]")
_SHORTEST_PROSE = 16
_CLOSING = re.compile(r"[。.！!？?；;：:…）)》”\"」』]$")


def extract_document(
    document: Document, manifest: Manifest | None = None, lexicon: Lexicon | None = None
) -> DocumentRecord:
    """Read the report in a document.

    Args:
        document: what a reader made of the bytes.
        manifest: what somebody states about the document that it does not say itself.
        lexicon: wordings; the packaged ones by default.

    Raises:
        LayoutError: nothing in the text is a self-evaluation.
    """
    source = ReportSource.of(document, lexicon or load_lexicon())
    _refuse_form(document, source)
    report = _read_report(source, stable_id(document.sha256, 1))
    if not _is_report(report, source):
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
    record = DocumentRecord(document=facts, reports=(report,))
    return manifest.apply(record) if manifest is not None else record


def _read_report(source: ReportSource, report_id: str) -> ReportRecord:
    sentences = list(source.sentences())
    identity = read_identity(source, sentences)
    indicators, unreadable, prose = read_indicators(source, sentences)
    year, project = identity.values.get("fiscal_year"), identity.values.get("project_name")
    facts = ReportFacts(
        fiscal_year=year if isinstance(year, int) else None, project_name=project if isinstance(project, str) else None
    )
    funding, money, unclear_money = read_money(source, prose, facts)
    execution, unclear_rates = read_execution(source, prose, facts)
    evaluation, evaluation_places, unclear_results = read_evaluation(source, prose)
    events = read_events(source, prose)
    evaluated = evaluated_on(events)
    warnings = [
        *_warn_of_damage(source),
        *_warn_of_sudden_end(source),
        *unreadable,
        *unclear_money,
        *unclear_rates,
        *unclear_results,
        *warn_of_conflicting_lines(funding),
        *warn_of_goal_amount(funding, money),
        *warn_of_cost_sum(funding, indicators, source.lexicon),
        *warn_of_further_reports(source),
        *warn_of_empty_headings(source),
        *warn_of_unknown_headings(source),
    ]
    places = identity.places | evaluation_places
    if evaluated is not None:
        places["evaluated_on"] = evaluated.evidence
    return ReportRecord.model_validate(
        {
            **identity.values,
            "report_id": report_id,
            "ordinal": 1,
            "evaluated_on": evaluated.date if evaluated else None,
            "funding": funding,
            "execution": execution,
            "indicators": indicators,
            "evaluation": evaluation,
            "findings": read_findings(source),
            "citations": read_citations(source),
            "parties": read_parties(source, prose),
            "events": events,
            "mentions": _mentions(money, read_figures(source, prose), execution),
            "warnings": warnings,
            "field_evidence": places,
        }
    )


def _refuse_form(document: Document, source: ReportSource) -> None:
    """A form whose grid has been flattened into text: its cells cannot be told apart by reading prose."""
    lines = [line for line in source.text.split("\n") if not _PROSE.search(line)]
    marks = {
        hit.canonical
        for line in lines
        for hit in source.lexicon.find("form_mark", line)
        # 一级指标3个 counts indicators; a column's heading is followed by no number.
        if not line[hit.end :].lstrip()[:1].isdigit()
    }
    if len(marks) >= _MARKS_OF_A_FORM or any(_is_header_row(line, source.lexicon) for line in lines):
        raise LayoutError(
            "form_layout",
            zh=f"{document.file_name}：这是表格式自评表，目前只能读取文字报告。请将该表整理为 JSON Lines 记录后导入。",
            en=f"{document.file_name}: this is a form in a table, and only reports in prose can be read yet. "
            "Ingest it as JSON Lines records.",
            file_name=document.file_name,
            marks=sorted(marks),
        )


def _is_header_row(line: str, lexicon: Lexicon) -> bool:
    """年初预算数 全年预算数 全年执行数 分值 执行率 得分: nothing but labels, side by side."""
    hits = [*lexicon.find("stage", line), *lexicon.find("column", line), *lexicon.find("rate", line)]
    labelled = sum(hit.end - hit.start for hit in hits)
    return len(hits) >= _LABELS_OF_A_ROW and labelled * 2 > len(re.sub(r"[\s|]", "", line))


def _mentions(money: list[Mention], figures: list[Mention], execution: Execution) -> list[Mention]:
    """All figures of the prose in the order of the text; the execution rate is a value of its own."""
    rate = execution.evidence
    others = [
        figure
        for figure in figures
        if rate is None or not (rate.start <= figure.evidence.start and figure.evidence.end <= rate.end)
    ]
    return sorted([*money, *others], key=lambda mention: mention.evidence.start)


def _states_figures(report: ReportRecord) -> bool:
    return bool(
        report.funding
        or report.indicators
        or report.evaluation.total_score is not None
        or report.execution.stated_rate_pct is not None
    )


def _is_report(report: ReportRecord, source: ReportSource) -> bool:
    """A text that speaks of 绩效, and states figures, has the outline of a report, or calls itself one in its title.

    A report whose figures could not be read is still one: it is loaded with its warnings, not lost.
    """
    speaks_of_it = "绩效" in source.text or "績效" in source.text
    known = {heading.section for heading in source.outline.headings if heading.section}
    names_itself = read_title(source) is not None and bool(known or report.warnings)
    return speaks_of_it and (_states_figures(report) or len(known) >= 3 or names_itself)


def _warn_of_damage(source: ReportSource) -> list[ReportWarning]:
    if "damaged_characters" not in source.remarks:
        return []
    start = max(source.text.find("\ufffd"), 0)
    return [
        ReportWarning(
            code="damaged_characters",
            message="文中有无法还原的字符，文件可能被截断或损坏",
            evidence=source.place(start, start + 1, "reading", 1.0),
        )
    ]


def _warn_of_sudden_end(source: ReportSource) -> list[ReportWarning]:
    """The last line is prose and stops without a full stop: the file was probably cut."""
    last = source.outline.passages[-1] if source.outline.passages else None
    text = last.text.rstrip() if last else ""
    if last is None or len(text) < _SHORTEST_PROSE or not re.search(r"[，,、。；;]", text) or _CLOSING.search(text):
        return []
    return [
        ReportWarning(
            code="text_ends_in_the_middle",
            message=f"全文在「{text[-12:]}」处中断，文件可能不完整",
            evidence=source.place(last.start + len(text) - 12, last.start + len(text), "reading", 0.7),
        )
    ]


__all__ = ["extract_document"]
