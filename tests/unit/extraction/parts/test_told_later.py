"""What a text tells of projects that it has named before, under their names or words of them."""

from __future__ import annotations

import pytest

from ingest.extraction import extract_document
from ingest.extraction.parts.chapters import find_reports
from ingest.lexicon import Lexicon
from ingest.reading import read_document
from ingest.records import ReportRecord
from tests.support.report_sources import source_of

LISTED = (
    "南县2022年度民政项目绩效自评报告\n一、资金\n下达如下：1.东街敬老院消防改造项目60万元；2.残疾儿童康复救助项目18万元；"
    "3.种羊引进补助45万元。合计123万元。\n"
)
NAMES = ["东街敬老院消防改造项目", "残疾儿童康复救助项目", "种羊引进补助"]


def reports_of(text: str) -> dict[str | None, ReportRecord]:
    reports = extract_document(read_document((LISTED + text).encode(), "report.txt")).reports
    return {None if place == 0 else report.project_name: report for place, report in enumerate(reports)}


def pieces_of(text: str, lexicon: Lexicon) -> dict[str | None, list[str]]:
    source = source_of(LISTED + text, lexicon)
    begin = len(LISTED)
    return {
        part.project_name: [source.text[slice(*piece.span)] for piece in part.listed if piece.span[0] >= begin]
        for part in find_reports(source)[1:]
    }


@pytest.mark.parametrize(
    "text",
    [
        "二、执行\n共支出96万元，其中：敬老院消防支出58万元，儿童康复支出18万元，种羊支出20万元。\n",
        "二、执行\n敬老院改造已付58万元；康复救助项目支出18万元；种羊引进支出20万元，余款待付。\n",
        "二、执行\n（一）东街敬老院消防改造项目支出58万元。\n（二）康复救助18万元已支付。\n（三）种羊补助支出20万元。\n",
    ],
)
def test_shortened_names_tell_the_project(text: str, lexicon: Lexicon) -> None:
    pieces = pieces_of(text, lexicon)
    assert list(pieces) == NAMES
    sums = {"东街敬老院消防改造项目": "58万元", "残疾儿童康复救助项目": "18万元", "种羊引进补助": "20万元"}
    for name, sum_told in sums.items():
        assert [sum_told in piece for piece in pieces[name]] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "二、执行\n改造项目支出58万元，补助支出38万元。\n",
        "二、执行\n敬老院消防支出58万元。其余各项支出38万元。\n",
        "二、执行\n各项目支出共96万元，该项目已验收。\n",
    ],
)
def test_words_of_no_name_or_of_one_project_alone_tell_nothing(text: str, lexicon: Lexicon) -> None:
    assert not any(pieces_of(text, lexicon).values())


def test_rates_and_indicators_told_of_a_project_are_its_own() -> None:
    reports = reports_of(
        "二、执行\n敬老院消防支出58万元，执行率96.67%；康复救助支出18万元，执行率100%；总体执行率98%。\n"
        "三、完成情况\n（一）敬老院消防：床位达标率目标≥95%，实际97%。\n（二）救助残疾儿童≥30人，实际救助32人。\n"
        "群众满意度目标≥90%，实际95%。\n"
    )
    rates = {name: report.execution.stated_rate_pct for name, report in reports.items()}
    assert {name: float(rate) for name, rate in rates.items() if rate is not None} == {
        None: 98,
        NAMES[0]: 96.67,
        NAMES[1]: 100,
    }
    assert "several_rates" not in {warning.code for warning in reports[None].warnings}
    told = {name: [(one.name, one.target, one.actual) for one in report.indicators] for name, report in reports.items()}
    assert told == {
        None: [("群众满意度", "≥90%", "95%")],
        NAMES[0]: [("床位达标率", "≥95%", "97%")],
        NAMES[1]: [("救助残疾儿童", "≥30人", "32人")],
        NAMES[2]: [],
    }
    assert all(one.evidence.confidence <= 0.8 for name in NAMES for one in reports[name].indicators)


