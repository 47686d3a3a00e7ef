"""Measures over HTTP: taken up, planned, carried out, carried over, closed.

What is read of them is in api/http/measures_matrix.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import Id
from domain.measure.adoption import (
    AdoptMeasure,
    AnnulMeasureEntry,
    CarryMeasureOver,
    CloseMeasure,
    PlanMeasure,
    ReadoptMeasure,
    measure_id,
)
from domain.measure.tasks import AssignMeasureTasks
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/measures", tags=["重点方向 Measures"])


@states(router, "", "measures.adopt")
def adopt(statement: Statement[AdoptMeasure], door: TheDoor) -> Receipt:
    """采用重点方向 · Take up a measure"""
    command = statement.command
    measure = measure_id(command.community, command.measure)
    return door.carry_out(_stream(measure), statement, location=f"{router.prefix}/{measure}")


@states(router, "/{measure}/readoptions", "measures.readopt")
def readopt(measure: Id, statement: Statement[ReadoptMeasure], door: TheDoor) -> Receipt:
    """重新采用 · Take up a measure again"""
    return door.carry_out(_stream(measure), statement)


@states(router, "/{measure}/plans", "measures.plan")
def plan(measure: Id, statement: Statement[PlanMeasure], door: TheDoor) -> Receipt:
    """制定计划 · Plan a measure"""
    return door.carry_out(_stream(measure), statement)


@states(router, "/{measure}/tasks", "measures.assign-tasks")
def assign_tasks(measure: Id, statement: Statement[AssignMeasureTasks], door: TheDoor) -> Receipt:
    """就重点方向交办任务 · Assign tasks for a measure"""
    return door.carry_out(_stream(measure), statement)


@states(router, "/{measure}/carryings-over", "measures.carry-over")
def carry_over(measure: Id, statement: Statement[CarryMeasureOver], door: TheDoor) -> Receipt:
    """改划后转续 · Carry a measure over after a reclassification"""
    return door.carry_out(_stream(measure), statement)


@states(router, "/{measure}/closures", "measures.close")
def close(measure: Id, statement: Statement[CloseMeasure], door: TheDoor) -> Receipt:
    """终结 · Close a measure"""
    return door.carry_out(_stream(measure), statement)


@states(router, "/{measure}/annulments", "measures.annul")
def annul(measure: Id, statement: Statement[AnnulMeasureEntry], door: TheDoor) -> Receipt:
    """撤销条目 · Annul an entry of a measure"""
    return door.carry_out(_stream(measure), statement)


def _stream(measure: str) -> str:
    return f"measure:{measure}"
