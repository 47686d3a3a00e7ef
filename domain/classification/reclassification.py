"""Reclassification of a community (section two, 动态划分): proposed, endorsed, decided.

The policy says who may do what. The assessment may suggest a type; only people decide.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from domain.classification.classification import TYPE
from domain.community.events import (
    CommunityReclassified,
    Proposer,
    ReclassificationEndorsed,
    ReclassificationProposed,
    ReclassificationRejected,
    ReclassificationReturned,
    ReclassificationRevised,
    ReclassificationWithdrawn,
)
from domain.community.state import Community
from domain.grading.cutoff import KeepsCutoff, require_not_fixed
from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, TypeSlug, derive_id
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

PROPOSERS: Mapping[Proposer, Bilingual] = MappingProxyType(
    {
        "community": Bilingual(zh="社区", en="community"),
        "subdistrict": Bilingual(zh="街道（镇）", en="subdistrict"),
        "assessment": Bilingual(zh="评估", en="assessment"),
    }
)


RETURN = Permission(
    "classification.may_endorse",
    "classification.may_decide",
    doing=Bilingual(zh="退回该重新划分的提议", en="return this reclassification"),
)
PROPOSE = Permission(
    "classification.may_propose",
    doing=Bilingual(
        zh="提议、修改或撤回重新划分", en="propose, revise or withdraw a reclassification"
    ),
)
ENDORSE = Permission(
    "classification.may_endorse",
    doing=Bilingual(zh="同意重新划分的提议", en="endorse a reclassification"),
)
DECIDE = Permission(
    "classification.may_decide", doing=Bilingual(zh="决定重新划分", en="decide a reclassification")
)


PROPOSED = Apart(
    "reclassification.own-proposal",
    Bilingual(zh="提出或修改过该提议", en="proposed or revised it"),
    lambda command, state, _context: (
        state.proposals[command.proposal].authors if command.proposal in state.proposals else ()
    ),
)


class ProposeReclassification(Command[Community]):
    """Propose another type for a community that has one. One proposal at a time."""

    permission: ClassVar[Permission] = PROPOSE

    proposal: Id | None = None
    type: TypeSlug
    effective_from: date
    reason: Reason
    origin: Proposer

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        if pending := state.open_proposal:
            raise Refused("reclassification.under-way", title=state.title, proposal=pending.id)
        proposal = self.proposal or derive_id(context.command_id, state.id, state.version)
        if proposal in state.proposals:
            raise Refused("reclassification.already-on-record", proposal=proposal)
        require_other_type(state, self.type, self.effective_from, context)
        person = context.by.actor.person
        return [
            ReclassificationProposed(**{**vars(self), "proposal": proposal, "proposed_by": person})
        ]


class EndorseReclassification(Command[Community]):
    """Endorse a proposed reclassification, and pass it on for decision."""

    permission: ClassVar[Permission] = ENDORSE

    proposal: Id
    comment: Reason | None = None

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.proposal(self.proposal).require_stage("proposed")
        return [ReclassificationEndorsed(**vars(self))]


class ReturnReclassification(Command[Community]):
    """Return a proposed reclassification for revision.

    Before the endorsement those who endorse may return it; after it, those who decide.
    """

    permission: ClassVar[Permission] = RETURN

    proposal: Id
    reason: Reason

    def roles(self, state: Community, context: DecisionContext) -> Iterable[str]:
        """Before the endorsement those who endorse, after it those who decide."""
        roles = context.policy.classification
        proposal = state.proposals.get(self.proposal)
        if proposal is None:
            return self.permission.roles(context.policy)
        return roles.may_decide if proposal.stage == "endorsed" else roles.may_endorse

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        proposal = state.proposal(self.proposal)
        proposal.require_stage("proposed", "endorsed")
        return [ReclassificationReturned(**vars(self))]


class ReviseReclassification(Command[Community]):
    """Revise a returned proposal. It has to be endorsed again."""

    permission: ClassVar[Permission] = PROPOSE

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.proposal(self.proposal).require_stage("returned")
        require_other_type(state, self.type, self.effective_from, context)
        return [ReclassificationRevised(**vars(self), revised_by=context.by.actor.person)]


class RejectReclassification(Command[Community]):
    """Reject a proposed reclassification: the community keeps its type."""

    permission: ClassVar[Permission] = DECIDE
    apart_from: ClassVar[tuple[Apart, ...]] = (PROPOSED,)

    proposal: Id
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        proposal = state.proposal(self.proposal)
        proposal.require_stage("proposed", "endorsed")
        return [ReclassificationRejected(**vars(self))]


class WithdrawReclassification(Command[Community]):
    """Withdraw a proposed reclassification that is not decided yet."""

    permission: ClassVar[Permission] = PROPOSE

    proposal: Id
    reason: Reason

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        state.proposal(self.proposal).require_stage("proposed", "endorsed", "returned")
        return [ReclassificationWithdrawn(**vars(self))]


class ApproveReclassification(KeepsCutoff, Command[Community]):
    """Approve an endorsed reclassification. The decision sets the day, not the proposal.

    Nobody approves a proposal that they proposed or revised.
    """

    permission: ClassVar[Permission] = DECIDE
    apart_from: ClassVar[tuple[Apart, ...]] = (PROPOSED,)

    proposal: Id
    effective_from: date

    def decide(self, state: Community, context: DecisionContext) -> list[Event | StreamEvent]:
        proposal = state.proposal(self.proposal)
        proposal.require_stage("endorsed")
        require_other_type(state, proposal.type, self.effective_from, context)
        require_not_fixed(state, self.effective_from, context)
        reclassified = CommunityReclassified(
            proposal=proposal.id,
            type=proposal.type,
            effective_from=self.effective_from,
            reason=proposal.reason,
        )
        return [reclassified]


def require_other_type(state: Community, type: str, day: date, context: DecisionContext) -> None:
    """Refused unless the community has another type on that day and the policy knows this one."""
    state.require_existing_on(day)
    context.policy.community_type(type)
    state.require_type_on(day)
    state.require_news(state.types, type, day, TYPE)
