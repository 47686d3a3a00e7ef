"""The sessions of a council: convened with notice, agenda set, held, corrected, cancelled."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from domain.council.events import (
    Agenda,
    AgendaSet,
    Members,
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
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import require_not_repeated


class ConveneSession(Command[Council]):
    """Call the members of a council to a session, with the notice that the policy requires."""

    permission: ClassVar[Permission] = HOLD

    session: Id | None = None
    noticed_on: date
    scheduled_on: date
    place: Title | None = None

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.noticed_on)
        state.require_meeting_on(self.scheduled_on, context)
        require_notice(self.noticed_on, self.scheduled_on, context)
        id = self.session or derive_id("session", context.command_id, state.id, state.version)
        if id in state.sessions:
            raise Refused("session.id-taken", title=state.title, session=id)
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
    """Set the agenda of a session. It can be set again until the session is held."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    agenda: Agenda

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        session = state.session(self.session)
        session.require_convened()
        require_not_repeated(state, [(session.agenda_by, session.agenda)], self.agenda)
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
    """Record that a session took place and who attended, in three lists that do not overlap."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    held_on: date
    present: Annotated[Members, Field(min_length=1)]
    excused: Members = ()
    observers: Observers = ()

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        session = state.session(self.session)
        session.require_convened()
        if not session.agenda:
            context.breaks("session.without-agenda")
        require_attendance(state, self, context)
        require_notice(session.noticed_on, self.held_on, context)
        return [SessionHeld(community=state.community, council_title=state.title, **vars(self))]


class CorrectSession(Command[Council]):
    """Correct the day or the attendance of a session that was held. The mistake stays on record.

    Annul its resolutions before correcting the day: they bear the session's day.
    """

    permission: ClassVar[Permission] = HOLD

    session: Id
    corrects: Version
    held_on: date
    present: Annotated[Members, Field(min_length=1)]
    excused: Members = ()
    observers: Observers = ()
    reason: Reason

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        session = state.session(self.session)
        held_on = session.require_held()
        if session.held_by != self.corrects:
            raise Refused("session.not-entry-in-force", entry=session.held_by)
        require_attendance(state, self, context)
        if self.held_on != held_on:
            state.require_unresolved(session)
            require_notice(session.noticed_on, self.held_on, context)
        same = (held_on, set(session.present), set(session.excused), session.observers)
        if same == (self.held_on, set(self.present), set(self.excused), self.observers):
            raise Refused("session.nothing-to-correct", entry=self.corrects)
        if session.minutes_on and self.held_on > session.minutes_on:
            raise Refused(
                "session.after-its-minutes", minutes_on=session.minutes_on, day=self.held_on
            )
        return [
            SessionCorrected(community=state.community, council_title=state.title, **vars(self))
        ]


class CancelSession(Command[Council]):
    """Cancel a session that is convened and not held yet."""

    permission: ClassVar[Permission] = HOLD

    session: Id
    cancelled_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.cancelled_on)
        session = state.session(self.session)
        session.require_convened()
        if self.cancelled_on < session.noticed_on:
            raise Refused(
                "session.cancelled-before-notice",
                noticed_on=session.noticed_on,
                day=self.cancelled_on,
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
    """A breach unless the members were called in time for the day."""
    notice = context.policy.work.notice_days_min
    earliest = noticed_on + timedelta(days=notice)
    if day < earliest:
        context.breaks(
            "session.notice-too-short",
            policy=context.policy.version,
            notice_days=notice,
            noticed_on=noticed_on,
            earliest=earliest,
        )


def require_attendance(
    state: Council, lists: HoldSession | CorrectSession, context: DecisionContext
) -> None:
    """Refused unless the day is past, the lists name only members on that day, and nobody is named
    twice."""
    context.require_past(lists.held_on)
    state.require_meeting_on(lists.held_on, context)
    named = (*lists.present, *lists.excused)
    for observer in lists.observers:
        if lists.observers.count(observer) > 1:
            raise Refused("session.observer-named-twice", observer=observer)
    for member in named:
        if named.count(member) > 1:
            raise Refused("session.member-named-twice", member=member)
        if state.spell_on(member, lists.held_on) is None:
            raise Refused(
                "session.not-a-member", member=member, title=state.title, day=lists.held_on
            )
