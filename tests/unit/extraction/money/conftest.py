"""Every subclass of `Cases` brings its own sentences."""

from __future__ import annotations

import pytest

from tests.support.funding_sentences import Cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.cls is not None and issubclass(metafunc.cls, Cases):
        metafunc.parametrize(("text", "written"), metafunc.cls.CASES)
