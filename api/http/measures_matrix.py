"""The measures matrix over HTTP: which community pursues which measure, how far. Reads only."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, picked
from api.http.policies import policy_asked
from api.http.task_board import LIT_PROBLEMS
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.ids import SLUG_PATTERN, CommunityId, Id, JurisdictionId
from domain.kernel.refusal import NotOnRecord
from domain.measure.events import Ending
from projections import measures
from projections.measures import MatrixRow

router = APIRouter(prefix="/api/v1/measures", tags=["重点方向 Measures"])


class MeasureShown(BaseModel):
    """A measure that a community has taken up, on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    community: str
    code: str
    type: str = Field(description="The type for which it is pursued.")
    status: Literal["adopted", "planned", "under-way", "closed"]
    unsettled: bool = Field(
        description="The community is of another type by then: carry it over or close it."
    )
    adopted_on: date
    planned_on: date | None
    plan: str | None
    unit: str | None
    person: str | None
    due_on: date | None
    carried_on: date | None
    carried_for: str | None
    closed_on: date | None
    ending: Ending | None
    closed_for: str | None
    tasks: int
    tasks_open: int
    tasks_closed: int
    position: int


class MatrixRowShown(BaseModel):
    """A community with what it pursues, in the order of its type's catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: str
    community_name: str | None
    code: str | None
    district: str | None
    type: str | None
    catalogue: list[str] = Field(description="The measures of its type on the day.")
    measures: list[MeasureShown] = Field(description="Those that it has taken up.")


class SpellShown(BaseModel):
    """A measure pursued from an adoption to its closing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    type: str
    adopted_on: date
    closed_on: date | None
    ending: Ending | None
    closed_for: str | None
    position: int


class PlanShown(BaseModel):
    """A plan; the last of a spell counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    spell: int
    planned_on: date
    plan: str
    unit: str
    person: str
    due_on: date
    position: int


class CarryShown(BaseModel):
    """That a measure went on for another type, with the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    spell: int
    carried_on: date
    type: str
    reason: str
    position: int


class MeasureInFull(BaseModel):
    """All that is on record of a community's measure up to the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spells: list[SpellShown]
    plans: list[PlanShown]
    carries: list[CarryShown]
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
    type: Annotated[str | None, Query(pattern=SLUG_PATTERN, max_length=64)] = None,
    unsettled: Annotated[
        bool, Query(description="Only communities with a measure to carry over or close.")
    ] = False,
    limit: Limit = 50,
) -> Listing[MatrixRowShown]:
    """Communities by code, each with its catalogue and what it has taken up of it."""
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
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [_row(each) for each in found[:limit]],
            next_key=(last.code or "", last.community) if last else None,
        )


@router.get(
    "/{measure}",
    operation_id="measures.get",
    summary="社区的一项重点方向 · One measure of a community",
    responses=READ_PROBLEMS,
)
def get_measure(measure: Id, reading: TheReading) -> MeasureInFull:
    """Its adoptions, plans and carryings over. The ETag is its version."""
    with reading.view() as view:
        found = measures.history(view, measure, effective=reading.effective)
        if not found.spells:
            raise NotOnRecord(
                f"There is no measure {measure} on {reading.effective}; check its id and the day.",
                f"{reading.effective} 没有编号为 {measure} 的重点方向；请核对编号与日期。",
            )
        reading.tag(view, f"measure:{measure}")
        return MeasureInFull(
            spells=[picked(SpellShown, s) for s in found.spells],
            plans=[picked(PlanShown, p) for p in found.plans],
            carries=[picked(CarryShown, c) for c in found.carries],
            effective=reading.effective,
            position=view.stands_at,
        )


@router.get(
    "/{measure}/timeline",
    operation_id="measures.timeline",
    summary="重点方向大事记 · A measure's timeline",
    responses=READ_PROBLEMS,
)
def measure_timeline(
    measure: Id, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened to the measure, in the order of the days it is about."""
    return timeline_of(reading, f"measure:{measure}", key, limit)


def _row(found: MatrixRow) -> MatrixRowShown:
    shown = [MeasureShown.model_validate(each._asdict()) for each in found.measures]
    return MatrixRowShown.model_validate({**found._asdict(), "measures": shown})
