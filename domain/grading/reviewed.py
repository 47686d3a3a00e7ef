"""The reviews of a round, as its commands consult them. A review knows its round, never the other
way round: what a round needs from its reviews is here."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from domain.kernel.context import DecisionContext
from domain.kernel.subject import Subject
from domain.review.state import Review
from domain.round.state import Round


def reviews(round: Round, context: DecisionContext) -> list[Review]:
    """The consulted reviews, without the withdrawn ones."""
    return [review for review in all_reviews(round, context) if not review.withdrawn]


def all_reviews(round: Round, context: DecisionContext) -> list[Review]:
    """The consulted reviews, including the withdrawn ones."""
    return [cast(Review, context.consulted[name]) for name in round.review_streams()]


def community_streams(round: Round, consulted: Mapping[str, Subject]) -> Iterator[str]:
    """The streams of the communities whose reviews were read."""
    for name in round.review_streams():
        review = cast(Review | None, consulted.get(name))
        if review and not review.withdrawn:
            yield f"community:{review.community}"


def last_on(round: Round, context: DecisionContext) -> date:
    """The latest day of anything that the ranking rests on, including entering and leaving."""
    reviewed = (each.last_on for each in all_reviews(round, context))
    return max([round.ranked_on, *round.entrants.values(), *reviewed])


def ends_on(round: Round, context: DecisionContext) -> date:
    """The latest day of anything in the round and its consulted reviews."""
    windows = (day for each in round.windows.values() for day in (each.on, each.closed_on))
    reviewed = (each.ends_on for each in all_reviews(round, context))
    return max([last_on(round, context), round.reached_on, *filter(None, windows), *reviewed])
