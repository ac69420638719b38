"""Forms whose faults are known, as records: what public forms show, and forms that stand exactly on a limit.

The public forms are told by the facts that are known of them (amounts, points, dates); what is not known is left out,
or chosen so that no other rule fires. No wording of theirs is copied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ingest.records import (
    DocumentRecord,
    Evaluation,
    Execution,
    FundingLine,
    Indicator,
    Operator,
    Region,
    ReportRecord,
    Source,
    Stage,
    stable_id,
)
from tests.support.sample_records import Page, counted, document, indicator, money, told

OUTPUT = ("产出指标", "数量指标")
QUALITY = ("产出指标", "质量指标")
COST = ("成本指标", "经济成本指标")
SOCIAL = ("效益指标", "社会效益指标")
SATISFACTION = ("满意度指标", "服务对象满意度指标")

Row = tuple[
    tuple[str | None, str | None],
    str,
    tuple[Operator | None, str | None, str | None],
    tuple[str | None, str | None],
    str | None,
    str | None,
]


def specimen(
    name: str,
    *,
    year: int,
    funds: Sequence[tuple[Stage, Source, str]] = (),
    rows: Sequence[Row] = (),
    execution: tuple[str | None, str | None, str | None] = (None, None, None),
    total: str | None = None,
    grade: str | None = None,
    page: Page | None = None,
    published_on: date | None = None,
    further: Sequence[dict[str, Any]] = (),
    **facts: Any,
) -> DocumentRecord:
    """A record of one form.

    Args:
        name: the specimen, also the name of its file.
        year: the evaluated year.
        funds: stage, source and yuan of every printed sum.
        rows: levels, name, target, actual, points and score of every indicator.
        execution: stated rate in per cent, points and score of the execution row.
        total: the stated total.
        grade: the stated grade.
        page: the text so far, for facts that carry places of their own.
        published_on: the day the file appeared.
        further: what further fields an indicator has, row by row.
        facts: further fields of the report.
    """
    page = page or Page()
    page.says(name)
    rate, weight, score = execution
    lines: list[FundingLine] = [money(page, stage, source, amount, amount) for stage, source, amount in funds]
    additions = [*further, *({} for _ in rows[len(further) :])]
    indicators: list[Indicator] = [
        indicator(page, ordinal, *row).model_copy(update=addition)
        for ordinal, (row, addition) in enumerate(zip(rows, additions, strict=True), start=1)
    ]
    return document(
        f"{name}.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": year,
                "unit": f"青山县{name}局",
                "region": Region(county="青山县"),
                "project_name": name,
                "funding": tuple(lines),
                "execution": Execution(
                    stated_rate_pct=decimal(rate),
                    weight=decimal(weight),
                    score=decimal(score),
                    evidence=page.says(f"执行率 {rate} {weight} {score}"),
                ),
                "indicators": tuple(indicators),
                "evaluation": Evaluation(total_score=decimal(total), grade=grade),
                "field_evidence": {} if total is None else {"evaluation.total_score": page.says(f"总分 {total}")},
                **facts,
            }
        ],
        published_on=published_on,
    )


def decimal(number: str | None) -> Decimal | None:
    """The exact number, or none."""
    return None if number is None else Decimal(number)


def budget(initial: str, adjusted: str, executed: str) -> tuple[tuple[Stage, Source, str], ...]:
    """The three sums of the form, in yuan."""
    return (
        ("initial_budget", "total", initial),
        ("adjusted_budget", "total", adjusted),
        ("executed", "total", executed),
    )


# --- public forms


def guichi_2022() -> DocumentRecord:
    """贵池区棠溪镇: the total row prints 0 while the row beneath it holds 90 / 89.974 / 89.974 万元."""
    stages: tuple[tuple[Stage, str], ...] = (
        ("initial_budget", "900000"),
        ("adjusted_budget", "900000"),
        ("executed", "899740"),
    )
    funds: list[tuple[Stage, Source, str]] = []
    for stage, amount in stages:
        funds += [(stage, "total", "0"), (stage, "fiscal", amount)]
    return specimen(
        "guichi-2022",
        year=2022,
        funds=funds,
        rows=[
            (OUTPUT, "办理事项", (">=", "100", "%"), ("100", "%"), "50", "50"),
            (SOCIAL, "保障运转", ("none", None, None), (None, None), "30", "30"),
            (SATISFACTION, "群众满意度", (">=", "95", "%"), ("96", "%"), "10", "10"),
        ],
        further=[{}, {"target": "有效保障", "actual": "有效保障"}],
        execution=("0", "10", "0"),
        total="90",
        published_on=date(2022, 5, 16),
    )


def zhongjiang_2022() -> DocumentRecord:
    """中江县水价改革: headings of 70/20/10, a note of 50/30/10, ten points for execution on top, eight exact hits."""
    page = Page()
    notes = [
        counted(page, "other_notes", f"{name}指标", points, "分")
        for name, points in (("产出", "50"), ("效益", "30"), ("满意度", "10"))
    ]
    heads = {"产出": "产出指标（70分）", "效益": "效益指标（20分）", "满意度": "满意度指标（10分）"}
    return specimen(
        "zhongjiang-2022",
        year=2022,
        page=page,
        rows=[
            ((heads["产出"], "数量指标"), "渠道长度", (">=", "266", "米"), ("266", "米"), "15", "15"),
            ((heads["产出"], "数量指标"), "计量设施", (">=", "12", "处"), ("12", "处"), "15", "15"),
            ((heads["产出"], "质量指标"), "验收合格率", ("=", "100", "%"), ("100", "%"), "15", "15"),
            ((heads["产出"], "时效指标"), "完成及时率", ("=", "100", "%"), ("100", "%"), "15", "15"),
            ((heads["产出"], "数量指标"), "培训人数", (">=", "30", "人"), ("30", "人"), "10", "10"),
            ((heads["效益"], "社会效益指标"), "受益户数", (">=", "500", "户"), ("500", "户"), "10", "10"),
            ((heads["效益"], "社会效益指标"), "受益人数", (">=", "1600", "人"), ("1600", "人"), "10", "10"),
            ((heads["满意度"], "服务对象满意度"), "受益群众满意度", (">=", "90", "%"), ("90", "%"), "10", "10"),
        ],
        further=[{"actual": "≥266米", "actual_operator": ">="}],
        execution=("100", "10", "10"),
        total="100",
        mentions=tuple(notes),
        evaluated_on="2022-12-30",
    )


def headed(name: str, heading: str, note: str) -> DocumentRecord:
    """A form whose levels were read without the points that its text prints behind them, and with a note on points."""
    page = Page()
    page.says(f"{heading} 数量指标")
    page.says(f"注：一级指标分值原则上统一设置为：{note}。")
    return specimen(
        name,
        year=2023,
        page=page,
        rows=[
            (OUTPUT, "巡查次数", (">=", "12", "次"), ("12", "次"), "30", "30"),
            (OUTPUT, "巡查里程", (">=", "300", "公里"), ("310", "公里"), "20", "20"),
            (SOCIAL, "受益人数", (">=", "500", "人"), ("520", "人"), "30", "30"),
            (SATISFACTION, "群众满意度", (">=", "90", "%"), ("92", "%"), "10", "10"),
        ],
        execution=("100", "10", "10"),
        total="100",
    )


def daying_2023() -> DocumentRecord:
    """大英县司法局: one cost row with all 90 points and a word as actual; 3.36 万元 set up within the year."""
    return specimen(
        "daying-2023",
        year=2023,
        funds=budget("0", "33600", "33600"),
        rows=[(COST, "经费支出", ("<=", "3.36", "万元"), (None, None), "90", "90")],
        further=[{"actual": "完成", "target": "≤3.36万元"}],
        execution=("100", "10", "10"),
        total="100",
        project_code="51092324T000000000001",
    )


def qingshen_2023() -> DocumentRecord:
    """青神县 wages: actual and awarded left empty, and the code of a template for the whole province."""
    rows: list[Row] = [
        (QUALITY, "足额保障率", ("=", "100", "%"), (None, None), "22.5", None),
        (OUTPUT, "科目调整次数", ("<=", "10", "次"), (None, None), "22.5", None),
        (("产出指标", "时效指标"), "按时发放率", ("=", "100", "%"), (None, None), "22.5", None),
        (("效益指标", "经济效益指标"), "结余率", ("<=", "5", "%"), (None, None), "22.5", None),
    ]
    return specimen(
        "qingshen-2023",
        year=2023,
        rows=rows,
        further=[{"actual_state": "blank"} for _ in rows],
        project_code="51000022R000000000001",
    )


def hubei_2020() -> DocumentRecord:
    """Hubei's form: 20 points for execution, 40 for output, 40 for satisfaction."""
    return specimen(
        "hubei-2020",
        year=2020,
        rows=[
            (OUTPUT, "退捕渔船", (">=", "25", "艘"), ("25", "艘"), "40", "40"),
            (SATISFACTION, "渔民满意度", (">=", "90", "%"), ("95", "%"), "40", "40"),
        ],
        execution=("100", "20", "20"),
        total="100",
    )


