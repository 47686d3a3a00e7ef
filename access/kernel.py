"""What the parts of access share: the clock, the connections, and digests of secrets."""

from collections.abc import Callable
from contextlib import nullcontext
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
        *before, last = statements
        with self.datastore.get_connection() as connection:
            # One statement alone is a transaction by itself: two round trips less.
            with connection.transaction() if before else nullcontext():
                for statement in before:
                    connection.execute(statement, given)
                cursor = connection.execute(last, given)
            return cursor.fetchall() if cursor.description else []

    def row(self, *statements: LiteralString, **values: Any) -> dict[str, Any] | None:
        """The same for at most one row."""
        return next(iter(self.rows(*statements, **values)), None)


def digest_of(secret: str) -> bytes:
    """What is kept of a secret of 80 random bits or more: SHA-256. A password needs more."""
    return sha256(secret.encode()).digest()
