"""Whatever happens to a document on its way, reading it ends with a record or a reason, in time and within memory.

`FUNDPERF_MUTATIONS` says how many mutants are read, `FUNDPERF_MUTATION_SEED` which ones. A mutant that fails is made
again with `make_mutant(BASES, seed, number)`; its number stands in its name.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb
import pytest

from ingest.ledger import LoadResult
from ingest.load import load
from ingest.raw_schema import ddl
from ingest.reading_process import ReadingLimits
from tests.conftest import ROOT, SAMPLES
from tests.support.dbt_runs import without_coverage
from tests.support.mutations import make_mutant, read_bases

COUNT = int(os.environ.get("FUNDPERF_MUTATIONS", "300"))
SEED = int(os.environ.get("FUNDPERF_MUTATION_SEED", "1"))
BASES = read_bases(
    [SAMPLES, ROOT / "tests" / "fixtures" / "layouts"],
    frozenset({".txt", ".docx", ".xlsx", ".xls", ".html", ".pdf", ".doc"}),
)
LIMITS = ReadingLimits(seconds=30.0, memory_bytes=3 * 1024**3)
# Reasons that say something about the program and nothing about the document.
OURS = {"internal_error", "time_limit", "reader_died", "broken_record"}
AT_A_TIME = 1000
MOST_MEBIBYTES = 1024


def load_mutants(folder: Path, numbers: range, home: Path) -> tuple[LoadResult, float]:
    """Load the mutants of these numbers into a warehouse of their own; also the most memory that a reader took, MiB."""
    folder.mkdir()
    for number in numbers:
        mutant = make_mutant(BASES, SEED, number)
        (folder / mutant.name).write_bytes(mutant.data)
    with duckdb.connect() as connection:
        for statement in ddl():
            connection.execute(statement)
        result = load([folder], connection=connection, home=home, limits=LIMITS, jobs=2)
    return result, _most_resident_mebibytes()


def test_there_is_a_base_of_every_kind() -> None:
    assert {".txt"} <= {base.suffix for base in BASES}


def test_the_same_seed_and_number_give_the_same_mutant() -> None:
    for number in range(20):
        assert make_mutant(BASES, SEED, number) == make_mutant(BASES, SEED, number)


@pytest.mark.parametrize("first", range(0, COUNT, AT_A_TIME))
def test_every_mutant_ends_with_a_record_or_a_reason(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The readers' lines are measured by the tests of the readers.
    for name in os.environ.keys() - without_coverage().keys():
        monkeypatch.delenv(name)
    numbers = range(first, min(first + AT_A_TIME, COUNT))
    # A process of its own: the system counts what a parent holds to the children that it starts, and this one may hold
    # all that earlier tests left.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as loader:
        result, most = loader.submit(load_mutants, tmp_path / "mutants", numbers, tmp_path / "home").result()
    shutil.rmtree(tmp_path / "mutants")
    assert result.inputs == result.loaded + result.unchanged + result.quarantined
    assert result.inputs >= len(numbers)
    assert [reason.message_en for reason in result.quarantine if reason.code in OURS] == []
    assert all(reason.message_zh and reason.message_en for reason in result.quarantine)
    assert most < MOST_MEBIBYTES


def _most_resident_mebibytes() -> float:
    """The most memory that any child of this process had so far; 0 where the system does not say."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
