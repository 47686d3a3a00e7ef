"""The task board and the inbox over HTTP, with lights in Chinese working days. Reads only."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    Reading,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
    paged,
    picked,
)
from api.http.policies import policy_asked
from api.http.timelines import TimelineLine, timeline_of
from domain.kernel.ids import CommunityId, Id, JurisdictionId
from domain.task.events import Source, StreamName
from domain.task.lights import Colour
from domain.task.state import TaskStatus
from projections import tasks
from projections.tasks import Filter, TaskView

router = APIRouter(prefix="/api/v1", tags=["任务 Tasks"])

LIT_PROBLEMS = {**READ_PROBLEMS, **problems("refused")}
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


class LightShown(BaseModel):
    """How something stands against its deadline on the asked day, in Chinese working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    colour: Colour | None = Field(
        description="near 临期（蓝）: at most the policy's `near_working_days` are left; behind "
        "滞后（黄）: the share of working days used up is ahead of the progress by the policy's "
        "`behind_percent`; overdue 逾期（红）. The worst that fits; null for none. The dashboard "
        "counts by the same."
    )
    days: int | None = Field(
        description="Working days left; negative once the deadline is passed; null when nobody "
        "has to do anything."
    )
    tentative: bool = Field(description="暂定: some of these days are only guessed.")
    was_overdue: bool = Field(description="Whether a deadline was ever missed.")


class TaskShown(BaseModel):
    """A task as it stood on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    title: str
    description: str | None
    source: Source
    source_stream: str | None = Field(description="The subject that it comes from.")
    source_part: str | None = Field(description="The resolution, item or milestone there.")
    jurisdiction: str | None
    community: str | None
    community_name: str | None
    district: str | None
    assigned_on: date
    status: TaskStatus
    since: date
    unit: str
    person: str
    due_on: date
    percent: int
    note: str | None = Field(description="What its newest step said.")
    version: int
    position: int
    light: LightShown


class TaskStepShown(BaseModel):
    """Where a task stood from one of its entries on; an annulled one is named so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    effective_from: date
    effective_until: date | None
    status: TaskStatus
    unit: str
    person: str
    due_on: date
    percent: int
    note: str | None
    actor: str
    annulled_by: int | None
    position: int


class TaskInFull(BaseModel):
    """A task with its steps up to the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: TaskShown
    steps: list[TaskStepShown]
    effective: date
    position: int


class TallyShown(BaseModel):
    """The open tasks of a unit in figures; each is the length of the list behind it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    open: int
    near: int
    behind: int
    overdue: int
    reported: int = Field(description="Those that wait to be verified.")


class UnitShown(BaseModel):
    """A unit as it is written in tasks and in items of programmes on the asked day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    jurisdiction_name: str | None = Field(
        description="What it is called if it is a jurisdiction; null for an office, which has no "
        "register: a misspelt one stands here beside the right one."
    )
    tasks: int
    tasks_open: int
    items: int = Field(description="Items of programmes.")


async def narrowed(
    unit: Annotated[Id | None, Query()] = None,
    person: Annotated[Id | None, Query()] = None,
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[
        JurisdictionId | None, Query(description="The district's own tasks and its communities'.")
    ] = None,
    source: Annotated[Source | None, Query()] = None,
    source_stream: Annotated[StreamName | None, Query()] = None,
    source_part: Annotated[Id | None, Query()] = None,
    status: Annotated[
        Asked,
        Query(description="`to-do` waits for the one responsible, `open` also for a verdict."),
    ] = "open",
    light: Annotated[Colour | None, Query()] = None,
) -> Filter:
    """What a list of tasks is narrowed to."""
    return Filter(
        unit=unit,
        person=person,
        community=community,
        district=district,
        source=source,
        source_stream=source_stream,
        source_part=source_part,
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
) -> Listing[TaskShown]:
    """Tasks on a day by their deadlines."""
    return _listed(reading, where, key, limit)


@router.get(
    "/inboxes/{unit}",
    operation_id="tasks.inbox",
    summary="待办任务 · What waits for a unit, or for one of its people",
    responses=LIT_PROBLEMS,
)
def get_inbox(
    unit: Id,
    reading: TheReading,
    key: TheKey,
    person: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[TaskShown]:
    """The tasks that the unit has to do, by their deadlines."""
    return _listed(reading, Filter(unit=unit, person=person, status="to-do"), key, limit)


@router.get(
    "/task-tallies",
    operation_id="tasks.tallies",
    summary="各单位任务统计 · Open tasks by unit",
    responses=LIT_PROBLEMS,
)
def list_tallies(
    where: TheFilter, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TallyShown]:
    """The open tasks of each unit, in figures by their lights."""
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = tasks.by_unit(view, policy, effective=reading.effective, where=where)
        page, next_key = paged(found, lambda each: (each.unit, each.unit), after=key, limit=limit)
        shown = [TallyShown.model_validate(each._asdict()) for each in page]
        return reading.listing(view, shown, next_key=next_key)


@router.get(
    "/units",
    operation_id="tasks.units",
    summary="责任单位 · The units that tasks and items name",
    responses=READ_PROBLEMS,
)
def list_units(reading: TheReading, key: TheKey, limit: Limit = 50) -> Listing[UnitShown]:
    """Every writing of a unit that is in use: to choose from, and to find a misspelt one, whose
    inbox nobody would read. A task is reassigned, an item revised, to the right one."""
    with reading.view() as view:
        found = tasks.units(
            view, effective=reading.effective, after=key and key[1], limit=limit + 1
        )
        last = found[limit - 1].unit if len(found) > limit else None
        shown = [picked(UnitShown, each) for each in found[:limit]]
        return reading.listing(view, shown, next_key=(last, last) if last else None)


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
        steps = tasks.steps(view, task, effective=reading.effective)
        return TaskInFull(
            task=_shown(found),
            steps=[picked(TaskStepShown, each) for each in steps],
            effective=reading.effective,
            position=view.stands_at,
        )


@router.get(
    "/tasks/{task}/timeline",
    operation_id="tasks.timeline",
    summary="任务大事记 · A task's timeline",
    responses=READ_PROBLEMS,
)
def task_timeline(
    task: Id, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened to the task, in the order of the days it is about."""
    return timeline_of(reading, f"task:{task}", key, limit)


def _listed(
    reading: Reading, where: Filter, key: tuple[str, str] | None, limit: int
) -> Listing[TaskShown]:
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
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [_shown(each) for each in found[:limit]],
            next_key=(last.due_on.isoformat(), last.task) if last else None,
        )


def _shown(found: TaskView) -> TaskShown:
    return TaskShown.model_validate({**found._asdict(), "light": found.light._asdict()})
