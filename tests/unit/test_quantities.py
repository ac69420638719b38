"""Text → number, unit, operator, range, date; what is not understood says so."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lexicon import Lexicon
from ingest.quantities import find_dates, find_money, parse_decimal, parse_value, to_yuan


@pytest.mark.parametrize(
    ("text", "operator", "value", "unit"),
    [
        ("大于等于10支", ">=", "10", "支"),
        ("≥50", ">=", "50", None),
        (">=97%", ">=", "97", "%"),
        ("≧735人次", ">=", "735", "人次"),
        ("等于0.07万元", "=", "0.07", "万元"),
        ("═100%", "=", "100", "%"),
        ("不低于85%", ">=", "85", "%"),
        ("不超过3次", "<=", "3", "次"),
        ("=98百分比", "=", "98", "%"),
        ("200天以上", ">=", "200", "天"),
        ("50微克以下", "<=", "50", "微克"),
        ("0.6‰以内", "<=", "0.6", "‰"),
        ("≥１００％", ">=", "100", "%"),
        ("1,234.5元", None, "1234.5", "元"),
        ("已完成100%", None, "100", "%"),
        ("400元/人、天", None, "400", "元/人、天"),
        ("≥5年", ">=", "5", "年"),
        ("不少于3年", ">=", "3", "年"),
        ("6年以上", ">=", "6", "年"),
        ("3个月", None, "3", "个月"),
        ("≤10个工作日", "<=", "10", "个工作日"),
        ("≥2次/年", ">=", "2", "次/年"),
        ("≤15日", "<=", "15", "日"),
    ],
)
def test_a_value_is_read_with_operator_and_unit(
    text: str, operator: str | None, value: str, unit: str | None, lexicon: Lexicon
) -> None:
    read = parse_value(text, lexicon)
    assert (read.state, read.operator, read.value, read.unit) == ("parsed", operator, Decimal(value), unit)


@pytest.mark.parametrize("text", ["", None, "-", "—", "/", " ", "　"])
def test_a_blank_cell_is_blank_and_not_zero(text: str | None, lexicon: Lexicon) -> None:
    read = parse_value(text, lexicon)
    assert (read.state, read.value) == ("blank", None)


@pytest.mark.parametrize("text", ["长期", "全年", "有效保障", "随项目进度把控"])
def test_words_without_a_number_are_qualitative(text: str, lexicon: Lexicon) -> None:
    assert parse_value(text, lexicon).state == "qualitative"


@pytest.mark.parametrize(
    "text",
    ["3月底前完成80%以上", "5,00.0,42", "约760万", "2023顺利完成", "310户702人", "0.1234567米", "不低于60人以上"],
)
def test_a_number_that_is_not_understood_is_unreadable_and_never_guessed(text: str, lexicon: Lexicon) -> None:
    read = parse_value(text, lexicon)
    assert (read.state, read.value) == ("unreadable", None)


def test_periods_ranges_and_deadlines_keep_both_ends(lexicon: Lexicon) -> None:
    period = parse_value("2023年1月-12月", lexicon)
    assert (period.operator, period.date_from, period.date_to) == ("range", "2023-01", "2023-12")
    deadline = parse_value("2021年12月底前", lexicon)
    assert (deadline.operator, deadline.date_from, deadline.date_to) == ("by_date", None, "2021-12")
    share = parse_value("90%-95%", lexicon)
    assert (share.operator, share.value, share.high, share.unit) == ("range", Decimal(90), Decimal(95), "%")


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("共计16800元", ["16800.00"]),
        ("预算资金为 18 万元", ["180000.00"]),
        ("18.00万元，其中：其他资金0万元", ["180000.00", "0.00"]),
        ("筹集3.30亿元", ["330000000.00"]),
        ("支出795333.77元", ["795333.77"]),
        ("1000万 元", ["10000000.00"]),
        ("118.2046万元", ["1182046.00"]),
        ("发放141.8万补助资金", ["1418000.00"]),
        ("１８万元", ["180000.00"]),
        ("31.7万平方米，9万人次，600亿斤", []),
        ("2020年16个村", []),
        ("计划1,234,567.89元", ["1234567.89"]),
        ("企业注销,13.5万元未拨付", ["135000.00"]),
        ("下达64.5万2020年省级资金", ["645000.00"]),
        ("分别为100、90、85万元", ["1000000.00", "900000.00", "850000.00"]),
        ("分别是 1.5 亿元和0.8亿元", ["150000000.00", "80000000.00"]),
        ("第1、2号桥5万元", ["50000.00"]),
        ("拨付八百万元", ["8000000.00"]),
        ("共计一亿二千零五十万元", ["120500000.00"]),
        ("二元结构，数百万元，千百万元", []),
    ],
)
def test_money_is_exact_yuan_and_only_money(text: str, yuan: list[str]) -> None:
    found = find_money(text)
    assert [str(money.amount_yuan) for money in found] == yuan
    assert all(text[money.start : money.end] == money.as_written for money in found)


def test_a_price_per_something_is_marked() -> None:
    assert [money.is_price for money in find_money("补贴89.34元/亩，共9765万元")] == [True, False]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("于2021年9月3日，试开展", ["2021-09-03"]),
        ("2020年9月，批复", ["2020-09"]),
        ("2019年年末", ["2019"]),
        ("日期:2024-06-05 11:24", ["2024-06-05"]),
        ("2024- 06- 26", ["2024-06-26"]),
        ("202年1月11日", []),
        ("2022-2025龙游县", []),
    ],
)
def test_dates_are_as_precise_as_printed(text: str, dates: list[str]) -> None:
    assert [date.iso for date in find_dates(text)] == dates


@given(st.decimals(min_value=0, max_value=Decimal("9999999999"), places=2, allow_nan=False))
def test_every_amount_written_in_yuan_is_read_back_exactly(amount: Decimal) -> None:
    assert [money.amount_yuan for money in find_money(f"支出{amount:f}元")] == [amount]
    assert parse_decimal(f"{amount:,f}") == amount


@given(st.decimals(min_value=0, max_value=Decimal("999999"), places=6, allow_nan=False))
def test_ten_thousands_of_yuan_are_rounded_half_up_to_the_fen(number: Decimal) -> None:
    yuan = to_yuan(number, "万元")
    assert yuan is not None
    assert abs(yuan - number * 10_000) <= Decimal("0.005")


@given(st.text(max_size=30))
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    assert all(text[money.start : money.end] == money.as_written for money in find_money(text))
    assert all(text[date.start : date.end].strip() for date in find_dates(text))


@pytest.mark.parametrize(
    "text",
    [
        "5O人",
        "100余人",
        "50+",
        "98-95%",
        "1季度",
        "≥2022年",
        "12月",
        "15日",
        "五十人",
        "百分之九十五",
        "2022年2月30日前",
        "2022年6月31日至2022年11月30日",
        "2022年1月1日-9月31日",
    ],
)
def test_what_only_looks_exact_is_unreadable(text: str, lexicon: Lexicon) -> None:
    assert parse_value(text, lexicon).state == "unreadable"


def test_within_a_time_is_an_upper_bound(lexicon: Lexicon) -> None:
    read = parse_value("24小时内", lexicon)
    assert (read.operator, read.value, read.unit) == ("<=", Decimal(24), "小时")
