"""What every run did: a file of two lines a run, one when it begins and one when it ends.

It needs no build file and no lock of its own: only who holds the writer's lock adds to it, and each line is added in
one step. A run that began and did not end, and does not go on now, was killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from warehouse import lock
from warehouse.home import Home, replace_text

Outcome = Literal["done", "people_needed", "failed", "interrupted", "running"]
_OUTCOMES = get_args(Outcome)
"""How a run ended. `interrupted`: it was killed or asked to end, or the machine stopped."""

STAGES = ("read", "land", "check", "build", "publish")
"""Reading documents, landing their records, checking the batch, building the models with their tests, publishing."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. Times are UTC in ISO 8601, `stages` seconds by stage; None is what the run did not come to.

    `owner` is user@host:pid; `error_code` what stopped it; `inputs` to `quarantined` count what it read, and
    `release_id` names the release that it published.
    """

    run_id: str
    command: str
    started_at: str
    code_version: str
    owner: str
    finished_at: str | None = None
    outcome: Outcome = "running"
    exit_code: int | None = None
    error_code: str | None = None
    seconds: float | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    inputs: int | None = None
    loaded: int | None = None
    unchanged: int | None = None
    quarantined: int | None = None
    release_id: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether it did what it was for; people may still be needed."""
        return self.outcome in ("done", "people_needed")

    def to_dict(self) -> dict[str, Any]:
        """The row for programs."""
        return asdict(self)


_BEGINNING = ("run_id", "command", "started_at", "code_version", "owner")
_COUNTS = ("exit_code", "inputs", "loaded", "unchanged", "quarantined")


def begin(home: Home, row: RunRow) -> None:
    """Note that a run begins.

    Raises:
        OSError: the file cannot be written.
    """
    values = row.to_dict()
    _append(home, {"event": "began"} | {name: values[name] for name in _BEGINNING})


def end(home: Home, row: RunRow) -> None:
    """Note how a run ended.

    Raises:
        OSError: the file cannot be written.
    """
    values = {name: value for name, value in row.to_dict().items() if name not in _BEGINNING}
    _append(home, {"event": "ended", "run_id": row.run_id} | values)


def read_history(home: Home) -> list[RunRow]:
    """All runs that are kept, oldest first; broken lines, such as the last one of a full disk, are left out."""
    rows: dict[str, RunRow] = {}
    for line in _lines(home):
        values = {entry.name: line.get(entry.name) for entry in fields(RunRow)}
        if line["event"] == "began":
            run_id, command, started_at, code_version, owner_name = (str(values[name] or "") for name in _BEGINNING)
            rows[run_id] = RunRow(run_id, command, started_at, code_version, owner_name)
        elif line["run_id"] in rows and values["outcome"] in _OUTCOMES:
            rows[line["run_id"]] = replace(rows[line["run_id"]], **_ending(values))
    owner = lock.find_owner(home.lock)
    running = owner.run_id if owner is not None else None
    return [
        row if row.outcome != "running" or row.run_id == running else replace(row, outcome="interrupted")
        for row in rows.values()
    ]


def forget_old(home: Home, *, keep: int) -> None:
    """Keep the last runs only. The caller holds the writer's lock.

    Raises:
        OSError: the file cannot be written.
    """
    rows = read_history(home)
    # Not for one row every night.
    if len(rows) <= keep + keep // 10:
        return
    lines = []
    for row in rows[-keep:]:
        values = row.to_dict()
        lines.append({"event": "began"} | {name: values[name] for name in _BEGINNING})
        lines.append({"event": "ended"} | {k: v for k, v in values.items() if k == "run_id" or k not in _BEGINNING})
    replace_text(home.run_history, "".join(_text(line) for line in lines))


def _ending(values: Mapping[str, Any]) -> dict[str, Any]:
    """What an ending says, as far as it has the right types: people can edit the file."""
    types: dict[str, Any] = {"stages": dict, "seconds": (int, float), **dict.fromkeys(_COUNTS, int)}
    return {
        name: value
        for name, value in values.items()
        if name not in _BEGINNING and isinstance(value, types.get(name, str)) and not isinstance(value, bool)
    }


def _lines(home: Home) -> Iterator[dict[str, Any]]:
    try:
        text = home.run_history.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.split("\n"):
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict) and isinstance(content.get("run_id"), str) and "event" in content:
            yield content


def _append(home: Home, content: Mapping[str, Any]) -> None:
    line = _text(content).encode()
    with home.run_history.open("a+b") as handle:
        size = handle.seek(0, os.SEEK_END)
        if size and (handle.seek(size - 1), handle.read(1))[1] != b"\n":
            # A line that was cut off must not spoil this one.
            line = b"\n" + line
        handle.write(line)
        handle.flush()
        os.fsync(handle.fileno())


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"
