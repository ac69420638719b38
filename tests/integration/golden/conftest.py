"""One build for every test that asks what the models say of a specimen.

The specimens of all files are landed together: no two share a project, and where reports are judged among many, the
reports of a file have regions and units of their own. The rules that count over everything have builds of their own
(`test_archive.py`), as do reports with hundreds of names (`test_identity.py`) and the build with all data tests
(the folder `models`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from ingest.raw_store import insert_rows, open_build
from tests.support.dbt_runs import rows
from tests.support.golden_specimens import specimens
from tests.support.homes import home_with_samples
from tests.support.replays import Replay
from tests.support.sample_records import land
from tests.support.texts_of_reports import many_reports
from warehouse.home import find_home

# Lines of the home folder: a unit slip of up to 2 % instead of 1 %, and a zone that no list has.
OWN_LINES: dict[tuple[str, str], dict[str, str]] = {
    ("red_flag_rules", "B5"): {"rule_id": "B5", "threshold": "0.02"},
    ("region_versions", "own-nanhu"): {
        "region_version_id": "own-nanhu",
        "region_name": "岳阳市南湖新区",
        "region_short_name": "南湖新区",
        "parent_code": "430600",
        "city_name": "岳阳市",
        "province_name": "湖南省",
    },
}
# Of the data tests, which all run elsewhere, those that a zone of one's own could break.
TESTS_OF_OWN_LINES = ("every_region_of_2014_goes_on_or_is_told_to_end", "is_key_dim_region")


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the build: `build.duckdb`, `manifest.json` and `semantic_manifest.json`."""
    from tests.integration.golden.test_measures import records as records_of_measures
    from tests.integration.golden.test_regions import records as records_of_regions

    work, home = tmp_path_factory.mktemp("golden"), find_home(home_with_samples())
    replay = Replay(home, work)
    land(replay.file, [[*specimens().values(), *many_reports(), *records_of_regions(), *records_of_measures()]])
    with open_build(replay.file) as connection:
        lines = [
            {
                "load_id": "load-1", "table_name": table, "row_key": key, "column_name": column, "value": value,
                "line": 2,
            }
            for (table, key), columns in OWN_LINES.items()
            for column, value in columns.items()
        ]  # fmt: skip
        insert_rows(connection, "raw.own_reference", lines)
    checks = replay.failing_checks(replay.fill())
    assert len([name for name in checks if name.startswith(TESTS_OF_OWN_LINES)]) > 3
    assert [name for name, fails in checks.items() if fails and name.startswith(TESTS_OF_OWN_LINES)] == []
    shutil.copyfile(home.dbt_target / "manifest.json", work / "manifest.json")
    shutil.copyfile(home.semantics, work / "semantic_manifest.json")
    return work


@pytest.fixture(scope="session")
def marts(golden: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the build file."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{(golden / 'build.duckdb').as_posix()}' as fp (read_only)")
        connection.execute("use fp")
        yield connection


@pytest.fixture(scope="session")
def names(marts: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Specimen → project_year_id."""
    ids = {
        row["document_id"]: row["project_year_id"]
        for row in rows(marts, "select document_id, project_year_id from marts.rpt_flag_load")
    }
    return {name: ids[record.document.sha256] for name, record in specimens().items()}
