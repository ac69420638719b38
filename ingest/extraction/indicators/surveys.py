"""Samples: how many were asked, looked at or tested to find out a value that another clause gives."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.characters import fold
from ingest.extraction.indicators.column_labels import Clause
from ingest.extraction.indicators.named_values import AROUND_NAME, BEHIND_VALUE, value_at_end
from ingest.extraction.indicators.second_values import promised, unit_of
from ingest.extraction.indicators.stated import Stated
from ingest.lexicon import Lexicon

_SHARES = "%‰成"
_ASKED = "人户名份家位"
_SATISFIED = "满意"


@dataclass(slots=True)
class Survey:
    """How many were asked or looked at to find a value out: 电话抽样600人，实际89.7%. Such counts are no indicators."""

    tells_satisfaction: bool
    unit: str = ""

    def counts(self, clause: Clause, current: Stated | None, lexicon: Lexicon) -> bool:
        """Whether a clause only counts the sample (抽查120份) or a part of it (满意的231户)."""
        value = value_at_end(fold(clause.text.rstrip(BEHIND_VALUE)), lexicon) if not clause.labels else None
        if value is None or unit_of(value.group()) in _SHARES:
            return False
        unit = unit_of(value.group())
        # 满意度调查目标100户，调查105户: the sample itself is what was promised.
        words = clause.text[: value.start()].strip(AROUND_NAME)
        if current is not None and words and words in current.name and _awaits(current, unit, in_same_unit=True):
            return False
        is_awaited = current is not None and _awaits(current, unit, in_same_unit=False)
        if self.unit == unit and (is_awaited or _SATISFIED in clause.text):
            return True
        may_be_asked = self.tells_satisfaction and unit in _ASKED
        tells = lexicon.first("survey_word", clause.text[: value.start()]) is not None and (is_awaited or may_be_asked)
        if tells:
            self.unit = unit
        return tells


def _awaits(stated: Stated, unit: str, *, in_same_unit: bool) -> bool:
    """Whether a target is known that is counted in this unit, or in another, and not yet what was reached."""
    target = promised(stated)
    return bool(target) and "actual" not in stated.values and (unit_of(target) == unit) == in_same_unit
