"""The pages for auditors: the record itself, what was corrected, recorded late or against
procedure, the operation log, and one entry with its effects."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import HTMLResponse

from access.operation_log import WHAT, What
from api.http.entries import entry_filter, require_known, shown
from api.http.irregular import list_irregular
from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import POSITION_MAX, Listing, Reading, TheKey, TheReading
from api.http.kernel.rendering import page_language
from api.http.operation_log import list_operations
from api.http.timelines import list_corrections, list_late
from api.pages.page import page_router, policy_shown, show
from api.pages.recorded import recorders
from api.pages.subjects import page_of
from api.pages.titles import Titles
from domain.catalogue import EVENTS
from domain.kernel.refusal import NotOnRecord
from projections import places, timeline
from projections.engine.days import effective_on
from projections.engine.view import View
from projections.sentences import sentences_in
from projections.timeline import EntryFilter
from record.store.record import Record

router = page_router()

CAUSED_MAX = 50
LINES_SHOWN = 40
AfterPosition = Annotated[int, Query(ge=0, le=POSITION_MAX)]
LISTS: Mapping[str, Callable[..., Listing[Any]]] = {
    "": list_corrections,
    "late": list_late,
    "irregular": list_irregular,
}


@router.get("/audit")
def audit(
    reading: TheReading,
    key: TheKey,
    which: Annotated[Literal["", "late", "irregular"], Query()] = "",
) -> HTMLResponse:
    """What was corrected, annulled or repealed; recorded 30 days late or more; or recorded although
    it breaks a procedure."""
    found = LISTS[which](reading, key, limit=LINES_SHOWN)
    with reading.view() as view:
        entries = timeline.at(view, [each.entry.position for each in found.items])
        return _page(
            reading,
            view,
            "audit.html",
            which=which,
            lines=found.items,
            by=recorders(view, entries),
            paging={
                "first_page": reading.address(cursor=None) if key else None,
                "next_page": reading.address(cursor=found.next) if found.next else None,
            },
        )


@router.get("/audit/entries")
def entries(
    reading: TheReading,
    where: Annotated[EntryFilter, Depends(entry_filter)],
    after: AfterPosition = 0,
) -> HTMLResponse:
    """The record itself in order, or what fits a filter: sentences with their JSON."""
    language = page_language(reading.request)
    with reading.view() as view:
        require_known(view, where)
        found = timeline.matching(view, where, after=after, limit=LINES_SHOWN)
        page = found.entries
        said = sentences_in(view, page, language)
        texts = [to_json(shown(each), indent=2).decode() for each in page]
        return _page(
            reading,
            view,
            "audit-entries.html",
            after=after,
            where=where,
            narrowed=_narrowed(view, where),
            events=sorted(EVENTS),
            lines=list(zip(page, said, texts, strict=True)),
            by=recorders(view, page),
            next_after=found.next,
        )


def _narrowed(view: View, where: EntryFilter) -> dict[str, str]:
    """The names of what the entries are narrowed to by a link, by the filter's name."""
    streams = {"stream": where.stream, "batch": where.batch and f"batch:{where.batch}"}
    streams |= {kind: f"{kind}:{id}" for kind in ("person", "unit") if (id := getattr(where, kind))}
    asked = {name: stream for name, stream in streams.items() if stream}
    names = places.names(view, sorted(asked.values()))
    return {name: names.get(stream, "") for name, stream in asked.items()}


@router.get("/audit/operations")
def operations(
    request: Request,
    reading: TheReading,
    after: Annotated[int, Query(ge=0, le=POSITION_MAX)] = 0,
    what: Annotated[What | Literal[""], Query()] = "",
) -> HTMLResponse:
    """The operation log, for an auditor of the whole city."""
    found = list_operations(
        request, reading_as(request), after=after, what=what or None, limit=LINES_SHOWN
    )
    with reading.view() as view:
        streams = {f"person:{each.person}" for each in found.items if each.person}
        return _page(
            reading,
            view,
            "operations.html",
            what=what,
            kinds=WHAT,
            lines=found.items,
            names=places.names(view, sorted(streams)),
            after=after,
            next_after=found.next,
        )


@router.get("/entries/{position}")
def one_entry(
    request: Request,
    position: Annotated[int, Path(ge=1, le=POSITION_MAX)],
    reading: TheReading,
) -> HTMLResponse:
    """One entry: its sentence, its envelope, what it caused, and its JSON."""
    record: Record = request.app.state.record
    with reading.view() as view:
        entries = timeline.at(view, [position])
        if not entries:
            raise NotOnRecord("read.no-entry", position=position, head=record.head())
        (entry,) = entries
        caused = timeline.entries(view, after=position, caused_by=position, limit=CAUSED_MAX)
        language = page_language(request)
        said = sentences_in(view, [entry, *caused], language)
        return _page(
            reading,
            view,
            "entry.html",
            entry=entry,
            sentence=said[0],
            day_of_it=effective_on(entry),
            caused=list(zip(caused, said[1:], strict=True)),
            by=recorders(view, [entry])[entry.position],
            subject=page_of(entry.stream).address,
            json=to_json(shown(entry), indent=2).decode(),
            titles=Titles(policy_shown(reading, view), language),
        )


def _page(reading: Reading, view: View, template: str, **context: Any) -> HTMLResponse:
    """A page of the audit, which offers the operation log to those who may read it."""
    authority = reading_as(reading.request).authority
    auditor = ("auditor", founded(reading.request).city)
    audits = (authority.role, authority.jurisdiction) == auditor
    return show(reading, view, template, here="audit", audits=audits, **context)
