"""Tasks that carry out a measure, once it is planned and if it fits the community's type."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.measure.adoption import require_actions
from domain.measure.events import MeasureTasked
from domain.measure.state import Measure
from domain.person.offices import offices_named
from domain.task.assignment import ASSIGN, assigned, task_ids
from domain.task.events import Assignment
from domain.task.state import Task


class AssignMeasureTasks(Command[Measure]):
    """Assign tasks that carry out a planned measure."""

    permission: ClassVar[Permission] = ASSIGN

    assigned_on: date
    tasks: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: Measure) -> Iterable[str]:
        """The community, the measure's tasks so far, and who is responsible."""
        if state.version:
            yield f"community:{state.community}"
            yield from (f"task:{id}" for id in state.now.tasks)
        yield from offices_named(self)

    def decide(self, state: Measure, context: DecisionContext) -> list[Event | StreamEvent]:
        """The event on the measure, and each task assigned on its own stream."""
        state.require_settled(context.state(Community, state.community), self.assigned_on)
        if not state.is_planned:
            raise Refused("measure.not-planned")
        for action in (each.action for each in self.tasks if each.action):
            require_actions(context.policy, state.measure, (action,))
        tasks = assigned(
            context,
            state,
            self.tasks,
            source="measure",
            assigned_on=self.assigned_on,
            community=state.community,
            earlier=[context.state(Task, id) for id in state.now.tasks],
        )
        tasked = MeasureTasked(
            community=state.community,
            measure=state.measure,
            assigned_on=self.assigned_on,
            tasks=task_ids(tasks),
        )
        return [tasked, *tasks]
