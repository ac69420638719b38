"""What people state about a document beside it: `NAME.meta.json`, or a line of `manifest.csv` in the same folder.

A manifest states what the document itself does not (region, unit, where it was published). It never replaces what is
printed: extraction decides what to use and marks it `method: "manifest"`.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ingest.errors import UsageError
from ingest.records import DocumentRecord, Evidence, Region, ReportRecord, ReportWarning, iso_day

MANIFEST_NAME = "manifest.csv"
META_SUFFIX = ".meta.json"
FILE_COLUMN = "file_name"


def _null_when_blank(value: Any) -> Any:
    if isinstance(value, str):
        # JSON may hold half a character, which no file can keep: it is refused here (UnicodeError is a ValueError).
        value.encode("utf-8")
        return value.strip() or None
    return value


def _as_year(value: Any) -> Any:
    value = _null_when_blank(value)
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


_Text = Annotated[str | None, BeforeValidator(_null_when_blank)]
_Year = Annotated[Annotated[int, Field(ge=1949, le=2100)] | None, BeforeValidator(_as_year)]
_Day = Annotated[date | None, BeforeValidator(lambda value: iso_day(_null_when_blank(value)))]


class Manifest(BaseModel):
    """What people state about one document; null means they do not say.

    `fiscal_year` is the year the money belongs to, `published_on` the day the document appeared.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    province: _Text = None
    city: _Text = None
    county: _Text = None
    unit: _Text = None
    project_name: _Text = None
    fiscal_year: _Year = None
    source_url: _Text = None
    published_on: _Day = None

    def apply(self, record: DocumentRecord) -> DocumentRecord:
        """The record with what the manifest states where the document says nothing.

        A value of a report that comes from here has evidence with `method: "manifest"`. What is printed stays; where
        the manifest says something else, the report gets a warning `manifest_disagrees`.
        """
        facts = record.document
        document = facts.model_copy(
            update={
                "source_url": facts.source_url or self.source_url,
                "published_on": facts.published_on or self.published_on,
            }
        )
        return record.model_copy(
            update={"document": document, "reports": tuple(self._apply_to(report) for report in record.reports)}
        )

    def _apply_to(self, report: ReportRecord) -> ReportRecord:
        region: dict[str, str] = {}
        values: dict[str, Any] = {}
        places: dict[str, Evidence] = {}
        warnings: list[ReportWarning] = []
        for key in _REPORT_KEYS:
            stated = getattr(self, key)
            holder, update, field_name = (
                (report.region, region, f"region.{key}") if key in Region.model_fields else (report, values, key)
            )
            printed = getattr(holder, key)
            if stated is None or stated == printed:
                continue
            if printed is None:
                update[key] = stated
                places[field_name] = _STATED
            else:
                place = report.field_evidence.get(field_name, _STATED)
                message = f"清单所填 {field_name}“{stated}”与文中“{printed}”不一致，采用文中内容"
                warnings.append(ReportWarning(code="manifest_disagrees", message=message, evidence=place))
        return report.model_copy(
            update={
                **values,
                "region": report.region.model_copy(update=region),
                "warnings": (*report.warnings, *warnings),
                "field_evidence": {**report.field_evidence, **places},
            }
        )


# A value that a manifest states has no place in the document.
_STATED = Evidence.model_validate({"start": 0, "end": 0, "text": "", "method": "manifest", "confidence": 1})
_REPORT_KEYS = ("province", "city", "county", "unit", "project_name", "fiscal_year")

ALLOWED_KEYS = tuple(Manifest.model_fields)


def is_manifest(path: Path) -> bool:
    """Whether the file states something about documents instead of being one."""
    return path.name == MANIFEST_NAME or path.name.endswith(META_SUFFIX)


