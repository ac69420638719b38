"""The second half of the read-only door: the engine's own reading of a statement, held against what is allowed.

`json_serialize_sql` gives the tree that the engine would run, without binding or running anything. Every kind of node,
every function and every relation in it must be one that is known here to be harmless: what is new or overlooked fails.
"""

from __future__ import annotations

import difflib
import fnmatch
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import RefusedSqlError
from warehouse.attaching import CATALOG, SEARCHED_SCHEMAS

if TYPE_CHECKING:
    import duckdb

Relation = tuple[str, str]
"""Schema and name of a table or view."""

Tree = dict[str, Any]
"""A statement as the engine's parser gives it."""

SYSTEM_RELATIONS: frozenset[Relation] = frozenset(
    {("information_schema", "tables"), ("information_schema", "columns"), ("information_schema", "schemata")}
)

_QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
_SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF"}
_MODIFIERS = {
    "ORDER_MODIFIER", "LIMIT_MODIFIER", "DISTINCT_MODIFIER", "ORDER_DEFAULT", "ASCENDING", "DESCENDING",
}  # fmt: skip
_EXPRESSIONS = {
    "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "LAMBDA",
    "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW",
}  # fmt: skip
# `show tables` and `show all tables`, as the engine spells them.
_SHOWN = {'"tables"', "__show_tables_expanded"}
# In a recursive step with a key, `recurring.t` is what step `t` holds so far.
_RECURRING = "recurring"
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Functions:
    """The reviewed functions: what may be called, what may stand for a table, and why the rest is refused."""

    allowed: frozenset[str]
    tables: frozenset[str]
    refused: tuple[tuple[str, str, str], ...]
    """Pattern of names, reason in Chinese, reason in English."""

    def reason(self, name: str) -> tuple[str, str] | None:
        """Why a function is refused, in both languages; None where nobody has reviewed it."""
        return next(((zh, en) for pattern, zh, en in self.refused if fnmatch.fnmatchcase(name, pattern)), None)


@cache
def functions() -> Functions:
    """The content of `sql_functions.toml`, in lower case."""
    content = tomllib.loads((Path(__file__).parent / "sql_functions.toml").read_text(encoding="utf-8"))
    kinds: dict[str, list[str]] = content["allowed"]
    tables = kinds.pop("table")
    refused: list[dict[str, Any]] = list(content["refused"].values())
    return Functions(
        frozenset(name.casefold() for names in kinds.values() for name in names),
        frozenset(tables),
        tuple((name.casefold(), group["zh"], group["en"]) for group in refused for name in group["names"]),
    )


def engine_tree(connection: duckdb.DuckDBPyConnection, sql: str) -> Tree | None:
    """How the engine reads a statement; None where it is no query that has a tree.

    Raises:
        duckdb.ParserException: the engine cannot read it.
        RefusedSqlError: there are several statements.
    """
    import duckdb

    ((text,),) = connection.execute("select json_serialize_sql(?)", [sql]).fetchall()
    answer = json.loads(text)
    if answer["error"]:
        if answer["error_type"] == "parser":
            raise duckdb.ParserException(answer["error_message"])
        return None
    if len(answer["statements"]) != 1:
        raise not_one_statement(len(answer["statements"]))
    tree: Tree = answer["statements"][0]
    return tree


def check_tree(tree: Tree, relations: Collection[Relation]) -> None:
    """Let a tree pass in which every node, function and relation is known and harmless.

    Raises:
        RefusedSqlError: with what was found and what to do instead.
    """
    known = {(schema.casefold(), name.casefold()) for schema, name in relations} | SYSTEM_RELATIONS
    steps = frozenset(_steps(tree))
    for node in _nodes(tree):
        _check_kind(node)
        if node.get("class") in {"FUNCTION", "WINDOW"}:
            _check_function(node)
        elif node.get("type") == "TABLE_FUNCTION":
            _check_table_function(node["function"])
        elif node.get("type") == "BASE_TABLE":
            _check_relation(node["qualified_name"]["path"], known, steps)
        elif node.get("type") == "SHOW_REF":
            _check_show(node, known)


def _nodes(tree: Tree) -> Iterator[Tree]:
    # Without recursion: how deep a tree is, is for its author to choose.
    waiting: list[Any] = [tree]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, list):
            waiting.extend(reversed(entry))
        elif isinstance(entry, dict):
            yield entry
            # The function of a table function is judged with it.
            below = entry["function"]["arguments"] if entry.get("type") == "TABLE_FUNCTION" else list(entry.values())
            waiting.extend(reversed(below))


def _steps(tree: Tree) -> Iterator[str]:
    for node in _nodes(tree):
        for step in (node.get("cte_map") or {}).get("map", ()):
            name = step["key"]
            # A step called like a file would make a file name pass as a known relation.
            if not _PLAIN_NAME.fullmatch(name):
                raise refused(
                    "odd_name",
                    "WITH 中有一个名称不是普通名称",
                    "a name in WITH is not a plain name",
                    "请用字母、汉字、数字和下划线",
                    "use letters, digits and underscores",
                )
            yield name.casefold()


