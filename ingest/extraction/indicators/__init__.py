"""Indicators that are stated in prose: what was promised, what was reached, what it scored.

`clauses` says what a clause states, `named_values` which word of it is the name and which the value; `reading` decides
by the context whether it speaks of an indicator at all, and `scored_headings` reads chapters that carry their points.
"""
