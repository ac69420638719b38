"""A synthetic archive whose truth is known: every report of the models equals what polars computes without them.

The archive is smaller than the one that is timed (`benchmarks/build_archive.py --check` compares that one).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.archive import Archive, make_archive
from ingest.records import DocumentRecord
from tests.integration.test_models import dbt
from tests.support.archive_reports import REPORTS, disagreements
from tests.support.archive_truth import Truth
from tests.support.questions import Question, questions
from tests.support.sample_records import land

COUNTIES, YEARS, PROGRAMMES = 20, 4, 12


@pytest.fixture(scope="module")
def archive() -> Archive:
    return make_archive(COUNTIES, YEARS, PROGRAMMES)


@pytest.fixture(scope="module")
def truth(archive: Archive) -> Truth:
    return Truth(archive)


@pytest.fixture(scope="module")
def built(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the models over the archive."""
    work: Path = tmp_path_factory.mktemp("archive")
    records = [DocumentRecord.model_validate(record) for record in archive.records]
    land(work / "build.duckdb", [records])
    run = dbt(work / "build.duckdb", work, "build", "--exclude-resource-type", "test", "unit_test")
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(work / "build.duckdb"), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_equals_the_truth_row_by_row(report: str, built: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    assert disagreements(built, truth, report) == []


QUESTIONS = questions()


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title.partition(" ")[0])
def test_a_question_has_one_answer_in_both_languages(question: Question, built: duckdb.DuckDBPyConnection) -> None:
    answer = built.execute(question.english).fetchall()
    assert answer != []
    assert built.execute(question.chinese).fetchall() == answer
    # Every column of an answer says something somewhere.
    assert all(any(value is not None for value in column) for column in zip(*answer, strict=True))
