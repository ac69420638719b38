"""Regions with the real table: names of reports as of their year, and a county's series over a change."""

from __future__ import annotations

from typing import Any

import duckdb

from ingest.records import DocumentRecord, Region
from tests.support.dbt_runs import rows
from tests.support.sample_records import Page, document, money

Names = tuple[str | None, str | None, str | None]

# Named as a prefecture, 儋州市 is so by the name of later years.
# names (province, city, county), year → code, name of the year, how it was found or why not
RESOLVED: tuple[tuple[Names, int | None, tuple[str | None, str | None, str | None]], ...] = (
    ((None, None, "新津县"), 2019, ("510132", "新津县", "as_of_year")),
    ((None, "成都市", "新津区"), 2020, ("510118", "新津区", "as_of_year")),
    ((None, "成都市", "新津区"), 2019, ("510132", "新津县", "later_name")),
    ((None, None, "新津县"), 2022, ("510118", "新津区", "earlier_name")),
    ((None, None, "射洪县"), 2018, ("510922", "射洪县", "as_of_year")),
    ((None, None, "射洪市"), 2019, ("510981", "射洪市", "as_of_year")),
    ((None, None, "简阳市"), 2015, ("512081", "简阳市", "as_of_year")),
    ((None, None, "简阳市"), 2016, ("510185", "简阳市", "as_of_year")),
    ((None, "资阳市", "简阳市"), 2016, ("510185", "简阳市", "earlier_name")),
    (("广西壮族自治区", None, "横县"), 2020, ("450127", "横县", "as_of_year")),
    (("广西", None, "横州市"), 2021, ("450181", "横州市", "as_of_year")),
    ((None, "凉山州", "会理市"), 2021, ("513402", "会理市", "as_of_year")),
    ((None, None, "郫县"), 2015, ("510124", "郫县", "as_of_year")),
    ((None, "成都市", "双流区"), 2015, ("510116", "双流区", "as_of_year")),
    ((None, "邢台市", "襄都区"), 2020, ("130502", "襄都区", "as_of_year")),
    ((None, "邢台市", "桥东区"), 2020, ("130502", "襄都区", "earlier_name")),
    ((None, "三明市", "三元区"), 2020, ("350403", "三元区", "as_of_year")),
    ((None, "三明市", "三元区"), 2021, ("350404", "三元区", "as_of_year")),
    ((None, "杭州市", "拱墅区"), 2020, ("330105", "拱墅区", "as_of_year")),
    ((None, "杭州市", "下城区"), 2021, ("330103", "下城区", "ended_in_year")),
    ((None, "杭州市", "下城区"), 2022, (None, None, "not_valid_in_year")),
    ((None, "杭州市", "临平区"), 2020, (None, None, "not_valid_in_year")),
    ((None, "杭州市", "临平区"), 2021, ("330113", "临平区", "as_of_year")),
    ((None, None, "白杨市"), 2023, ("659012", "白杨市", "as_of_year")),
    ((None, None, "白杨市"), 2021, (None, None, "not_valid_in_year")),
    ((None, None, "鼓楼区"), 2022, (None, None, "ambiguous")),
    (("江苏省", None, "鼓楼区"), 2022, (None, None, "ambiguous")),
    (("江苏省", "徐州市", "鼓楼区"), 2022, ("320302", "鼓楼区", "as_of_year")),
    ((None, None, "南京市鼓楼区"), 2022, ("320106", "鼓楼区", "as_of_year")),
    ((None, None, "市中区"), 2022, (None, None, "ambiguous")),
    ((None, None, "宣州区"), 2023, (None, None, "district_without_city")),
    (("天津市", None, "东丽区"), 2020, ("120110", "东丽区", "as_of_year")),
    (("重庆市", "重庆市", "南川区"), 2023, ("500119", "南川区", "as_of_year")),
    ((None, None, "盐边县"), 2020, ("510422", "盐边县", "as_of_year")),
    ((None, None, "盐边"), 2020, ("510422", "盐边县", "stem")),
    ((None, None, "朝阳"), 2020, (None, None, "ambiguous")),
    ((None, None, "互助县"), 2023, ("630223", "互助土族自治县", "short_name")),
    ((None, None, "东乡县"), 2015, ("361029", "东乡县", "as_of_year")),
    ((None, None, "东乡县"), 2020, (None, None, "ambiguous")),
    ((None, "济源市", None), 2020, ("419001", "济源市", "as_of_year")),
    ((None, "恩施州", None), 2023, ("422800", "恩施土家族苗族自治州", "short_name")),
    (("吉林省", "吉林市", None), 2023, ("220200", "吉林市", "as_of_year")),
    (("海南", None, None), 2023, ("460000", "海南省", "stem")),
    ((None, "儋州市", None), 2014, ("469003", "儋州市", "later_name")),
    ((None, "儋州市", None), 2015, ("460400", "儋州市", "as_of_year")),
    ((None, "岳阳市", "屈原管理区"), 2020, ("430671", "岳阳市屈原管理区", "short_name")),
    ((None, "岳阳市", "南湖新区"), 2016, ("own-nanhu", "岳阳市南湖新区", "short_name")),
    ((None, "岳阳市", "无此新区"), 2016, (None, None, "unknown")),
    ((None, "成都市", "盐边县"), 2020, (None, None, "unknown")),
    ((None, None, "盐边县"), None, ("510422", "盐边县", "only_version")),
    ((None, None, "新津县"), None, (None, None, "no_year")),
    ((None, None, None), 2020, (None, None, "not_stated")),
)
# A county's money: year → names as its reports print them.
SERIES = {
    2018: (None, "成都市", "新津县"),
    2019: (None, "成都市", "新津县"),
    2020: (None, "成都市", "新津区"),
    2021: (None, "成都市", "新津区"),
}
# The number of a report of this file, null for those of others.
ORDINAL = "try_cast(regexp_extract(p.project_name, '^地名([0-9]+)$', 1) as integer)"


