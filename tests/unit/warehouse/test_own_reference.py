"""People's own lines of reference tables: read from the home folder, checked, brought into the build file."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from ingest.errors import UsageError
from ingest.raw_store import open_build
from ingest.resources import reference_dir
from warehouse.build import describe_content
from warehouse.home import Home, find_home
from warehouse.own_reference import apply_own_reference, own_tables, read_own_reference

ALIASES = "family,wording,is_negative\n"


@pytest.fixture
def empty_home(tmp_path: Path) -> Home:
    """A home folder with a build file and nothing in it."""
    home = find_home(tmp_path / "home")
    open_build(home.build_file).close()
    home.reference.mkdir()
    return home


def keep(home: Home, name: str, text: str | bytes) -> None:
    home.reference.mkdir(parents=True, exist_ok=True)
    (home.reference / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def landed(home: Home) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.build_file), read_only=True) as connection:
        return connection.execute(
            "select table_name, row_key, column_name, value, line, loads.completed_at is not null "
            "from raw.own_reference inner join ops.loads as loads using (load_id) order by all"
        ).fetchall()


def test_every_table_that_people_may_change_has_its_key_and_the_types_of_all_columns() -> None:
    assert {"programme_aliases", "programme_sub_types"} <= set(own_tables())
    for table in own_tables().values():
        with (reference_dir() / "seeds" / f"{table.name}.csv").open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            assert list(reader.fieldnames or ()) == list(table.columns), table.name
            keys = [tuple(line[name] for name in table.key) for line in reader]
        assert len(keys) == len(set(keys)), f"{table.name}: two rows with one key"


def test_lines_become_cells_of_the_build_file_and_only_a_change_is_one(empty_home: Home) -> None:
    nothing = describe_content(empty_home.build_file)
    keep(empty_home, "programme_families.csv", "\ufefffamily,description_zh\n金保工程, 另一种说明 \n\n教育,\n")
    assert apply_own_reference(empty_home)
    assert landed(empty_home) == [
        ("programme_families", "教育", "description_zh", None, 4, True),
        ("programme_families", "教育", "family", "教育", 4, True),
        ("programme_families", "金保工程", "description_zh", "另一种说明", 2, True),
        ("programme_families", "金保工程", "family", "金保工程", 2, True),
    ]
    before = describe_content(empty_home.build_file)
    assert before != nothing
    assert not apply_own_reference(empty_home)
    assert describe_content(empty_home.build_file) == before
    (empty_home.reference / "programme_families.csv").unlink()
    assert apply_own_reference(empty_home)
    assert landed(empty_home) == []
    assert describe_content(empty_home.build_file) == nothing


def test_without_files_or_a_build_nothing_happens(tmp_path: Path, empty_home: Home) -> None:
    assert not apply_own_reference(empty_home)
    nowhere = find_home(tmp_path / "nowhere")
    assert read_own_reference(nowhere) == []
    keep(nowhere, "programme_families.csv", "family,description_zh\n教育,x\n")
    assert not apply_own_reference(nowhere)
    assert not nowhere.build_file.exists()


@pytest.mark.parametrize("name", ["programme_alias.csv", "grade_labels.csv", "programme_aliases.xlsx"])
def test_a_file_that_is_no_such_table_is_named_with_those_that_are(empty_home: Home, name: str) -> None:
    keep(empty_home, name, ALIASES)
    with pytest.raises(UsageError, match=rf"{name}.*programme_aliases\.csv") as raised:
        apply_own_reference(empty_home)
    assert raised.value.code == "unknown_reference"
    assert "programme_aliases.csv" in raised.value.zh


def test_a_word_that_stands_for_itself_may_hold_any_character(empty_home: Home) -> None:
    keep(empty_home, "red_flag_words.csv", "role,wording\nno_reason,(\nno_reason,**\n")
    assert [row.key for row in read_own_reference(empty_home)] == [("no_reason", "("), ("no_reason", "**")]


def test_what_is_no_table_is_left_alone(empty_home: Home) -> None:
    keep(empty_home, "说明.txt", "x")
    keep(empty_home, "~$programme_aliases.xlsx", "x")
    keep(empty_home, ".programme_aliases.csv", "x")
    assert read_own_reference(empty_home) == []


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("programme_families.csv", "family,colour\n", 1, "no column colour.*family, description_zh"),
        ("programme_families.csv", "description_zh\nx\n", 1, "family is missing"),
        ("programme_families.csv", "", 1, "family is missing"),
        ("programme_families.csv", "family,family\n", 1, "stands twice"),
        ("programme_families.csv", "family,description_zh\n教育,x,y\n", 2, "2 values belong here, not 3"),
        ("programme_families.csv", "family,description_zh\n,x\n", 2, "family must not be empty"),
        ("programme_families.csv", "family,description_zh\n教育,x\n教育,y\n", 3, "line 2 has the same key"),
        (
            "programme_families.csv",
            "family,description_zh\n我的类别,x\n",
            2,
            "a new row needs all columns: description_en",
        ),
        ("programme_families.csv", b"family\n\xc8\xcb\xc9\xe7\n", 1, "no CSV file in UTF-8"),
        ("programme_aliases.csv", ALIASES + "教育,营养餐,maybe\n", 2, "“maybe” in is_negative is no boolean"),
        (
            "programme_sub_types.csv",
            "priority,family,sub_type,field,pattern\none,教育,meals,project_name,营养\n",
            2,
            "“one” in priority is no integer",
        ),
        ("red_flag_words.csv", "role,wording\nsurvey,回执\nsurvey,(回访\n", 3, "“\\(回访” in wording is no pattern"),
        ("red_flag_words.csv", "role,wording\nresidual,[杂项\n", 2, "“\\[杂项” in wording is no pattern"),
        ("red_flag_words.csv", "role,wording\nzero,零?\n", 2, "“零\\?” in wording fits every text"),
        (
            "red_flag_words.csv",
            "role,wording\nsurvey,回执\nsurvay,回访\n",
            3,
            "role knows no “survay”; it is one of cost_total, unit_price, .*survey",
        ),
        ("red_flag_words.csv", "role,wording\n,回访\n", 2, "role knows no “”"),
        (
            "measure_settings.csv",
            "setting,value\nprice_base_yaer,2019\n",
            2,
            "one of chosen_weight_profile, price_base_year",
        ),
        ("comparison_settings.csv", "setting,value\nminimum_peer,3\n", 2, "setting knows no “minimum_peer”"),
        ("match_settings.csv", "setting,value\naccept,0.5\n", 2, "setting knows no “accept”"),
        ("red_flag_rules.csv", "rule_id,threshold\nA99,1\n", 2, "rule_id knows no “A99”"),
        ("grade_bands.csv", "grade,from_points\nGREAT,95\n", 2, "it is one of EXCELLENT, GOOD, FAIR, POOR"),
        ("programme_stop_words.csv", "wording\n*补助\n", 2, "“\\*补助” in wording is no pattern"),
        ("indicator_meanings.csv", "wording,meaning\n畅(通,正常\n", 2, "“畅\\(通” in wording is no pattern"),
        (
            "indicator_name_rules.csv",
            "step,effect,pattern,meaning_zh,meaning_en\n1,strip,^(县,去掉县,the county\n",
            2,
            "in pattern is no pattern",
        ),
    ],
)
def test_what_cannot_be_used_is_named_with_file_and_line(
    empty_home: Home, name: str, text: str | bytes, line: int, says: str
) -> None:
    keep(empty_home, name, text)
    with pytest.raises(UsageError, match=says) as raised:
        apply_own_reference(empty_home)
    error = raised.value
    assert error.code == "broken_reference"
    assert f"{name}, line {line}: " in error.en
    assert f"第 {line} 行" in error.zh
    assert error.facts["line"] == line
