"""The lock: an operation is answered to a session or a key, and to nobody else. What leaves as a
file is noted before it does.

Whatever is not on one of the lists here is closed. Every route is a `LockedRoute`: the app is not
built with another.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from access.refusing import NotSignedIn
from access.sessions import Session
from api.http.kernel.acting import acting_by
from api.http.kernel.noting import note_export
from api.http.kernel.signed_in import key_in_authorization, session_in_cookie
from domain.kernel.refusal import NotAuthorised

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

PUBLIC = frozenset(
    {
        "/health/live",
        "/health/ready",
        "/docs",
        "/docs/problems",
        "/docs/problems/{name}",
        "/preferences",
        "/sign-in",
        "/sign-in/interrupted",
        "/sign-in/openid",
        "/sign-in/openid/callback",
        "/sign-in/openid/end",
        "/api/v1/sign-in",
    }
)
# What somebody with a password from somebody else can do.
WHILE_PASSWORD_DUE = frozenset(
    {
        "/sign-in/password",
        "/sign-out",
        "/api/v1/session",
        "/api/v1/session/password",
        "/api/v1/sign-out",
    }
)
# One's own sessions and keys take no grant.
_WITHOUT_GRANT = ("/sign-", "/api/v1/sign-", "/api/v1/session/", "/api/v1/keys/")


class LockedRoute(APIRoute):
    """A route that looks at who sends a request before it looks at anything else of it."""

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        return locked(self.path, super().get_route_handler())


def locked(path: str, handle: Handler) -> Handler:
    """The handler, for those who are admitted."""
    if path in PUBLIC:
        return handle

    async def admitted(request: Request) -> Response:
        await run_in_threadpool(admit, request)
        response = await handle(request)
        if is_taken_along(request, response):
            await run_in_threadpool(note_export, request)
        return response

    return admitted


def is_taken_along(request: Request, response: Response) -> bool:
    """Whether an answer leaves as a file: a document, a sheet, an export. It is noted before."""
    is_file = response.headers.get("content-disposition", "").startswith("attachment")
    return is_file and response.status_code in (200, 206) and request.method != "HEAD"


def takes_grant(path: str) -> bool:
    """Whether what is at an address is answered to somebody under a grant."""
    return not f"{path}/".startswith(_WITHOUT_GRANT)


def admit(request: Request) -> None:
    """Note who sends a request, and as whom it is answered. Raises NotSignedIn or NotAuthorised."""
    path: str = request.scope["route"].path
    if path in PUBLIC:
        return
    who = key_in_authorization(request) or session_in_cookie(request)
    if who is None:
        raise NotSignedIn("session.needed")
    if isinstance(who, Session):
        request.state.session = who
        if who.password_due and path not in WHILE_PASSWORD_DUE:
            raise NotAuthorised("session.password-due")
    if takes_grant(path):
        request.state.acting = acting_by(request, who)
