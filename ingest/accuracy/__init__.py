"""How well documents are read: labelled cases → precision and recall of every field.

A labelled case is a document and, beside it under the same name, a JSON file that says what a person read in it. The
product's own reading and extraction read the document; what they say is compared with the label, value by value.
The rules of comparing stand in `comparing` and `matching`, and for people in `docs/accuracy.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ingest.accuracy.labels import LabelledCase, find_cases
from ingest.accuracy.matching import compare_document
from ingest.accuracy.scoring import Accuracy, CaseResult
from ingest.accuracy.stated import StatedReport, review_places
from ingest.defects import defects_named
from ingest.errors import FundPerfError
from ingest.lexicon import Lexicon
from ingest.records import DocumentRecord, ReportRecord

Read = Callable[[LabelledCase], DocumentRecord]
"""How a labelled document becomes a record."""


def evaluate(cases: Iterable[LabelledCase], read: Read) -> Accuracy:
    """Read every case and compare it with its label. A refused document misses all that its label states."""
    return Accuracy(tuple(_evaluate_case(case, read) for case in cases))


def reading_with(lexicon: Lexicon) -> Read:
    """The product's own reading and extraction with one lexicon."""
    from ingest.extraction import extract_document
    from ingest.reading import read_document

    def read(case: LabelledCase) -> DocumentRecord:
        return extract_document(read_document(case.document.read_bytes(), case.document.name), lexicon=lexicon)

    return read


def _evaluate_case(case: LabelledCase, read: Read) -> CaseResult:
    reports: tuple[ReportRecord, ...] = ()
    refusal = None
    try:
        with defects_named(case.name):
            reports = read(case).reports
    except FundPerfError as error:
        refusal = _reason(error)
    return CaseResult(
        case=case,
        outcomes=tuple(compare_document(case.label, [StatedReport.of_record(report) for report in reports])),
        refusal=refusal,
        has_review_row=refusal is not None or any(review_places(report) for report in reports),
    )


def _reason(error: FundPerfError) -> str:
    """The code, which for a defect does not say enough: with type and place."""
    defect = error.facts.get("defect")
    return error.code if defect is None else f"{error.code} ({defect})"


__all__ = ["Accuracy", "LabelledCase", "Read", "evaluate", "find_cases", "reading_with"]
