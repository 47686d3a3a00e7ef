"""The programme board: the items of a city and its districts in each year, with progress.

An item's progress and light come from its tasks, when somebody asks.
"""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Any, Literal, NamedTuple, get_args

from pydantic import Field

from domain.kernel.policy import Policy
from domain.programme.events import ConsultationRecorded, ProgrammeEvent, ProgrammeItemTasked
from domain.programme.state import Item, Programme
from domain.task.lights import Light, light
from domain.task.state import Lapse
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.subjects import Parts, Subjects, begun, differing, held, shown
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)


@row(key=("programme",), scope=lies_in("jurisdiction"))
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


@row(key=("programme", "item", "version"), scope=BelongsTo("programme"))
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
    action: str | None
    unit: str
    person: str
    due_on: date
    reason: str | None
    dropped_on: date | None
    dropped_by: int | None
    dropped_for: str | None
    position: int


@row(key=("programme", "version"), scope=BelongsTo("programme"))
class ProgrammeConsultation(NamedTuple):
    """A consultation on a programme and its result."""

    programme: str
    version: int
    consulted_from: date
    consulted_until: date
    replies: int
    summary: str
    position: int


class Programmes(Subjects):
    """Programmes with their items and consultations."""

    name = "programmes"
    subject = Programme
    kinds = (ProgrammeLine, ProgrammeItem, ProgrammeConsultation)
    parts = (Parts(ProgrammeConsultation, "consultations"),)
    # What an item is tasked with is read from the tasks themselves.
    events = tuple(each for each in get_args(ProgrammeEvent) if each is not ProgrammeItemTasked)
    module_file = __file__

    def state(self, id: str, page: Page) -> Programme:
        """The programme as far as its rows show it."""
        line = page.row(ProgrammeLine, id)
        assert line is not None, "a programme was drafted"
        # Of an item the last row shows how it was stated last.
        items = {
            row.item: held(
                Item, row, id=row.item, stated_on=row.effective_from, stated_by=row.version
            )
            for row in page.of(ProgrammeItem)
        }
        consultations = {
            row.version: held(
                ConsultationRecorded, row, jurisdiction=line.jurisdiction, year=line.year
            )
            for row in page.of(ProgrammeConsultation)
        }
        return held(Programme, line, id=id, items=items, consultations=consultations)

    def show(self, page: Page, before: Programme, after: Programme, entry: Seen) -> None:
        """The programme where it came further, and its items as they are stated."""
        line = page.row(ProgrammeLine, after.id)
        if line is None:
            page.put(begun(ProgrammeLine, (after.id,), entry))
        elif _steps(before) != _steps(after):
            page.put(shown(line, after))
        _items(page, before, after, entry)


_steps = attrgetter("adopted_by", "closed_by")


def _items(page: Page, before: Programme, after: Programme, entry: Seen) -> None:
    """A row for each time that an item is stated; the last of them says if it was dropped."""
    for id in differing(before.items, after.items):
        was, item = before.items.get(id), after.items[id]
        since: dict[str, Any] = {"effective_from": item.stated_on, "effective_until": None}
        if was is None:
            since |= {"added_at": entry.position}
            page.put(begun(ProgrammeItem, (after.id, id, entry.version), entry, **since))
            continue
        row = page.row(ProgrammeItem, after.id, id, was.stated_by)
        assert row is not None, "each time that an item is stated has a row"
        if item.stated_by == was.stated_by:
            page.put(shown(row, item))
        else:
            since |= {"version": entry.version, "position": entry.position}
            page.put(row._replace(effective_until=item.stated_on), shown(row, entry.event, **since))


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
    action: str | None
    unit: str
    unit_name: str | None
    person: str
    person_name: str | None
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
    """An item is done once it has tasks and all of them are closed out or cancelled."""
    done = row["tasks_open"] == 0 and row["tasks_closed"] > 0
    shown = light(
        status="cancelled" if row["dropped_on"] else "closed" if done else "accepted",
        assigned_on=row["added_on"],
        due_on=row["due_on"],
        percent=row["percent"],
        lapses=[Lapse(*each) for each in row["lapses"]],
        today=effective,
        policy=policy,
    )
    return ProgrammeItemView.of({**row, "done": done, "light": shown})
