"""Rebuilds every read model from the record beside the live ones, compares, and swaps them in.

The live tables serve until the swap, which is one short transaction; a rebuild that was interrupted
continues where it stopped, and the generation before the swap is kept for a roll-back.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from time import sleep, thread_time
from typing import NamedTuple, TypeVar

from psycopg import Connection
from psycopg.errors import LockNotAvailable, UndefinedTable
from psycopg.sql import SQL, Identifier

from domain.kernel.refusal import Stopped
from projections.engine.cost import Cost
from projections.engine.engine import (
    LIVE,
    LOCK,
    STATEMENTS,
    Generation,
    connect,
    fold_in,
    names_of,
    prepare,
)
from projections.engine.fold import Fold
from projections.engine.following import START, RecordAltered, follow, is_in_record
from projections.engine.projection import Projection
from projections.engine.seen import seen_among
from projections.engine.versions import make_newest
from record.store.bulk import collector_paused

T = TypeVar("T")

NEXT = "projections_next"
PREVIOUS = "projections_previous"
ASIDE = "projections_aside"
REBUILD_LOCK = 4919131752989213767
PART_LOCK = 4919131752989213768
BATCH_ENTRIES_MAX = 4_000
# Of all pages that stay in memory between batches, in all processes together: about 1.2 KiB each,
# with what folds keep there.
PAGE_ROWS_MAX = 30_000
# What it takes to start another interpreter, with everything imported.
START_SECONDS = 2.0
POLL_SECONDS = 0.2
# A swap that waits for one reader keeps all others waiting: it gives up soon, and tries again for
# longer than a reader may look.
SWAP_LOCK_SECONDS = 0.5
SWAP_PAUSE_SECONDS = 1.0
SWAP_ATTEMPTS_MAX = 200


class RebuildRunning(Stopped):
    """Another process is rebuilding the read models."""

    def __init__(self) -> None:
        super().__init__("read-models.rebuild-running")


class RebuildCancelled(Stopped):
    """The generation that was being built has been dropped in the meantime."""

    def __init__(self) -> None:
        super().__init__("read-models.rebuild-cancelled")


class RebuildBlocked(Stopped):
    """Somebody has been looking at the live read models all the time."""

    def __init__(self) -> None:
        super().__init__("read-models.rebuild-blocked")


class Difference(NamedTuple):
    """A table whose rebuilt rows are not the live ones at the same position."""

    table: str
    live: str
    rebuilt: str


class Rebuilt(NamedTuple):
    """The result of a rebuild: position, number of entries, differences.

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
    RebuildRunning, RebuildCancelled, RebuildBlocked, or RecordAltered; then the live ones stay, and
    in the last case say so.
    """
    with connect(url) as connection, _alone(connection):
        prepare(connection, projections)
        make_newest(connection, projections)
        _begin(connection, projections)
        try:
            start = _reached(connection, projections)
            _build(connection, url, projections, on_progress)
            with connection.transaction():
                Generation(connection, projections, NEXT).index()
            return _patiently(connection, lambda: _finish(connection, projections, start))
        except UndefinedTable as problem:
            raise RebuildCancelled from problem
        except RecordAltered as altered:
            with connection.transaction():
                connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
                Generation(connection, projections).alarm(altered)
            raise


def _finish(connection: Connection, projections: Sequence[Projection], start: int) -> Rebuilt:
    """Fold what came meanwhile, compare, and swap; live workers wait."""
    building = _Building(connection, projections)
    with collector_paused():
        while building.batch():
            pass
    compared, differences = _compare(connection, projections)
    _wait_for_readers(connection)
    connection.execute(SQL("drop schema if exists {} cascade").format(Identifier(PREVIOUS)))
    _rename(connection, LIVE, PREVIOUS)
    _rename(connection, NEXT, LIVE)
    return Rebuilt(building.position, building.position - start, differences, compared)


def _patiently(connection: Connection, swap: Callable[[], T]) -> T:
    """Do this in a transaction, alone among workers, as soon as no reader is in its way for long;
    between two attempts everybody goes on. Raises RebuildBlocked."""
    for _ in range(SWAP_ATTEMPTS_MAX):
        with suppress(LockNotAvailable), connection.transaction():
            connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            return swap()
        sleep(SWAP_PAUSE_SECONDS)
    raise RebuildBlocked


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
    with connect(url) as connection:
        _patiently(connection, lambda: _exchange(connection))


def _exchange(connection: Connection) -> None:
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
    """The next generation while it is built; pages stay in memory between batches, but for those
    that were not touched for long once there are more than a rebuild may hold."""

    def __init__(
        self, connection: Connection, projections: Sequence[Projection], processes: int = 1
    ) -> None:
        self.connection = connection
        self.processes = processes  # that build, this one among them
        self.generation = Generation(connection, projections, NEXT)
        self.cost = Cost()
        with connection.transaction():
            found = self.generation.standings()
            places = self.generation.places()
            shown = Generation(connection, projections).places().values()
            # What a record that was restored from a backup has is not what was shown before.
            self.chains = {p.position: p.chain for p in shown if is_in_record(connection, p)}
        standings = {projection.name: found[projection.name] for projection in projections}
        self.folds = [Fold(projection) for projection in projections]
        for fold in self.folds:  # one that was parked before an interruption stays parked
            fold.parked = standings[fold.projection.name].parked
        going = [places[name] for name, each in standings.items() if not each.parked]
        self.place = min(going, default=START)

    @property
    def position(self) -> int:
        """How far it has come."""
        return self.place.position

    def run(self, until: int, on_batch: OnBatch) -> None:
        """Fold the record up to a position, one transaction a batch."""
        with collector_paused():
            while self.position < until:
                with self.connection.transaction():
                    self.batch(until - self.position)
                on_batch(self.position)

    def batch(self, limit: int = BATCH_ENTRIES_MAX) -> int:
        """Fold one batch in the current transaction; returns how many entries it took."""
        began = thread_time()
        limit = min(limit, BATCH_ENTRIES_MAX)
        taken, end, altered = follow(self.connection, self.place, limit, chains=self.chains)
        if altered:
            raise altered
        if not taken:
            return 0
        entries = seen_among(taken, names_of(self.folds))
        self.cost.read(Counter(entry.name for entry in entries), thread_time() - began)
        self.generation.standings()  # enters the schema for this transaction
        self.folds = fold_in(self.generation, self.folds, entries, load=self.position > 0)
        self._forget()
        self.place = end
        self.generation.stand(self.folds, self.place)
        return len(taken)

    def _forget(self) -> None:
        """Share out the rows that may stay in memory: what one leaves is for larger ones."""
        left = PAGE_ROWS_MAX // self.processes
        for number, fold in enumerate(sorted(self.folds, key=lambda fold: fold.rows)):
            fold.forget(left // (len(self.folds) - number))
            left -= fold.rows

    def spare(self, head: int) -> tuple[Projection, ...]:
        """Which projections another process folds beside this one, up to the end of the record:
        none when that is not worth its start."""
        asked = {"after": self.position, "until": head}
        ahead = Counter[str]()
        for event, entries in self.connection.execute(STATEMENTS["ahead"], asked):
            ahead[event] = entries
        ours, theirs = self.cost.parted(self.folds, ahead, START_SECONDS)
        names = {fold.projection.name for fold in theirs}
        self.folds = ours
        return tuple(p for p in self.generation.projections if p.name in names)


def _build(
    connection: Connection, url: str, projections: Sequence[Projection], on_progress: OnProgress
) -> None:
    """Fold the record up to where it ends now.

    One process begins. What its first batch cost says whether another one, beside it, is worth its
    start, and which projections that one takes.
    """
    row = connection.execute("select max(notification_id) from record.entries").fetchone()
    head = row[0] or 0 if row else 0

    def on_batch(_position: int) -> None:
        on_progress(_reached(connection, projections), head)

    _even(connection, projections, on_batch)
    building = _Building(connection, projections)
    building.run(min(head, building.position + BATCH_ENTRIES_MAX), on_batch)
    theirs = building.spare(head)
    if not theirs:
        building.run(head, on_batch)
        return
    building.processes = 2
    other = get_context("spawn").Process(target=_work, args=(url, theirs, head, os.getpid()))
    try:
        other.start()
        building.run(head, on_batch)
        while other.is_alive():
            other.join(POLL_SECONDS)
            on_batch(head)
    finally:
        other.terminate()
        other.join()
    if other.exitcode:
        raise RuntimeError("A rebuilding process ended early; its output says why.")


def _even(connection: Connection, projections: Sequence[Projection], on_batch: OnBatch) -> None:
    """Bring all to one position, where an interruption of two processes left them at two."""
    while len(positions := _positions(connection, projections)) > 1:
        first, second, *_ = sorted(positions)
        _Building(connection, positions[first]).run(second, on_batch)


def _work(url: str, projections: Sequence[Projection], until: int, parent: int) -> None:
    """Build one part in a process of its own, and stop when the parent is gone."""

    def on_batch(_position: int) -> None:
        if os.getppid() != parent:
            sys.exit("The rebuild was given up.")

    with connect(url) as connection:
        connection.execute("select pg_advisory_lock_shared(%s)", (PART_LOCK,))
        on_batch(0)
        _Building(connection, projections, 2).run(until, on_batch)


def _positions(
    connection: Connection, projections: Sequence[Projection]
) -> dict[int, list[Projection]]:
    """Where the next generation's projections stand; a parked one holds none back."""
    with connection.transaction():
        found = Generation(connection, projections, NEXT).standings()
    positions: dict[int, list[Projection]] = {}
    for projection in projections:
        if not found[projection.name].parked:
            positions.setdefault(found[projection.name].position, []).append(projection)
    return positions


