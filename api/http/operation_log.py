"""The operation log over HTTP, for auditors of the whole city."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from access.operation_log import Form, Operation, What, require_auditor
from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import POSITION_MAX, Limit
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.signed_in import access_of
from domain.kernel.context import Acting
from domain.kernel.ids import Id

router = SubjectRouter("/api/v1/operations-log", "操作日志 Audit")

PROBLEMS = problems("not-on-record", "invalid-request")


class OperationView(BaseModel):
    """What was tried, by whom, from where, and whether it succeeded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: datetime
    what: What
    succeeded: bool
    person: str | None = Field(description="Who was signed in, or did sign in.")
    login: str | None = Field(description="The login that was typed.")
    key: str | None
    operation: str | None = Field(description="The operation of the API or the command line.")
    code: str | None = Field(description="Why it did not succeed.")
    subject: str | None = Field(description="Whose account, or which key, was changed.")
    address: str | None
    agent: str | None
    request: str | None = Field(description="The X-Request-Id.")
    taken: str | None = Field(description="The parameters of an export.")
    lines: int | None = Field(description="How many lines an export had.")
    alike: int | None = Field(description="The entry that those which `further` counts were like.")
    further: int | None = Field(
        description="How many more like it were refused within the same minute."
    )
    digest: str = Field(description="SHA-256 of the entry, which has that of the one before it.")


class OperationsView(BaseModel):
    """A page of the log, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[OperationView]
    next: int | None = Field(description="The `after` of the next page; null on the last.")


class CheckedView(BaseModel):
    """Whether the log is as it was noted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: int = Field(description="How many entries hold, from the first on.")
    digest: str = Field(description="That of the last of them; empty for an empty log.")
    broken: int | None = Field(description="The first entry that does not hold, if there is one.")


@router.get(
    "/check",
    operation_id="audit.check",
    summary="核验操作日志 · Check the operation log",
    responses=PROBLEMS,
)
def check_operations(request: Request, by: Annotated[Acting, Depends(reading_as)]) -> CheckedView:
    """Follow the chain of digests from the first entry to the last, or to where it breaks."""
    require_auditor(by.authority, founded(request).city)
    return CheckedView(**access_of(request).log.check()._asdict())


@router.get(
    "/file",
    operation_id="audit.export",
    summary="导出操作日志 · Export the operation log",
    response_class=PlainTextResponse,
    responses=PROBLEMS,
)
def export_operations(
    request: Request,
    by: Annotated[Acting, Depends(reading_as)],
    format: Annotated[Form, Query()] = "jsonl",
) -> Response:
    """All entries as CSV, or as lines of JSON with the text of each that its digest is of."""
    require_auditor(by.authority, founded(request).city)
    return StreamingResponse(
        access_of(request).log.exported(format),
        media_type="text/csv" if format == "csv" else "application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="operations-log.{format}"'},
    )


@router.get(
    "",
    operation_id="audit.list",
    summary="操作日志 · The operation log",
    responses=PROBLEMS,
)
def list_operations(
    request: Request,
    by: Annotated[Acting, Depends(reading_as)],
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    what: Annotated[What | None, Query()] = None,
    person: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> OperationsView:
    """Sign-ins, use of keys, refusals for want of authority and changes of accounts, oldest first,
    for an auditor of the city."""
    require_auditor(by.authority, founded(request).city)
    found = access_of(request).log.page(after=after, limit=limit + 1, what=what, person=person)
    return OperationsView(
        items=[_shown(each) for each in found[:limit]],
        next=found[limit - 1].number if len(found) > limit else None,
    )


def _shown(operation: Operation) -> OperationView:
    return OperationView(**operation._asdict())
