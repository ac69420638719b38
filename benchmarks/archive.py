"""A synthetic archive with known truth: `python benchmarks/archive.py archive.jsonl --truth truth`.

Writes the reports of invented projects in real counties as records (one line a document, `docs/record-schema.json`),
and beside them what is true of every report, as tables that no model has touched. The same seed gives the same reports;
a report does not depend on how many others are asked for.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LAST_YEAR = 2023
SEED = 20201
Row = dict[str, Any]

STAGES = ("planned", "approved", "initial_budget", "adjusted_budget", "received", "executed", "carried_forward")

# Level 1 and level 2 as forms print them, with the place in the taxonomy that belongs to them.
OUTPUT, COST, BENEFIT, SATISFACTION = "产出指标", "成本指标", "效益指标", "满意度指标"
CANONICAL_LEVEL1 = {OUTPUT: "OUTPUT", COST: "COST", BENEFIT: "BENEFIT", SATISFACTION: "SATISFACTION"}
CANONICAL_LEVEL2 = {
    "数量指标": "quantity",
    "质量指标": "quality",
    "时效指标": "timeliness",
    "成本指标": "cost_economic",
    "经济成本指标": "cost_economic",
    "社会效益指标": "social",
    "可持续影响指标": "sustainability",
    "服务对象满意度指标": "sat_service",
}

# The points of the twelve rows of a form, in their order; the rest to 100 belongs to the execution rate.
PROFILES: dict[str, tuple[str, ...] | None] = {
    "NAT-2020": ("8", "8", "6", "6", "6", "6", "5", "5", "10", "10", "10", "10"),
    "NAT-2021-cost": ("8", "8", "6", "6", "6", "6", "10", "10", "8", "6", "6", "10"),
    "all_in_rows": ("10", "10", "8", "8", "6", "6", "6", "6", "10", "10", "10", "10"),
    "no_points": None,
}

STOCK_SENTENCES = (
    "为加强财政资金管理，提高资金使用效益，根据预算绩效管理的有关要求，我单位组织开展了本次绩效自评工作。",
    "项目申报内容与实际相符，申报目标合理可行，资金管理办法健全，专款专用，未发现截留、挤占、挪用资金的情况。",
    "项目资金按照规定的程序审批和支付，支付依据合规合法，资金支付与预算相符，会计核算及时准确。",
    "单位成立了绩效自评工作小组，由分管领导任组长，财务和业务人员共同参与，按照分工收集资料、核对数据。",
    "自评工作按照前期准备、组织实施、分析评价、撰写报告四个阶段进行，坚持客观公正、实事求是的原则。",
    "项目实施过程中严格执行政府采购和合同管理规定，定期检查进度，及时解决出现的问题，保证项目顺利实施。",
    "下一步将继续加强预算编制的科学性，细化绩效指标，强化过程监控，做好结果应用，不断提高管理水平。",
    "本报告所附数据来源于单位财务账簿和业务台账，相关资料已按档案管理要求整理归档备查。",
)
OWN_WORDS = (
    "道路", "河道", "村口", "社区", "学校", "窗口", "机房", "线缆", "台账", "巡查", "班组", "夜间", "汛期", "春季",
    "验收", "培训", "走访", "更换", "检修", "登记", "拨付", "清点", "抽查", "复核", "公示", "调度", "会商", "入户",
    "山区", "坝区", "集镇", "片区", "东线", "西线", "老城", "新城", "渡口", "林场", "试点", "秋收",
)  # fmt: skip
REASONS = ("受天气影响，部分工作顺延", "采购流程较长，年底前未能全部完成", "实际需求少于预计", "施工条件变化，进度滞后")


@dataclass(frozen=True)
class Place:
    """A county over the years: what it is called and which code it has, by the first year that holds."""

    name: str
    versions: tuple[Row, ...]

    def as_of(self, year: int) -> Row | None:
        """The version of a year, or None where there is no such county then."""
        for version in self.versions:
            if int(version["from_year"] or 0) <= year <= int(version["to_year"] or 9999):
                return version
        return None


@dataclass
class Archive:
    """Records, and what is true of them.

    `project_years` has one row per report that counts (the newest version), `indicators` one per row of its form;
    `late` holds the records of reports that are missing in `records`.
    """

    records: list[Row] = field(default_factory=list)
    project_years: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    late: list[Row] = field(default_factory=list)


class Page:
    """A text that grows with what is quoted from it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def says(self, piece: str) -> Row:
        """Append the piece as a line and give its place."""
        start = self.length
        self.parts.append(piece + "\n")
        self.length += len(piece) + 1
        return {
            "page": None, "start": start, "end": start + len(piece), "text": piece,
            "table": None, "row": None, "column": None, "method": "archive", "confidence": 1.0,
        }  # fmt: skip

    @property
    def text(self) -> str:
        """Everything that was said."""
        return "".join(self.parts)


