"""Which program and dbt project made something, as one word that changes with any of their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from ingest import __version__
from ingest.resources import project_dir

_PROJECT_PARTS = ("dbt_project.yml", "profiles.yml", "selectors.yml", "models", "macros", "data/reference", "tests/dbt")


def identify_project() -> str:
    """Identity of the program and its dbt project."""
    digest = hashlib.sha256(__version__.encode())
    project = project_dir()
    for path in _project_files(project):
        digest.update(f"\x1f{path.relative_to(project).as_posix()}\x1f".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _project_files(project: Path) -> Iterator[Path]:
    for part in _PROJECT_PARTS:
        path = project / part
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and not file.name.startswith("."))
