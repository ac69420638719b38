"""The forms that provinces made of the national one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ingest.records import plain
from tests.support.forms.content import Content, Money
from tests.support.forms.drafting import NATIONAL_2020, NATIONAL_2021, Column, Draft, Profile, blank_form
from tests.support.forms.tables import FormCell


def yunnan(content: Content) -> Draft:
    """Yunnan's 公开14表: comparator, number and unit of the target in columns of their own below a joint heading."""
    draft = blank_form(content, 10)
    draft.add_title("项目支出绩效自评表")
    draft.lines_above.append("公开14表")
    draft.add_identity()
    draft.add_national_money(2)
    draft.add_goals()
    word = draft.writing.word
    rows = draft.plan_indicators(NATIONAL_2020)
    draft.table.add(
        FormCell("绩效指标", 3),
        FormCell("年度指标值", 3),
        FormCell("实际完成值", 1, 2),
        FormCell("分值", 1, 2),
        FormCell("得分", 1, 2),
        FormCell(word("reason"), 1, 2),
    )
    draft.table.add("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位")
    roles = ("level1", "level2", "name", "nature", "value", "measure", "actual", "weight", "score", "reason")
    draft.add_indicator_rows(rows, [Column(role, "") for role in roles])
    draft.add_text("其他需要说明事项", content.one_of("无", ""))
    draft.add_total(7, 1)
    return draft


def sichuan(content: Content) -> Draft:
    """Sichuan's form of 2023: a project code in the name, 权重 for points, three boxes of text at the end."""
    draft = blank_form(content, 11)
    random = content.random
    code = f"51{random.randint(1000, 9999)}2{random.randint(1, 4)}T{random.randint(10**8, 10**12):012}"
    draft.truth.project_name = f"{code}-{draft.truth.project_name}"
    draft.add_title("部门预算项目支出绩效自评表")
    draft.writing.unit_behind_number = False
    draft.lines_above.append(f"金额单位：{draft.writing.money_unit}")
    draft.add_identity()
    draft.table.add(FormCell("项目基本情况", 1, 2), FormCell("项目年度目标", 5), FormCell("年度目标完成情况", 5))
    draft.table.add(FormCell(content.goal_text(), 5), FormCell(content.result_text(), 5))
    stages, points = ("initial_budget", "adjusted_budget", "executed"), ("rate", "weight", "score")
    headings = ("年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分")
    draft.table.add(FormCell("年度预算执行情况", 1, 5), FormCell("", 3), *headings, "原因")
    names = {"total": "总额", "fiscal": "其中：财政资金", "carryover": "财政专户管理资金", "other": "单位资金"}
    for source, money in draft.plan_money().items():
        stated = "other" if source == "carryover" else source
        label = FormCell(names[source], 3)
        draft.add_money_row(label, stated, money, stages, points)
        draft.table.rows[-1].append(FormCell(""))
    roles = ("level1", "level2", "name", "nature", "value", "measure", "actual", "weight", "score")
    texts = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重", "得分")
    columns = [*(Column(*pair) for pair in zip(roles, texts, strict=True)), Column("reason", "未完成原因分析")]
    draft.add_indicators(draft.plan_indicators(content.random.choice((NATIONAL_2020, NATIONAL_2021))), columns)
    draft.add_total(8, 1)
    draft.add_text("评价结论", content.one_of("项目实施规范，达到预期目标。", "项目按计划完成，效益明显。"))
    draft.add_text("存在问题", content.one_of("无", "预算编制不够细化。"))
    draft.add_text("改进措施", content.one_of("无", "进一步细化预算编制。"))
    return draft


def _hubei_money(draft: Draft) -> None:
    """One row, its points in the headings."""
    heading = draft.writing.money_heading("预算执行情况")
    draft.table.add(
        FormCell(heading + "（20分）", 1, 2),
        FormCell("", 2),
        "预算数（A）",
        "执行数（B）",
        "执行率（B/A）",
        FormCell("得分（20分*执行率）", 2),
    )
    money = draft.plan_money()["total"]
    draft.note_money("total", money, ("adjusted_budget", "executed"))
    rate, score = draft.write_execution(money, 20)
    draft.table.add(
        FormCell("年度财政资金总额", 2),
        draft.writing.money(money.adjusted_budget),
        draft.writing.money(money.executed),
        rate,
        FormCell(draft.writing.points(score), 2),
    )


def hubei(content: Content) -> Draft:
    """Hubei's form: boxes to tick, twenty points for the execution in a heading, points only as reached."""
    draft = blank_form(content, 8)
    word = draft.writing.word
    draft.add_title("项目绩效自评表")
    draft.table.add("项目名称", FormCell(draft.truth.project_name or "", 7))
    draft.table.add("主管部门", FormCell(content.bureau(), 3), "项目实施单位", FormCell(draft.truth.unit, 3))
    draft.table.add("项目类别", FormCell("1、部门预算项目 ☑ 2、县直专项 □ 3、省对下转移支付项目 □", 7))
    draft.table.add("项目属性", FormCell("1、持续性项目 ☑ 2、新增性项目 □", 7))
    _hubei_money(draft)
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "三级指标", 2),
        Column("target", content.one_of("年初目标值（A）", "年初目标值(A)")),
        Column("actual", "实际完成值（B）"),
        Column("score", word("score")),
    ]
    profile: Profile = (("产出指标", 40, NATIONAL_2020[0][2]), ("效益指标", 40, NATIONAL_2020[1][2]))
    draft.add_indicators(draft.plan_indicators(profile), columns, "年度绩效目标（80分）")
    draft.add_total(7, 0, "")
    draft.add_text("偏差大或目标未完成原因分析", content.one_of("无", content.reason()))
    return draft


