"""Where the material lies that tests read."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from ingest.extraction import extract_document
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading import read_document
from ingest.records import DocumentRecord
from tests.support.dbt_runs import KEPT_PROJECT

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "reports"
# Real reports of others: beside the checkout on the project's own machines, never part of the project.
REAL_REPORTS = ROOT.parent / "shared" / "reports"

_WITH_OWN_BUILDS = ("test_killed_runs.py", "test_review.py", "test_wheel.py")


def pytest_configure(config: pytest.Config) -> None:
    """One folder for all workers: what dbt understands of the project is kept there (`tests/support/dbt_runs.py`)."""
    if not hasattr(config, "workerinput"):
        os.environ[KEPT_PROJECT] = tempfile.mkdtemp(prefix="fundperf-project-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """The folder goes with the test run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(KEPT_PROJECT), ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests that share a build stay on one worker: a file each, together those of the folders below.

    Some files of the end-to-end tests have builds of their own.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByBuild(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            folder = file.rpartition("/")[0]
            shares_a_build = folder in ("tests/end_to_end", "tests/integration/golden", "tests/integration/models")
            return folder if shares_a_build and not file.endswith(_WITH_OWN_BUILDS) else file

    return ByBuild(config, log)


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
