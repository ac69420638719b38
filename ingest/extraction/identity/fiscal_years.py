"""The fiscal year of a report: where it is stated, and which of several years it is."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.characters import blank_out, fold
from ingest.extraction.identity.named_at import NamedAt
from ingest.extraction.identity.own_words import OPENING_CHARACTERS, without_citations
from ingest.extraction.identity.titles import Title, fold_years
from ingest.extraction.source import ReportSource, Sentence
from ingest.extraction.wordings import any_of
from ingest.lexicon import Lexicon
from ingest.quantities import find_money

_YEAR = re.compile(r"(?<![\d\-—–~～至])(?P<year>(?:19|20)\d{2})\s*年(?!\s*\d{1,2}\s*月)")
_YEAR_OF_TITLE = re.compile(
    r"(?<![\d\-—–~～至])(?P<year>(?:1 ?9|2 ?0) ?\d ?\d)(?:\s*年(?!\s*\d{1,2}\s*月)|(?=项目|部门|绩效|自评|整体))"
)
_YEARS_OF_TITLE = re.compile(r"(?:19|20)\d{2}(?:\s*年?\s*[-—–~～至、和]+\s*)?(?:19|20)\d{2}\s*年")
_YEAR_ALONE = re.compile(r"[\s|（(]*(?P<year>(?:19|20)\d{2})\s*年度?[\s|)）]*")
_YEAR_OF_PERIOD = re.compile(r"(?P<year>(?:19|20)\d{2})\s*(?:年|[-./])")
_YEAR_BEHIND_LABEL = re.compile(r"\s*[:：|]\s*(?P<year>(?:19|20)\d{2})(?!\d)(?!\s*[-—~至.]|\s*年\s*\d)")
_YEAR_OF_NAME = re.compile(r"(?:^|[^\d])(?P<year>(?:19|20)\d{2})年度?(?=\D*$|[\u4e00-\u9fff“])")
_YEAR_CALLED_FISCAL = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*年度")
_NOT_OF_THIS_REPORT = re.compile(r"(?:不在|不属于|不纳入|未纳入|不列入)本[次年]")
# Sections that look ahead.
_AHEAD = frozenset({"follow_up", "suggestion", "disclosure"})
_YEAR_OR_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*年")
_HOW_FAR_A_PERIOD_REACHES = 40
_LENGTH_OF_A_YEAR = 7


@lru_cache(maxsize=8)
def _later(lexicon: Lexicon) -> re.Pattern[str]:
    """`作为2025年安排资金的参考`, `列入2025年预算`, `2025年计划继续实施`: what is still to come."""
    before, ground, verb = (any_of(lexicon, role) for role in ("later_lead", "later_ground", "later_verb"))
    return re.compile(
        rf"{before}[^。；，,\n\d]{{0,6}}20\d{{2}}年度?|20\d{{2}}年度?(?:[^。；，,\n\d]{{0,14}}{ground}|{verb})"
    )


@lru_cache(maxsize=8)
def _date_of_the_paper(lexicon: Lexicon) -> re.Pattern[str]:
    making_a_paper = any_of(lexicon, "making_a_paper")
    return re.compile(rf"{making_a_paper}(?:日期|时间)[^\n\d]{{0,4}}20\d{{2}}年")


def fiscal_year(
    report: ReportSource, title: Title | None, project: NamedAt | None, sentences: list[Sentence]
) -> NamedAt | None:
    """The year of the title; else one on a line of its own, of the project's period, or the only one of the money."""
    if title is not None:
        text = fold_years(title.text)
        if _YEARS_OF_TITLE.search(text):
            return None
        years = list(_YEAR_OF_TITLE.finditer(text))
        if len({year["year"] for year in years}) == 1:
            return _year_at(years[0], title.start, "title", 0.97)
    return (
        _year_in_front(report)
        or _year_labelled(report)
        or _year_of_period(report)
        or _year_of_project(report, project)
        or _year_in_opening(report, sentences)
        or _only_year(report, _YEAR_CALLED_FISCAL)
        or _only_year(report, _YEAR_OR_DATE)
    )


