"""Sums of money in prose: what the words around a sum say of it, and which sums are funding lines.

`statements` cuts the text, `words` finds the words that matter, `declared_unit` gives bare numbers the unit of their
chapter, `reading` gives every sum its meaning inside its statement, `settling` (with `completing`) decides over the
whole report which of them stand for the money and which are parts of it; `funding` makes funding lines of those.
"""
