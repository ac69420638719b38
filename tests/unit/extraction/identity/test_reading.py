"""Codes, labels and places: what holds for all facts about a report."""

from __future__ import annotations

from ingest.lexicon import Lexicon
from tests.unit.extraction.identity.identities import BODY, identity_of


class TestCodes:
    def test_a_code_glued_to_the_project_is_in_its_name_and_apart(self, lexicon: Lexicon) -> None:
        values = identity_of(
            "项目名称：51052522T000005510987-松林养护\n项目单位：305001-南县林业局" + BODY, lexicon
        ).values
        assert values["project_name"] == "51052522T000005510987-松林养护"
        assert values["project_code"] == "51052522T000005510987"
        assert values["unit"] == "南县林业局"


def test_every_value_points_to_its_characters(lexicon: Lexicon) -> None:
    text = "西平县水利局2021年度水渠清淤项目绩效自评报告" + BODY
    for place in identity_of(text, lexicon).places.values():
        assert text[place.start : place.end] == place.text


def test_a_labelled_year_and_a_label_on_a_line_with_its_value(lexicon: Lexicon) -> None:
    text = f"绩效自评报告\n项目名称 农村公厕\n实施单位 南县农业农村局\n自评年度：2023\n{BODY}"
    values = identity_of(text, lexicon).values
    assert (values["project_name"], values["unit"], values["fiscal_year"]) == ("农村公厕", "南县农业农村局", 2023)
