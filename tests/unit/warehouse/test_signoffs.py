"""What stops a publication until a person signs, and what a signature is worth."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import warehouse
from ingest.errors import SignOffNeededError, UsageError
from tests.conftest import Call
from tests.support.small_archive import Report, write_build
from warehouse.commands import exit_codes
from warehouse.home import Home, find_home
from warehouse.release import Release, find_release, list_releases, publish
from warehouse.signoffs import Limits, keep_signoffs, read_limits, read_signoffs, read_waiting

NET = Report("金保网", 2020)
ROAD = Report("通村路", 2022, county="西平县", executed="500000.00", budget="500000.00")
DAY = datetime(2023, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home folder whose readers have two reports."""
    home = write_build(find_home(tmp_path / "home"), [NET, ROAD])
    publish(home, clock=lambda: DAY)
    return home


def _publish(home: Home, reports: Sequence[Report], days: int = 1, **facts: Any) -> Release:
    write_build(home, reports, **facts)
    return publish(home, clock=lambda: DAY + timedelta(days=days))


def _stopped(home: Home, reports: Sequence[Report], **facts: object) -> list[tuple[str, str, str]]:
    before = find_release(home)
    with pytest.raises(SignOffNeededError) as refusal:
        _publish(home, reports, **facts)
    assert before.release_id in refusal.value.en
    assert before.release_id in refusal.value.zh
    assert find_release(home) == before
    waiting = read_waiting(home)
    assert waiting is not None
    assert waiting.release_id == before.release_id
    return [(finding.what, finding.before, finding.after) for finding in waiting.findings]


def _sign(home: Home, keys: Sequence[str] = ()) -> int:
    waiting = read_waiting(home)
    assert waiting is not None
    return len(keep_signoffs(home, waiting, keys, reason="重复申报", signed_by="王某", signed_on=date(2023, 5, 2)))


def test_first_release_and_new_reports_need_no_signature(home: Home) -> None:
    new = Report("供水", 2022, county="青山县")
    release = _publish(home, [NET, ROAD, new])
    assert release.compared_with == "20230501T120000Z"
    assert release.differs["reports"] == {"appeared": 1}
    content = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))
    assert [row["project_name"] for row in content["reports"]] == ["供水"]
    assert content["signed_off"] == []
    assert read_waiting(home) is None


def test_vanished_project_stops_until_it_is_signed(home: Home) -> None:
    assert _stopped(home, [NET]) == [("vanished_project", "2022 500000.00", "")]
    assert _sign(home) == 1
    release = publish(home, clock=lambda: DAY + timedelta(days=2))
    assert find_release(home) == release
    [signed] = json.loads((release.folder / "diff.json").read_text(encoding="utf-8"))["signed_off"]
    assert (signed["signed_by"], signed["reason"], signed["signed_on"]) == ("王某", "重复申报", "2023-05-02")
    assert read_waiting(home) is None


def test_vanished_year_of_a_project_stops_too(home: Home) -> None:
    _publish(home, [NET, ROAD, replace(ROAD, year=2023)])
    assert _stopped(home, [NET, ROAD]) == [("vanished_report", "2023 500000.00", "")]


def test_withdrawn_report_is_named_as_the_cause(home: Home) -> None:
    _stopped(home, [NET], withdrawn=[ROAD.document_id])
    waiting = read_waiting(home)
    assert waiting is not None
    assert [finding.cause for finding in waiting.findings] == ["withdrawn"]


def test_signature_does_not_fit_another_finding(home: Home) -> None:
    _stopped(home, [NET])
    _sign(home)
    # The same project is gone once more, but then it had spent another sum.
    _publish(home, [NET, replace(ROAD, executed="500001.00")])
    assert _stopped(home, [NET]) == [("vanished_project", "2022 500001.00", "")]


def test_signature_is_no_licence_for_the_future(home: Home) -> None:
    _stopped(home, [NET])
    _sign(home)
    publish(home, clock=lambda: DAY + timedelta(days=1))
    _publish(home, [NET, ROAD], days=2)
    assert _stopped(home, [NET]) == [("vanished_project", "2022 500000.00", "")]


def test_total_that_moves_without_another_document_stops(home: Home) -> None:
    moved = replace(ROAD, executed="560000.00")
    assert _stopped(home, [NET, moved]) == [("swing_executed_yuan", "500000.00", "560000.00")]
    release = _publish(home, [NET, replace(ROAD, executed="549999.00")])
    assert release.differs["reports"] == {"moved": 1}


@pytest.mark.parametrize(
    ("executed", "is_stopped"), [("999999.00", False), ("1000001.00", True), ("250001.00", False), ("249999.00", True)]
)
def test_revised_report_may_move_a_total_further(home: Home, executed: str, is_stopped: bool) -> None:
    revised = replace(ROAD, executed=executed, document="doc-revised")
    if is_stopped:
        assert _stopped(home, [NET, revised]) == [("swing_executed_yuan", "500000.00", executed)]
    else:
        assert _publish(home, [NET, revised]).differs["causes"] == {"revised": 1}


def test_total_that_is_lost_is_a_swing_and_one_that_is_found_is_none(home: Home) -> None:
    assert _stopped(home, [NET, replace(ROAD, budget=None)]) == [("swing_budget_yuan", "500000.00", "")]
    _sign(home)
    publish(home, clock=lambda: DAY + timedelta(days=1))
    assert _publish(home, [NET, ROAD], days=2).differs["reports"] == {"moved": 1}


