"""Who may import whom, and what may only be imported inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted([*ROOT.glob("ingest/**/*.py"), *ROOT.glob("warehouse/**/*.py")])
HEAVY = {
    "duckdb",
    "polars",
    "pandas",
    "pyarrow",
    "sqlglot",
    "great_expectations",
    "dbt",
    "altair",
    "numpy",
    "metricflow",
    "metricflow_semantics",
}
# pydantic costs a quarter of a second: modules that the command imports before it knows what to do must do without.
LIGHT = {
    "warehouse/cli.py", *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("warehouse/commands/*.py")),
    "warehouse/home.py", "warehouse/messages.py", "ingest/confidence.py", "ingest/errors.py", "ingest/resources.py",
}  # fmt: skip
KNOWS_DUCKDB = {"ingest/raw_store.py"}
KNOWS_GREAT_EXPECTATIONS = {"ingest/batch_checks.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path, *, only_at_start: bool = False) -> Iterator[str]:
    """Absolute module names that a file imports; type-checking blocks are no imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if only_at_start else list(ast.walk(tree))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in nodes:
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("ingest/")], ids=name_of)
def test_ingest_never_imports_warehouse(path: Path) -> None:
    assert [name for name in imports(path) if name.split(".")[0] == "warehouse"] == []


@pytest.mark.parametrize("path", [path for path in MODULES if "/reading/" in name_of(path)], ids=name_of)
def test_reading_knows_nothing_of_extraction(path: Path) -> None:
    assert [name for name in imports(path) if name.startswith(("ingest.extraction", "ingest.lexicon"))] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_heavy_packages_are_imported_inside_functions_where_the_command_could_meet_them(path: Path) -> None:
    at_start = {name.split(".")[0] for name in imports(path, only_at_start=True)}
    # raw_schema is about frames, and the worker is a process of its own: both are only imported by who needs them.
    if name_of(path) not in {"ingest/raw_schema.py", "warehouse/sql_worker.py"}:
        assert at_start & HEAVY == set()
    if name_of(path) in LIGHT:
        assert "pydantic" not in at_start


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("ingest/")], ids=name_of)
def test_only_the_raw_store_knows_duckdb_and_only_the_checks_know_great_expectations(path: Path) -> None:
    known = {name.split(".")[0] for name in imports(path)}
    assert ("duckdb" not in known) or name_of(path) in KNOWS_DUCKDB
    assert ("great_expectations" not in known) or name_of(path) in KNOWS_GREAT_EXPECTATIONS


def test_no_model_uses_a_dialect_test_instead_of_a_dispatched_macro() -> None:
    for path in [*ROOT.glob("models/**/*.sql"), *ROOT.glob("macros/*.sql")]:
        assert "target.type" not in path.read_text(encoding="utf-8"), path
