"""Sources whose names a form makes up: a level and a fund, 中央财政专项扶贫资金, 县级农村饮水工程配套."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.wordings import any_of
from ingest.lexicon import Hit, Lexicon

_JOINED = r"(?:\s?[、和及与/]\s?)"
# What the sums below a heading begin with, or the mark of an empty cell.
_SUM_BEHIND = (
    r"(?=\s?[:：]?(?:\s?[（(]\s?万?元\s?[)）])?"
    r"(?:[\s|]*(?:\d[\d.,]*\s?(?:[%|\s]|亿|万|元|$)|[-—－/](?:[\s|]|$))|\s?\|\s*\|))"
)
_NOT_INSIDE_A_WORD = r"(?<![\u3400-\u9fffA-Za-z0-9])"


def made_up_source(text: str, lexicon: Lexicon) -> str | None:
    """The source that a made-up name states: `central` for 中央财政专项扶贫资金; None for anything else."""
    match = _name(lexicon).fullmatch(fold(text))
    return _source(match, lexicon) if match is not None else None


def made_up_sources(text: str, lexicon: Lexicon) -> Iterator[Hit]:
    """Every made-up name in a text that stands by itself before a sum or an empty cell."""
    for match in _name_before_sum(lexicon).finditer(text):
        yield Hit(_source(match, lexicon), match.group(), match.start(), match.end())


def _source(match: re.Match[str], lexicon: Lexicon) -> str:
    """Bonds and lottery money are `other` whoever hands them on; money of two levels is `fiscal`."""
    if lexicon.first("form_fund_other", match.group()) is not None:
        return "other"
    levels = {hit.canonical for hit in lexicon.find("form_fund_level", match["levels"])}
    return levels.pop() if len(levels) == 1 else "fiscal"


@lru_cache(maxsize=8)
def _name(lexicon: Lexicon) -> re.Pattern[str]:
    level, tail = any_of(lexicon, "form_fund_level"), any_of(lexicon, "form_fund_tail")
    of_fund = r"(?:[\u3400-\u9fff、]{0,16}?\s?[\u3400-\u9fff]{0,8}?)"
    return re.compile(rf"(?P<levels>{level}(?:{_JOINED}{level})*)(?:财政)?{of_fund}{tail}")


@lru_cache(maxsize=8)
def _name_before_sum(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(f"{_NOT_INSIDE_A_WORD}{_name(lexicon).pattern}{_SUM_BEHIND}")
