"""Forms in true tables: a value's heading is the cell above it or left of it.

`reading` takes a table row by row and asks what a row is; `money`, `indicators`, `texts`, `result` and `identity` each
know the rows of one part of a form.
"""

from __future__ import annotations

from ingest.extraction.forms.grid.reading import find_grid_forms

__all__ = ["find_grid_forms"]
