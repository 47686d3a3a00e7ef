"""Tasks in a sheet: each row one that comes from nothing else on record, and is assigned."""

from collections.abc import Sequence

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Kind, Row, community_columns
from domain.ids import mint
from domain.task.assignment import AssignTask
from domain.task.state import Task
from domain.words import Words

STATED = ("title", "description", "unit", "person", "assigned_on", "due_on")


def columns(_: Directory) -> tuple[Column, ...]:
    """What a row says of a task."""
    return (
        Column(
            name="title",
            title=Words(zh="任务", en="Task"),
            read=lambda cell, _: cells.line(cell),
            told=Words(zh="任务名称，至多 200 字。", en="What is to be done, in one line."),
            example="划定夜间停车位",
            required=True,
            also=("任务名称", "事项", "task title"),
        ),
        Column(
            name="description",
            title=Words(zh="任务说明", en="Description"),
            read=lambda cell, _: cells.passage(cell),
            told=Words(zh="可不填。", en="May stay empty."),
            example="学校操场夜间开放停车，划定车位并公示。",
            also=("说明", "内容", "任务内容"),
        ),
        Column(
            name="unit",
            title=Words(zh="责任单位", en="Responsible unit"),
            read=lambda cell, directory: directory.unit(cell),
            told=Words(
                zh="单位的代码或编号；辖区也可填全称（不得重名）。",
                en="Its code or id; a place also by its full name.",
            ),
            example="510703001",
            required=True,
            also=("unit", "承办单位"),
        ),
        Column(
            name="person",
            title=Words(zh="责任人", en="Responsible person"),
            read=lambda cell, _: cells.id(cell),
            told=Words(
                zh="责任人的编号（小写字母、数字、点、连字符），不填姓名。",
                en="Their id, not their name.",
            ),
            example="zhao.liu",
            required=True,
            also=("责任人编号", "person"),
        ),
        Column(
            name="assigned_on",
            title=Words(zh="交办日期", en="Assigned on"),
            read=lambda cell, _: cells.day(cell),
            told=Words(zh="不得晚于今日。", en="Not later than today."),
            example="2026-03-02",
            required=True,
            also=("交办时间",),
        ),
        Column(
            name="due_on",
            title=Words(zh="完成时限", en="Due on"),
            read=lambda cell, _: cells.day(cell),
            told=Words(zh="不得早于交办日期。", en="Not before it is assigned."),
            example="2026-06-30",
            required=True,
            also=("完成期限", "时限", "deadline"),
        ),
        Column(
            name="place",
            title=Words(zh="所在辖区", en="Place"),
            read=lambda cell, directory: directory.place(cell),
            told=Words(
                zh="任务属于一个辖区时填写：代码、编号或全称；与社区代码二者填一。",
                en="Of a task of a place: its code, id or full name. Either this or a community.",
            ),
            also=("辖区", "jurisdiction"),
            field="jurisdiction",
        ),
        *community_columns(
            Words(
                zh="任务属于一个社区时填写 12 位代码；与所在辖区二者填一。",
                en="Of a task of a community: its code. Either this or a place.",
            ),
            required=False,
        ),
    )


def stream(row: Row, _: Directory) -> str:
    """The task that this title, unit, person, place and day always are."""
    where = _where(row)
    if len(where) != 1:
        raise Unfit(
            "所在辖区与社区代码须填写其中一项，且只填一项。",
            "Write either a place or a community, and not both.",
            column="community",
        )
    stated = (row[name] for name in ("title", "unit", "person", "assigned_on"))
    return f"task:{mint('task', 'sheet', *stated, *where.values())}"


def plan(row: Row, task: Task, _: Directory) -> Sequence[AssignTask]:
    """Assigned; nothing when it is on record with the same deadline."""
    if not task.version:
        return [AssignTask.model_validate({**row.stated(*STATED), **_where(row)})]
    first = task.steps[0].due_on if task.steps else None
    if first != row["due_on"]:
        raise Unfit(
            f"该任务已在编年中，交办时的完成时限为 {first}；如需延期，请单独办理。"
            if first
            else "该任务曾交办，其后已撤销；如需重新交办，请单独办理。",
            f"The task is on record, assigned with the deadline {first}; extend it by itself."
            if first
            else "The task was assigned and that was annulled; assign it anew by itself.",
            column="due_on",
        )
    return []


def _where(row: Row) -> dict[str, str]:
    where = {}
    if row["place"]:
        where["jurisdiction"] = row["place"].jurisdiction
    if row["community"]:
        where["community"] = row["community"].community
    return where


TASKS = Kind(
    name="tasks",
    title=Words(zh="任务", en="tasks"),
    told=Words(
        zh="每行一项直接交办的任务。由决议、攻坚事项、重点方向或帮扶计划产生的任务，请在其来源处交办。",
        en="Each row is a task by itself. Tasks that come from a resolution, an item, a measure or "
        "a support plan are assigned there.",
    ),
    columns=columns,
    commands={AssignTask: Words(zh="交办任务", en="tasks assigned")},
    key=("title", "unit", "person", "assigned_on", "place", "community"),
    stream=stream,
    plan=plan,
)
