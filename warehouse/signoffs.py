"""What stops a publication until a person has looked: vanished projects and reports, and totals that swing.

`<home>/signoffs.csv` is what people own, like the corrections: a line says that somebody looked at one finding and why
it may be published. It fits exactly that finding (what, key, before, after) against exactly that release, so it is
never a licence for the future.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ingest.errors import SignOffNeededError, UsageError
from warehouse.home import Home, replace_text
from warehouse.messages import Lang, listed, say
from warehouse.own_reference import read_reference
from warehouse.people_files import PeopleFile
from warehouse.release_diff import LIMITS, ReleaseDiff, Row

_TOTALS = ("executed_yuan", "budget_yuan")
_NAMED_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason not to publish. `key` names what it is about, `subject` says so to people.

    `what` is `vanished_project`, `vanished_report`, or `swing_executed_yuan` and `swing_budget_yuan` of a county-year.
    `before` and `after` are exact texts, empty for nothing; `cause` is as in a diff, empty where it is not known.
    """

    what: str
    key: str
    subject: str
    before: str
    after: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """A line of `signoffs.csv`. `release_id` is the release that readers had when the person looked."""

    release_id: str
    what: str
    key: str
    subject: str
    before: str
    after: str
    reason: str
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """By how much the total of a county-year may move: the difference as a share of the smaller of the two totals.

    `unexplained` holds where every report is still the same document, `revised` where another one counts now or a
    person corrected something.
    """

    unexplained: Decimal
    revised: Decimal


@dataclass(frozen=True, slots=True)
class Waiting:
    """A build that waits for a sign-off: since when (UTC), against which release, and why."""

    since: str
    release_id: str
    findings: Sequence[Finding]


def _make(line: Mapping[str, str]) -> SignOff:
    values: dict[str, Any] = {**line, "signed_on": date.fromisoformat(line["signed_on"])}
    return SignOff(**values)


_FILE = PeopleFile(
    SignOff, ("release_id", "what", "key", "reason", "signed_by", "signed_on"), _make, "broken_signoffs", "签认",
    "sign-off",
)  # fmt: skip


def read_limits(home: Home) -> Limits:
    """The packaged limits with the lines of the home folder over them.

    Raises:
        UsageError: a file of people's own reference data cannot be used, or a limit in it is empty.
    """
    values = {row["setting"]: row["value"] for row in read_reference(home, LIMITS)}
    unexplained, revised = values.get("unexplained_total_change"), values.get("revised_total_change")
    if unexplained is None or revised is None:
        path = home.reference / f"{LIMITS}.csv"
        raise UsageError(
            "limit_missing",
            zh=f"{path}：限值不能为空。请写上数值，或删去该行。",
            en=f"{path}: a limit must not be empty. Write a number, or delete that line.",
            path=str(path),
        )
    return Limits(Decimal(unexplained), Decimal(revised))


def find_findings(diff: ReleaseDiff, limits: Limits) -> list[Finding]:
    """Everything in a diff that a person should look at before readers get it."""
    return [*_vanished(diff), *_swings(diff, limits)]


def read_signoffs(home: Home) -> list[SignOff]:
    """All sign-offs of a home folder, oldest first.

    Raises:
        UsageError: the file has another header, or a line that is no sign-off.
    """
    return _FILE.read(home.signoffs)


def split_signed(
    findings: Sequence[Finding], signoffs: Sequence[SignOff], release_id: str
) -> tuple[list[Finding], list[SignOff]]:
    """The findings that nobody signed against this release, and the sign-offs that fit the others."""
    signed = {_identity(entry): entry for entry in signoffs if entry.release_id == release_id}
    unsigned = [finding for finding in findings if _identity(finding) not in signed]
    fitting = [signed[_identity(finding)] for finding in findings if _identity(finding) in signed]
    return unsigned, fitting


def _identity(entry: Finding | SignOff) -> tuple[str, str, str, str]:
    """What of a finding a sign-off has to fit."""
    return entry.what, entry.key, entry.before, entry.after


def keep_signoffs(
    home: Home, waiting: Waiting, keys: Sequence[str], *, reason: str, signed_by: str, signed_on: date
) -> list[SignOff]:
    """Sign what waits, all of it or only the findings with these keys, and return the new lines of the file.

    The caller holds the writer's lock.

    Raises:
        UsageError: reason or name is empty, or nothing with such a key waits.
    """
    unknown = sorted(set(keys) - {finding.key for finding in waiting.findings})
    if unknown or not reason.strip() or not signed_by.strip():
        raise UsageError(
            "nothing_to_sign",
            zh=f"没有签认：{'、'.join(unknown) or '姓名和理由都不能为空'}。用 fundperf status 查看等待签认的内容。",
            en=f"Nothing was signed: {', '.join(unknown) or 'name and reason must not be empty'}. "
            "`fundperf status` shows what waits.",
            keys=unknown,
        )
    known = read_signoffs(home)
    wanted, _ = split_signed(waiting.findings, known, waiting.release_id)
    added = [
        SignOff(
            waiting.release_id, finding.what, finding.key, finding.subject, finding.before, finding.after,
            reason.strip(), signed_by.strip(), signed_on,
        )
        for finding in wanted
        if not keys or finding.key in keys
    ]  # fmt: skip
    if added:
        _FILE.write(home.signoffs, [*known, *added])
    return added


