"""Place names as written, found with `data/reference/seeds/region_versions.csv` (names of GB/T 2260 since 2013)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.lexicon import Lexicon
from ingest.resources import reference_dir

# Zones are found by their tails behind a city (`zone_tail` of the lexicon), whatever list they are in.
_NO_DIVISIONS = frozenset({"开发区", "管理区", "行政委员会"})
_ORDER = ("province", "city", "county")
# How many digits of a GB/T 2260 code two places share when one lies in the other.
_SHARED_DIGITS = {"province": 2, "city": 4, "county": 6}
# 州 and 盟 are written short more often than not: 红河州 for 红河哈尼族彝族自治州.
_SHORT_TAILS = ("自治州", "自治县", "自治旗")
_LONGEST_ZONE = 6
# Several steps ask for the places of one text.
_REMEMBERED_TEXTS = 16
# Names of districts that are everyday words: a place only directly behind their city (阳泉市城区).
_EVERYDAY_WORDS = frozenset({"城区", "郊区", "矿区"})


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place name in a text, by level. `codes` are the GB/T 2260 codes of all places that bear the name."""

    level: str
    name: str
    start: int
    end: int
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """`lengths` holds, for the first two characters of names, how long these names are, the longest first.

    `begins` finds the characters that names begin with.
    """

    levels: dict[str, str]
    codes: dict[str, frozenset[str]]
    lengths: dict[str, tuple[int, ...]]
    begins: re.Pattern[str]


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    levels: dict[str, str] = {}
    codes: dict[str, set[str]] = {}
    with (reference_dir() / "seeds" / "region_versions.csv").open(encoding="utf-8", newline="") as handle:
        for line in csv.DictReader(handle):
            if line["region_kind"] in _NO_DIVISIONS:
                continue
            level = line["region_level"]
            for name in _written_forms(line["region_name"]):
                # A name of two levels (吉林, 海南) is kept for the higher one; forms of one character are no names.
                if levels.setdefault(name, level) == level:
                    codes.setdefault(name, set()).add(line["region_code"])
    lengths: dict[str, set[int]] = {}
    for name in levels:
        lengths.setdefault(name[:2], set()).add(len(name))
    return _Gazetteer(
        levels,
        {name: frozenset(of_name) for name, of_name in codes.items()},
        {prefix: tuple(sorted(of_prefix, reverse=True)) for prefix, of_prefix in lengths.items()},
        re.compile(f"[{''.join(sorted({name[0] for name in levels}))}]"),
    )


def _written_forms(official: str) -> list[str]:
    forms = [official]
    for tail in _SHORT_TAILS:
        if official.endswith(tail):
            stem = official.removesuffix(tail)
            forms.append(stem[:2] + tail[-1])
    return forms


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def find_places(text: str) -> tuple[PlaceName, ...]:
    """Place names in a text: leftmost first, the longest at each place."""
    known = _gazetteer()
    found: list[PlaceName] = []
    end = 0
    for first in known.begins.finditer(text):
        start = first.start()
        place = _place_at(text, start, known) if start >= end else None
        if place is not None:
            if place.name not in _EVERYDAY_WORDS or (found and found[-1].end == start):
                found.append(place)
            end = place.end
    return tuple(found)


def place_at(text: str, start: int = 0) -> PlaceName | None:
    """The longest place name that begins at `start`."""
    return _place_at(text, start, _gazetteer())


def _place_at(text: str, start: int, known: _Gazetteer) -> PlaceName | None:
    for length in known.lengths.get(text[start : start + 2], ()):
        name = text[start : start + length]
        level = known.levels.get(name)
        if level is not None:
            return PlaceName(level, name, start, start + length, known.codes[name])
    return None


def chain_of(text: str, lexicon: Lexicon) -> list[PlaceName]:
    """The first run of names that descend from level to level (安徽省 淮南市 田家庵区).

    A development zone directly behind a city stands where the county stands (岳阳市南湖新区).
    """
    chain: list[PlaceName] = []
    for place in find_places(text):
        if chain and (rank(place) <= rank(chain[-1]) or place.start - chain[-1].end > 1):
            break
        chain.append(place)
    if chain and chain[-1].level != "county":
        zone = _zone_at(text, chain[-1].end, lexicon)
        if zone is not None:
            chain.append(zone)
    return chain


def leading_chain_end(text: str, lexicon: Lexicon) -> int:
    """Where the place names end that a text begins with; 0 when it begins with none."""
    chain = chain_of(text, lexicon) if place_at(text) is not None else []
    return chain[-1].end if chain else 0


def _zone_at(text: str, start: int, lexicon: Lexicon) -> PlaceName | None:
    tail = lexicon.first("zone_tail", text[start : start + _LONGEST_ZONE])
    if tail is None or tail.start < 2:
        return None
    end = start + tail.end
    return PlaceName("county", text[start:end], start, end)


def superiors(chain: list[PlaceName], text: str) -> list[PlaceName]:
    """Places in a text of the levels above a chain that it lies in by its codes, the first of each level."""
    lowest = _lowest_with_code(chain)
    if lowest is None or chain[0].level == _ORDER[0]:
        return []
    missing = _ORDER[: _ORDER.index(chain[0].level)]
    found: dict[str, PlaceName] = {}
    for place in find_places(text):
        if place.level in missing and place.level not in found and _lies_in(lowest, place):
            found[place.level] = place
    return list(found.values())


def continues(chain: list[PlaceName], longer: list[PlaceName]) -> list[PlaceName]:
    """What another chain with one of these places adds below them: 天津市 and 天津市东丽区 give 东丽区."""
    names = {place.name for place in chain}
    if not names & {place.name for place in longer}:
        return []
    return [place for place in longer if rank(place) > rank(chain[-1])]


def _lowest_with_code(chain: list[PlaceName]) -> PlaceName | None:
    return next((place for place in reversed(chain) if place.codes), None)


def _lies_in(lower: PlaceName, higher: PlaceName) -> bool:
    digits = _SHARED_DIGITS[higher.level]
    return bool({code[:digits] for code in lower.codes} & {code[:digits] for code in higher.codes})


def rank(place: PlaceName) -> int:
    """0 for a province, 1 for a city, 2 for a county."""
    return _ORDER.index(place.level)
