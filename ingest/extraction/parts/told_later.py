"""What a text tells of projects that it has named before: money, rates and results, often under shortened names.

`其中：食堂支出200万元；运动场支出31.9万元` tells of 旭东小学食堂建设项目: no other name has 食堂. Two projects
told of side by side make such a list; the words of a single one may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate, groupby, pairwise

from ingest.characters import fold
from ingest.extraction.outline import Passage
from ingest.extraction.parts.dealt_out import Listed, Span, patterns
from ingest.extraction.source import ReportSource
from ingest.quantities import find_money

_STRETCH = re.compile(r"[^。！？!?\n]+")
_BEGIN_OF_PIECE = re.compile(r"^|(?<=[。；;：:])")
# A piece is told by its first words, up to the first number or comparator.
_HEAD = re.compile(r"[^，,；;：:。\d≥≤＞＜><=]{2,30}")
_CLAUSE = re.compile(r"[^，,；;、：:。]*$")
_FEWEST = 2
_MOST_SUMMANDS = 20
SCORE_TOLD = re.compile(
    r"(?:绩效|项目)?(?:自评|评价|综合|最终|总){0,4}(?:得分|评分|自评|得)为?[:：]?\s*(?P<points>\d{2,3}(?:\.\d+)?)\s*分"
    r"(?=[，,。；;、（(\s]|$)"
)
"""A score with its label, as it is told of one of several projects: 自评得分98分."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where a project is told of, by its name or by words of it; `end` is behind these words."""

    name: str
    start: int
    end: int
    is_bare: bool = False


def with_told_later(
    source: ReportSource, names: Sequence[str], listed: Sequence[Listed], taken: Sequence[Span]
) -> list[Listed]:
    """The pieces that are `listed`, and those that tell of the known projects elsewhere, in the order of the text.

    What is told in a `taken` span belongs to the report there. A listed piece ends where another project is told of.
    """
    if len(names) < _FEWEST:
        return list(listed)
    known = KnownNames(names, source)
    found: list[Listed] = []
    for _, block in groupby(source.outline.passages, key=lambda passage: passage.headings):
        passages = list(block)
        mentions = [(passage, told) for passage in passages if (told := _mentions(passage, known, listed, taken))]
        told_of = {mention.name for _, told in mentions for mention in told}
        end = passages[-1].start + len(passages[-1].text)
        told_of |= {piece.name for piece in listed if passages[0].start <= piece.span[0] < end}
        if len(told_of) >= _FEWEST:
            found += [piece for passage, told in mentions for piece in _pieces(passage, told, source, listed)]
    pieces = sorted([*(_cut(piece, found) for piece in listed), *found], key=lambda piece: piece.span)
    return _without_sums_of_all(pieces, fold(source.text))


def _without_sums_of_all(pieces: Sequence[Listed], text: str) -> list[Listed]:
    """`东街支出58万元，西街支出30万元，共支出88万元`: what sums of several projects add up to is told of them all."""
    kept: list[Listed] = []
    first_sums: list[Decimal] = []
    for piece in pieces:
        start, end = piece.span
        moneys = find_money(text[start:end])
        first_sums.append(moneys[0].amount_yuan if moneys else Decimal(0))
        sums_of_all = set(accumulate(reversed(first_sums[-_MOST_SUMMANDS:]))) - {first_sums[-1]}
        of_all = next((money for money in moneys[1:] if money.amount_yuan in sums_of_all), None)
        if of_all is not None:
            clause = _CLAUSE.search(text, start, start + of_all.start)
            piece = replace(piece, span=(start, clause.start() if clause is not None else end))
        kept.append(piece)
    return kept


def _cut(piece: Listed, others: Iterable[Listed]) -> Listed:
    start, end = piece.span
    return replace(piece, span=(start, min((one.span[0] for one in others if start < one.span[0] < end), default=end)))


