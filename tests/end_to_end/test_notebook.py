"""The notebook runs from the published release and still says what it was committed with."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.end_to_end.conftest import TwoRuns

NOTEBOOK = ROOT / "notebooks" / "01_two_years_of_jinbao.ipynb"


def outputs(notebook: Any, kind: str) -> list[str]:
    return [
        output["data"][kind]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if kind in output.get("data", {})
    ]


def test_the_notebook_runs_top_to_bottom_and_its_committed_outputs_are_true(
    runs: TwoRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = nbformat.read(NOTEBOOK, 4)
    executed = nbformat.read(NOTEBOOK, 4)
    monkeypatch.setenv("FUNDPERF_HOME", str(runs.home))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    NotebookClient(executed, timeout=120, kernel_name="python3").execute()
    assert outputs(executed, "text/plain") == outputs(committed, "text/plain")
    charts = [base64.b64decode(chart) for chart in outputs(executed, "image/png")]
    assert len(charts) == len(outputs(committed, "image/png")) == 2
    assert all(len(chart) > 20_000 for chart in charts)


def test_the_notebook_reads_the_release_only() -> None:
    code = "\n".join(cell.source for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code")
    assert "warehouse.connect(" in code
    # A measure is asked for by name, not written down again.
    assert "warehouse.metric(" in code
    assert "duckdb.connect" not in code
    assert "build.duckdb" not in code
    assert str(Path.home()) not in NOTEBOOK.read_text(encoding="utf-8")
