"""Councils over HTTP: the calendar, the cadence and what is missing, the minutes. Reads only."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.http.kernel.reading import (
    READ_PROBLEMS,
    Limit,
    Listing,
    TheKey,
    TheReading,
    day_of_key,
    picked,
)
from api.http.meeting_shapes import (
    AttendantShown,
    CouncilInFull,
    CouncilShown,
    DueShown,
    LackingShown,
    MemberShown,
    MinutesShown,
    MinutesVersionShown,
    ResolutionShown,
    SessionInFull,
    SessionShown,
)
from api.http.policies import policy_asked
from api.http.task_board import LIT_PROBLEMS
from api.http.timelines import TimelineLine, timeline_of
from domain.council.cadence import Due
from domain.kernel.ids import SLUG_PATTERN, CommunityId, Id, JurisdictionId
from domain.kernel.refusal import NotOnRecord
from projections import councils, minutes
from projections.councils import CouncilView, Filter, SessionView

Titles = Mapping[tuple[str, str], str]

MISSED_SHOWN_MAX = 4  # in a line of a list

router = APIRouter(prefix="/api/v1", tags=["联席会议 Councils"])


def narrowed(
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[JurisdictionId | None, Query()] = None,
    council_kind: Annotated[str | None, Query(pattern=SLUG_PATTERN, max_length=64)] = None,
) -> Filter:
    """What lists of councils and sessions are narrowed to."""
    return Filter(community=community, district=district, council_kind=council_kind)


TheFilter = Annotated[Filter, Depends(narrowed)]


@router.get(
    "/councils",
    operation_id="councils.list",
    summary="联席会议及缺开会议 · Councils and missed sessions",
    responses=READ_PROBLEMS,
)
def list_councils(
    where: TheFilter,
    reading: TheReading,
    key: TheKey,
    missed: Annotated[bool, Query(description="Only those with missing sessions.")] = False,
    limit: Limit = 50,
) -> Listing[CouncilShown]:
    """The councils that stand on the day, each with the sessions that its cadence misses."""
    with reading.view() as view:
        found = councils.councils(
            view,
            effective=reading.effective,
            where=where,
            missed=missed,
            after=key,
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [_council(each, reading.effective) for each in found[:limit]],
            next_key=(last.community, last.council) if last else None,
        )


@router.get(
    "/councils/{council}",
    operation_id="councils.get",
    summary="一个联席会议 · One council",
    responses=READ_PROBLEMS,
)
def get_council(council: Id, reading: TheReading) -> CouncilInFull:
    """The council on the day. The ETag is its version."""
    day = reading.effective
    with reading.view() as view:
        found = councils.councils(view, effective=day, where=Filter(council=council), limit=1)
        if not found:
            raise _not_there("council", council, day)
        reading.tag(view, f"council:{council}")
        members = councils.members(view, council, effective=day)
        resolutions = councils.resolutions(view, council, effective=day)
        return CouncilInFull(
            council=_council(found[0], day),
            members=[picked(MemberShown, each) for each in members],
            due=[_due(each, day) for each in found[0].due],
            resolutions=[_resolution(each) for each in resolutions],
            effective=day,
            position=view.stands_at,
        )


@router.get(
    "/councils/{council}/timeline",
    operation_id="councils.timeline",
    summary="联席会议大事记 · A council's timeline",
    responses=READ_PROBLEMS,
)
def council_timeline(
    council: Id, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[TimelineLine]:
    """What happened in the council, in the order of the days it is about."""
    return timeline_of(reading, f"council:{council}", key, limit)


@router.get(
    "/councils/{council}/sessions/{session}",
    operation_id="councils.session",
    summary="一次会议 · One session",
    responses=READ_PROBLEMS,
)
def get_session(council: Id, session: Id, reading: TheReading) -> SessionInFull:
    """The session on the day with its attendance, minutes and resolutions."""
    day = reading.effective
    with reading.view() as view:
        found = councils.sessions(
            view, effective=day, where=Filter(council=council), session=session, limit=1
        )
        if not found:
            raise _not_there("session", session, day)
        held = found[0]
        members = councils.members(view, council, effective=held.day) if held.held_on else []
        named = {*held.present, *held.excused}
        versions = minutes.versions(view, council, session, effective=day)
        resolutions = councils.resolutions(view, council, effective=day, session=session)
        titles = councils.titles(view, [council])
        absent = [each.member for each in members if each.member not in named]
        return SessionInFull(
            session=_session(held, titles),
            absent=_attendants(council, absent, titles),
            minutes=[picked(MinutesVersionShown, each) for each in versions],
            resolutions=[_resolution(each) for each in resolutions],
            effective=day,
            position=view.stands_at,
        )


@router.get(
    "/sessions",
    operation_id="councils.calendar",
    summary="会议日历 · The calendar of sessions",
    responses=READ_PROBLEMS,
)
def list_sessions(
    where: TheFilter,
    reading: TheReading,
    key: TheKey,
    council: Annotated[Id | None, Query()] = None,
    begin: Annotated[date | None, Query(description="The calendar's first day.")] = None,
    end: Annotated[date | None, Query(description="The calendar's last day.")] = None,
    limit: Limit = 50,
) -> Listing[SessionShown]:
    """Sessions by the day on which they were held, or are planned for."""
    after = day_of_key(key)
    with reading.view() as view:
        found = councils.sessions(
            view,
            effective=reading.effective,
            where=where._replace(council=council),
            begin=begin,
            end=end,
            after=after and (date.fromisoformat(after[0]), after[1]),
            limit=limit + 1,
        )
        last = found[limit - 1] if len(found) > limit else None
        titles = councils.titles(view, [each.council for each in found[:limit]])
        return reading.listing(
            view,
            [_session(each, titles) for each in found[:limit]],
            next_key=(last.day.isoformat(), f"{last.council}/{last.session}") if last else None,
        )


@router.get(
    "/minutes",
    operation_id="councils.minutes",
    summary="纪要登记簿 · The register of minutes",
    responses=READ_PROBLEMS,
)
def list_minutes(
    reading: TheReading,
    key: TheKey,
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[JurisdictionId | None, Query()] = None,
    text: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00]*$",
            description="What the newest version contains.",
        ),
    ] = None,
    limit: Limit = 50,
) -> Listing[MinutesShown]:
    """The newest version of each session's minutes; a session lists all of them."""
    after = day_of_key(key)
    with reading.view() as view:
        found = minutes.register(
            view,
            effective=reading.effective,
            community=community,
            district=district,
            text=text,
            after=after and (date.fromisoformat(after[0]), after[1]),
            limit=limit + 1,
        )
        return reading.page(
            view,
            MinutesShown,
            found,
            limit,
            key=lambda each: (each.held_on.isoformat(), f"{each.council}/{each.session}"),
        )


