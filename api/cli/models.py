"""The read models for a command: caught up, of this version, none parked."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from psycopg.errors import InsufficientPrivilege

from domain.kernel.refusal import NotOnRecord, Stopped
from projections.all import PROJECTIONS
from projections.engine.engine import (
    LIVE,
    Generation,
    OtherDefinition,
    ProjectionStatus,
    connect,
)
from projections.engine.rebuild import NEXT, PREVIOUS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from record.logins import Logins
from record.store.record import Record


class Condition(NamedTuple):
    """The state of the read models.

    `rebuilding` is the position of an unfinished rebuild, `previous` that of the generation
    before the last rebuild; each None if there is none.
    """

    standings: dict[str, ProjectionStatus]
    outdated: tuple[str, ...]
    rebuilding: int | None
    previous: int | None

    @property
    def position(self) -> int:
        """The position of all projections that are not parked."""
        running = [each.position for each in self.standings.values() if not each.parked]
        return min(running, default=0)

    @property
    def parked(self) -> dict[str, ProjectionStatus]:
        """The projections that failed on an entry."""
        return {name: each for name, each in self.standings.items() if each.parked}


def condition_of(url: str) -> Condition:
    """The state of a database's read models; writes nothing."""
    with connect(url) as connection, connection.transaction():
        live, following, before = (
            Generation(connection, PROJECTIONS, schema) for schema in (LIVE, NEXT, PREVIOUS)
        )
        return Condition(
            standings=live.standings() if live.exists() else {},
            outdated=live.outdated() if live.exists() else (),
            rebuilding=_reached(following),
            previous=_reached(before),
        )


def _reached(generation: Generation) -> int | None:
    """The position that a whole generation has reached; None if there is none."""
    if not generation.exists():
        return None
    return min((each.position for each in generation.standings().values()), default=0)


@contextmanager
def caught_up(logins: Logins, record: Record) -> Iterator[ReadModels]:
    """The read models, caught up with the record unless a worker has done so, or is to.

    Raises Stopped if they are not reliable, NotYetShown if a worker has not caught up in time.
    """
    condition = condition_of(logins.server)
    _require_usable(condition)
    head = record.head()
    if not condition.standings or condition.position < head:
        with suppress(InsufficientPrivilege):  # then it is for a worker to do
            catch_up(logins.worker, PROJECTIONS)
        _require_usable(condition_of(logins.server))
    models = ReadModels(logins.server, connections_max=2)
    models.open()
    try:
        models.wait_for(head)
        yield models
    finally:
        models.close()


@contextmanager
def viewed(
    models: ReadModels, record: Record, *, known: int | datetime | None = None
) -> Iterator[View]:
    """A consistent view, now or as known at a past position or instant."""
    if isinstance(known, int) and known > (head := record.head()):
        raise NotOnRecord("command-line.no-such-position", head=head, known=known)
    with models.view(known=known) as view:
        yield view


def _require_usable(condition: Condition) -> None:
    if condition.outdated:
        raise OtherDefinition(condition.outdated)
    for name, standing in condition.parked.items():
        assert standing.parked is not None
        position, error = standing.parked
        raise Stopped("read-models.parked", name=name, position=position, error=error)
