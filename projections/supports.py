"""The support of communities: by whom and how on any day, its plan, and what became of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast, get_args

from domain.kernel.event import Event
from domain.support.events import (
    AssignmentEnded,
    AssignmentEvent,
    CommunityNotUpgraded,
    CommunityUpgraded,
    MilestoneReached,
    OutcomeEvent,
    ProgressEvent,
    SupportBegun,
    SupportEnded,
    SupportEntryAnnulled,
    SupporterAssigned,
    SupportPlanned,
    SupportReported,
    SupportResumed,
)
from projections.engine.projection import Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry

SQL = statements(__file__)


class SupportLine(NamedTuple):
    """The support of one community after one round."""

    support: str
    community: str
    round: str
    grade: str
    begun_on: date
    position: int


class SupportOutcome(NamedTuple):
    """What became of a support from a day on, until it was resumed if it was."""

    support: str
    version: int
    over_on: date
    resumed_on: date | None
    outcome: str
    next_round: str | None
    next_grade: str | None
    conclusion: str | None
    position: int


class SupportAssignment(NamedTuple):
    """Who supports the community in which way; `planned_until` is the end that was planned."""

    support: str
    assignment: str
    kind: str
    person: str | None
    unit: str | None
    mentor: str | None
    effective_from: date
    effective_until: date | None
    planned_until: date | None
    version: int
    ended_by: int | None
    position: int


class SupportPlan(NamedTuple):
    """What a support aims at, until another plan took the place of this one."""

    support: str
    planned_on: date
    replaced_on: date | None
    aim: str
    position: int


class SupportGoal(NamedTuple):
    """A milestone of a plan."""

    support: str
    planned_on: date
    milestone: str
    replaced_on: date | None
    title: str
    due_on: date
    position: int


class SupportReach(NamedTuple):
    """That a milestone was reached."""

    support: str
    milestone: str
    version: int
    reached_on: date
    comment: str | None
    position: int


class SupportReport(NamedTuple):
    """How the support went, as somebody reported it."""

    support: str
    version: int
    reported_on: date
    progress: str
    person: str
    position: int


P = TypeVar("P", SupportPlan, SupportGoal)


class Supports(Projection):
    """Supports, each on a page of its own."""

    name = "supports"
    kinds = (
        SupportLine,
        SupportOutcome,
        SupportAssignment,
        SupportPlan,
        SupportGoal,
        SupportReach,
        SupportReport,
    )
    # What a milestone is tasked with is read from the tasks themselves.
    events = cast(
        tuple[type[Event], ...],
        tuple(
            event
            for union in (AssignmentEvent, ProgressEvent, OutcomeEvent)
            for event in get_args(union)
        ),
    )
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """The support after this entry."""
        event, at = entry.event, entry.position
        match event:
            case SupportBegun():
                stated = (event.community, event.round, event.grade, event.effective_from)
                return page.having(SupportLine, [SupportLine(key, *stated, at)])
            case SupporterAssigned() | AssignmentEnded():
                assignments = _assigned(key, page.of(SupportAssignment), entry)
                return page.having(SupportAssignment, assignments)
            case SupportPlanned():
                return _planned(key, page, event, at)
            case MilestoneReached():
                told = (event.milestone, entry.version, event.reached_on, event.comment, at)
                return page.having(SupportReach, [*page.of(SupportReach), SupportReach(key, *told)])
            case SupportReported():
                what = (event.reported_on, event.progress, entry.actor.person, at)
                report = SupportReport(key, entry.version, *what)
                return page.having(SupportReport, [*page.of(SupportReport), report])
            case SupportEntryAnnulled():
                return _without(page, event.annuls, at)
            case SupportResumed():
                outcomes = [
                    each._replace(resumed_on=event.resumed_on) if each.resumed_on is None else each
                    for each in page.of(SupportOutcome)
                ]
                return _touched(page.having(SupportOutcome, outcomes), at)
            case _:
                outcome = _outcome(key, event, entry.version, at)
                return page.having(SupportOutcome, [*page.of(SupportOutcome), outcome])


def _assigned(
    key: str, assignments: tuple[SupportAssignment, ...], entry: AnyEntry
) -> Iterable[SupportAssignment]:
    event = entry.event
    if isinstance(event, SupporterAssigned):
        giver = (event.person, event.unit, event.mentor)
        days = (event.effective_from, event.effective_until, event.effective_until)
        return [
            *assignments,
            SupportAssignment(
                key,
                event.assignment,
                event.kind,
                *giver,
                *days,
                entry.version,
                None,
                entry.position,
            ),
        ]
    assert isinstance(event, AssignmentEnded)
    ended: dict[str, Any] = {
        "effective_until": event.effective_until,
        "ended_by": entry.version,
        "position": entry.position,
    }
    return [
        each._replace(**ended) if each.assignment == event.assignment else each
        for each in assignments
    ]


def _planned(key: str, page: Page, event: SupportPlanned, at: int) -> Page:
    """The plan from its day on, whatever was planned for later days before it was recorded."""
    day = event.planned_on
    plan = SupportPlan(key, day, None, event.aim, at)
    goals = [
        SupportGoal(key, day, each.milestone, None, each.title, each.due_on, at)
        for each in event.milestones
    ]
    return page.having(SupportPlan, [*_until(day, page.of(SupportPlan)), plan]).having(
        SupportGoal, [*_until(day, page.of(SupportGoal)), *goals]
    )


def _until(day: date, rows: Iterable[P]) -> Iterator[P]:
    for row in rows:
        if row.planned_on < day:
            lasts = row.replaced_on is None or row.replaced_on > day
            yield row._replace(replaced_on=day) if lasts else row


def _without(page: Page, version: int, at: int) -> Page:
    if version in [each.version for each in page.of(SupportOutcome)]:
        page = _touched(page, at)
    assignments = [
        each._replace(effective_until=each.planned_until, ended_by=None, position=at)
        if each.ended_by == version
        else each
        for each in page.of(SupportAssignment)
        if each.version != version
    ]
    page = page.having(SupportAssignment, assignments)
    kinds: tuple[Any, ...] = (SupportOutcome, SupportReach, SupportReport)
    for kind in kinds:
        page = page.having(kind, [each for each in page.of(kind) if each.version != version])
    return page


def _touched(page: Page, at: int) -> Page:
    return page.having(SupportLine, [each._replace(position=at) for each in page.of(SupportLine)])


def _outcome(key: str, event: Event, version: int, at: int) -> SupportOutcome:
    match event:
        case CommunityUpgraded():
            said = ("upgraded", event.next_round, event.grade, event.comment)
            return SupportOutcome(key, version, event.concluded_on, None, *said, at)
        case CommunityNotUpgraded():
            said = ("not-upgraded", event.next_round, event.grade, event.consequence)
            return SupportOutcome(key, version, event.concluded_on, None, *said, at)
        case SupportEnded():
            why = event.reason
            return SupportOutcome(key, version, event.ended_on, None, "ended", None, None, why, at)
        case _:
            raise AssertionError(f"{type(event).__name__} is not read here")


class Filter(NamedTuple):
    """What a list of supports is narrowed to; `open` is whether they go on, on the asked day."""

    round: str | None = None
    community: str | None = None
    unit: str | None = None
    outcome: str | None = None
    open: bool | None = None


EVERY = Filter()


class GoalView(NamedTuple):
    """A milestone with its tasks on the asked day: how many, how many open, how many closed out,
    and by how many per cent they are done together. Cancelled ones do not count there."""

    milestone: str
    title: str
    due_on: date
    reached_on: date | None
    comment: str | None
    version: int | None
    position: int
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int | None


class SupportView(NamedTuple):
    """A support as it is on the asked day: with the community's name, its plan, who supports it,
    how many of its milestones are reached and how many are past due, how far its tasks are, and
    what became of it; `outcome` is null while it goes on.

    `round_annulled_on` says that the round is void whose grade it rests on.
    """

    support: str
    community: str
    round: str
    grade: str
    begun_on: date
    ended_on: date | None
    outcome: str | None
    next_round: str | None
    next_grade: str | None
    conclusion: str | None
    aim: str | None
    planned_on: date | None
    position: int
    community_name: str | None
    unit: str | None
    unit_name: str | None
    kinds: list[str]
    milestones: int
    reached: int
    overdue: int
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int | None
    round_annulled_on: date | None


def supports(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[SupportView]:
    """Supports in the order of (beginning, id), behind `after` for the next page."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        support=None,
        after_day=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [SupportView(**row) for row in rows]


