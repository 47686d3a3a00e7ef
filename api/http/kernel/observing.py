"""What happens to every request: an id, a log line, metrics, limits and security headers."""

import logging
import re
import time
from uuid import uuid4

from prometheus_client import CollectorRegistry, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.kernel.problems import ApiProblem, respond
from api.http.kernel.way import Way
from api.logs import REQUEST_ID

log = logging.getLogger("annals.access")
# What a client calls a method is its own choice, and a label of a measurement is kept for ever.
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
PATH_LOGGED_MAX = 500
BODY_BYTES_MAX = 1_048_576
# Their endpoints check the size themselves and say what to do about it.
UNLIMITED = re.compile(r"/api/v1/(attachments|imports/[^/]+(/annotations)?)")
CONTENT_SECURITY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
STRICT_TRANSPORT = "max-age=31536000"  # seconds: a browser that was here comes over TLS only
# Two of them would be ambiguous.
ONCE = (
    "Annals-Authority",
    "Annals-Position",
    "Authorization",
    "Content-Type",
    "Cookie",
    "Idempotency-Key",
    "If-Match",
    "Host",
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Observing:
    """The outermost of our own middleware."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self.app = app
        self._seconds = Histogram(
            "annals_http_request_seconds",
            "How long requests took.",
            ("method", "route", "status"),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        way: Way = scope["app"].state.way
        arrived = way.arrived(scope)
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else uuid4().hex
        request.state.request_id = request_id
        token = REQUEST_ID.set(request_id)
        is_static = scope["path"].startswith("/static/")
        is_secure = scope.get("scheme") == "https"
        answer = _Answer(send, request_id, is_static=is_static, is_secure=is_secure)
        began = time.perf_counter()
        try:
            unlimited = UNLIMITED.fullmatch(scope["path"]) is not None
            ours = arrived and way.is_named(request.headers.get("host", ""))
            if problem := _out_of_bounds(request.headers, ours=ours, unlimited=unlimited):
                await respond(request, problem)(scope, receive, answer.send)
            else:
                limited = receive if unlimited else _Limited(receive).receive
                await self.app(scope, limited, answer.send)
        finally:
            self._tell(scope, answer, time.perf_counter() - began)
            REQUEST_ID.reset(token)

    def _tell(self, scope: Scope, answer: "_Answer", seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._seconds.labels(method, route, answer.status).observe(seconds)
        log.info(
            "%s %s %s",
            method,
            scope["path"][:PATH_LOGGED_MAX],
            answer.status,
            extra={
                "fields": {
                    "status": answer.status,
                    "milliseconds": round(seconds * 1000, 1),
                    "position": answer.position,
                }
            },
        )


class _Answer:
    """Passes on an answer with our headers, and remembers its status."""

    def __init__(self, send: Send, request_id: str, *, is_static: bool, is_secure: bool) -> None:
        self._is_static = is_static
        self._is_secure = is_secure
        self.status = 500
        self.position: str | None = None
        self._send = send
        self._request_id = request_id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._is_secure:
                headers["Strict-Transport-Security"] = STRICT_TRANSPORT
            if not self._is_static:
                headers.setdefault("Cache-Control", "no-store")
            self.status = message["status"]
            self.position = headers.get("annals-position")
        await self._send(message)


class _Limited:
    """Passes on a body until it becomes too large."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY_BYTES_MAX:
            raise HTTPException(413)
        return message


def _out_of_bounds(headers: Headers, *, ours: bool, unlimited: bool) -> ApiProblem | None:
    """Why a request is rejected before it is processed, if it is."""
    if not ours:
        return ApiProblem("misdirected", "request.misdirected")
    for header in ONCE:
        if len(headers.getlist(header)) > 1:
            return ApiProblem("invalid-request", "request.header-twice", header=header)
    length = headers.get("content-length", "0")
    if length.isdigit() and int(length) > BODY_BYTES_MAX and not unlimited:
        return ApiProblem("too-large", "request.too-large")
    return None