def read_places(count: int) -> list[Place]:
    """The first `count` counties of the list; ValueError where it has fewer."""
    with (HERE / "archive_counties.csv").open(encoding="utf-8") as handle:
        versions: dict[str, list[Row]] = {}
        for row in csv.DictReader(handle):
            versions.setdefault(row["place"], []).append(row)
    if count > len(versions):
        raise ValueError(f"the list has {len(versions)} counties, not {count}")
    return [Place(name, tuple(rows)) for name, rows in list(versions.items())[:count]]


def read_programmes(count: int) -> list[Row]:
    """The first `count` programmes of the list; ValueError where it has fewer."""
    with (HERE / "archive_programmes.csv").open(encoding="utf-8") as handle:
        programmes: list[Row] = list(csv.DictReader(handle))
    if count > len(programmes):
        raise ValueError(f"the list has {len(programmes)} programmes, not {count}")
    return programmes[:count]


def make_archive(counties: int = 43, years: int = 5, programmes: int = 12, seed: int = SEED) -> Archive:
    """An archive of the last `years` years up to 2023."""
    archive = Archive(places=read_places(counties))
    for place_number, place in enumerate(archive.places):
        for programme in read_programmes(programmes):
            project_random = random.Random(f"{seed}|{place.name}|{programme['programme']}")
            for unit_number in range(2 if project_random.random() < 0.04 else 1):
                project = _Project(place, place_number, programme, unit_number, seed)
                for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
                    project.report(year, archive)
    return archive


class _Project:
    """One project of one unit over its years."""

    def __init__(self, place: Place, place_number: int, programme: Row, unit_number: int, seed: int) -> None:
        self.place, self.programme, self.unit_number = place, programme, unit_number
        self.key = f"{place.name}|{programme['programme']}|{unit_number}"
        self.seed = f"{seed}|{self.key}"
        rng = random.Random(self.seed)
        self.yuan = Decimal(programme["yuan"]) * Decimal(rng.choice(("0.6", "0.8", "1", "1.2", "1.7")))
        self.size = Decimal(rng.choice(("0.6", "0.8", "1", "1.1", "1.5")))
        self.copies_text = rng.random() < 0.15
        self.own_text = _own_text(rng)
        self.serial = rng.randrange(10**12)
        self.name, self.sub_type = programme["project_name"], programme["sub_type"]
        # A name that tells the programme and not what is paid for.
        if place_number % 7 == 5 and programme["programme"] == "jinbao_line":
            self.name, self.sub_type = "金保工程专项经费", None
        # A county that changes what it pays for: leased lines first, then its own equipment.
        self.first_year, self.last_year = 0, 9999
        if place_number % 5 == 3:
            if programme["programme"] == "jinbao_line":
                self.last_year = 2021
            elif programme["programme"] == "jinbao_maintenance":
                self.first_year = 2022

    def report(self, year: int, archive: Archive) -> None:
        """Add the report of a year, if there is such a county, and note what is true of it."""
        version = self.place.as_of(year)
        if version is None or not self.first_year <= year <= self.last_year:
            return
        rng = random.Random(f"{self.seed}|{year}")
        is_missing = rng.random() < 0.04
        is_revised = rng.random() < 0.02
        facts = _Facts(self, version, year, rng)
        if is_missing:
            archive.late.append(facts.record())
            return
        if is_revised:
            earlier = _Facts(self, version, year, random.Random(f"{self.seed}|{year}|draft"), like=facts)
            archive.records.append(earlier.record())
        archive.records.append(facts.record())
        archive.project_years.append(facts.truth())
        archive.indicators.extend(facts.indicator_truths())


