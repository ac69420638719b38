"""How far the reading of documents is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from warehouse.messages import say

if TYPE_CHECKING:
    from ingest.load import ReadingState
    from warehouse.screens import Screen

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def showing_progress(
    screen: Screen, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[ReadingState], None]]:
    """What to tell the state of the reading after each input, while it goes on.

    Args:
        screen: where to.
        clock: seconds that only ever grow.
    """
    if not screen.console.is_terminal:
        yield _Lines(screen, clock).tell
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = clock()
    with Progress(*columns, console=screen.console, transient=True) as bar:
        task = bar.add_task(say("stage_read", screen.lang), total=None, rate="")

        def tell(state: ReadingState) -> None:
            rate = _rate(screen, state, clock() - started)
            bar.update(task, completed=state.done, total=state.total, rate=rate)

        yield tell


class _Lines:
    """A line every few seconds: short runs print none, and logs of long ones stay short."""

    def __init__(self, screen: Screen, clock: Callable[[], float]) -> None:
        self._screen = screen
        self._clock = clock
        self._started = self._last = clock()

    def tell(self, state: ReadingState) -> None:
        now = self._clock()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            rate = _rate(self._screen, state, now - self._started)
            self._screen.say("reading_line", done=state.done, total=state.total, rate=rate)


def _rate(screen: Screen, state: ReadingState, seconds: float) -> str:
    rate = state.done / seconds if seconds > 0 else 0.0
    return say("reading_rate", screen.lang, rate=rate, quarantined=state.quarantined)
