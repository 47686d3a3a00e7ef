"""The policy files that a city brought, read from its record when a sentence needs their titles."""

from collections.abc import Iterable

from domain.kernel.policy import edition_called, learn
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


def know_policies(view: View, versions: Iterable[str]) -> None:
    """Make the adopted files of these versions known, where this process has not read them yet."""
    if any(edition_called(version) is None for version in versions):
        for row in view.rows(SQL["adopted_files"]):
            learn(bytes(row["content"]).decode())
