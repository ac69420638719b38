"""How well a piece of text suits a column of the indicator block, as a cost: 0 is what the column is made for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.extraction.forms.flattened import arithmetic
from ingest.extraction.forms.flattened.times import Times
from ingest.extraction.forms.flattened.tokens import HAN
from ingest.extraction.wordings import any_word
from ingest.lexicon import Lexicon
from ingest.quantities import parse_decimal

IMPOSSIBLE = 60.0
IGNORED_KINDS = frozenset({"ignored", "share", "yes_or_no", "other_value"})
"""Columns that are no part of the record, by what stands in them."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_AMOUNT = re.compile(
    r"(?P<operator>[≥≧≤≦>=<═＝＜＞~约]{0,2})(?P<number>\d[\d,]*(?:\.\d+)?)(?P<percent>[%‰])?"
    r"(?:[-—－~～至](?P<high>\d[\d,]*(?:\.\d+)?)(?:[%‰])?)?(?P<unit>[^\d≥≧≤≦>=<═%‰]*)"
)
_DATE = re.compile(
    r"(?:\d{4}年|每个?月|每年|次月|次年|当月|当年|翌年)?(?:\d{1,2}月?[-—－~～至])?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:年?(?:底|末|内)|上旬|中旬|下旬)?(?:之?前|以前)?(?:完成|到位|发放)?"
)
_ISO_DATE = re.compile(r"\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?")
_OPERATOR = re.compile(r"[≥≧≤≦>=<═＝＜＞]{1,2}")
# What was to be the next item: 指标2.
_NEXT_ITEM = re.compile(r"指标\d")
_PERCENTAGE = re.compile(r"\d[%‰]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w")
_IN_BRACKETS = re.compile(r"[（(【\[][^（()）【】\[\]]*[)）】\]]")
_OPENING, _CLOSING = "（(【[《“", "）)】]》”"
_ITEM_MARK = re.compile(
    r"(?:指标\s*\d{1,2}\s*[:：.、．]?|\d{1,2}(?:[)）、]|\.(?!\d))|[（(]\d{1,2}[)）]|[①-⑳]|[★☆*]|其中[:：]?)"
)
_ITEM_MARK_INSIDE = re.compile(r"指标(?=\d)|[①-⑳★☆]|其中[:：]")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{1,4})?分?")
_SHARE = re.compile(r"\d{1,4}(?:\.\d{1,4})?%?")
POINTS_WITHOUT_DIGITS = "分"
"""What is left of `20分` where a page has lost its digits."""
_LONGEST_UNIT = 6
_LONGEST_NAME = 60
_LONGEST_IN_NAME = 5
_SHORT_UNIT = 1
_FOLLOWED_BY_WORDS = re.compile(r"(?![年月日])[\u3400-\u9fff]")
_RATE_OF_UNIT = re.compile(r"[\u3400-\u9fff]{0,3}[/·]")
_REMEMBERED = 20_000
_POINTS_DECIMALS = 2
# A text that costs less as a value is a number, a date or a known word.
_SURE = 1.0
# 竣工时间汛期前: the name has taken in its target.
_TIME_IN_NAME = 1.2


@dataclass(frozen=True, slots=True)
class CellFacts:
    """What a value says of itself: its number, what stands behind that, and whether it is a value at all.

    `doubt` is what the value costs as a value.
    """

    text: str
    number: Decimal | None
    unit: str
    doubt: float
    is_time: bool = False

    @property
    def is_value(self) -> bool:
        """Whether it is a number, a date or a known word."""
        return self.doubt < _SURE


