"""Values that hold over periods of world time, with the entries that stated and struck them.

A change holds from its day until the next change. Nothing is dropped: what is corrected or annulled
is struck, and comes back when the entry that struck it is itself annulled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Change(NamedTuple, Generic[T]):
    """From `effective_from` the value is this, by the entry `version` (None: it has none)."""

    effective_from: date
    order: int
    value: T | None
    version: int
    struck_by: int | None = None


class Period(NamedTuple, Generic[T]):
    """A value and the days on which it holds; `effective_until` is the first day it no longer does."""

    effective_from: date
    effective_until: date | None
    value: T | None
    version: int


@dataclass(frozen=True, slots=True)
class Timeline(Generic[T]):
    """All changes of one attribute, in the order of their days."""

    changes: tuple[Change[T], ...] = ()

    def change(
        self, effective_from: date, value: T | None, *, version: int, order: int | None = None
    ) -> "Timeline[T]":
        """With one more change. On the same day the later `order` (by default, version) holds."""
        change = Change(effective_from, version if order is None else order, value, version)
        return Timeline(tuple(sorted((*self.changes, change), key=_place)))

    def strike(self, version: int, *, by: int) -> "Timeline[T]":
        """Without what the entry `version` stated, and with again what that entry had struck."""
        return Timeline(tuple(_struck(change, version, by) for change in self.changes))

    def correct(self, version: int, effective_from: date, value: T, *, by: int) -> "Timeline[T]":
        """With this in the place of what the entry `version` stated."""
        order = next(change.order for change in self.changes if change.version == version)
        struck = Timeline(
            tuple(
                change._replace(struck_by=by)
                if change.version == version and change.struck_by is None
                else change
                for change in self.changes
            )
        )
        return struck.change(effective_from, value, version=by, order=order)

    def standing(self, version: int) -> Change[T] | None:
        """The change that the entry `version` stated, unless it was struck."""
        return next((c for c in self.changes if c.version == version and c.struck_by is None), None)

    def on(self, day: date) -> T | None:
        """The value that holds on a day; None before the first change."""
        change = self.change_on(day)
        return change.value if change else None

    def change_on(self, day: date) -> Change[T] | None:
        """The change that decides the value on a day."""
        found = None
        for change in self.changes:
            if change.effective_from > day:
                break
            if change.struck_by is None:
                found = change
        return found

    def periods(self) -> Iterator[Period[T]]:
        """The periods in which values hold, in order; those that last no day are left out."""
        standing = [change for change in self.changes if change.struck_by is None]
        for index, change in enumerate(standing):
            until = standing[index + 1].effective_from if index + 1 < len(standing) else None
            if until != change.effective_from:
                yield Period(change.effective_from, until, change.value, change.version)


def _place(change: Change[T]) -> tuple[date, int]:
    return change.effective_from, change.order


def _struck(change: Change[T], version: int, by: int) -> Change[T]:
    if change.struck_by == version:
        return change._replace(struck_by=None)
    if change.version == version and change.struck_by is None:
        return change._replace(struck_by=by)
    return change
