"""Tasks over HTTP: assigned, carried out, verified by others.

What is read of them is in api/http/task_board.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
from domain.kernel.ids import Id, derive_id
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/tasks", tags=["任务 Tasks"])


@states(router, "", "tasks.assign")
def assign(statement: Statement[AssignTask], door: TheDoor) -> Receipt:
    """交办任务 · Assign a task"""
    task = derive_id("task", door.key)
    return door.carry_out(_stream(task), statement, location=f"{router.prefix}/{task}")


@states(router, "/{task}/acceptances", "tasks.accept")
def accept(task: Id, statement: Statement[AcceptTask], door: TheDoor) -> Receipt:
    """接收任务 · Accept a task"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/progress", "tasks.record-progress")
def record_progress(task: Id, statement: Statement[RecordTaskProgress], door: TheDoor) -> Receipt:
    """记录进展 · Record progress of a task"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/extensions", "tasks.extend")
def extend(task: Id, statement: Statement[ExtendTaskDeadline], door: TheDoor) -> Receipt:
    """延长时限 · Extend a task's deadline"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/reassignments", "tasks.reassign")
def reassign(task: Id, statement: Statement[ReassignTask], door: TheDoor) -> Receipt:
    """改派任务 · Reassign a task"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/reports", "tasks.report")
def report(task: Id, statement: Statement[ReportTask], door: TheDoor) -> Receipt:
    """报告完成 · Report a task complete"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/closures", "tasks.close-out")
def close_out(task: Id, statement: Statement[CloseOutTask], door: TheDoor) -> Receipt:
    """验收销号 · Verify a task and close it out"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/returns", "tasks.return")
def return_(task: Id, statement: Statement[ReturnTask], door: TheDoor) -> Receipt:
    """退回整改 · Return a task"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/cancellations", "tasks.cancel")
def cancel(task: Id, statement: Statement[CancelTask], door: TheDoor) -> Receipt:
    """取消任务 · Cancel a task"""
    return door.carry_out(_stream(task), statement)


@states(router, "/{task}/annulments", "tasks.annul")
def annul(task: Id, statement: Statement[AnnulTaskStep], door: TheDoor) -> Receipt:
    """撤销任务步骤 · Annul the newest step of a task"""
    return door.carry_out(_stream(task), statement)


def _stream(task: str) -> str:
    return f"task:{task}"
