"""Reports whose texts, totals and years are made for the rules on texts, dates and many reports."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from ingest.records import DocumentRecord, Evaluation, Evidence, Region, ReportRecord, ReportWarning, Statement
from tests.support.sample_records import Page, document, indicator, money

COUNTY, OTHER_COUNTY, THIRD_COUNTY = "盐边县", "米易县", "西充县"
_LETTERS = "修建道路桥梁水渠学校医院设备人员培训发放补助检查维护工程质量进度群众村组乡镇面积长度数量完成验收资料档案"


def own_words(seed: int, length: int = 400) -> str:
    """A text that nobody else has, in sentences too short to repeat."""
    chance = random.Random(seed)
    letters = "".join(chance.choices(_LETTERS, k=length))
    return "\n".join(letters[start : start + 25] + "。" for start in range(0, length, 25))


def report(name: str, project: str, year: int | None, text: str = "", **facts: Any) -> DocumentRecord:
    """A document with one report: its text, an outlay, and what else is given (`total`, `county`, `unit`, …)."""
    page = Page()
    page.says(f"{year or ''}年度{project}绩效自评报告")
    if text:
        page.says(text)
    county = facts.pop("county", COUNTY)
    unit = facts.pop("unit", f"{county}林业局" if county else None)
    published_on = facts.pop("published_on", None)
    title = facts.pop("title", None)
    statements = tuple(
        Statement(kind=kind, text=said, evidence=page.says(said)) for kind, said in facts.pop("statements", ())
    )
    amount = facts.pop("amount", "100000")
    total = facts.pop("total", None)
    targets = tuple(
        indicator(
            page, 1, ("产出指标", "数量指标"), "里程", (">=", "5", "公里"), (actual, "公里"), "10", None,
            actual_state="parsed" if actual else "blank",
        )
        for actual in facts.pop("actuals", ())
    )  # fmt: skip
    record = document(
        f"{name}.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": year,
                "region": Region(county=county),
                "unit": unit,
                "project_name": project,
                "funding": (money(page, "adjusted_budget", "total", amount, f"{amount}元"),) if amount else (),
                "indicators": targets,
                "statements": statements,
                "evaluation": Evaluation(total_score=None if total is None else Decimal(total)),
                **facts,
            }
        ],
        published_on=published_on,
    )
    if title is None:
        return record
    return record.model_copy(update={"document": record.document.model_copy(update={"title": title})})


def with_empty_headings(record: DocumentRecord, *headings: str) -> DocumentRecord:
    """The record as the reading leaves it where nothing stands under these headings of its text."""
    text = record.document.canonical_text or ""
    warnings = tuple(
        ReportWarning(
            code="empty_heading",
            message=f"标题「{heading}」下没有内容",
            evidence=Evidence(
                start=text.index(heading),
                end=text.index(heading) + len(heading),
                text=heading,
                method="sample",
                confidence=1,
            ),
        )
        for heading in headings
    )
    return record.model_copy(
        update={"reports": tuple(one.model_copy(update={"warnings": warnings}) for one in record.reports)}
    )


def without_text(record: DocumentRecord) -> DocumentRecord:
    """The record as somebody else might bring it: without the text that its places point into."""
    return record.model_copy(update={"document": record.document.model_copy(update={"canonical_text": None})})


def apart(record: DocumentRecord, variant: str) -> DocumentRecord:
    """The record under another project name, so that it is no version of another one."""

    def renamed(one: ReportRecord) -> ReportRecord:
        return one.model_copy(update={"project_name": f"{one.project_name}（{variant}）"})

    return record.model_copy(update={"reports": tuple(renamed(one) for one in record.reports)})


STOCK = own_words(999, 500)
_COPIED, _RENEWED, _PERSONNEL, _ACROSS = own_words(1), own_words(2), own_words(3), own_words(4)


def specimens() -> dict[str, DocumentRecord]:
    """Name → a report that one rule on texts or dates is about."""
    goal = "全年完成道路修建五公里、桥梁两座，保障群众出行方便安全。"
    return {
        "copied-2021": report("copied-2021", "林区道路维护", 2021, _COPIED),
        "copied-2022": report("copied-2022", "林区道路维护", 2022, _COPIED),
        "renewed-2021": report("renewed-2021", "苗圃管护", 2021, _RENEWED),
        "renewed-2022": report("renewed-2022", "苗圃管护", 2022, own_words(5)),
        "wages-2021": report("wages-2021", "工资性支出", 2021, _PERSONNEL, project_code="51000021R000000001234"),
        "wages-2022": report("wages-2022", "工资性支出", 2022, _PERSONNEL, project_code="51000021R000000001234"),
        "short-2021": report("short-2021", "档案整理", 2021, "完成。"),
        "short-2022": report("short-2022", "档案整理", 2022, "完成。"),
        "here": report("here", "金保工程网络维护费", 2022, _ACROSS, unit="盐边县社保局"),
        "there": report("there", "金保工程网络维护费", 2022, _ACROSS, unit="米易县社保局", county=OTHER_COUNTY),
        "elsewhere": report(
            "elsewhere", "金保工程网络维护费", 2022, own_words(6), unit="西充县社保局", county=THIRD_COUNTY
        ),
        # Five reports of one year share a paragraph: a template, beside which their own words count alone.
        **{
            f"stock-{number}": report(
                f"stock-{number}", "金保工程运行费", 2018, STOCK + "\n" + own_words(20 + number, 150),
                county=county, unit=f"{county}社保局",
            )
            for number, county in enumerate((COUNTY, OTHER_COUNTY, THIRD_COUNTY, "大英县", "青神县"))
        },
        "goal-copied": report("goal-copied", "机耕道", 2022, statements=(("goal", goal), ("goal_result", goal))),
        "goal-met": report(
            "goal-met", "水渠", 2022,
            statements=(("goal", goal), ("goal_result", "年内修好水渠七公里，超出计划两公里，群众满意。")),
        ),
        "placeholder": report("placeholder", "培训费", 2022, "存在问题：结合自评情况，说明存在的问题，100字以内。"),
        "empty-headings": with_empty_headings(
            report("empty-headings", "路灯", 2022, "（二）资金管理\n三、产出指标\n5、经济效益"),
            "（二）资金管理", "三、产出指标", "5、经济效益",
        ),
        "noisy": report("noisy", "绿化", 2022, "资金、资金，资全足额，违法法规的没有，完咸了任务，道守规定。"),
        "one-slip": report("one-slip", "除草", 2022, "违法法规的没有。"),
        "early": report("early", "水价改革", 2022, evaluated_on="2022-12-30"),
        "early-month": report("early-month", "水库检修", 2022, evaluated_on="2022-12"),
        "early-file": report("early-file", "委托业务", 2022, published_on=date(2022, 5, 16)),
        "late": report("late", "普法", 2022, evaluated_on="2023-07-01"),
        "not-late": report("not-late", "调解", 2022, evaluated_on="2023-06-29"),
        "year-only": report("year-only", "安保", 2022, evaluated_on="2023"),
        "later-code": report("later-code", "服务费", 2023, project_code="51092324T000000431595"),
        "other-title": report("other-title", "护林", 2023, title="2022年度护林绩效自评报告"),
        "targets-only": report("targets-only", "土地确权", 2023, actuals=(None,)),
        "with-actuals": report("with-actuals", "土地整理", 2023, actuals=("6",)),
        "narrative": report("narrative", "网络运行", 2023, "我局做了许多工作，群众满意。", amount=None),
        "nameless": report("nameless", "某项目", 2023, county=None),
        "textless": without_text(report("textless", "照明", 2022, own_words(7))),
    }  # fmt: skip


def many_reports() -> list[DocumentRecord]:
    """Reports of one unit with totals that heap, and projects that come, go and are renamed."""
    totals = ["98"] * 24 + ["97.6", "98.4", "96.9", "97.1"]
    heaped = [
        report(f"heap-{number}", f"第{number}号工程", 2019, total=total, county="荣县", unit="荣县水利局")
        for number, total in enumerate(totals)
    ]
    spread = [
        report(
            f"spread-{number}",
            f"第{number}号工程",
            2019,
            total=str(70 + 2 * number),
            county="富顺县",
            unit="富顺县水利局",
        )
        for number in range(12)
    ]
    few = [report("few", "堤防", 2019, total="99", county="泸县", unit="泸县水利局")]
    lives: Sequence[tuple[str, tuple[int, ...], str | None]] = (
        ("堤防养护", (2016, 2017, 2018), None),
        ("水质监测", (2016,), None),
        ("灌区维护", (2016, 2018), None),
        ("水利普查与经济普查", (2016,), None),
        ("人员经费", (2016,), "51032116R000000000001"),
        ("金保网络维护", (2016,), None),
        ("金保专网运行", (2017,), None),
    )
    lived = [
        report(f"life-{project}-{year}", project, year, county="叙永县", unit="叙永县水利局", project_code=code)
        for project, years, code in lives
        for year in years
    ]
    silent = [
        report("silent", "电站管理", 2016, county="叙永县", unit="叙永县电力局"),
        report("alone", "电站管理", 2016, county="古蔺县", unit="古蔺县电力局"),
    ]
    return [*heaped, *spread, *few, *lived, *silent]
