"""What a read model is: the events it reads, the pages they touch, and a pure fold of a page."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeVar

from domain.kernel.event import Event
from record.store.entry import AnyEntry

R = TypeVar("R", bound=NamedTuple)
RowClass = type[
    Any
]  # a NamedTuple class: its fields are the columns, the first one is the page's key


NO_ROWS: Mapping[RowClass, tuple[Any, ...]] = MappingProxyType({})


class Page:
    """The few rows under one key, by kind; never changed, only replaced.

    `memo` lets a fold keep what it computed for the next entry on the same page; it may be lost at
    any time and is no part of the page.
    """

    __slots__ = ("_rows", "memo")

    def __init__(
        self, rows: Mapping[RowClass, tuple[Any, ...]] | None = None, memo: Any = None
    ) -> None:
        self._rows = rows or {}
        self.memo = memo

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """The page's rows of one kind."""
        return self._rows.get(kind, ())

    def having(self, kind: type[R], rows: Iterable[R], *, memo: Any = None) -> "Page":
        """The page with these rows as all its rows of one kind."""
        return Page({**self._rows, kind: tuple(rows)}, memo)

    def remembering(self, memo: Any) -> "Page":
        """The same rows with another memo."""
        return Page(self._rows, memo)


EMPTY = Page()


class Projection:
    """A read model. `keys` and `evolve` are pure; the engine does everything else.

    `kinds` are the NamedTuple classes of its rows, each with a table of its name in snake case.
    A *journal* only ever adds rows, so that no page is loaded for it.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[RowClass, ...]]
    events: ClassVar[tuple[type[Event], ...]]
    journal: ClassVar[bool] = False
    module_file: ClassVar[str]

    def keys(self, entry: AnyEntry) -> Iterable[str]:
        """The keys of the pages that this entry touches; by default its own stream's id."""
        return (entry.stream.rpartition(":")[2],)

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The page after this entry."""
        raise NotImplementedError


def table_of(kind: RowClass) -> str:
    """The table that holds the present rows of a kind: `community_line` for `CommunityLine`."""
    name = kind.__name__.removesuffix("Row")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