def huanggang_2020() -> DocumentRecord:
    """黄冈: 20 points × 98 % = 19.6 although the target of 98 % was met; the total of 99.6 is the sum."""
    return specimen(
        "huanggang-2020",
        year=2020,
        rows=[
            (OUTPUT, "监测点", (">=", "3", "个"), ("3", "个"), "40", "40"),
            (QUALITY, "数据合格率", (">=", "98", "%"), ("98", "%"), "20", "19.6"),
            (SOCIAL, "监测成果", ("none", None, None), (None, None), "20", "20"),
        ],
        execution=("100", "20", "20"),
        total="99.6",
    )


def hengshan_2020() -> DocumentRecord:
    """衡山县: a transfer form without points and scores, with targets of zero."""
    return specimen(
        "hengshan-2020",
        year=2020,
        kind="transfer_self_evaluation",
        rows=[
            (QUALITY, "储粮事故", ("=", "0", "起"), ("0", "起"), None, None),
            (SOCIAL, "应急保障能力", ("none", None, None), (None, None), None, None),
        ],
        further=[{}, {"target": "高", "actual": "高"}],
    )


def luan_2022() -> DocumentRecord:
    """六安市审计局: 1,720.45 of 1,718.98 万元 spent."""
    return specimen(
        "luan-2022",
        year=2022,
        funds=budget("17189800", "17189800", "17204500"),
        execution=("100.09", "10", "10"),
    )


