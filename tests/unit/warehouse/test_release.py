from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import warehouse
from ingest.errors import CheckError, UnreachableError
from warehouse import release as releases
from warehouse.home import Home, find_home
from warehouse.release import KEPT_RELEASES, current_release, find_release, list_releases, publish, roll_back

MakeBuild = Callable[..., Home]
ROOT = Path(releases.__file__).parents[1]


def _record_check(home: Home, name: str, severity: str, result: bool | None, run_id: str = "run-1") -> None:
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute(
            "insert into ops.check_results (run_id, checked_at, kind, check_name, severity, result) "
            "values (?, now()::timestamp, 'dbt_test', ?, ?, ?)",
            [run_id, name, severity, result],
        )


def _executed(home: Home, release: str | None = None) -> Decimal:
    with warehouse.connect(home.root, release) as connection:
        row = connection.execute("select amount_yuan from fct_funding where fiscal_year = 2020").fetchone()
    assert row is not None
    value: Decimal = row[0]
    return value


def test_published_release_is_current_and_its_manifest_is_true(home: Home) -> None:
    published = publish(home, clock=lambda: datetime(2023, 5, 1, 12, 0, tzinfo=UTC))
    manifest = json.loads((published.folder / "manifest.json").read_text(encoding="utf-8"))
    assert published.release_id == "20230501T120000Z"
    assert home.current.read_text(encoding="utf-8") == "20230501T120000Z\n"
    assert manifest["published_at"] == "2023-05-01T12:00:00+00:00"
    assert manifest["row_counts"] == {"marts.dim_programme": 1, "marts.fct_funding": 2}
    assert manifest["sha256"] == hashlib.sha256(published.file.read_bytes()).hexdigest()
    assert manifest["byte_count"] == published.file.stat().st_size
    assert manifest["parents"]["marts.fct_funding"] == ["staging.stg_reports__funding_lines"]
    assert find_release(home) == published
    assert published.file.read_bytes() == home.build_file.read_bytes()


def test_readers_use_schema_names_chinese_names_and_bare_names(home: Home) -> None:
    publish(home)
    with warehouse.connect(home.root) as connection:
        for query in (
            "select count(*) from marts.fct_funding",
            "from 中文.资金 select count(*)",
            "select count(*) from fct_funding",
            "select count(*) from 资金",
        ):
            assert connection.execute(query).fetchone() == (2,)


def test_readers_cannot_write(home: Home) -> None:
    publish(home)
    with warehouse.connect(home.root) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("delete from marts.fct_funding")


def test_failed_check_keeps_the_previous_release_and_says_so(home: Home, make_build: MakeBuild) -> None:
    first = publish(home)
    make_build(home, "17000.00")
    _record_check(home, "unique_fct_funding", "error", False)
    with pytest.raises(CheckError) as refusal:
        publish(home)
    assert "unique_fct_funding" in refusal.value.en
    assert first.release_id in refusal.value.en
    assert first.release_id in refusal.value.zh
    assert find_release(home) == first
    assert _executed(home) == Decimal("16800.00")
    assert list_releases(home) == [first]


def test_check_that_could_not_run_stops_the_release_too(home: Home) -> None:
    _record_check(home, "relationships_fct_funding", "error", None)
    with pytest.raises(CheckError):
        publish(home)
    assert current_release(home) is None


def test_warning_is_counted_and_stops_nothing(home: Home) -> None:
    _record_check(home, "a", "warn", False)
    _record_check(home, "b", "error", True)
    checks = publish(home).checks
    assert (checks.passed, checks.warned, checks.failed) == (1, 1, ())


def test_only_the_checks_of_the_last_run_count(home: Home) -> None:
    _record_check(home, "a", "error", False, run_id="run-1")
    _record_check(home, "a", "error", True, run_id="run-2")
    assert publish(home).checks.passed == 1


def test_build_that_is_not_closed_is_refused(home: Home) -> None:
    home.build_file.with_name("build.duckdb.wal").write_bytes(b"x")
    with pytest.raises(CheckError) as refusal:
        publish(home)
    assert refusal.value.code == "build_not_closed"
    assert list_releases(home) == []


def test_build_older_than_the_last_load_is_refused(home: Home) -> None:
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("insert into ops.loads (load_id, load_sequence, loaded) values ('x', 7, 1)")
    with pytest.raises(CheckError) as refusal:
        publish(home)
    assert refusal.value.code == "build_not_current"


def test_incomplete_build_is_refused(home: Home) -> None:
    home.build_note.unlink()
    with pytest.raises(CheckError) as refusal:
        publish(home)
    assert refusal.value.code == "build_not_current"


