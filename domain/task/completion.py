"""How a task is done: accepted, progressed, reported complete, and verified by somebody else.

Whoever verifies is not whoever did. What was recorded by mistake is annulled, the newest first.
"""

from collections.abc import Iterable
from datetime import date

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Version
from domain.kernel.refusal import NotAuthorised, Refused
from domain.kernel.text import Bilingual
from domain.task.events import (
    Percent,
    TaskAccepted,
    TaskClosedOut,
    TaskProgressed,
    TaskReported,
    TaskReturned,
    TaskStepAnnulled,
)
from domain.task.source import TaskSource
from domain.task.state import Task


class AcceptTask(Command[Task]):
    """Take a task on: the responsible person does, or somebody of the responsible unit."""

    accepted_on: date

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Accepted."""
        context.require_role(context.policy.work.may_carry_out_tasks, CARRY_OUT)
        state.require_status("assigned")
        require_responsible(state, context)
        state.require_next_day(self.accepted_on, context)
        by = context.by.actor.person
        return [
            TaskAccepted(**vars(self), title=state.title, community=state.community, accepted_by=by)
        ]


class RecordTaskProgress(Command[Task]):
    """Say how much of a task is done, in per cent, and what; whoever may accept it does."""

    progressed_on: date
    percent: Percent
    note: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Progressed."""
        context.require_role(context.policy.work.may_carry_out_tasks, CARRY_OUT)
        state.require_status("accepted", "returned")
        require_responsible(state, context)
        state.require_next_day(self.progressed_on, context)
        by = context.by.actor.person
        return [
            TaskProgressed(
                **vars(self), title=state.title, community=state.community, progressed_by=by
            )
        ]


class ReportTask(Command[Task]):
    """Report a task complete, with the evidence; its documents go along as the basis.

    The responsible person does, or somebody of the responsible unit.
    """

    reported_on: date
    evidence: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Reported."""
        context.require_role(context.policy.work.may_carry_out_tasks, CARRY_OUT)
        state.require_status("accepted", "returned")
        require_responsible(state, context)
        state.require_next_day(self.reported_on, context)
        by = context.by.actor.person
        return [
            TaskReported(**vars(self), title=state.title, community=state.community, reported_by=by)
        ]


class CloseOutTask(Command[Task]):
    """Verify that a task is done and close it out (销号). Not whoever had a hand in it."""

    closed_on: date
    finding: Reason | None = None

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Closed out."""
        require_verifier(state, context)
        state.require_next_day(self.closed_on, context)
        by = context.by.actor.person
        return [
            TaskClosedOut(**vars(self), title=state.title, community=state.community, closed_by=by)
        ]


class ReturnTask(Command[Task]):
    """Return a task that is not done yet, with a new deadline if need be."""

    returned_on: date
    due_on: date | None = None
    reason: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Returned."""
        require_verifier(state, context)
        state.require_next_day(self.returned_on, context)
        if self.due_on and self.due_on < max(self.returned_on, state.now.due_on):
            raise Refused(
                f"The new deadline {self.due_on} is before the task's return or its old deadline "
                f"{state.now.due_on}; choose a later day, or leave it out.",
                f"新时限 {self.due_on} 早于退回日期或原时限 {state.now.due_on}；"
                "请选择更晚的日期，或不填写。",
            )
        by = context.by.actor.person
        return [
            TaskReturned(**vars(self), title=state.title, community=state.community, returned_by=by)
        ]


class AnnulTaskStep(Command[Task]):
    """Annul the newest step of a task: it is void from the start, and the one before holds.

    A verdict is not annulled by whoever had a hand in the task. A task is not opened again where
    what it comes from is over: that is undone first.
    """

    annuls: Version
    reason: Reason

    def consults(self, state: Task) -> Iterable[str]:
        """What the task comes from."""
        return (state.source_stream,) if state.source_stream else ()

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        """Annulled."""
        context.require_role(context.policy.work.may_assign_tasks, ANNUL)
        newest = state.now.version
        if self.annuls != newest:
            raise Refused(
                f"The newest step of the task that holds is entry {newest}, not {self.annuls}; "
                "annul the newest first.",
                f"任务现行有效的最新一步是第 {newest} 条，而非第 {self.annuls} 条；"
                "请先撤销最新的一步。",
            )
        if state.now.is_verdict:
            require_no_hand(state, context, UNDO_VERDICT)
        source = context.consulted.get(state.source_stream or "")
        if state.reopens and isinstance(source, TaskSource):
            source.require_open_task(state.id)
        return [TaskStepAnnulled(**vars(self), title=state.title, community=state.community)]


CARRY_OUT = Bilingual(zh="接收、推进或报告任务", en="accept, progress or report a task")
VERIFY = Bilingual(zh="验收任务", en="verify a task")
ANNUL = Bilingual(zh="撤销任务的记录", en="annul what was recorded of a task")
JUDGE = Bilingual(zh="验收", en="verify it")
UNDO_VERDICT = Bilingual(zh="撤销验收结论", en="annul the verdict on it")


def require_responsible(state: Task, context: DecisionContext) -> None:
    """NotAuthorised unless whoever acts is responsible for the task, or of the unit that is."""
    actor = context.by.actor
    if actor.unit != state.now.unit and actor.person != state.now.person:
        raise NotAuthorised(
            f"The task is {state.now.person}'s, of unit:{state.now.unit}; one of them accepts "
            "it, tells of its progress and reports it, or it is reassigned first.",
            f"该任务由 unit:{state.now.unit} 的 {state.now.person} 负责；"
            "请由责任人或责任单位接收、推进和报告，或先予改派。",
        )


def require_verifier(state: Task, context: DecisionContext) -> None:
    """Refused unless the task waits for a verdict, and whoever acts may give it."""
    context.require_role(context.policy.work.may_verify_tasks, VERIFY)
    state.require_status("reported")
    require_no_hand(state, context, JUDGE)


def require_no_hand(state: Task, context: DecisionContext, doing: Bilingual) -> None:
    """NotAuthorised when whoever acts ever had a hand in the task, in an annulled step too."""
    if context.by.actor.person in state.now.participants | state.annulled_hands:
        raise NotAuthorised(
            f"You had a hand in this task yourself; somebody else must {doing.en}.",
            f"本任务由您承办或参与办理；须由其他人员{doing.zh}。",
        )
