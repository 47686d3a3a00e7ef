"""The support of communities: supporters, plan, reports and outcome, as of any day."""

from datetime import date
from typing import Literal, NamedTuple, assert_never, cast, get_args

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import CommunityId, RoundId
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
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
# What a milestone is tasked with is read from the tasks themselves.
ShownEvent = AssignmentEvent | ProgressEvent | OutcomeEvent
Outcome = Literal["upgraded", "not-upgraded", "ended"]


@row(key=("support",), indexes=("community",))
class SupportLine(NamedTuple):
    """The support of one community after one round."""

    support: str
    community: str
    round: str
    grade: str
    begun_on: date
    position: int


@row(key=("support", "version"))
class SupportOutcome(NamedTuple):
    """The outcome of a support from a day on, until it was resumed, if it was."""

    support: str
    version: int
    over_on: date
    resumed_on: date | None
    outcome: str
    next_round: str | None
    next_grade: str | None
    conclusion: str | None
    position: int


@row(key=("support", "assignment"))
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


@row(key=("support", "planned_on"))
class SupportPlan(NamedTuple):
    """What a support aims at, until another plan took the place of this one."""

    support: str
    planned_on: date
    replaced_on: date | None
    aim: str
    position: int


@row(key=("support", "planned_on", "milestone"))
class SupportGoal(NamedTuple):
    """A milestone of a plan."""

    support: str
    planned_on: date
    milestone: str
    replaced_on: date | None
    title: str
    due_on: date
    position: int


@row(key=("support", "milestone"))
class SupportReach(NamedTuple):
    """A milestone that was reached."""

    support: str
    milestone: str
    version: int
    reached_on: date
    comment: str | None
    position: int


