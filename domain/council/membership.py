"""A council and its members: founded, joined, left, dissolved.

Members are units and organisations. No resident is named here: a representative speaks for a body.
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
from domain.kernel.ids import CommunityId, Id, Reason, Title, Version
from domain.kernel.refusal import Refused
from domain.kernel.reservation import KeepsOne, reserved, streams_of
from domain.kernel.text import Bilingual


class FoundCouncil(KeepsOne, Command[Council]):
    """Set up a joint meeting of a kind that the policy has; its cadence is the policy's.

    A community may have several of a kind, each by another title.
    """

    begins: ClassVar[bool] = True

    community: CommunityId
    title: Title
    council_kind: CouncilSlug
    founded_on: date
    members: Annotated[Members, Field(min_length=2)]

    def consults(self, state: Council) -> Iterable[str]:
        """The community, and its other councils of this name."""
        yield f"community:{self.community}"
        yield from streams_of(state.key_of(self))

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Founded, with the policy's cadence."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.founded_on)
        context.state(Community, self.community).require_standing_on(self.founded_on)
        ids = [each.member for each in self.members]
        if twice := next((each for each in self.members if ids.count(each.member) > 1), None):
            raise Refused(
                f"{twice.title} ({twice.member}) is named twice; name each member once.",
                f"{twice.title}（{twice.member}）重复填写；请每个成员只填写一次。",
            )
        cadence = context.policy.council(self.council_kind).cadence
        founded = CouncilFounded(**vars(self), sessions_min=cadence.sessions_min, per=cadence.per)
        return [founded, *reserved(state.fold([founded]), context)]


class JoinCouncil(Command[Council]):
    """Take one more body into a council."""

    member: Id
    title: Title
    joined_on: date

    def consults(self, state: Council) -> Iterable[str]:
        """The community."""
        return state.place()

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Joined."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.joined_on)
        state.require_meeting_on(self.joined_on, context)
        if state.is_member_from(self.member, self.joined_on):
            raise Refused(
                f"{self.title} ({self.member}) is a member on {self.joined_on} or later already; "
                "record its leaving first.",
                f"{self.title}（{self.member}）在 {self.joined_on} 或其后已是成员；"
                "请先记录其退出。",
            )
        return [
            CouncilMemberJoined(
                community=state.community,
                council_title=state.title,
                member=self.member,
                member_title=self.title,
                joined_on=self.joined_on,
            )
        ]


class LeaveCouncil(Command[Council]):
    """Record that a body belongs to a council no longer."""

    member: Id
    left_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Left."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.left_on)
        state.require_standing_on(self.left_on)
        spell, title = state.spell_on(self.member, self.left_on), state.title_of(self.member)
        if spell is None or spell.left_on is not None or spell.joined_on == self.left_on:
            raise Refused(
                f"{title} is no member that could leave on {self.left_on}; check the member "
                "and the day, or annul its joining if that was a mistake.",
                f"{title} 在 {self.left_on} 不是可以退出的成员；请核对成员与日期，"
                "如系误录加入，请撤销该条。",
            )
        if session := state.session_attended(spell, since=self.left_on):
            raise Refused(
                f"{title} is on the attendance list of the session of {session}; correct that "
                "session first, or choose a later day.",
                f"{title} 在 {session} 会议的出席名单上；请先更正该次会议，或选择更晚的日期。",
            )
        return [
            CouncilMemberLeft(
                community=state.community,
                council_title=state.title,
                member_title=spell.title,
                **vars(self),
            )
        ]


class DissolveCouncil(Command[Council]):
    """End a council; no session may be planned, and nobody have joined, that day or later."""

    dissolved_on: date
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Dissolved."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        context.require_past(self.dissolved_on)
        state.require_standing_on(self.dissolved_on)
        for session in state.sessions.values():
            if session.is_convened or (session.held_on and session.held_on >= self.dissolved_on):
                raise Refused(
                    f"The session of {session.day} is convened, or was held on that day or later; "
                    "cancel it first, or choose a later day.",
                    f"{session.day} 的会议已召集或在该日及以后召开；请先取消，或选择更晚的日期。",
                )
        for spell in state.spells:
            moved_on = spell.left_on or spell.joined_on
            if spell.joined_on >= self.dissolved_on or moved_on > self.dissolved_on:
                raise Refused(
                    f"{spell.title} joined or left on {moved_on}; choose a later day than that, "
                    "or annul that entry first.",
                    f"{spell.title} 于 {moved_on} 加入或退出；请选择其后的日期，或先撤销该条。",
                )
        return [
            CouncilDissolved(community=state.community, council_title=state.title, **vars(self))
        ]


class AnnulMembership(Command[Council]):
    """Annul the joining or leaving that an entry states: it is void from the start."""

    annuls: Version
    reason: Reason

    def decide(self, state: Council, context: DecisionContext) -> list[Event | StreamEvent]:
        """Annulled."""
        context.require_role(context.policy.work.may_hold_meetings, HOLD)
        spells = [each for each in state.spells if self.annuls in (each.version, each.left_by)]
        if not spells or self.annuls == 1:
            raise Refused(
                f"Entry {self.annuls} states no joining or leaving that holds; name the entry that "
                "does.",
                f"第 {self.annuls} 条没有现行有效的成员加入或退出；请指明相应的那一条。",
            )
        (spell,) = spells
        if spell.left_by == self.annuls and state.is_member_after(spell):
            raise Refused(
                f"{spell.title} joined anew later; annul that joining first.",
                f"{spell.title} 其后再次加入；请先撤销再次加入的那一条。",
            )
        joining_goes = spell.version == self.annuls
        if joining_goes and (session := state.session_attended(spell)):
            raise Refused(
                f"{spell.title} is on the attendance list of the session of {session}; correct "
                "that session first.",
                f"{spell.title} 在 {session} 会议的出席名单上；请先更正该次会议。",
            )
        return [
            MembershipAnnulled(community=state.community, council_title=state.title, **vars(self))
        ]


HOLD = Bilingual(zh="办理联席会议", en="record what concerns joint meetings")
