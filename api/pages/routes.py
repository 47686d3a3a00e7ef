"""The pages about the product itself: the API's documentation, its problems, preferences."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.http.kernel.problem_kinds import ALL, KINDS, codes_of
from api.http.kernel.problems import ApiProblem
from api.http.kernel.rendering import SIZE, THEME, page_language, render
from api.http.kernel.signed_in import require_own_page
from api.pages.page import page_router
from api.pages.posted import posted
from domain.kernel.refusal import catalogue

router = page_router()

DOCS_SECURITY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PREFERENCES: Mapping[str, tuple[str, frozenset[str]]] = {
    "theme": (THEME, frozenset(("light", "dark"))),
    "size": (SIZE, frozenset(("normal", "large"))),
}
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """The API's documentation. Only this page allows inline styles, which its viewer needs."""
    page = render(request, "docs.html")
    page.headers["Content-Security-Policy"] = DOCS_SECURITY
    return page


@router.get("/docs/problems")
def problems(request: Request) -> HTMLResponse:
    """The meaning of the API's problems."""
    return render(request, "problems.html", kinds=ALL, codes=())


@router.get("/docs/problems/{name}")
def problem(request: Request, name: str) -> HTMLResponse:
    """The meaning of one problem, to which its `type` leads."""
    if name not in KINDS:
        raise ApiProblem("no-such-page", "request.no-such-problem", problem=name)
    words = catalogue(page_language(request))
    codes = [(code, words[code]) for code in codes_of(name)]
    return render(request, "problems.html", kinds=(KINDS[name],), codes=codes)


@router.post("/preferences")
def prefer(request: Request, asked: Annotated[dict[str, str], Depends(posted)]) -> RedirectResponse:
    """Keep how the reader wants the pages to look, and go back."""
    require_own_page(request)
    back = asked.get("back", "/")
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = RedirectResponse(back if own else "/", status_code=303)
    for name, (cookie, values) in PREFERENCES.items():
        if asked.get(name) in values:
            answer.set_cookie(
                cookie, asked[name], max_age=YEAR_SECONDS, httponly=True, samesite="lax"
            )
    return answer
