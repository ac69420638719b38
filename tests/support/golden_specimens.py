"""All specimens of one golden build by name: forms for the rules, made texts, and the two real reports."""

from __future__ import annotations

from functools import cache

from ingest.records import DocumentRecord
from tests.conftest import REAL_REPORTS, SAMPLES, extract_file
from tests.support.flag_specimens import apart, flag_specimens
from tests.support.sample_records import maintenance_2023, yanbian_2020
from tests.support.target_specimens import target_specimens
from tests.support.texts_of_reports import specimens as text_specimens

# Each of the two real reports as a record with its facts, as the retold sample and as published.
YANBIAN, MAINTENANCE = "yanbian-2020", "maintenance-2023"
VARIANTS = {YANBIAN: "yanbian-jinbao-2020.txt", MAINTENANCE: "jinbao-maintenance-2023.txt"}
SAMPLE, PUBLISHED = "sample", "published"


@cache
def specimens() -> dict[str, DocumentRecord]:
    """Name → record; the variants of a real report are `name` (record), `name/sample` and `name/published`."""
    made = [*flag_specimens(), *target_specimens()]
    found = {record.document.file_name.removesuffix(".txt"): record for record in made} | text_specimens()
    assert len(found) == len(made) + len(text_specimens()), "every specimen has a name of its own"
    found[YANBIAN], found[MAINTENANCE] = yanbian_2020(), maintenance_2023()
    for name, file_name in VARIANTS.items():
        found[f"{name}/{SAMPLE}"] = apart(extract_file(SAMPLES / file_name), SAMPLE)
    if REAL_REPORTS.is_dir():
        for name, path in zip(VARIANTS, sorted(REAL_REPORTS.glob("*.txt")), strict=True):
            found[f"{name}/{PUBLISHED}"] = apart(extract_file(path), PUBLISHED)
    return found
