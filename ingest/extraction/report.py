"""One report: every extraction step on its prose and its form, put together into a record."""

from __future__ import annotations

import re

from ingest.extraction.citations import read_citations
from ingest.extraction.contradictions import warn_of_conflicting_lines, warn_of_cost_sum, warn_of_goal_amount
from ingest.extraction.evaluation import read_evaluation
from ingest.extraction.execution import read_execution
from ingest.extraction.findings import read_findings, warn_of_empty_headings, warn_of_unknown_headings
from ingest.extraction.forms.rows import Form
from ingest.extraction.forms.values import FormValues, read_form_values
from ingest.extraction.happenings import evaluated_on, read_events, read_parties
from ingest.extraction.identity.reading import Identity, kind_named_in, read_identity, with_form_identity
from ingest.extraction.indicators.reading import read_indicators
from ingest.extraction.money.funding import read_figures, read_money
from ingest.extraction.parts import ReportPart
from ingest.extraction.projects import warn_of_further_reports
from ingest.extraction.source import ReportFacts, ReportSource, Sentence
from ingest.quantities import find_money
from ingest.records import (
    Evaluation,
    Evidence,
    Execution,
    FundingLine,
    Indicator,
    Mention,
    Region,
    ReportRecord,
    ReportWarning,
    stable_id,
)

_NOT_NUMBERED = "-"
_REACH_OF_A_SUM = 400
_REACH_OF_A_TITLE = 60
_CONFIDENCE_OF_A_PART = 0.8
_CONFIDENCE_OF_THE_SHARED = 0.85
_SHORTEST_PROSE = 16
_CLOSING = re.compile(r"[。.！!？?；;：:…）)》”\"」』]$")


def read_report(part: ReportPart) -> ReportRecord:
    """Read one report. What its form states wins; its prose adds what the form does not say."""
    source = part.prose
    form = read_form_values(part.form, part.whole) if part.form is not None else None
    sentences = list(source.sentences())
    identity = read_identity(source, sentences)
    if part.form is not None:
        identity = _with_kind_of_form(with_form_identity(identity, part.form, part.whole), part.form, part.whole)
    if part.name is not None:
        identity = _named(identity, part, part.name)
    indicators, unreadable, prose = _indicators_of_prose(part, sentences)
    year, project = identity.values.get("fiscal_year"), identity.values.get("project_name")
    facts = ReportFacts(
        fiscal_year=year if isinstance(year, int) else None, project_name=project if isinstance(project, str) else None
    )
    money_of_prose = read_money(source, prose, facts)
    rate_of_prose, unclear_rates = read_execution(source, prose, facts)
    result_of_prose, result_places, unclear_results = read_evaluation(source, prose, facts)
    funding, money = _one_set_of_lines(form, *money_of_prose[:2])
    execution = _execution(form, rate_of_prose)
    evaluation = _evaluation(form, result_of_prose, result_places)
    indicators = form.indicators if form is not None and form.indicators else indicators
    events = read_events(source, prose)
    evaluated = evaluated_on(events)
    warnings = [
        *_warn_of_damage(part),
        *_warn_of_sudden_end(source),
        *(form.warnings if form is not None else ()),
        *unreadable,
        *money_of_prose[2],
        *(unclear_rates if execution is rate_of_prose else ()),
        *(unclear_results if form is None or form.total_score is None else ()),
        *warn_of_conflicting_lines(funding),
        *warn_of_goal_amount(funding, money),
        *warn_of_cost_sum(funding, indicators, source.lexicon),
        *warn_of_further_reports(source),
        *warn_of_empty_headings(source),
        *warn_of_unknown_headings(source),
    ]
    places = identity.places | result_places
    if evaluated is not None:
        places["evaluated_on"] = evaluated.evidence
    return ReportRecord.model_validate(
        {
            **identity.values,
            "report_id": _NOT_NUMBERED,
            "ordinal": 1,
            "evaluated_on": evaluated.date if evaluated else None,
            "funding": funding,
            "execution": execution,
            "indicators": indicators,
            "evaluation": evaluation,
            "findings": read_findings(source),
            "citations": read_citations(source),
            "parties": read_parties(source, prose),
            "events": events,
            "mentions": _mentions(money, read_figures(source, prose), execution),
            "warnings": warnings,
            "field_evidence": places,
        }
    )


