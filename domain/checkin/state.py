"""What a check-in is, by all that was stated of it: the stay, pledges, services, opinions."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from domain import credit_code
from domain.checkin.opinion import OpinionAsked, OpinionEvent, OpinionGiven
from domain.checkin.participation import Participation
from domain.checkin.presence import (
    ParticipantCheckedIn,
    ParticipantCheckedOut,
    PresenceEvent,
    require_member_named,
)
from domain.checkin.service import (
    FeedbackSent,
    PledgeFulfilled,
    PledgeMade,
    ServiceEvent,
    ServiceGiven,
    require_hours_of_day,
    require_own_period,
)
from domain.community.state import Community
from domain.dossier import Text, day_of, require_due
from domain.event import Event
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.reservation import SingleDossier
from domain.timeline import Span
from domain.words import Words

CheckInEvent = PresenceEvent | ServiceEvent | OpinionEvent

STAGES: Mapping[str, Words] = MappingProxyType(
    {
        "present": Words(zh="报到中", en="checked in"),
        "left": Words(zh="已结束报到", en="checked out"),
        "pledged": Words(zh="待兑现", en="made and not fulfilled yet"),
        "fulfilled": Words(zh="已兑现", en="fulfilled"),
        "served": Words(zh="已服务", en="served"),
        "sent": Words(zh="已反馈", en="sent"),
        "asked": Words(zh="待答复", en="asked and not given yet"),
        "given": Words(zh="已答复", en="given"),
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
class CheckIn(SingleDossier):
    """One check-in, with everything ever stated about it."""

    kind: ClassVar[str] = "checkin"
    what: ClassVar[Words] = Words(zh="报到", en="check-in")
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

    def titled(self, opening: Any) -> Words:
        """By the unit."""
        return Words(zh=f"{opening.unit_name}的报到", en=f"the check-in of {opening.unit_name}")

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

    def spans(self) -> list[Span]:
        """The days of the stay, without the day of checking out."""
        return [Span(*self.stay())]

    def require_present(self) -> None:
        """Refused when they checked out already."""
        _, end = self.stay()
        if end:
            raise Refused(
                f"{self.called.en_first} was checked out on {end} already; record a new "
                "check-in instead.",
                f"{self.called.zh}已于 {end} 结束报到；请另行记录报到。",
            )

    def check(self, event: Any, occasion: Occasion, fields: Set[str]) -> None:
        """Refused unless the policy, the community, and what else stands, allow what it states."""
        match event:
            case ParticipantCheckedIn():
                credit_code.require_sound(event.unit_code)
                require_member_named(event)
            case FeedbackSent():
                if fields & {"sent_on", "period_from"}:
                    require_own_period(event, self, occasion)
            case OpinionAsked():
                if "about" in fields:
                    occasion.policy.opinion(event.about)
            case PledgeMade():
                if fields & {"pledged_on", "due_on"}:
                    require_due(event.pledged_on, event.due_on)
            case ServiceGiven():
                if fields & {"served_on", "hours"}:
                    require_hours_of_day(event, self)
            case _:
                pass
        if (on := _IN_COMMUNITY.get(type(event))) and on in fields:
            community = occasion.state(Community, event.community)
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
                raise Refused(
                    f"{day} is not within the stay, {begin} to {end or 'now'}; choose another day, "
                    "or correct the check-in.",
                    f"{day} 不在报到期间（{begin} 至 {end or '今'}）；请另选日期，或更正报到。",
                )
            if isinstance(event, ServiceGiven) and event.pledge and event.pledge not in pledges:
                raise Refused(
                    f"Entry {each.version} of {self.called.en}, a service, belongs to the pledge "
                    f"{event.pledge}; annul that entry first.",
                    f"{self.called.zh}第 {each.version} 条（服务）属于该承诺（编号 {event.pledge}）"
                    f"；"
                    "请先撤销该条。",
                )
