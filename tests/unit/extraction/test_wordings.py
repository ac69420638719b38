"""Wordings of the lexicon as a group of a pattern."""

from __future__ import annotations

import re

from ingest.extraction.wordings import any_of
from ingest.lexicon import Lexicon, Wording

_LEXICON = Lexicon(
    [
        Wording("sum_marker", "amount", "共"),
        Wording("sum_marker", "sum", "共计"),
        Wording("giving", "giving", "拨付"),
        Wording("giving", "-", "转移支付"),
    ]
)


def test_the_longest_wording_of_all_roles_is_tried_first() -> None:
    assert re.findall(any_of(_LEXICON, "sum_marker", "giving"), "拨付共计5万元") == ["拨付", "共计"]


def test_a_hiding_wording_is_none() -> None:
    assert re.search(any_of(_LEXICON, "giving"), "转移支付") is None


def test_only_wordings_of_the_canonical_name_asked_for() -> None:
    assert re.findall(any_of(_LEXICON, "sum_marker", canonical="sum"), "共5万元，共计7万元") == ["共计"]
