"""Labelled cases on disk: NAME.json beside NAME.txt, NAME.docx, …"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from ingest.accuracy.stated import StatedReport
from ingest.errors import UsageError
from ingest.manifest import is_manifest

_REMARK = "AMBIGUOUS:"
# Words by which a remark in English names what it is about, and the fields that are meant.
_NAMED_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"fiscal.year|\byear", ("fiscal_year",)),
    (r"project.name|\bproject\b", ("project_name",)),
    (r"\bunit\b", ("unit",)),
    (r"county|province|\bcity\b|place|region", ("region.province", "region.city", "region.county")),
    (r"indicator|target|actual|level.?[12]", ("indicator_",)),
    (r"grade", ("grade",)),
    (r"\brate\b|执行率", ("execution_rate",)),
    (r"total.score", ("total_score",)),
    (r"money|funding|amount|source|stage|lines?\b|approved|received|planned|executed|budget|元", ("funding_",)),
)


CaseSet = Literal["all", "development", "held-out"]
"""Which cases to take: those with even numbers may be looked at while developing, odd ones only measure."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a person read in a document: the report at the top, and those of further projects."""

    top: StatedReport
    projects: tuple[StatedReport, ...]
    debatable: frozenset[str] = frozenset()

    def is_debatable(self, field: str) -> bool:
        """Whether a remark of the label says that another reading of this field is defensible."""
        return any(field == name or (name.endswith("_") and field.startswith(name)) for name in self.debatable)


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A document and its label. `name` is relative to the folder; `layout` is the kind of document the label names."""

    name: str
    document: Path
    layout: str
    label: Label

    @property
    def format(self) -> str:
        """The document's format by its suffix, e.g. `docx`."""
        return self.document.suffix.lower().lstrip(".")


def find_cases(folder: Path, case_set: CaseSet = "all") -> list[LabelledCase]:
    """All labelled cases below a folder, by name. Several documents may share one label: each is a case.

    Raises:
        UsageError: there is no label, a label has no document beside it, or a label cannot be read.
    """
    labels = sorted(path for path in folder.rglob("*.json") if not is_manifest(path)) if folder.is_dir() else []
    cases = [case for path in labels if _is_in(path.name, case_set) for case in _cases_of(path, folder)]
    if not cases:
        raise UsageError(
            "no_labelled_cases",
            zh=f"{folder}：没有标注样本（NAME.txt 与同名 NAME.json）。请指定存放标注样本的文件夹。",
            en=f"{folder}: no labelled cases (NAME.txt beside NAME.json). Name the folder that holds them.",
            path=str(folder),
        )
    return cases


def _is_in(name: str, case_set: CaseSet) -> bool:
    number = re.search(r"\d+", name)
    is_even = number is not None and int(number[0]) % 2 == 0
    return case_set == "all" or is_even == (case_set == "development")


def _cases_of(path: Path, folder: Path) -> Iterator[LabelledCase]:
    content = _read_label(path)
    documents = sorted(
        other
        for other in path.parent.iterdir()
        if other.is_file() and other.stem == path.stem and other != path and not is_manifest(other)
    )
    if not documents:
        raise _bad_label(path, "旁边没有同名文件", "there is no document of the same name beside it")
    try:
        label = _label(content)
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError) as error:
        raise _bad_label(path, f"内容不合标注格式（{error}）", f"it is not in the label format ({error})") from error
    layout = str(content.get("layout") or "unknown")
    for document in documents:
        yield LabelledCase(document.relative_to(folder).as_posix(), document, layout, label)


def _read_label(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise _bad_label(path, "不是可读的 JSON", "it is no JSON that can be read") from error
    if not isinstance(content, dict):
        raise _bad_label(path, "内容不合标注格式（应为一个对象）", "it is not in the label format (one object)")
    return content


def _bad_label(path: Path, zh: str, en: str) -> UsageError:
    return UsageError(
        "broken_label",
        zh=f"{path.name}：{zh}。请改正或移走该标注文件。",
        en=f"{path.name}: {en}. Correct the label or take it out of the folder.",
        path=str(path),
    )


def _label(content: dict[str, Any]) -> Label:
    projects = tuple(StatedReport.of_label(project) for project in content.get("projects") or ())
    return Label(StatedReport.of_label(content), projects, _debatable_fields(str(content.get("notes") or "")))


def _debatable_fields(notes: str) -> frozenset[str]:
    remarks = notes.split(_REMARK)[1:]
    return frozenset(
        field
        for remark in remarks
        for clause in re.split(r"[;；]", remark)
        for pattern, fields in _NAMED_FIELDS
        if re.search(pattern, clause)
        for field in fields
    )
