"""Keeps the read models up to date: one batch of entries, one transaction, one position.

Every row is system-versioned: it is never overwritten, it ends at a position and another begins.
The tables live in one schema per generation, so that a rebuild can swap a whole generation.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from time import thread_time
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Placeholder

from domain.kernel.refusal import Stopped
from projections.engine.copy_text import copy_text
from projections.engine.definition import definition_of
from projections.engine.fold import Fold, Parked
from projections.engine.following import Place, RecordAltered, follow, is_in_record
from projections.engine.projection import Projection
from projections.engine.row import Table, table_of
from projections.engine.scope import READS, WHOLE
from projections.engine.seen import Seen, Unread, seen_among
from record.sql import statements, time_outs

STATEMENTS = statements(__file__)
log = logging.getLogger("annals.work")
LIVE = "projections"
WORKER = "annals work"  # the name that its connections have in the database
LOCK = 4919131752989213766
BATCH_ENTRIES_MAX = 1_000
# A rebuild makes indexes and waits for its turn; it folds thousands of entries between statements.
STATEMENT_SECONDS_MAX = 3_600
IDLE_SECONDS_MAX = 300
ALTERED = RecordAltered.__name__  # the first word of the error of what is parked for it


class OtherDefinition(Stopped):
    """The read models were built by another version, whose rows must not be mixed with ours."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("read-models.other-version", names=[*names])


class ProjectionStatus(NamedTuple):
    """The position of one projection; `parked` if it failed on an entry."""

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

    def exists(self) -> bool:
        """Whether the schema exists."""
        row = self.connection.execute("select to_regnamespace(%s)", (self.schema,)).fetchone()
        return row is not None and row[0] is not None

    def create(self, *, indexed: bool = True) -> None:
        """Make the schema with empty tables, at position 0, and the indexes unless they are made
        later: on the rows of a whole record they are quicker to make than to keep up."""
        self.connection.execute(SQL("create schema {}").format(Identifier(self.schema)))
        self._enter()
        self.connection.execute(STATEMENTS["progress"])
        self.connection.execute(STATEMENTS["reads_whole_city"])
        for projection in self.projections:
            for kind in projection.kinds:
                table = table_of(kind)
                made = SQL("; ").join([table.created(), _versioning(table), *_secured(table)])
                self.connection.execute(made)
            self.connection.execute(
                STATEMENTS["begin"],
                {"projection": projection.name, "definition": definition_of(projection)},
            )
        for projection in self.projections:
            if views := projection.views():
                self.connection.execute(views)
        if indexed:
            self.index()
        self.connection.execute(STATEMENTS["grants"].replace("$schema", self.schema).encode())

    def index(self) -> None:
        """Make the indexes by which readers look for rows, where they are not made yet."""
        self._enter()
        asked = "select indexname from pg_indexes where schemaname = %s"
        made = {name for (name,) in self.connection.execute(asked, (self.schema,))}
        for table in (table_of(kind) for each in self.projections for kind in each.kinds):
            if (index := f"{table.name}_ended_key") not in made:
                self.connection.execute(
                    SQL("; ").join([table.indexed(), _ended_index(table, index)])
                )

    def standings(self) -> dict[str, ProjectionStatus]:
        """The position of each projection."""
        self._enter()
        rows = self.connection.execute(STATEMENTS["standings"]).fetchall()
        return {
            name: ProjectionStatus(
                position, Parked(parked_at, error) if parked_at else None, definition
            )
            for name, position, parked_at, error, definition in rows
        }

    def places(self) -> dict[str, Place]:
        """Where each projection stands in the record, but those that failed on an entry."""
        self._enter()
        rows = self.connection.execute(STATEMENTS["places"], {"altered": f"{ALTERED}%"})
        return {
            name: Place(position, bytes.fromhex(entry), bytes.fromhex(chain))
            for name, position, entry, chain in rows.fetchall()
        }

    def is_of_this_record(self) -> bool:
        """Whether the record has every place at which these tables stand."""
        return all(is_in_record(self.connection, each) for each in set(self.places().values()))

    def alarm(self, altered: RecordAltered) -> None:
        """Let everything stand where it is, for it cannot go on."""
        self._enter()
        asked = {"position": altered.position, "error": altered.error}
        self.connection.execute(STATEMENTS["alarm"], asked)

    def outdated(self) -> tuple[str, ...]:
        """The projections whose definition differs from that of these tables."""
        return _outdated(self.standings(), self.projections)

    def load(self, fold: Fold, entries: Sequence[Seen | Unread]) -> None:
        """Load the pages that these entries touch, with one query per kind."""
        keys = fold.missing(entries)
        if not keys:
            return
        rows: list[tuple[Any, int]] = []
        for kind in fold.projection.kinds:
            table = table_of(kind)
            found = self.connection.execute(_select(table), {"keys": keys})
            rows += ((kind._make(table.loaded(row[:-1])), row[-1]) for row in found)
        fold.load(keys, rows)

    def write(self, fold: Fold) -> None:
        """Write the rows that differ: end what ended, begin what began."""
        for kind, changes in fold.changes.items():
            table = table_of(kind)
            if changes.gone:
                arrays = [list(values) for values in zip(*changes.gone, strict=True)]
                self.connection.execute(_delete(table), arrays)
            if changes.ended:
                self._copy(
                    f"{table.name}_ended", copy_text(table, *zip(*changes.ended, strict=True))
                )
            if begun := list(changes.begun()):
                self._copy(table.name, copy_text(table, *zip(*begun, strict=True)))
        fold.written()

    def stand(self, folds: Iterable[Fold], place: Place) -> None:
        """Write the places of these projections."""
        for fold in folds:
            parked = fold.parked
            self.connection.execute(
                STATEMENTS["stand"],
                {
                    "projection": fold.projection.name,
                    "position": parked.position - 1 if parked else place.position,
                    "parked_at": parked and parked.position,
                    "error": parked and parked.error,
                    "entry_digest": place.entry.hex(),
                    "chain_digest": place.chain.hex(),
                },
            )

    def digests(self, projection: Projection, position: int) -> dict[str, str]:
        """For each table of a projection, count and digest of its rows, whatever their order, as
        they stood at a position that it has reached."""
        self._enter()
        found = {}
        for table in (table_of(kind).name for kind in projection.kinds):
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
            "select set_config('search_path', %s, true), set_config(%s, %s, true)",
            (f"{self.schema}, record", READS, WHOLE),
        )

    def _copy(self, table: str, text: bytes) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f'copy "{table}" from stdin'.encode()) as copy,
        ):
            copy.write(text)


