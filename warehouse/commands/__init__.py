"""The commands of `fundperf`: each reads what was typed, calls one function, prints what people need next.

Nothing heavy is imported before a command runs, so that `fundperf --help` answers at once.
"""