def jinan_2023() -> DocumentRecord:
    """金安区: a table of targets; two cost rows of 10,320 and 95,000 yuan beside a fund of 11.564 万元."""
    return specimen(
        "jinan-2023",
        year=2023,
        kind="target_declaration",
        funds=[("adjusted_budget", "total", "115640")],
        rows=[
            (COST, "系统维护费", ("=", "10320", "元"), (None, None), None, None),
            (COST, "数据更新费", ("=", "95000", "元"), (None, None), None, None),
        ],
        further=[{"actual_state": "blank"}, {"actual_state": "blank"}],
    )


def honghe_2024() -> DocumentRecord:
    """红河州: 15 projects of which 8 from the start and 8 added; 334.67 of 861.46 万元 arrived."""
    page = Page()
    mentions = (
        counted(page, "overview", "共实施项目", "15", "个"),
        counted(page, "overview", "其中年初预算项目", "8", "个"),
        counted(page, "overview", "新增项目", "8", "个"),
    )
    return specimen(
        "honghe-2024",
        year=2024,
        page=page,
        funds=[("adjusted_budget", "total", "8614600"), ("received", "total", "3346700")],
        mentions=mentions,
    )


def intranet_2016() -> DocumentRecord:
    """A leased network: a budget of 83 万元, payments of 68 and 28; 205 units in one place and 192 in another."""
    page = Page()
    mentions = (
        told(page.says("支付线路费68万元"), "completion", "支付线路费", "68万元", "680000", "executed"),
        told(page.says("支付设备费28万元"), "completion", "支付设备费", "28万元", "280000", "executed"),
        counted(page, "overview", "接入内网的单位", "205", "家"),
        counted(page, "completion", "接入内网的单位", "192", "家"),
    )
    return specimen(
        "intranet-2016",
        year=2016,
        page=page,
        funds=[("adjusted_budget", "total", "830000")],
        mentions=mentions,
    )


