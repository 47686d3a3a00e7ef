"""The pages for auditors: what was corrected or recorded late, and one entry with its effects."""

from typing import Annotated

from fastapi import Path, Query
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.entries import shown
from api.http.kernel.reading import POSITION_MAX, TheKey, TheReading
from api.http.kernel.rendering import page_language
from api.http.timelines import list_corrections, list_late
from api.pages.addresses import page_of
from api.pages.page import page_router, policy_shown, show
from api.pages.recorded import recorders
from api.pages.titles import Titles
from domain.kernel.refusal import NotOnRecord
from projections import timeline
from projections.engine.days import effective_on
from projections.sentences import sentences_in
from record.store.record import Record

router = page_router()

CAUSED_MAX = 50
LINES_SHOWN = 40


@router.get("/audit")
def audit(
    reading: TheReading,
    key: TheKey,
    which: Annotated[str, Query(pattern="^(late)?$")] = "",
) -> HTMLResponse:
    """What was corrected, annulled or repealed, or recorded 30 days late or more."""
    listed = list_late if which else list_corrections
    found = listed(reading, key, limit=LINES_SHOWN)
    with reading.view() as view:
        entries = timeline.at(view, [each.entry.position for each in found.items])
        return show(
            reading,
            view,
            "audit.html",
            here="audit",
            which=which,
            lines=found.items,
            by=recorders(view, entries),
            paging={
                "first_page": reading.address(cursor=None) if key else None,
                "next_page": reading.address(cursor=found.next) if found.next else None,
            },
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
        caused = record.caused_by(position, after=position, limit=CAUSED_MAX)
        language = page_language(request)
        said = sentences_in(view, [entry, *caused], language)
        return show(
            reading,
            view,
            "entry.html",
            here="audit",
            entry=entry,
            sentence=said[0],
            day_of_it=effective_on(entry),
            caused=list(zip(caused, said[1:], strict=True)),
            by=recorders(view, [entry])[entry.position],
            subject=page_of(entry.stream),
            json=to_json(shown(entry), indent=2).decode(),
            titles=Titles(policy_shown(reading, view), language),
        )
