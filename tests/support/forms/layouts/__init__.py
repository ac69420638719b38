"""The layouts of forms: each function writes one complete form with its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support.forms.content import Content
from tests.support.forms.drafting import Draft
from tests.support.forms.layouts.counties import block_score, checklist, village
from tests.support.forms.layouts.national import declaration, department, national, national_2021, transfer
from tests.support.forms.layouts.provinces import chongqing, hubei, hunan, ningxia, sichuan, xinjiang, yunnan

LAYOUTS: Mapping[str, Callable[[Content], Draft]] = {
    "national": national,
    "national_2021": national_2021,
    "yunnan": yunnan,
    "transfer": transfer,
    "sichuan": sichuan,
    "hubei": hubei,
    "hunan": hunan,
    "village": village,
    "xinjiang": xinjiang,
    "chongqing": chongqing,
    "ningxia": ningxia,
    "block_score": block_score,
    "checklist": checklist,
    "declaration": declaration,
    "department": department,
}
"""Every layout by its name."""