def test_publication_that_fails_midway_leaves_the_previous_release(
    home: Home, make_build: MakeBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(home)
    make_build(home, "17000.00")

    def break_off(file: Path) -> dict[str, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(releases, "look_into", break_off)
    with pytest.raises(OSError, match="No space"):
        publish(home)
    assert find_release(home) == first
    assert sorted(entry.name for entry in home.releases.iterdir()) == sorted([first.release_id, "current"])


def test_two_publications_within_one_second_are_two_releases_in_order(home: Home, make_build: MakeBuild) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    first = publish(home, clock=lambda: moment)
    make_build(home, "17000.00")
    second = publish(home, clock=lambda: moment)
    assert [release.release_id for release in list_releases(home)] == [first.release_id, second.release_id]
    assert _executed(home) == Decimal("17000.00")
    assert _executed(home, first.release_id) == Decimal("16800.00")


def test_only_the_last_releases_stay(home: Home) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    published = [publish(home, clock=lambda days=days: moment + timedelta(days=days)) for days in range(7)]
    assert list_releases(home) == published[-KEPT_RELEASES:]


def test_release_that_cannot_be_removed_does_not_fail_the_publication(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    for days in range(KEPT_RELEASES):
        publish(home, clock=lambda days=days: moment + timedelta(days=days))
    real = Path.replace

    def refuse_for_old(self: Path, target: Path) -> Path:
        if Path(target).name.startswith(".removed-"):
            raise PermissionError(13, "used by another process")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse_for_old)
    newest = publish(home, clock=lambda: moment + timedelta(days=9))
    assert find_release(home) == newest
    assert len(list_releases(home)) == KEPT_RELEASES + 1


def test_damaged_neighbour_does_not_hide_the_other_releases(home: Home) -> None:
    broken = home.release_folder("20200101T000000Z")
    broken.mkdir()
    (broken / "manifest.json").write_text("{", encoding="utf-8")
    published = publish(home)
    assert list_releases(home) == [published]
    with pytest.raises(UnreachableError) as failure:
        find_release(home, "20200101T000000Z")
    assert failure.value.code in {"broken_manifest", "unknown_release"}


def test_rollback_gives_readers_the_release_before(home: Home, make_build: MakeBuild) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    first = publish(home, clock=lambda: moment)
    make_build(home, "17000.00")
    second = publish(home, clock=lambda: moment + timedelta(days=1))
    assert _executed(home) == Decimal("17000.00")
    assert roll_back(home) == first
    assert _executed(home) == Decimal("16800.00")
    with pytest.raises(UnreachableError):
        roll_back(home)
    assert roll_back(home, second.release_id) == second
    assert _executed(home) == Decimal("17000.00")


def test_rollback_to_a_file_that_changed_is_refused(home: Home, make_build: MakeBuild) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    first = publish(home, clock=lambda: moment)
    second = publish(home, clock=lambda: moment + timedelta(days=1))
    first.file.chmod(0o644)
    with first.file.open("ab") as handle:
        handle.write(b"x")
    with pytest.raises(CheckError) as refusal:
        roll_back(home)
    assert refusal.value.code == "damaged_release"
    assert find_release(home) == second


@pytest.mark.parametrize("name", ["nothing", "../releases", "..", "current"])
def test_unknown_release_is_refused(home: Home, name: str) -> None:
    publish(home)
    with pytest.raises(UnreachableError):
        find_release(home, name)


def test_reading_before_the_first_publication_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as failure:
        warehouse.connect(tmp_path)
    assert "fundperf run" in failure.value.en
    assert list(tmp_path.iterdir()) == []


def test_reader_finishes_undisturbed_while_a_new_release_is_published(home: Home, make_build: MakeBuild) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    publish(home, clock=lambda: moment)
    script = (
        "import sys, warehouse\n"
        "connection = warehouse.connect(sys.argv[1])\n"
        "query = 'select amount_yuan from fct_funding where fiscal_year = 2020'\n"
        "print(connection.execute(query).fetchone()[0], flush=True)\n"
        "sys.stdin.readline()\n"
        "print(connection.execute(query).fetchone()[0], flush=True)\n"
        "connection.close()\n"
        "print(warehouse.connect(sys.argv[1]).execute(query).fetchone()[0], flush=True)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    assert reader.stdout.readline() == "16800.00\n"
    make_build(home, "17000.00")
    # Enough publications that the reader's own release is forgotten as well.
    for days in range(1, KEPT_RELEASES + 2):
        publish(home, clock=lambda days=days: moment + timedelta(days=days))
    reader.stdin.write("go on\n")
    reader.stdin.flush()
    answers = reader.communicate(timeout=30)[0].splitlines()
    assert reader.returncode == 0
    assert answers == ["16800.00", "17000.00"]


def test_one_process_sees_the_new_release_after_connecting_again(home: Home, make_build: MakeBuild) -> None:
    moment = datetime(2023, 5, 1, tzinfo=UTC)
    publish(home, clock=lambda: moment)
    with warehouse.connect(home.root) as old:
        make_build(home, "17000.00")
        publish(home, clock=lambda: moment + timedelta(days=1))
        assert _executed(home) == Decimal("17000.00")
        assert old.execute("select min(amount_yuan) from fct_funding").fetchone() == (Decimal("16800.00"),)


def test_home_with_a_quote_and_chinese_in_its_path_works(tmp_path: Path, make_build: MakeBuild) -> None:
    home = make_build(find_home(tmp_path / "县局's 数据"))
    publish(home)
    assert _executed(home) == Decimal("16800.00")


def test_importing_the_package_does_not_load_the_engine() -> None:
    script = "import sys, warehouse; print(sorted({'duckdb', 'polars', 'pydantic', 'pyarrow'} & set(sys.modules)))"
    finished = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert finished.stdout.strip() == "[]"


def test_release_needs_no_build_file_beside_it(home: Home) -> None:
    publish(home)
    shutil.rmtree(home.build_file.parent)
    assert _executed(home) == Decimal("16800.00")
