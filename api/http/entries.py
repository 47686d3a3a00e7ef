"""The record itself over HTTP: its entries in order, with their envelopes. Reads only."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import POSITION_MAX, Limit, require_on_record, unfit
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.scoping import scope_of
from domain.catalogue import EVENTS, SUBJECTS
from domain.kernel.context import Actor, Authority, Document
from domain.kernel.ids import ID_PATTERN, PersonId, UnitId
from domain.kernel.refusal import NotOnRecord
from projections import timeline
from projections.engine.scope import WHOLE_CITY
from projections.engine.view import ReadModels, View
from projections.irregular import IrregularityView, mark_of
from projections.timeline import EntryFilter
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


ANY = EntryFilter()
STREAM_PATTERN = r"^[a-z]+(:[a-z0-9.-]+)?$"


def entry_filter(
    caused_by: Annotated[
        int | None,
        Query(ge=1, le=POSITION_MAX, description="Only what the entry at this position caused."),
    ] = None,
    stream: Annotated[str | None, Query(max_length=160, pattern=STREAM_PATTERN)] = None,
    event: Annotated[str | None, Query(max_length=80, description="An event's name.")] = None,
    person: Annotated[PersonId | None, Query(description="Who recorded it.")] = None,
    unit: Annotated[UnitId | None, Query(description="For which unit.")] = None,
    batch: Annotated[str | None, Query(max_length=64, pattern=ID_PATTERN)] = None,
    recorded_from: Annotated[date | None, Query(description="The first day, in China.")] = None,
    recorded_until: Annotated[date | None, Query(description="The last day, in China.")] = None,
) -> EntryFilter:
    """What entries are asked for; an event that there is none of is refused."""
    if event is not None and event not in EVENTS:
        raise unfit("event", "parameter.no-such-event", value=event)
    return EntryFilter(caused_by, stream, event, person, unit, batch, recorded_from, recorded_until)


@router.get(
    "",
    operation_id="entries.list",
    summary="按顺序列出编年条目 · List the record's entries in order",
    responses=problems("invalid-request", "not-on-record", "database-away"),
)
def list_entries(
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    where: Annotated[EntryFilter, Depends(entry_filter)] = ANY,
    limit: Limit = 50,
) -> EntryPage:
    """The entries after a position. For the whole city, positions have no gaps: a reader misses
    nothing. In a smaller scope they are those about what lies in it, and what is public, as far as
    the read models show them.

    With a filter a page may have fewer entries than its limit, or none, and still a `next`: 20,000
    entries are looked through for each page."""
    if where != ANY._replace(caused_by=where.caused_by):
        found, following, head = _matching(request, where, after, limit)
    else:
        found, head = _entries(request, after, where.caused_by, limit)
        last = found[-1].position if found else head
        ends = len(found) < limit if where.caused_by else last >= head
        following = None if ends else last
    entries = [shown(entry) for entry in found]
    head = max(head, entries[-1].position if entries else 0)
    last = following or (entries[-1].position if entries else head)
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
    entries, head = _entries(request, position - 1, None, 1)
    if not entries or entries[0].position != position:
        raise NotOnRecord("read.no-entry", position=position, head=head)
    response.headers["Annals-Position"] = str(position)
    return shown(entries[0])


def _entries(
    request: Request, after: int, caused_by: int | None, limit: int
) -> tuple[list[AnyEntry], int]:
    """The entries in scope after a position, and the last position that they were looked for at."""
    record: Record = request.app.state.record
    if (scope := scope_of(request)) != WHOLE_CITY:
        models: ReadModels = request.app.state.models
        with models.view(scope=scope) as view:
            found = timeline.entries(view, after=after, caused_by=caused_by, limit=limit)
            return found, view.position
    if caused_by is None:
        return record.entries(after=after, limit=limit), record.head()
    return record.caused_by(caused_by, after=after, limit=limit), record.head()


def _matching(
    request: Request, where: EntryFilter, after: int, limit: int
) -> tuple[list[AnyEntry], int | None, int]:
    """The entries in scope that fit, the position to look on after, and that of the read models."""
    models: ReadModels = request.app.state.models
    with models.view(scope=scope_of(request)) as view:
        require_known(view, where)
        found = timeline.matching(view, where, after=after, limit=limit)
        return found.entries, found.next, view.position


def require_known(view: View, where: EntryFilter) -> None:
    """Refuse a person, a unit, an import or a stream that is not on record: it would be as if there
    were no entries of theirs."""
    for kind in ("person", "unit", "batch"):
        if named := getattr(where, kind):
            require_on_record(view, f"{kind}:{named}")
    if where.stream:
        kind, _, id = where.stream.partition(":")
        if kind not in SUBJECTS:
            raise unfit("stream", "parameter.unknown-value", value=where.stream)
        if id:
            require_on_record(view, where.stream)


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
