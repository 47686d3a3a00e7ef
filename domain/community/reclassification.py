"""How a community comes to be of another type (section two, 动态划分): proposed, endorsed, decided.

Who may do what is the policy's. The assessment may suggest a type; only people decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from domain.command import Command
from domain.community.classification import TYPE
from domain.event import Event, On
from domain.ids import Id, Names, Reason, TypeSlug, mint
from domain.occasion import Occasion
from domain.refusals import NotAuthorised, Refused
from domain.round.cutoff import KeepsCutoff, require_not_fixed
from domain.words import Words

if TYPE_CHECKING:
    from domain.community.state import Community

Proposer = Literal["community", "subdistrict", "assessment"]

PROPOSERS: Mapping[Proposer, Words] = MappingProxyType(
    {
        "community": Words(zh="社区", en="community"),
        "subdistrict": Words(zh="街道（镇）", en="subdistrict"),
        "assessment": Words(zh="评估", en="assessment"),
    }
)


class ReclassificationProposed(Event):
    """Another type is proposed for the community, from this day on."""

    sentence = Words(
        zh="{origin}提议：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassification as {type} from {effective_from} proposed by the {origin} (reason: "
        "{reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    origin: Annotated[Proposer, Names("proposer")]
    proposed_by: Id


class ReclassificationEndorsed(Event):
    """The proposal was found right and passed on to whoever decides."""

    sentence = Words(
        zh="同意重新划分的提议，报请决定（意见：{comment}）。",
        en="Proposed reclassification endorsed (comment: {comment}).",
    )

    proposal: Id
    comment: Reason | None = None
    endorsed_by: Id


class ReclassificationReturned(Event):
    """The proposal went back to be revised."""

    sentence = Words(
        zh="重新划分的提议被退回修改（理由：{reason}）。",
        en="Proposed reclassification returned (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationRevised(Event):
    """A returned proposal was made anew."""

    sentence = Words(
        zh="重新划分的提议修改为：自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Proposal revised: reclassification as {type} from {effective_from} (reason: {reason}).",
    )
    proposes = True

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason
    revised_by: Id


class ReclassificationRejected(Event):
    """It was decided that the community stays of its type."""

    sentence = Words(
        zh="重新划分的提议被否决（理由：{reason}）。",
        en="Proposed reclassification rejected (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class ReclassificationWithdrawn(Event):
    """The proposal is pursued no longer by those who made it."""

    sentence = Words(
        zh="重新划分的提议被撤回（理由：{reason}）。",
        en="Proposed reclassification withdrawn (reason: {reason}).",
    )

    proposal: Id
    reason: Reason


class CommunityReclassified(Event):
    """The proposal was approved: the community is of another type from this day on."""

    sentence = Words(
        zh="自{effective_from}起改划为{type}社区（理由：{reason}）。",
        en="Reclassified as {type} from {effective_from} (reason: {reason}).",
    )

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason


ReclassificationEvent = (
    ReclassificationProposed
    | ReclassificationEndorsed
    | ReclassificationReturned
    | ReclassificationRevised
    | ReclassificationRejected
    | ReclassificationWithdrawn
    | CommunityReclassified
)

Stage = Literal["proposed", "endorsed", "returned", "rejected", "withdrawn", "approved"]

STAGES: Mapping[Stage, Words] = MappingProxyType(
    {
        "proposed": Words(zh="待审核", en="proposed and not endorsed yet"),
        "endorsed": Words(zh="已审核、待决定", en="endorsed and not decided yet"),
        "returned": Words(zh="已退回、待修改", en="returned and not revised yet"),
        "rejected": Words(zh="已否决", en="rejected"),
        "withdrawn": Words(zh="已撤回", en="withdrawn"),
        "approved": Words(zh="已批准", en="approved"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A reclassification that was proposed, and how far it has come."""

    id: str
    type: str
    effective_from: date
    reason: str
    stage: Stage
    authors: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.stage in ("proposed", "endorsed", "returned")

    def require_stage(self, *stages: Stage) -> None:
        """Refused unless the proposal is at one of these stages."""
        if self.stage not in stages:
            stage = STAGES[self.stage]
            raise Refused(
                f"The proposal {self.id} is {stage.en}; this is possible only while it is "
                f"{' or '.join(STAGES[each].en for each in stages)}.",
                f"提议 {self.id} {stage.zh}；仅在{'或'.join(STAGES[each].zh for each in stages)}"
                "时可以办理。",
            )