def advance(
    connection: Connection, projections: Sequence[Projection], *, limit: int = BATCH_ENTRIES_MAX
) -> int:
    """Fold the next batch into the live generation; returns how many entries it took.

    Any number of workers may call this at once: they take turns under an advisory lock, and each
    goes on from where the tables stand, and none beyond an entry that was altered. Raises
    OtherDefinition for tables of another version, RecordRestored for those of another record.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        standings = generation.standings()
        if outdated := _outdated(standings, projections):
            raise OtherDefinition(outdated)
        folds = [Fold(p) for p in projections if not standings[p.name].parked]
        if not folds:
            return 0
        places = generation.places()
        (place,) = {places[fold.projection.name] for fold in folds}  # they advance together
        rows, end, altered = follow(connection, place, limit)
        if rows:
            folds = fold_in(generation, folds, seen_among(rows, names_of(folds)))
            generation.stand(folds, end)
        if altered:
            log.critical("%s", altered)
            generation.alarm(altered)
        return len(rows)


def fold_in(
    generation: Generation,
    folds: Sequence[Fold],
    entries: Iterable[Seen | Unread],
    *,
    load: bool = True,
) -> list[Fold]:
    """Fold entries into all tables; returns the folds, some of them others in their place.

    An entry whose rows the tables do not take parks the projection, as one that it fails on does:
    what comes before it is written, and no other projection is harmed. `load` is left out where
    the tables are empty.
    """
    shown: list[list[Seen | Unread]] = [[] for _ in folds]
    readers: dict[str, list[list[Seen | Unread]]] = {}
    for fold, own in zip(folds, shown, strict=True):
        for name in fold.names:
            readers.setdefault(name, []).append(own)
    for entry in entries:
        for own in readers.get(entry.name, shown):  # one that nobody knows is shown to all
            own.append(entry)
    folded = []
    for fold, own in zip(folds, shown, strict=True):
        began, before = thread_time(), fold.parked
        after = _fold_in(generation, fold, own, load=load)
        after.seconds = fold.seconds + thread_time() - began
        if after.parked and not before:
            log.error(
                "the read model %s is parked at position %d: %s",
                fold.projection.name,
                *after.parked,
            )
        folded.append(after)
    return folded


def names_of(folds: Iterable[Fold]) -> frozenset[str]:
    """The events that any of these is shown."""
    return frozenset[str]().union(*(fold.names for fold in folds))


def _fold_in(
    generation: Generation, fold: Fold, entries: Sequence[Seen | Unread], *, load: bool
) -> Fold:
    if not entries or fold.parked:
        return fold
    try:
        with generation.connection.transaction():
            if load:
                generation.load(fold, entries)
            fold.apply(*entries)
            generation.write(fold)
    except (psycopg.DataError, psycopg.IntegrityError) as problem:
        again = Fold(fold.projection)
        if len(entries) == 1:
            again.parked = Parked(entries[0].position, f"{type(problem).__name__}: {problem}")
            return again
        half = len(entries) // 2
        again = _fold_in(generation, again, entries[:half], load=load)
        return again if again.parked else _fold_in(generation, again, entries[half:], load=True)
    return fold


def prepare(connection: Connection, projections: Sequence[Projection]) -> None:
    """Make the live generation where there is none; safe when several start at once."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        generation = Generation(connection, projections)
        if not generation.exists():
            generation.create()


