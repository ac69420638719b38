"""A form as read, before its words become values: which piece of the text stands in which role.

Both ways of reading a form (`grid` from true tables, `flattened` from text that lost its table) give these; `values`
makes records of them. A piece that is missing is None: empty cells are never pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.records import Source, Stage


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the canonical text, `text[start:end]`, that is one value or one label of a form.

    `confidence` says how sure it is that the piece stands in the role it was given (not whether it can be parsed):
    1.0 for a cell of a true table below a known heading, less where cells had to be told apart by arithmetic.
    """

    start: int
    end: int
    method: str
    confidence: float
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class FundingRow:
    """A row of the money block: 年度资金总额, 其中：财政拨款, … with its sums by stage.

    `source` follows from the row's label (`total` for 年度资金总额). `rate`, `weight` and `score` are those of the
    execution row and stand in the total row only.
    """

    source: Source
    amounts: dict[Stage, Piece]
    rate: Piece | None = None
    weight: Piece | None = None
    score: Piece | None = None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One level-3 indicator. `target` has several pieces where 指标性质, 指标值 and 度量单位 are three columns."""

    name: Piece
    level1: str | None = None
    level2: str | None = None
    target: tuple[Piece, ...] = ()
    actual: Piece | None = None
    weight: Piece | None = None
    score: Piece | None = None
    deviation_reason: Piece | None = None

    def pieces(self) -> Iterator[Piece]:
        """Every piece of the row; the name comes first."""
        yield self.name
        yield from self.target
        for piece in (self.actual, self.weight, self.score, self.deviation_reason):
            if piece is not None:
                yield piece


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the form that was seen and not understood, with a code and a sentence for people."""

    code: str
    message: str
    place: Piece


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a document. `start`/`end` span all of it in the canonical text.

    `identity` holds the pieces of `project_name`, `unit`, `department` and `fiscal_year`. `money_unit` is the unit that
    the form declares for its sums (`万元`, `元`), None when it declares none. `texts` are the free texts (目标,
    完成情况, 情况说明, 存在问题) by section of the lexicon; they are read as prose. Everything else inside the span is
    no prose.
    """

    start: int
    end: int
    identity: dict[str, Piece] = field(default_factory=dict)
    money_unit: str | None = None
    funding: tuple[FundingRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    total_score: Piece | None = None
    grade: Piece | None = None
    texts: tuple[tuple[str, Piece], ...] = ()
    has_actual_column: bool = True
    unread: tuple[Unread, ...] = ()


def with_execution(
    funding: Sequence[FundingRow], rate: Piece | None, weight: Piece | None, score: Piece | None
) -> list[FundingRow]:
    """The money rows when the execution row stands among the indicators: the total row gets what it lacks of it."""
    place = next((place for place, row in enumerate(funding) if row.source == "total"), None)
    if place is None:
        return [*funding, FundingRow("total", {}, rate, weight, score)]
    total = funding[place]
    completed = replace(total, rate=total.rate or rate, weight=total.weight or weight, score=total.score or score)
    return [*funding[:place], completed, *funding[place + 1 :]]
