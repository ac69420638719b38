"""Web pages (.html, and .doc or .xls files that are web pages inside) → Document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ingest.characters import CHINESE
from ingest.reading.building import LARGEST_TABLE, WIDEST_SPAN, DocumentBuilder, Table, TableCell
from ingest.reading.document import Document
from ingest.reading.failures import damaged_file, empty_document, too_large
from ingest.reading.furniture import remove_furniture, text_of
from ingest.reading.symbols import is_symbol_font, symbols_in
from ingest.reading.text import decode_text

MEDIA_TYPE = "text/html"
_DEEPEST = 150
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEAD = 8192
# The names under which pages announce Chinese encodings; each is part of the wider one that is used instead.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "utf-8": "utf-8"}
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_PARTS_OF_TABLE = frozenset(("thead", "tbody", "tfoot", "form", "center", "div"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
# Stands for a line break until the space of the source has been collapsed.
_BREAK = "\x0b"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{CHINESE}])[ \t]*\r?\n[ \t\r\n]*(?=[{CHINESE}])")
_TITLE_PARTS = re.compile(r"\s*[-_|｜—–>]+\s*")
_SHORTEST_TITLE = 6
_FONT = re.compile(r"font-family\s*:\s*[\"']?\s*([^;\"',]+)", re.IGNORECASE)


def read_html(data: bytes, file_name: str) -> Document:
    """Read a web page: the report with its title and its lines of date and source, without the site around it.

    Raises:
        DocumentError: `not_text`, `too_large` or `empty_document`.
    """
    return _read_page(data, DocumentBuilder(data, file_name, MEDIA_TYPE), file_name)


def read_web_archive(data: bytes, file_name: str) -> Document:
    """Read a web page that was saved with everything around it into a single file (.mht, Word's 单个文件网页).

    Raises:
        DocumentError: `damaged_file` when no page is in it, and as `read_html`.
    """
    from email import message_from_bytes

    for part in message_from_bytes(data).walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == MEDIA_TYPE and isinstance(content, bytes):
            return _read_page(content, DocumentBuilder(data, file_name, "multipart/related"), file_name)
    raise damaged_file(file_name, "MHTML")


def _read_page(markup: bytes, builder: DocumentBuilder, file_name: str) -> Document:
    text, damaged = _decode(markup, file_name)
    if damaged:
        builder.add_remark("damaged_characters")
    page = _parse(text, file_name)
    title = _SPACE.sub(" ", page.findtext(".//title") or "").strip()
    remove_furniture(page)
    content = _Flow().contents(page)
    if title and not _is_shown(title, text_of(page)):
        builder.add_paragraph(title)
    builder.add_all(content)
    return builder.build()


def _decode(data: bytes, file_name: str) -> tuple[str, bool]:
    """The page's text; what it announces about itself is believed only if every byte agrees."""
    announced = _CHARSET.search(data[:_HEAD])
    name = announced[1].decode("ascii", errors="replace").lower() if announced else ""
    if name in _WIDER:
        try:
            return data.decode(_WIDER[name]).lstrip("\ufeff"), False
        except UnicodeDecodeError:
            pass
    return decode_text(data, file_name)


def _parse(text: str, file_name: str) -> etree._Element:
    # HTML has no entities that could grow; the parser still stops, silently, at some depth.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise empty_document(file_name) from error
    if page is None:
        raise empty_document(file_name)
    if any("depth" in entry.message for entry in parser.error_log):
        raise too_large(file_name, zh="网页元素的嵌套层数", en="the nesting of the page is", limit="2048")
    return page


def _is_shown(title: str, text: str) -> bool:
    shown = "".join(text.split())
    parts = ["".join(part.split()) for part in _TITLE_PARTS.split(title)]
    telling = [part for part in parts if len(part) >= _SHORTEST_TITLE]
    return not telling or any(part in shown for part in telling)


class _Flow:
    """The paragraphs and tables of a page or a cell, in the order in which they are shown."""

    def __init__(self, *, is_cell: bool = False, depth: int = 0) -> None:
        self._items: list[str | Table] = []
        self._pieces: list[str] = []
        self._is_cell = is_cell
        self._start = depth
        self._counted: dict[etree._Element, int] = {}

    def contents(self, root: etree._Element) -> list[str | Table]:
        """What is in an element."""
        self._enter(root, self._start, "")
        self._end_paragraph()
        return self._items

    def _visit(self, node: etree._Element, depth: int, font: str) -> None:
        tag = node.tag
        if not isinstance(tag, str):
            return
        if tag == "br":
            self._pieces.append(_BREAK)
        elif tag == "table" and depth <= _DEEPEST:
            self._end_paragraph()
            # The table, its row, its cell.
            self._items.extend(_table(node, depth + 3))
        elif tag in ("input", "select", "textarea"):
            self._pieces.append(_field(node, is_cell=self._is_cell))
        elif depth > _DEEPEST:
            self._pieces.append(text_of(node))
        elif tag in _BLOCKS:
            self._end_paragraph()
            if tag == "li":
                self._pieces.append(self._number_of_item(node))
            self._enter(node, depth, font)
            self._end_paragraph()
        else:
            self._enter(node, depth, font)

    def _enter(self, node: etree._Element, depth: int, font: str) -> None:
        font = _font(node) or font
        is_verbatim = node.tag == "pre"
        self._say(node.text, font, is_verbatim)
        for child in node:
            self._visit(child, depth + 1, font)
            self._say(child.tail, font, is_verbatim)

    def _say(self, text: str | None, font: str, is_verbatim: bool) -> None:
        if text:
            text = symbols_in(font, text) if font else text
            self._pieces.append(text.replace("\n", _BREAK) if is_verbatim else text)

    def _number_of_item(self, item: etree._Element) -> str:
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or "none" in str(parent.get("style", "")):
            return ""
        place = self._counted[parent] = self._counted.get(parent, -1) + 1
        start, own = str(parent.get("start", "1")), str(item.get("value", ""))
        return f"{own if own.isdecimal() else place + (int(start) if start.isdecimal() else 1)}. "

    def _end_paragraph(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces = []
            if text and not text.isspace():
                self._items.append(_SPACE.sub(" ", _BREAK_IN_CHINESE.sub("", text)).replace(_BREAK, "\n"))


def _table(node: etree._Element, depth: int) -> Iterator[str | Table]:
    """What stands loosely in a table (its caption, mostly), then the table."""
    found = Table()
    covered: set[tuple[int, int]] = set()
    rows: list[etree._Element] = []
    for child in node:
        yield from _loose(child, rows, depth)
    for row, row_node in enumerate(rows):
        column = 0
        for cell_node in row_node:
            if cell_node.tag not in ("td", "th"):
                continue
            while (row, column) in covered:
                column += 1
            height = min(_span(cell_node, "rowspan") or len(rows), len(rows) - row)
            width = _span(cell_node, "colspan") or 1
            if len(covered) + height * width > LARGEST_TABLE:
                # No such table was ever meant; its words are kept.
                height = 1
            content = _Flow(is_cell=True, depth=depth).contents(cell_node)
            found.cells.append(TableCell(row, column, content, height, width))
            if height > 1:
                covered.update((row + r, column + c) for r in range(1, height) for c in range(width))
            column += width
    yield found


def _loose(node: etree._Element, rows: list[etree._Element], depth: int) -> Iterator[str | Table]:
    """Put the rows below a node into `rows`; what is no row is given back."""
    if node.tag == "tr":
        rows.append(node)
    elif node.tag in _PARTS_OF_TABLE and depth <= _DEEPEST:
        for child in node:
            yield from _loose(child, rows, depth + 1)
    elif isinstance(node.tag, str) and node.tag not in ("colgroup", "col"):
        yield from _Flow(depth=depth).contents(node)


def _span(node: etree._Element, name: str) -> int | None:
    """A span as printed, 1 for nonsense, None for 0 (to the end of the table)."""
    text = str(node.get(name) or "1").strip()
    if text == "1" or not text.isdecimal():
        return 1
    return min(int(text), WIDEST_SPAN) or None


def _field(node: etree._Element, *, is_cell: bool) -> str:
    """What a field of a form shows. Outside of tables fields belong to the site (search, login)."""
    kind = str(node.get("type", "text")).lower()
    if kind in ("checkbox", "radio"):
        return "☑" if node.get("checked") is not None else "□"
    if not is_cell or kind in ("hidden", "button", "submit", "reset", "image", "password", "file"):
        return ""
    if node.tag == "select":
        chosen = node.find(".//option[@selected]")
        return text_of(chosen) if chosen is not None else ""
    return text_of(node) if node.tag == "textarea" else str(node.get("value", ""))


def _font(node: etree._Element) -> str:
    if not node.attrib:
        return ""
    match = _FONT.search(str(node.get("style", "")))
    font = (match[1] if match else str(node.get("face", ""))).strip()
    return font if is_symbol_font(font) else ""
