"""However reports arrive, the marts say the same; what people withdraw is gone and comes back; what is read otherwise
is told. One build by dbt, the rest by its queries.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.records import DocumentRecord
from tests.support.marts import TOLD_BY_THE_LEDGER, export_marts, without_ledger
from tests.support.replays import Replay, build_once, land_batches
from tests.support.sample_records import (
    FORMS,
    Form,
    form,
    maintenance_2023,
    two_forms_in_one,
    yanbian_2020,
)
from warehouse.build import BuildResult, build
from warehouse.home import Home, find_home

ORIGINAL = Form("低保工作经费.txt", "青山县", "青山县民政局", "低保工作经费", 2023, "100000")


def revised(original: Form, name: str, day: date, executed: str) -> DocumentRecord:
    """Another document about the same project-year, published later."""
    record = form(Form(name, original.county, original.unit, original.project_name, original.fiscal_year, executed))
    return record.model_copy(update={"document": record.document.model_copy(update={"published_on": day})})


def records() -> list[DocumentRecord]:
    """Reports of several counties and years, two of them revised, one of these twice."""
    return [
        yanbian_2020(),
        maintenance_2023(),
        *(form(facts) for facts in FORMS),
        two_forms_in_one(),
        form(ORIGINAL),
        revised(ORIGINAL, "低保工作经费（修订）.txt", date(2024, 6, 1), "90000"),
        revised(ORIGINAL, "低保工作经费（再次修订）.txt", date(2024, 8, 1), "80000"),
    ]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, BuildResult]:
    """Every other record, built by dbt, then all of them, of which it makes again only what they concern."""
    home = find_home(tmp_path_factory.mktemp("arrival") / "home")
    build_once(home, [records()[::2]])
    land_batches(home.build_file, [records()])
    return home, build(home)


@pytest.fixture(scope="module")
def expected(built: tuple[Home, BuildResult], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The marts of the one load."""
    replay = Replay(built[0], tmp_path_factory.mktemp("expected") / "b")
    replay.load(records())
    return replay.build()


@pytest.fixture
def replay(built: tuple[Home, BuildResult], tmp_path: Path) -> Replay:
    """An empty build."""
    return Replay(built[0], tmp_path / "b")


def test_the_build_by_dbt_passes_its_checks_and_the_queries_alone_give_the_same(
    built: tuple[Home, BuildResult], replay: Replay, expected: dict[str, str]
) -> None:
    assert built[1].failed == ()
    assert built[1].is_partial
    assert len(expected) > 30
    with duckdb.connect(str(built[0].build_file), read_only=True) as connection:
        affected = connection.execute(
            "select is_affected, count(*) from intermediate.int_project_years__affected group by all"
        ).fetchall()
        by_dbt = without_ledger(export_marts(connection, "marts"))
    # The second build left what had not changed.
    assert len(affected) == 2
    assert by_dbt == without_ledger(expected)


def _one_by_one(found: list[DocumentRecord]) -> list[list[DocumentRecord]]:
    return [[record] for record in found[::-1]]


def _revisions_first(found: list[DocumentRecord]) -> list[list[DocumentRecord]]:
    return [found[-1:], found[-2:-1], found[:-2], found]


def _shuffled(seed: int) -> Callable[[list[DocumentRecord]], list[list[DocumentRecord]]]:
    """Any order, in batches of any size, some of them again."""

    def shuffle(found: list[DocumentRecord]) -> list[list[DocumentRecord]]:
        chance = random.Random(seed)
        order = chance.sample(found, len(found))
        batches = []
        while order:
            size = chance.randint(1, len(order))
            batches.append(order[:size])
            order = order[size:]
        return [*batches, chance.choice(batches), chance.sample(found, 3)]

    shuffle.__name__ = f"shuffled_{seed}"
    return shuffle


@pytest.mark.parametrize(
    "arrange",
    [_one_by_one, _revisions_first, *(_shuffled(seed) for seed in range(2))],
    ids=lambda arrange: arrange.__name__.strip("_"),
)
def test_any_arrival_gives_the_same_marts(
    replay: Replay,
    expected: dict[str, str],
    arrange: Callable[[list[DocumentRecord]], list[list[DocumentRecord]]],
) -> None:
    batches = arrange(records())
    replay.load(*batches)
    found = replay.build()
    differing = [name for name in without_ledger(found) if found[name] != expected[name]]
    assert differing == []


