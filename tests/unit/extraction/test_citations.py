"""Citations of documents, as printed and in normal form."""

from __future__ import annotations

import pytest

from ingest.extraction.citations import read_citations
from ingest.extraction.outline import Outline
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon


def source_of(text: str, lexicon: Lexicon) -> ReportSource:
    return ReportSource(text, text, Outline(headings=(), passages=()), lexicon, ())


@pytest.mark.parametrize(
    ("text", "number", "as_written"),
    [
        ("见〔2022〕6号。", "〔2022〕6号", "〔2022〕6号"),
        ("依据〔2022〕6号。", "〔2022〕6号", "〔2022〕6号"),
        ("依据川财绩〔2021〕〕3号。", "川财绩〔2021〕3号", "川财绩〔2021〕〕3号"),
        ("依据川财绩〔〔2021〕3号。", "川财绩〔2021〕3号", "川财绩〔〔2021〕3号"),
        ("依据川发改经〔2021〕3号。", "川发改经〔2021〕3号", "川发改经〔2021〕3号"),
    ],
)
def test_a_number_is_kept_though_its_print_is_flawed(text: str, number: str, as_written: str, lexicon: Lexicon) -> None:
    [citation] = read_citations(source_of(text, lexicon))
    assert (citation.document_number, citation.as_written) == (number, as_written)


@pytest.mark.parametrize(
    "text", ["《甲办法》（川财绩〔2021〕3号）", "《甲办法》川财绩〔2021〕3号", "《甲办法》〔2021〕3号"]
)
def test_a_number_behind_a_title_belongs_to_it(text: str, lexicon: Lexicon) -> None:
    [citation] = read_citations(source_of(text, lexicon))
    assert citation.title == "甲办法"
    assert (citation.document_number or "").endswith("〔2021〕3号")


def test_a_building_is_no_document(lexicon: Lexicon) -> None:
    assert read_citations(source_of("（2022）6号楼", lexicon)) == []
