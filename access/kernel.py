"""What the parts of access share: the clock, the connections, and digests of secrets."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, LiteralString, NamedTuple

from eventsourcing.postgres import PostgresDatastore

from record.store.record import CHINA

Clock = Callable[[], datetime]


def clock() -> datetime:
    """Now."""
    return datetime.now(CHINA)


class Database(NamedTuple):
    """The connections, and the time that every statement gets as `now`."""

    datastore: PostgresDatastore
    clock: Clock

    def rows(self, *statements: LiteralString, **values: Any) -> list[dict[str, Any]]:
        """Execute these statements in one transaction, all with these values; the last one's
        rows."""
        given = {"now": self.clock(), **values}
        found: Sequence[dict[str, Any]] = ()
        with self.datastore.transaction(commit=True) as cursor:
            for statement in statements:
                cursor.execute(statement, given)
                found = cursor.fetchall() if cursor.description else ()
        return [*found]

    def row(self, *statements: LiteralString, **values: Any) -> dict[str, Any] | None:
        """The same for at most one row."""
        return next(iter(self.rows(*statements, **values)), None)


def digest_of(secret: str) -> bytes:
    """What is kept of a secret of 80 random bits or more: SHA-256. A password needs more."""
    return sha256(secret.encode()).digest()
