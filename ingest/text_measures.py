"""What can be measured of a report's text and SQL measures badly: repetition, likeness, numbering, noise, stock words.

Everything here is a function of the text and the lexicon alone; what compares stretches of texts is in `text_likeness`.
Places are offsets into the text that was given; characters are counted without white space, so a line break more or
less changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.characters import fold
from ingest.extraction.outline import ANY_NUMBERING, NUMBERINGS
from ingest.lexicon import HIDING, Lexicon
from ingest.privacy import MASK, mask_private_data
from ingest.quantities import chinese_number
from ingest.text_likeness import Likeness, Squeezed, find_repeats, likeness, own_shingles

_SHORTEST_GOAL = 10
_LONGEST_LABEL = 24
_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
# Two steps of a chart side by side: 财务室：编制预算            财政局：预算审批
_CHART_STEP = r"[\u4e00-\u9fff（）()]{2,12}[:：][\u4e00-\u9fff（）()、]{2,20}"
_CHART_LINE = re.compile(rf"^ *{_CHART_STEP} {{4,}}{_CHART_STEP}(?: {{4,}}{_CHART_STEP})* *$")
_ARROWS = re.compile("[→←↑↓⇒⇓▼▲↘↙]")
_FEWEST_CHART_LINES = 2
# Broken characters, a particle written twice, a year that lost its 年. Content words stand twice in a row wherever the
# cells of a form run together, so they show nothing.
_LOST = re.compile("[\ufffd\ue000-\uf8ff]+|锟斤拷|烫烫烫|屯屯屯")
_TWICE = re.compile("的的|了了|和和|在在|与与|及及")
_YEAR_ALONE = re.compile(
    r"(?:^|(?<=[。；;：:，、（(\s]))20[12]\d(?=[\u4e00-\u9fff])"
    r"(?![年号元万亿户人个家次名米亩吨件台套份张只本度以版至或和及、公平立项千百十条座处村支株头辆把盏场期天日时分秒余多])",
    re.MULTILINE,
)
_STATED_YEAR = re.compile(r"(?<!\d)(?P<year>20[0-4]\d)\s*年(?:度|(?!\s*\d{1,2}\s*月))")
_SHARED_EQUALLY = re.compile(r"(?<!\d)(?P<count>\d{1,4})\s*(?:个|家|所|处)")
# 产出指标（50分） and 效益指标（满分30分）; a score in brackets says 得分.
_POINTS_IN_BRACKETS = re.compile(
    r"(?:指标)?\s*[(（]\s*(?:满分|分值|权重|共|计)?\s*[:：]?\s*(?P<points>\d+(?:\.\d+)?)\s*分\s*[)）]"
)
# 一级指标分值统一设置为：产出指标50分、效益指标30分: a note on the points of a form says so before.
_POINTS_OF_A_NOTE = re.compile(r"(?:指标)?\s*[:：=为]?\s*(?P<points>\d+(?:\.\d+)?)\s*分(?!之)")
_CHINESE_AT_END = re.compile("[\u4e00-\u9fff]$")
_SAYS_POINTS = re.compile("分值|权重")
_SAYS_SCORE = re.compile("得分?|自评|扣")
_MASKED = re.compile(f"{MASK}+")
_REACH_OF_PUNCTUALITY = 24
_REACH_OF_A_NOTE = 120
_HIDDEN_WORDS = re.compile(r"《[^》\n]*》")


@dataclass(frozen=True, slots=True)
class TextHit:
    """Something found in a text: what kind of thing, which one, and where."""

    kind: str
    detail: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TextMeasures:
    """The measures of one text.

    `n_characters` and `n_repeated_characters` leave white space out. `shingles` are the distinct numbers of the text's
    shingles in ascending order, without known headings and stock sentences. `goal_and_result` is None where the text
    does not tell both. Hits are in the order of the text, by kind.
    """

    n_characters: int
    n_repeated_characters: int
    longest_repeat: int
    n_numbered_lines: int
    goal_and_result: Likeness | None
    shingles: tuple[int, ...]
    hits: tuple[TextHit, ...] = field(default=())


def measure_text(
    text: str, lexicon: Lexicon, *, goal: str = "", result: str = "", is_masked: bool = False
) -> TextMeasures:
    """Everything that is measured of one text.

    Args:
        text: the text of one report.
        lexicon: the wordings to look for.
        goal: what the report says of its goal, in its own words.
        result: what it says of the result.
        is_masked: our own reading has hidden what belongs to persons.
    """
    squeezed = Squeezed(text)
    repeats = find_repeats(text, squeezed=squeezed)
    n_numbered, breaks = find_outline_breaks(text)
    hits = [
        *(TextHit("repeat", str(length), start, end) for start, end, length in repeats),
        *breaks,
        *find_flattened_diagrams(text),
        *find_noise(text, lexicon),
        *_wordings("placeholder", text, lexicon),
        *find_payment_facts(text, lexicon),
        *find_punctuality(text, lexicon),
        *find_stated_years(text),
        *find_level_points(text, lexicon),
        *find_private_data(text, lexicon, is_masked=is_masked),
    ]
    return TextMeasures(
        n_characters=len(squeezed.text),
        n_repeated_characters=sum(length for _, _, length in repeats),
        longest_repeat=max((length for _, _, length in repeats), default=0),
        n_numbered_lines=n_numbered,
        goal_and_result=likeness(goal, result) if min(len(goal), len(result)) >= _SHORTEST_GOAL else None,
        shingles=tuple(own_shingles(text, lexicon, squeezed=squeezed)),
        hits=tuple(hits),
    )


# --- numbering


def find_outline_breaks(text: str) -> tuple[int, list[TextHit]]:
    """Numbered lines whose number does not continue any count: how many lines have a number, and the broken ones.

    The detail says what is wrong: `style` (（一） then （2）), `repeated`, `skipped`. A count that begins with
    二、 shows nothing: its first number may stand in the title or in a part that was not published.
    """
    open_counts: list[tuple[tuple[str, bool], int]] = []
    closed: dict[tuple[str, bool], int] = {}
    n_numbered = 0
    breaks = []
    for line in _LINE.finditer(text):
        numbered = _number_of(line.group())
        if numbered is None:
            continue
        kind, value = numbered
        n_numbered += 1
        depth = _continued_depth(open_counts, kind, value)
        if depth is None and value > 1 and closed.get(kind) == value - 1:
            # A count may go on under the next heading of the level above: （一） 1、2、 （二） 3、4、
            depth = len(open_counts)
        reason = _reason_of_break(open_counts, closed, kind, value) if depth is None and value > 1 else None
        if reason is not None:
            start = line.start() + len(line.group()) - len(line.group().lstrip())
            breaks.append(TextHit("outline_break", reason, start, min(line.end(), start + _LONGEST_LABEL)))
        if depth is None:
            depth = _depth_begun(open_counts, kind, value)
        closed |= dict(open_counts[depth + 1 :])
        closed.pop(kind, None)
        del open_counts[depth:]
        open_counts.append((kind, value))
    return n_numbered, breaks


def _number_of(line: str) -> tuple[tuple[str, bool], int] | None:
    """The punctuation and the script of a line's number, and the number; a row of a table has none."""
    stripped = line.strip()
    if "\t" in stripped or ANY_NUMBERING.match(stripped) is None:
        return None
    folded = fold(stripped[:_LONGEST_LABEL])
    for family, pattern in NUMBERINGS:
        match = pattern.match(folded)
        if match and match.end() < len(stripped):
            printed = match["n"]
            value = int(printed) if printed.isdigit() else int(chinese_number(printed) or 0)
            return (family, not printed.isdigit()), value
    return None


