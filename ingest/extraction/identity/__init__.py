"""What a report is about: its unit, its project, its fiscal year and its region.

`reading` decides over the whole report. `titles`, `project_names`, `organisations`, `fiscal_years`, `regions` and
`kinds` read one thing each, `evaluated` what a label names as evaluated; `labelled` serves them all, `gazetteer` knows
the names of places.
"""
