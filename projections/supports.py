"""The support of communities: supporters, plan, reports and outcome, as of any day."""

from datetime import date
from typing import Literal, NamedTuple, assert_never, cast, get_args

from pydantic import Field

from domain.kernel.ids import CommunityId, RoundId
from domain.support.events import (
    CommunityNotUpgraded,
    CommunityUpgraded,
    SupportEnded,
    SupportEvent,
    SupportPlanned,
    SupportReported,
    SupportTasked,
)
from domain.support.state import Support, Supporter
from projections.engine.page import Page
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.subjects import Parts, Subjects, begun, held
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
EndEvent = CommunityUpgraded | CommunityNotUpgraded | SupportEnded
Outcome = Literal["upgraded", "not-upgraded", "ended"]


@row(key=("support",), indexes=("community",), scope=lies_in("community"))
class SupportLine(NamedTuple):
    """The support of one community after one round."""

    support: str
    community: str
    round: str
    grade: str
    begun_on: date
    position: int


@row(key=("support", "version"), scope=BelongsTo("support"))
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


@row(key=("support", "assignment"), scope=BelongsTo("support"))
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


@row(key=("support", "planned_on"), scope=BelongsTo("support"))
class SupportPlan(NamedTuple):
    """What a support aims at, until another plan took the place of this one."""

    support: str
    planned_on: date
    replaced_on: date | None
    aim: str
    position: int


@row(key=("support", "planned_on", "milestone"), scope=BelongsTo("support"))
class SupportGoal(NamedTuple):
    """A milestone of a plan."""

    support: str
    planned_on: date
    milestone: str
    replaced_on: date | None
    title: str
    due_on: date
    position: int


@row(key=("support", "milestone"), scope=BelongsTo("support"))
class SupportReach(NamedTuple):
    """A milestone that was reached."""

    support: str
    milestone: str
    version: int
    reached_on: date
    comment: str | None
    position: int


@row(key=("support", "version"), scope=BelongsTo("support"))
class SupportReport(NamedTuple):
    """A report on the progress of a support."""

    support: str
    version: int
    reported_on: date
    progress: str
    person: str
    position: int


class Supports(Subjects):
    """Supports, each on a page of its own."""

    name = "supports"
    subject = Support
    kinds = (
        SupportLine,
        SupportOutcome,
        SupportAssignment,
        SupportPlan,
        SupportGoal,
        SupportReach,
        SupportReport,
    )
    parts = (
        Parts(SupportAssignment, "assignments", newest=("position",)),
        Parts(SupportReach, "reached"),
        Parts(SupportReport, "reports", also=lambda _, entry: {"person": entry.actor.person}),
    )
    # What a milestone is tasked with is read from the tasks themselves.
    events = tuple(each for each in get_args(SupportEvent) if each is not SupportTasked)
    module_file = __file__

    def state(self, id: str, page: Page) -> Support:
        """The support as far as its rows show it."""
        line = page.row(SupportLine, id)
        assert line is not None, "a support was begun"
        over = next((each for each in page.of(SupportOutcome) if each.resumed_on is None), None)
        return Support(
            id=id,
            grade=line.grade,
            begun_on=line.begun_on,
            ended_on=over and over.over_on,
            ended_by=over and over.version,
            assignments={each.assignment: _supporter(each) for each in page.of(SupportAssignment)},
            reached={each.milestone: each.version for each in page.of(SupportReach)},
            reports={
                each.version: held(
                    SupportReported, each, community=line.community, round=line.round
                )
                for each in page.of(SupportReport)
            },
        )

    def show(self, page: Page, before: Support, after: Support, entry: Seen) -> None:
        """Its beginning, the plan that the entry states, and what became of it."""
        of, at = after.id, entry.position
        line = page.row(SupportLine, of)
        if line is None:
            page.put(begun(SupportLine, (of,), entry, begun_on=after.begun_on))
        elif after.ended_by is None and before.ended_by is not None:
            page.put(line._replace(position=at))
            outcome = page.row(SupportOutcome, of, before.ended_by)
            assert outcome is not None, "what became of it has a row"
            if after.pauses is not before.pauses:
                page.put(outcome._replace(resumed_on=after.pauses[-1].resumed_on))
            else:
                page.drop(outcome)
        elif after.ended_by is not before.ended_by:
            page.put(_outcome(of, cast(EndEvent, entry.event), entry))
        if after.plans is not before.plans:
            _, plan = after.plans[-1]
            _planned(of, page, plan, at)


def _supporter(row: SupportAssignment) -> Supporter:
    giver = row.person or row.unit or row.mentor or ""
    return held(Supporter, row, id=row.assignment, giver=giver)


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


def _outcome(support: str, event: EndEvent, entry: Seen) -> SupportOutcome:
    became: tuple[Outcome, str | None, str | None]
    match event:
        case CommunityUpgraded(concluded_on=day, comment=said):
            became = "upgraded", event.next_round, event.grade
        case CommunityNotUpgraded(concluded_on=day, consequence=said):
            became = "not-upgraded", event.next_round, event.grade
        case SupportEnded(ended_on=day, reason=said):
            became = "ended", None, None
        case _:
            assert_never(event)
    outcome, next_round, next_grade = became
    return SupportOutcome(
        support=support,
        version=entry.version,
        over_on=day,
        resumed_on=None,
        outcome=outcome,
        next_round=next_round,
        next_grade=next_grade,
        conclusion=said,
        position=entry.position,
    )


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
    community_ended_on: date | None = Field(
        description="Since when its community does not exist: it is open no more."
    )
    unit: str | None
    unit_name: str | None
    round: RoundId
    round_title: str | None
    grade: str = Field(description="The grade because of which it is supported.")
    begun_on: date
    ended_on: date | None
    outcome: Outcome | None = Field(description="Null if nothing has concluded or ended it.")
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
    person_name: str | None
    unit: str | None
    unit_name: str | None
    mentor: str | None = Field(
        description="The community that gives the support; null if it is out of scope."
    )
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
    by_person_name: str | None
    position: int


def reports(view: View, id: str, *, effective: date) -> list[ReportView]:
    """The reports until a day, in the order of their days."""
    rows = view.rows(SQL["reports"], support=id, effective=effective)
    return [ReportView.of(row) for row in rows]