def _continued_depth(counts: list[tuple[tuple[str, bool], int]], kind: tuple[str, bool], value: int) -> int | None:
    depths = [depth for depth, count in enumerate(counts) if count == (kind, value - 1)]
    return depths[-1] if depths else None


def _depth_begun(counts: list[tuple[tuple[str, bool], int]], kind: tuple[str, bool], value: int) -> int:
    """Where a count begins that continues none: below all others, or in place of one of its own kind."""
    depths = [depth for depth, (other, _) in enumerate(counts) if other == kind]
    if depths:
        return depths[-1] if value > 1 or depths[-1] == len(counts) - 1 else len(counts)
    other_script = [depth for depth, (other, _) in enumerate(counts) if other[0] == kind[0]]
    return other_script[-1] if value > 1 and other_script else len(counts)


def _reason_of_break(
    counts: list[tuple[tuple[str, bool], int]],
    closed: dict[tuple[str, bool], int],
    kind: tuple[str, bool],
    value: int,
) -> str | None:
    family, is_chinese = kind
    known = {**closed, **dict(counts)}
    if known.get((family, not is_chinese)) in (value - 1, value) and known.get(kind) != value:
        return "style"
    last = known.get(kind)
    if last is None:
        return None
    return "repeated" if value <= last else "skipped"


