"""The reference data of programmes and units say nothing twice and nothing of what they do not know."""

from __future__ import annotations

import csv

import pytest

from ingest.resources import reference_dir
from tests.conftest import ROOT


def seed(name: str) -> list[dict[str, str]]:
    with (reference_dir() / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", ["programme_aliases", "programme_sub_types", "programme_evidence"])
def test_every_family_is_known(name: str) -> None:
    known = {row["family"] for row in seed("programme_families")}
    used = {row["family"] for row in seed(name)}
    assert used <= known
    if name == "programme_aliases":
        assert used == known, "a family without a wording is never found"


def test_every_sub_type_is_called_something_in_both_languages() -> None:
    used = {
        (row["family"], row["sub_type"]) for name in ("programme_aliases", "programme_sub_types") for row in seed(name)
    }
    named = {
        (row["family"], row["sub_type"]): (row["name_zh"], row["name_en"]) for row in seed("programme_sub_type_names")
    }
    assert set(named) == {(family, sub_type) for family, sub_type in used if sub_type}
    assert all(zh and en for zh, en in named.values())
    assert len(set(zip((family for family, _ in named), named.values(), strict=True))) == len(named)


def test_a_wording_has_a_certainty_or_excludes() -> None:
    for row in seed("programme_aliases"):
        if row["is_negative"] == "true":
            assert (row["certainty"], row["sub_type"]) == ("", ""), row
        else:
            assert 0 < float(row["certainty"]) <= 1, row


def test_no_wording_belongs_to_two_families_at_once() -> None:
    owners: dict[str, str] = {}
    for row in seed("programme_aliases"):
        if row["is_negative"] == "false" and float(row["certainty"]) == 1:
            assert owners.setdefault(row["wording"], row["family"]) == row["family"], row["wording"]


def test_a_wording_that_is_both_says_until_when() -> None:
    rows = seed("programme_aliases")
    positive = {(row["family"], row["wording"]): row for row in rows if row["is_negative"] == "false"}
    for row in rows:
        other = positive.get((row["family"], row["wording"]))
        if row["is_negative"] == "true" and other is not None:
            assert int(other["valid_to_year"]) < int(row["valid_from_year"]), row["wording"]


def test_a_unit_has_one_chained_name_and_no_chain_goes_on() -> None:
    chained: dict[str, str] = {}
    for row in seed("unit_renames"):
        assert row["kind"] in {"abbreviation", "rename", "name", "merge", "split"}
        assert row["basis"]
        assert (row["is_chained"] == "true") == (row["kind"] not in {"merge", "split"}), row
        assert (row["from_year"] != "") == (row["kind"] in {"rename", "merge", "split"}), row
        if row["is_chained"] == "true":
            assert row["wording"] not in chained, row
            chained[row["wording"]] = row["canonical_name"]
    assert all(chained.get(name, name) == name for name in chained.values())


@pytest.mark.parametrize("name", ["measure_settings", "comparison_settings", "match_settings"])
def test_every_setting_is_read_by_some_model(name: str) -> None:
    models = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("m*/**/*.sql"))
    for row in seed(name):
        assert f"'{row['setting']}'" in models, "a setting that changes nothing"
