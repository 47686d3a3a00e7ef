"""Shared by the read models of subjects (councils, programmes, reviews …): rows that show parts of
the domain's state.

The fold is the domain's own: there is one meaning of an event. It runs once for each entry, and
only what it changed makes rows.
"""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import Any, ClassVar, NamedTuple, TypeVar

from domain.kernel.subject import Subject, changed
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import RowKind, table_of
from projections.engine.seen import Seen

OF_ENTRY = ("version", "position")

K = TypeVar("K")
P = TypeVar("P")
R = TypeVar("R", bound=NamedTuple)


class Parts(NamedTuple):
    """Parts of a state that are shown, each as a row of this kind.

    The state holds them in a field, by their keys as the rows have them after the subject's id, or
    `by` says how. A row begins with what the entry says, and `also` more of the state or the entry;
    of that it keeps what the part does not hold. `newest` are the columns that each entry says
    anew which changes the part: version, position.
    """

    kind: RowKind
    field: str
    by: Callable[[Any], Mapping[Any, Any]] | None = None
    also: Callable[[Any, Seen], Mapping[str, Any]] | None = None
    newest: tuple[str, ...] = ()


class Subjects(Projection):
    """A read model of subjects of one kind, each on a page of its own.

    `events` may leave out what changes no row: then the state is folded without it.
    """

    subject: ClassVar[type[Subject]]
    parts: ClassVar[tuple[Parts, ...]] = ()

    def state(self, id: str, page: Page) -> Any:
        """As much of the subject's state as further rows rest on, from those of a loaded page."""
        raise NotImplementedError

    def show(self, page: Page, before: Any, after: Any, entry: Seen) -> None:
        """Put and drop the rows that show something else than a part."""

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the subject's rows as they are after this entry."""
        before = page.memo or self.loaded(key, page)
        page.memo = after = changed(before, version=entry.version).evolve(entry.event)
        for parts in self.parts:
            if getattr(before, parts.field) is not getattr(after, parts.field):
                _turn(page, parts, before, after, entry)
        self.show(page, before, after, entry)

    def loaded(self, key: str, page: Page) -> Any:
        """The state of a page that was not folded yet."""
        page.memo = self.state(key, page) if page.size else self.subject(id=key)
        return page.memo


def differing(before: Mapping[K, Any], after: Mapping[K, Any]) -> list[K]:
    """The keys of the parts that came, changed or went.

    The parts of a state never change: one that is the same object is the same.
    """
    if before is after:
        return []
    was = before.get
    keys = [key for key, now in after.items() if was(key) is not now]
    if len(before) + sum(key not in before for key in keys) > len(after):
        keys += [key for key in before if key not in after]
    return keys


def begun(kind: type[R], key: tuple[Any, ...], entry: Seen, *sources: Any, **columns: Any) -> R:
    """The first row with this key, of what the entry says and of further sources; null where none
    says anything."""
    values: list[Any] = [None] * len(kind._fields)
    for place, name in _places(kind, OF_ENTRY):
        values[place] = getattr(entry, name)
    return _row(kind, values, (entry.event, *sources), columns, key)


def shown(row: R, *sources: Any, **columns: Any) -> R:
    """A row as further sources say it: a column by its name, from the last that has it.

    A source is a part of a state, or an event.
    """
    return _row(type(row), list(row), sources, columns)


def held(part: Callable[..., P], row: Any, **fields: Any) -> P:
    """A part of a state, or a state, as far as a row shows it, and with these fields."""
    names = _names(part)
    return part(**{**{n: v for n, v in row._asdict().items() if n in names}, **fields})


def _turn(page: Page, parts: Parts, before: Subject, after: Subject, entry: Seen) -> None:
    kind, field, by, also, newest = parts
    old, new = getattr(before, field), getattr(after, field)
    if by:
        old, new = by(old), by(new)
    for key in differing(old, new):
        place = (after.id, *key) if isinstance(key, tuple) else (after.id, key)
        row, now = page.row(kind, *place), new.get(key)
        if now is None:
            page.drop(row)
        elif row is None:
            page.put(begun(kind, place, entry, now, **(also(after, entry) if also else {})))
        elif newest:
            page.put(shown(row, now, **{name: getattr(entry, name) for name in newest}))
        else:
            page.put(shown(row, now))


def _row(
    kind: type[R],
    values: list[Any],
    sources: tuple[Any, ...],
    columns: Mapping[str, Any],
    key: tuple[Any, ...] = (),
) -> R:
    for source in sources:
        for place, name in _common(kind, source.__class__):
            values[place] = getattr(source, name)
    if columns:
        for place, name in _places(kind, tuple(columns)):
            values[place] = columns[name]
    if key:
        for value, place in zip(key, _key_places(kind), strict=True):
            values[place] = value
    return kind._make(values)


@cache
def _common(kind: Any, source: Any) -> tuple[tuple[int, str], ...]:
    """The columns that a source has, each by its place in the row."""
    return _places(kind, tuple(_names(source)))


@cache
def _places(kind: RowKind, names: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((place, name) for place, name in enumerate(kind._fields) if name in names)


@cache
def _key_places(kind: RowKind) -> tuple[int, ...]:
    return tuple(kind._fields.index(column.name) for column in table_of(kind).key)


@cache
def _names(source: Callable[..., Any]) -> frozenset[str]:
    return frozenset() if source is int else frozenset(signature(source).parameters)