# --- forms that stand exactly on a limit, and just beyond it


def on_the_limit() -> DocumentRecord:
    """Every value is the limit itself: nothing may fire."""
    page = Page()
    goal = page.says("投入20.1万元")
    return specimen(
        "on-the-limit",
        year=2022,
        page=page,
        funds=(
            *budget("250000", "200000", "180000"),
            ("initial_budget", "fiscal", "200000"),
            ("initial_budget", "other", "49900"),
        ),
        rows=[
            (OUTPUT, "设备数量", ("=", "10", "台"), ("12", "台"), "30", "30"),
            (COST, "设备单价", ("<=", "0.75", "万元"), ("0.735", "万元"), "10", "10"),
            (COST, "其他费用", ("<=", "10.32", "万元"), ("9", "万元"), "20", "19.95"),
            (COST, "总成本", ("<=", "18", "万元"), ("18", "万元"), "20", "20"),
            (SOCIAL, "运行稳定", ("none", None, None), (None, None), "10", "5.5"),
        ],
        execution=("90.1", "10", "9.05"),
        total="94.51",
        grade="优",
        mentions=(told(goal, "goal", "投入", "20.1万元", "201000"),),
    )


def balanced() -> DocumentRecord:
    """Full indicator points beside 95 % of the execution points: exactly the limit between them."""
    return specimen(
        "balanced",
        year=2022,
        funds=budget("100000", "100000", "95000"),
        rows=[(OUTPUT, "培训人数", (">=", "10", "人"), ("10", "人"), "90", "90")],
        execution=("95", "10", "9.5"),
        total="99.5",
    )


def beyond_the_limit() -> DocumentRecord:
    """The same form a little further: every one of these rules fires."""
    page = Page()
    goal = page.says("投入20.2万元")
    return specimen(
        "beyond-the-limit",
        year=2022,
        page=page,
        funds=(
            *budget("160000", "200000", "179000"),
            ("initial_budget", "fiscal", "100000"),
            ("initial_budget", "other", "59800"),
        ),
        rows=[
            (OUTPUT, "设备数量", ("=", "10", "台"), ("13", "台"), "60", "60.01"),
            (COST, "设备单价", ("<=", "0.75", "万元"), ("0.75", "万元"), "10", "10"),
            (COST, "其他费用", ("<=", "10.5", "万元"), ("9", "万元"), "10", "10"),
            (COST, "总成本", ("<=", "17.8", "万元"), ("17.9", "万元"), "10", "10"),
        ],
        execution=("89.7", "10", "8.8"),
        total="98.92",
        grade="良",
        mentions=(told(goal, "goal", "投入", "20.2万元", "202000"),),
    )


def graded(total: str, grade: str) -> DocumentRecord:
    """A form with nothing but a total and a grade."""
    return specimen(f"grade-{total}-{grade}", year=2022, total=total, grade=grade)


def spent(name: str, rate: str) -> DocumentRecord:
    """A form that spent a share of 100,000 yuan."""
    return specimen(f"spent-{name}", year=2022, funds=budget("100000", "100000", rate))


def slipped() -> DocumentRecord:
    """18 万元 in the table, 18 yuan in the text: 元 for 万元; and a zero budget with money spent."""
    page = Page()
    mention = told(page.says("总投入18元"), "overview", "总投入", "18元", "18")
    return specimen(
        "slipped",
        year=2022,
        page=page,
        funds=[("initial_budget", "total", "0"), ("adjusted_budget", "total", "0"), ("executed", "total", "180000")],
        execution=(None, "10", "12"),
        mentions=(mention,),
    )


