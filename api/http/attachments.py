"""Documents over HTTP: stored once, and retrieved by digest.

A browser saves a document, whatever its content, and never runs it.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import Depends, Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from api.http.entries import EntryView, shown
from api.http.kernel.acting import permitted_by, reading_as
from api.http.kernel.problem_kinds import problems
from api.http.kernel.problems import ApiProblem
from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, unfit
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.scoping import scope_of
from domain.kernel.context import Acting
from domain.kernel.ids import Digest
from domain.kernel.permission import STORE_DOCUMENTS
from domain.kernel.refusal import NotOnRecord
from projections import attachments
from projections.engine.scope import WHOLE_CITY
from projections.engine.view import ReadModels
from record.attachments.attachments import ATTACHMENT_BYTES_MAX, Attachment, Received, TooLarge
from record.attachments.media_types import BYTES, KINDS
from record.store.record import Record

router = SubjectRouter("/api/v1/attachments", "附件 Attachments")

BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE = {"content": dict.fromkeys((*KINDS, BYTES), BINARY)}
TheDigest = Annotated[Digest, Path()]


class AttachmentView(BaseModel):
    """A stored document: its digest, type, size and name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str = Field(description="SHA-256 in hexadecimal, for `attachments` of a document.")
    media_type: str
    file_name: str | None = Field(description="The name with which it was first sent.")
    bytes: int
    stored_at: str


def storing(request: Request) -> Acting:
    """Who stores a document; NotAuthorised unless they may. Asked before any of it is read."""
    by = reading_as(request)
    permitted_by(request.app.state.record, by, STORE_DOCUMENTS)
    return by


@router.post(
    "",
    operation_id="attachments.store",
    summary="提交附件 · Store a document",
    status_code=201,
    response_model=AttachmentView,
    response_description="Stored, now or before.",
    responses={
        200: {
            "model": AttachmentView,
            "description": "Stored before: twice is once.",
        },
        **problems(
            "unreadable",
            "not-signed-in",
            "not-authorised",
            "not-on-record",
            "refused",
            "too-large",
            "media-type-refused",
            "invalid-request",
            "database-away",
            "no-room",
        ),
    },
    openapi_extra={"requestBody": {"required": True, **FILE}},
)
async def store_attachment(
    request: Request,
    response: Response,
    by: Annotated[Acting, Depends(storing)],
    file_name: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=r'^[^\x00-\x1f\x7f/\\"]+$',
            description="The document's file name, such as 批复.pdf.",
        ),
    ] = None,
) -> Any:
    """Store the request's body (at most 100 MiB) under its digest. The Content-Type gives its type
    and is checked; of `application/octet-stream` the content gives it. Use the digest in the
    `attachments` of a command's basis."""
    record: Record = request.app.state.record
    length = request.headers.get("content-length", "0")
    declared = int(length) if length.isdigit() else 0
    if declared > ATTACHMENT_BYTES_MAX:
        raise TooLarge
    if not request.app.state.disk.takes(declared or ATTACHMENT_BYTES_MAX):
        retry = {"Retry-After": "30"}
        raise ApiProblem("no-room", "request.no-room-for-documents", headers=retry)
    with Received(request.headers.get("content-type", "")) as received:
        try:
            async for content in request.stream():
                await run_in_threadpool(received.write, content)
        except ClientDisconnect:
            raise ApiProblem("unreadable", "request.cut-off") from None
        stored, is_new = await run_in_threadpool(
            record.attachments.store, received, file_name=file_name, person=by.actor.person
        )
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"{router.prefix}/{stored.digest}"
    response.headers["ETag"] = f'"{stored.digest}"'
    return AttachmentView(
        digest=stored.digest,
        media_type=stored.media_type,
        file_name=stored.file_name,
        bytes=stored.bytes,
        stored_at=stored.stored_at.isoformat(),
    )


FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document.", **FILE},
    206: {"description": "The bytes of the requested range.", **FILE},
    304: {"description": "The caller already has it (If-None-Match)."},
    **problems("not-on-record", "range-beyond", "invalid-request", "database-away"),
}