def _hunan_money(draft: Draft) -> None:
    """Four pairs of label and sum, below them the same four for every level."""
    planned = draft.writing.sum_of_money()
    share = draft.content.share_spent()
    parts = {"province": draft.writing.part_of(planned, Decimal("0.3"))}
    parts["county"] = planned - parts["province"]
    spent = {source: draft.writing.part_of(amount, share) for source, amount in parts.items()}
    money = {source: Money(planned=amount, received=amount, executed=spent[source]) for source, amount in parts.items()}
    executed = sum(spent.values(), Decimal(0))
    stages = ("planned", "received", "executed")
    headings = ("计划安排资金", "实际到位资金", "实际支出", "结余")
    total = Money(planned=planned, received=planned, executed=executed)
    draft.note_money("total", total, stages)
    sums = [planned, planned, executed, planned - executed]
    draft.table.add(
        *(
            text
            for heading, amount in zip(headings, sums, strict=True)
            for text in (draft.writing.money_heading(heading), draft.writing.money(amount))
        )
    )
    labels = {
        "central": "其中：中央财政",
        "province": "省财政",
        "city": "市财政",
        "county": "县市区财政",
        "other": "其它",
    }
    for source, label in labels.items():
        row = money.get(source, Money())
        draft.note_money(source, row, stages)
        left = row.planned - row.executed if row.planned is not None and row.executed is not None else None
        shown = [draft.writing.money(amount) for amount in (row.planned, row.received, row.executed, left)]
        draft.table.add(*(text for amount in shown for text in (label, amount)))


def hunan(content: Content) -> Draft:
    """Hunan's form: pairs of money, a list of vouchers, goals, a table of indicators without points."""
    draft = blank_form(content, 8)
    draft.writing.empty = ""
    draft.lines_above.append(f"{draft.truth.fiscal_year}年度项目支出绩效自评报告")
    draft.table.add("项目名称", FormCell(draft.truth.project_name or "", 7))
    draft.table.add("项目单位", FormCell(draft.truth.unit, 3), "主管部门", FormCell(content.bureau(), 3))
    draft.table.add(FormCell("一、项目基本概况", 8))
    year = draft.truth.fiscal_year
    draft.table.add("项目起止时间", FormCell(f"{year}年1月起至{year}年12月止", 7))
    _hunan_money(draft)
    draft.table.add(FormCell("二、项目支出明细情况", 8))
    draft.table.add(*(FormCell(text, 2) for text in ("支出内容", "实际支出数", "会计凭证号", "备注")))
    for matter in ("设备购置", "工程款", "劳务费")[: content.random.randint(1, 3)]:
        voucher = f"{content.random.randint(1, 12)}月{content.random.randint(1, 99)}号凭证"
        spent = plain(Decimal(content.count()) / 10)
        draft.table.add(FormCell(matter, 2), FormCell(spent, 2), FormCell(voucher, 2), FormCell("", 2))
    draft.table.add(FormCell("三、项目绩效自评情况", 8))
    draft.table.add(
        FormCell("项目绩效定性目标及实施计划完成情况", 2, 2), FormCell("预期目标", 3), FormCell("实际完成", 3)
    )
    draft.table.add(FormCell(content.goal_text(), 3), FormCell(content.result_text(), 3))
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "指标内容", 2),
        Column("target", content.one_of("指标值", "目标值")),
        Column("actual", "实际完成值", 2),
    ]
    draft.add_indicators(draft.plan_indicators(NATIONAL_2020), columns, "项目绩效定量目标（指标）及完成情况")
    draft.table.add(FormCell("四、自评结论", 8))
    draft.truth.total_score = Decimal(content.random.randint(70, 100))
    draft.truth.grade = draft.writing.grade(draft.truth.total_score)
    draft.table.add(
        FormCell("自评综合得分", 2),
        FormCell(draft.writing.points(draft.truth.total_score), 2),
        FormCell("评价等次", 2),
        FormCell(draft.truth.grade, 2),
    )
    return draft


