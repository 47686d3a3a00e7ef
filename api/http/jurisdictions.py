"""The organisation tree over HTTP: city, districts, parks, subdistricts, towns."""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.jurisdiction.corrections import (
    AnnulJurisdictionEntry,
    CorrectEstablishment,
    CorrectJurisdictionCode,
    CorrectJurisdictionName,
    CorrectJurisdictionParent,
)
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
        "变更代码 · Give a jurisdiction another code",
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
        "改设 · Reconstitute a unit at another level of its tier",
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
