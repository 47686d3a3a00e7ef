"""The organisation tree over HTTP, on any day, as known at any moment. Reads only."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, not_there
from domain.jurisdiction.levels import Level
from domain.kernel.ids import JurisdictionId
from projections import organisation

router = APIRouter(prefix="/api/v1/jurisdictions", tags=["辖区 Jurisdictions"])


class JurisdictionShown(BaseModel):
    """A jurisdiction as it was on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: JurisdictionId
    level: str
    code: str | None
    name: str
    standing: str
    parent: str | None
    parent_name: str | None
    seat_town: str | None
    effective_from: date = Field(description="Since when nothing about it has changed.")
    effective_until: date | None = Field(description="The first day on which something does.")


class JurisdictionPeriod(BaseModel):
    """What a jurisdiction was over a stretch of days on which nothing about it changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: JurisdictionId
    effective_from: date
    effective_until: date | None
    standing: str
    level: str
    name: str
    code: str | None
    parent: str | None
    seat_town: str | None


@router.get(
    "",
    operation_id="jurisdictions.list",
    summary="辖区列表 · List jurisdictions",
    responses=READ_PROBLEMS,
)
def list_jurisdictions(
    reading: TheReading,
    key: TheKey,
    level: Annotated[Level | None, Query()] = None,
    parent: Annotated[JurisdictionId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[JurisdictionShown]:
    """Jurisdictions that stand on a day, in the order of their codes."""
    with reading.view() as view:
        found = organisation.jurisdictions(
            view,
            effective=reading.effective,
            level=level,
            parent=parent,
            after=key,
            limit=limit + 1,
        )
        return reading.page(
            view,
            JurisdictionShown,
            found,
            limit,
            key=lambda each: (each.code or "", each.jurisdiction),
        )


@router.get(
    "/{jurisdiction}",
    operation_id="jurisdictions.get",
    summary="辖区概况 · One jurisdiction",
    responses=READ_PROBLEMS,
)
def get_jurisdiction(jurisdiction: JurisdictionId, reading: TheReading) -> JurisdictionShown:
    """The jurisdiction on a day, whether or not it still stands. The ETag is its version."""
    with reading.view() as view:
        found = organisation.jurisdiction(view, jurisdiction, effective=reading.effective)
        reading.tag(view, f"jurisdiction:{jurisdiction}")
    if found is None:
        raise not_there(f"jurisdiction:{jurisdiction}", reading.effective)
    return JurisdictionShown.model_validate(found._asdict())


@router.get(
    "/{jurisdiction}/periods",
    operation_id="jurisdictions.periods",
    summary="辖区各时段 · A jurisdiction's periods",
    responses=READ_PROBLEMS,
)
def list_periods(jurisdiction: JurisdictionId, reading: TheReading) -> list[JurisdictionPeriod]:
    """All stretches of days on which nothing about the jurisdiction changed, in order."""
    with reading.view() as view:
        found = organisation.periods(view, jurisdiction)
    if not found:
        raise not_there(f"jurisdiction:{jurisdiction}")
    return [JurisdictionPeriod.model_validate(each._asdict()) for each in found]
