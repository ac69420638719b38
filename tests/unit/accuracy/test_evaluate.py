"""Labelled cases on disk → scores, bands, misses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingest.accuracy import Accuracy, LabelledCase, evaluate, find_cases, reading_with
from ingest.accuracy.scoring import OVERALL, Score
from ingest.errors import DocumentError, UsageError
from ingest.lexicon import Lexicon
from ingest.records import DocumentFacts, DocumentRecord, Evidence, FundingLine, ReportRecord, ReportWarning
from tests.conftest import SAMPLES

TEXT = "2023年甲局收到资金5万元"


def write_case(folder: Path, name: str, text: str = TEXT, **label: Any) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / f"{name}.json").write_text(json.dumps(label, ensure_ascii=False), encoding="utf-8")


def place(piece: str, confidence: float) -> Evidence:
    start = TEXT.index(piece)
    return Evidence(start=start, end=start + len(piece), text=piece, method="sample", confidence=confidence)


def read_sample(case: LabelledCase) -> DocumentRecord:
    """A reading with a sure year, an unsure sum and a warning about the unit."""
    report = ReportRecord(
        report_id="r",
        ordinal=1,
        kind="project_self_evaluation",
        fiscal_year=2023,
        unit="甲局",
        funding=(
            FundingLine(
                stage="received", source="total", amount_yuan="50000", as_written="5万元", evidence=place("5万元", 0.7)
            ),
        ),
        field_evidence={"fiscal_year": place("2023", 0.95), "unit": place("甲局", 0.85)},
        warnings=(ReportWarning(code="several_units", message="…", evidence=place("甲局收到", 1.0)),),
    )
    facts = DocumentFacts(sha256="0" * 64, file_name=case.document.name, media_type="text/plain", canonical_text=TEXT)
    return DocumentRecord(document=facts, reports=(report,))


def refuse(case: LabelledCase) -> DocumentRecord:
    raise DocumentError("damaged_file", zh="坏", en="bad", file_name=case.document.name)


@pytest.fixture
def measured(tmp_path: Path) -> Accuracy:
    write_case(
        tmp_path,
        "002-甲",
        layout="prose",
        fiscal_year=2023,
        unit="乙局",
        funding=[{"stage": "received", "source": "total", "amount_yuan": 50000}],
        notes="A remark. AMBIGUOUS: the unit may be read as 甲局; the year is sure.",
    )
    return evaluate(find_cases(tmp_path), read_sample)


def test_scores_of_each_field_and_of_all(measured: Accuracy) -> None:
    scores = measured.scores()
    assert scores["unit"] == Score(right=0, wrong=1)
    assert scores[OVERALL] == Score(right=3, wrong=1)
    assert (scores[OVERALL].precision, scores[OVERALL].recall, scores[OVERALL].f1) == (0.75, 0.75, 0.75)
    assert list(measured.scores_by(lambda case: case.layout)) == ["prose"]
    assert list(measured.scores_by(lambda case: case.format)) == ["txt"]


def test_a_miss_says_whether_its_label_is_debatable_and_whether_the_review_list_shows_it(measured: Accuracy) -> None:
    [miss] = measured.misses()
    assert (miss.outcome.field, miss.outcome.expected, miss.outcome.got) == ("unit", "乙局", "甲局")
    assert (miss.is_debatable, miss.review) == (True, "value")


def test_bands_compare_confidence_with_truth(measured: Accuracy) -> None:
    assert [(band.name, band.right, band.wrong) for band in measured.bands()] == [
        ("≥ 0.9", 1, 0),
        ("0.8–0.9", 0, 1),
        ("< 0.8", 2, 0),
    ]


def test_a_refused_document_is_counted_and_misses_its_labels(tmp_path: Path) -> None:
    write_case(tmp_path, "001-甲", fiscal_year=2023)
    measured = evaluate(find_cases(tmp_path), refuse)
    assert [result.refusal for result in measured.refused] == ["damaged_file"]
    assert measured.scores()[OVERALL] == Score(missed=1)
    assert [miss.review for miss in measured.misses()] == ["document"]
    assert measured.scores()[OVERALL].precision is None


@pytest.mark.parametrize("defect", [ZeroDivisionError("x\ny"), OSError("gone"), MemoryError()])
def test_a_defect_of_the_reading_costs_its_document_only(tmp_path: Path, defect: Exception) -> None:
    def fail_once(case: LabelledCase) -> DocumentRecord:
        if case.name.startswith("001"):
            raise defect
        return read_sample(case)

    write_case(tmp_path, "001-甲", fiscal_year=2023)
    write_case(tmp_path, "002-乙", fiscal_year=2023)
    measured = evaluate(find_cases(tmp_path), fail_once)
    [refusal] = [result.refusal for result in measured.refused]
    assert refusal is not None
    assert re.fullmatch(rf"internal_error \({type(defect).__name__} at .*test_evaluate\.py:\d+\)", refusal)
    assert measured.scores()["fiscal_year"] == Score(right=1, missed=1)


def test_the_products_own_reading_is_measured(tmp_path: Path, lexicon: Lexicon) -> None:
    write_case(tmp_path, "001-甲", (SAMPLES / "yanbian-jinbao-2020.txt").read_text(encoding="utf-8"), fiscal_year=2020)
    measured = evaluate(find_cases(tmp_path), reading_with(lexicon))
    assert measured.refused == []
    assert measured.scores()["fiscal_year"] == Score(right=1)


def test_documents_of_several_formats_share_a_label(tmp_path: Path) -> None:
    write_case(tmp_path, "001-甲", fiscal_year=2023)
    (tmp_path / "001-甲.html").write_text("<p>2023</p>", encoding="utf-8")
    (tmp_path / "001-甲.meta.json").write_text("{}", encoding="utf-8")
    assert [(case.name, case.format) for case in find_cases(tmp_path)] == [
        ("001-甲.html", "html"),
        ("001-甲.txt", "txt"),
    ]


def test_sets_are_told_apart_by_the_number_of_a_case(tmp_path: Path) -> None:
    for name in ("f02-a", "p03-b"):
        write_case(tmp_path, name)
    assert [case.name for case in find_cases(tmp_path, "development")] == ["f02-a.txt"]
    assert [case.name for case in find_cases(tmp_path, "held-out")] == ["p03-b.txt"]


def test_a_folder_without_labels_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        find_cases(tmp_path)
    assert raised.value.code == "no_labelled_cases"
    with pytest.raises(UsageError):
        find_cases(tmp_path / "none")


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"funding": [{"stage": "executed"}]}', '{"unit": true}', '{"projects": [1]}', '{"region": "甲"}'],
)
def test_a_label_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"a\.json"):
        find_cases(tmp_path)


def test_a_label_without_its_document_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="no document of the same name"):
        find_cases(tmp_path)
