"""The values that a person may correct: what forms call them, and how a corrected value is written.

Which fields staging corrects, and with which types and codes, stands in `macros/corrections.sql`; a test keeps both
lists together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pydantic import TypeAdapter

from ingest.characters import fold
from ingest.quantities import fits, to_yuan
from ingest.records import PartialDate, plain
from warehouse.messages import Lang

FieldKind = Literal["text", "year", "yuan", "percent", "points", "number", "day", "code"]

_LONGEST_TEXT = 500

EMPTY = "空"
"""What a person writes where the document does not state the value at all."""

HOW_TO_WRITE: Mapping[FieldKind, tuple[str, str]] = {
    "text": (f"文字（不超过 {_LONGEST_TEXT} 字）", f"a text of at most {_LONGEST_TEXT} characters"),
    "year": ("四位年份，如 2023", "a year of four digits, e.g. 2023"),
    "yuan": ("金额，如 180000（元）或 18万元", "an amount, e.g. 180000 (yuan) or 18万元"),
    "percent": ("百分数，如 97.5%（不超过 1 的须写 %）", "percent, e.g. 97.5% (up to 1 with its %)"),
    "points": ("分数，如 7.5", "points, e.g. 7.5"),
    "number": ("数字，如 15 或 98.5", "a number, e.g. 15 or 98.5"),
    "day": ("日期，如 2023-09-03、2023-09 或 2023", "a date, e.g. 2023-09-03, 2023-09 or 2023"),
    "code": ("下拉列表中的一项", "an entry of the drop-down list"),
}

STAGES = {
    "planned": "计划",
    "approved": "批复（下达）",
    "initial_budget": "年初预算数",
    "adjusted_budget": "全年预算数",
    "received": "到位",
    "executed": "全年执行数",
    "carried_forward": "结转",
}
SOURCES = {
    "total": "年度资金总额",
    "fiscal": "财政拨款",
    "carryover": "上年结转资金",
    "other": "其他资金",
    "central": "中央资金",
    "province": "省级资金",
    "city": "市级资金",
    "county": "县级资金",
    "local": "地方资金",
}
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})(?:[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2}))?)?[年月日]?")
_PARTIAL_DATE = TypeAdapter[str](PartialDate)
# Digits before and behind the point, as the types of the raw tables have them.
_DIGITS: Mapping[FieldKind, tuple[int, int]] = {
    "yuan": (16, 2),
    "percent": (18, 6),
    "points": (5, 4),
    "number": (18, 6),
}
_SIGNS: Mapping[FieldKind, str] = {"percent": "%", "points": "分"}


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One field of a raw table. Which of them are asked for where a report lacks them, models decide."""

    table: str
    name: str
    zh: str
    en: str
    kind: FieldKind
    codes: Mapping[str, str] = field(default_factory=dict)

    def term(self, lang: Lang) -> str:
        """What the form calls it."""
        return self.zh if lang == "zh" else f"{self.zh} {self.en}"

    def show(self, stored: str) -> str:
        """A stored value as people read it: the form's word for a code, a number without trailing zeros."""
        if self.kind == "code":
            return self.codes.get(stored, stored)
        return plain(Decimal(stored)) if self.kind in _DIGITS else stored

    def parse(self, written: str) -> str | None:
        """The value a person wrote, as it is stored; None for `EMPTY`.

        Raises:
            ValueError: it is not written as this field needs it.
        """
        text = written.strip()
        if text == EMPTY:
            if self.kind == "code":
                raise ValueError(written)
            return None
        if self.kind == "text":
            return _parse_text(text)
        if self.kind == "code":
            return self._parse_code(text)
        if self.kind == "year":
            return _parse_year(text)
        if self.kind == "day":
            return _parse_day(text)
        return _parse_number(fold(text), self.kind)

    def _parse_code(self, text: str) -> str:
        code = {term: code for code, term in self.codes.items()}.get(text, text)
        if code not in self.codes:
            raise ValueError(text)
        return code


