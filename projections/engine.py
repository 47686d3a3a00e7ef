"""Keeps the read models up with the record: one batch of entries, one transaction, one position.

Every row is system-versioned: it is never overwritten, it ends at a position and another begins.
The tables live in one schema per generation, so that a rebuild can swap a whole generation.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Placeholder

from projections.fold import Fold, Parked
from projections.projection import Kind, Projection, table_of
from record.entry import AnyEntry, decode
from record.sql import statements

STATEMENTS = statements(__file__)
LIVE = "projections"
LOCK = 4919131752989213766
BATCH_ENTRIES_MAX = 1_000


class Standing(NamedTuple):
    """How far one projection has come; `parked` when it failed on an entry."""

    position: int
    parked: Parked | None
    definition: str


class Generation:
    """One schema with all read models at one position.

    The caller's connection must be in a transaction; nothing here commits.
    """

    def __init__(
        self, connection: Connection, projections: Sequence[Projection], schema: str = LIVE
    ) -> None:
        self.connection = connection
        self.projections = projections
        self.schema = schema
        self._keys: dict[str, tuple[str, ...]] = {}

    def exists(self) -> bool:
        """Whether the schema has been made."""
        row = self.connection.execute("select to_regnamespace(%s)", (self.schema,)).fetchone()
        return row is not None and row[0] is not None

    def create(self) -> None:
        """Make the schema with empty tables, at position 0."""
        self.connection.execute(SQL("create schema {}").format(Identifier(self.schema)))
        self._enter()
        self.connection.execute(STATEMENTS["progress"])
        for projection in self.projections:
            self.connection.execute(statements(projection.module_file)["tables"])
            for kind in projection.kinds:
                self.connection.execute(_versioning(kind))
            self.connection.execute(
                STATEMENTS["begin"],
                {"projection": projection.name, "definition": definition_of(projection)},
            )
        for projection in self.projections:
            if views := statements(projection.module_file).get("views"):
                self.connection.execute(views)
        self.connection.execute(STATEMENTS["grants"].replace("$schema", self.schema).encode())

    def standings(self) -> dict[str, Standing]:
        """How far each projection has come."""
        self._enter()
        rows = self.connection.execute(STATEMENTS["standings"]).fetchall()
        return {
            name: Standing(position, Parked(parked_at, error) if parked_at else None, definition)
            for name, position, parked_at, error, definition in rows
        }

    def outdated(self) -> tuple[str, ...]:
        """The projections whose definition is not the one that these tables were made by."""
        found = self.standings()
        now = {projection.name: definition_of(projection) for projection in self.projections}
        changed = {n for n in now if n not in found or found[n].definition != now[n]}
        return tuple(sorted(changed | (found.keys() - now.keys())))

    def load(self, fold: Fold, entries: Sequence[AnyEntry]) -> None:
        """Load the pages that these entries touch, one query a kind."""
        keys = fold.missing(entries)
        if not keys:
            return
        rows: dict[Kind, list[tuple[Any, int]]] = {}
        for kind in fold.projection.kinds:
            found = self.connection.execute(_select(kind), {"keys": keys})
            rows[kind] = [(kind(*row[:-1]), row[-1]) for row in found]
        fold.load(keys, rows)

    def write(self, fold: Fold) -> None:
        """Write the rows that differ: end what ended, begin what began."""
        for kind, changes in fold.changes.items():
            table = table_of(kind)
            if changes.gone:
                key = self._key_of(kind)
                places = [kind._fields.index(column) for column in key]
                with self.connection.cursor() as cursor:
                    cursor.executemany(
                        _delete(table, key), [[row[p] for p in places] for row in changes.gone]
                    )
            if changes.ended:
                versions = ((*row, since, until) for row, since, until in changes.ended)
                self._copy(f"{table}_ended", versions)
            if changes.fresh:
                self._copy(table, ((*row, since) for row, since in changes.fresh.items()))
            changes.written()

    def stand(self, folds: Iterable[Fold], position: int) -> None:
        """Set down how far these projections have come."""
        for fold in folds:
            parked = fold.parked
            self.connection.execute(
                STATEMENTS["stand"],
                {
                    "projection": fold.projection.name,
                    "position": parked.position - 1 if parked else position,
                    "parked_at": parked and parked.position,
                    "error": parked and parked.error,
                },
            )

    def digests(self) -> dict[str, str]:
        """For each table, count and digest of its rows, whatever their order."""
        self._enter()
        tables = [
            f"{table_of(kind)}{suffix}"
            for projection in self.projections
            for kind in projection.kinds
            for suffix in ("", "_ended")
        ]
        found = {}
        for table in tables:
            query = SQL(
                "select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {} t"
            )
            row = self.connection.execute(query.format(Identifier(table))).fetchone()
            assert row is not None
            found[table] = f"{row[0]} rows, {row[1]}"
        return found

    def _enter(self) -> None:
        self.connection.execute(
            "select set_config('search_path', %s, true)", (f"{self.schema}, record",)
        )

    def _key_of(self, kind: Kind) -> tuple[str, ...]:
        table = table_of(kind)
        if table not in self._keys:
            rows = self.connection.execute(STATEMENTS["key"], {"table": table}).fetchall()
            assert rows, f"table {table} needs a primary key: rows are ended by it"
            self._keys[table] = tuple(name for (name,) in rows)
        return self._keys[table]

    def _copy(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        statement = SQL("copy {} from stdin").format(Identifier(table))
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def advance(
    connection: Connection, projections: Sequence[Projection], *, limit: int = BATCH_ENTRIES_MAX
) -> int:
    """Fold the next batch into the live generation; returns how many entries it took.

    Any number of workers may call this at once: they take turns under an advisory lock, and each
    goes on from where the tables stand.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        standings = generation.standings()
        folds = [Fold(p) for p in projections if not standings[p.name].parked]
        positions = {standings[fold.projection.name].position for fold in folds}
        if not positions:
            return 0
        position = min(positions)
        rows = connection.execute(
            STATEMENTS["entries"], {"after": position, "limit": limit}
        ).fetchall()
        if not rows:
            return 0
        wanted = frozenset[str]().union(*(fold.names for fold in folds))
        entries = [
            decode(name, bytes(state), position=p) for p, name, state in rows if name in wanted
        ]
        for fold in folds:
            generation.load(fold, entries)
            for entry in entries:
                fold.apply(entry)
            generation.write(fold)
        generation.stand(folds, rows[-1][0])
        return len(rows)


