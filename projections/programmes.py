"""The programme board: the items of a city and its districts in each year, with progress.

An item's progress and light come from its tasks, when somebody asks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, assert_never, cast, get_args

from pydantic import Field

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
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("programme",))
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


@row(key=("programme", "item", "version"))
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


@row(key=("programme", "version"))
class ProgrammeConsultation(NamedTuple):
    """A consultation on a programme and its result."""

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
    events = cast(tuple[type[Event], ...], get_args(ProgrammeEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the programme's rows as they are after this entry."""
        event, at, position = cast(ProgrammeEvent, entry.event), entry.version, entry.position
        match event:
            case ProgrammeDrafted():
                page.put(_drafted(key, event, position))
            case ConsultationRecorded():
                page.put(
                    ProgrammeConsultation(
                        programme=key,
                        version=at,
                        consulted_from=event.consulted_from,
                        consulted_until=event.consulted_until,
                        replies=event.replies,
                        summary=event.summary,
                        position=position,
                    )
                )
            case ProgrammeAdopted(adopted_on=day):
                page.put(_line(key, page)._replace(adopted_on=day, adopted_by=at))
            case ProgrammeClosed(closed_on=day, summary=summary):
                line = _line(key, page)
                page.put(line._replace(closed_on=day, closed_by=at, summary=summary))
            case ProgrammeEntryAnnulled(annuls=version):
                _without(key, page, version)
            case ProgrammeItemAdded():
                page.put(_item(key, event, event.added_on, (event.added_on, position), None, entry))
            case ProgrammeItemRevised() | ProgrammeItemDropped():
                _change(key, page, event, entry)
            case ProgrammeItemTasked():
                pass  # what an item is tasked with is read from the tasks themselves
            case _:
                assert_never(event)


def _drafted(key: str, event: ProgrammeDrafted, position: int) -> ProgrammeLine:
    return ProgrammeLine(
        programme=key,
        jurisdiction=event.jurisdiction,
        year=event.year,
        title=event.title,
        of_city=event.of_city,
        drafted_on=event.drafted_on,
        adopted_on=None,
        adopted_by=None,
        closed_on=None,
        closed_by=None,
        summary=None,
        position=position,
    )


def _line(key: str, page: Page) -> ProgrammeLine:
    line = page.row(ProgrammeLine, key)
    assert line is not None, "a programme was drafted"
    return line


def _item(
    key: str,
    event: ProgrammeItemAdded | ProgrammeItemRevised,
    day: date,
    added: tuple[date, int],
    reason: str | None,
    entry: Seen,
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


def _change(
    key: str, page: Page, event: ProgrammeItemRevised | ProgrammeItemDropped, entry: Seen
) -> None:
    stated = (row for row in page.of(ProgrammeItem) if row.item == event.item)
    last = max(stated, key=lambda row: row.version)
    if isinstance(event, ProgrammeItemDropped):
        page.put(
            last._replace(
                dropped_on=event.dropped_on, dropped_by=entry.version, dropped_for=event.reason
            )
        )
        return
    day, added = event.revised_on, (last.added_on, last.added_at)
    page.put(
        last._replace(effective_until=day),
        _item(key, event, day, added, event.reason, entry),
    )


def _without(key: str, page: Page, version: int) -> None:
    line = _line(key, page)
    if version == line.closed_by:
        page.put(line._replace(closed_on=None, closed_by=None, summary=None))
    elif version == line.adopted_by:
        page.put(line._replace(adopted_on=None, adopted_by=None))
    elif consultation := page.row(ProgrammeConsultation, key, version):
        page.drop(consultation)
    else:
        dropped = tuple(row for row in page.of(ProgrammeItem) if row.dropped_by == version)
        page.put(
            *(row._replace(dropped_on=None, dropped_by=None, dropped_for=None) for row in dropped)
        )


class ProgrammeView(Shape):
    """A programme on the asked day."""

    programme: str
    jurisdiction: str
    jurisdiction_name: str | None
    year: int
    title: str
    of_city: bool
    status: Literal["draft", "adopted", "closed"]
    drafted_on: date
    adopted_on: date | None
    closed_on: date | None
    summary: str | None
    items: int = Field(description="Items that were not dropped.")
    done: int = Field(description="Items whose tasks are all closed out.")
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
    return [ProgrammeView.of(row) for row in rows]


class ProgrammeItemView(Shape):
    """An item as it was stated on the asked day, with its tasks in figures and its light."""

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
    reason: str | None = Field(description="Why it was revised.")
    dropped_on: date | None
    dropped_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int = Field(description="The average of its tasks.")
    done: bool
    position: int
    light: Light


def items(
    view: View, policy: Policy, programme: str, *, effective: date
) -> list[ProgrammeItemView]:
    """The items of a programme as they were stated on a day, in the order of their addition."""
    rows = view.rows(SQL["items"], programme=programme, effective=effective)
    return [_item_on(row, policy, effective) for row in rows]


class ConsultationView(Shape):
    """A public consultation, and what came of it."""

    programme: str
    version: int
    consulted_from: date
    consulted_until: date
    replies: int
    summary: str
    position: int


def consultations(view: View, programme: str, *, effective: date) -> list[ConsultationView]:
    """The consultations on a programme that ended by a day."""
    rows = view.rows(SQL["consultations"], programme=programme, effective=effective)
    return [ConsultationView.of(row) for row in rows]


def _item_on(row: Mapping[str, Any], policy: Policy, effective: date) -> ProgrammeItemView:
    """An item is done once it has tasks and all of them are closed out; late then if the last one
    was closed after the item's deadline."""
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
    return ProgrammeItemView.of({**row, "done": done, "light": shown})
