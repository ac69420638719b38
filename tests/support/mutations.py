"""Documents as damage and carelessness leave them: made from whole ones, the same for the same seed and number."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.zip_files import BROKEN

Change = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
"""Bytes, chance and the other documents → other bytes."""

_MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Base:
    """A whole document that mutants are made of."""

    name: str
    suffix: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed document; `name` tells what it was made of and how."""

    name: str
    data: bytes


def read_bases(folders: Sequence[Path], suffixes: frozenset[str]) -> list[Base]:
    """The documents of these kinds in the folders, sorted by name."""
    files = [file for folder in folders for file in sorted(folder.glob("*")) if file.suffix in suffixes]
    return [Base(file.stem, file.suffix, file.read_bytes()) for file in files]


def make_mutant(bases: Sequence[Base], seed: int, number: int) -> Mutant:
    """The mutant of this number: every kind of file is as frequent as any other, with one to three changes."""
    chance = random.Random(f"{seed}:{number}")
    suffix = chance.choice(sorted({base.suffix for base in bases}))
    alike = [candidate for candidate in bases if candidate.suffix == suffix]
    base = chance.choice(alike)
    # A piece of another format makes most documents unreadable at once, which is tried often enough.
    others = [candidate.data for candidate in (alike if chance.random() < 0.8 else bases)]
    data, names = base.data, []
    for _ in range(chance.choice((1, 1, 2, 3))):
        is_inside = data.startswith(b"PK") and chance.random() < 0.75
        change = inside_package if is_inside else chance.choice(_CHANGES)
        data = change(data, chance, others)[:_MOST_BYTES]
        names.append(change.__name__)
    return Mutant(f"{number:06}-{base.name}-{'-'.join(names)}{suffix}", data)


def flip_bytes(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Other values in up to twenty places."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut_off(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """An end that is missing."""
    return data[: chance.randrange(len(data) + 1)]


def drop_lines(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Lines, or elements of markup, that are missing."""
    parts, separator = _parts(data)
    share = chance.choice((0.02, 0.1, 0.5))
    return separator.join(part for part in parts if chance.random() > share)


def repeat_lines(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A run of lines, or of elements, that stands there again and again."""
    parts, separator = _parts(data)
    start = chance.randrange(len(parts))
    end = start + chance.randint(1, 12)
    times = chance.choice((2, 3, 50))
    return separator.join([*parts[:start], *parts[start:end] * times, *parts[end:]])


def shuffle_lines(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A run of lines, or of elements, in another order."""
    parts, separator = _parts(data)
    start = chance.randrange(len(parts))
    run = parts[start : start + 30]
    chance.shuffle(run)
    return separator.join([*parts[:start], *run, *parts[start + 30 :]])


def merge_cells(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """What separates cells is gone here and there."""
    separators = (b"|", b"\t", b"  ", b" ", b"\n", b"</td><td>", b"</w:tc><w:tc>", b"</tr><tr>", b"</c><c ")
    present = [separator for separator in separators if separator in data]
    if not present:
        return data
    separator = chance.choice(present)
    first, *rest = data.split(separator)
    share = chance.choice((0.1, 0.5, 1.0))
    return first + b"".join((b"" if chance.random() < share else separator) + part for part in rest)


def change_encoding(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The text in another encoding, sometimes changing in the middle."""
    text = data.decode("utf-8", "replace")
    place = chance.choice((0, len(text) // 2))
    encoding = chance.choice(("gb18030", "utf-16", "utf-16-le", "big5", "latin-1"))
    return text[:place].encode("utf-8") + text[place:].encode(encoding, "replace")


def splice(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """A piece of another document in the middle."""
    other = chance.choice(others)
    start, place = chance.randrange(len(other)), chance.randrange(len(data) + 1)
    return data[:place] + other[start : start + chance.randint(1, 20_000)] + data[place:]


def change_figures(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Digits that are other ones, far too many, or signs."""
    instead = chance.choice((b"9", b"0", b"-", b".", b"%", b"999999999999999999999", "万".encode(), "①".encode()))
    return b"".join(
        instead if 0x30 <= byte <= 0x39 and chance.random() < 0.1 else bytes([byte])
        for byte in data[: _MOST_BYTES // 8]
    )


def inside_package(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One of the other changes in a part of an office package, so that the package itself stays whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {info.filename: package.read(info) for info in package.infolist()}
    except (*BROKEN, OSError):
        return data
    if not parts:
        return data
    names = sorted(parts, key=lambda name: (-len(parts[name]), name))
    name = chance.choice([*names[:2], chance.choice(names)])
    parts[name] = chance.choice(_CHANGES)(parts[name], chance, others)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return buffer.getvalue()


def _parts(data: bytes) -> tuple[list[bytes], bytes]:
    separator = b">" if data.lstrip()[:1] == b"<" else b"\n"
    return data.split(separator), separator


_CHANGES: tuple[Change, ...] = (
    flip_bytes,
    cut_off,
    drop_lines,
    repeat_lines,
    shuffle_lines,
    merge_cells,
    change_encoding,
    splice,
    change_figures,
)
