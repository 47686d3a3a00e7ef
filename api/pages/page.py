"""What the modules of pages share: their kind of route, the policy of the day, paging."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.http.kernel.acting import reading_as
from api.http.kernel.adopted import policy_on
from api.http.kernel.founded import founded
from api.http.kernel.reading import Reading, unfit
from api.http.kernel.rendering import page_language, render
from api.http.kernel.routing import Handler, ReadRoute
from api.pages.as_of import as_of
from api.pages.who import who
from domain.kernel.policy import Policy
from projections import organisation
from projections.engine.view import View
from record.store.record import Record

LINES_MAX = 100


class PageRoute(ReadRoute):
    """A page: it ignores parameters that it does not know, so that any link to it works, and those
    without a value: a filter that was not filled in is none."""

    strict = False

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        handle = super().get_route_handler()

        async def filled_in(request: Request) -> Response:
            given = [each for each in request.query_params.multi_items() if each[1]]
            request.scope["query_string"] = urlencode(given).encode()
            return await handle(Request(request.scope, request.receive))

        return filled_in


class LongPageRoute(PageRoute):
    """A page that reads whole lists."""

    long = True


def page_router(route: type[PageRoute] = PageRoute) -> APIRouter:
    """A router for pages, which are not part of the API's description."""
    return APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=route
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


def begin_of(key: tuple[str, str] | None, lines: int) -> int:
    """How many lines precede the page that a cursor names, in a list that is paged by number."""
    if key is None:
        return 0
    if not (key[0].isascii() and key[0].isdigit()) or int(key[0]) > lines:
        raise unfit("cursor", "parameter.foreign-cursor")
    return int(key[0])


def districts(reading: Reading, view: View, parent: str | None = None) -> list[tuple[str, str]]:
    """The jurisdictions directly under another one, by default the city's, to choose from."""
    parent = parent or founded(reading.request).city
    found = organisation.jurisdictions(
        view, effective=reading.effective, parent=parent, limit=LINES_MAX
    )
    return [(each.jurisdiction, each.name) for each in found]


def show(reading: Reading, view: View, template: str, **context: Any) -> HTMLResponse:
    """A page that was read from this view, with its two moments and the person who looks at it."""
    request = reading.request
    person = who(view, reading_as(request), page_language(request))
    return render(request, template, as_of=as_of(reading, view), who=person, **context)
