"""Tasks over HTTP: commands, the board and the inbox."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    LIT_PROBLEMS,
    Limit,
    Listing,
    Reading,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
    paged,
)
from api.http.policies import policy_asked
from api.http.timelines import add_timeline
from domain.kernel.ids import ActionSlug, CommunityId, Id, JurisdictionId, Names, PersonId, UnitId
from domain.task.assignment import AssignTask, CancelTask, ExtendTaskDeadline, ReassignTask
from domain.task.completion import (
    AcceptTask,
    AnnulTaskStep,
    CloseOutTask,
    RecordTaskProgress,
    ReportTask,
    ReturnTask,
)
from domain.task.events import Source, StreamName
from domain.task.lights import Colour
from domain.task.state import Task
from projections import tasks
from projections.engine.shape import Shape
from projections.tasks import Filter, TallyView, TaskStepView, TaskView

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
router = command_router("/api/v1", "任务 Tasks", COMMANDS, under="/tasks")

Asked = Literal[
    "to-do",
    "open",
    "any",
    "assigned",
    "accepted",
    "reported",
    "returned",
    "closed",
    "cancelled",
]


class TaskInFull(Shape):
    """A task with its steps up to the day."""

    task: TaskView
    steps: list[TaskStepView]
    effective: date
    position: int


def narrowed(
    unit: Annotated[UnitId | None, Query()] = None,
    person: Annotated[PersonId | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[
        JurisdictionId | None,
        Query(description="The tasks of the district, its subdistricts and communities."),
    ] = None,
    source: Annotated[Source | None, Query()] = None,
    source_stream: Annotated[Annotated[StreamName, Names("stream")] | None, Query()] = None,
    source_part: Annotated[Id | None, Query()] = None,
    action: Annotated[ActionSlug | None, Query()] = None,
    status: Annotated[
        Asked,
        Query(
            description="`to-do`: waiting for the one responsible. "
            "`open`: also those waiting for a verdict."
        ),
    ] = "open",
    light: Annotated[Colour | None, Query()] = None,
) -> Filter:
    """The filters of a list of tasks."""
    return Filter(
        unit=unit,
        person=person,
        community=community,
        district=district,
        source=source,
        source_stream=source_stream,
        source_part=source_part,
        action=action,
        status=None if status == "any" else status,
        light=light,
    )


TheFilter = Annotated[Filter, Depends(narrowed)]


@router.get(
    "/tasks",
    operation_id="tasks.list",
    summary="任务看板 · The task board",
    responses=LIT_PROBLEMS,
)
def list_tasks(
    where: TheFilter, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TaskView]:
    """Tasks on a day, ordered by deadline."""
    return _listed(reading, where, key, limit)


@router.get(
    "/inboxes/{unit}",
    operation_id="tasks.inbox",
    summary="待办任务 · The inbox of a unit, or of one of its people",
    responses=LIT_PROBLEMS,
)
def get_inbox(
    unit: UnitId,
    reading: TheReading,
    key: TheKey,
    person: Annotated[PersonId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[TaskView]:
    """The tasks that the unit has to do, ordered by deadline."""
    return _listed(reading, Filter(unit=unit, person=person, status="to-do"), key, limit)


@router.get(
    "/task-tallies",
    operation_id="tasks.tallies",
    summary="各单位任务统计 · Open tasks by unit",
    responses=LIT_PROBLEMS,
)
def list_tallies(
    where: TheFilter, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TallyView]:
    """The number of open tasks of each unit, by light."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = tasks.by_unit(view, policy, effective=reading.effective, where=where)
        page, next_key = paged(found, lambda each: (each.unit, each.unit), after=key, limit=limit)
        return reading.listing(view, page, next_key=next_key)


@router.get(
    "/tasks/{task}",
    operation_id="tasks.get",
    summary="一项任务 · One task",
    responses=LIT_PROBLEMS,
)
def get_task(task: Id, reading: TheReading) -> TaskInFull:
    """The task on the day, with its steps until then. The ETag is its version."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = tasks.task(view, policy, task, effective=reading.effective)
        if found is None:
            raise not_there(f"task:{task}", reading.effective)
        reading.tag(view, f"task:{task}")
        return TaskInFull(
            task=found,
            steps=tasks.steps(view, task, effective=reading.effective),
            effective=reading.effective,
            position=view.stands_at,
        )


add_timeline(
    router, "/tasks/{task}/timeline", "tasks.timeline", Task, "任务大事记 · A task's timeline"
)


def _listed(
    reading: Reading, where: Filter, key: tuple[str, str] | None, limit: int
) -> Listing[TaskView]:
    after = day_of_key(key)
    with reading.view() as view:
        found = tasks.tasks(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            where=where,
            after=after and (date.fromisoformat(after[0]), after[1]),
            limit=limit + 1,
        )
        return reading.page(
            view, found, limit, key=lambda each: (each.due_on.isoformat(), each.task)
        )
