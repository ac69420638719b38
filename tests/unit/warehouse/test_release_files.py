"""What lies in a release: the manifest, copies for other clients, and whether all of it is still the same."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from ingest.errors import UsageError
from tests.conftest import Call
from tests.support.small_archive import Report, write_build
from warehouse import cli
from warehouse.commands import exit_codes
from warehouse.home import Home, find_home
from warehouse.release import Release, current_release, list_releases, publish, roll_back
from warehouse.release_check import verify
from warehouse.release_files import Extras, require_storage_version

ROOT = Path(cli.__file__).parents[1]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home folder with a complete build and nothing published."""
    return write_build(find_home(tmp_path / "home"), [Report("金保网", 2020), Report("通村路")])


def _problems(release: Release) -> dict[str, str | None]:
    return {verdict.what: verdict.problem for verdict in verify(release)}


def test_manifest_says_what_built_and_what_is_inside(home: Home) -> None:
    manifest = json.loads((publish(home).folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["project"] == "models-1"
    assert manifest["duckdb_version"] == f"v{duckdb.__version__}"
    assert manifest["storage_version"].startswith("v2.")
    assert len(manifest["schema_sha256"]) == 64
    assert manifest["row_counts"]["marts.rpt_project_years"] == 2
    assert (manifest["compared_with"], manifest["files"]) == ("", {})


@pytest.mark.skipif(sys.platform == "win32", reason="files that may not be written cannot be removed there")
def test_database_files_may_not_be_written(home: Home) -> None:
    release = publish(home, extras=Extras(storage_version="v1.5.0"))
    files = [*release.folder.glob("*.duckdb"), *home.current_files.glob("*.duckdb")]
    assert len(files) == 4
    assert {path.stat().st_mode & 0o222 for path in files} == {0}


def test_columns_have_an_identity(home: Home) -> None:
    first = publish(home)
    assert publish(home).schema_sha256 == first.schema_sha256
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("alter table marts.fct_red_flag rename column rule_id to rule")
    assert publish(home).schema_sha256 != first.schema_sha256


def test_manifest_of_another_version_of_the_program_is_read(home: Home) -> None:
    path = publish(home).folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for name in ("built_at", "project", "duckdb_version", "storage_version", "schema_sha256", "files", "compared_with"):
        del content[name]
    path.write_text(json.dumps(content | {"from_the_future": 1}), encoding="utf-8")
    release = current_release(home)
    assert release is not None
    assert (release.project, release.files) == ("", {})
    assert set(_problems(release).values()) == {None}


def test_copy_for_older_clients_has_the_same_tables_and_views(home: Home) -> None:
    release = publish(home, extras=Extras(storage_version="v1.5.0"))
    copy = release.folder / "fundperf-v1.5.0.duckdb"
    assert list(release.files) == [copy.name]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as older (read_only)")
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'older'").fetchone()
        assert tags == ({"storage_version": "v1.5.0 - v1.5.6"},) or "v1.5" in str(tags)
        assert connection.execute('select count(*) from older."中文"."项目年度"').fetchone() == (2,)
    assert not copy.with_name(copy.name + ".wal").exists()


def test_parquet_lies_beside_the_database_under_both_names(home: Home) -> None:
    release = publish(home, extras=Extras(parquet=True))
    english = pq.read_table(release.folder / "parquet" / "marts" / "rpt_project_years.parquet")
    chinese = pq.read_table(release.folder / "parquet" / "中文" / "项目年度.parquet")
    assert (english.num_rows, chinese.column_names) == (2, ["年度", "项目名称", "全年执行数"])
    assert str(english.schema.field("executed_yuan").type) == "decimal128(18, 2)"
    assert "parquet/中文/项目年度.parquet" in release.files
    assert set(_problems(release).values()) == {None}


def test_current_files_have_names_that_stay(home: Home) -> None:
    first = publish(home, extras=Extras(storage_version="v1.5.0"))
    fixed = home.root / "current" / "fundperf.duckdb"
    assert fixed.read_bytes() == first.file.read_bytes()
    assert (fixed.parent / "fundperf-v1.5.0.duckdb").is_file()
    with fixed.open("rb") as reader:
        write_build(home, [Report("金保网", 2020), Report("通村路"), Report("供水")])
        second = publish(home)
        assert fixed.read_bytes() == second.file.read_bytes() != first.file.read_bytes()
        assert reader.read() == first.file.read_bytes()
    # The copy for older clients was not asked for again: an old release must not stay under that name.
    assert [path.name for path in fixed.parent.iterdir()] == ["fundperf.duckdb"]
    roll_back(home)
    assert fixed.read_bytes() == first.file.read_bytes()


def test_current_files_are_copied_where_links_are_not_possible(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr("os.link", refuse)
    release = publish(home)
    assert (home.root / "current" / "fundperf.duckdb").read_bytes() == release.file.read_bytes()


@pytest.mark.parametrize("version", ["1.5.0", "v9.9.9", "v1.5", "v1.5.0'); drop table x; --", ""])
def test_unknown_storage_version_is_refused_before_anything_is_made(home: Home, version: str) -> None:
    with pytest.raises(UsageError) as refusal:
        publish(home, extras=Extras(storage_version=version))
    assert refusal.value.code == "unknown_storage_version"
    assert list_releases(home) == []


def test_no_storage_version_is_no_matter() -> None:
    require_storage_version(None)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda folder: (folder / "fundperf.duckdb").unlink(), {"fundperf.duckdb": "missing"}),
        (lambda folder: _append(folder / "fundperf.duckdb"), {"fundperf.duckdb": "bytes"}),
        (lambda folder: _turn_a_byte(folder / "fundperf.duckdb"), {"fundperf.duckdb": "sha256"}),
        (lambda folder: (folder / "diff.json").unlink(), {"diff.json": "missing"}),
        (lambda folder: _rewrite(folder, row_counts={"marts.rpt_project_years": 3}), {"content": "row_counts"}),
        (lambda folder: _rewrite(folder, schema_sha256="0" * 64), {"content": "schema"}),
    ],
)
def test_every_difference_from_the_manifest_is_found(
    home: Home, damage: Callable[[Path], object], expected: dict[str, str]
) -> None:
    publish(home)
    release = publish(home)
    damage(release.folder)
    found = next(entry for entry in list_releases(home) if entry.release_id == release.release_id)
    assert {what: problem for what, problem in _problems(found).items() if problem} == expected


