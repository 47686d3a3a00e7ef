"""The items of a programme: each with a responsible unit, a responsible person and a deadline."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import (
    ActionSlug,
    CommunityId,
    Id,
    PersonId,
    Reason,
    Title,
    UnitId,
    derive_id,
)
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.person.offices import offices_named, require_offices
from domain.programme.drafting import EDIT, editors
from domain.programme.events import (
    FocusSlug,
    ProgrammeItemAdded,
    ProgrammeItemDropped,
    ProgrammeItemRevised,
    ProgrammeItemTasked,
)
from domain.programme.state import Programme, require_unit
from domain.task.assignment import ASSIGN, assigned, task_ids
from domain.task.events import Assignment
from domain.task.state import Task

ITEMS_MAX = 200


class AddProgrammeItem(Command[Programme]):
    """Add an item while the programme is a draft; to a district's, until it is closed."""

    permission: ClassVar[Permission] = EDIT

    item: Id | None = None
    added_on: date
    title: Title
    description: Reason | None = None
    focus: FocusSlug | None = None
    action: ActionSlug | None = None
    unit: UnitId
    person: PersonId
    due_on: date

    def consults(self, state: Programme) -> Iterable[str]:
        """Who is responsible."""
        return offices_named(self)

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who draft it, and once it is adopted those who adopt it."""
        return editors(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        require_unit(state.jurisdiction, context)
        if state.of_city:
            state.require_draft()
        state.require_open()
        context.require_past(self.added_on)
        state.require_drafted_by(self.added_on)
        _require_sound(self, self.added_on, context)
        state.require_title_free(self.title)
        if len(state.items) >= ITEMS_MAX:
            raise Refused("programme.full", items_max=ITEMS_MAX)
        id = self.item or derive_id("item", context.command_id, state.id, state.version)
        if id in state.items:
            raise Refused("programme-item.id-taken", item=id)
        stated = {**vars(self), "item": id}
        return [ProgrammeItemAdded(jurisdiction=state.jurisdiction, year=state.year, **stated)]


class ReviseProgrammeItem(Command[Programme]):
    """Revise an item, with a reason: its content, who is responsible, its deadline."""

    permission: ClassVar[Permission] = EDIT

    item: Id
    revised_on: date
    title: Title
    description: Reason | None = None
    focus: FocusSlug | None = None
    action: ActionSlug | None = None
    unit: UnitId
    person: PersonId
    due_on: date
    reason: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """Who is responsible."""
        return offices_named(self)

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who draft it, and once it is adopted those who adopt it."""
        return editors(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        require_unit(state.jurisdiction, context)
        state.require_open()
        item = state.item(self.item)
        context.require_past(self.revised_on)
        state.require_item_on(item, self.revised_on)
        _require_sound(self, self.revised_on, context)
        state.require_title_free(self.title, but=item.id)
        return [
            ProgrammeItemRevised(jurisdiction=state.jurisdiction, year=state.year, **vars(self))
        ]


class DropProgrammeItem(Command[Programme]):
    """Drop an item with a reason; its open tasks are cancelled with it.

    A city keeps at least as many adopted items as the policy requires. Revise one of the last
    items instead.
    """

    permission: ClassVar[Permission] = EDIT

    item: Id
    dropped_on: date
    reason: Reason

    def consults(self, state: Programme) -> Iterable[str]:
        """The item's tasks."""
        item = state.items.get(self.item)
        return (f"task:{id}" for id in (item.tasks if item else ()))

    def roles(self, state: Programme, context: DecisionContext) -> Iterable[str]:
        """Those who draft it, and once it is adopted those who adopt it."""
        return editors(state, context)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """The dropping, and a cancellation on the stream of each task that is still open."""
        require_unit(state.jurisdiction, context)
        state.require_open()
        item = state.item(self.item)
        context.require_past(self.dropped_on)
        state.require_item_on(item, self.dropped_on)
        state.require_items_to_spare(context)
        waiting = [t for t in (context.state(Task, id) for id in item.tasks) if t.is_open]
        dropped = ProgrammeItemDropped(
            jurisdiction=state.jurisdiction,
            year=state.year,
            title=item.title,
            cancelled=tuple(task.id for task in waiting),
            **vars(self),
        )
        cancelled = (
            StreamEvent(task.stream, task.cancelled(self.dropped_on, context, self.reason))
            for task in waiting
        )
        return [dropped, *cancelled]


class AssignItemTasks(Command[Programme]):
    """Assign tasks for an item of an adopted programme, perhaps in one community."""

    permission: ClassVar[Permission] = ASSIGN

    item: Id
    assigned_on: date
    community: CommunityId | None = None
    tasks: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: Programme) -> Iterable[str]:
        """The jurisdiction and the community, the item's tasks there so far, and who is
        responsible."""
        if state.version:
            yield f"jurisdiction:{state.jurisdiction}"
        if self.community:
            yield f"community:{self.community}"
        if item := state.items.get(self.item):
            yield from (f"task:{id}" for id in item.tasks_in(self.community))
        yield from offices_named(self)

    def decide(self, state: Programme, context: DecisionContext) -> list[Event | StreamEvent]:
        """The event on the programme, and each task assigned on its own stream."""
        state.require_adopted()
        item = state.item(self.item)
        state.require_item_on(item, self.assigned_on)
        tasks = assigned(
            context,
            state,
            self.tasks,
            source="programme-item",
            part=self.item,
            assigned_on=self.assigned_on,
            community=self.community,
            jurisdiction=state.jurisdiction,
            earlier=[context.state(Task, id) for id in item.tasks_in(self.community)],
        )
        tasked = ProgrammeItemTasked(
            jurisdiction=state.jurisdiction,
            year=state.year,
            item=self.item,
            assigned_on=self.assigned_on,
            title=item.title,
            community=self.community,
            tasks=task_ids(tasks),
        )
        return [tasked, *tasks]


def _require_sound(
    stated: AddProgrammeItem | ReviseProgrammeItem, day: date, context: DecisionContext
) -> None:
    """Refused unless the policy has focus and action, the deadline is not before the day, and who
    is responsible is on record."""
    if stated.focus is not None:
        context.policy.focus(stated.focus)
    if stated.action is not None:
        context.policy.action(stated.action)
    if stated.due_on < day:
        raise Refused("programme-item.due-before-its-day", due_on=stated.due_on, day=day)
    require_offices(stated, day, context)
