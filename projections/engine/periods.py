"""Shared by the read models of whatever has attributes over time: rows for the domain's timelines.

The page of a subject holds its attributes' changes, struck ones included, because an annulment can
bring back what it had struck. The fold itself is the domain's: there is one meaning of an event.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any, ClassVar, NamedTuple, TypeVar

from pydantic_core import to_json

from domain.kernel.lifetime import SubjectWithLifetime
from domain.kernel.timeline import Change, Timeline
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import RowKind
from projections.engine.seen import Seen

B = TypeVar("B", bound=SubjectWithLifetime)

# The order of a timeline's changes: what corrects another has its day and order, and a later entry.
PLACE = ("effective_from", "order", "version")


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


def state_of(fresh: B, rows: Iterable[AttributeChange]) -> B:
    """The subject's state as far as these rows hold it: its timelines."""
    timelines: dict[str, list[Change[Any]]] = {}
    for row in rows:
        value = None if row.value is None else _thawed(json.loads(row.value))
        timelines.setdefault(row.attribute, []).append(
            Change(row.effective_from, row.ordinal, value, row.version, row.struck_by)
        )
    fields = {
        name: Timeline(tuple(sorted(changes, key=attrgetter(*PLACE))))
        for name, changes in timelines.items()
    }
    return _with(fresh, fields)


def changes(
    page: Page,
    kind: RowKind,
    before: SubjectWithLifetime,
    after: SubjectWithLifetime,
    timelines: Iterable[str],
    position: int,
) -> None:
    """Put what an entry changed in these timelines; what was there keeps its row."""
    for name in timelines:
        old, new = getattr(before, name).changes, getattr(after, name).changes
        if old is new:
            continue
        known = set(map(id, old))
        for change in new:
            if id(change) in known:
                continue
            row: AttributeChange | None = page.row(kind, after.id, name, change.version)
            if row is None:
                row = kind(
                    subject=after.id,
                    attribute=name,
                    effective_from=change.effective_from,
                    ordinal=change.order,
                    value=None if change.value is None else _frozen(change.value),
                    version=change.version,
                    struck_by=change.struck_by,
                    position=position,
                )
            page.put(row._replace(struck_by=change.struck_by))


def folded(page: Page, fresh: B, kind: RowKind, entry: Seen) -> tuple[B, B]:
    """The subject's state before and after an entry, by the domain's own fold."""
    before: B = page.memo or state_of(fresh, page.of(kind))
    page.memo = after = _with(before, {"version": entry.version}).evolve(entry.event)
    return before, after


class Periods(Projection):
    """A read model of whatever has attributes over time: their changes, and lines of stretches.

    `attributes` maps a column of the lines to the timeline of the domain's state; `stated` names
    the timelines whose changes are held, from which the others are derived.
    """

    subject: ClassVar[type[SubjectWithLifetime]]
    line: ClassVar[RowKind]
    change: ClassVar[RowKind]
    attributes: ClassVar[Mapping[str, str]]
    stated: ClassVar[tuple[str, ...]]

    def shown(self, column: str, value: Any) -> Any:
        """A value as its column holds it."""
        return value

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the subject's lines and changes as they are after this entry."""
        before, after = folded(page, self.subject(id=key), self.change, entry)
        changed = [
            column
            for column, name in self.attributes.items()
            if getattr(after, name) is not getattr(before, name)
        ]
        if changed:
            changes(page, self.change, before, after, self.stated, entry.position)
            self._lines(page, before, after, changed)

    def _lines(
        self,
        page: Page,
        before: SubjectWithLifetime,
        after: SubjectWithLifetime,
        changed: list[str],
    ) -> None:
        """The lines of all stretches; a change behind them all ends the last and adds one."""
        name = self.attributes[changed[0]]
        old, new = getattr(before, name).changes, getattr(after, name).changes
        lines = tuple(page.of(self.line))
        last = max(lines, key=attrgetter("effective_from"), default=None)
        if (
            last is not None
            and len(changed) == 1
            and new[:-1] == old
            and new[-1].effective_from > last.effective_from
        ):
            value = self.shown(changed[0], new[-1].value)
            if getattr(last, changed[0]) != value:
                day = new[-1].effective_from
                page.put(
                    last._replace(effective_until=day),
                    last._replace(effective_from=day, **{changed[0]: value}),
                )
            return
        page.turn(
            lines,
            tuple(
                self.line(
                    after.id,
                    span.effective_from,
                    span.effective_until,
                    **{column: self.shown(column, value) for column, value in span.values.items()},
                )
                for span in spans_of(after, self.attributes)
            ),
        )


def spans_of(state: SubjectWithLifetime, attributes: Mapping[str, str]) -> Iterator[AttributeSpan]:
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


def names_on(
    lines: Iterable[tuple[str, date, str]], asked: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], str]:
    """What each of these was called on each day, by lines of (id, since, name) in their order; on a
    day before its first as on that. One that has no line is left out."""
    by_id: dict[str, list[tuple[str, date, str]]] = {}
    for line in lines:
        by_id.setdefault(line[0], []).append(line)
    found = {}
    for id, day in asked:
        if named := by_id.get(id):
            at = bisect_right(named, day, key=itemgetter(1))
            found[id, day] = named[max(at - 1, 0)][2]
    return found


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
