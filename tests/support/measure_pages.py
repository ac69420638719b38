"""The pages of `docs/measures`: what each says of its columns, and its worked example as records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from ingest.records import DocumentRecord, Evaluation, Execution, Mention, Party, Region
from tests.support.sample_records import Page, document, indicator, money

Facts = dict[str, Any]
_EXAMPLE = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """One page: the columns (`table.column`) it is about, those that hold its reasons, its text and its example."""

    name: str
    text: str
    columns: tuple[str, ...]
    reason_columns: tuple[str, ...]
    records: tuple[Facts, ...]
    expected: tuple[Facts, ...]


def read_page(path: Path) -> MeasurePage:
    """A page as it is written; ValueError where it has no example or more than one."""
    text = path.read_text(encoding="utf-8")
    (example,) = _EXAMPLE.findall(text)
    facts = yaml.safe_load(example)
    return MeasurePage(
        name=path.stem,
        text=text,
        columns=_names(text, "列 Columns"),
        reason_columns=_names(text, "原因列 Reasons"),
        records=tuple(facts["records"]),
        expected=tuple(facts["expect"]),
    )


def _names(text: str, heading: str) -> tuple[str, ...]:
    lines = [line for line in text.splitlines() if line.startswith(f"- **{heading}:**")]
    return tuple(name for line in lines for name in re.findall(r"`(\w+\.\w+)`", line))


def file_name(page: str, number: int) -> str:
    """The document that holds the page's record of that number, from 1."""
    return f"measure-{page}-{number}.txt"


def record_of(facts: Facts, name: str) -> DocumentRecord:
    """A document with one report that says what the facts say."""
    page = Page()
    page.says(name)
    kind = facts.get("kind", "project_self_evaluation")
    report: Facts = {
        "kind": kind,
        "fiscal_year": facts["fiscal_year"],
        "region": Region(county=facts.get("county")),
        "unit": facts.get("unit"),
        "project_name": facts["project_name"],
        "funding": tuple(
            money(page, stage, "total", str(amount), str(amount)) for stage, amount in facts.get("funding", {}).items()
        ),
        "indicators": tuple(
            _indicator(page, ordinal, row) for ordinal, row in enumerate(facts.get("indicators", ()), start=1)
        ),
        "mentions": tuple(
            Mention(
                kind="count",
                label=row["label"],
                section="body",
                as_written=f"{row['value']}{row['unit']}",
                value=Decimal(str(row["value"])),
                unit=row["unit"],
                evidence=page.says(f"{row['label']}{row['value']}{row['unit']}"),
            )
            for row in facts.get("mentions", ())
        ),
        "parties": tuple(
            Party(role="payee", name=payee, evidence=page.says(payee)) for payee in facts.get("payees", ())
        ),
    }
    if "execution" in facts:
        row = facts["execution"]
        report["execution"] = Execution(
            stated_rate_pct=_decimal(row.get("stated_rate_pct")),
            weight=_decimal(row.get("weight")),
            score=_decimal(row.get("score")),
            evidence=page.says("执行率"),
        )
    if "total" in facts:
        report["evaluation"] = Evaluation(total_score=_decimal(facts["total"]))
        report["field_evidence"] = {"evaluation.total_score": page.says(f"总分{facts['total']}")}
    return document(name, page, [report])


def _indicator(page: Page, ordinal: int, row: Facts) -> Any:
    operator, target, target_unit = ("none", None, None) if row["target"] == "words" else row["target"]
    actual, actual_unit = (None, None) if row["actual"] == "words" else row["actual"]
    return indicator(
        page,
        ordinal,
        (row.get("level1"), row.get("level2")),
        row["name"],
        (operator, _text(target), target_unit),
        (_text(actual), actual_unit),
        _text(row.get("points")),
        _text(row.get("score")),
        deviation_reason=row.get("reason"),
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
