"""Rows of values whose columns a legend or a line of headings names."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.indicators.test_reading import PERFORMANCE, indicators_of, rows_of

ROWS = "改造泵站　　3座　　4座\n居民满意度　　≥85%　　88%\n"
READ = [("改造泵站", "3座", "4座"), ("居民满意度", "≥85%", "88%")]


@pytest.mark.parametrize(
    "text",
    [
        f"{ROWS}（以上依次为指标、目标值、完成值）\n",
        f"（下列各行依次为：指标名称、年度目标值、实际完成值）\n{ROWS}",
        f"指标　　目标值　　完成值\n{ROWS}",
        f"指标 目标值 完成值\n{ROWS.replace('　　', ' ')}",
        f"各列分别为：指标｜目标值｜完成值\n{ROWS.replace('　　', ' | ')}",
    ],
)
def test_the_legend_names_the_columns(text: str, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text, lexicon) == READ


def test_points_are_columns_too(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}（以下依次为：指标、目标值、完成值、分值、得分）\n改造泵站 | 3座 | 4座 | 10 | 9.5\n"
    (indicator,) = indicators_of(text, lexicon)
    assert (str(indicator.weight), str(indicator.score)) == ("10", "9.5")


def test_without_a_legend_nothing_is_guessed(lexicon: Lexicon) -> None:
    assert all(target is None for _, target, _ in rows_of(PERFORMANCE + ROWS, lexicon))


def test_rows_of_another_width_end_the_list(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}（以下依次为指标、目标值、完成值）\n{ROWS}其余见附表\n"
    assert rows_of(text, lexicon) == READ
