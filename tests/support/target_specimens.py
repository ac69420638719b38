"""Forms whose targets, actual values and explanations are known: the facts of public forms, and forms at a limit.

A public form is entered with those of its rows that the rules on targets are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ingest.records import DocumentRecord, Execution, Finding, Indicator, Operator, Region, Statement
from tests.support.sample_records import Page, document, indicator, money

Target = tuple[Operator | None, str | None, str | None]


def row(
    page: Page,
    ordinal: int,
    levels: tuple[str, str],
    name: str,
    target: Target | str,
    actual: tuple[str, str | None] | str | None,
    weight: str | None = None,
    score: str | None = None,
    **further: Any,
) -> Indicator:
    """One indicator; a target or an actual in words is given as text, an empty actual as None."""
    operated: Target = (None, None, None) if isinstance(target, str) else target
    done = (None, None) if actual is None or isinstance(actual, str) else actual
    read = indicator(page, ordinal, levels, name, operated, done, weight, score)
    facts: dict[str, Any] = {
        "target": target if isinstance(target, str) else None,
        "actual": actual if isinstance(actual, str) else None,
        "actual_state": "blank" if actual is None else read.actual_state,
    }
    return read.model_copy(update={**facts, **further})


def report(page: Page, name: str, year: int, indicators: list[Indicator], **further: Any) -> DocumentRecord:
    """A form of a county of its own."""
    facts = {
        "kind": "project_self_evaluation",
        "fiscal_year": year,
        "region": Region(county=f"{name}县"),
        "unit": f"{name}县某局",
        "project_name": f"{name}项目",
        "indicators": tuple(indicators),
    }
    return document(f"{name}.txt", page, [{**facts, **further}])


def guichi_2022() -> DocumentRecord:
    """贵池区棠溪镇, FY 2022: the actual of a qualitative row repeats its target; "≥100百分比"; full marks."""
    page = Page()
    rows = [
        row(page, 1, ("产出指标", "数量指标"), "服务完成率", (">=", "100", "百分比"), ("100", "百分比"), "50", "50"),
        row(page, 2, ("产出指标", "时效指标"), "完成及时性", "及时完成", "及时完成", "40", "40"),
    ]
    return report(page, "targets-guichi-2022", 2022, rows)


def zhongjiang_2022() -> DocumentRecord:
    """中江县, FY 2022: every numeric target is hit exactly, the actuals carry the operator of the target."""
    page = Page()
    rows = [
        row(
            page, ordinal, ("产出指标", "数量指标"), f"内容{ordinal}", (">=", value, "米"), (value, "米"), "10", "10",
            actual_operator=">=",
        )
        for ordinal, value in enumerate(("266", "31", "4", "12", "90", "7", "150", "88"), start=1)
    ]  # fmt: skip
    return report(page, "targets-zhongjiang-2022", 2022, rows)


def daying_2023() -> DocumentRecord:
    """大英县司法局, FY 2023: one cost row with all 90 points, done in words; a period as timeliness; no problems."""
    page = Page()
    rows = [
        row(page, 1, ("产出指标", "经济成本指标"), "单位成本", ("=", "1", "元/人"), "完成", "90", "90"),
        row(page, 2, ("产出指标", "时效指标"), "完成时间", "1-12月", "1-12月"),
    ]
    none = Statement(kind="no_problem", text="无", evidence=page.says("无"))
    return report(page, "targets-daying-2023", 2023, rows, statements=(none,))


def qingshen_2023() -> DocumentRecord:
    """青神县, wages of FY 2023: neither actuals nor scores were filled in."""
    page = Page()
    rows = [
        row(page, 1, ("产出指标", "数量指标"), "足额保障率", (">=", "100", "%"), None, "22.5"),
        row(page, 2, ("产出指标", "质量指标"), "管理质量", "规范", None, "22.5"),
    ]
    return report(page, "targets-qingshen-2023", 2023, rows)


def jinbu_2020() -> DocumentRecord:
    """A Hubei form on the fishing ban, FY 2020: execution 20, satisfaction 40."""
    page = Page()
    rows = [
        row(page, 1, ("产出指标", "数量指标"), "退捕渔船", (">=", "20", "艘"), ("20", "艘"), "40", "40"),
        row(page, 2, ("效益指标", "服务对象满意度"), "退捕渔民满意度", (">=", "90", "%"), ("96", "%"), "40", "40"),
    ]
    execution = Execution(weight=Decimal(20), score=Decimal(20), evidence=page.says("执行率 20 20"))
    return report(page, "targets-jinbu-2020", 2020, rows, execution=execution)


def hengshan_2020() -> DocumentRecord:
    """衡山县, grain reserve of FY 2020: a transfer form without points, zero targets, 高 as a target."""
    page = Page()
    rows = [
        row(page, 1, ("产出指标", "质量指标"), "储粮安全事故", ("=", "0", "起"), ("0", "起")),
        row(page, 2, ("产出指标", "质量指标"), "粮食损耗", ("=", "0", "%"), ("0", "%")),
        row(page, 3, ("效益指标", "社会效益指标"), "粮食安全保障能力", "高", "高"),
    ]
    return report(page, "targets-hengshan-2020", 2020, rows, kind="transfer_self_evaluation")


def edges() -> Iterator[DocumentRecord]:
    """Reports at the limits of the rules."""
    page = Page()
    rows = [
        # 120 % reaches the first limit, 119.99 % does not, 300 % reaches the third; a cost is never over-completed.
        row(page, 1, ("产出指标", "数量指标"), "新建管网", (">=", "100", "米"), ("120", "米"), "30", "30"),
        row(page, 2, ("产出指标", "数量指标"), "发放手册", (">=", "10000", "册"), ("11999", "册"), "30", "29"),
        row(page, 3, ("产出指标", "数量指标"), "培训期数", ("=", "1", "期"), ("3", "期"), "20", "20"),
        row(page, 4, ("产出指标", "成本指标"), "印刷费", ("=", "1", "万元"), ("2", "万元"), "10", "10",
            deviation_reason="无"),
        row(page, 5, ("效益指标", "社会效益指标"), "亩均节约成本", (">=", "20", "元"), ("20", "元"), "10", "10",
            deviation_reason="年初目标设置偏低，未出现滞后"),
        row(page, 6, ("产出指标", "时效指标"), "完工时间", ("by_date", None, None), "6月完工",
            target_state="parsed", target_to="2022-06-30"),
    ]  # fmt: skip
    goal = Statement(kind="goal", text="投入30万元，新建管网100米。", evidence=page.says("投入30万元，新建管网100米。"))
    page.says("发放问卷200份，群众满意。全国第七次普查、全国文明城市。")
    sums = [money(page, "executed", "total", "300000", "30万元")]
    yield report(page, "edge-a", 2022, rows, statements=(goal,), funding=tuple(sums))

    page = Page()
    rows = [
        row(page, 1, ("产出指标", "质量指标"), "工程验收合格率", (">=", "95", "%"), ("90", "%"), "10", "10",
            deviation_reason="部分工程未完成验收"),
        row(page, 2, ("产出指标", "质量指标"), "工程质量达标率", (">=", "95", "%"), ("100", "%"), "31", "30",
            deviation_reason="个别路段返工"),
        row(page, 3, ("产出指标", "数量指标"), "贫困村数量", (">=", "3", "个"), ("100", "%"), "10", "10",),
        row(page, 4, ("产出指标", "数量指标"), "非贫困村数量", ("<=", "3", "个"), "无", "10", "10"),
        row(page, 5, ("满意度指标", "服务对象满意度指标"), "村民满意度", (">=", "90", "%"), ("99.9", "%"), "10", "10"),
    ]  # fmt: skip
    page.says("因人手不足，未开展问卷调查。")
    problem = Finding(kind="problem", text="进度慢。", evidence=page.says("进度慢。"))
    sums = [money(page, "executed", "total", "500000", "50万元"), money(page, "planned", "total", "1", "全国第一")]
    none = Statement(kind="no_problem", text="无", evidence=page.says("无"))
    yield report(page, "edge-b", 2022, rows, findings=(problem,), funding=tuple(sums), statements=(none,))


def two_years() -> list[DocumentRecord]:
    """One project in two years: a target at four fifths of the last actual, one below it, and a cost."""
    records = []
    for year, targets in ((2021, ("80", "80", "5")), (2022, ("80", "79.99", "1"))):
        page = Page()
        names = (("数量指标", "培训人数", "人"), ("质量指标", "结业率", "%"), ("成本指标", "人均费用", "元"))
        rows = [
            row(page, ordinal, ("产出指标", level2), name, (None, target, unit), ("100", unit), "10", "10")
            for ordinal, ((level2, name, unit), target) in enumerate(zip(names, targets, strict=True), start=1)
        ]
        facts = report(page, "edge-year", year, rows)
        file = facts.document.model_copy(update={"file_name": f"edge-{year}.txt"})
        records.append(facts.model_copy(update={"document": file}))
    return records


def target_specimens() -> list[DocumentRecord]:
    """Every specimen; its name is that of its file without the ending."""
    return [
        *(make() for make in (guichi_2022, zhongjiang_2022, daying_2023, qingshen_2023, jinbu_2020, hengshan_2020)),
        *edges(),
        *two_years(),
    ]
