"""A measure is carried out through tasks, assigned while it is planned and its type settled."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from domain.command import Command
from domain.community.state import Community
from domain.event import Event, On
from domain.ids import CommunityId, Id
from domain.measure.adoption import MeasureSlug
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.task.assignment import ASSIGN, Assignment, assigned, task_ids
from domain.task.state import Task
from domain.words import Words

if TYPE_CHECKING:
    from domain.measure.state import Measure


class MeasureTasked(Event):
    """These tasks were assigned to carry the measure out."""

    sentence = Words(
        zh="{assigned_on}就“{measure}”交办任务。",
        en="Tasks for the measure {measure} assigned on {assigned_on}.",
    )

    community: CommunityId
    measure: MeasureSlug
    assigned_on: date
    tasks: tuple[Id, ...]


class AssignMeasureTasks(Command["Measure"]):
    """Assign tasks that carry a planned measure out."""

    assigned_on: date
    tasks: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: "Measure") -> Iterable[str]:
        """The community, and the measure's tasks so far."""
        if state.version:
            yield f"community:{state.community}"
            yield from (f"task:{id}" for id in state.now.tasks)

    def decide(self, state: "Measure", occasion: Occasion) -> list[Event | On]:
        """Tasked, and each task assigned on a stream of its own."""
        occasion.require_role(occasion.policy.work.may_assign_tasks, ASSIGN)
        state.require_settled(occasion.state(Community, state.community), self.assigned_on)
        if not state.is_planned:
            raise Refused(
                "The measure is not planned yet; plan it first.",
                "该重点方向尚无计划；请先制定计划。",
            )
        tasks = assigned(
            occasion,
            state,
            self.tasks,
            source="measure",
            assigned_on=self.assigned_on,
            community=state.community,
            earlier=[occasion.state(Task, id) for id in state.now.tasks],
        )
        tasked = MeasureTasked(
            community=state.community,
            measure=state.measure,
            assigned_on=self.assigned_on,
            tasks=task_ids(tasks),
        )
        return [tasked, *tasks]
