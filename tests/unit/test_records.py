"""The contract: what is accepted, what is refused, and the committed schema."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from ingest.records import DocumentRecord, Evidence, FailedDocument, FundingLine, json_schema, stable_id
from tests.conftest import ROOT, SAMPLES, extract_file

SCHEMA = ROOT / "docs" / "record-schema.json"
RECORDS = ROOT / "data" / "records" / "two-years-of-jinbao.jsonl"
TEXT = "全年执行数18.00万元"


def minimal(**report: Any) -> dict[str, Any]:
    """The least that another extractor has to say."""
    return {
        "document": {"sha256": "a" * 64, "file_name": "a.pdf", "media_type": "application/pdf", "canonical_text": TEXT},
        "reports": [{"report_id": "r", "ordinal": 1, "kind": "unknown", **report}],
    }


def line(amount: Any, start: int = 5, text: str = "18.00万元") -> dict[str, Any]:
    place = {"start": start, "end": start + len(text), "text": text, "method": "cell", "confidence": 1}
    return {"stage": "executed", "source": "total", "amount_yuan": amount, "as_written": text, "evidence": place}


def test_the_committed_schema_is_the_one_of_the_models() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_what_is_extracted_validates_and_comes_back_equal(sample: Any) -> None:
    record = extract_file(sample)
    printed = record.to_json()
    jsonschema.validate(json.loads(printed), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert DocumentRecord.model_validate_json(printed) == record
    assert DocumentRecord.model_validate_json(printed).record_id == record.record_id


def test_the_sample_records_are_what_extraction_gives() -> None:
    names = ("yanbian-jinbao-2020.txt", "jinbao-maintenance-2023.txt")
    committed = RECORDS.read_text(encoding="utf-8").splitlines()
    assert committed == [extract_file(SAMPLES / name).to_json() for name in names]


@pytest.mark.parametrize(
    ("amount", "kept"), [("180000", "180000.00"), ("180000.5", "180000.50"), (180000, "180000.00"), (0.1, "0.10")]
)
def test_money_is_kept_exactly_with_two_places(amount: Any, kept: str) -> None:
    record = DocumentRecord.model_validate(minimal(funding=[line(amount)]))
    assert json.loads(record.to_json())["reports"][0]["funding"][0]["amount_yuan"] == kept


@pytest.mark.parametrize(
    "amount",
    [
        "18.005",
        "NaN",
        "Infinity",
        "18万",
        "1e30",
        True,
        "1_000",
        "１８",
        " 18",
        "18\n",
        "18.",
        ".5",
        "+18",
        "1e2",
        "1,8",
    ],
)
def test_money_that_is_no_exact_yuan_is_refused(amount: Any) -> None:
    with pytest.raises(ValidationError):
        DocumentRecord.model_validate(minimal(funding=[line(amount)]))
    with pytest.raises(ValidationError):
        DocumentRecord.model_validate_json(json.dumps(minimal(funding=[line(amount)])))


@pytest.mark.parametrize(
    ("field", "written", "is_right"),
    [
        ("total_score", "99999.9999", True),
        ("total_score", "100000", False),
        ("total_score", "-100000", False),
        ("total_score", "0.00001", False),
        ("total_score", "007.50000", True),
        ("amount_yuan", "9999999999999999.99", True),
        ("amount_yuan", "10000000000000000", False),
        ("amount_yuan", "18.5", True),
        ("amount_yuan", "18.001", False),
    ],
)
def test_schema_and_contract_agree_on_the_digits_of_a_number(field: str, written: str, is_right: bool) -> None:
    facts: dict[str, Any] = {"evaluation": {field: written}} if field == "total_score" else {"funding": [line(written)]}
    content = minimal(**facts)
    if is_right:
        jsonschema.validate(content, json_schema())
        DocumentRecord.model_validate(content)
    else:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(content, json_schema())
        with pytest.raises(ValidationError):
            DocumentRecord.model_validate(content)


@pytest.mark.parametrize(
    "written", ["2021-02-30", "2021-02-29", "２０２１-01-01", "2021-13", "0000", "2021-1", "2021-01-01\n"]
)
def test_a_date_that_no_calendar_has_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        DocumentRecord.model_validate(minimal(evaluated_on=written))


@pytest.mark.parametrize("written", ["2020", "2020-02", "2020-02-29"])
def test_a_date_is_kept_as_precisely_as_it_was_printed(written: str) -> None:
    assert DocumentRecord.model_validate(minimal(evaluated_on=written)).reports[0].evaluated_on == written


@pytest.mark.parametrize("stated", [1600000000, "1600000000", "2021-09-07T00:00:00", "2021-9-7", 0, True])
def test_a_day_of_publication_is_iso_text_only(stated: Any) -> None:
    content = minimal()
    content["document"]["published_on"] = stated
    with pytest.raises(ValidationError):
        DocumentRecord.model_validate_json(json.dumps(content))
    content["document"]["published_on"] = "2021-09-07"
    record = DocumentRecord.model_validate_json(json.dumps(content))
    assert DocumentRecord.model_validate_json(record.to_json()) == record


@pytest.mark.parametrize("code", ["", "a" * 65, "Code", "a b", "a\x1b[2J", "a\n"])
def test_the_code_of_a_failure_is_a_plain_word(code: str) -> None:
    content = {"document": {"sha256": None, "file_name": "a"}, "error": {"code": code, "message": "m"}}
    with pytest.raises(ValidationError):
        FailedDocument.model_validate(content)
    content["error"] = {"code": "empty_document", "message": "m"}
    assert FailedDocument.model_validate(content).error.code == "empty_document"


def test_evidence_that_lies_is_refused() -> None:
    with pytest.raises(ValidationError, match="not what the canonical text says"):
        DocumentRecord.model_validate(minimal(funding=[line("180000", start=4)]))
    with pytest.raises(ValidationError, match="length of text"):
        Evidence(page=None, start=0, end=3, text="ab", table=None, row=None, column=None, method="cell", confidence=1)


def test_an_unknown_field_is_an_error_and_not_a_loss() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        DocumentRecord.model_validate(minimal(budget="18"))


def test_a_stated_rate_needs_a_place() -> None:
    with pytest.raises(ValidationError, match="needs evidence"):
        DocumentRecord.model_validate(minimal(execution={"stated_rate_pct": "100"}))


def test_the_identity_of_a_record_is_its_content_and_not_its_file_name() -> None:
    record = DocumentRecord.model_validate(minimal(funding=[line("180000")]))
    renamed = record.model_copy(update={"document": record.document.model_copy(update={"file_name": "b.pdf"})})
    changed = DocumentRecord.model_validate(minimal(funding=[line("180001")]))
    assert record.record_id == renamed.record_id != changed.record_id


def test_what_a_report_says_in_words_is_part_of_its_identity_and_its_absence_is_not() -> None:
    said = {
        "kind": "goal",
        "text": "全年",
        "evidence": {"start": 0, "end": 2, "text": "全年", "method": "a", "confidence": 1},
    }
    without, given = (DocumentRecord.model_validate(minimal(statements=stated)) for stated in ([], [said]))
    assert without.record_id == "61de4ef2c410d1f46cf8a4c8ff8094d3" != given.record_id


def test_ids_are_functions_of_their_parts() -> None:
    assert stable_id("a", 1) == stable_id("a", 1) != stable_id("a", 2)
    assert stable_id("ab", "c") != stable_id("a", "bc")


def test_records_cannot_be_changed() -> None:
    funding = FundingLine.model_validate(line("180000"))
    with pytest.raises(ValidationError):
        funding.amount_yuan = Decimal(1)  # type: ignore[misc]
