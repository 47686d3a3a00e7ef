"""The pages of partnerships (共建): agreements, the board of their items, and one partnership with
its exchanges in both directions."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TEXT_PATTERN, TheKey, TheReading, day_of_key, not_there, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import story_of
from api.pages.titles import Titles
from domain.kernel.ids import CommunityId, Id
from projections import partnerships, places
from projections.partnerships import Filter, ItemKind, ItemStatus, PartnershipItemView

router = page_router()

KINDS: tuple[str, ...] = get_args(ItemKind)
STATUSES: tuple[str, ...] = get_args(ItemStatus)
EXCHANGED = ("need", "resource", "project", "feedback", "mutual-appraisal")
OFFERED = (
    "partnerships.state-need",
    "partnerships.offer-resource",
    "partnerships.list-project",
    "partnerships.open-facility",
    "partnerships.give-feedback",
    "partnerships.appraise",
    "partnerships.renew",
    "partnerships.end",
)
# What can be done with an item at each stage; who may is the policy's matter.
OF_ITEM: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("need", "open"): ("partnerships.close-need",),
    ("resource", "offered"): ("partnerships.withdraw-resource",),
    ("facility", "available"): ("partnerships.close-facility",),
    ("project", "listed"): ("partnerships.claim-project", "partnerships.drop-project"),
    ("project", "claimed"): ("partnerships.deliver-project", "partnerships.release-project"),
    ("project", "delivered"): ("partnerships.evaluate-project",),
}


@router.get("/partnerships")
def agreements(
    request: Request,
    reading: TheReading,
    key: TheKey,
    unit_name: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    in_force: Annotated[str, Query(pattern="^(no|any)?$")] = "",
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Partnerships by the unit's name, by default those in force on the day."""
    holds = {"": True, "no": False}.get(in_force)
    where = Filter(community or None, None, None, unit_name.strip() or None, holds)
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = partnerships.partnerships(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        asked = {"unit_name": unit_name, "in_force": in_force, "community": community}
        place = f"community:{community}"
        return show(
            reading,
            view,
            "partnerships.html",
            here="partnerships",
            asked=asked,
            place=places.names(view, [place]).get(place) if community else None,
            narrowed=any(asked.values()),
            lines=found[:LINES_MAX],
            offered=permitted(by.authority.role, policy, "partnerships.sign"),
            titles=Titles(policy, page_language(request)),
            paging=paging(reading, view, key, (last.unit_name, last.partnership) if last else None),
        )


@router.get("/partnership-items")
def items(
    request: Request,
    reading: TheReading,
    key: TheKey,
    kind: Annotated[str, Query(max_length=40)] = "project",
    status: Annotated[str, Query(max_length=40)] = "",
    overdue: Annotated[str, Query(pattern="^(yes)?$")] = "",
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Needs, resources, projects and the rest over all partnerships, oldest first."""
    for name, value, known in (("kind", kind, KINDS), ("status", status, STATUSES)):
        if value and value not in known:
            raise unfit(name, "parameter.unknown-value", value=value)
    with reading.view() as view:
        found = partnerships.items(
            view,
            effective=reading.effective,
            kind=kind or None,
            status=status or None,
            overdue=True if overdue else None,
            where=Filter(community or None),
            after=day_of_key(key),
            limit=LINES_MAX + 1,
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        return show(
            reading,
            view,
            "partnership_items.html",
            here="partnerships",
            asked={"kind": kind, "status": status, "overdue": overdue, "community": community},
            kinds=KINDS,
            statuses=STATUSES,
            lines=found[:LINES_MAX],
            titles=Titles(policy_asked(reading, view), page_language(request)),
            paging=paging(reading, view, key, last.key if last else None),
        )


@router.get("/partnerships/{partnership}")
def one_partnership(request: Request, partnership: Id, reading: TheReading) -> HTMLResponse:
    """One partnership: what each side needs and gives, the projects and what came of them."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        found = partnerships.partnership(view, partnership, effective=day)
        if found is None:
            raise not_there(f"partnership:{partnership}", day)
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        every = partnerships.items(view, effective=day, where=Filter(partnership=partnership))
        counted = partnerships.exchanges(view, partnership, effective=day)
        role = by.authority.role
        may: dict[tuple[str, str], Any] = {
            stage: permitted(role, policy, *names) for stage, names in OF_ITEM.items()
        }
        return show(
            reading,
            view,
            "partnership.html",
            here="partnerships",
            partnership=found,
            of_kind={
                kind: sorted((e for e in reversed(every) if e.kind == kind), key=_is_over)
                for kind in KINDS
            },
            exchanged=EXCHANGED,
            counted={(each.kind, each.by_side): each.items for each in counted},
            needs={each.item: each.text for each in every if each.kind == "need"},
            may=may,
            offered=permitted(role, policy, *OFFERED) if found.in_force else (),
            subject_id=partnership,
            story=story_of(view, f"partnership:{partnership}", day, titles.language),
            titles=titles,
        )


def _is_over(each: PartnershipItemView) -> bool:
    """Whether nobody waits for anything in an item: those that wait come first."""
    return (each.kind, each.status) not in OF_ITEM
