"""What was reached on labelled documents is kept: no change of extraction or lexicon may lose it unnoticed.

The figures are those of `fundperf evaluate`; `docs/accuracy.md` tells them in full.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ingest.accuracy import Accuracy, evaluate, find_cases, reading_with
from ingest.accuracy.scoring import Score
from ingest.lexicon import load_lexicon
from tests.conftest import ROOT

OWN = ROOT / "tests" / "cases"
UNSEEN = ROOT / "tests" / "cases_unseen"
OTHERS = ROOT.parent / "shared" / "cases"
FIELDS = (
    "funding_amount", "execution_rate", "indicator_name", "indicator_target", "indicator_actual",
    "indicator_weight", "indicator_score", "fiscal_year", "project_name",
)  # fmt: skip
MOST_WRONG_WITH_CONFIDENCE = 0.005


@cache
def measured(folder: Path) -> Accuracy:
    if folder == OTHERS and not folder.is_dir():
        pytest.skip("the labelled cases of others are not published with the project")
    return evaluate(find_cases(folder), reading_with(load_lexicon()))


@pytest.mark.parametrize(
    ("folder", "precision", "recall"),
    [(OWN, 0.98, 0.97), (UNSEEN, 0.94, 0.91), (OTHERS, 0.97, 0.94)],
    ids=["own", "unseen", "others"],
)
def test_all_fields_together(folder: Path, precision: float, recall: float) -> None:
    overall = measured(folder).scores()["overall"]
    assert overall.expected > 500
    assert (overall.precision or 0.0) >= precision
    assert (overall.recall or 0.0) >= recall


@pytest.mark.parametrize("folder", [OWN, OTHERS], ids=["own", "others"])
@pytest.mark.parametrize(("field", "f1"), [*((field, 0.95) for field in FIELDS), ("funding_line", 0.92)])
def test_every_field(folder: Path, field: str, f1: float) -> None:
    assert _f1(measured(folder).scores()[field]) >= f1


@pytest.mark.parametrize("folder", [OWN, OTHERS], ids=["own", "others"])
def test_high_confidence_means_it(folder: Path) -> None:
    surest = measured(folder).bands()[0]
    assert surest.right > 500
    assert surest.wrong <= MOST_WRONG_WITH_CONFIDENCE * (surest.right + surest.wrong)


@pytest.mark.parametrize("folder", [OWN, OTHERS], ids=["own", "others"])
def test_somebody_is_told_of_every_value_that_is_not_right(folder: Path) -> None:
    untold = [(miss.case.name, miss.outcome.field) for miss in measured(folder).misses() if miss.review == "none"]
    assert untold == []


def _f1(score: Score) -> float:
    return score.f1 or 0.0
