"""Metrics by name: dbt's own definitions, compiled by MetricFlow, asked of a release through the guarded door."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreachableError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from warehouse.release import Release


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as the project defines it: its name, its Chinese name, and what it means in both languages.

    `reason` is the metric that says why this one is null, where there is one.
    """

    name: str
    label: str
    description: str
    reason: Metric | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """What metrics can be split by or filtered on. `path` is how MetricFlow calls it: `project_year__fiscal_year`."""

    name: str
    label: str
    path: str


@dataclass(frozen=True, slots=True)
class Semantics:
    """The metrics and dimensions of one release; `content` is dbt's semantic manifest."""

    metrics: Sequence[Metric]
    dimensions: Sequence[Dimension]
    content: str

    def find_metric(self, written: str) -> Metric:
        """The metric of this English or Chinese name.

        Raises:
            UsageError: there is none; the nearest names are in the message.
        """
        found: Metric = _find(self.metrics, written, "metric", ("度量", "metric"))
        return found

    def find_dimension(self, written: str) -> Dimension:
        """The dimension of this English or Chinese name, or of its full path.

        Raises:
            UsageError: there is none; the nearest names are in the message.
        """
        for dimension in self.dimensions:
            if dimension.path == written:
                return dimension
        found: Dimension = _find(self.dimensions, written, "dimension", ("维度", "dimension"))
        return found