def test_database_that_is_none_is_said_to_be_unreadable(home: Home) -> None:
    release = publish(home)
    release.file.chmod(0o644)
    release.file.write_bytes(b"no database")
    _rewrite(release.folder, sha256=hashlib.sha256(b"no database").hexdigest(), byte_count=11)
    [found] = list_releases(home)
    assert _problems(found)["content"] == "unreadable"


def test_another_process_verifies_a_copy_elsewhere(home: Home, tmp_path: Path) -> None:
    publish(home)
    copy = tmp_path / "另一台" / "home"
    shutil.copytree(home.releases, copy / "releases")
    command = [sys.executable, "-m", "warehouse.cli", "release", "verify", "--home", str(copy), "--lang", "zh"]
    right = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
    assert (right.returncode, "相符" in right.stdout) == (0, True)
    _turn_a_byte(next(copy.glob("releases/*/fundperf.duckdb")))
    wrong = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
    assert (wrong.returncode, "内容不符 fundperf.duckdb" in wrong.stdout) == (1, True)


def test_command_verifies_and_prunes(call: Call, home: Home) -> None:
    published = [publish(home).release_id for _ in range(4)]
    verified = json.loads(call("release", "verify", "--json", "--home", home.root).out)
    assert (verified["release_id"], verified["is_right"]) == (published[-1], True)
    assert call("release", "verify", "none", "--home", home.root).code == exit_codes.FAILED
    trial = call("release", "prune", "--keep", "2", "--dry-run", "--home", home.root)
    assert [published[0] in trial.out, published[1] in trial.out, published[2] in trial.out] == [True, True, False]
    assert len(list_releases(home)) == 4
    assert call("release", "prune", "--keep", "2", "--home", home.root).code == 0
    assert [entry.release_id for entry in list_releases(home)] == published[2:]
    assert call("release", "prune", "--keep", "0", "--home", home.root).code == exit_codes.USAGE


def test_release_that_readers_were_given_back_is_never_pruned(call: Call, home: Home) -> None:
    published = [publish(home).release_id for _ in range(3)]
    call("release", "rollback", published[0], "--home", home.root)
    call("release", "prune", "--keep", "1", "--home", home.root)
    assert [entry.release_id for entry in list_releases(home)] == [published[0], published[2]]


def test_command_writes_the_asked_copies(call: Call, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNDPERF_STORAGE_VERSION", "v1.5.0")
    assert call("release", "--parquet", "--home", home.root).code == 0
    release = current_release(home)
    assert release is not None
    assert {"fundperf-v1.5.0.duckdb", "parquet/marts/rpt_project_years.parquet"} <= set(release.files)


def _append(path: Path) -> None:
    path.chmod(0o644)
    with path.open("ab") as stream:
        stream.write(b"x")


def _turn_a_byte(path: Path) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def _rewrite(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")