def _parse_text(text: str) -> str:
    # What is copied from a web page may bring characters that nobody sees: they would make another name of it.
    shown = "".join(character for character in text if unicodedata.category(character) != "Cf")
    written = " ".join(shown.split())
    if not written or len(written) > _LONGEST_TEXT:
        raise ValueError(text)
    return written


def _parse_year(text: str) -> str:
    digits = fold(text).removesuffix("年度").removesuffix("年")
    if not re.fullmatch(r"[0-9]{4}", digits) or not 1949 <= int(digits) <= 2100:
        raise ValueError(text)
    return digits


def _parse_day(text: str) -> str:
    match = _DAY.fullmatch(fold(text))
    if match is None:
        raise ValueError(text)
    year, *rest = match.groups()
    written = "-".join([year, *(part.zfill(2) for part in rest if part)])
    return _PARTIAL_DATE.validate_python(written)


def _parse_number(text: str, kind: FieldKind) -> str:
    written = text.replace(" ", "")
    match = _NUMBER.match(written)
    if match is None:
        raise ValueError(text)
    unit = written[match.end() :]
    number = Decimal(match[0].replace(",", ""))
    if kind == "yuan":
        yuan_per_unit = to_yuan(Decimal(1), unit or "元")
        if yuan_per_unit is None:
            raise ValueError(text)
        number *= yuan_per_unit
    elif unit not in ("", _SIGNS.get(kind)):
        raise ValueError(text)
    if kind == "percent" and not unit and 0 < abs(number) <= 1:
        # A spreadsheet program keeps 97.5% as 0.975: without its sign nobody knows which is meant.
        raise ValueError(text)
    if not fits(number, *_DIGITS[kind]):
        raise ValueError(text)
    return plain(number)


_REPORT_FIELDS = (
    ReviewField("reports", "fiscal_year", "年度", "fiscal year", "year"),
    ReviewField("reports", "region_province", "省（自治区、直辖市）", "province", "text"),
    ReviewField("reports", "region_city", "市（州）", "city", "text"),
    ReviewField("reports", "region_county", "县（市、区）", "county", "text"),
    ReviewField("reports", "unit", "实施单位", "unit", "text"),
    ReviewField("reports", "department", "主管部门", "department", "text"),
    ReviewField("reports", "project_name", "项目名称", "project", "text"),
    ReviewField("reports", "project_code", "项目编码", "project code", "text"),
    ReviewField("reports", "evaluated_on", "自评日期", "evaluated on", "day"),
    ReviewField("reports", "execution_stated_rate_pct", "预算执行率（%）", "execution rate", "percent"),
    ReviewField("reports", "execution_weight", "执行率分值", "points of the rate", "points"),
    ReviewField("reports", "execution_score", "执行率得分", "score of the rate", "points"),
    ReviewField("reports", "total_score", "自评总分", "total score", "points"),
    ReviewField("reports", "grade", "自评等级", "grade", "text"),
)
_FUNDING_FIELDS = (
    ReviewField("funding_lines", "amount_yuan", "金额（元）", "amount, yuan", "yuan"),
    ReviewField("funding_lines", "stage", "资金阶段", "stage", "code", codes=STAGES),
    ReviewField("funding_lines", "source", "资金来源", "source", "code", codes=SOURCES),
)
_INDICATOR_FIELDS = (
    ReviewField("indicators", "level1", "一级指标", "level 1", "text"),
    ReviewField("indicators", "level2", "二级指标", "level 2", "text"),
    ReviewField("indicators", "name", "三级指标", "indicator", "text"),
    ReviewField("indicators", "target_value", "年度指标值（数值）", "target, number", "number"),
    ReviewField("indicators", "actual_value", "实际完成值（数值）", "actual, number", "number"),
    ReviewField("indicators", "weight", "分值", "points", "points"),
    ReviewField("indicators", "score", "得分", "score", "points"),
)
REVIEW_FIELDS: Mapping[tuple[str, str], ReviewField] = {
    (entry.table, entry.name): entry for entry in (*_REPORT_FIELDS, *_FUNDING_FIELDS, *_INDICATOR_FIELDS)
}
"""All fields that the workbook offers, by raw table and name, in the order of its rows."""
