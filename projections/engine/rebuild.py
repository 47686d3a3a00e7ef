"""Rebuilds every read model from the record beside the live ones, compares, and swaps them in.

The live tables serve until the swap, which is one short transaction; a rebuild that was interrupted
goes on where it stood, and the generation before the swap is kept to roll back to.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from typing import NamedTuple

from psycopg import Connection
from psycopg.errors import UndefinedTable
from psycopg.sql import SQL, Identifier

from projections.engine.engine import LIVE, LOCK, STATEMENTS, Generation, connect, fold_in, prepare
from projections.engine.fold import Fold
from projections.engine.projection import Projection
from record.store.bulk import collector_paused
from record.store.entry import AnyEntry, decode

NEXT = "projections_next"
PREVIOUS = "projections_previous"
ASIDE = "projections_aside"
REBUILD_LOCK = 4919131752989213767
PART_LOCK = 4919131752989213768
BATCH_ENTRIES_MAX = 50_000
# A rebuild is bound by one process's arithmetic: two use both cores of the machine we measure on.
PARTS = 2
# Below this a second interpreter takes longer to start than it saves.
PARALLEL_ENTRIES_MIN = 20_000
POLL_SECONDS = 0.2


class RebuildRunning(Exception):
    """Another process rebuilds the read models at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "Another process is rebuilding the read models already; wait until it has ended, "
            "or cancel it."
        )


class RebuildCancelled(Exception):
    """The generation that was being built was dropped meanwhile."""

    def __init__(self) -> None:
        super().__init__("The rebuild was cancelled; the live read models are untouched.")


class Difference(NamedTuple):
    """A table whose rebuilt rows are not the live ones at the same position."""

    table: str
    live: str
    rebuilt: str


class Rebuilt(NamedTuple):
    """How a rebuild ended: at which position, over how many entries, with which differences.

    `compared` names the projections whose live rows could be compared: those of the same version.
    """

    position: int
    entries: int
    differences: tuple[Difference, ...]
    compared: tuple[str, ...]


OnProgress = Callable[[int, int], None]
OnBatch = Callable[[int], None]


def rebuild(
    url: str,
    projections: Sequence[Projection],
    *,
    on_progress: OnProgress = lambda _done, _total: None,
) -> Rebuilt:
    """Rebuild all read models; `on_progress(position, head)` is called after each batch.

    What was rebuilt takes the place of the live tables whether or not they differ: the record is
    right. Interrupting leaves the unfinished generation; calling again resumes it. Raises
    RebuildRunning or RebuildCancelled.
    """
    with connect(url) as connection, _alone(connection):
        prepare(connection, projections)
        _begin(connection, projections)
        try:
            start = _position(connection, projections)
            _build(connection, url, projections, on_progress)
            building = _Building(connection, projections)
            with connection.transaction(), collector_paused():
                connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
                while building.batch():  # what came meanwhile; live workers wait for the lock
                    pass
                compared, differences = _compare(connection, projections)
                _swap(connection)
        except UndefinedTable as problem:
            raise RebuildCancelled from problem
        return Rebuilt(building.position, building.position - start, differences, compared)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """As the one process that rebuilds; the server takes the lock back when the process dies.

    Its parts may outlive it for a batch: they hold a lock of their own together.
    """
    for lock in (REBUILD_LOCK, PART_LOCK):
        row = connection.execute("select pg_try_advisory_lock(%s)", (lock,)).fetchone()
        if row is None or not row[0]:
            raise RebuildRunning
    connection.execute("select pg_advisory_unlock(%s)", (PART_LOCK,))
    try:
        yield
    finally:
        if not connection.closed:  # closing returns before the server has noticed
            connection.execute("select pg_advisory_unlock(%s)", (REBUILD_LOCK,))


def roll_back(url: str) -> None:
    """Put the generation before the last swap back; it catches up as any live one does."""
    with connect(url) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        row = connection.execute("select to_regnamespace(%s)", (PREVIOUS,)).fetchone()
        if row is None or row[0] is None:
            raise LookupError("There is no earlier generation of the read models to go back to.")
        _wait_for_readers(connection)
        _rename(connection, LIVE, ASIDE)
        _rename(connection, PREVIOUS, LIVE)
        _rename(connection, ASIDE, PREVIOUS)


def cancel(url: str) -> None:
    """Drop an unfinished rebuild; the live read models are untouched."""
    with connect(url) as connection, connection.transaction():
        # Never while a finished one is being swapped in: the name would be the live one's by then.
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(NEXT)))


