"""Verifies a whole record and compares every read model with its rebuild, after a test.

It reads the tables as an auditor would, and folds in memory: the engine's SQL is not trusted here.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import psycopg
import rfc8785
from psycopg.sql import SQL, Identifier

from domain.catalogue import subject
from domain.code.state import Code
from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.kernel.event import Event
from projections.all import PROJECTIONS
from projections.engine.engine import LIVE, Generation, advance
from projections.engine.fold import Fold
from projections.engine.projection import Projection
from projections.engine.row import RowKind, table_of
from record.store.entry import AnyEntry, canonical, decode

# A table without a single page has no rows.
FILLED = """
    select relname from pg_class
    where relnamespace = %s::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
"""


class Row(NamedTuple):
    """One row of record.entries."""

    position: int
    stream: str
    version: int
    event: str
    state: bytes
    recorded_at: Any


def check(url: str) -> None:
    """Verify the record in this database, and that its read models are what a rebuild gives."""
    with psycopg.connect(url, autocommit=True) as connection:
        entries = check_record(connection)
        generation = Generation(connection, PROJECTIONS)
        with connection.transaction():
            comparable = generation.exists() and not generation.outdated()
        if comparable:
            while advance(connection, PROJECTIONS, limit=10_000):
                pass
            check_projections(connection, PROJECTIONS, entries)


def check_record(connection: psycopg.Connection) -> list[AnyEntry]:
    """Everything that must be true of a record, whatever was recorded; returns its entries."""
    rows = [
        Row(position, stream, version, event, bytes(state), recorded_at)
        for position, stream, version, event, state, recorded_at in connection.execute(
            "select notification_id, originator_id, originator_version, topic, state, recorded_at"
            " from record.entries order by notification_id"
        )
    ]
    assert [row.position for row in rows] == list(range(1, len(rows) + 1)), "positions have gaps"
    versions: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        versions[row.stream].append(row.version)
    for stream, found in versions.items():
        assert found == list(range(1, len(found) + 1)), f"versions of {stream} have gaps: {found}"
    instants = [row.recorded_at for row in rows]
    assert instants == sorted(instants), "recorded_at runs backwards"
    entries = [_verified(row) for row in rows]
    _check_receipts(connection, entries)
    _check_codes(entries)
    return entries


def _verified(row: Row) -> AnyEntry:
    stated = json.loads(row.state)
    assert rfc8785.dumps(stated) == row.state, f"{row.position} is not canonical"
    entry = decode(row.event, row.state, position=row.position)
    columns = (row.position, row.stream, row.version, row.event, row.recorded_at)
    of_json = (entry.position, entry.stream, entry.version, entry.name, entry.recorded_at)
    assert of_json == columns, f"{row.position}: JSON and columns disagree"
    body = canonical(entry.event.model_dump(mode="json", exclude_none=True))
    assert body == canonical(stated["body"]), f"{row.position} does not read back as written"
    assert entry.caused_by is None or entry.caused_by < row.position
    return entry


def _check_receipts(connection: psycopg.Connection, entries: Sequence[AnyEntry]) -> None:
    """Each receipt names all entries of its command, and each entry belongs to one receipt."""
    last = 0
    for command_id, stream, version, first, final, at in connection.execute(
        'select command_id, stream, version, "position", last_position, recorded_at'
        ' from record.receipts order by "position"'
    ):
        assert first == last + 1, f"no receipt covers position {last + 1}"
        last = final
        own = entries[first - 1 : final]
        assert {(e.command_id, e.recorded_at) for e in own} == {(command_id, at)}
        assert version == max((e.version for e in own if e.stream == stream), default=0)
    assert last == len(entries), "there are entries without a receipt"


def _check_codes(entries: Iterable[AnyEntry]) -> None:
    """On any day a code has one bearer, and what is claimed is what the bearers bear."""
    events: dict[str, list[Event]] = defaultdict(list)
    for entry in entries:
        events[entry.stream].append(entry.event)
    states = {stream: subject(stream).fold(each) for stream, each in events.items()}
    claimed: dict[tuple[str, str], Any] = {}
    for state in states.values():
        if isinstance(state, Code):
            state.require_one_holder()
            claimed |= {(state.id, bearer): list(s) for bearer, s in state.claims.items()}
    borne = {
        (code, state.stream): spans
        for state in states.values()
        if isinstance(state, AdministrativeUnit)
        for code, spans in state.code_spans().items()
    }
    assert claimed == borne, "the claims of codes are not what the bearers bear"


def check_projections(
    connection: psycopg.Connection,
    projections: Sequence[Projection],
    entries: Iterable[AnyEntry],
    schema: str = LIVE,
) -> None:
    """The rows of each projection, present and ended, are those that a fold of it all gives."""
    folds = [Fold(projection) for projection in projections]
    for entry in entries:
        for fold in folds:
            fold.apply(entry)
    with connection.transaction():
        standings = Generation(connection, projections, schema).standings()
        rows = _Rows(connection, schema)
        for fold in folds:
            name = fold.projection.name
            assert standings[name].parked == fold.parked, f"{name} is parked elsewhere"
            for kind, changes in fold.changes.items():
                table = table_of(kind).name
                present = {(*row, since): 1 for row, since in changes.begun()}
                assert rows.of(table, kind, "from_position") == present, table
                ended = Counter((*row, since, until) for row, since, until in changes.ended)
                columns = ("from_position", "until_position")
                assert rows.of(f"{table}_ended", kind, *columns) == ended, table


class _Rows:
    """The rows of a schema's tables. Most are empty after most tests: one question finds those."""

    def __init__(self, connection: psycopg.Connection, schema: str) -> None:
        self._connection = connection
        self._filled = {name for (name,) in connection.execute(FILLED, (schema,))}

    def of(self, table: str, kind: RowKind, *more: str) -> Counter[tuple[Any, ...]]:
        if table not in self._filled:
            return Counter()
        columns = SQL(", ").join(map(Identifier, (*kind._fields, *more)))
        statement = SQL("select {} from {}").format(columns, Identifier(table))
        return Counter(table_of(kind).loaded(row) for row in self._connection.execute(statement))
