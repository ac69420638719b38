"""Forms of counties and villages: other orders of columns, blocks of points, lists of checks."""

from __future__ import annotations

from decimal import Decimal

from tests.support.forms.content import Content
from tests.support.forms.drafting import NATIONAL_2020, Column, Draft, blank_form
from tests.support.forms.layouts.national import national_columns
from tests.support.forms.tables import FormCell


def village(content: Content) -> Draft:
    """A village's form: points before the target, stars before names, rows that begin with 其中."""
    draft = blank_form(content, 9)
    word = draft.writing.word
    draft.add_title("财政衔接资金项目绩效自评表")
    draft.add_identity()
    draft.add_national_money()
    draft.add_goals()
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "三级指标"),
        Column("weight", "分值"),
        Column("target", "年度指标值"),
        Column("actual", "全年实际值"),
        Column("score", word("score")),
        Column("reason", "未完成原因分析"),
    ]
    rows = draft.plan_indicators(NATIONAL_2020)
    draft.add_indicators(rows, columns)
    for place, cells in enumerate(draft.table.rows[-len(rows) :]):
        if content.chance(0.5):
            name = cells.index(next(cell for cell in cells if cell.text.endswith(rows[place].goal.name)))
            cells[name] = FormCell(f"★{rows[place].goal.name}")
    draft.table.add(FormCell("总分", 4), "100", FormCell("", 2), draft.writing.points(draft.total()), "")
    return draft


def block_score(content: Content) -> Draft:
    """A form of blocks with points each; the total stands below its label, beside the department."""
    draft = blank_form(content, 8)
    writing = draft.writing
    draft.add_title("项目绩效自评表")
    rows = draft.plan_indicators(NATIONAL_2020)
    money = draft.plan_money()["total"]
    rate, score = draft.write_execution(money, 10)
    draft.truth.total_score = sum((row.score for row in rows), score)
    draft.table.add("项目名称", FormCell(draft.truth.project_name or "", 5), FormCell("自评得分", 2))
    draft.table.add("主管部门", FormCell(content.bureau(), 5), FormCell(writing.points(draft.truth.total_score), 2))
    draft.table.add("项目单位", FormCell(draft.truth.unit, 7))
    stages = ("adjusted_budget", "executed")
    draft.note_money("total", money, stages)
    draft.table.add(
        FormCell(writing.money_heading("预算执行情况"), 1, 2),
        FormCell("", 2),
        "预算数（A）",
        "执行数（B）",
        "分值",
        "执行率（B/A）",
        "得分",
    )
    draft.table.add(
        FormCell("年度资金总额", 2),
        *(writing.money(getattr(money, stage)) for stage in stages),
        "10",
        rate,
        writing.points(score),
    )
    draft.add_goals()
    draft.add_indicators(rows, national_columns(draft)[:-1])
    return draft


def checklist(content: Content) -> Draft:
    """A list of checks: name, explanation, record, evidence; sums with their parts within a cell."""
    draft = blank_form(content, 4)
    writing = draft.writing
    draft.lines_above += [
        f"{draft.truth.fiscal_year}年度项目绩效自评核查清单",
        f"项目单位：{draft.truth.unit}",
        f"项目名称：{draft.truth.project_name}",
    ]
    draft.table.add("指标名称", "指标解释", "记录", "需提供的支撑材料")
    amount = writing.sum_of_money()
    share = content.share_spent()
    parts = {"central": writing.part_of(amount, Decimal("0.6"))}
    parts["city"] = amount - parts["central"]
    spent = {source: writing.part_of(part, share) for source, part in parts.items()}
    for stage, name, label, sums in (
        ("initial_budget", "预算资金", "年度预算资金总额", parts),
        ("received", "资金到位", "实际到位资金总额", parts),
        ("executed", "资金支出", "实际支出资金总额", spent),
    ):
        total = sum(sums.values(), Decimal(0))
        for source, part in (("total", total), *sums.items()):
            draft.truth.add_sum(stage, source, part)
        record = (
            f"{label}：{writing.money(total)} 其中：中央补助 {writing.money(sums['central'])}"
            f" 市级资金 {writing.money(sums['city'])}"
        )
        draft.table.add(name, f"{name}的金额（{writing.money_unit}）", record, "文件、凭证")
    for row in draft.plan_indicators(NATIONAL_2020)[:8]:
        draft.table.add(row.goal.name, "按实际情况填写", writing.actual(row.goal), "台账、照片")
        draft.truth.add_indicator((None, None), row.goal.name, None, writing.actual(row.goal))
    return draft
