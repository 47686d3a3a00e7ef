"""The record itself over HTTP: its entries in order, with their envelopes. Reads only."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import POSITION_MAX, Limit
from api.http.kernel.routing import SubjectRouter
from domain.kernel.context import Actor, Authority, Document
from domain.kernel.refusal import NotOnRecord
from projections.irregular import IrregularityView, mark_of
from record.store.entry import AnyEntry
from record.store.record import Record

router = SubjectRouter("/api/v1/entries", "编年条目 Entries")


class EntryView(BaseModel):
    """An entry of the record: an event with its envelope."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: int
    stream: str
    version: int
    event: str = Field(description="The event's name, from a closed list.")
    body: dict[str, Any] = Field(description="The event's own fields.")
    actor: Actor
    authority: Authority
    basis: list[Document] = []
    recorded_at: datetime
    command_id: str
    caused_by: int | None = Field(
        None,
        description="The position of the entry that brought it about: the first of the same "
        "command, or of the import that the command belongs to. List what an entry caused with "
        "`caused_by`.",
    )
    batch: str | None = None
    irregular: IrregularityView | None = Field(
        None, description="Only of the first entry of what broke a procedure."
    )
    policy: str | None = None


class EntryPage(BaseModel):
    """Entries in order; `next` is the position to continue after, null if there are no more yet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[EntryView]
    next: int | None
    head: int = Field(description="The record's last position.")


@router.get(
    "",
    operation_id="entries.list",
    summary="按顺序列出编年条目 · List the record's entries in order",
    responses=problems("invalid-request", "database-away"),
)
def list_entries(
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    caused_by: Annotated[
        int | None,
        Query(ge=1, le=POSITION_MAX, description="Only what the entry at this position caused."),
    ] = None,
    limit: Limit = 50,
) -> EntryPage:
    """The entries after a position. Positions have no gaps: a reader misses nothing."""
    record: Record = request.app.state.record
    if caused_by is None:
        found = record.entries(after=after, limit=limit)
    else:
        found = record.caused_by(caused_by, after=after, limit=limit)
    entries = [shown(entry) for entry in found]
    head = max(record.head(), entries[-1].position if entries else 0)
    last = entries[-1].position if entries else head
    ends = len(entries) < limit if caused_by else last == head
    following = None if ends else last
    if following is not None:
        url = request.url.include_query_params(after=following)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    response.headers["Annals-Position"] = str(last)
    return EntryPage(items=entries, next=following, head=head)


@router.get(
    "/{position}",
    operation_id="entries.get",
    summary="查看一条编年条目 · One entry",
    responses=problems("invalid-request", "not-on-record", "database-away"),
)
def get_entry(
    request: Request,
    response: Response,
    position: Annotated[int, Path(ge=1, le=POSITION_MAX)],
) -> EntryView:
    """The entry at this position."""
    record: Record = request.app.state.record
    entries = record.entries(after=position - 1, limit=1)
    if not entries or entries[0].position != position:
        raise NotOnRecord("read.no-entry", position=position, head=record.head())
    response.headers["Annals-Position"] = str(position)
    return shown(entries[0])


def shown(entry: AnyEntry) -> EntryView:
    """An entry as the API shows it."""
    return EntryView.model_validate(fields_of(entry))


def fields_of(entry: AnyEntry) -> dict[str, Any]:
    """The fields of an `EntryView`, so that many are validated at once."""
    return {
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "event": entry.name,
        "body": entry.event.model_dump(mode="json", exclude_none=True),
        "actor": entry.actor,
        "authority": entry.authority,
        "basis": entry.basis,
        "recorded_at": entry.recorded_at,
        "command_id": entry.command_id,
        "caused_by": entry.caused_by,
        "batch": entry.batch,
        "irregular": entry.irregular and mark_of(entry.irregular),
        "policy": entry.policy,
    }