def test_new_report_of_the_same_county_and_year_is_no_swing(home: Home) -> None:
    another = replace(ROAD, project="危桥改造", executed="9000000.00", budget="9000000.00")
    assert _publish(home, [NET, ROAD, another]).differs["reports"] == {"appeared": 1}


def test_limits_are_reference_data(home: Home) -> None:
    assert read_limits(home) == Limits(Decimal("0.1"), Decimal("1"))
    home.reference.mkdir()
    (home.reference / "release_limits.csv").write_text("setting,value\nunexplained_total_change,0.5\n", "utf-8")
    assert read_limits(home) == Limits(Decimal("0.500000"), Decimal("1"))
    assert _publish(home, [NET, replace(ROAD, executed="560000.00")]).differs["reports"] == {"moved": 1}
    (home.reference / "release_limits.csv").write_text("setting,value\nunexplained_total_change,\n", "utf-8")
    with pytest.raises(UsageError) as refusal:
        read_limits(home)
    assert refusal.value.code == "limit_missing"
    (home.reference / "release_limits.csv").write_text("setting,value\nunexplained_change,0.5\n", "utf-8")
    with pytest.raises(UsageError, match="unexplained_total_change"):
        read_limits(home)


def test_what_waits_keeps_its_day_until_it_is_another(home: Home) -> None:
    _stopped(home, [NET])
    first = read_waiting(home)
    with pytest.raises(SignOffNeededError):
        publish(home, clock=lambda: DAY + timedelta(days=9))
    assert read_waiting(home) == first
    _stopped(home, [ROAD])
    assert read_waiting(home) != first


def test_single_findings_are_signed_by_their_keys(home: Home) -> None:
    _publish(home, [NET, ROAD, Report("救助"), Report("低保")])
    assert len(_stopped(home, [NET, ROAD])) == 2
    assert _sign(home, ["救助"]) == 1
    assert _sign(home, ["救助"]) == 0
    with pytest.raises(SignOffNeededError) as refusal:
        publish(home)
    findings = refusal.value.facts["findings"]
    assert isinstance(findings, list)
    assert [finding["key"] for finding in findings] == ["低保"]
    with pytest.raises(UsageError):
        _sign(home, ["没有"])


@pytest.mark.parametrize(
    "content",
    ["what,key\n", "release_id,what,key,subject,before,after,reason,signed_by,signed_on\na,b,c,d,e,f,,h,2023-05-01\n",
     "release_id,what,key,subject,before,after,reason,signed_by,signed_on\na,b,c,d,e,f,g,h,yesterday\n"],
)  # fmt: skip
def test_broken_file_is_refused_with_its_line(home: Home, content: str) -> None:
    home.signoffs.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as refusal:
        read_signoffs(home)
    assert str(home.signoffs) in refusal.value.zh


def test_damaged_current_release_is_compared_by_the_one_before(home: Home) -> None:
    second = _publish(home, [NET, ROAD, Report("救助")])
    second.file.chmod(0o644)
    second.file.write_bytes(b"no database")
    assert _publish(home, [NET, ROAD], days=2).compared_with == "20230501T120000Z"


def test_command_stops_tells_and_goes_on_after_the_signature(call: Call, home: Home) -> None:
    write_build(home, [NET])
    stopped = call("release", "--home", home.root)
    assert stopped.code == exit_codes.PEOPLE_NEEDED
    assert "通村路" in stopped.err
    assert "sign-off" in stopped.err
    state = json.loads(call("status", "--json", "--home", home.root).out)
    assert [finding["key"] for finding in state["release_waiting"]["findings"]] == ["通村路"]
    assert "项目消失：西平县 县局 通村路" in call("status", "--home", home.root, "--lang", "zh").out
    compared = json.loads(call("release", "diff", "--build", "--json", "--home", home.root).out)
    assert compared["counts"]["projects"] == {"vanished": 1}
    signed = call("release", "sign-off", "--by", "王某", "--reason", "重复申报", "--home", home.root)
    assert (signed.code, "1 findings signed off" in signed.out) == (0, True)
    with home.signoffs.open(encoding="utf-8", newline="") as handle:
        assert [line["signed_by"] for line in csv.DictReader(handle)] == ["王某"]
    published = call("release", "--home", home.root)
    assert published.code == 0
    assert "0 appeared, 1 vanished, 0 moved" in published.out
    assert json.loads(call("status", "--json", "--home", home.root).out)["release_waiting"] is None
    assert "Nothing waits" in call("release", "sign-off", "--by", "a", "--reason", "b", "--home", home.root).out
    with warehouse.connect(home.root) as connection:
        assert connection.execute("select count(*) from rpt_project_years").fetchone() == (1,)
    assert len(list_releases(home)) == 2


def test_two_releases_are_compared_by_the_command(call: Call, home: Home) -> None:
    assert call("release", "diff", "--home", home.root).code == exit_codes.FAILED
    second = _publish(home, [NET, ROAD, Report("救助")])
    shown = call("release", "diff", "--home", home.root)
    assert "reports: 1 appeared" in shown.out
    back = call("release", "diff", second.release_id, "20230501T120000Z", "--json", "--home", home.root)
    assert json.loads(back.out)["counts"]["reports"] == {"vanished": 1}
    assert call("release", "diff", "--build", second.release_id, "--home", home.root).code == exit_codes.USAGE
