"""The city grades a whole round at once, and again after corrections."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar

from domain.community.state import Community
from domain.grading.reviewed import community_streams, last_on, reviews
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual
from domain.review.events import CommunityGraded, CommunityRegraded
from domain.review.state import Review
from domain.round.events import CityGraded, CityRegraded
from domain.round.ranking import Placing, rank
from domain.round.state import Round

GRADE = Permission(
    "stages[acts=grade].may_act", doing=Bilingual(zh="进行市级评定", en="grade the city")
)


REGRADE = Permission(
    "rounds.roles.may_correct", doing=Bilingual(zh="重新排名", en="grade the city again")
)


class GradeCity(Command[Round]):
    """Grade all communities of an open round at once. Nobody who acted for one of them may.

    Ranks them within their types by the round's rubrics, and grades them by its thresholds, caps,
    vetoes and quotas. Refused, listing what is missing, while a stage of one is not done.
    """

    permission: ClassVar[Permission] = GRADE

    graded_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Every community that takes part."""
        return community_streams(state, consulted)

    def roles(self, state: Round, context: DecisionContext) -> Iterable[str]:
        """Those who grade by the round's plan."""
        return state.plan.grading.may_act if state.plan.rules.stages else ()

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """The grading of the round, and each grade on its own review."""
        state.require_phase("open")
        opened_on = state.require_in_stage(state.plan.grading.stage, context)
        since = max(opened_on, last_on(state, context))
        state.require_come(self.graded_on, context, since=since)
        _require_no_own(state, context)
        require_existing(state, self.graded_on, context)
        placings, reviews = _ranked(state, context)
        graded = [_graded(reviews[p.community], p, self.graded_on) for p in placings]
        by = context.by.actor.person
        return [
            CityGraded(
                round=state.id, graded_on=self.graded_on, communities=len(graded), graded_by=by
            ),
            *graded,
        ]


class RegradeCity(Command[Round]):
    """Rank the round again after corrections, and record exactly what changed.

    A grade that was corrected individually stays. One that was annulled is given again, even if the
    round is closed.
    """

    permission: ClassVar[Permission] = REGRADE

    graded_on: date
    reason: Reason

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        state.require_phase("graded", "published", "closed")
        state.require_come(self.graded_on, context, since=last_on(state, context))
        _require_no_own(state, context)
        moved = list(_moved(state, context))
        if not moved:
            raise Refused("round.ranking-unchanged")
        events = [self._regraded(review, placing) for review, placing in moved]
        by = context.by.actor.person
        return [
            CityRegraded(round=state.id, communities=len(moved), graded_by=by, **vars(self)),
            *events,
        ]

    def _regraded(self, review: Review, placing: Placing) -> StreamEvent:
        if review.grade is None:
            return _graded(review, placing, self.graded_on)
        return StreamEvent(
            review.stream,
            CommunityRegraded(
                **review.keys,
                corrects=review.grade.version,
                graded_on=self.graded_on,
                grade=review.grade.grade if review.grade.decided else placing.grade,
                rank=placing.rank,
                of=placing.of,
                total=placing.total,
                reason=self.reason,
            ),
        )


def require_existing(state: Round, graded_on: date, context: DecisionContext) -> None:
    """Refused if a community of the round does not exist on the day of the grading."""
    communities = [context.state(Community, each.community) for each in reviews(state, context)]
    gone = [f"community:{each.id}" for each in communities if not each.exists_on(graded_on)]
    if gone:
        raise Refused(
            "round.communities-gone",
            gone=len(gone),
            count=len(communities),
            graded_on=graded_on,
            communities=gone,
        )


def require_ranked(state: Round, context: DecisionContext) -> None:
    """Refused if a rank or grade does not match the scores."""
    moved = [f"community:{review.community}" for review, _ in _moved(state, context)]
    if moved:
        raise Refused("round.ranking-outdated", communities=moved)


def _require_no_own(state: Round, context: DecisionContext) -> None:
    """NotAuthorised for a person who acts or has acted for a community of the round."""
    for review in reviews(state, context):
        review.require_not_own(context)


def _ranked(
    state: Round, context: DecisionContext
) -> tuple[tuple[Placing, ...], dict[str, Review]]:
    """The ranking of the round's reviews; Refused, listing the missing stages."""
    taking_part = {review.community: review for review in reviews(state, context)}
    missing = [lack for each in taking_part.values() if (lack := each.stages_missing(state.plan))]
    if missing:
        raise Refused(
            "round.cannot-be-graded",
            missing=len(missing),
            count=len(taking_part),
            reasons=missing,
        )
    if not taking_part:
        raise Refused("round.no-communities", title=state.title)
    return rank(
        state.plan, (each.candidate(state.plan) for each in taking_part.values())
    ), taking_part


def _graded(review: Review, placing: Placing, day: date) -> StreamEvent:
    return StreamEvent(
        review.stream,
        CommunityGraded(
            **review.keys,
            graded_on=day,
            type=placing.type,
            unit=placing.unit,
            grade=placing.grade,
            rank=placing.rank,
            of=placing.of,
            total=placing.total,
        ),
    )


def _moved(state: Round, context: DecisionContext) -> Iterator[tuple[Review, Placing]]:
    """The reviews whose rank, total or grade no longer matches the scores."""
    placings, reviews = _ranked(state, context)
    for placing in placings:
        review = reviews[placing.community]
        given = review.grade
        if (
            given is None
            or (given.rank, given.of, given.total) != (placing.rank, placing.of, placing.total)
            or not (given.decided or given.grade == placing.grade)
        ):
            yield review, placing
