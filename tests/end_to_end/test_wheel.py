"""The wheel is complete: unpacked into an empty folder it loads, builds and publishes without the repository.

What it publishes there came in another order, in several batches and in another form than the samples that are compared
with it: none of this makes a difference to any mart.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import warehouse
from tests.conftest import ROOT, SAMPLES
from tests.support.homes import ENVIRONMENT
from tests.support.marts import export_marts
from warehouse.home import DEFAULT_HOME


@dataclass(frozen=True, slots=True)
class Installed:
    """The unpacked wheel, the files that it brought, a folder to work in, and its command there."""

    site: Path
    names: list[str]
    work: Path

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "warehouse.cli", "--lang", "en", *arguments],
            cwd=self.work,
            env=ENVIRONMENT | {"PYTHONPATH": str(self.site)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, built from the repository and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder / "dist")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    [wheel] = (folder / "dist").glob("*.whl")
    site, work = folder / "site", folder / "work"
    work.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        return Installed(site, archive.namelist(), work)


@pytest.fixture(scope="module")
def published(installed: Installed) -> subprocess.CompletedProcess[str]:
    """The second half first, as documents under other names; then the first half, as the records `extract` prints."""
    samples = sorted(SAMPLES.glob("*.txt"))
    first_half, second_half = samples[: len(samples) // 2], samples[len(samples) // 2 :]
    documents, records = installed.work / "documents", installed.work / "records.jsonl"
    documents.mkdir()
    for path in reversed(second_half):
        shutil.copy(path, documents / path.name)
    ingested = installed.call("ingest", str(documents))
    assert ingested.returncode == 0, ingested.stdout + ingested.stderr
    extracted = installed.call("extract", "--format", "jsonl", *map(str, reversed(first_half)))
    assert extracted.returncode == 0, extracted.stderr
    records.write_text(extracted.stdout, encoding="utf-8")
    ran = installed.call("run", str(records))
    assert f"{len(first_half)} inputs = {len(first_half)} loaded" in ran.stdout, ran.stdout + ran.stderr
    return ran


def test_the_wheel_brings_the_whole_project_and_nothing_else(installed: Installed) -> None:
    # Whatever the dbt project is made of: models, metrics, selectors, macros, checks, reference tables and their yml.
    project = [ROOT / "dbt_project.yml", ROOT / "profiles.yml", ROOT / "selectors.yml"]
    for folder in ("models", "macros", "tests/dbt", "data/reference/seeds"):
        project += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    packaged = {f"ingest/packaged/{path.relative_to(ROOT).as_posix()}" for path in project}
    assert packaged - set(installed.names) == set()
    assert not [name for name in installed.names if name.startswith(("tests/", "data/reports", "notebooks/"))]


def test_the_wheel_runs_a_folder_in_an_empty_place(
    installed: Installed, published: subprocess.CompletedProcess[str]
) -> None:
    assert published.returncode == 0, published.stdout + published.stderr
    assert "Published: release" in published.stdout
    answer = installed.call("sql", "select count(*) as n from rpt_project_years", "--format", "csv")
    assert answer.stdout.split() == ["n", str(len(list(SAMPLES.glob("*.txt"))))]
    # The doors that ask dbt's own words work without dbt's folder.
    way = json.loads(installed.call("lineage", "执行率.执行率", "--format", "json").stdout)
    assert {"column": "raw.funding_lines.amount_yuan", "kind": "raw"} in way["origins"]
    metric = installed.call(
        "metric", "执行数", "--by", "年度", "--where", "年度 = 2023 and 专项类别 = '金保工程'", "--format", "csv"
    )
    assert metric.stdout.split() == ["年度,执行数", "2023,180000.00"], metric.stderr
    # Nothing but compiled modules may have been written beside the program: an installed package can be read-only.
    present = {path.relative_to(installed.site).as_posix() for path in installed.site.rglob("*") if path.is_file()}
    assert {name for name in present - set(installed.names) if not name.endswith(".pyc")} == set()


def test_halves_in_another_order_and_records_in_place_of_documents_give_byte_identical_marts(
    installed: Installed, published: subprocess.CompletedProcess[str], home_of_samples: Path
) -> None:
    with warehouse.connect(home_of_samples) as connection:
        at_once = export_marts(connection)
    with warehouse.connect(installed.work / DEFAULT_HOME) as connection:
        assert export_marts(connection) == at_once
