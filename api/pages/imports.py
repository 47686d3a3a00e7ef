"""The pages of imports: which sheets there are, a sheet checked cell by cell, confirmed, and the
batch that it became.

Nothing is kept between the two steps: the page of the check sends the file with its confirmation.
"""

from base64 import b64encode
from typing import Annotated
from uuid import uuid4

from fastapi import File, Form, Path, Query, UploadFile
from pydantic import Base64Bytes
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.http.imports import SheetAsked, apart, recorded, rehearsed, workbook
from api.http.kernel.acting import reading_as
from api.http.kernel.reading import POSITION_MAX, Reading, TheReading, not_there
from api.http.kernel.rendering import address, page_language
from api.http.kernel.signed_in import require_own_page
from api.pages.page import page_router, show
from api.pages.recorded import recorders
from api.sheets.kinds import KINDS
from api.sheets.table import FileRefused
from api.sheets.workbook import annotated
from domain.batch.events import BatchApplied, BatchReceived, SheetKind
from domain.kernel.ids import Id, id_of
from domain.kernel.text import Language
from projections import timeline
from projections.sentences import sentences_in
from record.store.entry import AnyEntry, Receipt

router = page_router()

PROBLEMS_SHOWN_MAX = 300
BATCHES_SHOWN_MAX = 50
ENTRIES_SHOWN_MAX = 60
Position = Annotated[int | None, Query(ge=1, le=POSITION_MAX)]
Content = Annotated[Base64Bytes, Form()]
FileName = Annotated[str, Form(max_length=200)]


@router.get("/imports")
def imports(request: Request, reading: TheReading, before: Position = None) -> HTMLResponse:
    """The kinds of sheets, each with its template, and the batches on record, newest first."""
    language = page_language(request)
    with reading.view() as view:
        found = timeline.batches(view, before=before, limit=BATCHES_SHOWN_MAX + 1)
        page = found[:BATCHES_SHOWN_MAX]
        return show(
            reading,
            view,
            "imports.html",
            here="imports",
            kinds=_kinds(language),
            batches=[(id_of(each.stream), each, _received(each)) for each in page],
            by=recorders(view, page),
            sources=dict(_kinds(language)),
            older=page[-1].position if len(found) > len(page) else None,
            before=before,
        )


@router.get("/imports/batches/{batch}")
def one_batch(
    request: Request, reading: TheReading, batch: Id, after: Position = None
) -> HTMLResponse:
    """One batch: its file, who handed it in, and the entries that it became, in order."""
    language = page_language(request)
    with reading.view() as view:
        lines = [each.entry for each in timeline.history(view, f"batch:{batch}")]
        received = next((each for each in lines if isinstance(each.event, BatchReceived)), None)
        if received is None:
            raise not_there(f"batch:{batch}")
        applied = next((each for each in lines if isinstance(each.event, BatchApplied)), None)
        last = applied.position if applied else received.position
        begin = max(after or 0, received.position)
        found = [
            each
            for each in timeline.entries(view, after=begin, limit=ENTRIES_SHOWN_MAX + 1)
            if each.position < last
        ]
        page = found[:ENTRIES_SHOWN_MAX]
        return show(
            reading,
            view,
            "batch.html",
            here="imports",
            batch=batch,
            received=received,
            file=_received(received),
            applied=applied,
            source=dict(_kinds(language)).get(_received(received).source),
            lines=list(zip(page, sentences_in(view, page, language), strict=True)),
            by=recorders(view, [received])[received.position],
            next_after=page[-1].position if len(found) > len(page) else None,
        )


@router.get("/imports/{kind}")
def choose_file(
    request: Request, reading: TheReading, kind: Annotated[SheetKind, Path()]
) -> HTMLResponse:
    """The form for a file of a kind, with its template."""
    title = KINDS[kind].title.in_(page_language(request))
    with reading.view() as view:
        return show(reading, view, "import.html", here="imports", kind=kind, title=title)


@router.post("/imports/{kind}")
async def look_at_file(
    request: Request,
    reading: TheReading,
    kind: Annotated[SheetKind, Path()],
    file: Annotated[UploadFile, File()],
) -> Response:
    """Every wrong cell of the file, and what would be recorded; nothing is."""
    require_own_page(request)
    content = await file.read()
    return await apart(lambda: _checked(reading, kind, content, file.filename or kind))


@router.post("/imports/{kind}/confirmation")
async def confirm(
    request: Request,
    reading: TheReading,
    kind: Annotated[SheetKind, Path()],
    content: Content,
    file_name: FileName,
    key: Annotated[Id, Form()],
) -> Response:
    """Record the file that was checked as one batch, or nothing of it."""
    require_own_page(request)
    asked = _asked(request, kind, content, file_name, key)

    def work() -> Response:
        try:
            receipt = recorded(asked)
        except FileRefused:  # the record has moved on since it was checked
            return _checked(reading, kind, content, file_name)
        if not isinstance(receipt, Receipt):
            return _checked(reading, kind, content, file_name)
        position = receipt.last_position
        lang = request.query_params.get("lang", "")
        pairs = (("after_position", position), ("recorded", position), ("lang", lang))
        return RedirectResponse(address(f"/imports/batches/{id_of(receipt.stream)}", pairs), 303)

    return await apart(work)


@router.post("/imports/{kind}/marked")
async def marked(
    request: Request, kind: Annotated[SheetKind, Path()], content: Content, file_name: FileName
) -> Response:
    """The file as it was sent, with its problems marked, to be corrected and sent again."""
    require_own_page(request)
    asked, language = _asked(request, kind, content, file_name, ""), page_language(request)
    book = await apart(lambda: annotated(rehearsed(asked), language))
    return workbook(book, f"{KINDS[kind].title.in_(language)}.xlsx")


def _asked(
    request: Request, kind: SheetKind, content: bytes, file_name: str, key: str
) -> SheetAsked:
    return SheetAsked(request, kind, content, file_name, None, reading_as(request), key)


def _checked(reading: Reading, kind: SheetKind, content: bytes, file_name: str) -> HTMLResponse:
    """The page of a check: what would be recorded, or what is wrong where."""
    request, language = reading.request, page_language(reading.request)
    prepared = None
    key = uuid4().hex
    try:
        prepared = rehearsed(_asked(request, kind, content, file_name, key))
        problems = prepared.problems
    except FileRefused as refused:
        problems = tuple(refused.problems)
    with reading.view() as view:
        page = show(
            reading,
            view,
            "import-report.html",
            here="imports",
            kind=kind,
            title=KINDS[kind].title.in_(language),
            file_name=file_name,
            prepared=prepared,
            problems=problems[:PROBLEMS_SHOWN_MAX],
            wrong=len(problems),
            content=b64encode(content).decode(),
            key=key,
        )
    page.status_code = 422 if problems else 200
    return page


def _received(entry: AnyEntry) -> BatchReceived:
    assert isinstance(entry.event, BatchReceived), "a batch begins with its file"
    return entry.event


def _kinds(language: Language) -> list[tuple[str, str]]:
    return [(name, kind.title.in_(language)) for name, kind in KINDS.items()]
