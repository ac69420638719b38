"""What a form states, in the format of the labelled cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(slots=True)
class Truth:
    """Collects what is written into a form; `label()` is the label of a document with this form alone."""

    fiscal_year: int
    place: tuple[str, str]
    unit: str
    project_name: str | None
    funding: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    rate: Decimal | None = None
    rate_weight: Decimal | None = None
    rate_score: Decimal | None = None
    total_score: Decimal | None = None
    grade: str | None = None

    def add_sum(self, stage: str, source: str, amount: Decimal | None) -> None:
        """A printed sum in yuan; an empty cell adds nothing."""
        if amount is not None:
            self.funding.append({"stage": stage, "source": source, "amount_yuan": amount})

    def add_indicator(
        self,
        levels: tuple[str | None, str | None],
        name: str,
        target: str | None,
        actual: str | None,
        weight: Decimal | None = None,
        score: Decimal | None = None,
    ) -> None:
        """A printed row of the indicators."""
        self.indicators.append(
            {
                "level1": levels[0],
                "level2": levels[1],
                "name": name,
                "target": target,
                "actual": actual,
                "weight": weight,
                "score": score,
            }
        )

    def label(self) -> dict[str, Any]:
        """The form as a label."""
        city, county = self.place
        return {
            "fiscal_year": self.fiscal_year,
            "region": {"province": None, "city": city or None, "county": county},
            "unit": self.unit,
            "project_name": self.project_name,
            "funding": self.funding,
            "execution_rate_pct": self.rate,
            "execution_rate_weight": self.rate_weight,
            "execution_rate_score": self.rate_score,
            "indicators": self.indicators,
            "total_score": self.total_score,
            "grade": self.grade,
        }


def label_of(truths: Sequence[Truth]) -> dict[str, Any]:
    """The label of a document with these forms: one alone, or several as its projects."""
    if len(truths) == 1:
        return truths[0].label()
    shared = truths[0].label()
    return {
        "fiscal_year": shared["fiscal_year"],
        "region": shared["region"],
        "unit": shared["unit"],
        "projects": [truth.label() for truth in truths],
    }
