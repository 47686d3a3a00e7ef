"""A community enters a round and may leave it; its review begins with what the cut-off fixed."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, JurisdictionId, Reason, RoundId, TypeSlug
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.review.grading import GradeAnnulled
from domain.words import Words

if TYPE_CHECKING:
    from domain.review.state import Review

WITHDRAW = Words(zh="让社区退出本轮评定", en="withdraw a community from a round")


class ReviewOpened(Event):
    """The community takes part in the round, with what it was on the cut-off day."""

    sentence = Words(
        zh="以{type}社区参加{round}（截止日{cutoff_on}，隶属{unit}{subdistrict}）。",
        en="Takes part in {round} as {type}, as of {cutoff_on} under {subdistrict}, {unit}.",
    )

    round: RoundId
    community: CommunityId
    cutoff_on: date
    type: TypeSlug
    unit: JurisdictionId
    subdistrict: JurisdictionId


class ReviewWithdrawn(Event):
    """The community takes part in the round no longer: it is not graded."""

    sentence = Words(zh="退出{round}：{reason}", en="Withdrawn from {round}: {reason}")

    round: RoundId
    community: CommunityId
    withdrawn_on: date
    reason: Reason


OpeningEvent = ReviewOpened | ReviewWithdrawn


class WithdrawReview(Command["Review"]):
    """Withdraw a community from a round: it no longer stands, or entered by mistake.

    Until the round is closed. After the grading its grade is annulled with it, and the city ranks
    the others anew.
    """

    withdrawn_on: date
    reason: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Withdrawn."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, WITHDRAW)
        its_round = state.round_of(occasion)
        its_round.require_phase("open", "graded", "published")
        state.require_taking_part()
        entered_on = its_round.entrants[state.community]
        since = max(its_round.reached_on, entered_on, state.ends_on)
        its_round.require_come(self.withdrawn_on, occasion, since=since)
        for objection in state.objections.values():
            if not objection.settled:
                raise Refused(
                    f"The objection {objection.id} is {objection.waits_for.en}; have it decided "
                    "and settled, or withdrawn, before the community leaves the round.",
                    f"{objection.called.zh}{objection.waits_for.zh}；请先裁定并办结，"
                    "或由提出人撤回，再将该社区退出本轮。",
                )
        withdrawn = ReviewWithdrawn(**state.keys, **vars(self))
        if state.grade is None:
            return [withdrawn]
        annulled = GradeAnnulled(
            **state.keys,
            annuls=state.grade.version,
            annulled_on=self.withdrawn_on,
            reason=self.reason,
            annulled_by=occasion.by.actor.person,
        )
        return [annulled, withdrawn]
