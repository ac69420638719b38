"""What a text says about itself, for the tests of each part of it."""

from __future__ import annotations

from ingest.extraction.identity.reading import Identity, read_identity
from ingest.lexicon import Lexicon
from tests.support.report_sources import source_of

BODY = "\n一、项目概况\n（一）资金情况\n已支付18万元。\n"


def identity_of(text: str, lexicon: Lexicon) -> Identity:
    """What is read of a text."""
    source = source_of(text, lexicon)
    return read_identity(source, list(source.sentences()))


def value_of(field: str, text: str, lexicon: Lexicon) -> object:
    """One field of it; None when it is not stated."""
    return identity_of(text, lexicon).values.get(field)
