"""Sentences that state one indicator in a set form, read as a whole before anything is read clause by clause."""

from __future__ import annotations

import re

from ingest.characters import fold
from ingest.extraction.indicators.column_labels import COMMA
from ingest.extraction.indicators.named_values import (
    AROUND_NAME,
    BEHIND_VALUE,
    DATE,
    ITEM_MARK,
    LONGEST_NAME,
    bare_name,
    is_plain_value,
    outcome_at_end,
    value_pattern,
)
from ingest.extraction.indicators.stated import SIDES, Stated, has_digit
from ingest.lexicon import Lexicon

# 提升群众获得感 is a second aim; 已验收, 按时发放, 达到预期 tell what came of the first.
_CAME_OF_IT = re.compile(r"^(?:已|均已|按|全部|达到|达成|基本达到|未)|(?:合格|完成|达标|到位)$")
_THING_BEHIND_LABELS = re.compile(
    r"^(?:年度|年初)?(?:目标|计划|任务|预期)(?P<thing>[^\d值数为：:，]{1,12}?数?)[为:：]?(?P<target>\d[^，,]*|不[少低]于[^，,]+)"
    r"[，,]实际(?:完成)?(?P<name>[^\d值为：:，]{2,16}?)[为:：]?(?P<actual>\d[^，,；;。]*)[；;。]?$"
)
_NAME_WITH_TARGET = re.compile(
    r"^\s*(?P<name>[^\d（(：:，,][^（(：:，,]{1,28})[（(](?:目标值?|年度目标值?|指标值|计划)?[:：]?(?P<target>[^（()）]{1,16})[)）][:：]"
)
# 完好率（≥95%），已达96%: behind a comma the whole rest of the sentence has to be what was reached.
_TARGET_AND_RESULT = re.compile(
    r"^\s*(?P<name>[^\d（(：:，,][^（(：:，,]{1,28})[（(](?P<target>[^（()）]{1,16})[)）][，,、]?(?P<actual>[^，,；;。]{1,16})[；;。]?\s*$"
)
_SHORTEST_NAME = 2
_LONGEST_WORDS_FOR_A_VALUE = 16
_REACHED = re.compile("^(?:已|实际)(?:建成|完成|达到?)|^实际|^已")


def read_set_form(text: str, lexicon: Lexicon) -> Stated | None:
    """The indicator of a sentence that is one of the forms in which target and actual value stand apart."""
    return (
        _target_in_brackets(text, lexicon) or _target_and_result(text, lexicon) or _thing_behind_labels(text, lexicon)
    )


def _target_in_brackets(text: str, lexicon: Lexicon) -> Stated | None:
    """`建造工期（≤14个月）：13个月`: the target in brackets behind the name, what was reached behind the colon."""
    match = _NAME_WITH_TARGET.match(fold(text)) if "：" in text or ":" in text else None
    if match is None or not _is_value(match["target"], lexicon):
        return None
    target, actual = text[slice(*match.span("target"))], _first_clause(text[match.end() :])
    actual = _REACHED.sub("", actual)
    if not actual or not (has_digit(actual) or outcome_at_end(actual, lexicon)):
        return None
    name = bare_name(text[slice(*match.span("name"))])
    return Stated(name, match.start("name"), len(text), {"target": target.strip(), "actual": actual}, is_labelled=True)


def _target_and_result(text: str, lexicon: Lexicon) -> Stated | None:
    """`文化设施完好率（≥95%），已达96%`, `群众满意度（≥90%）92%`: two values of one kind, one in brackets."""
    bare = ITEM_MARK.sub("", text)
    match = _TARGET_AND_RESULT.match(fold(bare)) if "（" in bare or "(" in bare else None
    if match is None or match["target"].endswith("分"):
        return None
    actual = _REACHED.sub("", match["actual"].strip())
    both = (match["target"].strip(), actual)
    if not _are_alike(*both, lexicon):
        return None
    start = len(text) - len(bare)
    return Stated(bare_name(match["name"]), start, len(text), dict(zip(SIDES, both, strict=True)))


def _are_alike(target: str, actual: str, lexicon: Lexicon) -> bool:
    """Whether two texts are two days, two quantities of one unit, or one outcome said twice."""
    if re.fullmatch(DATE, target) is not None:
        return re.fullmatch(DATE, actual) is not None
    is_outcome_again = target == actual and lexicon.canonical("outcome_verb", actual) is not None
    are_plain = all(is_plain_value(value, lexicon) for value in (target, actual))
    return is_outcome_again or (are_plain and target[-1] == actual[-1])


def _thing_behind_labels(text: str, lexicon: Lexicon) -> Stated | None:
    """`目标人数650人，实际补贴人数671人`: what is counted stands behind both labels, in full behind the second."""
    bare = ITEM_MARK.sub("", text)
    match = _THING_BEHIND_LABELS.match(fold(bare))
    if match is None or not match["name"].endswith(match["thing"]):
        return None
    if not (_is_value(match["target"], lexicon) and _is_value(match["actual"], lexicon)):
        return None
    values = {"target": match["target"], "actual": match["actual"]}
    return Stated(match["name"], len(text) - len(bare), len(text), values, is_labelled=True)


def _first_clause(text: str) -> str:
    return COMMA.split(text)[0].strip(AROUND_NAME).rstrip(BEHIND_VALUE)


def _is_value(text: str, lexicon: Lexicon) -> bool:
    """Whether a whole text is a number with a unit; points (5分) are none."""
    return not text.endswith("分") and value_pattern(lexicon).fullmatch(fold(text.strip())) is not None


def names_and_outcome(text: str, lexicon: Lexicon) -> Stated | None:
    """`质量指标：确保天桥质量，已完成`: behind a level's name, two short clauses are a name and what came of it."""
    parts = COMMA.split(text.rstrip(BEHIND_VALUE))
    if len(parts) != 2 or has_digit(text):
        return None
    name, outcome = (part.strip(AROUND_NAME) for part in parts)
    tells = lexicon.canonical("done", outcome) is not None or _CAME_OF_IT.search(outcome) is not None
    if not _SHORTEST_NAME <= len(name) <= LONGEST_NAME or len(outcome) > _LONGEST_WORDS_FOR_A_VALUE or not tells:
        return None
    return Stated(name, 0, len(text), {"actual": outcome})
