"""The reports of a document against the reports of its label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.accuracy.comparing import SAME_NAME_FROM, Outcome, alikeness, compare_reports, pick_one_to_one
from ingest.accuracy.labels import Label
from ingest.accuracy.stated import SHARED_FIELDS, StatedReport

_NOTHING = StatedReport({})


def compare_document(label: Label, reports: Sequence[StatedReport]) -> Iterator[Outcome]:
    """Compare all reports of a document with its label.

    - The label's top level belongs to the document's first report.
    - Where the label names projects, these are matched one to one to the reports by name, then by money in common, and
      at last the only project left to the only report left.
    - A top level that equals one of the projects counts once, as that project. One that states no figures beside its
      projects speaks for the document only: what it states of year, region and unit is compared with the first report,
      and this report may be one of the projects as well.
    - A report that no label knows is extra in all its values; a project that was not found is missed in all of them.
    """
    left = list(reports)
    if not label.projects or (label.top.has_figures and label.top not in label.projects):
        yield from compare_reports(label.top, left.pop(0) if left else _NOTHING)
    elif label.top not in label.projects:
        stated = label.top.only(SHARED_FIELDS)
        yield from compare_reports(stated, left[0].only(tuple(stated.values)) if left else _NOTHING)
    partners = dict(_match_projects(label.projects, left))
    for position, project in enumerate(label.projects):
        found = left[partners[position]] if position in partners else _NOTHING
        yield from compare_reports(project, found, _name(project) or None)
    for position, report in enumerate(left):
        if position not in partners.values():
            yield from compare_reports(_NOTHING, report, _name(report) or None)


def _match_projects(projects: Sequence[StatedReport], reports: Sequence[StatedReport]) -> list[tuple[int, int]]:
    candidates = []
    for row, project in enumerate(projects):
        for column, report in enumerate(reports):
            likeness, in_common = (
                _likeness_of_names(project, report),
                len(project.amounts.keys() & report.amounts.keys()),
            )
            if likeness >= SAME_NAME_FROM or in_common:
                candidates.append((-likeness, -in_common, row, column))
    pairs = pick_one_to_one([(row, column) for *_, row, column in sorted(candidates)])
    rows = set(range(len(projects))) - {row for row, _ in pairs}
    columns = set(range(len(reports))) - {column for _, column in pairs}
    if len(rows) == len(columns) == 1:
        pairs.append((rows.pop(), columns.pop()))
    return pairs


def _likeness_of_names(project: StatedReport, report: StatedReport) -> float:
    one, other = _name(project), _name(report)
    return alikeness(one, other) if one and other else 0.0


def _name(report: StatedReport) -> str:
    name = report.values.get("project_name")
    return str(name) if name else ""
