"""The eventsourcing library's PostgreSQL recorder, with our table and our append function.

It never creates a table (see record/store/migrate.py), never retries and never deletes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, LiteralString, NamedTuple

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

from domain.kernel.event import Event
from record.sql import lines, statements, time_outs
from record.store.entry import AnyEntry, decode_stored

SQL = statements(__file__)
# An append of a whole import is one statement.
STATEMENT_SECONDS_MAX = 300
IDLE_SECONDS_MAX = 120
OPTIONS = time_outs(statement_seconds=STATEMENT_SECONDS_MAX, idle_seconds=IDLE_SECONDS_MAX)
Outcome = Literal["recorded", "repeated", "reused", "conflict", "behind"]


class Draft(NamedTuple):
    """A decided entry that is not recorded yet."""

    stream: str
    version: int
    event: str
    head: bytes


class Prepared(NamedTuple):
    """A decided command that is not recorded yet.

    `stream` is its own. `read` has all streams that the decision depends on, with their versions.
    `clock` is the time in a simulation.
    """

    command_id: str
    digest: bytes
    stream: str
    read: Mapping[str, int]
    drafts: Sequence[Draft]
    clock: datetime | None = None


class Appended(NamedTuple):
    """The append function's answer.

    For a conflict: the changed stream and its version; for a late batch, the record's position.
    """

    outcome: Outcome
    stream: str
    version: int
    position: int
    last_position: int
    recorded_at: datetime


class Datastore(PostgresDatastore):
    """Connections to the record's database, given by a libpq address."""

    def __init__(self, url: str, *, connections_max: int = 20) -> None:
        super().__init__(
            "",
            "",
            0,
            "",
            "",
            schema="record",
            originator_id_type="text",
            connect_timeout=10.0,
            idle_in_transaction_session_timeout=IDLE_SECONDS_MAX,  # it would set none otherwise
        )
        self.pool = ConnectionPool(
            url,
            connection_class=psycopg.Connection[DictRow],
            kwargs={"row_factory": dict_row, "options": OPTIONS},
            min_size=1,
            max_size=connections_max,
            open=False,
            configure=self.after_connect_func(),
            timeout=10.0,
            check=ConnectionPool.check_connection if self.pre_ping else None,
        )


class Recorder(PostgresApplicationRecorder):
    """Reads like the library; writes only through `append`."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore, events_table_name="entries")
        self.channel_name = "record_entries"

    def create_table(self) -> None:
        """Does nothing: the record's tables come from numbered migrations."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        """Not supported: entries are only appended together with the versions that they rest on."""
        raise ProgrammingError("Entries are recorded through Record.carry_out only.")

    def has_any(self, event: type[Event]) -> bool:
        """Whether an event of this kind was ever recorded."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(SQL["any_of"], {"event": event.__name__}).fetchone()
        return bool(row and row["found"])

    def append(
        self, commands: Sequence[Prepared], *, read_head: int | None = None
    ) -> list[Appended]:
        """Append the entries of these commands in one round trip, each whole or not at all.

        The commands must be `independent`. `read_head` is the record's last position, for one that
        depends on all of it. Returns answers in order. Raises the library's OperationalError if the
        database cannot be reached: the outcome is then unknown, and appending again is safe.
        """
        clocks = [command.clock for command in commands if command.clock]
        reads = [read for command in commands for read in command.read.items()]
        asked = {
            **_written(commands),
            **_read(reads),
            "read_by": _numbers(len(command.read) for command in commands),
            "clock": max(clocks, default=None),
            "read_head": read_head,
        }
        return self._answers(SQL["append"], asked, commands)

    def append_told(self, commands: Sequence[Prepared]) -> list[Appended]:
        """Append one after another what was told of a simulation, all of it or nothing, in one
        round trip: each may rest on those before it, and has its own clock.

        If a stream on which they rest has changed, that conflict is each one's answer.
        """
        reads: dict[str, int] = {}
        for command in commands:
            for stream, version in command.read.items():
                reads.setdefault(stream, version)
        asked = {
            **_written(commands),
            **_read(reads.items()),
            "clocks": [command.clock for command in commands],
        }
        return self._answers(SQL["append_told"], asked, commands)

    def _answers(
        self, statement: LiteralString, asked: Mapping[str, Any], commands: Sequence[Prepared]
    ) -> list[Appended]:
        with self.datastore.get_connection() as connection:
            rows = connection.execute(statement, asked, prepare=True).fetchall()
        answers = {row.pop("command_id"): Appended(**row) for row in rows}
        return [answers[command.command_id] for command in commands]


def independent(commands: Sequence[Prepared]) -> list[int]:
    """The indexes of commands that can be appended together, always including the first.

    A command that reads what an earlier one writes, or has its id, waits for the earlier one.
    """
    chosen: list[int] = []
    ids: set[str] = set()
    written: set[str] = set()
    for index, command in enumerate(commands):
        if command.command_id not in ids and written.isdisjoint(command.read):
            chosen.append(index)
            ids.add(command.command_id)
            written.update(draft.stream for draft in command.drafts)
    return chosen


def _written(commands: Sequence[Prepared]) -> dict[str, Any]:
    """What both append functions get of the commands and their entries."""
    drafts = [draft for command in commands for draft in command.drafts]
    return {
        "command_ids": [command.command_id for command in commands],
        "digests": lines(command.digest.hex() for command in commands),
        "own_streams": lines(command.stream for command in commands),
        "written_by": _numbers(len(command.drafts) for command in commands),
        "streams": lines(draft.stream for draft in drafts),
        "versions": lines(str(draft.version) for draft in drafts),
        "events": lines(draft.event for draft in drafts),
        "heads": b"\n".join(draft.head for draft in drafts).decode(),
    }


def _read(reads: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """The streams that were read, with their versions."""
    streams, versions = zip(*reads, strict=True)
    return {"read_streams": lines(streams), "read_versions": lines(map(str, versions))}


def _numbers(counts: Iterable[int]) -> str:
    """The number of the command that each value belongs to, given how many values each has."""
    return lines(str(number) for number, each in enumerate(counts, start=1) for _ in range(each))


class EntryMapper(Mapper[str]):
    """Reads stored events as entries by the closed list of event names; imports nothing."""

    def to_domain_event(self, stored_event: StoredEvent) -> AnyEntry:
        """Validate and return the entry; raises RecordDamaged."""
        return decode_stored(stored_event)


class Factory(PostgresFactory):
    """The library's infrastructure with our datastore, recorder and mapper, without environment."""

    def __init__(self, env: Environment, url: str) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = Datastore(url)

    def application_recorder(self) -> Recorder:
        """The recorder of the one record in this database."""
        return Recorder(self.datastore)