def read_listed_project(part: ReportPart, first: ReportRecord) -> ReportRecord:
    """A project of which a sentence of another report tells name and money; `first` is the document's own report.

    A sum without a stage of its own has the stage and the source of the sum before it, of which it is a part.
    """
    source = part.prose
    identity = _named(Identity({"kind": first.kind}, {}), part, part.name or (0, 0))
    facts = ReportFacts(fiscal_year=first.fiscal_year, project_name=None)
    funding, mentions, _ = read_money(source, list(source.sentences()), facts)
    if not funding:
        funding = _parts_of_earlier_sums(part, facts)
    return ReportRecord.model_validate(
        {
            **identity.values,
            "report_id": _NOT_NUMBERED,
            "ordinal": 1,
            "funding": funding,
            "mentions": mentions,
            "field_evidence": identity.places,
        }
    )


def _parts_of_earlier_sums(part: ReportPart, facts: ReportFacts) -> list[FundingLine]:
    start = part.name[0] if part.name is not None else 0
    lines, _, _ = read_money(part.whole, list(part.whole.sentences()), facts)
    earlier = [line for line in lines if line.evidence.end <= start and start - line.evidence.end <= _REACH_OF_A_SUM]
    if not earlier:
        return []
    above = max(earlier, key=lambda line: line.evidence.start)
    return [
        FundingLine(
            stage=above.stage,
            source=above.source,
            amount_yuan=money.amount_yuan,
            as_written=money.as_written,
            evidence=part.whole.place(money.start, money.end, "listed_project", _CONFIDENCE_OF_A_PART),
        )
        for money in find_money(part.prose.text)
        if not money.is_price
    ]


def numbered(reports: list[ReportRecord], sha256: str) -> list[ReportRecord]:
    """The reports with their ordinals in the document and the ids that follow from them."""
    return [
        report.model_copy(update={"ordinal": ordinal, "report_id": stable_id(sha256, ordinal)})
        for ordinal, report in enumerate(reports, start=1)
    ]


def without_sums_of(listed: list[ReportRecord], report: ReportRecord) -> ReportRecord:
    """The report without the sums that are told of one of its listed projects: they are that project's money."""
    told = {(line.evidence.start, line.evidence.end) for project in listed for line in project.funding}
    kept = tuple(line for line in report.funding if (line.evidence.start, line.evidence.end) not in told)
    return report.model_copy(update={"funding": kept})


def with_identity_of(report: ReportRecord, first: ReportRecord) -> ReportRecord:
    """What the document says once, of all its reports: year, unit, region where this report does not name its own."""
    missing = [
        field
        for field in ("fiscal_year", "unit", "department")
        if getattr(report, field) is None and getattr(first, field) is not None
    ]
    update: dict[str, object] = {field: getattr(first, field) for field in missing}
    if report.region == Region():
        update["region"] = first.region
        missing += [field for field in first.field_evidence if field.startswith("region.")]
    places = {field: _less_sure(first.field_evidence[field]) for field in missing if field in first.field_evidence}
    return report.model_copy(update={**update, "field_evidence": {**places, **report.field_evidence}})


def _less_sure(place: Evidence) -> Evidence:
    return place.model_copy(update={"confidence": min(place.confidence, _CONFIDENCE_OF_THE_SHARED)})


def _named(identity: Identity, part: ReportPart, span: tuple[int, int]) -> Identity:
    start, end = span
    name = part.whole.text[start:end]
    place = part.whole.place(start, end, "listed_name", _CONFIDENCE_OF_A_PART)
    return Identity({**identity.values, "project_name": name.strip()}, {**identity.places, "project_name": place})


