"""The heading lexicon: every wording and its role, as reviewed data.

`data/reference/lexicon/*.csv` has the columns `role, canonical, wording, seen_in`. A new province's wording is one more
line there, or in a `lexicon/` folder under the home folder, which wins over the packaged lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from ingest.characters import fold
from ingest.errors import UsageError
from ingest.resources import reference_dir

HIDING = "-"
_REMEMBERED_ANSWERS = 20_000
# No heading with spaces and punctuation in it is longer.
_LONGEST_WORDING_WITH_NOISE = 200
_COVERING_SHARE = 0.5
_SHORTEST_BEGINNING = 4
_COLUMNS = ("role", "canonical", "wording", "seen_in")
# Forms print labels with spaces inside (产 出 指 标), so every wording is found through them.
_GAP = "[ ]{0,3}"
_IGNORED_IN_WORDINGS = re.compile(r"[\s:：。，,、；;（）()\[\]【】“”\"《》]")


@dataclass(frozen=True, slots=True)
class Wording:
    """One line of the lexicon."""

    role: str
    canonical: str
    wording: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A wording found in a text, with offsets into that text."""

    canonical: str
    wording: str
    start: int
    end: int


class Lexicon:
    """All wordings, asked by role."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._by_role: dict[str, dict[str, str]] = {}
        for entry in wordings:
            self._by_role.setdefault(entry.role, {})[_key(entry.wording)] = entry.canonical
        self._patterns: dict[str, re.Pattern[str] | None] = {}
        self._found: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def wordings(self, role: str) -> dict[str, str]:
        """Wording (half-width, without blanks) → canonical name of one role."""
        return self._by_role.get(role, {})

    def canonical(self, role: str, text: str) -> str | None:
        """The canonical name of a whole text, spaces and punctuation aside; None when it is not known."""
        known = self._squeezed.get(role)
        if known is None or len(text) > _LONGEST_WORDING_WITH_NOISE:
            return None
        return known.get(squeeze(text))

    def find(self, role: str, text: str) -> list[Hit]:
        """Every wording of a role in a text: leftmost first, the longest at each place.

        A wording whose canonical name is `-` only hides a shorter one inside it (转移支付 is no 支付).
        """
        # Several steps ask the same of the same sentence.
        key = (role, text)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _REMEMBERED_ANSWERS:
                self._found.clear()
            found = self._found[key] = tuple(self.scan(role, text))
        return list(found)

    def scan(self, role: str, text: str) -> Iterator[Hit]:
        """Like `find`, for whole texts that nobody asks about twice: nothing is remembered."""
        pattern = self._pattern(role)
        for match in pattern.finditer(fold(text)) if pattern is not None else ():
            hit = self._hit(role, match)
            if hit is not None:
                yield hit

    def _hit(self, role: str, match: re.Match[str]) -> Hit | None:
        wording = _key(match.group())
        canonical = self._by_role[role][wording]
        return Hit(canonical, wording, match.start(), match.end()) if canonical != HIDING else None

    def first(self, role: str, text: str) -> Hit | None:
        """The first wording of a role in a text."""
        hits = self.find(role, text)
        return hits[0] if hits else None

    def last(self, role: str, text: str) -> Hit | None:
        """The last wording of a role in a text."""
        hits = self.find(role, text)
        return hits[-1] if hits else None

    def leading(self, role: str, text: str) -> Hit | None:
        """The longest wording of a role that a text begins with."""
        pattern = self._pattern(role)
        match = pattern.match(fold(text)) if pattern is not None else None
        return self._hit(role, match) if match is not None else None

    def trailing(self, role: str, text: str) -> Hit | None:
        """The last wording of a role in a text, if the text ends with it."""
        hit = self.last(role, text)
        return hit if hit is not None and hit.end == len(text) else None

    def covering(self, role: str, text: str) -> str | None:
        """The canonical name of the longest wording that makes up half of a title or begins it."""
        whole = self.canonical(role, text)
        if whole is not None:
            return whole
        squeezed = squeeze(text)
        best: tuple[int, str] | None = None
        for wording, canonical in self._squeezed.get(role, {}).items():
            fits = wording in squeezed and (
                len(wording) >= _COVERING_SHARE * len(squeezed)
                or (len(wording) >= _SHORTEST_BEGINNING and squeezed.startswith(wording))
            )
            if fits and (best is None or len(wording) > best[0]):
                best = (len(wording), canonical)
        return best[1] if best else None

    @cached_property
    def _squeezed(self) -> dict[str, dict[str, str]]:
        return {
            role: {squeeze(wording): canonical for wording, canonical in entries.items()}
            for role, entries in self._by_role.items()
        }

    def _pattern(self, role: str) -> re.Pattern[str] | None:
        if role not in self._patterns:
            wordings = self._by_role.get(role, {})
            self._patterns[role] = re.compile(_longest_of(wordings)) if wordings else None
        return self._patterns[role]


def _longest_of(wordings: Iterable[str]) -> str:
    """A pattern for the longest of some wordings at a place; what they begin with in common is tried once."""
    tails: dict[str, list[str]] = {}
    for wording in wordings:
        tails.setdefault(wording[0], []).append(wording[1:])
    branches = []
    for first, rests in tails.items():
        longer = [rest for rest in rests if rest]
        tail = f"(?:{_GAP}{_longest_of(longer)}){'?' if len(longer) < len(rests) else ''}" if longer else ""
        branches.append(re.escape(first) + tail)
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """A wording without spaces and punctuation, digits and letters half-width."""
    return _IGNORED_IN_WORDINGS.sub("", fold(text)) or fold(text).strip()


def _key(wording: str) -> str:
    """A wording as it is looked up: its blanks are those of a printed label, wherever they stand."""
    return fold(wording).replace(" ", "")


def read_wordings(path: Path) -> list[Wording]:
    """The lines of one lexicon file.

    Raises:
        UsageError: the file is no CSV in UTF-8, has not the columns of a lexicon, or a line without role, canonical
            name or wording.
    """
    try:
        return _read_wordings(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            "broken_lexicon",
            zh=f"{path.name}：不是 UTF-8 编码的 CSV 文件。请另存为“CSV UTF-8”格式后重试。",
            en=f"{path.name}: this is no CSV file in UTF-8. Save it as “CSV UTF-8” and try again.",
            path=str(path),
        ) from error


def _read_wordings(path: Path) -> list[Wording]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise UsageError(
                "broken_lexicon",
                zh=f"{path.name}：表头必须是 {','.join(_COLUMNS)}。",
                en=f"{path.name}: the header must be {','.join(_COLUMNS)}.",
                path=str(path),
            )
        wordings = []
        for line in reader:
            if not all((line[column] or "").strip() for column in _COLUMNS[:3]):
                raise UsageError(
                    "broken_lexicon",
                    zh=f"{path.name} 第 {reader.line_num} 行：role、canonical、wording 均须填写。",
                    en=f"{path.name}, line {reader.line_num}: role, canonical and wording must all be filled in.",
                    path=str(path),
                    line=reader.line_num,
                )
            wordings.append(Wording(line["role"], line["canonical"], line["wording"]))
    return wordings


@lru_cache(maxsize=8)
def load_lexicon(own: Path | None = None) -> Lexicon:
    """The packaged lexicon, with a user's own lines from the folder `own` on top."""
    folders = [reference_dir() / "lexicon"] + ([own] if own is not None and own.is_dir() else [])
    return Lexicon(
        entry for folder in folders for path in sorted(folder.glob("*.csv")) for entry in read_wordings(path)
    )
