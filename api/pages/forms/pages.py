"""One page for the form of any command: filled in, previewed, recorded, or refused beside a field.

The address names the operation and the subject: /forms/communities.rename/k7m2p4xq3ab5cd6e.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple
from uuid import uuid4

from fastapi import Depends, Path
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from access.drafts import FormDraft
from api.http.kernel.acting import reading_as
from api.http.kernel.noting import note_rights
from api.http.kernel.problems import ApiProblem
from api.http.kernel.reading import Reading, TheReading, not_there
from api.http.kernel.rendering import address, page_language
from api.http.kernel.requests import CommandRequest
from api.http.kernel.signed_in import access_of, require_own_page
from api.pages.forms import drafts
from api.pages.forms.fields import Sheet, fields_shown
from api.pages.forms.last import last_values
from api.pages.forms.naming import meant
from api.pages.forms.operations import Operation, operations
from api.pages.forms.posts import Typed, body_of, version_of
from api.pages.forms.problems import Problems, of_refusal, of_validation
from api.pages.forms.shapes import shapes_of
from api.pages.forms.stale import changed_since
from api.pages.page import page_router, policy_shown, show
from api.pages.posted import posted
from api.pages.subjects import page_of
from api.pages.titles import Titles
from api.pages.who import Who, who
from domain.kernel.context import Acting
from domain.kernel.ids import ID_PATTERN, Id, derive_id
from domain.kernel.refusal import Irregular, NotAuthorised, Refused, Stale
from domain.kernel.subject import Subject
from projections import places, timeline
from projections.engine.view import View
from projections.meant import Candidate
from projections.sentences import sentences_in
from record.store.record import Record

router = page_router()

SESSION = re.compile(ID_PATTERN)
IN_ROUND = ("review", "support")  # what is of a community in a round
OperationName = Annotated[str, Path(pattern=r"^[a-z-]+\.[a-z-]+$", max_length=80)]


class Filled(NamedTuple):
    """A form as it is now: what was typed, under which key and version, and what is wrong."""

    operation: Operation
    stream: str
    typed: Typed
    key: str
    version: int
    problems: Problems
    sentences: Sequence[str] = ()
    stale: bool = False
    broken: Sequence[str] = ()
    candidates: Mapping[str, Sequence[tuple[str, Candidate]]] = MappingProxyType({})
    draft: FormDraft | None = None


@router.get("/forms/{operation}")
@router.get("/forms/{operation}/{subject}")
def open_form(
    request: Request, operation: OperationName, reading: TheReading, subject: Id = ""
) -> HTMLResponse:
    """A form with the last values, or those in the address."""
    found = _operation(operation)
    by = reading_as(request)
    key = uuid4().hex
    stream = _stream(found, subject, key)
    record: Record = request.app.state.record
    state: Subject = record.state(stream)
    with reading.view() as view:
        _is_there(view, found, stream)
        draft = drafts.find(request, operation, subject)
        if draft and request.query_params.get(drafts.TAKEN_UP):
            return _page(reading, view, _taken_up(found, draft, subject, state), by)
        initial = last_values(view, stream, shapes_of(found.command), reading.today)
        typed = {**initial, **request.query_params}
        filled = Filled(found, stream, typed, key, state.version, Problems({}, ()))
        return _page(reading, view, filled._replace(draft=draft), by)


@router.post("/forms/{operation}")
@router.post("/forms/{operation}/{subject}")
def send_form(
    request: Request,
    operation: OperationName,
    reading: TheReading,
    typed: Annotated[dict[str, str], Depends(posted)],
    subject: Id = "",
) -> Response:
    """Preview what would be recorded, or record it; a refusal comes back with everything typed."""
    require_own_page(request)
    found = _operation(operation)
    by = reading_as(request)
    form = drafts.form_of(request, operation, subject)
    if typed.get("step") == "discard":
        access_of(request).drafts.discard(form)
        return RedirectResponse(request.url.path, 303)
    typed = {**typed, "key": typed.get("key") or uuid4().hex}
    drafts.keep(request, form, typed, typed["key"])
    if typed.get("step") == "keep":
        return Response(status_code=204)
    return _done(reading, found, typed, subject, by)


def _done(reading: Reading, found: Operation, typed: Typed, subject: str, by: Acting) -> Response:
    """What a form asks for, done."""
    request = reading.request
    language = page_language(request)
    filled, asked = _sent(reading, found, typed, subject)
    if asked is None:
        return _again(reading, filled, by)
    record: Record = request.app.state.record
    try:
        if typed.get("step") == "record":
            receipt = record.carry_out(
                filled.stream,
                asked.command,
                by=by,
                basis=asked.basis,
                despite=asked.despite,
                command_id=filled.key,
                if_version=filled.version,
            )
            note_rights(request, filled.stream, by)
            access_of(request).drafts.recorded(drafts.form_of(request, found.id, subject))
            return RedirectResponse(_after(filled, receipt.last_position, request), 303)
        return _preview(reading, filled, by, asked)
    except NotAuthorised:
        raise
    except Irregular as refusal:
        broken = [each.reason.in_(language) for each in refusal.breaches]
        return _again(reading, filled._replace(broken=broken), by)
    except Stale:
        return _again(reading, filled._replace(stale=True), by)
    except Refused as refusal:
        with reading.view() as view:
            shapes = shapes_of(found.command)
            problems = of_refusal(view, refusal, asked.command, shapes, language)
        return _again(reading, filled._replace(problems=problems), by)


def _sent(
    reading: Reading, found: Operation, typed: Typed, subject: str
) -> tuple[Filled, CommandRequest[Any] | None]:
    """A form as it was sent, with ids in place of the names that were typed, and what it asks for;
    None if that cannot be read."""
    key = typed["key"]
    shapes, language = shapes_of(found.command), page_language(reading.request)
    with reading.view() as view:
        names = meant(view, shapes, typed, reading.today, language)
    asked, wrong = None, dict[str, str]()
    try:
        body = body_of(shapes, names.typed)
        asked = CommandRequest[found.command].model_validate(body)  # type: ignore[name-defined]
    except ValidationError as refusal:
        wrong = dict(of_validation(refusal, language).fields)
    filled = Filled(
        operation=found,
        stream=_stream(found, subject, key),
        typed=names.typed,
        key=key,
        version=version_of(typed),
        problems=Problems({**wrong, **names.problems}, ()),
        candidates=names.candidates,
    )
    return filled, None if names.problems else asked


def _taken_up(found: Operation, draft: FormDraft, subject: str, state: Subject) -> Filled:
    """A form as its draft was; stale if its subject has changed since."""
    key = draft.typed.get("key") or uuid4().hex
    version = version_of(draft.typed)
    return Filled(
        operation=found,
        stream=_stream(found, subject, key),
        typed=draft.typed,
        key=key,
        version=version,
        problems=Problems({}, ()),
        stale=bool(subject) and state.version > version,
    )


def _operation(name: str) -> Operation:
    found = operations().get(name)
    if found is None:
        raise ApiProblem("no-such-page", "request.no-such-address")
    return found


def _is_there(view: View, operation: Operation, stream: str) -> bool:
    """Whether a reader of this scope sees anything of a subject; the problem that it is not there,
    if the command needs it."""
    seen = bool(timeline.history(view, stream, limit=1))
    if operation.command.begins is False and not seen:
        raise not_there(stream)
    return seen


def _stream(operation: Operation, subject: str, key: str) -> str:
    """The subject's stream; one that the command begins gets its id from the form's key, or is of a
    round, without which there is no form."""
    kind = operation.command.subject_type()
    if kind.single:
        return kind.kind
    if kind.kind in IN_ROUND and not subject:
        raise ApiProblem("no-such-page", "request.no-such-address")
    return f"{kind.kind}:{subject or derive_id(kind.kind, key)}"


def _preview(
    reading: Reading, filled: Filled, by: Acting, asked: CommandRequest[Any]
) -> HTMLResponse:
    """The form with the sentences that would enter the record."""
    record: Record = reading.request.app.state.record
    entries = record.rehearse(
        filled.stream,
        asked.command,
        by=by,
        basis=asked.basis,
        despite=asked.despite,
        command_id=filled.key,
    )
    with reading.view() as view:
        said = sentences_in(view, entries, page_language(reading.request))
        return _page(reading, view, filled._replace(sentences=said), by)


def _again(reading: Reading, filled: Filled, by: Acting) -> HTMLResponse:
    """The same form with what is wrong."""
    with reading.view() as view:
        page = _page(reading, view, filled, by)
    page.status_code = 409 if filled.stale else 422
    return page


def _page(reading: Reading, view: View, filled: Filled, by: Acting) -> HTMLResponse:
    seen = _is_there(view, filled.operation, filled.stream)
    request = reading.request
    language = page_language(request)
    titles = Titles(policy_shown(reading, view), language)
    record: Record = request.app.state.record
    version = record.state(filled.stream).version if filled.stale else filled.version
    shapes = shapes_of(filled.operation.command)
    sheet = Sheet(
        view,
        titles,
        reading.today,
        filled.typed,
        filled.problems.fields,
        filled.stream,
        filled.candidates,
    )
    stale = changed_since(reading, filled.version, shapes, sheet) if filled.stale else None
    acting: Who | None = who(view, by, language)
    return show(
        reading,
        view,
        "form.html",
        here=page_of(filled.stream).here,
        operation=filled.operation,
        name=_name(view, filled.stream),
        subject_title=getattr(record.state(filled.stream), "title", None) if seen else None,
        **_way_back(request, filled),
        fields=fields_shown(shapes, sheet),
        documents=_documents(filled.typed),
        typed=filled.typed,
        problems=filled.problems,
        draft_at=filled.draft and filled.draft.saved_at,
        sentences=filled.sentences,
        stale=stale,
        broken=filled.broken,
        key=filled.key,
        version=version,
        recorder=acting,
        titles=titles,
    )


def _name(view: View, stream: str) -> str | None:
    """The name of the subject; of a review, that of its community."""
    kind, _, id = stream.partition(":")
    if kind in IN_ROUND:
        stream = f"community:{id.split('.')[-1]}"
    return places.names(view, [stream]).get(stream)


def _documents(typed: Typed) -> list[Mapping[str, str]]:
    names = ("issuer", "title", "number", "issued_on")
    return [
        {f"basis.{index}.{name}": typed.get(f"basis.{index}.{name}", "") for name in names}
        for index in range(2)
    ]


def _way_back(request: Request, filled: Filled) -> Mapping[str, Any]:
    """The page that the form is of; `begun`: of a subject, and not of a list of them."""
    begun = bool(request.path_params.get("subject"))
    return {"begun": begun, "back": _back(filled) if begun else _list(filled)}


def _back(filled: Filled) -> str:
    """The page of the subject, or of the session that is the form's."""
    page = page_of(filled.stream).address or "/"
    session = filled.typed.get("session", "")
    if filled.operation.kind == "council" and SESSION.fullmatch(session):
        return f"{page}/sessions/{session}"
    return page


def _list(filled: Filled) -> str:
    """What a subject that is not on record yet would be among."""
    return page_of(filled.stream).within or "/"


def _after(filled: Filled, position: int, request: Request) -> str:
    """The page of the subject, once it shows what was recorded."""
    lang = request.query_params.get("lang", "")
    asked = (("after_position", position), ("recorded", position), ("lang", lang))
    return address(_back(filled), asked)
