"""The life of a task in the demo: accepted, pushed on, reported, verified; late, returned or given
to somebody else. Whoever verifies it is never whoever does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Literal, NamedTuple

from api.demo.acts import Paper
from api.demo.chance import chance
from api.demo.chronicle import Chronicle
from api.demo.task_words import (
    CANCELLED,
    EVIDENCE,
    EXTENDED,
    FINDINGS,
    MISTAKEN,
    NOTES,
    REASSIGNED,
    RETURNED,
    said,
    written,
)
from api.demo.thread import LAST_DAY, Thread
from api.demo.working_days import later, working_day
from domain.command import Command
from domain.occasion import Acting
from domain.task.assignment import (
    Assignment,
    CancelTask,
    ExtendTaskDeadline,
    ReassignTask,
)
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)

Fate = Literal["plain", "late", "long", "extended", "returned", "handed", "mistaken", "dropped"]
# How many of a thousand tasks go this way.
FATES: dict[Fate, int] = {
    "plain": 745,
    "late": 70,
    "long": 15,
    "extended": 55,
    "returned": 65,
    "handed": 28,
    "mistaken": 4,
    "dropped": 18,
}
SEATS = 3


class Office(NamedTuple):
    """An office at a jurisdiction: who does a task, gives it, or verifies it."""

    roles: str | Sequence[str]
    where: str

    def on(self, chronicle: Chronicle, day: date, seat: str = "") -> Acting:
        """Whoever holds it on a day."""
        return chronicle.by(self.roles, self.where, day, seat=seat)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is to be done, by which office until when, and which office verifies it."""

    title: str
    doer: Office
    verifier: Office
    giver: Office
    given_on: date
    due_on: date
    description: str | None = None

    def person(self, chronicle: Chronicle, *, other: int = 0) -> Acting:
        """Who is to do it: one of several in the office, and `other` the next of them."""
        seat = chance("seat", self.title, self.doer.where, self.given_on).randrange(SEATS) + other
        return self.doer.on(chronicle, self.given_on, f"desk {seat % SEATS}")

    def assignment(self, chronicle: Chronicle) -> Assignment:
        """The errand as a command assigns it."""
        return Assignment(
            title=self.title,
            description=self.description,
            unit=self.doer.where,
            person=self.person(chronicle).actor.person,
            due_on=self.due_on,
        )


class Outcome(NamedTuple):
    """What became of a task, on the day of its last step."""

    status: Literal["closed", "cancelled", "open"]
    on: date
    thread: Thread


Step = tuple[date, Command[Any], Acting, tuple[Paper, ...]]


def live(
    chronicle: Chronicle,
    id: str,
    errand: Errand,
    *,
    told_on: date,
    until: date = date.max,
    surely: bool = False,
) -> Outcome:
    """Tell what becomes of a task that was put on record on a day, as far as its time goes.

    `until` is the first day on which nothing happens any more; `surely` it is done at last.
    """
    thread = Thread(chronicle, f"task:{id}", entries=1)
    course = _Course(chronicle, errand, chance("task", id), told_on)
    course.plan(surely=surely)
    status: Literal["closed", "cancelled", "open"] = "open"
    last = told_on
    for day, command, by, papers in course.steps:
        if day >= until or day > LAST_DAY:
            break
        thread.note(day, command, by, *papers)
        last = day
        if isinstance(command, CloseOutTask):
            status = "closed"
        elif isinstance(command, CancelTask):
            status = "cancelled"
    return Outcome(status, last, thread)


def give_up(chronicle: Chronicle, outcome: Outcome, errand: Errand, day: date, reason: str) -> None:
    """A task that is still open is cancelled, by the office that gave it."""
    day = max(day, outcome.on)
    if day <= LAST_DAY:
        command = CancelTask(cancelled_on=day, reason=reason)
        outcome.thread.note(day, command, errand.giver.on(chronicle, day))