def prepare(connection: Connection, projections: Sequence[Projection]) -> None:
    """Make the live generation where there is none; safe when several start at once."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        if not generation.exists():
            generation.create()


def definition_of(projection: Projection) -> str:
    """The digest of a projection's source: when it differs, the tables are to be rebuilt."""
    module = Path(projection.module_file)
    sources = (module, module.with_suffix(".sql"))
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _versioning(kind: Kind) -> Composed:
    """What makes a table of present rows system-versioned: since when, what ended, as known at."""
    table = table_of(kind)
    columns = SQL(", ").join(Identifier(field) for field in (*kind._fields, "from_position"))
    return SQL(STATEMENTS["versioning"]).format(
        table=Identifier(table),
        ended=Identifier(f"{table}_ended"),
        known=Identifier(f"{table}_known"),
        index=Identifier(f"{table}_ended_key"),
        key=Identifier(kind._fields[0]),
        columns=columns,
    )


def _select(kind: Kind) -> Composed:
    columns = SQL(", ").join(Identifier(field) for field in (*kind._fields, "from_position"))
    return SQL("select {columns} from {table} where {key} = any({keys})").format(
        columns=columns,
        table=Identifier(table_of(kind)),
        key=Identifier(kind._fields[0]),
        keys=Placeholder("keys"),
    )


def _delete(table: str, key: Sequence[str]) -> Composed:
    return SQL("delete from {table} where {condition}").format(
        table=Identifier(table),
        condition=SQL(" and ").join(
            SQL("{} = {}").format(Identifier(column), Placeholder()) for column in key
        ),
    )


def connect(url: str) -> Connection:
    """A worker's own connection, in autocommit outside of its explicit transactions."""
    return psycopg.connect(url, autocommit=True)
