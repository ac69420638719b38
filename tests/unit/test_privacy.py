"""Private persons are masked with masks of the same length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lexicon import Lexicon, load_lexicon
from ingest.privacy import MASK, mask_private_data


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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("项目负责人为李建国", ["李建国"]),
        ("填表人（签字）：王五", ["王五"]),
        ("单位负责人（签章）：王五", ["王五"]),
        ("联系人姓名：王五", ["王五"]),
        ("联系人：王 五", ["王 五"]),
        ("联系人：\n王五\n", ["王五"]),
        ("联系人：阿依古丽·买买提", ["阿依古丽·买买提"]),
        ("联系人阿依古丽·买买提，", ["阿依古丽·买买提"]),
        ("联系人：扎西多吉", ["扎西多吉"]),
        ("联系人：Zhang San", ["Zhang San"]),
        ("联系人: 王五/李四", ["王五", "李四"]),
        ("联系人：陈先生，李女士", ["陈先生", "李女士"]),
        ("成员：李四、扎西多吉、王五 和 赵六", ["李四", "扎西多吉", "王五", "赵六"]),
        ("联系人：王五 13800000000，李四 13900000000", ["王五", "13800000000", "李四", "13900000000"]),
        ("联系人(电话)：王五", ["王五"]),
        ("联系人：某局王磊", ["某局王磊"]),
        ("填报人：王五审核人：李四联系电话：13800000000", ["王五", "李四", "13800000000"]),
    ],
)
def test_names_behind_a_label_are_hidden_however_they_are_written(
    text: str, names: list[str], lexicon: Lexicon
) -> None:
    assert mask_private_data(text, lexicon) == hidden(text, names)


@pytest.mark.parametrize(
    "label", ["撰稿人", "报送人", "法定代表人", "责任人", "组长", "成员", "聯繫人", "聯絡人", "负 责 人"]
)
def test_every_label_of_a_person_hides_the_name(label: str, lexicon: Lexicon) -> None:
    assert mask_private_data(f"{label}：王五", lexicon) == f"{label}：＊＊"


@pytest.mark.parametrize("surname", "兰牟阳敬母楚植原畅")
def test_rarer_surnames_begin_names_too(surname: str, lexicon: Lexicon) -> None:
    assert mask_private_data(f"联系人{surname}小英，", lexicon) == "联系人＊＊＊，"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请拨（0812）8651234。", ["（0812）8651234"]),
        ("请拨+86-812-8651234。", ["+86-812-8651234"]),
        ("电话：0812-8651234/8651235", ["0812-8651234/8651235"]),
        ("电话：13800000000，13900000000", ["13800000000", "13900000000"]),
        ("0812-8651234转801", ["0812-8651234转801"]),
        ("电话 8651234转801", ["8651234转801"]),
        ("QQ：12345678", ["12345678"]),
        ("微信：abc123", ["abc123"]),
        ("邮箱：someone＠example.org", ["someone＠example.org"]),
        ("身份证510422199001011234", ["510422199001011234"]),
    ],
)
def test_numbers_of_persons_are_hidden_however_they_are_written(
    text: str, numbers: list[str], lexicon: Lexicon
) -> None:
    assert mask_private_data(text, lexicon) == hidden(text, numbers)


@pytest.mark.parametrize(
    "text",
    [
        "51042222T000000431595",
        "项目编码：51042222T081286512345",
        "购置手机 1200000 元",
        "购置手机 1200000",
        "项目负责人高度重视",
        "负责人、经办人",
        "单位负责人明确职责",
        "责任人明确、措施到位",
        "由主要负责人任组长，成员单位为县财政局",
        "项目负责人：\n二、项目资金情况",
        "负责人（盖章）：",
        "填表人：\n金额 20万元",
        "单位负责人： 预算数20万元",
        "依据川财绩〔2022〕6号，2022年3月4日支出1,380,000元",
    ],
)
def test_what_reports_are_read_for_stays(text: str, lexicon: Lexicon) -> None:
    assert mask_private_data(text, lexicon) == text


def test_the_words_behind_a_name_stay(lexicon: Lexicon) -> None:
    text = "联系人：王五，预算数 20万元，已完工。 项目名称：某项目"
    assert mask_private_data(text, lexicon) == hidden(text, ["王五"])


def hidden(text: str, parts: list[str]) -> str:
    for part in parts:
        text = text.replace(part, MASK * len(part))
    return text


@given(st.text(alphabet="联系人电话：张王李四 0123456789-，。元万转+（）/·@＠aT\n", max_size=60))
def test_a_mask_never_moves_a_character(text: str) -> None:
    assert len(mask_private_data(text, load_lexicon())) == len(text)
