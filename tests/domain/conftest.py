"""A failed expectation of the given-when-then tests shows what was expected and what happened."""

import pytest

pytest.register_assert_rewrite("tests.domain.given")
