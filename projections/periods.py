"""Shared by the read models of whatever has attributes over time: rows for the domain's timelines.

The page of a subject holds its attributes' changes, struck ones included, because an annulment can
bring back what it had struck. The fold itself is the domain's: there is one meaning of an event.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from domain.bearer import Bearer
from domain.timeline import Change, Timeline
from record.entry import AnyEntry

B = TypeVar("B", bound=Bearer)


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


class Span(NamedTuple):
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


def evolved(state: B, entry: AnyEntry) -> B:
    """The state after one more entry, by the domain's own fold."""
    return _with(state, {"version": entry.version}).evolve(entry.event)


def rows_of(
    state: Bearer,
    attributes: Mapping[str, str],
    before: tuple[AttributeChange, ...],
    entry: AnyEntry,
) -> tuple[AttributeChange, ...]:
    """The rows of a state's timelines; an entry's own changes stand at its position."""
    positions = {row.version: row.position for row in before} | {entry.version: entry.position}
    return tuple(
        AttributeChange(
            state.id,
            name,
            change.effective_from,
            change.order,
            None if change.value is None else _frozen(change.value),
            change.version,
            change.struck_by,
            positions[change.version],
        )
        for name in attributes.values()
        for change in getattr(state, name).changes
    )


def spans_of(state: Bearer, attributes: Mapping[str, str]) -> Iterator[Span]:
    """The stretches of days from the first standing on, each with the values that hold then.

    `attributes` maps a column to the state's timeline. Neighbours that do not differ are one.
    """
    stated = {column: tuple(getattr(state, name).stated()) for column, name in attributes.items()}
    first = next((change.effective_from for change in state.standing.stated()), None)
    if first is None:
        return
    changes = (change for each in stated.values() for change in each)
    days = sorted({first, *(c.effective_from for c in changes if c.effective_from > first)})
    spans: list[Span] = []
    for day in days:
        values = {column: _last(changes, day) for column, changes in stated.items()}
        if spans and spans[-1].values == values:
            continue
        if spans:
            spans[-1] = spans[-1]._replace(effective_until=day)
        spans.append(Span(day, None, values))
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
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def _thawed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
