"""The measures of texts in the build file: made once for each text, and made again when the way of measuring changed.

A text is measured from what landing stored and not from the record in hand, so new loads and build files of older
versions take one way. Which lines of the lexicon count is part of the key of a measure: a line more, and the texts are
measured anew by the next load or build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ingest.lexicon import Lexicon
from ingest.raw_store import insert_frame, transaction

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingest.text_measures import TextMeasures

MEASURES_VERSION = 2
"""Raised whenever `text_measures` would measure the same text otherwise; measured texts are then measured anew."""

_ROLES = (
    "noise", "noise_term", "lookalike", "placeholder", "payment_fact", "punctual", "punctual_thing", "stock_sentence",
    "section", "level1", "level2", "form_column",
)  # fmt: skip
_CHUNK_TEXTS = 400
_LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class _Report:
    """A report of a stored text: where its figures begin and end, or None where none of them has a place, and what it
    says of its goal and of the result.
    """

    load_id: str
    record_id: str
    report_id: str
    first: int | None
    last: int | None
    goal: str
    result: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A stored text; `is_masked`: our own reading made it, so nothing of a person is left in it."""

    text: str
    is_masked: bool


def measures_key(lexicon: Lexicon) -> str:
    """What a measure depends on beside the text: the version of the functions and the lines of the lexicon they ask."""
    digest = hashlib.sha256()
    for role in _ROLES:
        for wording, canonical in sorted(lexicon.wordings(role).items()):
            digest.update(f"{role}\x1f{wording}\x1f{canonical}\x1e".encode())
    return f"{MEASURES_VERSION}-{digest.hexdigest()[:16]}"


def measure_texts(connection: DuckDBPyConnection, lexicon: Lexicon) -> int:
    """Measure every stored text that has no measures of the present kind; how many documents that were.

    Safe to call at any time: what is measured already costs one comparison of keys, and an interrupted call is taken up
    by the next one.

    Args:
        connection: an open build file (`raw_store.open_build`), outside a transaction.
        lexicon: the wordings to look for, a user's own lines included.
    """
    from ingest.raw_schema import MEASURED_OF_TEXTS, RAW_TABLES, frame

    key = measures_key(lexicon)
    waiting = _waiting(connection, key)
    for begin in range(0, len(waiting), _CHUNK_TEXTS):
        chunk = waiting[begin : begin + _CHUNK_TEXTS]
        rows: dict[str, list[dict[str, Any]]] = {table: [] for table in MEASURED_OF_TEXTS}
        for stored, reports in _texts(connection, chunk):
            _add_document(rows, stored, reports, lexicon, key)
        with transaction(connection):
            for table in MEASURED_OF_TEXTS:
                _remove(connection, table, chunk)
                insert_frame(connection, f"raw.{table}", frame(RAW_TABLES[table], rows[table]))
    return len(waiting)


def _waiting(connection: DuckDBPyConnection, key: str) -> list[tuple[str, str]]:
    return connection.execute(
        """
        select texts.load_id, texts.record_id
        from raw.document_text as texts
        where
            exists (
                select 1 from raw.reports as reports
                where reports.load_id = texts.load_id and reports.record_id = texts.record_id
            )
            and not exists (
                select 1 from raw.text_measures as measures
                where
                    measures.load_id = texts.load_id
                    and measures.record_id = texts.record_id
                    and measures.measures_key = ?
            )
        order by texts.load_id, texts.record_id
        """,
        [key],
    ).fetchall()


def _texts(connection: DuckDBPyConnection, chunk: list[tuple[str, str]]) -> Iterator[tuple[_Text, list[_Report]]]:
    parameters = [[load_id for load_id, _ in chunk], [record_id for _, record_id in chunk]]
    rows = connection.execute(
        """
        with
        wanted as (select unnest(?::varchar[]) as load_id, unnest(?::varchar[]) as record_id),
        places as (
            select load_id, record_id, report_id, evidence_start, evidence_end
            from raw.funding_lines semi join wanted using (load_id, record_id)
            union all
            select load_id, record_id, report_id, evidence_start, evidence_end
            from raw.indicators semi join wanted using (load_id, record_id)
            union all
            select load_id, record_id, report_id, evidence_start, evidence_end
            from raw.findings semi join wanted using (load_id, record_id)
        ),
        extents as (
            select load_id, record_id, report_id, min(evidence_start) as first_place, max(evidence_end) as last_place
            from places
            group by all
        ),
        said as (
            select
                load_id, record_id, report_id,
                string_agg(text, chr(10) order by ordinal) filter (where kind = 'goal') as goal,
                string_agg(text, chr(10) order by ordinal) filter (where kind = 'goal_result') as result
            from raw.statements semi join wanted using (load_id, record_id)
            group by all
        )
        select
            load_id, record_id, report_id, first_place, last_place, coalesce(goal, ''), coalesce(result, ''),
            canonical_text, coalesce(starts_with(extractor, 'fundperf '), false)
        from raw.document_text
        inner join raw.documents using (load_id, record_id)
        inner join wanted using (load_id, record_id)
        inner join raw.reports using (load_id, record_id)
        left join extents using (load_id, record_id, report_id)
        left join said using (load_id, record_id, report_id)
        order by load_id, record_id, first_place nulls last, report_id
        """,
        parameters,
    ).fetchall()
    for _, group in groupby(rows, key=lambda row: row[:2]):
        entries = list(group)
        yield _Text(*entries[0][7:]), [_Report(*entry[:7]) for entry in entries]


