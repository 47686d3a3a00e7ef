"""A milestone of a support plan is reached through tasks, assigned with the plan or later."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, RoundId, Title
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.task.assignment import ASSIGN, Assignment, assigned, task_ids
from domain.words import Words

if TYPE_CHECKING:
    from domain.support.progress import SupportMilestone
    from domain.support.state import Support


class SupportTasked(Event):
    """These tasks were assigned so that the milestone is reached."""

    sentence = Words(
        zh="{assigned_on}就帮扶目标“{title}”交办任务。",
        en="Tasks for the milestone {title} assigned on {assigned_on}.",
    )

    community: CommunityId
    round: RoundId
    milestone: Id
    assigned_on: date
    title: Title
    tasks: Annotated[tuple[Id, ...], Field(min_length=1)]


class AssignSupportTasks(Command["Support"]):
    """Assign tasks for a milestone of the plan that is not reached yet."""

    milestone: Id
    assigned_on: date
    tasks: Annotated[tuple[Assignment, ...], Field(min_length=1, max_length=20)]

    def consults(self, state: "Support") -> Iterable[str]:
        """The community, and the milestone's tasks so far."""
        yield f"community:{state.community}"
        yield from (f"task:{id}" for id in state.tasks.get(self.milestone, ()))

    def decide(self, state: "Support", occasion: Occasion) -> list[Event | On]:
        """Tasked, and each task assigned on a stream of its own."""
        occasion.require_role(occasion.policy.work.may_assign_tasks, ASSIGN)
        state.require_open()
        milestone = state.milestone(self.milestone)
        state.require_lasting_on(self.assigned_on, occasion)
        if at := state.reached.get(self.milestone):
            raise reached_already(milestone, at)
        return tasked(state, occasion, milestone, self.tasks, assigned_on=self.assigned_on)


def reached_already(milestone: "SupportMilestone", at: int) -> Refused:
    """That a milestone which the entry `at` states as reached takes no more tasks."""
    return Refused(
        f"{milestone.title} was reached already (entry {at}), and takes no more tasks; "
        "plan another milestone.",
        f"目标“{milestone.title}”已达到（第 {at} 条），不再交办任务；请另行列入目标。",
    )


def tasked(
    state: "Support",
    occasion: Occasion,
    milestone: "SupportMilestone",
    asked: Sequence[Assignment],
    *,
    assigned_on: date,
    first: int = 0,
) -> list[Event | On]:
    """The milestone tasked, with each task; `first` is how many the command has assigned before."""
    tasks = assigned(
        occasion,
        state,
        asked,
        source="support-plan",
        part=milestone.milestone,
        assigned_on=assigned_on,
        community=state.community,
        first=first,
        earlier=state.tasks_of(milestone.milestone, occasion),
    )
    event = SupportTasked(
        **state.keys,
        milestone=milestone.milestone,
        assigned_on=assigned_on,
        title=milestone.title,
        tasks=task_ids(tasks),
    )
    return [event, *tasks]
