"""The named peer: the eventsourcing library as it comes, on the same PostgreSQL.

Stock application, stock PostgreSQL recorder, stock JSON transcoder, stock projection runner; the
rules in its aggregates are those that ours check for the same commands.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import register_topic
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from record.store.entry import AnyEntry

NAMESPACE = UUID("6c1ee15c-9d7b-4d43-8d9d-3e1d7a6f8f11")
# The stock recorder sends a transaction's inserts as one pipeline; with 1,000 events of this size
# it was seen to hang in psycopg's Pipeline.sync, each end waiting for the other to read.
BULK_EVENTS = 300


def id_of(name: str) -> UUID:
    """The library's id for one of our names."""
    return uuid5(NAMESPACE, name)


class Code(Aggregate):
    """A statistical code, which one community bears at a time."""

    @event("Claimed")
    def __init__(self, code: str, bearer: str, effective_from: str) -> None:
        self.code = code
        self.bearer = bearer

    @staticmethod
    def create_id(code: str, **_: str) -> UUID:
        """One for each code."""
        return id_of(f"code:{code}")


class Community(Aggregate):
    """A community as the library's documentation would write it, with our rules."""

    @event("Registered")
    def __init__(
        self, key: str, name: str, code: str, subdistrict: str, effective_from: str, origin: str
    ) -> None:
        self.key = key
        self.since = effective_from
        self.names = [(effective_from, name)]
        self.codes = [(effective_from, code)]
        self.subdistricts = [(effective_from, subdistrict)]
        self.types: list[tuple[str, str]] = []
        self.surveys: list[tuple[str, dict[str, int]]] = []

    @staticmethod
    def create_id(key: str, **_: str) -> UUID:
        """One for each of our ids."""
        return id_of(f"community:{key}")

    def rename(self, name: str, effective_from: str, reason: str | None) -> None:
        """Bear another name."""
        self._require_standing(effective_from)
        if value_on(self.names, effective_from) == name:
            raise ValueError("already bears that name")
        self._rename(name, effective_from, reason)

    def move(self, subdistrict: str, effective_from: str) -> None:
        """Lie in another subdistrict."""
        self._require_standing(effective_from)
        if value_on(self.subdistricts, effective_from) == subdistrict:
            raise ValueError("lies there already")
        self._move(subdistrict, effective_from)

    def classify(self, type: str, effective_from: str) -> None:
        """Be of a type."""
        self._require_standing(effective_from)
        if self.types:
            raise ValueError("is classified already")
        self._classify(type, effective_from)

    def survey(self, indicators: dict[str, int], surveyed_on: str, source: str) -> None:
        """Put down what a survey found."""
        self._require_standing(surveyed_on)
        if any(value < 0 for value in indicators.values()):
            raise ValueError("a count is negative")
        self._survey(indicators, surveyed_on, source)

    def _require_standing(self, day: str) -> None:
        if day < self.since:
            raise ValueError("does not stand yet")

    @event("Renamed")
    def _rename(self, name: str, effective_from: str, reason: str | None) -> None:
        put(self.names, effective_from, name)

    @event("Moved")
    def _move(self, subdistrict: str, effective_from: str) -> None:
        put(self.subdistricts, effective_from, subdistrict)

    @event("Classified")
    def _classify(self, type: str, effective_from: str) -> None:
        put(self.types, effective_from, type)

    @event("Surveyed")
    def _survey(self, indicators: dict[str, int], surveyed_on: str, source: str) -> None:
        put(self.surveys, surveyed_on, indicators)


def value_on(changes: Sequence[tuple[str, Any]], day: str) -> Any:
    """What holds on a day."""
    return next((value for since, value in reversed(changes) if since <= day), None)


def put(changes: list[tuple[str, Any]], since: str, value: Any) -> None:
    """One more change, in the order of their days."""
    changes.append((since, value))
    changes.sort(key=lambda change: change[0])


class Communities(Application[UUID]):
    """The stock application."""

    def register(self, key: str, name: str, code: str, subdistrict: str, since: str) -> UUID:
        """Register a community and return its id; the library refuses a code that is claimed."""
        community = Community(key, name, code, subdistrict, since, "existing")
        self.save(community, Code(code, key, since))
        return community.id

    def rename(self, community: UUID, name: str, effective_from: str, reason: str) -> None:
        """Load, decide, append: what `carry_out` is compared with."""
        aggregate: Community = self.repository.get(community)
        aggregate.rename(name, effective_from, reason)
        self.save(aggregate)


@dataclass(frozen=True)
class Recorded:
    """An event of any kind as the library stores one: fields become JSON."""

    originator_id: UUID
    originator_version: int
    timestamp: datetime
    event: str
    body: Mapping[str, Any]
    envelope: Mapping[str, Any]


@cache
def _class(name: str) -> type[Recorded]:
    """A class for each kind of event, so that the library can filter by its topic."""
    made = cast(type[Recorded], type(name, (Recorded,), {"__module__": __name__}))
    register_topic(f"{__name__}:{name}", made)
    return made


def recorded(entries: Iterable[AnyEntry]) -> Iterator[Recorded]:
    """The same events as the library would have them; made before the clock starts."""
    versions: dict[str, int] = {}
    for entry in entries:
        versions[entry.stream] = versions.get(entry.stream, 0) + 1
        yield _class(entry.name)(
            originator_id=id_of(entry.stream),
            originator_version=versions[entry.stream],
            timestamp=entry.recorded_at,
            event=entry.name,
            body=entry.event.model_dump(mode="json", exclude_none=True),
            envelope={
                "actor": entry.actor.model_dump(),
                "authority": entry.authority.model_dump(),
                "batch": entry.batch,
                "command_id": entry.command_id,
                "policy": entry.policy,
            },
        )


def bulk(application: Communities, events: Sequence[Any]) -> None:
    """Append these events, without any rule, many in one transaction."""
    for start in range(0, len(events), BULK_EVENTS):
        application.events.put(events[start : start + BULK_EVENTS])


class Rows(PostgresTrackingRecorder):
    """One table of current rows, as the library's documentation keeps a view."""

    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.table = SQL("{}").format(Identifier(f"{self.tracking_table_name}_rows"))
        self.sql_create_statements.append(
            SQL("create table if not exists {} (id text primary key, body text)").format(self.table)
        )
        self.upsert = SQL(
            "insert into {} (id, body) values (%s, %s)"
            " on conflict (id) do update set body = excluded.body"
        ).format(self.table)

    def put(self, key: str, body: str, tracking: Tracking) -> None:
        """Upsert one row and the tracking position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.upsert, (key, body), prepare=True)


class RowsOfOne(Projection[Rows]):
    """The stock projection: one event, one transaction."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Upsert the row of the event's subject."""
        self.view.put(str(domain_event.originator_id), domain_event.event, tracking)


def catch_up(env: dict[str, str], name: str, events: Collection[str], last: int) -> float:
    """The seconds that the stock runner takes to process these events up to position `last`."""
    topics = tuple(f"{__name__}:{each}" for each in sorted(events))
    projection = type(name, (RowsOfOne,), {"name": name, "topics": topics})
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Communities, projection_class=projection, view_class=Rows, env=env
    ) as runner:
        runner.projection.view.wait(runner.app.name, last, timeout=600)
        return time.perf_counter() - began


def environment(url: str) -> dict[str, str]:
    """The library's settings for this database."""
    parts = conninfo_to_dict(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_POOL_SIZE": "16",
        "POSTGRES_MAX_OVERFLOW": "8",
    }
