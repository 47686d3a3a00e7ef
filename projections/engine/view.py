"""The read side: a consistent view of the read models at one position, now or in the past."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, LiteralString, NamedTuple, TypeVar

from msgspec import json
from psycopg import Connection, RawCursor
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus
from psycopg.rows import DictRow, dict_row, tuple_row
from psycopg_pool import ConnectionPool

from domain.kernel.ids import ID_PATTERN
from domain.kernel.refusal import Stopped
from projections.engine.engine import LIVE
from projections.engine.scope import WHOLE_CITY, WHOLE_OPTION, Scope
from record.sql import statements, time_outs

T = TypeVar("T")

STATEMENTS = statements(__file__)
WAIT_SECONDS_MAX = 2.0
POLL_SECONDS = 0.005
KEPT_MAX = 200  # pictures' worth of figures
# Whoever looks at a picture keeps a swap waiting.
STATEMENT_SECONDS_MAX = 60
IDLE_SECONDS_MAX = 120
PREPARED_MAX = 200  # statements whose plans a connection keeps
# A plan is made once, for what is written into its statement (see `as_asked`) and nothing else.
OPTIONS = (
    f"-c search_path={LIVE},record -c default_transaction_read_only=on"
    r" -c default_transaction_isolation=repeatable\ read"
    " -c plan_cache_mode=force_generic_plan -c jit=off "
    + time_outs(statement_seconds=STATEMENT_SECONDS_MAX, idle_seconds=IDLE_SECONDS_MAX)
)
_PARAMETER = re.compile(r"%\((?P<name>\w+)\)s(?P<is_null>(::\w+)? is null)?")


class NotYetShown(Stopped):
    """The read models have not reached the requested position in time; try again shortly."""

    def __init__(self, asked: int, reached: int) -> None:
        super().__init__("read.not-yet-shown", asked=asked, reached=reached)
        self.asked = asked
        self.reached = reached


class View(NamedTuple):
    """One consistent view: all queries through it see the read models at `position`.

    `known` is the past position whose knowledge is asked for, or None for today's. `parked` names
    the read models that failed on an entry before `position`, and show nothing from there on;
    `altered` says that they stopped because the record itself was changed.
    `recorded_at` is the instant of the record's last entry; None while it is empty. `generation`
    tells these tables from those that a rebuild puts in their place. All queries see what is in
    `scope`, and nothing else.
    """

    connection: Connection[DictRow]
    position: int
    known: int | None
    parked: tuple[str, ...]
    altered: bool
    recorded_at: datetime | None
    generation: int
    scope: Scope
    kept: "Kept"

    def once(self, what: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of this picture: made once for all who ask for it at this position.

        `what` names everything else that it is made from; who gets it changes nothing in it.
        """
        at = (self.generation, self.position, self.known, self.parked, self.scope)
        found: T = self.kept.get((at, what), make)
        return found

    def rows(self, statement: LiteralString, **parameters: Any) -> list[DictRow]:
        """All rows of a named statement; `known` is always among its parameters."""
        # What is known where the read models stand is what they show now.
        known = None if self.known == self.position else self.known
        asked, names = as_asked(statement, {**parameters, "known": known})
        values = [parameters[name] for name in names]
        # Each past position is another statement: only today's are worth keeping.
        prepare = None if known is None else False
        cursor = self.connection.cursor(binary=True, row_factory=tuple_row)
        found = cursor.execute(asked, values, prepare=prepare).fetchall()
        columns = [column.name for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in found]  # in half dict_row's time

    def row(self, statement: LiteralString, **parameters: Any) -> DictRow | None:
        """The one row of a named statement, or None."""
        rows = self.rows(statement, **parameters)
        assert len(rows) <= 1, "more than one row where one was asked for"
        return rows[0] if rows else None

    @contextmanager
    def whole_city(self) -> Iterator[None]:
        """Within it queries see all, for what can only be told by comparison with others, such as
        a rank. Who uses it answers with nothing out of scope."""
        if self.scope.top is None:
            yield
            return
        own = self.row(STATEMENTS["scope"])
        assert own is not None
        self.row(STATEMENTS["rescope"], scope="*")
        yield
        self.row(STATEMENTS["rescope"], scope=own["scope"])

    @property
    def stands_at(self) -> int:
        """The position that an answer names: the same read as known there gives the same answer."""
        return self.position if self.known is None else self.known


class Kept:
    """The newest of what was made of pictures, by what it was made from: so it is never stale."""

    def __init__(self, entries_max: int = KEPT_MAX) -> None:
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()
        self._entries_max = entries_max

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept, or what is made now; two who ask at once may both make it."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._entries_max:
                self._made.popitem(last=False)
        return made


