"""What the lexicon holds, which headings of the loaded documents it lacks, and which of its lines nobody needed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ingest.characters import fold
from ingest.lexicon import HIDING, Wording, read_wordings, squeeze
from ingest.resources import reference_dir
from warehouse.messages import say
from warehouse.output import print_rows, write_csv_rows

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.release import Release
    from warehouse.screens import Screen

_UNKNOWN_PREFIX = "unknown_"
_EXAMPLES = 3
# Numbers of headings are no part of the wording: 一、 (二) 3. 第四部分
_NUMBERING = re.compile(
    r"^(?:\s*(?:第[一二三四五六七八九十]+[章节部分]+|[（(]?[一二三四五六七八九十\d]+[)）、.．]))+\s*"
)
# Nor are the points that a scored heading carries: 资金管理（12分）
_POINTS = re.compile(r"\s*[（(]\s*\d+(?:\.\d+)?\s*分\s*[)）]\s*$")
# The file a line about an unknown wording goes into, by the code of its warning; what is not listed is a label.
_FILES = {"unknown_heading": "sections.csv"}
_OTHER_FILE = "own.csv"


@dataclass(frozen=True, slots=True)
class LexiconLine:
    """One line of the lexicon and the file it stands in."""

    wording: Wording
    path: Path
    is_own: bool


@dataclass(frozen=True, slots=True)
class RoleCount:
    """What the lexicon holds of one role: wordings, names they stand for, and how many of the lines are the user's."""

    role: str
    wordings: int
    names: int
    own: int


@dataclass(frozen=True, slots=True)
class UnknownWording:
    """A wording that looks like a heading and is not in the lexicon.

    `times` counts places, `documents` documents; `file` is where a line about it would be added.
    """

    wording: str
    code: str
    documents: int
    times: int
    examples: tuple[str, ...]
    file: Path


def read_lines(home: Home) -> list[LexiconLine]:
    """All lines that count: a user's own line replaces the packaged one for the same role and wording.

    Raises:
        UsageError: a file of the lexicon is broken.
    """
    lines: dict[tuple[str, str], LexiconLine] = {}
    for folder, is_own in ((reference_dir() / "lexicon", False), (home.lexicon, True)):
        for path in sorted(folder.glob("*.csv")):
            for wording in read_wordings(path):
                lines[wording.role, fold(wording.wording)] = LexiconLine(wording, path, is_own)
    return list(lines.values())


def count_roles(lines: Sequence[LexiconLine]) -> list[RoleCount]:
    """The lines by role, in the order of the roles' names."""
    roles: dict[str, list[LexiconLine]] = {}
    for line in lines:
        roles.setdefault(line.wording.role, []).append(line)
    return [
        RoleCount(
            role=role,
            wordings=len(found),
            names=len({line.wording.canonical for line in found} - {HIDING}),
            own=sum(line.is_own for line in found),
        )
        for role, found in sorted(roles.items())
    ]


def find_unknown(release: Release, home: Home) -> list[UnknownWording]:
    """Unknown headings of the documents of a release, the most frequent first; blanks and punctuation do not count.

    What the lexicon knows by now is left out, although the documents were read before.
    """
    from warehouse.attaching import attach

    with attach(release.file) as connection:
        rows = connection.execute(
            """
            select warnings.warning_code, warnings.evidence_text, documents.file_name, documents.document_id
            from staging.stg_reports__warnings as warnings
            inner join staging.stg_reports__documents as documents using (record_id)
            where starts_with(warnings.warning_code, ?)
            order by documents.file_name, documents.document_id, warnings.ordinal
            """,
            [_UNKNOWN_PREFIX],
        ).fetchall()
    known = {squeeze(line.wording.wording) for line in read_lines(home)}
    places: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for code, text, file_name, document_id in rows:
        wording = _bare(text)
        if squeeze(wording) not in known:
            places.setdefault((code, squeeze(wording)), []).append((wording, file_name, document_id))
    found = [_describe(code, entries, home) for (code, _), entries in places.items()]
    return sorted(found, key=lambda entry: (-entry.documents, -entry.times, entry.wording))


def find_unused(release: Release, lines: Sequence[LexiconLine]) -> list[LexiconLine]:
    """Lines whose wording occurs in no document of a release."""
    from warehouse.attaching import attach

    left = {squeeze(line.wording.wording) for line in lines}
    with attach(release.file) as connection:
        result = connection.execute(
            "select canonical_text from raw.document_text inner join staging.stg_reports__documents using (record_id)"
        )
        while left and (row := result.fetchone()) is not None:
            text = squeeze(row[0])
            left = {wording for wording in left if wording not in text}
    return [line for line in lines if squeeze(line.wording.wording) in left]


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as a table: `columns` are the headings in files, and keys of the messages on the screen."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def show(self, screen: Screen) -> None:
        """Print it on the screen."""
        print_rows(screen.console, [say(f"lexicon_column_{name}", screen.lang) for name in self.columns], self.rows)

    def write(self, stream: IO[str]) -> None:
        """Write it as CSV."""
        write_csv_rows(stream, self.columns, self.rows)


def roles_table(lines: Sequence[LexiconLine]) -> ListTable:
    """The counts by role."""
    rows = [(count.role, count.wordings, count.names, count.own) for count in count_roles(lines)]
    return ListTable(("role", "wordings", "names", "own"), rows)


def unknown_table(unknown: Sequence[UnknownWording]) -> ListTable:
    """The unknown wordings, each with the file that a line about it would go into."""
    rows = [
        (entry.wording, entry.code, entry.documents, entry.times, "；".join(entry.examples), entry.file.name)
        for entry in unknown
    ]
    return ListTable(("wording", "code", "documents", "times", "examples", "file"), rows)


def lines_table(lines: Sequence[LexiconLine]) -> ListTable:
    """Single lines, each with the file it stands in."""
    rows = [(line.wording.role, line.wording.canonical, line.wording.wording, line.path.name) for line in lines]
    return ListTable(("role", "canonical", "wording", "file"), rows)


def show_roles(screen: Screen, lines: Sequence[LexiconLine]) -> None:
    """Print the counts by role and how many lines are the user's."""
    screen.say("lexicon_lines", lines=len(lines), own=sum(line.is_own for line in lines))
    roles_table(lines).show(screen)


def show_unknown(screen: Screen, unknown: Sequence[UnknownWording]) -> None:
    """Print the unknown wordings and how to teach one."""
    if not unknown:
        screen.say("lexicon_none_unknown")
        return
    screen.say("lexicon_unknown", count=len(unknown))
    unknown_table(unknown).show(screen)
    screen.say("lexicon_teach", path=unknown[0].file)


def show_unused(screen: Screen, lines: Sequence[LexiconLine]) -> None:
    """Print the lines that no document used."""
    screen.say("lexicon_unused", count=len(lines))
    lines_table(lines).show(screen)


def _bare(heading: str) -> str:
    """A heading without its number and its points: what a line of the lexicon would say."""
    return _POINTS.sub("", _NUMBERING.sub("", heading).strip(" :：")).strip() or heading


def _describe(code: str, entries: Sequence[tuple[str, str, str]], home: Home) -> UnknownWording:
    [(wording, _)] = Counter(" ".join(text.split()) for text, _, _ in entries).most_common(1)
    return UnknownWording(
        wording=wording,
        code=code,
        documents=len({document_id for _, _, document_id in entries}),
        times=len(entries),
        examples=tuple(dict.fromkeys(file_name for _, file_name, _ in entries))[:_EXAMPLES],
        file=home.lexicon / _FILES.get(code, _OTHER_FILE),
    )
