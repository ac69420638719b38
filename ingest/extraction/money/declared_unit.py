"""（金额单位：万元） once, and then bare numbers: the unit that a stretch of the report declares, or a list shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ingest.extraction.money.statements import Statement
from ingest.extraction.outline import Heading
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon, squeeze
from ingest.quantities import Money, find_bare_money, find_money

_DECLARATION = re.compile(r"单\s?位\s?[:：]\s?(?:人民币)?\s?(?P<unit>亿元|万元|千元|元)(?![/每\u4e00-\u9fff])")
# What may stand between the name of a sum and its number: 省级产业资金 7,000,000.00.
_BEHIND_A_NAME = re.compile(r"[^\d，,。；;、（）()]{0,8}$")
# 中央60、省20、县 before the sum that has the unit.
_LABEL_OF_SHARER = r"[^\d\s.，,。；;、（）():：]{1,8}"
_LABEL = re.compile(_LABEL_OF_SHARER)
_SHARERS = re.compile(rf"(?:{_LABEL_OF_SHARER}\d[\d.]{{0,9}}[、，]\s*)+{_LABEL_OF_SHARER}$")
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
        stated = _with_sharers(statement.text, find_money(statement.text), self._report.lexicon)
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


def _with_sharers(text: str, stated: list[Money], lexicon: Lexicon) -> list[Money]:
    """中央60、省20、县20万元: the unit stands once, behind the last of the sums that share it."""
    found: list[Money] = []
    for money in stated:
        listed = _SHARERS.search(text, found[-1].end if found else 0, money.start)
        if listed is not None and all(_names_a_giver(label, lexicon) for label in _LABEL.findall(listed.group())):
            bare = find_bare_money(text, money.unit)
            found += [one for one in bare if listed.start() <= one.start and one.end < money.start]
        found.append(money)
    return found


def _names_a_giver(label: str, lexicon: Lexicon) -> bool:
    if lexicon.last("source", label) is not None:
        return True
    return any(lexicon.leading(role, squeeze(label)) is not None for role in ("bare_level", "payer_in_list"))


def _is_named(text: str, money: Money, lexicon: Lexicon) -> bool:
    """Only a number right behind a stage, a source or the like is a sum."""
    label = text[max(0, money.start - _LONGEST_LABEL) : money.start]
    ends = [hit.end for role in _NAMING_ROLES for hit in lexicon.find(role, label)]
    return bool(ends) and _BEHIND_A_NAME.match(label, max(ends)) is not None
