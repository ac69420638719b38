"""How many were asked is no indicator; what came of a promise is told in many ways."""

from __future__ import annotations

import pytest

from ingest.lexicon import Lexicon
from tests.unit.extraction.indicators.test_reading import GOALS, PERFORMANCE, Row, indicators_of, rows_of


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("居民满意度目标≥85%，电话抽样600人，实际89.7%。", ("居民满意度", "≥85%", "89.7%")),
        ("主干道亮灯率目标≥98%，现场抽查512盏，实际为96.3%。", ("主干道亮灯率", "≥98%", "96.3%")),
        ("牧户满意度目标≥95%，入户问卷320份，结果97.8%。", ("牧户满意度", "≥95%", "97.8%")),
        ("保单出具及时率目标100%，抽查保单120份，及时出具118份，及时率98.3%。", ("保单出具及时率", "100%", "98.3%")),
        ("抽样240户，满意的有231户，群众满意度为96.3%。", ("群众满意度", None, "96.3%")),
        ("县水务局委托第三方随机走访农户150户，群众满意率95.3%。", ("群众满意率", None, "95.3%")),
    ],
)
def test_a_sample_is_no_indicator(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}产出指标：{text}\n", lexicon) == [row]


def test_inspections_are_indicators_where_nothing_waits_for_a_value(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}数量指标：食品监督抽检目标600批次，实际612批次；抽查企业42家。\n"
    assert rows_of(text, lexicon) == [("食品监督抽检", "600批次", "612批次"), ("抽查企业", None, "42家")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("耕层厚度目标达到30cm以上，监测点平均32.4cm。", ("耕层厚度", "30cm以上", "平均32.4cm")),
        ("优果率预期提升到60%，测产结果62.7%。", ("优果率", "60%", "62.7%")),
        ("保障水平目标不低于直接物化成本，实际已达到。", ("保障水平", "不低于直接物化成本", "已达到")),
        ("消除危房：目标全部消除，实际全部消除。", ("消除危房", "全部消除", "全部消除")),
        ("补贴发放目标结案后30日内，部分案件超期。", ("补贴发放", "结案后30日内", "部分案件超期")),
        ("平均车速提高10%，实际提高8.7%。", ("平均车速", "提高10%", "提高8.7%")),
        ("演出24场，与年初计划数相同。", ("演出", "24场", "24场")),
        ("改造厕所1264座，比年初下达的1200座任务多64座。", ("改造厕所", "1200座", "1264座")),
        ("申请受理后15个工作日内完成核验，实际平均11个工作日。", ("完成核验", "15个工作日内", "平均11个工作日")),
        ("组建扑火队目标3支90人，实际组建3支92人。", ("组建扑火队", "3支90人", "3支92人")),
        ("演出128场，超额完成年初确定的120场任务。", ("演出", "120场", "128场")),
        ("供水人口达到3.2万人，高于预期的3万人。", ("供水人口", "3万人", "3.2万人")),
        ("完工率目标100%，实际因疫情影响仅为83%。", ("完工率", "100%", "83%")),
        ("拨付及时率目标为100%，实际较计划晚20天，及时率为80%。", ("拨付及时率", "100%", "80%")),
        ("抽检合格率要求达到97%以上，全年抽检1200批次，合格率98.9%。", ("抽检合格率", "97%以上", "98.9%")),
        ("亮灯率需达98%，平时巡查显示为98.6%。", ("亮灯率", "98%", "98.6%")),
        ("计划培训农民200人（其中女性60人），实际培训212人（其中女性73人）。", ("培训农民", "200人", "212人")),
        ("村集体增收目标每村5万元以上，实际村均6.2万元。", ("村集体增收", "每村5万元以上", "村均6.2万元")),
        ("项目完成时限为2023年12月31日前，实际完成于12月20日。", ("项目完成时限", "2023年12月31日前", "12月20日")),
        ("1、圈舍改造扶持。计划扶持30家，完成28家。", ("圈舍改造扶持", "30家", "28家")),
        (
            "资产负债率目标比上年降低，实际比上年降低1.7个百分点。",
            ("资产负债率", "比上年降低", "比上年降低1.7个百分点"),
        ),
        ("培育农民350人，全面完成省下达的350人培育任务。", ("培育农民", "350人", "350人")),
        ("（二）按月发放率。目标值：100%；实现值：91.7%（1月份因系统切换未发放）。", ("按月发放率", "100%", "91.7%")),
        ("（五）困难群众生活水平。目标值：有所提高；实现值：有所提高。", ("困难群众生活水平", "有所提高", "有所提高")),
        ("——公墓建设数：年初目标6个，年末建成5个（某镇因选址未建成）。", ("公墓建设数", "6个", "5个")),
        ("3、供餐天数：计划200天，全年实际供餐199天。", ("供餐天数", "200天", "199天")),
        ("农户满意度调查目标100户，调查105户。", ("农户满意度调查", "100户", "105户")),
        ("清淤渠道目标100%（实际完成95%，因雨季影响）。", ("清淤渠道", "100%", "95%")),
        ("打井12眼（计划15眼，因地质原因减少3眼）。", ("打井", "15眼", "12眼")),
        ("未完成的指标：安装时间目标为9月底，实际11月。", ("安装时间", "9月底", "11月")),
    ],
)
def test_a_result_is_set_against_its_target(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == [row]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "计划新建候车亭86座、改造34座，实际建成79座、改造34座。",
            [("新建候车亭", "86座", "79座"), ("改造", "34座", "34座")],
        ),
        (
            "计划新建泵站3座、闸门4座，实际新建闸门4座、泵站2座。",
            [("新建泵站", "3座", "2座"), ("闸门", "4座", "4座")],
        ),
        (
            "计划改造敬老院7所，安装喷淋系统8套，截至年底改造敬老院6所已全部完工，安装喷淋系统7套。",
            [("改造敬老院", "7所", "6所"), ("安装喷淋系统", "8套", "7套")],
        ),
        (
            "村道硬化2.8公里（计划3公里）、污水管网4.6公里（计划4.6公里）。",
            [("村道硬化", "3公里", "2.8公里"), ("污水管网", "4.6公里", "4.6公里")],
        ),
        ("水网6.4公里全部完成，站房更换9套。", [("水网", None, "6.4公里"), ("站房更换", None, "9套")]),
    ],
)
def test_a_list_of_promises_has_a_list_of_results(text: str, rows: list[Row], lexicon: Lexicon) -> None:
    assert rows_of(PERFORMANCE + text + "\n", lexicon) == rows


