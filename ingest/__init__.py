"""Documents and records in, raw tables out: reading, extraction, checks on a batch, landing."""

__version__ = "0.1.0"
