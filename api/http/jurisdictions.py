"""The organisation tree over HTTP: city, districts, parks, subdistricts, towns."""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
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
from domain.kernel.ids import JurisdictionId, derive_id
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/jurisdictions", tags=["辖区 Jurisdictions"])


@states(router, "", "jurisdictions.establish")
def establish(statement: Statement[EstablishJurisdiction], door: TheDoor) -> Receipt:
    """设立辖区 · Establish a jurisdiction"""
    jurisdiction = derive_id("jurisdiction", door.key)
    return door.carry_out(
        _stream(jurisdiction), statement, location=f"{router.prefix}/{jurisdiction}"
    )


@states(router, "/{jurisdiction}/names", "jurisdictions.rename")
def rename(
    jurisdiction: JurisdictionId, statement: Statement[RenameJurisdiction], door: TheDoor
) -> Receipt:
    """更名 · Rename a jurisdiction"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/codes", "jurisdictions.recode")
def recode(
    jurisdiction: JurisdictionId, statement: Statement[RecodeJurisdiction], door: TheDoor
) -> Receipt:
    """变更代码 · Give a jurisdiction another code"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/parents", "jurisdictions.move")
def move(
    jurisdiction: JurisdictionId, statement: Statement[MoveJurisdiction], door: TheDoor
) -> Receipt:
    """变更隶属 · Move a jurisdiction in the tree"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/levels", "jurisdictions.reconstitute")
def reconstitute(
    jurisdiction: JurisdictionId, statement: Statement[ReconstituteJurisdiction], door: TheDoor
) -> Receipt:
    """改设 · Reconstitute a unit at another level of its tier"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/dissolutions", "jurisdictions.dissolve")
def dissolve(
    jurisdiction: JurisdictionId, statement: Statement[DissolveJurisdiction], door: TheDoor
) -> Receipt:
    """裁撤 · Dissolve a jurisdiction"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/restorations", "jurisdictions.restore")
def restore(
    jurisdiction: JurisdictionId, statement: Statement[RestoreJurisdiction], door: TheDoor
) -> Receipt:
    """恢复 · Restore a dissolved jurisdiction"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/seat-towns", "jurisdictions.designate-seat-town")
def designate_seat_town(
    jurisdiction: JurisdictionId, statement: Statement[DesignateSeatTown], door: TheDoor
) -> Receipt:
    """确定县政府驻地镇 · Designate a county's seat town"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/name-corrections", "jurisdictions.correct-name")
def correct_name(
    jurisdiction: JurisdictionId, statement: Statement[CorrectJurisdictionName], door: TheDoor
) -> Receipt:
    """更正名称 · Correct a name"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/code-corrections", "jurisdictions.correct-code")
def correct_code(
    jurisdiction: JurisdictionId, statement: Statement[CorrectJurisdictionCode], door: TheDoor
) -> Receipt:
    """更正代码 · Correct a code"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/parent-corrections", "jurisdictions.correct-parent")
def correct_parent(
    jurisdiction: JurisdictionId, statement: Statement[CorrectJurisdictionParent], door: TheDoor
) -> Receipt:
    """更正隶属关系 · Correct a parent"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/establishment-corrections", "jurisdictions.correct-establishment")
def correct_establishment(
    jurisdiction: JurisdictionId, statement: Statement[CorrectEstablishment], door: TheDoor
) -> Receipt:
    """更正设立日期 · Correct the day of establishment"""
    return door.carry_out(_stream(jurisdiction), statement)


@states(router, "/{jurisdiction}/annulments", "jurisdictions.annul")
def annul(
    jurisdiction: JurisdictionId, statement: Statement[AnnulJurisdictionEntry], door: TheDoor
) -> Receipt:
    """撤销条目 · Annul an entry"""
    return door.carry_out(_stream(jurisdiction), statement)


def _stream(jurisdiction: str) -> str:
    return f"jurisdiction:{jurisdiction}"
