"""Offices and organisations over HTTP: what they are called, of which kind they are and where they
belong, as of any day and as known at any moment."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Text,
    TheKey,
    TheReading,
    not_there,
)
from api.http.timelines import add_timeline
from domain.kernel.ids import JurisdictionId, UnitId
from domain.unit.corrections import (
    AnnulUnitEntry,
    CorrectUnitCode,
    CorrectUnitKind,
    CorrectUnitName,
    CorrectUnitPlace,
    CorrectUnitRegistration,
)
from domain.unit.events import UnitKindSlug
from domain.unit.registration import (
    ChangeUnitKind,
    DissolveUnit,
    MergeUnit,
    PlaceUnit,
    RecodeUnit,
    RegisterUnit,
    RenameUnit,
)
from domain.unit.state import Unit
from projections import units
from projections.units import UnitFilter, UnitPeriodView, UnitView

COMMANDS = (
    CommandRoute("", "units.register", RegisterUnit, "登记单位 · Register a unit"),
    CommandRoute("/{unit}/names", "units.rename", RenameUnit, "更名 · Rename a unit"),
    CommandRoute(
        "/{unit}/codes",
        "units.recode",
        RecodeUnit,
        "变更统一社会信用代码 · Change a unit's unified social credit code",
    ),
    CommandRoute(
        "/{unit}/kinds", "units.change-kind", ChangeUnitKind, "变更类别 · Change a unit's kind"
    ),
    CommandRoute("/{unit}/places", "units.place", PlaceUnit, "变更隶属 · Place a unit elsewhere"),
    CommandRoute(
        "/{unit}/mergers", "units.merge", MergeUnit, "并入 · Merge a unit into another one"
    ),
    CommandRoute(
        "/{unit}/dissolutions", "units.dissolve", DissolveUnit, "撤销设置 · Dissolve a unit"
    ),
    CommandRoute(
        "/{unit}/name-corrections",
        "units.correct-name",
        CorrectUnitName,
        "更正名称 · Correct a name",
    ),
    CommandRoute(
        "/{unit}/code-corrections",
        "units.correct-code",
        CorrectUnitCode,
        "更正统一社会信用代码 · Correct a code",
    ),
    CommandRoute(
        "/{unit}/kind-corrections",
        "units.correct-kind",
        CorrectUnitKind,
        "更正类别 · Correct a kind",
    ),
    CommandRoute(
        "/{unit}/place-corrections",
        "units.correct-place",
        CorrectUnitPlace,
        "更正隶属关系 · Correct where a unit belongs",
    ),
    CommandRoute(
        "/{unit}/registration-corrections",
        "units.correct-registration",
        CorrectUnitRegistration,
        "更正起始日期 · Correct the first day",
    ),
    CommandRoute("/{unit}/annulments", "units.annul", AnnulUnitEntry, "撤销条目 · Annul an entry"),
)
router = command_router("/api/v1/units", "单位 Offices", COMMANDS)


def narrowed(
    status: Annotated[
        Literal["active", "merged", "dissolved", "any"],
        Query(description="`any` also shows what has ended."),
    ] = "active",
    unit_kind: Annotated[UnitKindSlug | None, Query()] = None,
    jurisdiction: Annotated[
        JurisdictionId | None,
        Query(description="Belongs to it, itself or through its superiors."),
    ] = None,
    within: Annotated[
        JurisdictionId | None, Query(description="Belongs to it or to a jurisdiction below it.")
    ] = None,
    superior: Annotated[UnitId | None, Query(description="Directly under this unit.")] = None,
    q: Annotated[
        Text | None,
        Query(
            description="A part of the name, its pinyin initials, or a unified social credit code."
        ),
    ] = None,
) -> UnitFilter:
    """The filters of a list of units."""
    return UnitFilter(
        status=None if status == "any" else status,
        unit_kind=unit_kind,
        jurisdiction=jurisdiction,
        within=within,
        superior=superior,
        q=q,
    )


@router.get(
    "",
    operation_id="units.list",
    summary="单位列表 · List units",
    responses=READ_PROBLEMS,
)
def list_units(
    where: Annotated[UnitFilter, Depends(narrowed)],
    reading: TheReading,
    key: TheKey,
    limit: Limit = 50,
) -> Listing[UnitView]:
    """Offices and organisations on a day, ordered by name."""
    with reading.view() as view:
        found = units.units(
            view, effective=reading.effective, where=where, after=key, limit=limit + 1
        )
        return reading.page(view, found, limit, key=lambda each: (each.name, each.unit))


@router.get(
    "/{unit}", operation_id="units.get", summary="单位概况 · One unit", responses=READ_PROBLEMS
)
def get_unit(unit: UnitId, reading: TheReading) -> UnitView:
    """The unit on a day, whether or not it still exists. The ETag is its version."""
    with reading.view() as view:
        found = units.unit(view, unit, effective=reading.effective)
        reading.tag(view, f"unit:{unit}")
    if found is None:
        raise not_there(f"unit:{unit}", reading.effective)
    return found


@router.get(
    "/{unit}/periods",
    operation_id="units.periods",
    summary="单位各时段 · A unit's periods",
    responses=READ_PROBLEMS,
)
def list_periods(unit: UnitId, reading: TheReading) -> Listing[UnitPeriodView]:
    """All periods in which nothing about the unit changed, in order."""
    with reading.view() as view:
        found = units.periods(view, unit)
        if not found:
            raise not_there(f"unit:{unit}")
        return reading.listing(view, found, next_key=None)


add_timeline(router, "/{unit}/timeline", "units.timeline", Unit, "单位大事记 · A unit's timeline")
