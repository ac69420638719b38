"""Several reports and projects in one text: found where the text says so, and nowhere else."""

from __future__ import annotations

import pytest

from ingest.extraction.parts.chapters import ReportSpan, find_reports, warn_of_further_reports
from ingest.lexicon import Lexicon
from tests.support.report_sources import source_of


def parts_of(text: str, lexicon: Lexicon) -> list[ReportSpan]:
    source = source_of(text, lexicon)
    parts = find_reports(source)
    assert parts[0].kind == "whole"
    for part in parts:
        if part.name_span is not None:
            assert part.project_name is not None
            assert source.text[slice(*part.name_span)].strip("“”") == part.project_name.strip("“”")
    return parts


def names_of(text: str, lexicon: Lexicon) -> list[tuple[str, str | None]]:
    return [(part.kind, part.project_name) for part in parts_of(text, lexicon)[1:]]


def test_a_second_title_begins_a_second_report(lexicon: Lexicon) -> None:
    text = (
        "一、部门概况\n收入80万元。\n二、评价结论\n得分95分。\n附件2\n"
        "南县2020年度移民扶持资金项目绩效评价报告\n一、项目概况\n下达22万元。\n二、评价结论\n良好。\n"
    )
    whole, second = parts_of(text, lexicon)
    assert (whole.kind, second.kind) == ("whole", "report")
    assert text[second.start :].startswith("南县2020年度移民")
    assert whole.spans[-1][1] == second.start
    assert len(warn_of_further_reports(source_of(text, lexicon))) == 1


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (
            "（四）综上，南县残联2022年度部门整体绩效自评得93.8分，等级为良。\n附件3",
            "南县残联\n2022年度托养服务项目绩效自评报告",
        ),
        ("……经打分，我局整体支出绩效自评94.6分。\n附：", "南县2021年度信号灯升级项目支出绩效自评报告"),
        ("以上各项合计自评得分90.2分，评价等次为优。", "南县水库管护经费绩效评价报告"),
    ],
)
def test_the_end_of_a_report_above_a_title_is_another_one(end: str, title: str, lexicon: Lexicon) -> None:
    text = f"{end}\n{title}\n一、项目概况\n下达22万元。\n二、评价结论\n自评得分97分。\n"
    whole, second = parts_of(text, lexicon)
    assert text[slice(*whole.spans[-1])].strip() == end
    assert text[second.start :].startswith(title)


def test_a_summary_above_the_title_is_no_report(lexicon: Lexicon) -> None:
    text = (
        "南县路灯项目自评得分97分，等级为优。\n南县2022年度路灯项目绩效自评报告\n一、项目概况\n下达22万元。\n"
        "二、评价结论\n自评得分97分。\n"
    )
    assert len(parts_of(text, lexicon)) == 1


def test_headings_that_are_report_titles_begin_reports(lexicon: Lexicon) -> None:
    text = (
        "南县妇幼保健院2022年度绩效自评资料汇编\n（一）部门整体支出绩效自评报告\n总收入28万元。\n"
        "（二）项目支出绩效自评报告\n项目名称：妇女健康检查项目\n1.项目资金情况。年初预算3万元。\n"
    )
    assert [part.kind for part in parts_of(text, lexicon)] == ["whole", "report", "report"]


def test_chapters_named_after_funds_are_reports(lexicon: Lexicon) -> None:
    text = (
        "某省2023年度中央转移支付资金绩效自评报告\n一、自然灾害救灾资金（森林火灾补助）\n（一）资金投入情况\n下达14万元。\n"
        "二、安全生产预防资金\n（一）资金投入情况\n下达9万元。\n"
    )
    assert names_of(text, lexicon) == [("report", "自然灾害救灾资金（森林火灾补助）"), ("report", "安全生产预防资金")]


def test_a_listed_sum_belongs_to_the_chapter_of_the_same_name(lexicon: Lexicon) -> None:
    text = (
        "一、资金下达情况\n下达敬老院改造项目86万元；日间照料运营项目24万元；共计110万元。\n二、项目绩效情况\n"
        "（一）敬老院改造项目\n支付77万元。\n（二）日间照料运营项目\n支付24万元。\n"
    )
    first = parts_of(text, lexicon)[1]
    assert (first.kind, first.project_name, len(first.spans)) == ("report", "敬老院改造项目", 1)
    assert [text[slice(*piece.span)] for piece in first.listed] == ["敬老院改造项目86万元"]


