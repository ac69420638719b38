"""The smallest record of a document, for tests of how inputs are read."""

from __future__ import annotations

import hashlib

from ingest.records import DocumentRecord, stable_id


def small_record(project_name: str, file_name: str, data: bytes) -> DocumentRecord:
    """One report that says no more than the project's name."""
    sha256 = hashlib.sha256(data).hexdigest()
    report = {
        "report_id": stable_id(sha256, 1),
        "ordinal": 1,
        "kind": "project_self_evaluation",
        "fiscal_year": 2023,
        "project_name": project_name,
    }
    facts = {"sha256": sha256, "file_name": file_name, "media_type": "text/plain"}
    return DocumentRecord.model_validate({"document": facts, "reports": [report]})