def test_a_goal_and_its_result_may_say_the_verb_at_either_end(lexicon: Lexicon) -> None:
    text = (
        f"{GOALS}安装监控点位34个；完成壁画修复86平方米。\n"
        "二、绩效目标完成情况\n监控点位安装完成34个；壁画修复完成86平方米。\n"
    )
    assert rows_of(text, lexicon) == [("监控点位", "34个", "34个"), ("壁画修复", "86平方米", "86平方米")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("查处违法行为7起。", ("查处违法行为", None, "7起")),
        ("培训学员四百六十余人。", ("培训学员", None, "四百六十余人")),
        ("村民满意率九成以上。", ("村民满意率", None, "九成以上")),
        ("火点数同比减少5个。", ("火点数", None, "同比减少5个")),
        ("全年开放天数312天。", ("全年开放天数", None, "312天")),
        ("全年开放320天，比目标300天多20天。", ("全年开放", "300天", "320天")),
        ("故障响应不超过24小时，实际9.5小时。", ("故障响应", "不超过24小时", "9.5小时")),
        ("4、0—6岁儿童健康管理率，目标为≥90%，实际95.07%。", ("0—6岁儿童健康管理率", "≥90%", "95.07%")),
        ("保护人口年度值0.86万人，完成值0.87万人。", ("保护人口", "0.86万人", "0.87万人")),
        ("全年新建泵站3座。", ("新建泵站", None, "3座")),
        ("安全事故发生率为零。", ("安全事故发生率", None, "零")),
        ("受益人口5.27万人，其中脱贫人口4316人。", ("受益人口", None, "5.27万人")),
        ("2、供餐天数：全年实际供餐199天。", ("供餐天数", None, "199天")),
        ("学员满意度99.2%，满意度得分97.8分。", ("学员满意度", None, "99.2%")),
        ("农户满意度调查结果为94.7%。", ("农户满意度", None, "94.7%")),
        ("污水、垃圾处理率均达到100%。", ("污水、垃圾处理率", None, "100%")),
        ("亩产达到310公斤，比对照田增产18%。", ("亩产", None, "310公斤")),
        ("新增停车泊位350个，超目标50个。", ("新增停车泊位", None, "350个")),
        ("工程初验合格。", ("工程初验", None, "合格")),
    ],
)
def test_where_a_name_ends_and_its_value_begins(text: str, row: Row, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}产出指标：{text}\n", lexicon) == [row]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("群众满意度目标90%，实际95%，分值10分，满意度得分9.5分。", "9.5"),
        ("群众满意度（10分）：目标90%，实际92%，满意度得分9分。", "9"),
        ("群众满意度目标90%，实际95%，满意度得分97.8分。", "None"),
    ],
)
def test_what_satisfaction_scored_is_told_by_the_points_to_reach(text: str, score: str, lexicon: Lexicon) -> None:
    (indicator,) = indicators_of(f"{PERFORMANCE}产出指标：{text}\n", lexicon)
    assert str(indicator.score) == score


