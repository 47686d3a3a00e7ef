"""The journeys go through the same doors as the tests of the doors."""

from tests.api.conftest import app, clerk, community, processes, subdistrict

__all__ = ["app", "clerk", "community", "processes", "subdistrict"]
