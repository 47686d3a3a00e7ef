"""Tasks over HTTP: assigned, carried out, verified by others.

What is read of them is in api/http/task_board.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)

COMMANDS = (
    CommandRoute("", "tasks.assign", AssignTask, "交办任务 · Assign a task"),
    CommandRoute("/{task}/acceptances", "tasks.accept", AcceptTask, "接收任务 · Accept a task"),
    CommandRoute(
        "/{task}/progress",
        "tasks.record-progress",
        RecordTaskProgress,
        "记录进展 · Record progress of a task",
    ),
    CommandRoute(
        "/{task}/extensions",
        "tasks.extend",
        ExtendTaskDeadline,
        "延长时限 · Extend a task's deadline",
    ),
    CommandRoute(
        "/{task}/reassignments", "tasks.reassign", ReassignTask, "改派任务 · Reassign a task"
    ),
    CommandRoute(
        "/{task}/reports", "tasks.report", ReportTask, "报告完成 · Report a task complete"
    ),
    CommandRoute(
        "/{task}/closures",
        "tasks.close-out",
        CloseOutTask,
        "验收销号 · Verify a task and close it out",
    ),
    CommandRoute("/{task}/returns", "tasks.return", ReturnTask, "退回整改 · Return a task"),
    CommandRoute("/{task}/cancellations", "tasks.cancel", CancelTask, "取消任务 · Cancel a task"),
    CommandRoute(
        "/{task}/annulments",
        "tasks.annul",
        AnnulTaskStep,
        "撤销任务步骤 · Annul the newest step of a task",
    ),
)
router = command_router("/api/v1/tasks", "任务 Tasks", COMMANDS)
