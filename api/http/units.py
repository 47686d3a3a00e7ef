"""Offices and organisations over HTTP: what they are called, of which kind they are and where they
belong, as of any day and as known at any moment."""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.unit.corrections import (
    AnnulUnitEntry,
    CorrectUnitCode,
    CorrectUnitKind,
    CorrectUnitName,
    CorrectUnitPlace,
    CorrectUnitRegistration,
)
from domain.unit.registration import (
    ChangeUnitKind,
    DissolveUnit,
    MergeUnit,
    PlaceUnit,
    RecodeUnit,
    RegisterUnit,
    RenameUnit,
)

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
router = command_router("/api/v1/units", "单位 Offices and organisations", COMMANDS)
