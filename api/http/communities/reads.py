"""The register over HTTP: communities on any day, as known at any moment. Reads only."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Text,
    TheKey,
    TheReading,
    not_there,
)
from api.http.kernel.routing import SubjectRouter
from domain.kernel.ids import CommunityId, JurisdictionId, TypeSlug
from projections import present, register
from projections.present import PresentView
from projections.register import CommunityPeriodView, CommunityView, Filter, ValueReasonView

router = SubjectRouter("/api/v1/communities", "社区台账 Register")

AskedStatus = Literal["active", "merged", "split", "abolished", "any"]


def narrowed(
    status: Annotated[
        AskedStatus, Query(description="`any` also shows what has ended.")
    ] = "active",
    type: Annotated[TypeSlug | None, Query()] = None,
    unclassified: Annotated[
        bool, Query(description="Only urban ones without a type: those to classify.")
    ] = False,
    urban: Annotated[bool | None, Query(description="Only urban ones, or only others.")] = None,
    district: Annotated[JurisdictionId | None, Query()] = None,
    subdistrict: Annotated[JurisdictionId | None, Query()] = None,
    code: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,12}$", description="The beginning of the code.")
    ] = None,
    name: Annotated[Text | None, Query(description="A part of the name.")] = None,
) -> Filter:
    """The filters of a list of communities."""
    return Filter(
        status=None if status == "any" else status,
        type=type,
        unclassified=unclassified,
        urban=urban,
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
) -> Listing[CommunityView]:
    """Communities on a day, ordered by code."""
    with reading.view() as view:
        found = register.communities(
            view, effective=reading.effective, where=where, after=key, limit=limit + 1
        )
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/{community}",
    operation_id="communities.get",
    summary="社区概况 · One community",
    responses=READ_PROBLEMS,
)
def get_community(community: CommunityId, reading: TheReading) -> CommunityView:
    """The community on a day, whether or not it still exists. The ETag is its version."""
    with reading.view() as view:
        found = register.community(view, community, effective=reading.effective)
        reading.tag(view, f"community:{community}")
    if found is None:
        raise not_there(f"community:{community}", reading.effective)
    return found


@router.get(
    "/{community}/present",
    operation_id="communities.present",
    summary="社区现状 · The whole present of a community",
    responses=READ_PROBLEMS,
)
def get_present(community: CommunityId, reading: TheReading) -> PresentView:
    """What the community is and what goes on in it on a day: its attributes, grade, measures, open
    tasks, councils, partnerships, check-ins, supports and supporters, each with since when, by
    which entry and on which documents. The ETag is its version."""
    with reading.view() as view:
        found = present.present(view, community, effective=reading.effective)
        reading.tag(view, f"community:{community}")
    if found is None:
        raise not_there(f"community:{community}", reading.effective)
    return found


@router.get(
    "/{community}/periods",
    operation_id="communities.periods",
    summary="社区各时段 · A community's periods",
    responses=READ_PROBLEMS,
)
def list_periods(community: CommunityId, reading: TheReading) -> Listing[CommunityPeriodView]:
    """All periods in which nothing about the community changed, in order."""
    with reading.view() as view:
        found = register.periods(view, community)
        if not found:
            raise not_there(f"community:{community}")
        return reading.listing(view, found, next_key=None)


@router.get(
    "/{community}/reasons",
    operation_id="communities.reasons",
    summary="为何如此 · Why the community is as it is",
    responses=READ_PROBLEMS,
)
def list_reasons(community: CommunityId, reading: TheReading) -> Listing[ValueReasonView]:
    """For each attribute, the entry that determines its value on a day."""
    with reading.view() as view:
        found = register.reasons(view, community, effective=reading.effective)
        if not found:
            raise not_there(f"community:{community}", reading.effective)
        return reading.listing(view, found, next_key=None)
