import pytest

# Their assertion stands beside the sentences' base class.
pytest.register_assert_rewrite("tests.support.funding_sentences")
