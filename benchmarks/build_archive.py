"""How long the models take over a synthetic archive: `python benchmarks/build_archive.py`.

Lands an archive of counties × years × programmes with `fundperf ingest`, builds everything, then lands reports that
come late and builds again. dbt's own start is told apart. With `--check` every report of the first build is compared
with the truth that polars computes, and the exit code is 1 where one differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.archive import Archive, make_archive, write_records
from tests.support.archive_reports import REPORTS, disagreements
from tests.support.archive_truth import Truth
from warehouse.build import build
from warehouse.home import Home

ROOT = Path(__file__).resolve().parent.parent


def ingest(path: Path, home: Home) -> float:
    """Land a file of records; wall seconds of the whole command."""
    started = time.perf_counter()
    call = [sys.executable, "-m", "warehouse.cli", "ingest", str(path), "--home", str(home.root)]
    subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def build_once(name: str, home: Home) -> None:
    """Build what changed, data tests included, and print how long it took."""
    started = time.perf_counter()
    result = build(home)
    seconds = time.perf_counter() - started
    sys.stdout.write(
        f"{name}: {seconds:.1f} s, {result.startup_seconds:.1f} s of them dbt's start; {result.models} models, "
        f"{result.passed} checks passed, {len(result.failed)} failed\n"
    )
    sys.stdout.flush()


def compare(archive: Archive, home: Home) -> bool:
    """Compare every report with the truth and print what differs; whether nothing does."""
    truth = Truth(archive)
    found: dict[str, list[str]] = {}
    with duckdb.connect(str(home.build_file), read_only=True) as connection:
        for report in REPORTS:
            found[report] = disagreements(connection, truth, report)
            sys.stdout.write(f"{report}: {'equals the truth' if not found[report] else found[report]}\n")
    return not any(found.values())


def main() -> int:
    """Land and build twice; prints one line a step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counties", type=int, default=43)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--programmes", type=int, default=12)
    parser.add_argument("--late", type=int, default=20, help="how many reports come late")
    parser.add_argument("--check", action="store_true", help="compare every report with the truth")
    options = parser.parse_args()
    archive = make_archive(options.counties, options.years, options.programmes)
    is_true = True
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        records, late = Path(folder) / "archive.jsonl", Path(folder) / "late.jsonl"
        write_records(archive.records, records)
        write_records(archive.late[: options.late], late)
        sys.stdout.write(
            f"{len(archive.project_years):,} project-years, {len(archive.indicators):,} indicators; "
            f"landing {len(archive.records):,} records: {ingest(records, home):.1f} s\n"
        )
        build_once("full build", home)
        if options.check:
            is_true = compare(archive, home)
        late_seconds = ingest(late, home)
        sys.stdout.write(f"landing {min(options.late, len(archive.late))} late reports: {late_seconds:.1f} s\n")
        build_once("build after the late reports", home)
    return 0 if is_true else 1


if __name__ == "__main__":
    sys.exit(main())
