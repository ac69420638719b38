"""Lint the SQL of the dbt project: without arguments all models and singular tests, else these files."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlglot
from dbt.clients.jinja import MacroGenerator
from sqlfluff.core import FluffConfig, Linter
from sqlfluff.core.parser import BaseSegment
from sqlfluff.utils.reflow import ReflowSequence
from sqlglot import exp

FOLDERS = ("models", "tests/dbt")
PROCESSES = 2
# Shorter than this, an expansion is linted as it stands.
SHORT = 80


def main(paths: list[str]) -> int:
    """Print what sqlfluff finds in these files, or in all of the project; 1 if there is anything, else 0."""
    paths = paths or [str(path) for folder in FOLDERS for path in Path(folder).rglob("*.sql")]
    # Build files of its own in the memory and elsewhere, so that nothing is written into the checkout.
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "FUNDPERF_BUILD": ":memory:",
            "DBT_TARGET_PATH": str(Path(folder) / "target"),
            "DBT_LOG_PATH": str(Path(folder) / "logs"),
        }
        # Trees of a million small objects: looking for garbage takes a third of the time.
        gc.disable()
        expand = MacroGenerator.__call__
        with (
            patch.object(MacroGenerator, "__call__", lambda *args, **named: expand_shortly(expand, *args, **named)),
            patch.object(ReflowSequence, "from_root", once_a_tree(ReflowSequence.from_root)),
        ):
            # The project is read once, before the processes part. The longest files first, so that both end together.
            paths = sorted(the_linter().templater.sequence_files(paths, the_linter().config), key=os.path.getsize)[::-1]
            with get_context("fork").Pool(PROCESSES) as pool:
                findings = [line for lines in pool.imap(lint, paths) for line in lines]
    sys.stdout.write("\n".join([*sorted(findings), f"{len(paths)} files linted, {len(findings)} findings\n"]))
    return int(bool(findings))


@cache
def the_linter() -> Linter:
    """The one linter, with the dbt project once it has been asked for; a process that parts has it too."""
    return Linter(config=FluffConfig.from_root())


def lint(path: str) -> list[str]:
    """What is wrong with one file, a line each. A file that cannot be templated is wrong, not left out."""
    [file] = the_linter().lint_path(path).files
    found = file.get_violations()
    if file.tree is None and not found:
        return [f"{path}: dbt could not expand this file"]
    return [f"{path}:{error.line_no}:{error.line_pos}: {error.rule_code()} {error.desc()}" for error in found]


def expand_shortly(expand: Any, macro: MacroGenerator, *args: Any, **named: Any) -> Any:
    """What a macro that a file calls says, in short: no rule reports anything inside of it, and it takes most time."""
    is_called_by_file = macro.stack is not None and macro.stack.depth == 0
    text = expand(macro, *args, **named)
    return shortened(text) if is_called_by_file and isinstance(text, str) else text


@cache
def shortened(text: str) -> str:
    """The same columns of the same relations under the same names, without what is done to them."""
    if len(text) < SHORT:
        return text
    try:
        statement = sqlglot.parse_one(text if is_statement(text) else f"select {text}", dialect="duckdb")
    except sqlglot.ParseError:
        return text
    if is_statement(text):
        return short_query(statement)
    if [key for key, value in statement.args.items() if value and key != "expressions"]:
        return text
    return ", ".join(map(short_expression, statement.expressions))


def is_statement(text: str) -> bool:
    """Whether an expansion is a whole query."""
    return text.lstrip().startswith("select")


def short_query(query: exp.Expression) -> str:
    """The columns that a query returns, from all relations that it reads."""
    names = ", ".join(query.named_selects)
    relations = {named(table): None for table in query.find_all(exp.Table)}
    return f"select {names} from {' cross join '.join(relations)}"


def named(table: exp.Table) -> str:
    """A relation without its alias."""
    return ".".join(part.sql("duckdb") for part in table.parts)


def short_expression(expression: exp.Expression) -> str:
    """An expression as a call with its columns; a subquery stays one."""
    whole, name = expression.unalias(), expression.alias
    if isinstance(whole, exp.Subquery):
        short = f"({short_query(whole.this)})"
    elif whole.find(exp.Query):
        return expression.sql("duckdb")
    else:
        columns = dict.fromkeys(column.sql("duckdb") for column in whole.find_all(exp.Column))
        short = f"coalesce({', '.join(columns)})" if columns else whole.sql("duckdb")
    return f"{short} as {name}" if name else short


def once_a_tree(make: Callable[[BaseSegment, FluffConfig], ReflowSequence]) -> Callable[..., ReflowSequence]:
    """Four rules of layout lay out the same parsed file, one after the other: give them what the first was given."""
    last: list[tuple[BaseSegment, ReflowSequence]] = []

    def made(tree: BaseSegment, config: FluffConfig) -> ReflowSequence:
        if not last or last[0][0] is not tree:
            last[:] = [(tree, make(tree, config))]
        return last[0][1]

    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