def _own_text(rng: random.Random) -> str:
    sentences = []
    for _ in range(rng.randrange(60, 110)):
        words = "".join(rng.choice(OWN_WORDS) for _ in range(rng.randrange(6, 12)))
        sentences.append(f"{words}{rng.randrange(2, 400)}处")
    return "；".join(sentences) + "。"


class _Facts:
    """What one report states, and what is true of it; a draft of it (`like`) is about the same in other figures."""

    def __init__(
        self, project: _Project, version: Row, year: int, rng: random.Random, like: _Facts | None = None
    ) -> None:
        self.project, self.version, self.year, self.rng = project, version, year, rng
        self.is_draft = like is not None
        self.kind = self.region_state = self.profile = self.written_name = ""
        self.has_project_code = False
        self.money = _Money(project, year, rng)
        if like is None:
            self._choose(version, rng)
        else:
            self.kind, self.region_state, self.profile = like.kind, like.region_state, like.profile
            self.has_project_code, self.written_name = like.has_project_code, like.written_name
        self.rows = [] if self.kind == "target_declaration" else _rows(project, year, self.profile, rng)
        self.execution = _execution(self.money, self.profile, rng)
        self._set_total(rng)
        self.evaluated_on = None
        if rng.random() < 0.85:
            self.evaluated_on = f"{year + 1}-{rng.randrange(1, 9):02d}-{rng.randrange(1, 29):02d}"
            if rng.random() < 0.03:
                self.evaluated_on = f"{year}-12-20"
        month = 7 if self.is_draft else 9
        self.published_on = f"{year + 1}-{month:02d}-{rng.randrange(1, 29):02d}"

    def _choose(self, version: Row, rng: random.Random) -> None:
        """What kind of report it is, how well it names its county, and which form it fills in."""
        self.kind = _weighted(
            rng,
            ("project_self_evaluation", 92),
            ("transfer_self_evaluation", 3),
            ("external_evaluation", 3),
            ("target_declaration", 2),
        )
        self.region_state = _weighted(rng, ("resolved", 97), ("not_stated", 2), ("district_without_city", 1))
        if self.region_state == "district_without_city" and version["kind"] != "区":
            self.region_state = "resolved"
        self.profile = _weighted(rng, ("NAT-2020", 60), ("NAT-2021-cost", 25), ("all_in_rows", 10), ("no_points", 5))
        if self.kind in ("transfer_self_evaluation", "target_declaration"):
            self.profile = "no_points"
        self.has_project_code = rng.random() < 0.5
        name = self.project.name
        self.written_name = rng.choice((name, name, name, f"{self.year}年{name}", f"{self.year}年度{name}项目"))

    def _set_total(self, rng: random.Random) -> None:
        self.total: Decimal | None = None
        self.grade: str | None = None
        if self.profile == "no_points":
            return
        total = sum((row["score"] for row in self.rows if row["score"] is not None), Decimal(0))
        if self.profile != "all_in_rows":
            total += self.execution["score_meant"] or Decimal(0)
        slip = rng.random()
        if slip < 0.05:
            return
        if slip < 0.10:
            total += rng.choice((Decimal("0.5"), Decimal(-1), Decimal("0.08")))
        self.total = min(max(total, Decimal(0)), Decimal(100))
        if rng.random() < 0.7:
            self.grade = "优" if self.total >= 90 else "良" if self.total >= 80 else "中" if self.total >= 60 else "差"
            if rng.random() < 0.05:
                self.grade = rng.choice(("优", "良", "A", "合格"))

    @property
    def file_name(self) -> str:
        draft = "-draft" if self.is_draft else ""
        project = self.project
        return f"{self.version['code']}-{project.programme['programme']}-{project.unit_number}-{self.year}{draft}.txt"

    @property
    def unit(self) -> str:
        """The unit as written: with its county, unless the report keeps the county to itself."""
        place = "" if self.region_state == "not_stated" else self.version["county"]
        branch = "项目服务中心" if self.project.unit_number else ""
        return f"{place}{self.project.programme['bureau']}{branch}"

    @property
    def project_code(self) -> str | None:
        """The code of the integrated system, where the report prints one."""
        if not self.has_project_code or self.year < 2021:
            return None
        return f"{self.version['code']}{self.year % 100}T{self.project.serial:012d}"

    @property
    def county_label(self) -> str | None:
        """What tells the county: itself, or the bare name of a district without its city; None where not said."""
        if self.region_state == "not_stated":
            return None
        return self.project.place.name if self.region_state == "resolved" else f"?{self.version['county']}"

    def record(self) -> Row:
        """The record of the report, one line of the archive."""
        page, version = Page(), self.version
        title = page.says(f"{self.written_name}绩效自评报告")
        page.says(f"（{self.year}年度）")
        report: Row = {"report_id": "", "ordinal": 1, "kind": self.kind, "fiscal_year": self.year, "region": {}}
        places: Row = {"project_name": _inside(title, self.written_name)}
        if self.region_state != "not_stated":
            city = None if self.region_state == "district_without_city" else version["city"]
            province = None if self.region_state == "district_without_city" else version["province"]
            written = f"{province or ''}{city or ''}{version['county']}"
            line = page.says(f"所在地区：{written}")
            report["region"] = {
                "province": province,
                "city": city,
                "county": version["county"],
                "as_written": written,
            }
            places["region.county"] = _inside(line, version["county"])
        line = page.says(f"实施单位：{self.unit}")
        report["unit"] = self.unit
        places["unit"] = _inside(line, self.unit)
        report["project_name"] = self.written_name
        if self.project_code is not None:
            report["project_code"] = self.project_code
            places["project_code"] = _inside(page.says(f"项目代码：{report['project_code']}"), report["project_code"])
        for sentence in STOCK_SENTENCES[:4]:
            page.says(sentence)
        report["funding"] = [
            {
                "stage": stage,
                "source": source,
                "amount_yuan": str(amount),
                "as_written": f"{amount}元",
                "evidence": page.says(f"{stage} {source}：{amount}元"),
            }
            for stage, source, amount in self.money.lines
        ]
        execution = self.execution
        if execution["rate_pct"] is not None or execution["weight"] is not None:
            report["execution"] = {
                "stated_rate_pct": _text(execution["rate_pct"]),
                "weight": _text(execution["weight"]),
                "score": _text(execution["score"]),
                "evidence": page.says(
                    f"预算执行率：{execution['rate_pct']}% 分值{execution['weight']} 得分{execution['score']}"
                ),
            }
        report["indicators"] = [_indicator_record(row, page) for row in self.rows]
        if self.total is not None:
            line = page.says(f"自评总分：{self.total}分 等级：{self.grade or '未填'}")
            report["evaluation"] = {"total_score": str(self.total), "grade": self.grade, "conclusion": None}
            places["evaluation.total_score"] = line
        own = self.project.own_text if self.project.copies_text else _own_text(self.rng)
        page.says(own)
        if self.rng.random() < 0.6:
            problem = f"存在问题：{self.rng.choice(OWN_WORDS)}工作进度需要加快"
            report["findings"] = [
                {"kind": "problem", "text": problem[5:], "evidence": _inside(page.says(problem), problem[5:])}
            ]
        for sentence in STOCK_SENTENCES[4:]:
            page.says(sentence)
        if self.evaluated_on is not None:
            line = page.says(f"自评日期：{self.evaluated_on}")
            report["evaluated_on"] = self.evaluated_on
            places["evaluated_on"] = _inside(line, self.evaluated_on)
        report["field_evidence"] = places
        text = page.text
        sha256 = hashlib.sha256(f"{self.file_name}\n{text}".encode()).hexdigest()
        report["report_id"] = hashlib.sha256(f"{sha256}|1".encode()).hexdigest()[:32]
        return {
            "schema_version": "1.0",
            "document": {
                "sha256": sha256,
                "file_name": self.file_name,
                "media_type": "text/plain",
                "title": title["text"],
                "char_count": len(text),
                "published_on": self.published_on,
                "extractor": "archive 1",
                "canonical_text": text,
            },
            "reports": [report],
        }

    def truth(self) -> Row:
        """What is true of the report, without any model."""
        project, version = self.project, self.version
        is_placed = self.region_state == "resolved"
        return {
            "file_name": self.file_name,
            # Without a county nobody can tell whose project it is.
            "project_key": f"{self.county_label or self.file_name}|{project.name}|{project.unit_number}",
            "unit_key": f"{self.county_label or self.file_name}|{project.programme['bureau']}|{project.unit_number}",
            "county_label": self.county_label,
            "project_code": self.project_code,
            "fiscal_year": self.year,
            "kind": self.kind,
            "place": project.place.name if is_placed else None,
            "region_code": version["code"] if is_placed else None,
            "region_name": version["county"] if is_placed else None,
            "region_kind": version["kind"] if is_placed else None,
            "province": version["province"] if is_placed else None,
            "region_reason": None if is_placed else self.region_state,
            "programme": project.programme["programme"],
            "family": project.programme["family"],
            "sub_type": project.sub_type,
            "project_name": self.written_name,
            "unit": self.unit,
            "evaluated_on": self.evaluated_on,
            "published_on": self.published_on,
            **{f"{stage}_fen": self.money.true_fen.get(stage) for stage in STAGES},
            "budget_stage": self.money.budget_stage,
            "stated_rate_pct": _text(self.execution["rate_pct"]),
            "execution_weight": _text(self.execution["weight"]),
            "execution_score": _text(self.execution["score"]),
            "profile": self.profile,
            "total": _text(self.total),
            "grade": self.grade,
            "n_indicators": len(self.rows),
            "copies_text": project.copies_text,
        }

    def indicator_truths(self) -> Iterator[Row]:
        """What is true of the rows of the form."""
        for row in self.rows:
            yield {
                "file_name": self.file_name,
                **{name: _text(value) if isinstance(value, Decimal) else value for name, value in row.items()},
            }


