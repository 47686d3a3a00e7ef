"""The support of communities: by whom and how on any day, its plan, and what became of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from domain.event import Event
from domain.support.assignment import (
    AssignmentEnded,
    AssignmentEvent,
    SupportBegun,
    SupporterAssigned,
)
from domain.support.outcome import (
    CommunityNotUpgraded,
    CommunityUpgraded,
    OutcomeEvent,
    SupportEnded,
)
from domain.support.progress import (
    MilestoneReached,
    ProgressEvent,
    SupportEntryAnnulled,
    SupportPlanned,
    SupportReported,
)
from projections.projection import Page, Projection
from projections.view import View
from record.entry import AnyEntry
from record.sql import statements

SQL = statements(__file__)


class SupportLine(NamedTuple):
    """The support of one community after one round. `outcome` is null while it goes on."""

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
    ended_by: int | None
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


class SupportGoal(NamedTuple):
    """A milestone of the plan, and when it was reached."""

    support: str
    milestone: str
    title: str
    due_on: date
    reached_on: date | None
    comment: str | None
    version: int | None
    position: int


class SupportReport(NamedTuple):
    """How the support went, as somebody reported it."""

    support: str
    version: int
    reported_on: date
    progress: str
    person: str
    position: int


class Supports(Projection):
    """Supports, each on a page of its own."""

    name = "supports"
    kinds = (SupportLine, SupportAssignment, SupportGoal, SupportReport)
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
                return page.having(SupportLine, [SupportLine(key, *stated, *(None,) * 8, at)])
            case SupporterAssigned() | AssignmentEnded():
                assignments = _assigned(key, page.of(SupportAssignment), entry)
                return page.having(SupportAssignment, assignments)
            case SupportPlanned():
                goals = _goals(key, page.of(SupportGoal), event, at)
                return _changed(page.having(SupportGoal, goals), event, at)
            case MilestoneReached():
                reached: dict[str, Any] = {
                    "reached_on": event.reached_on,
                    "comment": event.comment,
                    "version": entry.version,
                    "position": at,
                }
                goals = [
                    goal._replace(**reached) if goal.milestone == event.milestone else goal
                    for goal in page.of(SupportGoal)
                ]
                return page.having(SupportGoal, goals)
            case SupportReported():
                what = (event.reported_on, event.progress, entry.actor.person, at)
                report = SupportReport(key, entry.version, *what)
                return page.having(SupportReport, [*page.of(SupportReport), report])
            case SupportEntryAnnulled():
                return _without(page, event.annuls, at)
            case _:
                return _ended_by(_changed(page, event, at), entry.version)


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


def _goals(
    key: str, goals: tuple[SupportGoal, ...], event: SupportPlanned, at: int
) -> Iterable[SupportGoal]:
    reached = {goal.milestone: goal for goal in goals if goal.reached_on is not None}
    for each in event.milestones:
        if was := reached.get(each.milestone):
            yield was._replace(title=each.title, due_on=each.due_on)
        else:
            yield SupportGoal(key, each.milestone, each.title, each.due_on, None, None, None, at)


def _without(page: Page, version: int, at: int) -> Page:
    (line,) = page.of(SupportLine)
    if line.ended_by == version:
        over = ("ended_on", "outcome", "next_round", "next_grade", "conclusion", "ended_by")
        again: dict[str, Any] = {**dict.fromkeys(over), "position": at}
        return page.having(SupportLine, [line._replace(**again)])
    assignments = [
        each._replace(effective_until=each.planned_until, ended_by=None, position=at)
        if each.ended_by == version
        else each
        for each in page.of(SupportAssignment)
        if each.version != version
    ]
    open_again: dict[str, Any] = {
        "reached_on": None,
        "comment": None,
        "version": None,
        "position": at,
    }
    goals = [
        goal._replace(**open_again) if goal.version == version else goal
        for goal in page.of(SupportGoal)
    ]
    reports = [each for each in page.of(SupportReport) if each.version != version]
    return (
        page.having(SupportAssignment, assignments)
        .having(SupportGoal, goals)
        .having(SupportReport, reports)
    )


def _ended_by(page: Page, version: int) -> Page:
    (line,) = page.of(SupportLine)
    return page.having(SupportLine, [line._replace(ended_by=version)])


def _changed(page: Page, event: Event, at: int) -> Page:
    (line,) = page.of(SupportLine)
    return page.having(SupportLine, [line._replace(position=at, **_changes(event))])


def _changes(event: Event) -> Mapping[str, Any]:
    match event:
        case SupportPlanned():
            return {"aim": event.aim, "planned_on": event.planned_on}
        case CommunityUpgraded() | CommunityNotUpgraded():
            after = {"next_round": event.next_round, "next_grade": event.grade}
            if isinstance(event, CommunityUpgraded):
                said = {"outcome": "upgraded", "conclusion": event.comment}
            else:
                said = {"outcome": "not-upgraded", "conclusion": event.consequence}
            return {"ended_on": event.concluded_on, **after, **said}
        case SupportEnded():
            return {"ended_on": event.ended_on, "outcome": "ended", "conclusion": event.reason}
        case _:
            raise AssertionError(f"{type(event).__name__} is not read here")


class Filter(NamedTuple):
    """What a list of supports is narrowed to; `open` is whether they go on, by what is known."""

    round: str | None = None
    community: str | None = None
    unit: str | None = None
    outcome: str | None = None
    open: bool | None = None


EVERY = Filter()


class GoalOn(NamedTuple):
    """A milestone with its tasks on the asked day: how many, how many open, how many closed out,
    and by how many per cent they are done together. Cancelled ones do not count there."""

    goal: SupportGoal
    tasks: int
    tasks_open: int
    tasks_closed: int
    percent: int | None


class SupportOn(NamedTuple):
    """A support with the community's name on the asked day, who supports it on that day, how many
    of its milestones are reached and how many are past due, and how far its tasks are.

    `round_annulled_on` says that the round is void whose grade it rests on.
    """

    line: SupportLine
    community_name: str | None
    unit: str | None
    unit_name: str | None
    kinds: tuple[str, ...]
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
) -> list[SupportOn]:
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
    return [_support_on(row) for row in rows]


def one(view: View, id: str, *, effective: date) -> SupportOn | None:
    """One support; None if it is not on record."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        support=id,
        after_day=None,
        after_id=None,
        limit=1,
        **EVERY._asdict(),
    )
    return _support_on(rows[0]) if rows else None


def assignments(view: View, id: str) -> list[SupportAssignment]:
    """Who supports the community, or did, in the order of their days."""
    return [SupportAssignment(**row) for row in view.rows(SQL["assignments"], support=id)]


def goals(view: View, id: str, *, effective: date) -> list[GoalOn]:
    """The milestones of the plan with their tasks on a day, in the order in which they are due."""
    return [
        GoalOn(
            SupportGoal(**{name: row[name] for name in SupportGoal._fields}),
            *(row[name] for name in GoalOn._fields[1:]),
        )
        for row in view.rows(SQL["goals"], support=id, effective=effective)
    ]


def reports(view: View, id: str) -> list[SupportReport]:
    """The reports, in the order of their days."""
    return [SupportReport(**row) for row in view.rows(SQL["reports"], support=id)]


def _support_on(row: Mapping[str, Any]) -> SupportOn:
    return SupportOn(
        SupportLine(**{name: row[name] for name in SupportLine._fields}),
        row["community_name"],
        row["unit"],
        row["unit_name"],
        tuple(row["kinds"] or ()),
        *(row[name] for name in SupportOn._fields[5:]),
    )
