"""Pages of a document library, joined where one breaks off."""

from __future__ import annotations

import pytest

from ingest.reading import read_document

FIRST = (
    "1、曲县2018年农机购置补贴绩效评价报告为掌握农机购置补贴资金的使用效果，曲县农业机械管理局组织三个小组，对全县进行了抽查。"
    * 2
)
SECOND = (
    "加上2017年结转资金86.35万元，可用资金共1236.35万元。全年受理申请1318份，补贴机具1604台套，受益农户1290户。" * 2
)


def text_of(*lines: str, name: str = "a.txt") -> str:
    content = (
        "\n".join(lines)
        if name.endswith(".txt")
        else f"<html><body>{''.join(map('<p>{}</p>'.format, lines))}</body></html>"
    )
    return read_document(content.encode(), name).text.strip()


@pytest.mark.parametrize("name", ["a.txt", "a.html"])
@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        (("下达补贴1150", "2、万元，"), "下达补贴1150万元，"),
        (("使用资金1207.", "2、49万元，"), "使用资金1207.49万元，"),
        (("铺设管网16千米", "2、、取水口3处，"), "铺设管网16千米、取水口3处，"),
    ],
)
def test_a_page_that_breaks_off_goes_on_without_the_number(broken: tuple[str, str], joined: str, name: str) -> None:
    text = text_of(FIRST + broken[0], broken[1] + SECOND, name=name)
    assert text == FIRST.removeprefix("1、") + joined + SECOND


def test_a_page_that_ends_with_its_sentence_stays_a_line_of_its_own() -> None:
    text = text_of(FIRST, "2、" + SECOND + "其中", "3、合格8个")
    assert text.split("\n") == [FIRST.removeprefix("1、"), SECOND + "其中合格8个"]


@pytest.mark.parametrize(
    "lines",
    [
        ("1、修建水渠3公里", "2、安装路灯20盏", "3、硬化道路5公里"),
        (FIRST, "2、" + SECOND),
        (FIRST + "下达1150", "3、万元"),
        ("绩效自评报告", FIRST + "下达1150", "2、万元"),
    ],
    ids=["a list", "nothing breaks off", "a number is missing", "a line without number"],
)
def test_whatever_is_no_row_of_pages_stays_as_it_is(lines: tuple[str, ...]) -> None:
    assert text_of(*lines) == "\n".join(lines)
