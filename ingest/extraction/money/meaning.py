"""What is said of a sum: its stage, its source, how sure that is, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.extraction.money.statements import Statement
from ingest.quantities import Money
from ingest.records import Source, Stage

Standing = Literal["whole", "share", "part", "batch", "none"]

LEVELS = ("central", "province", "city", "county")

# What is named beside the sum; beside it, but open to another reading; at a distance; only by the context.
SURE, LIKELY, INFERRED, WEAK, DOUBTFUL = 0.95, 0.85, 0.8, 0.75, 0.7


@dataclass(frozen=True, slots=True)
class Staged:
    """The stage of a sum. `is_own` means that words of the sum itself name it, not the sum or the list above it."""

    stage: Stage | None
    confidence: float
    is_own: bool = False
    is_bare_budget: bool = False
    is_work_done: bool = False


@dataclass(frozen=True, slots=True)
class Sourced:
    """The source of a sum. `is_inherited` means that a heading or a title names it, not the sentence.

    `is_joint` means that several levels give it together (中央和省级财政共下达), `is_payers_budget` that it stands in
    the budget of a treasury (县财政年初预算安排).
    """

    source: Source
    confidence: float
    is_named: bool
    is_inherited: bool = False
    is_joint: bool = False
    is_payers_budget: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A sum with what its statement says of it.

    `standing`: `whole` stands for the money of its stage, `share` is the share of one source, `part` is a part by
    purpose or place, `batch` one of several instalments, `none` is no funding. `above` is the place of the sum it is
    a part of. `is_addition` marks what is added to an earlier budget,
    `is_interim` what was reached within the year (截至6月底), `is_work_done` what was built for the money (完成投资),
    `is_aside` what is told under a heading that states no funding (the cause of a deviation),
    `is_payers_budget` what stands in the budget of a treasury (县财政年初预算安排),
    `is_implied` a stage that is stated of the sum without naming it again (已全部支出).
    """

    money: Money
    statement: Statement
    stage: Stage | None
    source: Source
    confidence: float
    standing: Standing
    above: int | None = None
    is_marked_sum: bool = False
    is_further: bool = False
    is_implied: bool = False
    is_source_inherited: bool = False
    is_joint: bool = False
    is_payers_budget: bool = False
    is_addition: bool = False
    is_bare_budget: bool = False
    is_interim: bool = False
    is_work_done: bool = False
    is_aside: bool = False

    @property
    def start(self) -> int:
        """Offset in the canonical text."""
        return self.statement.start + self.money.start

    @property
    def end(self) -> int:
        """Offset behind the last character in the canonical text."""
        return self.statement.start + self.money.end

    @property
    def is_line(self) -> bool:
        """Whether the sum is a funding line as far as its statement tells."""
        return self.standing in ("whole", "share")
