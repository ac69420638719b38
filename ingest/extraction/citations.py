"""The rules and documents a report relies on."""

from __future__ import annotations

import re

from ingest.characters import fold
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.records import Citation

# Years stand in brackets of five kinds; one of the two may be lost.
_NUMBER = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,14})\s*(?:[〔【\[［（(]\s*(?P<year>(?:19|20)\d{2})\s*[〕】\]］）)]?|(?P<bare>(?:19|20)\d{2})\s*[〕】\]］])"
    r"\s*第?\s*(?P<number>\d{1,4})\s*号"
)
_TITLE = re.compile(r"《(?P<title>[^《》\n]{2,80})》")


def read_citations(report: ReportSource) -> list[Citation]:
    """Every citation where it stands: a document number in normal form 〔〕, a title in 《》, or both together."""
    citations = []
    titles = list(_TITLE.finditer(report.text))
    taken: set[int] = set()
    for match in _NUMBER.finditer(fold(report.text)):
        start = match.start() + _agency_start(match["agency"], report.lexicon)
        title = next((title for title in titles if _belongs(report.text, title.end(), start)), None)
        if title is not None:
            taken.add(title.start())
            start = title.start()
        agency = match["agency"][_agency_start(match["agency"], report.lexicon) :]
        if not agency:
            continue
        place = report.place(start, match.end(), "document_number", 0.95)
        citations.append(
            Citation(
                document_number=f"{agency}〔{match['year'] or match['bare']}〕{int(match['number'])}号",
                title=title["title"] if title else None,
                as_written=place.text,
                evidence=place,
            )
        )
    for title in titles:
        if title.start() not in taken:
            place = report.place(title.start(), title.end(), "title", 0.9)
            citations.append(Citation(title=title["title"], as_written=place.text, evidence=place))
    return sorted(citations, key=lambda citation: citation.evidence.start)


def _agency_start(words: str, lexicon: Lexicon) -> int:
    """Where the issuing body's short name begins: behind the last word that leads to it (依据, 根据, 按 …)."""
    lead = lexicon.last("citation_lead", words)
    return lead.end if lead is not None and lead.end < len(words) else 0


def _belongs(text: str, title_end: int, number_start: int) -> bool:
    return (0 < number_start - title_end <= 1 and text[title_end:number_start] in "（(") or title_end == number_start
