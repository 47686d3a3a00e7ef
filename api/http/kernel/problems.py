"""RFC 9457 problem documents, in Chinese or English, for everything that can go wrong.

`code` and `params` are those of the rule that refused, for a client to act on;
`detail` is its sentence, for a person.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import eventsourcing.persistence as store
import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from access.refusing import LockedOut, NotSignedIn, ProviderAway
from api.http.kernel.founded import founded
from api.http.kernel.noting import note
from api.http.kernel.problem_kinds import KINDS, PROBLEM_JSON, ProblemKind
from api.http.kernel.rendering import page_language, render
from api.languages import language_of
from api.sheets.table import FileRefused
from api.validation import errors_of
from domain.kernel.params import params_of
from domain.kernel.refusal import (
    CommandIdReused,
    Conflict,
    Irregular,
    NotAuthorised,
    NotOnRecord,
    Param,
    Refused,
    Stale,
)
from domain.kernel.text import Language
from projections import places
from projections.engine.scope import WHOLE_CITY
from projections.engine.view import NotYetShown, ReadModels
from record.attachments.attachments import TooLarge
from record.attachments.media_types import MediaTypeRefused
from record.disk import Disk, is_disk_full
from record.store.batch import BatchRefused
from record.store.record import Record

log = logging.getLogger("annals.http")
CHANGES_MAX = 50
ERRORS_MAX = 100
DATABASE_AWAY = (
    store.OperationalError,
    store.InterfaceError,
    store.ConnectionPoolClosedError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
REFUSALS: dict[type[Refused], str] = {
    Refused: "refused",
    NotOnRecord: "not-on-record",
    Irregular: "irregular",
    NotAuthorised: "not-authorised",
    NotSignedIn: "not-signed-in",
    LockedOut: "locked-out",
    ProviderAway: "provider-away",
    Conflict: "conflict",
    Stale: "stale",
    CommandIdReused: "command-id-reused",
    BatchRefused: "batch-refused",
    FileRefused: "file-refused",
    TooLarge: "too-large",
    MediaTypeRefused: "media-type-refused",
}


class ApiProblem(Refused):
    """A request that the API itself rejects.

    The kind gives the answer's type, title and status; the code says what is wrong. `members` are
    further members of the answer.
    """

    def __init__(
        self,
        kind: str,
        code: str,
        /,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
        **params: Param,
    ) -> None:
        super().__init__(code, **params)
        self.kind = kind
        self.headers = dict(headers or {})
        self.members = dict(members or {})


class BodyProblem(HTTPException):
    """A problem of a body, raised while it is read."""

    def __init__(self, problem: ApiProblem) -> None:
        super().__init__(KINDS[problem.kind].status)
        self.problem = problem


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = PROBLEM_JSON

    def render(self, content: Any) -> bytes:
        """The document in UTF-8; characters that cannot be encoded become question marks."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def respond(request: Request, problem: ApiProblem) -> Response:
    """The problem document in the request's language; for a browser, a page."""
    members = dict(problem.members)
    if parameter := problem.params.get("parameter"):
        described = _members(problem, _language(request))
        members["errors"] = [{"parameter": parameter, **described}]
    return _answer(request, problem.kind, problem, problem.headers, members)


