"""Place names as written, found with the gazetteer of `data/reference/regions.csv` (GB/T 2260 names since 2014)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from ingest.resources import reference_dir

_LEVELS = {"province": "province", "prefecture": "city", "county": "county"}
# 州 and 盟 are written short more often than not: 红河州 for 红河哈尼族彝族自治州.
_SHORT_TAILS = ("自治州", "自治县", "自治旗")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place name at the beginning of a text, by level."""

    level: str
    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _gazetteer() -> dict[str, str]:
    names: dict[str, str] = {}
    with (reference_dir() / "regions.csv").open(encoding="utf-8", newline="") as handle:
        for line in csv.DictReader(handle):
            level = _LEVELS[line["level"]]
            for name in _written_forms(line["name"]):
                # A name of two levels (吉林, 海南) is kept for the higher one; forms of one character are no names.
                names.setdefault(name, level)
    return names


def _written_forms(official: str) -> list[str]:
    forms = [official]
    for tail in _SHORT_TAILS:
        if official.endswith(tail):
            stem = official.removesuffix(tail)
            forms.append(stem[:2] + tail[-1])
    return forms


def find_places(text: str) -> list[PlaceName]:
    """Place names in a text: leftmost first, the longest at each place."""
    names = _gazetteer()
    longest = max(map(len, names))
    found = []
    start = 0
    while start < len(text):
        for length in range(min(longest, len(text) - start), 1, -1):
            candidate = text[start : start + length]
            if candidate in names:
                found.append(PlaceName(names[candidate], candidate, start, start + length))
                start += length
                break
        else:
            start += 1
    return found