def report(ordinal: int, names: Names, year: int | None) -> DocumentRecord:
    page = Page()
    province, city, county = names
    executed = money(page, "executed", "total", "100", "100元")
    return document(
        f"region-{ordinal}.txt",
        page,
        [
            {
                "kind": "project_self_evaluation",
                "fiscal_year": year,
                "region": Region(province=province, city=city, county=county),
                "project_name": f"地名{ordinal}",
                "funding": (executed,),
            }
        ],
    )


def records() -> list[DocumentRecord]:
    """A report of every kind of name."""
    asked = [(names, year) for names, year, _ in RESOLVED] + [(names, year) for year, names in SERIES.items()]
    return [report(ordinal, names, year) for ordinal, (names, year) in enumerate(asked)]


def test_names_are_resolved_as_of_the_evaluated_year(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        marts,
        f"select {ORDINAL} as ordinal, r.region_code, r.region_name,"
        " coalesce(r.region_match_method, r.region_reason) as how"
        " from intermediate.int_regions__resolved as r"
        " inner join staging.stg_reports__reports as p using (record_id, report_id)"
        f" where {ORDINAL} is not null order by ordinal",
    )
    answers = {row["ordinal"]: (row["region_code"], row["region_name"], row["how"]) for row in found}
    wrong = {
        (names, year): (answers[ordinal], expected)
        for ordinal, (names, year, expected) in enumerate(RESOLVED)
        if answers[ordinal] != expected
    }
    assert wrong == {}


def test_what_is_not_resolved_has_a_reason_and_what_may_be_meant(marts: duckdb.DuckDBPyConnection) -> None:
    (row,) = rows(
        marts,
        "select r.region_candidates from intermediate.int_regions__resolved as r"
        " inner join staging.stg_reports__reports as p using (record_id, report_id)"
        " where p.region_county = '鼓楼区' and p.region_province is null",
    )
    assert row["region_candidates"] == (
        "320106 江苏省南京市鼓楼区；320302 江苏省徐州市鼓楼区；350102 福建省福州市鼓楼区；410204 河南省开封市鼓楼区"
    )
    assert (
        rows(
            marts,
            "select * from intermediate.int_regions__resolved where (region_id is null) = (region_reason is null)",
        )
        == []
    )


def test_a_series_breaks_as_published_and_goes_on_harmonised(marts: duckdb.DuckDBPyConnection) -> None:
    series = (
        "select p.fiscal_year, r.region_code as published_code, h.harmonised_code, sum(f.amount_yuan) as executed_yuan"
        " from intermediate.int_regions__resolved as r"
        " inner join staging.stg_reports__reports as p using (record_id, report_id)"
        " inner join staging.stg_reports__funding_lines as f using (record_id, report_id)"
        " left join marts.dim_region_harmonised as h on r.region_id = h.region_id and h.harmonised_to_year = ?"
        f" where {ORDINAL} >= {len(RESOLVED)}"
        " group by all order by p.fiscal_year"
    )
    found = rows(marts, series, 2022)
    assert [row["published_code"] for row in found] == ["510132", "510132", "510118", "510118"]
    assert [row["harmonised_code"] for row in found] == ["510118"] * 4
    assert [row["harmonised_code"] for row in rows(marts, series, 2014)] == ["510132"] * 4
    assert [row["executed_yuan"] for row in found] == [100] * 4


def test_mergers_and_splits_are_not_chained(marts: duckdb.DuckDBPyConnection) -> None:
    found: dict[str, Any] = {
        row["region_id"]: (row["harmonised_code"], row["harmonised_reason"], row["harmonised_candidates"])
        for row in rows(marts, "select * from marts.dim_region_harmonised where harmonised_to_year = 2022")
    }
    assert found["330104"] == (None, "split", "330102 上城区；330114 钱塘区")
    assert found["330103"] == (None, "merged", "330105 拱墅区")
    assert found["330110"] == (None, "split", "330110 余杭区；330113 临平区")
    assert found["350403"] == (None, "merged", "350404 三元区")
    assert found["330105-2021"] == ("330105", None, "330105 拱墅区")
    (before,) = rows(
        marts,
        "select * from marts.dim_region_harmonised where region_id = '659012-2022' and harmonised_to_year = 2021",
    )
    assert (before["is_harmonisable"], before["harmonised_reason"], before["n_candidates"]) == (False, "founded", 0)