def one(view: View, id: str, *, effective: date) -> SupportView | None:
    """One support; None if there is none on the day."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        support=id,
        after_day=None,
        after_id=None,
        limit=1,
        **EVERY._asdict(),
    )
    return SupportView(**rows[0]) if rows else None


class AssignmentView(NamedTuple):
    """Who supports the community on a day, or did by then."""

    assignment: str
    kind: str
    person: str | None
    unit: str | None
    mentor: str | None
    mentor_name: str | None
    effective_from: date
    effective_until: date | None
    version: int
    ended_by: int | None
    position: int


def assignments(view: View, id: str, *, effective: date) -> list[AssignmentView]:
    """Who supports the community on a day, or did by then, in the order of their days."""
    rows = view.rows(SQL["assignments"], support=id, effective=effective)
    return [AssignmentView(**row) for row in rows]


def goals(view: View, id: str, *, effective: date) -> list[GoalView]:
    """The milestones of the plan with their tasks on a day, in the order in which they are due."""
    return [GoalView(**row) for row in view.rows(SQL["goals"], support=id, effective=effective)]


def reports(view: View, id: str, *, effective: date) -> list[SupportReport]:
    """The reports until a day, in the order of their days."""
    rows = view.rows(SQL["reports"], support=id, effective=effective)
    return [SupportReport(**row) for row in rows]