def _outdated(
    standings: dict[str, ProjectionStatus], projections: Iterable[Projection]
) -> tuple[str, ...]:
    now = {projection.name: definition_of(projection) for projection in projections}
    changed = {n for n in now if n not in standings or standings[n].definition != now[n]}
    return tuple(sorted(changed | (standings.keys() - now.keys())))


def _versioning(table: Table) -> Composed:
    """What makes a table of present rows system-versioned: since when, what ended, as known at."""
    return SQL(STATEMENTS["versioning"]).format(
        table=Identifier(table.name),
        ended=Identifier(f"{table.name}_ended"),
        known=Identifier(f"{table.name}_known"),
        columns=_listed(*table.names, "from_position"),
        in_scope=SQL(table.in_scope("versions") or "true"),
    )


def _secured(table: Table) -> Iterator[Composed]:
    """What hides rows out of scope from whoever reads the tables themselves."""
    for name in (table.name, table.ended):
        if in_scope := table.in_scope(name):
            yield SQL(STATEMENTS["secured"]).format(table=Identifier(name), in_scope=SQL(in_scope))


def _ended_index(table: Table, name: str) -> Composed:
    return SQL(STATEMENTS["ended_index"]).format(
        index=Identifier(name),
        ended=Identifier(f"{table.name}_ended"),
        key=Identifier(table.key[0].name),
    )


@cache
def _select(table: Table) -> bytes:
    """All rows of some pages, in order. It is written once: that takes as long as to fold two
    entries."""
    statement = "select {columns} from {table} where {page} = any({keys}) order by {key}"
    found = SQL(statement).format(
        columns=_listed(*table.names, "from_position"),
        table=Identifier(table.name),
        page=Identifier(table.key[0].name),
        keys=Placeholder("keys"),
        key=_listed(*(column.name for column in table.key)),
    )
    return found.as_bytes()


@cache
def _delete(table: Table) -> bytes:
    """By all keys at once, given as one array for each of their columns."""
    found = SQL("delete from {table} where ({key}) in (select * from unnest({arrays}))").format(
        table=Identifier(table.name),
        key=_listed(*(column.name for column in table.key)),
        arrays=SQL(", ").join(SQL("%s::{}[]").format(SQL(column.type)) for column in table.key),
    )
    return found.as_bytes()


def _listed(*columns: str) -> Composed:
    return SQL(", ").join(map(Identifier, columns))


def connect(url: str) -> Connection:
    """A worker's own connection, in autocommit outside of its explicit transactions."""
    options = time_outs(statement_seconds=STATEMENT_SECONDS_MAX, idle_seconds=IDLE_SECONDS_MAX)
    connection = psycopg.connect(
        url, autocommit=True, fallback_application_name=WORKER, options=options
    )
    connection.execute(STATEMENTS["act_as_worker"])
    return connection
