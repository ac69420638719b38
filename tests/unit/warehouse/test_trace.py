from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingest.errors import UnreachableError, UsageError
from ingest.inputs import Input
from ingest.landing import land
from ingest.raw_store import open_build
from ingest.records import DocumentRecord, stable_id
from warehouse.build import BuildNote, describe_content, fingerprint, write_note
from warehouse.fact_search import find_facts
from warehouse.home import find_home
from warehouse.messages import Lang
from warehouse.output import open_console
from warehouse.release import Release, publish
from warehouse.screens import Screen, show_hits, show_trace
from warehouse.trace import trace_fact

TEXT = "绩效目标。9)其他耗材金额，目标值等于19.2万元，实际完成17万元，得分2.21分。合计12.21分。自评总分99.46分，等级A。"
REPORT = stable_id(hashlib.sha256(TEXT.encode()).hexdigest(), 1)
INDICATOR = stable_id(REPORT, "indicators", "其他耗材金额", "等于19.2万元", 1)
WARNING = stable_id(REPORT, "warnings", 1)
PARENTS = {
    "staging.stg_reports__indicators": ["raw.indicators"],
    "intermediate.int_project_years__current": ["staging.stg_reports__reports"],
    "staging.stg_reports__reports": ["raw.reports"],
    "intermediate.int_indicators__typed": ["staging.stg_reports__indicators"],
    "marts.fct_indicator_attainment": ["intermediate.int_indicators__typed", "intermediate.int_project_years__current"],
    "marts.rpt_project_years": ["intermediate.int_project_years__current"],
}


def _evidence(printed: str, method: str = "prose") -> dict[str, object]:
    start = TEXT.index(printed)
    return {"start": start, "end": start + len(printed), "text": printed, "method": method, "confidence": 0.9}