def read_semantics(release: Release) -> Semantics:
    """What a release can be asked for by name.

    Raises:
        UnreachableError: the release was published without metrics.
    """
    try:
        content: dict[str, Any] = json.loads(release.semantics_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreachableError(
            "no_metrics",
            zh=f"版本 {release.release_id} 没有附带度量定义。请运行 fundperf run --force 重新发布。",
            en=f"Release {release.release_id} came without its metrics. Run `fundperf run --force` to publish again.",
            path=str(release.semantics_file),
        ) from error
    for model in content["semantic_models"]:
        _forget_database(model["node_relation"])
    for spine in content["project_configuration"]["time_spines"]:
        _forget_database(spine["node_relation"])
    return Semantics(
        metrics=list(_metrics(content)),
        dimensions=list(_dimensions(content)),
        content=json.dumps(content),
    )


def compile_metrics(
    semantics: Semantics,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: str | None = None,
) -> str:
    """One query for these metrics, split and filtered by dimensions.

    Where a metric has a reason, its column stands beside it: null where the metric has a value, else a code of the
    reference table `measure_refusals`.

    Args:
        semantics: the metrics of a release.
        metrics: English or Chinese names.
        by: dimensions; the rows come in their order.
        where: a condition on dimensions, as SQL: `fiscal_year = 2023 and programme_family = '金保工程'`.

    Raises:
        UsageError: a name is unknown, the metrics cannot be split so, or MetricFlow is not installed.
    """
    asked = [semantics.find_metric(name) for name in metrics]
    paths = [semantics.find_dimension(name).path for name in by]
    condition = None if where is None else _condition(semantics, where)
    names = [metric.name for metric in asked]
    reasons = [metric.reason.name for metric in asked if metric.reason is not None]
    query = _null_safe(_compile(semantics.content, list(dict.fromkeys([*names, *reasons])), paths, condition))
    return _reasoned(query, asked, paths)


@contextmanager
def run_metrics(
    release: Release, metrics: Sequence[str], *, by: Sequence[str] = (), where: str | None = None, limit: int = 0
) -> Iterator[pa.Table]:
    """The rows of `compile_metrics` on a release; columns are called by the names that were asked for.

    Raises:
        UsageError: as `compile_metrics`, or the condition compares what cannot be compared.
        RefusedSqlError: the query takes too much.
    """
    from warehouse.sql import run_sql

    semantics = read_semantics(release)
    query = compile_metrics(semantics, metrics, by=by, where=where)
    asked = {semantics.find_dimension(name).path: name for name in by}
    asked |= {semantics.find_metric(name).name: name for name in metrics}
    asked |= _reason_columns(semantics, metrics)
    with run_sql(release, query, limit=limit) as answer:
        yield answer.table.rename_columns([asked.get(name, name) for name in answer.table.column_names])


def explain_reasons(release: Release, metrics: Sequence[str], answer: pa.Table) -> dict[str, tuple[str, str]]:
    """What the codes beside the empty cells of an answer mean: each with its sentence in Chinese and in English."""
    from warehouse.attaching import attach

    columns = set(_reason_columns(read_semantics(release), metrics).values())
    codes = {code for column in columns for code in answer.column(column).unique().to_pylist()} - {None}
    if not codes:
        return {}
    with attach(release.file) as connection:
        known = connection.execute(
            "select code, reason_zh, reason_en from reference.measure_refusals order by ordinal"
        ).fetchall()
    return {code: (zh, en) for code, zh, en in known if code in codes}


def _reason_columns(semantics: Semantics, metrics: Sequence[str]) -> dict[str, str]:
    """What the reasons are called in an answer: who asks in Chinese reads the reason under its Chinese name too."""
    found = [(name, semantics.find_metric(name)) for name in metrics]
    return {
        metric.reason.name: metric.reason.name if name.casefold() == metric.name else metric.reason.label
        for name, metric in found
        if metric.reason is not None
    }


def _metrics(content: Mapping[str, Any]) -> Iterator[Metric]:
    """The metrics that can be asked for: neither a part of others alone nor the reason of one."""
    metas = {metric["name"]: ((metric.get("config") or {}).get("meta") or {}) for metric in content["metrics"]}
    known = {
        metric["name"]: Metric(metric["name"], metric.get("label") or "", metric.get("description") or "")
        for metric in content["metrics"]
    }
    reasons = {name: meta["reason"] for name, meta in metas.items() if "reason" in meta}
    for name, metric in known.items():
        if not metas[name].get("is_part") and name not in reasons.values():
            yield replace(metric, reason=known.get(reasons.get(name, "")))


def _dimensions(content: Mapping[str, Any]) -> Iterator[Dimension]:
    for model in content["semantic_models"]:
        (entity,) = (entity["name"] for entity in model["entities"] if entity["type"] == "primary")
        for dimension in model["dimensions"]:
            # Years are whole numbers here; the dates behind them are MetricFlow's own.
            if dimension["type"] != "time":
                path = f"{entity}__{dimension['name']}"
                yield Dimension(dimension["name"], dimension.get("label") or "", path)


def _forget_database(relation: dict[str, Any]) -> None:
    # The release is attached under another name than the file that dbt built.
    relation["database"] = None
    relation["relation_name"] = f"{relation['schema_name']}.{relation['alias']}"


def _find(known: Sequence[Any], written: str, code: str, called: tuple[str, str]) -> Any:
    for entry in known:
        if written.casefold() in {entry.name.casefold(), entry.label.casefold()} - {""}:
            return entry
    names = {name: entry for entry in known for name in (entry.name, entry.label) if name}
    close = [names[name] for name in difflib.get_close_matches(written, names, n=3, cutoff=0.5)] or known
    chinese = "、".join(dict.fromkeys(entry.label or entry.name for entry in close))
    english = ", ".join(dict.fromkeys(entry.name for entry in close))
    zh, en = called
    raise UsageError(
        f"unknown_{code}",
        zh=f"没有{zh} {written}。可用的有：{chinese}。",
        en=f"There is no {en} {written}. Known: {english}.",
        name=written,
    )


def _condition(semantics: Semantics, where: str) -> str:
    """The condition with each dimension as MetricFlow wants it named."""
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    try:
        condition = parse_one(where, dialect="duckdb", into=exp.Condition)
    except (SqlglotError, RecursionError) as error:
        raise _odd_condition(where) from error
    if re.search(r"\{[{%#]", where) or condition.find(exp.Query, exp.Star):
        raise _odd_condition(where)
    paths: list[str] = []
    for column in list(condition.find_all(exp.Column)):
        paths.append(semantics.find_dimension(column.name).path)
        column.replace(exp.Placeholder(this=f"dimension_{len(paths) - 1}"))
    text = condition.sql(dialect="duckdb")
    return re.sub(r"[$:]dimension_(\d+)", lambda found: f"{{{{ Dimension('{paths[int(found[1])]}') }}}}", text)


def _odd_condition(where: str) -> UsageError:
    return UsageError(
        "odd_condition",
        zh=f"无法理解条件 {where}。请写成维度上的条件，例如 fiscal_year = 2023 and programme_family = '金保工程'。",
        en=f"The condition {where} is not understood. Write one on dimensions, "
        "such as fiscal_year = 2023 and programme_family = '金保工程'.",
        condition=where,
    )


def _compile(content: str, metrics: Sequence[str], paths: Sequence[str], condition: str | None) -> str:
    try:
        from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
        from metricflow_semantics.errors.error_classes import InformativeUserError
        from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup
    except ImportError as error:
        raise UsageError(
            "metrics_not_installed",
            zh='按名称查询度量需要 MetricFlow：pip install "fundperf[metrics]"。',
            en='Asking for metrics needs MetricFlow: pip install "fundperf[metrics]".',
        ) from error

    class Renderer:
        """A client that only says how to write SQL: what it writes is run elsewhere."""

        sql_engine_type = SqlEngine.DUCKDB
        sql_plan_renderer = DuckDbSqlPlanRenderer()

        def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
            return f"${bind_parameter_key}"

    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(content))
    request = MetricFlowQueryRequest.create(
        metric_names=metrics,
        group_by_names=paths,
        where_constraints=None if condition is None else [condition],
    )
    try:
        statement: str = MetricFlowEngine(lookup, Renderer()).explain(request).sql_statement.sql
    except InformativeUserError as error:
        raise _not_answered(str(error), metrics) from error
    return statement


