"""The state of a community's support after a round. Decides nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self, assert_never, cast

from domain.community.state import Community
from domain.kernel.context import DecisionContext
from domain.kernel.event import StreamEvent
from domain.kernel.refusal import NotOnRecord, Refused
from domain.kernel.reservation import Held, Reservation
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.round.community_in_round import CommunityInRound
from domain.support.events import (
    AssignmentEnded,
    CommunityNotUpgraded,
    CommunityUpgraded,
    MilestoneReached,
    SupportBegun,
    SupportEnded,
    SupportEntryAnnulled,
    SupporterAssigned,
    SupportEvent,
    SupportMilestone,
    SupportPlanned,
    SupportReported,
    SupportResumed,
    SupportTasked,
)
from domain.support.succession import Succession
from domain.task.source import TaskSource
from domain.task.state import Task

NOT_OVER: Mapping[str, Any] = MappingProxyType(
    dict.fromkeys(("ended_on", "ended_by", "concluded_by"))
)


@dataclass(frozen=True, kw_only=True)
class Supporter:
    """An assignment: who supports the community, how and when. The days are as stated.

    `planned_until` is the end that applies again when an early end is annulled.
    """

    id: str
    kind: str
    giver: str  # the person, the unit or the community
    version: int
    effective_from: date
    effective_until: date | None
    planned_until: date | None
    ended_by: int | None = None


class Pause(NamedTuple):
    """Days on which a support was over before it resumed."""

    ended_on: date
    resumed_on: date


@dataclass(frozen=True, kw_only=True)
class Support(CommunityInRound, TaskSource):
    """One community's support after the round whose grade it rests on.

    `reached` has the entry that states each milestone, `ended_by` the one that states its
    outcome; `concluded_by` is the round that decided it. On the days of `pauses` it was over and
    resumed afterwards.
    """

    kind: ClassVar[str] = "support"
    what: ClassVar[Bilingual] = Bilingual(zh="帮扶", en="support")

    grade: str = ""
    begun_on: date = date.min
    ended_on: date | None = None
    ended_by: int | None = None
    concluded_by: str | None = None
    cancelled_with_it: tuple[str, ...] = ()  # the tasks that were cancelled with its outcome
    pauses: tuple[Pause, ...] = ()
    assignments: Mapping[str, Supporter] = field(default_factory=dict)
    milestones: tuple[SupportMilestone, ...] = ()
    plans: tuple[tuple[int, SupportPlanned], ...] = ()  # the plan in force, with its entry
    reached: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reports: Mapping[int, SupportReported] = field(default_factory=dict)  # by version
    days: Mapping[int, date] = field(default_factory=dict)  # the day of each action, by entry
    annulled: frozenset[int] = frozenset()

    @property
    def called(self) -> Bilingual:
        """Its name in a refusal: its community and its round."""
        return Bilingual(
            zh=f"community:{self.community} 在该轮评定（编号 {self.round}）之后的{self.what.zh}",
            en=f"the support of community:{self.community} after the round {self.round}",
        )

    @property
    def key(self) -> Succession:
        """The community, which has one support at a time."""
        return Succession(self.community)

    def spans(self) -> list[DateSpan]:
        """The days on which it is open."""
        begins = (self.begun_on, *(pause.resumed_on for pause in self.pauses))
        ends = (*(pause.ended_on for pause in self.pauses), self.ended_on)
        return [DateSpan(*days) for days in zip(begins, ends, strict=True)]

    def held(self) -> Iterable[Held]:
        """The community, with the days on which it is open."""
        return [Held(self.key, self.spans())]

    @property
    def keys(self) -> dict[str, Any]:
        """The fields that every event of a support has."""
        return {"community": self.community, "round": self.round}

    def task_streams(self) -> Iterator[str]:
        """The streams of all tasks of its milestones."""
        return (f"task:{id}" for ids in self.tasks.values() for id in ids)

    def tasks_of(self, milestone: str, context: DecisionContext) -> list[Task]:
        """The tasks of a milestone, which the command has consulted."""
        return [context.state(Task, id) for id in self.tasks.get(milestone, ())]

    def open_tasks(self, context: DecisionContext) -> list[Task]:
        """Its open tasks. The command has consulted all its tasks."""
        tasks = (task for milestone in self.tasks for task in self.tasks_of(milestone, context))
        return [task for task in tasks if task.is_open]

    def ended(self, day: date, reason: str, context: DecisionContext) -> Iterator[StreamEvent]:
        """Its early end and the cancellation of its open tasks, which the command consulted."""
        yield StreamEvent(self.stream, self.early_end(day, reason, context))
        yield from self.cancelled(day, reason, context)

    def early_end(self, day: date, reason: str, context: DecisionContext) -> SupportEnded:
        """Its early end, naming the tasks that are cancelled with it."""
        with_it = tuple(task.id for task in self.open_tasks(context))
        return SupportEnded(**self.keys, ended_on=day, reason=reason, cancelled=with_it)

    def cancelled(self, day: date, reason: str, context: DecisionContext) -> Iterator[StreamEvent]:
        """The cancellation of its open tasks."""
        for task in self.open_tasks(context):
            yield StreamEvent(task.stream, task.cancelled(day, context, reason))

    def cancelled_by(self, version: int) -> tuple[str, ...]:
        """The tasks that were cancelled with its outcome, if this entry states the outcome."""
        return self.cancelled_with_it if version == self.ended_by else ()

    def going_on(
        self, day: date, reason: str, context: DecisionContext, *, void: str
    ) -> Iterator[StreamEvent]:
        """The events if the round `void`, which concluded it, is annulled on a day: it
        resumes, with its tasks, as if it had not been concluded.

        If another support began in between, it resumes once that is over. While one is open that
        rests on another round, it stays concluded. The command consulted all of them.
        """
        assert self.ended_on, "it was concluded"
        assert self.ended_by, "it was concluded"
        later = [each for each in self._others(context) if each.begun_on >= self.ended_on]
        if any(each.ended_on is None and each.round != void for each in later):
            return
        if later:
            since = max(day, *(each.ended_on or day for each in later))
            again = SupportResumed(**self.keys, resumed_on=since, reason=reason)
            yield StreamEvent(self.stream, again)
        else:
            annulled = SupportEntryAnnulled(**self.keys, annuls=self.ended_by, reason=reason)
            yield StreamEvent(self.stream, annulled)
        yield from self.resumed(reason, context)

    def _others(self, context: DecisionContext) -> Iterator["Support"]:
        for stream in self.key.streams():
            reservation = cast(Reservation, context.consulted[stream])
            for holder in reservation.holders:
                if holder != self.stream:
                    yield cast(Support, context.consulted[holder])

    def resumed(self, reason: str, context: DecisionContext) -> Iterator[StreamEvent]:
        """The resumption of tasks that were cancelled with its end, which the command consulted."""
        for id in self.cancelled_with_it:
            task = context.state(Task, id)
            yield StreamEvent(task.stream, task.resumed(reason))

    def require_open_task(self, task: str) -> None:
        """Refused for a task of a support that is over or of a reached milestone."""
        if self.ended_by is not None:
            raise Refused("support.task-not-reopened", entry=self.ended_by)
        milestone = next((id for id, tasks in self.tasks.items() if task in tasks), None)
        if milestone is not None and milestone in self.reached:
            at, title = self.reached[milestone], self.title_of(milestone)
            raise Refused("support.task-of-milestone-reached", milestone=title, entry=at)

    def require_open(self) -> None:
        """Refused when the support is over."""
        if self.ended_on is not None:
            raise Refused("support.over", community=self.community, ended_on=self.ended_on)

    def require_lasting_on(self, day: date, context: DecisionContext) -> None:
        """Refused for a day on which it is not open or its community does not exist.

        The command consulted the community.
        """
        self.require_since_beginning(day)
        for pause in self.pauses:
            if pause.ended_on <= day < pause.resumed_on:
                raise Refused(
                    "support.paused", day=day, ended_on=pause.ended_on, resumed_on=pause.resumed_on
                )
        context.state(Community, self.community).require_existing_on(day)

    def require_since_beginning(self, day: date) -> None:
        """Refused for a day before the support began."""
        if day < self.begun_on:
            raise Refused("support.before-beginning", day=day, begun_on=self.begun_on)

    def require_end(self, day: date, context: DecisionContext) -> None:
        """Refused for an end before the support began or before an action in it.

        Future actions do not count: an assignment that was to begin later is dropped.
        """
        self.require_since_beginning(day)
        done = ((on, at) for at, on in self.days.items() if on <= context.today)
        last, entry = max(done, default=(date.min, 0))
        if day < last:
            raise Refused("support.ends-before-entry", entry=entry, last=last, day=day)

    def assignment(self, id: str) -> Supporter:
        """An assignment; NotOnRecord if there is none of this id."""
        if id not in self.assignments:
            raise NotOnRecord("support.no-assignment", assignment=id)
        return self.assignments[id]

    def title_of(self, id: str) -> str:
        """The title of a milestone; its id if the plan no longer has it."""
        return next((each.title for each in self.milestones if each.milestone == id), id)

    def milestone(self, id: str) -> SupportMilestone:
        """A milestone of the plan; NotOnRecord if there is none of this id."""
        for milestone in self.milestones:
            if milestone.milestone == id:
                return milestone
        raise NotOnRecord("support.no-milestone", milestone=id)

    def require_annullable(self, version: int) -> None:
        """Refused unless the entry states an assignment, its end, a milestone or a report."""
        if version > self.version:
            raise NotOnRecord("support.no-entry", entry=version, last=self.version)
        if version in self.annulled:
            raise Refused("support.entry-annulled", entry=version)
        assignments = self.assignments.values()
        known = {*self.reports, *self.reached.values(), *(a.version for a in assignments)}
        if version not in known | {a.ended_by for a in assignments}:
            raise Refused("support.entry-not-annullable", entry=version)

    def evolve(self, event: SupportEvent) -> Self:
        """The state after one more event of this support."""
        match event:
            case SupportBegun():
                return changed(self, grade=event.grade, begun_on=event.effective_from)
            case SupporterAssigned():
                return self._done(event.effective_from)._with(self._supporter(event))
            case AssignmentEnded():
                was = self.assignments[event.assignment]
                until = event.effective_until
                ended = replace(was, effective_until=until, ended_by=self.version)
                return self._done(until)._with(ended)
            case SupportPlanned():
                plans = ((self.version, event),)
                planned = self._done(event.planned_on)
                return changed(planned, milestones=event.milestones, plans=plans)
            case MilestoneReached():
                reached = {**self.reached, event.milestone: self.version}
                return changed(self._done(event.reached_on), reached=reached)
            case SupportReported():
                reports = {**self.reports, self.version: event}
                return changed(self._done(event.reported_on), reports=reports)
            case SupportEntryAnnulled(annuls=was):
                return self._without(was)
            case SupportTasked(milestone=id):
                tasks = (*self.tasks.get(id, ()), *event.tasks)
                return changed(self._done(event.assigned_on), tasks={**self.tasks, id: tasks})
            case CommunityUpgraded() | CommunityNotUpgraded():
                over = self._over(event.concluded_on, event.cancelled)
                return changed(over, concluded_by=event.next_round)
            case SupportEnded():
                return self._over(event.ended_on, event.cancelled)
            case SupportResumed():
                return self._over_no_more(event.resumed_on)
            case _:
                assert_never(event)

    def _done(self, day: date) -> Self:
        return changed(self, days={**self.days, self.version: day})

    def _supporter(self, event: SupporterAssigned) -> Supporter:
        return Supporter(
            id=event.assignment,
            kind=event.kind,
            giver=event.person or event.unit or event.mentor or "",
            version=self.version,
            effective_from=event.effective_from,
            effective_until=event.effective_until,
            planned_until=event.effective_until,
        )

    def _over(self, day: date, cancelled: tuple[str, ...]) -> Self:
        return changed(self, ended_on=day, ended_by=self.version, cancelled_with_it=cancelled)

    def _over_no_more(self, day: date) -> Self:
        assert self.ended_on is not None, "it was over"
        pauses = (*self.pauses, Pause(self.ended_on, day))
        return changed(self._done(day), pauses=pauses, cancelled_with_it=(), **NOT_OVER)

    def _with(self, assignment: Supporter) -> Self:
        return changed(self, assignments={**self.assignments, assignment.id: assignment})

    def _without(self, version: int) -> Self:
        if version == self.ended_by:
            annulled = self.annulled | {version}
            return changed(self, annulled=annulled, cancelled_with_it=(), **NOT_OVER)
        assignments = {
            id: replace(each, ended_by=None, effective_until=each.planned_until)
            if each.ended_by == version
            else each
            for id, each in self.assignments.items()
            if each.version != version
        }
        return changed(
            self,
            assignments=assignments,
            reached={id: at for id, at in self.reached.items() if at != version},
            reports={at: each for at, each in self.reports.items() if at != version},
            days={at: day for at, day in self.days.items() if at != version},
            annulled=self.annulled | {version},
        )