def _check_kind(node: Tree) -> None:
    if "class" in node:
        kind, is_known = node["class"], node["class"] in _EXPRESSIONS
    elif isinstance(node.get("type"), str):
        kind, is_known = node["type"], node["type"] in _QUERIES | _SOURCES | _MODIFIERS
    elif "query_node" in node or "node" in node:
        kind, is_known = "?", True
    else:
        return
    if kind == "PARAMETER":
        raise refused(
            "parameter_in_sql",
            "语句含有参数占位符",
            "the statement holds a parameter",
            "请直接写出值",
            "write the value itself",
        )
    if not is_known:
        raise hidden_statement(kind.removesuffix("_QUERY_NODE").removesuffix("_NODE"))


def _check_function(node: Tree) -> None:
    # What stands before the name is a column (`stage.upper()`) or a schema: those of a release hold no functions.
    name = node["function_name"].casefold()
    if name in functions().allowed:
        return
    shown = _shown([name])
    reason = functions().reason(name)
    if reason is None:
        close = ", ".join(difflib.get_close_matches(name, functions().allowed, n=3, cutoff=0.7))
        raise refused(
            "unknown_function",
            f"没有可用的函数 {shown}",
            f"there is no function {shown} here",
            f"相近的有：{close}" if close else "请换一个函数",
            f"close to it: {close}" if close else "use another one",
            function=shown,
        )
    raise refused(
        "refused_function",
        f"函数 {shown} 不可用：{reason[0]}",
        f"the function {shown} is not available: {reason[1]}",
        "请直接查询已发布的表（SHOW TABLES）",
        "query the published tables (SHOW TABLES)",
        function=shown,
    )


def _check_table_function(node: Tree) -> None:
    tables = functions().tables
    if [part.casefold() for part in node["qualified_name"]["path"]] in [[name] for name in tables]:
        return
    shown, available = _shown([node["function_name"]]), ", ".join(sorted(tables))
    raise refused(
        "refused_table_function",
        f"表函数 {shown} 不可用",
        f"the table function {shown} is not available",
        f"可用的有：{available}",
        f"available: {available}",
        function=shown,
    )


def _check_show(node: Tree, known: Collection[Relation]) -> None:
    path = [part for part in node["qualified_name"]["path"] if part]
    kind = node["show_type"]
    if kind in {"DESCRIBE", "SUMMARY"} and node["query"]:
        return
    if kind == "SHOW_SPECIAL" and node["table_name"] in _SHOWN:
        return
    if kind == "SHOW":
        _check_relation(path, known, ())
        return
    if kind == "SHOW_FROM" and len(path) == 1 and path[0].casefold() in {schema for schema, _ in known}:
        return
    raise refused(
        "not_a_query",
        "这种 SHOW 不可用",
        "this kind of SHOW is not available",
        "请用 SHOW TABLES、SHOW ALL TABLES 或 DESCRIBE 表名",
        "use SHOW TABLES, SHOW ALL TABLES or DESCRIBE with a table",
    )


def _check_relation(path: list[str], known: Collection[Relation], steps: Collection[str]) -> None:
    catalog, schema, name = (["", "", ""] + [part.casefold() for part in path])[-3:]
    if len(path) <= 3 and catalog in {"", CATALOG}:
        if schema == _RECURRING:
            found = name in steps
        elif schema:
            found = (schema, name) in known
        else:
            found = name in steps or any((searched, name) in known for searched in SEARCHED_SCHEMAS)
        if found:
            return
    shown, close = _shown(path), _close_names(name, known)
    raise refused(
        "unknown_relation",
        f"已发布的版本中没有表 {shown}",
        f"there is no table {shown} in the release",
        f"相近的有：{close}" if close else "用 SHOW ALL TABLES 查看全部",
        f"close to it: {close}" if close else "SHOW ALL TABLES lists them",
        relation=shown,
    )


def _close_names(name: str, known: Iterable[Relation]) -> str:
    names = {relation: f"{schema}.{relation}" for schema, relation in sorted(known) if schema in SEARCHED_SCHEMAS}
    return ", ".join(names[close] for close in difflib.get_close_matches(name, names, n=3, cutoff=0.6))


def _shown(path: Iterable[str]) -> str:
    # What somebody wrote is only repeated where it is a name: no path, no secret, nothing endless.
    name = ".".join(path)
    return name if len(name) <= 100 and re.fullmatch(r"\w+(\.\w+)*", name) else "…"


def not_one_statement(count: int) -> RefusedSqlError:
    """The refusal of several statements, or of none."""
    return refused(
        "not_one_statement",
        f"这里有 {count} 条语句，只接受一条",
        f"there are {count} statements, one is accepted",
        "请分别执行",
        "run them one by one",
    )


def hidden_statement(word: str) -> RefusedSqlError:
    """The refusal of something inside a query that is more than reading."""
    return refused(
        "hidden_statement",
        f"查询内部含有 {word}",
        f"there is {word} inside the query",
        "这里只读：请去掉它",
        "this door only reads: leave it out",
    )


def refused(code: str, zh: str, en: str, next_zh: str, next_en: str, **facts: object) -> RefusedSqlError:
    """A refusal: what was found and what to do instead, without full stops and in lower case."""
    return RefusedSqlError(
        code, zh=f"未执行：{zh}。{next_zh}。", en=f"Not run: {en}. {next_en[0].upper()}{next_en[1:]}.", **facts
    )
