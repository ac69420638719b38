"""Which kind of report it is, by what it calls itself."""

from __future__ import annotations

from typing import cast

from ingest.extraction.identity.own_words import OPENING_CHARACTERS
from ingest.extraction.identity.titles import Title
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.records import ReportKind


def kind_of(report: ReportSource, title: Title | None) -> ReportKind:
    """What the title (without one: the opening) calls itself."""
    text = title.text if title is not None else report.text[:OPENING_CHARACTERS]
    return kind_named_in(text, report.lexicon)


def kind_named_in(text: str, lexicon: Lexicon) -> ReportKind:
    """The kind that a title names; `unknown` when it names none."""
    named = kinds_named_in(text, lexicon)
    # The order of the lexicon decides: a report on 部门整体支出 is called 绩效自评 too.
    kind = next((kind for kind in lexicon.wordings("kind").values() if kind in named), "unknown")
    return cast(ReportKind, kind)


def kinds_named_in(text: str, lexicon: Lexicon) -> set[str]:
    """Every kind that a text names."""
    return {hit.canonical for hit in lexicon.find("kind", text)}
