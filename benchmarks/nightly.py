"""Time of a nightly run in which nothing or one report is new: `python benchmarks/nightly.py [--documents 10000]`.

Writes many small documents, loads them, loads them once more, and once more with another document beside them. What is
reported of the second load: its seconds, and which processes it started (none). With `--release` the models are built
and published too, and it is the whole run that is timed. Linux only: processes are seen in `/proc`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.watched_runs import run_watched

PERIOD_SECONDS = 0.02
# A form of one page; only the project and its figures differ.
_TEXT = """{year}年度项目支出绩效自评报告

项目名称：{name}
实施单位：{county}{office}
年度资金总额：年初预算数{budget}万元，全年预算数{budget}万元，全年执行数{spent}万元，执行率{rate}%。
数量指标：完成{things}{amount}处，实际完成{done}处，分值20，得分{score}。
自评总分{total}分，自评等级为优。
"""
_COUNTIES = ("青山县", "白水县", "长宁县", "平昌县", "南江县", "通江县", "安岳县", "乐至县")
_OFFICES = ("水利局", "民政局", "教育局", "农业农村局", "司法局", "档案馆", "林业局")
_THINGS = ("河堤整治", "校舍维修", "路灯更换", "饮水管网改造", "农机补助", "档案整理", "森林防火巡查")


def write_documents(folder: Path, numbers: range) -> None:
    """Write a document for each number, no two of them about the same project-year."""
    for number in numbers:
        things = _THINGS[number % len(_THINGS)]
        budget = 10 + number % 977
        text = _TEXT.format(
            year=2015 + number % 9,
            name=f"第{number}号{things}项目",
            county=_COUNTIES[number % len(_COUNTIES)],
            office=_OFFICES[number % len(_OFFICES)],
            budget=budget,
            spent=budget,
            rate=100,
            things=things,
            amount=1 + number % 53,
            done=1 + number % 53,
            score=20,
            total=90 + number % 10,
        )
        place = folder / f"{number // 500:03}"
        place.mkdir(exist_ok=True)
        (place / f"{number:06}.txt").write_text(text, encoding="utf-8")


def run(command: str, folder: Path, home: Path) -> tuple[float, int, set[str]]:
    """Let the command load a folder: seconds, exit code, the processes that it started."""
    seen: set[str] = set()

    def look(process_ids: list[int]) -> None:
        for process_id in process_ids[1:]:
            with suppress(OSError):  # It has just ended.
                seen.add(Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:120])

    seconds, code = run_watched([command, str(folder), "--home", str(home)], look, PERIOD_SECONDS)
    return seconds, code, seen


def main() -> None:
    """Write the documents, load them three times, print what the last two took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--release", action="store_true", help="build and publish too, and time the whole run")
    options = parser.parse_args()
    command = "run" if options.release else "ingest"
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        write_documents(Path(folder), range(options.documents))
        first, code, _ = run(command, Path(folder), Path(home))
        if code != 0:
            sys.exit(f"the first {command} ended with exit code {code}")
        # Files that were written a moment ago are looked at once more.
        time.sleep(3)
        run("ingest", Path(folder), Path(home))
        again, code, seen = run(command, Path(folder), Path(home))
        write_documents(Path(folder), range(options.documents, options.documents + 1))
        with_one, code_with_one, _ = run(command, Path(folder), Path(home))
    sys.stdout.write(
        f"{command} of {options.documents:,} documents: first {first:.1f} s, with nothing new {again:.2f} s, "
        f"exit code {code}, processes started then: {len(seen)}\n" + "".join(f"  {name}\n" for name in sorted(seen))
    )
    sys.stdout.write(f"with one more document: {with_one:.1f} s, exit code {code_with_one}\n")


if __name__ == "__main__":
    main()
