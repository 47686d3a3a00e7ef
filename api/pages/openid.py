"""Signing in through a provider of OpenID Connect: the addresses a browser is led through."""

from typing import Annotated

from fastapi import Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from access.drafts import BYTES_MAX
from access.openid.sign_in import LASTS_MAX, Answer, Begun
from api.http.kernel.coming_in import begun
from api.http.kernel.noting import note
from api.http.kernel.rendering import render
from api.http.kernel.signed_in import access_of, is_secure, require_own_page
from api.pages.forms.drafts import keep_interrupted, read
from api.pages.page import page_router
from api.pages.sign_in import NextField, local
from domain.kernel.refusal import Refused

router = page_router()

COOKIE = "annals-openid"
Next = Annotated[str, Query(max_length=2_000)]
FromProvider = Annotated[str, Query(max_length=5_000)]


@router.get("/sign-in/openid")
def begin(request: Request, next: Next = "/") -> Response:
    """To the provider, and afterwards back to `next`."""
    leaving = access_of(request).openid.begin(local(next))
    return _leaving(request, _to(leaving.address), leaving)


@router.post("/sign-in/openid")
def begin_with_form(
    request: Request,
    next: NextField = "/",
    typed: Annotated[str, Form(max_length=BYTES_MAX)] = "",
) -> Response:
    """The same with what was typed in a form whose session had ended. A page leads on: a browser
    does not follow a form to another server."""
    require_own_page(request)
    leaving = access_of(request).openid.begin(local(next), typed)
    page = render(request, "sign-in-openid.html", address=leaving.address)
    page.headers["Refresh"] = f"0; url={leaving.address}"
    page.headers["Cache-Control"] = "no-store"
    return _leaving(request, page, leaving)


def _leaving(request: Request, answer: Response, leaving: Begun) -> Response:
    """The answer with the cookie that the browser has to bring back."""
    answer.set_cookie(
        _cookie(request),
        leaving.token,
        max_age=int(LASTS_MAX.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )
    return answer


@router.get("/sign-in/openid/callback")
def complete(
    request: Request,
    state: FromProvider = "",
    code: FromProvider = "",
    error: FromProvider = "",
    iss: Annotated[str | None, Query(max_length=2_000)] = None,
) -> Response:
    """Back from the provider: a session with a new token begins, and one that the browser had
    ends."""
    access = access_of(request)
    came = Answer(state=state, code=code, error=error, issuer=iss)
    try:
        who = access.openid.complete(request.cookies.get(_cookie(request)), came)
    except Refused as refusal:
        subject = refusal.params.get("subject")
        named = f"openid:{subject}" if subject else None
        note(request, "sign-in", succeeded=False, login=named, code=refusal.code)
        raise
    note(request, "sign-in", login=f"openid:{who.subject}", person=who.person)
    typed = read(who.typed)
    answer = _to(keep_interrupted(request, who.person, who.next, typed) if typed else who.next)
    begun(request, answer, who.person, issuer=who.issuer)
    answer.delete_cookie(_cookie(request), httponly=True, samesite="lax", secure=is_secure(request))
    return answer


@router.get("/sign-in/openid/end")
def leave(request: Request) -> Response:
    """Sign out at the provider, too, if that can be done; here it changes nothing."""
    return _to(access_of(request).openid.provider.address_to_leave() or "/")


def _to(address: str) -> RedirectResponse:
    answer = RedirectResponse(address, status_code=303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cookie(request: Request) -> str:
    return f"__Host-{COOKIE}" if is_secure(request) else COOKIE
