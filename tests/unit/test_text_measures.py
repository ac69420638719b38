"""What is measured of a text: figures worked out by hand, the two real reports, and what must always hold."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from ingest.lexicon import Lexicon
from ingest.text_likeness import SHINGLE_LENGTH, SHORTEST_REPEAT, find_repeats, likeness, own_shingles
from ingest.text_measures import (
    TextHit,
    find_flattened_diagrams,
    find_level_points,
    find_noise,
    find_outline_breaks,
    find_payment_facts,
    find_private_data,
    find_punctuality,
    find_stated_years,
    measure_text,
)
from tests.conftest import REAL_REPORTS

REPORT_2020 = REAL_REPORTS / "000_7a8875182c431c62.txt"
REPORT_2023 = REAL_REPORTS / "004_3dbef3ef761bd890.txt"
PASSAGE = "本项目资金严格按照管理办法使用，审批手续完整，专款专用，没有挤占挪用，账目清楚，档案齐全。"
BETWEEN = "下面说的是另一件事。"


def read(path: Path) -> str:
    """A real report, which travels with nobody."""
    if not path.is_file():
        pytest.skip("the real reports are not here")
    return path.read_text(encoding="utf-8")


def quoted(text: str, hits: Iterable[TextHit]) -> list[str]:
    """What the hits point to."""
    return [text[hit.start : hit.end] for hit in hits]


# --- repetition


def test_repetition_of_the_report_of_2020_is_a_fifth_of_it() -> None:
    text = read(REPORT_2020)
    repeats = find_repeats(text)
    assert len(re.sub(r"\s", "", text)) == 2685
    assert sum(length for _, _, length in repeats) == 538
    assert sorted((length for _, _, length in repeats), reverse=True)[:3] == [164, 107, 95]


def test_repetition_of_the_report_of_2023_stays_below_the_limit() -> None:
    text = read(REPORT_2023)
    assert len(re.sub(r"\s", "", text)) == 2059
    assert sum(length for _, _, length in find_repeats(text)) == 150


def test_a_passage_that_comes_again_counts_once_and_points_to_its_first_place() -> None:
    text = f"一、概况\n{PASSAGE}{BETWEEN}\n{PASSAGE}"
    ((start, end, length),) = find_repeats(text)
    assert text[start:end] == PASSAGE
    assert length == len(PASSAGE)


def test_white_space_inside_a_passage_changes_nothing() -> None:
    broken = PASSAGE[:20] + "\n   " + PASSAGE[20:]
    assert [length for _, _, length in find_repeats(broken + BETWEEN + PASSAGE)] == [len(PASSAGE)]


def test_what_is_shorter_than_the_limit_is_no_repetition() -> None:
    short = PASSAGE[: SHORTEST_REPEAT - 1]
    assert find_repeats(short + "甲" + BETWEEN + short + "乙") == []
    exact = PASSAGE[:SHORTEST_REPEAT]
    assert [length for _, _, length in find_repeats(exact + "甲" + BETWEEN + exact + "乙")] == [SHORTEST_REPEAT]


def slow_repeats(text: str) -> int:
    """Repeated characters by the definition itself, with nothing clever."""
    letters = re.sub(r"\s", "", text)
    place = total = 0
    while place + SHORTEST_REPEAT <= len(letters):
        length = 0
        while letters.find(letters[place : place + length + 1], place + length + 1) >= 0:
            length += 1
        if length >= SHORTEST_REPEAT:
            total += length
            place += length
        else:
            place += 1
    return total


@pytest.mark.parametrize("seed", range(40))
def test_repetition_is_what_the_definition_says(seed: int) -> None:
    chance = random.Random(seed)
    pieces = ["".join(chance.choices("资金项目管理", k=chance.randint(1, 60))) for _ in range(4)]
    text = "".join(chance.choice([*pieces, "\n", "另", "。"]) for _ in range(30))
    assert sum(length for _, _, length in find_repeats(text)) == slow_repeats(text)


def test_a_long_line_of_dots_is_measured_at_once() -> None:
    text = "…" * 20_000
    assert sum(length for _, _, length in find_repeats(text)) <= len(text)


# --- likeness


def test_likeness_is_the_share_of_common_shingles() -> None:
    one, other = "甲乙丙丁戊己", "乙丙丁戊己庚"
    assert (likeness(one, other).shared, likeness(one, other).either) == (1, 3)
    assert likeness(one, one).shared == likeness(one, one).either == len(one) - SHINGLE_LENGTH + 1


@pytest.mark.parametrize("seed", range(20))
def test_likeness_is_that_of_the_sets_of_shingles(seed: int) -> None:
    chance = random.Random(seed)
    one, other = ("".join(chance.choices("绩效自评报告项目", k=chance.randint(0, 80))) for _ in range(2))
    sets = [{text[at : at + SHINGLE_LENGTH] for at in range(len(text) - SHINGLE_LENGTH + 1)} for text in (one, other)]
    measured = likeness(one, other)
    assert (measured.shared, measured.either) == (len(sets[0] & sets[1]), len(sets[0] | sets[1]))


def test_known_headings_and_stock_sentences_are_nobodys_own_words(lexicon: Lexicon) -> None:
    own = "修好了三条路和两座桥。"
    plain = own_shingles(own, lexicon)
    framed = own_shingles(f"（一）项目基本情况\n{own}\n申报内容与实际相符，申报目标合理可行", lexicon)
    assert set(plain) <= set(framed)
    # Only shingles that span the border between own and stock words could be new, and those are left out.
    assert len(framed) == len(plain)
    assert plain == sorted(set(plain))


def test_a_goal_is_compared_with_its_result_where_both_are_told(lexicon: Lexicon) -> None:
    goal = "全年维护机房网络不少于十二次，保障畅通。"
    measured = measure_text("", lexicon, goal=goal, result="已完成：" + goal).goal_and_result
    assert measured is not None
    assert (measured.shared, measured.either) == (len(goal) - 4, len(goal))
    assert measure_text("", lexicon, goal=goal, result="").goal_and_result is None
    assert measure_text("", lexicon, goal="完成", result="完成").goal_and_result is None


# --- numbering


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("一、概况\n（一）背景\n（二）目标\n二、问题\n（一）立项\n", []),
        ("一、概况\n1.甲事\n2.乙事\n二、问题\n3.丙事\n三、建议\n", []),
        ("1、概况\n（一）背景\n（2）目标\n", ["style"]),
        ("4、问题\n五、建议\n", ["style"]),
        ("一、概况\n二、目标\n二、问题\n", ["repeated"]),
        ("一、概况\n二、目标\n四、问题\n", ["skipped"]),
        ("二、目标\n三、问题\n", []),
        ("一、概况\n总投资\n2.5万元\n二、目标\n", []),
        ("1、甲\t2\n5、乙\t3\n", []),
    ],
)
def test_broken_numbering_is_named(text: str, reasons: list[str]) -> None:
    _, breaks = find_outline_breaks(text)
    assert [hit.detail for hit in breaks] == reasons


def test_the_report_of_2023_breaks_its_numbering_and_that_of_2020_does_not() -> None:
    text = read(REPORT_2023)
    places = quoted(text, find_outline_breaks(text)[1])
    assert [place[:3] for place in places] == ["（2）", "（二）", "（2）", "五、其"]
    assert find_outline_breaks(read(REPORT_2020))[1] == []


def test_a_flow_chart_that_became_lines_is_one_hit() -> None:
    chart = (
        "（一）实施流程\n财务室：编制预算            财政局：预算审批\n财政局：审核      财务室：录入计划\n（二）管理\n"
    )
    (hit,) = find_flattened_diagrams(chart)
    assert chart[hit.start : hit.end].startswith("财务室")
    assert find_flattened_diagrams("项目负责人：局长      资金来源：财政拨款\n") == []
    assert len(find_flattened_diagrams("申报→审核→批复\n批复→支付→验收\n")) == 1


# --- noise


def test_the_noise_of_the_report_of_2023_is_found_and_that_of_2020_is_none(lexicon: Lexicon) -> None:
    text = read(REPORT_2023)
    found = quoted(text, find_noise(text, lexicon))
    assert found == ["2023", "支出资会", "审评手续", "违法法规", "道守", "资合", "资全"]
    assert find_noise(read(REPORT_2020), lexicon) == []


def test_a_likely_slip_counts_only_beside_the_right_word(lexicon: Lexicon) -> None:
    text = "资金、资金，资全管理"
    assert quoted(text, find_noise(text, lexicon)) == ["资全"]
    assert find_noise("资全管理", lexicon) == []
    assert find_noise("资金、资金，出资合作，投资会议，工资全额发放", lexicon) == []


@pytest.mark.parametrize("text", ["2023年完成", "目标2023个", "于2023以前", "一步一步推进", "满意度2020生态效益"])
def test_ordinary_words_are_no_noise(text: str, lexicon: Lexicon) -> None:
    assert find_noise(text, lexicon) == []


def test_lost_characters_and_doubled_particles_are_noise(lexicon: Lexicon) -> None:
    assert [hit.detail for hit in find_noise("项目\ufffd\ufffd的的资金", lexicon)] == ["lost_character", "word_twice"]


# --- words that rules look for


def test_an_equal_share_names_how_many_share(lexicon: Lexicon) -> None:
    hits = find_payment_facts("为14家使用单位平均分配。以授权支付方式付款。", lexicon)
    assert [hit.detail for hit in hits] == ["shared_equally:14", "treasury_authorised"]
    assert find_payment_facts("经费平均分配使用。", lexicon) == []


def test_only_payments_are_called_punctual(lexicon: Lexicon) -> None:
    assert len(find_punctuality("资金支出时间节点较为及时。", lexicon)) == 1
    assert find_punctuality("维修工作及时。", lexicon) == []
    assert find_punctuality("资金拨付不及时。", lexicon) == []
    assert find_punctuality("资金到位。维修及时。", lexicon) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "产出指标（50分）\n效益指标(满分30分)",
            [("OUTPUT:50", "产出指标（50分）"), ("BENEFIT:30", "效益指标(满分30分)")],
        ),
        ("（三）产出（30.5分）", [("OUTPUT:30.5", "产出（30.5分）")]),
        ("实际完成值分值得分产出指标（70分）数量指标", [("OUTPUT:70", "产出指标（70分）")]),
        (
            "分值统一设置为：产出指标50分、效益指标30分。",
            [("OUTPUT:50", "产出指标50分"), ("BENEFIT:30", "效益指标30分")],
        ),
        # What is earned, what has a longer name and what is no number of points.
        ("产出指标（得分49.5分）", []),
        ("自评得分：产出指标49.5分，效益指标27分", []),
        ("分值：产出指标50分，得50分", []),
        ("社会效益（15分），农户满意度（10分）", []),
        ("产出指标50%", []),
    ],
)
def test_points_printed_for_a_first_level(text: str, found: list[tuple[str, str]], lexicon: Lexicon) -> None:
    hits = find_level_points(text, lexicon)
    assert [(hit.detail, text[hit.start : hit.end]) for hit in hits] == found


def test_stated_years_are_counted_and_titles_of_rules_are_not() -> None:
    hits = find_stated_years("2022年度自评。依据《2019年管理办法》，2022年完成，2021年9月3日评价。")
    assert [hit.detail for hit in hits] == ["2022:2"]


def test_private_data_are_found_without_being_told(lexicon: Lexicon) -> None:
    assert len(find_private_data("联系人：张某某，电话：13800000000。", lexicon)) == 2
    assert [hit.detail for hit in find_private_data("联系人：＊＊＊，维修12次。", lexicon)] == ["masked"]
    assert find_private_data("项目资金18万元。", lexicon) == []


def test_places_lie_in_the_text_whatever_it_is(lexicon: Lexicon) -> None:
    chance = random.Random(7)
    letters = "一二三、（）()1234。，资金全会平均分配及时不\n\t 2023年预期目标：实际完成情况\ufffd＊𠮷"
    for _ in range(200):
        text = "".join(chance.choices(letters, k=chance.randint(0, 300)))
        measures = measure_text(text, lexicon)
        assert measures.n_repeated_characters <= measures.n_characters == len(re.sub(r"\s", "", text))
        assert all(0 <= hit.start < hit.end <= len(text) for hit in measures.hits)
        assert list(measures.shingles) == sorted(set(measures.shingles))
        assert measure_text(text, lexicon) == measures
