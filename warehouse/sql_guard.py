"""What may pass the read-only door: one query over the published relations, and nothing else.

The statement is bounded before it is parsed (parsers are bombs), parsed by sqlglot, and accepted by an allowlist of
statement kinds, relations and table functions. Whatever this module overlooks still meets a locked connection in a
process with limits: see `warehouse.sql_worker`.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from ingest.errors import RefusedSqlError
from warehouse.attaching import CATALOG, SEARCHED_SCHEMAS

if TYPE_CHECKING:
    from sqlglot import exp

MAX_CHARACTERS = 20_000
MAX_BRACKETS = 1_000
MAX_DEPTH = 40

Relation = tuple[str, str]
"""Schema and name of a table or view."""

SYSTEM_RELATIONS: frozenset[Relation] = frozenset(
    {("information_schema", "tables"), ("information_schema", "columns"), ("information_schema", "schemata")}
)
TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})

# Functions that reach files, settings, other connections or the clock, run text as SQL, or show where things lie.
_DENIED_FUNCTION = re.compile(
    r"""
      read_ .* | parquet_ .* | .* _scan (_dumb)? | sniff_csv | glob | add_parquet_key
    | duckdb_ .* | pragma_ .* | icu_calendar_names | test_ .*_types | pg_ (?!typeof|size_pretty) .* | inet_ .*
    | has_ .* _privilege | current_setting | set_config | getenv | getvariable | which_secret
    | .* external_resource (_type)?
    | query | query_table | json_execute_serialized_sql | json_serialize_ .* | json_deserialize_sql | python_ .*
    | sleep_ms | write_log | parse_duckdb_log_message | truncate_duckdb_logs | nextval | currval | setval | setseed
    | (en|dis)able_ .* | verify_ .* | (force_)? checkpoint | import_database | copy_database | export_database
    | (database|collation|function)s? (_list|_size)? | show ( _ .* )? | storage_info | metadata_info | table_info
    | extension_versions | user_agent | platform | invoke | stats | vector_type | get_block_size
    | current_connection_id | current_transaction_id | current_query_id | txid_current | __internal_ .*
    """,
    re.VERBOSE,
)
_QUOTED_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


def check_size(sql: str) -> None:
    """Refuse text that is empty or that no parser should see.

    Raises:
        RefusedSqlError: empty, too long, or bracketed too deeply.
    """
    if not sql.strip():
        raise _refused("empty_sql", "语句为空", "the statement is empty", "请写一条查询", "write one query")
    if len(sql) > MAX_CHARACTERS:
        raise _refused(
            "sql_too_long",
            f"语句有 {len(sql)} 个字符，上限是 {MAX_CHARACTERS}",
            f"the statement has {len(sql)} characters, the limit is {MAX_CHARACTERS}",
            "请拆成几条查询",
            "split it into several queries",
        )
    if "\x00" in sql:
        raise _refused(
            "odd_character", "语句含有空字符", "the statement holds a NUL character", "请删除它", "remove it"
        )
    # The count over everything holds even where the quoting is read differently by the engine.
    if sum(sql.count(opening) for opening in "([{") > MAX_BRACKETS or _depth(sql) > MAX_DEPTH:
        raise _refused(
            "sql_too_deep",
            f"括号过多或嵌套超过 {MAX_DEPTH} 层",
            f"there are too many brackets, or they nest deeper than {MAX_DEPTH}",
            "请用 WITH 分步书写",
            "write it in steps with WITH",
        )


def check_sql(sql: str, relations: Collection[Relation]) -> None:
    """Let one harmless query over known relations pass.

    Args:
        sql: the statement as a person wrote it.
        relations: schema and name of everything that the release holds.

    Raises:
        RefusedSqlError: with what was found and what to do instead.
    """
    check_size(sql)
    statement = _parse_one(sql)
    _require_query(statement, sql)
    _check_functions(sql)
    _check_nodes(statement)
    _check_relations(statement, relations)


def _parse_one(sql: str) -> exp.Expr:
    import logging

    import sqlglot
    from sqlglot.errors import SqlglotError

    # "Falling back to parsing as a Command" is news for nobody: such a statement is refused below.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    try:
        statements = [statement for statement in sqlglot.parse(sql, dialect="duckdb") if statement is not None]
    except RecursionError:
        raise _refused(
            "sql_too_deep",
            "语句嵌套过深",
            "the statement is nested too deeply",
            "请用 WITH 分步书写",
            "write it in steps with WITH",
        ) from None
    except SqlglotError as error:
        raise _unreadable(error) from None
    if len(statements) != 1 or _is_semicolon_only(statements[0]):
        raise _refused(
            "not_one_statement",
            f"这里有 {len(statements)} 条语句，只接受一条",
            f"there are {len(statements)} statements, one is accepted",
            "请分别执行",
            "run them one by one",
        )
    return statements[0]


def _is_semicolon_only(statement: Any) -> bool:
    from sqlglot import exp

    return isinstance(statement, exp.Semicolon)


def _unreadable(error: Exception) -> RefusedSqlError:
    details: list[dict[str, Any]] = getattr(error, "errors", [])
    place_zh = place_en = ""
    if details and details[0].get("line"):
        line, column = details[0]["line"], details[0]["col"]
        place_zh, place_en = f"第 {line} 行第 {column} 个字符附近", f" near line {line}, character {column}"
    return _refused(
        "unreadable_sql",
        f"{place_zh}无法解析这条语句",
        f"the statement could not be read{place_en}",
        "请检查那里的写法；只有能完整解析的查询才会执行",
        "check the spelling there; only a query that is understood completely is run",
    )


def _require_query(statement: exp.Expr, sql: str) -> None:
    from sqlglot import exp

    if isinstance(statement, exp.Show):
        if str(statement.this).upper() in {"TABLES", "ALL TABLES"}:
            return
    elif isinstance(statement, (exp.Query, exp.Values, exp.Pivot, exp.Describe, exp.Summarize)):
        return
    word = _typed_word(sql)
    raise _refused(
        "not_a_query",
        f"{word} 不是查询",
        f"{word} is not a query",
        "这里只读：请用 SELECT、FROM、WITH、VALUES、PIVOT、DESCRIBE、SUMMARIZE 或 SHOW TABLES",
        "this door only reads: use SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE or SHOW TABLES",
    )


def _first_word(statement: exp.Expr) -> str:
    from sqlglot import exp

    if isinstance(statement, exp.Command):
        return str(statement.this).upper()
    return statement.key.upper()


def _typed_word(sql: str) -> str:
    # As it was typed: what the parser calls a statement that it does not know helps nobody.
    found = re.search(r"[^\W\d]\w*", _QUOTED_OR_COMMENT.sub(" ", sql))
    return found[0].upper() if found else "…"


def _check_nodes(statement: exp.Expr) -> None:
    from sqlglot import exp

    forbidden = (
        exp.DDL, exp.DML, exp.Command, exp.Copy, exp.Attach, exp.Detach, exp.Set, exp.Pragma, exp.Use, exp.Install,
        exp.Drop, exp.Alter, exp.TruncateTable, exp.Comment, exp.Transaction, exp.Commit, exp.Rollback,
        exp.Export, exp.LoadData, exp.Kill, exp.Analyze, exp.Grant, exp.Into, exp.Merge,
    )  # fmt: skip
    readable = (exp.Query, exp.Values, exp.Pivot, exp.Describe, exp.Summarize, exp.Table)
    holders = (exp.CTE, exp.Subquery, exp.Describe, exp.Summarize)
    for node in statement.walk():
        if isinstance(node, forbidden):
            raise _hidden(node)
        if isinstance(node, (exp.Placeholder, exp.Parameter, exp.SessionParameter)):
            raise _refused(
                "parameter_in_sql",
                "语句含有参数占位符",
                "the statement holds a parameter",
                "请直接写出值",
                "write the value itself",
            )
        if isinstance(node, holders) and not isinstance(node.this, readable):
            raise _hidden(node.this)
        if isinstance(node, (exp.From, exp.Join)) and not isinstance(
            node.this, (exp.Table, exp.Subquery, exp.Unnest, exp.Values, exp.Lateral)
        ):
            raise _hidden(node.this)


def _hidden(node: Any) -> RefusedSqlError:
    word = _first_word(node) if hasattr(node, "key") else str(node)
    return _refused(
        "hidden_statement",
        f"查询内部含有 {word}",
        f"there is {word} inside the query",
        "这里只读：请去掉它",
        "this door only reads: leave it out",
    )


def _check_functions(sql: str) -> None:
    # By word, not by parsed function: a parser renames functions, the words a person wrote are what the engine gets.
    import sqlglot

    tokens = sqlglot.tokenize(sql, dialect="duckdb")
    for token, following in itertools.pairwise(tokens):
        name = token.text.casefold()
        if following.text == "(" and _DENIED_FUNCTION.fullmatch(name):
            raise _refused_function(name)


def _refused_function(name: str) -> RefusedSqlError:
    return _refused(
        "refused_function",
        f"函数 {name} 不可用：它会触及文件、设置或执行文本",
        f"the function {name} is not available: it reaches files or settings, or runs text as SQL",
        "请直接查询已发布的表（SHOW TABLES）",
        "query the published tables (SHOW TABLES)",
        function=name,
    )


def _check_relations(statement: exp.Expr, relations: Collection[Relation]) -> None:
    from sqlglot import exp

    known = {(schema.casefold(), name.casefold()) for schema, name in relations} | SYSTEM_RELATIONS
    steps = {cte.alias.casefold() for cte in statement.find_all(exp.CTE)}
    for step in steps:
        # A step called like a file would make a file name pass as a known relation.
        if not _PLAIN_NAME.fullmatch(step):
            raise _refused(
                "odd_name",
                f"WITH 中的名称 {step!r} 不是普通名称",
                f"{step!r} in WITH is not a plain name",
                "请用字母、汉字、数字和下划线",
                "use letters, digits and underscores",
            )
    for table in statement.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier):
            _check_relation(table, known, steps)
        else:
            _check_table_function(table)


def _check_relation(table: exp.Table, known: Collection[Relation], steps: Collection[str]) -> None:
    name, schema, catalog = table.name.casefold(), table.db.casefold(), table.catalog.casefold()
    if catalog in {"", CATALOG}:
        if schema:
            found = (schema, name) in known
        else:
            found = name in steps or any((searched, name) in known for searched in SEARCHED_SCHEMAS)
        if found:
            return
    written = ".".join(part for part in (table.catalog, table.db, table.name) if part)
    close = _close_names(name, known)
    raise _refused(
        "unknown_relation",
        f"已发布的版本中没有表 {written}",
        f"there is no table {written} in the release",
        f"相近的有：{close}" if close else "用 SHOW ALL TABLES 查看全部",
        f"close to it: {close}" if close else "SHOW ALL TABLES lists them",
        relation=written,
    )


def _check_table_function(table: exp.Table) -> None:
    from sqlglot import exp

    function = table.this
    names = {function.name.casefold()} if isinstance(function, exp.Anonymous) else _function_names(function)
    if table.db or not names & TABLE_FUNCTIONS:
        shown = sorted(names)[0] if names else function.key
        raise _refused(
            "refused_table_function",
            f"表函数 {shown} 不可用",
            f"the table function {shown} is not available",
            f"可用的有：{', '.join(sorted(TABLE_FUNCTIONS))}",
            f"available: {', '.join(sorted(TABLE_FUNCTIONS))}",
            function=shown,
        )


def _function_names(function: Any) -> set[str]:
    from sqlglot import exp

    return {name.casefold() for name in function.sql_names()} if isinstance(function, exp.Func) else set()


def _close_names(name: str, known: Iterable[Relation]) -> str:
    names = {relation: f"{schema}.{relation}" for schema, relation in sorted(known) if schema in SEARCHED_SCHEMAS}
    return ", ".join(names[close] for close in difflib.get_close_matches(name, names, n=3, cutoff=0.6))


def _depth(sql: str) -> int:
    depth = deepest = 0
    for character in _QUOTED_OR_COMMENT.sub(" ", sql):
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def _refused(code: str, zh: str, en: str, next_zh: str, next_en: str, **facts: object) -> RefusedSqlError:
    return RefusedSqlError(
        code, zh=f"未执行：{zh}。{next_zh}。", en=f"Not run: {en}. {next_en[0].upper()}{next_en[1:]}.", **facts
    )