def _answer(
    request: Request,
    name: str,
    refusal: Refused,
    headers: Mapping[str, str],
    members: Mapping[str, Any],
    names: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    kind, language = KINDS[name], _language(request)
    described = _members(refusal, language, names)
    if _wants_page(request):
        return _page(request, kind, described["detail"], headers, members)
    content = {
        "type": f"/docs/problems/{kind.name}",
        "title": kind.title.in_(language),
        "status": kind.status,
        **described,
        "instance": request.url.path,
        **members,
    }
    headers = {"Content-Language": language, "Vary": "Accept-Language", **headers}
    return ProblemResponse(content, status_code=kind.status, headers=headers)


def _members(
    refusal: Refused, language: Language, names: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The members of a problem document for a refusal, with names of places."""
    return {
        "detail": places.with_names(refusal.words, names).in_(language),
        "code": refusal.code,
        "params": params_of(refusal, language),
    }


def _language(request: Request) -> Language:
    return page_language(request) if _wants_page(request) else language_of(request)


def _wants_page(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")


def _page(
    request: Request,
    kind: ProblemKind,
    detail: str,
    headers: Mapping[str, str],
    members: Mapping[str, Any],
) -> Response:
    errors = [each for each in members.get("errors", ()) if each["detail"] != detail]
    page = render(
        request,
        "problem.html",
        status=kind.status,
        founded=founded(request, ask=kind.name != "database-away"),
        title=kind.title.in_(page_language(request)),
        detail=detail,
        errors=errors,
    )
    page.headers.update(headers)
    return page


def answer_problems(app: FastAPI) -> None:
    """Make the app answer all exceptions with problem documents."""
    app.add_exception_handler(ApiProblem, _problem)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotYetShown, _not_yet_shown)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(psycopg.errors.UndefinedTable, _not_built)
    app.add_exception_handler(psycopg.errors.InsufficientPrivilege, _without_right)
    app.add_exception_handler(store.ProgrammingError, _programming_error)
    for away in DATABASE_AWAY:
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(OSError, _no_room)
    app.add_exception_handler(Exception, _mistake)


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, ApiProblem)
    if problem.kind == "not-authorised":
        _note_refusal(request, problem)
    return respond(request, problem)


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    if led := _leads(request, refusal):
        return led
    note_lacking(request, _whole(refusal))
    names, language = _names(request, refusal), _language(request)
    members: dict[str, Any] = {}
    headers = {}
    if isinstance(refusal, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, LockedOut):
        headers["Retry-After"] = str(refusal.seconds)
    if isinstance(refusal, Stale):
        headers["ETag"] = f'"{refusal.version}"'
        members = {"version": refusal.version, "changes": _changes(request, refusal)}
    if isinstance(refusal, Irregular):
        members["irregular"] = [_members(each, language, names) for each in refusal.breaches]
    if isinstance(refusal, BatchRefused):
        members["refusals"] = [
            {"step": step, **_members(each, language, names)} for step, each in refusal.refusals
        ]
    if isinstance(refusal, FileRefused):
        members["errors"] = [
            {
                "row": each.row,
                "column": each.column,
                "cell": each.cell,
                **_members(each.refusal, language, names),
                **({"irregular": True} if each.irregular else {}),
            }
            for each in refusal.problems
        ]
    kind = next(REFUSALS[c] for c in type(refusal).__mro__ if c in REFUSALS)
    return _answer(request, kind, refusal, headers, members, names)


def note_lacking(request: Request, refusals: Iterable[Refused]) -> None:
    """Note that somebody tried what they may not, if one of these says so."""
    lacking = next((each for each in refusals if isinstance(each, NotAuthorised)), None)
    if lacking:
        _note_refusal(request, lacking)


def _whole(refusal: Refused) -> list[Refused]:
    """A refusal and those that it is made of."""
    match refusal:
        case BatchRefused():
            return [refusal, *(each for _, each in refusal.refusals)]
        case FileRefused():
            return [refusal, *(each.refusal for each in refusal.problems)]
        case _:
            return [refusal]


def _note_refusal(request: Request, refusal: Refused) -> None:
    """Note it in the operation log. It is answered in any case."""
    with suppress(*DATABASE_AWAY):
        note(request, "refusal", succeeded=False, code=refusal.code)


def _names(request: Request, refusal: Refused) -> Mapping[str, str]:
    """The names of the places in a refusal's sentences. A refusal is answered in any case:
    without read models, ids are shown instead of names."""
    texts = [refusal.words]
    if isinstance(refusal, BatchRefused):
        texts += [each.words for _, each in refusal.refusals]
    if isinstance(refusal, FileRefused):
        texts += [each.refusal.words for each in refusal.problems]
    names: Mapping[str, str] = {}
    if ids := places.mentioned(texts):
        models: ReadModels = request.app.state.models
        scope = getattr(request.state, "scope", WHOLE_CITY)  # noted by whatever read before
        with suppress(psycopg.Error), models.view(scope=scope) as view:
            names = places.names(view, ids)
    return names


def _changes(request: Request, stale: Stale) -> list[dict[str, Any]]:
    """What was recorded on the stream after the version that the request gave, newest last."""
    named = int(request.headers.get("if-match", "0").strip('"'))
    record: Record = request.app.state.record
    return [
        {
            "version": entry.version,
            "position": entry.position,
            "event": entry.name,
            "recorded_at": entry.recorded_at.isoformat(),
            "person": entry.actor.person,
        }
        for entry in record.history(stale.stream)
        if entry.version > named
    ][-CHANGES_MAX:]


def _not_yet_shown(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, NotYetShown)
    return respond(
        request,
        ApiProblem(
            "not-yet-shown",
            "read.not-yet-shown",
            reached=problem.reached,
            asked=problem.asked,
            headers={"Retry-After": "1"},
            members={"position": problem.reached},
        ),
    )


def _programming_error(request: Request, problem: Exception) -> Response:
    match problem.__cause__:
        case psycopg.errors.UndefinedTable():
            return _not_built(request, problem)
        case psycopg.errors.InsufficientPrivilege():
            return _without_right(request, problem)
        case _:
            raise problem


def _without_right(request: Request, problem: Exception) -> Response:
    log.error("the server's login lacks a right in the database: %s", problem)
    return respond(
        request, ApiProblem("database-away", "request.login-without-right", headers=None)
    )


def _not_built(request: Request, problem: Exception) -> Response:
    log.warning("a table is missing: %s", problem)
    retry = {"Retry-After": "5"}
    return respond(request, ApiProblem("not-yet-shown", "read.not-built", headers=retry))


def _invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    errors = errors_of(problem.errors()[:ERRORS_MAX], _language(request))
    members = {"errors": errors}
    return respond(
        request,
        ApiProblem("invalid-request", "request.malformed", places=len(errors), members=members),
    )


SIGN_IN = "/sign-in"
# A form that is sent after the session has ended is sent on to there, with what was typed in it.
INTERRUPTED, FORMS = "/sign-in/interrupted", "/forms/"
# Where a browser is led instead of being refused a page.
LEADS_TO = {
    "session.needed": SIGN_IN,
    "session.ended": SIGN_IN,
    "session.password-due": "/sign-in/password",
    "authority.not-chosen": "/sign-in/authority",
}


def _leads(request: Request, refusal: Refused) -> Response | None:
    """The way to the page on which somebody can come in, for a browser that asked for a page."""
    page = LEADS_TO.get(refusal.code)
    if page is None or not _wants_page(request):
        return None
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "POST" and page == SIGN_IN and asked.startswith(FORMS):
        query = urlencode({"next": asked})
        return RedirectResponse(f"{INTERRUPTED}?{query}", status_code=307)
    if request.method != "GET":
        return None
    return RedirectResponse(f"{page}?{urlencode({'next': asked})}", status_code=303)


HTTP: Mapping[int, tuple[str, str]] = {
    400: ("unreadable", "request.unreadable"),
    404: ("no-such-page", "request.no-such-address"),
    405: ("method-not-allowed", "request.method-not-allowed"),
    413: ("too-large", "request.too-large"),
}


def _http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    if isinstance(problem, BodyProblem):
        return respond(request, problem.problem)
    if problem.status_code not in HTTP:
        return _mistake(request, problem)
    kind, code = HTTP[problem.status_code]
    return respond(request, ApiProblem(kind, code, headers=problem.headers))


def _database_away(request: Request, problem: Exception) -> Response:
    log.warning("the database is unavailable: %s", problem)
    disk: Disk = request.app.state.disk
    if refused := is_disk_full(problem):
        disk.found_full()
    if refused or disk.is_full:
        retry = {"Retry-After": "30"}
        return respond(request, ApiProblem("no-room", "request.no-room", headers=retry))
    code = "request.outcome-unknown" if request.method == "POST" else "request.database-away"
    return respond(request, ApiProblem("database-away", code, headers={"Retry-After": "2"}))


def _no_room(request: Request, problem: Exception) -> Response:
    if not is_disk_full(problem):
        raise problem
    log.warning("the disk of the server's temporary files is full: %s", problem)
    retry = {"Retry-After": "30"}
    return respond(request, ApiProblem("no-room", "request.no-room-for-documents", headers=retry))


def _mistake(request: Request, _: Exception) -> Response:
    headers = {"X-Request-Id": getattr(request.state, "request_id", "")}
    return respond(request, ApiProblem("our-mistake", "request.our-mistake", headers=headers))
