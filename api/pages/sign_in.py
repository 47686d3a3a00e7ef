"""The pages for signing in: plain forms, which need no script."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Form, Query
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from access.drafts import BYTES_MAX as TYPED_MAX
from access.passwords import CHARACTERS_MAX, CHARACTERS_MIN
from access.refusing import LockedOut, NotSignedIn
from api.http.kernel.acting import grants_in_force, under_grant
from api.http.kernel.coming_in import begin, end, renew
from api.http.kernel.rendering import page_language, render
from api.http.kernel.signed_in import InSession, access_of, require_own_page
from api.pages.forms.drafts import keep_interrupted, read, written
from api.pages.page import page_router
from api.pages.posted import posted
from domain.kernel.context import ROLES
from domain.kernel.ids import id_of
from domain.kernel.refusal import Refused
from projections import places
from projections.engine.view import ReadModels

router = page_router()

Next = Annotated[str, Query(max_length=2_000)]
NextField = Annotated[str, Form(alias="next", max_length=2_000)]
Password = Annotated[str, Form(max_length=CHARACTERS_MAX)]


@router.get("/sign-in")
def show_sign_in(request: Request, next: Next = "/") -> HTMLResponse:
    """The form of login and password."""
    return _form(request, next)


@router.post("/sign-in/interrupted")
def interrupted(
    request: Request, typed: Annotated[dict[str, str], Depends(posted)], next: Next = "/"
) -> HTMLResponse:
    """The form of login and password, which carries on what was typed in a form whose session had
    ended."""
    require_own_page(request)
    return _form(request, next, NotSignedIn("session.ended"), typed=written(typed))


@router.post("/sign-in")
def sign_in(
    request: Request,
    login: Annotated[str, Form(max_length=64)] = "",
    password: Password = "",
    code: Annotated[str, Form(max_length=40)] = "",
    next: NextField = "/",
    typed: Annotated[str, Form(max_length=TYPED_MAX)] = "",
) -> Response:
    """Begin a session and go to where its person wanted to go, to what they had typed there."""
    answer = _to(local(next))
    try:
        session = begin(request, answer, login, password, code or None)
    except (NotSignedIn, LockedOut) as refusal:
        return _form(request, next, refusal, login=login, typed=typed)
    if typed:
        back = keep_interrupted(request, session.person, local(next), read(typed))
        answer.headers["Location"] = str(URL(back))
    return answer


@router.get("/sign-in/password")
def show_password(request: Request, next: Next = "/") -> HTMLResponse:
    """The form of another password."""
    return _password_form(request, next)


@router.post("/sign-in/password")
def change_password(
    request: Request,
    session: InSession,
    old: Password = "",
    new: Password = "",
    again: Password = "",
    next: NextField = "/",
) -> Response:
    """Choose another password."""
    if new != again:
        return _password_form(request, next, Refused("password.typed-differently"))
    answer = _to(local(next))
    try:
        renew(request, answer, session, old, new)
    except Refused as refusal:
        return _password_form(request, next, refusal)
    return answer


@router.get("/sign-in/authority")
def show_authorities(request: Request, session: InSession, next: Next = "/") -> HTMLResponse:
    """Under which of several grants somebody wants to act."""
    record, models = request.app.state.record, request.app.state.models
    grants = grants_in_force(record, session.person)
    names = _names(models, [id_of(each.place) for each in grants])
    language = page_language(request)
    return render(
        request,
        "sign-in-authority.html",
        next=local(next),
        grants=[
            {
                "grant": each.grant,
                "role": ROLES[each.role].in_(language),
                "place": names.get(id_of(each.place), id_of(each.place)),
            }
            for each in grants
        ],
    )


@router.post("/sign-in/authority")
def choose_authority(
    request: Request,
    session: InSession,
    grant: Annotated[str, Form(max_length=64)] = "",
    next: NextField = "/",
) -> Response:
    """Act under one of them in this session, unless a request names another."""
    under_grant(request.app.state.record, session.person, grant)
    access_of(request).sessions.choose(session.session, grant)
    return _to(local(next))


@router.post("/sign-out")
def sign_out(request: Request, session: InSession) -> Response:
    """End the session."""
    answer = _to("/sign-in")
    end(request, answer, session)
    return answer


def local(address: str) -> str:
    """An address on this server, or else the home page: nobody is led elsewhere."""
    parts = urlsplit(address) if address.isprintable() else None
    if parts is None or parts.scheme or parts.netloc or "\\" in address:
        return "/"
    return address if address.startswith("/") and not address.startswith("//") else "/"


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(str(URL(address)), status_code=303)


def _form(
    request: Request,
    next: str,
    refusal: Refused | None = None,
    *,
    login: str = "",
    typed: str = "",
) -> HTMLResponse:
    openid = access_of(request).openid.is_configured
    kept = typed if len(typed) <= TYPED_MAX else ""
    return _page(request, "sign-in.html", next, refusal, login=login, typed=kept, openid=openid)


def _password_form(request: Request, next: str, refusal: Refused | None = None) -> HTMLResponse:
    return _page(
        request, "sign-in-password.html", next, refusal, characters=(CHARACTERS_MIN, CHARACTERS_MAX)
    )


def _page(
    request: Request, template: str, next: str, refusal: Refused | None, **more: Any
) -> HTMLResponse:
    """A form, with what was wrong with it the last time."""
    wrong = refusal.words.in_(page_language(request)) if refusal else None
    status = {NotSignedIn: 401, LockedOut: 429, type(None): 200}.get(type(refusal), 409)
    visitors = getattr(request.app.state, "visitors", ())  # of the demo, and of nothing else
    page = render(
        request,
        template,
        status,
        next=local(next),
        wrong=wrong,
        visitors=visitors,
        **more,
    )
    page.headers["Cache-Control"] = "no-store"
    if isinstance(refusal, LockedOut):
        page.headers["Retry-After"] = str(refusal.seconds)
    return page


def _names(models: ReadModels, ids: list[str]) -> Any:
    with models.view() as view:
        return places.names(view, ids)
