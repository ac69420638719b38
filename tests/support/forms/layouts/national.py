"""The forms of the Ministry: self-evaluation, transfer payments, declaration of targets, whole departments."""

from __future__ import annotations

from decimal import Decimal

from tests.support.forms.content import Content
from tests.support.forms.drafting import NATIONAL_2020, NATIONAL_2021, Column, Draft, Profile, blank_form
from tests.support.forms.tables import FormCell


def national_columns(draft: Draft) -> list[Column]:
    """Levels, name, target, actual, points, score and reason."""
    word = draft.writing.word
    return [
        *(Column(role, word(role)) for role in ("level1", "level2", "name", "target", "actual", "weight", "score")),
        Column("reason", word("reason")),
    ]


def national(content: Content, profile: Profile = NATIONAL_2020) -> Draft:
    """The national form."""
    draft = blank_form(content, 9)
    draft.add_title("项目支出绩效自评表")
    draft.add_identity(code=content.chance(0.2))
    draft.add_national_money()
    draft.add_goals()
    draft.add_indicators(draft.plan_indicators(profile), national_columns(draft))
    draft.add_total(6, 1)
    if content.chance(0.4):
        draft.add_text("其他需要说明的问题", "无")
    return draft


def national_2021(content: Content) -> Draft:
    """The national form with cost as a level 1 of its own."""
    return national(content, NATIONAL_2021)


def transfer(content: Content) -> Draft:
    """The form of transfer payments: A, B and B/A, no points."""
    draft = blank_form(content, 7)
    word = draft.writing.word
    draft.add_title("中央对地方转移支付绩效目标自评表")
    draft.table.add("转移支付（项目）名称", FormCell(draft.truth.project_name or "", 6))
    draft.table.add("中央主管部门", FormCell(content.one_of("水利部", "财政部", "农业农村部"), 6))
    draft.table.add("地方主管部门", FormCell(content.bureau(), 2), "资金使用单位", FormCell(draft.truth.unit, 3))
    stages = ("adjusted_budget", "executed")
    label = draft.writing.money_heading(content.one_of("资金投入情况", "项目资金"))
    draft.table.add(
        FormCell(label, 1, 5),
        FormCell("", 2),
        word("adjusted_budget_ab"),
        word("executed_ab"),
        FormCell(word("rate_ab"), 2),
    )
    plan = draft.plan_money()
    names = {"total": "年度资金总额：", "fiscal": "其中：中央财政资金", "carryover": "地方资金", "other": "其他资金"}
    for source, money in plan.items():
        stated = {"fiscal": "central", "carryover": "local"}.get(source, source)
        draft.add_money_row(FormCell(names[source], 2), stated, money, stages, ("rate",), 2)
    draft.add_goals()
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "三级指标"),
        Column("target", content.one_of("指标值", "年度指标值")),
        Column("actual", "全年实际完成值"),
        Column("reason", "未完成原因和改进措施"),
    ]
    draft.add_indicators(draft.plan_indicators(NATIONAL_2020), columns)
    if content.chance(0.6):
        draft.add_text("说明", content.one_of("无", "自评过程中未发现违规问题。"))
    return draft


def declaration(content: Content) -> Draft:
    """A declaration of targets: the same blocks, sums without a stage, nothing reached yet."""
    draft = blank_form(content, 8)
    writing = draft.writing
    draft.add_title(content.one_of("项目支出绩效目标表", "项目支出绩效目标申报表"))
    draft.add_identity()
    budget = writing.sum_of_money()
    other = writing.part_of(budget, Decimal("0.1")) if content.chance(0.4) else Decimal(0)
    for source, amount in (("total", budget), ("fiscal", budget - other), ("other", other)):
        draft.truth.add_sum("planned", source, amount)
    draft.table.add(
        FormCell(writing.money_heading("项目资金"), 1, 3),
        FormCell("年度资金总额", 3),
        FormCell(writing.money(budget), 4),
    )
    draft.table.add(FormCell("其中：财政拨款", 3), FormCell(writing.money(budget - other), 4))
    draft.table.add(FormCell("其他资金", 3), FormCell(writing.money(other), 4))
    draft.add_text("总体目标", content.goal_text())
    if content.chance(0.5):
        roles = ("level1", "level2", "name", "nature", "value", "measure", "weight")
        texts = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "权重")
        columns = [Column(*pair) for pair in zip(roles, texts, strict=True)]
    else:
        columns = [
            Column("level1", "一级指标"),
            Column("level2", "二级指标"),
            Column("name", "三级指标", 3),
            Column("target", content.one_of("指标值", "年度指标值"), 2),
        ]
    draft.add_indicators(draft.plan_indicators(NATIONAL_2020), columns)
    return draft


def department(content: Content) -> Draft:
    """The form of a whole department."""
    draft = blank_form(content, 9, has_project=False)
    draft.add_title("部门整体支出绩效自评表")
    draft.table.add("部门名称", FormCell(draft.truth.unit, 8))
    draft.add_national_money()
    draft.add_goals()
    draft.add_indicators(draft.plan_indicators(NATIONAL_2020), national_columns(draft))
    draft.add_total(6, 1)
    return draft
