"""Word documents (.docx): the parts of the package, read with lxml."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from ingest.reading.building import WIDEST_SPAN, DocumentBuilder, MergedRows, Table
from ingest.reading.document import Document
from ingest.reading.failures import damaged_file
from ingest.reading.numbering import Numbering, W
from ingest.reading.packages import Package, parse_xml, whole_number
from ingest.reading.symbols import is_symbol_font, symbol, symbols_in

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NAME = "Word"
_R = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# Strict documents use other namespace names for the same elements.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_VAL = f"{W}val"
_P, _TBL, _TR, _TC, _R_RUN = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}r"
_TEXT, _SYMBOL, _TICK_BOX, _BOX_TEXT = f"{W}t", f"{W}sym", f"{W}checkBox", f"{W}txbxContent"
_FIXED = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_PIECES = (_TEXT, _SYMBOL, _TICK_BOX, _M_TEXT, *_FIXED)
_OFF = ("0", "false", "off")
# What was deleted or moved away, pronunciation above characters, the second copy of a drawing for old programs.
_DROPPED = (f"{W}del", f"{W}moveFrom", f"{W}pPrChange", f"{W}rPrChange", f"{W}rt", f"{_MC}Fallback")
# Elements with text of their own in them; everything else between is a wrapper (content control, insertion, …).
_CONTENT = frozenset((_P, _TBL, _TR, _TC))


def read_docx(data: bytes, file_name: str) -> Document:
    """Read a Word document: paragraphs with their numbers, tables with their spans, text boxes behind their paragraph.

    Insertions are kept and deletions dropped; headers, footers, footnotes and comments are not read.

    Raises:
        DocumentError: `damaged_file`, `password_protected`, `too_large` or `empty_document`.
    """
    package = Package(data, file_name, _NAME)
    builder = DocumentBuilder(data, file_name, MEDIA_TYPE)
    main = _main_part(package)
    root = _read_part(package, main)
    body = root.find(f"{W}body")
    if body is None:
        raise damaged_file(package.file_name, _NAME, main)
    _drop(root)
    folder = posixpath.dirname(main)
    builder.add_all(_Reader(_numbering(package, folder)).blocks(body))
    return builder.build()


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package:
        for link in package.xml("_rels/.rels").iter(f"{_R}Relationship"):
            if str(link.get("Type")).endswith("/officeDocument"):
                return str(link.get("Target")).lstrip("/")
    return "word/document.xml"


def _read_part(package: Package, name: str) -> etree._Element:
    data = package.read(name)
    if _STRICT in data:
        data = data.replace(_STRICT, _TRANSITIONAL)
    return parse_xml(data, package.file_name, _NAME, name)


def _numbering(package: Package, folder: str) -> Numbering | None:
    name = posixpath.join(folder, "numbering.xml")
    if name not in package:
        return None
    styles = posixpath.join(folder, "styles.xml")
    return Numbering(_read_part(package, name), _read_part(package, styles) if styles in package else None)


def _drop(root: etree._Element) -> None:
    for node in list(root.iter(*_DROPPED)):
        parent = node.getparent()
        if parent is None:
            continue
        if parent.tag == f"{W}trPr":
            _remove(parent.getparent())
        elif node.tag not in (f"{W}del", f"{W}moveFrom") or parent.tag != f"{W}rPr":
            _remove(node)
    for mark in list(root.iter(f"{W}vanish")):
        properties = mark.getparent()
        run = properties.getparent() if properties is not None else None
        if run is not None and run.tag == _R_RUN and mark.get(_VAL) not in _OFF:
            _remove(run)


def _remove(node: etree._Element | None) -> None:
    parent = node.getparent() if node is not None else None
    if node is not None and parent is not None:
        parent.remove(node)


class _Reader:
    """Walks through a body; the numbers of paragraphs are counted on the way."""

    def __init__(self, numbering: Numbering | None) -> None:
        self._numbering = numbering

    def blocks(self, container: etree._Element) -> Iterator[str | Table]:
        """Paragraphs and tables of a body, a cell or a text box, in their order."""
        for node in _contents(container):
            if node.tag == _P:
                yield from self._paragraph(node)
            elif node.tag == _TBL:
                yield self._table(node)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str | Table]:
        boxes = [box for box in paragraph.iter(_BOX_TEXT) if _nearest(box, _P) is paragraph]
        for box in boxes:
            _remove(box)
        text = "".join(_piece(node) for node in paragraph.iter(*_PIECES))
        if text.strip():
            number = self._numbering.number(paragraph.find(f"{W}pPr")) if self._numbering is not None else ""
            yield number + text
        for box in boxes:
            yield from self.blocks(box)

    def _table(self, table: etree._Element) -> Table:
        found = Table()
        rows = MergedRows(found)
        for node in _contents(table):
            if node.tag != _TR:
                continue
            rows.begin_row()
            column = _skipped(node)
            for cell in _contents(node):
                if cell.tag == _TC:
                    span, merge = _spans(cell.find(f"{W}tcPr"))
                    rows.add(column, span, merge, self.blocks(cell))
                    column += span
        return found


def _contents(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs, tables, rows or cells directly in a container, wrappers opened."""
    for node in container:
        if node.tag in _CONTENT:
            yield node
        elif len(node) and node.tag != f"{W}tcPr" and node.tag != f"{W}trPr":
            yield from _contents(node)


def _nearest(node: etree._Element, tag: str) -> etree._Element | None:
    return next(node.iterancestors(tag), None)


def _skipped(row: etree._Element) -> int:
    before = row.find(f"{W}trPr/{W}gridBefore")
    return whole_number(before.get(_VAL), 0) if before is not None else 0


def _spans(properties: etree._Element | None) -> tuple[int, str]:
    """Columns that a cell covers, and its part in a vertical merge (`restart`, `continue` or none)."""
    if properties is None:
        return 1, ""
    span, merge = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
    role = str(merge.get(_VAL) or "continue") if merge is not None else ""
    return max(1, min(whole_number(span.get(_VAL), 1), WIDEST_SPAN)) if span is not None else 1, role


def _piece(node: etree._Element) -> str:
    """What one node of a run prints."""
    if node.tag == _TEXT:
        return _text(node)
    if node.tag == _SYMBOL:
        return symbol(str(node.get(f"{W}font")), int(str(node.get(f"{W}char") or "0"), 16))
    if node.tag == _TICK_BOX:
        return "☑" if _is_ticked(node) else "□"
    if node.tag == _M_TEXT:
        return node.text or ""
    # A tab stop is declared in the properties of a paragraph by the same name.
    parent = node.getparent()
    return _FIXED[str(node.tag)] if parent is not None and parent.tag == _R_RUN else ""


def _is_ticked(box: etree._Element) -> bool:
    state = box.find(f"{W}checked")
    if state is None:
        state = box.find(f"{W}default")
    return state is not None and state.get(_VAL) not in _OFF


def _text(node: etree._Element) -> str:
    text = node.text or ""
    run = node.getparent()
    fonts = run.find(f"{W}rPr/{W}rFonts") if run is not None else None
    font = str(fonts.get(f"{W}ascii")) if fonts is not None else ""
    return symbols_in(font, text) if is_symbol_font(font) else text
