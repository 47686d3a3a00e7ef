"""Shared by the read models of subjects (councils, programmes, reviews …): rows that show parts of
the domain's state.

The fold is the domain's own: there is one meaning of an event. It runs once for each entry, and
only what it changed makes rows.
"""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any, ClassVar, NamedTuple, TypeVar

from domain.kernel.subject import Subject, changed
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import RowKind, table_of
from projections.engine.seen import Seen

NAMELESS = (int, NoneType)  # parts that say nothing but their keys

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


def begun(kind: type[R], key: tuple[Any, ...], entry: Seen, part: Any = None, **columns: Any) -> R:
    """The first row with this key, of what the entry says, a part and these columns, each by its
    name; null where none says anything."""
    of_event, of_part, pick = _beginning(
        kind, entry.event.__class__, part.__class__, tuple(columns)
    )
    said = (*of_event(entry.event), entry.version, entry.position)
    return kind._make(pick((*said, *of_part(part), *columns.values(), *key, None)))


def shown(row: R, source: Any, **columns: Any) -> R:
    """A row as a part of a state or an event says it, and these columns, each by its name."""
    of_source, pick = _changing(row.__class__, source.__class__, tuple(columns))
    return row._make(pick((*row, *of_source(source), *columns.values())))


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


@cache
def _beginning(kind: Any, event: Any, part: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    of_event, of_part = (tuple(n for n in kind._fields if n in _names(s)) for s in (event, part))
    key = (column.name for column in table_of(kind).key)
    pick = _picking(kind, (*of_event, "version", "position", *of_part, *columns, *key))
    return _getting(of_event), _getting(of_part), pick


@cache
def _changing(kind: Any, source: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    common = tuple(name for name in kind._fields if name in _names(source))
    return _getting(common), _picking(kind, (*kind._fields, *common, *columns))


def _getting(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda source: tuple(getattr(source, name) for name in names)


def _picking(kind: RowKind, names: tuple[str, ...]) -> Callable[[tuple[Any, ...]], Any]:
    """From values of these names and a null, those of the row: by the last of a column's name."""
    places = {name: place for place, name in enumerate(names)}
    return itemgetter(*(places.get(name, len(names)) for name in kind._fields))


@cache
def _names(source: Callable[..., Any]) -> frozenset[str]:
    return frozenset() if source in NAMELESS else frozenset(signature(source).parameters)
