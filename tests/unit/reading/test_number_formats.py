"""Numbers as a spreadsheet shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.number_formats import BUILT_IN, display, plain


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1.0, "General", "1"), (0.1 + 0.2, "General", "0.3"), (1e15, "General", "1000000000000000"),
        (-2.50, "General", "-2.5"), (1234567.891, "General", "1234567.891"), (0.00001, "General", "0.00001"),
        (0.95, "0%", "95%"), (0.95, "0.00%", "95.00%"), (1.0, "0.0#%", "100.0%"), (0.98765, "0.0#%", "98.77%"),
        (18.0, "0.00", "18.00"), (2.675, "0.00", "2.68"), (0.5, "#.##", ".5"), (5.0, "000", "005"),
        (61250.0, "#,##0.00", "61,250.00"), (-3.0, "0.00", "-3.00"), (-0.001, "0.00", "0.00"),
        (-3.0, "0.00_);(0.00)", "(3.00)"), (0.0, '#,##0;-#,##0;"-"', "-"), (1234567.0, "#,##0,", "1,235"),
        (12.5, '0.0"万元"', "12.5万元"), (12.0, "0\\个", "12个"), (3.0, "[Red]0.0;[Blue]-0.0", "3.0"),
        (12.0, '[$¥-804]#,##0.00', "¥12.00"), (12.0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.00"),
        (0.0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"), (12.0, "@", "12"), (0.5, "# ?/?", "0.5"),
        (1234.0, "0.00E+00", "1234"), (3.0, "General;General", "3"), (5.0, "", "5"),
        (45291.0, BUILT_IN[14], "2023/12/31"), (45291.0, BUILT_IN[31], "2023年12月31日"),
        (45291.0, BUILT_IN[57], "2023年12月"),
        (45291.0, "yyyy\\-mm\\-dd", "2023-12-31"), (45291.5, "yyyy/m/d h:mm", "2023/12/31 12:00"),
        (1.0, "yyyy/m/d", "1900/1/1"),
        (0.5, "h:mm", "12:00"), (45291.0, '[$-804]yyyy"年"m"月"d"日";@', "2023年12月31日"),
        (-1.0, "yyyy/m/d", "-1"), (9e9, "yyyy/m/d", "9000000000"),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_format_says(value: float, code: str, shown: str) -> None:
    assert display(value, code) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert display(43829.0, "yyyy/m/d", from_1904=True) == "2023/12/31"


@given(st.floats(allow_nan=False, allow_infinity=False), st.text('0#?,.%;ymdh[]"\\_*@ 万', max_size=12))
def test_any_format_shows_something_or_nothing_and_never_fails(value: float, code: str) -> None:
    assert isinstance(display(value, code), str)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_plain_number_loses_nothing(value: object) -> None:
    assert float(plain(float(str(value)))) == float(str(value))
