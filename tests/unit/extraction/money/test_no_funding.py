"""What is no funding line, and what a sum outside of the chapters on money is."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.support.funding_sentences import Cases, expected, lines, read


class TestWhatIsNoFunding(Cases):
    CASES = (
        ("补助标准为每人每月300元，全年共发放108万元。", "支出-总 108"),
        ("合同价120万元，结算价118万元，实际支付115万元。", "支出-总 115"),
        ("带动农户增收200万元，旅游收入300万元，撬动社会投资900万元。", ""),
        ("项目申请银行贷款500万元，提供担保贷款4亿元。", ""),
        ("全年发放96万元，因调出少发2.4万元，节余1.6万元。", "支出-总 96"),
        ("单价50万元以上设备3台，共支付210万元。", "支出-总 210"),
        ("尚有12万元未支付，资金缺口30万元，结转下年5万元。", ""),
        ("2021年支出50万元，2022年支出60万元。", "支出-总 60"),
        ("2021年，下达资金30万元，支出28万元；2022年，下达资金40万元，支出38万元。", "下达-总 40 支出-总 38"),
        ("自2016年起设立资金，2020-2021年累计投入1530万元。", ""),
        ("2021年12月提前下达资金40万元。", "下达-总 40"),
        ("“三公”经费支出4万元，全年总支出60万元。", "支出-总 60"),
        ("中央下达资金1000万元，市级分解下达甲县400万元，乙县600万元。", "下达-中央 1000"),
        ("共实施项目5个，涉及预算102万元，超预算支出2万元。", ""),
        ("资金缺口120万元，建议加大支持力度，安排资金200万元。", ""),
        ("该项目2021年试点，投入28万元。2022年下达资金30万元。", "下达-总 30"),
        ("20212022年两年，累计实施项目11个，投入3965万元。", ""),
        ("招商引资到位资金8亿元，保险公司赔付支出320万元。", ""),
        ("全年水电费支出6万元，采购预算90万元。", ""),
    )


class TestWordsInsideOtherWords(Cases):
    CASES = (
        ("下达高标准农田建设资金1200万元，支付标准化改造费1100万元。", "下达-总 1200 支出-总 1100"),
        ("省级下达城乡居民最低生活保障资金560万元。", "下达-省 560"),
        ("下达创业担保贷款贴息资金200万元，奖励补助资金60万元。", "下达-总 200"),
        ("申请银行贷款资金500万元，企业获得订单3000万元。", ""),
        ("县级应急管理资金支出100万元，支付中央空调款30万元。", "支出-县 100 支出-总 30"),
        ("资金安排如下：下达中央资金50万元，下达省级资金30万元。", "下达-中央 50 下达-省 30"),
        ("按计划支付工程款80万元，户均支出均衡。", "支出-总 80"),
        ("项目资金总额80万元，其中财政拨款60万元，自筹资金20万元。", "下达-总 80 下达-财政 60 下达-其他 20"),
        ("批复预算380万元，其中基本支出300万元，项目支出80万元。", "下达-总 380"),
        ("转移支付资金5万元，支付及时，支出范围合规。", ""),
    )


class TestSumsSaidTwice(Cases):
    CASES = (
        ("县财政局下达资金18万元，于9月下达给施工单位18万元。", "下达-总 18"),
        ("3月支付10万元，6月支付10万元。", ""),
        ("第一批下达50万元，第二批下达50万元。", ""),
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2022年下达资金8887万元，发放补贴50万元。", "下达-总 8887"),
        ("全年预算20万元，计划支出20万元，实际支出18万元。", "全年-总 20 支出-总 18"),
    ],
)
def test_a_goal_states_money_only_in_plain_words(text: str, written: str, lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n一、绩效目标设定及指标完成情况\n"
    assert lines(text, lexicon, head) == set(expected(written))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("全年申请202万元，分为人员经费120万元，公用经费82万元。", "计划-总 202"),
        ("全年支付132万元，分为人员经费80万元，公用经费52万元。", "支出-总 132"),
        ("申请专项资金50万元，支付工程款20万元。", ""),
    ],
)
def test_a_goal_that_begins_with_the_whole_year_states_the_money(text: str, written: str, lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n一、绩效目标设定及指标完成情况\n"
    assert lines(text, lexicon, head) == set(expected(written))


def test_a_closing_paragraph_belongs_to_no_heading_above_it(lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n一、存在的问题\n管护不到位。\n"
    assert lines("综上，项目总支出209万元。", lexicon, head) == set(expected("支出-总 209"))
    assert lines("项目总支出209万元。", lexicon, head) == set()


@pytest.mark.parametrize("text", ["培训成本实际支出5万元。", "已发放补助30万元。"])
def test_what_was_spent_among_indicators_is_a_cost_and_no_line(text: str, lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n一、产出指标\n（一）成本指标\n"
    assert lines(text, lexicon, head) == set()


class TestSumsThatOnlyLookLikeFunding(Cases):
    CASES = (
        ("当年完成投资900万元，支付工程款810万元。", "支出-总 810"),
        ("当年完成投资900万元，其中使用中央资金700万元，地方配套200万元。", "支出-总 900 支出-中央 700 支出-地方 200"),
        ("按季付息32万元由县财政另行列支。", ""),
        ("存款利息收入1.2万元，实际支出98万元。", "支出-总 98"),
        ("补植任务另需资金12万元。", ""),
        ("全年支出380万元，较预算400万元少支出20万元。", "支出-总 380 全年-总 400"),
        ("较年初预算90万元节约2万元，较上年支出70万元增加18万元，实际支出88万元。", "年初-总 90 支出-总 88"),
    )


def test_a_sum_said_again_without_its_source_is_no_further_line(lexicon: Lexicon) -> None:
    body = "下达我县省级资金78万元。\n下达资金78万元，实际到位资金78万元。"
    assert lines(body, lexicon) == set(expected("下达-省 78 到位-总 78"))


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("全年预算20万元，实际支付18万元，未付部分为质保金。", "全年-总 20 支出-总 18"),
        ("有一个镇支付滞后，涉及资金5万元，支付2万元。", ""),
    ],
)
def test_the_cause_of_a_deviation_tells_the_money_where_nothing_else_does(
    body: str, written: str, lexicon: Lexicon
) -> None:
    head = "某项目2022年度绩效自评报告\n三、偏离绩效目标的原因和下一步改进措施\n"
    assert lines(body, lexicon, head) == set(expected(written))
    told = "某项目2022年度绩效自评报告\n一、资金投入情况\n全年预算50万元，支出45万元。\n二、偏离绩效目标的原因\n"
    assert lines(body, lexicon, told) == set(expected("全年-总 50 支出-总 45"))


def test_an_outlay_beside_its_budget_is_no_cost_of_an_indicator(lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n一、产出指标\n（一）成本指标\n"
    assert lines("批复资金65万元，累计支付61万元，未超概算。", lexicon, head) == set(expected("下达-总 65 支出-总 61"))


def test_below_a_goal_a_label_says_what_was_spent(lexicon: Lexicon) -> None:
    head = "某项目2022年度绩效自评报告\n二、目标完成情况\n（一）钱的情况\n"
    assert lines("支出：发放补贴46万元，未发完的2万元结转到下年。", lexicon, head) == set(expected("支出-总 46"))


def test_what_is_only_inferred_is_not_called_sure(lexicon: Lexicon) -> None:
    stated, implied = read("下达资金100万元，已全部支付。", lexicon)[0]
    assert (stated.stage, stated.evidence.confidence >= 0.9) == ("approved", True)
    assert (implied.stage, implied.evidence.method, implied.evidence.confidence < 0.9) == (
        "executed",
        "prose_implied",
        True,
    )


def test_a_sum_that_is_no_line_is_a_mention_and_no_sum_is_both(lexicon: Lexicon) -> None:
    found, mentions, _ = read("下达资金100万元，其中甲镇60万元、乙镇40万元，结转下年5万元。", lexicon)
    places = [line.evidence.start for line in found] + [mention.evidence.start for mention in mentions]
    assert sorted(mention.as_written for mention in mentions) == ["40万元", "5万元", "60万元"]
    assert len(places) == len(set(places))