def test_chapters_under_shortened_names_are_the_projects_of_the_list(lexicon: Lexicon) -> None:
    listed = "一、资金\n下达如下：东街敬老院改造项目86万元；北城日间照料运营项目24万元；未成年人工作站项目30万元。\n"
    chapters = (
        "二、绩效情况\n（一）敬老院改造项目\n支付77万元。\n（二）日间照料项目\n支付24万元。\n"
        "（三）未保站项目\n支付18万元。\n"
    )
    assert names_of(listed + chapters, lexicon) == [
        ("report", "东街敬老院改造项目"),
        ("report", "北城日间照料运营项目"),
        ("report", "未成年人工作站项目"),
    ]
    others = chapters.replace("日间照料", "大棚").replace("敬老院", "农田")
    assert len(names_of(listed + others, lexicon)) == 6


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "一、概况\n下达65万元，用于“南县机械厂地块土壤调查”（43万元）和“西岭污水池应急调查项目”（22万元）。\n",
            ["南县机械厂地块土壤调查", "西岭污水池应急调查项目"],
        ),
        (
            "一、概况\n共100万元，其中60万元用于清洁取暖，40万元用于料场封闭改造项目。\n",
            ["清洁取暖", "料场封闭改造项目"],
        ),
        ("一、概况\n资金到位62万元。具体如下：大岭休闲农庄建设项目到位资金62万元；\n", ["大岭休闲农庄建设项目"]),
        ("一、概况\n土壤治理类：中央下达17万元。\n大气治理类：中央下达24万元。\n", ["土壤治理", "大气治理"]),
        (
            "一、概况\n（一）食用菌园建设项目，下达资金70万元。\n（二）肉牛养殖项目，下达资金24万元。\n",
            ["食用菌园建设项目", "肉牛养殖项目"],
        ),
        (
            "一、概况\n下达31万元，用于东河整治工程（24万元）、北库规范化建设项目（7万元）。\n",
            ["东河整治工程", "北库规范化建设项目"],
        ),
        (
            "一、概况\n下达资金如下：1.孤儿生活保障、助学项目36万元；2.老年人“夕阳红”项目1.6万元；共计37.6万元。\n",
            ["孤儿生活保障、助学项目", "老年人“夕阳红”项目"],
        ),
        (
            "一、概况\n省级下达77万元，实施以下项目：\n1.东街农田项目42万元；\n2.西街大棚项目30万元；\n3.品牌建设补助5万元。\n",
            ["东街农田项目", "西街大棚项目", "品牌建设补助"],
        ),
        (
            "一、概况\n安排项目资金三笔：一是校园保安经费32万元；二是校舍维修项目75万元；三是学生资助配套资金8万元。\n",
            ["校园保安经费", "校舍维修项目", "学生资助配套资金"],
        ),
        (
            "一、概况\n收到专项资金3项共218万元：公路养护资金86万元、四好公路奖补资金120万元、客运补贴12万元。\n",
            ["公路养护资金", "四好公路奖补资金", "客运补贴"],
        ),
        ("一、概况\n县财政安排东河治理项目资金36万元，西河治理项目资金14万元。\n", ["东河治理项目", "西河治理项目"]),
        (
            "一、概况\n2022年下达我局项目资金3项，具体为：大棚补助36万元；农机购置2万元；公墓修缮5万元；共计43万元。\n",
            ["大棚补助", "农机购置", "公墓修缮"],
        ),
        (
            "一、概况\n（1）展厅运维经费。面积10平方米。\n（2）大数据应用经费。用于建设。\n",
            ["展厅运维经费", "大数据应用经费"],
        ),
    ],
)
def test_projects_that_a_sentence_or_a_list_names(text: str, names: list[str], lexicon: Lexicon) -> None:
    assert names_of(text, lexicon) == [("project", name) for name in names]


def test_lines_with_a_score_each_are_reports(lexicon: Lexicon) -> None:
    text = (
        "一、概况\n1、文物保护经费：预算15万元，支出14万元，得分98分。\n"
        "2、公益电影放映：预算38万元，支出36万元，得分95分。\n"
    )
    assert names_of(text, lexicon) == [("report", "文物保护经费"), ("report", "公益电影放映")]


@pytest.mark.parametrize(
    "text",
    [
        "一、概况\n下达我市资金35万元，其中，磴口县5万元；五原县6万元；儿童福利院5万元。\n",
        "一、概况\n支出30万元，其中：社会保险补贴12万元，岗位补贴18万元。\n",
        "一、概况\n总投资23万元，建设内容包括：1.新建泵站工程12万元；2.管网铺设工程8万元；3.设备采购3万元。\n",
        "一、概况\n收到专项资金3项：公路养护资金86万元、四好公路奖补资金120万元。\n",
        "一、概况\n本项目下达资金3项共218万元：人员经费100万元、办公经费60万元、设备购置58万元。\n",
        "一、概况\n分配到各乡镇：1.东镇种苗补助项目32万元；2.西镇种苗补助项目28万元。\n",
        "一、概况\n年初批复8个项目98万元，调整后项目预算86万元。\n",
        "南县道路改造项目绩效自评报告\n一、概况\n道路改造项目总投资98万元，该项目已支付80万元。\n",
        "南县道路改造项目绩效自评报告\n一、概况\n支付80万元。\n附件：某项目绩效自评报告\n",
    ],
)
def test_distribution_purposes_and_counts_are_no_projects(text: str, lexicon: Lexicon) -> None:
    assert names_of(text, lexicon) == []


