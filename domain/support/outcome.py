"""The outcome of a support: upgraded in the next round (晋位升级) or not, or ended early."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, RoundId
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.review.state import Review
from domain.round.state import Round
from domain.support.assignment import SUPPORT
from domain.support.events import CommunityNotUpgraded, CommunityUpgraded
from domain.support.state import Support


class ConcludeSupport(Command[Support]):
    """Conclude a support with the community's published grade in a later round: upgraded or not.

    `consequence` says what follows if not upgraded; a new support may begin under the new round.
    Open tasks of the support are cancelled with it, for that reason.
    """

    permission: ClassVar[Permission] = SUPPORT

    next_round: RoundId
    concluded_on: date
    consequence: Reason | None = None

    def consults(self, state: Support) -> Iterable[str]:
        """Both rounds, the community's review in the next, and the support's tasks."""
        return (
            f"round:{state.round}",
            f"round:{self.next_round}",
            f"review:{self.next_round}.{state.community}",
            *state.task_streams(),
        )

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        before = context.state(Round, state.round)
        after = context.state(Round, self.next_round)
        review = context.state(Review, f"{self.next_round}.{state.community}")
        if not after.is_published or after.published_on <= before.published_on:
            raise Refused(
                "support.no-later-results", next_round=self.next_round, round=before.title
            )
        if review.grade is None or review.withdrawn:
            raise Refused(
                "support.no-grade-in-next-round", community=state.community, round=after.title
            )
        context.require_past(self.concluded_on)
        if self.concluded_on < after.published_on:
            raise Refused(
                "support.concluded-before-results",
                round=after.title,
                published_on=after.published_on,
                day=self.concluded_on,
            )
        state.require_end(self.concluded_on, context)
        waiting = state.open_tasks(context)
        with_it = tuple(task.id for task in waiting)
        outcome = self._outcome(state, after, review.grade.grade, with_it)
        if self.consequence is None and waiting:
            raise Refused(
                "support.tasks-open-without-reason", tasks=[task.title for task in waiting]
            )
        return [outcome, *state.cancelled(self.concluded_on, self.consequence or "", context)]

    def _outcome(
        self, state: Support, after: Round, grade: str, cancelled: tuple[Id, ...]
    ) -> Event:
        stated = {
            **state.keys,
            "concluded_on": self.concluded_on,
            "next_round": self.next_round,
            "grade_before": state.grade,
            "grade": grade,
            "cancelled": cancelled,
        }
        if after.plan.grade_place(grade) < after.plan.grade_place(state.grade):
            return CommunityUpgraded(**stated, comment=self.consequence)
        if self.consequence is None:
            raise Refused("support.no-consequence", community=state.community)
        return CommunityNotUpgraded(**stated, consequence=self.consequence)


class EndSupport(Command[Support]):
    """End a support early: the community ended, or its grade was corrected.

    Its open tasks are cancelled with it, for the same reason.
    """

    permission: ClassVar[Permission] = SUPPORT

    ended_on: date
    reason: Reason

    def consults(self, state: Support) -> Iterable[str]:
        """The support's tasks."""
        return state.task_streams()

    def decide(self, state: Support, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_open()
        state.require_end(self.ended_on, context)
        context.require_past(self.ended_on)
        end = state.early_end(self.ended_on, self.reason, context)
        return [end, *state.cancelled(self.ended_on, self.reason, context)]
