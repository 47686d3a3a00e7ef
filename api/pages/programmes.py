"""The pages of programmes (补短板): those of a year with their items, and one with its course."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TheReading, not_there
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.forms.operations import permitted
from api.pages.forms.within import form_within
from api.pages.page import districts, page_router, show
from api.pages.recorded import story_of
from api.pages.steps import Step, Taken, steps_of
from api.pages.titles import Titles
from domain.kernel.ids import Id, JurisdictionId
from domain.kernel.policy.parts import Programme as Bounds
from projections import programmes
from projections.programmes import ConsultationView, ProgrammeItemView, ProgrammeView

router = page_router()

PROGRAMMES_MAX = 500
# What can be done with a programme and with an item of it; who may is the policy's matter.
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("programmes.add-item", "programmes.record-consultation", "programmes.adopt"),
    "adopted": ("programmes.add-item", "programmes.close"),
    "closed": (),
}
OF_ITEM: Mapping[str, tuple[str, ...]] = {
    "draft": ("programmes.revise-item", "programmes.drop-item"),
    "adopted": ("programmes.assign-tasks", "programmes.revise-item", "programmes.drop-item"),
    "closed": (),
}
NEXT: Mapping[str, str] = {
    "items": "programmes.add-item",
    "consulted": "programmes.record-consultation",
    "adopted": "programmes.adopt",
    "closed": "programmes.close",
}


@router.get("/programmes")
def of_year(
    request: Request,
    reading: TheReading,
    year: Annotated[int | None, Query(ge=1950, le=2200)] = None,
    jurisdiction: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """The programmes of a year, by default the newest, the city's first, with their items."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = programmes.programmes(
            view, effective=day, jurisdiction=jurisdiction or None, limit=PROGRAMMES_MAX
        )
        years = sorted({each.year for each in found}, reverse=True)
        chosen = year or (years[0] if years else day.year)
        shown = [each for each in found if each.year == chosen]
        return show(
            reading,
            view,
            "programmes.html",
            here="programmes",
            asked={"jurisdiction": jurisdiction},
            year=chosen,
            years=years,
            shown=[
                (each, programmes.items(view, policy, each.programme, effective=day))
                for each in sorted(shown, key=lambda e: (not e.of_city, e.jurisdiction_name or ""))
            ],
            bounds=policy.programme,
            districts=districts(reading, view),
            offered=permitted(by.authority.role, policy, "programmes.draft"),
            titles=Titles(policy, page_language(request)),
        )


@router.get("/programmes/{programme}")
def one_programme(request: Request, programme: Id, reading: TheReading) -> HTMLResponse:
    """One programme: its steps, items, consultations and close-out."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        found = programmes.programmes(view, effective=day, programme=programme, limit=1)
        if not found:
            raise not_there(f"programme:{programme}", day)
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        items = programmes.items(view, policy, programme, effective=day)
        consultations = programmes.consultations(view, programme, effective=day)
        steps = _steps(found[0], items, consultations, policy.programme)
        status = found[0].status
        role = by.authority.role
        following = next((NEXT.get(each.name, "") for each in steps if each.state == "next"), "")
        stream = f"programme:{programme}"
        may = {each.id for each in permitted(role, policy, *OFFERED[status])}
        return show(
            reading,
            view,
            "programme.html",
            here="programmes",
            programme=found[0],
            items=[each for each in items if not each.dropped_on],
            dropped=[each for each in items if each.dropped_on],
            consultations=consultations,
            bounds=policy.programme,
            steps=steps,
            form=form_within(reading, view, titles, following, stream)
            if following in may
            else None,
            offered=permitted(role, policy, *OFFERED[status]),
            of_item=permitted(role, policy, *OF_ITEM[status]),
            subject_id=programme,
            story=story_of(view, stream, day, titles.language),
            titles=titles,
        )


def _steps(
    programme: ProgrammeView,
    items: Sequence[ProgrammeItemView],
    consultations: Sequence[ConsultationView],
    bounds: Bounds,
) -> list[Step]:
    """The course of a programme; it is closed once all of its items are done."""
    standing = [each for each in items if not each.dropped_on]
    last = consultations[-1].consulted_until if consultations else None
    enough = len(standing) >= (bounds.items_min if programme.of_city else 1)
    done = sum(each.done for each in standing)
    return steps_of(
        Taken("drafted", True, programme.drafted_on),
        Taken("items", enough, number=len(standing)),
        Taken(
            "consulted",
            bool(consultations),
            last,
            len(consultations),
            optional=not (programme.of_city and bounds.city_consults),
        ),
        Taken("adopted", programme.adopted_on is not None, programme.adopted_on),
        Taken(
            "carried-out",
            programme.adopted_on is not None and done == len(standing),
            number=done,
        ),
        Taken("closed", programme.closed_on is not None, programme.closed_on),
    )