def _reached(connection: Connection, projections: Sequence[Projection]) -> int:
    """How far the next generation has come."""
    with connection.transaction():
        found = Generation(connection, projections, NEXT).standings()
    standings = [found[projection.name] for projection in projections]
    going = [each.position for each in standings if not each.parked]
    return min(going or [each.position for each in standings])


def _begin(connection: Connection, projections: Sequence[Projection]) -> None:
    """Make the next generation, or keep an unfinished one that these definitions made of this
    record."""
    with connection.transaction():
        generation = Generation(connection, projections, NEXT)
        if generation.exists():
            if not generation.outdated() and generation.is_of_this_record():
                return
            connection.execute(SQL("drop schema {} cascade").format(Identifier(NEXT)))
        generation.create(indexed=False)


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


def _wait_for_readers(connection: Connection) -> None:
    """A picture that somebody is looking at must not mix two generations; see view.py.

    Whoever comes now waits until the names are swapped, which is the next thing to happen, or until
    this gives up: LockNotAvailable.
    """
    time_out = f"{SWAP_LOCK_SECONDS}s"
    connection.execute("select set_config('lock_timeout', %s, true)", (time_out,))
    statement = SQL("lock table {}.progress in access exclusive mode")
    connection.execute(statement.format(Identifier(LIVE)))


def _rename(connection: Connection, old: str, new: str) -> None:
    statement = SQL("alter schema {} rename to {}")
    connection.execute(statement.format(Identifier(old), Identifier(new)))
