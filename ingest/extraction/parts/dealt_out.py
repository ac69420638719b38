"""Sentences that deal out a sum to projects.

`下达敬老院改造项目86万元；照料中心项目24.5万元`: the sentence belongs to the report that tells it, its pieces to the
projects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, takewhile

from ingest.characters import fold
from ingest.extraction.identity.gazetteer import leading_chain_end
from ingest.extraction.identity.titles import ends_with, is_generic
from ingest.extraction.outline import Passage
from ingest.extraction.source import ReportSource
from ingest.extraction.wordings import any_of
from ingest.lexicon import Lexicon
from ingest.quantities import Money, chinese_number, find_money

Span = tuple[int, int]

_STRETCH = re.compile(r"[^。！？!?\n]+")
_NUMERAL = "[一二两三四五六七八九十]"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LAST_BREAK = re.compile(r"^.*[，,；;：:]", re.DOTALL)
_LAST_JOINT = re.compile(r"^.*[、和]", re.DOTALL)
_QUOTED = re.compile(r"[“\"](?P<name>[^”\"，。；]{4,60})[”\"][（(]$")
# 8个项目985万元: counted, not named.
_COUNTED = re.compile(rf"\d\s*个|^[（(]|{_NUMERAL}个")
_END_OF_ITEM = re.compile("[；;]|(?<=元)[、，,]")
_WORKS = "工程"
_SHORTEST_STEM = 2
_SHORTEST_NAME = 6
_SHORTEST_ITEM = 4
_FEWEST = 2


class Patterns:
    """How projects are named beside their sums, built from the words of the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        def words(*roles: str) -> str:
            return any_of(lexicon, *roles)

        work, fund, rank = words("work_word"), words("fund_word"), words("project_rank")
        adverb, link, money = words("told_adverb"), words("told_link"), words("told_money")
        verb, verb_or_noun = words("told_verb"), words("told_verb", "told_noun")
        lead, below, purpose = words("list_lead"), words("list_below"), words("purpose_lead")
        giving = words("payer", "giving", "purpose_lead", "spending_lead")
        # 共 and 总量 (canonical `amount`) may stand between a project and its own sum, and in its name.
        sum_marker = any_of(lexicon, "sum_marker", canonical="sum")
        mark = (
            r"(?:[（(](?:\d{1,2}|[一二三四五六七八九十]+)[)）]|\d{1,2}(?:[)）、]|[.．](?!\d))|[一二三四五六七八九十]+、"
            rf"|[①-⑳]|[一二三四五六七八九]是|{work}[一二三四五六七八九\d][：:、])"
        )
        # What may stand between a project's name and its sum: 项目共安排资金38万元, 项目（24万元）.
        told = rf"{adverb}*{verb_or_noun}?了?{money}?{link}?\s*[：:（(]?"
        # Behind any other name, nouns belong to the name: 大棚补助36万元.
        told_of_item = rf"(?:{adverb}*{verb}了?{fund}?)?{link}?\s*[：:（(]?"
        self.works = tuple(lexicon.wordings("work_word"))
        self.joined = re.compile(f"{work}[、和及与]")
        self.before_name = re.compile(rf"^(?:[\s）)、，,；;和及与：:]|{lead}|{mark})+")
        self.name = re.compile(
            rf"^(?P<name>[\u4e00-\u9fff\dA-Za-z（）()·“”\"、《》—-]{{2,60}}?{work})(?P<told>[”\"》]?{told})$"
        )
        self.item = re.compile(
            rf"^\s*{mark}?\s*(?P<name>[\u4e00-\u9fffA-Za-z“”（）()、·]{{4,40}}?)(?P<told>{told_of_item})$"
        )
        self.marked = re.compile(rf"\s*{mark}")
        self.colon_before_items = re.compile(rf"[:：](?=\s*{mark})")
        # 建设内容包括：1.新建泵站工程120万元: the works of one project, or its receivers.
        self.of_one_project = re.compile(words("list_of_parts"))
        self.purpose = re.compile(rf"^{purpose}(?P<name>[\u4e00-\u9fff\dA-Za-z（）()·]{{3,60}})")
        # 县财政安排东河治理项目, 支出用于苗木购置项目
        self.gives = re.compile(rf"^(?:{adverb}*{giving})*")
        self.announced = re.compile(rf"{below}\s*[:：]")
        # 实施项目3个：…, 项目资金安排如下：…: then each item is a project, whatever its name ends with.
        self.announces_projects = re.compile(
            rf"(?:(?:[个项类]|以下|下列){rank}?{work}[^：:。；;，,\d]{{0,16}}"
            rf"|{work}[^：:。；;]{{0,16}}(?:{lead}|{below})"
            rf"|{work}{fund}?(?:\d+|{_NUMERAL}+)[个项笔类]"
            # 专项资金3项共218万元：: then there must be as many items.
            rf"|{fund}(?P<count>\d+|{_NUMERAL}+)[个项笔类](?:[，,]?{adverb}*[^：:。；;，,\d]{{0,8}}[\d.]+[万亿]?元)?"
            r")(?:[，,]?(?:分别是|分别为|具体为|包括|其中|即|为))?[：:]"
        )
        together = words("told_of_all")
        counted = rf"(?:(?:{_NUMERAL}|\d{{1,2}})[个项类]{rank}?(?:{work}|{fund}))?"
        of_all = rf"[，,；;。\s]+{counted}{together}"
        self.sums_up = re.compile(rf"[，,；;、（(\s]*[^，,；;]{{0,8}}{sum_marker}|{of_all}")
        # The end of 肉牛项目资金, which another sentence calls 肉牛养殖项目.
        self.tail = re.compile(f"(?:{work}|{fund})+$")
        # 改造, 支出 and the like tell no project from another.
        self.kind = re.compile(any_of(lexicon, "work_word", "fund_word", "kind_of_work", "told_verb"))
        self.no_part_at_end = re.compile(rf"[，,；;、和\s]*{mark}?\s*$")

    def up_to_sum(self, text: str, start: int, behind: int, end: int) -> str:
        """A piece from `start` up to the sum of all pieces, if one stands `behind` its own, else up to `end`."""
        total = self.sums_up.search(text, behind, end)
        return self.no_part_at_end.sub("", text[start : total.start() if total is not None else end])


