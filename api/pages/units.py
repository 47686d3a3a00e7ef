"""The pages of offices and organisations: the list, and one with its periods and its people."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import TEXT_PATTERN, Reading, TheKey, TheReading, not_there
from api.http.kernel.rendering import page_language
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, policy_shown, show
from api.pages.recorded import by_year, of_matter, shown_lines
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, JurisdictionId, UnitId
from projections import organisation, people, timeline, units
from projections.engine.view import View
from projections.people import PersonFilter
from projections.units import UnitFilter

router = page_router()

HISTORY_MAX = 500
SHOWN_MAX = 200
OFFERED = (
    "units.rename",
    "units.recode",
    "units.change-kind",
    "units.place",
    "units.merge",
    "units.dissolve",
    "units.correct-name",
)


@router.get("/units")
def list_of_units(
    request: Request,
    reading: TheReading,
    key: TheKey,
    q: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    kind: Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", max_length=64)] = "",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    status: Annotated[str, Query(pattern=r"^(any)?$")] = "",
) -> HTMLResponse:
    """Offices and organisations by name, with filters."""
    asked = {"q": q, "kind": kind, "district": district, "status": status}
    where = UnitFilter(
        status=None if status == "any" else "active",
        unit_kind=kind or None,
        within=district or None,
        q=q.strip() or None,
    )
    by = reading_as(request)
    with reading.view() as view:
        found = units.units(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        titles = Titles(policy_shown(reading, view), page_language(request))
        return show(
            reading,
            view,
            "units.html",
            here="settings",
            asked=asked,
            narrowed=any(asked.values()),
            lines=found[:LINES_MAX],
            kinds=[
                (each.code, each.title.in_(titles.language))
                for each in (titles.policy.units.kinds if titles.policy else ())
            ],
            districts=districts(view, reading),
            titles=titles,
            offered=permitted(by.authority.role, titles.policy, "units.register")
            if titles.policy
            else (),
            paging=paging(reading, view, key, (last.name, last.unit) if last else None),
        )


@router.get("/units/{unit}")
def one_unit(request: Request, unit: UnitId, reading: TheReading) -> HTMLResponse:
    """One office on the day: its names by period, where it belongs, who holds which post in it."""
    language = page_language(request)
    by = reading_as(request)
    with reading.view() as view:
        spells = units.periods(view, unit)
        if not spells:
            raise not_there(f"unit:{unit}")
        titles = Titles(policy_shown(reading, view), language)
        now = units.unit(view, unit, effective=reading.effective)
        every = timeline.history(view, f"unit:{unit}", until=reading.effective, limit=HISTORY_MAX)
        below = UnitFilter(superior=unit)
        return show(
            reading,
            view,
            "unit.html",
            here="settings",
            subject_id=unit,
            title=now.name if now else spells[0].name,
            unit=now,
            periods=spells,
            below=units.units(view, effective=reading.effective, where=below, limit=SHOWN_MAX),
            staff=people.people(
                view, effective=reading.effective, where=PersonFilter(unit=unit), limit=SHOWN_MAX
            ),
            years=by_year(shown_lines(view, of_matter(every, "all"), every, language)),
            offered=permitted(by.authority.role, titles.policy, *OFFERED)
            if titles.policy and now and now.status == "active"
            else (),
            titles=titles,
        )


def districts(view: View, reading: Reading) -> list[tuple[str, str]]:
    """The districts of the city on the day, by code."""
    found = organisation.jurisdictions(
        view, effective=reading.effective, parent=founded(reading.request).city, limit=LINES_MAX
    )
    return [(each.jurisdiction, each.name) for each in found]
