"""Which inputs there are, and what each of them gives: a record, or the reason why not.

An input is a document file, a file of an archive, or one line of a file of records. No content, however damaged,
raises: it ends as `Quarantined`, so that the inputs of a load always add up.
"""

from __future__ import annotations

from ingest.inputs.finding import Survey, find_inputs, survey_inputs
from ingest.inputs.model import MAX_BYTES, Extract, Input, Outcome, Quarantined, Recalled
from ingest.inputs.reading import InputReader, quarantine

__all__ = [
    "MAX_BYTES",
    "Extract",
    "Input",
    "InputReader",
    "Outcome",
    "Quarantined",
    "Recalled",
    "Survey",
    "find_inputs",
    "quarantine",
    "survey_inputs",
]
