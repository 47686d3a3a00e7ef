"""The pages of exemplars, households' titles and the red and black boards."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, get_args

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.exemplars import get_exemplar
from api.http.kernel.acting import reading_as
from api.http.kernel.reading import Reading, TheKey, TheReading, day_of_key, not_there, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import story_of
from api.pages.titles import Titles
from domain.kernel.ids import SLUG_PATTERN, CommunityId, Id
from projections import exemplars, honours, places
from projections.engine.view import View
from projections.exemplars import ExemplarStatus, Filter
from projections.honours import HonourView, PostingView

router = page_router()

STATUSES: tuple[str, ...] = get_args(ExemplarStatus)
OF_EXEMPLAR = {
    "nominated": ("exemplars.designate", "exemplars.decline"),
    "designated": ("exemplars.share", "exemplars.withdraw"),
}
OF_HONOUR = {
    "awarded": ("honours.withdraw",),
    "posted": ("honours.rectify", "honours.remove"),
    "rectified": ("honours.remove",),
}
TheCommunity = Annotated[CommunityId | str, Query(max_length=64)]


@router.get("/exemplars")
def list_of_exemplars(
    request: Request,
    reading: TheReading,
    key: TheKey,
    type: Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", max_length=64)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    community: TheCommunity = "",
) -> HTMLResponse:
    """Exemplars in the order of nomination."""
    if status and status not in STATUSES:
        raise unfit("status", "parameter.unknown-value", value=status)
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = exemplars.exemplars(
            view,
            effective=reading.effective,
            where=Filter(type or None, status or None, community or None),
            after=day_of_key(key),
            limit=LINES_MAX + 1,
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        return show(
            reading,
            view,
            "exemplars.html",
            here="exemplars",
            asked={"type": type, "status": status, "community": community},
            place=_name(view, community),
            types=policy.types,
            statuses=STATUSES,
            lines=found[:LINES_MAX],
            offered=permitted(by.authority.role, policy, "exemplars.nominate"),
            titles=Titles(policy, page_language(request)),
            paging=paging(
                reading,
                view,
                key,
                (last.nominated_on.isoformat(), last.exemplar) if last else None,
            ),
        )


@router.get("/exemplars/{exemplar}")
def one_exemplar(request: Request, exemplar: Id, reading: TheReading) -> HTMLResponse:
    """One exemplar: its merits, and with whom it shared its experience."""
    full = get_exemplar(exemplar, reading)
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        names = OF_EXEMPLAR.get(full.exemplar.status, ())
        stream = f"exemplar:{exemplar}"
        return show(
            reading,
            view,
            "exemplar.html",
            here="exemplars",
            exemplar=full.exemplar,
            sharings=full.sharings[::-1],
            offered=permitted(by.authority.role, policy, *names),
            subject_id=exemplar,
            story=story_of(view, stream, reading.effective, titles.language),
            titles=titles,
        )


@router.get("/honours")
def list_of_honours(
    request: Request,
    reading: TheReading,
    key: TheKey,
    which: Annotated[str, Query(pattern="^(boards)?$")] = "",
    kind: Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", max_length=64)] = "",
    in_force: Annotated[str, Query(pattern="^(no|any)?$")] = "",
    community: TheCommunity = "",
) -> HTMLResponse:
    """Households' titles, or the entries of the boards, by default those in force on the day."""
    holds = {"": True, "no": False}.get(in_force)
    by = reading_as(request)
    asked = {"which": which, "kind": kind, "in_force": in_force, "community": community}
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = _held(view, reading, key, kind, holds, community, boards=bool(which))
        full = len(found) > LINES_MAX
        last = found[LINES_MAX - 1] if full else None
        names = ("honours.post",) if which else ("honours.award",)
        return show(
            reading,
            view,
            "honours.html",
            here="exemplars",
            asked=asked,
            place=_name(view, community),
            kinds=policy.terms("board" if which else "honour"),
            lines=found[:LINES_MAX],
            offered=permitted(by.authority.role, policy, *names),
            titles=Titles(policy, page_language(request)),
            paging=paging(
                reading, view, key, (_begun(last).isoformat(), last.honour) if last else None
            ),
        )


@router.get("/honours/{honour}")
def one_honour(request: Request, honour: Id, reading: TheReading) -> HTMLResponse:
    """One household's title, or one entry of a board."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        held = honours.titles(view, effective=day, honour=honour)
        posted = honours.postings(view, effective=day, honour=honour)
        if not (held or posted):
            raise not_there(f"honour:{honour}", day)
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        status = held[0].status if held else posted[0].status
        names = OF_HONOUR.get(status, ())
        return show(
            reading,
            view,
            "honour.html",
            here="exemplars",
            held=held[0] if held else None,
            posted=posted[0] if posted else None,
            offered=permitted(by.authority.role, policy, *names),
            subject_id=honour,
            story=story_of(view, f"honour:{honour}", day, titles.language),
            titles=titles,
        )


def _held(
    view: View,
    reading: Reading,
    key: tuple[str, str] | None,
    kind: str,
    in_force: bool | None,
    community: str,
    *,
    boards: bool,
) -> Sequence[HonourView | PostingView]:
    """Titles of households, or entries of the boards: one line more than a page has."""
    if boards:
        return honours.postings(
            view,
            effective=reading.effective,
            board=kind or None,
            community=community or None,
            in_force=in_force,
            after=day_of_key(key),
            limit=LINES_MAX + 1,
        )
    return honours.titles(
        view,
        effective=reading.effective,
        title=kind or None,
        community=community or None,
        in_force=in_force,
        after=day_of_key(key),
        limit=LINES_MAX + 1,
    )


def _begun(each: HonourView | PostingView) -> date:
    return each.posted_on if isinstance(each, PostingView) else each.awarded_on


def _name(view: View, community: str) -> str | None:
    stream = f"community:{community}"
    return places.names(view, [stream]).get(stream) if community else None
