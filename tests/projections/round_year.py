"""A round of the tests: who acts in it, and how it comes to its results."""

from collections.abc import Callable

from domain.grading.entering import OpenRound
from domain.kernel.context import Role
from domain.round.planning import OpenStage
from projections import rounds
from projections.engine.view import View
from projections.rounds import RoundView
from tests.city import DISTRICT, SUBDISTRICT, classify, register
from tests.domain.rounds import (
    BEGIN,
    GRADE,
    PLAN,
    PUBLISH,
    ROUND,
    STAGES,
    assessed,
    first,
    review,
    second,
    votes,
)

WHO: dict[str, tuple[Role, str, str]] = {
    "ClassifyCommunity": ("decider", "dec", DISTRICT),
    "RecordAppraisal": ("recorder", "rec", SUBDISTRICT),
    "SelfAssess": ("recorder", "rec", SUBDISTRICT),
    "ScoreBySubdistrict": ("reviewer", "rev", SUBDISTRICT),
    "ScoreByDistrict": ("decider", "dec", DISTRICT),
}
Ask = Callable[..., int]


def opened(ask: Ask, **percents: int) -> None:
    """The round with all reviews done: so many per cent in every stage that is scored."""
    for id in percents:
        ask(f"community:{id}", register(f"{id}社区"))
        ask(f"community:{id}", classify())
    ask(ROUND, PLAN)
    ask(ROUND, OpenRound(communities=tuple(percents), opened_on=BEGIN))
    for stage in STAGES:
        ask(ROUND, OpenStage(stage=stage, opened_on=BEGIN))
    for id, percent in percents.items():
        for command in (votes(), assessed(percent), first(percent), second(percent)):
            ask(review(id), command)


def published(ask: Ask, **percents: int) -> int:
    opened(ask, **percents)
    ask(ROUND, GRADE)
    return ask(ROUND, PUBLISH)


def the_round(seen: View) -> RoundView:
    found = rounds.one(seen, "r")
    assert found is not None
    return found
