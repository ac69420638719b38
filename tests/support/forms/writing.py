"""How one form is written: the wordings, the unit of money, the look of numbers and of empty cells are drawn once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ingest.records import plain
from tests.support.forms.content import Content, Goal, Target, rounded

WORDINGS: dict[str, tuple[str, ...]] = {
    "initial_budget": ("年初预算数", "年初预算数", "年初预算"),
    "adjusted_budget": ("全年预算数", "全年预算数", "调整后预算数", "全年（调整）预算数"),
    "executed": ("全年执行数", "全年执行数", "预算执行数"),
    "adjusted_budget_ab": ("全年预算数（A）", "全年预算数(A)", "预算数（A）"),
    "executed_ab": ("全年执行数（B）", "全年执行数(B)", "执行数（B）"),
    "rate": ("执行率", "执行率", "预算执行率"),
    "rate_ab": ("预算执行率（B/A）", "执行率(B/A)", "预算执行率(B/A×100%)"),
    "weight": ("分值", "分值", "分值权重", "权重"),
    "score": ("得分", "得分", "自评得分"),
    "total_row": ("年度资金总额", "年度资金总额：", "资金总额", "总额"),
    "fiscal_row": ("其中：当年财政拨款", "其中：财政拨款", "其中：本年财政拨款", "其中:财政资金"),
    "carryover_row": ("上年结转资金", "上年结转", "上年结转资金"),
    "other_row": ("其他资金", "其他资金", "单位资金"),
    "level1": ("一级指标",),
    "level2": ("二级指标",),
    "name": ("三级指标",),
    "target": ("年度指标值", "年度指标值", "指标值", "目标值", "年初目标值（A）", "年度指标值(A)"),
    "actual": ("实际完成值", "实际完成值", "全年实际完成值", "完成值", "实际完成值(B)"),
    "reason": ("偏差原因分析及改进措施", "偏差原因分析及改进措施", "未完成原因分析", "未完成原因及拟采取的改进措施"),
    "total_points": ("总分", "总分", "合计", "自评总分"),
    "unit_label": ("实施单位", "实施单位", "项目实施单位", "实施单位（盖章）"),
    "department_label": ("主管部门", "主管部门", "项目主管部门"),
    "goal_block": ("年度总体目标", "年度总体目标", "总体目标"),
    "goal": ("预期目标", "预期目标", "年初设定目标"),
    "result": ("实际完成情况", "实际完成情况", "目标实际完成情况"),
}
_GRADES = ((90, ("优", "优秀")), (80, ("良", "良好")), (60, ("中", "合格")), (0, ("差", "不合格")))


@dataclass(slots=True)
class Writing:
    """The manner of one form.

    `money_unit` is 万元 or 元; with `unit_behind_number` it stands behind each sum and not in the heading.
    """

    content: Content
    money_unit: str = field(init=False)
    unit_behind_number: bool = field(init=False)
    empty: str = field(init=False)
    point_places: int | None = field(init=False)
    _money_places: int = field(init=False)
    _has_commas: bool = field(init=False)
    _breaks: str = field(init=False)
    _has_unit_in_actual: bool = field(init=False)
    _words: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        random = self.content.random
        self.money_unit = random.choice(("万元", "万元", "元"))
        self.unit_behind_number = self.content.chance(0.12)
        self.empty = random.choice(("", "", "—", "-", "/"))
        self.point_places = random.choice((None, None, None, 2, 1))
        self._money_places = random.choice((0, 1, 2, 2, 2, 4)) if self.money_unit == "万元" else random.choice((0, 2))
        self._has_commas = self.content.chance(0.2)
        self._breaks = random.choice(("", "", "", "\n", " "))
        self._has_unit_in_actual = self.content.chance(0.7)

    # ---- words

    def word(self, key: str) -> str:
        """This form's wording of a label, perhaps broken over two lines."""
        if key not in self._words:
            self._words[key] = self.content.one_of(*WORDINGS[key])
        return self.label(self._words[key])

    def label(self, text: str) -> str:
        """A label as the narrow cell prints it: as it is, broken before 指标, or spaced out."""
        if self._breaks == "\n" and len(text) > 3:
            return re.sub(r"(?<=.{2})(?=指标$|完成值|值$|情况$|资金$|拨款$)", "\n", text, count=1)
        if self._breaks == " " and re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text):
            return " ".join(text)
        return text

    def upright(self, text: str) -> str:
        """A label in a column that is one character wide."""
        return "\n".join(text) if self._breaks == "\n" and len(text) <= 6 else text

    def money_heading(self, text: str) -> str:
        """A heading with the unit of money in brackets, unless the unit stands behind every number."""
        if self.unit_behind_number:
            return text
        return (
            # The draw of nothing keeps what every seed has given since.
            f"{text}{self.content.one_of('', '')}（{self.money_unit}）"
            if self.content.chance(0.7)
            else f"{text}({self.money_unit})"
        )

    # ---- sums

    def sum_of_money(self) -> Decimal:
        """A sum in yuan that this form can print exactly."""
        units = Decimal(self.content.count()) / self.content.random.choice((1, 1, 1, 10, 100))
        amount = max(rounded(units, self._money_places), Decimal(1))
        return amount * self._yuan

    def part_of(self, amount: Decimal, share: Decimal) -> Decimal:
        """A share of a sum that this form can print exactly, in yuan."""
        return rounded(amount / self._yuan * share, self._money_places) * self._yuan

    @property
    def _yuan(self) -> int:
        return 10_000 if self.money_unit == "万元" else 1

    def money(self, amount: Decimal | None) -> str:
        """A sum of yuan as the form prints it."""
        if amount is None:
            return self.empty
        number = amount / self._yuan
        text = f"{number:,.{self._money_places}f}" if self._has_commas else f"{number:.{self._money_places}f}"
        if not self._has_commas and self._money_places == 4:
            text = plain(number)
        return text + (self.money_unit if self.unit_behind_number else "")

    def rate(self, executed: Decimal, budget: Decimal) -> tuple[str, Decimal]:
        """The rate as printed and the percentage that it says."""
        places = self.content.random.choice((0, 1, 2, 2))
        percent = rounded(executed / budget * 100, places)
        return format(percent, "f") + self.content.one_of("%", "%", "%", "％", ""), percent

    # ---- points

    def points(self, number: Decimal | None) -> str:
        """Points as the form prints them; nothing is an empty cell."""
        if number is None:
            return self.empty
        if self.point_places is None or rounded(number, self.point_places) != number:
            return plain(number)
        return f"{number:.{self.point_places}f}"

    def grade(self, total: Decimal) -> str:
        """The grade that belongs to a total of 100."""
        words = next(words for floor, words in _GRADES if total >= floor)
        return self.content.random.choice(words)

    # ---- indicators

    def actual(self, goal: Goal) -> str:
        """The actual value, with or without its unit as this form has it."""
        return goal.actual if self._has_unit_in_actual else goal.actual_number

    def in_columns(self, target: Target) -> Target:
        """A target whose comparator, number and unit stand in columns of their own."""
        if not re.fullmatch(r"\d+(?:\.\d+)?", target.value):
            return Target(self.content.one_of("", "定性"), f"{target.value}{target.unit}", "")
        sign = {"小于等于": "≤", "不超过": "≤", "<=": "≤"}.get(target.nature, target.nature)
        return Target(sign if sign in ("≥", "≤", "=", "＝", "═", "≧") else "≥", target.value, target.unit)
