"""The words of the red flags are patterns: one that no engine understands would stop every build."""

from __future__ import annotations

import csv
import re

import duckdb
import pytest

from ingest.resources import project_dir

SEEDS = project_dir() / "data" / "reference" / "seeds"


def words(seed: str) -> list[str]:
    with (SEEDS / seed).open(encoding="utf-8", newline="") as lines:
        return [row["wording"] for row in csv.DictReader(lines)]


@pytest.mark.parametrize("seed", ["red_flag_words.csv", "indicator_meanings.csv"])
def test_every_word_is_a_pattern_that_needs_something_to_match(seed: str) -> None:
    found = words(seed)
    assert len(found) > 30
    for wording in found:
        # Engines escape backslashes differently.
        assert "\\" not in wording
        assert re.search(wording, "") is None, wording
        row = duckdb.execute("select regexp_extract('', ?, 0)", [wording]).fetchone()
        assert row == ("",), wording


def test_a_role_names_a_word_once() -> None:
    with (SEEDS / "red_flag_words.csv").open(encoding="utf-8", newline="") as lines:
        rows = [(row["role"], row["wording"]) for row in csv.DictReader(lines)]
    assert len(set(rows)) == len(rows)
