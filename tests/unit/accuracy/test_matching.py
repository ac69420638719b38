"""Which report of a document is compared with which report of its label."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ingest.accuracy.labels import Label
from ingest.accuracy.matching import compare_document
from ingest.accuracy.stated import StatedReport


def report(**label: Any) -> StatedReport:
    return StatedReport.of_label(label)


def project(name: str | None, amount: int | None = None, **more: Any) -> StatedReport:
    funding = [] if amount is None else [{"stage": "approved", "source": "total", "amount_yuan": amount}]
    return report(project_name=name, funding=funding, **more)


def counts(label: Label, *reports: StatedReport) -> Counter[tuple[str, str]]:
    return Counter((outcome.field, outcome.kind) for outcome in compare_document(label, reports))


def test_a_refused_document_misses_all() -> None:
    label = Label(report(fiscal_year=2023, unit="甲局"), (project("甲", 5),))
    assert {kind for _, kind in counts(label)} == {"missed"}


def test_the_top_level_is_the_first_report_and_further_reports_are_extra() -> None:
    found = counts(Label(project("甲", 5), ()), project("甲", 5), project("乙", 7))
    assert found[("project_name", "right")] == 1
    assert found[("project_name", "extra")] == 1
    assert found[("funding_line", "extra")] == 1


def test_projects_are_matched_by_name_then_by_money() -> None:
    label = Label(report(fiscal_year=2023), (project("甲项目工程", 5), project("乙", 7)))
    found = counts(label, project("写法不同的名称", 7, fiscal_year=2023), project("甲项目工程", 5))
    assert found[("funding_line", "right")] == 2
    assert found[("project_name", "right")] == 1
    assert found[("project_name", "wrong")] == 1


def test_the_only_project_left_is_the_only_report_left() -> None:
    label = Label(report(), (project("甲项目", 5), project("乙", None, unit="甲局")))
    found = counts(label, project("甲项目", 5), project("完全另写", None, unit="甲局"))
    assert found[("unit", "right")] == 1


def test_a_top_level_without_figures_speaks_only_of_what_all_projects_share() -> None:
    label = Label(report(fiscal_year=2023, project_name="总名"), (project("甲", 5),))
    found = counts(label, project("甲", 5, fiscal_year=2023))
    assert found[("fiscal_year", "right")] == 1
    assert found[("project_name", "missed")] == 0
    assert found[("project_name", "right")] == 1


def test_what_such_a_top_level_leaves_out_is_asked_of_the_projects_alone() -> None:
    projects = (project("甲", 5, unit="甲局"), project("乙", 7, unit="乙局"))
    found = counts(Label(report(fiscal_year=2023), projects), *projects)
    assert found[("unit", "right")] == 2
    assert found[("unit", "extra")] == 0
    assert found[("fiscal_year", "missed")] == 1


def test_a_top_level_that_equals_a_project_counts_once() -> None:
    found = counts(Label(project("甲", 5), (project("甲", 5), project("乙", 7))), project("甲", 5))
    assert found[("project_name", "right")] == 1
    assert found[("project_name", "missed")] == 1


def test_a_top_level_with_figures_beside_its_projects_takes_the_first_report() -> None:
    label = Label(project("总", 12), (project("甲", 5),))
    found = counts(label, project("总", 12), project("甲", 5))
    assert found[("funding_line", "right")] == 2
