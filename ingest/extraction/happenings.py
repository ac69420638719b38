"""Dated events and the organisations that take part: who was paid, when it was approved, paid, evaluated, revised."""

from __future__ import annotations

import re

from ingest.characters import blank_out
from ingest.extraction.source import ReportSource, Sentence
from ingest.quantities import PrintedDate, find_dates
from ingest.records import Event, Party

_ORGANISATION = re.compile(r"[\u4e00-\u9fffA-Za-z（）()·]{3,40}")
_QUOTED = re.compile(r"《[^》]*》?")
_DUE = re.compile("之?前|以前")
_REACH_BEFORE_THE_WORD = 6
_REACH_BEFORE_THE_DATE = 4
_ONLY_WHEN_EVALUATING = ("evaluated", "revised")


def read_events(report: ReportSource, sentences: list[Sentence]) -> list[Event]:
    """What the words behind a date say happened then. Bare years date nothing but a budget (2019年年末，编制预算)."""
    events: dict[tuple[str, str], Event] = {}
    for sentence in sentences:
        dates = find_dates(sentence.text)
        for place, date in enumerate(dates):
            end = dates[place + 1].start if place + 1 < len(dates) else len(sentence.text)
            for event in _events_behind(report, sentence, date, end):
                events.setdefault((event.kind, event.date), event)
    return list(events.values())


def _events_behind(report: ReportSource, sentence: Sentence, date: PrintedDate, end: int) -> list[Event]:
    is_evaluating = "evaluation_process" in sentence.passage.sections
    is_bare_year = len(date.iso) == 4
    kinds: dict[str, int] = {}
    behind_date = blank_out(_QUOTED, sentence.text[date.end : end])
    for hit in report.lexicon.find("event", behind_date):
        # 计划于5月完工, 6月30日前应拨付: what is planned or due has not happened.
        before_word = behind_date[max(0, hit.start - _REACH_BEFORE_THE_WORD) : hit.start]
        before = before_word + sentence.text[max(0, date.start - _REACH_BEFORE_THE_DATE) : date.start]
        if report.lexicon.find("stage_void", before) or _DUE.match(behind_date):
            continue
        fits = is_evaluating == (hit.canonical in _ONLY_WHEN_EVALUATING)
        if fits and (not is_bare_year or hit.canonical == "budgeted"):
            kinds.setdefault(hit.canonical, date.end + hit.end)
    if is_evaluating and kinds:
        # One date of the evaluation is one step of it: the first word after the date says which.
        first = min(kinds, key=kinds.__getitem__)
        kinds = {first: kinds[first]}
    return [
        Event(
            kind=kind,
            date=date.iso,
            evidence=report.place(sentence.start + date.start, sentence.start + behind, "prose_date", 0.85),
        )
        for kind, behind in kinds.items()
    ]


def evaluated_on(events: list[Event]) -> Event | None:
    """The first dated step of the evaluation."""
    return min((event for event in events if event.kind == "evaluated"), key=lambda event: event.date, default=None)


def read_parties(report: ReportSource, sentences: list[Sentence]) -> list[Party]:
    """Organisations in the role of payee: the name behind 划转至, 支付给 …, up to 账户 or the end of the clause."""
    parties: dict[tuple[str, str], Party] = {}
    for sentence in sentences:
        for lead in report.lexicon.find("payee_lead", sentence.text):
            name = _ORGANISATION.match(sentence.text, lead.end)
            if name is None:
                continue
            end = name.end()
            tail = report.lexicon.first("payee_tail", name.group())
            if tail is not None:
                end = name.start() + tail.start
            organisation = sentence.text[name.start() : end]
            if not _is_organisation(organisation, report):
                continue
            place = report.place(sentence.start + name.start(), sentence.start + end, "prose_label", 0.9)
            parties.setdefault(
                (lead.canonical, organisation), Party(role=lead.canonical, name=organisation, evidence=place)
            )
    return list(parties.values())


def _is_organisation(name: str, report: ReportSource) -> bool:
    tail = report.lexicon.trailing("organisation_tail", name)
    return tail is not None and tail.start > 1
