"""How long the models take over a synthetic archive: `python benchmarks/build_archive.py`.

Lands an archive of counties × years × programmes with `fundperf ingest`, builds and publishes everything, then times
the whole `fundperf run` over reports that come late. dbt's own start is told apart. With `--check` every report of the
first build is compared with the truth that polars computes, and every table after the late reports with a build from
scratch; the exit code is 1 where one differs.
"""

from __future__ import annotations

import argparse
import shutil
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


def fundperf(home: Home, *arguments: str) -> tuple[float, str]:
    """Let the command do something: wall seconds of the whole command, and what it said."""
    started = time.perf_counter()
    call = [sys.executable, "-m", "warehouse.cli", *arguments, "--home", str(home.root), "--lang", "en"]
    finished = subprocess.run(call, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return time.perf_counter() - started, finished.stdout


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


def equals_build_from_scratch(home: Home) -> bool:
    """Build everything again and print which tables were otherwise before; whether none was."""
    copy = home.build_file.with_name("before.duckdb")
    shutil.copyfile(home.build_file, copy)
    build(home, from_scratch=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy.as_posix()}' as old (read_only)")
        connection.execute(f"attach '{home.build_file.as_posix()}' as new (read_only)")
        tables = connection.execute("""
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'new' and schema_name in ('intermediate', 'marts')
            and not ends_with(table_name, '_affected')
            order by all
        """).fetchall()
        different = [
            name
            for (name,) in tables
            if connection.execute(f"""
                (from old.{name} except all from new.{name}) union all (from new.{name} except all from old.{name})
                limit 1
            """).fetchall()
        ]
    sys.stdout.write(f"{len(tables)} tables against a build from scratch: {different or 'all the same'}\n")
    return not different


def main() -> int:
    """Land, build and publish, then run once more; prints one line a step."""
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
        seconds, _ = fundperf(home, "ingest", str(records))
        sys.stdout.write(
            f"{len(archive.project_years):,} project-years, {len(archive.indicators):,} indicators; "
            f"landing {len(archive.records):,} records: {seconds:.1f} s\n"
        )
        build_once("full build", home)
        if options.check:
            is_true = compare(archive, home)
        fundperf(home, "release")
        seconds, said = fundperf(home, "run", str(late))
        sys.stdout.write(f"run with {min(options.late, len(archive.late))} late reports: {seconds:.1f} s\n")
        sys.stdout.writelines(f"  {line}\n" for line in said.splitlines() if line.startswith(("Updated", "Stages")))
        if options.check:
            is_true = equals_build_from_scratch(home) and is_true
    return 0 if is_true else 1


if __name__ == "__main__":
    sys.exit(main())
