"""Outcomes → precision, recall and F1 by field, layout and format; confidence against truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ingest.accuracy.comparing import Outcome
from ingest.accuracy.labels import LabelledCase
from ingest.accuracy.stated import FIELDS
from ingest.confidence import REVIEW_BELOW

OVERALL = "overall"
"""All fields together: every value counts once."""
MEASURES = ("precision", "recall", "f1")
# From, below, name. The sure end has no upper bound: 1 is part of it.
_BANDS = (
    (REVIEW_BELOW, float("inf"), f"≥ {REVIEW_BELOW}"),
    (0.8, REVIEW_BELOW, f"0.8–{REVIEW_BELOW}"),
    (0.0, 0.8, "< 0.8"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one field (or of all) and what follows from them."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Score:
        """Count outcomes."""
        counts = {"right": 0, "wrong": 0, "missed": 0, "extra": 0}
        for outcome in outcomes:
            counts[outcome.kind] += 1
        return cls(**counts)

    @property
    def expected(self) -> int:
        """Values that the labels state."""
        return self.right + self.wrong + self.missed

    @property
    def got(self) -> int:
        """Values that were read."""
        return self.right + self.wrong + self.extra

    @property
    def precision(self) -> float | None:
        """Share of the read values that are right, 0–1; None when nothing was read."""
        return self.right / self.got if self.got else None

    @property
    def recall(self) -> float | None:
        """Share of the stated values that were read right, 0–1; None when the labels state none."""
        return self.right / self.expected if self.expected else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, 0–1; None when there was nothing to read and nothing was."""
        total = self.expected + self.got
        return 2 * self.right / total if total else None

    def measure(self, name: str) -> float | None:
        """One of `MEASURES` by name."""
        found: float | None = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One labelled case, compared.

    `refusal` is the code of the error when the document was not read, for a defect with its type and place.
    """

    case: LabelledCase
    outcomes: tuple[Outcome, ...]
    refusal: str | None
    has_review_row: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """A value that is not right, with everything needed to look at it."""

    case: LabelledCase
    outcome: Outcome
    is_debatable: bool
    review: str
    """`value`: the review list shows this very value; `document`: it shows the document; `none`: nobody is told."""


@dataclass(frozen=True, slots=True)
class Band:
    """How many values of one band of confidence are right."""

    name: str
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The result of a measurement."""

    results: tuple[CaseResult, ...]

    @property
    def refused(self) -> list[CaseResult]:
        """Cases whose document was not read."""
        return [result for result in self.results if result.refusal is not None]

    def scores(self) -> dict[str, Score]:
        """Score of every field that occurs, then of all together."""
        return _scores(self.results)

    def scores_by(self, key: Callable[[LabelledCase], str]) -> dict[str, dict[str, Score]]:
        """The same for each group of cases, e.g. by layout."""
        groups: dict[str, list[CaseResult]] = {}
        for result in self.results:
            groups.setdefault(key(result.case), []).append(result)
        return {name: _scores(groups[name]) for name in sorted(groups)}

    def misses(self) -> Iterator[Miss]:
        """Every value that is wrong, missed or extra, in the order of the cases."""
        for result in self.results:
            for outcome in result.outcomes:
                if outcome.kind != "right":
                    review = "value" if outcome.is_reviewed else "document" if result.has_review_row else "none"
                    yield Miss(result.case, outcome, result.case.label.is_debatable(outcome.field), review)

    def bands(self) -> list[Band]:
        """Read values by confidence: how many are right, how many are not."""
        read = [
            (outcome.confidence, outcome.kind == "right")
            for result in self.results
            for outcome in result.outcomes
            if outcome.confidence is not None
        ]
        bands = []
        for low, high, name in _BANDS:
            inside = [is_right for confidence, is_right in read if low <= confidence < high]
            bands.append(Band(name, right=sum(inside), wrong=len(inside) - sum(inside)))
        return bands


def _scores(results: Iterable[CaseResult]) -> dict[str, Score]:
    outcomes = [outcome for result in results for outcome in result.outcomes]
    by_field: dict[str, list[Outcome]] = {field: [] for field in FIELDS}
    for outcome in outcomes:
        by_field[outcome.field].append(outcome)
    return {**{field: Score.of(found) for field, found in by_field.items() if found}, OVERALL: Score.of(outcomes)}