class _Money:
    """The money of a report: `lines` as a form prints them, and the amounts that are true, in fen."""

    def __init__(self, project: _Project, year: int, rng: random.Random) -> None:
        initial = _round_yuan(project.yuan * (100 + (year - 2018) * 4 + rng.randrange(-15, 16)) / 100)
        adjusted = initial
        if rng.random() < 0.3:
            adjusted = _round_yuan(initial * rng.choice((70, 85, 95, 105, 120, 160)) / 100)
        share = rng.choice((100, 100, 100, 100, 98, 95, 91, 86, 72, 45, 0))
        executed = _round_yuan(adjusted * share / 100)
        variant = _weighted(
            rng,
            ("adjusted", 62),
            ("initial_only", 8),
            ("approved", 8),
            ("planned", 4),
            ("zero_total", 5),
            ("parts_only", 6),
            ("zero_budget", 2),
            ("no_outlay", 3),
            ("over_spent", 2),
        )
        self.lines: list[tuple[str, str, Decimal]] = []
        self.true_fen: dict[str, int] = {}
        if variant == "over_spent":
            executed = _round_yuan(adjusted * Decimal("1.0009")) + 100
        if variant == "zero_budget":
            initial = adjusted = Decimal("0.00")
        budgets = {
            "initial_only": {"initial_budget": initial},
            "approved": {"approved": adjusted},
            "planned": {"planned": adjusted},
        }.get(variant, {"initial_budget": initial, "adjusted_budget": adjusted})
        self.budget_stage = {"initial_only": "initial_budget", "approved": "approved", "planned": "planned"}.get(
            variant, "adjusted_budget"
        )
        amounts = dict(budgets)
        if rng.random() < 0.35:
            amounts["received"] = _round_yuan(adjusted * rng.choice((100, 100, 80, 39)) / 100)
        if variant != "no_outlay":
            amounts["executed"] = executed
        for stage, amount in amounts.items():
            carried = _round_yuan(amount * rng.choice((0, 0, 10)) / 100)
            if variant == "parts_only":
                self._say(stage, fiscal=amount - carried, carryover=carried)
            elif variant == "zero_total" and amount:
                self._say(stage, total=Decimal("0.00"), fiscal=amount - carried, carryover=carried)
            elif variant in ("approved", "planned"):
                self._say(stage, total=amount)
            else:
                self._say(stage, total=amount, fiscal=amount - carried, carryover=carried)
            self.true_fen[stage] = int(amount * 100)

    def _say(self, stage: str, **by_source: Decimal) -> None:
        self.lines.extend((stage, source, amount) for source, amount in by_source.items())


