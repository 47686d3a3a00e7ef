"""Folds entries into one projection's pages and remembers which rows began and ended, and where.

Pure bookkeeping in memory: the live worker, the rebuild and a replay to a past position all use it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from domain.catalogue import EVENTS
from projections.engine.page import Changes, Page
from projections.engine.projection import Journal, Projection
from projections.engine.row import RowKind
from projections.engine.seen import Seen, Unread


class Parked(NamedTuple):
    """The entry on which a projection failed, and the error."""

    position: int
    error: str


class Fold:
    """One projection's pages in memory, the least recently touched ones first."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.names = frozenset(event.__name__ for event in projection.events)
        self.pages: dict[str, Page] = {}
        self.changes: dict[RowKind, Changes] = {kind: Changes() for kind in projection.kinds}
        self.parked: Parked | None = None
        self.seconds = 0.0  # of CPU that its folding, loading and writing took

    def sees(self, name: str) -> bool:
        """Whether it is shown an event's entries: its own events', and those that nobody knows."""
        return name in self.names or name not in EVENTS

    def missing(self, entries: Iterable[Seen | Unread]) -> list[str]:
        """The keys of the pages that these entries touch and that are not in memory.

        Up to an entry for which there are no keys to be had: `apply` is parked there.
        """
        touched: dict[str, bool] = {}
        if isinstance(self.projection, Journal) or self.parked:
            return []
        own = type(self.projection).keys is Projection.keys
        for entry in entries:
            if not self.sees(entry.name):
                continue
            if isinstance(entry, Unread):
                break
            begins = own and entry.version == 1  # then its stream has no page yet
            try:
                for key in self.projection.keys(entry):
                    touched.setdefault(key, begins)
            except Exception:  # noqa: BLE001 - `apply` meets it again, and says so
                break
        return [key for key, begins in touched.items() if not begins and key not in self.pages]

    def load(self, keys: Iterable[str], rows: Iterable[tuple[Any, int]]) -> None:
        """Take these pages as they stand in the tables: rows with the positions they stand from."""
        self.pages |= {key: Page() for key in keys}
        for row, since in rows:
            self.pages[row[0]].hold(row, since)

    def apply(self, *entries: Seen | Unread) -> None:
        """Fold entries; a projection that fails on one is parked there and folds no further."""
        apply = self._add if isinstance(self.projection, Journal) else self._turn
        for entry in entries:
            if self.parked:
                return
            if not self.sees(entry.name):
                continue
            if isinstance(entry, Unread):
                self.parked = Parked(entry.position, entry.error)
                return
            try:
                apply(entry)
            except Exception as problem:  # noqa: BLE001 - whatever it is must harm no other projection
                self.parked = Parked(entry.position, f"{type(problem).__name__}: {problem}")

    def written(self) -> None:
        """The tables now hold what was to be written."""
        self.changes = {kind: Changes() for kind in self.projection.kinds}

    @property
    def rows(self) -> int:
        """How many rows its pages have, and one for each page: it takes memory without any."""
        return len(self.pages) + sum(page.size for page in self.pages.values())

    def forget(self, rows_max: int) -> None:
        """Forget the least recently touched pages but for so many rows; what changed on them is
        written, and they are loaded again when an entry touches them."""
        rows = self.rows
        for key in list(self.pages):
            if rows <= rows_max:
                break
            rows -= self.pages.pop(key).size + 1

    def _turn(self, entry: Seen) -> None:
        """Turn the pages that an entry touches to what it makes of them, all or none."""
        projection, pages = self.projection, self.pages
        touched = []
        for key in projection.keys(entry):
            page = pages.pop(key, None) or Page()
            pages[key] = page  # the last to be forgotten
            projection.evolve(key, page, entry)
            touched.append(page)
        for page in touched:
            page.settle(self.changes, entry.position)

    def _add(self, entry: Seen) -> None:
        """Add the lines of an entry to a journal, all or none."""
        changes, position = self.changes, entry.position
        for row in list(cast(Journal, self.projection).lines(entry)):
            changes[type(row)].added.append((row, position))
