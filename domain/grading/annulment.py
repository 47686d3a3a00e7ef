"""Annulment of a round, void from the start, with everything that rests on it.

Each grade, review, support and conclusion that is undone gets an event on its own stream.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import cast

from domain.grading.reviewed import ends_on, reviews
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent, chunks
from domain.kernel.ids import Reason
from domain.kernel.reservation import Reservation
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.review.events import GradeAnnulled, ReviewWithdrawn
from domain.round.calendar import CALENDAR, Calendar
from domain.round.events import ResultsAnnulled, RoundAnnulled, RoundUnscheduled
from domain.round.state import Round
from domain.support.state import Support

ANNUL = Bilingual(zh="撤销一轮评定", en="annul a round")


class AnnulRound(Command[Round]):
    """Annul a round, void from the start, with all its results. What was recorded stays visible.

    Every community in it loses its grade, or leaves the round. A support that
    rests on it ends, with its open tasks. One that it concluded resumes, but not while another is
    under way.
    """

    annulled_on: date
    reason: Reason

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The supports that may rest on it, and their tasks."""
        return _supports_of(state, consulted)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """The annulment, and an event for everything that rests on the round."""
        context.require_role(context.policy.rounds.roles.may_lead, ANNUL)
        state.require_phase("planned", "open", "graded", "published", "closed")
        state.require_come(self.annulled_on, context, since=ends_on(state, context))
        day = self.annulled_on
        results = [
            ResultsAnnulled(round=state.id, annulled_on=day, count=len(chunk), communities=chunk)
            for chunk in chunks(tuple(state.entrants) if state.is_published else (), 500)
        ]
        return [
            RoundAnnulled(round=state.id, **vars(self)),
            *results,
            *_voided(state, day, self.reason, context),
            StreamEvent(CALENDAR, RoundUnscheduled(round=state.id, unscheduled_on=day)),
        ]


def _supports_of(state: Round, consulted: Mapping[str, Subject]) -> Iterator[str]:
    """The streams of its communities' supports, under it and under rounds that it may conclude,
    with their tasks, and with the other supports of a community whose support it concluded."""
    for name in _candidates(state, consulted):
        yield name
        support = cast(Support | None, consulted.get(name))
        if support and state.id in (support.round, support.concluded_by):
            yield from support.task_streams()
        if support and support.concluded_by == state.id:
            for stream in support.key.streams():
                yield stream
                if reservation := cast(Reservation | None, consulted.get(stream)):
                    yield from reservation.holders


def _voided(
    state: Round, day: date, reason: str, context: DecisionContext
) -> Iterator[StreamEvent]:
    """The events on the round's reviews and on the supports, all of which the command consulted."""
    for review in reviews(state, context):
        if review.grade is None:
            left = ReviewWithdrawn(**review.keys, withdrawn_on=day, reason=reason)
            yield StreamEvent(review.stream, left)
        else:
            void = GradeAnnulled(
                **review.keys,
                annuls=review.grade.version,
                annulled_on=day,
                reason=reason,
                annulled_by=context.by.actor.person,
            )
            yield StreamEvent(review.stream, void)
    for name in _candidates(state, context.consulted):
        support = cast(Support, context.consulted[name])
        if support.round == state.id and support.version and support.ended_on is None:
            support.require_end(day, context)
            yield from support.ended(day, reason, context)
        elif support.concluded_by == state.id:
            yield from support.going_on(day, reason, context, void=state.id)


def _candidates(state: Round, consulted: Mapping[str, Subject]) -> Iterator[str]:
    if not state.is_published:
        return
    calendar = consulted.get(CALENDAR)
    others = calendar.rounds if isinstance(calendar, Calendar) else ()
    for round in dict.fromkeys((state.id, *others)):
        yield from (f"support:{round}.{community}" for community in state.entrants)
