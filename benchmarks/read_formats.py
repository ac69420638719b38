"""How long one document takes in every format, beside others who read documents: `python benchmarks/read_formats.py`.

Ours goes all the way to the complete record; markitdown makes Markdown, kreuzberg plain text, pdfplumber bare tables
of a PDF. All read the same files, turn by turn in one process. Needs `uv sync --group bench`; `--profile docx` shows
where our own time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import logging
import pstats
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingest.errors import FundPerfError
from ingest.extraction import extract_document
from ingest.inputs import find_inputs
from ingest.parallel import count_cores, read_inputs
from ingest.reading import read_document

ROOT = Path(__file__).resolve().parent.parent
LAYOUTS = ROOT / "tests" / "fixtures" / "layouts"
SAMPLES = ROOT / "data" / "reports"
FORMATS = ("txt", "html", "docx", "xlsx", "xls", "pdf", "doc")
OURS = "fundperf"
# Factors that our time is to stay below, per contender; None where its work cannot be compared.
LIMITS: dict[str, Callable[[str], float | None]] = {
    "markitdown": lambda suffix: 0.5,
    "kreuzberg": lambda suffix: None if suffix in ("pdf", "doc") else 2.0,
    "pdfplumber": lambda suffix: 1.3,
}
TEXT_LIMIT_MS = 5.0
TEXT_BYTES = 5_000

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}
"""`cpu` counts all threads of the process and does not mind what else the machine is doing."""

Read = Callable[[Path], object]
Clock = Callable[[], float]


def read_ours(path: Path) -> object:
    """The complete record; a refusal takes its time as well."""
    try:
        return extract_document(read_document(path.read_bytes(), path.name))
    except FundPerfError as error:
        return error


def contenders(suffix: str) -> dict[str, Read]:
    """Who reads a format, ours first. Nobody may keep results from one call to the next."""
    from kreuzberg import ExtractionConfig, extract_file_sync
    from markitdown import MarkItDown

    converter, no_cache = MarkItDown(), ExtractionConfig(use_cache=False)
    readers: dict[str, Read] = {
        OURS: read_ours,
        "markitdown": lambda path: converter.convert(path),
        "kreuzberg": lambda path: extract_file_sync(path, config=no_cache),
    }
    if suffix == "doc":
        del readers["markitdown"]  # It does not read the format.
    if suffix == "pdf":
        readers["pdfplumber"] = read_bare_tables
    return readers


def read_bare_tables(path: Path) -> object:
    """The ruled tables of a PDF and nothing else."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return [page.extract_tables() for page in document.pages]


def measure(readers: dict[str, Read], paths: Sequence[Path], rounds: int, clock: Clock) -> dict[str, float]:
    """Milliseconds per document: the median of several rounds, in each of which everybody has a turn."""
    for read in readers.values():
        read(paths[0])
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            taken[name].append(milliseconds(partial(read_all, read, paths), clock) / len(paths))
    return {name: statistics.median(times) for name, times in taken.items()}


def read_all(read: Read, paths: Sequence[Path]) -> None:
    """One turn of a contender."""
    for path in paths:
        read(path)


def milliseconds(work: Callable[[], object], clock: Clock) -> float:
    """Time of one call."""
    started = clock()
    work()
    return (clock() - started) * 1000


def table_lines(rounds: int, clock: Clock) -> Iterator[str]:
    """One line per format: ours, and each contender with our share of its time and whether the limit holds."""
    yield f"{'format':<8}{'files':>6}{OURS + ' ms':>14}  contenders: ms (ours ÷ theirs, limit)"
    for suffix in FORMATS:
        paths = sorted(LAYOUTS.glob(f"*.{suffix}"))
        times = measure(contenders(suffix), paths, rounds, clock)
        ours = times.pop(OURS)
        others = (_compared(name, ours, theirs, LIMITS[name](suffix)) for name, theirs in times.items())
        yield f"{suffix:<8}{len(paths):>6}{ours:>14.2f}  {'   '.join(others)}"


def _compared(name: str, ours: float, theirs: float, limit: float | None) -> str:
    verdict = "no limit" if limit is None else f"{'≤' if ours <= limit * theirs else 'ABOVE'} {limit}"
    return f"{name} {theirs:.2f} ({ours / theirs:.2f}, {verdict})"


def refusal_lines() -> Iterator[str]:
    """The documents we refuse: their time says little."""
    for suffix in FORMATS:
        outcomes = {path.stem: read_ours(path) for path in sorted(LAYOUTS.glob(f"*.{suffix}"))}
        refused = [f"{name} ({error.code})" for name, error in outcomes.items() if isinstance(error, FundPerfError)]
        if refused:
            yield f"refused as {suffix}: {', '.join(refused)}"


def text_line(rounds: int, clock: Clock) -> str:
    """A report in plain text of about 5 KB."""
    path = min(SAMPLES.glob("*.txt"), key=lambda sample: abs(sample.stat().st_size - TEXT_BYTES))
    ours = measure({OURS: read_ours}, [path], rounds * 5, clock)[OURS]
    verdict = "≤" if ours <= TEXT_LIMIT_MS else "ABOVE"
    return f"{path.name}, {path.stat().st_size:,} bytes: {ours:.2f} ms ({verdict} {TEXT_LIMIT_MS} ms)"


def parallel_line(copies: int) -> str:
    """All fixtures through the worker processes of the command, their start included."""
    inputs = find_inputs([path for suffix in FORMATS for path in sorted(LAYOUTS.glob(f"*.{suffix}"))]) * copies
    taken = milliseconds(lambda: list(read_inputs(inputs, jobs=count_cores())), time.perf_counter)
    return f"{len(inputs)} documents of all formats on {count_cores()} cores: {taken / len(inputs):.2f} ms per document"


def profile_lines(suffix: str, top: int = 25) -> str:
    """The functions that take most of our own time on a format."""
    paths = sorted(LAYOUTS.glob(f"*.{suffix}"))
    for path in paths:
        read_ours(path)
    profiler = cProfile.Profile()
    profiler.enable()
    for path in paths * 5:
        read_ours(path)
    profiler.disable()
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(top)
    return out.getvalue()


def main() -> None:
    """Print the table, or a profile."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each format is read; the median counts")
    parser.add_argument("--copies", type=int, default=4, help="how often the worker processes get every fixture")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu on a machine that has other things to do")
    parser.add_argument("--profile", metavar="FORMAT", choices=FORMATS, help="where our own time goes")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if options.profile:
        sys.stdout.write(profile_lines(options.profile))
        return
    clock = CLOCKS[options.clock]
    for lines in (table_lines(options.rounds, clock), [text_line(options.rounds, clock)], refusal_lines()):
        for line in lines:
            sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{parallel_line(options.copies)}\n")


if __name__ == "__main__":
    main()
