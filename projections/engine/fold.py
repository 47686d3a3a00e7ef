"""Folds entries into one projection's pages and remembers which rows began and ended, and where.

Pure bookkeeping in memory: the live worker, the rebuild and a replay to a past position all use it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from projections.engine.projection import EMPTY, Page, Projection, RowClass
from record.store.entry import AnyEntry


class Parked(NamedTuple):
    """Where a projection failed, and on what."""

    position: int
    error: str


class Changes:
    """What became of one kind's rows: `held` stand in the table, `fresh` shall, the others go.

    Rows are dictionary keys; the values are the positions from which they stand.
    """

    __slots__ = ("ended", "fresh", "gone", "held")

    def __init__(self) -> None:
        self.held: dict[Any, int] = {}
        self.fresh: dict[Any, int] = {}
        self.gone: list[Any] = []
        self.ended: list[tuple[Any, int, int]] = []

    def begin(self, row: Any, position: int) -> None:
        """A row stands from this position on."""
        self.fresh[row] = position

    def end(self, row: Any, position: int) -> None:
        """A row no longer stands from this position on."""
        since = self.fresh.pop(row, None)
        if since is None:
            since = self.held.pop(row)
            self.gone.append(row)
        self.ended.append((row, since, position))

    def written(self) -> None:
        """The table now holds what was to be written."""
        self.held.update(self.fresh)
        self.fresh, self.gone, self.ended = {}, [], []


class Fold:
    """One projection's pages in memory."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.names = frozenset(event.__name__ for event in projection.events)
        self.pages: dict[str, Page] = {}
        self.changes: dict[RowClass, Changes] = {kind: Changes() for kind in projection.kinds}
        self.parked: Parked | None = None

    def missing(self, entries: Iterable[AnyEntry]) -> list[str]:
        """The keys of the pages that these entries touch and that are not in memory yet.

        Up to an entry for which there are no keys to be had: `apply` is parked there.
        """
        touched: dict[str, None] = {}
        if self.projection.journal or self.parked:
            return []
        for entry in entries:
            if entry.name not in self.names:
                continue
            try:
                touched |= dict.fromkeys(self.projection.keys(entry))
            except Exception:  # noqa: BLE001 - `apply` meets it again, and says so
                break
        return [key for key in touched if key not in self.pages]

    def load(self, keys: Iterable[str], rows: dict[RowClass, list[tuple[Any, int]]]) -> None:
        """Take these pages as they stand in the tables: rows with the positions they stand from."""
        found: dict[str, dict[RowClass, list[Any]]] = {key: {} for key in keys}
        for kind, of_kind in rows.items():
            for row, since in of_kind:
                found[row[0]].setdefault(kind, []).append(row)
                self.changes[kind].held[row] = since
        for key, kinds in found.items():
            self.pages[key] = Page({kind: tuple(rows) for kind, rows in kinds.items()})

    def apply(self, entry: AnyEntry) -> None:
        """Fold one entry; a projection that fails on it is parked there and folds no further."""
        if entry.name not in self.names or self.parked:
            return
        try:
            after = [(key, self._evolved(key, entry)) for key in self.projection.keys(entry)]
        except Exception as problem:  # noqa: BLE001 - whatever it is must harm no other projection
            self.parked = Parked(entry.position, f"{type(problem).__name__}: {problem}")
            return
        for key, (before, page) in after:
            if page is before:
                continue
            if not self.projection.journal:
                self.pages[key] = page
            for kind, changes in self.changes.items():
                _differ(changes, before.of(kind), page.of(kind), entry.position)

    def _evolved(self, key: str, entry: AnyEntry) -> tuple[Page, Page]:
        page = self.pages.get(key, EMPTY)
        return page, self.projection.evolve(key, page, entry)


def _differ(
    changes: Changes, before: tuple[Any, ...], after: tuple[Any, ...], position: int
) -> None:
    if before is after:
        return
    # Folds keep the rows that did not change: most are told apart by identity alone.
    stay = {id(row) for row in after} & {id(row) for row in before}
    old = [row for row in before if id(row) not in stay]
    new = [row for row in after if id(row) not in stay]
    for row in old:
        if row not in new:
            changes.end(row, position)
    for row in new:
        if row not in old:
            changes.begin(row, position)
