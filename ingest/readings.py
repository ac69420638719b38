"""What reading an input gave, so that it is read again only when something about it has changed.

Of every input the build file keeps a row (`ops.readings`): how its file looked to the system, the SHA-256 of its
bytes, with what it was read, and what came of it. An input whose file looks the same is not even opened; one whose
file looks different but holds the same bytes (touched, copied, under another name) is hashed and not read. Anything
else, and whatever was read with another version of the program, lexicon or manifest, is read again.

A file that was written in the same moment in which it was looked at can change once more without looking different, so
its looks are not trusted before they are older than the clock of any file system is coarse.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import FundPerfError
from ingest.inputs import Input, InputReader, Quarantined, Recalled
from ingest.landing import latest_records
from ingest.manifest import ManifestReader
from ingest.raw_store import insert_rows
from ingest.record_files import read_part
from ingest.resources import reference_dir

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingest.ledger import Entry
    from ingest.reading_process import ReadingLimits

_SETTLED_AFTER_NS = 2_500_000_000
# What the next try may read: it ran out of time or memory, or could not be opened.
_MAY_PASS = frozenset({"time_limit", "reader_died", "unreachable", "not_a_file", "batch_stopped"})
# Checks may look at the calendar: which years are plausible.
_HOLDS_FOR_A_YEAR = "failed_batch_check"
# Libraries that read documents. One that is installed later may read what could not be read before.
_LIBRARIES = (
    "lxml", "msdoc2docx", "pypdfium2", "python-calamine", "pydantic", "rapidocr", "onnxruntime",
)  # fmt: skip


def reading_key(lexicon: Path | None, limits: ReadingLimits) -> str:
    """Identity of what decides how bytes are read: program, libraries, reference data, own lexicon, limits of size.

    Args:
        lexicon: the folder with a user's own lines of the lexicon.
        limits: what reading may take; more time is no reason to read again what was read.
    """
    digest = hashlib.sha256(f"{limits.input_bytes}\x1f{limits.memory_bytes}".encode())
    for name in _LIBRARIES:
        digest.update(f"\x1f{name} {_version(name)}".encode())
    folders = [(Path(__file__).parent, "*.py"), (reference_dir(), "*.csv")]
    if lexicon is not None:
        folders.append((lexicon, "*.csv"))
    for number, (folder, pattern) in enumerate(folders):
        for path in sorted(folder.rglob(pattern)):
            digest.update(f"\x1f{number} {path.relative_to(folder).as_posix()}\x1f".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "-"


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a file looks to the system; `is_settled`: it can no longer change without looking different."""

    byte_count: int
    mtime_ns: int
    ctime_ns: int
    is_settled: bool

    def is_like(self, other: _Looks) -> bool:
        return (self.byte_count, self.mtime_ns, self.ctime_ns) == (other.byte_count, other.mtime_ns, other.ctime_ns)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A row of `ops.readings`: `content_sha256` is of the bytes of the input (None where they are too many to be read),
    `stated` of what a manifest says about it.
    """

    place: str
    byte_count: int
    mtime_ns: int
    ctime_ns: int
    is_settled: bool
    content_sha256: str | None
    reading_key: str
    stated: str
    input_name: str
    file_name: str
    document_sha256: str | None
    record_id: str | None
    code: str | None
    message_zh: str | None
    message_en: str | None

    @property
    def looks(self) -> _Looks:
        return _Looks(self.byte_count, self.mtime_ns, self.ctime_ns, self.is_settled)

    def outcome(self, entry: Input) -> Recalled | Quarantined:
        """What reading the input would give once more."""
        if self.record_id is not None and self.document_sha256 is not None:
            # A record brings the name of its document along, a document has the one it has now.
            file_name = self.file_name if entry.kind == "record" else entry.file_name
            return Recalled(file_name, self.document_sha256, self.record_id)
        return Quarantined(
            input_name=self.input_name,
            file_name=self.file_name,
            document_sha256=self.document_sha256,
            code=self.code or "",
            message_zh=self.message_zh or "",
            message_en=self.message_en or "",
        )


_COLUMNS = tuple(column.name for column in fields(_Reading))


@dataclass(frozen=True, slots=True)
class _Seen:
    """An input as it is before it is read."""

    entry: Input
    place: str
    looks: _Looks
    stated: str
    content_sha256: str | None = None


class Readings:
    """The memory of one load: what it need not read, and what it will remember of what it read."""

    def __init__(self, connection: DuckDBPyConnection, key: str, limits: ReadingLimits, today: date) -> None:
        """Prepare.

        Args:
            connection: an open build file.
            key: what `reading_key` gave.
            limits: larger inputs are neither read nor hashed.
            today: the day of the load.
        """
        self._connection = connection
        self._key = key
        self._limits = limits
        self._today = today
        self._reader = InputReader(max_bytes=limits.input_bytes)
        self._manifests = ManifestReader()
        self._looks: dict[Path, _Looks | None] = {}
        self._to_keep: dict[int, _Seen] = {}

    def recall(self, inputs: Sequence[Input], *, anew: bool = False) -> list[Recalled | Quarantined | None]:
        """For each input what came of it before, or None where it must be read.

        A record is recalled only while the latest load that knows its document knows this very record.

        Args:
            inputs: what `survey_inputs` found.
            anew: read everything again; what comes of it is remembered all the same.
        """
        found: list[_Reading | None] = [None] * len(inputs)
        seen = {number: looked for number, entry in enumerate(inputs) if (looked := self._look_at(entry)) is not None}
        before = self._at_places([looked.place for looked in seen.values()])
        for number, looked in seen.items():
            known = before.get(looked.place)
            if known is not None and not (self._holds_for(known, looked) and looked.looks.is_like(known.looks)):
                known = None
            if known is not None and known.is_settled and not anew:
                found[number] = known
            else:
                self._to_keep[number] = replace(looked, content_sha256=self._digest(looked.entry))
        if not anew:
            for number, reading in self._of_same_bytes(before).items():
                found[number] = reading
        return self._while_latest(found, inputs, seen)

    def keep(self, entries: Sequence[Entry]) -> None:
        """Remember what came of the inputs of `recall`, inside the transaction of their load.

        Args:
            entries: one for each input, in the same order.
        """
        self._looks.clear()
        rows = [
            self._row(seen, entries[number])
            for number, seen in self._to_keep.items()
            if self._may_keep(seen, entries[number])
        ]
        places = [seen.place for seen in self._to_keep.values()]
        self._connection.execute("delete from ops.readings where place in (select unnest(?::varchar[]))", [places])
        insert_rows(self._connection, "ops.readings", rows)

    def _look_at(self, entry: Input) -> _Seen | None:
        """The input before it is read; None where nothing of it can be remembered."""
        if entry.refusal is not None:
            return None
        looks = self._looks_of(entry.path)
        return None if looks is None else _Seen(entry, _place(entry), looks, self._stated(entry))

    def _looks_of(self, path: Path) -> _Looks | None:
        if path not in self._looks:
            now = time.time_ns()
            try:
                status = path.stat()
            except OSError:
                self._looks[path] = None
            else:
                latest = max(status.st_mtime_ns, status.st_ctime_ns)
                self._looks[path] = _Looks(
                    status.st_size, status.st_mtime_ns, status.st_ctime_ns, latest + _SETTLED_AFTER_NS < now
                )
        return self._looks[path]

    def _stated(self, entry: Input) -> str:
        """Identity of what a manifest states about the input, of why it cannot be understood too."""
        if entry.kind == "record":
            return ""
        try:
            manifest = self._manifests.find(entry.path)
        except FundPerfError as error:
            return _short_hash(error.en)
        return "" if manifest is None else _short_hash(manifest.model_dump_json())

    def _digest(self, entry: Input) -> str | None:
        if entry.kind == "document":
            return self._reader.digest(entry)
        if entry.line is None or (entry.byte_count or 0) > self._limits.input_bytes:
            return None
        with suppress(OSError):
            return hashlib.sha256(read_part(entry.path, entry.offset, entry.byte_count or 0)).hexdigest()
        return None

    def _at_places(self, places: Sequence[str]) -> dict[str, _Reading]:
        rows = self._connection.execute(
            f"select {', '.join(_COLUMNS)} from ops.readings where place in (select unnest(?::varchar[]))", [places]
        ).fetchall()
        return {reading.place: reading for reading in (_Reading(*row) for row in rows)}

    def _holds_for(self, known: _Reading, seen: _Seen) -> bool:
        # The reasons of a quarantine name the input.
        return (known.reading_key, known.stated) == (self._key_for(known.code), seen.stated) and (
            known.record_id is not None or known.input_name == seen.entry.name
        )

    def _key_for(self, code: str | None) -> str:
        return f"{self._key}-{self._today.year}" if code == _HOLDS_FOR_A_YEAR else self._key

    def _of_same_bytes(self, before: Mapping[str, _Reading]) -> dict[int, _Reading]:
        """What came of the bytes of inputs whose files look different: at their own place, else at any other."""
        contents = [seen.content_sha256 for seen in self._to_keep.values() if seen.content_sha256 is not None]
        rows = self._connection.execute(
            f"""
            select {", ".join(_COLUMNS)} from ops.readings
            where reading_key = ? and record_id is not null and content_sha256 in (select unnest(?::varchar[]))
            order by place
            """,
            [self._key, contents],
        ).fetchall()
        elsewhere = {(reading.content_sha256, reading.stated): reading for reading in (_Reading(*row) for row in rows)}
        found = {}
        for number, seen in self._to_keep.items():
            if seen.content_sha256 is None:
                continue
            known = before.get(seen.place)
            if known is None or known.content_sha256 != seen.content_sha256 or not self._holds_for(known, seen):
                known = elsewhere.get((seen.content_sha256, seen.stated))
            if known is not None:
                found[number] = known
        return found

    def _while_latest(
        self, found: Sequence[_Reading | None], inputs: Sequence[Input], seen: Mapping[int, _Seen]
    ) -> list[Recalled | Quarantined | None]:
        outcomes = [
            None if reading is None else reading.outcome(entry) for reading, entry in zip(found, inputs, strict=True)
        ]
        latest = latest_records(
            self._connection, [outcome.document_sha256 for outcome in outcomes if isinstance(outcome, Recalled)]
        )
        for number, outcome in enumerate(outcomes):
            if isinstance(outcome, Recalled) and (outcome.document_sha256, outcome.record_id) not in latest:
                outcomes[number] = None
                self._to_keep.setdefault(number, replace(seen[number], content_sha256=self._digest(inputs[number])))
        return outcomes

    def _may_keep(self, seen: _Seen, landed: Entry) -> bool:
        looks = self._looks_of(seen.entry.path)
        if looks is None or not looks.is_like(seen.looks):
            # It changed while it was read: nobody knows which bytes were.
            return False
        if landed.quarantined is not None and landed.quarantined.code in _MAY_PASS:
            return False
        return seen.entry.kind == "record" or landed.document_sha256 == seen.content_sha256

    def _row(self, seen: _Seen, landed: Entry) -> dict[str, Any]:
        reason = landed.quarantined
        row = _Reading(
            place=seen.place,
            byte_count=seen.looks.byte_count,
            mtime_ns=seen.looks.mtime_ns,
            ctime_ns=seen.looks.ctime_ns,
            is_settled=seen.looks.is_settled,
            content_sha256=seen.content_sha256,
            reading_key=self._key_for(reason.code if reason is not None else None),
            stated=seen.stated,
            input_name=seen.entry.name,
            file_name=landed.file_name,
            document_sha256=landed.document_sha256,
            record_id=landed.record_id if reason is None else None,
            code=reason.code if reason is not None else None,
            message_zh=reason.message_zh if reason is not None else None,
            message_en=reason.message_en if reason is not None else None,
        )
        return asdict(row)


def _place(entry: Input) -> str:
    """The key of a place: who reads a release learns no path from it."""
    part = ".".join(map(str, entry.member)) or str(entry.line or "")
    return _short_hash(f"{os.path.normpath(entry.path.absolute())}\x1f{part}")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
