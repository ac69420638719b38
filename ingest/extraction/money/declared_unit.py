"""（金额单位：万元） once, and then bare numbers: the unit of money that a stretch of the report declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ingest.extraction.money.statements import Statement
from ingest.extraction.outline import Heading
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.quantities import Money, find_bare_money, find_money

_DECLARATION = re.compile(r"单\s?位\s?[:：]\s?(?:人民币)?\s?(?P<unit>亿元|万元|千元|元)(?![/每\u4e00-\u9fff])")
# What may stand between the name of a sum and its number: 省级产业资金 7,000,000.00.
_BEHIND_A_NAME = re.compile(r"[^\d，,。；;、（）()]{0,8}$")
_LONGEST_LABEL = 24
_NAMING_ROLES = ("stage", "stage_touching", "source", "sum_marker", "not_funding")


@dataclass(frozen=True, slots=True)
class _Declaration:
    unit: str
    start: int
    headings: tuple[Heading, ...]


class DeclaredUnits:
    """The declarations of one report; each holds below its own headings, up to the next one."""

    def __init__(self, report: ReportSource) -> None:
        self._report = report

    def moneys_of(self, statement: Statement) -> list[Money]:
        """The sums of a statement; where none has a unit of its own, the named bare numbers in the declared one."""
        stated = find_money(statement.text)
        unit = self._unit_of(statement) if not stated else None
        if unit is None:
            return stated
        bare = find_bare_money(statement.text, unit)
        return [money for money in bare if _is_named(statement.text, money, self._report.lexicon)]

    def _unit_of(self, statement: Statement) -> str | None:
        headings = statement.passage.headings
        for declared in reversed(self._declarations):
            if declared.start < statement.start + len(statement.text):
                is_below = headings[: len(declared.headings)] == declared.headings
                return declared.unit if is_below else None
        return None

    @cached_property
    def _declarations(self) -> list[_Declaration]:
        found = []
        for match in _DECLARATION.finditer(self._report.text):
            passages = self._report.outline.passages
            at_or_behind = next((one for one in passages if match.start() < one.start + len(one.text)), None)
            headings = at_or_behind.headings if at_or_behind is not None else ()
            found.append(_Declaration(match["unit"], match.start(), headings))
        return found


def _is_named(text: str, money: Money, lexicon: Lexicon) -> bool:
    """Only a number right behind a stage, a source or the like is a sum."""
    label = text[max(0, money.start - _LONGEST_LABEL) : money.start]
    ends = [hit.end for role in _NAMING_ROLES for hit in lexicon.find(role, label)]
    return bool(ends) and _BEHIND_A_NAME.match(label, max(ends)) is not None
