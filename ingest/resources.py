"""Where the data that travels with the program lies: dbt project, reference data, lexicon.

In a checkout these are the folders of the repository; in an installed wheel they are inside this package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def project_dir() -> Path:
    """The folder that holds `dbt_project.yml`, `models/`, `macros/` and `data/reference/`."""
    packaged = _PACKAGE / "packaged"
    return packaged if (packaged / "dbt_project.yml").is_file() else _PACKAGE.parent


def reference_dir() -> Path:
    """The reviewed reference data (dbt seeds and the lexicon)."""
    return project_dir() / "data" / "reference"
