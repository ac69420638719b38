"""Forms in true tables: a value's heading is the cell above it or left of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.extraction import extract_document
from ingest.extraction.forms.grid import find_grid_forms
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.reading.building import DocumentBuilder, Table
from ingest.reading.document import Document
from ingest.records import ReportRecord
from tests.support.forms.as_files import grid_of
from tests.support.forms.tables import FormCell, placed

Spec = str | tuple[str, int, int]
MONEY_HEADER: list[Spec] = [
    ("项目资金（万元）", 2, 1),
    "",
    "年初预算数",
    "全年预算数",
    "全年执行数",
    "分值",
    "执行率",
    "得分",
]
INDICATOR_HEADER: list[Spec] = [
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析",
]


def document_of(*parts: str | list[list[Spec]]) -> Document:
    builder = DocumentBuilder(b"form", "form.docx", "application/x-test")
    for part in parts:
        if isinstance(part, str):
            builder.add_paragraph(part)
        else:
            builder.add_table(table_of(part))
    return builder.build()


def table_of(rows: list[list[Spec]]) -> Table:
    """Rows of texts, or of (text, rows, columns); positions covered from above are left out, as in a web page."""
    cells = [
        [FormCell(spec) if isinstance(spec, str) else FormCell(spec[0], spec[2], spec[1]) for spec in row]
        for row in rows
    ]
    return grid_of(placed(cells))


def read(*parts: str | list[list[Spec]]) -> ReportRecord:
    (report,) = extract_document(document_of("项目支出绩效", *parts)).reports
    return report


def lines_of(report: ReportRecord) -> set[tuple[str, str, str]]:
    return {(line.stage, line.source, str(line.amount_yuan)) for line in report.funding}


NAME: list[Spec] = [("项目名称", 1, 2), ("路灯维护", 1, 6)]


def test_every_sum_stands_below_its_stage_and_beside_its_source() -> None:
    report = read([NAME, MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", "96%", "9.6"]])
    assert lines_of(report) == {
        ("initial_budget", "total", "100000.00"),
        ("adjusted_budget", "total", "125000.00"),
        ("executed", "total", "120000.00"),
    }
    execution = report.execution
    assert (execution.stated_rate_pct, execution.weight, execution.score) == (Decimal(96), Decimal(10), Decimal("9.6"))


def test_empty_and_dashed_cells_state_nothing_and_a_zero_does() -> None:
    report = read([NAME, MONEY_HEADER, ["年度资金总额", "", "—", "0.00", "10", "/", "0"]])
    assert lines_of(report) == {("executed", "total", "0.00")}
    assert report.execution.stated_rate_pct is None
    assert report.execution.score == 0


def test_a_unit_in_the_cell_wins_over_the_declared_one() -> None:
    report = read([NAME, MONEY_HEADER, ["年度资金总额", "10", "125000元", "12", "", "", ""]])
    assert ("adjusted_budget", "total", "125000.00") in lines_of(report)


def test_a_sum_without_any_unit_is_kept_as_printed_and_warned_of() -> None:
    header: list[Spec] = [("项目资金", 2, 1), "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    report = read([NAME, header, ["年度资金总额", "10", "12.5", "12", "", "", ""]])
    assert [(line.as_written, line.amount_yuan) for line in report.funding] == [
        ("10", None),
        ("12.5", None),
        ("12", None),
    ]
    assert {warning.code for warning in report.warnings} >= {"money_unit_unknown"}


@pytest.mark.parametrize(
    ("printed", "expected"), [("0.96", 96), ("96", 96), ("96.00%", 96), ("0.96%", "0.96"), ("104.2%", "104.2")]
)
def test_a_rate_is_in_percent_unless_the_sums_say_it_is_a_fraction(printed: str, expected: int | str) -> None:
    report = read([NAME, MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", printed, "9.6"]])
    assert report.execution.stated_rate_pct == Decimal(expected)


def test_levels_go_on_downward_and_a_new_first_level_leaves_the_second_behind() -> None:
    report = read(
        [
            NAME,
            INDICATOR_HEADER,
            ["产出指标（50分）", "数量指标", "路灯", "≥100盏", "120盏", "20", "20", ""],
            ["", "", "指标2：灯杆", "≥50根", "50根", "20", "20", ""],
            ["满意度指标", "", "居民满意度", "≥90%", "95%", "10", "10", ""],
        ]
    )
    assert [(i.level1, i.level2, i.name) for i in report.indicators] == [
        ("产出指标", "数量指标", "路灯"),
        ("产出指标", "数量指标", "灯杆"),
        ("满意度指标", None, "居民满意度"),
    ]


def test_two_rows_of_headings_are_one_heading() -> None:
    report = read(
        [
            NAME,
            [("绩效指标", 1, 3), ("年度指标值", 1, 3), ("实际完成值", 2, 1), ("得分", 2, 1)],
            ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"],
            ["产出指标", "数量指标", "路灯", "≥", "100", "盏", "120", "20"],
        ]
    )
    (indicator,) = report.indicators
    assert (indicator.target, indicator.target_operator, indicator.target_value, indicator.target_unit) == (
        "≥100盏",
        ">=",
        100,
        "盏",
    )
    assert (indicator.actual, indicator.score, indicator.weight) == ("120", 20, None)


def test_points_before_the_target_stand_where_their_heading_stands() -> None:
    report = read(
        [
            NAME,
            ["一级指标", "二级指标", "三级指标", "分值", "年度指标值", "全年实际值", "得分"],
            ["产出指标", "数量指标", "★新修水渠", "15", "≥800米", "820米", "14"],
        ]
    )
    (indicator,) = report.indicators
    assert (indicator.name, indicator.weight, indicator.target, indicator.actual, indicator.score) == (
        "新修水渠",
        15,
        "≥800米",
        "820米",
        14,
    )


def test_the_execution_row_is_no_indicator() -> None:
    report = read(
        [
            NAME,
            INDICATOR_HEADER,
            ["预算执行率", "预算执行率", "预算执行率", "100%", "96%", "10", "9.6", ""],
            ["产出指标", "数量指标", "路灯", "≥100盏", "120盏", "90", "90", ""],
        ]
    )
    assert [indicator.name for indicator in report.indicators] == ["路灯"]
    assert (report.execution.stated_rate_pct, report.execution.weight, report.execution.score) == (
        96,
        10,
        Decimal("9.6"),
    )


def test_a_row_that_says_that_there_is_no_indicator_is_none() -> None:
    rows: list[list[Spec]] = [
        NAME,
        INDICATOR_HEADER,
        ["产出指标", "数量指标", "路灯", "≥100盏", "120盏", "90", "90", ""],
        ["效益指标", "生态效益指标", "无", "/", "/", "", "", ""],
    ]
    assert [indicator.name for indicator in read(rows).indicators] == ["路灯"]


def test_a_total_of_weights_is_no_score() -> None:
    rows: list[list[Spec]] = [
        NAME,
        INDICATOR_HEADER,
        ["产出指标", "数量指标", "路灯", "≥100盏", "120盏", "90", "90", ""],
    ]
    weights_only = read([*rows, [("合计", 1, 5), "100", "", ""]])
    both = read([*rows, [("总分", 1, 5), "100", "96.5", ""]])
    assert weights_only.evaluation.total_score is None
    assert both.evaluation.total_score == Decimal("96.5")


@pytest.mark.parametrize(
    ("cells", "grade"),
    [
        (["优"], "优"),
        (["优□ 良☑ 中□ 差□"], "良"),
        (["□优", "√良", "□中", "□差"], "良"),
        (["优□ 良□ 中□ 差□"], None),
        ([""], None),
    ],
)
def test_the_grade_is_the_word_beside_its_label_or_the_one_that_is_ticked(cells: list[Spec], grade: str | None) -> None:
    report = read(
        [NAME, INDICATOR_HEADER, ["产出指标", "数量指标", "路灯", "≥100盏", "120盏", "90", "90"], ["自评等级", *cells]]
    )
    assert report.evaluation.grade == grade
    place = report.field_evidence.get("evaluation.grade")
    assert (place.text if place is not None else None) == grade


def test_label_and_sum_side_by_side_belong_to_the_stage_above() -> None:
    report = read(
        [
            NAME,
            [
                "计划安排资金（万元）",
                "60",
                "实际到位资金（万元）",
                "60",
                "实际支出（万元）",
                "57.2",
                "结余（万元）",
                "2.8",
            ],
            ["其中：中央财政", "", "其中：中央财政", "", "其中：中央财政", "", "其中：中央财政", ""],
            ["省财政", "60", "省财政", "60", "省财政", "57.2", "省财政", "2.8"],
        ]
    )
    assert lines_of(report) == {
        (stage, source, amount)
        for stage, amount in (("planned", "600000.00"), ("received", "600000.00"), ("executed", "572000.00"))
        for source in ("total", "province")
    }


def test_points_of_the_execution_row_may_stand_in_its_heading() -> None:
    report = read(
        [
            NAME,
            [("预算执行情况（万元）", 2, 1), "", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"],
            ["年度财政资金总额", "60", "54", "90%", "18"],
        ]
    )
    assert (report.execution.weight, report.execution.score) == (20, 18)


def test_a_second_project_in_the_same_table_is_a_second_report() -> None:
    money: list[list[Spec]] = [MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", "96%", "9.6"]]
    other: list[Spec] = [("项目名称", 1, 2), ("河道保洁", 1, 6)]
    record = extract_document(document_of([NAME, *money, other, *money]))
    assert [(report.ordinal, report.project_name) for report in record.reports] == [(1, "路灯维护"), (2, "河道保洁")]
    assert len({report.report_id for report in record.reports}) == 2


def test_a_target_declaration_has_planned_sums_and_never_an_actual_value() -> None:
    report = read(
        "项目支出绩效目标申报表",
        [
            NAME,
            [("项目资金（万元）", 2, 1), "年度资金总额", "76.5"],
            ["其中：财政拨款", "60"],
            ["一级指标", "二级指标", "三级指标", "指标值"],
            ["产出指标", "数量指标", "路灯", "≥100盏"],
        ],
    )
    assert report.kind == "target_declaration"
    assert lines_of(report) == {("planned", "total", "765000.00"), ("planned", "fiscal", "600000.00")}
    (indicator,) = report.indicators
    assert (indicator.target, indicator.actual, indicator.actual_state) == ("≥100盏", None, "blank")


def test_free_texts_are_read_as_prose_under_their_label() -> None:
    report = read(
        [
            NAME,
            [("年度总体目标", 2, 1), ("预期目标", 1, 3), ("实际完成情况", 1, 3)],
            [("更换旧灯", 1, 3), ("更换完毕", 1, 3)],
            *[MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", "96%", "9.6"]],
            [("存在问题", 1, 2), ("灯杆老化。", 1, 5)],
        ]
    )
    assert [(finding.kind, finding.text) for finding in report.findings] == [("problem", "灯杆老化。")]
    assert [(said.kind, said.text) for said in report.statements] == [("goal", "更换旧灯"), ("goal_result", "更换完毕")]


def test_a_box_for_problems_that_says_none_is_a_statement() -> None:
    report = read(
        [
            NAME,
            *[MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", "96%", "9.6"]],
            [("存在问题", 1, 2), ("无", 1, 5)],
            [("改进措施", 1, 2), ("无", 1, 5)],
        ]
    )
    assert report.findings == ()
    assert [(said.kind, said.text) for said in report.statements] == [("no_problem", "无")]


def test_a_table_that_is_no_form_gives_none(lexicon: Lexicon) -> None:
    source = ReportSource.of(document_of("通知", [["序号", "姓名"], ["1", "甲"], ["2", "乙"]]), lexicon)
    assert find_grid_forms(source) == []


def test_every_place_names_table_row_and_column() -> None:
    document = document_of([NAME, MONEY_HEADER, ["年度资金总额", "10", "12.5", "12", "10", "96%", "9.6"]])
    (report,) = extract_document(document).reports
    places = {(line.stage, line.evidence.table, line.evidence.row, line.evidence.column) for line in report.funding}
    assert places == {("initial_budget", 0, 2, 2), ("adjusted_budget", 0, 2, 3), ("executed", 0, 2, 4)}


def test_a_column_that_nobody_knows_is_told_by_a_word_in_it() -> None:
    report = read(
        [
            ["一级指标", "二级指标", "三级指标", "绩效目标", "完成结果", "分值", "得分", "扣分缘由及措施"],
            ["产出指标", "数量指标", "新修渠道", "≥8公里", "7公里", "10", "8.75", "汛期停工"],
        ]
    )
    found = report.indicators[0]
    assert (found.target, found.actual, found.deviation_reason) == ("≥8公里", "7公里", "汛期停工")


def test_an_unknown_column_is_named() -> None:
    report = read(
        [
            ["一级指标", "二级指标", "三级指标", "年度指标值", "审定意见", "实际完成值", "分值", "得分"],
            ["产出指标", "数量指标", "新修渠道", "≥8公里", "同意", "9公里", "10", "10"],
        ]
    )
    unknown = [warning for warning in report.warnings if warning.code == "unknown_heading"]
    assert [warning.evidence.text for warning in unknown if warning.evidence is not None] == ["审定意见"]


def test_the_only_body_that_a_form_names_is_the_one_that_reports() -> None:
    heading: list[Spec] = ["项目名称", "路灯维护", "主管部门", "甲县城管局"]
    report = read([heading, MONEY_HEADER, ["年度资金总额", "", "10", "10", "9", "10", "90%", "9"]])
    assert report.unit == report.department == "甲县城管局"


def test_a_source_that_the_form_makes_up_stands_below_the_total() -> None:
    rows: list[list[Spec]] = [
        ["中央财政衔接推进乡村振兴补助资金", "", "60", "60", "57", "", "95%", ""],
        ["年度资金总额", "", "100", "100", "95", "10", "95%", "9.5"],
    ]
    above = read([NAME, MONEY_HEADER, *rows])
    below = read([NAME, MONEY_HEADER, *reversed(rows)])
    assert {line.source for line in above.funding} == {"total"}
    assert {line.source for line in below.funding} == {"total", "central"}
