"""The workbench: what waits for a unit, by light and deadline. A unit is chosen by the address."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import Reading, TheReading
from api.http.kernel.rendering import page_language, render
from api.http.policies import policy_asked
from api.pages.cadence import quarters
from api.pages.page import page_router, show
from api.pages.titles import Titles
from domain.kernel.ids import Id
from domain.kernel.policy import Policy
from domain.kernel.policy.working_days import is_working_day
from projections import councils, places, register, tasks, units
from projections.engine.view import View
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.figures import Counted
from projections.register import Filter
from projections.tasks import TaskView

router = page_router()

TASKS_MAX = 60
ORDER = ("overdue", "behind", "near", None)
# What waits for whoever is responsible for a place, besides tasks; each with the page of its list.
DUE = (
    "unclassified",
    "assessed-otherwise",
    "proposals-waiting",
    "objections-waiting",
    "supports-lacking",
    "support-milestones-overdue",
    "councils-lacking",
    "minutes-lacking",
    "measures-unsettled",
    "needs-unclaimed",
    "projects-overdue",
    "feedback-overdue",
    "opinions-waiting",
)
COUNCILS_MAX = 12


class Place(NamedTuple):
    """The unit whose workbench it is, and the jurisdiction that it is responsible for."""

    unit: str | None
    name: str | None
    jurisdiction: str | None


class Cadence(NamedTuple):
    """A council, and in each quarter of the year whether it met: held, missed, coming or none."""

    community: str
    name: str | None
    kind: str
    quarters: tuple[str, ...]
    council: str


@router.get("/")
def workbench(
    request: Request,
    reading: TheReading,
    unit: Annotated[Id | str | None, Query(max_length=64)] = None,
) -> HTMLResponse:
    """What waits for a unit, by default one's own, or for the whole city; before the founding, a
    greeting."""
    if not founded(request).version:
        return render(request, "home.html")
    by = reading_as(request)
    if unit is None and by.actor.unit != founded(request).city:
        unit = by.actor.unit
    with reading.view() as view:
        policy = policy_asked(reading, view)
        place = _place(view, reading, unit or None)
        shown = _tasks(view, reading, policy, place)
        names = _names(view, shown)
        return show(
            reading,
            view,
            "workbench.html",
            here="workbench",
            place=place,
            choices=_choices(view, reading, policy),
            next_working=_next_working(reading.effective, policy),
            rests_tomorrow=not is_working_day(
                reading.effective + timedelta(days=1), policy.calendar
            ),
            tasks=shown[:TASKS_MAX],
            tallies=_tallies(shown),
            due=_due(view, reading, place),
            returned=[each for each in shown if each.status == "returned"],
            names=names,
            cadence=_cadence(view, reading, place) if place.jurisdiction else (),
            quarter=(reading.effective.month - 1) // 3,
            titles=Titles(policy, page_language(request)),
        )


def _place(view: View, reading: Reading, unit: str | None) -> Place:
    if unit is None:
        return Place(None, None, None)
    found = units.unit(view, unit, effective=reading.effective)
    if found:
        return Place(unit, found.name, found.jurisdiction)
    return Place(unit, places.names(view, [f"unit:{unit}"]).get(f"unit:{unit}", unit), unit)


def _choices(view: View, reading: Reading, policy: Policy) -> list[tuple[str, str]]:
    """The units that have tasks, by name."""

    def read() -> list[tuple[str, str]]:
        found = [each.unit for each in tasks.by_unit(view, policy, effective=reading.effective)]
        names = places.names(view, [f"unit:{each}" for each in found])
        return sorted(
            ((each, names[f"unit:{each}"]) for each in found if f"unit:{each}" in names),
            key=lambda each: each[1],
        )

    return view.once(("workbench-units", reading.effective), read)


def _tasks(view: View, reading: Reading, policy: Policy, place: Place) -> list[TaskView]:
    """The open tasks of the unit, the most urgent first."""
    where = tasks.Filter(unit=place.unit)
    found = tasks.tasks(view, policy, effective=reading.effective, where=where, limit=500)
    return sorted(found, key=lambda each: (ORDER.index(each.light.colour), each.due_on))


def _tallies(found: Sequence[TaskView]) -> list[tuple[str, int]]:
    lights: list[str | None] = [each.light.colour for each in found]
    return [
        *((str(colour), lights.count(colour)) for colour in ORDER if colour),
        ("returned", sum(each.status == "returned" for each in found)),
        ("reported", sum(each.status == "reported" for each in found)),
        ("open", len(found)),
    ]


def _names(view: View, found: Sequence[TaskView]) -> dict[str, str]:
    """The names of the responsible people and units of these tasks, by stream."""
    streams = {f"person:{each.person}" for each in found} | {f"unit:{each.unit}" for each in found}
    return places.names(view, sorted(streams))


def _due(view: View, reading: Reading, place: Place) -> list[Counted]:
    """The figures of what waits in the place besides tasks, without those that are zero."""
    asked = Asked(policy_asked(reading, view), reading.effective, place.jurisdiction)
    counted = view.once(("counts", asked), lambda: figures.counts(view, asked))
    by_code = {each.figure.code: each for each in counted}
    return [by_code[code] for code in DUE if by_code[code].lines]


def _cadence(view: View, reading: Reading, place: Place) -> list[Cadence]:
    """The councils of the place's communities, quarter by quarter of the year."""
    day = reading.effective
    where = Filter(subdistrict=place.jurisdiction)
    inside = register.communities(view, effective=day, where=where, limit=COUNCILS_MAX)
    found: list[Cadence] = []
    for each in inside:
        by_community = councils.Filter(community=each.community)
        for owing in councils.owing(view, effective=day, where=by_community):
            found.append(
                Cadence(
                    each.community,
                    each.name,
                    owing.council.council_kind,
                    tuple(each.kept for each in quarters(day, day.year, owing.due)),
                    owing.council.council,
                )
            )
    return found[:COUNCILS_MAX]


def _next_working(day: date, policy: Policy) -> date:
    following = day + timedelta(days=1)
    while not is_working_day(following, policy.calendar):
        following += timedelta(days=1)
    return following
