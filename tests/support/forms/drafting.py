"""Parts that many layouts share: titles, identity rows, the money block, the goals, the indicators, the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.records import plain
from tests.support.forms.content import Content, Goal, Money, Target, rounded
from tests.support.forms.tables import FormCell, FormTable
from tests.support.forms.truth import Truth
from tests.support.forms.writing import Writing

Profile = tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...]
"""Level 1, its points, and its levels 2 with the kind of goal that stands below them."""

NATIONAL_2020: Profile = (
    ("产出指标", 50, (("数量指标", "quantity"), ("质量指标", "quality"), ("时效指标", "timeliness"),
                  ("成本指标", "cost"))),
    ("效益指标", 30, (("经济效益指标", "economic"), ("社会效益指标", "social"), ("生态效益指标", "ecological"),
                  ("可持续影响指标", "lasting"))),
    ("满意度指标", 10, (("服务对象满意度指标", "satisfaction"),)),
)  # fmt: skip
NATIONAL_2021: Profile = (
    ("成本指标", 20, (("经济成本指标", "cost"), ("社会成本指标", "ecological"))),
    ("产出指标", 40, (("数量指标", "quantity"), ("质量指标", "quality"), ("时效指标", "timeliness"))),
    ("效益指标", 20, (("社会效益指标", "social"), ("生态效益指标", "ecological"), ("可持续影响指标", "lasting"))),
    ("满意度指标", 10, (("服务对象满意度指标", "satisfaction"),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of the indicators as it will be written."""

    level1: str
    level2: str
    goal: Goal
    in_columns: Target
    weight: Decimal
    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the indicators: what stands in it, its heading, and how many columns of the table it covers.

    `role` is `level1`, `level2`, `name`, `target`, `nature`, `value`, `measure`, `actual`, `weight`, `score`,
    `share` (of the target that was reached), `reason`, or a text that stands in every row.
    """

    role: str
    heading: str
    across: int = 1


@dataclass(slots=True)
class Draft:
    """A form being written, with its truth."""

    content: Content
    writing: Writing
    truth: Truth
    table: FormTable
    lines_above: list[str] = field(default_factory=list)
    lines_below: list[str] = field(default_factory=list)

    # ---- title and identity

    def add_title(self, title: str) -> None:
        """The title with the fiscal year in it or below it."""
        if self.content.chance(0.3):
            self.lines_above.append(self.content.one_of("附件2", "附件：", "附表1"))
        if self.content.chance(0.5):
            self.lines_above += [title, f"（{self.truth.fiscal_year}年度）"]
        else:
            self.lines_above.append(f"{self.truth.fiscal_year}年度{title}")

    def add_identity(self, *, code: bool = False) -> None:
        """项目名称 over the whole width, then 主管部门 beside 实施单位."""
        word, width = self.writing.word, self.table.width
        half = width // 2
        self.table.add("项目名称", FormCell(self.truth.project_name or "", width - 1))
        number = f"{self.content.random.randint(100, 999)}001-" if code else ""
        self.table.add(
            word("department_label"),
            FormCell(self.content.bureau(), half - 1),
            word("unit_label"),
            FormCell(number + self.truth.unit, width - half - 1),
        )

    # ---- money

    def plan_money(self) -> dict[str, Money]:
        """Sums of the rows that add up in every stage; a row without money has empty cells."""
        budget, content = self.writing.sum_of_money(), self.content
        carried = self.writing.part_of(budget, Decimal("0.2")) if content.chance(0.3) else None
        other = self.writing.part_of(budget, Decimal("0.1")) if content.chance(0.3) else None
        fiscal = budget - (carried or 0) - (other or 0)
        share = content.share_spent()
        spent = {
            source: self.writing.part_of(sum_, share) if sum_ is not None else None
            for source, sum_ in (("fiscal", fiscal), ("carryover", carried), ("other", other))
        }
        initial = self.content.random.choice((fiscal, fiscal, Decimal(0), self.writing.part_of(fiscal, Decimal("0.8"))))
        zero = Decimal(0) if content.chance(0.2) else None
        return {
            "total": Money(initial + (other or 0), budget, sum(filter(None, spent.values()), Decimal(0))),
            "fiscal": Money(initial, fiscal, spent["fiscal"]),
            "carryover": Money(zero, carried if carried is not None else zero, spent["carryover"] if carried else zero),
            "other": Money(other or zero, other or zero, spent["other"] if other else zero),
        }

    def note_money(self, source: str, money: Money, stages: Sequence[str]) -> None:
        """The truth of one row of the money block."""
        for stage in stages:
            self.truth.add_sum(stage, source, getattr(money, stage))

    def add_money_row(
        self, label: FormCell, source: str, money: Money, stages: Sequence[str], points: Sequence[str], last: int = 1
    ) -> None:
        """A row: label, sums, then `points` in their order (`weight`, `rate`, `score`), which only the total row has.

        `last` is how many columns the last cell covers.
        """
        self.note_money(source, money, stages)
        texts = [self.writing.money(getattr(money, stage)) for stage in stages]
        texts += [self._execution_cell(source, money, role) for role in points]
        cells = [FormCell(text) for text in texts]
        cells[-1] = FormCell(texts[-1], last)
        self.table.add(label, *cells)

    def write_execution(self, money: Money, weight: int) -> tuple[str, Decimal]:
        """The rate as printed and the score that follows from it; both become the truth's."""
        text, self.truth.rate = self._printed_rate(money)
        self.truth.rate_weight = Decimal(weight)
        self.truth.rate_score = rounded(self.truth.rate * weight / 100, 2)
        return text, self.truth.rate_score

    def _execution_cell(self, source: str, money: Money, role: str) -> str:
        weight = Decimal(10)
        if source != "total":
            return self.writing.empty if role != "rate" or not money.executed else self._printed_rate(money)[0]
        if role == "weight":
            self.truth.rate_weight = weight
            return self.writing.points(weight)
        if role == "rate":
            text, self.truth.rate = self._printed_rate(money)
            return text
        self.truth.rate_score = rounded((self.truth.rate or Decimal(0)) * weight / 100, 2)
        return self.writing.points(self.truth.rate_score)

    def _printed_rate(self, money: Money) -> tuple[str, Decimal]:
        assert money.executed is not None
        assert money.adjusted_budget
        return self.writing.rate(money.executed, money.adjusted_budget)

    def add_national_money(self, first: int = 1) -> None:
        """项目资金 beside 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分, with its four rows."""
        word = self.writing.word
        stages = ("initial_budget", "adjusted_budget", "executed")
        points = ("weight", "rate", "score")
        last = self.table.width - 7 - first
        heading = FormCell(self.writing.money_heading("项目资金"), 1, 5)
        above = [FormCell(word(key)) for key in (*stages, *points)]
        above[-1] = FormCell(above[-1].text, last + 1)
        self.table.add(heading, FormCell("", first), *above)
        for source, money in self.plan_money().items():
            self.add_money_row(FormCell(word(f"{source}_row"), first), source, money, stages, points, last + 1)

    # ---- goals and other texts

    def add_goals(self) -> None:
        """年度总体目标: what was meant beside what was reached."""
        word, half = self.writing.word, (self.table.width - 1) // 2
        rest = self.table.width - 1 - half
        self.table.add(FormCell(word("goal_block"), 1, 2), FormCell(word("goal"), half), FormCell(word("result"), rest))
        self.table.add(FormCell(self.content.goal_text(), half), FormCell(self.content.result_text(), rest))

    def add_text(self, label: str, text: str) -> None:
        """A text over the whole width."""
        self.table.add(label, FormCell(text, self.table.width - 1))

    # ---- indicators

    def plan_indicators(self, profile: Profile) -> list[Planned]:
        """Rows for a profile: eight to twenty, no name twice, the points of each level 1 as the profile has them."""
        planned: list[Planned] = []
        names: set[str] = set()
        for level1, points, below in profile:
            kinds = [(level2, kind) for level2, kind in below for _ in range(self._rows_below(kind))]
            for (level2, kind), weight in zip(kinds, self.content.split(points, len(kinds)), strict=True):
                goal = self._new_goal(kind, names)
                score = rounded(weight * goal.ratio, 2)
                reason = self.content.reason() if goal.ratio < 1 and self.content.chance(0.5) else ""
                in_columns = self.writing.in_columns(goal.target)
                planned.append(Planned(level1, level2, goal, in_columns, weight, score, reason))
        return planned

    def _rows_below(self, kind: str) -> int:
        if kind in ("quantity", "quality"):
            return self.content.random.choice((1, 2, 2, 3, 4))
        return self.content.random.choice((1, 1, 2))

    def _new_goal(self, kind: str, names: set[str]) -> Goal:
        for _ in range(20):
            goal = self.content.goal(kind)
            if goal.name not in names:
                break
        names.add(goal.name)
        return goal

    def add_indicators(
        self, rows: Sequence[Planned], columns: Sequence[Column], block: str | None = "绩效指标"
    ) -> None:
        """The headings and the rows; levels are merged downward, written once above empty cells, or repeated.

        `block` is the label beside all of them, None when the layout has none.
        """
        if block is not None:
            label = FormCell(self.writing.upright(block), 1, len(rows) + 1)
            self.table.add(label, *(FormCell(self.writing.label(column.heading), column.across) for column in columns))
        else:
            self.table.add(*(FormCell(self.writing.label(column.heading), column.across) for column in columns))
        self.add_indicator_rows(rows, columns)

    def add_indicator_rows(self, rows: Sequence[Planned], columns: Sequence[Column]) -> None:
        """The rows alone."""
        manner = self.content.one_of("merged", "merged", "merged", "once", "repeated")
        prefix = self.content.one_of("", "", "", "指标{}：", "{}.", "指标{}.")
        with_points = self.content.chance(0.3)
        sums = {level1: sum(row.weight for row in rows if row.level1 == level1) for level1, *_ in _keys(rows)}
        roles = [column.role for column in columns]
        written: list[tuple[str, ...]] = []
        for number, row in enumerate(rows):
            keys = ((row.level1,), (row.level1, row.level2))
            cells = []
            for column in columns:
                if column.role in ("level1", "level2"):
                    key = keys[column.role == "level2"]
                    text = key[-1]
                    if column.role == "level1" and with_points and "weight" in roles:
                        text = f"{text}（{sums[row.level1]:f}分）".replace(".0分", "分")
                    is_first = key not in written
                    height = sum(other[: len(key)] == key for other in _keys(rows))
                    if manner == "merged" and is_first:
                        cells.append(FormCell(self.writing.label(text), column.across, height))
                    elif manner != "merged":
                        shown = is_first or manner == "repeated"
                        cells.append(FormCell(self.writing.label(text) if shown else "", column.across))
                else:
                    within = sum(other == keys[1] for other in _keys(rows)[: number + 1])
                    cells.append(FormCell(self._cell(row, column.role, prefix.format(within)), column.across))
            written += keys
            self.table.add(*cells)
            self._note_indicator(row, roles)

    def _cell(self, row: Planned, role: str, prefix: str) -> str:
        match role:
            case "name":
                # 2.24小时内响应率 could be read in two ways.
                is_clear = not (prefix.endswith(".") and row.goal.name[0].isdigit())
                return (prefix if is_clear else prefix[:-1] + "、") + row.goal.name
            case "target":
                return str(row.goal.target)
            case "nature":
                return row.in_columns.nature
            case "value":
                return row.in_columns.value
            case "measure":
                return row.in_columns.unit
            case "actual":
                return self.writing.actual(row.goal)
            case "weight":
                return self.writing.points(row.weight)
            case "score":
                return self.writing.points(row.score)
            case "share":
                return f"{plain(rounded(row.goal.ratio * 100, 2))}%"
            case "reason":
                return row.reason
            case _:
                return role

    def _note_indicator(self, row: Planned, roles: Sequence[str]) -> None:
        target = str(row.in_columns if "value" in roles else row.goal.target)
        self.truth.add_indicator(
            (row.level1 if "level1" in roles else None, row.level2 if "level2" in roles else None),
            row.goal.name,
            target if {"value", "target"} & set(roles) else None,
            self.writing.actual(row.goal) if "actual" in roles else None,
            row.weight if "weight" in roles else None,
            row.score if "score" in roles else None,
        )

    # ---- result

    def total(self) -> Decimal:
        """The sum of all points that were reached; it becomes the truth's total."""
        scores = [Decimal(row["score"] or 0) for row in self.truth.indicators]
        self.truth.total_score = sum(scores, self.truth.rate_score or Decimal(0))
        return self.truth.total_score

    def add_total(self, label_across: int, rest: int, weight: str = "100") -> None:
        """总分 | 100 | 92.5, the points below their columns; the cell behind them may hold the grade."""
        total = self.total()
        cells = [FormCell(self.writing.word("total_points"), label_across)]
        if weight:
            cells.append(FormCell(weight))
        cells.append(FormCell(self.writing.points(total)))
        if rest:
            cells.append(FormCell(self._grade(total) if self.content.chance(0.4) else "", rest))
        self.table.add(*cells)

    def _grade(self, total: Decimal) -> str:
        self.truth.grade = self.writing.grade(total)
        return self.truth.grade


def blank_form(content: Content, width: int, *, has_project: bool = True) -> Draft:
    """An empty form with its body, its project and its year."""
    truth = Truth(content.fiscal_year, content.place, content.unit, content.project() if has_project else None)
    return Draft(content, Writing(content), truth, FormTable(width))


def _keys(rows: Sequence[Planned]) -> list[tuple[str, ...]]:
    return [(row.level1, row.level2) for row in rows]