def xinjiang(content: Content) -> Draft:
    """Xinjiang's form with thirteen columns of indicators."""
    draft = blank_form(content, 13)
    draft.add_title("项目支出绩效自评表")
    draft.add_identity()
    draft.add_national_money(5)
    draft.add_goals()
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "三级指标"),
        Column(content.one_of("计划标准", "历史标准", "行业标准"), "指标值设置依据"),
        Column("weight", "权重"),
        Column(content.one_of("98%", "120", "—", "95"), "上年完成值"),
        Column("target", "年度指标值"),
        Column("actual", "实际完成值"),
        Column("share", "完成率"),
        Column("score", "得分"),
        Column(content.one_of("直接赋分", "按完成比例赋分"), "指标赋分规则"),
        Column(content.one_of("验收单", "支付凭证、花名册"), "佐证资料"),
        Column("reason", "偏差原因分析及改进措施"),
    ]
    draft.add_indicators(draft.plan_indicators(NATIONAL_2021), columns, None)
    total = draft.total()
    draft.table.add(FormCell("总分", 4), "100", FormCell("", 4), draft.writing.points(total), FormCell("", 3))
    return draft


def _chongqing_money(draft: Draft, plan: Mapping[str, Money], rate: str, score: Decimal) -> None:
    """Two rows, the points of the execution below headings of their own."""
    stages = ("initial_budget", "adjusted_budget", "executed")
    draft.table.add(
        FormCell(draft.writing.money_heading("项目资金"), 1, 3),
        FormCell("", 3),
        "年初预算数",
        "全年（调整）预算数",
        "全年执行数",
        FormCell("执行率（%）", 2),
        "执行率权重",
        "执行率得分（分）",
    )
    for source, label in (("total", "年度总金额"), ("fiscal", "其中：财政资金")):
        draft.note_money(source, plan[source], stages)
        sums = [draft.writing.money(getattr(plan[source], stage)) for stage in stages]
        is_total = source == "total"
        draft.table.add(
            FormCell(label, 3),
            *sums,
            FormCell(rate if is_total else "", 2),
            "10" if is_total else "",
            draft.writing.points(score) if is_total else "",
        )


def chongqing(content: Content) -> Draft:
    """Chongqing's form: the total at the top, indicators without levels, unit and comparator before the targets."""
    draft = blank_form(content, 11)
    writing = draft.writing
    draft.add_title("部门预算项目绩效自评表")
    rows = draft.plan_indicators(NATIONAL_2021)
    plan = draft.plan_money()
    rate, score = draft.write_execution(plan["total"], 10)
    draft.truth.total_score = sum((row.score for row in rows), score)
    draft.table.add(
        "项目名称",
        FormCell(draft.truth.project_name or "", 6),
        FormCell("自评总分（分）", 2),
        FormCell(writing.points(draft.truth.total_score), 2),
    )
    draft.table.add(
        "主管部门",
        FormCell(content.bureau(), 6),
        FormCell("实施单位", 2),
        FormCell(draft.truth.unit, 2),
    )
    _chongqing_money(draft, plan, rate, score)
    draft.add_goals()
    columns = [
        Column("name", "指标名称"),
        Column("measure", "计量单位"),
        Column("nature", "指标性质"),
        Column("value", "年初指标值"),
        Column("", "调整指标值"),
        Column("actual", "全年完成值"),
        Column("share", "得分系数"),
        Column("weight", "指标权重"),
        Column("score", "指标得分"),
        Column(content.one_of("是", "否"), "是否核心指标"),
        Column("reason", "说明"),
    ]
    draft.add_indicators(rows, columns, None)
    return draft


_NINGXIA: Profile = (
    ("项目决策", 20, (("项目立项", "ecological"), ("绩效目标", "lasting"))),
    ("项目管理", 20, (("资金管理", "quality"), ("组织实施", "lasting"))),
    ("项目产出", 30, (("产出数量", "quantity"), ("产出质量", "quality"), ("产出时效", "timeliness"))),
    ("项目效益", 30, (("社会效益", "social"), ("服务对象满意度", "satisfaction"))),
)


def ningxia(content: Content) -> Draft:
    """Ningxia's form: decision, management, output and benefit with points in every row, no targets."""
    draft = blank_form(content, 6)
    writing = draft.writing
    draft.lines_above.append(f"{draft.truth.fiscal_year}年财政支出项目绩效自评表")
    draft.table.add("项目名称", FormCell(draft.truth.project_name or "", 2), "项目单位", FormCell(draft.truth.unit, 2))
    amount = writing.sum_of_money()
    spent = writing.part_of(amount, content.share_spent())
    draft.note_money("total", Money(received=amount, executed=spent), ("received", "executed"))
    draft.truth.add_sum("approved", "total", amount)
    heading = writing.money_heading
    draft.table.add(
        heading("预算安排"),
        writing.money(amount),
        heading("实际到位"),
        writing.money(amount),
        heading("实际支出"),
        writing.money(spent),
    )
    columns = [
        Column("level1", "一级指标"),
        Column("level2", "二级指标"),
        Column("name", "三级指标"),
        Column("weight", "分值"),
        Column("actual", content.one_of("完成情况", "实际完成情况")),
        Column("score", "得分"),
    ]
    draft.add_indicators(draft.plan_indicators(_NINGXIA), columns, None)
    total = draft.total()
    draft.table.add(FormCell(content.one_of("自评得分", "合计"), 3), "100", "", writing.points(total))
    return draft
