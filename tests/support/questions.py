"""The statements of `docs/questions.md`."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.conftest import ROOT


class Question(NamedTuple):
    """A question with its statement in English and in Chinese names."""

    title: str
    english: str
    chinese: str


def questions() -> list[Question]:
    """The questions of the page, in its order; ValueError where one has not exactly two statements."""
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    found = []
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        statements = re.findall(r"```sql\n(.*?)```", section, flags=re.DOTALL)
        if len(statements) != 2:
            raise ValueError(f"{section.splitlines()[0]}: {len(statements)} statements instead of two")
        found.append(Question(section.splitlines()[0], *statements))
    return found
