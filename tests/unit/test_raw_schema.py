"""Keys of raw rows: the same after a re-extraction, whatever else it finds."""

from __future__ import annotations

from ingest.raw_schema import record_frames
from ingest.records import DocumentRecord
from tests.support.sample_records import maintenance_2023


def keys(record: DocumentRecord, table: str, key: str) -> list[str]:
    return record_frames([record], "load")[table][key].to_list()


def without_first(record: DocumentRecord, attribute: str) -> DocumentRecord:
    """The record as an extractor would give it that misses the first entry of a list."""
    report = record.reports[0]
    shorter = report.model_copy(update={attribute: getattr(report, attribute)[1:]})
    return record.model_copy(update={"reports": (shorter,)})


def test_a_further_row_leaves_the_keys_of_sums_and_indicators_as_they_are() -> None:
    record = maintenance_2023()
    for attribute, table, key in (
        ("funding", "funding_lines", "line_id"),
        ("indicators", "indicators", "indicator_id"),
    ):
        assert keys(without_first(record, attribute), table, key) == keys(record, table, key)[1:]


def test_rows_that_say_the_same_have_keys_of_their_own() -> None:
    record = maintenance_2023()
    report = record.reports[0]
    doubled = report.model_copy(update={"funding": (report.funding[0], *report.funding)})
    found = keys(record.model_copy(update={"reports": (doubled,)}), "funding_lines", "line_id")
    assert len(set(found)) == len(found)
    assert found[0] == keys(record, "funding_lines", "line_id")[0]
