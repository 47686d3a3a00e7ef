"""The named peer: the eventsourcing library 9.5 as it comes, on the same PostgreSQL.

Stock application, stock PostgreSQL recorder, stock JSON transcoder, stock projection runner.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL

from record.store.entry import AnyEntry

NAMESPACE = UUID("6c1ee15c-9d7b-4d43-8d9d-3e1d7a6f8f11")


class Community(Aggregate):
    """A community as the library's documentation would write it."""

    @event("Registered")
    def __init__(self, name: str, subdistrict: str, effective_from: str) -> None:
        self.name = name
        self.subdistrict = subdistrict
        self.effective_from = effective_from

    @event("Renamed")
    def rename(self, name: str, effective_from: str, reason: str) -> None:
        """Bear another name."""
        self.name = name
        self.effective_from = effective_from


class Communities(Application[UUID]):
    """The stock application."""

    def register(self, name: str, subdistrict: str, effective_from: str) -> UUID:
        """Register a community and return its id."""
        community = Community(name, subdistrict, effective_from)
        self.save(community)
        return community.id

    def rename(self, community: UUID, name: str, effective_from: str, reason: str) -> None:
        """Load, decide, append: what `carry_out` is compared with."""
        aggregate: Community = self.repository.get(community)
        if aggregate.name == name:
            raise ValueError("already bears that name")
        aggregate.rename(name, effective_from, reason)
        self.save(aggregate)


@dataclass(frozen=True)
class Recorded:
    """An event of any kind as the library stores one: fields become JSON."""

    originator_id: UUID
    originator_version: int
    timestamp: datetime
    event: str
    body: dict[str, Any]
    envelope: dict[str, Any]


def bulk(application: Communities, events: Sequence[Any], size: int) -> None:
    """Append these events, without any rule, `size` in one transaction."""
    for start in range(0, len(events), size):
        application.events.put(events[start : start + size])


def recorded(entries: Iterable[AnyEntry]) -> Iterator[Recorded]:
    """The same events as the library would have them; made before the clock starts."""
    for entry in entries:
        yield Recorded(
            originator_id=uuid5(NAMESPACE, entry.stream),
            originator_version=entry.version,
            timestamp=entry.recorded_at,
            event=entry.name,
            body=entry.event.model_dump(mode="json"),
            envelope={
                "actor": entry.actor.model_dump(),
                "authority": entry.authority.model_dump(),
                "batch": entry.batch,
                "command_id": entry.command_id,
                "policy": entry.policy,
            },
        )


class NameView(PostgresTrackingRecorder):
    """One table of current rows, as the library's documentation keeps a view."""

    def __init__(self, datastore: Any, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(
            # a table of current rows, one upsert an event
            SQL("create table if not exists stock_names (id text primary key, body text)").format()
        )

    def put(self, key: str, body: str, tracking: Tracking) -> None:
        """Upsert one row and the tracking position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "insert into stock_names (id, body) values (%s, %s) "
                "on conflict (id) do update set body = excluded.body",
                (key, body),
                prepare=True,
            )


class Names(Projection[NameView]):
    """The stock projection: one event, one transaction."""

    name = "names"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Upsert the row of the event's subject."""
        self.view.put(str(domain_event.originator_id), domain_event.event, tracking)


def catch_up(env: dict[str, str], last: int) -> None:
    """Run the stock projection runner until it has processed position `last`."""
    with ProjectionRunner(
        application_class=Communities, projection_class=Names, view_class=NameView, env=env
    ) as runner:
        runner.projection.view.wait(runner.app.name, last, timeout=600)


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
