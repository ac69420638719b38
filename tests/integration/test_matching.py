"""Programme families of labelled names: precision and recall over pairs, through the models."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.raw_store import insert_rows, open_build
from ingest.records import DocumentRecord, Region
from tests.integration.test_models import dbt
from tests.support.sample_records import Page, document, land

PAIRS = Path(__file__).parents[1] / "fixtures" / "matching" / "programme_pairs.csv"
NO_FAMILY = "none"
LEAST_PRECISION, LEAST_RECALL = 0.99, 0.95


@dataclass(frozen=True)
class Name:
    """A project's name with where, when and by whom."""

    project_name: str
    county: str
    fiscal_year: str
    unit: str


@dataclass(frozen=True)
class Pair:
    """Two names and whether they belong to one programme family."""

    number: str
    set: str
    first: Name
    second: Name
    families: tuple[str, str]
    is_same: bool


def read_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8", newline="") as handle:
        return [
            Pair(
                line["pair"],
                line["set"],
                *(
                    Name(line[f"name_{side}"], line[f"county_{side}"], line[f"fiscal_year_{side}"], line[f"unit_{side}"])
                    for side in "ab"
                ),
                (line["family_a"], line["family_b"]),
                line["same_family"] == "true",
            )
            for line in csv.DictReader(handle)
        ]


def one_document_each(names: list[Name]) -> list[DocumentRecord]:
    records = []
    for number, name in enumerate(names):
        page = Page()
        page.says(f"{number} {name.project_name}")
        report: dict[str, Any] = {
            "kind": "project_self_evaluation",
            "fiscal_year": int(name.fiscal_year) if name.fiscal_year else None,
            "region": Region(county=name.county or None),
            "unit": name.unit or None,
            "project_name": name.project_name,
        }
        records.append(document(f"{number}.txt", page, [report]))
    return records


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Name, str | None]]:
    """The family that the models give to every labelled name."""
    work = tmp_path_factory.mktemp("matching")
    names = sorted({name for pair in read_pairs() for name in (pair.first, pair.second)}, key=repr)
    records = one_document_each(names)
    land(work / "build.duckdb", [records])
    run = dbt(
        work / "build.duckdb", work, "build", "--select", "+int_programmes__matched",
        "--exclude-resource-type", "unit_test", "test",
    )
    assert run.returncode == 0, run.stdout
    with duckdb.connect(str(work / "build.duckdb"), read_only=True) as connection:
        found = dict(
            connection.execute(
                "select report_id, programme_family from intermediate.int_programmes__matched "
                "inner join intermediate.int_project_years__current using (project_year_id)"
            ).fetchall()
        )
    yield {name: found[record.reports[0].report_id] for name, record in zip(names, records, strict=True)}
