"""The rows under one key, as a fold finds and changes them, and the changes to write."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from projections.engine.row import Key, Kind, table_of

R = TypeVar("R", bound=NamedTuple)


class Changes:
    """The changes to write for the rows of one kind.

    `fresh` rows begin, each with the position from which it stands; those whose keys are `gone`
    leave the table; `ended` holds what stood, from a position until another. A journal's are
    `added`: nothing ends there, and so no row is looked for by its key.
    """

    __slots__ = ("added", "ended", "fresh", "gone")

    def __init__(self) -> None:
        self.added: list[tuple[Any, int]] = []
        self.fresh: dict[Key, tuple[Any, int]] = {}
        self.gone: list[Key] = []
        self.ended: list[tuple[Any, int, int]] = []

    def begun(self) -> Iterator[tuple[Any, int]]:
        """All rows that begin, with the positions from which they stand."""
        yield from self.added
        yield from self.fresh.values()

    def begin(self, key: Key, row: Any, position: int) -> None:
        """A row begins at this position."""
        self.fresh[key] = row, position

    def end(self, key: Key, row: Any, since: int, position: int) -> None:
        """A row ends at this position."""
        if self.fresh.pop(key, None) is None:
            self.gone.append(key)
        self.ended.append((row, since, position))


class Page:
    """The rows under one key, by kind and each by its own key.

    A fold puts rows and drops them; what did not change is not touched. `memo` lets it keep what it
    computed for the next entry on the same page; it may be lost at any time, with the page.
    """

    __slots__ = ("_rows", "_since", "_touched", "memo")

    def __init__(self) -> None:
        self._rows: dict[Kind, dict[Key, Any]] = {}
        self._since: dict[tuple[Kind, Key], int] = {}
        self._touched: dict[tuple[Kind, Key], Any] = {}
        self.memo: Any = None

    @property
    def size(self) -> int:
        """The number of its rows."""
        return len(self._since)

    def of(self, kind: type[R]) -> Collection[R]:
        """The page's rows of one kind; loaded ones come in the order of their keys."""
        return self._rows.get(kind, {}).values()

    def row(self, kind: type[R], *key: Any) -> R | None:
        """The row of a kind with this key, the page's own part of it included."""
        found: R | None = self._rows.get(kind, {}).get(key)
        return found

    def put(self, *rows: Any) -> None:
        """These rows stand from now on, each in the place of the one with its key, if any."""
        for row in rows:
            kind = type(row)
            key = table_of(kind).key_of(row)
            held = self._rows.setdefault(kind, {})
            self._touched.setdefault((kind, key), held.get(key))
            held[key] = row

    def drop(self, *rows: Any) -> None:
        """These rows, which stand, do so no longer."""
        for row in rows:
            kind = type(row)
            key = table_of(kind).key_of(row)
            was = self._rows[kind].pop(key)
            self._touched.setdefault((kind, key), was)

    def turn(self, was: Iterable[Any], now: Collection[Any]) -> None:
        """`now` stands in the place of `was`; most rows are often the same."""
        keys = {(type(row), table_of(type(row)).key_of(row)) for row in now}
        self.drop(*(row for row in was if (type(row), table_of(type(row)).key_of(row)) not in keys))
        self.put(*now)

    def hold(self, row: Any, since: int) -> None:
        """Take a row as it stands in its table."""
        kind = type(row)
        key = table_of(kind).key_of(row)
        self._rows.setdefault(kind, {})[key] = row
        self._since[kind, key] = since

    def settle(self, changes: Mapping[Kind, Changes], position: int) -> None:
        """Set down what an entry changed: which rows ended at its position, and which began."""
        for place, was in self._touched.items():
            kind, key = place
            now = self._rows[kind].get(key)
            if now == was:
                continue
            if was is not None:
                changes[kind].end(key, was, self._since.pop(place), position)
            if now is not None:
                changes[kind].begin(key, now, position)
                self._since[place] = position
        self._touched.clear()
