"""The addresses of the pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.problem_kinds import ALL, KINDS, codes_of
from api.http.kernel.problems import ApiProblem
from api.http.kernel.reading import (
    TEXT_PATTERN,
    Reading,
    TheKey,
    TheReading,
    not_there,
)
from api.http.kernel.rendering import page_language, render
from api.http.kernel.routing import ReadRoute
from api.http.policies import policy_on
from api.http.timelines import TimelineLineView, after_line, lines_of
from api.pages.as_of import as_of
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, CommunityId, JurisdictionId
from domain.kernel.policy import Policy
from domain.kernel.refusal import catalogue
from projections import organisation, register, timeline
from projections.engine.view import View
from projections.register import ATTRIBUTES, Filter
from record.store.record import CHINA, Record


class PageRoute(ReadRoute):
    """A page: it ignores parameters that it does not know, so that any link to it works."""

    strict = False


router = APIRouter(
    include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute
)

LINES_MAX = 100
TIMELINE_LINES_MAX = 200
DOCS_SECURITY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/")
def home(request: Request) -> HTMLResponse:
    """The home page."""
    return render(request, "home.html")


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The API's documentation. Only this page allows inline styles, which its viewer needs."""
    page = render(request, "docs.html")
    page.headers["Content-Security-Policy"] = DOCS_SECURITY
    return page


@router.get("/docs/problems")
def problems(request: Request) -> HTMLResponse:
    """The meaning of the API's problems."""
    return render(request, "problems.html", kinds=ALL)


@router.get("/docs/problems/{name}")
def problem(request: Request, name: str) -> HTMLResponse:
    """The meaning of one problem, to which its `type` leads."""
    if name not in KINDS:
        raise ApiProblem("no-such-page", "request.no-such-problem", problem=name)
    words = catalogue(page_language(request))
    codes = [(code, words[code]) for code in codes_of(name)]
    return render(request, "problems.html", kinds=(KINDS[name],), codes=codes)


@router.get("/communities")
def communities(
    request: Request,
    reading: TheReading,
    key: TheKey,
    name: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    code: Annotated[str, Query(pattern=r"^[0-9]{0,12}$")] = "",
    district: Annotated[JurisdictionId | str, Query(max_length=64)] = "",
    type: Annotated[str, Query(pattern=rf"^-?$|{SLUG_PATTERN}", max_length=64)] = "",
    status: Annotated[str, Query(pattern=r"^(any)?$")] = "",
) -> HTMLResponse:
    """The list of communities, with filters."""
    asked = {"name": name, "code": code, "district": district, "type": type, "status": status}
    where = Filter(
        status=None if status == "any" else "active",
        type=type if type != "-" else None,
        unclassified=type == "-",
        district=district or None,
        code=code or None,
        name=name.strip() or None,
    )
    where = where._replace(type=where.type or None)
    founded = request.app.state.record.state("record")
    with reading.view() as view:
        found = register.communities(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        districts = organisation.jurisdictions(
            view, effective=reading.effective, parent=founded.city or None, limit=LINES_MAX
        )
        bar = as_of(reading, view)
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        policy = _policy(reading, view)
        return render(
            request,
            "communities.html",
            founded=founded,
            as_of=bar,
            asked=asked,
            lines=found[:LINES_MAX],
            districts=districts,
            types=policy.types if policy else (),
            titles=Titles(policy, page_language(request)),
            paging=_paging(reading, view, key, (last.code or "", last.community) if last else None),
        )


@router.get("/communities/{community}")
def community(
    request: Request, community: CommunityId, reading: TheReading, key: TheKey
) -> HTMLResponse:
    """One community on the day: its state, the reasons and its timeline."""
    stream = f"community:{community}"
    with reading.view() as view:
        found = timeline.history(
            view,
            stream,
            until=reading.asked,
            after=after_line(key),
            limit=TIMELINE_LINES_MAX + 1,
        )
        periods = register.periods(view, community)
        if not periods:
            raise not_there(f"community:{community}")
        line = register.community(view, community, effective=reading.effective)
        reasons = register.reasons(view, community, effective=reading.effective)
        last = found[TIMELINE_LINES_MAX - 1] if len(found) > TIMELINE_LINES_MAX else None
        following = (last.effective_on.isoformat(), str(last.entry.position)) if last else None
        return render(
            request,
            "community.html",
            as_of=as_of(reading, view),
            title=(line and line.name) or periods[-1].name or community,
            community=line,
            reasons=sorted(reasons, key=lambda r: list(ATTRIBUTES).index(r.attribute)),
            lines=[_line(each) for each in lines_of(view, found[:TIMELINE_LINES_MAX])],
            titles=Titles(_policy(reading, view), page_language(request)),
            paging=_paging(reading, view, key, following),
        )


def _line(line: TimelineLineView) -> dict[str, Any]:
    """A line of a timeline: by how many days it was recorded late, and whether it is void."""
    recorded_on = line.entry.recorded_at.astimezone(CHINA).date()
    late = max((recorded_on - line.effective_on).days, 0)
    void = any(mark.how != "repeals" for mark in line.marks)
    return {**dict(line), "late": late, "void": void}


def _paging(
    reading: Reading, view: View, key: tuple[str, str] | None, following: tuple[str, str] | None
) -> dict[str, str | None]:
    cursor = reading.cursor(view, following) if following else None
    return {
        "first_page": reading.address(cursor=None) if key else None,
        "next_page": reading.address(cursor=cursor) if cursor else None,
    }


def _policy(reading: Reading, view: View) -> Policy | None:
    record: Record = reading.request.app.state.record
    return policy_on(record, reading.effective, known=view.known)