def _indicators_of_prose(
    part: ReportPart, sentences: list[Sentence]
) -> tuple[list[Indicator], list[ReportWarning], list[Sentence]]:
    """A form tells its indicators in rows: what its texts on the goal count is no further indicator."""
    texts = [piece for _, piece in part.form.texts] if part.form is not None else []
    of_form = [sentence for sentence in sentences if any(piece.start <= sentence.start < piece.end for piece in texts)]
    indicators, unreadable, rest = read_indicators(part.prose, [entry for entry in sentences if entry not in of_form])
    return indicators, unreadable, sorted([*rest, *of_form], key=lambda sentence: sentence.start)


def _with_kind_of_form(identity: Identity, form: Form, whole: ReportSource) -> Identity:
    """A form is called by the lines above it and by its first line; those of a flattened form are no prose."""
    if identity.values.get("kind") != "unknown":
        return identity
    around = whole.text[max(0, form.start - _REACH_OF_A_TITLE) : form.start + _REACH_OF_A_TITLE]
    kind = kind_named_in(around, whole.lexicon)
    return Identity({**identity.values, "kind": kind}, identity.places)


def _one_set_of_lines(
    form: FormValues | None, lines: list[FundingLine], mentions: list[Mention]
) -> tuple[list[FundingLine], list[Mention]]:
    """The form's lines, and those of the prose that say something else; a sum stated again is a mention."""
    if form is None:
        return lines, mentions
    known = {(line.stage, line.source, line.amount_yuan) for line in form.funding}
    again = [line for line in lines if (line.stage, line.source, line.amount_yuan) in known]
    further = [line for line in lines if line not in again]
    return [*form.funding, *further], [*mentions, *map(_mention_of, again)]


def _mention_of(line: FundingLine) -> Mention:
    return Mention(
        kind="money", stage=line.stage, as_written=line.as_written, amount_yuan=line.amount_yuan, evidence=line.evidence
    )


def _execution(form: FormValues | None, of_prose: Execution) -> Execution:
    """The form's execution row; the prose counts where there is none."""
    if form is None or form.execution.evidence is None:
        return of_prose
    if form.execution.stated_rate_pct is None and of_prose.stated_rate_pct is not None:
        return form.execution.model_copy(update={"stated_rate_pct": of_prose.stated_rate_pct})
    return form.execution


def _evaluation(form: FormValues | None, of_prose: Evaluation, places: dict[str, Evidence]) -> Evaluation:
    """Total and grade of the form before those of the prose; `places` is brought up to date."""
    stated: dict[str, object] = {}
    for field, found in (("total_score", form.total_score), ("grade", form.grade)) if form is not None else ():
        if found is not None:
            stated[field], places[f"evaluation.{field}"] = found
    return of_prose.model_copy(update=stated)


def _mentions(money: list[Mention], figures: list[Mention], execution: Execution) -> list[Mention]:
    """All figures of the prose in the order of the text; the execution rate is a value of its own."""
    rate = execution.evidence
    others = [
        figure
        for figure in figures
        if rate is None or not (rate.start <= figure.evidence.start and figure.evidence.end <= rate.end)
    ]
    return sorted([*money, *others], key=lambda mention: mention.evidence.start)


def _warn_of_damage(part: ReportPart) -> list[ReportWarning]:
    if "damaged_characters" not in part.whole.remarks:
        return []
    start = next((place for text in (part.prose.text, part.whole.text) if (place := text.find("\ufffd")) >= 0), 0)
    return [
        ReportWarning(
            code="damaged_characters",
            message="文中有无法还原的字符，文件可能被截断或损坏",
            evidence=part.whole.place(start, start + 1, "reading", 1.0),
        )
    ]


def _warn_of_sudden_end(source: ReportSource) -> list[ReportWarning]:
    """The last line is prose and stops without a full stop: the file was probably cut."""
    last = source.outline.passages[-1] if source.outline.passages else None
    text = last.text.rstrip() if last else ""
    if last is None or len(text) < _SHORTEST_PROSE or not re.search(r"[，,、。；;]", text) or _CLOSING.search(text):
        return []
    return [
        ReportWarning(
            code="text_ends_in_the_middle",
            message=f"全文在「{text[-12:]}」处中断，文件可能不完整",
            evidence=source.place(last.start + len(text) - 12, last.start + len(text), "reading", 0.7),
        )
    ]