def _add_document(
    rows: dict[str, list[dict[str, Any]]], stored: _Text, reports: list[_Report], lexicon: Lexicon, key: str
) -> None:
    text = stored.text
    stretches = _stretches(text, reports)
    for report in reports:
        keys = {"load_id": report.load_id, "record_id": report.record_id, "report_id": report.report_id}
        stretch = stretches.get(report.report_id)
        measures = _measure(report, stored, stretch, lexicon) if stretch else None
        start, end = stretch or (None, None)
        rows["text_measures"].append(
            {**keys, "measures_key": key, "text_start": start, "text_end": end, **_measured(measures)}
        )
        for ordinal, hit in enumerate(measures.hits if measures else (), start=1):
            place = (start or 0) + hit.start, (start or 0) + hit.end
            # What our own reading has not masked is masked here: no table may hold a person's name or number.
            quoted = text[slice(*place)] if hit.kind != "private_data" else "＊" * (hit.end - hit.start)
            rows["text_hits"].append(
                {
                    **keys,
                    "ordinal": ordinal,
                    "kind": hit.kind,
                    "detail": hit.detail,
                    "evidence_start": place[0],
                    "evidence_end": place[1],
                    "evidence_text": quoted if len(quoted) <= _LONGEST_QUOTE else quoted[:_LONGEST_QUOTE] + "…",
                }
            )


def _measure(report: _Report, stored: _Text, stretch: tuple[int, int], lexicon: Lexicon) -> TextMeasures:
    # Most loads have no text to measure, and need not wait for all that measuring imports.
    from ingest.text_measures import measure_text

    text = stored.text[slice(*stretch)]
    return measure_text(text, lexicon, goal=report.goal, result=report.result, is_masked=stored.is_masked)


def _stretches(text: str, reports: list[_Report]) -> dict[str, tuple[int, int]]:
    """Which part of the text is whose: all of it where there is one report.

    Of several reports each has the text from its first figure to the first figure of the next one, the first one also
    what stands before. Where the figures of two reports lie among each other, nobody can say whose the text is.
    """
    if len(reports) == 1:
        return {reports[0].report_id: (0, len(text))}
    placed = [(report.first, report.last, report.report_id) for report in reports]
    stretches = {}
    for number, (first, last, report_id) in enumerate(placed):
        following = placed[number + 1][0] if number + 1 < len(placed) else len(text)
        if first is None or last is None or following is None or last > following:
            return {}
        stretches[report_id] = (0 if number == 0 else first, following)
    return stretches


def _measured(measures: TextMeasures | None) -> dict[str, Any]:
    if measures is None:
        return dict.fromkeys(
            (
                "n_characters", "n_repeated_characters", "longest_repeat", "n_numbered_lines", "n_goal_result_shared",
                "n_goal_result_either", "n_shingles", "shingles",
            )
        )  # fmt: skip
    likeness = measures.goal_and_result
    return {
        "n_characters": measures.n_characters,
        "n_repeated_characters": measures.n_repeated_characters,
        "longest_repeat": measures.longest_repeat,
        "n_numbered_lines": measures.n_numbered_lines,
        "n_goal_result_shared": likeness.shared if likeness else None,
        "n_goal_result_either": likeness.either if likeness else None,
        "n_shingles": len(measures.shingles),
        "shingles": measures.shingles,
    }


def _remove(connection: DuckDBPyConnection, table: str, chunk: list[tuple[str, str]]) -> None:
    connection.execute(
        f"""
        delete from raw.{table} where (load_id, record_id) in (
            select (unnest(?::varchar[]), unnest(?::varchar[]))
        )
        """,
        [[load_id for load_id, _ in chunk], [record_id for _, record_id in chunk]],
    )
