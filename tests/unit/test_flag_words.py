"""The words of the red flags are patterns: one that no engine understands would stop every build."""

from __future__ import annotations

import csv
import re

import duckdb
import pytest

from ingest.resources import project_dir

SEEDS = project_dir() / "data" / "reference" / "seeds"


def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / seed).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def patterns() -> list[str]:
    """The words of the roles that the models look for as patterns; other roles are compared as they stand."""
    models = (project_dir() / "models" / "intermediate" / "flags").glob("*.sql")
    used = set(re.findall(r"words_pattern\('(\w+)'\)", "".join(path.read_text(encoding="utf-8") for path in models)))
    found = rows("red_flag_words.csv")
    assert used
    assert used <= {row["role"] for row in found}
    return [row["wording"] for row in found if row["role"] in used] + [
        row["wording"] for row in rows("indicator_meanings.csv")
    ]


@pytest.mark.parametrize("wording", patterns())
def test_every_word_is_a_pattern_that_needs_something_to_match(wording: str) -> None:
    # Engines escape backslashes differently.
    assert "\\" not in wording
    assert re.search(wording, "") is None
    assert duckdb.execute("select regexp_extract('', ?, 0)", [wording]).fetchone() == ("",)


def test_a_role_names_a_word_once() -> None:
    found = [(row["role"], row["wording"]) for row in rows("red_flag_words.csv")]
    assert len(set(found)) == len(found)
