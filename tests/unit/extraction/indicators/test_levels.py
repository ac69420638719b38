"""Levels of indicators in prose: as a chapter, on a line of their own, before a dash."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.indicators.test_reading import PERFORMANCE, indicators_of

Levels = list[tuple[str | None, str | None]]


def levels_of(text: str, lexicon: Lexicon) -> Levels:
    return [(indicator.level1, indicator.level2) for indicator in indicators_of(PERFORMANCE + text, lexicon)]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("1. 产出\n数量——改造泵站座数：目标3座，实际4座。\n", [("产出", "数量")]),
        ("（一）产出\n改造泵站3座。\n（二）效果\n群众满意度96%。\n", [("产出", None), ("效果", None)]),
        ("1、数量。改造泵站3座。\n2、满意。群众满意度96%。\n", [(None, "数量"), ("满意", None)]),
        ("（一）效益情况。\n1．满意度。读者满意度目标90%，实际93%。\n", [("效益", "满意度")]),
        (
            "1、产出指标\n1.1 数量指标\n改造泵站 ≥3座，实际完成4座\n维修水闸 ≥2座，实际完成2座\n",
            [("产出指标", "数量指标")] * 2,
        ),
        ("1.数量指标完成较好。改造泵站3座。\n", [(None, "数量指标")]),
        ("（一）项目效益情况\n社会效益指标：受益农户860户。\n", [(None, "社会效益指标")]),
    ],
)
def test_levels_stand_for_all_below_them(text: str, levels: Levels, lexicon: Lexicon) -> None:
    assert levels_of(text, lexicon) == levels


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (
            "（3）时效指标：通水时间目标11月底，实际10月底；\n（4）成本指标：水价目标3元/吨，实际2.8元/吨；\n"
            "2.效益指标完成情况\n受益农户目标30户，实际31户。\n3.满意度指标完成情况\n农户满意度目标90%，实际95%。\n",
            [(None, "时效指标"), (None, "成本指标"), ("效益指标", None), ("满意度指标", None)],
        ),
        (
            "（四）成本指标：水价目标3元/吨，实际2.8元/吨；\n（五）可持续影响指标：管护户数目标3户，实际4户。\n",
            [(None, "成本指标"), (None, "可持续影响指标")],
        ),
        (
            "1.成本指标\n（1）经济成本指标：水价目标3元/吨，实际2.8元/吨。\n2.产出指标\n改造泵站目标3座，实际4座。\n",
            [("成本指标", "经济成本指标"), ("产出指标", None)],
        ),
    ],
)
def test_costs_are_the_level_that_stands_beside_them(text: str, levels: Levels, lexicon: Lexicon) -> None:
    found = indicators_of(text if text.startswith("（") else PERFORMANCE + text, lexicon)
    assert [(indicator.level1, indicator.level2) for indicator in found] == levels


def test_a_word_in_a_running_text_is_no_level(lexicon: Lexicon) -> None:
    text = "自评如下。一是任务。改造泵站3座。二是效果。群众满意度96%。\n"
    assert {indicator.level1 for indicator in indicators_of(text, lexicon)} == {None}
