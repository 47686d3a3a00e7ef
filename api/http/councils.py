"""Councils over HTTP: members, sessions, minutes, resolutions.

What is read of them is in api/http/meetings.py.
"""

from fastapi import APIRouter

from api.http.kernel.requests import Statement, TheDoor, states
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
from domain.kernel.ids import Id, derive_id
from record.store.entry import Receipt

router = APIRouter(prefix="/api/v1/councils", tags=["联席会议 Councils"])


@states(router, "", "councils.found")
def found(statement: Statement[FoundCouncil], door: TheDoor) -> Receipt:
    """建立联席会议 · Found a council"""
    council = derive_id("council", door.key)
    return door.carry_out(_stream(council), statement, location=f"{router.prefix}/{council}")


@states(router, "/{council}/members", "councils.join")
def join(council: Id, statement: Statement[JoinCouncil], door: TheDoor) -> Receipt:
    """成员加入 · Take a member into a council"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/departures", "councils.leave")
def leave(council: Id, statement: Statement[LeaveCouncil], door: TheDoor) -> Receipt:
    """成员退出 · Record that a member left"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/membership-annulments", "councils.annul-membership")
def annul_membership(council: Id, statement: Statement[AnnulMembership], door: TheDoor) -> Receipt:
    """撤销成员变动 · Annul a joining or leaving"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/dissolutions", "councils.dissolve")
def dissolve(council: Id, statement: Statement[DissolveCouncil], door: TheDoor) -> Receipt:
    """撤销联席会议设置 · Dissolve a council"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/entry-annulments", "councils.annul-entry")
def annul_entry(council: Id, statement: Statement[AnnulCouncilEntry], door: TheDoor) -> Receipt:
    """撤销误录的建立、撤销设置或会议 · Annul a founding, a dissolution or a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/sessions", "councils.convene")
def convene(council: Id, statement: Statement[ConveneSession], door: TheDoor) -> Receipt:
    """召集会议 · Convene a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/agendas", "councils.set-agenda")
def set_agenda(council: Id, statement: Statement[SetAgenda], door: TheDoor) -> Receipt:
    """确定议程 · Set the agenda of a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/attendances", "councils.hold")
def hold(council: Id, statement: Statement[HoldSession], door: TheDoor) -> Receipt:
    """记录召开及出席 · Record a session with its attendance"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/session-corrections", "councils.correct-session")
def correct_session(council: Id, statement: Statement[CorrectSession], door: TheDoor) -> Receipt:
    """更正会议记录 · Correct the day or attendance of a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/cancellations", "councils.cancel-session")
def cancel_session(council: Id, statement: Statement[CancelSession], door: TheDoor) -> Receipt:
    """取消会议 · Cancel a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/minutes", "councils.record-minutes")
def record_minutes(council: Id, statement: Statement[RecordMinutes], door: TheDoor) -> Receipt:
    """记录纪要 · Record the minutes of a session"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/minutes-amendments", "councils.amend-minutes")
def amend_minutes(council: Id, statement: Statement[AmendMinutes], door: TheDoor) -> Receipt:
    """补正纪要 · Amend minutes beside the first version"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/resolutions", "councils.adopt-resolution")
def adopt_resolution(council: Id, statement: Statement[AdoptResolution], door: TheDoor) -> Receipt:
    """形成决议并交办 · Adopt a resolution with its tasks"""
    return door.carry_out(_stream(council), statement)


@states(router, "/{council}/resolution-annulments", "councils.annul-resolution")
def annul_resolution(council: Id, statement: Statement[AnnulResolution], door: TheDoor) -> Receipt:
    """撤销决议 · Annul a resolution"""
    return door.carry_out(_stream(council), statement)


def _stream(council: str) -> str:
    return f"council:{council}"
