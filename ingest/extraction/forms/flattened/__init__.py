"""Forms in text that lost its table: cells are told apart by their looks and by the form's own equations.

`marks` finds where forms stand, `extents` how far they reach, `reading` puts a form together. Of its parts, `identity`,
`goals` and `totals` follow labels; the money block (`money_…`) and the indicators (`indicator_…`, `row_lattice`) weigh
all ways to divide a row. `tokens` is the text as all of them see it.
"""

from __future__ import annotations

from ingest.extraction.forms.flattened.reading import find_flattened_forms

__all__ = ["find_flattened_forms"]
