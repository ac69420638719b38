"""Complete self-evaluation forms made up by chance, each with what it states: the truth that reading is measured with.

`generate(layout, seed)` draws a form; the renderings of `as_files` write it as a true table into a document of some
format, those of `as_text` flatten it the way web pages and copied texts do.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.support.forms.content import Content
from tests.support.forms.layouts import LAYOUTS
from tests.support.forms.tables import FormTable
from tests.support.forms.truth import label_of

_SITE = (
    "索引号：{number}  发布机构：{unit}  发布日期：{year}-08-15  浏览次数：318",
    "当前位置：首页 > 政务公开 > 财政预决算 > 正文",
    "来源：{unit}  发布时间：{year}-09-02 10:24  字号：大 中 小",
)


@dataclass(frozen=True, slots=True)
class GeneratedForm:
    """A form: its table with the lines above and below it."""

    lines_above: tuple[str, ...]
    table: FormTable
    lines_below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GeneratedDocument:
    """A document with one form or several. `label` is in the format of the labelled cases."""

    layout: str
    seed: int
    furniture: tuple[str, ...]
    forms: tuple[GeneratedForm, ...]
    label: dict[str, Any]


def generate(layout: str, seed: int, forms: int = 1) -> GeneratedDocument:
    """Draw a document of a layout; the same seed gives the same document.

    Args:
        layout: a name in `LAYOUTS`.
        seed: what the draw starts from.
        forms: how many forms of the layout the document holds, of the same body and year, each of another project.
    """
    random = Random(f"{layout} {seed}")
    content, draw = Content(random), LAYOUTS[layout]
    drafts = [draw(content)]
    names = {drafts[0].truth.project_name}
    while len(drafts) < forms:
        other = draw(content)
        if other.truth.project_name not in names:
            names.add(other.truth.project_name)
            drafts.append(other)
    site = random.choice(_SITE).format(number=f"{seed:08}", unit=content.unit, year=content.fiscal_year + 1)
    return GeneratedDocument(
        layout,
        seed,
        (site,) if content.chance(0.3) else (),
        tuple(GeneratedForm(tuple(draft.lines_above), draft.table, tuple(draft.lines_below)) for draft in drafts),
        label_of([draft.truth for draft in drafts]),
    )
