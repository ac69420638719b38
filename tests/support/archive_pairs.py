"""One row of the synthetic archive beside an earlier one: how much it grew, or why nobody may say so."""

from __future__ import annotations

from typing import Any


def _half_up(numerator: int, denominator: int) -> int | None:
    if denominator == 0:
        return None
    whole = (2 * abs(numerator) * 1_000_000 + abs(denominator)) // (2 * abs(denominator))
    return whole if (numerator < 0) == (denominator < 0) else -whole


def _real_growth(later: dict[str, Any], earlier: dict[str, Any], amount: str) -> int | None:
    """Growth in prices of one year, in millionths."""
    if later[amount] is None or earlier[amount] is None:
        return None
    before = later["price_level"] * earlier[amount]
    return _half_up(earlier["price_level"] * later[amount] - before, before)


def pair_of_programmes(later: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """A programme of a county in a year beside an earlier year of it."""
    differs = later["project_keys"] != earlier["project_keys"]
    sub_types = (later["sub_type"], earlier["sub_type"])
    refusals = {
        "sub_type_unknown": None in sub_types and differs,
        "different_sub_type": None not in sub_types and sub_types[0] != sub_types[1],
        "different_kind": later["kind"] != earlier["kind"],
        "different_project": differs,
        "different_denominator": later["execution_rate_denominator"] != earlier["execution_rate_denominator"],
        "year_gap": later["fiscal_year"] - earlier["fiscal_year"] > 1,
        "no_amount": any(row["n_with_outlay"] < row["n_projects"] for row in (later, earlier))
        or not earlier["executed_fen"],
    }
    codes = ",".join(code for code, holds in refusals.items() if holds) or None
    rates = (later["execution_rate"], earlier["execution_rate"])
    return {
        "compared_fiscal_year": earlier["fiscal_year"],
        "compared_sub_type": earlier["sub_type"],
        "compared_kind": earlier["kind"],
        "compared_n_projects": earlier["n_projects"],
        "compared_executed": earlier["executed_fen"],
        "compared_execution_rate": earlier["execution_rate"],
        "compared_attainment_rate": earlier["attainment_rate"],
        "compared_unit_cost": earlier["unit_cost_fen"],
        "growth_rate": None if codes else _real_growth(later, earlier, "executed_fen"),
        "execution_rate_change": None if codes or None in rates else rates[0] - rates[1],
        "unit_cost_growth_rate": None if codes else _real_growth(later, earlier, "unit_cost_fen"),
        "is_comparable": codes is None,
        "refusal_codes": codes,
    }


def pair_of_projects(later: dict[str, Any], earlier: dict[str, Any] | None, basis: str | None) -> dict[str, Any]:
    """A report beside the earlier one that it is laid against, if there is one, and on what ground."""
    if earlier is None:
        empty = ("compared_file", "comparison_basis", "growth_rate", "is_comparable", "refusal_codes")
        return {"file_name": later["file_name"], **dict.fromkeys(empty)}
    counties = (later["county_label"], earlier["county_label"])
    is_one_unresolved = (later["place"] is None) != (earlier["place"] is None)
    sub_types = (later["sub_type"], earlier["sub_type"])
    refusals = {
        "county_unknown": None in counties or is_one_unresolved,
        "different_county": not is_one_unresolved and None not in counties and counties[0] != counties[1],
        "sub_type_unknown": basis != "same_project" and None in sub_types,
        "different_sub_type": None not in sub_types and sub_types[0] != sub_types[1],
        "different_kind": later["kind"] != earlier["kind"],
        "different_project": basis != "same_project",
        "different_denominator": later["budget_stage"] != earlier["budget_stage"],
        "year_gap": later["fiscal_year"] - earlier["fiscal_year"] > 1,
        "no_amount": later["executed_fen"] is None or not earlier["executed_fen"],
    }
    codes = ",".join(code for code, holds in refusals.items() if holds) or None
    return {
        "file_name": later["file_name"],
        "compared_file": earlier["file_name"],
        "comparison_basis": basis,
        "growth_rate": None if codes else _real_growth(later, earlier, "executed_fen"),
        "is_comparable": codes is None,
        "refusal_codes": codes,
    }
