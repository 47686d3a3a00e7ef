"""Shared by the read models of whatever has attributes over time: rows for the domain's timelines.

The page of a subject holds its attributes' changes, struck ones included, because an annulment can
bring back what it had struck. The fold itself is the domain's: there is one meaning of an event.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple, TypeVar

from pydantic_core import to_json

from domain.jurisdiction.administrative_unit import AdministrativeUnit
from domain.kernel.timeline import Change, Timeline
from projections.engine.projection import Page, Projection, RowClass
from record.store.entry import AnyEntry

B = TypeVar("B", bound=AdministrativeUnit)


class AttributeChange(NamedTuple):
    """From a day an attribute has a value, by the entry at a position; struck when it was void.

    The columns of the tables that hold such rows. `value` is JSON, null where the value ends.
    """

    subject: str
    attribute: str
    effective_from: date
    ordinal: int
    value: str | None
    version: int
    struck_by: int | None
    position: int


class AttributeSpan(NamedTuple):
    """Days on which no attribute changes, with all their values by attribute."""

    effective_from: date
    effective_until: date | None
    values: dict[str, Any]


def state_of(fresh: B, rows: tuple[AttributeChange, ...]) -> B:
    """The subject's state as far as these rows hold it: its timelines."""
    timelines: dict[str, list[Change[Any]]] = {}
    for row in rows:
        value = None if row.value is None else _thawed(json.loads(row.value))
        timelines.setdefault(row.attribute, []).append(
            Change(row.effective_from, row.ordinal, value, row.version, row.struck_by)
        )
    fields = {
        name: Timeline(tuple(sorted(changes, key=lambda c: (c.effective_from, c.order))))
        for name, changes in timelines.items()
    }
    return _with(fresh, fields)


class Kept(NamedTuple):
    """What a fold keeps of a page between entries: the domain's state, and the rows it stands for.

    `rows` are by timeline; an unchanged change keeps its row, so that only what differs is written.
    """

    state: Any
    rows: Mapping[str, tuple[AttributeChange, ...]]

    @classmethod
    def of(cls, fresh: AdministrativeUnit, rows: tuple[AttributeChange, ...]) -> "Kept":
        """What rows loaded from the table stand for."""
        found: dict[str, tuple[AttributeChange, ...]] = {}
        for row in rows:
            found[row.attribute] = (*found.get(row.attribute, ()), row)
        return cls(state_of(fresh, rows), found)

    def evolve(self, entry: AnyEntry, kind: RowClass, timelines: Iterable[str]) -> "Kept":
        """After one more entry, by the domain's own fold; itself when no timeline changed."""
        before = _with(self.state, {"version": entry.version})
        state = before.evolve(entry.event)
        changed = {
            name: _rows(kind, name, state, self.rows.get(name, ()), entry.position)
            for name in timelines
            if getattr(state, name) is not getattr(before, name)
        }
        return Kept(state, {**self.rows, **changed})


def _rows(
    kind: RowClass,
    name: str,
    state: AdministrativeUnit,
    before: tuple[AttributeChange, ...],
    position: int,
) -> tuple[AttributeChange, ...]:
    """One timeline's rows; what was there keeps its row and its position."""
    kept = {row.version: row for row in before}
    rows = []
    for change in getattr(state, name).changes:
        row = kept.get(change.version)
        if row is None:
            value = None if change.value is None else _frozen(change.value)
            row = kind(
                state.id,
                name,
                change.effective_from,
                change.order,
                value,
                change.version,
                change.struck_by,
                position,
            )
        elif row.struck_by != change.struck_by:
            row = row._replace(struck_by=change.struck_by)
        rows.append(row)
    return tuple(rows)


class Periods(Projection):
    """A read model of whatever has attributes over time: their changes, and lines of stretches.

    `attributes` maps a column of the lines to the timeline of the domain's state; `stated` names
    the timelines whose changes are held, from which the others are derived.
    """

    subject: ClassVar[type[AdministrativeUnit]]
    line: ClassVar[RowClass]
    change: ClassVar[RowClass]
    attributes: ClassVar[Mapping[str, str]]
    stated: ClassVar[tuple[str, ...]]

    def shown(self, column: str, value: Any) -> Any:
        """A value as its column holds it."""
        return value

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The subject's lines and changes after this entry, by the domain's own fold."""
        before: Kept = page.memo or Kept.of(self.subject(id=key), page.of(self.change))
        after = before.evolve(entry, self.change, self.stated)
        changed = [
            column
            for column, name in self.attributes.items()
            if getattr(after.state, name) is not getattr(before.state, name)
        ]
        if not changed:
            return page.remembering(after)
        rows = (row for name in self.stated for row in after.rows.get(name, ()))
        lines = self._lines(page.of(self.line), before, after, changed)
        return page.having(self.change, rows).having(self.line, lines, memo=after)

    def _lines(
        self, lines: tuple[Any, ...], before: Kept, after: Kept, changed: list[str]
    ) -> Iterable[Any]:
        """The lines of all stretches; a change behind them all ends the last and adds one."""
        name = self.attributes[changed[0]]
        old, new = getattr(before.state, name).changes, getattr(after.state, name).changes
        last = lines[-1] if lines else None
        if (
            last is not None
            and len(changed) == 1
            and new[:-1] == old
            and new[-1].effective_from > last.effective_from
        ):
            value = self.shown(changed[0], new[-1].value)
            if getattr(last, changed[0]) == value:
                return lines
            day = new[-1].effective_from
            grown = last._replace(effective_from=day, **{changed[0]: value})
            return (*lines[:-1], last._replace(effective_until=day), grown)
        return tuple(
            self.line(
                after.state.id,
                span.effective_from,
                span.effective_until,
                **{column: self.shown(column, value) for column, value in span.values.items()},
            )
            for span in spans_of(after.state, self.attributes)
        )


def spans_of(state: AdministrativeUnit, attributes: Mapping[str, str]) -> Iterator[AttributeSpan]:
    """The stretches of days from the first standing on, each with the values that hold then.

    `attributes` maps a column to the state's timeline. Neighbours that do not differ are one.
    """
    stated = {column: tuple(getattr(state, name).stated()) for column, name in attributes.items()}
    first = next((change.effective_from for change in state.standing.stated()), None)
    if first is None:
        return
    changes = (change for each in stated.values() for change in each)
    days = sorted({first, *(c.effective_from for c in changes if c.effective_from > first)})
    spans: list[AttributeSpan] = []
    for day in days:
        values = {column: _last(each, day) for column, each in stated.items()}
        if spans and spans[-1].values == values:
            continue
        if spans:
            spans[-1] = spans[-1]._replace(effective_until=day)
        spans.append(AttributeSpan(day, None, values))
    yield from spans


def _last(changes: tuple[Change[Any], ...], day: date) -> Any:
    found = None
    for change in changes:
        if change.effective_from > day:
            break
        found = change.value
    return found


def _with(state: B, fields: Mapping[str, Any]) -> B:
    copy: B = object.__new__(type(state))
    copy.__dict__.update(state.__dict__)
    copy.__dict__.update(fields)
    return copy


def _frozen(value: Any) -> str:
    return to_json(value).decode()


def _thawed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
