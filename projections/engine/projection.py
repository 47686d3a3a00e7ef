"""A read model: the events that it reads, the pages that they touch, and a pure fold of a page."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, LiteralString

from domain.kernel.event import Event
from domain.kernel.ids import id_of
from projections.engine.page import Page
from projections.engine.row import RowKind
from projections.engine.seen import Seen
from record.sql import statements


class Projection:
    """A read model. What `keys` and `evolve` do follows from what they are handed, and from nothing
    else; the engine does the rest.

    `kinds` are the classes of its rows, each with a table of its name in snake case.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[RowKind, ...]]
    events: ClassVar[tuple[type[Event], ...]]
    module_file: ClassVar[str]

    def views(self) -> LiteralString | None:
        """The SQL of what it publishes to others' queries, if anything."""
        beside = Path(self.module_file).with_suffix(".sql")
        return statements(self.module_file).get("views") if beside.exists() else None

    def keys(self, entry: Seen) -> Iterable[str]:
        """The keys of the pages that this entry touches; by default its own stream's id.

        Where it is the default, the streams are all of one kind.
        """
        return (id_of(entry.stream),)

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put and drop what this entry changes on a page."""
        raise NotImplementedError


class Journal(Projection):
    """A read model that only ever adds rows, so that no page is loaded for it."""

    def lines(self, entry: Seen) -> Iterable[Any]:
        """The rows that this entry adds."""
        raise NotImplementedError
