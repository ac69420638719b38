"""Pages of a document library: one long line each, with the page's number before it, broken off in mid-sentence."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.reading.document import Block, Document

# Items of a list are shorter, and each says all that it says.
_SHORTEST_PAGE = 80
_FEWEST_PAGES = 2
_ENDED = re.compile(r"[。；;！!？?：:]$")


def without_page_numbers(document: Document) -> Document:
    """The document with its pages joined where one breaks off (`下达资金1150` / `2、万元`); any other as it is."""
    pages = _pages(document)
    if len(pages) < _FEWEST_PAGES or all(_ENDED.search(page) for page in pages[:-1]):
        return document
    lines: list[str] = []
    for page in pages:
        if lines and not _ENDED.search(lines[-1]):
            lines[-1] += page
        else:
            lines.append(page)
    blocks, place = [], 0
    for line in lines:
        blocks.append(Block("paragraph", place, place + len(line)))
        place += len(line) + 1
    return replace(document, text="\n".join([*lines, ""]), blocks=tuple(blocks))


def _pages(document: Document) -> list[str]:
    """The pages without their numbers; none where a block is no page, or a number is not the next one."""
    pages: list[str] = []
    for number, block in enumerate(document.blocks, start=1):
        printed, mark = document.text[block.start : block.end], f"{number}、"
        if block.kind != "paragraph" or not printed.startswith(mark):
            return []
        is_last = number == len(document.blocks)
        if len(printed) < _SHORTEST_PAGE and not is_last:
            return []
        pages.append(printed[len(mark) :].strip())
    return pages if not document.doubtful else []
