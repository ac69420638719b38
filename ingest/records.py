"""The record contract: what one document says, as typed records.

This module is the single definition. `docs/record-schema.json` is generated from it
(`python -m ingest.records`), `fundperf extract` prints it and `fundperf ingest` accepts it from anybody else's
extractor as JSON Lines.

Decimals travel as strings, money is exact yuan with two places, and null means "the document does not say".
A value that is present but was not understood keeps its text and the state `unreadable`.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)

SCHEMA_VERSION: Literal["1.0"] = "1.0"

ReportKind = Literal[
    "project_self_evaluation",
    "department_self_evaluation",
    "transfer_self_evaluation",
    "external_evaluation",
    "target_declaration",
    "unknown",
]
Stage = Literal["planned", "initial_budget", "adjusted_budget", "approved", "received", "executed", "carried_forward"]
Source = Literal["total", "fiscal", "carryover", "other", "central", "province", "city", "county", "local"]
ValueState = Literal["parsed", "qualitative", "blank", "unreadable"]
Operator = Literal[">=", ">", "<=", "<", "=", "range", "by_date", "none"]
FindingKind = Literal["problem", "cause", "suggestion", "follow_up"]
StatementKind = Literal["goal", "goal_result", "no_problem"]
MentionKind = Literal["money", "count", "rate"]


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros, so that equal values are equal texts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _two_places(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("money must be a finite amount of yuan")
    if value != round(value, 2):
        raise ValueError("money is exact yuan with at most two decimal places")
    return value.quantize(Decimal("0.01"))


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("a figure must be a finite number")
    return Decimal(plain(value))


_PLAIN_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _as_written(value: Any) -> Any:
    if isinstance(value, str) and not _PLAIN_DECIMAL.fullmatch(value):
        raise ValueError("a number is written in digits with at most one point: no blanks, separators or exponent")
    # repr gives back the digits the other side wrote; the binary value would add digits nobody printed.
    return repr(value) if isinstance(value, float) else value


def _decimal_schema(whole: int, places: int) -> WithJsonSchema:
    # Zeros at either end are no digits of the value.
    return WithJsonSchema({"type": "string", "pattern": rf"^-?0*[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}}0*)?$"})


def calendar_date(value: str) -> str:
    """The same year, month or day in ISO form; ValueError where no calendar has it."""
    try:
        date.fromisoformat(value + "0000-01-01"[len(value) :])
    except ValueError:
        raise ValueError(f"{value} is no date of the calendar") from None
    return value


def iso_day(value: Any) -> Any:
    """A day as `YYYY-MM-DD`, or null, or a date; ValueError for anything else."""
    # A bare number would be taken for seconds since 1970.
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    if value is None or type(value) is date:
        return value
    raise ValueError("a day is written YYYY-MM-DD")


Yuan = Annotated[
    Decimal,
    BeforeValidator(_as_written),
    Field(max_digits=18, decimal_places=2),
    AfterValidator(_two_places),
    PlainSerializer(lambda value: format(value, ".2f"), return_type=str, when_used="json"),
    _decimal_schema(16, 2),
]
"""Money in yuan, two places."""

Figure = Annotated[
    Decimal,
    BeforeValidator(_as_written),
    Field(max_digits=24, decimal_places=6),
    AfterValidator(_finite),
    PlainSerializer(plain, return_type=str, when_used="json"),
    _decimal_schema(18, 6),
]
"""A number in the unit printed beside it."""

Points = Annotated[
    Decimal,
    BeforeValidator(_as_written),
    Field(max_digits=9, decimal_places=4),
    AfterValidator(_finite),
    PlainSerializer(plain, return_type=str, when_used="json"),
    _decimal_schema(5, 4),
]
"""Points (分值, 得分), as printed."""

PartialDate = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"),
    AfterValidator(calendar_date),
]
"""A date as precise as it was printed: `2020`, `2020-09` or `2020-09-03`."""


class Record(BaseModel):
    """Base of all records: immutable, and a field that the contract does not know is an error, not a loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def to_json(self, indent: int | None = None) -> str:
        """The record as JSON, in the contract's own order of fields."""
        return self.model_dump_json(indent=indent)


