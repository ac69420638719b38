"""The rules that a batch is checked by, as data: one sentence in both languages, severity, version, expectation.

A new rule is one more entry here; `version` is raised whenever a rule changes, so that history stays comparable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Severity = Literal["critical", "warning"]

# A county project above a hundred billion yuan is a unit slip (元 taken for 万元).
_LARGEST_AMOUNT_YUAN = 10**11
# Beyond these no report of a public unit lies, and sums and differences would leave the columns of the marts.
_AMOUNT_BOUND_YUAN = 10**13
_RATE_BOUND_PCT = 10**6
_FIGURE_BOUND = 10**15


@dataclass(frozen=True, slots=True)
class Check:
    """One rule on one frame. `expectation` names a class of Great Expectations, `arguments` are its own."""

    subject: str
    name: str
    severity: Severity
    zh: str
    en: str
    expectation: str
    arguments: Mapping[str, Any]
    version: int = 1

    @property
    def versioned_name(self) -> str:
        """The name as results keep it: a changed rule has another name, so history stays comparable."""
        return f"{self.name}.v{self.version}"


_DOCUMENT_CHECKS = (
    Check(
        "documents",
        "record_appears_once",
        "critical",
        "同一条记录在一个批次中只出现一次。",
        "A record appears once in a batch.",
        "ExpectColumnValuesToBeUnique",
        {"column": "record_id"},
    ),
    Check(
        "documents",
        "published_in_the_past",
        "warning",
        "公开日期不晚于明天。",
        "The publication date is not later than tomorrow.",
        "ExpectColumnValuesToBeBetween",
        {"column": "days_until_published", "max_value": 1},
    ),
)


_REPORT_KEYS = (
    Check(
        "reports",
        "belongs_to_a_document",
        "critical",
        "每份报告都属于本批次的一个文件。",
        "Every report belongs to a document of the batch.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "document_sha256"},
    ),
    Check(
        "reports",
        "key_is_unique",
        "critical",
        "一条记录中的 report_id 不重复。",
        "A report_id appears once in a record.",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["record_id", "report_id"]},
    ),
)
_REPORT_VALUES = (
    Check(
        "reports",
        "fiscal_year_is_mostly_known",
        "warning",
        "至少八成报告写明预算年度。",
        "At least 80 % of the reports state their fiscal year.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "fiscal_year", "mostly": 0.8},
    ),
    Check(
        "reports",
        "total_score_is_on_a_known_scale",
        "warning",
        "自评总分在 0 到 110 之间（个别表格满分 110）。",
        "The total score lies between 0 and 110 (some forms add up to 110).",
        "ExpectColumnValuesToBeBetween",
        {"column": "total_score", "min_value": 0, "max_value": 110},
    ),
    Check(
        "reports",
        "stated_rate_is_plausible",
        "warning",
        "所填执行率在 0 到 200% 之间。",
        "The stated execution rate lies between 0 and 200 %.",
        "ExpectColumnValuesToBeBetween",
        {"column": "execution_stated_rate_pct", "min_value": 0, "max_value": 200},
    ),
    Check(
        "reports",
        "stated_rate_can_be_stored",
        "critical",
        "所填执行率的绝对值小于 1000000%。",
        "The stated execution rate is smaller than 1,000,000 % in either direction.",
        "ExpectColumnValuesToBeBetween",
        {
            "column": "execution_stated_rate_pct",
            "min_value": -_RATE_BOUND_PCT,
            "max_value": _RATE_BOUND_PCT,
            "strict_min": True,
            "strict_max": True,
        },
    ),
)


_FUNDING_CHECKS = (
    Check(
        "funding_lines",
        "key_is_unique",
        "critical",
        "一条记录中的 line_id 不重复。",
        "A line_id appears once in a record.",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["record_id", "line_id"]},
    ),
    Check(
        "funding_lines",
        "amount_is_not_negative",
        "critical",
        "资金金额不为负数。",
        "An amount of money is not negative.",
        "ExpectColumnValuesToBeBetween",
        {"column": "amount_yuan", "min_value": 0},
    ),
    Check(
        "funding_lines",
        "amount_is_below_a_hundred_billion",
        "warning",
        "单项金额低于一千亿元，否则可能是单位错误。",
        "An amount is below 10^11 yuan; above it the unit is probably wrong.",
        "ExpectColumnValuesToBeBetween",
        {"column": "amount_yuan", "max_value": _LARGEST_AMOUNT_YUAN, "strict_max": True},
    ),
    Check(
        "funding_lines",
        "amount_can_be_stored",
        "critical",
        "单项金额低于十万亿元。",
        "An amount is below 10^13 yuan.",
        "ExpectColumnValuesToBeBetween",
        {"column": "amount_yuan", "max_value": _AMOUNT_BOUND_YUAN, "strict_max": True},
    ),
    Check(
        "funding_lines",
        "amount_is_mostly_known",
        "warning",
        "至少八成资金行读出了金额。",
        "At least 80 % of the funding lines have an amount.",
        "ExpectColumnValuesToNotBeNull",
        {"column": "amount_yuan", "mostly": 0.8},
    ),
    Check(
        "funding_lines",
        "stage_and_source_have_one_amount",
        "warning",
        "一份报告中同一阶段、同一来源的资金只有一个金额（重复填写同一金额不算）。",
        "A report gives one amount for each stage of each source; the same amount may be repeated.",
        "ExpectColumnValuesToBeBetween",
        {"column": "amounts_of_stage_and_source", "max_value": 1},
    ),
    Check(
        "funding_sources",
        "executed_has_the_budgets_magnitude",
        "warning",
        "执行数在预算数的千分之一到十倍之间，否则可能混用了元与万元。",
        "Outlay lies between a thousandth and ten times of the budget; beyond that the unit is probably wrong.",
        "ExpectColumnValuesToBeBetween",
        {"column": "executed_to_budget", "min_value": 0.001, "max_value": 10},
    ),
)


_INDICATOR_CHECKS = (
    Check(
        "indicators",
        "key_is_unique",
        "critical",
        "一条记录中的 indicator_id 不重复。",
        "An indicator_id appears once in a record.",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["record_id", "indicator_id"]},
    ),
    Check(
        "indicators",
        "weight_is_on_the_scale",
        "warning",
        "分值在 0 到 100 之间。",
        "The points available lie between 0 and 100.",
        "ExpectColumnValuesToBeBetween",
        {"column": "weight", "min_value": 0, "max_value": 100},
    ),
    Check(
        "indicators",
        "score_is_not_negative",
        "warning",
        "得分不为负数。",
        "The points awarded are not negative.",
        "ExpectColumnValuesToBeBetween",
        {"column": "score", "min_value": 0},
    ),
    Check(
        "indicators",
        "score_is_within_weight",
        "warning",
        "得分不高于分值。",
        "The points awarded do not exceed the points available.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": "weight",
            "column_B": "score",
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    ),
    Check(
        "indicators",
        "figures_can_be_stored",
        "critical",
        "目标值和实际完成值的绝对值小于 10^15。",
        "Targets and actual values are smaller than 10^15 in either direction.",
        "ExpectColumnValuesToBeBetween",
        {"column": "largest_figure", "max_value": _FIGURE_BOUND, "strict_max": True},
    ),
    Check(
        "indicators",
        "actual_is_mostly_filled_in",
        "warning",
        "至少七成指标填写了实际完成值。",
        "At least 70 % of the indicators have an actual value.",
        "ExpectColumnValuesToNotBeInSet",
        {"column": "actual_state", "value_set": ["blank"], "mostly": 0.7},
    ),
    Check(
        "indicators",
        "target_is_mostly_understood",
        "warning",
        "至少七成指标的目标值能够读懂。",
        "At least 70 % of the targets were understood.",
        "ExpectColumnValuesToNotBeInSet",
        {"column": "target_state", "value_set": ["unreadable"], "mostly": 0.7},
    ),
)


_EVIDENCE_CHECKS = (
    Check(
        "evidence",
        "confidence_is_a_share",
        "critical",
        "可信度在 0 到 1 之间。",
        "A confidence lies between 0 and 1.",
        "ExpectColumnValuesToBeBetween",
        {"column": "confidence", "min_value": 0, "max_value": 1},
    ),
    Check(
        "evidence",
        "ends_after_its_start",
        "critical",
        "出处的终点不在起点之前。",
        "A place does not end before it starts.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "end", "column_B": "start", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    ),
    Check(
        "evidence",
        "lies_inside_the_document",
        "critical",
        "出处不超出文件的字数。",
        "A place does not lie beyond the last character of the document.",
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": "char_count", "column_B": "end", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    ),
    Check(
        "evidence",
        "is_mostly_certain",
        "warning",
        "至少八成出处的可信度不低于 0.5。",
        "At least 80 % of the places have a confidence of 0.5 or more.",
        "ExpectColumnValuesToBeBetween",
        {"column": "confidence", "min_value": 0.5, "mostly": 0.8},
    ),
)


def checks(today: date) -> list[Check]:
    """Every check, with limits as of `today`."""
    return [
        *_DOCUMENT_CHECKS,
        *_REPORT_KEYS,
        _plausible_year(today),
        *_REPORT_VALUES,
        *_FUNDING_CHECKS,
        *_INDICATOR_CHECKS,
        *_EVIDENCE_CHECKS,
    ]


def _plausible_year(today: date) -> Check:
    return Check(
        "reports",
        "fiscal_year_is_plausible",
        "critical",
        "预算年度在 1990 年与明年之间。",
        "The fiscal year lies between 1990 and next year.",
        "ExpectColumnValuesToBeBetween",
        {"column": "fiscal_year", "min_value": 1990, "max_value": today.year + 1},
    )
