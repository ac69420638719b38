"""dbt itself on a small project: read while the build file is open elsewhere, then built."""

from __future__ import annotations

import json
import time
from pathlib import Path

import duckdb
import pytest

from ingest.resources import project_dir
from tests.support.dbt_runs import without_coverage
from warehouse import standing_dbt
from warehouse.home import Home, find_home
from warehouse.standing_dbt import UNDERSTOOD_FILE, StandingDbt, log_folder

PROJECT = """
name: small
version: "1.0"
profile: fundperf
flags: {send_anonymous_usage_stats: false}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home folder with an empty build file, and a project of one model."""
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (project / "profiles.yml").write_bytes((project_dir() / "profiles.yml").read_bytes())
    (project / "models" / "one.sql").write_text("select 1 as x", encoding="utf-8")
    monkeypatch.setattr(standing_dbt, "project_dir", lambda: project)
    monkeypatch.setattr(standing_dbt, "module_environment", lambda: {**without_coverage(), "PYTHONUTF8": "1"})
    home = find_home(tmp_path / "home")
    home.prepare()
    return home


def test_the_project_is_read_while_the_build_file_is_open_and_everything_is_written(home: Home) -> None:
    with StandingDbt(home) as dbt:
        with duckdb.connect(str(home.build_file)):
            dbt.start()
            deadline = time.monotonic() + 120
            while not (home.dbt_target / UNDERSTOOD_FILE).exists():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert not (home.dbt_target / "manifest.json").exists()
        finished = dbt.run(["build"])
    assert finished.returncode == 0, finished.stdout
    [result] = json.loads((home.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert (result["unique_id"], result["status"]) == ("model.small.one", "success")
    nodes = json.loads((home.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    assert nodes["model.small.one"]["compiled_code"] == "select 1 as x"
    assert (home.dbt_target / "semantic_manifest.json").exists()
    log = (log_folder(home) / "dbt.log").read_text(encoding="utf-8")
    assert "Completed successfully" in log
    assert "[debug]" not in log
    # It was read once.
    assert log.count("Starting full parse") == 1


def test_what_is_wrong_with_a_project_is_told_once(home: Home, tmp_path: Path) -> None:
    (tmp_path / "project" / "models" / "one.sql").write_text("{{ ref('nowhere') }}", encoding="utf-8")
    with StandingDbt(home) as dbt:
        dbt.start()
        finished = dbt.run(["build"])
    assert finished.returncode == 2
    assert finished.stdout.count("depends on a node named 'nowhere'") == 1


def test_what_is_wrong_with_a_command_is_told(home: Home) -> None:
    with StandingDbt(home) as dbt:
        finished = dbt.run(["build", "--nonsense"])
    assert finished.returncode == 2
    assert finished.stdout.count("--nonsense") == 1
