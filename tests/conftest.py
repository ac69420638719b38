"""Where the material lies that tests read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extraction import extract_document
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading import read_document
from ingest.records import DocumentRecord

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "reports"
# Real reports of others: beside the checkout on the project's own machines, never part of the project.
REAL_REPORTS = ROOT.parent / "shared" / "reports"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """The packaged lexicon."""
    return load_lexicon()


@pytest.fixture(scope="session")
def real_reports() -> Path:
    """The folder with the two real reports of 2020 and 2023; skips where it does not exist."""
    if not REAL_REPORTS.is_dir():
        pytest.skip("the two real reports are not published with the project")
    return REAL_REPORTS


def extract_file(path: Path) -> DocumentRecord:
    """Read and extract one file of text."""
    return extract_document(read_document(path.read_bytes(), path.name))


def extract_text(text: str, file_name: str = "report.txt") -> DocumentRecord:
    """Read and extract a text written in a test."""
    return extract_document(read_document(text.encode("utf-8"), file_name))
