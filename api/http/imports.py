"""Imports over HTTP: check a sheet or record it as one batch; templates.

The request's body is the file itself, as in api/http/attachments.py.
"""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, NamedTuple, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from api.http.kernel.acting import reading_as
from api.http.kernel.command_routes import RECEIPT_HEADERS
from api.http.kernel.downloads import BINARY, XLSX, attachment
from api.http.kernel.problem_kinds import CODE, PARAMS, problems
from api.http.kernel.problems import ApiProblem, note_lacking
from api.http.kernel.reading import Day
from api.http.kernel.requests import command_id
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.scoping import scope_of
from api.languages import language_of
from api.sheets.carrying import Prepared, carry_in, prepare, rehearse, shown
from api.sheets.directory import directory_of
from api.sheets.kinds import KINDS
from api.sheets.reading import read_sheet
from api.sheets.workbook import annotated, template
from domain.batch.events import BatchReceived, SheetKind
from domain.kernel.context import Acting
from domain.kernel.ids import derive_id
from domain.kernel.refusal import CommandIdReused, Refused
from domain.kernel.text import Bilingual
from projections.engine.view import NotYetShown, ReadModels
from record.store.bulk import collector_paused
from record.store.entry import Receipt
from record.store.record import Record

router = SubjectRouter("/api/v1/imports", "导入 Imports")

T = TypeVar("T")

SHEET_BYTES_MAX = 10 * 1024 * 1024  # over HTTP, held in memory; a local file may be larger
SHEETS_AT_ONCE_MAX = 4
_threads = CapacityLimiter(SHEETS_AT_ONCE_MAX)
# Some systems send CSV under Excel's older type, and generated clients know no type but bytes. The
# content decides.
MEDIA_TYPES = (XLSX, "text/csv", "application/vnd.ms-excel", "application/octet-stream")
BODY = {"requestBody": {"required": True, "content": dict.fromkeys(MEDIA_TYPES, BINARY)}}
WORKBOOK: dict[str, Any] = {"content": {XLSX: BINARY}}
SHEET_PROBLEMS = problems(
    "unreadable",
    "not-signed-in",
    "not-authorised",
    "not-on-record",
    "file-refused",
    "too-large",
    "media-type-refused",
    "invalid-request",
    "not-yet-shown",
    "database-away",
    "no-room",
)
TheFileName = Annotated[
    str | None,
    Query(
        max_length=200,
        pattern=r'^[^\s\x00-\x1f\x7f/\\"]([^\x00-\x1f\x7f/\\"]*[^\s\x00-\x1f\x7f/\\"])?$',
        description="The file name, such as 任务.xlsx.",
    ),
]
AsOf = Annotated[
    Day | None,
    Query(description="The day whose codes and names the sheet uses; today by default."),
]


class CellProblem(BaseModel):
    """What is wrong with one cell, or with the whole file if `row` is null."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int | None = Field(description="Its number in the sheet, from 1.")
    column: str = Field(description="The header of its column.")
    cell: str
    code: str = Field(description=CODE, examples=["cell.no-day"])
    params: dict[str, Any] = Field(description=PARAMS)
    reason: Bilingual
    irregular: bool = Field(
        description="Not wrong but against procedure: the row is recorded if it says why."
    )


class WorksheetsRead(BaseModel):
    """Which worksheet of a workbook was read, and which were not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    read: str = Field(description="The first that is not hidden.")
    others: list[str] = Field(description="Not read: they come after it.")
    hidden: list[str] = Field(description="Not read: they are hidden.")


