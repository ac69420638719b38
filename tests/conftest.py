"""Where the material lies that tests read."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ingest.extraction import extract_document
from ingest.lexicon import Lexicon, load_lexicon
from ingest.reading import read_document
from ingest.records import DocumentRecord
from tests.support.dbt_runs import KEPT_PROJECT
from warehouse import cli

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "reports"
# Real reports of others: beside the checkout on the project's own machines, never part of the project.
REAL_REPORTS = ROOT.parent / "shared" / "reports"

_WITH_OWN_BUILDS = ("test_review.py", "test_wheel.py")
# Longest first, so that no worker ends alone. The workers begin with the first and the second and go on with the third
# and the fourth; the second and the fourth need nothing of the home that the first one makes.
_FIRST = (
    "tests/end_to_end",
    "tests/integration/models",
    "tests/end_to_end/test_review.py",
    "tests/end_to_end/test_wheel.py",
)


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
    """Tests that share a build stay on one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class ByBuild(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _sharing_a_build(nodeid)

    return ByBuild(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first; all else stays in its order."""
    ranks = {scope: rank for rank, scope in enumerate(_FIRST)}
    items.sort(key=lambda item: ranks.get(_sharing_a_build(item.nodeid), len(ranks)))


def _sharing_a_build(nodeid: str) -> str:
    """A file, or one of the folders whose files share a build; some end-to-end tests have builds of their own."""
    file = nodeid.split("::", 1)[0]
    folder = file.rpartition("/")[0]
    shares = folder in ("tests/end_to_end", "tests/integration/golden", "tests/integration/models")
    return folder if shares and not file.endswith(_WITH_OWN_BUILDS) else file


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


class Outcome:
    """Exit code and both outputs of one call of the command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Call = Callable[..., Outcome]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the command in this process."""
    for name in ("FUNDPERF_HOME", "FUNDPERF_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["fundperf", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        captured = capsys.readouterr()
        return Outcome(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


@pytest.fixture(scope="module")
def forked_worker() -> Iterator[None]:
    """Statements run in a worker that is forked: a new interpreter for each takes most of the time of a small one."""
    # Not before it is needed: it imports much.
    from tests.support.sql_door import ForkedDoor

    with nullcontext() if sys.platform == "win32" else ForkedDoor(at_once=1):
        yield
