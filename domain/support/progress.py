"""The progress of a support: its plan with milestones, milestones reached, reports.

Tasks for milestones are in domain/support/tasks.py.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved
from domain.kernel.subject import require_not_repeated
from domain.kernel.text import Bilingual
from domain.person.offices import offices_named
from domain.round.state import Round
from domain.support.assignment import SUPPORT
from domain.support.events import (
    MilestoneReached,
    SupportEntryAnnulled,
    SupportMilestone,
    SupportPlanned,
    SupportReported,
)
from domain.support.state import Support
from domain.support.tasks import tasked
from domain.task.events import Assignment
from domain.task.state import Task

REPORT = Permission(
    "supporting.may_report", doing=Bilingual(zh="报告帮扶进展", en="report on support")
)


class MilestoneTask(Assignment):
    """A task to assign with the plan, for one of its milestones."""

    milestone: Id


Milestones = Annotated[tuple[SupportMilestone, ...], Field(min_length=1, max_length=50)]


class PlanSupport(Command[Support]):
    """Plan the support: its aim and milestones, with tasks for them.

    A new plan replaces the old one. It has to keep milestones that were reached or have open tasks.
    """

    permission: ClassVar[Permission] = SUPPORT

    planned_on: date
    aim: Reason
    milestones: Milestones
    tasks: Annotated[tuple[MilestoneTask, ...], Field(max_length=100)] = ()

    def consults(self, state: Support) -> Iterable[str]:
        """The community, the tasks of the plan so far, and who is responsible for its new ones."""
        yield from (f"community:{state.community}", *state.task_streams())
        yield from offices_named(self)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """The plan, and each task assigned on its own stream."""
        state.require_open()
        state.require_lasting_on(self.planned_on, context)
        context.require_past(self.planned_on)
        ids = [each.milestone for each in self.milestones]
        if twice := next((id for id in ids if ids.count(id) > 1), None):
            raise Refused("support.milestone-twice", milestone=twice)
        ahead = [m for m in self.milestones if m.milestone not in state.reached]
        if early := next((m for m in ahead if m.due_on < self.planned_on), None):
            raise Refused(
                "support.milestone-due-before-plan",
                milestone=early.title,
                due_on=early.due_on,
                planned_on=self.planned_on,
            )
        if lost := next((id for id in state.reached if id not in ids), None):
            raise Refused(
                "support.reached-milestone-left-out", milestone=lost, title=state.title_of(lost)
            )
        for id in state.tasks:
            if id not in ids and (tasks := _open(state.tasks_of(id, context))):
                raise Refused(
                    "support.busy-milestone-left-out",
                    milestone=id,
                    title=state.title_of(id),
                    tasks=tasks,
                )
        if unknown := next((t for t in self.tasks if t.milestone not in ids), None):
            raise Refused(
                "support.task-without-milestone", task=unknown.title, milestone=unknown.milestone
            )
        stated = {name: value for name, value in vars(self).items() if name != "tasks"}
        planned = SupportPlanned(**state.keys, **stated)
        if not self.tasks:
            require_not_repeated(state, state.plans, planned)
        return [planned, *self._tasked(state, context)]

    def _tasked(self, state: Support, context: DecisionContext) -> Iterator[Event | StreamEvent]:
        first = 0
        for milestone in self.milestones:
            own = [
                Assignment(**{name: getattr(task, name) for name in Assignment.model_fields})
                for task in self.tasks
                if task.milestone == milestone.milestone
            ]
            if not own:
                continue
            if at := state.reached.get(milestone.milestone):
                raise Refused(
                    "support.milestone-takes-no-tasks", milestone=milestone.title, entry=at
                )
            yield from tasked(
                state, context, milestone, own, assigned_on=self.planned_on, first=first
            )
            first += len(own)


class ReachMilestone(Command[Support]):
    """Record that a milestone of the plan was reached, once its tasks are closed out."""

    permission: ClassVar[Permission] = REPORT

    milestone: Id
    reached_on: date
    comment: Reason | None = None

    def consults(self, state: Support) -> Iterable[str]:
        """The community, and the tasks of the milestone."""
        yield f"community:{state.community}"
        yield from (f"task:{id}" for id in state.tasks.get(self.milestone, ()))

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        milestone = state.milestone(self.milestone)
        state.require_lasting_on(self.reached_on, context)
        context.require_past(self.reached_on)
        if at := state.reached.get(self.milestone):
            raise Refused("support.milestone-reached-already", milestone=milestone.title, entry=at)
        if tasks := _open(state.tasks_of(self.milestone, context)):
            raise Refused("support.milestone-tasks-open", milestone=milestone.title, tasks=tasks)
        return [MilestoneReached(**state.keys, **vars(self), title=milestone.title)]


class ReportSupport(Command[Support]):
    """Report on the progress of the support."""

    permission: ClassVar[Permission] = REPORT

    reported_on: date
    progress: Reason

    def consults(self, state: Support) -> Iterable[str]:
        """The community."""
        return (f"community:{state.community}",)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        state.require_lasting_on(self.reported_on, context)
        context.require_past(self.reported_on)
        reported = SupportReported(**state.keys, **vars(self))
        require_not_repeated(state, state.reports.items(), reported)
        return [reported]


class AnnulSupportEntry(ReservingCommand, Command[Support]):
    """Annul an assignment, its end, a reached milestone or a report recorded by mistake.

    Or annul the outcome of a support that is over: it then resumes, with the tasks that were
    cancelled with it.
    """

    permission: ClassVar[Permission] = SUPPORT

    annuls: Version
    reason: Reason

    def consults(self, state: Support) -> Iterable[str]:
        """The round whose grade it rests on, the community's other supports, and the tasks that
        were cancelled with its outcome."""
        tasks = (f"task:{id}" for id in state.cancelled_by(self.annuls))
        if state.version:
            yield from (f"round:{state.round}", *state.key.streams(), *tasks)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        annulled = SupportEntryAnnulled(**state.keys, **vars(self))
        if self.annuls == state.ended_by:
            context.state(Round, state.round).require_phase("published", "closed")
            again = reserved(state.fold([annulled]), context)
            return [annulled, *again, *state.resumed(self.reason, context)]
        state.require_open()
        state.require_annullable(self.annuls)
        return [annulled]


def _open(tasks: Iterable[Task]) -> list[str]:
    """The titles of the open tasks."""
    return [task.title for task in tasks if task.is_open]
