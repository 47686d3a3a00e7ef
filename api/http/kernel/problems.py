"""How the door says no: RFC 9457 problem documents, in Chinese or English, for whatever went wrong.

It decides nothing: a refusal's sentence comes from the rule that refused.
"""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import eventsourcing.persistence as store
import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.http.kernel.problem_kinds import KINDS, PROBLEM_JSON
from api.http.kernel.validation import errors_of
from api.languages import language_of
from api.pages.rendering import founded, page_language, render
from api.sheets.table import FileRefused
from domain.kernel.refusal import (
    CommandIdReused,
    Conflict,
    NotAuthorised,
    NotOnRecord,
    Refused,
    Stale,
)
from domain.kernel.text import Bilingual, Language, Number
from projections import places
from projections.engine.view import NotYetShown, ReadModels
from record.attachments.attachments import TooLarge
from record.attachments.media_types import MediaTypeRefused
from record.store.record import BatchRefused, Record

log = logging.getLogger("annals.http")
CHANGES_MAX = 50
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
    NotAuthorised: "not-authorised",
    Conflict: "conflict",
    Stale: "stale",
    CommandIdReused: "command-id-reused",
    BatchRefused: "batch-refused",
    FileRefused: "file-refused",
    TooLarge: "too-large",
    MediaTypeRefused: "media-type-refused",
}


