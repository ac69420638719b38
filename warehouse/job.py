"""One call that writes: under the lock, in the history and in a log, with the time that each stage took."""

from __future__ import annotations

import platform
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from ingest import __version__
from ingest.errors import BusyError, FundPerfError
from warehouse import housekeeping, lock, run_history
from warehouse.commands.exit_codes import DONE, INTERRUPTED_FROM, PEOPLE_NEEDED, exit_code_of
from warehouse.home import Home
from warehouse.run_history import Outcome, RunRow
from warehouse.run_log import RunLog
from warehouse.settings import Settings, read_settings

if TYPE_CHECKING:
    from ingest.ledger import LoadResult
    from warehouse.build import BuildResult


@dataclass(slots=True)
class Job:
    """A run while it goes on. `row` is what the history will say of it, `exit_code` what it means to end with."""

    home: Home
    settings: Settings
    row: RunRow
    log: RunLog
    started: float
    exit_code: int = DONE

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what the block does as (a part of) this stage."""
        self.log.tell("stage_began", stage=name)
        started = time.monotonic()
        try:
            yield
        finally:
            self._add_seconds({name: time.monotonic() - started})

    def tell_load(self, result: LoadResult) -> None:
        """Keep what a load did and how long its stages took."""
        counts = {name: getattr(result, name) for name in ("inputs", "loaded", "unchanged", "quarantined")}
        self.row = replace(self.row, **counts)
        self._add_seconds(result.seconds)
        codes = Counter(reason.code for reason in result.quarantine)
        failed = [check.check_name for check in result.failed_checks]
        self.log.tell("loaded", load_id=result.load_id, **counts, quarantine_codes=codes, batch_checks_failed=failed)

    def tell_build(self, result: BuildResult) -> None:
        """Keep what dbt did."""
        self.log.tell(
            "built",
            models=result.models,
            seeds=result.seeds,
            is_partial=result.is_partial,
            startup_seconds=round(result.startup_seconds, 3),
            checks_passed=result.passed,
            checks_warned=[check.name for check in result.warned],
            checks_failed=[check.name for check in result.failed],
        )

    def tell_release(self, release_id: str) -> None:
        """Keep which release was published or chosen."""
        self.row = replace(self.row, release_id=release_id)
        self.log.tell("released", release_id=release_id)

    def so_far(self) -> RunRow:
        """The row of this run at this moment."""
        return replace(self.row, seconds=self._seconds())

    def _add_seconds(self, stages: Mapping[str, float]) -> None:
        for name, seconds in stages.items():
            total = round(self.row.stages.get(name, 0.0) + seconds, 3)
            self.row = replace(self.row, stages={**self.row.stages, name: total})
            self.log.tell("stage_ended", stage=name, seconds=total)

    def _seconds(self) -> float:
        return round(time.monotonic() - self.started, 3)

    def _begin(self, needs_room: bool) -> None:
        run_history.begin(self.home, self.row)
        self.log.tell(
            "run_began",
            run_id=self.row.run_id,
            command=self.row.command,
            owner=self.row.owner,
            code_version=self.row.code_version,
            python=platform.python_version(),
            system=platform.system(),
        )
        gone = housekeeping.remove_leftovers(self.home)
        if gone:
            self.log.tell("leftovers_removed", names=gone)
        housekeeping.forget_old(self.home, self.settings.keep)
        if needs_room:
            self.log.tell("room", **housekeeping.require_room(self.home, self.settings.run.spare_mb))

    def _end(self, error: BaseException | None) -> None:
        exit_code = self.exit_code if error is None else exit_code_of(error)
        self.row = replace(
            self.row,
            finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
            outcome=_outcome(exit_code, error),
            exit_code=exit_code,
            error_code=error_code_of(error),
            seconds=self._seconds(),
        )
        # A full disk must not hide what went wrong before.
        with suppress(OSError):
            run_history.end(self.home, self.row)
        self.log.tell("run_ended", outcome=self.row.outcome, exit_code=exit_code, error_code=self.row.error_code)


@contextmanager
def working(home: Home, command: str, *, needs_room: bool = True) -> Iterator[Job]:
    """Hold the writer's lock of an existing home folder while the block runs, and keep what it does.

    What a killed run left behind and what is too old is removed first.

    Args:
        home: the home folder.
        command: what this call is for, as people type it.
        needs_room: whether it may begin only when a build and a release fit on the disk.

    Raises:
        BusyError: another writer holds the lock.
        UsageError: `settings.toml` is broken.
        UnreachableError: the disk is full, or has too little room to begin.
        OSError: the lock cannot be created.
    """
    settings = read_settings(home)
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}Z-{secrets.token_hex(3)}"
    with lock.hold(home.lock, command=command, run_id=run_id) as owner:
        who = f"{owner.user}@{owner.host}:{owner.pid}"
        row = RunRow(run_id, command, now.isoformat(timespec="seconds"), __version__, who)
        job = Job(home, settings, row, RunLog(home.run_logs / f"{run_id}.jsonl"), time.monotonic())
        try:
            job._begin(needs_room)
            yield job
        except BaseException as error:
            full = housekeeping.as_full_disk(error, home)
            job._end(full or error)
            if full is not None:
                raise full from error
            raise
        job._end(None)


def error_code_of(error: BaseException | None) -> str | None:
    """What to call an error in a history: the code of a deliberate one, else the name of its kind."""
    if isinstance(error, FundPerfError):
        return error.code
    # An exit that was asked for is no error.
    return None if error is None or isinstance(error, (SystemExit, typer.Exit)) else type(error).__name__


def _outcome(exit_code: int, error: BaseException | None) -> Outcome:
    if exit_code >= INTERRUPTED_FROM or isinstance(error, GeneratorExit):
        return "interrupted"
    if exit_code == DONE:
        return "done"
    return "people_needed" if exit_code == PEOPLE_NEEDED else "failed"


def summarise(home: Home, command: str, job: Job | None, error: BaseException | None, exit_code: int) -> dict[str, Any]:
    """What another program is told of a run that ended (docs/scheduling.md)."""
    outcome = "busy" if isinstance(error, BusyError) else _outcome(exit_code, error)
    deliberate = error if isinstance(error, FundPerfError) else None
    row = job.row.to_dict() if job is not None else {"run_id": None, "command": command}
    return {
        "home": str(home.root),
        **row,
        "outcome": outcome,
        "exit_code": exit_code,
        "error_code": error_code_of(error),
        "message_zh": deliberate.zh if deliberate is not None else None,
        "message_en": deliberate.en if deliberate is not None else None,
        "busy_owner": deliberate.facts.get("owner") if deliberate is not None and outcome == "busy" else None,
        "log": str(job.log.path) if job is not None else None,
    }
