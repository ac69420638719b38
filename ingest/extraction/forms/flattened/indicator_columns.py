"""The columns of an indicator row: as a heading orders them, or as the cells themselves tell where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.extraction.forms.flattened.atoms import Manner
from ingest.extraction.forms.flattened.cell_kinds import IGNORED_KINDS, CellKinds
from ingest.extraction.forms.flattened.indicator_levels import Segment
from ingest.extraction.forms.flattened.row_lattice import RowLattice
from ingest.extraction.forms.flattened.tokens import FormText, Label
from ingest.lexicon import Lexicon

_IN_ROWS = ("name", "nature", "target", "adjusted_target", "measure", "actual", "weight", "score", "deviation_reason")
# What a block without heading may look like; the one that explains its cells best is taken.
_ASSUMED: tuple[tuple[str, ...], ...] = (
    ("name", "target", "actual", "weight", "score", "deviation_reason"),
    ("name", "target", "actual", "score", "deviation_reason"),
    ("name", "nature", "target", "measure", "actual", "weight", "score", "deviation_reason"),
    ("name", "weight", "target", "actual", "score", "deviation_reason"),
    ("name", "target", "actual"),
    ("name", "target"),
)
_SETS = 2
# The first rows tell what a block looks like.
_SEGMENTS_OF_SAMPLE = 4
_LENGTH_OF_SAMPLE = 400


def columns_in_order(heading: Sequence[Label], lexicon: Lexicon) -> tuple[str, ...]:
    """The columns of a row as the heading orders them.

    A heading of two lines prints the columns that span both first (年度指标值 实际完成值 … 三级指标 指标性质):
    the finer columns stand before the others in every row. A heading that repeats (实施期 beside 年度) counts once.
    """
    names = [_column(label, lexicon) for label in _first_set(heading)]
    if "target" not in names:
        names = ["target" if name == "adjusted_target" else name for name in names]
    first = next((place for place, name in enumerate(names) if name in ("level1", "level2", "name")), 0)
    fine, wide = names[first:], names[:first]
    behind_name = fine[fine.index("name") + 1 :] if "name" in fine else fine
    ordered: list[str] = ["name"]
    for name in behind_name:
        if name == "record":
            # What a checklist records is what was reached.
            ordered.append("actual")
        elif name in _IN_ROWS or name in IGNORED_KINDS:
            # A second target has its place in the row, but nothing says which of the two is in force.
            ordered.append("other_value" if name == "target" and name in ordered else name)
    ordered.extend(name for name in wide if name in _IN_ROWS and name not in ordered)
    return tuple(ordered)


def is_repeated(heading: Sequence[Label]) -> bool:
    """Whether the columns stand twice side by side: for all years of a project, then for the year."""
    return len(_first_set(heading)) < len(heading)


def _first_set(heading: Sequence[Label]) -> Sequence[Label]:
    names = [label.canonical for label in heading]
    if names.count("name") != _SETS:
        return heading
    second = names.index("name", names.index("name") + 1)
    return heading[: second - 1] if names[second - 1] == "level2" else heading[:second]


def have_level_points(heading: Sequence[Label]) -> bool:
    """Whether a level prints its points in a column of its own: 一级指标 分值 二级指标 分值 三级指标 分值."""
    names = [label.canonical for label in heading]
    return any(name in ("level1", "level2") and behind == "weight" for name, behind in pairwise(names))


def has_ordinals(heading: Sequence[Label], lexicon: Lexicon) -> bool:
    """Whether the rows are numbered in a column of their own: 序号."""
    return any(_column(label, lexicon) == "ordinal" for label in heading)


def _column(label: Label, lexicon: Lexicon) -> str:
    """A column that is no part of the record is known by its content: a share, a word, a value of another year."""
    if label.canonical != "ignored":
        return label.canonical
    return lexicon.canonical("form_ignored", label.wording) or "ignored"


def columns_without_heading(
    form: FormText, kinds: CellKinds, segments: Sequence[Segment], manner: Manner
) -> tuple[str, ...]:
    """The assumed heading under which the block's first rows cost least."""
    sample = [
        (segment.start, min(segment.end, segment.start + _LENGTH_OF_SAMPLE))
        for segment in segments[:_SEGMENTS_OF_SAMPLE]
    ]

    def cost(columns: tuple[str, ...]) -> float:
        return sum(RowLattice(form, kinds, span, columns, manner).rows()[2] for span in sample)

    return min(_ASSUMED, key=cost)
