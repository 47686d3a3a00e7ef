"""Sheets of tasks: each row is a task to assign that comes from nothing else on record."""

from collections.abc import Iterator

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import (
    BASIS,
    PERSON,
    UNIT,
    basis_of,
    community_columns,
    due_before,
    due_column,
    other_basis,
    place_column,
)
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.ids import derive_id
from domain.kernel.text import Bilingual
from domain.task.assignment import AssignTask
from domain.task.state import Task

STATED = ("title", "description", "unit", "person", "assigned_on", "due_on")

TITLE = Column(
    name="title",
    title=Bilingual(zh="任务", en="Task"),
    read=lambda cell, _: cells.line(cell),
    help=Bilingual(zh="任务名称，至多 200 字。", en="What is to be done, in one line."),
    example="划定夜间停车位",
    required=True,
    also=("任务名称", "事项", "task title"),
)
DESCRIPTION = Column(
    name="description",
    title=Bilingual(zh="任务说明", en="Description"),
    read=lambda cell, _: cells.passage(cell),
    help=Bilingual(zh="可不填。", en="Optional."),
    example="学校操场夜间开放停车，划定车位并公示。",
    also=("说明", "内容", "任务内容"),
)
ASSIGNED_ON = Column(
    name="assigned_on",
    title=Bilingual(zh="交办日期", en="Assigned on"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="不得晚于今日。", en="Not later than today."),
    example="2026-03-02",
    required=True,
    also=("交办时间",),
)
DUE_ON = due_column(
    Bilingual(zh="不得早于交办日期。", en="Not before the task is assigned."), "2026-06-30"
)
PLACE = place_column(
    Bilingual(zh="所在辖区", en="Place"),
    Bilingual(
        zh="任务属于一个辖区时填写：代码、编号或全称；与社区代码二者填一。",
        en="For a task of a place: its code, id or full name. Either this or a community.",
    ),
)
COMMUNITY = community_columns(
    Bilingual(
        zh="任务属于一个社区时填写 12 位代码；与所在辖区二者填一。",
        en="For a task of a community: its code. Either this or a place.",
    ),
    required=False,
)


def columns(_: Directory) -> tuple[Column, ...]:
    """The columns of a task."""
    return (TITLE, DESCRIPTION, UNIT, PERSON, ASSIGNED_ON, DUE_ON, PLACE, *COMMUNITY, *BASIS)


def stream(row: Row, _: Directory) -> str:
    """The stream of the task, derived from title, unit, person, place and day."""
    stated = (row[name] for name in ("title", "unit", "person", "assigned_on"))
    return f"task:{derive_id('task', 'sheet', *stated, *_where(row).values())}"


def across(row: Row, _: Directory) -> Iterator[Unfit]:
    """Both a place and a community, or neither; a deadline before the day of assignment."""
    if len(row.filled & {"place", "community"}) != 1:
        yield Unfit(
            "task-sheet.place-or-community",
            column="place" if "community" in row.wrong else "community",
        )
    yield from due_before(row, "assigned_on", Bilingual(zh="交办日期", en="the day of assignment"))


def plan(row: Row, task: Task, directory: Directory) -> Iterator[Draft | Unfit]:
    """Assign the task; nothing if it is on record with the same content."""
    if not task.version:
        yield Draft(AssignTask, {**row.stated(*STATED), **_where(row)}, basis_of(row))
    elif not task.steps:
        yield Unfit("task-sheet.annulled", column="title")
    elif task.now.status == "cancelled":
        yield Unfit("task-sheet.cancelled", day=task.now.on, column="title")
    else:
        yield from _otherwise(row, task)
        assigned = directory.history(task.stream)[task.steps[0].version - 1]
        yield from other_basis(row, assigned.basis)


def _otherwise(row: Row, task: Task) -> Iterator[Unfit]:
    """Filled-in cells that differ from the assignment. The other cells of a
    row identify the task."""
    first = task.steps[0]
    if first.due_on != row["due_on"]:
        yield Unfit("task-sheet.other-deadline", day=first.due_on, column="due_on")
    if row["description"] not in (None, first.note):
        yield Unfit(
            "task-sheet.other-description" if first.note else "task-sheet.no-description",
            known=first.note,
            column="description",
        )


def _where(row: Row) -> dict[str, str]:
    where = {}
    if row["place"]:
        where["jurisdiction"] = row["place"].jurisdiction
    if row["community"]:
        where["community"] = row["community"].community
    return where


TASKS = SheetFormat(
    name="tasks",
    title=Bilingual(zh="任务", en="tasks"),
    help=Bilingual(
        zh="每行一项直接交办的任务。由决议、攻坚事项、重点方向或帮扶计划产生的任务，请在其来源处交办。",
        en="Each row is one task. Tasks that come from a resolution, an item, a measure or "
        "a support plan are assigned there.",
    ),
    columns=columns,
    commands={AssignTask: Bilingual(zh="交办任务", en="tasks assigned")},
    key=("title", "unit", "person", "assigned_on", "place", "community"),
    stream=stream,
    plan=plan,
    across=across,
)
