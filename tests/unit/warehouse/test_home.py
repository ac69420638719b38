from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.home import find_home, replace_text


def test_home_is_the_option_then_the_variable_then_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FUNDPERF_HOME", raising=False)
    assert find_home().root == tmp_path / ".fundperf"
    monkeypatch.setenv("FUNDPERF_HOME", str(tmp_path / "从环境"))
    assert find_home().root == tmp_path / "从环境"
    assert find_home(tmp_path / "asked").root == tmp_path / "asked"


def test_finding_a_home_creates_nothing(tmp_path: Path) -> None:
    find_home(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


def test_replaced_text_is_whole_and_leaves_no_other_file(tmp_path: Path) -> None:
    path = tmp_path / "current"
    replace_text(path, "old")
    replace_text(path, "新")
    assert path.read_text(encoding="utf-8") == "新"
    assert [entry.name for entry in tmp_path.iterdir()] == ["current"]
