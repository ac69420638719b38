"""The queries that dbt made of the models: what travels with a release, so that lineage needs no dbt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from warehouse.attaching import CHINESE_SCHEMA


def compiled_queries(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The compiled query of every model that dbt built, and of the Chinese views that marts make of themselves."""
    queries: dict[str, str] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or not node.get("compiled_code"):
            continue
        relation = f"{node['schema']}.{node.get('alias') or node['name']}"
        queries[relation] = node["compiled_code"]
        chinese = node.get("config", {}).get("meta", {}).get("zh")
        if chinese:
            shown = ", ".join(f'"{name}" as "{zh}"' for name, zh in _chinese_columns(node["columns"].values()))
            queries[f"{CHINESE_SCHEMA}.{chinese}"] = f"select {shown} from {relation}"
    return queries


def _chinese_columns(columns: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for column in columns:
        chinese = column.get("config", {}).get("meta", {}).get("zh")
        if chinese:
            yield column["name"], chinese
