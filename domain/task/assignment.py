"""Assign a task, extend its deadline, reassign or cancel it.

A task comes from a resolution, a programme's item, a measure or a support plan, or is direct.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.community.state import Community
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import (
    ActionSlug,
    CommunityId,
    JurisdictionId,
    PersonId,
    Reason,
    Title,
    UnitId,
    derive_id,
)
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.person.offices import offices_named, require_offices
from domain.task.events import (
    Assignment,
    Source,
    TaskAssigned,
    TaskCancelled,
    TaskDeadlineExtended,
    TaskReassigned,
)
from domain.task.state import OPEN, TICKING, Task

SOURCES: Mapping[Source, Bilingual] = MappingProxyType(
    {
        "resolution": Bilingual(zh="会议决议", en="a resolution"),
        "programme-item": Bilingual(zh="攻坚事项", en="a programme's item"),
        "measure": Bilingual(zh="重点方向", en="a measure"),
        "support-plan": Bilingual(zh="帮扶计划", en="a support plan"),
        "own": Bilingual(zh="直接交办", en="direct assignment"),
    }
)


ASSIGN = Permission(
    "work.may_assign_tasks",
    doing=Bilingual(
        zh="交办、延期、改派或取消任务", en="assign, extend, reassign or cancel a task"
    ),
)


class AssignTask(Command[Task]):
    """Assign a task directly, not from another subject, in a jurisdiction or in a community."""

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = ASSIGN

    title: Title
    description: Reason | None = None
    action: ActionSlug | None = None
    jurisdiction: JurisdictionId | None = None
    community: CommunityId | None = None
    unit: UnitId
    person: PersonId
    assigned_on: date
    due_on: date

    def consults(self, state: Task) -> Iterable[str]:
        """The jurisdiction or community of the task, and who is responsible."""
        if self.jurisdiction:
            yield f"jurisdiction:{self.jurisdiction}"
        if self.community:
            yield f"community:{self.community}"
        yield from offices_named(self)

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        if bool(self.jurisdiction) == bool(self.community):
            raise Refused("task.not-in-one-place")
        require_existing_place(context, self.assigned_on, self.community, self.jurisdiction)
        require_assignable(context, self.assigned_on, self.due_on)
        if self.action:
            context.policy.action(self.action)
        if self.action:
            context.policy.action(self.action)
        require_offices(self, self.assigned_on, context)
        return [TaskAssigned(**vars(self), source="own")]


class ExtendTaskDeadline(Command[Task]):
    """Extend the deadline of a task. If it was overdue, that stays on record."""

    permission: ClassVar[Permission] = ASSIGN

    extended_on: date
    due_on: date
    reason: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status(*TICKING)
        state.require_next_day(self.extended_on, context)
        if self.due_on <= state.now.due_on:
            raise Refused("task.deadline-not-later", due_on=state.now.due_on, day=self.due_on)
        if self.due_on < self.extended_on:
            raise Refused(
                "task.deadline-already-past", due_on=self.due_on, extended_on=self.extended_on
            )
        return [TaskDeadlineExtended(**vars(self), title=state.title, community=state.community)]


class ReassignTask(Command[Task]):
    """Reassign a task to another unit or person, who has to accept it."""

    permission: ClassVar[Permission] = ASSIGN

    reassigned_on: date
    unit: UnitId
    person: PersonId
    reason: Reason

    def consults(self, state: Task) -> Iterable[str]:
        """Who is to be responsible."""
        return offices_named(self)

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status(*TICKING)
        state.require_next_day(self.reassigned_on, context)
        require_offices(self, self.reassigned_on, context)
        if (self.unit, self.person) == (state.now.unit, state.now.person):
            raise Refused("task.responsible-already", person=self.person, unit=self.unit)
        return [TaskReassigned(**vars(self), title=state.title, community=state.community)]


class CancelTask(Command[Task]):
    """Cancel a task that is not closed out, with a reason."""

    permission: ClassVar[Permission] = ASSIGN

    cancelled_on: date
    reason: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status(*OPEN)
        state.require_next_day(self.cancelled_on, context)
        return [TaskCancelled(**vars(self), title=state.title, community=state.community)]


def require_existing_place(
    context: DecisionContext, day: date, community: str | None, jurisdiction: str | None
) -> None:
    """Refused unless the task's community or jurisdiction exists on that day."""
    if jurisdiction:
        context.state(Jurisdiction, jurisdiction).require_existing_on(day)
    if community:
        context.state(Community, community).require_existing_on(day)


def require_assignable(context: DecisionContext, assigned_on: date, due_on: date) -> None:
    """Refused unless the day is neither ahead nor after `due_on`."""
    context.require_past(assigned_on)
    if due_on < assigned_on:
        raise Refused("task.due-before-assignment", due_on=due_on, assigned_on=assigned_on)


def assigned(
    context: DecisionContext,
    state: Subject,
    asked: Iterable[Assignment],
    *,
    source: Source,
    part: str | None = None,
    assigned_on: date,
    community: str | None = None,
    jurisdiction: str | None = None,
    first: int = 0,
    earlier: Iterable[Task] = (),
) -> list[StreamEvent]:
    """Assign these tasks, each on a new stream, from a command on the subject that they come from.

    `part` is the part of the subject that they come from: a resolution, an item, a milestone.
    `first` is the number of tasks that the command has already assigned. `earlier` are the
    tasks from that part so far: none of them can be assigned again while it is open. The command
    has to consult the place and who is responsible.
    """
    made: list[StreamEvent] = []
    known = [task for task in earlier if task.is_open]
    new: list[Assignment] = []
    for number, each in enumerate(asked, start=first):
        require_assignable(context, assigned_on, each.due_on)
        require_existing_place(context, assigned_on, community, jurisdiction)
        require_offices(each, assigned_on, context)
        _require_not_assigned(each, new, known)
        if each.action:
            context.policy.action(each.action)
        new.append(each)
        event = TaskAssigned(
            **vars(each),
            source=source,
            source_stream=state.stream,
            source_part=part,
            jurisdiction=jurisdiction,
            community=community,
            assigned_on=assigned_on,
        )
        id = task_id(context.command_id, state.stream, state.version, number)
        made.append(StreamEvent(f"task:{id}", event))
    return made


def _require_not_assigned(
    asked: Assignment, new: Iterable[Assignment], known: Iterable[Task]
) -> None:
    """Refused for a task that is also among the new ones, or that is open."""
    if asked in new or any(task.is_as_assigned(asked) for task in known):
        raise Refused(
            "task.assigned-already",
            title=asked.title,
            unit=asked.unit,
            person=asked.person,
            due_on=asked.due_on,
        )


def task_id(command_id: str, stream: str, version: int, number: int) -> str:
    """The id of the task with this number that a command assigns from a stream at a version."""
    # With the version, because the commands of one import share their command id.
    return derive_id("task", command_id, stream, version, number)


def task_ids(made: Iterable[StreamEvent]) -> tuple[str, ...]:
    """The ids of these tasks."""
    return tuple(each.stream.partition(":")[2] for each in made)