def outlays(replay: Replay, project: str = ORIGINAL.project_name) -> list[Any]:
    return replay.rows(f"""
        select executed_yuan, n_versions from marts.fct_execution
        inner join intermediate.int_project_years__current as years using (project_year_id)
        where years.project_name = '{project}'
    """)


def test_a_withdrawn_report_gives_way_to_the_version_before_it_and_comes_back(
    replay: Replay, expected: dict[str, str]
) -> None:
    found = records()
    replay.load(found)
    replay.fill("marts.fct_execution")
    assert outlays(replay) == [(Decimal("80000.00"), 3)]
    newest, older = found[-1].document, found[-2].document
    replay.own_reference(
        "withdrawn_documents", newest.sha256, document=newest.sha256, withdrawn_on="2026-11-20", reason="误发"
    )
    marts = replay.build()
    assert outlays(replay) == [(Decimal("90000.00"), 2)]
    facts = (
        "select is_withdrawn, withdrawn_on, withdrawal_reason, n_reports from marts.dim_document where document_id = "
    )
    assert replay.rows(f"{facts}'{newest.sha256}'") == [(True, date(2026, 11, 20), "误发", 0)]
    assert replay.rows(f"{facts}'{older.sha256}'") == [(False, None, None, 1)]
    for name, rows in marts.items():
        if name not in {"marts.dim_document", *TOLD_BY_THE_LEDGER}:
            assert newest.sha256 not in rows, name
    replay.own_reference(
        "withdrawn_documents", older.file_name, document=older.file_name, withdrawn_on=None, reason="同上"
    )
    replay.own_reference("withdrawn_documents", ORIGINAL.name, document=ORIGINAL.name, withdrawn_on=None, reason="同上")
    replay.fill("marts.fct_execution")
    assert outlays(replay) == []
    replay.forget_own_reference()
    assert without_ledger(replay.build()) == without_ledger(expected)


def test_what_a_newer_reading_says_otherwise_is_told_and_the_old_values_stay(replay: Replay) -> None:
    first = form(ORIGINAL)
    (report,) = first.reports
    line = report.funding[-1]
    again = first.model_copy(
        update={
            "document": first.document.model_copy(update={"extractor": "sample 2"}),
            "reports": (
                report.model_copy(
                    update={
                        "grade": None,
                        "unit": "青山县民政和社会局",
                        "funding": (*report.funding[:-1], line.model_copy(update={"amount_yuan": Decimal("12345.60")})),
                        "indicators": report.indicators[1:],
                    }
                ),
            ),
        }
    )
    untouched = form(FORMS[0])
    _, second, third = replay.load([first, untouched], [again, untouched], [again])
    assert (second.loaded, second.unchanged) == (1, 1)
    assert {(entry.table, entry.field, entry.n_documents) for entry in second.changed_fields} >= {
        ("reports", "unit", 1),
        ("funding_lines", "amount_yuan", 1),
    }
    assert third.changed_fields == ()
    replay.fill("marts.rpt_reextraction_changes")
    rows = replay.rows("""
        select raw_table, field, change_kind, old_value, new_value, old_extractor, new_extractor, document_id
        from marts.rpt_reextraction_changes where raw_table in ('reports', 'funding_lines')
    """)
    told = ("sample 1", "sample 2", first.document.sha256)
    assert sorted(rows) == [
        ("funding_lines", "amount_yuan", "changed", f"{line.amount_yuan:.2f}", "12345.60", *told),
        ("reports", "unit", "changed", ORIGINAL.unit, "青山县民政和社会局", *told),
    ]
    vanished = replay.rows(
        "select distinct row_id from marts.rpt_reextraction_changes "
        "where raw_table = 'indicators' and change_kind = 'vanished' and new_value is null and old_value is not null"
    )
    assert len(vanished) == min(1, len(report.indicators))
    old_and_new = replay.rows(
        "select distinct amount_yuan from raw.funding_lines inner join raw.documents using (load_id, record_id) "
        f"where document_sha256 = '{first.document.sha256}' and stage = '{line.stage}' order by 1"
    )
    assert old_and_new == [(Decimal("12345.60"),), (line.amount_yuan,)]
