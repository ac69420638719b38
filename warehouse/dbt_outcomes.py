"""What dbt says that it did: its results and its own description of the project, as the warehouse keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from warehouse.attaching import CHINESE_SCHEMA
from warehouse.output import shortened

_MESSAGE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One data test or unit test: `pass`, `fail`, `warn`, `error` or `skipped`, and what dbt says of it."""

    kind: Literal["dbt_test", "dbt_unit_test"]
    name: str
    subject: str
    severity: Literal["error", "warn"]
    status: str
    message: str
    n_failed: int | None


def read_outcomes(
    results: Iterable[Mapping[str, Any]], manifest: Mapping[str, Any]
) -> Iterator[tuple[str, CheckOutcome]]:
    """What became of each test, by dbt's id.

    Args:
        results: those of `run_results.json`.
        manifest: `manifest.json`.
    """
    for result in results:
        unique_id: str = result["unique_id"]
        kind: Literal["dbt_test", "dbt_unit_test"]
        if unique_id.startswith("test."):
            node, kind = manifest["nodes"].get(unique_id, {}), "dbt_test"
        elif unique_id.startswith("unit_test."):
            node, kind = manifest.get("unit_tests", {}).get(unique_id, {}), "dbt_unit_test"
        else:
            continue
        severity = str(node.get("config", {}).get("severity") or "error").lower()
        yield (
            unique_id,
            CheckOutcome(
                kind=kind,
                name=str(node.get("name") or unique_id),
                subject=_subject(node, manifest),
                severity="warn" if severity == "warn" else "error",
                status=str(result["status"]),
                message=short_message(result.get("message") or ""),
                n_failed=result.get("failures"),
            ),
        )


def _subject(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> str:
    tested = node.get("attached_node") or next(iter(node.get("depends_on", {}).get("nodes", [])), "")
    relation = _relation(tested, manifest) or tested
    return f"{relation}.{node['column_name']}" if node.get("column_name") else relation


def short_message(message: str) -> str:
    """What dbt says of an error, on one line, from the line that names it."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    # What matters stands from the line that names the error; before it dbt tells what it started.
    first = next((number for number, line in enumerate(lines) if "Error" in line), 0)
    return shortened(" ".join(lines[first:]), _MESSAGE_CHARACTERS)


def parents_of(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """For every relation (`marts.fct_funding`) the relations that it is built from."""
    parents: dict[str, list[str]] = {}
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] not in {"model", "seed"}:
            continue
        name = _relation(unique_id, manifest)
        above = (_relation(parent, manifest) for parent in node.get("depends_on", {}).get("nodes", []))
        parents[name] = sorted({parent for parent in above if parent})
        chinese = node.get("config", {}).get("meta", {}).get("zh")
        if chinese:
            # The view that the mart makes of itself (macros/chinese.sql) is no node of dbt.
            parents[f"{CHINESE_SCHEMA}.{chinese}"] = [name]
    return dict(sorted(parents.items()))


def _relation(unique_id: str, manifest: Mapping[str, Any]) -> str:
    node = manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id)
    if node is None:
        return ""
    return f"{node['schema']}.{node.get('identifier') or node.get('alias') or node['name']}"
