"""What is published, how fresh it is and what waits for a person. Never touches the build file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from ingest.errors import UsageError
from warehouse.home import Home
from warehouse.lock import Owner, find_owner
from warehouse.pipeline import read_last_run
from warehouse.release import Release, current_release, list_releases
from warehouse.run_history import RunRow, read_history
from warehouse.signoffs import Waiting, read_waiting

_Cell = tuple[str, str, str | None]
"""Key of a row, column, value."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Projects of one county (None: the reports name none) in one fiscal year."""

    county: str | None
    fiscal_year: int | None
    projects: int


@dataclass(frozen=True, slots=True)
class OwnReference:
    """Lines of one table of people's own reference data, and whether the current release was built with just these."""

    table: str
    lines: int
    is_published: bool


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a home folder.

    `last_load` is as `pipeline.read_last_run` gives it; `broken_reference` says why people's own reference data cannot
    be used; `runs` is the history, oldest first, and `running` who holds the writer's lock; `release_waiting` says why
    the last build is not published yet.
    """

    home: str
    release: Release | None
    newest_release_id: str | None
    coverage: Sequence[Coverage]
    last_load: Mapping[str, Any] | None
    own_reference: Sequence[OwnReference] = ()
    broken_reference: UsageError | None = None
    release_waiting: Waiting | None = None
    runs: Sequence[RunRow] = ()
    running: Owner | None = None

    @property
    def last_run(self) -> RunRow | None:
        """The newest run that does not go on now, whatever came of it."""
        return next((run for run in reversed(self.runs) if run.outcome != "running"), None)

    @property
    def last_success(self) -> RunRow | None:
        """The newest call of `fundperf run` that did what it was for."""
        return next((run for run in reversed(self.runs) if run.command == "run" and run.succeeded), None)

    @property
    def success_age_seconds(self) -> float | None:
        """Seconds since the last success ended; 0 where the clock was set back meanwhile, None where there is none."""
        success = self.last_success
        return None if success is None or success.finished_at is None else _seconds_since(success.finished_at)

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """Inputs that nobody could read so far."""
        return list(self.last_load["waiting"]) if self.last_load else []

    @property
    def load_counts(self) -> dict[str, Any] | None:
        """The last load without what waits; None before the first one."""
        if self.last_load is None:
            return None
        return {name: value for name, value in self.last_load.items() if name != "waiting"}

    @property
    def age_seconds(self) -> float | None:
        """Seconds since the current release was published."""
        if self.release is None:
            return None
        return _seconds_since(self.release.published_at)

    def to_dict(self) -> dict[str, Any]:
        """The state for programs."""
        release = self.release
        return {
            "home": self.home,
            "release": None
            if release is None
            else {
                "release_id": release.release_id,
                "published_at": release.published_at,
                "age_seconds": round(self.age_seconds or 0.0, 1),
                "file": str(release.file),
                "sha256": release.sha256,
                "code_version": release.code_version,
                "row_counts": dict(release.row_counts),
                "checks": asdict(release.checks),
            },
            "newest_release_id": self.newest_release_id,
            "coverage": [asdict(entry) for entry in self.coverage],
            "own_reference": [asdict(table) for table in self.own_reference],
            "broken_reference": None
            if self.broken_reference is None
            else {"zh": self.broken_reference.zh, "en": self.broken_reference.en},
            "release_waiting": None if self.release_waiting is None else asdict(self.release_waiting),
            "last_load": self.load_counts,
            "waiting": self.waiting,
            "waiting_count": len(self.waiting),
            "running": None
            if self.running is None
            else asdict(self.running) | {"age_seconds": round(self.running.age_seconds, 1)},
            "last_run": None if self.last_run is None else self.last_run.to_dict(),
            "last_success": None
            if self.last_success is None
            else self.last_success.to_dict() | {"age_seconds": round(self.success_age_seconds or 0.0, 1)},
        }


def read_status(home: Home) -> Status:
    """Look at a home folder."""
    release = current_release(home)
    releases = list_releases(home)
    own_reference, broken = _compare_own_reference(home, release)
    return Status(
        home=str(home.root),
        release=release,
        newest_release_id=releases[-1].release_id if releases else None,
        coverage=_count_projects(release) if release is not None else (),
        last_load=read_last_run(home),
        own_reference=own_reference,
        broken_reference=broken,
        runs=read_history(home),
        running=find_owner(home.lock),
        release_waiting=read_waiting(home),
    )


def _seconds_since(moment: str) -> float:
    """Seconds since a moment in ISO 8601; 0 where the clock was set back meanwhile."""
    return max(0.0, (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())


def _count_projects(release: Release) -> list[Coverage]:
    from warehouse.attaching import attach

    if "marts.rpt_project_years" not in release.row_counts:
        return []
    with attach(release.file) as connection:
        rows = connection.execute(
            """
            select region_county, fiscal_year, count(distinct project_id)
            from marts.rpt_project_years
            group by all
            order by region_county nulls last, fiscal_year nulls last
            """
        ).fetchall()
    return [Coverage(county, year, projects) for county, year, projects in rows]


def _compare_own_reference(home: Home, release: Release | None) -> tuple[list[OwnReference], UsageError | None]:
    """What lies in the home folder beside what the release was built with; lines may stand in another order."""
    from warehouse.own_reference import KEY_SEPARATOR, read_own_reference

    wanted: dict[str, set[_Cell]] = {}
    try:
        for row in read_own_reference(home):
            cells = {(KEY_SEPARATOR.join(row.key), name, value) for name, value in row.values.items()}
            wanted.setdefault(row.table, set()).update(cells)
    except UsageError as error:
        return [], error
    used = _used_reference(release) if release is not None else {}
    tables = []
    for table in sorted({*wanted, *used}):
        cells = wanted.get(table, set())
        tables.append(OwnReference(table, len({key for key, _, _ in cells}), cells == used.get(table, set())))
    return tables, None


def _used_reference(release: Release) -> dict[str, set[_Cell]]:
    import duckdb

    from warehouse.attaching import attach

    used: dict[str, set[_Cell]] = {}
    with attach(release.file) as connection:
        try:
            rows = connection.execute(
                "select table_name, row_key, column_name, value from raw.own_reference"
            ).fetchall()
        except duckdb.CatalogException:  # A release of an older version has no such table.
            return {}
    for table, key, column, value in rows:
        used.setdefault(table, set()).add((key, column, value))
    return used
