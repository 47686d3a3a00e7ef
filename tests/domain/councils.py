"""A council with its members and sessions, for the tests of its rules."""

from dataclasses import dataclass
from typing import Any

from domain.council.annulment import AnnulCouncilEntry
from domain.council.events import (
    AgendaSet,
    CouncilFounded,
    CouncilMemberLeft,
    SessionConvened,
    SessionHeld,
)
from domain.council.membership import (
    FoundCouncil,
    JoinCouncil,
    LeaveCouncil,
)
from domain.council.minutes import RecordMinutes
from domain.council.sessions import (
    CancelSession,
    ConveneSession,
    HoldSession,
)
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, day, given

KIND = POLICY.councils[1].code
OF: Any = {"community": "a", "council_title": "驻区单位联席会议"}
MEMBERS = ("school", "bank")
FOUND = FoundCouncil(
    community="a",
    title="驻区单位联席会议",
    council_kind=KIND,
    founded_on=day("2023-01-01"),
    members=MEMBERS,
)
FOUNDED = CouncilFounded(**vars(FOUND), sessions_min=1, per="quarter")
CONVENE = ConveneSession(
    session="q1", noticed_on=day("2023-03-01"), scheduled_on=day("2023-03-10"), place="会议室"
)
CONVENED = SessionConvened(**OF, **vars(CONVENE))
AGENDA = AgendaSet(
    **OF, session="q1", scheduled_on=CONVENE.scheduled_on, agenda=("停车共享", "消防通道")
)
HOLD = HoldSession(
    session="q1",
    held_on=day("2023-03-10"),
    present=("school",),
    excused=("bank",),
    observers=("街道办事处",),
)
HELD = SessionHeld(**OF, **vars(HOLD))
RECORD = RecordMinutes(session="q1", recorded_on=day("2023-03-12"), text="会议议定停车共享。")
JOIN = JoinCouncil(member="clinic", joined_on=day("2023-02-01"))
LEAVE = LeaveCouncil(member="bank", left_on=day("2023-06-01"), reason="迁出社区")
LEFT = CouncilMemberLeft(**OF, **vars(LEAVE))
CANCEL = CancelSession(session="q1", cancelled_on=day("2023-03-05"), reason="改为书面征求意见")
OPEN = (FOUNDED, CONVENED, AGENDA)


@dataclass(frozen=True)
class Meeting(Given):
    """What is on record, for somebody who may hold meetings."""

    def when(self, command: Command[Any], *, by: Role | None = "recorder", **more: Any) -> Outcome:
        return super().when(command, by=by, **more)


def council(*events: Event) -> Given:
    at = given(*events).on("council:j1").with_("community:a", REGISTERED)
    return Meeting(at.histories, at.stream)


def changed(command: Any, **fields: Any) -> Any:
    return command.model_copy(update=fields)


def annul_entry(version: int) -> AnnulCouncilEntry:
    return AnnulCouncilEntry(annuls=version, reason="误录")
