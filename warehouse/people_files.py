"""CSV files of the home folder that people own and the program adds lines to, the newest last: a line is an entry."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from ingest.errors import UsageError
from warehouse.output import replacing, write_csv_rows

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class PeopleFile(Generic[Entry]):
    """What the lines of such a file are.

    `kind` is the dataclass of an entry, whose fields are the columns; `required` must not be empty; `make` turns the
    texts of a line into an entry. `code` and the two names are those of the error: "this is no …".
    """

    kind: type[Entry]
    required: tuple[str, ...]
    make: Callable[[Mapping[str, str]], Entry]
    code: str
    name_zh: str
    name_en: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The header of the file."""
        entry: Any = self.kind
        return tuple(column.name for column in fields(entry))

    def read(self, path: Path) -> list[Entry]:
        """All entries, oldest first; none where there is no file.

        Raises:
            UsageError: the file has another header, or a line that is no entry.
        """
        if not path.is_file():
            return []
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            try:
                if tuple(reader.fieldnames or ()) != self.columns:
                    raise ValueError("the header is another one")
                return [self._entry(line) for line in reader]
            except (ValueError, TypeError, AttributeError, csv.Error) as error:
                raise self._broken(path, max(reader.line_num, 1)) from error

    def write(self, path: Path, entries: Iterable[Entry]) -> None:
        """Write the whole file anew, in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        lines: Iterable[Any] = entries
        with replacing(path) as stream:
            write_csv_rows(stream, self.columns, (asdict(line).values() for line in lines))

    def _entry(self, line: Mapping[str, str]) -> Entry:
        values = {name: line[name].strip() for name in self.columns}
        if None in line or not all(values[name] for name in self.required):
            raise ValueError("the line has too many or too few values")
        return self.make(values)

    def _broken(self, path: Path, line: int) -> UsageError:
        columns = ",".join(self.columns)
        return UsageError(
            self.code,
            zh=f"{path} 第 {line} 行：不是一条{self.name_zh}（列应为 {columns}）。请改正该行，或从备份恢复该文件。",
            en=f"{path}, line {line}: this is no {self.name_en} (the columns are {columns}). "
            "Put the line right, or restore the file from a copy.",
            path=str(path),
            line=line,
        )
