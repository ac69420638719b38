"""What a person should look at: doubtful values, missing ones, and warnings about no single value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.confidence import REVIEW_BELOW
from ingest.errors import UnreachableError
from warehouse.attaching import attach, named_rows
from warehouse.messages import Lang, say
from warehouse.pipeline import read_last_run
from warehouse.review_fields import REVIEW_FIELDS, ReviewField

if TYPE_CHECKING:
    import duckdb

    from warehouse.home import Home
    from warehouse.release import Release

_CONTEXT_CHARACTERS = 60
_MARKS = "⟦⟧"


@dataclass(frozen=True, slots=True)
class ReviewValue:
    """One value that may be corrected.

    `expect` is what the document prints, as stored; None when it prints none. `line` says which row of the report it is
    part of, `snippet` is the text around its place with the place marked, `why` the reasons in the user's language.
    """

    field: ReviewField
    row_id: str
    expect: str | None
    file_name: str
    document_sha256: str
    report: str
    line: str
    snippet: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A warning that points to no value of the report, or a part of the report of which nothing was read."""

    file_name: str
    report: str
    code: str
    message: str
    snippet: str


@dataclass(frozen=True, slots=True)
class RefusedInput:
    """An input that could not be read so far, and why, in the user's language."""

    input_name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ReviewList:
    """Everything that waits for a person."""

    doubtful: tuple[ReviewValue, ...]
    missing: tuple[ReviewValue, ...]
    notes: tuple[ReviewNote, ...]
    refused: tuple[RefusedInput, ...] = ()


def read_review_list(home: Home, release: Release, lang: Lang, below: float = REVIEW_BELOW) -> ReviewList:
    """The review list of a release: what nobody has corrected yet; and the inputs that the home folder lacks.

    Args:
        home: where the last load left what it could not read.
        release: what is looked at; of each project-year the current version.
        lang: the language of the reasons.
        below: values with less confidence than this, 0–1, are doubtful.

    Raises:
        UnreachableError: the release was made by a program without a review list.
    """
    with attach(release.file) as connection:
        _require_review_list(connection, release)
        texts = _Texts(connection)
        values = list(_read_values(connection, texts, lang, below))
        notes = (*_read_notes(connection, texts), *_read_unread(connection, lang))
    return ReviewList(
        doubtful=tuple(value for value in values if value.expect is not None),
        missing=tuple(value for value in values if value.expect is None),
        notes=notes,
        refused=tuple(_read_refused(home, lang)),
    )


def printed_values(release: Release, row_ids: Iterable[str]) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Raw table and printed value of every correctable field of some rows, by row and field.

    Raises:
        UnreachableError: the release was made by a program without a review list.
    """
    with attach(release.file) as connection:
        _require_review_list(connection, release)
        rows = connection.execute(
            "select row_id, field, raw_table, printed_value from intermediate.int_values__correctable "
            "where row_id in (select unnest(?::varchar[]))",
            [sorted(set(row_ids))],
        ).fetchall()
    return {(row_id, name): (table, value) for row_id, name, table, value in rows}


def _require_review_list(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    [(count,)] = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_catalog = current_database() and table_name = 'int_values__missing'"
    ).fetchall()
    if not count:
        raise UnreachableError(
            "no_review_list",
            zh=f"版本 {release.release_id} 没有复核清单（由旧程序构建）。请先运行 fundperf run。",
            en=f"Release {release.release_id} holds no review list (an older program built it). Run `fundperf run`.",
            release=release.release_id,
        )


class _Texts:
    """Texts of documents, the last one kept: rows come document by document."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._record_id: str | None = None
        self._text: str | None = None

    def snippet(self, record_id: str, start: int | None, end: int | None, printed: str | None) -> str:
        """The text around a place, the place between marks; what is printed there when no text was kept."""
        if start is None or end is None or end <= start:
            return ""
        text = self._text_of(record_id)
        if text is None:
            return f"{_MARKS[0]}{printed or ''}{_MARKS[1]}"
        before, after = text[max(start - _CONTEXT_CHARACTERS, 0) : start], text[end : end + _CONTEXT_CHARACTERS]
        return " ".join(f"{before}{_MARKS[0]}{text[start:end]}{_MARKS[1]}{after}".split())

    def _text_of(self, record_id: str) -> str | None:
        if record_id != self._record_id:
            row = self._connection.execute(
                "select canonical_text from raw.document_text where record_id = ? limit 1", [record_id]
            ).fetchone()
            self._record_id, self._text = record_id, None if row is None else str(row[0])
        return self._text


