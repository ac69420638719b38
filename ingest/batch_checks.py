"""Is this batch of documents plausible? Great Expectations on the frames of a batch, before it is loaded.

What the record contract guarantees is not asked again. A `critical` check keeps the documents it names out of the load,
and stops the whole load when it cannot name them; a `warning` travels on as a row of `ops.check_results`.
The rules are in `check_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.check_results import MOST_ROWS, BatchVerdict, CheckResult, Rejection
from ingest.check_rules import Check, checks
from ingest.data_docs import write_data_docs
from ingest.raw_schema import MEASURED_OF_TEXTS, PLACE_KEYS, RAW_TABLES, WRITTEN_BY_PEOPLE

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

TEXT_COLUMNS = frozenset(
    {"evidence_text", "text", "conclusion", "as_written", "message", "name", "target", "actual", "deviation_reason"}
)
"""Columns that no check looks at: sentences, which take more memory than all figures."""
UNCHECKED_TABLES = WRITTEN_BY_PEOPLE | MEASURED_OF_TEXTS | {"document_text"}
"""Raw tables that no check looks at: whole texts and what is measured of them, and what people wrote."""

_ROW = "row"
_KEYS = {
    "documents": ("record_id",),
    "reports": ("record_id", "report_id"),
    "funding_lines": ("record_id", "line_id"),
    "funding_sources": ("record_id", "report_id", "source"),
    "indicators": ("record_id", "indicator_id"),
    "evidence": ("record_id", "place"),
}


def check_batch(
    frames: Mapping[str, pl.DataFrame],
    *,
    today: date,
    data_docs: Path | None = None,
) -> BatchVerdict:
    """Check the raw tables of a batch.

    Args:
        frames: the raw tables of the batch by name, as `raw_schema.record_frames` gives them; texts may be left out.
        today: the day that “next year” and “in the future” refer to.
        data_docs: folder to write pages for people into; none are written when it is not given.
    """
    malformed = _malformed(frames)
    if malformed is not None:
        return malformed
    known = set(frames["documents"]["record_id"])
    file_names = dict(frames["documents"].select("record_id", "file_name").iter_rows())
    results: list[CheckResult] = []
    rejected: dict[str, Rejection] = {}
    stopped: Rejection | None = None
    pages: dict[str, str] = {}
    for subject, subject_checks in _by_subject(checks(today)).items():
        # One subject after the other, and freed after it: a batch has a hundred rows for each document.
        prepared = _PREPARE[subject](frames, today)
        validation = _validate(subject, subject_checks, _as_pandas(prepared, subject_checks))
        for check in subject_checks:
            result, rows = _judge(check, validation.get(check.name), prepared, file_names)
            results.append(result)
            for record_id, rejection in _rejections(check, result, rows):
                if record_id is not None and record_id in known:
                    rejected.setdefault(record_id, rejection)
                else:
                    stopped = stopped or rejection
        del prepared
        if validation and data_docs is not None:
            pages[subject] = _render(validation.values(), subject)
    verdict = BatchVerdict(tuple(results), rejected, stopped)
    if data_docs is not None:
        write_data_docs(data_docs, verdict.results, pages)
    return verdict


def _by_subject(found: Iterable[Check]) -> dict[str, list[Check]]:
    by_subject: dict[str, list[Check]] = {}
    for check in found:
        by_subject.setdefault(check.subject, []).append(check)
    return by_subject


def _malformed(frames: Mapping[str, pl.DataFrame]) -> BatchVerdict | None:
    """A frame without the table's columns can be neither checked nor tied to documents."""
    for table, columns in RAW_TABLES.items():
        if table in UNCHECKED_TABLES:
            continue
        present = set(frames[table].columns) if table in frames else set()
        missing = sorted(set(columns) - present - TEXT_COLUMNS)
        if missing:
            zh = f"表 {table} 缺少列 {', '.join(missing)}。"
            en = f"The table {table} lacks the columns {', '.join(missing)}."
            name = "columns_are_present.v1"
            result = CheckResult(table, name, "critical", zh, en, False, f"{zh} {en}", 1, 1)
            return BatchVerdict((result,), stopped=Rejection(name, table, zh, en))
    return None


