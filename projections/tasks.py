"""Tasks: the board, the inbox of a unit or a person, and the course of each task.

Every step is a row with the days on which it holds. Lights are derived when they are read.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, LiteralString, NamedTuple, cast, get_args

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.policy import Policy
from domain.kernel.policy.working_days import add_working_days
from domain.kernel.subject import changed
from domain.task.events import Source, TaskAssigned, TaskEvent, TaskStepAnnulled
from domain.task.lights import Colour, Light, light
from domain.task.state import OPEN, STATUSES, TICKING, Lapse, Task, TaskStatus, TaskStep
from projections.engine.page import Page
from projections.engine.projection import Projection
from projections.engine.row import row
from projections.engine.scope import BelongsTo, lies_in
from projections.engine.seen import Seen
from projections.engine.shape import Shape
from projections.engine.view import View
from record.sql import statements

SQL = statements(__file__)
CHUNK = 500
# What a list is narrowed by that only the task itself says, and no step of it.
OF_ITS_LINE = ("community", "district", "source", "source_stream", "source_part", "action")


def _list(*, narrowed: bool) -> LiteralString:
    first_of = (
        SQL["first_of"]
        .replace("{its_line}", SQL["its_line"] if narrowed else "")
        .replace("{narrowed}", SQL["narrowed"] if narrowed else "")
    )
    return (
        SQL["list"]
        .replace("{going_on}", first_of.replace("{holds}", SQL["goes_on"]))
        .replace("{ended}", first_of.replace("{holds}", SQL["held"]))
    )


LIST, LIST_NARROWED = _list(narrowed=False), _list(narrowed=True)


@row(
    key=("task",),
    indexes=(
        "source_stream, source_part",
        "community",
    ),
    scope=lies_in("community", "jurisdiction"),
)
class TaskLine(NamedTuple):
    """A task and its source."""

    task: str
    title: str
    description: str | None
    source: str
    source_stream: str | None
    source_part: str | None
    action: str | None
    jurisdiction: str | None
    community: str | None
    assigned_on: date


@row(
    key=("task", "version"),
    indexes=(
        "unit, person",
        "status, due_on, task where annulled_by is null and effective_until is null",
        "daterange(effective_from, effective_until)"
        " where annulled_by is null and effective_until is not null",
    ),
    scope=BelongsTo("task"),
)
class TaskStepRow(NamedTuple):
    """The state of a task from one of its entries until the next one in force."""

    task: str
    version: int
    effective_from: date
    effective_until: date | None
    status: str
    unit: str
    person: str
    due_on: date
    percent: int
    note: str | None
    participants: tuple[str, ...]  # persons, in order
    lapses: tuple[Lapse, ...]
    position: int
    actor: str
    annulled_by: int | None


class Tasks(Projection):
    """Tasks with their steps."""

    name = "tasks"
    kinds = (TaskLine, TaskStepRow)
    events = cast(tuple[type[Event], ...], get_args(TaskEvent))
    module_file = __file__

    def evolve(self, key: str, page: Page, entry: Seen) -> None:
        """Put the task's steps after this entry, by the domain's own fold.

        Each step in force ends where the next begins; an annulled one stays as it was.
        """
        event = cast(TaskEvent, entry.event)
        before: Task = page.memo or _state(key, page.of(TaskStepRow))
        page.memo = after = changed(before, version=entry.version).evolve(event)
        if isinstance(event, TaskStepAnnulled):
            version = event.annuls
            page.put(_row(page, key, version)._replace(annulled_by=entry.version))
            last = next((s for s in reversed(before.steps) if s.version < version), None)
            then = next((s for s in after.steps if s.version > version), None)
        else:
            if isinstance(event, TaskAssigned):
                page.put(_line(key, event))
            then = after.now
            page.put(_step(key, then, entry))
            last = before.steps[-1] if before.steps else None
        if last:
            ended = _row(page, key, last.version)
            page.put(ended._replace(effective_until=then.on if then else None))


def _line(key: str, event: TaskAssigned) -> TaskLine:
    return TaskLine(key, **{name: getattr(event, name) for name in TaskLine._fields[1:]})


def _row(page: Page, key: str, version: int) -> TaskStepRow:
    row = page.row(TaskStepRow, key, version)
    assert row is not None, "a step that holds has a row"
    return row


def _step(key: str, step: TaskStep, entry: Seen) -> TaskStepRow:
    return TaskStepRow(
        task=key,
        version=entry.version,
        effective_from=step.on,
        effective_until=None,
        status=step.status,
        unit=step.unit,
        person=step.person,
        due_on=step.due_on,
        percent=step.percent,
        note=step.note,
        participants=tuple(sorted(step.participants)),
        lapses=step.lapses,
        position=entry.position,
        actor=entry.actor.person,
        annulled_by=None,
    )


def _state(key: str, rows: Iterable[TaskStepRow]) -> Task:
    """The part of the domain's state that further steps depend on."""
    steps = tuple(
        TaskStep(
            version=row.version,
            on=row.effective_from,
            status=cast(TaskStatus, row.status),
            unit=row.unit,
            person=row.person,
            due_on=row.due_on,
            percent=row.percent,
            note=row.note,
            participants=frozenset(row.participants),
            lapses=_lapses(row.lapses),
        )
        for row in sorted(rows, key=lambda row: row.version)
        if row.annulled_by is None
    )
    return Task(id=key, steps=steps)