def find_flattened_diagrams(text: str) -> list[TextHit]:
    """A flow chart that became lines: its order can no longer be told. One hit for all lines that belong together."""
    lines = [line for line in _LINE.finditer(text) if _is_chart_line(line.group())]
    if len(lines) < _FEWEST_CHART_LINES:
        return []
    return [TextHit("flattened_diagram", str(len(lines)), lines[0].start(), lines[-1].end())]


def _is_chart_line(line: str) -> bool:
    if "\t" in line.strip():
        return False
    return _CHART_LINE.match(line) is not None or len(_ARROWS.findall(line)) >= _FEWEST_CHART_LINES


# --- noise


def find_noise(text: str, lexicon: Lexicon) -> list[TextHit]:
    """Characters that a reader or a keyboard got wrong.

    Three ways lead to a hit: wordings that are known to be slips; a common word of reports with one character in it
    replaced by one that looks like it, where the right word stands in the same text more often (资全 beside 资金); and
    marks that no writer makes (lost characters, a word twice in a row, a year without 年).
    """
    hits = [TextHit("noise", "lost_character", *found.span()) for found in _LOST.finditer(text)]
    hits += [TextHit("noise", "word_twice", *found.span()) for found in _TWICE.finditer(text)]
    hits += [TextHit("noise", "year_alone", *found.span()) for found in _YEAR_ALONE.finditer(text)]
    slips, pattern = _slips(lexicon)
    for found in pattern.finditer(fold(text)) if pattern is not None else ():
        right, is_generated = slips[found.group()]
        if right == HIDING:
            continue
        if is_generated and text.count(right) <= text.count(found.group()):
            continue
        hits.append(TextHit("noise", right, *found.span()))
    return sorted(_apart(hits), key=lambda hit: hit.start)


def _apart(hits: Iterable[TextHit]) -> Iterator[TextHit]:
    """Hits that do not lie in one another: a slip counts once."""
    place = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= place:
            yield hit
            place = hit.end


@lru_cache(maxsize=8)
def _slips(lexicon: Lexicon) -> tuple[dict[str, tuple[str, bool]], re.Pattern[str] | None]:
    """Every slip with the right word and whether it is only a likely one, and the pattern that finds them."""
    known = lexicon.wordings("noise")
    slips: dict[str, tuple[str, bool]] = {}
    for right, lookalikes in lexicon.wordings("lookalike").items():
        for term in lexicon.wordings("noise_term"):
            for place, character in enumerate(term):
                if character == right:
                    slips |= {term[:place] + wrong + term[place + 1 :]: (term, True) for wrong in lookalikes}
    for term in lexicon.wordings("noise_term"):
        slips.pop(term, None)
    slips |= {wording: (right, False) for wording, right in known.items()}
    if not slips:
        return slips, None
    longest_first = sorted(slips, key=lambda slip: (-len(slip), slip))
    return slips, re.compile("|".join(map(re.escape, longest_first)))


# --- words that rules look for


