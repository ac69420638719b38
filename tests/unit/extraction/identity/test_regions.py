"""The region of a report, and the gazetteer it is found with."""

from __future__ import annotations

import pytest

from ingest.extraction.identity.gazetteer import chain_of, find_places, superiors
from ingest.lexicon import Lexicon
from ingest.records import Region
from tests.unit.extraction.identity.identities import BODY, identity_of


def region_of(text: str, lexicon: Lexicon) -> tuple[str | None, str | None, str | None]:
    region = identity_of(text, lexicon).values["region"]
    assert isinstance(region, Region)
    return region.province, region.city, region.county


class TestRegion:
    @pytest.mark.parametrize(
        ("text", "region"),
        [
            ("岳阳市南湖新区环卫项目绩效自评报告" + BODY, (None, "岳阳市", "南湖新区")),
            ("天津市绿道工程绩效自评报告\n来源：天津市东丽区财政局" + BODY, ("天津市", None, "东丽区")),
            ("西平县水利局对水渠资金作了自评。\n一、依据\n河南省下达8万元。\n", ("河南省", None, "西平县")),
            ("西平县水利局对水渠资金作了自评。\n一、依据\n湖南省下达8万元。\n", (None, None, "西平县")),
            ("西平县水利局对水渠资金作了自评。\n一、依据\n河南省水利厅下达8万元。\n", (None, None, "西平县")),
            ("西平县水渠项目绩效自评报告\n评价机构：郑州市诚信会计师事务所\n" + BODY, (None, None, "西平县")),
            ("西平县水渠项目绩效自评报告\n一、依据\n按《河南省水渠管理办法》支出8万元。\n", (None, None, "西平县")),
            ("一、概况\n经甘孜州人民政府批准，支出5万元。\n", (None, "甘孜州", None)),
            ("一、概况\n按《四川省公路条例》，我县支出5万元。\n", (None, None, None)),
            ("一、概况\n综上，颍上县2020年厨房改造项目自评得分95分。\n", (None, None, "颍上县")),
            ("一、概况\n按《颍上县渡口条例实施细则》立项，支出5万元。\n", (None, None, None)),
            ("一、概况\n我区按《宣州区危房改造办法》发放5万元。\n", (None, None, "宣州区")),
            ("一、概况\n我市下达资金：磴口县5万元；五原县6万元。\n", (None, None, None)),
        ],
    )
    def test_places_of_the_reporting_body_as_written(
        self, text: str, region: tuple[str | None, str | None, str | None], lexicon: Lexicon
    ) -> None:
        assert region_of(text, lexicon) == region

    def test_districts_that_are_everyday_words_need_their_city(self) -> None:
        assert [place.name for place in find_places("城区道路与阳泉市城区道路")] == ["阳泉市", "城区"]

    def test_only_places_that_hold_the_county_are_above_it(self, lexicon: Lexicon) -> None:
        chain = chain_of("盐边县水利局", lexicon)
        assert [place.name for place in superiors(chain, "四川省攀枝花市与河南省")] == ["四川省", "攀枝花市"]


def test_a_city_of_another_body_does_not_complete_the_region(lexicon: Lexicon) -> None:
    text = f"金乡县交通运输局\n公路养护资金绩效自评报告\n{BODY}济宁市级配套8万元，济宁市财政局下达。\n"
    assert region_of(text, lexicon)[1] is None
