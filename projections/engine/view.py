"""The read side: a consistent picture of the read models at one position, of now or of the past."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection, IsolationLevel
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from projections.engine.engine import LIVE
from record.sql import statements

STATEMENTS = statements(__file__)
WAIT_SECONDS_MAX = 2.0
POLL_SECONDS = 0.005


class NotYetShown(Exception):
    """The read models have not reached the asked position in time; ask again shortly."""

    def __init__(self, asked: int, reached: int) -> None:
        super().__init__(f"The read models stand at position {reached}, not yet at {asked}.")
        self.asked = asked
        self.reached = reached


class View(NamedTuple):
    """One consistent picture: all queries through it see the read models at `position`.

    `known` is the past position whose knowledge is asked for, or None for today's. `parked` names
    the read models that failed on an entry before `position`, and show nothing from there on.
    """

    connection: Connection[DictRow]
    position: int
    known: int | None
    parked: tuple[str, ...]

    def rows(self, statement: LiteralString, **parameters: Any) -> list[DictRow]:
        """All rows of a named statement; `known` is always among its parameters."""
        # Prepared, a list would come to be planned for any filter and any position, and so for the
        # worst of them: a hundred times the time.
        return self._rows(statement, parameters, prepare=False)

    def row(self, statement: LiteralString, **parameters: Any) -> DictRow | None:
        """The one row of a named statement, or None."""
        rows = self._rows(statement, parameters, prepare=None if self.known is None else False)
        assert len(rows) <= 1, "more than one row where one was asked for"
        return rows[0] if rows else None

    def _rows(
        self, statement: LiteralString, parameters: dict[str, Any], *, prepare: bool | None
    ) -> list[DictRow]:
        parameters["known"] = self.known
        return self.connection.execute(statement, parameters, prepare=prepare).fetchall()

    @property
    def stands_at(self) -> int:
        """The position that an answer names: asking again as known there gives the same answer."""
        return self.position if self.known is None else self.known


class ReadModels:
    """A pool of read-only connections to the live read models."""

    def __init__(self, url: str, *, connections_max: int = 16) -> None:
        self._pool = ConnectionPool(
            url,
            kwargs={"row_factory": dict_row, "options": f"-c search_path={LIVE},record"},
            connection_class=Connection[DictRow],
            min_size=1,
            max_size=connections_max,
            open=False,
            configure=_read_only,
            timeout=10.0,
        )

    def open(self) -> None:
        """Open the pool; connections are made as they are needed."""
        self._pool.open()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    @contextmanager
    def view(
        self, *, known: int | datetime | None = None, after_position: int | None = None
    ) -> Iterator[View]:
        """A consistent picture, as known at a past position or instant if one is given.

        Waits until the read models have reached `after_position`, and what was `known`, at most
        two seconds; raises NotYetShown then.
        """
        if isinstance(known, datetime):
            known = self._position_at(known)
        if asked := max(after_position or 0, known or 0):
            self.wait_for(asked)
        with self._pool.connection() as connection:
            position, parked = _begin(connection)
            yield View(connection, position, known, parked)

    def _position_at(self, instant: datetime) -> int:
        with self._pool.connection() as connection:
            row = connection.execute(STATEMENTS["position_at"], {"instant": instant}).fetchone()
        assert row is not None
        return int(row["position"])

    def position(self) -> int:
        """The position at which the read models stand."""
        with self._pool.connection() as connection:
            position, _ = _begin(connection)
            return position

    def wait_for(self, position: int) -> None:
        """Wait until the read models have reached a position; raises NotYetShown."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while (reached := self.position()) < position:
            if time.monotonic() > deadline:
                raise NotYetShown(position, reached)
            time.sleep(POLL_SECONDS)


def _read_only(connection: Connection[DictRow]) -> None:
    connection.read_only = True
    connection.isolation_level = IsolationLevel.REPEATABLE_READ


def _begin(connection: Connection[DictRow]) -> tuple[int, tuple[str, ...]]:
    """Begin a picture: where the read models stand, and which are parked. It keeps a swap waiting
    until its end.

    The lock comes first, without a snapshot: one that was taken before a swap would show the new
    tables half filled.
    """
    cursor = connection.execute(STATEMENTS["begin"], prepare=False)
    cursor.nextset()
    row = cursor.fetchone()
    assert row is not None
    return int(row["position"] or 0), tuple(row["parked"] or ())
