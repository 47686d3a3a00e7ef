"""How a session begins, is renewed and ends, over the API as on the pages; each is noted."""

from starlette.requests import Request
from starlette.responses import Response

from access.refusing import LockedOut
from access.sessions import Session
from api.http.kernel.noting import note
from api.http.kernel.signed_in import (
    access_of,
    give_cookie,
    give_device,
    require_own_page,
    source_of,
    take_cookie,
    token_of,
)
from domain.kernel.refusal import Refused


def begin(
    request: Request, response: Response, login: str, password: str, code: str | None
) -> Session:
    """A session with a new token, in the cookie of the response."""
    require_own_page(request)
    try:
        person = access_of(request).sign_in.check(login, password, code, source=source_of(request))
    except Refused as refusal:
        # Who goes on while locked out does not fill the log.
        if not isinstance(refusal, LockedOut) or refusal.anew:
            note(request, "sign-in", succeeded=False, login=login, code=refusal.code)
        raise
    note(request, "sign-in", login=login, person=person)
    return begun(request, response, person)


def renew(request: Request, response: Response, session: Session, old: str, new: str) -> Session:
    """Another session under another password; all that the person had end."""
    try:
        access_of(request).sign_in.change_password(
            session.login, old=old, new=new, source=source_of(request)
        )
    except Refused as refusal:
        note(request, "account", succeeded=False, code=refusal.code)
        raise
    note(request, "account")
    return begun(request, response, session.person)


def end(request: Request, response: Response, session: Session) -> None:
    """End a session; the browser forgets its token."""
    access_of(request).sessions.end(session.person, session.session)
    note(request, "sign-out")
    take_cookie(request, response)


def begun(
    request: Request, response: Response, person: str, *, issuer: str | None = None
) -> Session:
    """A session of this person, who was recognised here or by the provider `issuer`. One that the
    browser had ends. The browser is known from now on."""
    sessions = access_of(request).sessions
    if had := token_of(request):
        sessions.forget(had)
    source = source_of(request)
    token = sessions.begin(
        person,
        address=source.address,
        agent=request.headers.get("user-agent"),
        issuer=issuer,
    )
    give_cookie(request, response, token)
    give_device(request, response, access_of(request).devices.remember(person, source.device))
    return sessions.find(token)