def find_payment_facts(text: str, lexicon: Lexicon) -> list[TextHit]:
    """How the money is said to have been paid; for an equal share among several the detail holds their number."""
    hits = []
    for hit in _wordings("payment_fact", text, lexicon):
        if hit.detail != "shared_equally":
            hits.append(hit)
            continue
        for sentence in _SENTENCE.finditer(text):
            if sentence.start() <= hit.start < sentence.end():
                counts = [int(found["count"]) for found in _SHARED_EQUALLY.finditer(fold(sentence.group()))]
                if max(counts, default=0) > 1:
                    hits.append(TextHit(hit.kind, f"shared_equally:{max(counts)}", *sentence.span()))
    return hits


def find_punctuality(text: str, lexicon: Lexicon) -> list[TextHit]:
    """Where payment is called punctual: a word for money or paying and close behind it, in one sentence, 及时."""
    hits = []
    for hit in lexicon.scan("punctual", text):
        before = text[max(0, hit.start - _REACH_OF_PUNCTUALITY) : hit.start]
        sentence = re.split("[。；;！!？?\n]", before)[-1]
        named = next(iter(lexicon.scan("punctual_thing", sentence)), None)
        if named is not None:
            start = hit.start - len(sentence) + named.start
            hits.append(TextHit("called_punctual", hit.wording, start, hit.end))
    return hits


def find_stated_years(text: str) -> list[TextHit]:
    """Each year that the text names as a year of money or work, where it does so first; the detail counts how often."""
    places: dict[str, list[tuple[int, int]]] = {}
    for found in _STATED_YEAR.finditer(_HIDDEN_WORDS.sub(lambda name: " " * len(name.group()), text)):
        places.setdefault(found["year"], []).append(found.span())
    return [TextHit("stated_year", f"{year}:{len(spans)}", *spans[0]) for year, spans in sorted(places.items())]


def find_level_points(text: str, lexicon: Lexicon) -> list[TextHit]:
    """The points that a text prints for a first level, with the level and the points in the detail: OUTPUT:50.

    `heading_points` stand in brackets behind its name, `noted_points` in a note on how the points are to be set. A
    longer name (社会效益, 群众满意度) is none of a first level; where the cells of a form run together, a heading of
    its columns stands before it.
    """
    folded = fold(text)
    hits = []
    for hit in lexicon.scan("level1", text):
        reached = folded[max(0, hit.start - _LONGEST_LABEL) : hit.start]
        if _CHINESE_AT_END.search(reached) and lexicon.trailing("form_column", reached) is None:
            continue
        heading = _POINTS_IN_BRACKETS.match(folded, hit.end)
        if heading is not None:
            detail = f"{hit.canonical}:{heading['points']}"
            hits.append(TextHit("heading_points", detail, hit.start, heading.end()))
            continue
        note = _POINTS_OF_A_NOTE.match(folded, hit.end)
        if note is None:
            continue
        before = re.split("[。；;！!？?\n\t]", folded[max(0, hit.start - _REACH_OF_A_NOTE) : hit.start])[-1]
        behind = re.split("[。；;！!？?\n\t]", folded[note.end() : note.end() + _REACH_OF_A_NOTE])[0]
        if _SAYS_POINTS.search(before) and not _SAYS_SCORE.search(before + behind):
            hits.append(TextHit("noted_points", f"{hit.canonical}:{note['points']}", hit.start, note.end()))
    return hits


def find_private_data(text: str, lexicon: Lexicon, *, is_masked: bool = False) -> list[TextHit]:
    """Where names and numbers of persons stand or stood: what our own reading has masked, and what it would mask."""
    masked = text if is_masked or MASK in text else mask_private_data(text, lexicon)
    return [TextHit("private_data", "masked", *found.span()) for found in _MASKED.finditer(masked)]


def _wordings(role: str, text: str, lexicon: Lexicon) -> Iterator[TextHit]:
    for hit in lexicon.scan(role, text):
        yield TextHit(role, hit.canonical, hit.start, hit.end)
