"""Private persons are masked with masks of the same length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lexicon import Lexicon, load_lexicon
from ingest.privacy import mask_private_data


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("由中心主任负责，联系人李某某，项目资金", "由中心主任负责，联系人＊＊＊，项目资金"),
        ("联系人及电话 田某某，13800000000", "联系人及电话 ＊＊＊，＊＊＊＊＊＊＊＊＊＊＊"),
        ("填表人：王某 联系电话：0812-5654321", "填表人：＊＊ 联系电话：＊＊＊＊＊＊＊＊＊＊＊＊"),
        ("邮箱 someone@example.org", "邮箱 ＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊"),
    ],
)
def test_names_and_numbers_of_contacts_are_hidden(text: str, masked: str, lexicon: Lexicon) -> None:
    assert mask_private_data(text, lexicon) == masked


@pytest.mark.parametrize(
    "text",
    ["项目负责人是保障中心主任，另有联系人一名，", "实际支出13800000000元", "盐边财政【2020】8号", "项目负责人："],
)
def test_what_names_no_person_stays(text: str, lexicon: Lexicon) -> None:
    assert mask_private_data(text, lexicon) == text


@given(st.text(alphabet="联系人电话：张王李四 0123456789-，。元万", max_size=60))
def test_a_mask_never_moves_a_character(text: str) -> None:
    assert len(mask_private_data(text, load_lexicon())) == len(text)
