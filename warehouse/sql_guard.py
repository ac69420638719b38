"""What may pass the read-only door: one query over the published relations, and nothing else.

The statement is bounded before it is parsed (parsers are bombs) and then read twice: by sqlglot, which knows what a
statement is called and where it breaks, and by the engine's own parser, whose tree is what would run
(`warehouse.sql_tree`). Whatever both overlook still meets a locked connection in a process with limits:
see `warehouse.sql_worker`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ingest.errors import RefusedSqlError
from warehouse.sql_tree import Relation, check_tree, engine_tree, hidden_statement, not_one_statement, refused

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp

MAX_CHARACTERS = 20_000
MAX_BRACKETS = 500
MAX_DEPTH = 40

_QUOTED_OR_COMMENT = re.compile(
    r"'(?:[^']|'')*(?:'|\Z)|\"(?:[^\"]|\"\")*(?:\"|\Z)|--[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL
)
_LAYOUT = "\t\n\r"
# Control characters and lone surrogates.
_ODD = frozenset({"Cc", "Cs"})
# Overrides and isolates of direction show a reader another statement than the one that runs.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_size(sql: str) -> None:
    """Refuse text that is empty or that no parser should see.

    Raises:
        RefusedSqlError: empty, too long, bracketed too deeply, or not text.
    """
    if not sql.strip():
        raise refused("empty_sql", "语句为空", "the statement is empty", "请写一条查询", "write one query")
    if len(sql) > MAX_CHARACTERS:
        raise refused(
            "sql_too_long",
            f"语句超过 {MAX_CHARACTERS} 个字符",
            f"the statement has more than {MAX_CHARACTERS} characters",
            "请拆成几条查询",
            "split it into several queries",
        )
    for character in sql:
        if character in _DIRECTION or (character not in _LAYOUT and unicodedata.category(character) in _ODD):
            raise refused(
                "odd_character",
                f"语句含有不可见的字符 U+{ord(character):04X}",
                f"the statement holds the invisible character U+{ord(character):04X}",
                "请删除它",
                "remove it",
            )
    # The count over everything holds even where the quoting is read differently by the engine.
    if sum(sql.count(opening) for opening in "([{") > MAX_BRACKETS or _depth(sql) > MAX_DEPTH:
        raise _too_deep()


def _too_deep() -> RefusedSqlError:
    return refused(
        "sql_too_deep",
        f"括号过多，或嵌套超过 {MAX_DEPTH} 层，或一个式子过长",
        f"there are too many brackets, or they nest deeper than {MAX_DEPTH}, or an expression is too long",
        "请用 WITH 分步书写",
        "write it in steps with WITH",
    )


def _depth(sql: str) -> int:
    depth = deepest = 0
    for character in _QUOTED_OR_COMMENT.sub(" ", sql):
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def check_sql(connection: duckdb.DuckDBPyConnection, sql: str, relations: Collection[Relation]) -> str:
    """Let one harmless query over known relations pass.

    Args:
        connection: any connection; its parser is asked, nothing is run.
        sql: the statement as a person wrote it.
        relations: schema and name of everything that the release holds.

    Returns:
        The statement in the words that were checked.

    Raises:
        RefusedSqlError: with what was found and what to do instead.
    """
    import duckdb

    check_size(sql)
    try:
        statement = _parse_one(sql)
        unreadable = None
    except _UnreadableError as error:
        statement, unreadable = None, error
    if statement is not None:
        _require_query(statement, sql)
        _check_nodes(statement)
    try:
        tree = engine_tree(connection, sql)
        if tree is None and _is_dynamic_pivot(connection, sql):
            words = _plain_words(sql)
            sql = " ".join(words)
            tree = engine_tree(connection, _with_pivot_lists(words, statement))
    except (duckdb.ParserException, _UnreadableError):
        raise _unreadable(unreadable) from None
    except RecursionError:
        raise _too_deep() from None
    if tree is None:
        raise _not_a_query(sql)
    check_tree(tree, relations)
    return sql


class _UnreadableError(Exception):
    """sqlglot cannot read it."""

    def __init__(self, line: int = 0, column: int = 0) -> None:
        super().__init__()
        self.line, self.column = line, column


def _parse_one(sql: str) -> exp.Expr:
    import logging

    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    # "Falling back to parsing as a Command" is news for nobody: such a statement is refused below.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        found = sqlglot.parse(sql, dialect="duckdb")
    except RecursionError:
        raise _too_deep() from None
    except (SqlglotError, LookupError, TypeError, ValueError, AttributeError) as error:
        # On odd text the parser stumbles, too.
        details: list[dict[str, Any]] = getattr(error, "errors", None) or [{}]
        raise _UnreadableError(details[0].get("line") or 0, details[0].get("col") or 0) from None
    # A semicolon that is followed by a comment is a statement to sqlglot.
    statements = [statement for statement in found if statement and not isinstance(statement, exp.Semicolon)]
    if len(statements) != 1:
        raise not_one_statement(len(statements))
    return statements[0]


def _unreadable(error: _UnreadableError | None) -> RefusedSqlError:
    place_zh = place_en = ""
    if error and error.line:
        place_zh, place_en = (
            f"第 {error.line} 行第 {error.column} 个字符附近",
            f" near line {error.line}, character {error.column}",
        )
    return refused(
        "unreadable_sql",
        f"{place_zh}无法解析这条语句",
        f"the statement could not be read{place_en}",
        "请检查那里的写法；只有能完整解析的查询才会执行",
        "check the spelling there; only a query that is understood completely is run",
    )


def _require_query(statement: exp.Expr, sql: str) -> None:
    from sqlglot import exp

    # What SHOW shows is for the engine's tree to say: to sqlglot most of it is a command.
    is_show = isinstance(statement, exp.Command) and str(statement.this).upper() == "SHOW"
    if not is_show and not isinstance(
        statement, (exp.Query, exp.Values, exp.Pivot, exp.Describe, exp.Summarize, exp.Show)
    ):
        raise _not_a_query(sql)


def _not_a_query(sql: str) -> RefusedSqlError:
    # As it was typed: what a parser calls a statement that it does not know helps nobody.
    found = re.search(r"[^\W\d]\w*", _QUOTED_OR_COMMENT.sub(" ", sql))
    word = found[0].upper()[:30] if found else "…"
    return refused(
        "not_a_query",
        f"{word} 不是查询",
        f"{word} is not a query",
        "这里只读：请用 SELECT、FROM、WITH、VALUES、PIVOT、DESCRIBE、SUMMARIZE 或 SHOW TABLES",
        "this door only reads: use SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE or SHOW TABLES",
    )


def _check_nodes(statement: exp.Expr) -> None:
    from sqlglot import exp

    forbidden = (
        exp.DDL, exp.DML, exp.Command, exp.Copy, exp.Attach, exp.Detach, exp.Set, exp.Pragma, exp.Use, exp.Install,
        exp.Drop, exp.Alter, exp.TruncateTable, exp.Comment, exp.Transaction, exp.Commit, exp.Rollback,
        exp.Export, exp.LoadData, exp.Kill, exp.Analyze, exp.Grant, exp.Into, exp.Merge,
    )  # fmt: skip
    for node in statement.walk():
        if isinstance(node, forbidden) and node is not statement:
            raise hidden_statement(str(node.this).upper() if isinstance(node, exp.Command) else node.key.upper())


def _is_dynamic_pivot(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    # A PIVOT without an IN list is several statements to the engine: it has a tree once the list stands there.
    import duckdb

    return [found.type for found in connection.extract_statements(sql)] == [duckdb.StatementType.MULTI]


def _plain_words(sql: str) -> list[str]:
    # The words of a dynamic PIVOT are put side by side without comments, so that both parsers must split them alike.
    import sqlglot

    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    kinds = {token.token_type.name for token in tokens[:-1]}
    if "SEMICOLON" in kinds or any(kind.endswith("_STRING") for kind in kinds):
        raise refused(
            "odd_pivot",
            "不带 IN 的 PIVOT 中只能用普通引号",
            "a PIVOT without IN takes plain quotes only",
            "请写成 '…'，或给出 IN 列表",
            "write '…', or give an IN list",
        )
    return [sql[token.start : token.end + 1] for token in tokens]


def _with_pivot_lists(words: list[str], statement: exp.Expr | None) -> str:
    from sqlglot import exp

    tail = ""
    if statement is None:
        # sqlglot does not know ORDER BY and LIMIT after a PIVOT: they are put behind a query that holds it.
        ends = [number for number, word in enumerate(words) if word.casefold().split()[0] in {"order", "limit"}]
        at = next((number for number in ends if words[:number].count("(") == words[:number].count(")")), 0)
        statement, tail = _parse_one(" ".join(words[:at])), " ".join(words[at:])
        _check_nodes(statement)
    static = statement.copy()
    for pivot in static.find_all(exp.Pivot):
        if not pivot.args.get("unpivot") and not pivot.args.get("fields"):
            pivot.set(
                "expressions",
                [
                    on if isinstance(on, exp.In) else exp.In(this=on, expressions=[exp.Literal.number(1)])
                    for on in pivot.expressions
                ],
            )
    query = static.sql(dialect="duckdb", comments=False)
    return f"select * from ({query}) {tail}" if tail else query
