"""The support of communities over HTTP: commands and reads."""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, day_of_key
from api.http.timelines import add_timeline
from domain.kernel.ids import CommunityId, JurisdictionId, RoundId
from domain.kernel.refusal import NotOnRecord
from domain.support.assignment import AssignSupporter, BeginSupport, EndAssignment
from domain.support.outcome import ConcludeSupport, EndSupport
from domain.support.progress import AnnulSupportEntry, PlanSupport, ReachMilestone, ReportSupport
from domain.support.state import Support
from domain.support.tasks import AssignSupportTasks
from projections import supports
from projections.engine.shape import Shape
from projections.supports import (
    AssignmentView,
    Filter,
    GoalView,
    Outcome,
    ReportView,
    SupportView,
)

ONE = "/rounds/{round}/supports/{community}"
COMMANDS = (
    CommandRoute(ONE, "supports.begin", BeginSupport, "开始帮扶 · Begin to support a community"),
    CommandRoute(
        ONE + "/assignments",
        "supports.assign",
        AssignSupporter,
        "安排帮扶 · Assign a supporter",
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
        "晋位升级结果 · Conclude a support with a later round",
    ),
    CommandRoute(
        ONE + "/endings", "supports.end", EndSupport, "提前结束帮扶 · End a support early"
    ),
    CommandRoute(
        ONE + "/annulments", "supports.annul", AnnulSupportEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1", "帮扶 Supports", COMMANDS)


class SupportInFull(Shape):
    """A support with its supporters, milestones and reports."""

    support: SupportView
    assignments: list[AssignmentView]
    milestones: list[GoalView]
    reports: list[ReportView]
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
    open: Annotated[bool | None, Query(description="Whether it is open on the day.")] = None,
    limit: Limit = 50,
) -> Listing[SupportView]:
    """Supports that have begun by the day, in the order of their beginnings."""
    with reading.view() as view:
        found = supports.supports(
            view,
            effective=reading.effective,
            where=Filter(round, community, unit, outcome, open),
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(
            view, found, limit, key=lambda each: (each.begun_on.isoformat(), each.support)
        )


@router.get(
    ONE,
    operation_id="supports.get",
    summary="帮扶详情 · One support",
    responses=READ_PROBLEMS,
)
def get_support(round: RoundId, community: CommunityId, reading: TheReading) -> SupportInFull:
    """A support with everything recorded in it by the day. The ETag is its version."""
    id = f"{round}.{community}"
    with reading.view() as view:
        day = reading.effective
        found = supports.one(view, id, effective=day)
        if found is None:
            raise NotOnRecord("read.no-support", community=community, round=round, day=day)
        reading.tag(view, f"support:{id}")
        return SupportInFull(
            support=found,
            assignments=supports.assignments(view, id, effective=day),
            milestones=supports.goals(view, id, effective=day),
            reports=supports.reports(view, id, effective=day),
            effective=day,
            position=view.stands_at,
        )


add_timeline(
    router, ONE + "/timeline", "supports.timeline", Support, "帮扶大事记 · A support's timeline"
)
