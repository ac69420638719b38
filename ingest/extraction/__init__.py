"""Document → record: one module per thing that is read, wordings from the lexicon, every value with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest import __version__
from ingest.errors import LayoutError
from ingest.extraction.document_reports import read_reports
from ingest.extraction.identity.titles import read_title
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading.document import Document
from ingest.records import DocumentFacts, DocumentRecord

if TYPE_CHECKING:
    from ingest.manifest import Manifest


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
    reports = read_reports(source, document.sha256)
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


__all__ = ["extract_document"]