class ImportReport(BaseModel):
    """The commands of a sheet, its problems, and whether it was recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: SheetKind
    file: str
    digest: str
    worksheets: WorksheetsRead | None = Field(description="null for CSV.")
    as_of: date
    rows: int
    commands: dict[str, int] = Field(description="The number of commands by name.")
    on_record: list[int] = Field(description="The rows that are already on record and skipped.")
    irregular: list[int] = Field(
        description="The rows that say why they are recorded although they break a procedure."
    )
    problems: list[CellProblem]


@router.post(
    "/{kind}",
    operation_id="imports.submit",
    summary="导入表格 · Import a sheet",
    response_model=ImportReport,
    response_description="Nothing was recorded: the commands of the sheet and all its problems.",
    responses={
        201: {
            "model": Receipt,
            "description": "Recorded as one batch.",
            "headers": RECEIPT_HEADERS,
        },
        **problems("key-missing", "conflict", "command-id-reused"),
        **SHEET_PROBLEMS,
    },
    openapi_extra=BODY,
)
async def submit(
    request: Request,
    response: Response,
    kind: SheetKind,
    by: Annotated[Acting, Depends(reading_as)],
    key: Annotated[str, Depends(command_id)],
    dry_run: Annotated[
        bool, Query(description="false: record it, as a whole or not at all.")
    ] = True,
    file_name: TheFileName = None,
    as_of: AsOf = None,
) -> Any:
    """Check the request's body, a workbook or CSV of at most 10 MiB and 10,000 rows. With
    `dry_run=false`, record it as one batch, or nothing. Rows that are already on record are
    skipped."""
    content = await _received(request)
    asked = SheetAsked(request, kind, content, file_name or kind, as_of, by, key)
    if dry_run:
        return await apart(lambda: _looked_at(asked))
    receipt = await apart(lambda: recorded(asked))
    if isinstance(receipt, dict):
        return receipt
    response.status_code = 201
    response.headers["ETag"] = f'"{receipt.version}"'
    response.headers["Annals-Position"] = str(receipt.last_position)
    return JSONResponse(receipt.model_dump(mode="json"), 201, dict(response.headers))


@router.post(
    "/{kind}/annotations",
    operation_id="imports.annotate",
    summary="标注表格 · Mark a sheet's problems",
    response_class=Response,
    response_description="The sheet with its problems marked for correction; nothing is recorded.",
    responses={200: WORKBOOK, **problems("conflict"), **SHEET_PROBLEMS},
    openapi_extra=BODY,
)
async def annotate(
    request: Request,
    kind: SheetKind,
    by: Annotated[Acting, Depends(reading_as)],
    file_name: TheFileName = None,
    as_of: AsOf = None,
) -> Response:
    """The request's body as a workbook: a last column says what is wrong with each row, and wrong
    cells are marked. It can be corrected and imported as it is."""
    content = await _received(request)
    asked = SheetAsked(request, kind, content, file_name or kind, as_of, by, "")
    language = language_of(request)
    marked = await apart(lambda: annotated(rehearsed(asked), language))
    return workbook(marked, f"{KINDS[kind].title.in_(language)}.xlsx")


@router.get(
    "/{kind}/template",
    operation_id="imports.template",
    summary="表格模板 · A template to fill in",
    response_class=Response,
    response_description="A workbook with headers, an example and instructions.",
    responses={
        200: WORKBOOK,
        **problems("refused", "invalid-request", "not-yet-shown", "database-away"),
    },
)
def get_template(request: Request, kind: SheetKind) -> Response:
    """A template for a kind of sheet, in the language of Accept-Language."""
    language = language_of(request)
    with _models(request).view(scope=scope_of(request)) as view:
        columns = KINDS[kind].columns(directory_of(request.app.state.record, view, None))
    title = KINDS[kind].title.in_(language)
    return workbook(template(KINDS[kind], columns, language), f"{title}.xlsx")


class SheetAsked(NamedTuple):
    """A received sheet, with its sender."""

    request: Request
    kind: SheetKind
    content: bytes
    file_name: str
    as_of: date | None
    by: Acting
    key: str

    @property
    def record(self) -> Record:
        record: Record = self.request.app.state.record
        return record


async def _received(request: Request) -> bytes:
    """The body, if it is a sheet by its Content-Type and not too large."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise ApiProblem("media-type-refused", "request.no-sheet-type", types=[*MEDIA_TYPES])
    pieces: list[bytes] = []
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > SHEET_BYTES_MAX:
                raise ApiProblem(
                    "too-large",
                    "request.sheet-too-large",
                    megabytes=SHEET_BYTES_MAX // 1024 // 1024,
                )
            pieces.append(piece)
    except ClientDisconnect:
        raise ApiProblem("unreadable", "request.cut-off") from None
    return b"".join(pieces)


async def apart(work: Callable[[], T]) -> T:
    """Run the work on one of a few threads for sheets only. The garbage collector is paused: a pass
    over all the rows would block every other request."""

    def paused() -> T:
        with collector_paused():
            return work()

    return await to_thread.run_sync(paused, limiter=_threads)


def _prepared(asked: SheetAsked) -> Prepared:
    kind, record = KINDS[asked.kind], asked.record
    scope = scope_of(asked.request)
    with _models(asked.request).view(after_position=record.head(), scope=scope) as view:
        directory = directory_of(record, view, asked.as_of)
        sheet = read_sheet(kind, asked.content, asked.file_name, directory)
        return prepare(kind, sheet, directory, record)


def rehearsed(asked: SheetAsked) -> Prepared:
    """The sheet with all its problems, those of the rules included; nothing is recorded."""
    found = rehearse(_prepared(asked), asked.record, asked.by)
    note_lacking(asked.request, (each.refusal for each in found.problems))
    return found


def _looked_at(asked: SheetAsked) -> dict[str, Any]:
    return shown(rehearsed(asked))


def recorded(asked: SheetAsked) -> Receipt | dict[str, Any]:
    """The receipt (for a repeated key, the first one); or the report if everything is already on
    record."""
    batch = derive_id("sheet", asked.key)
    if receipt := _first_receipt(batch, asked):
        return receipt
    try:
        prepared = _prepared(asked)
        receipt = carry_in(prepared, asked.record, batch, asked.by)
    except (Refused, NotYetShown):  # the same may have been recorded meanwhile, under this key
        if receipt := _first_receipt(batch, asked):
            return receipt
        raise
    return receipt or _first_receipt(batch, asked) or shown(prepared)


def _first_receipt(batch: str, asked: SheetAsked) -> Receipt | None:
    """The receipt of the batch with this key, if any; raises CommandIdReused for another sheet."""
    before = asked.record.history(f"batch:{batch}")
    if not before:
        return None
    first, last = before[0], before[-1]
    assert isinstance(first.event, BatchReceived), "a batch begins with its file"
    was = (first.event.source, first.event.file_digest, first.actor, first.authority)
    now = (asked.kind, sha256(asked.content).hexdigest(), asked.by.actor, asked.by.authority)
    if was != now or asked.as_of not in (None, first.event.as_of):
        raise CommandIdReused("request.key-of-other-sheet", key=asked.key)
    return Receipt(
        position=first.position,
        last_position=last.position,
        stream=last.stream,
        version=last.version,
        recorded_at=last.recorded_at,
    )


def _models(request: Request) -> ReadModels:
    models: ReadModels = request.app.state.models
    return models


def workbook(content: bytes, name: str) -> Response:
    """A workbook to be kept under this name."""
    return Response(content, media_type=XLSX, headers=attachment(name))
