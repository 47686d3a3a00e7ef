"""Open a round and admit communities, each as it was on the cut-off day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, cast

from pydantic import Field

from domain.community.state import Community
from domain.grading.cutoff import rounds_of, streams_of
from domain.jurisdiction.levels import LEVELS
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent, chunks
from domain.kernel.ids import CommunityId
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.review.events import ReviewOpened
from domain.review.state import Review
from domain.round.calendar import CALENDAR
from domain.round.events import CommunitiesEntered, CommunitiesReentered, RoundOpened
from domain.round.state import Round

ENTRY_COMMUNITIES_MAX = 500  # ids have at most 64 characters, an entry 64 KiB
Communities = Annotated[tuple[CommunityId, ...], Field(min_length=1, max_length=5_000)]
OPEN = Bilingual(zh="启动一轮评定", en="open a round")


class OpenRound(Command[Round]):
    """Open a planned round with the communities that take part.

    The type, subdistrict and unit of each are fixed as on record for the cut-off day.
    """

    opened_on: date
    communities: Communities

    def consults(self, state: Round) -> Iterable[str]:
        """The communities, and the calendar of rounds."""
        return [CALENDAR, *(f"community:{community}" for community in self.communities)]

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Their jurisdictions on the cut-off day, and their reviews in rounds that are not over."""
        yield from _above(state, self.communities, consulted)
        yield from streams_of(self.communities, consulted, state.id)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.rounds.roles.may_lead, OPEN)
        state.require_phase("planned")
        state.require_come(state.cutoff_on, context)
        state.require_come(self.opened_on, context, since=max(state.cutoff_on, state.begins_on))
        entered = _entered(state, self.communities, self.opened_on, context)
        opened = RoundOpened(
            round=state.id, opened_on=self.opened_on, communities=len(self.communities)
        )
        return [opened, *entered]


class AdmitCommunities(Command[Round]):
    """Admit more communities to an open round that is not graded yet.

    One that was withdrawn enters again, as it is now on record for the cut-off day: its stages
    begin again, and vetoes stay.
    """

    admitted_on: date
    communities: Communities

    def consults(self, state: Round) -> Iterable[str]:
        """The communities, and the calendar of rounds."""
        return [CALENDAR, *(f"community:{community}" for community in self.communities)]

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Their jurisdictions on the cut-off day, and their reviews in rounds that are not over."""
        yield from _above(state, self.communities, consulted)
        yield from streams_of(self.communities, consulted, state.id)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        context.require_role(context.policy.rounds.roles.may_lead, OPEN)
        state.require_phase("open")
        state.require_come(self.admitted_on, context, since=state.opened_on)
        return _entered(state, self.communities, self.admitted_on, context)


def _above(
    state: Round, communities: Iterable[str], consulted: Mapping[str, Subject]
) -> Iterator[str]:
    if not state.version:
        return
    day = state.cutoff_on
    for id in communities:
        community = consulted.get(f"community:{id}")
        if not isinstance(community, Community) or not (place := community.subdistricts.on(day)):
            continue
        yield f"jurisdiction:{place}"
        subdistrict = consulted.get(f"jurisdiction:{place}")
        if isinstance(subdistrict, Jurisdiction) and (unit := subdistrict.parents.on(day)):
            yield f"jurisdiction:{unit}"


def _entered(
    state: Round, communities: Sequence[str], day: date, context: DecisionContext
) -> list[Event | StreamEvent]:
    """The entries of the round and the opened reviews; Refused, listing all that cannot enter."""
    reviews: list[Event | StreamEvent] = []
    unfit: list[Refused] = []
    entrants, seen = state.entrants, set[str]()
    for id in communities:
        community = context.state(Community, id)
        try:
            if id in seen:
                raise Refused("round.named-twice", name=community.title, community=id)
            seen.add(id)
            _require_in_no_round(state, community, context)
            _require_left_by(day, state, community, context)
            reviews.append(
                StreamEvent(f"review:{state.id}.{id}", _opened(state, community, day, context))
            )
        except Refused as refusal:
            unfit.append(refusal)
    if unfit:
        raise Refused(
            "round.cannot-take-part", unfit=len(unfit), count=len(communities), reasons=unfit
        )
    new = [id for id in communities if id not in entrants]
    again = [id for id in communities if id in entrants]
    return [
        *(_listed(CommunitiesEntered, state.id, day, ids) for ids in _entries(new)),
        *(_listed(CommunitiesReentered, state.id, day, ids) for ids in _entries(again)),
        *reviews,
    ]


def _entries(communities: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return chunks(communities, ENTRY_COMMUNITIES_MAX)


def _listed(
    kind: type[CommunitiesEntered | CommunitiesReentered],
    round: str,
    day: date,
    communities: tuple[str, ...],
) -> Event:
    return kind(round=round, entered_on=day, count=len(communities), communities=communities)


def _require_in_no_round(state: Round, community: Community, context: DecisionContext) -> None:
    """Refused while it takes part in this round or in another that is not over."""
    for its_round in rounds_of(community.id, context, state.id):
        raise Refused(
            "round.takes-part-already",
            name=community.title,
            community=community.id,
            title=its_round.title,
            round=its_round.id,
        )


def _require_left_by(
    day: date, state: Round, community: Community, context: DecisionContext
) -> None:
    """Refused for a day before the one on which it left this round."""
    if community.id not in state.entrants:
        return
    review = cast(Review, context.consulted[f"review:{state.id}.{community.id}"])
    if day < review.last_on:
        raise Refused(
            "round.left-later",
            name=community.title,
            community=community.id,
            left_on=review.last_on,
            day=day,
        )


def _opened(
    state: Round, community: Community, entered_on: date, context: DecisionContext
) -> ReviewOpened:
    day = state.cutoff_on
    community.require_existing_on(day)
    type = community.require_type_on(day)
    place = community.subdistricts.on(day)
    assert place is not None, "a community that exists lies somewhere"
    subdistrict = context.state(Jurisdiction, place)
    unit_id = subdistrict.parents.on(day)
    assert unit_id is not None, "a subdistrict lies under a unit"
    unit = context.state(Jurisdiction, unit_id)
    if not subdistrict.has_urban_communities_on(day, unit):
        raise Refused(
            "round.not-urban",
            name=community.title,
            level=LEVELS[subdistrict.level_on(day)],
            subdistrict=subdistrict.title,
            unit=unit.title,
            day=day,
        )
    return ReviewOpened(
        round=state.id,
        community=community.id,
        cutoff_on=day,
        entered_on=entered_on,
        type=type,
        unit=unit.id,
        subdistrict=subdistrict.id,
    )