def _year_at(match: re.Match[str], offset: int, method: str, confidence: float) -> NamedAt:
    start, end = match.span("year")
    return NamedAt(match["year"].replace(" ", ""), offset + start, offset + end, method, confidence)


def _year_in_front(report: ReportSource) -> NamedAt | None:
    for passage in report.outline.front:
        alone = _YEAR_ALONE.fullmatch(fold_years(passage.text))
        if alone:
            return _year_at(alone, passage.start, "front_line", 0.95)
    return None


def _year_labelled(report: ReportSource) -> NamedAt | None:
    """自评年度：2023."""
    for label in report.lexicon.find("year_label", report.text):
        year = _YEAR_BEHIND_LABEL.match(fold(report.text[label.end : label.end + _LENGTH_OF_A_YEAR + 3]))
        if year is not None:
            return _year_at(year, label.end, "prose_label", 0.95)
    return None


def _year_of_period(report: ReportSource) -> NamedAt | None:
    """项目起止时间: 2016年1月起至2016年12月止."""
    for label in report.lexicon.find("period_label", report.text):
        behind = fold(report.text[label.end : label.end + _HOW_FAR_A_PERIOD_REACHES])
        years = list(_YEAR_OF_PERIOD.finditer(behind))
        if len({year["year"] for year in years}) == 1:
            return _year_at(years[0], label.end, "prose_label", 0.9)
    return None


def _year_of_project(report: ReportSource, project: NamedAt | None) -> NamedAt | None:
    """The year a project's name begins with, behind its code if it has one, or that stands right before the name."""
    if project is None:
        return None
    offset = max(0, project.start - _LENGTH_OF_A_YEAR)
    year = _YEAR_OF_NAME.search(fold_years(report.text[offset : project.end]))
    stands_there = year is not None and offset + year.end() >= project.start
    return _year_at(year, offset, "project_name", 0.85) if year is not None and stands_there else None


def _only_year(report: ReportSource, pattern: re.Pattern[str]) -> NamedAt | None:
    """The one year of the whole text: of all called 年度, else of all years and dates."""
    text = _without_other_years(report)
    years = list(pattern.finditer(text))
    return _year_at(years[0], 0, "text", 0.75) if len({year["year"] for year in years}) == 1 else None


def _without_other_years(report: ReportSource) -> str:
    """The text without what it cites, excludes or looks ahead to, and without the day it was written on."""
    text = without_citations(fold_years(report.text))
    for aside in _NOT_OF_THIS_REPORT.finditer(text):
        start = max(text.rfind(mark, 0, aside.start()) for mark in "。；\n") + 1
        end = min((place for mark in "。；\n" if (place := text.find(mark, aside.end())) >= 0), default=len(text))
        text = text[:start] + " " * (end - start) + text[end:]
    for passage in report.outline.passages:
        if passage.section in _AHEAD:
            end = passage.start + len(passage.text)
            text = text[: passage.start] + " " * len(passage.text) + text[end:]
    return blank_out(_date_of_the_paper(report.lexicon), blank_out(_later(report.lexicon), text))


def _year_in_opening(report: ReportSource, sentences: list[Sentence]) -> NamedAt | None:
    """根据2019年出台的办法: only a year of money, or one called 年度, is the year of the report."""
    mentioned = []
    for sentence in sentences:
        if sentence.start >= OPENING_CHARACTERS:
            break
        is_of_money = "年度" in sentence.text or "年部门整体" in sentence.text or find_money(sentence.text)
        if not is_of_money:
            continue
        text = blank_out(_later(report.lexicon), without_citations(fold(sentence.text)))
        mentioned += [_year_at(match, sentence.start, "opening", 0.8) for match in _YEAR.finditer(text)]
    return mentioned[0] if len({year.value for year in mentioned}) == 1 else None
