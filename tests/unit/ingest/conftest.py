"""Small records, written as the contract says, for tests of what happens to records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from ingest.records import DocumentRecord, stable_id

MakeRecord = Callable[..., DocumentRecord]


@pytest.fixture(scope="session")
def make_record() -> MakeRecord:
    """A function that writes a record: one document, one report, two funding lines, one indicator."""

    def make(
        document: str = "a",
        *,
        file_name: str | None = None,
        budget: str = "180000.00",
        executed: str = "180000.00",
        **report: Any,
    ) -> DocumentRecord:
        sha256 = hashlib.sha256(document.encode()).hexdigest()
        text = "全年预算数18万元，全年执行数18万元。"

        def place(start: int, end: int) -> dict[str, Any]:
            return {"start": start, "end": end, "text": text[start:end], "method": "test", "confidence": 0.9}

        indicator = {
            "ordinal": 1,
            "level1": "产出指标",
            "level2": "数量指标",
            "name": "光模块数量",
            "target": "大于等于10支",
            "actual": "15支",
            "target_state": "parsed",
            "target_operator": ">=",
            "target_value": "10",
            "target_unit": "支",
            "actual_state": "parsed",
            "actual_value": "15",
            "actual_unit": "支",
            "weight": "7.5",
            "score": "7.5",
            "evidence": place(0, 5),
        }
        return DocumentRecord.model_validate(
            {
                "document": {
                    "sha256": sha256,
                    "file_name": file_name or f"{document}.txt",
                    "media_type": "text/plain",
                    "char_count": len(text),
                    "extractor": "test",
                    "canonical_text": text,
                },
                "reports": [
                    {
                        "report_id": stable_id(sha256, 1),
                        "ordinal": 1,
                        "kind": "project_self_evaluation",
                        "fiscal_year": 2023,
                        "project_name": "金保工程网络维护费",
                        "funding": [
                            {
                                "stage": stage,
                                "source": "total",
                                "amount_yuan": amount,
                                "as_written": "18万元",
                                "evidence": place(5, 9),
                            }
                            for stage, amount in (("adjusted_budget", budget), ("executed", executed))
                        ],
                        "indicators": [indicator],
                        **report,
                    }
                ],
            }
        )

    return make
