"""Who sends a request: the session of its cookie, or the key in its Authorization.

A browser adds the cookie to requests of other sites, too. So what changes something is answered
only if the browser says that our own page sent it.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from access.access import Access
from access.devices import KNOWN_FOR
from access.keys import Key, named_in
from access.refusing import NotSignedIn
from access.sessions import Session
from access.sign_in import Source
from api.http.kernel.noting import note
from api.http.kernel.problems import ApiProblem

COOKIE = "annals"
DEVICE = "annals-device"
HOST = "__Host-"  # over TLS: a browser takes such a cookie from this host only, and whole
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# For the description of what is done in a session only: a key cannot.
IN_SESSION: dict[str, Any] = {"security": [{"session": []}]}


def access_of(request: Request) -> Access:
    """Accounts, sessions and keys of the record that the app serves."""
    found: Access = request.app.state.access
    return found


def require_own_page(request: Request) -> None:
    """Refused for a request that changes something and that a page of another site sent.

    A client that is no browser sends neither header, and no cookie that it was not given.
    """
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise ApiProblem("not-authorised", "request.from-another-site")


def token_of(request: Request) -> str | None:
    """The token in the session's cookie. Two of them would be ambiguous."""
    name = _cookie(request)
    sent = request.headers.get("cookie", "").split(";")
    if sum(each.partition("=")[0].strip() == name for each in sent) > 1:
        raise ApiProblem("invalid-request", "request.header-twice", header="Cookie")
    return request.cookies.get(name)


def session_in_cookie(request: Request) -> Session | None:
    """The session of a request with a cookie; NotSignedIn if it has ended."""
    token = token_of(request)
    if token is None:
        return None
    require_own_page(request)
    session = access_of(request).sessions.find(token)
    request.state.person = session.person
    return session


def in_session(request: Request) -> Session:
    """The session of a request that was admitted; NotSignedIn for a key."""
    session: Session | None = getattr(request.state, "session", None)
    if session is None:
        raise NotSignedIn("session.needed")
    return session


InSession = Annotated[Session, Depends(in_session)]


def key_in_authorization(request: Request) -> Key | None:
    """The key of a request with an Authorization; NotSignedIn if it is not in force, and
    NotAuthorised if it is not for the operation."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    scheme, _, text = given.partition(" ")
    text = text.strip() if scheme.lower() == "bearer" else ""
    try:
        key = access_of(request).keys.find(text)
    except NotSignedIn as refusal:
        note(request, "key-use", succeeded=False, key=named_in(text), code=refusal.code)
        raise
    request.state.person, request.state.key = key.person, key.prefix
    if key.seen_anew:
        note(request, "key-use")
    route = request.scope["route"]
    key.require_operation(route.operation_id or route.path)
    return key


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Have the browser keep the session's token, out of reach of scripts, until it is closed."""
    response.set_cookie(
        _cookie(request), token, httponly=True, samesite="lax", secure=is_secure(request)
    )
    response.headers["Cache-Control"] = "no-store"


def give_device(request: Request, response: Response, token: str) -> None:
    """Have the browser keep what it is known by."""
    response.set_cookie(
        named(request, DEVICE),
        token,
        max_age=int(KNOWN_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
    )


def source_of(request: Request) -> Source:
    """From where a request comes: the address of its connection, and what the browser is known
    by."""
    client = request.client
    return Source(client and client.host, request.cookies.get(named(request, DEVICE)))


def take_cookie(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(
        _cookie(request), httponly=True, samesite="lax", secure=is_secure(request)
    )


def _cookie(request: Request) -> str:
    return named(request, COOKIE)


def named(request: Request, cookie: str) -> str:
    """What a cookie of ours is called on the way that a request came."""
    return f"{HOST}{cookie}" if is_secure(request) else cookie


def is_secure(request: Request) -> bool:
    """Whether a request came over TLS."""
    return request.url.scheme == "https"
