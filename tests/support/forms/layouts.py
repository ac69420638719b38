"""The layouts of forms: each function writes one complete form with its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.support.forms.content import Content, Money, plain, rounded
from tests.support.forms.drafting import NATIONAL_2020, NATIONAL_2021, Column, Draft, Profile
from tests.support.forms.tables import FormCell, FormTable
from tests.support.forms.truth import Truth
from tests.support.forms.writing import Writing


def start(content: Content, width: int, *, has_project: bool = True) -> Draft:
    """An empty form with its body, its project and its year."""
    truth = Truth(content.fiscal_year, content.place, content.unit, content.project() if has_project else None)
    return Draft(content, Writing(content), truth, FormTable(width))


def _national_columns(draft: Draft) -> list[Column]:
    word = draft.writing.word
    return [
        *(Column(role, word(role)) for role in ("level1", "level2", "name", "target", "actual", "weight", "score")),
        Column("reason", word("reason")),
    ]


def national(content: Content, profile: Profile = NATIONAL_2020) -> Draft:
    """The national form."""
    draft = start(content, 9)
    draft.add_title("项目支出绩效自评表")
    draft.add_identity(code=content.chance(0.2))
    draft.add_national_money()
    draft.add_goals()
    draft.add_indicators(draft.plan_indicators(profile), _national_columns(draft))
    draft.add_total(6, 1)
    if content.chance(0.4):
        draft.add_text("其他需要说明的问题", "无")
    return draft


def national_2021(content: Content) -> Draft:
    """The national form with cost as a level 1 of its own."""
    return national(content, NATIONAL_2021)


def yunnan(content: Content) -> Draft:
    """Yunnan's 公开14表: comparator, number and unit of the target in columns of their own below a joint heading."""
    draft = start(content, 10)
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


def transfer(content: Content) -> Draft:
    """The form of transfer payments: A, B and B/A, no points."""
    draft = start(content, 7)
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


def sichuan(content: Content) -> Draft:
    """Sichuan's form of 2023: a project code in the name, 权重 for points, three boxes of text at the end."""
    draft = start(content, 11)
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


def hubei(content: Content) -> Draft:
    """Hubei's form: boxes to tick, twenty points for the execution in a heading, points only as reached."""
    draft = start(content, 8)
    word = draft.writing.word
    draft.add_title("项目绩效自评表")
    draft.table.add("项目名称", FormCell(draft.truth.project_name or "", 7))
    draft.table.add("主管部门", FormCell(content.bureau(), 3), "项目实施单位", FormCell(draft.truth.unit, 3))
    draft.table.add("项目类别", FormCell("1、部门预算项目 ☑ 2、县直专项 □ 3、省对下转移支付项目 □", 7))
    draft.table.add("项目属性", FormCell("1、持续性项目 ☑ 2、新增性项目 □", 7))
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
    assert money.executed is not None
    assert money.adjusted_budget is not None
    draft.note_money("total", money, ("adjusted_budget", "executed"))
    rate, draft.truth.rate = draft.writing.rate(money.executed, money.adjusted_budget)
    draft.truth.rate_weight, draft.truth.rate_score = Decimal(20), rounded(draft.truth.rate / 5, 2)
    draft.table.add(
        FormCell("年度财政资金总额", 2),
        draft.writing.money(money.adjusted_budget),
        draft.writing.money(money.executed),
        rate,
        FormCell(draft.writing.points(draft.truth.rate_score), 2),
    )
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
    draft = start(content, 8)
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


def village(content: Content) -> Draft:
    """A village's form: points before the target, stars before names, rows that begin with 其中."""
    draft = start(content, 9)
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


def xinjiang(content: Content) -> Draft:
    """Xinjiang's form with thirteen columns of indicators."""
    draft = start(content, 13)
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


def chongqing(content: Content) -> Draft:
    """Chongqing's form: the total at the top, indicators without levels, unit and comparator before the targets."""
    draft = start(content, 11)
    writing = draft.writing
    draft.add_title("部门预算项目绩效自评表")
    rows = draft.plan_indicators(NATIONAL_2021)
    plan = draft.plan_money()
    money = plan["total"]
    assert money.executed is not None
    assert money.adjusted_budget is not None
    rate, draft.truth.rate = writing.rate(money.executed, money.adjusted_budget)
    draft.truth.rate_weight, draft.truth.rate_score = Decimal(10), rounded(draft.truth.rate / 10, 2)
    draft.truth.total_score = sum((row.score for row in rows), draft.truth.rate_score)
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
    stages = ("initial_budget", "adjusted_budget", "executed")
    draft.table.add(
        FormCell(writing.money_heading("项目资金"), 1, 3),
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
        sums = [writing.money(getattr(plan[source], stage)) for stage in stages]
        is_total = source == "total"
        draft.table.add(
            FormCell(label, 3),
            *sums,
            FormCell(rate if is_total else "", 2),
            "10" if is_total else "",
            writing.points(draft.truth.rate_score) if is_total else "",
        )
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
    draft = start(content, 6)
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


def block_score(content: Content) -> Draft:
    """A form of blocks with points each; the total stands below its label, beside the department."""
    draft = start(content, 8)
    writing = draft.writing
    draft.add_title("项目绩效自评表")
    rows = draft.plan_indicators(NATIONAL_2020)
    money = draft.plan_money()["total"]
    assert money.executed is not None
    assert money.adjusted_budget is not None
    rate, draft.truth.rate = writing.rate(money.executed, money.adjusted_budget)
    draft.truth.rate_weight, draft.truth.rate_score = Decimal(10), rounded(draft.truth.rate / 10, 2)
    draft.truth.total_score = sum((row.score for row in rows), draft.truth.rate_score)
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
        writing.points(draft.truth.rate_score),
    )
    draft.add_goals()
    draft.add_indicators(rows, _national_columns(draft)[:-1])
    return draft


def checklist(content: Content) -> Draft:
    """A list of checks: name, explanation, record, evidence; sums with their parts within a cell."""
    draft = start(content, 4)
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


def declaration(content: Content) -> Draft:
    """A declaration of targets: the same blocks, sums without a stage, nothing reached yet."""
    draft = start(content, 8)
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
    draft = start(content, 9, has_project=False)
    draft.add_title("部门整体支出绩效自评表")
    draft.table.add("部门名称", FormCell(draft.truth.unit, 8))
    draft.add_national_money()
    draft.add_goals()
    draft.add_indicators(draft.plan_indicators(NATIONAL_2020), _national_columns(draft))
    draft.add_total(6, 1)
    return draft


LAYOUTS: Mapping[str, Callable[[Content], Draft]] = {
    "national": national,
    "national_2021": national_2021,
    "yunnan": yunnan,
    "transfer": transfer,
    "sichuan": sichuan,
    "hubei": hubei,
    "hunan": hunan,
    "village": village,
    "xinjiang": xinjiang,
    "chongqing": chongqing,
    "ningxia": ningxia,
    "block_score": block_score,
    "checklist": checklist,
    "declaration": declaration,
    "department": department,
}
"""Every layout by its name."""
