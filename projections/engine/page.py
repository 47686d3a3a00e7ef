"""The rows under one key, as a fold finds and changes them, and the changes to write."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from projections.engine.row import Key, RowKind, table_of

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

    def end(self, key: Key, row: Any, since: int, position: int) -> None:
        """A row ends at this position."""
        if self.fresh.pop(key, None) is None:
            self.gone.append(key)
        self.ended.append((row, since, position))


class _Held:
    """A page's rows of one kind by their keys: as they are now, the position from which each stands
    in its table, and what stood in the place of those that the entry put or dropped."""

    __slots__ = ("key_of", "kind", "rows", "since", "was")

    def __init__(self, kind: RowKind) -> None:
        self.kind = kind
        self.key_of = table_of(kind).key_of
        self.rows: dict[Key, Any] = {}
        self.since: dict[Key, int] = {}
        self.was: dict[Key, Any] = {}


class _Kinds(dict[RowKind, _Held]):
    def __missing__(self, kind: RowKind) -> _Held:
        held = self[kind] = _Held(kind)
        return held


class Page:
    """The rows under one key, by kind and each by its own key.

    A fold puts rows and drops them; what did not change is not touched. `memo` lets it keep what it
    computed for the next entry on the same page; it may be lost at any time, with the page. `size`
    is how many rows stand.
    """

    __slots__ = ("_held", "_touched", "memo", "size")

    def __init__(self) -> None:
        self._held = _Kinds()
        self._touched: list[_Held] = []  # by the entry
        self.memo: Any = None
        self.size = 0

    def of(self, kind: type[R]) -> Collection[R]:
        """The page's rows of one kind; loaded ones come in the order of their keys."""
        return self._held[kind].rows.values()

    def row(self, kind: type[R], *key: Any) -> R | None:
        """The row of a kind with this key, the page's own part of it included."""
        found: R | None = self._held[kind].rows.get(key)
        return found

    def put(self, *rows: Any) -> None:
        """These rows stand from now on, each in the place of the one with its key, if any."""
        for row in rows:
            held = self._held[type(row)]
            key, was, standing = held.key_of(row), held.was, held.rows
            if not was:
                self._touched.append(held)
            if key not in was:
                was[key] = standing.get(key)
            standing[key] = row

    def drop(self, *rows: Any) -> None:
        """These rows, which stand, do so no longer."""
        for row in rows:
            held = self._held[type(row)]
            key = held.key_of(row)
            if not held.was:
                self._touched.append(held)
            held.was.setdefault(key, held.rows.pop(key))

    def turn(self, was: Iterable[Any], now: Collection[Any]) -> None:
        """`now` stands in the place of `was`; most rows are often the same."""
        keys = {(type(row), table_of(type(row)).key_of(row)) for row in now}
        self.drop(*(row for row in was if (type(row), table_of(type(row)).key_of(row)) not in keys))
        self.put(*now)

    def hold(self, row: Any, since: int) -> None:
        """Take a row as it stands in its table."""
        held = self._held[type(row)]
        key = held.key_of(row)
        held.rows[key] = row
        held.since[key] = since
        self.size += 1

    def settle(self, changes: Mapping[RowKind, Changes], position: int) -> None:
        """Set down what an entry changed: which rows ended at its position, and which began."""
        for held in self._touched:
            of_kind, rows, since = changes[held.kind], held.rows, held.since
            for key, was in held.was.items():
                now = rows.get(key)
                if now == was:
                    continue
                if was is not None:
                    of_kind.end(key, was, since.pop(key), position)
                    self.size -= 1
                if now is not None:
                    of_kind.fresh[key] = now, position
                    since[key] = position
                    self.size += 1
            held.was.clear()
        self._touched.clear()
