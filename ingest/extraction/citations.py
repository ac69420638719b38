"""The rules and documents a report relies on."""

from __future__ import annotations

import re

from ingest.characters import fold
from ingest.extraction.source import ReportSource
from ingest.lexicon import Lexicon
from ingest.records import Citation

# Years stand in brackets of five kinds; one of the two may be lost, or printed twice. Without an agency only brackets
# that stand for nothing else make a document number: （2022）6号楼 is none.
_NUMBER = re.compile(
    r"(?:(?P<agency>[\u4e00-\u9fff]{2,14})\s*(?=[〔【\[［（(12])|(?=[〔【\[［]))"
    r"(?P<behind>(?:[〔【\[［（(]{1,2}\s*(?P<year>(?:19|20)\d{2})\s*[〕】\]］）)]{0,2}"
    r"|(?P<bare>(?:19|20)\d{2})\s*[〕】\]］]{1,2})\s*第?\s*(?P<number>\d{1,4})\s*号)"
)
_TITLE = re.compile(r"《(?P<title>[^《》\n]{2,80})》")


def read_citations(report: ReportSource) -> list[Citation]:
    """Every citation where it stands: a document number in normal form 〔〕, a title in 《》, or both together."""
    citations = []
    titles = list(_TITLE.finditer(report.text))
    by_end = {title.end(): title for title in titles}
    taken: set[int] = set()
    for match in _NUMBER.finditer(fold(report.text)):
        agency = _agency(match["agency"] or "", report.lexicon)
        start = match.end("agency") - len(agency) if agency else match.start("behind")
        title = by_end.get(start) or (by_end.get(start - 1) if report.text[start - 1 : start] in ("（", "(") else None)
        if title is not None:
            taken.add(title.start())
            start = title.start()
        place = report.place(start, match.end(), "document_number", 0.95 if agency else 0.8)
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


def _agency(words: str, lexicon: Lexicon) -> str:
    """The issuing body's short name: behind the last word that leads to it (依据, 根据, 按 …); empty without one."""
    leads = lexicon.find("citation_lead", words)
    # A last character may belong to a name (发改经); a last word of more characters never does.
    if leads and leads[-1].end == len(words) and len(leads[-1].wording) > 1:
        return ""
    return words[max((lead.end for lead in leads if lead.end < len(words)), default=0) :]