@dataclass(slots=True)
class ManifestReader:
    """Finds what is stated about a document; each folder's `manifest.csv` is read once."""

    _folders: dict[Path, _Folder] = field(default_factory=dict)

    def notes(self, folders: Iterable[Path]) -> list[tuple[str, str]]:
        """What the `manifest.csv` of these folders states in vain, a sentence (Chinese, English) for each line."""
        found: list[tuple[str, str]] = []
        for folder in folders:
            manifest = self._folder(folder)
            if manifest.error is not None:
                found.append((manifest.error.zh, manifest.error.en))
            elif manifest.numbers:
                present = {_normal(path.name) for path in folder.iterdir()}
                found.extend(
                    _stated_in_vain(folder / MANIFEST_NAME, number, name)
                    for name, number in manifest.numbers.items()
                    if name not in present
                )
        return found

    def _folder(self, folder: Path) -> _Folder:
        if folder not in self._folders:
            self._folders[folder] = _read_folder(folder / MANIFEST_NAME)
        return self._folders[folder]

    def find(self, document: Path) -> Manifest | None:
        """What is stated about the document, or None when nothing is.

        `NAME.meta.json` (NAME with or without the document's suffix) wins over `manifest.csv`, key by key.

        Raises:
            UsageError: what is stated cannot be understood; the message names file, line or key, and the allowed keys.
        """
        stated = dict(self._folder(document.parent).stated_about(document.name))
        for path in (document.with_suffix(META_SUFFIX), Path(f"{document}{META_SUFFIX}")):
            if path.is_file():
                manifest = _understand(_read_object(path), path.name)
                stated.update(manifest.model_dump(exclude_none=True))
        return Manifest(**stated) if stated else None


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder's `manifest.csv`; `numbers` has the line of each name.

    `error` concerns the whole file, an error under a name concerns that document.
    """

    lines: dict[str, Manifest | UsageError]
    error: UsageError | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def stated_about(self, file_name: str) -> dict[str, Any]:
        if self.error is not None:
            raise self.error
        stated = self.lines.get(_normal(file_name))
        if isinstance(stated, UsageError):
            raise stated
        return stated.model_dump(exclude_none=True) if stated else {}


def _normal(file_name: str) -> str:
    # macOS gives back names in another composition than people type.
    return unicodedata.normalize("NFC", file_name)


def _read_folder(path: Path) -> _Folder:
    if not path.is_file():
        return _Folder({})
    try:
        rows = _read_rows(path)
    except UsageError as error:
        return _Folder({}, error)
    lines: dict[str, Manifest | UsageError] = {}
    numbers: dict[str, int] = {}
    for line, row in rows:
        name = _normal((row.pop(FILE_COLUMN) or "").strip())
        if name in lines:
            lines[name] = _not_understood(
                f"{path.name}:{line}",
                zh=f"文件“{name}”出现了两次",
                en=f"the file “{name}” has two lines",
            )
            continue
        numbers[name] = line
        try:
            lines[name] = _understand(row, f"{path.name}:{line}")
        except UsageError as error:
            lines[name] = error
    return _Folder(lines, numbers=numbers)


def _stated_in_vain(path: Path, number: int, name: str) -> tuple[str, str]:
    return (
        f"{path}:{number}：没有名为“{name}”的文件，该行未使用。请核对文件名。",
        f"{path}:{number}: there is no file “{name}”; the line was not used. Check the name.",
    )


def _read_rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        reader = csv.DictReader(io.StringIO(_read_text(path), newline=""), restkey="(no heading)", strict=True)
        header = list(reader.fieldnames or [])
        _check_header(header, path.name)
        # A short line leaves its last cells unstated.
        rows = [(reader.line_num, row) for row in reader if any(_null_when_blank(cell) for cell in row.values())]
    except csv.Error as error:
        raise _not_understood(
            path.name, zh=f"不是有效的 CSV（{error}）", en=f"this is not valid CSV ({error})"
        ) from error
    return rows


def _check_header(header: list[str], file_name: str) -> None:
    place = f"{file_name}:1"
    if FILE_COLUMN not in header:
        if any(separator in cell for cell in header for separator in ";\t"):
            raise _not_understood(place, zh="各列之间必须用英文逗号分隔", en="the columns must be separated by a comma")
        raise _not_understood(place, zh=f"缺少列 {FILE_COLUMN}", en=f"the column {FILE_COLUMN} is missing")
    twins = sorted({name for name in header if name and header.count(name) > 1})
    if twins:
        listed = ", ".join(twins)
        raise _not_understood(place, zh=f"列名重复：{listed}", en=f"these columns occur twice: {listed}")


def _read_object(path: Path) -> dict[str, Any]:
    try:
        stated = json.loads(_read_text(path), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError) as error:
        raise _not_understood(
            path.name, zh=f"不是有效的 JSON（{error}）", en=f"this is not valid JSON ({error})"
        ) from error
    if not isinstance(stated, dict):
        raise _not_understood(path.name, zh="内容不是 JSON 对象", en="the content is not a JSON object")
    return stated


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise ValueError(f"key given twice: {', '.join(twins)}")
    return dict(pairs)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _not_understood(
            path.name, zh=f"无法读取（{error.strerror}）", en=f"it cannot be read ({error.strerror})"
        ) from error
    # Spreadsheets in China save CSV as GB18030 unless told otherwise.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _not_understood(path.name, zh="编码不是 UTF-8 或 GB18030", en="the text is neither UTF-8 nor GB18030")


def _understand(stated: dict[str, Any], place: str) -> Manifest:
    try:
        return Manifest(**{str(key): value for key, value in stated.items()})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise _not_understood(place, zh=f"未知的键“{key}”", en=f"unknown key “{key}”", key=key) from error
        raise _not_understood(
            place,
            zh=f"键“{key}”的值 {first['input']!r} 无效",
            en=f"the value {first['input']!r} of key “{key}” is not valid ({first['msg']})",
            key=key,
        ) from error


def _not_understood(place: str, *, zh: str, en: str, key: str | None = None) -> UsageError:
    allowed = ", ".join(ALLOWED_KEYS)
    return UsageError(
        "bad_manifest",
        zh=f"{place}：{zh}。请改正后重新导入；允许的键：{allowed}"
        "（fiscal_year 为四位年份，published_on 写作 YYYY-MM-DD）。",
        en=f"{place}: {en}. Correct it and load again; allowed keys: {allowed} "
        "(fiscal_year is a year of four digits, published_on is YYYY-MM-DD).",
        place=place,
        key=key,
    )