class _Building:
    """The next generation while it is built; pages stay in memory between batches."""

    def __init__(self, connection: Connection, projections: Sequence[Projection]) -> None:
        self.connection = connection
        self.generation = Generation(connection, projections, NEXT)
        with connection.transaction():
            found = self.generation.standings()
        standings = {projection.name: found[projection.name] for projection in projections}
        self.folds = [Fold(projection) for projection in projections]
        for fold in self.folds:  # one that was parked before an interruption stays parked
            fold.parked = standings[fold.projection.name].parked
        going = [each.position for each in standings.values() if not each.parked]
        self.position = min(going or [each.position for each in standings.values()])
        self._fresh = self.position == 0

    def run(self, until: int, on_batch: OnBatch) -> None:
        """Fold the record up to a position, one transaction a batch."""
        with collector_paused():
            while self.position < until:
                with self.connection.transaction():
                    self.batch(until - self.position)
                on_batch(self.position)

    def batch(self, limit: int = BATCH_ENTRIES_MAX) -> int:
        """Fold one batch in the current transaction; returns how many entries it took."""
        names = frozenset[str]().union(*(fold.names for fold in self.folds))
        entries: list[AnyEntry] = []
        taken = 0
        last = self.position
        for position, name, state in _entries(self.connection, self.position, limit):
            taken, last = taken + 1, position
            if name in names:
                entries.append(decode(name, state, position=position))
        if not taken:
            return 0
        self.generation.standings()  # enters the schema for this transaction
        self.folds = [
            fold_in(self.generation, fold, entries, load=not self._fresh) for fold in self.folds
        ]
        self.position = last
        self.generation.stand(self.folds, last)
        return taken


def _build(
    connection: Connection, url: str, projections: Sequence[Projection], on_progress: OnProgress
) -> None:
    """Fold the record up to where it ends now: in parts, beside each other when that is worth it.

    A part stays the same when an interrupted rebuild is resumed: its projections are at one
    position, which may be another than the other part's.
    """
    row = connection.execute("select max(notification_id) from record.entries").fetchone()
    head = row[0] or 0 if row else 0
    parts = [part for k in range(PARTS) if (part := projections[k::PARTS])]
    positions = [_position(connection, part) for part in parts]
    if head - min(positions) < PARALLEL_ENTRIES_MIN:
        for part in parts if len(set(positions)) > 1 else [projections]:
            _Building(connection, part).run(head, lambda position: on_progress(position, head))
        return
    context = get_context("spawn")
    workers = [context.Process(target=_work, args=(url, part, head, os.getpid())) for part in parts]
    try:
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            for worker in workers:
                worker.join(POLL_SECONDS)
            on_progress(_position(connection, projections), head)
        failed = any(worker.exitcode for worker in workers)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()
    if failed:
        raise RuntimeError("A rebuilding process ended early; its output says why.")


def _work(url: str, projections: Sequence[Projection], until: int, parent: int) -> None:
    """Build one part in a process of its own, and stop when the parent is gone."""

    def on_batch(_position: int) -> None:
        if os.getppid() != parent:
            sys.exit("The rebuild was given up.")

    with connect(url) as connection:
        connection.execute("select pg_advisory_lock_shared(%s)", (PART_LOCK,))
        on_batch(0)
        _Building(connection, projections).run(until, on_batch)


def _position(connection: Connection, projections: Sequence[Projection]) -> int:
    """How far the next generation has come; a parked projection does not hold it back."""
    with connection.transaction():
        found = Generation(connection, projections, NEXT).standings()
    standings = [found[projection.name] for projection in projections]
    going = [each.position for each in standings if not each.parked]
    return min(going or [each.position for each in standings])


def _entries(connection: Connection, after: int, limit: int) -> Iterator[tuple[int, str, bytes]]:
    """The next entries, in binary COPY: three times as fast as rows."""
    with connection.cursor() as cursor:
        statement = SQL(STATEMENTS["copy_entries"])
        with cursor.copy(
            statement, {"after": after, "limit": min(limit, BATCH_ENTRIES_MAX)}
        ) as copy:
            copy.set_types(["int8", "text", "bytea"])
            for row in copy.rows():
                yield row[0], row[1], row[2]


def _begin(connection: Connection, projections: Sequence[Projection]) -> None:
    """Make the next generation, or keep an unfinished one that these definitions made."""
    with connection.transaction():
        generation = Generation(connection, projections, NEXT)
        if generation.exists():
            if not generation.outdated():
                return
            connection.execute(SQL("drop schema {} cascade").format(Identifier(NEXT)))
        generation.create()


def _compare(
    connection: Connection, projections: Sequence[Projection]
) -> tuple[tuple[str, ...], tuple[Difference, ...]]:
    """Compare what the same definitions made, each at the last position that both have reached."""
    live, rebuilt = (Generation(connection, projections, schema) for schema in (LIVE, NEXT))
    was, now = live.standings(), rebuilt.standings()
    compared, differences = [], []
    for projection in projections:
        old, new = was.get(projection.name), now[projection.name]
        if old is None or old.definition != new.definition:
            continue
        compared.append(projection.name)
        position = min(old.position, new.position)
        before, after = (each.digests(projection, position) for each in (live, rebuilt))
        differences += [Difference(t, before[t], after[t]) for t in after if before[t] != after[t]]
    return tuple(compared), tuple(differences)


def _swap(connection: Connection) -> None:
    _wait_for_readers(connection)
    connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(PREVIOUS)))
    _rename(connection, LIVE, PREVIOUS)
    _rename(connection, NEXT, LIVE)


def _wait_for_readers(connection: Connection) -> None:
    """A picture that somebody is looking at must not mix two generations; see view.py.

    Whoever comes now waits until the names are swapped, which is the next thing to happen.
    """
    statement = SQL("lock table {}.progress in access exclusive mode")
    connection.execute(statement.format(Identifier(LIVE)))


def _rename(connection: Connection, old: str, new: str) -> None:
    statement = SQL("alter schema {} rename to {}")
    connection.execute(statement.format(Identifier(old), Identifier(new)))
