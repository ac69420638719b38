"""Text → number with unit, operator, range or date: exact, never a guess.

What is present and not understood is `unreadable` and keeps its text; what states no number is `qualitative`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.characters import fold
from ingest.records import Operator, ValueState, calendar_date

if TYPE_CHECKING:
    from ingest.lexicon import Lexicon

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PLAIN_NUMBER = re.compile(_NUMBER)
_YUAN_PER_UNIT = {
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "千元": Decimal(1_000),
    "元": Decimal(1),
}
_LARGEST_YUAN = Decimal(10) ** 16
# 1 480万元: blanks between the thousands, right behind a word; behind another blank they part two columns.
_SPACED_NUMBER = r"(?<=[^\d\s.,，])\d{1,3}(?: \d{3})+(?:\.\d+)?"
# 万 and 亿 without 元 are money only where nothing countable follows (9万人次, 31.7万平方米 are not).
_MONEY = re.compile(
    rf"(?<![\d.])(?<!\d,)(?P<number>{_SPACED_NUMBER}|{_NUMBER})(?P<unit>\s{{0,3}}(?:亿\s{{0,2}}元|万\s{{0,2}}元|千\s{{0,2}}元|元(?!旦|月)"
    r"|[亿万](?=$|[\s,，。.;；、:：)）资补专款经均已元的]|(?:19|20)\d{2}年)))"
)
_MAY_STATE_MONEY = re.compile("[元圆万亿]")
# What stands before a number and makes it the tail of something else: 5，000万元, 50～60万元, -5万元, 9?8万元.
_TAIL_OF_A_NUMBER = re.compile(r"(?:\d\s?[，,.。?？□~～至—–－-]\s?|\d\s|\d[eE]|[-－—]\s?)$")
_HIGHER_PART = re.compile(rf"(?<![\d.])(?<!\d,)(?P<number>{_NUMBER})\s?(?P<unit>[亿万])\s?$")
# 年初预算、执行数分别为100、85万元: one unit for all the numbers behind 分别.
_SHARING_A_UNIT = re.compile(rf"分别[为是]?\s?(?P<numbers>(?:(?:{_NUMBER})\s?[、和及与]\s?)+)$")
_BARE_NUMBER = re.compile(rf"(?<![\d.])(?<!\d,)(?:{_NUMBER})(?=\s*(?:[，。；;、）)]|,(?!\d{{3}})|$))", re.MULTILINE)
_LONGEST_ENUMERATION = 60
_CHINESE_MONEY = re.compile(
    r"(?<![\d.数几多第])(?:[一二三四五六七八九十百千万亿两零〇]{2,}元|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆]整?)(?![/每])"
)
# The numerals of cheques, which cannot be altered by a stroke.
_FORMAL_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_BELOW_TEN_THOUSAND = re.compile(
    r"(?:([一二三四五六七八九两])千)?(?:零?([一二三四五六七八九两])百)?(?:零?([一二三四五六七八九])?(十))?零?([一二三四五六七八九两])?"
)
_LIKE_MONEY = re.compile(
    # Runs are bounded: a long one, tried from each of its digits, would take the square of its length.
    r"(?<!\d)\d[\d.,，]{0,40}+\s*[余多]?\s*(?:[百千]?[万亿]|百|千)?余?\s{0,2}元(?!旦|月)"
    r"|(?<![一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟])[一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟]{1,20}[万亿]余?元"
)
_MONTH = r"(?P<{0}m>0?[1-9]|1[0-2])"
_DAY = r"(?P<{0}d>[12]\d|3[01]|0?[1-9])"
_DATE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})"
    rf"(?:\s*年(?:\s*{_MONTH.format('')}\s*月(?:\s*{_DAY.format('')}\s*日)?)?"
    rf"|\s*[-./]\s*{_MONTH.format('n')}\s*[-./]\s*{_DAY.format('n')}(?!\d))"
)
_PERIOD = re.compile(
    rf"(?P<y>(?:19|20)\d{{2}})年\s*{_MONTH.format('')}月?(?:{_DAY.format('')}日)?\s*[-—－–~～至到]+\s*"
    rf"(?:(?P<y2>(?:19|20)\d{{2}})年)?\s*{_MONTH.format('two_')}月(?:{_DAY.format('two_')}日)?"
)
_DEADLINE = re.compile(
    rf"(?P<y>(?:19|20)\d{{2}})年度?(?:{_MONTH.format('')}月)?(?:{_DAY.format('')}日)?(?:年?底|末)?(?:之?前|以前)?(?:完成)?"
)
_VALUE = re.compile(
    rf"(?:百分之)?(?P<low>{_NUMBER})\s*(?P<low_unit>%|‰)?\s*(?:[-—－–~～至]+\s*(?P<high>{_NUMBER}))?\s*(?P<unit>.*)"
)
_HAS_A_NUMBER = re.compile(r"\d|百分之|[一二三四五六七八九十百千两]{2,}")
_OPERATORS: dict[str, Operator] = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "=": "="}
_UNIT = re.compile(r"[^\d\s,，。；;:：<>≥≤=]{0,10}")
# An approximate number (百余人, 50+) is no exact one, and O or l beside a digit is a misread digit.
# A length of time and a rate per time are units (≥5年, 3个月, 2次/年); a month or a day of the calendar is not.
_TIME_UNIT = re.compile(r"个(?:月|季度|工作日|自然日)|工作日|(?<=[/·])(?:年|月|日|季度)$")
_LONGEST_TERM_IN_YEARS = 1000
_NO_UNIT = re.compile(r"完成|达到|顺利|已|年|月|日|季度|至|到|和|及|^[余多几+OoIl]|左右|上下")


@dataclass(frozen=True, slots=True)
class Money:
    """A sum of money in a text. `is_price` marks a sum per something (元/亩), which is no funding."""

    amount_yuan: Decimal
    number: Decimal
    unit: str
    as_written: str
    start: int
    end: int
    is_price: bool


@dataclass(frozen=True, slots=True)
class UnreadMoney:
    """Something that looks like money and could not be read as one exact sum."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text, as precise as printed: `2020`, `2020-09` or `2020-09-03`."""

    iso: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A target or an actual value as read; the printed text is kept by the caller."""

    state: ValueState
    operator: Operator | None = None
    value: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    date_from: str | None = None
    date_to: str | None = None


BLANK = Quantity("blank")
QUALITATIVE = Quantity("qualitative")
UNREADABLE = Quantity("unreadable")


def parse_decimal(text: str) -> Decimal | None:
    """A plain number, with thousands commas in the right places; None for anything else."""
    folded = fold(text).strip()
    if not _PLAIN_NUMBER.fullmatch(folded):
        return None
    return Decimal(folded.replace(",", ""))


def to_yuan(number: Decimal, unit: str) -> Decimal | None:
    """A number of 元, 千元, 万元 or 亿元 in yuan, half-up to two places.

    None for another unit, and for a sum that no amount column could hold.
    """
    factor = _YUAN_PER_UNIT.get("".join(unit.split()))
    if factor is None or abs(number * factor) >= _LARGEST_YUAN:
        return None
    return (number * factor).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def find_money(text: str) -> list[Money]:
    """Every sum of money in a text, in the order of the text.

    A sum in two units is one (3亿5000万元), numbers behind 分别 share the unit of the last, and exact Chinese numerals
    are read (八百万元). The tail of a number that was not understood as a whole is no sum.
    """
    return list(_sums_in(text))


@lru_cache(maxsize=512)
def _sums_in(text: str) -> tuple[Money, ...]:
    """Remembered: what is read of a statement is asked again for what could not be read."""
    if not _MAY_STATE_MONEY.search(text):
        return ()
    folded = fold(text)
    found = []
    for match in _MONEY.finditer(folded):
        money = _money_at(match, folded, text)
        if money is not None:
            found += [*_sharing_its_unit(money, folded, text), money]
    return tuple(sorted([*found, *_chinese_money(text)], key=lambda money: money.start))


def find_bare_money(text: str, unit: str) -> list[Money]:
    """The numbers that stand alone before a mark or the end, as sums in a unit that was declared elsewhere."""
    found = []
    for match in _BARE_NUMBER.finditer(fold(text)):
        number = parse_decimal(match.group())
        amount = to_yuan(number, unit) if number is not None else None
        if number is not None and amount is not None:
            start, end = match.span()
            found.append(Money(amount, number, unit, text[start:end], start, end, is_price=False))
    return found


def _money_at(match: re.Match[str], folded: str, text: str) -> Money | None:
    unit = "".join(match["unit"].split())
    number, start = parse_decimal(match["number"].replace(" ", "")), match.start()
    amount = None if number is None else to_yuan(number, unit)
    higher = _HIGHER_PART.search(folded[max(0, start - 20) : start])
    if higher is not None and amount is not None:
        above = to_yuan(parse_decimal(higher["number"]) or Decimal(0), higher["unit"])
        amount = above + amount if above is not None and amount < above else None
        number, unit = amount, "元"
        start -= len(higher.group())
    if number is None or amount is None or _TAIL_OF_A_NUMBER.search(folded[max(0, start - 4) : start]):
        return None
    is_price = folded[match.end() : match.end() + 1] in ("/", "每")
    return Money(amount, number, unit, text[start : match.end()], start, match.end(), is_price)


def _sharing_its_unit(money: Money, folded: str, text: str) -> list[Money]:
    """The bare numbers before a sum that take their unit from it."""
    first = max(0, money.start - _LONGEST_ENUMERATION)
    listed = _SHARING_A_UNIT.search(folded[first : money.start])
    found = []
    for match in _PLAIN_NUMBER.finditer(listed["numbers"]) if listed else ():
        number = parse_decimal(match.group())
        amount = to_yuan(number, money.unit) if number is not None else None
        if listed is None or number is None or amount is None:
            return []
        start, end = (first + listed.start("numbers") + place for place in match.span())
        found.append(Money(amount, number, money.unit, text[start:end], start, end, money.is_price))
    return found


def _chinese_money(text: str) -> list[Money]:
    found = []
    for match in _CHINESE_MONEY.finditer(text):
        number = chinese_number(match.group().rstrip("元圆整").translate(_FORMAL_NUMERALS))
        amount = to_yuan(number, "元") if number is not None else None
        if number is not None and amount is not None:
            found.append(Money(amount, number, "元", match.group(), match.start(), match.end(), is_price=False))
    return found


def chinese_number(printed: str) -> Decimal | None:
    """一千二百三十万 → 12300000; None for what is no well-formed number (千百万)."""
    total = Decimal(0)
    for unit, factor in (("亿", 100_000_000), ("万", 10_000)):
        higher, mark, printed = printed.rpartition(unit) if unit in printed else ("", "", printed)
        part = _chinese_below_ten_thousand(higher) if mark else 0
        if part is None or (mark and part == 0):
            return None
        total += part * factor
    rest = _chinese_below_ten_thousand(printed) if printed else 0
    return None if rest is None else total + rest


def _chinese_below_ten_thousand(printed: str) -> int | None:
    well_formed = _BELOW_TEN_THOUSAND.fullmatch(printed)
    if not printed or well_formed is None:
        return None
    thousands, hundreds, tens, ten, ones = well_formed.groups()
    digits = _CHINESE_DIGITS
    return (
        (digits[thousands] * 1000 if thousands else 0)
        + (digits[hundreds] * 100 if hundreds else 0)
        + ((digits[tens] if tens else 1) * 10 if ten else 0)
        + (digits[ones] if ones else 0)
    )


def find_unread_money(text: str) -> list[UnreadMoney]:
    """What looks like money and is in no sum that `find_money` reads: 50～60万元, 20万余元, 八百万元."""
    read = _sums_in(text)
    ends = [money.end for money in read]
    unread = []
    for match in _LIKE_MONEY.finditer(fold(text)):
        following = bisect_right(ends, match.start())
        if following == len(read) or read[following].start >= match.end():
            unread.append(UnreadMoney(text[match.start() : match.end()], match.start(), match.end()))
    return unread


def find_dates(text: str) -> list[PrintedDate]:
    """Every date with a year in a text; a bare year counts as a date of that year. What no calendar has is no date."""
    dates = []
    for match in _DATE.finditer(fold(text)):
        iso = _iso(match["y"], match["m"] or match["nm"], match["d"] or match["nd"])
        if _is_in_the_calendar(iso):
            dates.append(PrintedDate(iso, match.start(), match.end()))
    return dates


def parse_value(text: str | None, lexicon: Lexicon) -> Quantity:
    """Read a target or an actual value: operator, number, range, unit, date or period.

    `≥50个` is parsed, `达成预期指标` is qualitative, `3月底前完成80%以上` is unreadable.
    """
    folded = fold(text or "").strip().rstrip("。；;，,、").strip()
    if not folded or lexicon.canonical("empty_value", folded) is not None:
        return BLANK
    return _parse_dates(folded) or _parse_number(folded, lexicon) or _unparsed(folded)


def _unparsed(text: str) -> Quantity:
    return UNREADABLE if _HAS_A_NUMBER.search(text) else QUALITATIVE


def _iso(*parts: str | None) -> str:
    return "-".join(part.zfill(2) for part in parts if part)


def _is_in_the_calendar(iso: str) -> bool:
    try:
        calendar_date(iso)
    except ValueError:
        return False
    return True


def _parse_dates(text: str) -> Quantity | None:
    period = _PERIOD.fullmatch(text)
    if period:
        first = _iso(period["y"], period["m"], period["d"])
        last = _iso(period["y2"] or period["y"], period["two_m"], period["two_d"])
        is_period = _is_in_the_calendar(first) and _is_in_the_calendar(last)
        return Quantity("parsed", "range", date_from=first, date_to=last) if is_period else UNREADABLE
    deadline = _DEADLINE.fullmatch(text)
    if deadline:
        last = _iso(deadline["y"], deadline["m"], deadline["d"])
        return Quantity("parsed", "by_date", date_to=last) if _is_in_the_calendar(last) else UNREADABLE
    return None


def _parse_number(text: str, lexicon: Lexicon) -> Quantity | None:
    operator, rest = _split_operator(text, lexicon)
    body = _VALUE.fullmatch(rest)
    if body is None:
        return None
    unit = body["unit"].strip()
    behind = lexicon.trailing("operator_behind", unit)
    if behind is not None:
        if operator is not None:
            return None
        operator, unit = _OPERATORS[behind.canonical], unit[: behind.start].strip()
    unit = unit or body["low_unit"] or ""
    if unit == "百分比" or rest.startswith("百分之"):
        unit = "%"
    if body["low_unit"] and unit != body["low_unit"]:
        return None
    low, high = parse_decimal(body["low"]), parse_decimal(body["high"] or "")
    if low is None or not fits(low) or (high and not fits(high)) or not _is_unit(unit, high or low, operator):
        return None
    if high is not None and (operator is not None or high < low):
        return None
    return Quantity("parsed", "range" if high is not None else operator, low, high, unit or None)


def _is_unit(text: str, number: Decimal, operator: Operator | None) -> bool:
    """Whether a text measures the number: 年 measures a term, no calendar year; 日 a term only behind a comparator."""
    if text == "年":
        return number < _LONGEST_TERM_IN_YEARS
    if text == "日":
        return operator is not None
    return _UNIT.fullmatch(text) is not None and _NO_UNIT.search(_TIME_UNIT.sub("", text)) is None


def _split_operator(text: str, lexicon: Lexicon) -> tuple[Operator | None, str]:
    rest = text
    lead = lexicon.leading("value_lead", rest)
    if lead is not None:
        rest = rest[lead.end :].strip()
    operator = lexicon.leading("operator", rest)
    if operator is not None:
        return _OPERATORS[operator.canonical], rest[operator.end :].strip()
    return None, rest


def fits(value: Decimal, whole: int = 18, places: int = 6) -> bool:
    """Whether a field of the contract holds a number exactly: its digits before and behind the point."""
    return abs(value) < 10**whole and value == round(value, places)
