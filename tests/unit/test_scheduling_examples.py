"""The examples of docs/scheduling.md do what the page says, as far as the system has what they need."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT
from warehouse.settings import Settings

PAGE = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_settings_shown_are_the_defaults() -> None:
    [text] = _blocks("toml")
    assert tomllib.loads(text) == asdict(Settings())


def test_the_task_of_windows_is_well_formed() -> None:
    [text] = _blocks("xml")
    task = ElementTree.fromstring(text.encode("utf-16"))
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == r"C:\fundperf\Scripts\fundperf.exe"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="the system has no systemd")
def test_systemd_accepts_service_and_timer(tmp_path: Path) -> None:
    service, timer = _blocks("systemd")
    service = service.replace("/opt/fundperf/bin/fundperf", sys.executable).replace("User=fundperf", "User=root")
    (tmp_path / "fundperf.service").write_text(service, encoding="utf-8")
    (tmp_path / "fundperf.timer").write_text(timer, encoding="utf-8")
    finished = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "fundperf.service"), str(tmp_path / "fundperf.timer")],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in finished.stderr.splitlines() if "fundperf" in line]
    assert (finished.returncode, complaints) == (0, []), finished.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="cron lines need a shell")
@pytest.mark.parametrize(("code", "is_mailed"), [(0, False), (1, True), (2, True), (3, False), (4, False), (137, True)])
def test_the_crontab_mails_failures_only(tmp_path: Path, code: int, is_mailed: bool) -> None:
    [text] = _blocks("crontab")
    [line] = [line for line in text.splitlines() if " run " in line]
    program = tmp_path / "fundperf"
    program.write_text(f"#!/bin/sh\necho printed\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    command = line.split(" ", 5)[5].replace("/opt/fundperf/bin/fundperf", str(program))
    command = command.replace("/srv/fundperf/last.log", str(tmp_path / "last.log"))
    # cron takes a percent sign for a new line.
    assert "%" not in command
    finished = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert finished.stdout == ("printed\n" if is_mailed else "")
