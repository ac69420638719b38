"""The invented projects of a synthetic archive: counties over the years, programmes, what stays over the years."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from benchmarks.archive_values import Row

HERE = Path(__file__).resolve().parent
OWN_WORDS = (
    "道路", "河道", "村口", "社区", "学校", "窗口", "机房", "线缆", "台账", "巡查", "班组", "夜间", "汛期", "春季",
    "验收", "培训", "走访", "更换", "检修", "登记", "拨付", "清点", "抽查", "复核", "公示", "调度", "会商", "入户",
    "山区", "坝区", "集镇", "片区", "东线", "西线", "老城", "新城", "渡口", "林场", "试点", "秋收",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A county over the years: what it is called and which code it has, by the first year that holds."""

    name: str
    versions: tuple[Row, ...]

    def as_of(self, year: int) -> Row | None:
        """The version of a year, or None where there is no such county then."""
        for version in self.versions:
            if int(version["from_year"] or 0) <= year <= int(version["to_year"] or 9999):
                return version
        return None


def read_places(count: int) -> list[Place]:
    """The first `count` counties of the list; ValueError where it has fewer."""
    with (HERE / "archive_counties.csv").open(encoding="utf-8") as handle:
        versions: dict[str, list[Row]] = {}
        for row in csv.DictReader(handle):
            versions.setdefault(row["place"], []).append(row)
    if count > len(versions):
        raise ValueError(f"the list has {len(versions)} counties, not {count}")
    return [Place(name, tuple(rows)) for name, rows in list(versions.items())[:count]]


def read_programmes(count: int) -> list[Row]:
    """The first `count` programmes of the list; ValueError where it has fewer."""
    with (HERE / "archive_programmes.csv").open(encoding="utf-8") as handle:
        programmes: list[Row] = list(csv.DictReader(handle))
    if count > len(programmes):
        raise ValueError(f"the list has {len(programmes)} programmes, not {count}")
    return programmes[:count]


class Project:
    """One project of one unit over its years."""

    def __init__(self, place: Place, place_number: int, programme: Row, unit_number: int, seed: int) -> None:
        self.place, self.programme, self.unit_number = place, programme, unit_number
        self.key = f"{place.name}|{programme['programme']}|{unit_number}"
        self.seed = f"{seed}|{self.key}"
        rng = random.Random(self.seed)
        self.yuan = Decimal(programme["yuan"]) * Decimal(rng.choice(("0.6", "0.8", "1", "1.2", "1.7")))
        self.size = Decimal(rng.choice(("0.6", "0.8", "1", "1.1", "1.5")))
        self.copies_text = rng.random() < 0.15
        self.own_text = own_text(rng)
        self.serial = rng.randrange(10**12)
        self.name, self.sub_type = programme["project_name"], programme["sub_type"]
        # A name that tells the programme and not what is paid for.
        if place_number % 7 == 5 and programme["programme"] == "jinbao_line":
            self.name, self.sub_type = "金保工程专项经费", None
        # A county that changes what it pays for: leased lines first, then its own equipment.
        self.first_year, self.last_year = 0, 9999
        if place_number % 5 == 3:
            if programme["programme"] == "jinbao_line":
                self.last_year = 2021
            elif programme["programme"] == "jinbao_maintenance":
                self.first_year = 2022


def own_text(rng: random.Random) -> str:
    """A text of a report's own."""
    sentences = []
    for _ in range(rng.randrange(60, 110)):
        words = "".join(rng.choice(OWN_WORDS) for _ in range(rng.randrange(6, 12)))
        sentences.append(f"{words}{rng.randrange(2, 400)}处")
    return "；".join(sentences) + "。"
