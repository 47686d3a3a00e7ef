"""Found and dissolve a council; members join and leave.

Members are units of the register. No resident is named: a representative speaks for a body.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.community.state import Community
from domain.council.events import (
    CouncilDissolved,
    CouncilFounded,
    CouncilMemberJoined,
    CouncilMemberLeft,
    CouncilSlug,
    Members,
    MembershipAnnulled,
)
from domain.council.state import Council
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import CommunityId, Reason, Title, UnitId, Version
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.reservation import ReservingCommand, reserved, streams_of
from domain.kernel.text import Bilingual
from domain.person.offices import offices_named, require_offices

HOLD = Permission(
    "work.may_hold_meetings", doing=Bilingual(zh="办理联席会议", en="keep records of councils")
)


class FoundCouncil(ReservingCommand, Command[Council]):
    """Found a council of a kind that the policy has; the policy also sets its cadence.

    A community may have several of a kind with different titles.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = HOLD

    community: CommunityId
    title: Title
    council_kind: CouncilSlug
    founded_on: date
    members: Annotated[Members, Field(min_length=2)]

    def consults(self, state: Council) -> Iterable[str]:
        """The community, the members, and the reservations of the name."""
        yield f"community:{self.community}"
        yield from offices_named(self)
        yield from streams_of(state.key_of(self))

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.founded_on)
        context.state(Community, self.community).require_existing_on(self.founded_on)
        if twice := next((each for each in self.members if self.members.count(each) > 1), None):
            raise Refused("council.member-named-twice", member=twice)
        require_offices(self, self.founded_on, context)
        cadence = context.policy.council(self.council_kind).cadence
        founded = CouncilFounded(**vars(self), sessions_min=cadence.sessions_min, per=cadence.per)
        return [founded, *reserved(state.fold([founded]), context)]


class JoinCouncil(Command[Council]):
    """Add a member to a council."""

    permission: ClassVar[Permission] = HOLD

    member: UnitId
    joined_on: date

    def consults(self, state: Council) -> Iterable[str]:
        """The community, and the new member."""
        yield from state.place()
        yield from offices_named(self)

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.joined_on)
        state.require_meeting_on(self.joined_on, context)
        if state.is_member_from(self.member, self.joined_on):
            raise Refused("council.already-member", member=self.member, day=self.joined_on)
        require_offices(self, self.joined_on, context)
        return [
            CouncilMemberJoined(community=state.community, council_title=state.title, **vars(self))
        ]


class LeaveCouncil(Command[Council]):
    """Record that a unit is no longer a member of a council."""

    permission: ClassVar[Permission] = HOLD

    member: UnitId
    left_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.left_on)
        state.require_existing_on(self.left_on)
        spell = state.spell_on(self.member, self.left_on)
        if spell is None or spell.left_on is not None or spell.joined_on == self.left_on:
            raise Refused("council.not-leaving", member=self.member, day=self.left_on)
        if session := state.session_attended(spell, since=self.left_on):
            raise Refused("council.leaves-before-session", member=self.member, session_day=session)
        return [
            CouncilMemberLeft(community=state.community, council_title=state.title, **vars(self))
        ]


class DissolveCouncil(Command[Council]):
    """Dissolve a council that has no session still to be held.

    The day is after its last session and after the last member joined, and no earlier than the last
    member left.
    """

    permission: ClassVar[Permission] = HOLD

    dissolved_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_past(self.dissolved_on)
        state.require_existing_on(self.dissolved_on)
        for session in state.sessions.values():
            if session.is_convened:
                raise Refused("council.session-pending", day=session.day)
            if session.held_on and session.held_on >= self.dissolved_on:
                raise Refused("council.dissolved-before-session", day=session.day)
        for spell in state.spells:
            moved_on = spell.left_on or spell.joined_on
            if spell.joined_on >= self.dissolved_on or moved_on > self.dissolved_on:
                raise Refused(
                    "council.dissolved-before-membership", member=spell.member, day=moved_on
                )
        return [
            CouncilDissolved(community=state.community, council_title=state.title, **vars(self))
        ]


class AnnulMembership(Command[Council]):
    """Annul an entry by which a member joined or left: it is void from the start."""

    permission: ClassVar[Permission] = HOLD

    annuls: Version
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        spells = [each for each in state.spells if self.annuls in (each.version, each.left_by)]
        if not spells or self.annuls == 1:
            raise Refused("council.no-joining-or-leaving", entry=self.annuls)
        (spell,) = spells
        if spell.left_by == self.annuls and state.is_member_after(spell):
            raise Refused("council.joined-again", member=spell.member)
        joining_goes = spell.version == self.annuls
        if joining_goes and (session := state.session_attended(spell)):
            raise Refused("council.membership-attended", member=spell.member, session_day=session)
        return [
            MembershipAnnulled(community=state.community, council_title=state.title, **vars(self))
        ]