class ReadModels:
    """A pool of read-only connections to the live read models."""

    def __init__(self, url: str, *, connections_max: int = 16) -> None:
        self._pool = _pool(url, f"{OPTIONS} {WHOLE_OPTION}", 1, connections_max)
        self._scoped = _pool(url, OPTIONS, 0, connections_max)  # for who does not read all
        self._kept = Kept()
        self.reached = 0  # the position at which they were seen last
        self._looking = ThreadPoolExecutor(1, "annals-look")
        self._look: asyncio.Future[int] | None = None
        self._looked_at = 0.0

    def open(self) -> None:
        """Open the pool; connections are made as they are needed."""
        self._pool.open()
        self._scoped.open()

    def close(self) -> None:
        """Close all connections."""
        self._looking.shutdown()
        self._pool.close()
        self._scoped.close()

    @contextmanager
    def view(
        self,
        *,
        known: int | datetime | None = None,
        after_position: int | None = None,
        wait_seconds: float | None = None,
        scope: Scope = WHOLE_CITY,
    ) -> Iterator[View]:
        """A consistent picture of what is in scope, as known at a past position or instant if one
        is given.

        Waits until the read models have reached `after_position`, and what was `known`, at most
        two seconds unless `wait_seconds` says otherwise; raises NotYetShown then.
        """
        if isinstance(known, datetime):
            known = self._position_at(known)
        if asked := max(after_position or 0, known or 0):
            self.wait_for(asked, wait_seconds)
        pool = self._pool if scope == WHOLE_CITY else self._scoped
        with pool.connection() as connection:
            try:
                yield self._begin(connection, known, scope)
            finally:
                at_once(connection, "commit")

    def _begin(
        self,
        connection: Connection[DictRow],
        known: int | None = None,
        scope: Scope = WHOLE_CITY,
    ) -> View:
        """Begin a picture: where the read models stand, and which are parked. It keeps a swap
        waiting until its transaction ends.

        The lock comes first, without a snapshot: one that was taken before a swap would show the
        new tables half filled.
        """
        begin = _scoped(STATEMENTS["begin"], scope)
        try:
            found = at_once(connection, begin)
        except InvalidSqlStatementName:  # the first of its connection
            at_once(connection, "rollback")
            at_once(connection, STATEMENTS["prepare"])
            found = at_once(connection, begin)
        assert found is not None
        self.reached, parked, altered, recorded_at, generation, _ = json.decode(found)
        return View(
            connection,
            self.reached,
            known,
            tuple(parked),
            altered,
            datetime.fromisoformat(recorded_at) if recorded_at else None,
            generation,
            scope,
            self._kept,
        )

    def _position_at(self, instant: datetime) -> int:
        with self._pool.connection() as connection:
            asked, _ = as_asked(STATEMENTS["position_at"], {"instant": instant})
            row = connection.execute(asked, [instant]).fetchone()
        assert row is not None
        return int(row["position"])

    def position(self) -> int:
        """The position of the read models."""
        with self.view() as view:
            return view.position

    def wait_for(self, position: int, seconds: float | None = None) -> None:
        """Wait until the read models have reached a position; raises NotYetShown."""
        deadline = time.monotonic() + (WAIT_SECONDS_MAX if seconds is None else seconds)
        while (reached := self.position()) < position:
            if time.monotonic() >= deadline:
                raise NotYetShown(position, reached)
            time.sleep(POLL_SECONDS)

    async def wait_on_no_thread(self, position: int) -> None:
        """The same, for any number of readers at once: one thread looks for all who wait."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while self.reached < position:
            if time.monotonic() > deadline:
                raise NotYetShown(position, self.reached)
            if self._look is None or self._look.done():
                self._look = asyncio.ensure_future(self._next_look())
            await asyncio.shield(self._look)

    async def _next_look(self) -> int:
        await asyncio.sleep(max(0.0, self._looked_at + POLL_SECONDS - time.monotonic()))
        self._looked_at = time.monotonic()
        return await asyncio.get_running_loop().run_in_executor(self._looking, self.position)


def at_once(connection: Connection[Any], statements: LiteralString) -> bytes | None:
    """Carry out statements without parameters in one round trip; returns the first value of the
    last. For psycopg's cursors each is one of its own, and takes three times as long."""
    result = connection.pgconn.exec_(statements.encode())
    if result.status == ExecStatus.TUPLES_OK:
        return result.get_value(0, 0)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    return None


def _pool(
    url: str, options: str, connections_min: int, connections_max: int
) -> ConnectionPool[Connection[DictRow]]:
    return ConnectionPool(
        url,
        kwargs={
            "row_factory": dict_row,
            "cursor_factory": RawCursor,  # ours number their parameters already
            "options": options,
            "autocommit": True,
        },
        connection_class=Connection[DictRow],
        min_size=connections_min,
        max_size=connections_max,
        open=False,
        configure=_settle,
        timeout=10.0,
    )


def _settle(connection: Connection[DictRow]) -> None:
    connection.prepare_threshold = 1
    connection.prepared_max = PREPARED_MAX
    at_once(connection, STATEMENTS["act_as_server"])


@lru_cache(maxsize=2_000)
def _scoped(statement: LiteralString, scope: Scope) -> LiteralString:
    """The statement with a scope written into it: it is sent with others, without parameters."""
    assert scope.top is None or re.fullmatch(ID_PATTERN, scope.top), "no id"
    top: Any = "null" if scope.top is None else f"'{scope.top}'"
    day: Any = "null" if scope.day is None else f"'{scope.day.isoformat()}'"
    return statement.replace("$top", top).replace("$day", day)


def as_asked(
    statement: LiteralString, parameters: Mapping[str, Any]
) -> tuple[LiteralString, tuple[str, ...]]:
    """The statement with what decides how it is best carried out written into it: what is asked
    for and what is not, what is known, how many lines are wanted. So one plan is right for all
    that it is asked with, and is made once. The others are numbered, in the order of the names."""
    named = {name: None for name, given in parameters.items() if given is None}
    switches = {name: given for name, given in parameters.items() if isinstance(given, bool)}
    numbers = {name: n for name in ("known", "limit") if (n := parameters.get(name)) is not None}
    return _written(statement, tuple({**named, **switches, **numbers}.items()))


@lru_cache(maxsize=2_000)
def _written(
    statement: LiteralString, values: tuple[tuple[str, int | None], ...]
) -> tuple[LiteralString, tuple[str, ...]]:
    written = {name: "null" if value is None else str(value).lower() for name, value in values}
    names: dict[str, int] = {}

    def write(found: re.Match[str]) -> str:
        name, is_null = found["name"], found["is_null"]
        if is_null:
            return str(written.get(name) == "null").lower()
        return written.get(name) or f"${names.setdefault(name, len(names) + 1)}"

    return _PARAMETER.sub(write, statement), tuple(names)
