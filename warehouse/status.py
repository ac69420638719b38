"""What is published, how fresh it is and what waits for a person. Never touches the build file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from warehouse.home import Home
from warehouse.pipeline import read_last_run
from warehouse.release import Release, current_release, list_releases


@dataclass(frozen=True, slots=True)
class Coverage:
    """Projects of one county (None: the reports name none) in one fiscal year."""

    county: str | None
    fiscal_year: int | None
    projects: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a home folder. `last_load` is as `pipeline.read_last_run` gives it."""

    home: str
    release: Release | None
    newest_release_id: str | None
    coverage: Sequence[Coverage]
    last_load: Mapping[str, Any] | None

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
        return (datetime.now(UTC) - datetime.fromisoformat(self.release.published_at)).total_seconds()

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
            "last_load": self.load_counts,
            "waiting": self.waiting,
        }


def read_status(home: Home) -> Status:
    """Look at a home folder."""
    release = current_release(home)
    releases = list_releases(home)
    return Status(
        home=str(home.root),
        release=release,
        newest_release_id=releases[-1].release_id if releases else None,
        coverage=_count_projects(release) if release is not None else (),
        last_load=read_last_run(home),
    )


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
