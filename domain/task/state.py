"""The state of a task: the steps in force. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Literal, NamedTuple, Self, assert_never

from domain.kernel.context import DecisionContext
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject, changed
from domain.kernel.text import Bilingual
from domain.task.events import (
    Assignment,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskClosedOut,
    TaskDeadlineExtended,
    TaskEvent,
    TaskProgressed,
    TaskReassigned,
    TaskReported,
    TaskReturned,
    TaskStepAnnulled,
)

TaskStatus = Literal["assigned", "accepted", "reported", "returned", "closed", "cancelled"]

STATUSES: Mapping[TaskStatus, Bilingual] = MappingProxyType(
    {
        "assigned": Bilingual(zh="待接收", en="assigned and not accepted yet"),
        "accepted": Bilingual(zh="办理中", en="under way"),
        "reported": Bilingual(zh="待验收", en="reported and not verified yet"),
        "returned": Bilingual(zh="退回整改", en="returned and not reported anew"),
        "closed": Bilingual(zh="已销号", en="closed out"),
        "cancelled": Bilingual(zh="已取消", en="cancelled"),
    }
)
# In these statuses somebody has to act by the deadline.
TICKING: tuple[TaskStatus, ...] = ("assigned", "accepted", "returned")
# In these statuses the task is on the list.
OPEN: tuple[TaskStatus, ...] = (*TICKING, "reported")


class Lapse(NamedTuple):
    """A missed deadline, noticed when a step was recorded."""

    due_on: date
    on: date


@dataclass(frozen=True, kw_only=True)
class TaskStep:
    """The state of a task after one of its entries; without slots, which `changed` needs.

    `participants` are all who took part so far. `lapses` has each missed deadline,
    with the last day on which it was still missed.
    """

    version: int
    on: date
    status: TaskStatus
    unit: str
    person: str
    due_on: date
    percent: int = 0
    note: str | None = None
    participants: frozenset[str] = frozenset()
    lapses: tuple[Lapse, ...] = ()
    is_verdict: bool = False  # closed out or returned


@dataclass(frozen=True, kw_only=True)
class Task(Subject):
    """One task, with the steps in force."""

    kind: ClassVar[str] = "task"
    what: ClassVar[Bilingual] = Bilingual(zh="任务", en="task")

    title: str = ""
    place: str = ""  # the stream of its community or jurisdiction
    community: str | None = None
    source_stream: str | None = None
    annulled_participants: frozenset[str] = frozenset()  # of annulled steps, which still count
    steps: tuple[TaskStep, ...] = ()

    @property
    def now(self) -> TaskStep:
        """The newest step in force; Refused if even the assignment was annulled."""
        if not self.steps:
            raise Refused("task.assignment-annulled")
        return self.steps[-1]

    @property
    def is_open(self) -> bool:
        """Whether it is still on the list: neither closed out, cancelled nor annulled."""
        return bool(self.steps) and self.now.status in OPEN

    @property
    def is_done(self) -> bool:
        """Whether it was verified and closed out."""
        return bool(self.steps) and self.now.status == "closed"

    def lies_in(self, day: date) -> tuple[str, ...]:
        """Its community or jurisdiction."""
        return (self.place,)

    def is_as_assigned(self, asked: Assignment) -> bool:
        """Whether this is the requested task: same text, unit, person and deadline."""
        now = self.now
        return asked.model_copy(update={"action": None}) == Assignment(
            title=self.title,
            description=self.steps[0].note,
            unit=now.unit,
            person=now.person,
            due_on=now.due_on,
        )

    @property
    def reopens(self) -> bool:
        """Whether it is off the list and would return to it if its newest step were annulled."""
        return not self.is_open and len(self.steps) > 1 and self.steps[-2].status in OPEN

    def require_status(self, *statuses: TaskStatus) -> None:
        """Refused unless the task has one of these statuses."""
        if self.now.status not in statuses:
            raise Refused(
                "task.wrong-status",
                title=self.title,
                status=STATUSES[self.now.status],
                possible=[STATUSES[each] for each in statuses],
            )

    def require_next_day(self, day: date, context: DecisionContext) -> None:
        """Refused for a day before the last step or in the future."""
        if day < self.now.on:
            raise Refused("task.before-last-step", title=self.title, last=self.now.on, day=day)
        context.require_past(day)

    def cancelled(self, day: date, context: DecisionContext, reason: str) -> TaskCancelled:
        """Its cancellation by a decision on the subject that it comes from."""
        self.require_next_day(day, context)
        return TaskCancelled(
            title=self.title, community=self.community, cancelled_on=day, reason=reason
        )

    def resumed(self, reason: str) -> TaskStepAnnulled:
        """The annulment of its cancellation, when the decision that cancelled it is annulled."""
        return TaskStepAnnulled(
            title=self.title, community=self.community, annuls=self.now.version, reason=reason
        )

    def evolve(self, event: TaskEvent) -> Self:
        """The state after one more event of this task."""
        match event:
            case TaskAssigned():
                return self._assigned(event)
            case TaskStepAnnulled(annuls=version):
                return self._without(version)
            case TaskDeadlineExtended(extended_on=day, due_on=due_on):
                return self._stepped(day, note=event.reason, due_on=due_on)
            case TaskReassigned(reassigned_on=day):
                return self._stepped(
                    day,
                    event.person,
                    status="assigned",
                    note=event.reason,
                    unit=event.unit,
                    person=event.person,
                )
            case TaskCancelled(cancelled_on=day):
                return self._stepped(day, status="cancelled", note=event.reason)
            case TaskAccepted(accepted_on=day):
                return self._stepped(day, event.accepted_by, status="accepted", note=None)
            case TaskProgressed(progressed_on=day, percent=percent):
                return self._stepped(day, event.progressed_by, note=event.note, percent=percent)
            case TaskReported(reported_on=day):
                return self._stepped(
                    day, event.reported_by, status="reported", note=event.evidence, percent=100
                )
            case TaskClosedOut(closed_on=day):
                return self._stepped(day, status="closed", note=event.finding, is_verdict=True)
            case TaskReturned():
                return self._returned(event)
            case _:
                assert_never(event)

    def _returned(self, event: TaskReturned) -> Self:
        undone = [each.percent for each in self.steps if each.status != "reported"]
        return self._stepped(
            event.returned_on,
            status="returned",
            note=event.reason,
            due_on=event.due_on or self.now.due_on,
            percent=undone[-1],
            is_verdict=True,
        )

    def _assigned(self, event: TaskAssigned) -> Self:
        first = TaskStep(
            version=self.version,
            on=event.assigned_on,
            status="assigned",
            unit=event.unit,
            person=event.person,
            due_on=event.due_on,
            note=event.description,
            participants=frozenset((event.person,)),
        )
        return changed(
            self,
            title=event.title,
            place=f"community:{event.community}"
            if event.community
            else f"jurisdiction:{event.jurisdiction}",
            community=event.community,
            source_stream=event.source_stream,
            steps=(first,),
        )

    def _without(self, version: int) -> Self:
        steps = tuple(step for step in self.steps if step.version != version)
        gone = (step.participants for step in self.steps if step.version == version)
        return changed(
            self, steps=steps, annulled_participants=self.annulled_participants.union(*gone)
        )

    def _stepped(self, day: date, participant: str | None = None, **fields: Any) -> Self:
        last = self.now
        step = changed(
            last,
            version=self.version,
            on=day,
            participants=last.participants | {participant} if participant else last.participants,
            lapses=_lapses(last, day),
            **{"is_verdict": False, **fields},
        )
        return changed(self, steps=(*self.steps, step))


def _place(event: TaskAssigned) -> str:
    if event.community:
        return f"community:{event.community}"
    return f"jurisdiction:{event.jurisdiction}"


def _lapses(last: TaskStep, day: date) -> tuple[Lapse, ...]:
    """The lapses so far, and a new one if the deadline applied and had passed on this day.

    The policy decides which days are working days, so each lapse is kept, not only the longest.
    """
    if last.status not in TICKING or day <= last.due_on:
        return last.lapses
    others = (each for each in last.lapses if each.due_on != last.due_on)
    return (*others, Lapse(last.due_on, day))