@row(key=("support", "version"))
class SupportReport(NamedTuple):
    """A report on the progress of a support."""

    support: str
    version: int
    reported_on: date
    progress: str
    person: str
    position: int


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
    events = cast(tuple[type[Event], ...], get_args(ShownEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the support as it is after this entry."""
        event, at = cast(ShownEvent, entry.event), entry.position
        match event:
            case SupportBegun():
                page.put(
                    SupportLine(
                        support=key,
                        community=event.community,
                        round=event.round,
                        grade=event.grade,
                        begun_on=event.effective_from,
                        position=at,
                    )
                )
            case SupporterAssigned():
                page.put(_assigned(key, event, entry))
            case AssignmentEnded():
                was = page.row(SupportAssignment, key, event.assignment)
                assert was is not None, "what ends was assigned"
                until = event.effective_until
                page.put(was._replace(effective_until=until, ended_by=entry.version, position=at))
            case SupportPlanned():
                _planned(key, page, event, at)
            case MilestoneReached():
                page.put(
                    SupportReach(
                        support=key,
                        milestone=event.milestone,
                        version=entry.version,
                        reached_on=event.reached_on,
                        comment=event.comment,
                        position=at,
                    )
                )
            case SupportReported():
                page.put(
                    SupportReport(
                        support=key,
                        version=entry.version,
                        reported_on=event.reported_on,
                        progress=event.progress,
                        person=entry.actor.person,
                        position=at,
                    )
                )
            case SupportEntryAnnulled():
                _without(key, page, event.annuls, at)
            case SupportResumed():
                page.put(
                    *(
                        each._replace(resumed_on=event.resumed_on)
                        for each in page.of(SupportOutcome)
                        if each.resumed_on is None
                    )
                )
                _touch(page, at)
            case CommunityUpgraded() | CommunityNotUpgraded() | SupportEnded():
                page.put(_outcome(key, event, entry.version, at))
            case _:
                assert_never(event)


def _assigned(key: str, event: SupporterAssigned, entry: Seen) -> SupportAssignment:
    return SupportAssignment(
        support=key,
        assignment=event.assignment,
        kind=event.kind,
        person=event.person,
        unit=event.unit,
        mentor=event.mentor,
        effective_from=event.effective_from,
        effective_until=event.effective_until,
        planned_until=event.effective_until,
        version=entry.version,
        ended_by=None,
        position=entry.position,
    )


def _planned(key: str, page: Page, event: SupportPlanned, at: int) -> None:
    """The plan from its day on, whatever was planned for later days before it was recorded."""
    day = event.planned_on
    stated: list[SupportPlan | SupportGoal] = [*page.of(SupportPlan), *page.of(SupportGoal)]
    for each in stated:
        if each.planned_on >= day:
            page.drop(each)
        elif each.replaced_on is None or each.replaced_on > day:
            page.put(each._replace(replaced_on=day))
    page.put(SupportPlan(key, day, None, event.aim, at))
    for goal in event.milestones:
        page.put(SupportGoal(key, day, goal.milestone, None, goal.title, goal.due_on, at))


def _without(key: str, page: Page, version: int, at: int) -> None:
    if page.row(SupportOutcome, key, version):
        _touch(page, at)
    for each in tuple(page.of(SupportAssignment)):
        if each.version == version:
            page.drop(each)
        elif each.ended_by == version:
            until = each.planned_until
            page.put(each._replace(effective_until=until, ended_by=None, position=at))
    stated: list[SupportOutcome | SupportReach | SupportReport] = [
        *page.of(SupportOutcome),
        *page.of(SupportReach),
        *page.of(SupportReport),
    ]
    page.drop(*(each for each in stated if each.version == version))


def _touch(page: Page, at: int) -> None:
    page.put(*(each._replace(position=at) for each in page.of(SupportLine)))


def _outcome(
    key: str,
    event: CommunityUpgraded | CommunityNotUpgraded | SupportEnded,
    version: int,
    at: int,
) -> SupportOutcome:
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
            assert_never(event)


class Filter(NamedTuple):
    """What a list of supports is narrowed to; `open` is whether they go on, on the asked day."""

    round: str | None = None
    community: str | None = None
    unit: str | None = None
    outcome: Outcome | None = None
    open: bool | None = None


EVERY = Filter()


class SupportView(Shape):
    """The support of one community after one round, on the asked day."""

    community: CommunityId
    community_name: str | None
    unit: str | None
    unit_name: str | None
    round: RoundId
    grade: str = Field(description="The grade because of which it is supported.")
    begun_on: date
    ended_on: date | None
    outcome: Outcome | None = Field(description="Null if it is open on the day.")
    next_round: str | None
    next_grade: str | None
    conclusion: str | None
    aim: str | None
    planned_on: date | None
    kinds: list[str] = Field(description="The kinds of support that it has on the day.")
    milestones: int
    reached: int
    overdue: int = Field(description="Milestones that were due before the day and not reached.")
    tasks: int = Field(description="Tasks of its milestones on the day.")
    tasks_open: int
    tasks_closed: int
    percent: int | None = Field(description="Done of its tasks together, without cancelled ones.")
    round_annulled_on: date | None = Field(
        description="When the round was annulled that its grade rests on; null if it holds."
    )
    position: int

    @property
    def support(self) -> str:
        """Its id."""
        return f"{self.round}.{self.community}"


def supports(
    view: View,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[SupportView]:
    """Supports in the order of (beginning, id); those after `after` for the next page."""
    rows = view.rows(
        SQL["list"],
        effective=effective,
        support=None,
        after_day=after and after[0],
        after_id=after and after[1],
        limit=limit,
        **where._asdict(),
    )
    return [SupportView.of(row) for row in rows]


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
    return SupportView.of(rows[0]) if rows else None


class AssignmentView(Shape):
    """Who supports the community, how and when."""

    assignment: str
    kind: str
    person: str | None
    unit: str | None
    mentor: str | None = Field(description="The community that gives the support.")
    mentor_name: str | None
    effective_from: date
    effective_until: date | None
    version: int
    position: int


def assignments(view: View, id: str, *, effective: date) -> list[AssignmentView]:
    """Who supports the community on a day, or did by then, in the order of their days."""
    rows = view.rows(SQL["assignments"], support=id, effective=effective)
    return [AssignmentView.of(row) for row in rows]


class GoalView(Shape):
    """A milestone of the plan."""

    milestone: str
    title: str
    due_on: date
    reached_on: date | None
    comment: str | None
    version: int | None
    tasks: int = Field(description="Its tasks on the day; they are listed under its support.")
    tasks_open: int
    tasks_closed: int
    percent: int | None
    position: int


def goals(view: View, id: str, *, effective: date) -> list[GoalView]:
    """The milestones of the plan with their tasks on a day, in the order in which they are due."""
    return [GoalView.of(row) for row in view.rows(SQL["goals"], support=id, effective=effective)]


class ReportView(Shape):
    """A report on how the support goes."""

    version: int
    reported_on: date
    progress: str
    by_person: str
    position: int


def reports(view: View, id: str, *, effective: date) -> list[ReportView]:
    """The reports until a day, in the order of their days."""
    rows = view.rows(SQL["reports"], support=id, effective=effective)
    return [ReportView.of(row) for row in rows]
