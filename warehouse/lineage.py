"""From a column to the raw columns, reference tables and constants that its values are made of.

What is followed is values: filters, joins and the order of rows decide which rows there are and are not shown. A column
that only counts or numbers rows comes from the rows of a relation, written as `relation.*`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import UnreachableError, UsageError
from warehouse.attaching import CHINESE_SCHEMA, SEARCHED_SCHEMAS, attach
from warehouse.output import shortened

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

    from warehouse.release import Release

Kind = Literal["model", "raw", "reference", "constant"]
Column = tuple[str, str]
"""A relation with its schema, and the name of one of its columns."""

ROWS = "*"
"""In place of a column: how many rows there are, or which number a row has."""

_REFERENCE_SCHEMA = "reference"
_MODEL_FIRST = ("marts", CHINESE_SCHEMA, "intermediate", "staging", _REFERENCE_SCHEMA, "raw", "ops")
_LONGEST_EXPRESSION = 160


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One column on the way.

    `expression` says how the relation makes it; None where it is only handed on, and for columns of raw and reference
    tables. `parents` are the columns it is made of; an empty tuple ends the way.
    """

    relation: str
    column: str
    kind: Kind
    expression: str | None
    parents: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The way of one column: every column on it once."""

    start: Column
    nodes: Mapping[Column, LineageNode]

    @property
    def origins(self) -> list[LineageNode]:
        """Where the way ends, in the order of names."""
        return [node for _, node in sorted(self.nodes.items()) if not node.parents]

    def to_dict(self) -> dict[str, Any]:
        """The way for programs."""
        return {
            "column": ".".join(self.start),
            "origins": [{"column": f"{node.relation}.{node.column}", "kind": node.kind} for node in self.origins],
            "nodes": [
                {
                    "column": ".".join(key),
                    "kind": node.kind,
                    "expression": node.expression,
                    "parents": [".".join(parent) for parent in node.parents],
                }
                for key, node in self.nodes.items()
            ],
        }


def read_project(release: Release) -> Project:
    """The columns and the compiled models of a release.

    Raises:
        UnreachableError: the release was published without its compiled models.
    """
    try:
        queries: dict[str, str] = json.loads(release.compiled_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreachableError(
            "no_compiled_models",
            zh=f"版本 {release.release_id} 没有附带编译后的模型，无法查询列的来历。"
            "请运行 fundperf run --force 重新发布。",
            en=f"Release {release.release_id} came without its compiled models, so no column can be followed. "
            "Run `fundperf run --force` to publish again.",
            path=str(release.compiled_file),
        ) from error
    return Project(queries, read_columns(release.file))


@dataclass
class Project:
    """What lineage is asked of.

    Args:
        queries: the compiled query of every relation that a model makes (`marts.fct_funding`).
        columns: the columns of every relation, with their types.
    """

    queries: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]
    _models: dict[str, _Model] = field(default_factory=dict)

    def follow(self, written: str) -> Lineage:
        """The way of a column, as a person wrote its name.

        Raises:
            UsageError: there is no such column; the nearest names are in the message.
        """
        return self.follow_column(self.find(written))

    def follow_column(self, start: Column) -> Lineage:
        """The way of a known column."""
        nodes: dict[Column, LineageNode] = {}
        waiting = [start]
        while waiting:
            key = waiting.pop(0)
            if key in nodes:
                continue
            nodes[key] = node = self._node(key)
            waiting.extend(node.parents)
        return Lineage(start, nodes)

    def find(self, written: str) -> Column:
        """The column that a name means: `marts.t.c`, `t.c`, or the same in Chinese.

        Raises:
            UsageError: there is none.
        """
        relation, column = self.find_relation(written.rpartition(".")[0]), written.rpartition(".")[2].strip('"')
        if relation is not None:
            for name in self.columns[relation]:
                if name.casefold() == column.casefold():
                    return relation, name
        raise self._unknown(written, relation, column)

    def find_relation(self, written: str) -> str | None:
        """The relation that a name with or without its schema means."""
        wanted = written.replace('"', "").casefold()
        for schema in _MODEL_FIRST:
            for name in self.columns:
                if name.casefold() in {wanted, f"{schema}.{wanted}"} and name.startswith(f"{schema}."):
                    return name
        return None

    @cached_property
    def chinese_names(self) -> dict[Column, str]:
        """Columns of marts → their names in the Chinese views."""
        from sqlglot import exp, parse_one

        names: dict[Column, str] = {}
        for relation, sql in self.queries.items():
            if relation.startswith(f"{CHINESE_SCHEMA}."):
                query = parse_one(sql, dialect="duckdb")
                mart = next((f"{table.db}.{table.name}" for table in query.find_all(exp.Table)), "")
                shown: list[exp.Expr] = getattr(query, "selects", [])
                names |= {(mart, select.unalias().name): select.alias for select in shown}
        return names

    @property
    def unresolved(self) -> dict[str, set[str]]:
        """Names that could not be followed so far, by the relation whose query has them."""
        return {relation: model.unresolved for relation, model in self._models.items() if model.unresolved}

    def _node(self, key: Column) -> LineageNode:
        relation, column = key
        if relation not in self.queries:
            kind: Kind = "reference" if relation.startswith(f"{_REFERENCE_SCHEMA}.") else "raw"
            return LineageNode(relation, column, kind, None, ())
        if relation not in self._models:
            self._models[relation] = _Model(self.queries[relation], self._schema)
        expression, parents = self._models[relation].resolve(column)
        return LineageNode(relation, column, "model" if parents else "constant", expression, tuple(sorted(parents)))

    @cached_property
    def _schema(self) -> Any:
        from sqlglot.schema import MappingSchema

        nested: dict[str, dict[str, dict[str, str]]] = {}
        for relation, columns in self.columns.items():
            schema, _, name = relation.partition(".")
            nested.setdefault(schema, {})[name] = dict(columns)
        return MappingSchema(dict(nested), dialect="duckdb")

    def _unknown(self, written: str, relation: str | None, column: str) -> UsageError:
        if relation is not None:
            close = difflib.get_close_matches(column, self.columns[relation], n=3, cutoff=0.4)
            names = [f"{relation}.{name}" for name in close]
        else:
            known = {
                short: full
                for full in (f"{name}.{each}" for name, columns in self.columns.items() for each in columns)
                for short in (full, full.partition(".")[2])
                if full.partition(".")[0] in SEARCHED_SCHEMAS
            }
            # Whoever leaves the table out means some table's column of that name.
            names = [full for short, full in known.items() if short == full and full.rpartition(".")[2] == column]
            names = names or [known[short] for short in difflib.get_close_matches(written, known, n=3, cutoff=0.5)]
        listed = ", ".join(dict.fromkeys(names[:5]))
        return UsageError(
            "unknown_column",
            zh=f"已发布的版本中没有列 {written}。" + (f"相近的有：{listed}。" if listed else "请写成 表名.列名。"),
            en=f"There is no column {written} in the release. "
            + (f"Close to it: {listed}." if listed else "Write TABLE.COLUMN."),
            column=written,
        )


class _Model:
    """One compiled query, and which columns of other relations each of its columns is made of."""

    def __init__(self, sql: str, schema: Any) -> None:
        from sqlglot import parse_one
        from sqlglot.optimizer.qualify import qualify
        from sqlglot.optimizer.scope import build_scope

        qualified = qualify(
            parse_one(sql, dialect="duckdb"),
            dialect="duckdb",
            schema=schema,
            validate_qualify_columns=False,
            identify=False,
        )
        root = build_scope(qualified)
        if root is None:
            raise ValueError("no query")
        self._root = root
        # A recursive step is given a second scope of its first step, which knows no sources.
        self._complete = {id(scope.expression): scope for scope in root.traverse()}
        self._known: dict[tuple[int, str], set[Column]] = {}
        self.unresolved: set[str] = set()
        """Names inside the query that belong to nothing it reads: of such a column nothing is known."""

    def resolve(self, column: str) -> tuple[str | None, set[Column]]:
        """How the column is made, and of what."""
        if column == ROWS:
            return None, set(self._rows(self._root))
        return self._expression(self._root, column), self._parents(self._root, column)

    def _parents(self, scope: Scope, column: str) -> set[Column]:
        key = (id(scope), column)
        if key not in self._known:
            # A recursive step meets itself: it adds nothing new then.
            self._known[key] = set()
            self._known[key] = {parent for select in _selects(scope, column) for parent in self._of(*select)}
        return self._known[key]

    def _of(self, scope: Scope, expression: exp.Expr) -> Iterator[Column]:
        """The columns of other relations in one expression, subqueries included."""
        from sqlglot import exp
        from sqlglot.optimizer.scope import find_all_in_scope, walk_in_scope

        inner = {id(each.expression): each for each in scope.subquery_scopes}
        for node in walk_in_scope(expression):
            if isinstance(node, exp.Column):
                yield from self._source(scope, node)
            elif _counts_rows(node):
                yield from self._rows(scope)
            elif id(node) in inner:
                yield from self._subquery(inner[id(node)])
        for query in find_all_in_scope(expression, exp.Query):
            if id(query) in inner:
                yield from self._subquery(inner[id(query)])

    def _subquery(self, scope: Scope) -> Iterator[Column]:
        # A value that a subquery finds hangs on what it compares, too.
        for each in (scope, *scope.set_operation_scopes):
            for column in each.columns:
                yield from self._source(each, column)
            yield from self._rows(each)

    def _source(self, scope: Scope, column: exp.Column) -> Iterator[Column]:
        from sqlglot import exp
        from sqlglot.optimizer.scope import Scope

        source: Any = self._source_named(scope, column.table)
        outer: Any = scope
        while source is None and outer.parent is not None:
            outer = outer.parent
            source = self._source_named(outer, column.table)
        if isinstance(source, Scope):
            if isinstance(source.expression, exp.UDTF):
                for inside in source.expression.find_all(exp.Column):
                    if inside.table != column.table:
                        yield from self._source(outer, inside)
            else:
                yield from self._parents(source, column.name)
        elif isinstance(source, exp.Table) and source.db:
            yield f"{source.db}.{source.name}", column.name
        else:
            self.unresolved.add(column.sql(dialect="duckdb"))

    def _source_named(self, scope: Scope, name: str) -> Any:
        source = scope.sources.get(name)
        return self._complete.get(id(getattr(source, "expression", None)), source)

    def _rows(self, scope: Scope) -> Iterator[Column]:
        """The relations whose rows a query goes through: what stands in FROM, not what is joined to it."""
        from sqlglot import exp
        from sqlglot.optimizer.scope import Scope

        for each in scope.set_operation_scopes:
            yield from self._rows(each)
        clause = scope.expression.args.get("from_") or scope.expression.args.get("from")
        if clause is None:
            return
        source = self._source_named(scope, clause.this.alias_or_name)
        if isinstance(source, Scope):
            if isinstance(source.expression, exp.UDTF):
                for inside in source.expression.find_all(exp.Column):
                    yield from self._source(scope, inside)
            else:
                yield from self._rows(source)
        elif isinstance(source, exp.Table) and source.db:
            yield f"{source.db}.{source.name}", ROWS

    def _expression(self, scope: Scope, column: str) -> str | None:
        """How the column is made, at the place where it is more than handed on."""
        from sqlglot import exp
        from sqlglot.optimizer.scope import Scope

        made: dict[str, None] = {}
        for inner, select in _selects(scope, column):
            expression = select.unalias()
            if not isinstance(expression, exp.Column):
                made[" ".join(expression.sql(dialect="duckdb", comments=False).split())] = None
                continue
            source = self._source_named(inner, expression.table)
            if isinstance(source, Scope) and (further := self._expression(source, expression.name)):
                made[further] = None
        return shortened(" | ".join(made), _LONGEST_EXPRESSION) if made else None


def _selects(scope: Scope, column: str) -> Iterator[tuple[Scope, exp.Expr]]:
    """Every place in a query, its branches of a union included, that gives this column."""
    if scope.set_operation_scopes:
        # The first branch gives the names, the others give what stands at the same place.
        names = _named_selects(scope)
        place = names.index(column.casefold()) if column.casefold() in names else len(names)
        for branch in scope.set_operation_scopes:
            yield from _selects(branch, "".join(_named_selects(branch)[place : place + 1]))
        return
    for select in getattr(scope.expression, "selects", []):
        if select.alias_or_name.casefold() == column.casefold():
            yield scope, select
            return
    for inner in scope.subquery_scopes if scope.is_subquery else ():
        yield from _selects(inner, column)


def _named_selects(scope: Scope) -> list[str]:
    names: list[str] = getattr(scope.expression, "named_selects", [])
    return [name.casefold() for name in names]


def _counts_rows(node: exp.Expr) -> bool:
    from sqlglot import exp

    if isinstance(node, exp.Count):
        return isinstance(node.this, exp.Star) or node.this is None
    return isinstance(node, (exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.Ntile))


def read_columns(file: Path) -> dict[str, dict[str, str]]:
    """Every relation of a release with its columns and their types."""
    columns: dict[str, dict[str, str]] = {}
    with attach(file) as connection:
        for schema, relation, column, kind in connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns "
            "where table_catalog = current_database() order by table_schema, table_name, ordinal_position"
        ).fetchall():
            columns.setdefault(f"{schema}.{relation}", {})[column] = kind
    return columns