class ApiProblem(Exception):
    """A request that the door itself cannot take: which kind of problem, and the sentence."""

    def __init__(
        self,
        kind: str,
        en: str,
        zh: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(en)
        self.kind = KINDS[kind]
        self.words = Bilingual(zh=zh, en=en)
        self.headers = dict(headers or {})
        self.members = members


class ProblemResponse(JSONResponse):
    """A problem document."""

    media_type = PROBLEM_JSON

    def render(self, content: Any) -> bytes:
        """The document in UTF-8; what a client sent that has none is shown as a question mark."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def respond(request: Request, problem: ApiProblem) -> Response:
    """The problem document in the language that the request asks for; a page to a browser."""
    if _wants_page(request):
        return _page(request, problem)
    language = language_of(request)
    content = {
        "type": f"/docs/problems/{problem.kind.name}",
        "title": problem.kind.title.in_(language),
        "status": problem.kind.status,
        "detail": problem.words.in_(language),
        "instance": request.url.path,
        **_said(problem.members, language),
    }
    headers = {"Content-Language": language, "Vary": "Accept-Language", **problem.headers}
    return ProblemResponse(content, status_code=problem.kind.status, headers=headers)


def _said(members: Any, language: Language) -> Any:
    """The members of a problem with each sentence in one language."""
    match members:
        case Bilingual():
            return members.in_(language)
        case Mapping():
            return {name: _said(each, language) for name, each in members.items()}
        case list():
            return [_said(each, language) for each in members]
        case _:
            return members


def _wants_page(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith("/api/")


def _page(request: Request, problem: ApiProblem) -> Response:
    language = page_language(request)
    page = render(
        request,
        "problem.html",
        status=problem.kind.status,
        founded=founded(request, ask=problem.kind.name != "database-away"),
        title=problem.kind.title.in_(language),
        detail=problem.words.in_(language),
        errors=_said(problem.members, language).get("errors", ()),
    )
    page.headers.update(problem.headers)
    return page


def answer_problems(app: FastAPI) -> None:
    """Let the app answer everything that is raised below it with a problem document."""
    app.add_exception_handler(ApiProblem, _problem)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotYetShown, _not_yet_shown)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(psycopg.errors.UndefinedTable, _not_built)
    app.add_exception_handler(store.ProgrammingError, _not_built)
    for away in DATABASE_AWAY:
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(Exception, _mistake)


def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, ApiProblem)
    return respond(request, problem)


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    members: dict[str, Any] = {}
    headers = {}
    said = _naming(request, refusal)
    if isinstance(refusal, Stale):
        headers["ETag"] = f'"{refusal.version}"'
        members = {"version": refusal.version, "changes": _changes(request, refusal)}
    if isinstance(refusal, BatchRefused):
        members["refusals"] = [
            {"step": step, "detail": said(each.words)} for step, each in refusal.refusals
        ]
    if isinstance(refusal, FileRefused):
        members["errors"] = [
            {
                "row": each.row,
                "column": each.column,
                "cell": each.cell,
                "detail": said(each.reason),
            }
            for each in refusal.problems
        ]
    kind = next(REFUSALS[c] for c in type(refusal).__mro__ if c in REFUSALS)
    words = said(refusal.words)
    return respond(request, ApiProblem(kind, words.en, words.zh, headers=headers, **members))


def _naming(request: Request, refusal: Refused) -> Callable[[Bilingual], Bilingual]:
    """Puts the names of places into the refusal's sentences. What was refused was refused: without
    read models to ask, the ids stand alone."""
    texts = [refusal.words]
    if isinstance(refusal, BatchRefused):
        texts += [each.words for _, each in refusal.refusals]
    if isinstance(refusal, FileRefused):
        texts += [each.reason for each in refusal.problems]
    names: Mapping[str, str] = {}
    if ids := places.mentioned(texts):
        models: ReadModels = request.app.state.models
        with suppress(psycopg.Error), models.view() as view:
            names = places.names(view, ids)
    return lambda words: places.with_names(words, names)


def _changes(request: Request, stale: Stale) -> list[dict[str, Any]]:
    """What was recorded on the stream behind the version that the request named, newest last."""
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
            f"The read models stand at position {problem.reached}, not yet at {problem.asked}; "
            "ask again in a second.",
            f"读模型现处于位置 {problem.reached}，尚未到达 {problem.asked}；请稍后一秒再查询。",
            headers={"Retry-After": "1"},
            position=problem.reached,
        ),
    )


def _not_built(request: Request, problem: Exception) -> Response:
    if not isinstance(problem, psycopg.errors.UndefinedTable) and not isinstance(
        problem.__cause__, psycopg.errors.UndefinedTable
    ):
        raise problem
    log.warning("a table is missing: %s", problem)
    return respond(
        request,
        ApiProblem(
            "not-yet-shown",
            "The tables that this page is read from are not built yet; start `annals migrate` and "
            "`annals work`, then ask again.",
            "本页所需的数据表尚未建立；请先运行 annals migrate 与 annals work，再行查询。",
            headers={"Retry-After": "5"},
        ),
    )


def _invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    language = page_language(request) if _wants_page(request) else language_of(request)
    errors = errors_of(problem.errors(), language)
    return respond(
        request,
        ApiProblem(
            "invalid-request",
            f"The request is malformed in {Number(len(errors)):place|places}; mend each and send "
            "again.",
            f"请求有 {len(errors)} 处不符合格式；请按所列各处修改后重新提交。",
            errors=errors,
        ),
    )


class _Http(NamedTuple):
    kind: str
    en: str
    zh: str


HTTP = {
    400: _Http(
        "unreadable",
        "The request's body cannot be read; send JSON in UTF-8.",
        "无法读取请求正文；请以 UTF-8 编码的 JSON 提交。",
    ),
    404: _Http(
        "no-such-page",
        "There is nothing at this address; the addresses are listed at /docs.",
        "此地址没有内容；全部地址见 /docs。",
    ),
    405: _Http(
        "method-not-allowed",
        "This address does not take this method; those it takes are in the Allow header.",
        "此地址不接受该请求方法；可用方法见 Allow 响应头。",
    ),
    413: _Http(
        "too-large",
        "The body has more than 1 MiB; shorten it, or attach long texts as documents.",
        "请求正文超过 1 MiB；请缩短，或将长文作为附件。",
    ),
}


def _http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    if problem.status_code not in HTTP:
        return _mistake(request, problem)
    kind, en, zh = HTTP[problem.status_code]
    return respond(request, ApiProblem(kind, en, zh, headers=problem.headers))


def _database_away(request: Request, problem: Exception) -> Response:
    log.warning("the database is away: %s", problem)
    if request.method == "POST":
        en = (
            "The database cannot be reached, and whether the command was recorded is unknown. "
            "Repeat it with the same Idempotency-Key: it is recorded once at most."
        )
        zh = (
            "无法连接数据库，该命令是否已记录尚不确定。"
            "请以相同的 Idempotency-Key 重新提交：最多只会记录一次。"
        )
    else:
        en, zh = (
            "The database cannot be reached; ask again shortly.",
            "无法连接数据库；请稍后再试。",
        )
    return respond(request, ApiProblem("database-away", en, zh, headers={"Retry-After": "2"}))


def _mistake(request: Request, _: Exception) -> Response:
    request_id = getattr(request.state, "request_id", "")
    return respond(
        request,
        ApiProblem(
            "our-mistake",
            "Annals made a mistake. Nothing is lost; tell its maintainers the X-Request-Id of this "
            "answer.",
            "程序出错。已有记录不受影响；请将本次应答的 X-Request-Id 告知维护人员。",
            headers={"X-Request-Id": request_id},
        ),
    )
