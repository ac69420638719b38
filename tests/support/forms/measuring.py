"""Generated documents through the product's reading, compared with their truth by the rules of `fundperf evaluate`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ingest.accuracy import Accuracy, LabelledCase, evaluate
from ingest.accuracy.labels import Label
from ingest.accuracy.stated import StatedReport
from ingest.extraction import extract_document
from ingest.lexicon import Lexicon
from ingest.reading import read_document
from ingest.reading.document import Document
from ingest.records import DocumentRecord
from tests.support.forms import GeneratedDocument
from tests.support.forms.as_text import Flatten, as_text

Render = Callable[[GeneratedDocument], Document]


def flattened(flatten: Flatten) -> Render:
    """A rendering that lost the table, as a text file that is read again."""
    return lambda document: read_document(as_text(document, flatten).encode(), "form.txt")


def measure(documents: Iterable[GeneratedDocument], renderings: Mapping[str, Render], lexicon: Lexicon) -> Accuracy:
    """Every document in every rendering; a case's layout is `LAYOUT RENDERING`, its name ends in the seed."""
    made: dict[str, tuple[GeneratedDocument, Render]] = {}
    cases = []
    for document in documents:
        for rendering, render in renderings.items():
            name = f"{document.layout} {rendering} {document.seed}"
            made[name] = document, render
            cases.append(LabelledCase(name, Path(name), f"{document.layout} {rendering}", _label(document)))

    def read(case: LabelledCase) -> DocumentRecord:
        document, render = made[case.name]
        return extract_document(render(document), lexicon=lexicon)

    return evaluate(cases, read)


def _label(document: GeneratedDocument) -> Label:
    projects = tuple(StatedReport.of_label(project) for project in document.label.get("projects", ()))
    return Label(StatedReport.of_label(document.label), projects)
