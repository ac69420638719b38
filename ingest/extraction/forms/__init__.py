"""Forms: tables that a report consists of or contains.

`grid` reads true tables, `flattened` text that lost its table; both give `rows.Form`, and `values` makes sums, rates
and points of it.
"""
