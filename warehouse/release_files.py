"""The files of a release: a durable copy, what is in it, and copies for other clients beside it."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UsageError
from warehouse.attaching import CATALOG, CHINESE_SCHEMA, attach, quoted

if TYPE_CHECKING:
    import duckdb

PARQUET_FOLDER = "parquet"
_DATABASE = ".duckdb"
_CHUNK_BYTES = 1 << 20
_VERSION = re.compile(r"v\d+\.\d+\.\d+")
_PUBLISHED = f"table_catalog = '{CATALOG}' and table_schema in ('marts', '{CHINESE_SCHEMA}')"


@dataclass(frozen=True, slots=True)
class Extras:
    """What is written beside the database file of a release.

    Attributes:
        storage_version: also a database file that DuckDB clients from this version on can open, e.g. `v1.5.0`.
        parquet: also one Parquet file per published table, under English and under Chinese names.
    """

    storage_version: str | None = None
    parquet: bool = False


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Hash and size of a file."""

    sha256: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a database file: rows of each mart, identity of all published columns, versions of the engine."""

    row_counts: Mapping[str, int]
    schema_sha256: str
    duckdb_version: str
    storage_version: str


def copy_durably(source: Path, target: Path) -> FileFacts:
    """Copy a file and wait until the disk has it."""
    digest, byte_count = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            byte_count += len(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return FileFacts(digest.hexdigest(), byte_count)


def hash_file(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def list_files(folder: Path, *, leaving_out: str) -> dict[str, FileFacts]:
    """Hash and size of all files of a folder but one, by their path in it; each of them is on the disk afterwards."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != leaving_out:
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
            found[name] = FileFacts(hash_file(path), path.stat().st_size)
    return found


def look_into(file: Path) -> Content:
    """Count and describe what a database file publishes.

    Raises:
        duckdb.Error: it cannot be opened.
    """
    with attach(file) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns "
            f"where {_PUBLISHED} order by table_schema, table_name, ordinal_position"
        ).fetchall()
        version, storage = connection.execute(
            "select version(), tags['storage_version'] from duckdb_databases() where database_name = ?", [CATALOG]
        ).fetchone() or ("", None)
        return Content(
            row_counts=_count_rows(connection),
            schema_sha256=hashlib.sha256("\x1e".join("\x1f".join(row) for row in columns).encode()).hexdigest(),
            duckdb_version=version,
            storage_version=storage or "",
        )


def opens(file: Path) -> bool:
    """Whether a database file can be read at all."""
    import duckdb

    try:
        attach(file).close()
    except duckdb.Error:
        return False
    return True


def require_storage_version(version: str | None) -> None:
    """Check the version that a copy for older clients is asked for.

    Raises:
        UsageError: DuckDB knows no such version.
    """
    if version is None:
        return
    import duckdb

    try:
        if not _VERSION.fullmatch(version):
            raise ValueError(version)
        with duckdb.connect() as connection:
            connection.execute(f"attach ':memory:' as probe (storage_version '{version}')")
    except (ValueError, duckdb.Error) as error:
        raise UsageError(
            "unknown_storage_version",
            zh=f"“{version}”不是 DuckDB 的存储版本。请写成 v1.5.0 这样的版本号。",
            en=f"“{version}” is no storage version of DuckDB. Write a version such as v1.5.0.",
            version=version,
        ) from error


def protect(folder: Path) -> None:
    """Let nobody write the database files of a folder by mistake, be it a client that was not told to read only."""
    if sys.platform == "win32":
        # There a file that may not be written can't be removed either.
        return
    for path in folder.glob(f"*{_DATABASE}"):
        path.chmod(path.stat().st_mode & ~0o222)


def offer(release: Path, folder: Path) -> None:
    """Give the database files of a release names that stay, in one step each: who has one open keeps what it opened.

    A file that this release does not have goes, so that nobody reads an old release under a name that stays. What the
    system does not let go (Windows, while a reader has it open) is left for the next time.
    """
    folder.mkdir(exist_ok=True)
    wanted = {path.name: path for path in release.glob(f"*{_DATABASE}")}
    for name, path in wanted.items():
        staged = folder / f".{name}.{os.getpid()}"
        with suppress(OSError):
            staged.unlink(missing_ok=True)
            try:
                os.link(path, staged)
            except OSError:
                # A file system without hard links.
                copy_durably(path, staged)
            staged.replace(folder / name)
        staged.unlink(missing_ok=True)
    for path in folder.glob(f"*{_DATABASE}"):
        if path.name not in wanted:
            with suppress(OSError):
                path.unlink()


def write_extras(database: Path, extras: Extras) -> None:
    """Write the asked copies beside a database file."""
    if extras.storage_version is not None:
        _write_for_older(database, extras.storage_version)
    if extras.parquet:
        _write_parquet(database)


def _write_for_older(database: Path, version: str) -> None:
    target = database.with_name(f"{database.stem}-{version}{database.suffix}")
    with attach(database) as connection:
        connection.execute(f"attach {quoted(target)} as older (storage_version '{version}')")
        connection.execute(f"copy from database {CATALOG} to older")
        # Else the last pages would still be in a journal beside the file.
        connection.execute("checkpoint older")
        connection.execute("detach older")


def _write_parquet(database: Path) -> None:
    with attach(database) as connection:
        tables = connection.execute(
            f"select table_schema, table_name from information_schema.tables where {_PUBLISHED} order by 1, 2"
        ).fetchall()
        for schema, name in tables:
            target = database.parent / PARQUET_FOLDER / schema / f"{name}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f'copy "{schema}"."{name}" to {quoted(target)} (format parquet)')


def _count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    tables = connection.execute(
        f"select table_name from information_schema.tables where {_PUBLISHED} and table_schema = 'marts' order by 1"
    ).fetchall()
    counts = {}
    for (name,) in tables:
        row = connection.execute(f'select count(*) from marts."{name}"').fetchone()
        counts[f"marts.{name}"] = int(row[0]) if row else 0
    return counts
