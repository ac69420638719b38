"""Funding lines in prose: each way in which these reports write their money, on sentences written for the purpose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from ingest.extraction.money.funding import read_money
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.lexicon import Lexicon
from ingest.reading import read_document
from ingest.records import FundingLine, Mention, ReportWarning

HEAD = "某项目2022年度绩效自评报告\n一、项目资金申报及使用情况\n（一）资金投入情况\n"
STAGES = {
    "计划": "planned", "年初": "initial_budget", "全年": "adjusted_budget", "下达": "approved", "到位": "received",
    "支出": "executed",
}  # fmt: skip
SOURCES = {
    "总": "total", "财政": "fiscal", "中央": "central", "省": "province", "市": "city", "县": "county", "地方": "local",
    "其他": "other", "结转": "carryover",
}  # fmt: skip


def read(body: str, lexicon: Lexicon, head: str = HEAD) -> tuple[list[FundingLine], list[Mention], list[ReportWarning]]:
    document = read_document(f"{head}{body}\n".encode(), "report.txt")
    report = ReportSource.of(document, lexicon)
    return read_money(report, report.sentences(), ReportFacts(fiscal_year=2022, project_name="某项目"))


def lines(body: str, lexicon: Lexicon, head: str = HEAD) -> set[tuple[str, str, Decimal]]:
    return {
        (line.stage, line.source, line.amount_yuan / 10_000)
        for line in read(body, lexicon, head)[0]
        if line.amount_yuan is not None
    }


def expected(written: str) -> Iterator[tuple[str, str, Decimal]]:
    """`下达-中央 300` in 万元, one after the other."""
    words = written.split()
    for label, amount in zip(words[::2], words[1::2], strict=True):
        stage, source = label.split("-")
        yield STAGES[stage], SOURCES[source], Decimal(amount)


class Cases:
    """A sentence and the lines it states; every subclass is one mechanism."""

    CASES: tuple[tuple[str, str], ...] = ()

    def test_states_exactly_these_lines(self, text: str, written: str, lexicon: Lexicon) -> None:
        assert lines(text, lexicon) == set(expected(written))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.cls is not None and issubclass(metafunc.cls, Cases):
        metafunc.parametrize(("text", "written"), metafunc.cls.CASES)


class TestStageWordsBeforeTheSum(Cases):
    CASES = (
        ("2022年年初预算数100万元，全年预算数120万元，全年执行数118万元。", "年初-总 100 全年-总 120 支出-总 118"),
        ("全年预算90万，执行85万。", "全年-总 90 支出-总 85"),
        (
            "申报专项资金100万元，批复80万元，到位80万元，支出79.5万元。",
            "计划-总 100 下达-总 80 到位-总 80 支出-总 79.5",
        ),
        ("2022年初预算资金安排300.7万元，计划补助115户。", "年初-总 300.7"),
        ("年初预算安排40万元，调整后预算50万元，实际支出48万元。", "年初-总 40 全年-总 50 支出-总 48"),
        ("项目总投资988万，已完成投资500万元。", "计划-总 988 支出-总 500"),
        ("本年收入合计500万元，本年支出合计480万元。", "到位-总 500 支出-总 480"),
    )


class TestAmountsBeforeTheirLabels(Cases):
    CASES = (
        ("下达我区64万元2022年省级资金。", "下达-省 64"),
        ("衔接资金2179万元已全部拨付到位。", "到位-总 2179"),
        ("区级财政资金20万元于6月到位。", "到位-县 20"),
        ("省级资金64万元、区级资金20万元均于6月底前到位，共到位84万元。", "到位-省 64 到位-县 20 到位-总 84"),
        ("省级资金438万元、县级资金189万元，合计627万元到位。", "到位-省 438 到位-县 189 到位-总 627"),
        ("下达补助资金573万元，全部为中央财政资金。", "下达-中央 573"),
    )


class TestSources(Cases):
    CASES = (
        ("上级下达资金500万元，其中：中央财政资金300万元，省级财政资金150万元，县级配套50万元。",
         "下达-总 500 下达-中央 300 下达-省 150 下达-县 50"),
        ("到位资金300万元，市级福利彩票公益金30万元已到位。", "到位-总 300 到位-其他 30"),
        ("安排一般债券资金300万元，专项债券资金200万元。", "下达-其他 300 下达-其他 200"),
        ("区财政由抗疫特别国债安排700万元。", "下达-其他 700"),
        ("全年预算数100万元，其中：当年财政拨款80万元，上年结转资金20万元。", "全年-总 100 全年-财政 80 全年-结转 20"),
        ("中央和省级财政共下达资金400万元。", "下达-总 400"),
        ("本级财政安排资金50万元，村集体自筹10万元。", "下达-地方 50 下达-其他 10"),
        ("2022年初结转结余12万元，总收入100万元。", "到位-结转 12 到位-总 100"),
        ("自治区资金260万元于5月到位。", "到位-省 260"),
        ("湘财指〔2022〕30号下达2022年湖南省文化专项资金20万元。", "下达-省 20"),
        ("根据《关于下达2022年中央财政补助资金的通知》，下达我县资金200万元。", "下达-中央 200"),
        ("县财政局下达资金18万元。", "下达-总 18"),
    )  # fmt: skip


class TestListsOfParts(Cases):
    CASES = (
        ("下达资金400万元，其中：中央资金300万元（其中：衔接资金200万元，少数民族发展资金100万元），省级资金100万元。",
         "下达-总 400 下达-中央 300 下达-省 100"),
        ("中央下达我市资金353万元，其中，甲县50万元；乙旗40万元；福利院58万元；救助站86万。", "下达-中央 353"),
        ("实际支付128.64万元，其中：水电费36.9万元，物业费71.24万元。", "支出-总 128.64"),
        ("总支出为1542万元(其中:基本支出247万元,占16%;项目支出1295万元,占84%)。", "支出-总 1542"),
        ("总收入586万元，其中：财政拨款收入571万元，其他收入15万元；总支出598万元，其中：基本支出386万元。",
         "到位-总 586 到位-财政 571 到位-其他 15 支出-总 598"),
        ("当年财政拨款安排420万元（含车购税补助300万元、县级配套120万元）。", "下达-财政 420"),
        ("批复项目资金100万元（已支付80万元）。", "下达-总 100 支出-总 80"),
        ("资金到位100万元。其中中央资金80万元，省级资金20万元。", "到位-总 100 到位-中央 80 到位-省 20"),
        ("项目总投资1200万元，资金来源：中央预算内投资800万元，地方财政配套400万元。",
         "计划-总 1200 计划-中央 800 计划-地方 400"),
    )  # fmt: skip


class TestBatchesAndClosingSums(Cases):
    CASES = (
        ("分三批下达：3月下达30万元，6月下达40万元，9月下达30万元，合计100万元。", "下达-总 100"),
        ("中央分两批下达：2月下达预算463万元；6月下达种粮补贴44万元；2022年补助资金合计507万元。", "下达-中央 507"),
        ("分两批下达资金，第一批60万元，第二批45万元。", "下达-总 60 下达-总 45"),
        ("下达省级资金438万元，下达县级资金210万元，共计648万元。", "下达-省 438 下达-县 210 下达-总 648"),
        ("下达我县福利彩票公益金：敬老院86万元；照料中心24万元；共计110万元。", "下达-其他 110"),
        ("全年下达资金100万元。3月下达60万元，9月下达40万元。", "下达-总 100"),
        ("下达补助资金921万元。\n（二）资金使用情况\n下达林业站管护补助444万元。", "下达-总 921"),
        ("支付68万元的线路租费。另外开支28万元维护费。", "支出-总 68 支出-总 28"),
    )


class TestRespectiveLists(Cases):
    CASES = (
        ("年初预算、全年预算、全年执行数分别为100、90、85万元。", "年初-总 100 全年-总 90 支出-总 85"),
        ("中央、省级、县级资金分别为100万元、50万元、20万元，均已到位。", "到位-中央 100 到位-省 50 到位-县 20"),
        ("中央和省级分别下达资金300万元和100万元。", "下达-中央 300 下达-省 100"),
        ("安排资金80万元，分别用于甲村道路30万元、乙村水渠50万元。", "下达-总 80"),
    )


class TestChangesOfTheBudget(Cases):
    CASES = (
        ("下达90万元，调减25万元，实际下达65万元。", "下达-总 90 全年-总 65"),
        ("由年初预算30万元调整为25万元。", "年初-总 30 全年-总 25"),
        ("预算由30万元调整为25万元。", "全年-总 25"),
        ("年初批复预算985万元（含1个年初结转结余项目50万元），调整预算后项目预算861万元。",
         "年初-总 985 年初-结转 50 全年-总 861"),
        ("年初预算共计293万元。项目一预算15万元，支出14.7万元。", "年初-总 293 支出-总 14.7"),
    )  # fmt: skip


class TestChangesBetweenBudgets(Cases):
    CASES = (
        (
            "年初安排预算150万元，追加预算30万元，全年预算180万元，实际支出176万元。",
            "年初-总 150 全年-总 180 支出-总 176",
        ),
        ("年初预算数65万元，执行中调整预算5万元，调整后预算数70万元。", "年初-总 65 全年-总 70"),
        ("原预算120万元，因故核减20万元，核减后预算100万元。", "年初-总 120 全年-总 100"),
        ("年中追加预算28万元，实际支出28万元。", "下达-总 28 支出-总 28"),
        ("部门预算批复数为152万元，全年预算调整数为171万元。", "年初-总 152 全年-总 171"),
    )


class TestNoticesAndPayers(Cases):
    CASES = (
        ("我局收到某财指〔2022〕14号文件下达补助资金100万元。", "下达-总 100"),
        ("收到上级下达的补助资金60万元。", "到位-总 60"),
        (
            "县级下达我局资金项目3个，资金合计90万元，其中中央资金60万元，省级资金30万元。",
            "下达-总 90 下达-中央 60 下达-省 30",
        ),
        ("年初以某财农〔2021〕20号下达资金190万元，年中调减25万元，最终下达165万元。", "下达-总 190 全年-总 165"),
        ("县财政2022年共拨付我校公用经费85万元。", "到位-县 85"),
        ("省级资金30万元、县级资金6万元共36万元已拨付到位。", "到位-省 30 到位-县 6 到位-总 36"),
        ("资金15万元已全部发放到位。", "支出-总 15"),
    )


class TestJointSumsBesideOthers(Cases):
    CASES = (
        (
            "中央及省级财政共安排补助资金300万元，市级财政安排70万元，合计370万元。",
            "下达-财政 300 下达-市 70 下达-总 370",
        ),
        ("中央和省级共下达80万元，县财政配套20万元，共计100万元。", "下达-财政 80 下达-县 20 下达-总 100"),
        ("下达资金100万元，县级配套50万元，共计150万元。", "下达-县 50 下达-总 150"),
        ("下达补助资金180万元，其中中央140万元，自治区40万元。", "下达-总 180 下达-中央 140 下达-省 40"),
    )


class TestFurtherSources(Cases):
    CASES = (
        ("年初预算安排40万元，其中县财政拨款30万元，赞助收入10万元。", "年初-总 40 年初-县 30 年初-其他 10"),
        ("财政资金30万元、赞助资金6万元共36万元到位。", "到位-财政 30 到位-其他 6 到位-总 36"),
        ("项目总投资38万元，由县级财政安排35万元，群众筹资3万元。", "计划-总 38 下达-县 35 下达-其他 3"),
        ("预算安排350万元，其中县级财政资金300万元，乡镇配套50万元。", "下达-总 350 下达-县 300 下达-其他 50"),
        ("省级下达资金100万元，2021年结转资金8万元，合计可用资金108万元。", "下达-省 100 下达-结转 8 下达-总 108"),
        ("预算50万元，全部由县财政承担，已全部执行完毕。", "全年-县 50 支出-总 50"),
    )


class TestListsBySource(Cases):
    CASES = (
        ("中央财政资金210万元，执行数200万元；县级财政资金90万元，执行数81万元。", "支出-中央 200 支出-县 81"),
        ("省级资金60万元，实际支出50万元；市级资金40万元，实际支出40万元。", "支出-省 50 支出-市 40"),
        ("中央资金210万元，执行数200万元。", "支出-总 200"),
        ("下达中央资金80万元，支出75万元；下达省级资金20万元，支出20万元。",
         "下达-中央 80 支出-中央 75 下达-省 20 支出-省 20"),
    )  # fmt: skip


class TestStagesStatedOfAllTheMoney(Cases):
    CASES = (
        ("中央财政下达补助资金353万元，各旗县区已全部支出。", "下达-中央 353 支出-总 353"),
        ("年初预算安排83万元，已拨付到位。", "年初-总 83 到位-总 83"),
        ("下达专项债资金600万元，于2023年2月1日支出完毕。", "下达-其他 600 支出-总 600"),
        ("支持学前教育资金1293万元，其中基建1207万元，学生资助86万，资金已全部到位。", "到位-总 1293"),
        ("下达资金100万元，部分资金已支付。", "下达-总 100"),
        ("下达资金100万元，尚未全部支付。", "下达-总 100"),
        ("下达资金100万元，已全部支付。截至年底累计支出98万元。", "下达-总 100 支出-总 98"),
    )


class TestWhatIsNoFunding(Cases):
    CASES = (
        ("补助标准为每人每月300元，全年共发放108万元。", "支出-总 108"),
        ("合同价120万元，结算价118万元，实际支付115万元。", "支出-总 115"),
        ("带动农户增收200万元，旅游收入300万元，撬动社会投资900万元。", ""),
        ("项目申请银行贷款500万元，提供担保贷款4亿元。", ""),
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


class TestUnits(Cases):
    CASES = (
        ("到位资金1000万 元，支出980\n  万元。", "到位-总 1000 支出-总 980"),
        ("资金总额为1.2亿元，实际支出1.15亿元。", "支出-总 11500"),
        ("预算安排150千元，实际支出149.5千元。", "下达-总 15 支出-总 14.95"),
        ("截至12月31日，累计支出资金1,234,567.80元。", "支出-总 123.45678"),
        ("共发放补助资金一千二百三十万元。", "支出-总 1230"),
        ("下达资金壹佰贰拾叁万元整，支付捌拾万零伍佰元。", "下达-总 123 支出-总 80.05"),
        ("项目估算投资约2082.48万元。", "计划-总 2082.48"),
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


@pytest.mark.parametrize(
    ("heading", "written"), [("中央下达预算和绩效目标情况", "下达-中央 40"), ("资金安排情况", "下达-总 40")]
)
def test_a_heading_names_the_source_where_the_sentence_names_none(heading: str, written: str, lexicon: Lexicon) -> None:
    head = f"某项目2022年度绩效自评报告\n一、绩效目标分解下达情况\n（一）{heading}\n"
    assert lines("2022年下达预算40万元。", lexicon, head) == set(expected(written))


@pytest.mark.parametrize(("section", "stage"), [("一、项目概况", "approved"), ("一、资金投入情况", "received")])
def test_money_put_in_is_received_only_under_a_heading_of_funding(section: str, stage: str, lexicon: Lexicon) -> None:
    found = read("投入财政资金100万元。", lexicon, f"某项目2022年度绩效自评报告\n{section}\n")[0]
    assert [line.stage for line in found] == [stage]


class TestListsThatOnlyNameSources(Cases):
    CASES = (
        (
            "项目金额：中央资金386万元；市级资金214万元；县级资金150万元；合计750万元。",
            "下达-中央 386 下达-市 214 下达-县 150 下达-总 750",
        ),
        ("中央补助200万元、省级补助100万元、县级配套50万元。", "下达-中央 200 下达-省 100 下达-县 50"),
        ("市级配套76万元，县级配套38万元，企业自筹3306万元。", "下达-市 76 下达-县 38 下达-其他 3306"),
        ("中央补助8万元，市级12万元，区级25万元，实际支出43.6万元。", "下达-中央 8 下达-市 12 下达-县 25 支出-总 43.6"),
        ("项目共收到资金180万元：中央100万元、省50万元、县30万元。", "到位-总 180 到位-中央 100 到位-省 50 到位-县 30"),
        ("县级财政资金50万元。", ""),
    )


class TestStepsOfABudget(Cases):
    CASES = (
        ("区财政年初安排80万元，追加23万元，全年安排103万元，已全部使用。", "年初-县 80 全年-县 103 支出-总 103"),
        ("预算120万元，调减12万元，调整后108万元，支出100万元。", "年初-总 120 全年-总 108 支出-总 100"),
        ("年初批复120万元，8月收回18万元，最终预算102万元，支付100.5万元。", "年初-总 120 全年-总 102 支出-总 100.5"),
        ("原定预算80万元，因财力紧张压缩到60万元，实际拨付60万元。", "年初-总 80 全年-总 60 支出-总 60"),
    )


class TestWhatIsOnlyAPart(Cases):
    CASES = (
        ("一季度支出10万元，二季度支出30万元，全年支出90万元。", "支出-总 90"),
        ("截至6月底支出40万元，截至12月底支出90万元。", "支出-总 90"),
        ("截至2022年12月底支付180万元。截至2023年4月底，又支付20万元。", "支出-总 180"),
        ("决算支出145万元。项目支出137万元，占总支出的94%。", "支出-总 145"),
        (
            "建设总投资500万元，其中省级专项300万元，县财政安排80万元，其余120万元由企业自筹。",
            "计划-总 500 计划-省 300 计划-县 80 计划-其他 120",
        ),
    )


class TestSumsThatCloseWhatWasSaidBefore(Cases):
    CASES = (
        (
            "中央、省、州共下达我县资金300万元；县级安排80万元。两项合计380万元。",
            "下达-财政 300 下达-县 80 下达-总 380",
        ),
        ("3月下达150万元；9月下达50万元。共计200万元。", "下达-总 200"),
        ("中央和省级资金共到位412万元。", "到位-总 412"),
        ("预算数、到位数和支出数均为80万元。", "全年-总 80 到位-总 80 支出-总 80"),
    )


class TestItemsOfSeveralSources(Cases):
    CASES = (
        (
            "省级资金安排60万元、到位60万元；县级资金安排40万元、到位35万元。",
            "下达-省 60 到位-省 60 下达-县 40 到位-县 35",
        ),
        ("列入市级预算的项目4项，批复300万元，使用290万元。", "下达-总 300 支出-总 290"),
        ("批复1236万元、下达1236万元、使用1221.6万元。", "下达-总 1236 支出-总 1221.6"),
    )


class TestWhatTheTreasuryPaysOut(Cases):
    CASES = (
        ("县财政拨付60万元，我局支付租金58万元。", "到位-县 60 支出-总 58"),
        ("县财政拨付30万元，其中工程款支出20万元。", "支出-县 30"),
        ("全年应支付租金56万元，实际支付55万元。", "支出-总 55"),
    )


class TestSumsMadeUpOfShares(Cases):
    CASES = (
        ("资金总规模1200万元，其中中央800万元，县级400万元。", "下达-总 1200 下达-中央 800 下达-县 400"),
        ("湘财农指〔2022〕8号600万元、湘财农指〔2022〕31号300万元，共计900万元。", "下达-总 900"),
    )


class TestUnitDeclaredOnce(Cases):
    CASES = (
        (
            "（金额单位：万元）\n本年收入1463.27，其中一般公共预算拨款1463.27；本年支出1452.09，其中基本支出607.83。",
            "到位-总 1463.27 到位-财政 1463.27 支出-总 1452.09",
        ),
        ("（单位：元）\n实际到位：10,900,000.00\n实际支出：9,483,000.00\n完成20个", "到位-总 1090 支出-总 948.3"),
        ("资金单位：万元\n2022年支出3批，共5次。", ""),
        ("单位：某镇人民政府\n实际支出：9,483,000.00", ""),
        ("项目概算为1 480万元，已支付1 200.5万元。", "计划-总 1480 支出-总 1200.5"),
    )


def test_a_declared_unit_ends_with_its_chapter(lexicon: Lexicon) -> None:
    body = "（单位：万元）\n实际支出：30\n二、其他情况\n预算86.5，决算79.94。"
    assert lines(body, lexicon) == set(expected("支出-总 30"))


def test_a_list_goes_on_behind_a_semicolon_and_a_broken_line(lexicon: Lexicon) -> None:
    assert lines("中央财政下达我县2022年度农业生产发展专项补助资金，总计\n300万元；已全部支付。", lexicon) == set(
        expected("下达-中央 300 支出-总 300")
    )


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


def test_a_total_below_its_shares_is_doubtful(lexicon: Lexicon) -> None:
    slip, *shares = read("年初预算数1530元，其中：中央资金1200万元，省级资金330万元。", lexicon)[0]
    assert slip.evidence.confidence < 0.8
    assert all(line.evidence.confidence >= 0.9 for line in shares)
