"""The city grades a whole round at once, and anew after corrections."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import Reason
from domain.kernel.refusal import Refused, refused_for
from domain.kernel.subject import Subject
from domain.kernel.text import Bilingual, Number
from domain.policy import called
from domain.review.events import CommunityGraded, CommunityRegraded
from domain.review.state import Review
from domain.round.events import CityGraded, CityRegraded
from domain.round.ranking import Placing, rank
from domain.round.reviewed import community_streams, last_on, reviews
from domain.round.state import Round

GRADE = Bilingual(zh="进行市级评定", en="grade the city")
REGRADE = Bilingual(zh="重新排名", en="grade the city anew")


class GradeCity(Command[Round]):
    """Grade all communities of an open round at once, or none. Not by who spoke for one of them.

    Ranks them inside their types by the round's rubrics, and grades them by its thresholds, caps,
    vetoes and quotas. Refused, with the list of what is missing, while a stage of one is open.
    """

    graded_on: date

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def consults_further(self, state: Round, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Every community that takes part."""
        return community_streams(state, consulted)

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """Graded, each on its own review."""
        context.require_role(state.plan.grading.may_act if state.plan.rules.stages else (), GRADE)
        state.require_phase("open")
        opened_on = state.require_stage_open(state.plan.grading.stage)
        since = max(opened_on, last_on(state, context))
        state.require_come(self.graded_on, context, since=since)
        _require_no_own(state, context)
        require_standing(state, self.graded_on, context)
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
    """Rank the round anew after corrections, and record exactly what moved.

    A grade that was decided by itself stays; one that was annulled is given anew, also when the
    round is closed.
    """

    graded_on: date
    reason: Reason

    def consults(self, state: Round) -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def decide(self, state: Round, context: DecisionContext) -> list[Event | StreamEvent]:
        """Ranked anew."""
        context.require_role(context.policy.rounds.roles.may_correct, REGRADE)
        state.require_phase("graded", "published", "closed")
        state.require_come(self.graded_on, context, since=last_on(state, context))
        _require_no_own(state, context)
        moved = list(_moved(state, context))
        if not moved:
            raise Refused(
                "Every community has the rank and grade that its scores give; "
                "there is nothing to record.",
                "各社区的名次和等次均与得分相符，无需记录。",
            )
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


def require_standing(state: Round, graded_on: date, context: DecisionContext) -> None:
    """Refused while a community takes part that does not stand on the day of the grading."""
    communities = [context.state(Community, each.community) for each in reviews(state, context)]
    gone = [
        Bilingual(en=f"{each.title} ({each.id})", zh=f"{each.title}（{each.id}）")
        for each in communities
        if not each.stands_on(graded_on)
    ]
    if gone:
        raise refused_for(
            f"{len(gone)} of {Number(len(communities)):community|communities} did not stand on "
            f"{graded_on}, the day of the grading; withdraw from the round what is gone, with the "
            "reason:",
            f"{len(communities)}个社区中有{len(gone)}个在评定日 {graded_on} 并不存在；"
            "请先将其退出本轮并说明理由：",
            gone,
        )


def require_ranked(state: Round, context: DecisionContext) -> None:
    """Refused while a rank or grade is not what the scores give."""
    moved = [
        Bilingual(en=f"community:{review.community}", zh=f"community:{review.community}")
        for review, _ in _moved(state, context)
    ]
    if moved:
        raise refused_for(
            "Rank or grade is not what the scores give since a correction; grade anew first:",
            "更正之后名次或等次与得分不符，请先重新排名：",
            moved,
        )


def _require_no_own(state: Round, context: DecisionContext) -> None:
    """NotAuthorised for whoever acts for one of the communities, or spoke for it in this round."""
    for review in reviews(state, context):
        review.require_not_own(context)


def _ranked(
    state: Round, context: DecisionContext
) -> tuple[tuple[Placing, ...], dict[str, Review]]:
    """The round ranked by its reviews; Refused with the list of the stages that are missing."""
    taking_part = {review.community: review for review in reviews(state, context)}
    missing = [
        Bilingual(
            en=f"community:{review.community} lacks {', '.join(each.en for each in lacking)}",
            zh=f"community:{review.community} 缺少{'、'.join(each.zh for each in lacking)}",
        )
        for review in taking_part.values()
        if (
            lacking := [
                called("round-stage", rule.stage)
                for rule in state.plan.scored
                if rule.stage not in review.scores
            ]
        )
    ]
    if missing:
        raise refused_for(
            f"{len(missing)} of {Number(len(taking_part)):community|communities} "
            "cannot be graded yet:",
            f"{len(taking_part)}个社区中有{len(missing)}个尚不能评定：",
            missing,
        )
    if not taking_part:
        raise Refused(
            f"No community takes part in {state.title}; admit some first.",
            f"{state.title}没有参加的社区；请先列入。",
        )
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
    """The reviews whose rank, total or grade is not what their scores give now."""
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