@router.get(
    "/council-gaps",
    operation_id="councils.gaps",
    summary="应建未建联席会议的社区 · Communities without a council that their type calls for",
    responses=LIT_PROBLEMS,
)
def list_gaps(
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[LackingShown]:
    """By the policy in force on the day."""
    with reading.view() as view:
        found = councils.lacking(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            district=district,
            after=key,
            limit=limit + 1,
        )
        return reading.page(
            view,
            LackingShown,
            found,
            limit,
            key=lambda each: (each.code or "", f"{each.community}/{each.council_kind}"),
        )


def _council(found: CouncilView, day: date) -> CouncilShown:
    fields = {name: value for name, value in found._asdict().items() if name != "due"}
    last = [_due(each, day) for each in found.missed[-MISSED_SHOWN_MAX:]]
    return CouncilShown.model_validate({**fields, "missed": len(found.missed), "missed_last": last})


def _session(found: SessionView, titles: Titles) -> SessionShown:
    lists = {
        name: _attendants(found.council, getattr(found, name), titles)
        for name in ("present", "excused", "observers")
    }
    return SessionShown.model_validate({**found._asdict(), **lists})


def _attendants(council: str, named: Iterable[str], titles: Titles) -> list[AttendantShown]:
    return [AttendantShown(member=id, title=titles.get((council, id))) for id in named]


def _due(each: Due, day: date) -> DueShown:
    return DueShown(**each._asdict(), missed=each.is_missed(day))


def _resolution(each: councils.CouncilResolution) -> ResolutionShown:
    fields = {name: getattr(each, name) for name in ResolutionShown.model_fields}
    return ResolutionShown.model_validate({**fields, "tasks": each.tasks})


def _not_there(what: str, id: str, day: date) -> NotOnRecord:
    chinese = {"council": "联席会议", "session": "会议"}[what]
    return NotOnRecord(
        f"There is no {what} {id} on {day}; check its id and the day.",
        f"{day} 没有编号为 {id} 的{chinese}；请核对编号与日期。",
    )