class Evidence(Record):
    """The place a value was read. `canonical_text[start:end] == text` always holds.

    A value that a manifest states has the empty span 0–0 and `method` = `manifest`.
    """

    page: int | None = Field(None, ge=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    table: int | None = Field(None, ge=0)
    row: int | None = Field(None, ge=0)
    column: int | None = Field(None, ge=0)
    method: str = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _span_fits_text(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError("evidence: end − start must equal the length of text")
        return self


class Region(Record):
    """Place names of the reporting body as written; never inferred.

    `hint` keeps a word that narrows the region without naming it (自治区, 我市).
    """

    province: str | None = None
    city: str | None = None
    county: str | None = None
    as_written: str | None = None
    hint: str | None = None


class FundingLine(Record):
    """One sum of the money line: a stage (年初预算数 …) of a source (财政拨款 …)."""

    stage: Stage
    source: Source
    amount_yuan: Yuan | None
    as_written: str
    evidence: Evidence


class Execution(Record):
    """预算执行率 as printed, with its full points and the points reached where a form or the prose gives them."""

    stated_rate_pct: Figure | None = None
    weight: Points | None = None
    score: Points | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _stated_values_have_a_place(self) -> Self:
        stated = (self.stated_rate_pct, self.weight, self.score)
        if self.evidence is None and any(value is not None for value in stated):
            raise ValueError("execution: a stated value needs evidence")
        return self


class Indicator(Record):
    """One level-3 indicator (三级指标) with target and actual as printed and as read.

    `*_value` is the number in `*_unit`; `*_high` is the upper end of a `range`; `*_from` and `*_to` are the dates of a
    period (`range`) or of a deadline (`by_date`, only `*_to`).
    """

    ordinal: int = Field(ge=1)
    level1: str | None = None
    level2: str | None = None
    name: str
    target: str | None = None
    actual: str | None = None
    target_state: ValueState
    target_operator: Operator | None = None
    target_value: Figure | None = None
    target_high: Figure | None = None
    target_unit: str | None = None
    target_from: PartialDate | None = None
    target_to: PartialDate | None = None
    actual_state: ValueState
    actual_operator: Operator | None = None
    actual_value: Figure | None = None
    actual_high: Figure | None = None
    actual_unit: str | None = None
    actual_from: PartialDate | None = None
    actual_to: PartialDate | None = None
    weight: Points | None = None
    score: Points | None = None
    deviation_reason: str | None = None
    evidence: Evidence


class Evaluation(Record):
    """The self-evaluation's own result: 自评总分, 等级 and the sentence that concludes."""

    total_score: Points | None = None
    grade: str | None = None
    conclusion: str | None = None


class Finding(Record):
    """A problem, cause, suggestion or follow-up step in the report's own words."""

    kind: FindingKind
    text: str = Field(min_length=1)
    evidence: Evidence


class Statement(Record):
    """What the report says under a heading, in its own words: 预期目标, 实际完成情况, or 「无」 below 存在问题."""

    kind: StatementKind
    text: str = Field(min_length=1)
    evidence: Evidence


class Citation(Record):
    """A rule or document the report relies on. `document_number` is in normal form: 盐边财政〔2020〕8号."""

    document_number: str | None = None
    title: str | None = None
    as_written: str = Field(min_length=1)
    evidence: Evidence

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.document_number is None and self.title is None:
            raise ValueError("citation: a document number or a title is needed")
        return self


class Party(Record):
    """An organisation in a role (`payee`, …). Private persons are never part of a record."""

    role: str = Field(min_length=1)
    name: str = Field(min_length=1)
    evidence: Evidence


class Event(Record):
    """Something that happened on a date as precise as printed (`approved`, `disbursed`, `evaluated`, `revised`, …)."""

    kind: str = Field(min_length=1)
    date: PartialDate
    evidence: Evidence


class Mention(Record):
    """A figure in the prose that is no line of a form: the 20万元 of a goal, 14家 sites, a sum stated again.

    `section` is the role of the section it stands in; `label` the words directly before it;
    `amount_yuan` is set for money. `stage` is set when the words around it say which stage of the money is meant.
    """

    kind: MentionKind
    label: str | None = None
    section: str | None = None
    stage: Stage | None = None
    as_written: str
    value: Figure | None = None
    unit: str | None = None
    amount_yuan: Yuan | None = None
    evidence: Evidence


class ReportWarning(Record):
    """Something a person should look at. `places` holds every further place that belongs to it."""

    code: str = Field(min_length=1)
    message: str = Field(min_length=1)
    evidence: Evidence
    places: tuple[Evidence, ...] = ()


class ReportRecord(Record):
    """One self-evaluation inside a document.

    `field_evidence` holds the places of the single values, by dotted field name (`unit`, `region.county`,
    `evaluation.total_score`); list entries carry their own.
    """

    report_id: str = Field(min_length=1)
    ordinal: int = Field(ge=1)
    kind: ReportKind
    fiscal_year: int | None = Field(None, ge=1949, le=2100)
    region: Region = Region()
    unit: str | None = None
    department: str | None = None
    project_name: str | None = None
    project_code: str | None = None
    evaluated_on: PartialDate | None = None
    funding: tuple[FundingLine, ...] = ()
    execution: Execution = Execution()
    indicators: tuple[Indicator, ...] = ()
    evaluation: Evaluation = Evaluation()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    parties: tuple[Party, ...] = ()
    events: tuple[Event, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    warnings: tuple[ReportWarning, ...] = ()
    field_evidence: dict[str, Evidence] = {}

    def evidences(self) -> list[Evidence]:
        """Every place this report points to."""
        places = list(self.field_evidence.values())
        if self.execution.evidence is not None:
            places.append(self.execution.evidence)
        for entries in (
            self.funding, self.indicators, self.findings, self.citations,
            self.parties, self.events, self.mentions, self.statements, self.warnings,
        ):  # fmt: skip
            places.extend(entry.evidence for entry in entries)
        for warning in self.warnings:
            places.extend(warning.places)
        return places


class DocumentFacts(Record):
    """What is known of the file itself.

    `canonical_text` is the text that all evidence points into; with it a record can be verified and traced anywhere.
    `extractor` names program and version that wrote the record.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    file_name: str
    media_type: str
    title: str | None = None
    page_count: int | None = Field(None, ge=0)
    char_count: int | None = Field(None, ge=0)
    source_url: str | None = None
    published_on: Annotated[date | None, BeforeValidator(iso_day)] = None
    extractor: str | None = None
    canonical_text: str | None = None


class DocumentRecord(Record):
    """One document and the reports in it."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    document: DocumentFacts
    reports: tuple[ReportRecord, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _evidence_is_true(self) -> Self:
        ids = [report.report_id for report in self.reports]
        if len(set(ids)) != len(ids):
            raise ValueError("two reports of one document share a report_id")
        text = self.document.canonical_text
        if text is None:
            return self
        for report in self.reports:
            for place in report.evidences():
                if text[place.start : place.end] != place.text:
                    raise ValueError(f"evidence {place.start}–{place.end} is not what the canonical text says there")
        return self

    @property
    def record_id(self) -> str:
        """Identity of the content: the same statements about the same bytes give the same id.

        The file's name and the program that read it are not part of it, so a renamed copy is the same record.
        """
        content = self.model_dump(mode="json")
        for volatile in ("file_name", "extractor"):
            content["document"].pop(volatile)
        # Records written before there were statements keep their identity.
        for report in content["reports"]:
            if not report["statements"]:
                report.pop("statements")
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return stable_id("record", canonical)


class Failure(Record):
    """Why a document gave no record."""

    code: str = Field(pattern=r"^[a-z0-9_]{1,64}$")
    message: str


class FailedFacts(Record):
    """What is known of a file that could not be read."""

    sha256: str | None
    file_name: str
    media_type: str | None = None


class FailedDocument(Record):
    """A document that could not be read, in the place of its record."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    document: FailedFacts
    error: Failure


def stable_id(*parts: object) -> str:
    """A deterministic id from the parts: the first 16 bytes of SHA-256 in hex."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:32]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one object of `fundperf extract`."""
    adapter: TypeAdapter[DocumentRecord | FailedDocument] = TypeAdapter(DocumentRecord | FailedDocument)
    schema = adapter.json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fundperf record",
        **schema,
    }


def write_json_schema(path: Path) -> None:
    """Write the schema file that is committed with the project."""
    path.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_json_schema(Path(__file__).parent.parent / "docs" / "record-schema.json")