def note_waiting(home: Home, waiting: Waiting) -> None:
    """Leave a note for `status`, which must not touch the build file. What has waited goes on waiting since then."""
    before = read_waiting(home)
    same = before is not None and (before.release_id, list(before.findings)) == (
        waiting.release_id,
        list(waiting.findings),
    )
    if not same:
        replace_text(home.release_waiting, json.dumps(asdict(waiting), ensure_ascii=False, indent=1) + "\n")


def read_waiting(home: Home) -> Waiting | None:
    """The build that waits for a sign-off; None where none does."""
    try:
        content: dict[str, Any] = json.loads(home.release_waiting.read_text(encoding="utf-8"))
        findings = [Finding(**entry) for entry in content["findings"]]
        return Waiting(content["since"], content["release_id"], findings)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def describe_finding(finding: Finding | SignOff, lang: Lang) -> str:
    """What stops a publication, or stopped it until somebody signed, in one phrase."""
    key = f"finding_{finding.what}"
    return say(key, lang, subject=finding.subject, before=finding.before or "—", after=finding.after or "—")


def stop(home: Home, findings: Sequence[Finding], release_id: str) -> SignOffNeededError:
    """The sentence that stops a publication."""

    def named(lang: Lang) -> str:
        shown = [describe_finding(finding, lang) for finding in findings[:_NAMED_FINDINGS]]
        return listed(shown, lang, "；") + (" …" if len(findings) > _NAMED_FINDINGS else "")

    return SignOffNeededError(
        "sign_off_needed",
        zh=f"未发布，读者仍使用版本 {release_id}：有 {len(findings)} 处须先由人签认：{named('zh')}。"
        "用 fundperf release diff --build 查看；确认无误后运行 "
        f"fundperf release sign-off --by 姓名 --reason 理由（写入 {home.signoffs}），再运行 fundperf run。",
        en=f"Nothing was published, readers keep release {release_id}: {len(findings)} findings have to be signed "
        f"off first: {named('en')}. `fundperf release diff --build` shows them; if they are right, run "
        f"`fundperf release sign-off --by NAME --reason WHY` (it writes {home.signoffs}), then `fundperf run`.",
        findings=[asdict(finding) for finding in findings],
    )


def _vanished(diff: ReleaseDiff) -> Iterator[Finding]:
    gone = {row["project_id"] for row in diff.projects if row["change"] == "vanished"}
    for row in diff.projects:
        if row["change"] == "vanished":
            yield Finding(
                "vanished_project",
                row["project_id"],
                _subject(row),
                row["years_with_executed_yuan"],
                "",
                row["causes"] or "",
            )
    for row in diff.reports:
        if row["change"] == "vanished" and row["project_id"] not in gone:
            yield Finding(
                "vanished_report",
                row["project_year_id"],
                _subject(row, row["fiscal_year"]),
                f"{row['fiscal_year'] or '?'} {row['executed_yuan_before'] or '—'}",
                "",
                row["cause"] or "",
            )


def _swings(diff: ReleaseDiff, limits: Limits) -> Iterator[Finding]:
    for row in diff.county_years:
        limit = limits.revised if row["n_other_document"] else limits.unexplained
        for name in _TOTALS:
            before, after = row[f"kept_{name}_before"], row[f"kept_{name}_after"]
            # Where nothing was known before, something read for the first time is no swing.
            if before is not None and _swing(Decimal(before), Decimal(after or 0)) > limit:
                parts = (row["county_key"], row["kind"], row["fiscal_year"])
                key = "|".join("" if part is None else str(part) for part in parts)
                yield Finding(f"swing_{name}", key, _subject(row, row["fiscal_year"]), before, after or "")


def _swing(before: Decimal, after: Decimal) -> Decimal:
    if before == after:
        return Decimal(0)
    least = min(abs(before), abs(after))
    return abs(after - before) / least if least else Decimal("Infinity")


def _subject(row: Row, fiscal_year: int | None = None) -> str:
    parts = (fiscal_year, row.get("county"), row.get("unit_name"), row.get("project_name"))
    return " ".join(str(part) for part in parts if part is not None) or "?"
