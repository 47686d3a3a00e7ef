"""What a check-in is, by all that was stated of it: the stay, pledges, services, opinions."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from domain.checkin.events import (
    FeedbackSent,
    OpinionAsked,
    OpinionGiven,
    ParticipantCheckedIn,
    ParticipantCheckedOut,
    PledgeFulfilled,
    PledgeMade,
    ServiceGiven,
)
from domain.checkin.participation import Participation
from domain.community.state import Community
from domain.kernel import credit_code
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event
from domain.kernel.refusal import Refused
from domain.kernel.reservation import SingleStagedSubject
from domain.kernel.staged_subject import Text, day_of, require_due
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.policy.calendar_periods import period_of

HOURS_OF_DAY = 24

STAGES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "present": Bilingual(zh="报到中", en="checked in"),
        "left": Bilingual(zh="已结束报到", en="checked out"),
        "pledged": Bilingual(zh="待兑现", en="made and not fulfilled yet"),
        "fulfilled": Bilingual(zh="已兑现", en="fulfilled"),
        "served": Bilingual(zh="已服务", en="served"),
        "sent": Bilingual(zh="已反馈", en="sent"),
        "asked": Bilingual(zh="待答复", en="asked and not given yet"),
        "given": Bilingual(zh="已答复", en="given"),
    }
)
# What happens while whoever checked in is there; feedback and opinions may come later.
_WITHIN = (PledgeMade, PledgeFulfilled, ServiceGiven, OpinionAsked)
# On these days it does so in the community, which stands then.
_IN_COMMUNITY: Mapping[type[Event], str] = {
    ParticipantCheckedIn: "checked_in_on",
    PledgeMade: "pledged_on",
    PledgeFulfilled: "fulfilled_on",
    ServiceGiven: "served_on",
    OpinionAsked: "asked_on",
}


@dataclass(frozen=True, kw_only=True)
class CheckIn(SingleStagedSubject):
    """One check-in, with everything ever stated about it."""

    kind: ClassVar[str] = "checkin"
    what: ClassVar[Bilingual] = Bilingual(zh="报到", en="check-in")
    MATTERS: ClassVar = ("pledge", "opinion")
    ALONE: ClassVar = frozenset({ServiceGiven, FeedbackSent})
    STAGE_WORDS: ClassVar = STAGES
    STAGES: ClassVar[Mapping[type[Event], str]] = {
        ParticipantCheckedIn: "present",
        ParticipantCheckedOut: "left",
        PledgeMade: "pledged",
        PledgeFulfilled: "fulfilled",
        ServiceGiven: "served",
        FeedbackSent: "sent",
        OpinionAsked: "asked",
        OpinionGiven: "given",
    }

    # It follows from the day of asking and the policy's days.
    FIXED: ClassVar[Mapping[type[Event], frozenset[str]]] = {OpinionAsked: frozenset({"due_on"})}

    def titled(self, opening: Any) -> Bilingual:
        """By the unit."""
        return Bilingual(zh=f"{opening.unit_name}的报到", en=f"the check-in of {opening.unit_name}")

    @property
    def community(self) -> str:
        """The community that it is a check-in to."""
        opening: ParticipantCheckedIn = self.opening
        return opening.community

    def stay(self) -> tuple[date, date | None]:
        """The days of checking in and out."""
        opening: ParticipantCheckedIn = self.opening
        left = self.of(ParticipantCheckedOut)
        return opening.checked_in_on, left[0].checked_out_on if left else None

    def key_of(self, stated: Any) -> Participation:
        """Who takes part in which community."""
        return Participation.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days of the stay, without the day of checking out."""
        return [DateSpan(*self.stay())]

    def require_present(self) -> None:
        """Refused when they checked out already."""
        _, end = self.stay()
        if end:
            raise Refused("check-in.ended", subject=self.called, day=end)

    def check(self, event: Any, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, the community, and what else stands, allow what it states."""
        match event:
            case ParticipantCheckedIn():
                credit_code.require_sound(event.unit_code)
                require_member_named(event)
            case FeedbackSent():
                if fields & {"sent_on", "period_from"}:
                    require_own_period(event, self, context)
            case OpinionAsked():
                if "about" in fields:
                    context.policy.opinion(event.about)
            case PledgeMade():
                if fields & {"pledged_on", "due_on"}:
                    require_due(event.pledged_on, event.due_on)
            case ServiceGiven():
                if fields & {"served_on", "hours"}:
                    require_hours_of_day(event, self)
            case _:
                pass
        if (on := _IN_COMMUNITY.get(type(event))) and on in fields:
            community = context.state(Community, event.community)
            community.require_standing_on(getattr(event, on))

    def grounds(self, event: Any) -> Iterable[str]:
        """The community, of what happens there."""
        return (f"community:{event.community}",) if type(event) in _IN_COMMUNITY else ()

    def implied(self, was: Any, becomes: Any) -> Mapping[str, Text]:
        """An opinion is due as many days after it was asked for as before."""
        if isinstance(was, OpinionAsked) and was.asked_on != becomes.asked_on:
            return {"due_on": str(becomes.asked_on + (was.due_on - was.asked_on))}
        return {}

    def require_sound(self) -> None:
        """Refused unless all that stands agrees: days within the stay, pledges of services."""
        super().require_sound()
        if not self.stated:
            return
        begin, end = self.stay()
        pledges = {each.pledge for each in self.of(PledgeMade)}
        for each in self.stated:
            event, day = each.event, day_of(each.event)
            if isinstance(event, _WITHIN) and day and (day < begin or (end and day > end)):
                raise Refused("check-in.outside-stay", day=day, begin=begin, end=end)
            if isinstance(event, ServiceGiven) and event.pledge and event.pledge not in pledges:
                raise Refused(
                    "pledge.has-service",
                    subject=self.called,
                    entry=each.version,
                    pledge=event.pledge,
                )


def require_hours_of_day(event: ServiceGiven, state: CheckIn) -> None:
    """Refused when a member would have served for more hours than a day has. Of an organisation the
    hours of all who came may stand together."""
    if state.opening.participant != "member":
        return
    others = (s for s in state.of(ServiceGiven) if s.served_on == event.served_on)
    hours = sum(each.hours or 0 for each in (*others, event))
    if event.hours and hours > HOURS_OF_DAY:
        raise Refused(
            "service.hours-exceed-day", day=event.served_on, hours=hours, hours_max=HOURS_OF_DAY
        )


def require_own_period(event: FeedbackSent, state: CheckIn, context: DecisionContext) -> None:
    """Refused unless the feedback is the first of a period that has begun and touches the stay."""
    per, period_from = context.policy.checkins.feedback_per, event.period_from
    if (first := period_of(period_from, per)) != period_from:
        raise Refused("feedback.not-first-day", per=per, period_from=period_from, first=first)
    period: dict[str, Any] = {"per": per, "period_from": period_from}
    for other in state.of(FeedbackSent):
        if other.period_from == period_from:
            raise Refused("feedback.already-sent", sent_on=other.sent_on, **period)
    begin, end = state.stay()
    if event.sent_on < period_from:
        raise Refused("feedback.period-not-begun", sent_on=event.sent_on, **period)
    if end and period_from > end:
        raise Refused("feedback.after-check-out", end=end, **period)
    if period_from < period_of(begin, per):
        raise Refused("feedback.before-check-in", **period)


def require_member_named(event: ParticipantCheckedIn) -> None:
    """Refused unless a member, and only a member, is named by an id."""
    if (event.participant == "member") != (event.person is not None):
        raise Refused("check-in.person-of-member-only")
