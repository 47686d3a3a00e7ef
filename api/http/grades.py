"""The grades of communities on a day, and of one community in all rounds, over HTTP. Reads only."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    paged,
)
from api.http.kernel.routing import SubjectRouter
from domain.kernel.ids import CommunityId, GradeSlug, JurisdictionId, TypeSlug
from projections import grade_board, register
from projections.grade_board import Filter, GradePeriodView, GradeView

router = SubjectRouter("/api/v1", "评定 Reviews")


@router.get(
    "/grades",
    operation_id="grades.list",
    summary="社区等次 · Grades on a day",
    responses=READ_PROBLEMS,
)
def list_grades(
    reading: TheReading,
    key: TheKey,
    grade: Annotated[GradeSlug | None, Query()] = None,
    type: Annotated[TypeSlug | None, Query()] = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    limit: Limit = 50,
) -> Listing[GradeView]:
    """The communities that have a published grade on a day, ordered by code."""
    with reading.view() as view:
        found = grade_board.grades(
            view,
            effective=reading.effective,
            where=Filter(grade, type, unit),
            after=key,
            limit=limit + 1,
        )
        return reading.page(view, found, limit, key=lambda each: (each.code or "", each.community))


@router.get(
    "/communities/{community}/grades",
    operation_id="communities.grades",
    summary="社区历次等次 · A community's grades",
    responses=READ_PROBLEMS,
)
def list_community_grades(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[GradePeriodView]:
    """The community's grades in the rounds published by the day, with the days on which each
    holds."""
    with reading.view() as view:
        if not register.periods(view, community):
            raise not_there(f"community:{community}")
        found = grade_board.history(view, community, effective=reading.effective)
        page, next_key = paged(found, _begun, after=key, limit=limit)
        return reading.listing(view, page, next_key=next_key)


def _begun(period: GradePeriodView) -> tuple[str, str]:
    return period.effective_from.isoformat(), period.round
