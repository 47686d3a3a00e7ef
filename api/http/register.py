"""The register over HTTP: communities on any day, as known at any moment. Reads only."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, not_there
from domain.kernel.ids import CommunityId, JurisdictionId
from projections import register
from projections.register import Filter

router = APIRouter(prefix="/api/v1/communities", tags=["社区台账 Register"])

Standing = Literal["active", "merged", "split", "abolished", "any"]
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class CommunityNamed(BaseModel):
    """A community, and what it was called on the day that is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    community_name: str | None


class CommunityShown(BaseModel):
    """A community as it was on the asked day, with the names that its place had on that day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    code: str | None
    name: str | None
    standing: str
    type: str | None
    subtype: str | None
    features: list[str] | None
    subdistrict: str | None
    subdistrict_code: str | None
    subdistrict_name: str | None
    district: str | None
    district_code: str | None
    district_name: str | None
    effective_from: date = Field(description="Since when nothing about it has changed.")
    effective_until: date | None = Field(description="The first day on which something does.")


class CommunityPeriod(BaseModel):
    """What a community was over a stretch of days on which nothing about it changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    effective_from: date
    effective_until: date | None
    standing: str
    name: str | None
    code: str | None
    subdistrict: str | None
    type: str | None
    subtype: str | None
    features: list[str] | None


class ValueReason(BaseModel):
    """Why an attribute has its value: since when, and by which entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str
    value: Any
    effective_from: date
    version: int
    position: int = Field(description="The entry: /api/v1/entries/<position>.")


async def narrowed(
    standing: Annotated[Standing, Query(description="`any` also shows what has ended.")] = "active",
    type: Annotated[str | None, Query(pattern=SLUG, max_length=64)] = None,
    unclassified: Annotated[bool, Query(description="Only those without a type.")] = False,
    district: Annotated[JurisdictionId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    code: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,12}$", description="What the code begins with.")
    ] = None,
    name: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00]*$",
            description="What the name contains.",
        ),
    ] = None,
) -> Filter:
    """What a list of communities is narrowed to."""
    return Filter(
        standing=None if standing == "any" else standing,
        type=type,
        unclassified=unclassified,
        district=district,
        subdistrict=subdistrict,
        code=code,
        name=name,
    )


TheFilter = Annotated[Filter, Depends(narrowed)]


@router.get(
    "",
    operation_id="communities.list",
    summary="社区列表 · List communities",
    responses=READ_PROBLEMS,
)
def list_communities(
    where: TheFilter, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[CommunityShown]:
    """Communities on a day, in the order of their codes."""
    with reading.view() as view:
        found = register.communities(
            view, effective=reading.effective, where=where, after=key, limit=limit + 1
        )
        return reading.page(
            view, CommunityShown, found, limit, key=lambda each: (each.code or "", each.community)
        )


@router.get(
    "/{community}",
    operation_id="communities.get",
    summary="社区概况 · One community",
    responses=READ_PROBLEMS,
)
def get_community(community: CommunityId, reading: TheReading) -> CommunityShown:
    """The community on a day, whether or not it still stands. The ETag is its version."""
    with reading.view() as view:
        found = register.community(view, community, effective=reading.effective)
        reading.tag(view, f"community:{community}")
    if found is None:
        raise not_there(f"community:{community}", reading.effective)
    return CommunityShown.model_validate(found._asdict())


@router.get(
    "/{community}/periods",
    operation_id="communities.periods",
    summary="社区各时段 · A community's periods",
    responses=READ_PROBLEMS,
)
def list_periods(community: CommunityId, reading: TheReading) -> list[CommunityPeriod]:
    """All stretches of days on which nothing about the community changed, in order."""
    with reading.view() as view:
        found = register.periods(view, community)
    if not found:
        raise not_there(f"community:{community}")
    return [CommunityPeriod.model_validate(each._asdict()) for each in found]


@router.get(
    "/{community}/reasons",
    operation_id="communities.reasons",
    summary="为何如此 · Why the community is as it is",
    responses=READ_PROBLEMS,
)
def list_reasons(community: CommunityId, reading: TheReading) -> list[ValueReason]:
    """For each attribute the entry that decides its value on a day."""
    with reading.view() as view:
        found = register.reasons(view, community, effective=reading.effective)
    if not found:
        raise not_there(f"community:{community}", reading.effective)
    return [ValueReason.model_validate(each._asdict()) for each in found]
