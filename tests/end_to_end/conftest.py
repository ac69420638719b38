"""Published homes for the end-to-end tests: the samples; and these again, then two reports more."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.support.homes import ENVIRONMENT, fundperf, home_with_samples

WITHOUT_MONEY = (
    "青山县农业农村局2022年度农技推广项目绩效自评报告\n\n一、目标完成情况\n各项指标均已完成，自评得分95分。\n"
)


@dataclass(frozen=True, slots=True)
class TwoRuns:
    """A home after three runs: what they printed, and what a reader saw that was there before the last.

    The last run read `material` and took so many `seconds`.
    """

    home: Path
    material: Path
    seconds: float
    first: subprocess.CompletedProcess[str]
    again: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    reader_answers: list[str]
    reader_code: int


@pytest.fixture(scope="session")
def home_of_samples() -> Path:
    """A home whose only release holds exactly the samples; whoever changes it copies it first."""
    return home_with_samples()


@pytest.fixture(scope="session")
def runs(home_of_samples: Path, tmp_path_factory: pytest.TempPathFactory) -> TwoRuns:
    """The samples; the same again; then two further reports and two that cannot be read, while a reader stays."""
    folder = tmp_path_factory.mktemp("run")
    home, material = folder / "home", folder / "材料"
    shutil.copytree(SAMPLES, material)
    shutil.copytree(home_of_samples, home)
    said = json.loads((home_of_samples.parent / "first.json").read_text(encoding="utf-8"))
    first = subprocess.CompletedProcess[str](**said)
    assert first.returncode == 0, first.stdout + first.stderr
    again = fundperf("run", material, home=home)
    script = (
        "import sys, warehouse\n"
        "connection = warehouse.connect(sys.argv[1])\n"
        "query = 'select count(*) from dim_document'\n"
        "print(connection.execute(query).fetchone()[0], flush=True)\n"
        "sys.stdin.readline()\n"
        "print(connection.execute(query).fetchone()[0])\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    assert reader.stdout is not None
    before = reader.stdout.readline().strip()
    report = (SAMPLES / "xiping-tongcunlu.txt").read_text(encoding="utf-8")
    (material / "前一年.txt").write_text(report.replace("2022", "2021"), encoding="utf-8")
    (material / "无资金.txt").write_text(WITHOUT_MONEY, encoding="utf-8")
    (material / "坏.txt").write_bytes(b"")
    (material / "空白.txt").write_text("今天天气很好。", encoding="utf-8")
    started = time.monotonic()
    second = fundperf("run", material, home=home)
    seconds = time.monotonic() - started
    after = reader.communicate("go on\n", timeout=60)[0].split()
    return TwoRuns(home, material, seconds, first, again, second, [before, *after], reader.returncode)
