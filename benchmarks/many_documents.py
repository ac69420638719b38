"""Time and memory of a large run: `python benchmarks/many_documents.py`.

Writes thousands of different documents (text, web pages, Word and Excel) into a temporary folder, lets the command read
them in a process of its own, and samples the memory of that process and its workers. Linux only: memory is read from
`/proc`.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.watched_runs import run_watched
from tests.fixtures.layout_parts import LAYOUTS, Cell, Part
from tests.fixtures.make_layouts import FOLDER, SheetWriter, as_html
from tests.support.ordinary_texts import as_text

PERIOD_SECONDS = 0.2
_WRITTEN_IN_WORDS = str.maketrans("0123456789", "〇一二三四五六七八九")
# What a form is about stands beside the first label of its table.
_NAMED = [name for name, parts in LAYOUTS.items() if not all(isinstance(part, str) for part in parts)]
# A name with digits in it is no single run of characters in a Word file.
_IN_WORD = [name for name in _NAMED if name != "sichuan"]


def write_documents(folder: Path, count: int) -> int:
    """Write `count` documents, no two about the same project; gives their bytes together."""
    writers: tuple[Callable[[int, Path], None], ...] = (
        _write_text,
        _write_page,
        _write_word,
        _write_text,
        _write_sheet,
    )
    for number in range(count):
        writers[number % len(writers)](number, folder)
    return sum(path.stat().st_size for path in folder.iterdir())


def _write_text(number: int, folder: Path) -> None:
    (folder / f"{number:06}.txt").write_text(as_text(_varied(number)), encoding="utf-8")


def _write_page(number: int, folder: Path) -> None:
    (folder / f"{number:06}.html").write_text(as_html(_varied(number)), encoding="utf-8")


def _write_sheet(number: int, folder: Path) -> None:
    SheetWriter(folder / f"{number:06}.xlsx").write(_varied(number))


def _write_word(number: int, folder: Path) -> None:
    """A document of the office program with another project in it."""
    layout = _IN_WORD[number % len(_IN_WORD)]
    subject = _subject(LAYOUTS[layout])
    original = (FOLDER / f"{layout}.docx").read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(original)) as package,
        zipfile.ZipFile(folder / f"{number:06}.docx", "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for part in package.namelist():
            content = package.read(part)
            copy.writestr(part, content.replace(subject.encode(), _renamed(subject, number).encode()))


def _varied(number: int) -> list[Part]:
    return [_with_subject(part, number) for part in LAYOUTS[_NAMED[number % len(_NAMED)]]]


def _with_subject(part: Part, number: int) -> Part:
    if isinstance(part, str):
        return part
    (label, subject, *others), *rows = part
    return [[label, _renamed_cell(subject, number), *others], *rows]


def _renamed_cell(cell: Cell, number: int) -> Cell:
    return _renamed(cell, number) if isinstance(cell, str) else (_renamed(cell[0], number), *cell[1:])


def _renamed(subject: str, number: int) -> str:
    return f"第{number:06}号".translate(_WRITTEN_IN_WORDS) + subject


def _subject(parts: list[Part]) -> str:
    table = next(part for part in parts if not isinstance(part, str))
    cell = table[0][1]
    return cell if isinstance(cell, str) else cell[0]


class MemoryPeaks:
    """The most resident memory, in MB, that some processes had together and that one of them had."""

    def __init__(self) -> None:
        self.together = 0.0
        self.of_one = 0.0

    def look(self, process_ids: list[int]) -> None:
        """See what they have now."""
        each = [_resident_mb(process_id) for process_id in process_ids]
        self.together = max(self.together, sum(each))
        self.of_one = max(self.of_one, *each)


def _resident_mb(process_id: int) -> float:
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except OSError:  # The process has just ended.
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:")), 0.0)


def main() -> None:
    """Write the documents, run the command, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--command", choices=("extract", "ingest"), default="ingest")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        size = write_documents(Path(folder), options.documents)
        peaks = MemoryPeaks()
        options_of_command = ["--format", "jsonl"] if options.command == "extract" else []
        arguments = [options.command, folder, "--home", home, *options_of_command]
        seconds, code = run_watched(arguments, peaks.look, PERIOD_SECONDS)
    sys.stdout.write(
        f"{options.command} of {options.documents:,} documents ({size / 1e6:.0f} MB): {seconds:.0f} s, "
        f"{seconds * 1000 / options.documents:.1f} ms each, exit code {code}; peak memory {peaks.together:.0f} MB "
        f"together, {peaks.of_one:.0f} MB of one process\n"
    )


if __name__ == "__main__":
    main()
