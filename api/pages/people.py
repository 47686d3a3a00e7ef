"""The pages of officials: the list, and one with names, posts and grants."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TEXT_PATTERN, TheKey, TheReading, not_there
from api.http.kernel.rendering import page_language
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, policy_shown, show
from api.pages.recorded import by_year, of_matter, shown_lines
from api.pages.titles import Titles
from api.pages.units import districts
from domain.kernel.ids import JurisdictionId, PersonId
from projections import authorities, people, timeline
from projections.authorities import AuthorityView
from projections.people import PersonFilter

router = page_router()

HISTORY_MAX = 500
GRANTS_MAX = 50
OFFERED = ("people.rename", "people.take-post", "people.leave-post", "people.distinguish")


@router.get("/people")
def list_of_people(
    request: Request,
    reading: TheReading,
    key: TheKey,
    q: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    status: Annotated[str, Query(pattern=r"^(any)?$")] = "",
) -> HTMLResponse:
    """Officials by name with the posts that they hold, with filters."""
    asked = {"q": q, "district": district, "status": status}
    where = PersonFilter(within=district or None, q=q.strip() or None, any=status == "any")
    by = reading_as(request)
    with reading.view() as view:
        found = people.people(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        policy = policy_shown(reading, view)
        return show(
            reading,
            view,
            "people.html",
            here="settings",
            asked=asked,
            narrowed=any(asked.values()),
            lines=found[:LINES_MAX],
            districts=districts(view, reading),
            offered=permitted(by.authority.role, policy, "people.register") if policy else (),
            paging=paging(reading, view, key, (last.name, last.person) if last else None),
        )


@router.get("/people/{person}")
def one_person(request: Request, person: PersonId, reading: TheReading) -> HTMLResponse:
    """One official on the day: names, all posts, and what they may do, where and by whom."""
    language = page_language(request)
    role = reading_as(request).authority.role
    with reading.view() as view:
        spells = people.periods(view, person, effective=reading.effective)
        now = people.person(view, person, effective=reading.effective)
        if spells is None or now is None:
            raise not_there(f"person:{person}")
        titles = Titles(policy_shown(reading, view), language)
        where = authorities.Filter(person=person)
        granted = authorities.authorities(
            view, effective=reading.effective, where=where, limit=GRANTS_MAX
        )
        every = timeline.history(
            view, f"person:{person}", until=reading.effective, limit=HISTORY_MAX
        )
        return show(
            reading,
            view,
            "person.html",
            here="settings",
            subject_id=person,
            official=now,
            periods=spells,
            grants=granted,
            years=by_year(shown_lines(view, of_matter(every, "all"), every, language)),
            offered=permitted(role, titles.policy, *_offered(granted)) if titles.policy else (),
            titles=titles,
        )


def _offered(granted: Sequence[AuthorityView]) -> Iterator[str]:
    """What can be done about an official; only what was granted is revoked."""
    yield from OFFERED
    yield "authorities.grant"
    if granted:
        yield "authorities.revoke"
