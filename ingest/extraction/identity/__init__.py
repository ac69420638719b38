"""What a report is about: its unit, its project, its fiscal year and its region.

`reading` decides over the whole report; `titles`, `project_names`, `fiscal_years` and `regions` read one thing each.
"""
