"""The order, the batches and the form in which reports arrive make no difference to any mart."""

from __future__ import annotations

import shutil
from pathlib import Path

import warehouse
from tests.conftest import SAMPLES
from tests.end_to_end.conftest import TwoRuns
from tests.support.homes import fundperf
from tests.support.marts import export_marts


def test_halves_in_another_order_and_records_in_place_of_documents_give_byte_identical_marts(
    runs: TwoRuns, tmp_path: Path
) -> None:
    """The second half first, as documents under other names; then the first half, as the records `extract` prints."""
    samples = sorted(SAMPLES.glob("*.txt"))
    first_half, second_half = samples[: len(samples) // 2], samples[len(samples) // 2 :]
    home, documents = tmp_path / "home", tmp_path / "documents"
    documents.mkdir()
    for path in reversed(second_half):
        shutil.copy(path, documents / path.name)
    assert fundperf("ingest", documents, home=home).returncode == 0
    extracted = fundperf("extract", "--format", "jsonl", *reversed(first_half), home=home)
    assert extracted.returncode == 0
    records = tmp_path / "records.jsonl"
    records.write_text(extracted.stdout, encoding="utf-8")
    published = fundperf("run", records, home=home)
    assert published.returncode == 0, published.stdout + published.stderr
    assert f"{len(first_half)} inputs = {len(first_half)} loaded" in published.stdout

    with warehouse.connect(runs.home, runs.release_of_samples) as connection:
        at_once = export_marts(connection)
    with warehouse.connect(home) as connection:
        assert export_marts(connection) == at_once
