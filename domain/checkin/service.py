"""Pledges and services of participants, and the feedback to their work unit (承诺践诺, 三(五)3)."""

from collections.abc import Iterable
from datetime import date

from domain.checkin.events import FeedbackSent, Hours, PledgeFulfilled, PledgeMade, ServiceGiven
from domain.checkin.presence import RECORD
from domain.checkin.state import CheckIn
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, derive_id
from domain.kernel.policy.calendar_periods import period_of
from domain.kernel.text import Bilingual

PLEDGE = Bilingual(zh="承诺", en="pledge")


class MakePledge(Command[CheckIn]):
    """Record a pledge."""

    pledge: Id | None = None
    content: Reason
    pledged_on: date
    due_on: date | None = None

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.checkins.may_record, RECORD)
        pledge = self.pledge or derive_id(context.command_id, state.id, state.version)
        state.require_new(PLEDGE, f"pledge:{pledge}")
        fields = {**vars(self), "pledge": pledge}
        return [*state.stating(PledgeMade(community=state.community, **fields), context)]


class FulfilPledge(Command[CheckIn]):
    """Record that a pledge is fulfilled."""

    pledge: Id
    fulfilled_on: date
    result: Reason

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.checkins.may_record, RECORD)
        state.require_stage(PLEDGE, f"pledge:{self.pledge}", "pledged")
        return [*state.stating(PledgeFulfilled(community=state.community, **vars(self)), context)]


class RecordService(Command[CheckIn]):
    """Record a service to the community, for a pledge or without one."""

    pledge: Id | None = None
    content: Reason
    served_on: date
    hours: Hours | None = None

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.checkins.may_record, RECORD)
        if self.pledge:
            state.require_stage(PLEDGE, f"pledge:{self.pledge}", "pledged", "fulfilled")
        return [*state.stating(ServiceGiven(community=state.community, **vars(self)), context)]


class SendFeedback(Command[CheckIn]):
    """Record the feedback to the work unit, once for each calendar period of the policy.

    `period_from` may be any day of the period; its first day is recorded.
    """

    sent_on: date
    period_from: date
    content: Reason

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        policy = context.policy.checkins
        context.require_role(policy.may_record, RECORD)
        first = period_of(self.period_from, policy.feedback_per)
        fields = {**vars(self), "period_from": first}
        return [*state.stating(FeedbackSent(community=state.community, **fields), context)]