class CellKinds:
    """Costs of cells by column; wordings of values and units come from the lexicon.

    Answers are remembered: the same cell is weighed in many rows.
    """

    def __init__(self, lexicon: Lexicon, *, is_glued: bool = False) -> None:
        """`is_glued`: nothing separates the cells, so that a piece counts only where it looks like its column."""
        self._is_glued = is_glued
        self._digits_in_words = 2.0 if is_glued else 1.0
        plain, degrees = lexicon.wordings("form_plain_value"), lexicon.wordings("form_value_degree")
        # 较显著, 基本健全: a known word with a word of degree before it.
        self._plain = _one_of(plain, before=f"(?:{_one_of(degrees).pattern})?")
        self._plain_inside = re.compile(f"(?=({self._plain.pattern}))")
        self._natures = set(lexicon.wordings("form_nature"))
        self._yes_or_no = set(lexicon.wordings("form_yes_or_no"))
        self._units = {*lexicon.wordings("measure"), *lexicon.wordings("form_measure"), "%"}
        self._leads = tuple(
            wording
            for role in ("operator", "value_lead")
            for wording in lexicon.wordings(role)
            if HAN.search(wording) and len(wording) > 1
        )
        known = _one_of(self._units)
        # 元/人·月, 万元/座: rates of known units.
        self._compound_unit = re.compile(
            f"{known.pattern}(?:[/／·每]?{known.pattern}|[/／·][\u3400-\u9fff]{{1,3}}){{1,2}}"
        )
        self._times = Times(lexicon)
        self._trails = tuple(lexicon.wordings("operator_behind"))
        self._tails = tuple(lexicon.wordings("form_name_tail"))
        self._endings = [re.compile(f"(?P<tail>{re.escape(tail)}){POINTS_WITHOUT_DIGITS}?") for tail in self._tails]
        self._lead = _one_of(self._leads)
        self._costs: dict[tuple[str, str], float] = {}
        self._facts: dict[str, CellFacts] = {}

    def cost(self, column: str, text: str) -> float:
        """The cost of a text (without white space) in a column; `IMPOSSIBLE` where it cannot stand."""
        key = (column, text)
        cost = self._costs.get(key)
        if cost is None:
            if len(self._costs) >= _REMEMBERED:
                self._costs.clear()
            cost = self._costs[key] = self._cost(column, text)
        return cost

    def facts(self, text: str) -> CellFacts:
        """The facts of a text (without white space)."""
        facts = self._facts.get(text)
        if facts is None:
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            facts = CellFacts(text, _number_in(text), _unit_of(text), self.cost("target", text), self._is_time(text))
            self._facts[text] = facts
        return facts

    def _cost(self, column: str, text: str) -> float:
        if column == "name":
            return self._name(text)
        if column in ("target", "actual"):
            return self._value(text)
        if column in ("weight", "score"):
            return self._points(column, text)
        if column == "nature":
            return 0.0 if _OPERATOR.fullmatch(text) or text in self._natures else IMPOSSIBLE
        if column == "measure":
            return self._unit(text)
        if column == "deviation_reason":
            return self._reason(text)
        if column == "share":
            return IMPOSSIBLE if not _SHARE.fullmatch(text) else 0.0 if text.endswith("%") else 0.4
        if column == "yes_or_no":
            return 0.0 if text in self._yes_or_no else IMPOSSIBLE
        if column in ("other_value", "adjusted_target"):
            return self._value(text) + 0.3
        return 0.2 if len(text) < _LONGEST_NAME else 3.0

    def _value(self, text: str) -> float:
        """A target or an actual value: a number with operator and unit, a date, a known word; else plain words."""
        if self._is_time(text):
            return 0.2
        if _NEXT_ITEM.search(text):
            return IMPOSSIBLE
        amount = _AMOUNT.fullmatch(text)
        if amount is None and (lead := self._lead.match(text)) is not None:
            amount = _AMOUNT.fullmatch(text[lead.end() :])
        if amount is not None:
            return self._amount(amount)
        if self._plain.fullmatch(text):
            return 0.3
        if not HAN.search(text):
            return IMPOSSIBLE if _OPERATOR.fullmatch(text) or _NUMBER.fullmatch(text) else 4.0
        cost = 1.3 + 0.03 * len(text) + (self._digits_in_words if _DIGIT.search(text) else 0.0) + _unbalanced(text)
        return cost + (self._unlikely_words(text) if self._is_glued else 0.0)

    def _is_time(self, text: str) -> bool:
        return any(date.fullmatch(text) for date in (_DATE, _ISO_DATE)) or self._times.covers(text)

    def _unlikely_words(self, text: str) -> float:
        """What was cut off a number or a sentence: a unit, a single character, half of a known word."""
        begins_as_unit = text in self._units or self._compound_unit.match(text) is not None
        return 2.0 if begins_as_unit or len(text) < 2 or not HAN.match(text) else 0.5

    def is_unit(self, text: str) -> bool:
        """Whether a text is nothing but a unit: 家, %, 元/人."""
        unit = next((text.removesuffix(trail) for trail in self._trails if text.endswith(trail)), text)
        return unit in self._units or self._compound_unit.fullmatch(unit) is not None

    def ends_like_name(self, text: str) -> bool:
        """Whether a text ends as names of indicators do (人数, 率)."""
        return text.endswith(self._tails)

    def is_name_ending(self, text: str) -> bool:
        """Whether a text is nothing but the end of a name: 标准 behind 人均资助."""
        return text in self._tails

    def limits_of_words(self, text: str, *, has_digits: bool) -> set[int]:
        """Where a cell may end inside words that nothing separates: about known values, doubled ones, marks of items.

        Without any digits, names can only be told apart by how they end (人数, 率).
        """
        limits = {place for match in _ITEM_MARK_INSIDE.finditer(text) for place in (match.start(), match.end())}
        for match in self._plain_inside.finditer(text):
            if len(match[1]) > 1:
                limits.update((match.start(1), match.end(1)))
        for length in range(1, len(text) // 2 + 1):
            if text[-length:] == text[-2 * length : -length]:
                limits.update((len(text) - length, len(text) - 2 * length))
        # 大于等于 before a number begins its target.
        limits.update(len(text) - len(lead) for lead in self._leads if text.endswith(lead))
        if not has_digits:
            for ending in self._endings:
                for match in ending.finditer(text):
                    limits.update((match.end("tail"), match.end()))
        return limits

    def limits_of_times(self, text: str) -> tuple[set[int], set[int]]:
        """Where a cell may end about the times of a text that nothing separates; then where it may not."""
        return self._times.limits(text)

    def begins_item(self, text: str) -> bool:
        """Whether a text begins with the mark of an item."""
        return _ITEM_MARK.match(text) is not None

    def says_something(self, text: str) -> bool:
        """Whether anything is left of a text without the mark of an item (`指标1：` with nothing behind it)."""
        return _WORD.search(_ITEM_MARK.sub("", text, count=1)) is not None

    def _amount(self, amount: re.Match[str]) -> float:
        number = amount["number"]
        if "," not in number and not arithmetic.is_printed_number(number):
            return 5.0
        unit = amount["unit"]
        unit = next((unit.removesuffix(trail) for trail in self._trails if unit.endswith(trail)), unit)
        cost = 0.0 if amount["operator"] or amount["percent"] else 0.1
        if not unit or unit in self._units or self._compound_unit.fullmatch(unit):
            return cost
        if self._is_glued:
            return cost + 1.5 + 0.3 * len(unit)
        if amount["percent"]:
            return cost + 1.0 + 0.3 * len(unit)
        return cost + (0.4 + 0.15 * len(unit) if len(unit) <= _LONGEST_UNIT else 1.0 + 0.25 * len(unit))

    def _name(self, text: str) -> float:
        mark = _ITEM_MARK.match(text)
        body = text[mark.end() :] if mark else text
        if _NEXT_ITEM.search(body):
            return IMPOSSIBLE
        if len(HAN.findall(body)) < 2:
            return IMPOSSIBLE if not HAN.search(body) else 4.0
        if self._is_glued and body in self._leads:
            return IMPOSSIBLE
        if self._value(body) < 0.5:
            return 3.5
        # 8.012.购置: the second item, hardly the twelfth.
        is_high = mark is not None and self._is_glued and mark.group()[:2].isdigit()
        cost = 0.3 if is_high else -0.4 if mark else 0.0
        if body[0].isdigit():
            cost += 1.2
        elif not HAN.match(body[0]) and not body[0].isalpha() and body[0] not in _OPENING:
            cost += 4.0
        outside = _outside_brackets(body)
        cost += 2.5 * len(_OPERATOR.findall(outside)) + 1.5 * len(_PERCENTAGE.findall(outside))
        cost += 0.5 * len(_NUMBER.findall(outside))
        if self._is_glued:
            cost += _unlikely_name(body, outside) + (_TIME_IN_NAME if self._times.ends(body) else 0.0)
        cost += _unbalanced(body) + (2.5 if body.endswith(self._leads) else 0.0)
        cost += 0.05 * max(0, len(body) - 20) + (30.0 if len(body) > _LONGEST_NAME else 0.0)
        return cost - (0.3 if body.endswith(self._tails) else 0.0)

    def _points(self, column: str, text: str) -> float:
        if not _POINTS.fullmatch(text):
            return IMPOSSIBLE
        number = text.removesuffix("分")
        points = parse_decimal(number)
        if points is None or not arithmetic.is_printed_number(number) or points > 100:
            return IMPOSSIBLE
        if arithmetic.decimals(number) > _POINTS_DECIMALS:
            return 2.0
        if column == "score":
            return 0.0 if points <= 50 else 1.0
        if points == 0:
            return 2.0
        is_usual = points <= 30 and points == round(points * 2) / Decimal(2)
        return 0.0 if is_usual else 0.4 if points <= 50 else 1.5

    def _unit(self, text: str) -> float:
        if text in self._units:
            return 0.0
        if _DIGIT.search(text) or len(text) > 8:
            return IMPOSSIBLE
        if self._compound_unit.fullmatch(text):
            return 0.1
        return (2.0 if self._is_glued else 0.3) + 0.2 * len(text)

    def _reason(self, text: str) -> float:
        if not HAN.search(text) or _NEXT_ITEM.search(text):
            return IMPOSSIBLE
        # A reason that holds operators and percentages is a row that was not told apart.
        figures = len(_OPERATOR.findall(text)) + len(_PERCENTAGE.findall(text))
        return 0.2 if text == "无" else 0.8 + 0.8 * figures + 0.005 * len(text)


@lru_cache(maxsize=8)
def cell_kinds(lexicon: Lexicon, *, is_glued: bool) -> CellKinds:
    """The kinds of cells by a lexicon; made once, so that its answers are remembered from document to document."""
    return CellKinds(lexicon, is_glued=is_glued)


def _one_of(wordings: Iterable[str], *, before: str = "") -> re.Pattern[str]:
    """A pattern for any of some wordings, the longest first."""
    return re.compile(before + any_word(wordings))


def _number_in(text: str) -> Decimal | None:
    match = _NUMBER.search(text)
    return parse_decimal(match.group()) if match else None


def _unit_of(text: str) -> str:
    """What stands behind the number of a value."""
    match = _AMOUNT.fullmatch(text)
    return (match["percent"] or "") + match["unit"] if match else ""


def _unlikely_name(body: str, outside: str) -> float:
    """The values of the row before, or a level's label, in what would be a name."""
    if not (body[0].isalnum() or body[0] in _OPENING):
        return IMPOSSIBLE
    numbers = list(_NUMBER.finditer(outside))
    cost = 1.5 * max(0, len(numbers) - 1)
    for number in numbers:
        # PM2.5 and 10kV are names; 亩222.高标准农田 holds the row before.
        is_strange = "." in number.group() and not outside[: number.start()][-1:].isascii()
        is_behind_unit = 0 < number.start() <= _SHORT_UNIT
        # 建设情况健全108环境面貌 holds a row's points; 截至2023年底 is a name.
        is_points = (
            number.start() > 0 and len(number.group()) > 1 and bool(_FOLLOWED_BY_WORDS.match(outside, number.end()))
        )
        is_long = len(number.group()) > _LONGEST_IN_NAME
        cost += 2.5 if is_long or is_strange or is_behind_unit or is_points else 0.0
    return cost + (2.5 if "指标" in body or _RATE_OF_UNIT.match(body) else 0.0)


def _outside_brackets(text: str) -> str:
    return _IN_BRACKETS.sub("", text)


def _unbalanced(text: str) -> float:
    opened = sum(text.count(mark) for mark in _OPENING)
    closed = sum(text.count(mark) for mark in _CLOSING)
    return 3.0 * abs(opened - closed)