class KnownNames:
    """The names of the projects, and of each the pairs of characters that no other has and that are no kind of work."""

    def __init__(self, names: Sequence[str], source: ReportSource) -> None:
        self.names = names
        self.words = patterns(source.lexicon)
        self._lexicon = source.lexicon
        pairs = {name: self._pairs(name) for name in names}
        self._own = {
            name: own.difference(*(others for other, others in pairs.items() if other != name))
            for name, own in pairs.items()
        }

    def meant_by(self, words: str) -> str | None:
        """The one project that some words can mean: 储备库 is 饲草料储备库建设项目."""
        if self._lexicon.leading("points_at", words) is not None:
            return None
        pairs = self._pairs(words)
        meant = [name for name, own in self._own.items() if own & pairs]
        return meant[0] if len(meant) == 1 else None

    def _pairs(self, text: str) -> set[str]:
        words = self.words.kind.sub("|", text)
        pairs = ("".join(pair) for pair in pairwise(words))
        return {pair for pair in pairs if all("\u4e00" <= character <= "\u9fff" for character in pair)}


def _mentions(passage: Passage, known: KnownNames, listed: Sequence[Listed], taken: Sequence[Span]) -> list[_Mention]:
    """The places of a passage where a project is told of for which nothing is listed there yet."""
    text = fold(passage.text)
    named = [
        _Mention(name, place.start(), place.end())
        for name in known.names
        for place in re.finditer(re.escape(name), text)
    ]
    found = sorted([*named, *_shortened(text, known)], key=lambda mention: (mention.start, -mention.end))
    kept: list[_Mention] = []
    for mention in found:
        start, end = passage.start + mention.start, passage.start + mention.end
        is_taken = any(first <= start < last for first, last in taken)
        is_listed = any(
            piece.name == mention.name and piece.span[0] < end and start < piece.span[1] for piece in listed
        )
        is_again = bool(kept) and (mention.start < kept[-1].end or mention.name == kept[-1].name)
        if not is_taken and not is_listed and not is_again:
            kept.append(mention)
    return kept


def _shortened(text: str, known: KnownNames) -> Iterator[_Mention]:
    """Words of one name that begin an item, a sentence or a line, or stand right before a sum."""
    start = 0
    for begin in _BEGIN_OF_PIECE.finditer(text):
        if begin.end() < start:
            continue
        lead = known.words.before_name.match(text[begin.end() :])
        start = begin.end() + (lead.end() if lead is not None else 0)
        head = _HEAD.match(text, start)
        name = known.meant_by(head.group()) if head is not None else None
        if head is not None and name is not None:
            yield _Mention(name, start, head.end())
    for money in find_money(text):
        start = _begin_of_clause(text, money.start, known)
        told = known.words.item.match(text[start : money.start])
        name = known.meant_by(told["name"]) if told is not None else None
        if told is not None and name is not None:
            yield _Mention(name, start, start + told.end("name"), is_bare=not told["told"].strip("：:（( "))
    for score in SCORE_TOLD.finditer(text):
        start = _begin_of_clause(text, score.start(), known)
        name = known.meant_by(text[start : score.start()])
        if name is not None:
            yield _Mention(name, start, score.start())


def _begin_of_clause(text: str, place: int, known: KnownNames) -> int:
    """Where the clause begins that a place stands in, behind its 其中 or its number."""
    clause = _CLAUSE.search(text, 0, place)
    start = clause.start() if clause is not None else place
    lead = known.words.before_name.match(text[start:place])
    return start + (lead.end() if lead is not None else 0)


def _pieces(
    passage: Passage, mentions: Sequence[_Mention], source: ReportSource, listed: Sequence[Listed]
) -> Iterator[Listed]:
    """Each mention with what follows, up to the next one, the end of the sentence or a sum of them all.

    An item of a list that begins with a mention belongs to that project as a whole.
    """
    words = patterns(source.lexicon)
    text = fold(passage.text)
    others = {piece.span[0] - passage.start for piece in listed}
    starts = [mention.start for mention in mentions[1:]] + [len(text)]
    for mention, following in zip(mentions, starts, strict=True):
        stretch = next(found for found in _STRETCH.finditer(text) if found.start() <= mention.start < found.end())
        is_item = passage.is_numbered and not words.before_name.sub("", text[: mention.start])
        start = 0 if is_item else mention.start
        end = min(following, len(text) if is_item else stretch.end())
        end = min((place for place in others if mention.start < place < end), default=end)
        written = words.up_to_sum(passage.text, start, mention.end, end)
        told_here = [place for place in (start, *others, *(one.start for one in mentions)) if place >= stretch.start()]
        yield Listed(
            mention.name,
            (passage.start + mention.start, passage.start + mention.end),
            (passage.start + start, passage.start + start + len(written)),
            (passage.start + stretch.start(), passage.start + min(told_here, default=stretch.start())),
            mention.is_bare,
        )