def _lapses(stored: Iterable[Iterable[date]]) -> tuple[Lapse, ...]:
    return tuple(Lapse(*each) for each in stored)


class Filter(NamedTuple):
    """The filters of a list of tasks, for the API, the page and the export.

    `status` is a status, `open` for all on the list, `to-do` for those that wait for
    the one responsible, or None for all. `district` selects the tasks of the district itself, of
    its subdistricts and of its communities, `lapsed` those that passed a deadline before they were
    reported.
    """

    unit: str | None = None
    person: str | None = None
    community: str | None = None
    district: str | None = None
    source: str | None = None
    source_stream: str | None = None
    source_part: str | None = None
    action: str | None = None
    status: str | None = "open"
    light: Colour | None = None
    lapsed: bool = False


EVERY = Filter()


class TaskView(Shape):
    """A task as of the requested day, with its light on that day."""

    task: str
    title: str
    description: str | None
    source: Source
    source_stream: str | None = Field(description="The subject that it comes from.")
    source_part: str | None = Field(description="The resolution, item or milestone there.")
    action: str | None = Field(description="The action of the policy that it carries out.")
    jurisdiction: str | None
    jurisdiction_name: str | None
    community: str | None
    community_name: str | None
    district: str | None
    district_name: str | None
    assigned_on: date
    status: TaskStatus
    effective_from: date = Field(description="Since when nothing about it has changed.")
    unit: str
    unit_name: str | None
    person: str
    person_name: str | None
    due_on: date
    percent: int
    note: str | None = Field(description="The note of its newest step.")
    version: int
    position: int
    light: Light


class TaskStepView(Shape):
    """The state of a task from one of its entries; annulled ones are marked."""

    version: int
    effective_from: date
    effective_until: date | None
    status: TaskStatus
    unit: str
    unit_name: str | None
    person: str
    person_name: str | None
    due_on: date
    percent: int
    note: str | None
    by_person: str
    by_person_name: str | None
    annulled_by_version: int | None
    position: int


