"""What rests on a round, and what becomes of it when the round is annulled.

Nothing stays without saying so: each grade, review, support and conclusion, where it is told.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from domain.event import On
from domain.occasion import Occasion
from domain.review.grading import GradeAnnulled
from domain.review.opening import ReviewWithdrawn
from domain.round.calendar import CALENDAR, Calendar
from domain.subject import Subject

if TYPE_CHECKING:
    from domain.round.state import Round
    from domain.support.state import Support


def supports_of(state: "Round", consulted: Mapping[str, Subject]) -> Iterator[str]:
    """The streams of its communities' supports, under it and under rounds that it may conclude,
    with their tasks."""
    for name in _supports(state, consulted):
        yield name
        if support := cast("Support | None", consulted.get(name)):
            rests = state.id in (support.round, support.concluded_by)
            yield from support.task_streams() if rests else ()


def voided(state: "Round", day: date, reason: str, occasion: Occasion) -> Iterator[On]:
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
    for name in _supports(state, occasion.consulted):
        support = cast("Support", occasion.consulted[name])
        if support.round == state.id and support.version and support.ended_on is None:
            support.require_end(day)
            yield from support.ended(day, reason, occasion)
        elif support.concluded_by == state.id:
            yield from support.going_on(reason, occasion)


def _supports(state: "Round", consulted: Mapping[str, Subject]) -> Iterator[str]:
    if not state.is_published:
        return
    calendar = consulted.get(CALENDAR)
    others = calendar.rounds if isinstance(calendar, Calendar) else ()
    for round in dict.fromkeys((state.id, *others)):
        yield from (f"support:{round}.{community}" for community in state.entrants)
