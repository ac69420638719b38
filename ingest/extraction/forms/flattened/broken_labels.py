"""Labels that a form broke in two with a bar at the break: `产出 |` and below it `指标 | 数量指标 |`."""

from __future__ import annotations

import re

from ingest.lexicon import Lexicon

_PART = r"[\u3400-\u9fff](?:[^|\n]{0,10}[^|\n ])?"
_BROKEN = re.compile(rf"(?<![^\n|])[ ]*(?P<first>{_PART})[ ]*\|[ |]*(?=\n[ ]*(?P<second>{_PART})[ ]*(?:[|\n]|$))")
_ROLES = ("level1", "level2", "form_column", "form_side", "form_row", "form_field", "form_text")


def with_labels_joined(text: str, lexicon: Lexicon) -> str:
    """A text in which spaces stand for the bars inside broken labels; every place stays what it was."""

    def joined(match: re.Match[str]) -> str:
        is_label = _is_one_label(match["first"], match["second"], lexicon)
        return match.group().replace("|", " ") if is_label else match.group()

    return _BROKEN.sub(joined, text)


def _is_one_label(first: str, second: str, lexicon: Lexicon) -> bool:
    """Whether two cells make a label that they are not each by themselves: 执行率 and 得分 are two columns."""
    for role in _ROLES:
        whole = lexicon.canonical(role, first + second)
        parts = (lexicon.canonical(role, first), lexicon.canonical(role, second))
        if whole is not None and (None in parts or parts[0] == whole):
            return True
    return False
