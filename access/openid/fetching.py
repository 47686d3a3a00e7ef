"""JSON from a provider over HTTP: bounded in size and time, without redirects, and only over TLS or
from this machine."""

import json
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

ANSWER_BYTES_MAX = 1 << 20
SILENCE_SECONDS_MAX = 5.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Unusable(Exception):
    """No answer, or not the JSON object that was asked for. The text says what is wrong."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A redirect is an answer that is not JSON."""


_OPENER = build_opener(_NoRedirect)


def is_safe(address: object) -> bool:
    """Whether an address is one over TLS, or of this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def fetched(address: str) -> dict[str, Any]:
    """The JSON object at an address; raises Unusable."""
    return _answer(Request(address, headers={"Accept": "application/json"}))  # noqa: S310


def posted(
    address: str, fields: Mapping[str, str], *, client: str, secret: str, in_header: bool
) -> dict[str, Any]:
    """The JSON object that a form is answered with; raises Unusable.

    The client's secret goes into the header (RFC 6749, 2.3.1) or else into the form.
    """
    headers = {"Accept": "application/json"}
    if in_header:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        fields = {**fields, "client_id": client, "client_secret": secret}
    return _answer(Request(address, urlencode(fields).encode(), headers))  # noqa: S310


def _answer(request: Request) -> dict[str, Any]:
    if not is_safe(request.full_url):
        raise Unusable("address without TLS")
    try:
        with _OPENER.open(request, timeout=SILENCE_SECONDS_MAX) as answer:
            body = answer.read(ANSWER_BYTES_MAX + 1)
    except HTTPError as problem:
        with problem:
            raise Unusable(_said(problem)) from None
    except (OSError, HTTPException) as problem:
        raise Unusable(str(getattr(problem, "reason", problem) or type(problem).__name__)) from None
    found = _object(body)
    if found is None:
        raise Unusable("answer is no JSON object")
    return found


def _said(problem: HTTPError) -> str:
    """The status, and the error that OAuth names in the body."""
    named = (_object(problem.read(ANSWER_BYTES_MAX)) or {}).get("error")
    known = isinstance(named, str) and named.isascii() and named.isprintable()
    return f"{problem.code} {str(named)[:40] if known else ''}".strip()


def _object(body: bytes) -> dict[str, Any] | None:
    if len(body) > ANSWER_BYTES_MAX:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