def _execution(money: _Money, profile: str, rng: random.Random) -> Row:
    """The execution row: rate, points and score as printed; `score_meant` is what the total counts."""
    stated: Row = {"rate_pct": None, "weight": None, "score": None, "score_meant": None}
    executed, budget = money.true_fen.get("executed"), money.true_fen.get(money.budget_stage)
    if executed is None or not budget:
        return stated
    rate = Decimal(executed) * 100 / Decimal(budget)
    if rng.random() < 0.8:
        stated["rate_pct"] = _rounded(rate)
        if rng.random() < 0.04:
            stated["rate_pct"] = min(stated["rate_pct"] + 3, Decimal(100))
    if profile in ("NAT-2020", "NAT-2021-cost"):
        score = _rounded(10 * min(Decimal(executed) / Decimal(budget), Decimal(1)))
        if rng.random() < 0.04 and score >= 1:
            score -= 1
        stated["score_meant"] = score
        # Some forms leave the row out although their total counts it.
        if rng.random() < 0.9:
            stated["weight"], stated["score"] = Decimal(10), score
        else:
            stated["rate_pct"] = None
            stated["score_meant"] = _rounded(10 * min(Decimal(executed) / Decimal(budget), Decimal(1)))
    return stated


def _rows(project: _Project, year: int, profile: str, rng: random.Random) -> list[Row]:
    """The twelve rows of the form."""
    programme, size = project.programme, project.size
    is_cost_apart = profile == "NAT-2021-cost"
    cost = (COST, "经济成本指标") if is_cost_apart else (OUTPUT, "成本指标")
    count1 = max(1, int(Decimal(programme["count1"]) * size))
    count2 = max(1, int(Decimal(programme["count2"]) * size))
    cost_wan = _rounded(project.yuan / 10000)
    each = _rounded(project.yuan / count1)
    rows = [
        _counted(1, (OUTPUT, "数量指标"), programme["quantity1"], programme["unit1"], count1, rng),
        _counted(2, (OUTPUT, "数量指标"), programme["quantity2"], programme["unit2"], count2, rng),
        _rated(3, (OUTPUT, "质量指标"), programme["rate1"], rng.choice((90, 95, 97, 98)), rng),
        _rated(4, (OUTPUT, "质量指标"), programme["rate2"], rng.choice((90, 95, 100)), rng),
        _rated(5, (OUTPUT, "时效指标"), programme["timely"], rng.choice((90, 95, 98)), rng),
        _dated(6, (OUTPUT, "时效指标"), "项目完成时间", year, rng),
        _bounded(7, cost, "项目总成本", "万元", cost_wan, rng),
        _bounded(8, cost, programme["unit_cost"], "元", each, rng),
        _worded(9, (BENEFIT, "社会效益指标"), programme["social"], rng),
        _none_wanted(10, (BENEFIT, "社会效益指标"), f"{programme['complaints']}次数", rng),
        _worded(11, (BENEFIT, "可持续影响指标"), programme["lasting"], rng),
        _rated(12, (SATISFACTION, "服务对象满意度指标"), "服务对象满意度", rng.choice((85, 90, 95)), rng),
    ]
    for row, points in zip(rows, PROFILES[profile] or [None] * len(rows), strict=True):
        _score(row, None if points is None else Decimal(points), rng)
    return rows


