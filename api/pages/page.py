"""What the modules of pages share: their kind of route, the policy of the day, paging."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import Reading
from api.http.kernel.rendering import page_language, render
from api.http.kernel.routing import ReadRoute
from api.http.policies import policy_on
from api.pages.as_of import as_of
from api.pages.who import who
from domain.kernel.policy import Policy
from projections.engine.view import View
from record.store.record import Record

LINES_MAX = 100


class PageRoute(ReadRoute):
    """A page: it ignores parameters that it does not know, so that any link to it works."""

    strict = False


def page_router() -> APIRouter:
    """A router for pages, which are not part of the API's description."""
    return APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute
    )


def policy_shown(reading: Reading, view: View) -> Policy | None:
    """The policy whose titles a page shows; None if none was in force."""
    record: Record = reading.request.app.state.record
    return policy_on(record, reading.effective, known=view.known)


def paging(
    reading: Reading, view: View, key: tuple[str, str] | None, following: tuple[str, str] | None
) -> Mapping[str, str | None]:
    """The addresses of the first and of the next page of a list."""
    cursor = reading.cursor(view, following) if following else None
    return {
        "first_page": reading.address(cursor=None) if key else None,
        "next_page": reading.address(cursor=cursor) if cursor else None,
    }


def show(reading: Reading, view: View, template: str, **context: Any) -> HTMLResponse:
    """A page that was read from this view, with its two moments and the person who looks at it."""
    request = reading.request
    person = who(view, reading_as(request), page_language(request))
    return render(request, template, as_of=as_of(reading, view), who=person, **context)
