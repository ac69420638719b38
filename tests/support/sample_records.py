"""Records with known facts, and a build file that holds them.

The two first documents carry the facts of the real reports of 2020 and 2023; the others are invented, each for one
rule. Evidence is true by construction: every quoted piece is appended to the text it is then found in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingest.lexicon import load_lexicon
from ingest.raw_schema import record_frames
from ingest.raw_store import insert_frame, insert_rows, naive_utc, open_build
from ingest.records import (
    Citation,
    DocumentFacts,
    DocumentRecord,
    Evaluation,
    Event,
    Evidence,
    Execution,
    Finding,
    FundingLine,
    Indicator,
    Mention,
    Operator,
    Party,
    Region,
    ReportRecord,
    ReportWarning,
    Source,
    Stage,
    stable_id,
)
from ingest.text_landing import measure_texts


class Page:
    """A text that grows with what is quoted from it."""

    def __init__(self) -> None:
        self.text = ""

    def says(self, piece: str) -> Evidence:
        """Append the piece and give its place."""
        start = len(self.text)
        self.text += piece + "\n"
        return Evidence(start=start, end=start + len(piece), text=piece, method="sample", confidence=1.0)


def document(
    name: str, page: Page, reports: Sequence[dict[str, Any]], *, published_on: date | None = None, variant: str = ""
) -> DocumentRecord:
    """A document whose bytes are its name and text."""
    sha256 = hashlib.sha256(f"{name}{variant}{page.text}".encode()).hexdigest()
    return DocumentRecord(
        document=DocumentFacts(
            sha256=sha256,
            file_name=name,
            media_type="text/plain",
            char_count=len(page.text),
            published_on=published_on,
            extractor="sample 1",
            canonical_text=page.text,
        ),
        reports=tuple(
            ReportRecord(report_id=stable_id(sha256, ordinal), ordinal=ordinal, **facts)
            for ordinal, facts in enumerate(reports, start=1)
        ),
    )


def money(page: Page, stage: Stage, source: Source, amount_yuan: str | None, as_written: str) -> FundingLine:
    """One printed sum."""
    return FundingLine(
        stage=stage,
        source=source,
        amount_yuan=None if amount_yuan is None else Decimal(amount_yuan),
        as_written=as_written,
        evidence=page.says(f"{stage} {source} {as_written}"),
    )


def indicator(
    page: Page,
    ordinal: int,
    levels: tuple[str | None, str | None],
    name: str,
    target: tuple[Operator | None, str | None, str | None],
    actual: tuple[str | None, str | None],
    weight: str | None,
    score: str | None,
    **further: Any,
) -> Indicator:
    """One indicator; `target` is (operator, value, unit) and `actual` is (value, unit). No value means words."""
    operator, target_value, target_unit = target
    actual_value, actual_unit = actual
    facts: dict[str, Any] = {
        "target_state": "parsed" if target_value is not None else "qualitative",
        "actual_state": "parsed" if actual_value is not None else "qualitative",
        **further,
    }
    return Indicator(
        ordinal=ordinal,
        level1=levels[0],
        level2=levels[1],
        name=name,
        target_operator=operator,
        target_value=None if target_value is None else Decimal(target_value),
        target_unit=target_unit,
        actual_value=None if actual_value is None else Decimal(actual_value),
        actual_unit=actual_unit,
        weight=None if weight is None else Decimal(weight),
        score=None if score is None else Decimal(score),
        evidence=page.says(f"{ordinal}){name} {target} {actual} {weight} {score}"),
        **facts,
    )


def told(
    place: Evidence, section: str, label: str, as_written: str, amount_yuan: str, stage: Stage | None = None
) -> Mention:
    """A sum in the prose."""
    return Mention(
        kind="money",
        label=label,
        section=section,
        stage=stage,
        as_written=as_written,
        value=Decimal(amount_yuan) / 10_000,
        unit="万元",
        amount_yuan=Decimal(amount_yuan),
        evidence=place,
    )


def counted(page: Page, section: str, label: str, number: str, unit: str) -> Mention:
    """A counted thing in the prose."""
    return Mention(
        kind="count",
        label=label,
        section=section,
        as_written=f"{number}{unit}",
        value=Decimal(number),
        unit=unit,
        evidence=page.says(f"{label}{number}{unit}"),
    )


def yanbian_2020() -> DocumentRecord:
    """The prose report of 盐边县 for 2020: money only, no form, no scores."""
    page = Page()
    approved = money(page, "approved", "total", "16800", "16800元")
    executed = money(page, "executed", "total", "16800", "16800元")
    unit = page.says("盐边县人力资源和社会保障局")
    return document(
        "101-yanbian-jinbao-2020.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": 2020,
                "region": Region(county="盐边县", as_written="盐边县"),
                "unit": "盐边县人力资源和社会保障局",
                "project_name": "金保网网络运行",
                "evaluated_on": "2021-09-03",
                "funding": (approved, executed),
                "findings": (
                    Finding(kind="problem", text="未全面调查满意度", evidence=page.says("未全面调查满意度")),
                    Finding(kind="suggestion", text="下乡时开展调查", evidence=page.says("下乡时开展调查")),
                ),
                "citations": (
                    Citation(
                        document_number="盐边财政〔2020〕8号",
                        as_written="盐边财政【2020】8号",
                        evidence=page.says("盐边财政【2020】8号"),
                    ),
                ),
                "parties": (
                    Party(
                        role="payee",
                        name="中国电信股份有限公司攀枝花分公司",
                        evidence=page.says("中国电信股份有限公司攀枝花分公司"),
                    ),
                ),
                "events": (
                    Event(kind="evaluated", date="2021-09-03", evidence=page.says("2021年9月3日")),
                    Event(kind="revised", date="2021-09-07", evidence=page.says("2021年9月7日")),
                ),
                "mentions": (
                    Mention(
                        kind="count",
                        label="使用单位",
                        section="allocation",
                        as_written="14家",
                        value=Decimal(14),
                        unit="家",
                        evidence=page.says("14家"),
                    ),
                    Mention(
                        kind="money",
                        label="纳入项目支出的资金共计",
                        section="goal",
                        as_written="16800元",
                        value=Decimal(16800),
                        unit="元",
                        amount_yuan=Decimal(16800),
                        evidence=page.says("列入项目支出的资金共计16800元"),
                    ),
                ),
                "field_evidence": {"unit": unit},
            }
        ],
    )


OUTPUT_2023 = "产出指标"
GOLDEN_INDICATORS: tuple[tuple[Any, ...], ...] = (
    # level 1, level 2, name, target (operator, value, unit), actual (value, unit), points, score
    (OUTPUT_2023, "数量指标", "光模块数量", (">=", "10", "支"), ("15", "支"), "7.5", "7.5"),
    (OUTPUT_2023, "数量指标", "路由器", (">=", "2", "个"), ("3", "个"), "7.5", "7.5"),
    (OUTPUT_2023, "质量指标", "网络畅通率", (">=", "97", "%"), ("100", "%"), "7.5", "7.5"),
    (OUTPUT_2023, "质量指标", "网络运行正常率", (">=", "98", "%"), ("100", "%"), "7.5", "7.5"),
    (OUTPUT_2023, "时效指标", "网络维护及时率", (">=", "98", "%"), ("100", "%"), "5", "5"),
    (OUTPUT_2023, "时效指标", "网络维护时间", ("range", None, None), (None, None), "5", "5"),
    (OUTPUT_2023, "成本指标", "模块单价", ("=", "0.07", "万元"), ("0.07", "万元"), "2.5", "2.5"),
    (OUTPUT_2023, "成本指标", "路由器单价", ("=", "0.05", "万元"), ("0.05", "万元"), "2.5", "2.5"),
    (OUTPUT_2023, "成本指标", "其他耗材金额", ("=", "19.2", "万元"), ("17", "万元"), "2.5", "2.21"),
    (OUTPUT_2023, "成本指标", "维护总额", ("=", "20", "万元"), ("18", "万元"), "2.5", "2.25"),
    ("效益指标", "社会效益", "保障业务正常运转", ("none", None, None), (None, None), "15", "15"),
    ("效益指标", "可持续影响", "持续维护社会稳定", ("none", None, None), (None, None), "15", "15"),
    ("满意度指标", "服务对象满意度", "群众满意度", (">=", "97", "%"), ("100", "%"), "10", "10"),
)


def maintenance_2023() -> DocumentRecord:
    """The report on the maintenance fee of 2023: 13 indicators, total 99.46, neither unit nor county."""
    page = Page()
    stages: tuple[Stage, ...] = ("initial_budget", "adjusted_budget", "executed")
    sums: tuple[tuple[Source, str, str], ...] = (
        ("total", "180000", "18.00万元"),
        ("fiscal", "180000", "18.00万元"),
        ("other", "0", "0.00万元"),
    )
    funding = [money(page, stage, source, amount, written) for stage in stages for source, amount, written in sums]
    funding.append(money(page, "received", "total", "180000", "18万元"))
    rate = page.says("预算执行率 100%")
    indicators = tuple(
        indicator(
            page,
            ordinal,
            (level1, level2),
            name,
            target,
            actual,
            weight,
            score,
            **(
                {"target_state": "parsed", "target_from": "2023-01", "target_to": "2023-12"}
                if target[0] == "range"
                else {}
            ),
        )
        for ordinal, (level1, level2, name, target, actual, weight, score) in enumerate(GOLDEN_INDICATORS, start=1)
    )
    goal = page.says("全年用20万元做网络维护")
    upkeep = page.says("资金主要付给我单位的机房，日常维修维护费用18万元")
    return document(
        "102-jinbao-maintenance-2023.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": 2023,
                "region": Region(hint="自治区"),
                "project_name": "2023年金保工程网络维护费",
                "funding": tuple(funding),
                "execution": Execution(stated_rate_pct=Decimal(100), evidence=rate),
                "indicators": indicators,
                "evaluation": Evaluation(total_score=Decimal("99.46"), grade="A", conclusion="预期目标已经完成"),
                "mentions": (
                    told(goal, "goal", "全年用", "20万元", "200000"),
                    told(upkeep, "funding", "日常维修维护费用", "18万元", "180000"),
                ),
                "warnings": (
                    ReportWarning(
                        code="goal_amount_differs",
                        message="目标20万元与资金18万元不一致",
                        evidence=goal,
                        places=(funding[0].evidence,),
                    ),
                ),
                "field_evidence": {"evaluation.total_score": page.says("自评的得分为99.46分，等级为A")},
            }
        ],
    )


@dataclass(frozen=True, slots=True)
class Form:
    """The facts of an invented form that differ between cases."""

    name: str
    county: str | None
    unit: str | None
    project_name: str | None
    fiscal_year: int
    executed: str
    total_score: str | None = None
    execution_weight: str | None = None
    execution_score: str | None = None
    published_on: date | None = None
    evaluated_on: str | None = None
    variant: str = ""


def form(facts: Form) -> DocumentRecord:
    """A national form with an execution row and one indicator of 90 points."""
    page = Page()
    page.says(facts.name)
    return document(
        facts.name,
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": facts.fiscal_year,
                "region": Region(county=facts.county),
                "unit": facts.unit,
                "project_name": facts.project_name,
                "evaluated_on": facts.evaluated_on,
                "funding": (
                    money(page, "initial_budget", "total", "100000", "10万元"),
                    money(page, "adjusted_budget", "total", "120000", "12万元"),
                    money(page, "executed", "total", facts.executed, facts.executed),
                ),
                "execution": Execution(
                    weight=None if facts.execution_weight is None else Decimal(facts.execution_weight),
                    score=None if facts.execution_score is None else Decimal(facts.execution_score),
                    evidence=page.says("执行率"),
                ),
                "indicators": (
                    indicator(
                        page, 1, ("产出指标(90分)", None), "线路条数", (">=", "10", "条"), ("10", "条"), "90", "90"
                    ),
                ),
                "evaluation": Evaluation(
                    total_score=None if facts.total_score is None else Decimal(facts.total_score), grade="优"
                ),
            }
        ],
        published_on=facts.published_on,
        variant=facts.variant,
    )


LEASE = "电子政务外网线路租用"
FORMS = (
    # The same project of one county in two consecutive years: the one pair whose growth is not refused.
    Form("lease-2021.txt", "青山县", "青山县人力资源和社会保障局", LEASE, 2021, "100000", "98.33", "10", "8.33"),
    Form("lease-2022.txt", "青山县", "青山县人力资源和社会保障局", f"2022年{LEASE}", 2022, "120000", "100", "10", "10"),
    # Another county with the same unit name as written.
    Form("lease-other-county.txt", "绿水县", "人力资源和社会保障局", LEASE, 2022, "90000"),
    # The same facts without unit or region, twice: they must stay two.
    Form("nameless-1.txt", None, None, "道路维修", 2022, "50000"),
    Form("nameless-2.txt", None, None, "道路维修", 2022, "50000"),
    # A revised report and the one it replaces.
    Form(
        "revised.txt", "青山县", "青山县教育局", "校舍维修", 2022, "70000", published_on=date(2023, 3, 1), variant="a"
    ),
    Form(
        "revised.txt", "青山县", "青山县教育局", "校舍维修", 2022, "75000", published_on=date(2023, 6, 1), variant="b"
    ),
)


def zero_total_2022() -> DocumentRecord:
    """A form whose total row prints 0 while the money stands in the row beneath it."""
    page = Page()
    fiscal: dict[Stage, str] = {"initial_budget": "900000", "adjusted_budget": "900000", "executed": "899740"}
    funding = tuple(
        line
        for stage, amount in fiscal.items()
        for line in (money(page, stage, "total", "0", "0"), money(page, stage, "fiscal", amount, amount))
    )
    return document(
        "zero-total-2022.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": 2022,
                "region": Region(county="东湖区"),
                "unit": "东湖区某镇人民政府",
                "project_name": "委托业务",
                "funding": funding,
                "execution": Execution(
                    stated_rate_pct=Decimal(0), weight=Decimal(10), score=Decimal(0), evidence=page.says("0.00% 10 0")
                ),
            }
        ],
    )


def two_forms_in_one() -> DocumentRecord:
    """One document with two forms that name the same unit, project and year: no version of each other."""
    page = Page()
    facts: dict[str, Any] = {
        "kind": "project_self_evaluation",
        "fiscal_year": 2022,
        "region": Region(county="青山县"),
        "unit": "青山县水利局",
        "project_name": "水渠维修",
    }
    return document(
        "two-forms.txt",
        page,
        [
            {**facts, "funding": (money(page, "executed", "total", "10000", "1万元"),)},
            {**facts, "funding": (money(page, "executed", "total", "20000", "2万元"),)},
        ],
    )


def sample_records() -> list[DocumentRecord]:
    """Everything the tests of the models know the answers to."""
    return [
        yanbian_2020(),
        maintenance_2023(),
        *(form(facts) for facts in FORMS),
        zero_total_2022(),
        two_forms_in_one(),
    ]


def land(path: Path, loads: Iterable[Sequence[DocumentRecord]], *, corrections: Sequence[dict[str, Any]] = ()) -> None:
    """Write a build file as landing leaves it: every batch is one completed load, and one further load never ended."""
    started = naive_utc(datetime(2026, 1, 1, tzinfo=UTC))
    with open_build(path) as connection:
        batches = [*loads, [unfinished()]]
        for sequence, batch in enumerate(batches, start=1):
            load_id = f"load-{sequence}"
            for table, rows in record_frames(batch, load_id).items():
                insert_frame(connection, f"raw.{table}", rows)
            ledger = {
                "load_id": load_id,
                "load_sequence": sequence,
                "started_at": started,
                "completed_at": None if sequence == len(batches) else started,
                "code_version": "test",
                "inputs": len(batch),
                "loaded": len(batch),
                "unchanged": 0,
                "quarantined": 0,
            }
            insert_rows(connection, "ops.loads", [ledger])
            files = [
                {
                    "load_id": load_id,
                    "input_name": record.document.file_name,
                    "file_name": record.document.file_name,
                    "document_sha256": record.document.sha256,
                    "record_id": record.record_id,
                    "outcome": "loaded",
                    "reason_code": None,
                    "byte_count": 1,
                }
                for record in batch
            ]
            insert_rows(connection, "ops.load_files", files)
        insert_rows(connection, "raw.corrections", corrections)
        measure_texts(connection, load_lexicon())


def unfinished() -> DocumentRecord:
    """A document of a load that broke off: no model may see it."""
    return form(Form("unfinished.txt", "青山县", "青山县民政局", "敬老院", 2022, "1"))
