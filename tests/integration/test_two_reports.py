"""Ground truth read by a person: the 2020 and the 2023 report, as published and as retold in the samples."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from ingest.records import DocumentRecord, Evidence, ReportRecord
from tests.conftest import ROOT, SAMPLES, extract_file

REVIEWED = ROOT / "tests" / "support" / "reviewed_figures.csv"

# 光模块数量 … 群众满意度: operator, target, target unit, actual, actual unit, points, points awarded.
INDICATORS = [
    ("数量指标", "光模块数量", ">=", "10", "支", "15", "支", "7.5", "7.5"),
    ("数量指标", "路由器", ">=", "2", "个", "3", "个", "7.5", "7.5"),
    ("质量指标", "网络畅通率", ">=", "97", "%", "100", "%", "7.5", "7.5"),
    ("质量指标", "网络运行正常率", ">=", "98", "%", "100", "%", "7.5", "7.5"),
    ("时效指标", "网络维护及时率", ">=", "98", "%", "100", "%", "5", "5"),
    ("时效指标", "网络维护时间", "range", None, None, None, None, "5", "5"),
    ("成本指标", "模块单价", "=", "0.07", "万元", "0.07", "万元", "2.5", "2.5"),
    ("成本指标", "路由器单价", "=", "0.05", "万元", "0.05", "万元", "2.5", "2.5"),
    ("成本指标", "其他耗材金额", "=", "19.2", "万元", "17", "万元", "2.5", "2.21"),
    ("成本指标", "维护总额", "=", "20", "万元", "18", "万元", "2.5", "2.25"),
    ("社会效益", "保障业务正常运转", None, None, None, None, None, "15", "15"),
    ("可持续影响", "持续维护社会稳定", None, None, None, None, None, "15", "15"),
    ("服务对象满意度", "群众满意度", ">=", "97", "%", "100", "%", "10", "10"),
]


@pytest.fixture(params=["published", "sample"])
def two_reports(request: pytest.FixtureRequest) -> tuple[DocumentRecord, DocumentRecord]:
    """The records of 2020 and 2023."""
    if request.param == "sample":
        paths = [SAMPLES / "yanbian-jinbao-2020.txt", SAMPLES / "jinbao-maintenance-2023.txt"]
    else:
        folder: Path = request.getfixturevalue("real_reports")
        paths = sorted(folder.glob("*.txt"))
    first, second = (extract_file(path) for path in paths)
    return first, second


def lines_of(report: ReportRecord) -> set[tuple[str, str, str]]:
    return {(line.stage, line.source, str(line.amount_yuan)) for line in report.funding}


def test_the_2020_report_says_what_it_says_and_nothing_else(
    two_reports: tuple[DocumentRecord, DocumentRecord],
) -> None:
    report = two_reports[0].reports[0]
    assert (report.fiscal_year, report.unit, report.project_name) == (
        2020,
        "盐边县人力资源和社会保障局",
        "金保网网络运行",
    )
    assert (report.region.county, report.region.province, report.region.hint) == ("盐边县", None, None)
    assert lines_of(report) == {("approved", "total", "16800.00"), ("executed", "total", "16800.00")}
    assert (report.execution.stated_rate_pct, report.evaluation.total_score, report.evaluation.grade) == (None,) * 3
    assert report.indicators == ()
    assert [(party.role, party.name) for party in report.parties] == [("payee", "中国电信股份有限公司攀枝花分公司")]
    cited = {(citation.document_number, citation.as_written) for citation in report.citations}
    assert ("盐边财政〔2020〕8号", "盐边财政【2020】8号") in cited
    happened = {(event.kind, event.date) for event in report.events}
    assert {("evaluated", "2021-09-03"), ("revised", "2021-09-07"), ("disbursed", "2020-09")} <= happened
    assert report.evaluated_on == "2021-09-03"
    assert [finding.kind for finding in report.findings] == ["problem", "suggestion"]
    assert [(mention.value, mention.unit) for mention in report.mentions if mention.kind == "count"] == [
        (Decimal(14), "家")
    ]


def test_the_2023_report_says_what_it_says_and_nothing_else(
    two_reports: tuple[DocumentRecord, DocumentRecord],
) -> None:
    report = two_reports[1].reports[0]
    assert (report.fiscal_year, report.unit, report.project_name) == (2023, None, "金保工程网络维护费")
    assert (report.region.province, report.region.city, report.region.county) == (None, None, None)
    assert report.region.hint == "自治区"
    stages = ("initial_budget", "adjusted_budget", "executed")
    assert lines_of(report) == {
        *((stage, source, "180000.00") for stage in stages for source in ("total", "fiscal")),
        *((stage, "other", "0.00") for stage in stages),
        ("received", "total", "180000.00"),
    }
    assert report.execution.stated_rate_pct == Decimal(100)
    assert (report.evaluation.total_score, report.evaluation.grade) == (Decimal("99.46"), "A")
    read = [
        (
            indicator.level2,
            indicator.name,
            indicator.target_operator,
            *(
                None if value is None else str(value)
                for value in (
                    indicator.target_value,
                    indicator.target_unit,
                    indicator.actual_value,
                    indicator.actual_unit,
                    indicator.weight,
                    indicator.score,
                )
            ),
        )
        for indicator in report.indicators
    ]
    assert read == INDICATORS
    assert (report.indicators[5].target_from, report.indicators[5].target_to) == ("2023-01", "2023-12")
    assert [indicator.level1 for indicator in report.indicators] == [
        *["产出指标"] * 10,
        *["效益指标"] * 2,
        "满意度指标",
    ]


def test_the_contradictions_of_2023_are_warnings_with_every_place(
    two_reports: tuple[DocumentRecord, DocumentRecord],
) -> None:
    warnings = {warning.code: warning for warning in two_reports[1].reports[0].warnings}
    goal = warnings["goal_amount_differs_from_funding"]
    assert goal.evidence.text == "20万元"
    assert {place.text for place in goal.places} == {"18.00万元", "18万元"}
    cost = warnings["cost_sum_differs_from_executed"]
    assert "18.20" in cost.message
    assert cost.evidence.text == "18.00万元"
    assert len(cost.places) == 5


@pytest.mark.parametrize("name", ["real-2020", "real-2023", "sample-2020", "sample-2023"])
def test_every_printed_figure_is_a_value_or_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    """Each number of the text is inside the evidence of a value that contains it, or in the reviewed list."""
    kind, year = name.split("-")
    if kind == "real":
        folder: Path = request.getfixturevalue("real_reports")
        path = sorted(folder.glob("*.txt"))[0 if year == "2020" else 1]
    else:
        path = SAMPLES / ("yanbian-jinbao-2020.txt" if year == "2020" else "jinbao-maintenance-2023.txt")
    record = extract_file(path)
    text = record.document.canonical_text or ""
    with REVIEWED.open(encoding="utf-8", newline="") as handle:
        reviewed = {(int(line["start"]), line["figure"]) for line in csv.DictReader(handle) if line["document"] == name}
    unaccounted = {
        (match.start(), match.group())
        for match in re.finditer(r"\d+(?:\.\d+)?", text)
        if not _is_a_value(match, record.reports[0])
    }
    assert unaccounted == reviewed


def _is_a_value(figure: re.Match[str], report: ReportRecord) -> bool:
    def inside(place: Evidence) -> bool:
        return place.start <= figure.start() and figure.end() <= place.end

    if any(inside(place) for field, place in report.field_evidence.items() if field != "evaluation.conclusion"):
        return True
    if report.execution.evidence is not None and inside(report.execution.evidence):
        return True
    entries = (*report.funding, *report.citations, *report.parties, *report.events, *report.mentions)
    if any(inside(entry.evidence) for entry in entries):
        return True
    for indicator in report.indicators:
        if inside(indicator.evidence):
            # The sentence of an indicator holds its number in the list and its values: nothing else may hide there.
            printed = f"{indicator.target} {indicator.actual} {indicator.weight} {indicator.score}"
            return figure.group() in {str(indicator.ordinal), *re.findall(r"\d+(?:\.\d+)?", printed)}
    return False
