"""What is read from reports in prose: mechanisms shown on texts written for the purpose."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import FundPerfError, LayoutError
from ingest.extraction import extract_document
from ingest.reading import read_document
from ingest.records import ReportRecord
from tests.conftest import SAMPLES, extract_file, extract_text

HEAD = "某项目2022年度绩效自评报告\n一、项目资金申报及使用情况\n（一）资金投入情况\n"


def report_of(body: str, head: str = HEAD) -> ReportRecord:
    return extract_text(head + body).reports[0]


def funding_of(body: str, head: str = HEAD) -> list[tuple[str, str, str]]:
    return [(line.stage, line.source, str(line.amount_yuan)) for line in report_of(body, head).funding]


class TestFunding:
    def test_sources_take_the_stage_of_their_total(self) -> None:
        assert funding_of("年初预算数20万元，其中：财政拨款15万元，其他资金5万元。\n") == [
            ("initial_budget", "total", "200000.00"),
            ("initial_budget", "fiscal", "150000.00"),
            ("initial_budget", "other", "50000.00"),
        ]

    def test_an_amount_before_its_label_is_read(self) -> None:
        assert funding_of("衔接资金2179万元已全部拨付到位。\n") == [("received", "total", "21790000.00")]

    def test_the_nearest_word_decides_between_stage_and_purpose(self) -> None:
        assert funding_of("实际支出18万元，主要用于机房维护费用12万元。\n") == [("executed", "total", "180000.00")]

    def test_prices_changes_and_batches_are_no_funding(self) -> None:
        assert funding_of(
            "补助标准每户2万元，较上年增加3万元。2022年分两批下达：3月下达10万元，8月下达5万元，合计15万元。\n"
            "年初预算数8万元。\n"
        ) == [("approved", "total", "150000.00"), ("initial_budget", "total", "80000.00")]

    def test_transfer_payment_is_no_payment(self) -> None:
        assert funding_of("下达2022年中央财政林业转移支付资金921.25万元。\n") == [("approved", "central", "9212500.00")]

    def test_a_goal_names_money_without_funding_it(self) -> None:
        head = "某项目2022年度绩效自评报告\n一、预期目标\n"
        report = report_of("全年用20万元做维护。\n二、资金情况\n（一）资金使用情况\n实际支出18万元。\n", head)
        assert [(line.stage, line.amount_yuan) for line in report.funding] == [("executed", Decimal("180000.00"))]
        assert [(mention.section, mention.amount_yuan) for mention in report.mentions] == [
            ("goal", Decimal("200000.00"))
        ]

    def test_a_sum_stated_again_is_a_mention_and_not_a_second_line(self) -> None:
        report = report_of("实际支出18万元。\n（二）资金使用情况\n全年实际支出18.00万元。\n")
        assert len(report.funding) == 1
        assert [(mention.stage, mention.as_written) for mention in report.mentions] == [("executed", "18.00万元")]

    def test_contradicting_sums_are_both_kept_and_pointed_out(self) -> None:
        report = report_of("实际支出18万元。\n（二）资金使用情况\n实际支出19万元。\n")
        assert [line.as_written for line in report.funding] == ["18万元", "19万元"]
        warning = next(warning for warning in report.warnings if warning.code == "conflicting_funding_lines")
        assert [warning.evidence.text, *(place.text for place in warning.places)] == ["18万元", "19万元"]

    def test_yuan_is_never_taken_for_ten_thousands(self) -> None:
        assert funding_of("全年共计支出16800元。\n") == [("executed", "total", "16800.00")]


class TestExecutionRate:
    @pytest.mark.parametrize(
        ("text", "rate"),
        [
            ("预算执行率 100%。", "100"),
            ("执行率为97.5％。", "97.5"),
            ("支付率达88%。", "88"),
            ("执行率(B/A)104.20%。", "104.2"),
        ],
    )
    def test_a_printed_rate_is_kept_as_printed(self, text: str, rate: str) -> None:
        report = report_of(f"年初预算数18万元，{text}\n")
        assert report.execution.stated_rate_pct == Decimal(rate)
        assert report.execution.evidence is not None

    @pytest.mark.parametrize("text", ["资金到位率100%。", "完工率243%。", "验收合格率达100%。"])
    def test_other_rates_are_no_execution_rate(self, text: str) -> None:
        assert report_of(f"年初预算数18万元，{text}\n").execution.stated_rate_pct is None


class TestIndicators:
    BODY = "二、绩效指标完成情况\n(一) 产出指标（50分）完成情况\n1、数量指标\n"

    def test_a_numbered_sentence_becomes_an_indicator_with_its_levels(self) -> None:
        report = report_of(
            "年初预算数18万元。\n" + self.BODY + "1)路灯，目标值≥100盏，实际完成99盏，分值10，得分9.9分。\n"
        )
        indicator = report.indicators[0]
        assert (indicator.level1, indicator.level2, indicator.name) == ("产出指标", "数量指标", "路灯")
        assert (indicator.target, indicator.target_operator, indicator.target_value) == ("≥100盏", ">=", Decimal(100))
        assert (indicator.actual, indicator.actual_value, indicator.actual_unit) == ("99盏", Decimal(99), "盏")
        assert (indicator.weight, indicator.score) == (Decimal(10), Decimal("9.9"))
        assert indicator.evidence.text.startswith("1)路灯，")

    def test_a_target_that_cannot_be_read_keeps_its_text_and_warns(self) -> None:
        report = report_of("年初预算数18万元。\n" + self.BODY + "1)路灯，目标值3月底前完成80%以上，实际完成99盏。\n")
        assert (report.indicators[0].target, report.indicators[0].target_state) == ("3月底前完成80%以上", "unreadable")
        assert [warning.code for warning in report.warnings].count("unreadable_value") == 1

    def test_points_that_are_no_number_warn(self) -> None:
        report = report_of(
            "年初预算数18万元。\n" + self.BODY + "1)路灯，目标值≥100盏，实际完成99盏，分值十分，得分9。\n"
        )
        assert report.indicators[0].weight is None
        assert any("十分" in warning.message for warning in report.warnings)

    def test_a_sentence_with_one_label_is_no_indicator(self) -> None:
        assert report_of("年初预算数18万元。\n实际完成99盏路灯的安装。\n").indicators == ()


class TestEvaluation:
    def test_total_and_grade_are_read_with_their_places(self) -> None:
        record = extract_text(HEAD + "年初预算数18万元。\n（四）自评得分情况\n绩效自评得分93.5分，等级为“良好”。\n")
        report = record.reports[0]
        assert (report.evaluation.total_score, report.evaluation.grade) == (Decimal("93.5"), "良好")
        assert report.field_evidence["evaluation.total_score"].text == "自评得分93.5分" or (
            report.field_evidence["evaluation.total_score"].text == "绩效自评得分93.5分"
        )

    def test_no_score_is_null_and_not_zero(self) -> None:
        report = report_of("年初预算数18万元。\n三、评价结论\n项目完成良好。\n")
        assert (report.evaluation.total_score, report.evaluation.grade) == (None, None)
        assert report.evaluation.conclusion == "项目完成良好。"


class TestFindings:
    def test_each_numbered_problem_is_one_finding(self) -> None:
        report = report_of(
            "年初预算数18万元。\n三、存在的问题\n1.管理机制不全，需要补充。\n2.资金有缺口，需要争取。\n四、相关建议\n规范使用。\n"
        )
        assert [(finding.kind, finding.text) for finding in report.findings] == [
            ("problem", "管理机制不全，需要补充。"),
            ("problem", "资金有缺口，需要争取。"),
            ("suggestion", "规范使用。"),
        ]

    def test_a_section_that_says_none_has_no_finding(self) -> None:
        assert report_of("年初预算数18万元。\n三、存在的问题\n无。\n").findings == ()

    @pytest.mark.parametrize("words", ["无。", "暂无", "未发现问题。", "不涉及"])
    def test_that_there_are_no_problems_is_a_statement(self, words: str) -> None:
        report = report_of(f"年初预算数18万元。\n三、存在的问题\n{words}\n四、相关建议\n无。\n")
        assert report.findings == ()
        assert [(said.kind, said.text) for said in report.statements] == [("no_problem", words)]

    def test_the_goal_and_its_result_are_kept_in_their_own_words(self) -> None:
        report = report_of("一、绩效目标\n改造管网10公里。\n年初预算数18万元。\n二、绩效目标完成情况\n管网已改造。\n")
        assert [(said.kind, said.text) for said in report.statements] == [
            ("goal", "改造管网10公里。"),
            ("goal", "年初预算数18万元。"),
            ("goal_result", "管网已改造。"),
        ]

    def test_an_empty_heading_is_a_warning_and_no_finding(self) -> None:
        report = report_of("年初预算数18万元。\n三、存在的问题\n四、相关建议\n规范使用。\n")
        assert [finding.kind for finding in report.findings] == ["suggestion"]
        assert [warning.evidence.text for warning in report.warnings if warning.code == "empty_heading"] == [
            "三、存在的问题"
        ]


class TestCitations:
    @pytest.mark.parametrize(
        ("text", "number", "title"),
        [
            ("依据盐边财政【2020】8号文件", "盐边财政〔2020〕8号", None),
            ("根据川财资环〔2022〕34号", "川财资环〔2022〕34号", None),
            ("按照《某管理办法》（豫财农[2018]130号）", "豫财农〔2018〕130号", "某管理办法"),
            ("（巴财农2023〕444号）", "巴财农〔2023〕444号", None),
            ("执行《某管理制度》", None, "某管理制度"),
        ],
    )
    def test_numbers_take_the_normal_form_and_keep_the_printed_one(
        self, text: str, number: str | None, title: str | None
    ) -> None:
        citation = report_of(f"年初预算数18万元。\n{text}。\n").citations[0]
        assert (citation.document_number, citation.title) == (number, title)
        assert citation.as_written in text


class TestIdentity:
    @pytest.mark.parametrize(
        ("title", "year", "name", "county"),
        [
            ("2023年金保工程网络维护费项目绩效自评报告", 2023, "金保工程网络维护费", None),
            ("临河区2023年耕地地力保护补贴项目支出绩效自评报告", 2023, "耕地地力保护补贴项目", "临河区"),
            ("天津市东丽湖新建光辉路工程项目2020年度绩效自评报告", 2020, "天津市东丽湖新建光辉路工程项目", None),
            ("2022-2025龙游县幼儿园提升改造绩效评价报告", None, "2022-2025龙游县幼儿园提升改造", "龙游县"),
        ],
    )
    def test_the_title_gives_year_project_and_region(
        self, title: str, year: int | None, name: str, county: str | None
    ) -> None:
        report = report_of("年初预算数18万元。\n", f"{title}\n一、资金情况\n（一）资金使用情况\n")
        assert (report.fiscal_year, report.project_name, report.region.county) == (year, name, county)

    def test_labels_win_over_the_title(self) -> None:
        report = report_of("实施单位：西平县交通运输局。项目名称为：通村道路。年初预算数18万元。\n")
        assert (report.unit, report.project_name, report.region.county) == ("西平县交通运输局", "通村道路", "西平县")

    def test_a_region_that_is_only_hinted_at_stays_null(self) -> None:
        report = report_of("年初预算数18万元。遵守国家、自治区的政策。\n")
        assert (report.region.province, report.region.hint) == (None, "自治区")

    def test_contact_persons_reach_no_part_of_the_record(self) -> None:
        record = extract_text(HEAD + "联系人王小明，电话13800000000。年初预算数18万元。\n")
        printed = record.to_json()
        assert "王小明" not in printed
        assert "13800000000" not in printed


class TestNoInvention:
    @pytest.mark.parametrize(
        "text",
        [
            "今天的会议讨论了道路建设，预算执行数18万元已经公布。\n",
            "绩效这个词出现在一篇普通文章里，讲的是学校的历史。\n",
            "春天来了。" * 200,
        ],
    )
    def test_a_text_that_is_no_report_gives_none(self, text: str) -> None:
        with pytest.raises(LayoutError, match=r"report\.txt"):
            extract_text(text)

    def test_a_row_of_a_form_without_actual_values_gets_none(self) -> None:
        report = report_of("项目支出绩效自评表\n一级指标 二级指标 三级指标 指标值\n产出指标 数量指标 路灯 100\n")
        (indicator,) = report.indicators
        assert (indicator.target, indicator.actual, indicator.score) == ("100", None, None)

    def test_a_report_without_digits_states_no_figure(self) -> None:
        for sample in sorted(SAMPLES.glob("*.txt")):
            text = "".join("" if char.isdigit() else char for char in sample.read_text(encoding="utf-8"))
            try:
                report = extract_text(text).reports[0]
            except LayoutError:
                continue
            assert report.funding == ()
            assert report.evaluation.total_score is None
            assert report.execution.stated_rate_pct is None
            assert all(indicator.target_value is None and indicator.score is None for indicator in report.indicators)

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_a_mutated_report_never_breaks_and_never_loses_its_places(self, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from([path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]))
        lines = text.split("\n")
        kept = data.draw(st.lists(st.sampled_from(range(len(lines))), min_size=1, max_size=len(lines), unique=True))
        noise = data.draw(st.text(max_size=5))
        mutated = noise.join(lines[index] for index in kept)
        try:
            record = extract_text(mutated)
        except FundPerfError:
            return
        canonical = record.document.canonical_text or ""
        for place in record.reports[0].evidences():
            assert canonical[place.start : place.end] == place.text


def test_every_sample_is_read_with_true_places() -> None:
    samples = sorted(SAMPLES.glob("*.txt"))
    assert len(samples) >= 8
    for sample in samples:
        record = extract_file(sample)
        canonical = record.document.canonical_text or ""
        for report in record.reports:
            assert report.funding
            assert all(canonical[place.start : place.end] == place.text for place in report.evidences())


class TestDamagedFiles:
    def test_a_text_that_stops_inside_a_sentence_is_loaded_with_a_warning(self) -> None:
        report = report_of("年初预算数18万元。\n（二）项目管理情况\n严格执行管理制度，按程序办理，项目资金专款专\n")
        assert [warning.code for warning in report.warnings] == ["text_ends_in_the_middle"]

    def test_a_text_that_ends_with_a_sentence_has_no_such_warning(self) -> None:
        report = report_of("年初预算数18万元。\n（二）项目管理情况\n严格执行管理制度，按程序办理，项目资金专款专用。\n")
        assert report.warnings == ()

    def test_damaged_characters_are_pointed_at(self) -> None:
        data = (HEAD + "年初预算数18万元。\n").encode() + "完".encode()[:2]
        record = extract_document(read_document(data, "a.txt"))
        assert [(warning.code, warning.evidence.text) for warning in record.reports[0].warnings] == [
            ("damaged_characters", "\ufffd")
        ]


class TestNotEveryNumberIsAValue:
    """Words and signs that change what a figure means; each line was read wrongly once."""

    @pytest.mark.parametrize(
        ("text", "funding"),
        [
            ("预算安排100万元，未支付20万元。", [("approved", "1000000.00")]),
            ("预算安排100万元，计划支付90万元。", [("approved", "1000000.00")]),
            ("安排资金80万元，同比2021年支出60万元增长33%。", [("approved", "800000.00")]),
            ("2021年安排资金50万元，2022年安排资金80万元。", [("approved", "800000.00")]),
            ("预算安排50万元，人均支出5000元。", [("approved", "500000.00")]),
            ("下达资金每县5万元。", []),
            ("第一批下达50万元，第二批下达50万元。", []),
            ("3月支付10万元，6月支付10万元。", []),
            ("年初预算5，000万元。", []),
            ("实际支出50～60万元。", []),
            ("实际支出-5万元。", []),
            ("下达资金3亿5000万元。", [("approved", "350000000.00")]),
            ("支出99999999999亿元。", []),
            ("中央资金300万元，其中中央水利资金100万元，已全部到位。", [("received", "3000000.00")]),
        ],
    )
    def test_money_that_is_not_this_years_spending_is_no_funding(
        self, text: str, funding: list[tuple[str, str]]
    ) -> None:
        report = report_of(text + "\n（二）自评得分情况\n自评得分90分。\n")
        assert [(line.stage, str(line.amount_yuan)) for line in report.funding] == funding

    @pytest.mark.parametrize("text", ["年初预算5，000万元。", "支出50～60万元。", "支出20万余元。", "支出数百万元。"])
    def test_money_that_cannot_be_read_exactly_is_a_warning(self, text: str) -> None:
        report = report_of(text + "\n（二）自评得分情况\n自评得分90分。\n")
        assert "unreadable_money" in [warning.code for warning in report.warnings]

    @pytest.mark.parametrize(
        ("text", "total"),
        [
            ("总分100分，自评得分92分。", "92"),
            ("自评总分100分，实得92分。", "92"),
            ("自评总分（100分）：97.5分。", "97.5"),
            ("上年自评得分80分，本年自评得分95分。", "95"),
            ("自评得分90-100分为优。最终得分86分。", "86"),
            ("自评得分：97.5分。", "97.5"),
            ("自评总分100分。", "100"),
            ("总分100分。", None),
            ("甲项自评得分10分，乙项自评得分48分。", None),
        ],
    )
    def test_a_total_is_read_only_where_one_candidate_is_left(self, text: str, total: str | None) -> None:
        report = report_of(f"年初预算18万元。\n（二）评价\n{text}\n")
        assert report.evaluation.total_score == (None if total is None else Decimal(total))

    @pytest.mark.parametrize(
        ("text", "grade"),
        [
            ("评价等级为“优”。", "优"),
            ("评价等级分为优、良、中、差四个等级，本项目评价等级为良。", "良"),
            ("评定等级：一般公共预算项目。", None),
            ("评价等级良好以上。", None),
            ("甲项等级为优，乙项等级为良。", None),
        ],
    )
    def test_a_grade_is_no_part_of_a_scale_or_of_another_word(self, text: str, grade: str | None) -> None:
        assert report_of(f"年初预算18万元。\n（二）评价\n{text}\n").evaluation.grade == grade

    @pytest.mark.parametrize(
        ("text", "rate"),
        [
            ("上年执行率80%，本年执行率97%。", "97"),
            ("补贴发放率100%，预算执行率95.5%。", "95.5"),
            ("截至6月底执行率50%，12月底执行率99%。", None),
            ("执行率90%以上。", None),
            ("执行率97.36842105%。", "97.368421"),
        ],
    )
    def test_a_rate_is_this_years_and_the_only_one(self, text: str, rate: str | None) -> None:
        stated = report_of(f"年初预算18万元，{text}\n").execution.stated_rate_pct
        assert stated == (None if rate is None else Decimal(rate))

    @pytest.mark.parametrize("text", ["计划于2023年5月完工。", "2023年6月30日前应拨付到位。", "2022年2月30日，支付。"])
    def test_what_is_planned_due_or_impossible_has_not_happened(self, text: str) -> None:
        assert report_of(f"年初预算18万元。\n{text}\n").events == ()

    def test_funding_under_a_process_heading_is_read(self) -> None:
        report = report_of("（二）过程情况\n1、资金管理\n年初预算数100万元，实际支出95万元。\n")
        assert [line.stage for line in report.funding] == ["initial_budget", "executed"]

    def test_an_indicator_that_is_not_understood_is_a_warning(self) -> None:
        report = report_of("年初预算18万元。\n（二）产出指标完成情况\n路灯安装，目标值见附表。\n")
        assert [warning.code for warning in report.warnings] == ["indicator_not_read"]

    def test_a_report_whose_figures_cannot_be_read_is_loaded_with_its_warnings(self) -> None:
        report = report_of("年初预算5，000万元。\n")
        assert report.funding == ()
        assert [warning.code for warning in report.warnings] == ["unreadable_money"]

    def test_sums_that_could_stand_in_several_columns_are_not_guessed(self) -> None:
        report = report_of(
            "某项目2022年度绩效自评报告\n年初预算数 全年预算数 全年执行数 分值 执行率 得分\n资金总额 20 18 17.1\n"
        )
        assert report.funding == ()
        assert "cells_not_told_apart" in {warning.code for warning in report.warnings}

    def test_a_share_in_the_prose_is_a_mention(self) -> None:
        report = report_of("年初预算18万元，执行率95%，群众满意度达98.7%。\n")
        assert [(mention.kind, mention.as_written) for mention in report.mentions] == [("rate", "98.7%")]

    def test_a_second_report_in_the_document_is_read_as_one(self) -> None:
        record = extract_text(
            HEAD + "年初预算18万元。\n附件2 某乡道路项目绩效评价报告\n一、项目概况\n年初预算20万元。\n"
            "二、评价结论\n完成。\n"
        )
        assert [[line.as_written for line in report.funding] for report in record.reports] == [["18万元"], ["20万元"]]

    def test_attachments_named_at_the_end_are_no_further_report(self) -> None:
        report = report_of("年初预算18万元。\n附件：某项目绩效自评报告\n")
        assert report.warnings == ()


class TestSeveralProjects:
    """What sentences of one report tell of its projects is these projects' money."""

    def test_each_sum_of_a_list_goes_to_its_project_and_the_total_stays(self) -> None:
        whole, home, school = extract_text(
            "南县民政局2022年度社会福利项目绩效自评报告\n一、资金\n下达我局项目资金如下：敬老院改造项目36万元（其中：省级福彩公益金"
            "30万元，县财政6万元）；孤儿生活保障、助学项目5万元；共计41万元。\n二、执行\n敬老院改造项目因未验收，支出0元；"
            "孤儿生活保障、助学项目支出5万元。\n"
        ).reports
        assert home.project_name == "敬老院改造项目"
        assert [(line.stage, line.as_written) for line in home.funding] == [
            ("approved", "36万元"),
            ("approved", "30万元"),
            ("approved", "6万元"),
            ("executed", "0元"),
        ]
        assert [(line.stage, line.as_written) for line in school.funding] == [
            ("approved", "5万元"),
            ("executed", "5万元"),
        ]
        assert [line.as_written for line in whole.funding] == ["41万元"]

    def test_chapters_have_their_scores_and_the_whole_has_no_name_of_its_own(self) -> None:
        whole, dams, slopes = extract_text(
            "南县水利局2022年水利专项资金绩效自评报告\n2022年预算90万元，支出80万元。\n【专项一】水库加固专项资金\n"
            "支出45万元。得分97分。\n【专项二】水土保持专项资金\n支出35万元。得分94分。\n"
        ).reports
        assert [dams.evaluation.total_score, slopes.evaluation.total_score] == [97, 94]
        assert (whole.project_name, whole.evaluation.total_score) == (None, None)

    def test_the_level_in_the_title_holds_for_what_each_chapter_was_given(self) -> None:
        reports = extract_text(
            "南县农业农村局2022年度中央农业转移支付资金绩效自评报告\n一、农田建设补助资金\n（一）资金情况\n"
            "下达农田建设补助资金20万元，支出15万元。\n二、农机购置补贴资金\n（一）资金情况\n下达农机购置补贴资金6万元。\n"
        ).reports
        found = [(line.stage, line.source) for report in reports for line in report.funding]
        assert found == [("approved", "central"), ("executed", "total"), ("approved", "central")]
