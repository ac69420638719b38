"""Word 97–2003 documents (.doc, and .wps with a Word stream) → Document."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.errors import DocumentError
from ingest.reading.building import DocumentBuilder, MergedRows, Table
from ingest.reading.compound import CompoundFile
from ingest.reading.document import Document
from ingest.reading.failures import damaged_file, password_protected
from ingest.reading.numbering import DEEPEST_STYLE, ListLevel, NumberedList
from ingest.reading.symbols import is_symbol_font, symbol, symbols_in
from ingest.reading.word97 import Story, TextBox, read_story

if TYPE_CHECKING:
    from doc2docx.model import NumberingDefinitions, NumberingLevel

MEDIA_TYPE = "application/msword"
STREAM = "WordDocument"
_NAME = "Word 97"
_IS_ENCRYPTED, _USES_TABLE_1 = 0x0100, 0x0200
_TEXT_LENGTH, _PIECES_PLACE = 0x4C, 0x01A2
_IS_8_BIT = 0x40000000
# A field is its instruction, then its result: only the result is printed.
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
# What comes of parts that are not built as they should be, besides what `doc2docx` says of them itself: a stream that
# ends too early, a place that is not there, a value of another kind or size, what `doc2docx` takes for granted, parts
# that lie within themselves.
_BROKEN = (
    DocumentError,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)


def read_doc(data: bytes, file_name: str) -> Document:
    """Read a Word 97–2003 document.

    A document whose inner parts cannot be followed still gives its text, a line for each paragraph and each cell, with
    the remark `layout_lost`.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    from doc2docx.errors import Doc2DocxError

    builder = DocumentBuilder(data, file_name, MEDIA_TYPE)
    streams = CompoundFile(data, file_name)
    word, table = _streams(streams, file_name)
    try:
        blocks = list(_Reader(_story(streams, word, table)).blocks())
    except (Doc2DocxError, *_BROKEN):
        # Whatever is wrong with the parts, the text itself may still be there.
        for line in _plain_lines(word, table, file_name):
            builder.add_paragraph(line)
        builder.add_remark("layout_lost")
    else:
        builder.add_all(blocks)
    return builder.build()


def _streams(streams: CompoundFile, file_name: str) -> tuple[bytes, bytes]:
    """The main stream, and that of the tables that it uses."""
    word = streams.stream(STREAM)
    if len(word) < _PIECES_PLACE + 8:
        raise damaged_file(file_name, _NAME)
    flags = struct.unpack_from("<H", word, 0x0A)[0]
    if flags & _IS_ENCRYPTED:
        raise password_protected(file_name, _NAME)
    return word, streams.stream("1Table" if flags & _USES_TABLE_1 else "0Table")


def _story(streams: CompoundFile, word: bytes, table: bytes) -> Story:
    return read_story(word, table, streams.stream("Data") if "Data" in streams.names else None)


class _Reader:
    """Walks through the blocks of a document; the numbers of paragraphs are counted on the way."""

    def __init__(self, story: Story) -> None:
        self._blocks = story.blocks
        self._styles = story.styles
        self._lists = _lists(story.lists)

    def blocks(self) -> Iterator[str | Table]:
        """Paragraphs and tables in their order."""
        return self._contents(self._blocks)

    def _contents(self, blocks: Iterable[Any]) -> Iterator[str | Table]:
        for block in blocks:
            if hasattr(block, "rows"):
                yield self._table(block)
            else:
                yield from self._paragraph(block)

    def _paragraph(self, paragraph: Any) -> Iterator[str | Table]:
        boxes: list[TextBox] = []
        text = "".join(_pieces(paragraph.inlines, boxes))
        if text.strip():
            yield self._number(paragraph.properties) + text
        for box in boxes:
            yield from self._contents(box.blocks)

    def _table(self, table: Any) -> Table:
        found = Table()
        rows = MergedRows(found)
        bounds = sorted({bound for row in table.rows for bound in row.properties.cell_boundaries_twips})
        places = {bound: column for column, bound in enumerate(bounds)}
        for row in table.rows:
            rows.begin_row()
            own = [places[bound] for bound in row.properties.cell_boundaries_twips]
            first = 0
            column = own[0] if own else 0
            for cell in row.cells:
                first += cell.grid_span
                # A row may have more cells than bounds.
                end = max(own[first] if first < len(own) else column + cell.grid_span, column + 1)
                rows.add(column, end - column, cell.vertical_merge or "", self._contents(cell.body_blocks))
                column = end
        return found

    def _number(self, properties: Any) -> str:
        found, level = None, properties.numbering_level
        if not (properties.numbering_suppressed or properties.numbering_skipped):
            of_style = self._styled(properties.style_id)
            found = self._lists.get(properties.numbering_id or (of_style.numbering_id if of_style else None))
            if level is None and properties.numbering_id is None and of_style:
                level = of_style.numbering_level
        return found.next_number(level or 0) if found is not None else ""

    def _styled(self, style_id: int | None) -> Any:
        """The properties of the style, or of one it is based on, that belong to a list; None without one."""
        for _ in range(DEEPEST_STYLE):
            style = self._styles.style_at(style_id)
            if style is None or style.paragraph_properties.numbering_suppressed:
                return None
            if style.paragraph_properties.numbering_id is not None:
                return style.paragraph_properties
            style_id = style.based_on
        return None