def _documents(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    import polars as pl

    return frames["documents"].select(
        "record_id",
        "document_sha256",
        (pl.col("published_on") - pl.lit(today)).dt.total_days().alias("days_until_published"),
    )


def _reports(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    owners = frames["documents"].select("record_id", "document_sha256").unique("record_id")
    return (
        frames["reports"]
        .select("record_id", "report_id", "fiscal_year", "total_score", "execution_stated_rate_pct")
        .join(owners, on="record_id", how="left")
    )


def _funding_lines(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    import polars as pl

    return (
        frames["funding_lines"]
        .select("record_id", "report_id", "line_id", "stage", "source", "amount_yuan")
        .with_columns(
            pl.col("amount_yuan")
            .drop_nulls()
            .n_unique()
            .over("record_id", "report_id", "stage", "source")
            .alias("amounts_of_stage_and_source")
        )
    )


def _indicators(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    import polars as pl

    return frames["indicators"].select(
        "record_id",
        "indicator_id",
        "weight",
        "score",
        "target_state",
        "actual_state",
        pl.max_horizontal(
            pl.col("target_value", "target_high", "actual_value", "actual_high").cast(pl.Float64).abs()
        ).alias("largest_figure"),
    )


def _funding_sources(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    """One row per report and source: outlay over budget (adjusted, else initial, else approved), null without both."""
    import polars as pl

    def amount(stage: str) -> pl.Expr:
        return pl.col("amount_yuan").cast(pl.Float64).filter(pl.col("stage") == stage).max()

    budget = pl.coalesce(amount("adjusted_budget"), amount("initial_budget"), amount("approved"))
    ratio = pl.when(budget > 0, amount("executed") > 0).then(amount("executed") / budget)
    return frames["funding_lines"].group_by("record_id", "report_id", "source").agg(ratio.alias("executed_to_budget"))


def _evidence(frames: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    """Every place of every table, called `table/key of its row`."""
    import polars as pl

    places = [
        frames[table].select(
            "record_id",
            pl.format("{}/{}/{}", pl.lit(table), "report_id", key).alias("place"),
            pl.col("evidence_start").alias("start"),
            pl.col("evidence_end").alias("end"),
            pl.col("evidence_confidence").alias("confidence"),
        )
        for table, key in PLACE_KEYS.items()
    ]
    char_counts = frames["documents"].select("record_id", "char_count").unique("record_id")
    return pl.concat(places).join(char_counts, on="record_id", how="left")


_PREPARE: dict[str, Callable[[Mapping[str, pl.DataFrame], date], pl.DataFrame]] = {
    "documents": _documents,
    "reports": _reports,
    "funding_lines": _funding_lines,
    "funding_sources": _funding_sources,
    "indicators": _indicators,
    "evidence": _evidence,
}
"""For each subject, its keys and what is checked, one row for each thing."""


def _as_pandas(frame: pl.DataFrame, subject_checks: Sequence[Check]) -> pd.DataFrame:
    """What is checked, with the number of its row: keys would be objects, one by one, and take most of the memory."""
    import polars as pl
    import polars.selectors as cs

    checked = {name for check in subject_checks for name in _checked_columns(check)}
    # Numbers as double: limits need no cent, and exact decimals would be compared one object at a time.
    numbers = frame.select(sorted(checked & {*frame.columns})).with_columns(cs.numeric().cast(float))
    return pl.int_range(frame.height, eager=True).alias(_ROW).to_frame().hstack(numbers).to_pandas()


def _checked_columns(check: Check) -> list[str]:
    """The columns that the expectation of a check looks at."""
    named = [value for name, value in check.arguments.items() if name.startswith("column")]
    return [name for value in named for name in ([value] if isinstance(value, str) else value)]


def _validate(subject: str, subject_checks: Sequence[Check], frame: pd.DataFrame) -> dict[str, Any]:
    """Great Expectations' own result of each check, by name; nothing for a frame without rows."""
    if frame.empty:
        return {}
    import great_expectations as gx
    import great_expectations.expectations as gxe

    suite = gx.ExpectationSuite(
        name=subject,
        expectations=[
            getattr(gxe, check.expectation)(
                **check.arguments,
                severity=check.severity,
                description=f"{check.versioned_name} ({check.severity}): {check.zh} {check.en}",
                meta={"check": check.name},
            )
            for check in subject_checks
        ],
    )
    source = _context().data_sources.add_pandas("batch").add_dataframe_asset(subject)
    batch = source.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    outcome = batch.validate(
        suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_ROW]}
    )
    return {result.expectation_config.meta["check"]: result for result in outcome.results}


def _context() -> Any:
    """A context that lives in memory only: no files, no progress bars, nothing sent anywhere."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )


def _judge(
    check: Check, outcome: Any, prepared: pl.DataFrame, file_names: Mapping[str, str]
) -> tuple[CheckResult, list[dict[str, Any]]]:
    """The check's result and its failing rows by their keys: all of a critical check, whose records are kept out."""
    judged = CheckResult(
        check.subject,
        check.versioned_name,
        check.severity,
        zh=check.zh,
        en=check.en,
        result=None,
        reason="没有数据 nothing to evaluate",
        n_evaluated=0,
        n_failed=0,
    )
    if outcome is None:
        return judged, []
    facts = outcome.result or {}
    if "element_count" not in facts:
        failure = _exception_text(outcome)
        return replace(judged, result=False, reason=f"检查未能执行 the check could not run: {failure}"), []
    evaluated = facts["element_count"]
    if not check.expectation.endswith("ToNotBeNull"):
        evaluated -= facts.get("missing_count") or 0
    if evaluated == 0:
        return judged, []
    failing = facts.get("unexpected_index_list") or []
    if check.severity != "critical":
        failing = failing[:MOST_ROWS]
    keys = prepared.select(_KEYS[check.subject])
    numbers = [int(row[_ROW]) for row in failing]
    rows = [keys.row(number, named=True) for number in numbers]
    _name_rows(facts, keys)
    passed = bool(outcome.success)
    return replace(
        judged,
        result=passed,
        reason=None if passed else judged.rule,
        n_evaluated=evaluated,
        n_failed=facts["unexpected_count"],
        failing_rows=tuple(
            _readable(check, prepared.row(number, named=True), file_names) for number in numbers[:MOST_ROWS]
        ),
    ), rows


def _readable(check: Check, row: Mapping[str, Any], file_names: Mapping[str, str]) -> dict[str, Any]:
    """A failing row for people: its document and what was checked, what else is known of it, and keys at the end."""
    checked = [name for name in _checked_columns(check) if name in row]
    facts = {"file_name": file_names.get(row["record_id"]), **row}
    ordered = [*checked, *sorted(row, key=lambda name: name.endswith("_id"))]
    names = [name for name in ordered if facts[name] is not None or name in checked]
    return {name: facts[name] for name in ("file_name", *names)}


def _name_rows(facts: dict[str, Any], keys: pl.DataFrame) -> None:
    """Put the keys of failing rows in the place of their numbers, for the pages that people read."""
    numbered = (facts.get("unexpected_index_list") or [])[:MOST_ROWS]
    if numbered:
        facts["unexpected_index_column_names"] = list(keys.columns)
        facts["unexpected_index_list"] = [
            {**keys.row(int(row[_ROW]), named=True), **{name: value for name, value in row.items() if name != _ROW}}
            for row in numbered
        ]


def _exception_text(outcome: Any) -> str:
    info = outcome.exception_info or {}
    details = [info, *(value for value in info.values() if isinstance(value, dict))]
    return next((detail["exception_message"] for detail in details if detail.get("exception_message")), "?")


def _key(subject: str, row: Mapping[str, Any]) -> str:
    return " ".join(str(row[name]) for name in _KEYS[subject])


def _rejections(
    check: Check, result: CheckResult, rows: Iterable[dict[str, Any]]
) -> Iterator[tuple[str | None, Rejection]]:
    """What a critical check keeps out: the record of each failing row, None where no row is known."""
    if result.result is not False or check.severity != "critical":
        return
    named = [(row.get("record_id"), _key(check.subject, row)) for row in rows]
    for record_id, key in named or [(None, "—")]:
        yield record_id, Rejection(f"{check.subject}.{check.versioned_name}", key, check.zh, check.en)


def _render(outcomes: Iterable[Any], subject: str) -> str:
    """Great Expectations' own page of one suite."""
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    results = list(outcomes)
    for result in results:
        for name in ("unexpected_list", "unexpected_index_list"):
            if result.result.get(name):
                result.result[name] = result.result[name][:MOST_ROWS]
        result.result.pop("unexpected_index_query", None)
    passed = sum(bool(result.success) for result in results)
    suite_result = ExpectationSuiteValidationResult(
        success=passed == len(results),
        results=results,
        suite_name=subject,
        statistics={
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100 * passed / len(results),
        },
        meta={},
    )
    view: Any = DefaultJinjaPageView()
    page: str = view.render(ValidationResultsPageRenderer().render(suite_result))
    return page
