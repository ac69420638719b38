"""A cell's number as its spreadsheet shows it: 0.95 with the format `0%` is 95%."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

GENERAL = "General"
# The formats that a workbook names by number only; 14–36 as the Chinese edition shows them.
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0;-", 42: "#,##0;-#,##0;-",
    43: "#,##0.00;-#,##0.00;-", 44: "#,##0.00;-#,##0.00;-", 45: "mm:ss", 47: "mm:ss", 49: "@", 50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_NOT_SHOWN = re.compile(r"_.|\*.|\[(?!h+\]|m+\]|s+\])(?:\$([^\]-]*)[^\]]*|[^\]]*)\]")
_PIECES = re.compile(
    r'"([^"]*)"|\\(.)|(AM/PM|A/P|上午/下午|e+|y+|m+|d+|h+|s+|\[h+\]|\.0+)|([0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)|(.)',
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_IS_DATE = re.compile(r"[ymdhs]|上午", re.IGNORECASE)
_LONGEST_GENERAL = 15
# Exact decimals have 28 digits.
_MOST_DIGITS = 26
_LATEST_SERIAL = 2_958_466


@lru_cache(maxsize=256)
def is_date_format(code: str) -> bool:
    """Whether a format shows a number as a date or a time."""
    return code != GENERAL and bool(_IS_DATE.search(_QUOTED.sub("", code.split(";")[0])))


def display(value: float, code: str, *, from_1904: bool = False) -> str:
    """The number as the format shows it; a format that is not understood shows it plainly.

    Args:
        value: the stored number; a date is its count of days.
        code: the format, e.g. `0.00%`.
        from_1904: whether days are counted from 1904 on (workbooks from old Macs).
    """
    if is_date_format(code):
        return _date(value, code, 1462 if from_1904 else 0)
    section = _section(value, code)
    if section.strip().lower() in ("general", "@", "", "g/通用格式"):
        return plain(value)
    return _number(value, section, is_signed=len(code.split(";")) == 1 or value >= 0)


def plain(value: float) -> str:
    """The number without a format: no exponent, no trailing zeros, and none of the dust of binary fractions."""
    number = Decimal(f"{value:.{_LONGEST_GENERAL}g}")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(value: float, code: str) -> str:
    """The part of a format for positive, negative or zero."""
    parts = _split(code)
    if value < 0 and len(parts) > 1:
        return parts[1]
    if value == 0 and len(parts) > 2:
        return parts[2]
    return parts[0]


@lru_cache(maxsize=256)
def _split(code: str) -> tuple[str, ...]:
    parts = [""]
    for piece in re.findall(r'"[^"]*"|\\.|.', code, re.DOTALL):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(_NOT_SHOWN.sub(lambda match: match[1] or "", part) for part in parts)


def _number(value: float, section: str, *, is_signed: bool) -> str:
    pieces = list(_PIECES.finditer(section))
    patterns = [match[4] for match in pieces if match[4]]
    if len(patterns) > 1 or any(match[3] for match in pieces):
        # Fractions, exponents and the like.
        return plain(value)
    has_percent = any(match[5] == "%" for match in pieces)
    number = Decimal(repr(float(value))) * (100 if has_percent else 1)
    if patterns and number.adjusted() + len(patterns[0]) > _MOST_DIGITS:
        return plain(value)
    digits = _digits(abs(number), patterns[0]) if patterns else ""
    shown = "".join(digits if match[4] else match[1] or match[2] or match[5] or "" for match in pieces)
    return f"-{shown}" if number < 0 and is_signed and patterns and digits.strip("0.,") else shown.strip()


def _digits(number: Decimal, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    while whole.endswith(","):
        whole, number = whole[:-1], number / 1000
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    before, _, after = text.partition(".")
    least = fraction.count("0")
    after = after[:least] + after[least:].rstrip("0")
    if whole and "0" not in whole and before == "0":
        before = ""
    before = before.zfill(whole.count("0")) if "," not in whole else before
    return f"{before}.{after}" if after else before


def _date(value: float, code: str, shift: int) -> str:
    if not 0 <= value + shift < _LATEST_SERIAL:
        return plain(value)
    # Day 60 is the 29 February 1900 that never was.
    days = value + shift - (1 if value + shift >= 60 else 0)
    moment = datetime(1899, 12, 31) + timedelta(days=days)
    moment += timedelta(microseconds=500_000)
    pieces = list(_PIECES.finditer(_split(code)[0]))
    shown = []
    for index, match in enumerate(pieces):
        sign = match[3]
        if sign is None or sign.startswith("."):
            shown.append(match[1] or match[2] or match[4] or match[5] or "")
        else:
            shown.append(_date_piece(sign.lower(), moment, _is_minute(pieces, index)))
    return "".join(shown).strip()


def _is_minute(pieces: list[re.Match[str]], index: int) -> bool:
    """`m` means minutes behind hours and before seconds."""
    before = [match[3].lower() for match in pieces[:index] if match[3]]
    after = [match[3].lower() for match in pieces[index + 1 :] if match[3]]
    return bool((before and before[-1].strip("[")[0] == "h") or (after and after[0][0] == "s"))


def _date_piece(sign: str, moment: datetime, is_minute: bool) -> str:
    if sign[0] in "ye":
        return f"{moment.year % 100:02d}" if sign == "yy" else str(moment.year)
    if sign[0] == "m":
        number = moment.minute if is_minute else moment.month
        return f"{number:02d}" if len(sign) == 2 else str(number)
    if sign[0] == "d":
        return "一二三四五六日"[moment.weekday()] if len(sign) > 2 else f"{moment.day:0{len(sign)}d}"
    if sign.strip("[]")[0] == "h":
        return f"{moment.hour:0{min(len(sign), 2)}d}" if "[" not in sign else str(moment.hour)
    if sign[0] == "s":
        return f"{moment.second:02d}"
    return "上午" if moment.hour < 12 else "下午"
