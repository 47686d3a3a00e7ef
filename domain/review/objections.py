"""Objections against published results: filed in time, decided by others than those who graded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, Names, Reason, RoundId, mint
from domain.occasion import Occasion
from domain.refusals import NotAuthorised, Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.review.state import Review

Outcome = Literal["upheld", "dismissed"]

OUTCOMES: Mapping[Outcome, Words] = MappingProxyType(
    {
        "upheld": Words(zh="成立", en="upheld"),
        "dismissed": Words(zh="不成立", en="dismissed"),
    }
)
OBJECT = Words(zh="对评定结果提出异议", en="object to a result")
DECIDE = Words(zh="裁定异议", en="decide an objection")


class ObjectionFiled(Event):
    """Somebody objects to the community's published result."""

    sentence = Words(
        zh="{filed_on}对{round}的结果提出异议：{grounds}",
        en="Objection to the result of {round} filed on {filed_on}: {grounds}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    filed_on: date
    grounds: Reason
    filed_by: Id


class ObjectionDecided(Event):
    """The objection was found right or not. Upheld, a correction follows."""

    sentence = Words(
        zh="{decided_on}裁定对{round}结果的异议{outcome}：{reason}",
        en="Objection to the result of {round} {outcome} on {decided_on}: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    decided_on: date
    outcome: Annotated[Outcome, Names("outcome")]
    reason: Reason
    decided_by: Id


ObjectionEvent = ObjectionFiled | ObjectionDecided


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection; `corrected` when a correction followed the decision that upheld it."""

    id: str
    filed_on: date
    filed_by: str
    outcome: Outcome | None = None
    corrected: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be done about it."""
        return self.outcome == "dismissed" or self.corrected

    @property
    def waits_for(self) -> Words:
        """What remains to be done about it."""
        if self.outcome is None:
            return Words(zh="待裁定", en="to be decided")
        return Words(zh="已成立、待更正", en="upheld, to be corrected")


class FileObjection(Command["Review"]):
    """Object to a community's published result, within the round's days."""

    objection: Id | None = None
    filed_on: date
    grounds: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Filed."""
        occasion.require_role(occasion.policy.rounds.roles.may_object, OBJECT)
        its_round = state.round_of(occasion)
        its_round.require_phase("published")
        state.require_taking_part()
        its_round.require_come(self.filed_on, occasion, since=its_round.published_on)
        if self.filed_on >= its_round.objections_until:
            raise Refused(
                f"Objections to the results of {its_round.title} were taken until "
                f"{its_round.objections_until}; {self.filed_on} is too late.",
                f"{its_round.title}的异议受理已于 {its_round.objections_until} 截止，"
                f"{self.filed_on} 已逾期。",
            )
        objection = self.objection or mint(occasion.command_id, state.id, state.version)
        if objection in state.objections:
            raise Refused(
                f"The objection {objection} is on record already; choose another id, or none.",
                f"异议 {objection} 已有记录；请另选编号，或留空。",
            )
        return [
            ObjectionFiled(
                **state.keys,
                objection=objection,
                filed_on=self.filed_on,
                grounds=self.grounds,
                filed_by=occasion.by.actor.person,
            )
        ]


class DecideObjection(Command["Review"]):
    """Uphold or dismiss an objection. Not by anybody who graded, scored, or filed it."""

    objection: Id
    outcome: Outcome
    decided_on: date
    reason: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Decided."""
        occasion.require_role(occasion.policy.rounds.roles.may_decide, DECIDE)
        its_round = state.round_of(occasion)
        its_round.require_phase("published")
        objection = state.objection(self.objection)
        its_round.require_come(self.decided_on, occasion, since=objection.filed_on)
        if objection.outcome is not None:
            outcome = OUTCOMES[objection.outcome]
            raise Refused(
                f"The objection {objection.id} was {outcome.en} already; file another one.",
                f"异议 {objection.id} 已裁定{outcome.zh}；请另行提出。",
            )
        person = occasion.by.actor.person
        involved = {score.by for score in state.scores.values()} | its_round.graders
        if person in involved or person == objection.filed_by:
            raise NotAuthorised(
                f"{person} scored, graded or objected here, and objections are decided by others; "
                "ask somebody else.",
                f"{person} 参与了打分、评定或提出异议，异议须由其他人裁定；请由他人办理。",
            )
        state.require_not_own(occasion)
        return [ObjectionDecided(**state.keys, **vars(self), decided_by=person)]
