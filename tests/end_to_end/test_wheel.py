"""The wheel is complete: unpacked into an empty folder it loads, builds and publishes without the repository."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT, SAMPLES
from tests.support.homes import ENVIRONMENT


def test_the_wheel_runs_a_folder_in_an_empty_place(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    [wheel] = (tmp_path / "dist").glob("*.whl")
    site, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        names = archive.namelist()
    # Whatever the dbt project is made of: models, metrics, selectors, macros, checks, reference tables and their yml.
    project = [ROOT / "dbt_project.yml", ROOT / "profiles.yml", ROOT / "selectors.yml"]
    for folder in ("models", "macros", "tests/dbt", "data/reference/seeds"):
        project += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert {f"ingest/packaged/{path.relative_to(ROOT).as_posix()}" for path in project} - set(names) == set()
    assert not [name for name in names if name.startswith(("tests/", "data/reports", "notebooks/"))]

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-m", "warehouse.cli", *arguments],
            cwd=work,
            env=ENVIRONMENT | {"PYTHONPATH": str(site)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    ran = call("--lang", "en", "run", str(SAMPLES))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Published: release" in ran.stdout
    answer = call("sql", "select count(*) as n from rpt_project_years", "--format", "csv")
    assert answer.stdout.split() == ["n", str(len(list(SAMPLES.glob("*.txt"))))]
    # The doors that ask dbt's own words work without dbt's folder.
    way = json.loads(call("lineage", "执行率.执行率", "--format", "json").stdout)
    assert {"column": "raw.funding_lines.amount_yuan", "kind": "raw"} in way["origins"]
    metric = call(
        "metric", "执行数", "--by", "年度", "--where", "年度 = 2023 and 专项类别 = '金保工程'", "--format", "csv"
    )
    assert metric.stdout.split() == ["年度,执行数", "2023,180000.00"], metric.stderr
    # Nothing but compiled modules may have been written beside the program: an installed package can be read-only.
    present = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {name for name in present - set(names) if not name.endswith(".pyc")} == set()