class _Course:
    """One task on its way, planned step by step."""

    def __init__(self, chronicle: Chronicle, errand: Errand, random: Random, told_on: date) -> None:
        self.chronicle = chronicle
        self.errand = errand
        self.random = random
        self.day = told_on
        self.due_on = errand.due_on
        self.by = errand.person(chronicle)
        self.steps: list[Step] = []

    def plan(self, *, surely: bool) -> None:
        """All steps to the end."""
        fate = self.random.choices([*FATES], [*FATES.values()])[0]
        if fate == "dropped" and surely:
            fate = "plain"
        self._pass(1, 3)
        self._note(AcceptTask(accepted_on=self.day))
        if fate == "handed":
            self._hand_on()
        done_on = self._done_on(fate)
        if fate == "dropped":
            self._pass(4, 25)
            reason = said(self.random, CANCELLED)
            self._note(CancelTask(cancelled_on=self.day, reason=reason), self._giver())
            return
        self._push_on(done_on)
        if fate == "extended":
            done_on = self._extend()
        self.day = max(self.day, done_on)
        self._report()
        if fate == "mistaken":
            self._withdraw()
        if fate == "returned":
            self._return()
        self._pass(1, 6)
        finding = written(self.random, FINDINGS)
        self._note(CloseOutTask(closed_on=self.day, finding=finding), self._verifier())

    def _done_on(self, fate: Fate) -> date:
        """When it would be reported complete."""
        if fate == "late":
            return later(self.due_on, self.random.randint(2, 22))
        if fate == "long":
            return later(self.due_on, self.random.randint(40, 110))
        left = (self.due_on - self.day).days
        return self._before(self.day + timedelta(days=int(left * self.random.uniform(0.55, 0.97))))

    def _push_on(self, done_on: date) -> None:
        """Some notes of how far it has come."""
        notes = self.random.choice((0, 0, 0, 0, 1, 1, 2))
        begun, days = self.day, (done_on - self.day).days
        for number in range(1, notes + 1):
            on = working_day(begun + timedelta(days=days * number // (notes + 1)))
            if on > self.day and on < done_on:
                self.day = on
                percent = 5 * round((80 * number / (notes + 1) + self.random.randint(0, 12)) / 5)
                note = said(self.random, NOTES)
                self._note(RecordTaskProgress(progressed_on=on, percent=percent, note=note))

    def _hand_on(self) -> None:
        self._pass(2, 8)
        self.by = self.errand.person(self.chronicle, other=1)
        handed = ReassignTask(
            reassigned_on=self.day,
            unit=self.errand.doer.where,
            person=self.by.actor.person,
            reason=said(self.random, REASSIGNED),
        )
        self._note(handed, self._giver())
        self._pass(1, 2)
        self._note(AcceptTask(accepted_on=self.day))

    def _extend(self) -> date:
        """More time is given shortly before the deadline, or when it has passed."""
        asked_on = working_day(self.due_on + timedelta(days=self.random.choice((-9, -6, -4, 3))))
        self.day = max(self.day, asked_on)
        self.due_on = max(self.due_on, self.day) + timedelta(days=self.random.choice((20, 30, 45)))
        reason = said(self.random, EXTENDED)
        command = ExtendTaskDeadline(extended_on=self.day, due_on=self.due_on, reason=reason)
        self._note(command, self._giver())
        return self._before(self.due_on - timedelta(days=self.random.randint(1, 12)))

    def _report(self) -> None:
        papers: tuple[Paper, ...] = ()
        if self.random.random() < 0.06 and self.errand.doer.where in self.chronicle.places:
            place = self.chronicle.place_on(self.errand.doer.where, self.day)
            title = f"关于“{self.errand.title}”办理情况的报告"
            papers = (self.chronicle.place_paper(place, title, self.day),)
        report = ReportTask(reported_on=self.day, evidence=said(self.random, EVIDENCE))
        self._note(report, papers=papers)

    def _withdraw(self) -> None:
        """The report was another task's: it is annulled, and made again when it is true."""
        newest = 1 + len(self.steps)
        self._pass(1, 3)
        self._note(AnnulTaskStep(annuls=newest, reason=MISTAKEN), self._giver())
        self._pass(4, 15)
        self._report()

    def _return(self) -> None:
        self._pass(1, 5)
        self.due_on = max(self.due_on, self.day) + timedelta(days=self.random.choice((10, 15, 30)))
        reason = said(self.random, RETURNED)
        command = ReturnTask(returned_on=self.day, due_on=self.due_on, reason=reason)
        self._note(command, self._verifier())
        self._pass(3, 12)
        self._report()

    def _giver(self) -> Acting:
        return self.errand.giver.on(self.chronicle, self.day)

    def _verifier(self) -> Acting:
        return self.errand.verifier.on(self.chronicle, self.day)

    def _before(self, day: date) -> date:
        """The working day at or behind this one, but never before where the task stands."""
        return max(self.day, working_day(day))

    def _pass(self, least: int, most: int) -> None:
        self.day = later(self.day, self.random.randint(least, most))

    def _note(
        self, command: Command[Any], by: Acting | None = None, papers: tuple[Paper, ...] = ()
    ) -> None:
        self.steps.append((self.day, command, by or self.by, papers))