@router.get(
    "/{digest}",
    operation_id="attachments.get",
    summary="取回附件 · Get a document",
    response_class=StreamingResponse,
    responses=FILE_RESPONSES,
)
def get_attachment(
    request: Request,
    digest: TheDigest,
    wanted: Annotated[
        str | None, Header(alias="Range", description="One range, such as `bytes=0-1023`.")
    ] = None,
    if_none_match: Annotated[str | None, Header()] = None,
    if_range: Annotated[str | None, Header()] = None,
) -> Response:
    """The document as stored, or one range of its bytes. A browser saves it and never runs it."""
    record: Record = request.app.state.record
    _require_in_scope(request, digest)
    attachment = _find(record, digest)
    tag = f'"{digest}"'
    headers = _headers(attachment)
    if if_none_match and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    if if_range not in (None, tag):
        wanted = None
    piece = _piece(wanted, attachment.bytes)
    headers["Content-Length"] = str(piece.end - piece.begin)
    if piece.is_part:
        headers["Content-Range"] = f"bytes {piece.begin}-{piece.end - 1}/{attachment.bytes}"
    status = 206 if piece.is_part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    content: Iterator[bytes] = record.attachments.read(attachment, piece.begin, piece.end)
    return StreamingResponse(content, status_code=status, headers=headers)


# Separate from GET, so that each has its own name in the description.
router.head(
    "/{digest}",
    operation_id="attachments.head",
    summary="查验附件 · Check whether a document is stored",
    response_class=StreamingResponse,
    responses={200: {"description": "It is stored; the headers describe it."}, **FILE_RESPONSES},
)(get_attachment)


@router.get(
    "/{digest}/entries",
    operation_id="attachments.entries",
    summary="以此附件为依据的条目 · Entries that rest on a document",
    responses=READ_PROBLEMS,
)
def list_uses(
    digest: TheDigest, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[EntryView]:
    """The entries whose basis names the document, in order."""
    _require_in_scope(reading.request, digest)
    _find(reading.request.app.state.record, digest)
    if key is not None and not (key[0].isascii() and key[0].isdigit() and len(key[0]) <= 18):
        raise unfit("cursor", "parameter.foreign-cursor")
    with reading.view() as view:
        found = attachments.uses(view, digest, after=int(key[0]) if key else 0, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [shown(entry) for entry in found[:limit]],
            next_key=(str(last.position), "") if last else None,
        )


def _require_in_scope(request: Request, digest: str) -> None:
    """NotOnRecord for a document on which nothing in scope rests."""
    if (scope := scope_of(request)) == WHOLE_CITY:
        return
    models: ReadModels = request.app.state.models
    with models.view(scope=scope) as view:
        if not attachments.uses(view, digest, limit=1):
            raise NotOnRecord("attachment.not-stored", digest=digest)


def _find(record: Record, digest: str) -> Attachment:
    found = record.attachments.find(digest)
    if found is None:
        raise NotOnRecord("attachment.not-stored", digest=digest)
    return found


def _headers(attachment: Attachment) -> dict[str, str]:
    name = attachment.file_name or attachment.digest
    return {
        "Content-Type": attachment.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "ETag": f'"{attachment.digest}"',
        "Accept-Ranges": "bytes",
        # The content of a digest never changes, but who may see it can: always revalidate.
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


class _Piece(NamedTuple):
    """The bytes to send: from `begin` up to, but not including, `end`."""

    begin: int
    end: int
    is_part: bool


def _piece(wanted: str | None, size: int) -> _Piece:
    """The range in a Range header; the whole document for none, several or an invalid one."""
    found = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", (wanted or "").replace(" ", ""))
    if not found or not any(found.groups()):
        return _Piece(0, size, False)
    first, last = found.groups()
    if first and last and int(first) > int(last):
        return _Piece(0, size, False)
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if begin >= size:
        raise ApiProblem(
            "range-beyond",
            "request.range-beyond",
            size=size,
            headers={"Content-Range": f"bytes */{size}"},
        )
    return _Piece(begin, end, True)