def tasks(
    view: View,
    policy: Policy,
    *,
    effective: date,
    where: Filter = EVERY,
    after: tuple[date, str] | None = None,
    limit: int = 200,
) -> list[TaskView]:
    """Tasks on a day, ordered by (deadline, id), from after `after`."""
    found: list[TaskView] = []
    # A light is derived, so some of what is read may have another light.
    chunk = limit if where.light is None else CHUNK
    narrowed = any(getattr(where, name) is not None for name in OF_ITS_LINE)
    asked = LIST_NARROWED if narrowed else LIST
    while len(found) < limit:
        rows = view.rows(asked, **_asked(policy, effective, where, after), limit=chunk)
        each = [_task_on(row, policy, effective) for row in rows]
        found += [t for t in each if where.light is None or t.light.colour == where.light]
        if len(rows) < chunk:
            break
        after = (each[-1].due_on, each[-1].task)
    return found[:limit]


def task(view: View, policy: Policy, id: str, *, effective: date) -> TaskView | None:
    """One task on a day; None if it was not assigned yet, or its assignment was annulled."""
    row = view.row(SQL["one"], task=id, effective=effective)
    return _task_on(row, policy, effective) if row else None


def steps(view: View, id: str, *, effective: date) -> list[TaskStepView]:
    """The steps of one task up to a day, annulled ones included, in the order of
    recording."""
    rows = view.rows(SQL["steps"], task=id, effective=effective)
    return [TaskStepView.of(each) for each in rows]


class TallyView(Shape):
    """The numbers of open tasks of a unit; each is the length of its list."""

    unit: str
    unit_name: str | None
    open: int
    near: int
    behind: int
    overdue: int
    reported: int = Field(description="Those that are waiting to be verified.")


def by_unit(
    view: View, policy: Policy, *, effective: date, where: Filter = EVERY
) -> list[TallyView]:
    """The open tasks by responsible unit, of those in the list."""
    counts: dict[str, dict[str, int]] = {}
    names: dict[str, str | None] = {}
    figures = TallyView.model_fields.keys() - {"unit", "unit_name"}
    for each in _every(view, policy, effective, where):
        mine = counts.setdefault(each.unit, dict.fromkeys(figures, 0))
        names[each.unit] = each.unit_name
        mine["open"] += 1
        if each.light.colour:
            mine[each.light.colour] += 1
        if each.status == "reported":
            mine["reported"] += 1
    return [TallyView(unit=unit, unit_name=names[unit], **counts[unit]) for unit in sorted(counts)]


def _every(view: View, policy: Policy, effective: date, where: Filter) -> Iterator[TaskView]:
    after: tuple[date, str] | None = None
    while found := tasks(view, policy, effective=effective, where=where, after=after, limit=CHUNK):
        yield from found
        after = (found[-1].due_on, found[-1].task)


def _asked(
    policy: Policy, effective: date, where: Filter, after: tuple[date, str] | None
) -> dict[str, Any]:
    """The parameters of a list, with the days between which a light is possible."""
    statuses: tuple[TaskStatus, ...] = tuple(STATUSES)
    if where.status == "open":
        statuses = OPEN
    elif where.status == "to-do":
        statuses = TICKING
    elif where.status is not None:
        statuses = (cast(TaskStatus, where.status),)
    due_until = date.max
    if where.light is not None:
        statuses = tuple(each for each in statuses if each in TICKING)
        if where.light == "overdue":
            due_until = effective
        elif where.light == "near":
            near = policy.work.near_working_days
            due_until = add_working_days(effective, near, policy.calendar)
    narrowed = {k: v for k, v in where._asdict().items() if k not in ("status", "light")}
    return {
        **narrowed,
        "effective": effective,
        "statuses": list(statuses),
        "due_until": due_until,
        "after_day": after and after[0],
        "after_id": after and after[1],
    }


def _task_on(row: Mapping[str, Any], policy: Policy, effective: date) -> TaskView:
    shown = light(
        status=row["status"],
        assigned_on=row["assigned_on"],
        due_on=row["due_on"],
        percent=row["percent"],
        lapses=_lapses(row["lapses"]),
        today=effective,
        policy=policy,
    )
    return TaskView.of({**row, "light": shown})