def _not_answered(message: str, metrics: Sequence[str]) -> UsageError:
    # Of a page of text only this is news: which dimension does not go with the metric, and which do.
    asked = re.search(r"Query Input:\s+(\S+)", message)
    offered = ", ".join(dict.fromkeys(re.findall(r"'(\w+__\w+)',", message)))
    name, called = asked[1] if asked else "…", ", ".join(metrics)
    return UsageError(
        "metric_not_answered",
        zh=f"度量 {called} 不能按 {name} 分组或筛选。" + (f"可用的有：{offered}。" if offered else ""),
        en=f"{called} cannot be split or filtered by {name}." + (f" What goes: {offered}." if offered else ""),
        dimension=name,
    )


def _null_safe(query: str) -> str:
    """The parts of a metric laid side by side even where a dimension is unknown.

    MetricFlow joins numerator and denominator with `=`, so a group without a name would fall apart into two rows.
    """
    from sqlglot import exp, parse_one

    statement = parse_one(query, dialect="duckdb")
    for join in statement.find_all(exp.Join):
        condition = join.args.get("on")
        if join.side == "FULL" and condition is not None:
            for equal in list(condition.find_all(exp.EQ)):
                equal.replace(exp.NullSafeEQ(this=equal.this, expression=equal.expression))
    return statement.sql(dialect="duckdb", comments=False, pretty=True)


def _reasoned(query: str, metrics: Sequence[Metric], paths: Sequence[str]) -> str:
    """The rows of a query in the order of their dimensions; a metric that has a reason against it is null beside it.

    A group that a metric has no rows in has no reason from MetricFlow either: what the metric needs is missing.
    """
    columns: dict[str, str] = dict(zip(paths, paths, strict=True))
    for metric in metrics:
        columns[metric.name] = metric.name
        if metric.reason is not None:
            reason = metric.reason.name
            columns[metric.name] = f"CASE WHEN {reason} IS NULL THEN {metric.name} END AS {metric.name}"
            columns.setdefault(
                reason, f"COALESCE({reason}, CASE WHEN {metric.name} IS NULL THEN 'no_operands' END) AS {reason}"
            )
    selected = ",\n  ".join(columns.values())
    order = f"\nORDER BY\n  {', '.join(paths)}" if paths else ""
    return f"SELECT\n  {selected}\nFROM (\n{query}\n) AS answer{order}"
