"""The support of communities over HTTP: begun, assigned, planned, reported, concluded; and read."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, day_of_key
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.ids import CommunityId, JurisdictionId, RoundId
from domain.kernel.refusal import NotOnRecord
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.outcome import ConcludeSupport, EndSupport
from domain.support.progress import AnnulSupportEntry, PlanSupport, ReachMilestone, ReportSupport
from domain.support.tasks import AssignSupportTasks
from projections import supports
from projections.supports import Filter

ONE = "/rounds/{round}/supports/{community}"
COMMANDS = (
    CommandRoute(ONE, "supports.begin", BeginSupport, "开始帮扶 · Begin to support a community"),
    CommandRoute(
        ONE + "/assignments",
        "supports.assign",
        AssignSupporter,
        "安排帮扶 · Assign whoever supports",
    ),
    CommandRoute(
        ONE + "/assignment-endings",
        "supports.end-assignment",
        EndAssignment,
        "结束一项帮扶安排 · End an assignment",
    ),
    CommandRoute(ONE + "/plans", "supports.plan", PlanSupport, "制定帮扶计划 · Plan a support"),
    CommandRoute(
        ONE + "/tasks",
        "supports.assign-tasks",
        AssignSupportTasks,
        "交办帮扶任务 · Assign tasks for a milestone",
    ),
    CommandRoute(
        ONE + "/milestones",
        "supports.reach-milestone",
        ReachMilestone,
        "达到目标 · Record a milestone as reached",
    ),
    CommandRoute(
        ONE + "/reports", "supports.report", ReportSupport, "报告进展 · Report on a support"
    ),
    CommandRoute(
        ONE + "/conclusions",
        "supports.conclude",
        ConcludeSupport,
        "晋位升级结果 · Conclude a support by a later round",
    ),
    CommandRoute(
        ONE + "/endings", "supports.end", EndSupport, "提前结束帮扶 · End a support early"
    ),
    CommandRoute(
        ONE + "/annulments", "supports.annul", AnnulSupportEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1", "帮扶 Supports", COMMANDS)

Outcome = Literal["upgraded", "not-upgraded", "ended"]


class SupportShown(BaseModel):
    """The support of one community after one round, on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    community_name: str | None
    unit: str | None
    unit_name: str | None
    round: RoundId
    grade: str = Field(description="The grade because of which it is supported.")
    begun_on: date
    ended_on: date | None
    outcome: Outcome | None = Field(description="Null while it goes on on the day.")
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


class AssignmentShown(BaseModel):
    """Who supports the community, how and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    assignment: str
    kind: str
    person: str | None
    unit: str | None
    mentor: str | None = Field(description="The community that lends its experience.")
    mentor_name: str | None
    effective_from: date
    effective_until: date | None
    version: int
    position: int


class GoalShown(BaseModel):
    """A milestone of the plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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


class ReportShown(BaseModel):
    """A report on how the support goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    reported_on: date
    progress: str
    person: str
    position: int


class SupportInFull(BaseModel):
    """A support with who gives it, its milestones and reports."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    support: SupportShown
    assignments: list[AssignmentShown]
    milestones: list[GoalShown]
    reports: list[ReportShown]
    effective: date
    position: int


@router.get(
    "/supports",
    operation_id="supports.list",
    summary="帮扶列表 · List supports",
    responses=READ_PROBLEMS,
)
def list_supports(
    reading: TheReading,
    key: TheKey,
    round: Annotated[RoundId | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    open: Annotated[bool | None, Query(description="Whether it goes on on the day.")] = None,
    limit: Limit = 50,
) -> Listing[SupportShown]:
    """Supports that have begun by the day, in the order in which they began."""
    with reading.view() as view:
        found = supports.supports(
            view,
            effective=reading.effective,
            where=Filter(round, community, unit, outcome, open),
            after=day_of_key(key),
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [SupportShown.model_validate(_own(each, SupportShown)) for each in found[:limit]],
            next_key=(last.begun_on.isoformat(), last.support) if last else None,
        )


@router.get(
    ONE,
    operation_id="supports.get",
    summary="帮扶详情 · One support",
    responses=READ_PROBLEMS,
)
def get_support(round: RoundId, community: CommunityId, reading: TheReading) -> SupportInFull:
    """A support with everything that belongs to it by the day. The ETag is its version."""
    id = f"{round}.{community}"
    with reading.view() as view:
        found = supports.one(view, id, effective=reading.effective)
        if found is None:
            raise NotOnRecord(
                "read.no-support", community=community, round=round, day=reading.effective
            )
        reading.tag(view, f"support:{round}.{community}")
        return SupportInFull(
            support=SupportShown.model_validate(_own(found, SupportShown)),
            assignments=[
                AssignmentShown.model_validate(_own(each, AssignmentShown))
                for each in supports.assignments(view, id, effective=reading.effective)
            ],
            milestones=[
                GoalShown.model_validate(_own(each, GoalShown))
                for each in supports.goals(view, id, effective=reading.effective)
            ],
            reports=[
                ReportShown.model_validate(_own(each, ReportShown))
                for each in supports.reports(view, id, effective=reading.effective)
            ],
            effective=reading.effective,
            position=view.stands_at,
        )


@router.get(
    ONE + "/timeline",
    operation_id="supports.timeline",
    summary="帮扶大事记 · A support's timeline",
    responses=READ_PROBLEMS,
)
def support_timeline(
    round: RoundId, community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened in the support, in the order of the days it is about."""
    return timeline_of(reading, f"support:{round}.{community}", key, limit)


def _own(row: Any, shape: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields}
