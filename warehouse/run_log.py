"""What a run did, step by step, for programs: JSON Lines, one file a run.

Each line has `at` (UTC), `event` and facts: names of stages, checks and releases, counts, seconds and codes. Text and
names of documents never stand in it, nor does anything of the environment.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


class RunLog:
    """The log of one run. A disk that takes no more costs the log, never the run."""

    def __init__(self, path: Path) -> None:
        """Nothing is written before the first event."""
        self.path = path

    def tell(self, event: str, **facts: object) -> None:
        """Add one line."""
        content = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8", newline="\n") as handle:
                handle.write(json.dumps(content, ensure_ascii=False, default=str) + "\n")
