"""The words of the red flags are patterns: one that no engine understands would stop every build."""

from __future__ import annotations

import csv
import re

import duckdb
import pytest

from ingest.resources import project_dir
from warehouse.own_reference import own_tables

SEEDS = project_dir() / "data" / "reference" / "seeds"


def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / seed).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def patterns() -> list[str]:
    """The words of the roles that the models look for as patterns; other roles are compared as they stand."""
    used = own_tables()["red_flag_words"].patterns["wording"]["role"]
    found = rows("red_flag_words.csv")
    assert set(used) <= {row["role"] for row in found}
    return [row["wording"] for row in found if row["role"] in used] + [
        row["wording"] for row in rows("indicator_meanings.csv")
    ]


def test_the_roles_that_models_take_for_patterns_are_those_that_own_lines_are_checked_for() -> None:
    models = (project_dir() / "models").rglob("*.sql")
    used = set(re.findall(r"words_pattern\('(\w+)'\)", "".join(path.read_text(encoding="utf-8") for path in models)))
    assert used == set(own_tables()["red_flag_words"].patterns["wording"]["role"])


@pytest.mark.parametrize("wording", patterns())
def test_every_word_is_a_pattern_that_needs_something_to_match(wording: str) -> None:
    # Engines escape backslashes differently.
    assert "\\" not in wording
    assert re.search(wording, "") is None
    assert duckdb.execute("select regexp_extract('', ?, 0)", [wording]).fetchone() == ("",)


def test_a_role_names_a_word_once() -> None:
    found = [(row["role"], row["wording"]) for row in rows("red_flag_words.csv")]
    assert len(set(found)) == len(found)
