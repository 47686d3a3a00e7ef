"""The eventsourcing library's PostgreSQL recorder, with our table and our append function.

It never creates a table (see record/store/migrate.py), never retries a command, and never deletes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

import psycopg
from eventsourcing.persistence import InfrastructureFactory, Mapper, ProgrammingError, StoredEvent
from eventsourcing.postgres import (
    ConnectionPool,
    PostgresApplicationRecorder,
    PostgresDatastore,
    PostgresFactory,
)
from eventsourcing.utils import Environment
from psycopg.rows import DictRow, dict_row

from record.sql import statements
from record.store.entry import AnyEntry, decode_stored

SQL = statements(__file__)
Outcome = Literal["recorded", "repeated", "reused", "conflict", "behind"]


@dataclass(frozen=True, slots=True)
class Appended:
    """The append function's answer.

    For a conflict, the stream that moved and its version now; when behind, the record's position.
    """

    outcome: Outcome
    stream: str
    version: int
    position: int
    last_position: int
    recorded_at: datetime


class Draft(NamedTuple):
    """An entry that is decided but not yet recorded."""

    stream: str
    version: int
    event: str
    head: bytes


class Datastore(PostgresDatastore):
    """Connections to the record's database, from whatever libpq address names it."""

    def __init__(self, url: str, *, connections_max: int = 20) -> None:
        super().__init__(
            "", "", 0, "", "", schema="record", originator_id_type="text", connect_timeout=10.0
        )
        self.pool = ConnectionPool(
            url,
            connection_class=psycopg.Connection[DictRow],
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=connections_max,
            open=False,
            configure=self.after_connect_func(),
            timeout=10.0,
            check=ConnectionPool.check_connection if self.pre_ping else None,
        )


class Recorder(PostgresApplicationRecorder):
    """Reads as the library does; writes through `append` only."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore, events_table_name="entries")
        self.channel_name = "record_entries"

    def create_table(self) -> None:
        """Nothing: the record's tables come from numbered migrations."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Refused: entries are appended with what they rested on, never by themselves."""
        raise ProgrammingError("Entries are recorded through Record.carry_out only.")

    def append(
        self,
        read: Mapping[str, int],
        drafts: Sequence[Draft],
        *,
        stream: str,
        command_id: str,
        digest: bytes,
        clock: datetime | None = None,
        read_head: int | None = None,
    ) -> Appended:
        """Append one command's entries in one round trip and one transaction.

        `read` holds every stream that the decision rested on, with its version; `read_head` is
        the record's last position, if it rested on all of them. Raises the library's
        OperationalError when the database cannot be reached; the outcome is then unknown to the
        caller, who may safely repeat the command under the same id.
        """
        with self.datastore.get_connection() as connection:
            row = connection.execute(
                SQL["append"],
                {
                    "read_streams": _lines(read),
                    "read_versions": _lines(map(str, read.values())),
                    "command_id": command_id,
                    "digest": digest,
                    "own_stream": stream,
                    "streams": _lines(draft.stream for draft in drafts),
                    "versions": _lines(str(draft.version) for draft in drafts),
                    "events": _lines(draft.event for draft in drafts),
                    "heads": b"\n".join([draft.head for draft in drafts]).decode(),
                    "clock": clock,
                    "read_head": read_head,
                },
                prepare=True,
            ).fetchone()
        assert row is not None, "the append function always answers with one row"
        return Appended(**row)


def _lines(values: Iterable[str]) -> str:
    """Many values as the lines of one text, which costs a fraction of an array's dump.

    None of them has a line feed: names and ids cannot, and in JSON it is escaped.
    """
    return "\n".join(values)


class EntryMapper(Mapper[str]):
    """Reads stored events as entries, by the closed list of event names; imports nothing."""

    def to_domain_event(self, stored_event: StoredEvent) -> AnyEntry:
        """The validated entry; raises RecordDamaged."""
        return decode_stored(stored_event)


class Factory(PostgresFactory):
    """The library's infrastructure, with our datastore, recorder and mapper; no environment."""

    def __init__(self, env: Environment, url: str) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = Datastore(url)

    def application_recorder(self) -> Recorder:
        """The recorder of the one record in this database."""
        return Recorder(self.datastore)