def _pieces(inlines: Iterable[Any], boxes: list[TextBox]) -> Iterator[str]:
    """What the pieces of a paragraph print; the text boxes among them are put into `boxes`."""
    for inline in inlines:
        match type(inline).__name__:
            case "TextRun" if not _is_unseen(inline.properties):
                font = inline.properties.ascii_font or ""
                yield symbols_in(font, inline.text) if is_symbol_font(font) else inline.text
            case "Symbol" if not _is_unseen(inline.properties):
                yield symbol(inline.font, inline.character_code)
            case "Tab":
                yield "\t"
            case "Break":
                yield "\n"
            case "NoBreakHyphen":
                yield "-"
            case "Field":
                yield from _pieces(inline.result, boxes)
            case "TextBox":
                boxes.append(inline)


def _is_unseen(properties: Any) -> bool:
    return bool(properties.hidden or properties.revision_deleted)


def _lists(definitions: NumberingDefinitions) -> dict[int | None, NumberedList]:
    """The lists by their numbers; those without changes of their own go on counting in a common one."""
    shared = {abstract.abstract_id: NumberedList(_levels(abstract.levels)) for abstract in definitions.abstracts}
    found: dict[int | None, NumberedList] = {}
    for instance in definitions.instances:
        if instance.abstract_id not in shared:
            continue
        counted = shared[instance.abstract_id]
        if instance.overrides:
            counted = NumberedList(dict(counted.levels))
        for override in instance.overrides:
            if override.replacement is not None:
                counted.levels[override.level] = _level(override.replacement)
            if override.start is not None:
                counted.start_at(override.level, override.start)
        found[instance.numbering_id] = counted
    return found


def _levels(levels: Iterable[NumberingLevel]) -> dict[int, ListLevel]:
    return {level.level: _level(level) for level in levels}


def _level(level: NumberingLevel) -> ListLevel:
    return ListLevel(level.number_format, level.text, level.start, level.suffix != "nothing")


def _plain_lines(word: bytes, table: bytes, file_name: str) -> list[str]:
    """The main text by its piece table, without any formatting."""
    try:
        text = _main_text(word, table)
    except struct.error as error:
        raise damaged_file(file_name, _NAME) from error
    return re.split("[\r\n\x07\x0b\x0c]", _FIELD_CODE.sub("", text))


def _main_text(word: bytes, table: bytes) -> str:
    length = struct.unpack_from("<I", word, _TEXT_LENGTH)[0]
    start, size = struct.unpack_from("<II", word, _PIECES_PLACE)
    return "".join(_piece_texts(word, table[start : start + size]))[:length]


def _piece_texts(document: bytes, pieces: bytes) -> list[str]:
    place = 0
    while pieces[place : place + 1] == b"\x01":
        place += 3 + int(struct.unpack_from("<H", pieces, place + 1)[0])
    size = struct.unpack_from("<I", pieces, place + 1)[0]
    count = (size - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", pieces, place + 5)
    texts = []
    for index in range(count):
        length = ends[index + 1] - ends[index]
        where = struct.unpack_from("<I", pieces, place + 5 + 4 * (count + 1) + 8 * index + 2)[0]
        if where & _IS_8_BIT:
            begin = (where & ~_IS_8_BIT) // 2
            texts.append(document[begin : begin + length].decode("cp1252", errors="replace"))
        else:
            texts.append(document[where : where + 2 * length].decode("utf-16-le", errors="replace"))
    return texts
