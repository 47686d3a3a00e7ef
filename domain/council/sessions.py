"""The sessions of a council: convened with notice, agenda set, held, corrected, cancelled."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from domain.council.events import (
    Agenda,
    AgendaSet,
    Attendance,
    Observers,
    SessionCancelled,
    SessionConvened,
    SessionCorrected,
    SessionHeld,
)
from domain.council.membership import HOLD
from domain.council.state import Council
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Title, Version, derive_id
from domain.kernel.refusal import Refused
from domain.kernel.subject import require_unsaid
from domain.kernel.text import Number


class ConveneSession(Command[Council]):
    """Call the members of a council to a session, with as much notice as the policy asks for."""

    session: Id | None = None
    noticed_on: date
    scheduled_on: date
    place: Title | None = None

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Convened."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.noticed_on)
        state.require_meeting_on(self.scheduled_on, context)
        require_notice(self.noticed_on, self.scheduled_on, context)
        id = self.session or derive_id("session", context.command_id, state.id, state.version)
        if id in state.sessions:
            raise Refused(
                f"{state.title} has a session {id} already; choose another id or leave it out.",
                f"“{state.title}”已有编号为 {id} 的会议；请另选编号，或不填写。",
            )
        return [
            SessionConvened(
                community=state.community,
                council_title=state.title,
                session=id,
                noticed_on=self.noticed_on,
                scheduled_on=self.scheduled_on,
                place=self.place,
            )
        ]


class SetAgenda(Command[Council]):
    """Set what a session is to deal with; set anew, the last one counts, until it is held."""

    session: Id
    agenda: Agenda

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Set."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        session = state.session(self.session)
        session.require_convened()
        require_unsaid(state, [(session.agenda_by, session.agenda)], self.agenda)
        return [
            AgendaSet(
                community=state.community,
                council_title=state.title,
                session=self.session,
                scheduled_on=session.scheduled_on,
                agenda=self.agenda,
            )
        ]


class HoldSession(Command[Council]):
    """Record that a session took place, and who was there: three lists, of which none overlap."""

    session: Id
    held_on: date
    present: Annotated[Attendance, Field(min_length=1)]
    excused: Attendance = ()
    observers: Observers = ()

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Held."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        session = state.session(self.session)
        session.require_convened()
        if not session.agenda:
            raise Refused(
                "The session has no agenda; set it first.", "会议尚无议程；请先确定议程。"
            )
        require_attendance(state, self, context)
        require_notice(session.noticed_on, self.held_on, context)
        return [SessionHeld(community=state.community, council_title=state.title, **vars(self))]


class CorrectSession(Command[Council]):
    """Correct the day or the attendance of a session that was held; the mistake stays on record.

    What it resolved is of its day: resolutions that hold are annulled before the day is corrected.
    """

    session: Id
    corrects: Version
    held_on: date
    present: Annotated[Attendance, Field(min_length=1)]
    excused: Attendance = ()
    observers: Observers = ()
    reason: Reason

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Corrected."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        session = state.session(self.session)
        held_on = session.require_held()
        if session.held_by != self.corrects:
            raise Refused(
                f"What holds of this session is stated by entry {session.held_by}; name that one.",
                f"该次会议现行有效的记载是第 {session.held_by} 条；请指明该条。",
            )
        require_attendance(state, self, context)
        if self.held_on != held_on:
            state.require_unresolved(session)
            require_notice(session.noticed_on, self.held_on, context)
        same = (held_on, set(session.present), set(session.excused), session.observers)
        if same == (self.held_on, set(self.present), set(self.excused), self.observers):
            raise Refused(
                f"Entry {self.corrects} says so already; nothing to correct.",
                f"第 {self.corrects} 条本就如此记载，无需更正。",
            )
        if session.minutes_on and self.held_on > session.minutes_on:
            raise Refused(
                f"The minutes are of {session.minutes_on}; a session is held before its minutes.",
                f"会议纪要形成于 {session.minutes_on}；会议不应晚于其纪要。",
            )
        return [
            SessionCorrected(community=state.community, council_title=state.title, **vars(self))
        ]


class CancelSession(Command[Council]):
    """Cancel a session that was convened and is not held."""

    session: Id
    cancelled_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Cancelled."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.cancelled_on)
        session = state.session(self.session)
        session.require_convened()
        if self.cancelled_on < session.noticed_on:
            raise Refused(
                f"The session was convened on {session.noticed_on}, after {self.cancelled_on}; "
                "choose a later day.",
                f"会议于 {session.noticed_on} 通知，晚于 {self.cancelled_on}；请选择更晚的日期。",
            )
        return [
            SessionCancelled(
                community=state.community,
                council_title=state.title,
                scheduled_on=session.scheduled_on,
                **vars(self),
            )
        ]


def require_notice(noticed_on: date, day: date, context: DecisionContext) -> None:
    """Refused unless the session is on a day for which the members were called in time."""
    notice = context.policy.work.notice_days_min
    earliest = noticed_on + timedelta(days=notice)
    if day < earliest:
        raise Refused(
            f"The policy {context.policy.version} asks for notice of {Number(notice):day|days}, "
            f"given on {noticed_on}; choose {earliest} or a later day.",
            f"政策 {context.policy.version} 要求至少提前 {notice} 天通知，通知日期为 "
            f"{noticed_on}；请选择 {earliest} 或更晚的日期。",
        )


def require_attendance(
    state: Council, lists: HoldSession | CorrectSession, context: DecisionContext
) -> None:
    """Refused unless the day is past, the lists name each member of that day once at most, and
    nobody among the observers is named there too."""
    context.require_past(lists.held_on)
    state.require_meeting_on(lists.held_on, context)
    named = (*lists.present, *lists.excused)
    for observer in lists.observers:
        if observer in named or lists.observers.count(observer) > 1:
            raise Refused(
                f"{state.title_of(observer)} is named twice; a body is a member who is present or "
                "excused, or it attends without a vote. Name it once.",
                f"{state.title_of(observer)} 重复填写；同一单位或作为成员出席、请假，或列席，"
                "只填写一次。",
            )
    for member in named:
        if named.count(member) > 1:
            raise Refused(
                f"{state.title_of(member)} is named twice; a member is present or excused, and "
                "once.",
                f"{state.title_of(member)} 重复填写；每个成员或出席、或请假，只填写一次。",
            )
        if state.spell_on(member, lists.held_on) is None:
            raise Refused(
                f"{state.title_of(member)} is no member of {state.title} on {lists.held_on}; name "
                "it among those who attend without a vote, or record its joining first.",
                f"{state.title_of(member)} 在 {lists.held_on} 不是“{state.title}”的成员；"
                "请列入列席名单，或先记录其加入。",
            )