@pytest.mark.parametrize(
    "text",
    [
        "全年为47名儿童提供康复训练，为318名残疾人适配器具318件。",
        "补助标准按12.3元/亩执行。",
        "与乡镇签订责任书12份，提出意见建议23条。",
        "设定绩效目标9个，其中数量指标3个。",
        "但2月因系统升级迟发11天。",
        "耕层厚度未达到目标值。",
        "验收质量合格。",
    ],
)
def test_manners_and_delays_are_no_results(text: str, lexicon: Lexicon) -> None:
    assert rows_of(f"{PERFORMANCE}产出指标：{text}\n", lexicon) == []


def test_an_aspect_names_the_level(lexicon: Lexicon) -> None:
    (indicator,) = indicators_of(f"{PERFORMANCE}（一）产出指标\n数量方面，新建泵站3座。\n", lexicon)
    assert (indicator.level1, indicator.level2) == ("产出指标", "数量")


def test_works_that_passed_their_examination_are_done(lexicon: Lexicon) -> None:
    text = "一、概况\n建设内容:平整土地860亩;山塘清淤9座,均已通过市级验收。\n"
    assert rows_of(text, lexicon) == [("平整土地", None, "860亩"), ("山塘清淤", None, "9座")]


def test_the_first_item_may_stand_on_the_line_of_its_heading(lexicon: Lexicon) -> None:
    text = "一、使用情况 全年受理申请1318份。三、指标完成 1.机收率：目标80%，实际88%；2.深松：目标9亩，实际9亩。\n"
    assert rows_of(text, lexicon) == [("机收率", "80%", "88%"), ("深松", "9亩", "9亩")]


def test_a_level_ends_where_the_count_of_its_heading_goes_on(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}1.质量指标。合格率98%。\n2.社会效益。受益农户860户。\n3.公示率100%，农户满意度96%。\n"
    levels = [(one.name, one.level2) for one in indicators_of(text, lexicon)]
    assert levels == [("合格率", "质量指标"), ("受益农户", "社会效益"), ("公示率", None), ("农户满意度", None)]


def test_items_of_a_list_stay_below_their_level(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}1.质量指标\n1.合格率98%。\n2.公示率100%。\n"
    assert [one.level2 for one in indicators_of(text, lexicon)] == ["质量指标", "质量指标"]


def test_cameras_at_the_place_of_work_are_no_works(lexicon: Lexicon) -> None:
    text = "一、项目组织实施情况\n（一）过程控制情况\n加工场地安装摄像头9个。\n"
    assert rows_of(text, lexicon) == []


def test_so_many_a_day_are_no_target_of_the_year(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}平均每天接待群众45人次，全年累计接待1.6万人次。\n"
    assert all(target is None for _, target, _ in rows_of(text, lexicon))


def test_an_average_is_not_sure(lexicon: Lexicon) -> None:
    (indicator,) = indicators_of(f"{PERFORMANCE}时效指标：修复时限目标24小时内，实际平均19.5小时。\n", lexicon)
    assert indicator.actual == "平均19.5小时"
    assert indicator.evidence.confidence < 0.9


def test_a_task_that_was_done_by_a_day_is_a_name(lexicon: Lexicon) -> None:
    text = f"{PERFORMANCE}时效指标：维修任务于2021年12月底前完成。\n"
    assert rows_of(text, lexicon) == [("维修任务", None, "2021年12月底前完成")]
