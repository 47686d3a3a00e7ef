"""A round is annulled, void from the start, with what rests on it.

Nothing stays without saying so: each grade, review, support and conclusion, where it is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from domain.command import Command
from domain.event import Event, On, chunks
from domain.ids import CommunityId, Reason, RoundId
from domain.occasion import Occasion
from domain.review.grading import GradeAnnulled
from domain.review.opening import ReviewWithdrawn
from domain.round.calendar import CALENDAR, Calendar, RoundUnscheduled
from domain.subject import Subject
from domain.words import Words

if TYPE_CHECKING:
    from domain.reservation import Reservation
    from domain.round.state import Round
    from domain.support.state import Support

ANNUL = Words(zh="撤销一轮评定", en="annul a round")


class RoundAnnulled(Event):
    """The whole round is void from the start."""

    sentence = Words(
        zh="{annulled_on}撤销本轮评定，自始无效。理由：{reason}",
        en="Annulled on {annulled_on}, void from the start. Reason: {reason}",
    )

    round: RoundId
    annulled_on: date
    reason: Reason


class ResultsAnnulled(Event):
    """What was published of these communities is void with its round."""

    sentence = Words(
        zh="{count}个社区的结果随本轮撤销。",
        en="Void with the round: the results of {count:community|communities}.",
    )

    round: RoundId
    annulled_on: date
    count: int
    communities: tuple[CommunityId, ...]


AnnulmentEvent = RoundAnnulled | ResultsAnnulled


class AnnulRound(Command["Round"]):
    """Annul a round, void from the start with all its results. What was recorded stays visible.

    Every community that takes part loses the grade that it has by it, or leaves it. A support that
    rests on it ends, with its open tasks; one that it concluded goes on, but not while another is
    going on.
    """

    annulled_on: date
    reason: Reason

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def consults_further(self, state: "Round", consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The supports that may rest on it, and their tasks."""
        return _supports_of(state, consulted)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Annulled, and everything that rests on it, each on its own stream."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, ANNUL)
        state.require_phase("planned", "open", "graded", "published", "closed")
        state.require_come(self.annulled_on, occasion, since=state.ends_on(occasion))
        day = self.annulled_on
        results = [
            ResultsAnnulled(round=state.id, annulled_on=day, count=len(chunk), communities=chunk)
            for chunk in chunks(tuple(state.entrants) if state.is_published else (), 500)
        ]
        return [
            RoundAnnulled(round=state.id, **vars(self)),
            *results,
            *_voided(state, day, self.reason, occasion),
            On(CALENDAR, RoundUnscheduled(round=state.id, unscheduled_on=day)),
        ]


def _supports_of(state: "Round", consulted: Mapping[str, Subject]) -> Iterator[str]:
    """The streams of its communities' supports, under it and under rounds that it may conclude,
    with their tasks, and with the other supports of a community whose support it concluded."""
    for name in _candidates(state, consulted):
        yield name
        support = cast("Support | None", consulted.get(name))
        if support and state.id in (support.round, support.concluded_by):
            yield from support.task_streams()
        if support and support.concluded_by == state.id:
            for stream in support.key.streams():
                yield stream
                if reservation := cast("Reservation | None", consulted.get(stream)):
                    yield from reservation.holders


def _voided(state: "Round", day: date, reason: str, occasion: Occasion) -> Iterator[On]:
    """What becomes of the round's reviews and of the supports; the command consulted them all."""
    for review in state.reviews(occasion):
        if review.grade is None:
            left = ReviewWithdrawn(**review.keys, withdrawn_on=day, reason=reason)
            yield On(review.stream, left)
        else:
            void = GradeAnnulled(
                **review.keys,
                annuls=review.grade.version,
                annulled_on=day,
                reason=reason,
                annulled_by=occasion.by.actor.person,
            )
            yield On(review.stream, void)
    for name in _candidates(state, occasion.consulted):
        support = cast("Support", occasion.consulted[name])
        if support.round == state.id and support.version and support.ended_on is None:
            support.require_end(day, occasion)
            yield from support.ended(day, reason, occasion)
        elif support.concluded_by == state.id:
            yield from support.going_on(day, reason, occasion, void=state.id)


def _candidates(state: "Round", consulted: Mapping[str, Subject]) -> Iterator[str]:
    if not state.is_published:
        return
    calendar = consulted.get(CALENDAR)
    others = calendar.rounds if isinstance(calendar, Calendar) else ()
    for round in dict.fromkeys((state.id, *others)):
        yield from (f"support:{round}.{community}" for community in state.entrants)