@pytest.mark.parametrize(
    "text",
    [
        "（1）《高龄津贴》预算30万元，支出29万元，发放人数目标200人，实际210人；\n（2）《孤儿保障》预算5万元，支出4万元，保障人数目标9人，实际8人。\n",
        "一是高龄津贴，预算30万元，发放人数目标200人，实际210人；二是孤儿保障，预算5万元，保障人数目标9人，实际8人。\n",
        "高龄津贴：预算30万元，支出29万元，发放人数目标200人，实际210人。\n孤儿保障：预算5万元，支出4万元，保障人数目标9人，实际8人。\n",
        "项目一：高龄津贴\n预算30万元，发放人数目标200人，实际210人。\n项目二：孤儿保障\n预算5万元，保障人数目标9人，实际8人。\n",
        "第一部分 高龄津贴\n一、项目概况\n预算30万元。\n二、绩效情况\n发放人数目标200人，实际210人。\n"
        "第二部分 孤儿保障\n一、项目概况\n预算5万元。\n二、绩效情况\n保障人数目标9人，实际8人。\n",
    ],
)
def test_projects_told_with_money_and_results_are_reports(text: str, lexicon: Lexicon) -> None:
    assert names_of(f"南县民政局项目绩效自评报告\n{text}", lexicon) == [("report", "高龄津贴"), ("report", "孤儿保障")]


def test_indicators_in_a_list_are_no_projects(lexicon: Lexicon) -> None:
    text = "1.发放人数，目标200人，实际210人；\n2.保障人数，目标9人，实际8人。\n"
    assert names_of(f"南县民政局项目绩效自评报告\n{text}", lexicon) == []


def test_what_is_told_later_of_a_listed_project_is_its_own(lexicon: Lexicon) -> None:
    text = (
        "一、资金\n下达东河清淤项目36万元；西河、北河治理项目14万元。\n二、执行\n截至12月底，东河项目已支付30万元；"
        "西河、北河治理项目因未验收，支付0元；合计支付30万元。\n"
    )
    _, east, west = parts_of(text, lexicon)
    assert [text[slice(*piece.span)] for piece in east.listed] == ["东河清淤项目36万元", "东河项目已支付30万元"]
    assert [text[slice(*piece.span)] for piece in west.listed] == [
        "西河、北河治理项目14万元",
        "西河、北河治理项目因未验收，支付0元",
    ]


def test_numbered_projects_end_where_the_text_looks_back_on_all(lexicon: Lexicon) -> None:
    text = (
        "【专项一】水库加固专项资金\n预算50万元，支出45万元。\n【专项二】水土保持专项资金\n预算40万元，支出35万元。\n"
        "以上两个专项平均95分。\n结论：专项一自评97分、专项二自评93分。\n"
    )
    whole, first, second = parts_of(text, lexicon)
    assert text[slice(*whole.spans[0])] == "以上两个专项平均95分。\n结论："
    assert text[slice(*first.spans[1])] == "专项一自评97分、"
    assert text[slice(*second.spans[1])].startswith("专项二自评93分")


@pytest.mark.parametrize(
    "text",
    [
        "南县造林补助项目绩效自评报告\n一、资金\n下达造林补助项目资金100万元，支出用于苗木购置项目60万元。\n",
        "一、概况\n用于道路项目和水渠项目共50万元，用于其他项目3万元。\n",
        "一、概况\n实施项目2个：中央资金30万元；县级配套5万元。\n",
    ],
)
def test_one_project_joint_sums_and_sources_are_no_list(text: str, lexicon: Lexicon) -> None:
    assert names_of(text, lexicon) == []


@pytest.mark.parametrize(
    "text",
    [
        "（一）资金管理（15分）\n计划85万元，实际到位85万元，到位率100%。\n（二）制度建设（5分）\n预算9万元，目标3项，实际3项。\n",
        "一、得分\n1、资金到位率：计划85万元，到位85万元，得分5分。\n2、预算执行率：预算85万元，支出72万元，得分4分。\n",
        "一、得分\n（1）组织实施，预算8万元，目标3项，实际3项；（2）业务管理，预算9万元，目标2项，实际2项。\n",
    ],
)
def test_parts_of_the_scoring_system_are_no_projects(text: str, lexicon: Lexicon) -> None:
    assert names_of(text, lexicon) == []


def test_the_heading_that_a_text_breaks_off_in_is_no_report(lexicon: Lexicon) -> None:
    text = (
        "南县林业局2023年度中央资金绩效自评报告\n一、造林补助资金\n（一）资金投入情况\n下达14万元。\n"
        "二、管护补助资金\n（一）资金投入情况\n下达9万元。\n三、退耕"
    )
    whole, _, last = parts_of(text, lexicon)
    assert whole.spans[-1][1] < text.index("一、造林") + 1
    assert last.spans[-1][1] == len(text)


def test_a_project_may_bear_the_name_of_its_source(lexicon: Lexicon) -> None:
    text = "一、概况\n下达我县两个项目：福彩暖冬敬老工程3万元；殡葬设施改造项目8万元。\n"
    assert names_of(text, lexicon) == [("project", "福彩暖冬敬老工程"), ("project", "殡葬设施改造项目")]
