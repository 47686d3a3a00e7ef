"""Councils over HTTP: members, sessions, minutes, resolutions; the calendar, the cadence and
missed sessions."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.reading import (
    LIT_PROBLEMS,
    READ_PROBLEMS,
    Day,
    Limit,
    Listing,
    Text,
    TheKey,
    TheReading,
    day_of_key,
    not_there,
    require_on_record,
)
from api.http.policies import policy_asked
from api.http.timelines import add_timeline
from domain.council.annulment import AnnulCouncilEntry
from domain.council.events import CouncilSlug
from domain.council.membership import (
    AnnulMembership,
    DissolveCouncil,
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    CorrectSession,
    HoldSession,
    SetAgenda,
)
from domain.council.state import Council
from domain.kernel.ids import CommunityId, Id, JurisdictionId
from domain.kernel.refusal import NotOnRecord
from projections import councils, irregular, lacking_councils, minutes
from projections.councils import (
    AttendantView,
    CouncilView,
    DueView,
    Filter,
    MemberView,
    ResolutionView,
    SessionView,
)
from projections.engine.shape import Shape
from projections.irregular import MarkedEntryView
from projections.lacking_councils import LackingView
from projections.minutes import MinutesVersionView, MinutesView

COMMANDS = (
    CommandRoute("", "councils.found", FoundCouncil, "建立联席会议 · Found a council"),
    CommandRoute(
        "/{council}/members",
        "councils.join",
        JoinCouncil,
        "成员加入 · Add a member to a council",
    ),
    CommandRoute(
        "/{council}/departures",
        "councils.leave",
        LeaveCouncil,
        "成员退出 · Record that a member left",
    ),
    CommandRoute(
        "/{council}/membership-annulments",
        "councils.annul-membership",
        AnnulMembership,
        "撤销成员变动 · Annul a change of membership",
    ),
    CommandRoute(
        "/{council}/dissolutions",
        "councils.dissolve",
        DissolveCouncil,
        "撤销联席会议设置 · Dissolve a council",
    ),
    CommandRoute(
        "/{council}/entry-annulments",
        "councils.annul-entry",
        AnnulCouncilEntry,
        "撤销误录的建立、撤销设置或会议 · Annul a founding, a dissolution or a session",
    ),
    CommandRoute(
        "/{council}/sessions", "councils.convene", ConveneSession, "召集会议 · Convene a session"
    ),
    CommandRoute(
        "/{council}/agendas",
        "councils.set-agenda",
        SetAgenda,
        "确定议程 · Set the agenda of a session",
    ),
    CommandRoute(
        "/{council}/attendances",
        "councils.hold",
        HoldSession,
        "记录召开及出席 · Record a session with its attendance",
    ),
    CommandRoute(
        "/{council}/session-corrections",
        "councils.correct-session",
        CorrectSession,
        "更正会议记录 · Correct the day or attendance of a session",
    ),
    CommandRoute(
        "/{council}/cancellations",
        "councils.cancel-session",
        CancelSession,
        "取消会议 · Cancel a session",
    ),
    CommandRoute(
        "/{council}/minutes",
        "councils.record-minutes",
        RecordMinutes,
        "记录纪要 · Record the minutes of a session",
    ),
    CommandRoute(
        "/{council}/minutes-amendments",
        "councils.amend-minutes",
        AmendMinutes,
        "补正纪要 · Amend minutes, keeping the first version",
    ),
    CommandRoute(
        "/{council}/resolutions",
        "councils.adopt-resolution",
        AdoptResolution,
        "形成决议并交办 · Adopt a resolution with its tasks",
    ),
    CommandRoute(
        "/{council}/resolution-annulments",
        "councils.annul-resolution",
        AnnulResolution,
        "撤销决议 · Annul a resolution",
    ),
)
router = command_router("/api/v1", "联席会议 Councils", COMMANDS, under="/councils")


class CouncilInFull(Shape):
    """A council with its members, its periods with due sessions, and its resolutions."""

    council: CouncilView
    members: list[MemberView]
    due: list[DueView]
    resolutions: list[ResolutionView]
    effective: date
    position: int


class SessionInFull(Shape):
    """A session with absent members, all versions of its minutes, and its resolutions."""

    session: SessionView
    absent: list[AttendantView] = Field(description="Members on that day who are on neither list.")
    minutes: list[MinutesVersionView]
    resolutions: list[ResolutionView]
    irregular: list[MarkedEntryView] = Field(
        description="What broke a procedure in it, with the reason."
    )
    effective: date
    position: int


def narrowed(
    community: Annotated[CommunityId | None, Query()] = None,
    district: Annotated[JurisdictionId | None, Query()] = None,
    council_kind: Annotated[CouncilSlug | None, Query()] = None,
) -> Filter:
    """The filters of lists of councils and sessions."""
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
) -> Listing[CouncilView]:
    """The councils that exist on the day, each with the sessions missed by its cadence."""
    with reading.view() as view:
        found = councils.owing(
            view,
            effective=reading.effective,
            where=where,
            missed=missed,
            after=key,
            limit=limit + 1,
        )
        shown = [each.council for each in found]
        return reading.page(view, shown, limit, key=lambda each: (each.community, each.council))


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
        found = councils.owing(view, effective=day, where=Filter(council=council), limit=1)
        if not found:
            raise not_there(f"council:{council}", day)
        reading.tag(view, f"council:{council}")
        return CouncilInFull(
            council=found[0].council,
            members=councils.members(view, council, effective=day),
            due=[DueView.on(day, each) for each in found[0].due],
            resolutions=councils.resolutions(view, council, effective=day),
            effective=day,
            position=view.stands_at,
        )


add_timeline(
    router,
    "/councils/{council}/timeline",
    "councils.timeline",
    Council,
    "联席会议大事记 · A council's timeline",
)


@router.get(
    "/councils/{council}/sessions/{session}",
    operation_id="councils.session",
    summary="一次会议 · One session",
    responses=READ_PROBLEMS,
)
def get_session(council: Id, session: Id, reading: TheReading) -> SessionInFull:
    """The session on the day, with its attendance, minutes and resolutions."""
    day = reading.effective
    with reading.view() as view:
        found = councils.sessions(
            view, effective=day, where=Filter(council=council), session=session, limit=1
        )
        if not found:
            raise NotOnRecord("read.no-session", session=session, day=day)
        return SessionInFull(
            session=found[0],
            absent=councils.absent(view, found[0]),
            minutes=minutes.versions(view, council, session, effective=day),
            resolutions=councils.resolutions(view, council, effective=day, session=session),
            irregular=[
                mark
                for entry, mark in irregular.marks(view, f"council:{council}")
                if vars(entry.event).get("session") == session
            ],
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
    begin: Annotated[Day | None, Query(description="The calendar's first day.")] = None,
    end: Annotated[Day | None, Query(description="The calendar's last day.")] = None,
    limit: Limit = 50,
) -> Listing[SessionView]:
    """Sessions, ordered by the day on which they were held or are planned."""
    after = day_of_key(key)
    with reading.view() as view:
        if council:
            require_on_record(view, f"council:{council}")
        found = councils.sessions(
            view,
            effective=reading.effective,
            where=where._replace(council=council),
            begin=begin,
            end=end,
            after=after and (date.fromisoformat(after[0]), after[1]),
            limit=limit + 1,
        )
        return reading.page(
            view,
            found,
            limit,
            key=lambda each: (each.day.isoformat(), f"{each.council}/{each.session}"),
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
    text: Annotated[Text | None, Query(description="A part of the newest version's text.")] = None,
    limit: Limit = 50,
) -> Listing[MinutesView]:
    """The newest version of each session's minutes. The session itself has all versions."""
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
            found,
            limit,
            key=lambda each: (each.held_on.isoformat(), f"{each.council}/{each.session}"),
        )


@router.get(
    "/council-gaps",
    operation_id="councils.gaps",
    summary="应建未建联席会议的社区 · Communities without a council that their type requires",
    responses=LIT_PROBLEMS,
)
def list_gaps(
    reading: TheReading,
    key: TheKey,
    district: Annotated[JurisdictionId | None, Query()] = None,
    limit: Limit = 50,
) -> Listing[LackingView]:
    """Communities that lack a council required by the policy in force on the day."""
    with reading.view() as view:
        found = lacking_councils.lacking(
            view,
            policy_asked(reading, view),
            effective=reading.effective,
            district=district,
            after=key,
            limit=limit + 1,
        )
        return reading.page(
            view,
            found,
            limit,
            key=lambda each: (each.code or "", f"{each.community}/{each.council_kind}"),
        )