def _read_values(
    connection: duckdb.DuckDBPyConnection, texts: _Texts, lang: Lang, below: float
) -> Iterator[ReviewValue]:
    rows = named_rows(
        connection,
        """
        select
            listed.*,
            documents.file_name,
            project_years.project_name,
            project_years.fiscal_year,
            lines.stage,
            lines.source,
            indicators.indicator_name,
            warned.reasons
        from intermediate.int_values__correctable as listed
        inner join staging.stg_reports__documents as documents on listed.document_id = documents.document_id
        inner join intermediate.int_project_years__current as project_years
            on listed.project_year_id = project_years.project_year_id
        left join staging.stg_reports__funding_lines as lines on listed.row_id = lines.line_id
        left join staging.stg_reports__indicators as indicators on listed.row_id = indicators.indicator_id
        left join (
            select raw_table, row_id, field, list(warning_code || '：' || message_text order by warning_id) as reasons
            from intermediate.int_values__warned
            group by all
        ) as warned using (raw_table, row_id, field)
        left join intermediate.int_values__missing as missing using (raw_table, row_id, field)
        where
            not listed.is_corrected
            and (
                (listed.printed_value is not null and listed.evidence_confidence < ?)
                or missing.row_id is not null
                or warned.reasons is not null
            )
        order by
            documents.file_name, listed.document_id, listed.report_id, listed.evidence_start nulls last,
            listed.row_id, list_position(?, listed.field)
        """,
        [below, [entry.name for entry in REVIEW_FIELDS.values()]],
    )
    for row in rows:
        field = REVIEW_FIELDS.get((row["raw_table"], row["field"]))
        if field is None:
            continue
        yield ReviewValue(
            field=field,
            row_id=row["row_id"],
            expect=row["printed_value"],
            file_name=row["file_name"],
            document_sha256=row["document_id"],
            report=_name_report(row),
            line=_name_line(row),
            snippet=texts.snippet(row["record_id"], row["evidence_start"], row["evidence_end"], row["evidence_text"]),
            why=tuple(_reasons(row, lang, below)),
        )


def _reasons(row: dict[str, Any], lang: Lang, below: float) -> Iterator[str]:
    confidence = row["evidence_confidence"]
    if row["printed_value"] is None:
        yield say("review_missing", lang)
    elif confidence is not None and confidence < below:
        yield say("review_unsure", lang, confidence=confidence, method=row["evidence_method"])
    yield from row["reasons"] or ()


def _name_report(row: dict[str, Any]) -> str:
    return " ".join(str(part) for part in (row["fiscal_year"], row["project_name"]) if part is not None)


def _name_line(row: dict[str, Any]) -> str:
    if row["stage"] is not None and row["source"] is not None:
        return " · ".join(REVIEW_FIELDS["funding_lines", name].show(row[name]) for name in ("stage", "source"))
    return row["indicator_name"] or ""


def _read_notes(connection: duckdb.DuckDBPyConnection, texts: _Texts) -> Iterator[ReviewNote]:
    rows = named_rows(
        connection,
        """
        select warnings.*, documents.file_name, project_years.project_name, project_years.fiscal_year
        from staging.stg_reports__warnings as warnings
        inner join intermediate.int_project_years__current as project_years using (record_id, report_id)
        inner join staging.stg_reports__documents as documents on project_years.document_id = documents.document_id
        anti join (
            -- A warning about a value that nobody is offered must not vanish with it.
            select record_id, warning_id from intermediate.int_values__warned
            where list_contains(?, raw_table || '.' || field)
        ) as shown
            on warnings.record_id = shown.record_id and warnings.warning_id = shown.warning_id
        order by documents.file_name, warnings.report_id, warnings.ordinal
        """,
        [[f"{table}.{name}" for table, name in REVIEW_FIELDS]],
    )
    for row in rows:
        place = texts.snippet(row["record_id"], row["evidence_start"], row["evidence_end"], row["evidence_text"])
        yield ReviewNote(row["file_name"], _name_report(row), row["warning_code"], row["message_text"], place)


def _read_unread(connection: duckdb.DuckDBPyConnection, lang: Lang) -> Iterator[ReviewNote]:
    rows = named_rows(
        connection,
        """
        select unread.part, project_years.file_name, project_years.project_name, project_years.fiscal_year
        from intermediate.int_reports__unread as unread
        inner join intermediate.int_project_years__current as project_years using (record_id, report_id)
        order by project_years.file_name, unread.report_id, unread.part
        """,
    )
    for row in rows:
        code = f"no_{row['part']}"
        yield ReviewNote(row["file_name"], _name_report(row), code, say(f"review_{code}", lang), "")


def _read_refused(home: Home, lang: Lang) -> Iterator[RefusedInput]:
    last_run = read_last_run(home)
    for entry in last_run["waiting"] if last_run else ():
        yield RefusedInput(entry["input_name"], entry["code"], entry[f"message_{lang}"])
