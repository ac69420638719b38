"""Takes a site's furniture off a web page: navigation, footers, scripts, bars for sharing and printing.

Judged by structure and by the names that sites give their elements, never by what a report may say. What holds a data
table or much prose of its own always stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_NEVER_SHOWN = (
    "head", "script", "style", "noscript", "template", "iframe", "svg", "canvas", "object", "audio", "video", "button",
)  # fmt: skip
_TAGS = frozenset(("nav", "footer", "aside"))
_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"))
_NAMES = frozenset((
    "aside", "banner", "bdshare",
    "bdsharebuttonbox", "breadcrumb", "breadcrumbs", "copyright", "crumb", "crumbs", "curpos", "dqwz", "ewm", "foot",
    "footer", "friendlink", "header", "links", "location", "login", "logo", "menu", "nav", "navbar", "navi",
    "navigation", "pager", "pagination", "position", "prevnext", "qrcode", "recommend", "related", "search", "share",
    "sharebox", "sidebar", "social", "toolbar", "topbar", "weizhi",
))  # fmt: skip
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|txt)(?:$|[?#])", re.IGNORECASE)
_CONTAINERS = frozenset((
    "div", "ul", "ol", "li", "p", "table", "tbody", "tr", "td", "section", "span", "dl", "dd", "center", "h5", "h6",
    "font",
))  # fmt: skip
# Characters that are no links: a footer has fewer, a report more.
_MOST_OWN_TEXT = 300
_MOST_TEXT_OF_BAR = 10
_FEWEST_CELLS = 3


@dataclass(slots=True)
class _Measure:
    """What an element holds: characters, those of them in links to other pages, links, and links that run a script."""

    text: int = 0
    linked: int = 0
    links: int = 0
    commands: int = 0


def remove_furniture(page: etree._Element) -> None:
    """Remove what is not the report from a parsed page."""
    etree.strip_elements(page, *_NEVER_SHOWN, with_tail=False)
    measures = _measure(page)
    half = measures[page].text / 2
    for node, measure in measures.items():
        # What holds nothing, and what has neither a name nor links, needs no second look.
        if not measure.text or (not node.attrib and measure.links < 2 and node.tag not in _TAGS):
            continue
        if measure.text < half and _is_furniture(node, measure):
            _drop(node)


def text_of(node: etree._Element) -> str:
    """All text in an element."""
    return "".join(map(str, node.itertext()))


def _drop(node: etree._Element) -> None:
    """Remove an element; the text behind it stays."""
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _is_furniture(node: etree._Element, measure: _Measure) -> bool:
    return _is_hidden(node) or (_looks_like_furniture(node, measure) and not _has_data(node))


def _looks_like_furniture(node: etree._Element, measure: _Measure) -> bool:
    own = measure.text - measure.linked
    if _is_named_as_furniture(node):
        return own <= _MOST_OWN_TEXT
    if node.tag == "a":
        return measure.commands == 1 and measure.text <= _MOST_TEXT_OF_BAR
    if node.tag not in _CONTAINERS:
        return False
    if measure.commands >= 2 and own <= _MOST_TEXT_OF_BAR:
        return True
    return (measure.links >= 3 and 2 * measure.linked >= measure.text) or (
        measure.links >= 2 and 4 * measure.linked >= 3 * measure.text
    )


def _is_named_as_furniture(node: etree._Element) -> bool:
    if node.tag in _TAGS or str(node.get("role", "")).lower() in _ROLES:
        return True
    names = f"{node.get('class', '')} {node.get('id', '')}"
    if names == " " or _NAMES.isdisjoint(part.lower() for part in _NAME_PARTS.findall(names)):
        return False
    # The head of an article is called a header too: it holds the title.
    return node.find(".//h1") is None and node.find(".//h2") is None


def _is_hidden(node: etree._Element) -> bool:
    return node.get("hidden") is not None or bool(_HIDDEN.search(str(node.get("style", ""))))


def _has_data(node: etree._Element) -> bool:
    """Whether a table in it (or itself) has a row of several cells with words that are no links."""
    for row in node.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th") and cell.find(".//a") is None]
        if sum(bool(text_of(cell).strip()) for cell in cells) >= _FEWEST_CELLS:
            return True
    return False


def _measure(page: etree._Element) -> dict[etree._Element, _Measure]:
    """Measures of all elements, from the innermost outwards."""
    measures: dict[etree._Element, _Measure] = {}
    for _, node in etree.iterwalk(page, events=("end",)):
        measure = _Measure(text=_count(node.text))
        for child in node:
            inner = measures.get(child)
            if inner is not None:
                measure.text += inner.text
                measure.linked += inner.linked
                measure.links += inner.links
                measure.commands += inner.commands
            measure.text += _count(child.tail)
        if node.tag == "a":
            _measure_link(node, measure)
        measures[node] = measure
    return measures


def _measure_link(node: etree._Element, measure: _Measure) -> None:
    target = str(node.get("href", "")).strip().lower()
    is_command = target.startswith("javascript:") or (target in ("", "#") and node.get("onclick") is not None)
    if is_command or (target and not target.startswith("#") and not _ATTACHMENT.search(target)):
        measure.linked = measure.text
        measure.links = 1
        measure.commands = int(is_command)


def _count(text: str | None) -> int:
    return len("".join(text.split())) if text else 0
