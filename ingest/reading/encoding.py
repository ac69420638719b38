"""Which of the Chinese encodings a text is written in."""

from __future__ import annotations

import codecs
import re

# The most frequent characters of administrative Chinese, simplified and traditional: a text decoded in the right
# encoding is full of them, the same bytes decoded in a wrong one almost never contain them.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间"
    "样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入"
    "项目资金绩效自评预算财政支出执行指标完成万元单位县市区局乡镇村管理情况分析报告评价满意社会效益专拨付到位安排补助补贴"
    "項目資金績效評預財執標萬單縣區鄉鎮報價滿會數質實際總額當與為這個們來時開關業產東務勞動網絡設備費用應達計劃問題說發給過還"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LARGEST_SHARE_OF_DAMAGE = 0.002


def decode(data: bytes) -> tuple[str, bool] | None:
    """Decode UTF-8, UTF-16 (with or without mark), GB18030 or Big5.

    Returns:
        the text and whether bytes were damaged (shown as U+FFFD), or None when no encoding gives a text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_leniently(data[len(bom) :], encoding)
    if b"\x00" in data:
        return _decode_utf16_without_mark(data)
    strict = _decode_strictly(data, "utf-8")
    if strict is not None:
        return strict, False
    candidates = [
        text for encoding in ("gb18030", "big5hkscs") if (text := _decode_strictly(data, encoding)) is not None
    ]
    best = max(candidates, key=_likeness, default=None)
    if best is not None and _likeness(best) >= 0.15:
        return best, False
    lenient = [
        result for encoding in ("utf-8", "gb18030", "big5hkscs") if (result := _decode_leniently(data, encoding))
    ]
    return max(lenient, key=lambda result: _likeness(result[0]), default=None)


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_leniently(data: bytes, encoding: str) -> tuple[str, bool] | None:
    text = data.decode(encoding, errors="replace")
    damaged = text.count("\ufffd")
    # A file cut in the middle of a character has one damaged place, however short it is.
    if damaged > max(1, len(text) * _LARGEST_SHARE_OF_DAMAGE):
        return None
    return text, damaged > 0


def _decode_utf16_without_mark(data: bytes) -> tuple[str, bool] | None:
    results = [result for encoding in ("utf-16-le", "utf-16-be") if (result := _decode_leniently(data, encoding))]
    best = max(results, key=lambda result: _likeness(result[0]), default=None)
    return best if best is not None and _likeness(best[0]) >= 0.15 else None


def _likeness(text: str) -> float:
    """Share of frequent characters among the letters of a sample."""
    letters = re.findall(r"\w", text[:20_000])
    return sum(letter in _FREQUENT or letter.isascii() for letter in letters) / len(letters) if letters else 0.0
