"""What a round fixes for its communities while it is not over: they take part in no other, and
their types up to the cut-off day do not change."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import cast

from domain.community.state import Community
from domain.kernel.context import DecisionContext
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.review.state import Review
from domain.round.calendar import CALENDAR, Calendar
from domain.round.state import Round


class KeepsCutoff:
    """For commands that change a community's type: what they consult besides the community."""

    def consults(self, state: Community) -> Iterable[str]:
        """The calendar of rounds."""
        return (CALENDAR,)

    def consults_further(self, state: Community, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The rounds that are not over, and the community's reviews in them."""
        return streams_of((state.id,), consulted)


def streams_of(
    communities: Iterable[str], consulted: Mapping[str, Subject], *also: str
) -> Iterator[str]:
    """The rounds that are not over, and `also` these, with the communities' reviews in them."""
    asked = list(communities)
    for id in _rounds(consulted, also):
        yield f"round:{id}"
        if its_round := consulted.get(f"round:{id}"):
            entrants = cast(Round, its_round).entrants
            yield from (f"review:{id}.{each}" for each in asked if each in entrants)


def rounds_of(community: str, context: DecisionContext, *also: str) -> Iterator[Round]:
    """Those of the rounds from `streams_of` in which the community takes part.

    The command must have consulted them.
    """
    for id in _rounds(context.consulted, also):
        review = cast(Review | None, context.consulted.get(f"review:{id}.{community}"))
        if review and review.version and not review.withdrawn:
            yield cast(Round, context.consulted[f"round:{id}"])


def require_not_fixed(community: Community, day: date, context: DecisionContext) -> None:
    """Refused for a day up to the cut-off day of a round that is not over."""
    for its_round in rounds_of(community.id, context):
        if day <= its_round.cutoff_on:
            raise Refused(
                "round.type-fixed",
                name=community.title,
                title=its_round.title,
                cutoff_on=its_round.cutoff_on,
                day=day,
            )


def _rounds(consulted: Mapping[str, Subject], also: Iterable[str]) -> Iterable[str]:
    calendar = consulted.get(CALENDAR)
    listed = calendar.not_over() if isinstance(calendar, Calendar) else ()
    return dict.fromkeys((*listed, *also))
