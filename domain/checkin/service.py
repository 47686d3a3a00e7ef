"""What those who checked in pledge and do, and what their unit hears of it (承诺践诺, 三(五)3)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt

from domain.calendar_periods import period_of
from domain.checkin.presence import RECORD
from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, Reason, mint
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.words import Words

if TYPE_CHECKING:
    from domain.checkin.state import CheckIn

Hours = Annotated[StrictInt, Field(ge=1, le=1000)]
HOURS_OF_DAY = 24
PLEDGE = Words(zh="承诺", en="pledge")


class PledgeMade(Event):
    """Whoever checked in promised something to the community (承诺)."""

    sentence = Words(
        zh="{pledged_on}作出承诺：{content}（期限：{due_on}）",
        en="Pledge made on {pledged_on}: {content} (due: {due_on})",
    )

    community: CommunityId
    pledge: Id
    content: Reason
    pledged_on: date
    due_on: date | None = None


class PledgeFulfilled(Event):
    """What was promised is done (践诺)."""

    sentence = Words(
        zh="{fulfilled_on}承诺兑现：{result}", en="Pledge fulfilled on {fulfilled_on}: {result}"
    )

    community: CommunityId
    pledge: Id
    fulfilled_on: date
    result: Reason


class ServiceGiven(Event):
    """Whoever checked in served the community (志愿服务); the pledge that it belongs to, if any."""

    sentence = Words(
        zh="{served_on}服务社区：{content}（时数：{hours}）",
        en="Served on {served_on}: {content} (hours: {hours})",
    )

    community: CommunityId
    pledge: Id | None = None
    content: Reason
    served_on: date
    hours: Hours | None = None


class FeedbackSent(Event):
    """The community told the work unit how its people take part, once in a calendar period."""

    sentence = Words(
        zh="{sent_on}向所在单位反馈（{period_from}起的周期）：{content}",
        en="Feedback sent to the work unit on {sent_on} for the period from {period_from}: "
        "{content}",
    )

    community: CommunityId
    sent_on: date
    period_from: date
    content: Reason


ServiceEvent = PledgeMade | PledgeFulfilled | ServiceGiven | FeedbackSent


class MakePledge(Command["CheckIn"]):
    """Record a pledge."""

    pledge: Id | None = None
    content: Reason
    pledged_on: date
    due_on: date | None = None

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Made."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        pledge = self.pledge or mint(occasion.command_id, state.id, state.version)
        state.require_new(PLEDGE, f"pledge:{pledge}")
        fields = {**vars(self), "pledge": pledge}
        return [*state.stating(PledgeMade(community=state.community, **fields), occasion)]


class FulfilPledge(Command["CheckIn"]):
    """Record that a pledge is fulfilled."""

    pledge: Id
    fulfilled_on: date
    result: Reason

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Fulfilled."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        state.require_stage(PLEDGE, f"pledge:{self.pledge}", "pledged")
        return [*state.stating(PledgeFulfilled(community=state.community, **vars(self)), occasion)]


class RecordService(Command["CheckIn"]):
    """Record a service to the community, under a pledge or by itself."""

    pledge: Id | None = None
    content: Reason
    served_on: date
    hours: Hours | None = None

    def consults(self, state: "CheckIn") -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Given."""
        occasion.require_role(occasion.policy.checkins.may_record, RECORD)
        if self.pledge:
            state.require_stage(PLEDGE, f"pledge:{self.pledge}", "pledged", "fulfilled")
        return [*state.stating(ServiceGiven(community=state.community, **vars(self)), occasion)]


class SendFeedback(Command["CheckIn"]):
    """Record the feedback to the work unit for a calendar period of the policy, once for each.

    `period_from` is any day of the period; its first day is recorded.
    """

    sent_on: date
    period_from: date
    content: Reason

    def decide(self, state: "CheckIn", occasion: Occasion) -> list[Event | On]:
        """Sent."""
        policy = occasion.policy.checkins
        occasion.require_role(policy.may_record, RECORD)
        first = period_of(self.period_from, policy.feedback_per)
        fields = {**vars(self), "period_from": first}
        return [*state.stating(FeedbackSent(community=state.community, **fields), occasion)]


def require_hours_of_day(event: ServiceGiven, state: "CheckIn") -> None:
    """Refused when a member would have served for more hours than a day has. Of an organisation the
    hours of all who came may stand together."""
    if state.opening.participant != "member":
        return
    others = (s for s in state.of(ServiceGiven) if s.served_on == event.served_on)
    hours = sum(each.hours or 0 for each in (*others, event))
    if event.hours and hours > HOURS_OF_DAY:
        raise Refused(
            f"One person would have served for {hours} hours on {event.served_on}, and a day has "
            f"{HOURS_OF_DAY}; correct the hours, or record each day by itself.",
            f"一人在 {event.served_on} 一天的服务时数将达 {hours} 小时，超过 {HOURS_OF_DAY} 小时；"
            "请更正时数，或按日分别记录。",
        )


def require_own_period(event: FeedbackSent, state: "CheckIn", occasion: Occasion) -> None:
    """Refused unless the feedback is the first of a period that has begun and touches the stay."""
    span = occasion.policy.checkins.feedback_per
    if period_of(event.period_from, span) != event.period_from:
        raise Refused(
            f"No {span} begins on {event.period_from}; give its first day, "
            f"{period_of(event.period_from, span)}.",
            f"{event.period_from} 不是反馈周期的首日；应为 {period_of(event.period_from, span)}。",
        )
    for other in state.of(FeedbackSent):
        if other.period_from == event.period_from:
            raise Refused(
                f"The work unit had its feedback for the {span} from {event.period_from} on "
                f"{other.sent_on} already; correct that entry instead.",
                f"自 {event.period_from} 起的周期已于 {other.sent_on} 反馈；请更正该条。",
            )
    begin, end = state.stay()
    if event.sent_on < event.period_from or (end and event.period_from > end):
        raise Refused(
            f"The {span} from {event.period_from} has not begun on {event.sent_on}, or lies behind "
            "the check-out; choose another.",
            f"自 {event.period_from} 起的周期在 {event.sent_on} 尚未开始，或晚于结束报到之日；"
            "请另选周期。",
        )
    if event.period_from < period_of(begin, span):
        raise Refused(
            f"Nobody had checked in yet in the {span} from {event.period_from}; choose another.",
            f"自 {event.period_from} 起的周期内尚未报到；请另选周期。",
        )
