"""Corrections by people: kept in a file of the home folder, checked, and brought into the build file.

`<home>/corrections.csv` is what people own: it grows by a line with every correction, survives the deletion of the
build file, and may be edited by hand. The last line about a value counts. `apply_corrections` makes `raw.corrections`
say the same; staging applies them, and the check `corrections_fit_the_source` stops the release when a document now
says something else than what was corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ingest.raw_store import Clock, open_build, utc_now
from ingest.records import stable_id
from warehouse.attaching import attach
from warehouse.home import Home
from warehouse.people_files import PeopleFile

if TYPE_CHECKING:
    import duckdb

MISFITS_CHECK = "corrections_fit_the_source"
"""The check that stops a release whose corrections no longer fit the documents."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One corrected value.

    `row_id` and `field` say which value; `expect` is what the document printed when it was corrected, `corrected` what
    counts instead; None in either is "the document does not say". `document_sha256` and `file_name` are for people.
    """

    document_sha256: str
    file_name: str
    row_id: str
    field: str
    expect: str | None
    corrected: str | None
    reason: str
    corrected_by: str
    corrected_on: date

    @property
    def correction_id(self) -> str:
        """The same correction by the same person for the same reason has the same id, whenever it was made."""
        return stable_id(
            "correction", self.row_id, self.field, self.expect, self.corrected, self.reason,
            self.corrected_by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping corrections changed: values corrected for the first time, corrected anew, and known ones."""

    new: int
    replaced: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A correction that no longer fits its document, and why, in the words of the check."""

    correction: Correction
    failure: str


def _make(line: Mapping[str, str]) -> Correction:
    values: dict[str, Any] = {**line, "corrected_on": date.fromisoformat(line["corrected_on"])}
    return Correction(**values | {name: line[name] or None for name in ("expect", "corrected")})


_FILE = PeopleFile(
    Correction, ("row_id", "field", "reason", "corrected_by", "corrected_on"), _make, "broken_corrections", "更正",
    "correction",
)  # fmt: skip


def read_corrections(home: Home) -> list[Correction]:
    """All corrections of a home folder, oldest first.

    Raises:
        UsageError: the file has another header, or a line that is no correction.
    """
    return _FILE.read(home.corrections)


def current_corrections(corrections: Iterable[Correction]) -> dict[tuple[str, str], Correction]:
    """The correction that counts for each value (row and field): the last one."""
    return {(correction.row_id, correction.field): correction for correction in corrections}


def keep_corrections(home: Home, corrections: Sequence[Correction]) -> Kept:
    """Add corrections to the file of the home folder; what is there already is not added again.

    The caller holds the writer's lock.
    """
    known = read_corrections(home)
    current = current_corrections(known)
    added: list[Correction] = []
    counts = {"new": 0, "replaced": 0, "unchanged": 0}
    for correction in current_corrections(corrections).values():
        before = current.get((correction.row_id, correction.field))
        if before is not None and before.correction_id == correction.correction_id:
            counts["unchanged"] += 1
            continue
        counts["new" if before is None else "replaced"] += 1
        added.append(correction)
    if added:
        _FILE.write(home.corrections, [*known, *added])
    return Kept(**counts)


def apply_corrections(home: Home, clock: Clock = utc_now) -> bool:
    """Make `raw.corrections` of the build file say what the home folder's file says; whether anything changed.

    Without a build file or without corrections there is nothing to do. The caller holds the writer's lock.

    Raises:
        UsageError: the file of corrections cannot be read.
        BusyError: another program has the build file open.
    """
    if not home.corrections.is_file() or not home.build_file.is_file():
        return False
    wanted = list(current_corrections(read_corrections(home)).values())
    with open_build(home.build_file) as connection:
        rows = connection.execute("select distinct correction_id from raw.corrections").fetchall()
        if {correction_id for (correction_id,) in rows} == {correction.correction_id for correction in wanted}:
            return False
        replace_corrections(connection, wanted, clock())
    return True


def find_misfits(home: Home) -> list[Misfit]:
    """The corrections that the last build found not to fit their documents, in the order of the file."""
    import duckdb

    current = {entry.correction_id: entry for entry in current_corrections(read_corrections(home)).values()}
    try:
        with attach(home.build_file) as connection:
            rows = connection.execute(f"select correction_id, failure from ops.{MISFITS_CHECK}").fetchall()
    except duckdb.Error:
        return []
    failures = dict(rows)
    return [Misfit(entry, failures[key]) for key, entry in current.items() if key in failures]


def replace_corrections(
    connection: duckdb.DuckDBPyConnection, corrections: Iterable[Correction], now: datetime
) -> None:
    """Make `raw.corrections` of an open build file hold these."""
    from ingest.ledger import replace_rows

    replace_rows(connection, "raw.corrections", map(_row, corrections), now)


def _row(correction: Correction) -> dict[str, object]:
    values = asdict(correction)
    for for_people in ("document_sha256", "file_name"):
        del values[for_people]
    return {"correction_id": correction.correction_id, **values}