def _row(ordinal: int, levels: tuple[str, str], name: str, **facts: Any) -> Row:
    return {
        "ordinal": ordinal,
        "level1_text": levels[0],
        "level2_text": levels[1],
        "level1": CANONICAL_LEVEL1[levels[0]],
        "level2": CANONICAL_LEVEL2[levels[1]],
        "name": name,
        "operator": None,
        "target": None,
        "target_unit": None,
        "target_day": None,
        "actual": None,
        "actual_unit": None,
        "actual_day": None,
        "target_words": None,
        "actual_words": None,
        "direction": None,
        "is_met": None,
        **facts,
    }


def _counted(ordinal: int, levels: tuple[str, str], name: str, unit: str, target: int, rng: random.Random) -> Row:
    share = rng.choice((100, 100, 100, 100, 104, 118, 130, 155, 320, 97, 90, 75, 40))
    actual = Decimal(target * share // 100)
    operator = "=" if rng.random() < 0.12 else ">="
    target_unit: str | None = unit
    actual_unit: str | None = unit
    form = rng.random()
    if form < 0.04:
        target_unit = None
    elif form < 0.08:
        actual_unit = None
    elif form < 0.10:
        actual_unit = "批"
    row = _row(
        ordinal, levels, name,
        operator=operator, target=Decimal(target), target_unit=target_unit, actual=actual, actual_unit=actual_unit,
        direction="exact" if operator == "=" else "higher",
    )  # fmt: skip
    if form > 0.97:
        row.update(actual=None, actual_unit=None, actual_words="已完成")
    return row


def _rated(ordinal: int, levels: tuple[str, str], name: str, target: int, rng: random.Random) -> Row:
    actual = Decimal(rng.choice((target, target, 100, 100, 99, 98, 96, 92, 88, 80)))
    return _row(
        ordinal, levels, name,
        operator=">=", target=Decimal(target), target_unit="%", actual=actual,
        actual_unit=rng.choice(("%", "%", "百分比")), direction="higher",
    )  # fmt: skip


def _bounded(ordinal: int, levels: tuple[str, str], name: str, unit: str, target: Decimal, rng: random.Random) -> Row:
    actual = _rounded(target * rng.choice((100, 100, 100, 99, 95, 90, 80, 103, 112)) / 100)
    operator = rng.choice(("<=", "<=", "<=", "="))
    row = _row(
        ordinal, levels, name,
        operator=operator, target=target, target_unit=unit, actual=actual, actual_unit=unit,
        direction="exact" if operator == "=" else "lower",
    )  # fmt: skip
    if unit == "万元" and rng.random() < 0.1:
        row.update(actual=actual * 10000, actual_unit="元")
    return row


def _dated(ordinal: int, levels: tuple[str, str], name: str, year: int, rng: random.Random) -> Row:
    is_met = rng.random() < 0.85
    day = f"{year}-{rng.randrange(6, 13):02d}" if is_met else f"{year + 1}-{rng.randrange(1, 4):02d}"
    return _row(
        ordinal, levels, name,
        operator="by_date", target_day=f"{year}-12", actual_day=day, direction="inside", is_met=is_met,
    )  # fmt: skip


def _worded(ordinal: int, levels: tuple[str, str], name: str, rng: random.Random) -> Row:
    return _row(
        ordinal, levels, name,
        operator="none", target_words="有效保障", actual_words=rng.choice(("有效保障", "达成预期指标", "部分达成")),
        direction="higher",
    )  # fmt: skip


def _none_wanted(ordinal: int, levels: tuple[str, str], name: str, rng: random.Random) -> Row:
    target = rng.choice((0, 0, 3))
    return _row(
        ordinal, levels, name,
        operator="<=", target=Decimal(target), target_unit="次",
        actual=Decimal(rng.choice((0, 0, target, target, 5))), actual_unit="次", direction="lower",
    )  # fmt: skip


def _score(row: Row, weight: Decimal | None, rng: random.Random) -> None:
    """Give the row its points and the score the unit gives itself, and a reason for what is lost, or none."""
    row.update(weight=weight, score=None, score_rule=None, reason_text=None)
    if weight is None:
        return
    target, actual = row["target"], row["actual"]
    if row["operator"] in ("none",) or row["actual_words"] is not None:
        row["score_rule"] = "QUALITATIVE"
        row["score"] = _rounded(weight * rng.choice((100, 100, 100, 95, 80)) / 100)
    elif row["operator"] == "by_date":
        row["score_rule"] = "DIRECT"
        row["score"] = weight if row["is_met"] else Decimal(0)
    elif target == 0:
        row["score_rule"] = "DIRECT"
        row["score"] = weight if actual <= target else Decimal(0)
    elif (row["target_unit"] or row["actual_unit"]) != (row["actual_unit"] or row["target_unit"]) and row[
        "actual_unit"
    ] == "批":
        row["score"] = weight
    else:
        target, actual = _in_yuan(target, row["target_unit"]), _in_yuan(actual, row["actual_unit"])
        if row["direction"] == "lower":
            row["score_rule"] = "RATIO_NEG"
            row["score"] = weight if actual <= target else _rounded(weight * target / actual)
        else:
            row["score_rule"] = "EQ_AS_POS" if row["direction"] == "exact" else "RATIO_POS"
            row["score"] = weight if actual >= target else _rounded(weight * actual / target)
    slip = rng.random()
    if slip < 0.02:
        row["score"], row["score_rule"] = None, None
    elif slip < 0.04 and row["score"] >= 1:
        row["score"], row["score_rule"] = row["score"] - 1, None
    if row["score"] is not None and row["score"] < weight and rng.random() < 0.6:
        row["reason_text"] = rng.choice(REASONS)


def _in_yuan(value: Decimal, unit: str | None) -> Decimal:
    return value * 10000 if unit == "万元" else value


def _indicator_record(row: Row, page: Page) -> Row:
    target_text = row["target_words"] or (
        f"{row['target_day']}前" if row["target_day"] else f"{row['operator']}{row['target']}{row['target_unit'] or ''}"
    )
    actual_text = row["actual_words"] or row["actual_day"] or f"{row['actual']}{row['actual_unit'] or ''}"
    record: Row = {
        "ordinal": row["ordinal"],
        "level1": row["level1_text"],
        "level2": row["level2_text"],
        "name": row["name"],
        "target": target_text,
        "actual": actual_text,
        "target_state": "qualitative" if row["target_words"] else "parsed",
        "target_operator": row["operator"],
        "target_value": _text(row["target"]),
        "target_unit": row["target_unit"],
        "target_to": row["target_day"],
        "actual_state": "qualitative" if row["actual_words"] else "parsed",
        "actual_value": _text(row["actual"]),
        "actual_unit": row["actual_unit"],
        "actual_from": row["actual_day"],
        "actual_to": row["actual_day"],
        "weight": _text(row["weight"]),
        "score": _text(row["score"]),
        "deviation_reason": row["reason_text"],
    }
    record["evidence"] = page.says(
        f"{row['ordinal']}. {row['level1_text']} {row['level2_text']} {row['name']} 目标值{target_text}"
        f" 实际完成{actual_text} 分值{row['weight']} 得分{row['score']} {row['reason_text'] or ''}".rstrip()
    )
    return record


def _inside(place: Row, text: str) -> Row:
    """The place of a piece of an evidence."""
    start = place["start"] + place["text"].index(text)
    return {**place, "start": start, "end": start + len(text), "text": text}


def _weighted(rng: random.Random, *choices: tuple[str, int]) -> str:
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _round_yuan(value: Decimal) -> Decimal:
    """To whole hundreds of yuan, written with two places."""
    return (value.quantize(Decimal("1E2"), ROUND_HALF_UP)).quantize(Decimal("0.01"))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def write_records(records: list[Row], path: Path) -> None:
    """Write records one a line."""
    with path.open("w", encoding="utf-8") as handle:
        for record in records:
            handle.write(json.dumps(record, ensure_ascii=False) + "\n")


def write_truth(archive: Archive, folder: Path) -> None:
    """Write the truth as `project_years.csv` and `indicators.csv`; an empty cell is a null."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("project_years", archive.project_years), ("indicators", archive.indicators)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Write an archive, and its truth where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", type=Path, help="the file of records to write (.jsonl)")
    parser.add_argument("--truth", type=Path, help="the folder to write the truth into")
    parser.add_argument("--late", type=Path, help="the file to write the records of the missing reports into")
    parser.add_argument("--counties", type=int, default=43)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--programmes", type=int, default=12)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    archive = make_archive(options.counties, options.years, options.programmes, options.seed)
    write_records(archive.records, options.records)
    if options.late:
        write_records(archive.late, options.late)
    if options.truth:
        write_truth(archive, options.truth)
    characters = sum(record["document"]["char_count"] for record in archive.records)
    sys.stdout.write(
        f"{len(archive.records):,} documents, {len(archive.project_years):,} project-years, "
        f"{len(archive.indicators):,} indicators, {characters // len(archive.records):,} characters a document; "
        f"{len(archive.late):,} reports are missing\n"
    )


if __name__ == "__main__":
    main()
