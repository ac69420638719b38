"""How a corrected value is written, and that the workbook offers what staging corrects."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from warehouse.review_fields import EMPTY, REVIEW_FIELDS, ReviewField

AMOUNT = REVIEW_FIELDS["funding_lines", "amount_yuan"]
STAGE = REVIEW_FIELDS["funding_lines", "stage"]
REPORT = {name: field for (table, name), field in REVIEW_FIELDS.items() if table == "reports"}


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        (AMOUNT, "180000", "180000"),
        (AMOUNT, "18万元", "180000"),
        (AMOUNT, "1,234.56 元", "1234.56"),
        (AMOUNT, "１８万", "180000"),
        (AMOUNT, "0", "0"),
        (AMOUNT, EMPTY, None),
        (STAGE, "到位", "received"),
        (STAGE, "executed", "executed"),
        (REPORT["fiscal_year"], "2023年度", "2023"),
        (REPORT["execution_stated_rate_pct"], "97.5%", "97.5"),
        (REPORT["execution_stated_rate_pct"], "100", "100"),
        (REPORT["execution_stated_rate_pct"], "0", "0"),
        (REPORT["execution_stated_rate_pct"], "0.5%", "0.5"),
        (REPORT["total_score"], "99.46分", "99.46"),
        (REPORT["evaluated_on"], "2023年9月3日", "2023-09-03"),
        (REPORT["evaluated_on"], "2023-09", "2023-09"),
        (REPORT["unit"], " 盐边县  财政局 ", "盐边县 财政局"),
        (REPORT["unit"], "=1+1", "=1+1"),
        (REPORT["unit"], "财\u200b政\u202e局", "财政局"),
    ],
)
def test_values_are_taken_as_people_write_them(field: ReviewField, written: str, stored: str | None) -> None:
    assert field.parse(written) == stored


@pytest.mark.parametrize(
    ("field", "written"),
    [
        (AMOUNT, "十八万"),
        (AMOUNT, "18亩"),
        (AMOUNT, "0.001"),
        (AMOUNT, "1e9"),
        (AMOUNT, "99999999999999999亿"),
        (AMOUNT, "1" + "0" * 30),
        (AMOUNT, "9" * 5000),
        (STAGE, "花掉"),
        (STAGE, EMPTY),
        (REPORT["fiscal_year"], "23"),
        (REPORT["fiscal_year"], "3023"),
        (REPORT["execution_stated_rate_pct"], "97.5‰"),
        (REPORT["execution_stated_rate_pct"], "0.975"),
        (REPORT["execution_stated_rate_pct"], "1"),
        (REPORT["unit"], "长" * 501),
        (REPORT["unit"], "\u200b"),
        (REPORT["total_score"], "1.23456"),
        (REPORT["total_score"], "优"),
        (REPORT["evaluated_on"], "2023-02-30"),
        (REPORT["evaluated_on"], "去年"),
    ],
)
def test_what_is_not_written_as_the_field_needs_it_is_refused(field: ReviewField, written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (has no words of its own: the workbook says what is wrong)
        field.parse(written)


def test_values_are_shown_as_forms_print_them() -> None:
    assert AMOUNT.show("180000.00") == "180000"
    assert STAGE.show("received") == "到位"
    assert REPORT["unit"].show("a.0") == "a.0"
    assert STAGE.term("zh") == "资金阶段"
    assert STAGE.term("en") == "资金阶段 stage"


def test_the_workbook_offers_only_what_staging_corrects_and_every_code() -> None:
    macro = (ROOT / "macros" / "corrections.sql").read_text(encoding="utf-8")
    tables = re.split(r'\n {8}"(?=\w+": \{\n)', macro.split("{#- A number", 1)[0])[1:]
    fields = {
        table.split('"', 1)[0]: set(re.findall(r'"(\w+)": "(?:varchar|integer|decimal)', table)) for table in tables
    }
    assert fields.keys() == {"reports", "funding_lines", "indicators"}
    assert {(table, name) for table, names in fields.items() for name in names} >= REVIEW_FIELDS.keys()
    [sources] = re.findall(r'"source": \[(.*?)\]', macro, re.DOTALL)
    assert REVIEW_FIELDS["funding_lines", "source"].codes.keys() == set(re.findall(r"\w+", sources))
    stages = (ROOT / "macros" / "funding.sql").read_text(encoding="utf-8")
    assert all(f'"{stage}"' in stages or f"'{stage}'" in stages for stage in STAGE.codes)