class ProposeReclassification(Command["Community"]):
    """Propose another type for a community that has one. One proposal at a time."""

    proposal: Id | None = None
    type: TypeSlug
    effective_from: date
    reason: Reason
    origin: Proposer

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Proposed."""
        occasion.require_role(occasion.policy.classification.may_propose, PROPOSE)
        if pending := state.open_proposal:
            raise Refused(
                f"A reclassification of {state.title} is under way already (proposal "
                f"{pending.id}); decide or withdraw it before proposing another.",
                f"{state.title} 已有一项重新划分的提议（编号 {pending.id}）尚未办结；"
                "请先决定或撤回该提议。",
            )
        proposal = self.proposal or mint(occasion.command_id, state.id, state.version)
        if proposal in state.proposals:
            raise Refused(
                f"The proposal {proposal} is on record already; choose another id, or none.",
                f"提议 {proposal} 已有记录；请另选编号，或留空。",
            )
        require_other_type(state, self.type, self.effective_from, occasion)
        person = occasion.by.actor.person
        return [
            ReclassificationProposed(**{**vars(self), "proposal": proposal, "proposed_by": person})
        ]


class EndorseReclassification(Command["Community"]):
    """Endorse a proposed reclassification, and pass it on to whoever decides."""

    proposal: Id
    comment: Reason | None = None

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Endorsed."""
        occasion.require_role(occasion.policy.classification.may_endorse, ENDORSE)
        state.proposal(self.proposal).require_stage("proposed")
        person = occasion.by.actor.person
        return [ReclassificationEndorsed(**vars(self), endorsed_by=person)]


class ReturnReclassification(Command["Community"]):
    """Return a proposed reclassification for revision.

    Whoever may endorse returns a fresh proposal, whoever decides an endorsed one.
    """

    proposal: Id
    reason: Reason

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Returned."""
        roles = occasion.policy.classification
        occasion.require_role({*roles.may_endorse, *roles.may_decide}, RETURN)
        proposal = state.proposal(self.proposal)
        endorsed = proposal.stage == "endorsed"
        occasion.require_role(roles.may_decide if endorsed else roles.may_endorse, RETURN)
        proposal.require_stage("proposed", "endorsed")
        return [ReclassificationReturned(**vars(self))]


class ReviseReclassification(Command["Community"]):
    """Make a returned proposal anew: it needs to be endorsed again."""

    proposal: Id
    type: TypeSlug
    effective_from: date
    reason: Reason

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Revised."""
        occasion.require_role(occasion.policy.classification.may_propose, PROPOSE)
        state.proposal(self.proposal).require_stage("returned")
        require_other_type(state, self.type, self.effective_from, occasion)
        return [ReclassificationRevised(**vars(self), revised_by=occasion.by.actor.person)]


class RejectReclassification(Command["Community"]):
    """Decide that the community stays of its type."""

    proposal: Id
    reason: Reason

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Rejected."""
        occasion.require_role(occasion.policy.classification.may_decide, DECIDE)
        proposal = state.proposal(self.proposal)
        proposal.require_stage("proposed", "endorsed")
        require_another_person(proposal, occasion)
        return [ReclassificationRejected(**vars(self))]


class WithdrawReclassification(Command["Community"]):
    """Withdraw a proposal that is not decided yet."""

    proposal: Id
    reason: Reason

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Withdrawn."""
        occasion.require_role(occasion.policy.classification.may_propose, PROPOSE)
        state.proposal(self.proposal).require_stage("proposed", "endorsed", "returned")
        return [ReclassificationWithdrawn(**vars(self))]


class ApproveReclassification(KeepsCutoff, Command["Community"]):
    """Approve an endorsed reclassification; the day is the decision's, not the proposal's.

    Whoever approves is not whoever proposed.
    """

    proposal: Id
    effective_from: date

    def decide(self, state: "Community", occasion: Occasion) -> list[Event | On]:
        """Reclassified."""
        occasion.require_role(occasion.policy.classification.may_decide, DECIDE)
        proposal = state.proposal(self.proposal)
        proposal.require_stage("endorsed")
        require_another_person(proposal, occasion)
        require_other_type(state, proposal.type, self.effective_from, occasion)
        require_not_fixed(state, self.effective_from, occasion)
        reclassified = CommunityReclassified(
            proposal=proposal.id,
            type=proposal.type,
            effective_from=self.effective_from,
            reason=proposal.reason,
        )
        return [reclassified]


PROPOSE = Words(zh="提议、修改或撤回重新划分", en="propose, revise or withdraw a reclassification")
ENDORSE = Words(zh="同意重新划分的提议", en="endorse a reclassification")
RETURN = Words(zh="退回该重新划分的提议", en="return this reclassification")
DECIDE = Words(zh="决定重新划分", en="decide a reclassification")


def require_other_type(state: "Community", type: str, day: date, occasion: Occasion) -> None:
    """Refused unless the community has a type on that day and the policy has this other one."""
    state.require_standing_on(day)
    occasion.policy.community_type(type)
    state.require_type_on(day)
    state.require_news(state.types, type, day, TYPE)


def require_another_person(proposal: Proposal, occasion: Occasion) -> None:
    """NotAuthorised when whoever decides had a hand in the proposal."""
    if occasion.by.actor.person in proposal.authors:
        raise NotAuthorised(
            "You proposed or revised this reclassification yourself; "
            "somebody else with authority must decide it.",
            "本提议由您提出或修改；须由其他有权人员决定。",
        )
