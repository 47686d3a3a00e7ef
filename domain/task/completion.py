"""Complete a task: accepted, progressed, reported complete, and verified by somebody else.

Nobody verifies a task that they worked on. Mistakes are annulled, newest first.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import Actor, DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason, Version
from domain.kernel.permission import Permission
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

CARRY_OUT = Permission(
    "work.may_carry_out_tasks",
    doing=Bilingual(zh="接收、推进或报告任务", en="accept, progress or report a task"),
)
VERIFY = Permission("work.may_verify_tasks", doing=Bilingual(zh="验收任务", en="verify a task"))
ANNUL = Permission(
    "work.may_assign_tasks",
    doing=Bilingual(zh="撤销任务的记录", en="annul what was recorded of a task"),
)


class CarriedOut:
    """What whoever is responsible for a task does, wherever they sit, and nobody else."""

    permission: ClassVar[Permission] = CARRY_OUT

    def is_of(self, state: Task, actor: Actor) -> bool:
        """Whether they are responsible for the task, or of the responsible unit."""
        if not state.steps:  # even its assignment was annulled
            return False
        return actor.unit == state.now.unit or actor.person == state.now.person

    def require_responsible(self, state: Task, context: DecisionContext) -> None:
        """NotAuthorised unless they are."""
        if not self.is_of(state, context.by.actor):
            now = state.now
            raise NotAuthorised("task.not-responsible", person=now.person, unit=now.unit)


class AcceptTask(CarriedOut, Command[Task]):
    """Accept a task, as the responsible person or as somebody of the responsible unit."""

    accepted_on: date

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status("assigned")
        self.require_responsible(state, context)
        state.require_next_day(self.accepted_on, context)
        by = context.by.actor.person
        return [
            TaskAccepted(**vars(self), title=state.title, community=state.community, accepted_by=by)
        ]


class RecordTaskProgress(CarriedOut, Command[Task]):
    """Record the progress of a task, in per cent, with a note, as one who may accept it."""

    progressed_on: date
    percent: Percent
    note: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status("accepted", "returned")
        self.require_responsible(state, context)
        state.require_next_day(self.progressed_on, context)
        by = context.by.actor.person
        return [
            TaskProgressed(
                **vars(self), title=state.title, community=state.community, progressed_by=by
            )
        ]


class ReportTask(CarriedOut, Command[Task]):
    """Report a task complete, with the evidence. Documents are given as the basis.

    Only the responsible person or somebody of the responsible unit may do so.
    """

    reported_on: date
    evidence: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status("accepted", "returned")
        self.require_responsible(state, context)
        state.require_next_day(self.reported_on, context)
        by = context.by.actor.person
        return [
            TaskReported(**vars(self), title=state.title, community=state.community, reported_by=by)
        ]


WORKED = Apart(
    "task.had-a-hand",
    Bilingual(zh="承办或参与办理过本任务", en="ever worked on the task"),
    lambda _command, state, _context: state.now.participants | state.annulled_participants,
)
WORKED_BEFORE_VERDICT = Apart(
    WORKED.code,
    WORKED.did,
    lambda command, state, context: (
        WORKED.who(command, state, context) if state.now.is_verdict else ()
    ),
)


class CloseOutTask(Command[Task]):
    """Verify that a task is done and close it out (销号). Nobody who worked on it may do so."""

    permission: ClassVar[Permission] = VERIFY
    apart_from: ClassVar[tuple[Apart, ...]] = (WORKED,)

    closed_on: date
    finding: Reason | None = None

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status("reported")
        state.require_next_day(self.closed_on, context)
        return [TaskClosedOut(**vars(self), title=state.title, community=state.community)]


class ReturnTask(Command[Task]):
    """Return a task that is not done, perhaps with a new deadline."""

    permission: ClassVar[Permission] = VERIFY
    apart_from: ClassVar[tuple[Apart, ...]] = (WORKED,)

    returned_on: date
    due_on: date | None = None
    reason: Reason

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_status("reported")
        state.require_next_day(self.returned_on, context)
        if self.due_on and self.due_on < max(self.returned_on, state.now.due_on):
            raise Refused(
                "task.new-deadline-too-early",
                due_on=self.due_on,
                returned_on=self.returned_on,
                was_due_on=state.now.due_on,
            )
        return [TaskReturned(**vars(self), title=state.title, community=state.community)]


class AnnulTaskStep(Command[Task]):
    """Annul the newest step of a task: it is void from the start, and the step before it holds.

    Nobody who worked on the task annuls a verdict on it. A task cannot be opened again while what
    it comes from is over: annul that end first.
    """

    permission: ClassVar[Permission] = ANNUL
    apart_from: ClassVar[tuple[Apart, ...]] = (WORKED_BEFORE_VERDICT,)

    annuls: Version
    reason: Reason

    def consults(self, state: Task) -> Iterable[str]:
        """The subject that the task comes from."""
        return (state.source_stream,) if state.source_stream else ()

    def decide(self, state: Task, context: DecisionContext) -> list[Event | StreamEvent]:
        newest = state.now.version
        if self.annuls != newest:
            raise Refused("task.not-newest-step", newest=newest, entry=self.annuls)
        source = context.consulted.get(state.source_stream or "")
        if state.reopens and isinstance(source, TaskSource):
            source.require_open_task(state.id)
        return [TaskStepAnnulled(**vars(self), title=state.title, community=state.community)]
