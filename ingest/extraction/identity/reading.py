"""Who reports on what, where and for which year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.characters import fold, join_wrapped
from ingest.extraction.forms.rows import Form
from ingest.extraction.identity.evaluated import read_evaluated
from ingest.extraction.identity.fiscal_years import fiscal_year
from ingest.extraction.identity.kinds import kind_of
from ingest.extraction.identity.labelled import read_labelled
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.organisations import organisation_in_title, organisation_labelled, reporting_unit
from ingest.extraction.identity.project_names import name_in_prose, name_in_title
from ingest.extraction.identity.regions import read_region
from ingest.extraction.identity.titles import Title, read_title
from ingest.extraction.source import ReportSource, Sentence
from ingest.records import Evidence, ReportKind

_CODE = re.compile(r"^\s*(?:[\[(（【]?(?P<code>[0-9][0-9A-Za-z]{5,24})[\])）】]?\s*[-—－ ]?\s*)(?=[\u4e00-\u9fff])")
# The score of the next cell, glued to the name before it.
_NUMBER_BEHIND = re.compile(r"(?<=[\u4e00-\u9fff）)])\s*\d+(?:\.\d+)?$")
_UNIT_OF_MONEY = re.compile(r"[（(]?(?:人民币)?[百千万亿]*元[)）]?")
_OF_THE_ONLY_BODY = 0.8
_SHORTER_CODE = re.compile(r"^\s*\d{3,5}\s*[-—－]\s*(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Identity:
    """The identifying facts with their places, by field name of the record."""

    values: dict[str, object]
    places: dict[str, Evidence]


def read_identity(report: ReportSource, sentences: list[Sentence]) -> Identity:
    """Unit, department, project, fiscal year, region and kind; what is not written stays null."""
    title = read_title(report)
    evaluated = read_evaluated(report)
    unit = reporting_unit(report, title, sentences, evaluated.unit)
    kind = kind_of(report, title)
    found: dict[str, NamedAt | None] = {
        "unit": unit,
        "department": organisation_labelled(report, "department_label"),
        "project_name": evaluated.project or _project_name(report, title, unit, kind, sentences),
    }
    found["fiscal_year"] = evaluated.year or fiscal_year(report, title, found["project_name"], sentences)
    values: dict[str, object] = {field: fact.value for field, fact in found.items() if fact is not None}
    places = {
        field: report.place(fact.start, fact.end, fact.method, fact.confidence)
        for field, fact in found.items()
        if fact is not None
    }
    if "fiscal_year" in values:
        values["fiscal_year"] = int(str(values["fiscal_year"]))
    _read_codes(values, places)
    region, region_places = read_region(report, title, _spans_of(found))
    values["region"], values["kind"] = region, kind
    return Identity(values, places | region_places)


def with_form_identity(identity: Identity, form: Form, whole: ReportSource) -> Identity:
    """What a form states about itself in place of what its prose says; `whole` is the document as it is."""
    values, places = dict(identity.values), dict(identity.places)
    for field, piece in form.identity.items():
        written = whole.text[piece.start : piece.end]
        if field in ("unit", "department"):
            written = _NUMBER_BEHIND.sub("", written)
            if _UNIT_OF_MONEY.fullmatch(written):
                continue
        text = join_wrapped(written)
        values[field] = int(fold(text).replace(" ", "")) if field == "fiscal_year" else text
        places[field] = whole.place(
            piece.start,
            piece.start + len(written),
            piece.method,
            piece.confidence,
            table=piece.table,
            row=piece.row,
            column=piece.column,
        )
    title = read_title(whole)
    in_title = organisation_in_title(whole, title) if "unit" not in values else None
    if in_title is not None:
        values["unit"] = in_title.value
        places["unit"] = whole.place(in_title.start, in_title.end, in_title.method, in_title.confidence)
    if "unit" not in values and "department" in form.identity:
        # The only body that the form names is the one that reports.
        values["unit"] = values["department"]
        places["unit"] = places["department"].model_copy(update={"confidence": _OF_THE_ONLY_BODY})
    _read_codes(values, places)
    region, region_places = read_region(whole, title, _spans_of(places))
    if not region_places:
        return Identity(values, places)
    places = {field: place for field, place in places.items() if not field.startswith("region.")}
    return Identity(values | {"region": region}, places | region_places)


def _spans_of(found: Mapping[str, NamedAt | Evidence | None]) -> dict[str, tuple[int, int]]:
    return {field: (fact.start, fact.end) for field, fact in found.items() if fact is not None}


def _read_codes(values: dict[str, object], places: dict[str, Evidence]) -> None:
    """A code in front of an organisation is dropped; one glued to a project is part of its name and `project_code`."""
    for field in ("unit", "department"):
        text = str(values.get(field) or "")
        code = _CODE.match(text) or _SHORTER_CODE.match(text)
        if code is not None:
            values[field] = text[code.end() :]
    code = _CODE.match(str(values.get("project_name") or ""))
    if code is not None:
        values["project_code"], places["project_code"] = code["code"], places["project_name"]


def _project_name(
    report: ReportSource, title: Title | None, unit: NamedAt | None, kind: ReportKind, sentences: list[Sentence]
) -> NamedAt | None:
    labelled = next(read_labelled(report, "project_label"), None)
    if labelled is not None:
        return labelled
    named = name_in_title(report, title, unit.value if unit else None) if title is not None else None
    if named is not None or kind == "department_self_evaluation":
        return named
    return name_in_prose(report, sentences)
