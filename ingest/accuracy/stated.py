"""What a report states, in one shape for labels and for records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ingest.confidence import REVIEW_BELOW
from ingest.records import Evidence, FundingLine, Indicator, ReportRecord

SHARED_FIELDS = ("fiscal_year", "region.province", "region.city", "region.county", "unit")
"""What a document with several projects states once for all of them."""
VALUE_FIELDS = (
    *SHARED_FIELDS, "project_name", "execution_rate", "execution_weight", "execution_score", "total_score", "grade",
)  # fmt: skip
INDICATOR_FIELDS = ("name", "target", "actual", "weight", "score", "level1", "level2")
FIELDS = (
    *SHARED_FIELDS, "project_name", "funding_amount", "funding_line",
    "execution_rate", "execution_weight", "execution_score",
    *(f"indicator_{name}" for name in INDICATOR_FIELDS), "total_score", "grade",
)  # fmt: skip
"""Every field that is measured, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or a text; of a record also how sure the reading was and whether the review list shows it."""

    content: Decimal | str
    confidence: float | None = None
    is_reviewed: bool = False

    def __str__(self) -> str:
        return format(self.content, "f") if isinstance(self.content, Decimal) else self.content


@dataclass(frozen=True, slots=True)
class FundingSum:
    """One funding line as it is compared. `amount` is in yuan."""

    stage: str
    source: str
    amount: Decimal

    def __str__(self) -> str:
        return f"{self.stage}/{self.source} {self.amount:f}"


@dataclass(frozen=True, slots=True)
class StatedReport:
    """One report: single values by field, funding lines, and the values of each indicator by field."""

    values: Mapping[str, Value]
    funding: Mapping[FundingSum, Value] = field(default_factory=dict)
    indicators: tuple[Mapping[str, Value], ...] = ()

    @classmethod
    def of_label(cls, label: Mapping[str, Any]) -> StatedReport:
        """The report as a label states it (one project of it, or its top level).

        Raises:
            ValueError: the label is not in its format (also TypeError, KeyError, ArithmeticError).
        """
        region = label.get("region") or {}
        stated = {
            **{name: label.get(name) for name in ("fiscal_year", "unit", "project_name", "total_score", "grade")},
            **{f"region.{level}": region.get(level) for level in ("province", "city", "county")},
            "execution_rate": label.get("execution_rate_pct"),
            "execution_weight": label.get("execution_rate_weight"),
            "execution_score": label.get("execution_rate_score"),
        }
        sums = [
            FundingSum(str(line["stage"]), str(line["source"]), Decimal(line["amount_yuan"]))
            for line in label.get("funding") or ()
            if line["amount_yuan"] is not None
        ]
        return cls(
            values=_values(VALUE_FIELDS, stated),
            funding={entry: Value(entry.amount) for entry in sums},
            indicators=tuple(_values(INDICATOR_FIELDS, entry) for entry in label.get("indicators") or ()),
        )

    @classmethod
    def of_record(cls, report: ReportRecord) -> StatedReport:
        """The report as the product read it, every value with its confidence."""
        places = report.field_evidence
        execution, evaluation = report.execution, report.evaluation
        stated: dict[str, tuple[Any, Evidence | None]] = {
            **{name: (getattr(report, name), places.get(name)) for name in ("fiscal_year", "unit", "project_name")},
            **{
                f"region.{level}": (getattr(report.region, level), places.get(f"region.{level}"))
                for level in ("province", "city", "county")
            },
            "execution_rate": (execution.stated_rate_pct, execution.evidence),
            "execution_weight": (execution.weight, execution.evidence),
            "execution_score": (execution.score, execution.evidence),
            "total_score": (evaluation.total_score, places.get("evaluation.total_score")),
            "grade": (evaluation.grade, places.get("evaluation.grade")),
        }
        doubted = [place for place in review_places(report) if place.end > place.start]
        return cls(
            values={
                name: _read_value(content, place, doubted)
                for name, (content, place) in stated.items()
                if not _is_blank(content)
            },
            funding=_read_funding(report.funding, doubted),
            indicators=tuple(_read_indicator(entry, doubted) for entry in report.indicators),
        )

    @property
    def amounts(self) -> dict[Decimal, Value]:
        """The sums of money whatever they are for, each once."""
        return {entry.amount: value for entry, value in self.funding.items()}

    @property
    def has_figures(self) -> bool:
        """Whether it states money, indicators, an execution rate or a result of its own."""
        return bool(self.funding or self.indicators or self.values.keys() & {"execution_rate", "total_score", "grade"})

    def only(self, fields: tuple[str, ...]) -> StatedReport:
        """The same report with some of its single values and nothing else."""
        return StatedReport({name: value for name, value in self.values.items() if name in fields})


def review_places(report: ReportRecord) -> list[Evidence]:
    """Every place of a report that the review list shows: warnings, and values with little confidence."""
    warned = [place for warning in report.warnings for place in (warning.evidence, *warning.places)]
    return warned + [place for place in report.evidences() if place.confidence < REVIEW_BELOW]


def _values(fields: tuple[str, ...], stated: Mapping[str, Any]) -> dict[str, Value]:
    return {name: Value(_content(stated[name])) for name in fields if not _is_blank(stated.get(name))}


def _is_blank(content: Any) -> bool:
    return content is None or (isinstance(content, str) and not content.strip())


def _content(content: Any) -> Decimal | str:
    if isinstance(content, bool) or not isinstance(content, (str, int, Decimal)):
        raise ValueError(f"{content!r} is neither a text nor a number")
    return content if isinstance(content, str) else Decimal(content)


def _read_value(content: Any, place: Evidence | None, doubted: list[Evidence]) -> Value:
    if place is None:
        return Value(_content(content))
    return Value(_content(content), place.confidence, any(_overlap(place, other) for other in doubted))


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end


def _read_funding(lines: tuple[FundingLine, ...], doubted: list[Evidence]) -> dict[FundingSum, Value]:
    read: dict[FundingSum, Value] = {}
    for line in lines:
        if line.amount_yuan is None:
            continue
        entry = FundingSum(line.stage, line.source, line.amount_yuan)
        value = _read_value(line.amount_yuan, line.evidence, doubted)
        # Stated again, a sum is as sure as its surest place.
        if entry not in read or (value.confidence or 0) > (read[entry].confidence or 0):
            read[entry] = value
    return read


def _read_indicator(entry: Indicator, doubted: list[Evidence]) -> dict[str, Value]:
    return {
        name: _read_value(getattr(entry, name), entry.evidence, doubted)
        for name in INDICATOR_FIELDS
        if not _is_blank(getattr(entry, name))
    }
