"""What holds for one call of the command: home folder, language, screens, the writer's lock."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ingest.errors import UsageError
from warehouse.home import DEFAULT_HOME, Home, find_home
from warehouse.messages import Lang, choose_lang

if TYPE_CHECKING:
    from warehouse.job import Job
    from warehouse.screens import Screen


@dataclass(slots=True)
class Session:
    """Home folder and language of one call, and what it writes. `typed_home` is what messages call the home folder."""

    home: Home = field(default_factory=find_home)
    lang: Lang = field(default_factory=choose_lang)
    typed_home: str = field(default_factory=lambda: os.environ.get("FUNDPERF_HOME") or DEFAULT_HOME)
    job: Job | None = None

    def adopt(self, home: Path | None, lang: Lang | None) -> None:
        """Take over the options that were given, before or after the name of the command.

        Raises:
            UsageError: the home folder is no folder.
        """
        if lang is not None:
            self.lang = lang
        if home is not None:
            self.home = find_home(home)
            self.typed_home = str(home)
        with suppress(OSError):
            if self.home.root.exists() and not self.home.root.is_dir():
                raise self._home_not_usable(os.strerror(errno.ENOTDIR))

    def screen(self) -> Screen:
        """The screen for people's messages."""
        from warehouse.output import open_console
        from warehouse.screens import Screen

        return Screen(open_console(), self.lang)

    def error_screen(self) -> Screen:
        """The screen for messages beside data: standard error."""
        from warehouse.output import open_console
        from warehouse.screens import Screen

        return Screen(open_console(sys.stderr), self.lang)

    @contextmanager
    def writing(self, command: str, *, needs_room: bool = True) -> Iterator[Job]:
        """Hold the writer's lock of the home folder, which is created where missing, and keep what the block does.

        Args:
            command: what this call is for, as people type it.
            needs_room: whether it may begin only when a build and a release fit on the disk.

        Raises:
            UsageError: the home folder cannot be created or written, or its settings are broken.
            BusyError: another writer holds the lock.
            UnreachableError: the disk is full, or has too little room to begin.
        """
        from warehouse.housekeeping import as_full_disk
        from warehouse.job import working

        with ExitStack() as stack:
            try:
                self.home.root.mkdir(parents=True, exist_ok=True)
                self.job = stack.enter_context(working(self.home, command, needs_room=needs_room))
            except OSError as error:
                raise as_full_disk(error, self.home) or self._home_not_usable(
                    error.strerror or type(error).__name__
                ) from error
            yield self.job

    def _home_not_usable(self, reason: str) -> UsageError:
        return UsageError(
            "home_not_usable",
            zh=f"{self.typed_home}：不能用作数据仓目录（{reason}）。请用 --home 指定另一个目录。",
            en=f"{self.typed_home}: this cannot be the home folder ({reason}). Name another folder with --home.",
            home=self.typed_home,
        )


def session_of(context: typer.Context, home: Path | None, lang: Lang | None) -> Session:
    """The session of a call, with the options of the command at hand."""
    session = context.ensure_object(Session)
    session.adopt(home, lang)
    return session
