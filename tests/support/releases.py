"""Releases that tests make without publishing."""

from __future__ import annotations

from pathlib import Path

from warehouse.release import Release
from warehouse.release_gate import CheckSummary


def release_in(folder: Path) -> Release:
    """A release that says nothing of itself but where its files lie."""
    return Release(
        release_id="r",
        published_at="",
        code_version="",
        fingerprint="",
        sha256="",
        byte_count=0,
        row_counts={},
        checks=CheckSummary(),
        folder=folder,
    )