def slipped_nearly() -> DocumentRecord:
    """18 万元 in the table and 18.3 yuan in the text."""
    page = Page()
    mention = told(page.says("总投入18.3元"), "overview", "总投入", "18.3元", "18.3")
    return specimen(
        "slipped-nearly", year=2022, page=page, funds=[("executed", "total", "180000")], mentions=(mention,)
    )


def neglected() -> DocumentRecord:
    """Indicator points in full beside half an execution; deviations with and without a reason; scores out of range."""
    return specimen(
        "neglected",
        year=2022,
        funds=budget("100000", "100000", "50000"),
        rows=[
            (OUTPUT, "甲类设备", ("=", "10", "台"), ("5", "台"), "30", "30"),
            (OUTPUT, "乙类设备", ("=", "10", "台"), ("5", "台"), "30", "15"),
            (OUTPUT, "丙类设备", ("=", "10", "台"), ("10", "台"), "30", "-1"),
        ],
        further=[{"deviation_reason": "无"}, {"deviation_reason": "采购延期"}],
        execution=("50", "10", "5"),
        total="55",
        grade="良",
    )


def flag_specimens() -> list[DocumentRecord]:
    """Every specimen; its name is that of its file without the ending."""
    return [
        guichi_2022(),
        zhongjiang_2022(),
        headed("headed-right-2023", "产出指标（50分）", "产出指标50分、效益指标30分"),
        headed("headed-wide-2023", "效益指标（满分40分）", "产出指标50分"),
        headed("headed-wrong-2023", "产出指标(60分)", "产出指标50分、效益指标40分"),
        headed("headed-twice-2023", "产出指标（60分） 产出指标（50分）", "自评得分：产出指标60分"),
        daying_2023(),
        qingshen_2023(),
        hubei_2020(),
        huanggang_2020(),
        hengshan_2020(),
        luan_2022(),
        jinan_2023(),
        honghe_2024(),
        intranet_2016(),
        on_the_limit(),
        balanced(),
        beyond_the_limit(),
        in_one_sentence(beyond_the_limit(), "in-one-sentence"),
        slipped(),
        slipped_nearly(),
        neglected(),
        *(
            graded(total, grade)
            for total, grade in (
                ("90", "优"),
                ("90", "良"),
                ("89.99", "优"),
                ("80", "良"),
                ("79.99", "良"),
                ("60", "中"),
                ("59.99", "中"),
            )
        ),
        *(spent(rate, rate) for rate in ("90000", "89999", "80000", "79999", "60000", "59999", "100001")),
    ]


def in_one_sentence(record: DocumentRecord, name: str) -> DocumentRecord:
    """The record under another name, with all its indicators read from one sentence."""

    digest = hashlib.sha256(name.encode()).hexdigest()

    def gathered(report: ReportRecord) -> ReportRecord:
        evidence = report.indicators[0].evidence
        indicators = tuple(one.model_copy(update={"evidence": evidence}) for one in report.indicators)
        facts = {"report_id": stable_id(digest, report.ordinal), "project_name": name, "unit": f"青山县{name}局"}
        return report.model_copy(update={**facts, "indicators": indicators})

    facts = record.document.model_copy(update={"file_name": f"{name}.txt", "sha256": digest})
    reports = tuple(gathered(report) for report in record.reports)
    return record.model_copy(update={"document": facts, "reports": reports})


def apart(record: DocumentRecord, variant: str) -> DocumentRecord:
    """The record under another project name, so that it is no version of the one it was made from."""

    def renamed(report: ReportRecord) -> ReportRecord:
        return report.model_copy(update={"project_name": f"{report.project_name}（{variant}）"})

    return record.model_copy(update={"reports": tuple(renamed(report) for report in record.reports)})