def test_money_told_under_a_shortened_name_is_less_sure() -> None:
    reports = reports_of("二、执行\n敬老院消防支出58万元；残疾儿童康复救助项目支出18万元。\n")
    sure = {name: report.funding[-1].evidence.confidence for name, report in reports.items() if name in NAMES[:2]}
    assert sure[NAMES[0]] <= 0.8 < sure[NAMES[1]]


def test_the_sum_of_all_projects_is_the_reports_own() -> None:
    (line,) = reports_of("二、满意度\n群众满意度目标≥90%，实际95%。\n")[None].funding
    assert (line.stage, line.as_written) == ("approved", "123万元")
    assert line.evidence.confidence <= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "四、结论\n东街敬老院消防改造项目自评得分97分，儿童康复救助自评98.5分，种羊引进自评得分95分，三个项目平均得分96.8分。\n",
        "四、结论\n敬老院消防、儿童康复、种羊引进自评得分分别为97分、98.5分、95分。综合得分96.8分。\n",
        "四、结论\n种羊引进、儿童康复、敬老院消防自评得分分别为95分、98.5分、97分。综合得分96.8分。\n",
        "四、结论\n三个项目自评得分分别为97分、98.5分、95分。综合得分96.8分。\n",
        "四、结论\n敬老院消防：自评得97分；儿童康复：自评得98.5分；种羊引进：评分为95分。总体自评得分96.8分。\n",
    ],
)
def test_scores_told_of_projects_are_theirs(text: str) -> None:
    reports = reports_of(f"二、满意度\n群众满意度目标≥90%，实际95%。\n{text}")
    scores = {name: float(report.evaluation.total_score or 0) for name, report in reports.items()}
    assert scores == {None: 96.8, NAMES[0]: 97, NAMES[1]: 98.5, NAMES[2]: 95}


def test_scores_of_dimensions_are_those_of_no_project() -> None:
    reports = reports_of("二、结论\n决策、产出、效益得分分别为18分、48分、28分。综合得分94分。\n")
    scores = {name: report.evaluation.total_score for name, report in reports.items()}
    assert scores == {None: 94, NAMES[0]: None, NAMES[1]: None, NAMES[2]: None}


def test_the_title_above_a_list_of_projects_is_a_doubtful_name() -> None:
    place = reports_of("二、满意度\n群众满意度目标≥90%，实际95%。\n")[None].field_evidence["project_name"]
    assert place.confidence < 0.8


def test_what_the_sums_of_projects_add_up_to_is_told_of_them_all() -> None:
    reports = reports_of(
        "二、执行\n敬老院改造支出58万元，康复救助支出18万元，种羊引进支出20万元，全部支出96万元，执行率78.05%。\n"
        "三、效益\n村民年增收96万元。\n"
    )
    executed = {
        name: [str(line.amount_yuan) for line in report.funding if line.stage == "executed"]
        for name, report in reports.items()
    }
    sums = ["960000.00", "580000.00", "180000.00", "200000.00"]
    assert executed == {name: [amount] for name, amount in zip([None, *NAMES], sums, strict=True)}
    assert str(reports[None].execution.stated_rate_pct) == "78.05"


def test_a_sum_as_large_by_chance_is_no_sum_of_the_projects() -> None:
    reports = reports_of("二、执行\n敬老院改造支出58万元。康复救助支出18万元。种羊引进支出20万元。村民年增收96万元。\n")
    assert [line for line in reports[None].funding if line.stage == "executed"] == []


def test_the_works_of_one_project_are_no_projects() -> None:
    text = (
        "南县2022年东河治理项目绩效自评报告\n一、概况\n本年度实施以下工程：\n（1）左岸护坡工程36万元；\n"
        "（2）右岸清淤工程24万元。\n二、资金\n下达资金60万元。\n"
    )
    (report,) = extract_document(read_document(text.encode(), "report.txt")).reports
    assert report.project_name == "东河治理项目"
