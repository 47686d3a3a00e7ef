"""A community leaves a round. It enters by a command on the round (domain/grading/entering.py)."""

from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason
from domain.kernel.permission import Permission
from domain.kernel.text import Bilingual
from domain.review.command import ReviewCommand
from domain.review.events import GradeAnnulled, ReviewWithdrawn
from domain.review.state import Review

WITHDRAW = Permission(
    "rounds.roles.may_lead",
    doing=Bilingual(zh="让社区退出本轮评定", en="withdraw a community from a round"),
)


class WithdrawReview(ReviewCommand, Command[Review]):
    """Withdraw a community from a round: it no longer exists, or entered by mistake.

    Possible until the round is closed. After the grading its grade is annulled, too, and the city
    ranks the others again.
    """

    permission: ClassVar[Permission] = WITHDRAW

    withdrawn_on: date
    reason: Reason

    def decide(self, state: Review, context: DecisionContext) -> list[Event | StreamEvent]:
        its_round = state.round_of(context)
        its_round.require_phase("open", "graded", "published")
        state.require_taking_part()
        entered_on = its_round.entrants[state.community]
        since = max(its_round.reached_on, entered_on, state.ends_on)
        its_round.require_come(self.withdrawn_on, context, since=since)
        for waits in state.waiting_objections():
            raise waits
        withdrawn = ReviewWithdrawn(**state.keys, **vars(self))
        if state.grade is None:
            return [withdrawn]
        annulled = GradeAnnulled(
            **state.keys,
            annuls=state.grade.version,
            annulled_on=self.withdrawn_on,
            reason=self.reason,
            annulled_by=context.by.actor.person,
        )
        return [annulled, withdrawn]
