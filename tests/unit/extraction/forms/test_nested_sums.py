"""Sums that stand with their labels in one cell."""

from __future__ import annotations

import pytest

from ingest.extraction.forms.nested_sums import sums_in_cell
from ingest.lexicon import Lexicon


def test_the_first_label_names_the_stage_and_the_others_its_sources(lexicon: Lexicon) -> None:
    text = "实际到位资金总额：90.00万元 其中：中央补助 60.00万元 市级资金 30.00万元"
    sums = {key: text[start:end] for key, (start, end) in sums_in_cell(text, lexicon).items()}
    assert sums == {
        ("total", "received"): "90.00万元",
        ("central", "received"): "60.00万元",
        ("city", "received"): "30.00万元",
    }


@pytest.mark.parametrize(
    "text", ["", "12座", "已制定2项制度", "中央补助 60.00", "实际到位资金总额：90.00 其中：办公费 60.00", "96.5%"]
)
def test_a_cell_that_holds_anything_else_gives_nothing(text: str, lexicon: Lexicon) -> None:
    assert sums_in_cell(text, lexicon) == {}
