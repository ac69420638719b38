"""Indicators that are stated in prose: what was promised, what was reached, what it scored.

A sentence: `clauses` says what it states, from `column_labels` with `labelled_values`, `named_values` without labels,
`second_values` that belong to a value before, `goals_told` as such, and `set_forms`; `surveys` are samples, which state
nothing; `stated` is what comes out.
A report: `reading` decides by the `context` and the `levels` above a sentence whether it speaks of an indicator at all,
`goals` joins goals with their results, `legend_rows` reads rows whose columns a legend names, `scored_headings`
reads chapters that carry their points.
"""
