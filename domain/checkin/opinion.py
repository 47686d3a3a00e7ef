"""The community's right to be heard (征求意见权, 三(五)3). Its opinion of a participant is asked
before an honour or an appointment. The person who asks does not give it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar

from domain.checkin.events import About, OpinionAsked, OpinionGiven, Stance
from domain.checkin.state import CheckIn
from domain.community.state import Community
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Id, Reason, Title, derive_id
from domain.kernel.permission import Permission
from domain.kernel.refusal import NotAuthorised
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual

STANCES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "supports": Bilingual(zh="同意", en="in favour"),
        "objects": Bilingual(zh="不同意", en="against"),
        "abstains": Bilingual(zh="无意见", en="no opinion"),
    }
)
OPINION = Bilingual(zh="意见征求", en="opinion")


ASK = Permission(
    "checkins.may_ask", doing=Bilingual(zh="征求社区意见", en="ask for a community's opinion")
)
ANSWER = Permission(
    "checkins.may_answer", doing=Bilingual(zh="提出社区意见", en="give a community's opinion")
)


class AskOpinion(Command[CheckIn]):
    """Ask for the community's opinion of a participant, before an honour or an appointment.

    The policy says within how many days the opinion is due.
    """

    permission: ClassVar[Permission] = ASK

    opinion: Id | None = None
    about: About
    subject: Title
    asked_on: date

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community."""
        return state.first_grounds()

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        policy = context.policy.checkins
        opinion = self.opinion or derive_id(context.command_id, state.id, state.version)
        state.require_new(OPINION, f"opinion:{opinion}")
        event = OpinionAsked(
            community=state.community,
            **{**vars(self), "opinion": opinion},
            due_on=self.asked_on + timedelta(days=policy.opinion_days),
            asked_by=context.by.actor.person,
        )
        return [*state.stating(event, context)]


ASKED = Apart(
    "opinion.giver-asked",
    Bilingual(zh="征求了该意见", en="asked for it"),
    lambda command, state, _context: state.participants(
        f"opinion:{command.opinion}", ("asked_by",)
    ),
)


class GiveOpinion(Command[CheckIn]):
    """Give the opinion that the community was asked for. A late one is accepted."""

    permission: ClassVar[Permission] = ANSWER
    apart_from: ClassVar[tuple[Apart, ...]] = (ASKED,)

    opinion: Id
    given_on: date
    stance: Stance
    comment: Reason | None = None

    def consults(self, state: CheckIn) -> Iterable[str]:
        """The community."""
        return {f"community:{each.community}" for each in state.of(OpinionAsked)}

    def consults_further(self, state: CheckIn, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The jurisdictions above the community on that day."""
        for each in consulted.values():
            if isinstance(each, Community) and (place := each.subdistricts.on(self.given_on)):
                yield f"jurisdiction:{place}"

    def decide(self, state: CheckIn, context: DecisionContext) -> list[Event | StreamEvent]:
        matter = f"opinion:{self.opinion}"
        state.require_stage(OPINION, matter, "asked")
        self._require_own(state, context)
        return [*state.stating(OpinionGiven(community=state.community, **vars(self)), context)]

    def _require_own(self, state: CheckIn, context: DecisionContext) -> None:
        """NotAuthorised unless the actor acts for the community, or for a unit above it."""
        theirs = [state.community]
        if place := context.state(Community, state.community).subdistricts.on(self.given_on):
            unit = context.state(Jurisdiction, place).parents.on(self.given_on)
            theirs += [each for each in (place, unit) if each]
        by = context.by
        if {by.actor.unit, by.authority.jurisdiction}.isdisjoint(theirs):
            raise NotAuthorised(
                "opinion.not-for-community",
                community=state.community,
                jurisdiction=by.authority.jurisdiction,
                places=[f"unit:{each}" for each in theirs[1:]] or None,
            )
