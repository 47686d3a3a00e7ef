"""The organisation tree over HTTP: city, districts, parks, subdistricts and towns,
as of any day and as known at any moment."""

from typing import Annotated

from fastapi import Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, not_there
from domain.jurisdiction.corrections import (
    AnnulJurisdictionEntry,
    CorrectEstablishment,
    CorrectJurisdictionCode,
    CorrectJurisdictionName,
    CorrectJurisdictionParent,
)
from domain.jurisdiction.levels import Level
from domain.jurisdiction.tree import (
    DesignateSeatTown,
    DissolveJurisdiction,
    EstablishJurisdiction,
    MoveJurisdiction,
    RecodeJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
    RestoreJurisdiction,
)
from domain.kernel.ids import JurisdictionId
from projections import organisation
from projections.organisation import JurisdictionPeriodView, JurisdictionView

COMMANDS = (
    CommandRoute(
        "", "jurisdictions.establish", EstablishJurisdiction, "设立辖区 · Establish a jurisdiction"
    ),
    CommandRoute(
        "/{jurisdiction}/names",
        "jurisdictions.rename",
        RenameJurisdiction,
        "更名 · Rename a jurisdiction",
    ),
    CommandRoute(
        "/{jurisdiction}/codes",
        "jurisdictions.recode",
        RecodeJurisdiction,
        "变更代码 · Change a jurisdiction's code",
    ),
    CommandRoute(
        "/{jurisdiction}/parents",
        "jurisdictions.move",
        MoveJurisdiction,
        "变更隶属 · Move a jurisdiction in the tree",
    ),
    CommandRoute(
        "/{jurisdiction}/levels",
        "jurisdictions.reconstitute",
        ReconstituteJurisdiction,
        "改设 · Change a unit's level within its tier",
    ),
    CommandRoute(
        "/{jurisdiction}/dissolutions",
        "jurisdictions.dissolve",
        DissolveJurisdiction,
        "裁撤 · Dissolve a jurisdiction",
    ),
    CommandRoute(
        "/{jurisdiction}/restorations",
        "jurisdictions.restore",
        RestoreJurisdiction,
        "恢复 · Restore a dissolved jurisdiction",
    ),
    CommandRoute(
        "/{jurisdiction}/seat-towns",
        "jurisdictions.designate-seat-town",
        DesignateSeatTown,
        "确定县政府驻地镇 · Designate a county's seat town",
    ),
    CommandRoute(
        "/{jurisdiction}/name-corrections",
        "jurisdictions.correct-name",
        CorrectJurisdictionName,
        "更正名称 · Correct a name",
    ),
    CommandRoute(
        "/{jurisdiction}/code-corrections",
        "jurisdictions.correct-code",
        CorrectJurisdictionCode,
        "更正代码 · Correct a code",
    ),
    CommandRoute(
        "/{jurisdiction}/parent-corrections",
        "jurisdictions.correct-parent",
        CorrectJurisdictionParent,
        "更正隶属关系 · Correct a parent",
    ),
    CommandRoute(
        "/{jurisdiction}/establishment-corrections",
        "jurisdictions.correct-establishment",
        CorrectEstablishment,
        "更正设立日期 · Correct the day of establishment",
    ),
    CommandRoute(
        "/{jurisdiction}/annulments",
        "jurisdictions.annul",
        AnnulJurisdictionEntry,
        "撤销条目 · Annul an entry",
    ),
)
router = command_router("/api/v1/jurisdictions", "辖区 Jurisdictions", COMMANDS)


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
) -> Listing[JurisdictionView]:
    """Jurisdictions that exist on a day, ordered by code."""
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
            view, found, limit, key=lambda each: (each.code or "", each.jurisdiction)
        )


@router.get(
    "/{jurisdiction}",
    operation_id="jurisdictions.get",
    summary="辖区概况 · One jurisdiction",
    responses=READ_PROBLEMS,
)
def get_jurisdiction(jurisdiction: JurisdictionId, reading: TheReading) -> JurisdictionView:
    """The jurisdiction on a day, whether or not it still exists. The ETag is its version."""
    with reading.view() as view:
        found = organisation.jurisdiction(view, jurisdiction, effective=reading.effective)
        reading.tag(view, f"jurisdiction:{jurisdiction}")
    if found is None:
        raise not_there(f"jurisdiction:{jurisdiction}", reading.effective)
    return found


@router.get(
    "/{jurisdiction}/periods",
    operation_id="jurisdictions.periods",
    summary="辖区各时段 · A jurisdiction's periods",
    responses=READ_PROBLEMS,
)
def list_periods(
    jurisdiction: JurisdictionId, reading: TheReading
) -> Listing[JurisdictionPeriodView]:
    """All periods in which nothing about the jurisdiction changed, in order."""
    with reading.view() as view:
        found = organisation.periods(view, jurisdiction)
        if not found:
            raise not_there(f"jurisdiction:{jurisdiction}")
        return reading.listing(view, found, next_key=None)
