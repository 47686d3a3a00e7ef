"""The journeys go through the same doors as the tests of the doors."""

from tests.api.conftest import clerk, community, subdistrict

__all__ = ["clerk", "community", "subdistrict"]
