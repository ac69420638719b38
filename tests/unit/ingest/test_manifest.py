from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import UsageError
from ingest.manifest import Manifest, ManifestReader, is_manifest


def test_a_line_of_the_folders_manifest_states_what_the_document_does_not(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text(
        "file_name,county,unit,fiscal_year,published_on\na.txt, 盐边县 ,县人社局,2020,2021-09-07\nb.txt,米易县,,,\n",
        encoding="utf-8",
    )
    reader = ManifestReader()
    assert reader.find(tmp_path / "a.txt") == Manifest(
        county="盐边县", unit="县人社局", fiscal_year=2020, published_on=date(2021, 9, 7)
    )
    assert reader.find(tmp_path / "b.txt") == Manifest(county="米易县")
    assert reader.find(tmp_path / "c.txt") is None


def test_a_manifest_saved_by_a_chinese_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_bytes("file_name,county\n甲.txt,盐边县\n".encode("gb18030"))
    assert ManifestReader().find(tmp_path / "甲.txt") == Manifest(county="盐边县")


def test_a_name_in_another_unicode_composition_is_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file_name,county\nr\u00e9sum\u00e9.txt,盐边县\n", encoding="utf-8")
    assert ManifestReader().find(tmp_path / "re\u0301sume\u0301.txt") == Manifest(county="盐边县")


def test_the_file_beside_a_document_wins_over_the_folders_manifest_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file_name,county,unit\na.txt,盐边县,甲局\n", encoding="utf-8")
    (tmp_path / "a.txt.meta.json").write_text(json.dumps({"unit": "乙局"}), encoding="utf-8")
    assert ManifestReader().find(tmp_path / "a.txt") == Manifest(county="盐边县", unit="乙局")


def test_the_file_beside_a_document_may_be_named_without_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.meta.json").write_text('{"city": "攀枝花市", "fiscal_year": 2021}', encoding="utf-8")
    assert ManifestReader().find(tmp_path / "a.docx") == Manifest(city="攀枝花市", fiscal_year=2021)


@pytest.mark.parametrize(
    ("content", "place", "wrong"),
    [
        ("file_name,country\na.txt,盐边县\n", "manifest.csv:2", "country"),
        ("file_name,fiscal_year\nb.txt,2020\na.txt,二〇二〇\n", "manifest.csv:3", "fiscal_year"),
        ("file_name,fiscal_year\na.txt,20200\n", "manifest.csv:2", "fiscal_year"),
        ("file_name,published_on\na.txt,1600000000\n", "manifest.csv:2", "published_on"),
        ("file_name,published_on\na.txt,2021-02-30\n", "manifest.csv:2", "published_on"),
        ("file_name,county\na.txt,甲,乙\n", "manifest.csv:2", "(no heading)"),
        ("file_name,county\na.txt,甲\na.txt,乙\n", "manifest.csv:3", "two lines"),
        ("name,county\na.txt,甲\n", "manifest.csv:1", "file_name"),
        ('file_name,county\na.txt,"甲\n', "manifest.csv", "CSV"),
        ("file_name,unit,unit\na.txt,甲,乙\n", "manifest.csv:1", "twice: unit"),
        ("file_name;county\na.txt;甲\n", "manifest.csv:1", "comma"),
        ("file_name\tcounty\na.txt\t甲\n", "manifest.csv:1", "comma"),
    ],
)
def test_a_line_that_cannot_be_understood_names_line_key_and_allowed_keys(
    tmp_path: Path, content: str, place: str, wrong: str
) -> None:
    (tmp_path / "manifest.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        ManifestReader().find(tmp_path / "a.txt")
    assert caught.value.code == "bad_manifest"
    for message in (caught.value.zh, caught.value.en):
        assert place in message
        assert "province, city, county, unit, project_name, fiscal_year, source_url, published_on" in message
    assert wrong in caught.value.en


def test_a_bad_line_concerns_its_document_only(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file_name,fiscal_year\na.txt,x\nb.txt,2020\n", encoding="utf-8")
    reader = ManifestReader()
    assert reader.find(tmp_path / "b.txt") == Manifest(fiscal_year=2020)
    with pytest.raises(UsageError):
        reader.find(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"{", "JSON"),
        (b"[]", "object"),
        (b'{"unit": "a", "unit": "b"}', "unit"),
        (b'{"unit": 5}', "unit"),
        (b'{"nuit": "a"}', "nuit"),
        (b'{"unit": "\\ud800"}', "unit"),
        (b"\xff\xfe\xff", "UTF-8"),
    ],
)
def test_a_broken_file_beside_a_document_names_the_file(tmp_path: Path, content: bytes, wrong: str) -> None:
    (tmp_path / "a.meta.json").write_bytes(content)
    with pytest.raises(UsageError, match=r"a\.meta\.json") as caught:
        ManifestReader().find(tmp_path / "a.txt")
    assert wrong in caught.value.en


def test_manifests_are_known_by_their_name() -> None:
    assert is_manifest(Path("x/manifest.csv"))
    assert is_manifest(Path("x/a.docx.meta.json"))
    assert not is_manifest(Path("x/meta.json"))
    assert not is_manifest(Path("x/other.csv"))


def test_what_a_manifest_states_fills_only_what_the_document_leaves_open(make_record) -> None:
    record = make_record(unit="县人社局")
    stated = Manifest(county="盐边县", unit="县人社局", fiscal_year=2023, source_url="https://example.org/1")
    applied = stated.apply(record)
    report = applied.reports[0]
    assert report.region.county == "盐边县"
    assert report.field_evidence["region.county"].method == "manifest"
    assert applied.document.source_url == "https://example.org/1"
    assert set(report.field_evidence) == {"region.county"}
    assert report.warnings == ()


def test_a_manifest_that_contradicts_the_document_is_a_warning_and_what_is_printed_stays(make_record) -> None:
    report = Manifest(fiscal_year=2021).apply(make_record(fiscal_year=2020)).reports[0]
    assert report.fiscal_year == 2020
    assert [warning.code for warning in report.warnings] == ["manifest_disagrees"]
    assert "2021" in report.warnings[0].message
    assert "2020" in report.warnings[0].message


def test_lines_that_name_no_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("file_name,county\na.txt,甲\nb.txt,乙\n,丙\n", encoding="utf-8")
    notes = ManifestReader().notes([tmp_path])
    assert [
        f"manifest.csv:{line}" in zh and f"manifest.csv:{line}" in en
        for line, (zh, en) in zip((3, 4), notes, strict=True)
    ] == [
        True,
        True,
    ]
    assert "b.txt" in notes[0][0]
    assert len(notes) == 2


def test_a_load_tells_what_its_manifests_state_in_vain(tmp_path: Path) -> None:
    from ingest.load import load
    from ingest.raw_store import open_build

    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "manifest.csv").write_text("file_name,county\nb.txt,乙\n", encoding="utf-8")
    with open_build(tmp_path / "build.duckdb") as connection:
        result = load([folder], connection=connection, home=tmp_path / "home")
    assert [en for _, en in result.notes] == [
        f"{folder / 'manifest.csv'}:2: there is no file “b.txt”; the line was not used. Check the name."
    ]
