"""One report: every extraction step on its prose and its form, put together into a record."""

from __future__ import annotations

from decimal import Decimal

from ingest.extraction.citations import read_citations
from ingest.extraction.contradictions import warn_of_conflicting_lines, warn_of_cost_sum, warn_of_goal_amount
from ingest.extraction.damage import warn_of_damage, warn_of_sudden_end
from ingest.extraction.evaluation import read_evaluation
from ingest.extraction.execution import read_execution
from ingest.extraction.figures import read_figures
from ingest.extraction.findings import (
    read_findings,
    read_statements,
    warn_of_empty_headings,
    warn_of_unknown_headings,
)
from ingest.extraction.forms.rows import Form
from ingest.extraction.forms.values import FormValues, read_form_values
from ingest.extraction.happenings import evaluated_on, read_events, read_parties
from ingest.extraction.identity.kinds import kind_named_in
from ingest.extraction.identity.reading import Identity, read_identity, with_form_identity
from ingest.extraction.indicators.reading import read_indicators
from ingest.extraction.money.funding import read_money
from ingest.extraction.parts.chapters import warn_of_further_reports
from ingest.extraction.parts.finding import ReportPart
from ingest.extraction.source import ReportFacts, ReportSource, Sentence
from ingest.records import (
    Evaluation,
    Evidence,
    Execution,
    FundingLine,
    Indicator,
    Mention,
    ReportRecord,
    ReportWarning,
)

CONFIDENCE_OF_A_PART = 0.8
_NOT_NUMBERED = "-"
_REACH_OF_A_TITLE = 60


def read_report(part: ReportPart) -> ReportRecord:
    """Read one report. What its form states wins; its prose adds what the form does not say."""
    source = part.prose
    form = read_form_values(part.form, part.whole) if part.form is not None else None
    sentences = list(source.sentences())
    identity = _identity(part, sentences)
    indicators, unread_values, prose = _indicators_of_prose(part, sentences)
    if form is not None and form.indicators:
        indicators = form.indicators
    facts = _facts_of(identity)
    lines, mentions, unread_sums = read_money(source, prose, facts)
    funding, money = _one_set_of_lines(form, lines, mentions)
    rate, unclear_rates = read_execution(source, prose, facts)
    execution = _execution(form, rate)
    evaluation, places, unclear_results = read_evaluation(source, prose, facts)
    evaluation = _evaluation(form, evaluation, places)
    events = read_events(source, prose)
    evaluated = evaluated_on(events)
    if evaluated is not None:
        places["evaluated_on"] = evaluated.evidence
    warnings = [
        *warn_of_damage(part),
        *warn_of_sudden_end(source),
        *(form.warnings if form is not None else ()),
        *unread_values,
        *unread_sums,
        *(unclear_rates if execution is rate else ()),
        *(unclear_results if form is None or form.total_score is None else ()),
        *_warn_of_contradictions(source, funding, money, indicators),
        *_warn_of_headings(source),
    ]
    return record_of(
        identity,
        places,
        {
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
            "statements": read_statements(source),
            "warnings": warnings,
        },
    )


def record_of(identity: Identity, places: dict[str, Evidence], stated: dict[str, object]) -> ReportRecord:
    """The record of a report that has no number in its document yet."""
    return ReportRecord.model_validate(
        {
            **identity.values,
            "report_id": _NOT_NUMBERED,
            "ordinal": 1,
            **stated,
            "field_evidence": identity.places | places,
        }
    )


def _identity(part: ReportPart, sentences: list[Sentence]) -> Identity:
    identity = read_identity(part.prose, sentences)
    if part.form is not None:
        identity = _with_kind_of_form(with_form_identity(identity, part.form, part.whole), part.form, part.whole)
    return named_by_part(identity, part)


def named_by_part(identity: Identity, part: ReportPart) -> Identity:
    """The identity with the project's name where the part has it elsewhere than a report of its own."""
    if part.name is None:
        return identity
    start, end = part.name
    name = part.whole.text[start:end].strip()
    place = part.whole.place(start, end, "listed_name", CONFIDENCE_OF_A_PART)
    return Identity({**identity.values, "project_name": name}, {**identity.places, "project_name": place})


def _facts_of(identity: Identity) -> ReportFacts:
    year, project = identity.values.get("fiscal_year"), identity.values.get("project_name")
    return ReportFacts(
        fiscal_year=year if isinstance(year, int) else None, project_name=project if isinstance(project, str) else None
    )


def _indicators_of_prose(
    part: ReportPart, sentences: list[Sentence]
) -> tuple[list[Indicator], list[ReportWarning], list[Sentence]]:
    """A form tells its indicators in rows: what its texts on the goal count is no further indicator."""
    texts = [piece for _, piece in part.form.texts] if part.form is not None else []
    of_form: list[Sentence] = []
    of_prose: list[Sentence] = []
    for sentence in sentences:
        is_of_form = any(piece.start <= sentence.start < piece.end for piece in texts)
        (of_form if is_of_form else of_prose).append(sentence)
    indicators, unreadable, rest = read_indicators(part.prose, of_prose)
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
    known = {_key(line) for line in form.funding}
    again = [line for line in lines if _key(line) in known]
    further = [line for line in lines if _key(line) not in known]
    return [*form.funding, *further], [*mentions, *map(_mention_of, again)]


def _key(line: FundingLine) -> tuple[str, str, Decimal | None]:
    return line.stage, line.source, line.amount_yuan


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


def _warn_of_contradictions(
    source: ReportSource, funding: list[FundingLine], money: list[Mention], indicators: list[Indicator]
) -> list[ReportWarning]:
    return [
        *warn_of_conflicting_lines(funding),
        *warn_of_goal_amount(funding, money),
        *warn_of_cost_sum(funding, indicators, source.lexicon),
    ]


def _warn_of_headings(source: ReportSource) -> list[ReportWarning]:
    return [*warn_of_further_reports(source), *warn_of_empty_headings(source), *warn_of_unknown_headings(source)]
