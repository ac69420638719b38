"""Texts are measured once, whoever brought them, and again when the wordings change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.lexicon import Lexicon, Wording, load_lexicon
from ingest.raw_store import open_build
from ingest.text_landing import measure_texts, measures_key
from tests.support.sample_records import Page, document, land, money

LONG = "项目资金严格按照管理办法使用，审批手续完整，专款专用，没有挤占挪用，账目清楚，档案齐全。"


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """The answer of a build file."""
    with open_build(path) as connection:
        return connection.execute(query).fetchall()


def one_report() -> Any:
    """A document with one report and a repeated passage."""
    page = Page()
    line = money(page, "executed", "total", "100", "100元")
    page.says(LONG + "甲")
    page.says(LONG + "乙")
    return document("one.txt", page, [{"kind": "project_self_evaluation", "fiscal_year": 2023, "funding": (line,)}])


def two_reports(*, is_mixed: bool) -> Any:
    """Two reports in one document: one after the other, or with their figures among each other."""
    page = Page()
    lines = [money(page, "executed", "total", str(amount), f"{amount}元") for amount in (100, 200, 300, 400)]
    given = [(lines[0], lines[2]), (lines[1], lines[3])] if is_mixed else [(lines[0], lines[1]), (lines[2], lines[3])]
    facts = [{"kind": "project_self_evaluation", "fiscal_year": 2023, "funding": tuple(part)} for part in given]
    return document("two.txt", page, facts)


def test_a_loaded_text_is_measured_with_its_places(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    record = one_report()
    land(path, [[record]])
    ((start, end, n_repeated),) = rows(
        path, "select text_start, text_end, n_repeated_characters from raw.text_measures where load_id = 'load-1'"
    )
    text = record.document.canonical_text
    assert (start, end, n_repeated) == (0, len(text), len(LONG))
    ((kind, quote_start, quote_end, quote),) = rows(
        path, "select kind, evidence_start, evidence_end, evidence_text from raw.text_hits where load_id = 'load-1'"
    )
    assert kind == "repeat"
    assert text[quote_start:quote_end] == quote == LONG


def test_measured_texts_are_left_alone_until_the_wordings_change(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    land(path, [[one_report()]])
    own = Lexicon([Wording("placeholder", "instruction", "档案齐全")])
    with open_build(path) as connection:
        assert measure_texts(connection, load_lexicon()) == 0
        assert measure_texts(connection, own) == 2
        assert measure_texts(connection, own) == 0
    assert rows(path, "select distinct measures_key from raw.text_measures") == [(measures_key(own),)]
    assert rows(path, "select count(*) from raw.text_hits where kind = 'placeholder' and load_id = 'load-1'") == [(2,)]


def test_a_build_file_of_an_older_version_is_measured_late(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    land(path, [[one_report()]])
    before = rows(path, "select * from raw.text_measures order by all")
    with open_build(path) as connection:
        connection.execute("drop table raw.text_measures")
        connection.execute("drop table raw.text_hits")
    with open_build(path) as connection:
        assert measure_texts(connection, load_lexicon()) == 2
    assert rows(path, "select * from raw.text_measures order by all") == before


def test_a_record_without_text_has_no_measures(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    record = one_report()
    without = record.model_copy(update={"document": record.document.model_copy(update={"canonical_text": None})})
    land(path, [[without]])
    assert rows(path, "select * from raw.text_measures where load_id = 'load-1'") == []


@pytest.mark.parametrize("is_mixed", [False, True])
def test_each_of_two_reports_has_its_own_part_of_the_text(tmp_path: Path, is_mixed: bool) -> None:
    path = tmp_path / "build.duckdb"
    record = two_reports(is_mixed=is_mixed)
    land(path, [[record]])
    found = rows(
        path, "select text_start, text_end, n_characters from raw.text_measures where load_id = 'load-1' order by all"
    )
    length = len(record.document.canonical_text)
    if is_mixed:
        assert found == [(None, None, None)] * 2
    else:
        (first, second) = found
        assert first[0] == 0
        assert first[1] == second[0] == record.reports[1].funding[0].evidence.start
        assert second[1] == length


def test_names_of_persons_never_reach_a_table(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    page = Page()
    line = money(page, "executed", "total", "100", "100元")
    page.says("联系人：张某某，电话：13800000000。")
    land(path, [[document("p.txt", page, [{"kind": "project_self_evaluation", "funding": (line,)}])]])
    quotes = rows(path, "select evidence_text from raw.text_hits where kind = 'private_data'")
    assert quotes
    assert {quote.strip("＊") for (quote,) in quotes} == {""}
