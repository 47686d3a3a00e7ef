"""The pages of check-ins (报到): the roll, what is due, and one check-in."""

from typing import Annotated, get_args

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.reading import TEXT_PATTERN, TheKey, TheReading, not_there, unfit
from api.http.kernel.rendering import page_language
from api.http.policies import policy_asked
from api.pages.forms.operations import permitted
from api.pages.page import LINES_MAX, page_router, paging, show
from api.pages.recorded import story_of
from api.pages.titles import Titles
from domain.checkin.presence import PARTICIPANTS
from domain.kernel.ids import CommunityId, Id
from projections import checkins, places
from projections.checkins import Filter, ItemKind

router = page_router()

DUE_MAX = 60
KINDS: tuple[str, ...] = get_args(ItemKind)
OFFERED = (
    "checkins.serve",
    "checkins.pledge",
    "checkins.send-feedback",
    "checkins.ask-opinion",
    "checkins.check-out",
)
OF_ITEM = {
    ("pledge", "pledged"): ("checkins.fulfil-pledge",),
    ("opinion", "asked"): ("checkins.give-opinion",),
}


@router.get("/checkins")
def roll(
    request: Request,
    reading: TheReading,
    key: TheKey,
    unit_name: Annotated[str, Query(max_length=200, pattern=TEXT_PATTERN)] = "",
    participant: Annotated[str, Query(max_length=40)] = "",
    status: Annotated[str, Query(pattern="^(left|any)?$")] = "",
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """Check-ins by the unit's name, by default those present on the day."""
    if participant and participant not in PARTICIPANTS:
        raise unfit("participant", "parameter.unknown-value", value=participant)
    where = Filter(
        community=community or None,
        participant=participant or None,
        unit_name=unit_name.strip() or None,
        status=None if status == "any" else status or "present",
    )
    by = reading_as(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = checkins.check_ins(
            view, effective=reading.effective, where=where, after=key, limit=LINES_MAX + 1
        )
        last = found[LINES_MAX - 1] if len(found) > LINES_MAX else None
        asked = {
            "unit_name": unit_name,
            "participant": participant,
            "status": status,
            "community": community,
        }
        place = f"community:{community}"
        return show(
            reading,
            view,
            "checkins.html",
            here="checkins",
            asked=asked,
            place=places.names(view, [place]).get(place) if community else None,
            narrowed=any(asked.values()),
            participants=[(e, w.in_(page_language(request))) for e, w in PARTICIPANTS.items()],
            lines=found[:LINES_MAX],
            offered=permitted(by.authority.role, policy, "checkins.check-in"),
            titles=Titles(policy, page_language(request)),
            paging=paging(reading, view, key, (last.unit_name, last.checkin) if last else None),
        )


@router.get("/checkins/due")
def due(
    request: Request,
    reading: TheReading,
    community: Annotated[CommunityId | str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """What check-ins owe on the day, the longest overdue first: feedback, pledges, opinions."""
    day, where = reading.effective, Filter(community=community or None)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        feedback = checkins.feedback(
            view, policy.checkins.feedback_per, effective=day, sent=False, where=where
        )
        pledges = checkins.items(
            view, effective=day, kind="pledge", item_status="pledged", where=where
        )
        opinions = checkins.items(
            view, effective=day, kind="opinion", item_status="asked", where=where
        )
        place = f"community:{community}"
        return show(
            reading,
            view,
            "checkins_due.html",
            here="checkins",
            community=community,
            place=places.names(view, [place]).get(place) if community else None,
            feedback=sorted(feedback, key=lambda each: (each.due_on, each.checkin)),
            owed=[
                ("pledge", sorted(pledges, key=lambda e: (e.due_on is None, e.due_on))),
                ("opinion", sorted(opinions, key=lambda e: (e.due_on is None, e.due_on))),
            ],
            most=DUE_MAX,
            titles=Titles(policy, page_language(request)),
        )


@router.get("/checkins/{checkin}")
def one_check_in(request: Request, checkin: Id, reading: TheReading) -> HTMLResponse:
    """One check-in: what was promised, done, reported and asked."""
    day = reading.effective
    by = reading_as(request)
    with reading.view() as view:
        found = checkins.check_in(view, checkin, effective=day)
        if found is None:
            raise not_there(f"checkin:{checkin}", day)
        policy = policy_asked(reading, view)
        titles = Titles(policy, page_language(request))
        mine = Filter(checkin=checkin)
        every = checkins.items(view, effective=day, where=mine)
        role = by.authority.role
        return show(
            reading,
            view,
            "checkin.html",
            here="checkins",
            checkin=found,
            of_kind={
                kind: [e for e in every if e.kind == kind][::-1]
                for kind in KINDS
                if kind != "feedback"
            },
            feedback=checkins.feedback(
                view, policy.checkins.feedback_per, effective=day, where=mine
            )[::-1],
            may={stage: permitted(role, policy, *names) for stage, names in OF_ITEM.items()},
            offered=permitted(role, policy, *OFFERED) if found.status == "present" else (),
            subject_id=checkin,
            story=story_of(view, f"checkin:{checkin}", day, titles.language),
            titles=titles,
        )
