"""A form's pieces → values of the record: sums in yuan, rates in percent, points, indicators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from ingest.characters import fold, join_wrapped
from ingest.extraction.forms.rows import Form, FundingRow, IndicatorRow, Piece
from ingest.extraction.printed_values import parse_points, typed_values
from ingest.extraction.source import ReportSource
from ingest.quantities import parse_decimal, to_yuan
from ingest.records import Evidence, Execution, FundingLine, Indicator, ReportWarning, Stage

_SUM = re.compile(r"(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>亿\s*元|万\s*元|千\s*元|元|亿|万)?")
_BLANK_IN_NUMBER = re.compile(r"(?<=[\d.,]) (?=[\d.,])")
_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<sign>%|百分比|‰)?")
_HIGHEST_RATE = 10_000
_FRACTION_TOLERANCE = Decimal("0.01")
_BUDGETS: tuple[Stage, ...] = ("adjusted_budget", "received", "initial_budget", "planned")
_STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class FormValues:
    """What one form states, as parts of a record."""

    funding: list[FundingLine]
    execution: Execution
    indicators: list[Indicator]
    total_score: tuple[Decimal, Evidence] | None
    grade: tuple[str, Evidence] | None
    warnings: list[ReportWarning]


def read_form_values(form: Form, source: ReportSource) -> FormValues:
    """Parse every piece of a form; what cannot be parsed becomes a warning and keeps its text."""
    reader = _ValueReader(source, form)
    funding = [line for row in form.funding for line in reader.funding_lines(row)]
    execution = reader.execution(form.funding)
    indicators = [reader.indicator(ordinal, row) for ordinal, row in enumerate(reader.named_rows(), start=1)]
    reader.warnings.extend(
        ReportWarning(code=unread.code, message=unread.message, evidence=reader.place(unread.place))
        for unread in form.unread
    )
    return FormValues(funding, execution, indicators, reader.total(), reader.grade(), reader.warnings)


class _ValueReader:
    def __init__(self, source: ReportSource, form: Form) -> None:
        self.source = source
        self.form = form
        self.warnings: list[ReportWarning] = []

    def text(self, piece: Piece) -> str:
        """What a piece says; a value in several cells without the bars between them."""
        return join_wrapped(self.source.text[piece.start : piece.end].replace("|", " "))

    def place(self, piece: Piece) -> Evidence:
        return self.source.place(
            piece.start,
            piece.end,
            piece.method,
            piece.confidence,
            table=piece.table,
            row=piece.row,
            column=piece.column,
        )

    def warn(self, code: str, message: str, piece: Piece) -> None:
        self.warnings.append(ReportWarning(code=code, message=message, evidence=self.place(piece)))

    # ---- money

    def funding_lines(self, row: FundingRow) -> Iterable[FundingLine]:
        for stage in _STAGES:
            piece = row.amounts.get(stage)
            if piece is not None:
                yield FundingLine(
                    stage=stage,
                    source=row.source,
                    amount_yuan=self._yuan(piece),
                    as_written=self.text(piece),
                    evidence=self.place(piece),
                )

    def _yuan(self, piece: Piece) -> Decimal | None:
        text = self.text(piece)
        match = _SUM.fullmatch(_BLANK_IN_NUMBER.sub("", fold(text)))
        number = parse_decimal(match["number"].lstrip("+")) if match else None
        if match is None or number is None:
            self.warn("unreadable_money", f"金额「{text}」未能准确识别", piece)
            return None
        unit = match["unit"] or self.form.money_unit
        if unit is None and number:
            self.warn("money_unit_unknown", f"金额「{text}」没有写明单位（元或万元）", piece)
            return None
        amount = to_yuan(number, unit or "元")
        if amount is None:
            self.warn("unreadable_money", f"金额「{text}」未能准确识别", piece)
        return amount

    # ---- execution

    def execution(self, rows: tuple[FundingRow, ...]) -> Execution:
        total = next((row for row in rows if row.rate or row.weight or row.score), None)
        if total is None:
            return Execution()
        rate = self._rate(total, total.rate) if total.rate is not None else None
        weight, score = self._points(total.weight, "分值"), self._points(total.score, "得分")
        pieces = [piece for piece in (total.rate, total.score, total.weight) if piece is not None]
        if rate is None and weight is None and score is None:
            return Execution()
        return Execution(stated_rate_pct=rate, weight=weight, score=score, evidence=self.place(pieces[0]))

    def _rate(self, row: FundingRow, piece: Piece) -> Decimal | None:
        text = self.text(piece)
        match = _RATE.fullmatch(fold(text).replace(" ", ""))
        number = parse_decimal(match["number"]) if match else None
        if match is None or number is None or number > _HIGHEST_RATE or match["sign"] == "‰":
            if self.source.lexicon.canonical("empty_value", text) is None:
                self.warn("unreadable_value", f"执行率「{text}」未能识别", piece)
            return None
        # A spreadsheet prints 0.95 where the form means 95 %: the form's own sums tell.
        if match["sign"] is None and 0 < number <= 2 and self._is_fraction(row, number):
            number *= 100
        return number.quantize(Decimal("0.000001")).normalize() + 0

    def _is_fraction(self, row: FundingRow, number: Decimal) -> bool:
        budget = next((row.amounts[stage] for stage in _BUDGETS if stage in row.amounts), None)
        executed = row.amounts.get("executed")
        if budget is None or executed is None:
            return False
        of, spent = self._number(budget), self._number(executed)
        return bool(of) and spent is not None and of is not None and abs(spent / of - number) <= _FRACTION_TOLERANCE

    def _number(self, piece: Piece) -> Decimal | None:
        match = _SUM.fullmatch(_BLANK_IN_NUMBER.sub("", fold(self.text(piece))))
        return parse_decimal(match["number"]) if match else None

    def _points(self, piece: Piece | None, label: str) -> Decimal | None:
        if piece is None:
            return None
        text = self.text(piece)
        points = parse_points(text)
        if points is None and self.source.lexicon.canonical("empty_value", text) is None:
            self.warn("unreadable_value", f"{label}「{text}」未能识别", piece)
        return points

    # ---- indicators

    def named_rows(self) -> list[IndicatorRow]:
        """The rows that name an indicator; 生态效益指标 | 无 says that there is none of its level."""
        known = self.source.lexicon.canonical
        return [row for row in self.form.indicators if known("empty_name", self.text(row.name)) is None]

    def indicator(self, ordinal: int, row: IndicatorRow) -> Indicator:
        name = self.text(row.name)
        target = self._joined(row.target)
        actual = self._joined((row.actual,) if row.actual is not None and self.form.has_actual_column else ())
        indicator = Indicator.model_validate(
            {
                "ordinal": ordinal,
                "level1": row.level1,
                "level2": row.level2,
                "name": name,
                "target": target,
                "actual": actual,
                **typed_values("target", target, self.source.lexicon),
                **typed_values("actual", actual, self.source.lexicon),
                "weight": self._points(row.weight, f"指标「{name}」的分值"),
                "score": self._points(row.score, f"指标「{name}」的得分"),
                "deviation_reason": self._joined((row.deviation_reason,) if row.deviation_reason else ()),
                "evidence": self._row_place(row),
            }
        )
        for side, text, state in (
            ("目标值", indicator.target, indicator.target_state),
            ("实际完成值", indicator.actual, indicator.actual_state),
        ):
            if state == "unreadable":
                self.warn("unreadable_value", f"指标「{name}」的{side}「{text}」未能识别", row.name)
        return indicator

    def _joined(self, pieces: Iterable[Piece]) -> str | None:
        text = "".join(self.text(piece) for piece in pieces)
        return None if not text or self.source.lexicon.canonical("empty_value", text) else text

    def _row_place(self, row: IndicatorRow) -> Evidence:
        """The whole row, from the name to its last value."""
        pieces = [
            row.name,
            *row.target,
            *(piece for piece in (row.actual, row.weight, row.score, row.deviation_reason) if piece is not None),
        ]
        start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
        confidence = min(piece.confidence for piece in pieces)
        return self.source.place(
            start, end, row.name.method, confidence, table=row.name.table, row=row.name.row, column=row.name.column
        )

    # ---- result

    def total(self) -> tuple[Decimal, Evidence] | None:
        piece = self.form.total_score
        points = self._points(piece, "总分") if piece is not None else None
        return (points, self.place(piece)) if piece is not None and points is not None else None

    def grade(self) -> tuple[str, Evidence] | None:
        piece = self.form.grade
        return (self.text(piece), self.place(piece)) if piece is not None else None
