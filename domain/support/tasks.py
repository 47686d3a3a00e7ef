"""Tasks for the milestones of a support plan, assigned with the plan or later."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.person.offices import offices_named
from domain.support.events import SupportMilestone, SupportTasked
from domain.support.state import Support
from domain.task.assignment import ASSIGN, assigned, task_ids
from domain.task.events import Assignment


class AssignSupportTasks(Command[Support]):
    """Assign tasks for a milestone that has not been reached yet."""

    permission: ClassVar[Permission] = ASSIGN

    milestone: Id
    assigned_on: date
    tasks: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: Support) -> Iterable[str]:
        """The community, the milestone's tasks so far, and who is responsible."""
        yield f"community:{state.community}"
        yield from (f"task:{id}" for id in state.tasks.get(self.milestone, ()))
        yield from offices_named(self)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """The event on the support, and each task assigned on its own stream."""
        state.require_open()
        milestone = state.milestone(self.milestone)
        state.require_lasting_on(self.assigned_on, context)
        if at := state.reached.get(self.milestone):
            raise Refused("support.milestone-takes-no-tasks", milestone=milestone.title, entry=at)
        return tasked(state, context, milestone, self.tasks, assigned_on=self.assigned_on)


def tasked(
    state: Support,
    context: DecisionContext,
    milestone: SupportMilestone,
    asked: Sequence[Assignment],
    *,
    assigned_on: date,
    first: int = 0,
) -> list[Event | StreamEvent]:
    """The event that assigns tasks to a milestone, and the assignment of each task.

    `first` is the number of tasks that the command has already assigned.
    """
    tasks = assigned(
        context,
        state,
        asked,
        source="support-plan",
        part=milestone.milestone,
        assigned_on=assigned_on,
        community=state.community,
        first=first,
        earlier=state.tasks_of(milestone.milestone, context),
    )
    event = SupportTasked(
        **state.keys,
        milestone=milestone.milestone,
        assigned_on=assigned_on,
        title=milestone.title,
        tasks=task_ids(tasks),
    )
    return [event, *tasks]