def _record() -> DocumentRecord:
    return DocumentRecord.model_validate(
        {
            "document": {
                "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
                "file_name": "自评报告.txt",
                "media_type": "text/plain",
                "char_count": len(TEXT),
                "source_url": "https://example.gov.cn/zp",
                "canonical_text": TEXT,
            },
            "reports": [
                {
                    "report_id": REPORT,
                    "ordinal": 1,
                    "kind": "project_self_evaluation",
                    "fiscal_year": 2023,
                    "indicators": [
                        {
                            "ordinal": 1,
                            "name": "其他耗材金额",
                            "target": "等于19.2万元",
                            "target_state": "parsed",
                            "target_operator": "=",
                            "target_value": "19.2",
                            "actual": "17万元",
                            "actual_state": "parsed",
                            "actual_value": "17",
                            "score": "2.21",
                            "evidence": _evidence("其他耗材金额，目标值等于19.2万元，实际完成17万元，得分2.21分"),
                        }
                    ],
                    "mentions": [
                        {
                            "kind": "count",
                            "as_written": "12.21分",
                            "value": "12.21",
                            "evidence": _evidence("12.21分"),
                        }
                    ],
                    "evaluation": {"total_score": "99.46", "grade": "A"},
                    "warnings": [
                        {
                            "code": "conflict",
                            "message": "两处不一致",
                            "evidence": _evidence("19.2万元"),
                            "places": [_evidence("17万元")],
                        }
                    ],
                    "field_evidence": {
                        "evaluation.total_score": _evidence("99.46分"),
                        "region.county": {
                            "start": 0, "end": 0, "text": "", "method": "manifest", "confidence": 1.0,
                        },
                    },
                    "region": {"county": "盐边县"},
                }
            ],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with one landed record and two marts over it."""
    home = find_home(tmp_path_factory.mktemp("traced"))
    home.prepare()
    outcome = (Input("自评报告.txt", Path("自评报告.txt")), _record())
    with open_build(home.build_file) as connection:
        land(connection, [outcome], code_version="test")
    with duckdb.connect(str(home.build_file)) as connection:
        connection.execute("create schema intermediate; create schema marts")
        connection.execute(
            "create table intermediate.int_project_years__current as "
            "select 'project-year' as project_year_id, report_id from raw.reports"
        )
        connection.execute(
            "create table marts.fct_indicator_attainment as "
            "select indicator_id as fact_id, 'project-year' as project_year_id from raw.indicators"
        )
        connection.execute("create table marts.rpt_project_years as select 'project-year' as project_year_id")
    write_note(home, BuildNote(fingerprint(home), describe_content(home.build_file), PARENTS))
    return publish(home)


def test_fact_leads_to_its_sentence_file_and_steps(traced: Release) -> None:
    trace = trace_fact(traced, INDICATOR)
    place = trace.places[0]
    assert place.before == "9)"
    assert place.text == "其他耗材金额，目标值等于19.2万元，实际完成17万元，得分2.21分"
    assert place.after == "。"
    assert TEXT[place.start : place.end] == place.text
    assert place.is_verified is True
    assert (trace.file_name, trace.source_url) == ("自评报告.txt", "https://example.gov.cn/zp")
    assert trace.document_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert trace.values["score"] == "2.21"
    assert trace.values["target"] == "等于19.2万元"
    assert trace.steps == (
        (
            "raw.indicators",
            "staging.stg_reports__indicators",
            "intermediate.int_indicators__typed",
            "marts.fct_indicator_attainment",
        ),
    )


def _printed(show: Callable[[Screen], None], lang: Lang) -> str:
    stream = io.StringIO()
    show(Screen(open_console(stream), lang))
    return stream.getvalue()


def test_screen_marks_the_span_inside_its_sentence(traced: Release) -> None:
    english = _printed(lambda screen: show_trace(screen, trace_fact(traced, INDICATOR)), "en")
    assert "Sentence: 9)⟦其他耗材金额，目标值等于19.2万元，实际完成17万元，得分2.21分⟧。" in english
    assert "verified against the text" in english
    assert "自评报告.txt  sha256 " in english
    chinese = _printed(lambda screen: show_trace(screen, trace_fact(traced, REPORT, "county")), "zh")
    assert "由清单说明，文中没有" in chinese


def test_screen_of_a_search_ends_with_the_command_to_type(traced: Release) -> None:
    text = _printed(lambda screen: show_hits(screen, "99.46", find_facts(traced, "99.46")), "en")
    assert text.splitlines()[-1].endswith(f"fundperf trace {REPORT} --field evaluation.total_score")


def test_first_characters_of_an_id_are_enough(traced: Release) -> None:
    assert trace_fact(traced, INDICATOR[:10]).fact_id == INDICATOR


def test_list_entry_is_found_by_its_number(traced: Release) -> None:
    assert trace_fact(traced, "project-year", "indicators.1").fact_id == INDICATOR
    with pytest.raises(UnreachableError):
        trace_fact(traced, "project-year", "indicators.2")


def test_report_value_leads_to_its_sentence_and_report_marts(traced: Release) -> None:
    for owner in (REPORT, "project-year"):
        trace = trace_fact(traced, owner, "total_score")
        assert trace.values == {"evaluation.total_score": "99.46"}
        assert (trace.places[0].before, trace.places[0].text) == ("自评总分", "99.46分")
        assert trace.places[0].after == "，等级A。"
        assert [steps[-1] for steps in trace.steps] == ["marts.rpt_project_years"]


def test_value_of_a_manifest_has_no_sentence(traced: Release) -> None:
    trace = trace_fact(traced, REPORT, "county")
    assert trace.values == {"region.county": "盐边县"}
    assert trace.places[0].method == "manifest"
    assert (trace.places[0].text, trace.places[0].is_verified) == ("", None)


def test_warning_shows_all_its_places(traced: Release) -> None:
    assert [place.text for place in trace_fact(traced, WARNING).places] == ["19.2万元", "17万元"]


def test_whole_report_asks_for_a_field_and_names_them(traced: Release) -> None:
    with pytest.raises(UsageError) as failure:
        trace_fact(traced, REPORT)
    assert "evaluation.total_score" in failure.value.en
    assert "indicators.1" in failure.value.zh


def test_unknown_field_names_the_known_ones(traced: Release) -> None:
    with pytest.raises(UsageError) as failure:
        trace_fact(traced, REPORT, "grade_of_nothing")
    assert "evaluation.total_score" in failure.value.en


@pytest.mark.parametrize("wanted", ["nothing", "", INDICATOR[:3]])
def test_unknown_or_too_short_id_says_how_to_search(traced: Release, wanted: str) -> None:
    with pytest.raises(UnreachableError) as failure:
        trace_fact(traced, wanted)
    assert "--find" in failure.value.en


def test_number_is_found_whole_and_by_value(traced: Release) -> None:
    assert [hit.fact_id for hit in find_facts(traced, "2.21")] == [INDICATOR]
    assert [hit.fact_id for hit in find_facts(traced, "2.2100")] == [INDICATOR]
    assert [(hit.fact_id, hit.field) for hit in find_facts(traced, "99.46")] == [(REPORT, "evaluation.total_score")]


def test_text_is_found_in_what_was_printed(traced: Release) -> None:
    assert {hit.fact_id for hit in find_facts(traced, "其他耗材")} == {INDICATOR}
    assert find_facts(traced, "没有的文字") == []


def test_search_text_is_never_run_as_sql(traced: Release) -> None:
    assert find_facts(traced, "'; drop table raw.reports; --") == []
