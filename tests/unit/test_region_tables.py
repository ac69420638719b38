"""The tables of regions: no gap, no overlap, no lost land, and as many divisions as the yearbooks count."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import pytest

from ingest.resources import reference_dir

FIRST, LAST = 2013, 2026
NO_DIVISIONS = {"开发区", "管理区", "行政委员会"}
ONE_TO_ONE = {
    "renamed",
    "recoded",
    "reparented",
    "to_district",
    "to_county_city",
    "to_county",
    "to_prefecture_city",
    "raised",
}
Row = dict[str, str]


def read(table: str) -> list[Row]:
    with (reference_dir() / "seeds" / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


VERSIONS = read("region_versions")
CHANGES = read("region_changes")
BY_CODE_AND_YEAR = {
    (row["region_code"], year): row
    for row in VERSIONS
    for year in range(int(row["valid_from_year"]), int(row["valid_to_year"] or LAST) + 1)
}


def counties(year: int) -> list[Row]:
    return [
        row
        for (_, valid), row in BY_CODE_AND_YEAR.items()
        if valid == year and row["region_level"] == "county" and row["region_kind"] not in NO_DIVISIONS
    ]


# China Statistical Yearbook, table of divisions: all of county level, districts, county-level cities, counties,
# autonomous counties. 白杨市, approved in 2022, is counted there from 2023.
@pytest.mark.parametrize(
    ("year", "counted"),
    [
        (2014, (2854, 897, 361, 1425, 117)),
        (2015, (2850, 921, 361, 1397, 117)),
        (2016, (2851, 954, 360, 1366, 117)),
        (2017, (2851, 962, 363, 1355, 117)),
        (2018, (2851, 970, 375, 1335, 117)),
        (2019, (2846, 965, 387, 1323, 117)),
        (2020, (2844, 973, 388, 1312, 117)),
        (2021, (2843, 977, 394, 1301, 117)),
        (2022, (2843 + 1, 977, 394 + 1, 1301, 117)),
        (2023, (2844, 977, 397, 1299, 117)),
        (2024, (2846, 977, 397, 1301, 117)),
    ],
)
def test_there_are_as_many_divisions_as_the_yearbook_counts(year: int, counted: tuple[int, ...]) -> None:
    kinds = Counter(row["region_kind"] for row in counties(year))
    assert (kinds.total(), kinds["区"], kinds["县级市"], kinds["县"], kinds["自治县"]) == counted
    assert (kinds["旗"], kinds["自治旗"], kinds["林区"], kinds["特区"]) == (49, 3, 1, 1)


def test_a_code_is_one_region_at_a_time_and_a_region_has_one_code_at_a_time() -> None:
    assert len(BY_CODE_AND_YEAR) == sum(
        int(row["valid_to_year"] or LAST) - int(row["valid_from_year"]) + 1 for row in VERSIONS
    )
    years: dict[str, list[int]] = defaultdict(list)
    for (_, year), row in BY_CODE_AND_YEAR.items():
        years[row["region_id"]].append(year)
    for region_id, of_region in years.items():
        assert sorted(of_region) == list(range(min(of_region), max(of_region) + 1)), region_id


def test_every_version_lies_in_its_parent_and_bears_its_name() -> None:
    for row in VERSIONS:
        if row["region_level"] == "province":
            continue
        parent = BY_CODE_AND_YEAR[row["parent_code"], int(row["valid_from_year"])]
        name = row["city_name"] if row["region_level"] == "county" and row["city_name"] else row["province_name"]
        assert parent["region_name"] == name, row


def test_the_years_have_no_gap() -> None:
    assert {int(row["valid_from_year"]) for row in VERSIONS} == set(range(FIRST, LAST + 1))


def test_what_begins_or_ends_does_so_by_a_change() -> None:
    began = {(row["change_year"], row["to_code"]) for row in CHANGES}
    ended = {(str(int(row["change_year"]) - 1), row["from_code"]) for row in CHANGES}
    for row in VERSIONS:
        if row["valid_from_year"] != str(FIRST):
            assert (row["valid_from_year"], row["region_code"]) in began, row
        if row["valid_to_year"]:
            assert (row["valid_to_year"], row["region_code"]) in ended, row


def test_a_region_goes_on_exactly_where_one_became_one() -> None:
    old_of, new_of = defaultdict(set), defaultdict(set)
    for row in CHANGES:
        if row["from_code"]:
            old_of[row["change_year"], row["to_code"]].add(row["from_code"])
            new_of[row["change_year"], row["from_code"]].add(row["to_code"])
    for row in CHANGES:
        goes_on = row["from_region_id"] == row["to_region_id"]
        assert goes_on == (row["change_type"] in ONE_TO_ONE), row
        one_to_one = row["from_code"] != "" and (
            len(old_of[row["change_year"], row["to_code"]]) == len(new_of[row["change_year"], row["from_code"]]) == 1
        )
        assert goes_on == one_to_one, row


def test_every_county_of_2014_is_in_one_of_today() -> None:
    """100 % of them: 2,854 divisions of the end of 2014, and 桥东区 of 石家庄 that the list of 2014 still had."""
    onward = defaultdict(set)
    for row in CHANGES:
        onward[row["from_region_id"]].add(row["to_region_id"])
    today = {row["region_id"] for row in VERSIONS if not row["valid_to_year"]}

    def goes_on(region_id: str) -> bool:
        return region_id in today or any(goes_on(after) for after in onward[region_id] - {region_id})

    asked = {row["region_id"] for row in counties(2014)} | {BY_CODE_AND_YEAR["130103", 2013]["region_id"]}
    assert len(asked) == 2855
    assert [region_id for region_id in asked if not goes_on(region_id)] == []


def region_of(code: str, year: int) -> str:
    return BY_CODE_AND_YEAR[code, year]["region_id"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("510132", 2019, "新津县"), ("510118", 2020, "新津区")),
        (("510124", 2015, "郫县"), ("510117", 2016, "郫都区")),
        (("510122", 2014, "双流县"), ("510116", 2015, "双流区")),
        (("510922", 2018, "射洪县"), ("510981", 2019, "射洪市")),
        (("513425", 2020, "会理县"), ("513402", 2021, "会理市")),
        (("450127", 2020, "横县"), ("450181", 2021, "横州市")),
        (("512081", 2015, "简阳市"), ("510185", 2016, "简阳市")),
        (("130502", 2019, "桥东区"), ("130502", 2020, "襄都区")),
        (("350625", 2020, "长泰县"), ("350605", 2021, "长泰区")),
        (("431121", 2020, "祁阳县"), ("431181", 2021, "祁阳市")),
        (("520522", 2020, "黔西县"), ("520581", 2021, "黔西市")),
        (("532331", 2020, "禄丰县"), ("532302", 2021, "禄丰市")),
        (("652101", 2014, "吐鲁番市"), ("650402", 2015, "高昌区")),
        (("542301", 2013, "日喀则市"), ("540202", 2014, "桑珠孜区")),
    ],
)
def test_one_region_under_two_names_or_codes(before: tuple[str, int, str], after: tuple[str, int, str]) -> None:
    for code, year, name in (before, after):
        assert BY_CODE_AND_YEAR[code, year]["region_name"] == name
    assert region_of(*before[:2]) == region_of(*after[:2])


@pytest.mark.parametrize(
    ("year", "new_code", "old_codes"),
    [
        (2021, "330102", {"330102", "330104"}),
        (2021, "330105", {"330103", "330105"}),
        (2021, "330110", {"330110"}),
        (2021, "330113", {"330110"}),
        (2021, "330114", {"330104", "330109"}),
        (2021, "350404", {"350402", "350403"}),
        (2021, "410308", {"410306", "410322"}),
        (2020, "130503", {"130503", "130521"}),
        (2018, "140403", {"140402", "140411"}),
        (2022, "659012", set()),
    ],
)
def test_what_was_merged_parted_or_founded_begins_anew(year: int, new_code: str, old_codes: set[str]) -> None:
    found = {row["from_code"] for row in CHANGES if (row["change_year"], row["to_code"]) == (str(year), new_code)}
    assert found - {""} == old_codes
    assert all(region_of(code, year - 1) != region_of(new_code, year) for code in old_codes)
    assert (new_code, year - 1) not in BY_CODE_AND_YEAR or region_of(new_code, year - 1) != region_of(new_code, year)


def test_the_cities_of_re_parented_counties_are_those_of_the_year() -> None:
    assert BY_CODE_AND_YEAR["512081", 2015]["city_name"] == "资阳市"
    assert BY_CODE_AND_YEAR["510185", 2016]["city_name"] == "成都市"
