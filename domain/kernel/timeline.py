"""Values over periods of world time, with the entries that stated and struck them.

A change holds from its day until the next change. Nothing is removed: what is corrected or annulled
is struck, and holds again when the entry that struck it is itself annulled.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Change(NamedTuple, Generic[T]):
    """The entry `version` states this value from `effective_from` (None: no value)."""

    effective_from: date
    order: int
    value: T | None
    version: int
    struck_by: int | None = None


class DateSpan(NamedTuple):
    """Days on which something holds, without the day `effective_until`."""

    effective_from: date
    effective_until: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is in the span."""
        return self.effective_from <= day and (
            self.effective_until is None or day < self.effective_until
        )

    def shared(self, other: "DateSpan") -> "DateSpan | None":
        """The days that both spans contain, if any."""
        begin = max(self.effective_from, other.effective_from)
        end, until = self.effective_until, other.effective_until
        if end is None or (until is not None and until < end):
            end = until
        return DateSpan(begin, end) if end is None or begin < end else None


class Period(NamedTuple, Generic[T]):
    """A value and the days on which it holds, without the day `effective_until`."""

    effective_from: date
    effective_until: date | None
    value: T | None
    version: int


@dataclass(frozen=True, slots=True)
class Timeline(Generic[T]):
    """All changes of one attribute, ordered by day."""

    changes: tuple[Change[T], ...] = ()

    def change(
        self, effective_from: date, value: T | None, *, version: int, order: int | None = None
    ) -> "Timeline[T]":
        """The timeline with one more change. `order` (default: version) decides within a day."""
        change = Change(effective_from, order or version, value, version)
        if not self.changes or self.changes[-1][:2] <= change[:2]:
            return Timeline((*self.changes, change))
        return Timeline(tuple(sorted((*self.changes, change), key=_place)))

    def strike(self, version: int, *, by: int) -> "Timeline[T]":
        """The timeline without what the entry `version` stated. What that struck holds again."""
        return Timeline(tuple(_struck(change, version, by) for change in self.changes))

    def correct(
        self, version: int, effective_from: date, value: T | None, *, by: int
    ) -> "Timeline[T]":
        """The timeline with this value and day instead of what the entry `version` stated.

        Unchanged if it does not contain that entry: a read model may hold part of a state.
        """
        order = next((c.order for c in self.changes if c.version == version), None)
        if order is None:
            return self
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

    def stated(self) -> Iterator[Change[T]]:
        """All changes that were not struck, in order."""
        return (change for change in self.changes if change.struck_by is None)

    def on(self, day: date) -> T | None:
        """The value that holds on a day; None before the first change."""
        change = self.change_on(day)
        return change.value if change else None

    def on_or_first(self, day: date) -> T | None:
        """The value that holds on a day; before the first change, the first value."""
        if (value := self.on(day)) is not None:
            return value
        return next((each.value for each in self.changes if each.struck_by is None), None)

    def change_on(self, day: date) -> Change[T] | None:
        """The change that determines the value on a day."""
        found = None
        for change in self.changes:
            if change.effective_from > day:
                break
            if change.struck_by is None:
                found = change
        return found

    def after(self, day: date) -> Change[T] | None:
        """The first change that takes effect after a day."""
        return next((c for c in self.changes if c.effective_from > day and not c.struck_by), None)

    def periods(self) -> Iterator[Period[T]]:
        """The periods in which values hold, in order, without empty ones."""
        standing = [change for change in self.changes if change.struck_by is None]
        for index, change in enumerate(standing):
            until = standing[index + 1].effective_from if index + 1 < len(standing) else None
            if until != change.effective_from:
                yield Period(change.effective_from, until, change.value, change.version)

    def spans(self, value: T) -> list[DateSpan]:
        """The days on which this value holds; adjacent periods are joined."""
        spans: list[DateSpan] = []
        begin: date | None = None
        for change in self.changes:
            if change.struck_by is not None:
                continue
            day = change.effective_from
            if begin is None:
                if change.value == value:
                    touches = spans and spans[-1].effective_until == day
                    begin = spans.pop().effective_from if touches else day
            elif change.value != value:
                if begin < day:
                    spans.append(DateSpan(begin, day))
                begin = None
        if begin is not None:
            spans.append(DateSpan(begin, None))
        return spans


EMPTY: Timeline[Any] = Timeline()


def spans_by_value(timeline: Timeline[T], within: Iterable[DateSpan]) -> dict[T, list[DateSpan]]:
    """The values of a timeline, each with the days among these on which it holds."""
    within = list(within)
    found: dict[T, list[DateSpan]] = {}
    for begin, until, value, _ in timeline.periods():
        if value is None:
            continue
        for each in within:
            if shared := DateSpan(begin, until).shared(each):
                spans = found.setdefault(value, [])
                # A value that is stated twice in a row holds without a break.
                if spans and spans[-1].effective_until == shared.effective_from:
                    spans[-1] = DateSpan(spans[-1].effective_from, shared.effective_until)
                else:
                    spans.append(shared)
    return found


def _place(change: Change[T]) -> tuple[date, int]:
    return change.effective_from, change.order


def _struck(change: Change[T], version: int, by: int) -> Change[T]:
    if change.struck_by == version:
        return change._replace(struck_by=None)
    if change.version == version and change.struck_by is None:
        return change._replace(struck_by=by)
    return change
