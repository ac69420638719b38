"""A synthetic archive with known truth: `python benchmarks/archive.py archive.jsonl --truth truth`.

Writes the reports of invented projects in real counties as records (one line a document, `docs/record-schema.json`),
and beside them what is true of every report, as tables that no model has touched. The same seed gives the same reports;
a report does not depend on how many others are asked for.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.archive_facts import Facts
from benchmarks.archive_projects import Place, Project, read_places, read_programmes
from benchmarks.archive_texts import record_of
from benchmarks.archive_values import Row, as_text

LAST_YEAR = 2023
SEED = 20201

STAGES = ("planned", "approved", "initial_budget", "adjusted_budget", "received", "executed", "carried_forward")


@dataclass
class Archive:
    """Records, and what is true of them.

    `project_years` has one row per report that counts (the newest version), `indicators` one per row of its form;
    `late` holds the records of reports that are missing in `records`.
    """

    records: list[Row] = field(default_factory=list)
    project_years: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    late: list[Row] = field(default_factory=list)


def make_archive(counties: int = 43, years: int = 5, programmes: int = 12, seed: int = SEED) -> Archive:
    """An archive of the last `years` years up to 2023."""
    archive = Archive(places=read_places(counties))
    for place_number, place in enumerate(archive.places):
        for programme in read_programmes(programmes):
            project_random = random.Random(f"{seed}|{place.name}|{programme['programme']}")
            for unit_number in range(2 if project_random.random() < 0.04 else 1):
                project = Project(place, place_number, programme, unit_number, seed)
                for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
                    add_report(archive, project, year)
    return archive


def add_report(archive: Archive, project: Project, year: int) -> None:
    """Add the report of a year, if there is such a county, and note what is true of it."""
    version = project.place.as_of(year)
    if version is None or not project.first_year <= year <= project.last_year:
        return
    rng = random.Random(f"{project.seed}|{year}")
    is_missing = rng.random() < 0.04
    is_revised = rng.random() < 0.02
    facts = Facts(project, version, year, rng)
    if is_missing:
        archive.late.append(record_of(facts))
        return
    if is_revised:
        earlier = Facts(project, version, year, random.Random(f"{project.seed}|{year}|draft"), like=facts)
        archive.records.append(record_of(earlier))
    archive.records.append(record_of(facts))
    archive.project_years.append(truth_of(facts))
    archive.indicators.extend(indicator_truths(facts))


def truth_of(facts: Facts) -> Row:
    """What is true of the report, without any model."""
    project, version = facts.project, facts.version
    is_placed = facts.region_state == "resolved"
    return {
        "file_name": facts.file_name,
        # Without a county nobody can tell whose project it is.
        "project_key": f"{facts.county_label or facts.file_name}|{project.name}|{project.unit_number}",
        "unit_key": f"{facts.county_label or facts.file_name}|{project.programme['bureau']}|{project.unit_number}",
        "county_label": facts.county_label,
        "project_code": facts.project_code,
        "fiscal_year": facts.year,
        "kind": facts.kind,
        "place": project.place.name if is_placed else None,
        "region_code": version["code"] if is_placed else None,
        "region_name": version["county"] if is_placed else None,
        "region_kind": version["kind"] if is_placed else None,
        "province": version["province"] if is_placed else None,
        "region_reason": None if is_placed else facts.region_state,
        "programme": project.programme["programme"],
        "family": project.programme["family"],
        "sub_type": project.sub_type,
        "project_name": facts.written_name,
        "unit": facts.unit,
        "evaluated_on": facts.evaluated_on,
        "published_on": facts.published_on,
        **{f"{stage}_fen": facts.money.true_fen.get(stage) for stage in STAGES},
        "budget_stage": facts.money.budget_stage,
        "stated_rate_pct": as_text(facts.execution["rate_pct"]),
        "execution_weight": as_text(facts.execution["weight"]),
        "execution_score": as_text(facts.execution["score"]),
        "profile": facts.profile,
        "total": as_text(facts.total),
        "grade": facts.grade,
        "n_indicators": len(facts.rows),
        "copies_text": project.copies_text,
    }


def indicator_truths(facts: Facts) -> Iterator[Row]:
    """What is true of the rows of the form."""
    for row in facts.rows:
        yield {
            "file_name": facts.file_name,
            **{name: as_text(value) if isinstance(value, Decimal) else value for name, value in row.items()},
        }


def write_records(records: list[Row], path: Path) -> None:
    """Write records one a line."""
    with path.open("w", encoding="utf-8") as handle:
        for record in records:
            handle.write(json.dumps(record, ensure_ascii=False) + "\n")


def write_truth(archive: Archive, folder: Path) -> None:
    """Write the truth as `project_years.csv` and `indicators.csv`; an empty cell is a null."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("project_years", archive.project_years), ("indicators", archive.indicators)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Write an archive, and its truth where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", type=Path, help="the file of records to write (.jsonl)")
    parser.add_argument("--truth", type=Path, help="the folder to write the truth into")
    parser.add_argument("--late", type=Path, help="the file to write the records of the missing reports into")
    parser.add_argument("--counties", type=int, default=43)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--programmes", type=int, default=12)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    archive = make_archive(options.counties, options.years, options.programmes, options.seed)
    write_records(archive.records, options.records)
    if options.late:
        write_records(archive.late, options.late)
    if options.truth:
        write_truth(archive, options.truth)
    characters = sum(record["document"]["char_count"] for record in archive.records)
    sys.stdout.write(
        f"{len(archive.records):,} documents, {len(archive.project_years):,} project-years, "
        f"{len(archive.indicators):,} indicators, {characters // len(archive.records):,} characters a document; "
        f"{len(archive.late):,} reports are missing\n"
    )


if __name__ == "__main__":
    main()
