"""The programme board: what a city and its districts take on each year, and how far each item is.

An item's progress and light come from its tasks, when somebody asks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from domain.kernel.event import Event
from domain.policy import Policy
from domain.programme.events import (
    ConsultationRecorded,
    ProgrammeAdopted,
    ProgrammeClosed,
    ProgrammeDrafted,
    ProgrammeEntryAnnulled,
    ProgrammeEvent,
    ProgrammeItemAdded,
    ProgrammeItemDropped,
    ProgrammeItemRevised,
    ProgrammeItemTasked,
)
from domain.task.lights import Light, light
from domain.task.state import Lapse
from projections.engine.projection import Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry

SQL = statements(__file__)


class ProgrammeLine(NamedTuple):
    """A programme and how far it has come; the versions say by which entries."""

    programme: str
    jurisdiction: str
    year: int
    title: str
    of_city: bool
    drafted_on: date
    adopted_on: date | None
    adopted_by: int | None
    closed_on: date | None
    closed_by: int | None
    summary: str | None
    position: int


class ProgrammeItem(NamedTuple):
    """An item as it was stated from a day on; dropped where that happened to it."""

    programme: str
    item: str
    version: int
    effective_from: date
    effective_until: date | None
    added_on: date
    added_at: int  # position
    title: str
    description: str | None
    focus: str | None
    unit: str
    person: str
    due_on: date
    reason: str | None
    dropped_on: date | None
    dropped_by: int | None
    dropped_for: str | None
    position: int


class ProgrammeConsultation(NamedTuple):
    """A consultation on a programme, and what came of it."""

    programme: str
    version: int
    consulted_from: date
    consulted_until: date
    replies: int
    summary: str
    position: int


class Programmes(Projection):
    """Programmes with their items and consultations."""

    name = "programmes"
    kinds = (ProgrammeLine, ProgrammeItem, ProgrammeConsultation)
    # What an item is tasked with is read from the tasks themselves.
    events = cast(
        tuple[type[Event], ...],
        tuple(event for event in get_args(ProgrammeEvent) if event is not ProgrammeItemTasked),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The programme's rows after this entry."""
        event, at, position = entry.event, entry.version, entry.position
        match event:
            case ProgrammeDrafted():
                stated = (event.jurisdiction, event.year, event.title, event.of_city)
                line = ProgrammeLine(
                    key, *stated, event.drafted_on, None, None, None, None, None, position
                )
                return page.having(ProgrammeLine, (line,))
            case ConsultationRecorded():
                consulted = ProgrammeConsultation(
                    key,
                    at,
                    event.consulted_from,
                    event.consulted_until,
                    event.replies,
                    event.summary,
                    position,
                )
                consultations = page.of(ProgrammeConsultation)
                return page.having(ProgrammeConsultation, (*consultations, consulted))
            case ProgrammeAdopted(adopted_on=day):
                return _line_with(page, adopted_on=day, adopted_by=at)
            case ProgrammeClosed(closed_on=day, summary=summary):
                return _line_with(page, closed_on=day, closed_by=at, summary=summary)
            case ProgrammeEntryAnnulled(annuls=version):
                return _without(page, version)
            case ProgrammeItemAdded():
                row = _item(key, event, event.added_on, (event.added_on, position), None, entry)
                return page.having(ProgrammeItem, (*page.of(ProgrammeItem), row))
            case ProgrammeItemRevised() | ProgrammeItemDropped():
                return page.having(ProgrammeItem, _changed(key, page, event, entry))
            case _:
                raise AssertionError(f"{type(event).__name__} is of no programme")


def _line_with(page: Page, **fields: Any) -> Page:
    (line,) = page.of(ProgrammeLine)
    return page.having(ProgrammeLine, (line._replace(**fields),))


def _item(
    key: str,
    event: ProgrammeItemAdded | ProgrammeItemRevised,
    day: date,
    added: tuple[date, int],
    reason: str | None,
    entry: AnyEntry,
) -> ProgrammeItem:
    added_on, added_at = added
    return ProgrammeItem(
        programme=key,
        item=event.item,
        version=entry.version,
        effective_from=day,
        effective_until=None,
        added_on=added_on,
        added_at=added_at,
        title=event.title,
        description=event.description,
        focus=event.focus,
        unit=event.unit,
        person=event.person,
        due_on=event.due_on,
        reason=reason,
        dropped_on=None,
        dropped_by=None,
        dropped_for=None,
        position=entry.position,
    )