@lru_cache(maxsize=8)
def patterns(lexicon: Lexicon) -> Patterns:
    """The patterns for a lexicon."""
    return Patterns(lexicon)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a sentence tells of one project: `span` from its name to the next project's.

    `lead` is the sentence before its first project, which may name stage and source for all of them; for a piece that
    `is_bare` it must, because nothing but the sum stands behind the name.
    """

    name: str
    name_span: Span
    span: Span
    lead: Span
    is_bare: bool = False


def find_listed(source: ReportSource, known: Iterable[str], own_name: str) -> list[Listed]:
    """The pieces of sentences that deal out money to projects, also to projects `known` from elsewhere in the text.

    The report's `own_name` is none of them. Two projects of a paragraph make a list, or one behind 如下; 肉牛项目 is
    the one known project that has 肉牛 in its name.
    """
    words = patterns(source.lexicon)
    names = list(dict.fromkeys(known))
    found: list[Listed] = []
    for stretches in _stretches(source):
        text = "。".join(text for _, text in stretches)
        if not any(sign in text for sign in "元万"):
            continue
        if not any(word in text for word in (*words.works, "”")) and not words.announces_projects.search(text):
            continue
        named = [piece for start, told in stretches for piece in _dealt_out(told, start, source)]
        named_here = names + [piece.name for piece in named]
        named = [replace(piece, name=_meant(piece.name, names, named_here, words)) for piece in named]
        named = [
            piece
            for piece in named
            if piece.name in names or (_is_long_enough(piece.name, words) and piece.name not in own_name)
        ]
        is_list = len({piece.name for piece in named}) >= _FEWEST or words.announced.search(text) is not None
        is_list = is_list and not (named and _are_works_of_one(named, own_name, source))
        named = named if is_list else [piece for piece in named if piece.name in names]
        names += [piece.name for piece in named if piece.name not in names]
        found += [_before_others(piece, names, source) for piece in named]
    return found


def _are_works_of_one(named: Sequence[Listed], own_name: str, source: ReportSource) -> bool:
    """`建设内容：新建泵站120万元；…`; and 以下工程 below the title of one project are the works that it is made of."""
    lead = source.text[slice(*named[0].lead)]
    is_of_one = patterns(source.lexicon).of_one_project.search(lead) is not None
    are_works = all(piece.name.endswith(_WORKS) for piece in named) and _WORKS in lead and "项目" not in lead
    return is_of_one or (are_works and own_name.endswith(("项目", _WORKS)))


def _before_others(piece: Listed, names: list[str], source: ReportSource) -> Listed:
    """A piece up to where the text names another project."""
    start, end = piece.span
    behind = max(piece.name_span[1], start)
    places = [source.text.find(name, behind, end) for name in names if name != piece.name]
    cut = min((place for place in places if place >= 0), default=end)
    written = patterns(source.lexicon).no_part_at_end.sub("", source.text[start:cut])
    return replace(piece, span=(start, start + len(written)))


def _is_long_enough(name: str, words: Patterns) -> bool:
    return len(name) >= (_SHORTEST_NAME if name.endswith(words.works) else _SHORTEST_ITEM)


def _meant(name: str, known: list[str], named: list[str], words: Patterns) -> str:
    """The one project with a longer name that a short, not yet known one can mean; else the name itself."""
    stem = words.tail.sub("", name)
    tells_one = len(words.kind.sub("", stem)) >= _SHORTEST_STEM
    longer = [other for other in dict.fromkeys(named) if stem in other and len(other) > len(name)]
    return longer[0] if name not in known and len(longer) == 1 and tells_one else name


def _stretches(source: ReportSource) -> Iterator[list[tuple[int, str]]]:
    """The sentences of each passage with their places; a list with one project a line is one of them."""
    passages = source.outline.passages
    place = 0
    while place < len(passages):
        passage = passages[place]
        sentences = [(passage.start + one.start(), one.group()) for one in _STRETCH.finditer(passage.text)]
        place += 1
        items = _items_below(passage, passages[place:])
        if sentences and len(items) >= _FEWEST and passage.text.rstrip().endswith(("：", ":")):
            start, _ = sentences[-1]
            text = source.text[start : items[-1].start + len(items[-1].text)].replace("\n", "；")
            if _announced(fold(text), find_money(text), source):
                sentences[-1] = (start, text)
                place += len(items)
        yield sentences


def _items_below(lead: Passage, following: Sequence[Passage]) -> list[Passage]:
    return [*takewhile(lambda item: item.is_numbered and item.headings == lead.headings, following)]


def _dealt_out(written_text: str, offset: int, source: ReportSource) -> Iterator[Listed]:
    words = patterns(source.lexicon)
    text = fold(written_text)
    moneys = find_money(text)
    named = (_announced(text, moneys, source) or [*_named_before(text, moneys, words)]) if moneys else []
    if not named:
        return
    ends = [min(start, last) for _, start, last, _ in named[1:]] + [len(text)]
    lead_end: int | None = None
    for (written_name, start, last, is_bare), end in zip(named, ends, strict=True):
        name = words.gives.sub("", written_name)
        start += len(written_name) - len(name)
        if is_generic(name, source.lexicon) or _COUNTED.search(name) or source.lexicon.leading("points_at", name):
            continue
        first = min(start, last)
        lead_end = first if lead_end is None else lead_end
        written = words.up_to_sum(text, first, max(last, start + len(name)), end)
        span = (offset + first, offset + first + len(written))
        name_span = (offset + start, offset + start + len(name))
        yield Listed(source.text[slice(*name_span)], name_span, span, (offset, offset + lead_end), is_bare)


def _named_before(text: str, moneys: list[Money], words: Patterns) -> Iterator[tuple[str, int, int, bool]]:
    """Name, its place, where its sum ends (or, standing before the name, begins) and whether the sum is all it has."""
    purposes = [words.purpose.match(text[money.end :]) for money in moneys]
    names_projects = any(purpose is not None and purpose["name"].endswith(words.works) for purpose in purposes)
    begin = 0
    for money, purpose in zip(moneys, purposes, strict=True):
        before = text[begin : money.start]
        match = _QUOTED.search(before)
        if match is not None:
            yield match["name"], begin + match.start("name"), money.end, True
        elif (named := _name_at_end(before, words)) is not None:
            name, start, told = named
            yield name, begin + start, money.end, _CHINESE.search(told) is None
        elif purpose is not None and names_projects:
            yield purpose["name"], money.end + purpose.start("name"), money.start, True
        begin = money.end


def _name_at_end(before: str, words: Patterns) -> tuple[str, int, str] | None:
    """A project's name right before a sum, with its place and the words between.

    、 parts names inside a clause; what begins an item of a list is one name with it.
    """
    cut = _LAST_BREAK.match(before.rstrip("：:（( "))
    start = cut.end() if cut is not None else 0
    is_item = start == 0 or before[start - 1] in "；;：:"
    lead = words.before_name.match(before[start:])
    start += lead.end() if lead is not None else 0
    if not is_item and (joint := _LAST_JOINT.match(before[start:])):
        start += joint.end()
    match = words.name.match(before[start:])
    if match is None or words.joined.search(match["name"]):
        return None
    name = match["name"]
    if name[0] in '“"《' and match["told"][:1] in ("”", '"', "》"):
        name, start = name[1:], start + 1
    return (name, start, match["told"]) if name.count("“") == name.count("”") else None


def _announced(text: str, moneys: list[Money], source: ReportSource) -> list[tuple[str, int, int, bool]]:
    """`实施项目2个：大棚补助36万元；农机购置1.6万元`: every item of the list is a project; the rest is none.

    So is every item of a numbered list in which two are called projects (1.东河治理项目36万元；2.…；3.种羊补助6万元).
    """
    words = patterns(source.lexicon)
    announced = words.announces_projects.search(text)
    begin = announced or words.announced.search(text) or words.colon_before_items.search(text)
    first = begin.end() if begin is not None else 0
    found: list[tuple[str, int, int, bool]] = []
    sure: list[str] = []
    for start, end in pairwise([first - 1, *(stop.start() for stop in _END_OF_ITEM.finditer(text, first)), len(text)]):
        money = next((money for money in moneys if start < money.start < end), None)
        match = words.item.match(text[start + 1 : money.start]) if money is not None else None
        is_item = match is not None and (announced is not None or words.marked.match(text, start + 1) is not None)
        if money is None or match is None or not is_item or not _may_name_a_project(match["name"], source):
            continue
        found.append((match["name"], start + 1 + match.start("name"), money.end, not _CHINESE.search(match["told"])))
        if match["name"].endswith(words.works) or source.lexicon.first("source", match["name"]) is None:
            sure.append(match["name"])
    called_projects = sum(name.endswith(words.works) for name in sure)
    is_list = len(sure) >= _FEWEST and (announced is not None or called_projects >= _FEWEST)
    count = announced["count"] if announced is not None else None
    return found if is_list and (count is None or _number(count) == len(found)) else []


def _number(count: str) -> int | None:
    number = chinese_number(count)
    return int(count) if count.isdecimal() else int(number) if number is not None else None


def _may_name_a_project(name: str, source: ReportSource) -> bool:
    """No source (县级配套资金; in 学生资助配套资金 it is but the end), no place, no body and no sum of all items."""
    words = patterns(source.lexicon)
    given_by = source.lexicon.first("source", name) if not name.endswith(words.works) else None
    return (
        (given_by is None or given_by.start >= _SHORTEST_ITEM)
        and leading_chain_end(name, source.lexicon) < len(name)
        and not ends_with("organisation_tail", name, source.lexicon)
        and words.sums_up.match(name) is None
    )
