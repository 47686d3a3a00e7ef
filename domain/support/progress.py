"""How the support of a community goes: its plan with milestones, what was reached, reports.

What a milestone takes is done through tasks (domain/support/tasks.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Version
from domain.kernel.refusal import Refused
from domain.kernel.reservation import KeepsOne, reserved
from domain.kernel.subject import require_unsaid
from domain.kernel.text import Bilingual
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
from domain.support.tasks import reached_already, tasked
from domain.task.events import Assignment
from domain.task.state import Task

REPORT = Bilingual(zh="报告帮扶进展", en="report on support")


class MilestoneTask(Assignment):
    """A task that is assigned with the plan, for one of its milestones."""

    milestone: Id


Milestones = Annotated[tuple[SupportMilestone, ...], Field(min_length=1, max_length=50)]


class PlanSupport(Command[Support]):
    """Plan the support: its aim and its milestones, and assign the tasks that they take.

    A new plan takes the place of the old one, and keeps each milestone that was reached or of which
    a task is open.
    """

    planned_on: date
    aim: Reason
    milestones: Milestones
    tasks: Annotated[tuple[MilestoneTask, ...], Field(max_length=100)] = ()

    def consults(self, state: Support) -> Iterable[str]:
        """The community, and the tasks of the plan so far."""
        return (f"community:{state.community}", *state.task_streams())

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Planned, and each task assigned; what was reached of the old plan stays reached."""
        context.require_role(context.policy.supporting.may_support, SUPPORT)
        state.require_open()
        state.require_lasting_on(self.planned_on, context)
        context.require_past(self.planned_on)
        ids = [each.milestone for each in self.milestones]
        if twice := next((id for id in ids if ids.count(id) > 1), None):
            raise Refused(
                f"The milestone {twice} is named twice; give each its own id.",
                f"目标 {twice} 重复；请为各目标使用不同编号。",
            )
        ahead = [m for m in self.milestones if m.milestone not in state.reached]
        if early := next((m for m in ahead if m.due_on < self.planned_on), None):
            raise Refused(
                f"The milestone {early.title} is due on {early.due_on}, before the plan of "
                f"{self.planned_on}; choose a later day.",
                f"目标“{early.title}”的期限 {early.due_on} 早于计划日 {self.planned_on}；"
                "请另选日期。",
            )
        if lost := next((id for id in state.reached if id not in ids), None):
            raise Refused(
                f"The milestone {lost} was reached already; keep it in the new plan.",
                f"目标 {lost} 已达到；请在新计划中保留。",
            )
        for id in state.tasks:
            if id not in ids:
                _require_none_open(
                    state.tasks_of(id, context), id, "plan the support without this milestone"
                )
        if unknown := next((t for t in self.tasks if t.milestone not in ids), None):
            raise Refused(
                f"The task {unknown.title} is for the milestone {unknown.milestone}, which is not "
                "in the plan; add the milestone, or name another.",
                f"任务“{unknown.title}”所属目标 {unknown.milestone} 不在计划内；"
                "请列入该目标，或另行指明。",
            )
        stated = {name: value for name, value in vars(self).items() if name != "tasks"}
        planned = SupportPlanned(**state.keys, **stated)
        if not self.tasks:
            require_unsaid(state, state.plans, planned)
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
                raise reached_already(milestone, at)
            yield from tasked(
                state, context, milestone, own, assigned_on=self.planned_on, first=first
            )
            first += len(own)


class ReachMilestone(Command[Support]):
    """Record that a milestone of the plan was reached, once its tasks are closed out."""

    milestone: Id
    reached_on: date
    comment: Reason | None = None

    def consults(self, state: Support) -> Iterable[str]:
        """The community, and the tasks of the milestone."""
        yield f"community:{state.community}"
        yield from (f"task:{id}" for id in state.tasks.get(self.milestone, ()))

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Reached."""
        context.require_role(context.policy.supporting.may_report, REPORT)
        state.require_open()
        milestone = state.milestone(self.milestone)
        state.require_lasting_on(self.reached_on, context)
        context.require_past(self.reached_on)
        if at := state.reached.get(self.milestone):
            raise Refused(
                f"{milestone.title} was reached already (entry {at}); there is nothing to record.",
                f"{milestone.title} 已达到（第 {at} 条），无需记录。",
            )
        _require_none_open(
            state.tasks_of(self.milestone, context),
            milestone.title,
            "record the milestone as reached",
        )
        return [MilestoneReached(**state.keys, **vars(self), title=milestone.title)]


class ReportSupport(Command[Support]):
    """Report how the support goes."""

    reported_on: date
    progress: Reason

    def consults(self, state: Support) -> Iterable[str]:
        """The community."""
        return (f"community:{state.community}",)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Reported."""
        context.require_role(context.policy.supporting.may_report, REPORT)
        state.require_open()
        state.require_lasting_on(self.reported_on, context)
        context.require_past(self.reported_on)
        reported = SupportReported(**state.keys, **vars(self))
        require_unsaid(state, state.reports.items(), reported)
        return [reported]


class AnnulSupportEntry(KeepsOne, Command[Support]):
    """Annul an assignment, its end, a milestone reached or a report that was recorded wrongly.

    Of a support that is over, what became of it, so that it goes on, with the tasks that were
    cancelled with that.
    """

    annuls: Version
    reason: Reason

    def consults(self, state: Support) -> Iterable[str]:
        """The round whose grade it rests on, the community's other supports, and the tasks that
        were cancelled with its end."""
        tasks = (f"task:{id}" for id in state.cancelled_by(self.annuls))
        if state.version:
            yield from (f"round:{state.round}", *state.key.streams(), *tasks)

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        """Annulled."""
        context.require_role(context.policy.supporting.may_support, SUPPORT)
        annulled = SupportEntryAnnulled(**state.keys, **vars(self))
        if self.annuls == state.ended_by:
            context.state(Round, state.round).require_phase("published", "closed")
            again = reserved(state.fold([annulled]), context)
            return [annulled, *again, *state.resumed(self.reason, context)]
        state.require_open()
        state.require_annullable(self.annuls)
        return [annulled]


def _require_none_open(tasks: Iterable[Task], milestone: str, doing: str) -> None:
    """Refused while a task of the milestone is open."""
    titles = [task.title for task in tasks if task.is_open]
    if titles:
        raise Refused(
            f"The milestone {milestone} has open tasks: {'; '.join(titles)}. Have them closed out "
            f"or cancelled, and then {doing}.",
            f"目标 {milestone} 尚有未办结的任务：{'；'.join(titles)}。请先验收销号或取消。",
        )
