"""Whether a release is what its manifest says: for a second process, another host or a copy of the folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from warehouse.release import Release
from warehouse.release_files import FileFacts, hash_file, look_into


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was verified: `what` (a file, or `content` of the database), and what is wrong with it.

    `problem` is None where it is right; `bytes` and `sha256` name what differs, `missing` a file that is not there,
    `unreadable` a database that does not open here, `row_counts` and `schema` what it holds else.
    """

    what: str
    problem: Literal["missing", "bytes", "sha256", "unreadable", "row_counts", "schema"] | None
    detail: str = ""


def verify(release: Release) -> list[Verdict]:
    """Compare every file with the manifest, then open the database and count.

    A database that is not the published one is not opened.
    """
    database = FileFacts(release.sha256, release.byte_count)
    verdicts = [_look_at(release, release.file.name, database)]
    verdicts += [_look_at(release, name, facts) for name, facts in release.files.items()]
    if verdicts[0].problem is None:
        verdicts.append(_look_into(release))
    return verdicts


def _look_at(release: Release, name: str, facts: FileFacts) -> Verdict:
    path = release.folder / name
    if not path.is_file():
        return Verdict(name, "missing")
    byte_count = path.stat().st_size
    if byte_count != facts.byte_count:
        return Verdict(name, "bytes", f"{facts.byte_count} → {byte_count}")
    sha256 = hash_file(path)
    return Verdict(name, None) if sha256 == facts.sha256 else Verdict(name, "sha256", f"{facts.sha256} → {sha256}")


def _look_into(release: Release) -> Verdict:
    import duckdb

    try:
        content = look_into(release.file)
    except duckdb.Error as error:
        return Verdict("content", "unreadable", str(error).splitlines()[0])
    if content.row_counts != release.row_counts:
        different = [
            f"{name}: {release.row_counts.get(name)} → {content.row_counts.get(name)}"
            for name in sorted({*content.row_counts, *release.row_counts})
            if content.row_counts.get(name) != release.row_counts.get(name)
        ]
        return Verdict("content", "row_counts", ", ".join(different))
    # A manifest of an earlier version of the program has no identity of the columns.
    if release.schema_sha256 and content.schema_sha256 != release.schema_sha256:
        return Verdict("content", "schema")
    return Verdict("content", None)
