"""The reads are asked through the same door as in the tests of the doors."""

from tests.api.conftest import app

__all__ = ["app"]
