"""Execution rate, total score and grade in prose, on sentences written for the purpose."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction.evaluation import read_evaluation
from ingest.extraction.execution import read_execution
from ingest.extraction.source import ReportFacts, ReportSource
from ingest.lexicon import Lexicon
from ingest.reading import read_document

FACTS = ReportFacts(fiscal_year=2022, project_name="某项目")


def report_of(sentence: str, heading: str, lexicon: Lexicon) -> ReportSource:
    text = f"某项目2022年度绩效自评报告\n一、项目概况\n项目顺利。\n二、{heading}\n{sentence}\n"
    return ReportSource.of(read_document(text.encode(), "report.txt"), lexicon)


@pytest.mark.parametrize(
    ("sentence", "rate"),
    [
        ("资金使用率72%。", "72"),
        ("项目管理规范，预算完成100%，保障了养护。", "100"),
        ("支出进度达99.5%。", "99.5"),
        ("资金支付率约为96 %。", "96"),
        ("补贴发放率100%，预算执行率95.5%。", "95.5"),
        ("中央资金执行率98%，省级资金执行率92%，总体执行率96%。", "96"),
        ("中央资金执行率98%。", "98"),
        ("执行率97.47%。综上，预算执行率97.5%。", "97.47"),
        ("执行率97.4%，后又写执行率97.5%。", None),
        ("上半年执行率仅38%，预算执行进度前慢后快。", None),
        ("上半年预算执行率38%，全年预算执行率91%。", "91"),
        ("2021年预算执行率80%。", None),
        ("资金到位率100%，完工率243%，占到位资金的93.49%。", None),
        ("预算执行率目标值95%以上。", None),
        ("拨付资金95万元，拨付率95%。", "95"),
        ("支出95万元（占预算的95%）。", "95"),
        ("支出95万元，占预算数100万元的95%。", "95"),
        ("拨付95万元，占核减后预算数的95%。", "95"),
        ("已使用95万元，占可使用资金的95%。", "95"),
        ("支出95万元，占到位资金的95%。", None),
        ("预算执行率=95÷100×100%=95%。", "95"),
        ("执行率按调整后预算计算为95%。", "95"),
        ("支付率由去年的90%提高到95%。", "95"),
        ("执行率百分之百。", "100"),
        ("支出进度为序时进度的95%。", None),
        ("设备使用率98%。", None),
        ("资金实际支出39万元，使用率97%。", "97"),
        ("更新设备39台，使用率97%。", None),
        ("政府采购执行率93%，预算执行率98.5%。", "98.5"),
        ("到2022年12月31日执行率74%，到2023年6月30日执行率81%。", "74"),
        ("截至2022年9月底执行率76%，截至2022年12月底执行率99%。", "99"),
        ("省级资金支出40万元，支付率100%；合计支出125万元，总支付率89.3%。", "89.3"),
        ("未开工，执行率为0。", "0"),
        ("执行率达百分之九十五。", "95"),
        ("执行率偏低，仅为45.6%。", "45.6"),
        ("支出进度仅完成45.6%。", "45.6"),
        ("支出占年度预算的比例为95%。", "95"),
        ("支出95万元，占年初预算的95%。", "95"),
    ],
)
def test_the_rate_of_all_the_money_is_the_execution_rate(sentence: str, rate: str | None, lexicon: Lexicon) -> None:
    report = report_of(sentence, "资金使用情况", lexicon)
    stated = read_execution(report, report.sentences(), FACTS)[0].stated_rate_pct
    assert stated == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("sentence", "weight", "score"),
    [
        ("综合得分88.6分，其中预算执行10分得8.9分，产出50分得44.7分。", "10", "8.9"),
        ("执行率98%，分值10分，得分9.8分。", "10", "9.8"),
        ("（一）预算执行率（4分）\n实际支出92万元。自评得3.68分。", "4", "3.68"),
        ("预算执行10分，产出指标50分，得49分。", None, None),
        ("预算执行率98%，自评得分97.8分。", None, None),
        ("执行率 分值10 得分9.22", "10", "9.22"),
        ("自评总分94分，其中预算执行9.5分，产出指标48分，效益指标28分，满意度指标8.5分。", None, "9.5"),
        ("自评得分94分（其中预算执行10分、产出指标48分、效益指标30分）。", None, None),
        ("满分得分100分，其中预算执行10分，产出指标50分，效益指标40分。", None, None),
    ],
)
def test_the_points_of_the_execution_rate(
    sentence: str, weight: str | None, score: str | None, lexicon: Lexicon
) -> None:
    report = report_of(sentence, "资金使用情况", lexicon)
    execution = read_execution(report, report.sentences(), FACTS)[0]
    printed = tuple(None if points is None else Decimal(points) for points in (weight, score))
    assert (execution.weight, execution.score) == printed


def test_a_rate_of_the_states_money_may_leave_out_what_others_gave(lexicon: Lexicon) -> None:
    report = report_of("财政资金执行率100%。", "资金使用情况", lexicon)
    evidence = read_execution(report, report.sentences(), FACTS)[0].evidence
    assert evidence is not None
    assert 0.8 <= evidence.confidence < 0.9


def test_a_rate_of_one_source_or_by_another_name_is_less_sure(lexicon: Lexicon) -> None:
    confidences = []
    for sentence in ("预算执行率98%。", "资金支付率98%。", "中央资金执行率98%。"):
        report = report_of(sentence, "资金使用情况", lexicon)
        evidence = read_execution(report, report.sentences(), FACTS)[0].evidence
        assert evidence is not None
        confidences.append(evidence.confidence)
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] >= 0.9 > confidences[1]


@pytest.mark.parametrize(
    ("sentence", "score", "grade"),
    [
        ("本项目绩效自评综合得分92.5分，自评等级为“优”。", "92.5", "优"),
        ("预算执行率98%，自评得分97.8分。", "97.8", None),
        ("根据评分标准，自评得分99分，为优。", "99", "优"),
        ("满分100分，自评得分98分（优）。", "98", "优"),
        ("自评得分90.15，等级：优。", "90.15", "优"),
        ("自我评价得分为98分，结果为“优秀”。", "98", "优秀"),
        ("各镇得分加权平均，全县综合得分为93.22分，评价等级为优。", "93.22", "优"),
        ("四个项目平均得分82.5分。", "82.5", None),
        ("2021年自评得分84分，等级为良。2022年自评得分90分，等级为优。", "90", "优"),
        ("评价得分90分，等级：优。评价组在2021年给出的得分为84分，等级：良。", "90", "优"),
        ("决策得分18分，过程得分20分，总得分94分。", "94", None),
        ("总体评价：良好。", None, "良好"),
        ("自评等次为优。", None, "优"),
        ("90分以上为优，80-90分为良。", None, None),
        ("本项目综合评分79.6分，绩效评定为“一般”。投入类评价得分18分，过程类评价得分16.6分。", "79.6", "一般"),
        ("得分96分，评价为优秀。", "96", "优秀"),
        ("经自查，得95分，属于优秀等级。", "95", "优秀"),
        ("总分100分，得分97分。", "97", None),
        ("逐项打分，自评99分，等级为优。", "99", "优"),
        ("自评为“优”（96分）。", "96", "优"),
        ("按百分制计，得91.5分，属“优”档。", "91.5", "优"),
        ("决策17分（20分）、产出24分（30分），合计81.5分，为“良”。", "81.5", "良"),
        ("自评满分100分，实际得分95分。", "95", None),
        ("项目自评：96分，优。", "96", "优"),
        ("某县水务局2022年度整体支出绩效自评94.6分，评价等次为“优”。", "94.6", "优"),
        ("自评8分。", None, None),
        ("对照评分表，合计100分，我局自评95.5分，自评等次“优秀”。", "95.5", "优秀"),
        ("评价分值94.6，评价等级为优秀。", "94.6", "优秀"),
        ("我单位对该项目自评为93分。", "93", None),
        ("综合以上情况，校车运营补贴项目自评93.5分，结果为优秀。", "93.5", "优秀"),
        ("产出基本达到要求。合计100", None, None),
        ("预算执行10分，得分9分；产出指标50分，得分48分。", None, None),
        ("自评得分96分，自评等级：优□ 良☑ 中□ 差□。", "96", "良"),
        ("自评等级：□优秀 √良好 □一般 □较差。", None, "良好"),
        ("自评等级：优（90-100分）（ ）、良（80-89分）（√）、中（ ）、差（ ）。", None, "良"),
        ("自评等级：优□ 良□ 中□ 差□。", None, None),
        ("自评等级：优 良☑ 中 差。", None, "良"),
        ("自评等级：优 √ 良 中 差。", None, None),
        ("自评等级：优、良、中、差四档，本项目为优。", None, None),
        ("4个项目中自评等级为“优”的3个，评价等级为良的1个。", None, None),
        ("自评等级：优☑ 良☑ 中□ 差□。", None, None),
    ],
)
def test_score_and_grade_are_the_reports_own(
    sentence: str, score: str | None, grade: str | None, lexicon: Lexicon
) -> None:
    report = report_of(sentence, "评价结论", lexicon)
    evaluation = read_evaluation(report, list(report.sentences()), FACTS)[0]
    assert (evaluation.total_score, evaluation.grade) == (None if score is None else Decimal(score), grade)


@pytest.mark.parametrize(("heading", "score"), [("自评打分", "91"), ("其他情况", "91"), ("产出指标", None)])
def test_a_sentence_that_is_nothing_but_the_score_gives_it(heading: str, score: str | None, lexicon: Lexicon) -> None:
    report = report_of("资金按月发放。本次自评91分。", heading, lexicon)
    total = read_evaluation(report, list(report.sentences()), FACTS)[0].total_score
    assert total == (None if score is None else Decimal(score))


def test_a_heading_that_names_the_result_ends_the_indicators(lexicon: Lexicon) -> None:
    report = report_of("（1）数量指标。完成3处。\n五、自评等级\n本项目自评为“优”（96分）。", "产出指标", lexicon)
    evaluation = read_evaluation(report, list(report.sentences()), FACTS)[0]
    assert (evaluation.total_score, evaluation.grade) == (Decimal(96), "优")


def test_the_points_of_a_part_are_no_total(lexicon: Lexicon) -> None:
    report = report_of("入户抽查，长期公示。自评得5分。", "制度执行有效性（6分）", lexicon)
    assert read_evaluation(report, list(report.sentences()), FACTS)[0].total_score is None


@pytest.mark.parametrize(
    ("headings", "rate"),
    [
        ("一、过程（20分）\n（一）资金管理（10分）", "98.3"),
        ("一、产出指标\n（一）数量指标", None),
        ("三、偏离原因", "98.3"),
    ],
)
def test_a_rate_of_outlay_among_indicators_is_an_indicator(headings: str, rate: str | None, lexicon: Lexicon) -> None:
    text = f"某项目2022年度绩效自评报告\n{headings}\n全年发放补贴59万元，发放率98.3%。\n"
    report = ReportSource.of(read_document(text.encode(), "report.txt"), lexicon)
    stated = read_execution(report, report.sentences(), FACTS)[0].stated_rate_pct
    assert stated == (None if rate is None else Decimal(rate))
