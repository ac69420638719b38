"""The words of a Word 97–2003 document: its paragraphs, tables, text boxes and lists, out of its streams.

`doc2docx` takes the parts of the file apart. Only what decides which words are printed, and where, is asked of it: that
is a small share of what such a file holds, and what is there for the looks alone cannot harm.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from doc2docx.model import NumberingDefinitions, StyleSheet

# The modifiers (sprm) that say where a paragraph stands: its style, its place in a table, the cells of a row and how
# they are merged, its list.
_OF_PARAGRAPHS = frozenset({
    0x4600, 0x2416, 0x2417, 0x6649, 0x664A, 0x244B, 0x244C,
    0xD608, 0x7621, 0x5622, 0x7623, 0x5624, 0x5625, 0xD62B,
    0x260A, 0x460B,
})  # fmt: skip
# Instead of modifiers: where in the stream `Data` they are kept.
_KEPT_ELSEWHERE = frozenset({0x6646, 0x646B})
_DEEPEST_REFERENCE = 4
# Those that say whether characters are printed and as what: deleted, hidden, special, symbol, font, all reset.
_OF_CHARACTERS = frozenset({0x0800, 0x083C, 0x0855, 0x6A09, 0x4A4F, 0x2A33, 0x4A30})
_PARAGRAPH_GROUP, _CHARACTER_GROUP = 1, 2
# Modifiers lie in pages of this many bytes.
_PAGE = 512
_PAGE_NUMBER = 0x3FFFFF
_PARAGRAPH_ENTRY, _CHARACTER_ENTRY = 13, 1
# What anchors pictures, notes and comments is no character that is printed; nor is a drawing without text in it.
_ANCHORS, _DRAWING = frozenset("\x01\x02\x05"), "\x08"
# Of the records that connect the boxes of the text with the drawings they stand in.
_BOX_RECORD, _BOX_REUSED, _BOX_DRAWING, _ANCHOR_RECORD = 22, 8, 14, 26

_P = TypeVar("_P")


@dataclass(frozen=True, slots=True)
class TextBox:
    """A text box, as it stands among the pieces of the paragraph that it is anchored in."""

    blocks: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What a document prints: blocks, styles and lists in the types of `doc2docx.model`."""

    blocks: tuple[Any, ...]
    styles: StyleSheet
    lists: NumberingDefinitions


def read_story(word: bytes, table: bytes, data: bytes | None) -> Story:
    """Take a document apart.

    Args:
        word: its stream `WordDocument`.
        table: its stream `0Table` or `1Table`, whichever is in use.
        data: its stream `Data`, if there is one.

    Raises:
        Doc2DocxError: a part is not built as it should be.
        struct.error: a part ends too early.
        LookupError: a part points to where there is nothing.
        ValueError: a part holds what cannot be.
    """
    parts = _Parts(word, table, data)
    styles = parts.styles()
    return Story(_blocks(parts, parts.properties(styles)), styles, parts.lists())


def _blocks(parts: _Parts, properties: _Properties) -> tuple[Any, ...]:
    """The main text with the boxes that are anchored in it, then what stands in boxes that nothing anchors."""
    anchored: dict[int, list[TextBox]] = {}
    left_over: list[Any] = []
    for anchor, start, end in parts.boxes():
        found = _blocks_between(start, end, parts, properties, {})
        if anchor is None:
            left_over.extend(found)
        else:
            anchored.setdefault(anchor, []).append(TextBox(found))
    return (*_blocks_between(0, parts.head.ccp_text, parts, properties, anchored), *left_over)


def _blocks_between(
    start: int, end: int, parts: _Parts, properties: _Properties, anchored: Mapping[int, list[TextBox]]
) -> tuple[Any, ...]:
    from doc2docx.model import parse_main_story

    units = [
        unit
        for unit in parts.pieces.extract_characters(start, end, parts.report, story="main")
        if unit.text not in _ANCHORS and (unit.text != _DRAWING or unit.cp_start in anchored)
    ]
    story = parse_main_story(
        units,
        parts.report,
        character_properties_at=properties.of_characters.at,
        paragraph_properties_at=properties.of_paragraphs.at,
        floating_textbox_at=lambda place: anchored.get(place, []),
    )
    return tuple(story.body_blocks)


