"""Councils over HTTP: members, sessions, minutes, resolutions.

What is read of them is in api/http/meetings.py.
"""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.council.annulment import AnnulCouncilEntry
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

COMMANDS = (
    CommandRoute("", "councils.found", FoundCouncil, "建立联席会议 · Found a council"),
    CommandRoute(
        "/{council}/members",
        "councils.join",
        JoinCouncil,
        "成员加入 · Take a member into a council",
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
        "撤销成员变动 · Annul a joining or leaving",
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
        "补正纪要 · Amend minutes beside the first version",
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
router = command_router("/api/v1/councils", "联席会议 Councils", COMMANDS)
