from __future__ import annotations

from pathlib import Path

import pytest

from ingest.inputs import Quarantined, survey_inputs
from ingest.litter import is_litter, is_unfinished_download
from tests.support.outcomes import read_input


@pytest.mark.parametrize(
    "name",
    ["~$报告.docx", "Thumbs.db", "thumbs.db", "Desktop.ini", ".DS_Store", "报告.lnk", "财政局.URL", ".~lock.a.docx#",
     "~WRL0001.tmp", "__MACOSX"],
)  # fmt: skip
def test_files_of_systems_and_programs_are_litter(name: str) -> None:
    assert is_litter(name)
    assert not is_litter(f"关于{name.strip('~$.')}的报告.docx")


@pytest.mark.parametrize("name", ["报告.pdf.crdownload", "a.part", "b.PARTIAL", "c.download", "未确认 1.tmp"])
def test_half_a_download_is_an_input_with_a_reason(tmp_path: Path, name: str) -> None:
    assert is_unfinished_download(name)
    (tmp_path / name).write_bytes(b"%PDF-1.4 half")
    (entry,) = survey_inputs([tmp_path]).inputs
    outcome = read_input(entry)
    assert isinstance(outcome, Quarantined)
    assert outcome.code == "unfinished_download"
    assert outcome.message_zh.startswith(f"{name}：")


def test_the_download_folder_of_a_new_user_ends_in_inputs_and_litter(tmp_path: Path) -> None:
    downloads = tmp_path / "下载 2023"
    (downloads / "绩效 自评").mkdir(parents=True)
    for name in (
        "绩效 自评/2023年 项目 自评.docx",
        "绩效 自评/~$23年 项目 自评.docx",
        "Thumbs.db",
        "空 文件.txt",
        "a.lnk",
    ):
        (downloads / name).write_bytes(b"")
    survey = survey_inputs([downloads])
    assert [entry.name for entry in survey.inputs] == ["空 文件.txt", "绩效 自评/2023年 项目 自评.docx"]
    assert survey.left_aside == ["Thumbs.db", "a.lnk", "绩效 自评/~$23年 项目 自评.docx"]


def test_litter_that_is_named_on_purpose_is_read(tmp_path: Path) -> None:
    (tmp_path / "Thumbs.db").write_bytes(b"")
    assert [entry.name for entry in survey_inputs([tmp_path / "Thumbs.db"]).inputs] == ["Thumbs.db"]
    assert survey_inputs([tmp_path, tmp_path / "Thumbs.db"]).left_aside == []