@dataclass(slots=True)
class _Spans(Generic[_P]):
    """Properties by place; places come in rising order."""

    default: _P
    starts: list[int] = field(default_factory=list)
    values: list[_P] = field(default_factory=list)

    def add(self, start: int, end: int, value: _P) -> None:
        self.starts += (start, end)
        self.values += (value, self.default)

    def at(self, place: int) -> _P:
        index = bisect_right(self.starts, place) - 1
        return self.values[index] if index >= 0 else self.default


@dataclass(frozen=True, slots=True)
class _Properties:
    of_paragraphs: _Spans[Any]
    of_characters: _Spans[Any]


@dataclass(frozen=True, slots=True)
class _Run:
    """Bytes of the text that have the same modifiers: from, to (exclusive), and the modifiers as they are stored."""

    start: int
    end: int
    stored: bytes


class _Parts:
    """The parts of one document, each taken apart when it is asked for."""

    def __init__(self, word: bytes, table: bytes, data: bytes | None) -> None:
        from doc2docx.diagnostics import ConversionReport
        from doc2docx.msdoc import FileInformationBlock, read_font_table, read_piece_table

        self._word, self._table, self._data = word, table, data
        self.report = ConversionReport("", "")
        self.head = FileInformationBlock.parse(word)
        self.pieces = read_piece_table(
            table, word, fc_clx=self.head.clx.fc, lcb_clx=self.head.clx.lcb, report=self.report
        )
        self._fonts = read_font_table(table, offset=self.head.sttbf_ffn.fc, size=self.head.sttbf_ffn.lcb)

    def styles(self) -> StyleSheet:
        """The styles; none when they are damaged, as they seldom say anything of the words."""
        from doc2docx.errors import InvalidWordDocument
        from doc2docx.model import StyleSheet
        from doc2docx.msdoc import read_style_sheet

        place = self.head.stshf
        try:
            return read_style_sheet(self._table, offset=place.fc, size=place.lcb, fonts=self._fonts, report=self.report)
        except InvalidWordDocument:
            return StyleSheet()

    def lists(self) -> NumberingDefinitions:
        """The lists that number paragraphs; none when they are damaged."""
        from doc2docx.errors import InvalidWordDocument
        from doc2docx.model import NumberingDefinitions
        from doc2docx.msdoc import read_numbering

        definitions, uses = self.head.plf_lst, self.head.plf_lfo
        try:
            return read_numbering(
                self._table,
                list_offset=definitions.fc,
                list_size=definitions.lcb,
                lfo_offset=uses.fc,
                lfo_size=uses.lcb,
                ccp_text=self.head.ccp_text,
                fonts=self._fonts,
                report=self.report,
            )
        except InvalidWordDocument:
            return NumberingDefinitions()

    def boxes(self) -> Iterator[tuple[int | None, int, int]]:
        """The text boxes: the place of the drawing they stand in, where that is told, and their text from … to."""
        if not self.head.ccp_textboxes:
            return
        begin = self.head.textbox_story_cp_start
        drawings = {
            struct.unpack_from("<I", record)[0]: place
            for place, _, record in self._records(self.head.plc_spa_mom, _ANCHOR_RECORD)
        }
        for start, end, record in self._records(self.head.plcf_txbx_txt, _BOX_RECORD):
            if not struct.unpack_from("<H", record, _BOX_REUSED)[0]:
                drawing = struct.unpack_from("<I", record, _BOX_DRAWING)[0]
                yield drawings.get(drawing), begin + start, begin + min(end, self.head.ccp_textboxes)

    def properties(self, styles: StyleSheet) -> _Properties:
        """What is known of paragraphs and characters by their place."""
        from doc2docx.model import CharacterProperties, ParagraphProperties
        from doc2docx.msdoc.sprm import apply_character_modifiers, apply_paragraph_modifiers

        font_names = {font.index: font.name for font in self._fonts}

        def of_paragraph(stored: bytes, of_piece: tuple[Any, ...]) -> Any:
            style = struct.unpack_from("<H", stored)[0] if stored else None
            modifiers = [*self._resolved(_modifiers(stored[2:])), *self._resolved(of_piece)]
            return apply_paragraph_modifiers(_only(modifiers, _OF_PARAGRAPHS), style_id=style)[0]

        def of_characters(stored: bytes, of_piece: tuple[Any, ...]) -> Any:
            modifiers = _only([*_modifiers(stored), *of_piece], _OF_CHARACTERS)
            if not modifiers:
                return plain
            return apply_character_modifiers(
                modifiers, font_names=font_names, style_properties_at=styles.effective_character_at
            )[0]

        plain = CharacterProperties()
        paragraphs = self._runs(self.head.plcf_bte_papx, _PARAGRAPH_ENTRY, _stored_of_paragraph)
        characters = self._runs(self.head.plcf_bte_chpx, _CHARACTER_ENTRY, _stored_of_characters)
        return _Properties(
            self._spans(paragraphs, _PARAGRAPH_GROUP, of_paragraph, ParagraphProperties()),
            self._spans(characters, _CHARACTER_GROUP, of_characters, plain),
        )

    def _resolved(self, modifiers: Sequence[Any], depth: int = 0) -> Iterator[Any]:
        """The modifiers, and in the place of a reference those that it leads to; it is the last one that counts."""
        for modifier in modifiers:
            if modifier.opcode not in _KEPT_ELSEWHERE:
                yield modifier
            elif self._data is not None and depth < _DEEPEST_REFERENCE:
                place = struct.unpack("<I", modifier.operand)[0]
                size = struct.unpack_from("<H", self._data, place)[0]
                yield from self._resolved(_modifiers(self._data[place + 2 : place + 2 + size]), depth + 1)
                return

    def _spans(
        self, runs: list[_Run], group: int, make: Callable[[bytes, tuple[Any, ...]], _P], default: _P
    ) -> _Spans[_P]:
        """The runs by their place in the text, piece by piece: a piece lies anywhere in the file."""
        spans = _Spans(default)
        starts = [run.start for run in runs]
        made: dict[tuple[bytes, tuple[Any, ...]], _P] = {}
        for piece in self.pieces.pieces:
            of_piece = self.pieces.modifiers_for_piece(piece, property_group=group)
            width = 1 if piece.compressed else 2
            begin, end = piece.file_offset, piece.file_offset + piece.character_count * width
            for run in runs[max(0, bisect_right(starts, begin) - 1) : bisect_right(starts, end)]:
                first, last = max(run.start, begin), min(run.end, end)
                if first >= last:
                    continue
                key = run.stored, of_piece
                if key not in made:
                    made[key] = make(*key)
                spans.add(
                    piece.cp_start + (first - begin) // width, piece.cp_start + (last - begin) // width, made[key]
                )
        return spans

    def _runs(self, place: Any, entry: int, stored: Callable[[bytes, int], bytes]) -> list[_Run]:
        """The runs of all pages that the table at `place` names, in the order of the file."""
        runs: list[_Run] = []
        reached = 0
        for begin, end, record in self._records(place, 4):
            number = struct.unpack("<I", record)[0] & _PAGE_NUMBER
            page = self._word[number * _PAGE : (number + 1) * _PAGE]
            count = page[_PAGE - 1]
            bounds = struct.unpack_from(f"<{count + 1}I", page)
            for index in range(count):
                offset = 2 * page[4 * (count + 1) + entry * index]
                start, stop = max(bounds[index], begin, reached), min(bounds[index + 1], end)
                if start < stop:
                    runs.append(_Run(start, stop, stored(page, offset) if offset else b""))
                    reached = stop
        return runs

    def _records(self, place: Any, size: int) -> Iterator[tuple[int, int, bytes]]:
        """The records of a table of places (PLC): from, to, and what is told about that."""
        data = self._table[place.fc : place.fc + place.lcb]
        count = max(0, (len(data) - 4) // (4 + size))
        places = struct.unpack_from(f"<{count + 1}I", data) if count else ()
        for index in range(count):
            begin = 4 * (count + 1) + size * index
            yield places[index], places[index + 1], data[begin : begin + size]


def _stored_of_paragraph(page: bytes, offset: int) -> bytes:
    """The number of the style and the modifiers behind it."""
    words = page[offset]
    if words:
        return page[offset + 1 : offset + 2 * words]
    return page[offset + 2 : offset + 2 + 2 * page[offset + 1]]


def _stored_of_characters(page: bytes, offset: int) -> bytes:
    return page[offset + 1 : offset + 1 + page[offset]]


def _modifiers(stored: bytes) -> Sequence[Any]:
    from doc2docx.msdoc.sprm import parse_grpprl

    modifiers: Sequence[Any] = parse_grpprl(stored, label="modifiers", allow_trailing_zero_padding=True)
    return modifiers


def _only(modifiers: Sequence[Any], kinds: frozenset[int]) -> Sequence[Any]:
    return [modifier for modifier in modifiers if modifier.opcode in kinds]
