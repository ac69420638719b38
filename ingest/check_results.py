"""What batch checks found: results, rejected records, the verdict on a batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.check_rules import Severity


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found. `result` is null when there was nothing to evaluate; `reason` says why it is not true."""

    subject: str
    check_name: str
    severity: Severity
    rule: str
    result: bool | None
    reason: str | None
    n_evaluated: int
    n_failed: int
    failing_keys: tuple[str, ...] = ()


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


def failing_keys_json(result: CheckResult) -> str:
    """The failing keys as the ledger keeps them: a JSON list."""
    return json.dumps(result.failing_keys, ensure_ascii=False)
