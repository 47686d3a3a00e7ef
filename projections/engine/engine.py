"""Keeps the read models up with the record: one batch of entries, one transaction, one position.

Every row is system-versioned: it is never overwritten, it ends at a position and another begins.
The tables live in one schema per generation, so that a rebuild can swap a whole generation.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Placeholder

import domain
from projections.engine.fold import Fold, Parked
from projections.engine.projection import Projection, RowClass, table_of
from record.sql import statements
from record.store.entry import AnyEntry, decode

STATEMENTS = statements(__file__)
LIVE = "projections"
LOCK = 4919131752989213766
BATCH_ENTRIES_MAX = 1_000


class OtherDefinition(Exception):
    """The read models are another version's, whose rows must not be mixed with this one's."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"Another version of Annals made the read models ({', '.join(names)}); "
            "rebuild them, or start that version."
        )


class ProjectionStatus(NamedTuple):
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

    def standings(self) -> dict[str, ProjectionStatus]:
        """How far each projection has come."""
        self._enter()
        rows = self.connection.execute(STATEMENTS["standings"]).fetchall()
        return {
            name: ProjectionStatus(
                position, Parked(parked_at, error) if parked_at else None, definition
            )
            for name, position, parked_at, error, definition in rows
        }

    def outdated(self) -> tuple[str, ...]:
        """The projections whose definition is not the one that these tables were made by."""
        return _outdated(self.standings(), self.projections)

    def load(self, fold: Fold, entries: Sequence[AnyEntry]) -> None:
        """Load the pages that these entries touch, one query a kind."""
        keys = fold.missing(entries)
        if not keys:
            return
        rows: dict[RowClass, list[tuple[Any, int]]] = {}
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

    def digests(self, projection: Projection, position: int) -> dict[str, str]:
        """For each table of a projection, count and digest of its rows, whatever their order, as
        they stood at a position that it has reached."""
        self._enter()
        found = {}
        for table in map(table_of, projection.kinds):
            for name, rows in (
                (table, SQL("{}(%(at)s)").format(Identifier(f"{table}_known"))),
                (
                    f"{table}_ended",
                    SQL("(select * from {} where until_position <= %(at)s)").format(
                        Identifier(f"{table}_ended")
                    ),
                ),
            ):
                query = SQL(STATEMENTS["digest"]).format(rows=rows)
                row = self.connection.execute(query, {"at": position}).fetchone()
                assert row is not None
                found[name] = f"{row[0]} rows, {row[1]}"
        return found

    def _enter(self) -> None:
        self.connection.execute(
            "select set_config('search_path', %s, true)", (f"{self.schema}, record",)
        )

    def _key_of(self, kind: RowClass) -> tuple[str, ...]:
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
    goes on from where the tables stand. Raises OtherDefinition for tables of another version.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        standings = generation.standings()
        if outdated := _outdated(standings, projections):
            raise OtherDefinition(outdated)
        folds = [Fold(p) for p in projections if not standings[p.name].parked]
        positions = {standings[fold.projection.name].position for fold in folds}
        if not positions:
            return 0
        (position,) = positions  # all that are not parked advance together
        rows = connection.execute(
            STATEMENTS["entries"], {"after": position, "limit": limit}
        ).fetchall()
        if not rows:
            return 0
        wanted = frozenset[str]().union(*(fold.names for fold in folds))
        entries = [
            decode(name, bytes(state), position=p) for p, name, state in rows if name in wanted
        ]
        folds = [fold_in(generation, fold, entries) for fold in folds]
        generation.stand(folds, rows[-1][0])
        return len(rows)


def fold_in(
    generation: Generation, fold: Fold, entries: Sequence[AnyEntry], *, load: bool = True
) -> Fold:
    """Fold entries into a projection's tables; returns the fold, or another one in its place.

    An entry whose rows the tables do not take parks the projection, as one that it fails on does:
    what comes before it is written, and no other projection is harmed. `load` is left out where
    every page is in memory.
    """
    entries = [entry for entry in entries if entry.name in fold.names]
    if not entries or fold.parked:
        return fold
    try:
        with generation.connection.transaction():
            if load:
                generation.load(fold, entries)
            for entry in entries:
                fold.apply(entry)
            generation.write(fold)
    except (psycopg.DataError, psycopg.IntegrityError) as problem:
        again = Fold(fold.projection)
        if len(entries) == 1:
            again.parked = Parked(entries[0].position, f"{type(problem).__name__}: {problem}")
            return again
        half = len(entries) // 2
        again = fold_in(generation, again, entries[:half])
        return again if again.parked else fold_in(generation, again, entries[half:])
    return fold


def prepare(connection: Connection, projections: Sequence[Projection]) -> None:
    """Make the live generation where there is none; safe when several start at once."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        if not generation.exists():
            generation.create()


def definition_of(projection: Projection) -> str:
    """The digest of what a projection's rows come from: when it differs, they are to be rebuilt.

    That is its own source, and what folds are made of: the domain's, and ours.
    """
    module = Path(projection.module_file)
    return _digest((module, module.with_suffix(".sql"), *_shared_sources()))


@cache
def _digest(sources: tuple[Path, ...]) -> str:
    # Once for each process: the code that runs is the code that was there when it started.
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


@cache
def _shared_sources() -> tuple[Path, ...]:
    own = Path(__file__).parent
    shared = (own / name for name in ("fold.py", "periods.py", "projection.py", "engine.sql"))
    events = Path(domain.__file__).parent.rglob("*.py")
    return (*shared, *sorted(events))


def _outdated(
    standings: dict[str, ProjectionStatus], projections: Iterable[Projection]
) -> tuple[str, ...]:
    now = {projection.name: definition_of(projection) for projection in projections}
    changed = {n for n in now if n not in standings or standings[n].definition != now[n]}
    return tuple(sorted(changed | (standings.keys() - now.keys())))


def _versioning(kind: RowClass) -> Composed:
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


def _select(kind: RowClass) -> Composed:
    columns = SQL(", ").join(Identifier(field) for field in (*kind._fields, "from_position"))
    # In order of the first two columns, so that lines over time come in the order of their days.
    statement = "select {columns} from {table} where {key} = any({keys}) order by 1, 2"
    return SQL(statement).format(
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
    return psycopg.connect(url, autocommit=True, fallback_application_name="annals work")
