"""The grades of communities on a day, and of one community in all rounds, over HTTP. Reads only."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    not_there,
    paged,
)
from api.http.register import SLUG
from api.http.review_shapes import GradePeriodShown, GradeShown
from domain.kernel.ids import CommunityId, JurisdictionId
from projections import grades, organisation, register, rounds
from projections.engine.view import View
from projections.grades import GradePeriod, GradeView

router = APIRouter(prefix="/api/v1", tags=["评定 Reviews"])

Slug = Annotated[str | None, Query(pattern=SLUG, max_length=64)]


@router.get(
    "/grades",
    operation_id="grades.list",
    summary="社区等次 · Grades on a day",
    responses=READ_PROBLEMS,
)
def list_grades(
    reading: TheReading,
    key: TheKey,
    grade: Slug = None,
    type: Slug = None,
    unit: Annotated[JurisdictionId | None, Query(description="District, county or park.")] = None,
    limit: Limit = 50,
) -> Listing[GradeShown]:
    """The communities that have a published grade on a day, in the order of their codes."""
    with reading.view() as view:
        found = grades.grades(
            view,
            effective=reading.effective,
            where=grades.Filter(grade, type, unit),
            after=key,
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        named = _with_names(view, found[:limit])
        return reading.listing(
            view,
            [
                GradeShown(**fields, community_name=each.name, code=each.code or None)
                for each, fields in zip(found, named, strict=False)
            ],
            next_key=(last.code, last.community) if last else None,
        )


@router.get(
    "/communities/{community}/grades",
    operation_id="communities.grades",
    summary="社区历次等次 · A community's grades",
    responses=READ_PROBLEMS,
)
def list_community_grades(
    community: CommunityId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[GradePeriodShown]:
    """The community's grades by the rounds published until the day, with the days on which each
    holds."""
    with reading.view() as view:
        if not register.periods(view, community):
            raise not_there(f"community:{community}")
        found = grades.history(view, community, effective=reading.effective)
        page, next_key = paged(found, _begun, after=key, limit=limit)
        shown = [GradePeriodShown(**fields) for fields in _with_names(view, page)]
        return reading.listing(view, shown, next_key=next_key)


def _begun(period: GradePeriod) -> tuple[str, str]:
    return period.effective_from.isoformat(), period.round


def _with_names(view: View, found: Sequence[GradePeriod | GradeView]) -> list[dict[str, Any]]:
    """Grades as they are shown, with what their rounds and units are called."""
    titles = rounds.names(view, [each.round for each in found])
    units = organisation.names(view, [(each.unit, each.effective_from) for each in found])
    shown = GradePeriodShown.model_fields.keys() - {"of", "round_title", "unit_name"}
    return [
        {
            **{name: getattr(each, name) for name in shown},
            "of": each.among,
            "round_title": titles.get(each.round),
            "unit_name": units.get((each.unit, each.effective_from)),
        }
        for each in found
    ]
