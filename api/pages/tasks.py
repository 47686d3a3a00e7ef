"""The pages of tasks: the list, and one task with its story."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, get_args

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import Reading, TheKey, TheReading, day_of_key, not_there, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import story_of
from api.pages.subjects import page_of
from api.pages.titles import Titles
from domain.kernel.ids import CommunityId, Id
from domain.task.lights import Colour
from domain.task.state import STATUSES, TaskStatus
from projections import places, tasks, units
from projections.engine.view import View
from projections.tasks import TaskView

router = page_router()

AT_WORK = ("tasks.record-progress", "tasks.report", "tasks.extend", "tasks.reassign")
# What can be done with a task at each status; who may is the policy's matter.
OFFERED: Mapping[TaskStatus, tuple[str, ...]] = {
    "assigned": ("tasks.accept", "tasks.extend", "tasks.reassign", "tasks.cancel"),
    "accepted": (*AT_WORK, "tasks.cancel"),
    "returned": (*AT_WORK, "tasks.cancel"),
    "reported": ("tasks.close-out", "tasks.return"),
    "closed": (),
    "cancelled": (),
}
STREAM = r"^$|^[a-z]+:[a-z0-9][a-z0-9.-]*$"
ASKED = ("open", "to-do", "any", *STATUSES)


@router.get("/tasks")
def list_of_tasks(
    request: Request,
    reading: TheReading,
    key: TheKey,
    unit: Annotated[Id | str, Query(max_length=64)] = "",
    light: Annotated[str, Query(max_length=20)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
    source: Annotated[str, Query(pattern=STREAM, max_length=100)] = "",
    part: Annotated[Id | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Tasks in the order of their deadlines, with filters."""
    where = _where(light, status)._replace(
        unit=unit or None,
        community=community or None,
        source_stream=source or None,
        source_part=part or None,
    )
    after = day_of_key(key)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = tasks.tasks(
            view,
            policy,
            effective=reading.effective,
            where=where,
            after=after and (date.fromisoformat(after[0]), after[1]),
            limit=LINES_MAX + 1,
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        return show(
            reading,
            view,
            "tasks.html",
            here="tasks",
            asked={"unit": unit, "light": light, "status": status},
            within={"community": community, "source": source, "part": part},
            place=places.names(view, [f"community:{community}"]).get(f"community:{community}"),
            source_page=page_of(source).address if source else None,
            lines=found[:LINES_MAX],
            names=_names(view, found[:LINES_MAX]),
            units=_units(view, reading),
            statuses=[
                (each, words.in_(page_language(request))) for each, words in STATUSES.items()
            ],
            titles=Titles(policy, page_language(request)),
            paging=paging(
                reading, view, key, (last.due_on.isoformat(), last.task) if last else None
            ),
        )


def _where(light: str, status: str) -> tasks.Filter:
    """The tasks of a light and a status, by default the open ones."""
    if light and light not in get_args(Colour):
        raise unfit("light", "parameter.unknown-value", value=light)
    if status and status not in ASKED:
        raise unfit("status", "parameter.unknown-value", value=status)
    chosen: Any = light or None
    return tasks.Filter(light=chosen, status=None if status == "any" else status or "open")


@router.get("/tasks/{task}")
def one_task(request: Request, task: Id, reading: TheReading) -> HTMLResponse:
    """One task on the day, and its story."""
    language = page_language(request)
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = tasks.task(view, policy, task, effective=reading.effective)
        if found is None:
            raise not_there(f"task:{task}", reading.effective)
        return show(
            reading,
            view,
            "task.html",
            here="tasks",
            task=found,
            names=_names(view, [found]),
            source=places.names(view, [found.source_stream]) if found.source_stream else {},
            offered=permitted(by.authority.role, policy, *OFFERED[found.status]),
            subject_id=task,
            years=story_of(view, f"task:{task}", reading.effective, language),
            titles=Titles(policy, language),
        )


def _names(view: View, found: list[TaskView]) -> dict[str, str]:
    streams = {f"person:{each.person}" for each in found} | {f"unit:{each.unit}" for each in found}
    return places.names(view, sorted(streams))


def _units(view: View, reading: Reading) -> list[tuple[str, str]]:
    """The offices on the register, by name."""

    def read() -> list[tuple[str, str]]:
        found = units.units(view, effective=reading.effective, limit=500)
        return [(each.unit, each.name) for each in found]

    return view.once(("units", reading.effective), read)
