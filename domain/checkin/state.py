"""The state of a check-in: the stay, pledges, services, opinions."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from domain.checkin.events import (
    CheckInEvent,
    FeedbackSent,
    OpinionAsked,
    ParticipantCheckedIn,
    ParticipantCheckedOut,
    PledgeFulfilled,
    PledgeMade,
    ServiceGiven,
)
from domain.checkin.participation import Participation
from domain.community.state import Community
from domain.kernel.context import DecisionContext
from domain.kernel.days import require_due
from domain.kernel.policy.calendar_periods import period_of
from domain.kernel.refusal import Refused
from domain.kernel.reservation import SingleStagedSubject
from domain.kernel.step import Text, day_field, day_of, stages_of
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from domain.person.offices import offices_named, require_offices

HOURS_OF_DAY = 24

STAGE_TITLES: Mapping[str, Bilingual] = MappingProxyType(
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
# These happen within the stay; feedback and opinions may come later.
_WITHIN = (PledgeMade, PledgeFulfilled, ServiceGiven, OpinionAsked)
# These take place in the community; it has to exist on their day.
_IN_COMMUNITY = (ParticipantCheckedIn, PledgeMade, PledgeFulfilled, ServiceGiven, OpinionAsked)


@dataclass(frozen=True, kw_only=True)
class CheckIn(SingleStagedSubject[CheckInEvent]):
    """One check-in, with everything that was stated about it."""

    kind: ClassVar[str] = "checkin"
    what: ClassVar[Bilingual] = Bilingual(zh="报到", en="check-in")
    STAGES: ClassVar = stages_of(CheckInEvent)
    STAGE_WORDS: ClassVar = STAGE_TITLES

    def titled(self, opening: Any) -> Bilingual:
        """A check-in is called by its unit."""
        unit = f"unit:{opening.unit}"
        return Bilingual(zh=f"{unit} 的报到", en=f"the check-in of {unit}")

    @property
    def community(self) -> str:
        """The id of the community."""
        opening: ParticipantCheckedIn = self.opening
        return opening.community

    def stay(self) -> tuple[date, date | None]:
        """The days of the check-in and the check-out."""
        opening: ParticipantCheckedIn = self.opening
        last = self.steps()[-1].event
        left = last.checked_out_on if isinstance(last, ParticipantCheckedOut) else None
        return opening.checked_in_on, left

    def key_of(self, stated: Any) -> Participation:
        """The participant and the community."""
        return Participation.of(stated)

    def spans(self) -> list[DateSpan]:
        """The days of the stay, without the day of checking out."""
        return [DateSpan(*self.stay())]

    def require_present(self) -> None:
        """Refused when the participant has already checked out."""
        _, end = self.stay()
        if end:
            raise Refused("check-in.ended", subject=self.called, day=end)

    def check(self, event: CheckInEvent, context: DecisionContext, fields: Set[str]) -> None:
        """Refused unless the policy, the community and the other entries allow what it states."""
        match event:
            case ParticipantCheckedIn():
                require_member_named(event)
                if fields & {"unit", "person", "checked_in_on"}:
                    require_offices(event, event.checked_in_on, context)
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
                    require_hours_of_day(event, self, context)
            case _:
                pass
        if isinstance(event, _IN_COMMUNITY) and day_field(type(event)) in fields:
            community = context.state(Community, event.community)
            community.require_existing_on(day_of(event) or date.min)

    def grounds(self, event: CheckInEvent) -> Iterable[str]:
        """The community, for events that take place there, and the participant who checks in."""
        if isinstance(event, _IN_COMMUNITY):
            yield f"community:{event.community}"
        if isinstance(event, ParticipantCheckedIn):
            yield from offices_named(event)

    def implied(self, was: CheckInEvent, becomes: CheckInEvent) -> Mapping[str, Text]:
        """The deadline of an opinion moves with the day on which it was asked for."""
        if not isinstance(was, OpinionAsked) or not isinstance(becomes, OpinionAsked):
            return {}
        if was.asked_on == becomes.asked_on:
            return {}
        return {"due_on": str(becomes.asked_on + (was.due_on - was.asked_on))}

    def matters_resting_on(self, matter: str) -> Iterable[str]:
        """For a pledge, also the services that belong to it."""
        yield from super().matters_resting_on(matter)
        kind, _, id = matter.partition(":")
        if kind == "pledge":
            for each in self.stated:
                if isinstance(each.event, ServiceGiven) and each.event.pledge == id:
                    yield each.matter

    def require_sound_matter(self, matter: str) -> None:
        """Also refused unless all days are within the stay and every pledge of a service exists."""
        super().require_sound_matter(matter)
        for each in self.steps(matter):
            event, day = each.event, day_of(each.event)
            if isinstance(event, _WITHIN) and day:
                self._require_within_stay(day)
            pledge = event.pledge if isinstance(event, ServiceGiven) else None
            if pledge and not self.steps(f"pledge:{pledge}"):
                raise Refused(
                    "pledge.has-service", subject=self.called, entry=each.version, pledge=pledge
                )

    def _require_within_stay(self, day: date) -> None:
        begin, end = self.stay()
        if day < begin or (end and day > end):
            raise Refused("check-in.outside-stay", day=day, begin=begin, end=end)


def require_hours_of_day(event: ServiceGiven, state: CheckIn, context: DecisionContext) -> None:
    """A breach when a member would have served more hours than a day has. An organisation's hours
    may be the sum over several people."""
    if state.opening.participant != "member":
        return
    others = (s for s in state.of(ServiceGiven) if s.served_on == event.served_on)
    hours = sum(each.hours or 0 for each in (*others, event))
    if event.hours and hours > HOURS_OF_DAY:
        context.breaks(
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
            context.breaks("feedback.already-sent", sent_on=other.sent_on, **period)
            break
    begin, end = state.stay()
    if event.sent_on < period_from:
        raise Refused("feedback.period-not-begun", sent_on=event.sent_on, **period)
    if end and period_from > end:
        raise Refused("feedback.after-check-out", end=end, **period)
    if period_from < period_of(begin, per):
        raise Refused("feedback.before-check-in", **period)


def require_member_named(event: ParticipantCheckedIn) -> None:
    """Refused unless `person` is given for a member, and for nobody else."""
    if (event.participant == "member") != (event.person is not None):
        raise Refused("check-in.person-of-member-only")
