"""Programmes over HTTP: drafted, consulted on, adopted, carried out, closed.

What is read of them is in api/http/programme_board.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import Id
from domain.programme.drafting import (
    AdoptProgramme,
    AnnulProgrammeEntry,
    CloseProgramme,
    DraftProgramme,
    RecordConsultation,
    programme_id,
)
from domain.programme.items import (
    AddProgrammeItem,
    AssignItemTasks,
    DropProgrammeItem,
    ReviseProgrammeItem,
)
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/programmes", tags=["补短板 Programmes"])


@states(router, "", "programmes.draft")
def draft(statement: Statement[DraftProgramme], door: TheDoor) -> Receipt:
    """起草年度攻坚事项 · Draft a year's programme"""
    command = statement.command
    programme = programme_id(command.jurisdiction, command.year)
    return door.carry_out(_stream(programme), statement, location=f"{router.prefix}/{programme}")


@states(router, "/{programme}/consultations", "programmes.record-consultation")
def record_consultation(
    programme: Id, statement: Statement[RecordConsultation], door: TheDoor
) -> Receipt:
    """记录征求意见 · Record a public consultation"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/adoptions", "programmes.adopt")
def adopt(programme: Id, statement: Statement[AdoptProgramme], door: TheDoor) -> Receipt:
    """确定攻坚事项 · Adopt a programme"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/closures", "programmes.close")
def close(programme: Id, statement: Statement[CloseProgramme], door: TheDoor) -> Receipt:
    """办结攻坚事项 · Close a programme"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/annulments", "programmes.annul")
def annul(programme: Id, statement: Statement[AnnulProgrammeEntry], door: TheDoor) -> Receipt:
    """撤销条目 · Annul an entry of a programme"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/items", "programmes.add-item")
def add_item(programme: Id, statement: Statement[AddProgrammeItem], door: TheDoor) -> Receipt:
    """添加事项 · Add an item"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/item-revisions", "programmes.revise-item")
def revise_item(programme: Id, statement: Statement[ReviseProgrammeItem], door: TheDoor) -> Receipt:
    """调整事项 · Revise an item"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/item-removals", "programmes.drop-item")
def drop_item(programme: Id, statement: Statement[DropProgrammeItem], door: TheDoor) -> Receipt:
    """移出事项 · Drop an item with its reason"""
    return door.carry_out(_stream(programme), statement)


@states(router, "/{programme}/tasks", "programmes.assign-tasks")
def assign_tasks(programme: Id, statement: Statement[AssignItemTasks], door: TheDoor) -> Receipt:
    """就事项交办任务 · Assign tasks for an item"""
    return door.carry_out(_stream(programme), statement)


def _stream(programme: str) -> str:
    return f"programme:{programme}"
