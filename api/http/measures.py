"""Measures over HTTP: commands, and the matrix of measures."""

from datetime import date
from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    LIT_PROBLEMS,
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
)
from api.http.policies import policy_asked
from api.http.timelines import add_timeline
from domain.kernel.ids import CommunityId, Id, JurisdictionId, TypeSlug
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
)
from domain.measure.state import Measure
from domain.measure.tasks import AssignMeasureTasks
from projections import measures
from projections.engine.shape import Shape
from projections.measures import CarryView, MeasureMatrixView, PlanView, SpellView

COMMANDS = (
    CommandRoute("", "measures.adopt", AdoptMeasure, "采用重点方向 · Adopt a measure"),
    CommandRoute(
        "/{measure}/readoptions",
        "measures.readopt",
        ReadoptMeasure,
        "重新采用 · Adopt a measure again",
    ),
    CommandRoute("/{measure}/plans", "measures.plan", PlanMeasure, "制定计划 · Plan a measure"),
    CommandRoute(
        "/{measure}/tasks",
        "measures.assign-tasks",
        AssignMeasureTasks,
        "就重点方向交办任务 · Assign tasks for a measure",
    ),
    CommandRoute(
        "/{measure}/carryings-over",
        "measures.carry-over",
        CarryMeasureOver,
        "改划后转续 · Carry a measure over after a reclassification",
    ),
    CommandRoute("/{measure}/closures", "measures.close", CloseMeasure, "终结 · Close a measure"),
    CommandRoute(
        "/{measure}/annulments",
        "measures.annul",
        AnnulMeasureEntry,
        "撤销条目 · Annul an entry of a measure",
    ),
)
router = command_router("/api/v1/measures", "重点方向 Measures", COMMANDS)


class MeasureInFull(Shape):
    """A community's measure with everything on record up to the requested day."""

    spells: list[SpellView]
    plans: list[PlanView]
    carries: list[CarryView]
    effective: date
    position: int


@router.get(
    "",
    operation_id="measures.matrix",
    summary="重点方向矩阵 · The measures matrix",
    responses=LIT_PROBLEMS,
)
def list_matrix(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[JurisdictionId | None, Query()] = None,
    type: Annotated[TypeSlug | None, Query()] = None,
    unsettled: Annotated[
        bool, Query(description="Only communities with a measure to carry over or close.")
    ] = False,
    limit: Limit = 50,
) -> Listing[MeasureMatrixView]:
    """Communities by code, each with its catalogue and the measures that it has adopted."""
    with reading.view() as view:
        found = measures.matrix(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            community=community,
            district=district,
            type=type,
            unsettled=unsettled,
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/{measure}",
    operation_id="measures.get",
    summary="社区的一项重点方向 · One measure of a community",
    responses=READ_PROBLEMS,
)
def get_measure(measure: Id, reading: TheReading) -> MeasureInFull:
    """The measure with its adoptions and plans. The ETag is its version."""
    with reading.view() as view:
        day = reading.effective
        spells = measures.spells(view, measure, effective=day)
        if not spells:
            raise not_there(f"measure:{measure}", day)
        reading.tag(view, f"measure:{measure}")
        return MeasureInFull(
            spells=spells,
            plans=measures.plans(view, measure, effective=day),
            carries=measures.carries(view, measure, effective=day),
            effective=day,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/{measure}/timeline",
    "measures.timeline",
    Measure,
    "重点方向大事记 · A measure's timeline",
)
