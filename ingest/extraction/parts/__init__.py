"""Which reports a document holds: forms, chapters of one project each, lists that deal out money to projects.

`finding` decides over the whole document; `chapters` tells where another report begins, `dealt_out` reads lists of
projects inside of sentences, `scored_fragments` knows a piece from the middle of a scoring report.
"""
