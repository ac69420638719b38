from __future__ import annotations

import io

import pytest
from rich.console import Console

from ingest.load import ReadingState
from warehouse.messages import Lang
from warehouse.output import open_console
from warehouse.progress import showing_progress
from warehouse.screens import Screen


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("zh", "读取中：300/2000（每秒 25.0 份，隔离 3）"),
        ("en", "Reading: 300 of 2000 (25.0 a second, 3 quarantined)"),
    ],
)
def test_elsewhere_than_on_a_terminal_there_is_a_line_now_and_then(lang: Lang, line: str) -> None:
    stream, clock = io.StringIO(), Clock()
    with showing_progress(Screen(open_console(stream), lang), clock) as tell:
        for done in range(1, 301):
            clock.now += 0.04
            tell(ReadingState(done, 2000, 3))
    assert stream.getvalue().splitlines() == [line.replace("300", "250")]


def test_a_short_run_prints_no_line() -> None:
    stream = io.StringIO()
    with showing_progress(Screen(open_console(stream), "en"), Clock()) as tell:
        for done in range(100):
            tell(ReadingState(done, 100, 0))
    assert stream.getvalue() == ""


def test_a_terminal_shows_a_bar_with_rate_and_what_waits_and_takes_it_away_again() -> None:
    stream, clock = io.StringIO(), Clock()
    console = Console(file=stream, force_terminal=True, width=120)
    with showing_progress(Screen(console, "en"), clock) as tell:
        clock.now += 2
        tell(ReadingState(50, 100, 7))
    shown = stream.getvalue()
    assert "50/100" in shown
    assert "25.0 a second, 7 quarantined" in shown
    assert shown.endswith("\x1b[2K")