def _changed(
    key: str, page: Page, event: ProgrammeItemRevised | ProgrammeItemDropped, entry: AnyEntry
) -> list[ProgrammeItem]:
    rows = list(page.of(ProgrammeItem))
    place = max(
        (n for n, row in enumerate(rows) if row.item == event.item),
        key=lambda n: rows[n].version,
    )
    last = rows[place]
    if isinstance(event, ProgrammeItemDropped):
        rows[place] = last._replace(
            dropped_on=event.dropped_on, dropped_by=entry.version, dropped_for=event.reason
        )
        return rows
    rows[place] = last._replace(effective_until=event.revised_on)
    rows.append(
        _item(key, event, event.revised_on, (last.added_on, last.added_at), event.reason, entry)
    )
    return rows


def _without(page: Page, version: int) -> Page:
    (line,) = page.of(ProgrammeLine)
    if version == line.closed_by:
        return _line_with(page, closed_on=None, closed_by=None, summary=None)
    if version == line.adopted_by:
        return _line_with(page, adopted_on=None, adopted_by=None)
    consultations = (c for c in page.of(ProgrammeConsultation) if c.version != version)
    items = (
        row._replace(dropped_on=None, dropped_by=None, dropped_for=None)
        if row.dropped_by == version
        else row
        for row in page.of(ProgrammeItem)
    )
    return page.having(ProgrammeConsultation, consultations).having(ProgrammeItem, items)


class ProgrammeView(NamedTuple):
    """A programme on the asked day; `items` stand on it, `done` of them have all tasks closed."""

    programme: str
    jurisdiction: str
    jurisdiction_name: str | None
    year: int
    title: str
    of_city: bool
    standing: str
    drafted_on: date
    adopted_on: date | None
    closed_on: date | None
    summary: str | None
    items: int
    done: int
    position: int


def programmes(
    view: View,
    *,
    effective: date,
    jurisdiction: str | None = None,
    year: int | None = None,
    programme: str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 200,
) -> list[ProgrammeView]:
    """Programmes by (year, id)."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        jurisdiction=jurisdiction,
        year=year,
        programme=programme,
        after_year=after and int(after[0]),
        after_id=after and after[1],
        limit=limit,
    )
    return [ProgrammeView(**row) for row in rows]


class ProgrammeItemView(NamedTuple):
    """An item on the asked day, with its tasks in figures and its light."""

    programme: str
    item: str
    version: int
    added_on: date
    title: str
    description: str | None
    focus: str | None
    unit: str
    person: str
    due_on: date
    reason: str | None
    dropped_on: date | None
    dropped_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int
    done: bool
    position: int
    light: Light


def items(
    view: View, policy: Policy, programme: str, *, effective: date
) -> list[ProgrammeItemView]:
    """The items of a programme as they were stated on a day, in the order of their addition."""
    rows = view.rows(SQL["items"], programme=programme, effective=effective)
    return [_item_on(row, policy, effective) for row in rows]


def consultations(view: View, programme: str, *, effective: date) -> list[ProgrammeConsultation]:
    """The consultations on a programme that ended by a day."""
    rows = view.rows(SQL["consultations"], programme=programme, effective=effective)
    return [ProgrammeConsultation(**row) for row in rows]


def _item_on(row: Mapping[str, Any], policy: Policy, effective: date) -> ProgrammeItemView:
    """An item is done once it has tasks and all of them are closed out; late then if the last one
    was closed behind the item's deadline."""
    done = row["tasks_open"] == 0 and row["tasks_closed"] > 0
    late = done and row["closed_on"] > row["due_on"]
    shown = light(
        status="cancelled" if row["dropped_on"] else "closed" if done else "accepted",
        assigned_on=row["added_on"],
        due_on=row["due_on"],
        percent=row["percent"],
        lapses=(Lapse(row["due_on"], row["closed_on"]),) if late else (),
        today=effective,
        policy=policy,
    )
    fields = {name: row[name] for name in ProgrammeItemView._fields if name in row}
    return ProgrammeItemView(**fields, done=done, light=shown)
