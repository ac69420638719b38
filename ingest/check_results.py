"""What checks found: results, rejected records, the verdict on a batch, and failures with their rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from ingest.check_rules import Severity

MOST_ROWS = 100
"""How many failing rows of a check are kept."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `result` is null when there was nothing to evaluate; `reason` says why it is not true.

    `zh` and `en` say what the check asks for. `failing_rows` are the first rows it found fault with.
    """

    subject: str
    check_name: str
    severity: Severity
    zh: str
    en: str
    result: bool | None
    reason: str | None
    n_evaluated: int
    n_failed: int
    failing_rows: tuple[Mapping[str, Any], ...] = ()

    @property
    def rule(self) -> str:
        """What the check asks for, in both languages."""
        return f"{self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a record may not be loaded: the check, the row it failed on, and the rule in both languages."""

    check_name: str
    row: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """What the checks say of a batch.

    `rejected` are the records that critical checks name; `stopped` is set when a critical check failed that names none.
    """

    results: tuple[CheckResult, ...]
    rejected: Mapping[str, Rejection] = field(default_factory=dict)
    stopped: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that failed: what it asks for in both languages, and the first rows it found fault with.

    `kind` is `batch`, `dbt_test`, `dbt_unit_test` or `release_limit`. `n_failed` is null where the check could not be
    run; its only row says why.
    """

    kind: str
    subject: str
    check_name: str
    severity: str
    meaning_zh: str
    meaning_en: str
    n_failed: int | None
    rows: Sequence[Mapping[str, Any]]

    def described(self) -> dict[str, Any]:
        """Everything but the rows, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "rows"}


def batch_failure(result: CheckResult) -> Failure:
    """A failed check of a batch as it is kept."""
    could_run = result.n_evaluated > 0
    return Failure(
        kind="batch",
        subject=result.subject,
        check_name=result.check_name,
        severity=result.severity,
        meaning_zh=result.zh,
        meaning_en=result.en,
        n_failed=result.n_failed if could_run else None,
        rows=result.failing_rows if could_run else ({"message": result.reason},),
    )


def failure_rows(failure: Failure, run_id: str, checked_at: datetime) -> Iterator[dict[str, Any]]:
    """The rows of `ops.check_failures` for one failed check, one at least; figures stay exact, as text."""
    facts = {"run_id": run_id, "checked_at": checked_at} | failure.described()
    for number, row in enumerate(failure.rows[:MOST_ROWS], start=1):
        yield facts | {"row_number": number, "failing_row": json.dumps(row, ensure_ascii=False, default=str)}
    if not failure.rows:
        yield facts | {"row_number": None, "failing_row": None}
