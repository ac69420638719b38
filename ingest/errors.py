"""Everything the project raises on purpose.

One small tree, four questions: could we reach it, does the layout fit, was the caller wrong, is the
warehouse busy. Every error has a stable `code`, a sentence in both languages and the `facts` behind it;
a sentence names the document, the place and the next step.
"""

from __future__ import annotations


class FundPerfError(Exception):
    """Base of all deliberate failures.

    Args:
        code: stable identifier in snake case, e.g. ``empty_document``; the same in every language.
        zh: the message in Chinese.
        en: the message in English.
        facts: whatever is needed to act on it without parsing the message.
    """

    def __init__(self, code: str, *, zh: str, en: str, **facts: object) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
        self.facts = facts

    def message(self, lang: str = "en") -> str:
        """The message in the user's language (`zh` or `en`)."""
        return self.zh if lang == "zh" else self.en


class UnreachableError(FundPerfError):
    """A path, a file or a release could not be reached or opened at all."""


class DocumentError(FundPerfError):
    """The bytes were reached and cannot be read as a document (damaged, protected, empty, not text)."""


class LayoutError(FundPerfError):
    """The text was read and nothing in it is a self-evaluation that we know."""


class RecordError(FundPerfError):
    """A record from another extractor does not keep the contract of `ingest.records`."""


class UsageError(FundPerfError):
    """The caller asked for something that cannot be done as asked."""


class RefusedSqlError(UsageError):
    """A statement that the read-only door does not let through."""


class CheckError(FundPerfError):
    """A check whose severity stops the work has failed."""


class SignOffNeededError(FundPerfError):
    """A person has to look before the work can go on; nothing was changed for readers."""


class BuildError(FundPerfError):
    """The models could not be built."""


class BusyError(FundPerfError):
    """Another writer holds the warehouse."""
