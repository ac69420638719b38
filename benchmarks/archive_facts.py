"""What one invented report states: its kind, its money, the rows of its form, its total."""

from __future__ import annotations

import random
from decimal import Decimal

from benchmarks.archive_projects import Project
from benchmarks.archive_rows import form_rows
from benchmarks.archive_values import Row, round_yuan, rounded, weighted


class Facts:
    """What one report states, and what is true of it; a draft of it (`like`) is about the same in other figures."""

    def __init__(
        self, project: Project, version: Row, year: int, rng: random.Random, like: Facts | None = None
    ) -> None:
        self.project, self.version, self.year, self.rng = project, version, year, rng
        self.is_draft = like is not None
        self.kind = self.region_state = self.profile = self.written_name = ""
        self.has_project_code = False
        self.money = Money(project, year, rng)
        if like is None:
            self._choose(version, rng)
        else:
            self.kind, self.region_state, self.profile = like.kind, like.region_state, like.profile
            self.has_project_code, self.written_name = like.has_project_code, like.written_name
        self.rows = [] if self.kind == "target_declaration" else form_rows(project, year, self.profile, rng)
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
        self.kind = weighted(
            rng,
            ("project_self_evaluation", 92),
            ("transfer_self_evaluation", 3),
            ("external_evaluation", 3),
            ("target_declaration", 2),
        )
        self.region_state = weighted(rng, ("resolved", 97), ("not_stated", 2), ("district_without_city", 1))
        if self.region_state == "district_without_city" and version["kind"] != "区":
            self.region_state = "resolved"
        self.profile = weighted(rng, ("NAT-2020", 60), ("NAT-2021-cost", 25), ("all_in_rows", 10), ("no_points", 5))
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


class Money:
    """The money of a report: `lines` as a form prints them, and the amounts that are true, in fen."""

    def __init__(self, project: Project, year: int, rng: random.Random) -> None:
        initial = round_yuan(project.yuan * (100 + (year - 2018) * 4 + rng.randrange(-15, 16)) / 100)
        adjusted = initial
        if rng.random() < 0.3:
            adjusted = round_yuan(initial * rng.choice((70, 85, 95, 105, 120, 160)) / 100)
        share = rng.choice((100, 100, 100, 100, 98, 95, 91, 86, 72, 45, 0))
        executed = round_yuan(adjusted * share / 100)
        variant = weighted(
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
            executed = round_yuan(adjusted * Decimal("1.0009")) + 100
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
            amounts["received"] = round_yuan(adjusted * rng.choice((100, 100, 80, 39)) / 100)
        if variant != "no_outlay":
            amounts["executed"] = executed
        for stage, amount in amounts.items():
            carried = round_yuan(amount * rng.choice((0, 0, 10)) / 100)
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


def _execution(money: Money, profile: str, rng: random.Random) -> Row:
    """The execution row: rate, points and score as printed; `score_meant` is what the total counts."""
    stated: Row = {"rate_pct": None, "weight": None, "score": None, "score_meant": None}
    executed, budget = money.true_fen.get("executed"), money.true_fen.get(money.budget_stage)
    if executed is None or not budget:
        return stated
    rate = Decimal(executed) * 100 / Decimal(budget)
    if rng.random() < 0.8:
        stated["rate_pct"] = rounded(rate)
        if rng.random() < 0.04:
            stated["rate_pct"] = min(stated["rate_pct"] + 3, Decimal(100))
    if profile in ("NAT-2020", "NAT-2021-cost"):
        score = rounded(10 * min(Decimal(executed) / Decimal(budget), Decimal(1)))
        if rng.random() < 0.04 and score >= 1:
            score -= 1
        stated["score_meant"] = score
        # Some forms leave the row out although their total counts it.
        if rng.random() < 0.9:
            stated["weight"], stated["score"] = Decimal(10), score
        else:
            stated["rate_pct"] = None
            stated["score_meant"] = rounded(10 * min(Decimal(executed) / Decimal(budget), Decimal(1)))
    return stated
