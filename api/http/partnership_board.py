"""The partnership board over HTTP: who works together, and how far things have come. Reads only."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
)
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.credit_code import CreditCode
from domain.kernel.ids import CommunityId, Id, JurisdictionId
from projections import partnerships
from projections.partnerships import Filter

router = APIRouter(prefix="/api/v1", tags=["共建 Partnerships"])

ItemKind = Literal["need", "resource", "project", "facility", "feedback", "mutual-appraisal"]
Side = Literal["community", "unit"]
ItemStage = Literal[
    "open", "closed", "offered", "withdrawn", "available", "shut",
    "listed", "claimed", "delivered", "evaluated", "dropped", "given", "appraised",
]  # fmt: skip


class PartnershipShown(BaseModel):
    """A partnership on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partnership: str
    stage: Literal["agreed", "ended"]
    effective_from: date = Field(description="Since when it is at this stage.")
    effective_until: date | None
    holds: bool = Field(description="Whether the agreement holds on the day.")
    holds_until: date | None = Field(description="Null: it does not hold, or with no set end.")
    community: str | None
    community_name: str | None
    subdistrict: str | None = Field(description="Only of a subdistrict's own partnership.")
    unit_name: str
    unit_code: str | None
    title: str
    aims: str | None
    position: int = Field(description="The position of the entry that brought it there.")


class PartnershipItemShown(BaseModel):
    """A need, resource, project, facility, feedback or appraisal on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partnership: str
    kind: ItemKind
    item: str
    stage: ItemStage
    effective_from: date = Field(description="Since when it is at this stage.")
    effective_until: date | None
    by_side: Side | None = Field(description="Whose need, offer, claim, feedback or appraisal.")
    text: str | None
    need: str | None = Field(description="The need that a project answers.")
    facility_kind: str | None
    person: str | None
    due_on: date | None
    overdue: bool = Field(description="A claimed project whose day has passed.")
    rating: str | None
    begun_on: date
    community: str | None
    community_name: str | None
    unit_name: str
    position: int


class ExchangeShown(BaseModel):
    """How many of one kind one side contributed in the calendar year of the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["need", "resource", "project", "feedback", "mutual-appraisal"]
    by_side: Side
    items: int


class PartnershipInFull(BaseModel):
    """A partnership with all its items, and its exchanges in both directions (四个双向)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partnership: PartnershipShown
    items: list[PartnershipItemShown]
    exchanges: list[ExchangeShown] = Field(description="What is missing here has not happened.")
    effective: date
    position: int


@router.get(
    "/partnerships",
    operation_id="partnerships.list",
    summary="共建单位 · List partnerships",
    responses=READ_PROBLEMS,
)
def list_partnerships(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    unit_code: Annotated[CreditCode | None, Query()] = None,
    unit_name: Annotated[str | None, Query(max_length=200)] = None,
    holds: Annotated[bool | None, Query(description="Whether it holds on the day.")] = None,
    limit: Limit = 50,
) -> Listing[PartnershipShown]:
    """Partnerships on the day by the unit's name; `subdistrict` finds its communities' too."""
    with reading.view() as view:
        found = partnerships.partnerships(
            view,
            effective=reading.effective,
            where=Filter(community, subdistrict, unit_code, unit_name or None, holds),
            after=key,
            limit=limit + 1,
        )
        return reading.page(
            view,
            PartnershipShown,
            found,
            limit,
            key=lambda each: (each.unit_name, each.partnership),
        )


@router.get(
    "/partnership-items",
    operation_id="partnerships.items",
    summary="共建看板 · The partnership board",
    responses=READ_PROBLEMS,
)
def list_items(
    reading: TheReading,
    key: TheKey,
    kind: Annotated[ItemKind | None, Query()] = None,
    stage: Annotated[ItemStage | None, Query()] = None,
    by_side: Annotated[Side | None, Query()] = None,
    overdue: Annotated[bool | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    unit_code: Annotated[CreditCode | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[PartnershipItemShown]:
    """Needs, resources, projects and the rest at their stage of the day, oldest first."""
    with reading.view() as view:
        found = partnerships.items(
            view,
            effective=reading.effective,
            kind=kind,
            stage=stage,
            by_side=by_side,
            overdue=overdue,
            where=Filter(community, subdistrict, unit_code),
            after=day_of_key(key),
            limit=limit + 1,
        )
        return reading.page(view, PartnershipItemShown, found, limit, key=lambda each: each.key)


@router.get(
    "/partnerships/{partnership}",
    operation_id="partnerships.get",
    summary="一项共建 · One partnership",
    responses=READ_PROBLEMS,
)
def get_partnership(partnership: Id, reading: TheReading) -> PartnershipInFull:
    """The partnership on the day with all its items, and the four exchanges of that year."""
    with reading.view() as view:
        found = partnerships.partnership(view, partnership, effective=reading.effective)
        if found is None:
            raise not_there(f"partnership:{partnership}", reading.effective)
        reading.tag(view, f"partnership:{partnership}")
        items = partnerships.items(
            view, effective=reading.effective, where=Filter(partnership=partnership)
        )
        exchanges = partnerships.exchanges(view, partnership, effective=reading.effective)
        return PartnershipInFull(
            partnership=PartnershipShown.model_validate(found._asdict()),
            items=[PartnershipItemShown.model_validate(each._asdict()) for each in items],
            exchanges=[ExchangeShown.model_validate(each._asdict()) for each in exchanges],
            effective=reading.effective,
            position=view.stands_at,
        )


@router.get(
    "/partnerships/{partnership}/timeline",
    operation_id="partnerships.timeline",
    summary="共建大事记 · A partnership's timeline",
    responses=READ_PROBLEMS,
)
def partnership_timeline(
    partnership: Id, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened in the partnership, in the order of the days it is about."""
    return timeline_of(reading, f"partnership:{partnership}", key, limit)
