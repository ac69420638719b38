"""Times as targets and results print them: 每学期末前, 汛期前, 收到通知后24小时内, 秋季延至次年1月.

Their words come from the lexicon. Where nothing separates cells, no cell ends inside of the moment that is meant.
"""

from __future__ import annotations

import re

from ingest.extraction.wordings import any_word
from ingest.lexicon import Lexicon

_YEAR = r"(?:(?:19|20)\d{2}年度?|当年|次年|翌年|本年|今年|每年)"
_MONTH = r"(?<![\d.])(?:1[0-2]|0?[1-9])月份?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])[日号]"
_PART_OF_MONTH = r"(?:[底末初]|[上中下]旬)"
_OF_MONTH = r"(?:每个?月|次月|当月)"
_QUARTER = r"(?:第?[一二三四1-4]季度|每个?季度|[上下]半年|[一二三四]季度)"
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,2}|半)"
_DURATION = rf"{_NUMBER}个?(?:工作日|自然日|日|天|小时|分钟|个?月|周|学期|年)"
_BEFORE = r"(?:(?:之|以)?前)"
_WITHIN = r"(?:(?:之|以)?内)"
# The signs that any of the above can end with.
_LAST_SIGNS = frozenset("年度月份日号底末初旬中前内间")
_NOT_A_NAME = r"(?!率|度|性|情况|时间|时限|比例|数|量|标准|质量|进度|任务|项目)"


class Times:
    """The times that a lexicon knows the words of."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Build the patterns once for a lexicon."""
        points, events = any_word(lexicon.wordings("form_time_point")), any_word(lexicon.wordings("form_time_event"))
        moved, done = any_word(lexicon.wordings("form_time_moved")), any_word(lexicon.wordings("form_time_done"))
        day = rf"{_MONTH}(?:{_DAY}|{_PART_OF_MONTH})?|{_OF_MONTH}(?:{_DAY}|{_PART_OF_MONTH})"
        within_year = rf"(?:{day}|{_QUARTER}[初中末底]?|{points})"
        moment = rf"(?:{_YEAR}?{within_year}|{_YEAR}[初中末底])"
        period = rf"{_DURATION}{_WITHIN}"
        # 24小时内响应率 is a name; 24小时内到位 is none.
        then = rf"(?:{_YEAR}|{points})?{events}(?:之?日起|之?后)?{period}"
        after = rf"(?:{then}|(?<![\d.]){period}(?={done}{_NOT_A_NAME}))"
        several = rf"{moment}(?:[、和及]|[-—－~～至](?={_MONTH}|{_QUARTER})){moment}"
        first = rf"(?:{after}|{several}|{moment})(?:{_BEFORE}|{_WITHIN}|间)?"
        bound = rf"(?:(?:{moment})?{moved}{first}|{first})"
        self._moment = re.compile(bound)
        self._at_the_end = re.compile(f"(?:{bound})$")
        self._done = re.compile(done + _NOT_A_NAME)
        self._last_signs = _LAST_SIGNS.union(word[-1] for word in lexicon.wordings("form_time_point"))

    def covers(self, text: str) -> bool:
        """Whether a text says a time, and what is done by then, and nothing else."""
        moment = self._moment.match(text)
        if moment is None:
            return False
        return moment.end() == len(text) or self._done.fullmatch(text, moment.end()) is not None

    def ends(self, text: str) -> bool:
        """Whether a text ends in a time."""
        return text[-1:] in self._last_signs and self._at_the_end.search(text) is not None

    def limits(self, text: str) -> tuple[set[int], set[int]]:
        """Where a cell may end about the times of a text; then where it may not, inside of them."""
        limits: set[int] = set()
        inside: set[int] = set()
        for moment in self._moment.finditer(text):
            limits.update(moment.span())
            inside.update(range(moment.start() + 1, moment.end()))
            done = self._done.match(text, moment.end())
            if done is not None:
                limits.add(done.end())
        return limits - inside, inside
