"""Wordings are data: packaged lines, a user's own lines on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import UsageError
from ingest.lexicon import Lexicon, Wording, load_lexicon, read_wordings


def test_the_longest_wording_wins_at_each_place(lexicon: Lexicon) -> None:
    hits = lexicon.find("stage", "年初预算数18万元，全年执行数18万元")
    assert [(hit.canonical, hit.wording) for hit in hits] == [
        ("initial_budget", "年初预算数"),
        ("executed", "全年执行数"),
    ]


def test_a_leading_wording_begins_the_text_and_is_not_hidden(lexicon: Lexicon) -> None:
    hit = lexicon.leading("stage", "年初预算数18万元，全年执行数18万元")
    assert hit is not None
    assert (hit.wording, hit.start, hit.end) == ("年初预算数", 0, 5)
    assert lexicon.leading("stage", "3月支付18万元") is None
    assert lexicon.leading("stage", "转移支付18万元") is None


def test_a_trailing_wording_ends_the_text(lexicon: Lexicon) -> None:
    hit = lexicon.trailing("operator_behind", "天以上")
    assert hit is not None
    assert (hit.canonical, hit.start) == (">=", 1)
    assert lexicon.trailing("operator_behind", "以上天") is None


def test_labels_are_found_through_inner_spaces(lexicon: Lexicon) -> None:
    hit = lexicon.first("column", "实 际 完 成 值 15")
    assert hit is not None
    assert (hit.canonical, hit.start, hit.end) == ("actual", 0, 9)


def test_a_hiding_wording_hides_the_shorter_one(lexicon: Lexicon) -> None:
    assert lexicon.find("stage", "转移支付") == []
    assert lexicon.find("stage", "支付")[0].canonical == "executed"


def test_a_title_is_known_by_the_wording_that_covers_it(lexicon: Lexicon) -> None:
    assert lexicon.covering("section", "存在的问题") == "problem"
    assert lexicon.covering("section", "其他需要说明的问题") == "other_notes"
    assert lexicon.covering("section", "资金管理办法制定情况，资金支持具体项目的条件") == "management_rules"
    assert lexicon.covering("section", "道路硬化") is None


def test_own_lines_win_over_packaged_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "role,canonical,wording,seen_in\nstage,planned,执行数,某县\nstage,received,进账,某县\n", encoding="utf-8"
    )
    lexicon = load_lexicon(tmp_path)
    assert [hit.canonical for hit in lexicon.find("stage", "进账18万元")] == ["received"]
    assert lexicon.canonical("stage", "执行数") == "planned"


def test_blanks_in_a_wording_are_those_of_a_printed_label() -> None:
    lexicon = Lexicon([Wording("stage", "executed", "已 兑付")])
    assert [lexicon.find("stage", text)[0].canonical for text in ("已兑付5万元", "已 兑 付5万元")] == ["executed"] * 2
    assert lexicon.canonical("stage", "已兑付") == "executed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "role,wording\nstage,支出\n".encode(),
        "role,canonical,wording,seen_in\nstage,,支出,某县\n".encode(),
        "role,canonical,wording,seen_in\nstage,executed, ,某县\n".encode(),
        b"role,canonical,wording,seen_in\nstage\n",
        "role,canonical,wording,seen_in\nstage,executed,支出,某县\n".encode("gb18030"),
        b"role,canonical,wording,seen_in\nstage,executed," + b"9" * 200_000,
    ],
)
def test_a_broken_lexicon_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"mine\.csv"):
        read_wordings(path)


def test_no_wording_of_one_role_and_punctuation_has_two_meanings() -> None:
    meanings: dict[tuple[str, str], set[str]] = {}
    folder = Path(__file__).parents[2] / "data" / "reference" / "lexicon"
    for path in sorted(folder.glob("*.csv")):
        for entry in read_wordings(path):
            meanings.setdefault((entry.role, entry.wording), set()).add(entry.canonical)
    assert {key: names for key, names in meanings.items() if len(names) > 1} == {}


def test_an_unknown_role_finds_nothing() -> None:
    lexicon = Lexicon([Wording("stage", "executed", "支出")])
    assert lexicon.find("nothing", "支出") == []
    assert lexicon.covering("nothing", "支出") is None


def test_every_role_of_the_lexicon_is_asked_for_somewhere() -> None:
    """A line of data that no code reads looks like knowledge and is none."""
    root = Path(__file__).parents[2]
    code = "\n".join(path.read_text(encoding="utf-8") for path in (root / "ingest").rglob("*.py"))
    roles = {
        entry.role for path in (root / "data" / "reference" / "lexicon").glob("*.csv") for entry in read_wordings(path)
    }
    assert {role for role in roles if f'"{role}"' not in code} == set()
