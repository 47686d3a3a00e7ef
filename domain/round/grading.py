"""The city grades a whole round at once, publishes the results, and closes or annuls the round."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, GradeSlug, Id, JurisdictionId, Reason, RoundId, TypeSlug
from domain.occasion import Occasion
from domain.refusals import Refused, refused_for
from domain.review.grading import CommunityGraded, CommunityRegraded
from domain.round.annulment import supports_of, voided
from domain.round.calendar import CALENDAR, RoundConcluded, RoundUnscheduled
from domain.round.planning import chunks
from domain.round.ranking import Placing, rank
from domain.subject import Subject
from domain.words import Words

if TYPE_CHECKING:
    from domain.review.state import Review
    from domain.round.state import Round

ENTRY_RESULTS_MAX = 150  # three ids and two slugs of 64 characters, an entry of 64 KiB

LEAD = Words(zh="公布、结束或撤销一轮评定", en="publish, close or annul a round")
GRADE = Words(zh="进行市级评定", en="grade the city")
REGRADE = Words(zh="重新排名", en="grade the city anew")


class Result(BaseModel):
    """What was published of one community."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: CommunityId
    type: TypeSlug
    unit: JurisdictionId
    grade: GradeSlug
    rank: int
    of: int
    total: Decimal
    decided: Annotated[bool, Field(description="Decided by itself, before the publication.")] = (
        False
    )


class CityGraded(Event):
    """All communities of the round were graded at once."""

    sentence = Words(
        zh="{graded_on}完成市级评定，{communities}个社区评定等次。",
        en="The city graded on {graded_on}: {communities} communities.",
    )

    round: RoundId
    graded_on: date
    communities: int
    graded_by: Id


class CityRegraded(Event):
    """The round was ranked anew after corrections: so many communities' rank or grade moved."""

    sentence = Words(
        zh="{graded_on}重新排名，{communities}个社区的名次或等次变动。理由：{reason}",
        en="Ranked anew on {graded_on}: {communities} communities moved. Reason: {reason}",
    )

    round: RoundId
    graded_on: date
    communities: int
    reason: Reason
    graded_by: Id


class ResultsPublished(Event):
    """The results are public from this day on, until the day named; objections are taken."""

    sentence = Words(
        zh="{published_on}起公示{communities}个社区的评定结果，至{publicity_until}（不含）；"
        "{objections_until}前受理异议。",
        en="Results of {communities} communities public from {published_on} until "
        "{publicity_until}; objections are taken until {objections_until}.",
    )

    round: RoundId
    published_on: date
    publicity_until: date
    objections_until: date
    communities: int


class ResultsListed(Event):
    """The published results of these communities. As many entries as it takes."""

    sentence = Words(
        zh="{published_on}公布{count}个社区的结果。",
        en="Results of {count} communities published on {published_on}.",
    )

    round: RoundId
    published_on: date
    count: int
    results: tuple[Result, ...]


class RoundClosed(Event):
    """The publicity is over, and every objection is decided and settled."""

    sentence = Words(zh="{closed_on}本轮评定结束。", en="Closed on {closed_on}.")

    round: RoundId
    closed_on: date


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
        en="The results of {count} communities are void with the round.",
    )

    round: RoundId
    annulled_on: date
    count: int
    communities: tuple[CommunityId, ...]


GradingEvent = (
    CityGraded
    | CityRegraded
    | ResultsPublished
    | ResultsListed
    | RoundClosed
    | RoundAnnulled
    | ResultsAnnulled
)


class GradeCity(Command["Round"]):
    """Grade all communities of an open round at once, or none. Not by who spoke for one of them.

    Ranks them inside their types by the round's rubrics, and grades them by its thresholds, caps,
    vetoes and quotas. Refused, with the list of what is missing, while a stage of one is open.
    """

    graded_on: date

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Graded, each on its own review."""
        occasion.require_role(state.plan.grading.may_act if state.plan.rules.stages else (), GRADE)
        state.require_phase("open")
        opened_on = state.require_stage_open(state.plan.grading.stage)
        since = max(opened_on, state.last_on(occasion))
        state.require_come(self.graded_on, occasion, since=since)
        _require_no_own(state, occasion)
        placings, reviews = _ranked(state, occasion)
        graded = [_graded(reviews[p.community], p, self.graded_on) for p in placings]
        by = occasion.by.actor.person
        return [
            CityGraded(
                round=state.id, graded_on=self.graded_on, communities=len(graded), graded_by=by
            ),
            *graded,
        ]


class RegradeCity(Command["Round"]):
    """Rank the round anew after corrections, and record exactly what moved.

    A grade that was decided by itself stays; one that was annulled is given anew, also when the
    round is closed.
    """

    graded_on: date
    reason: Reason

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Ranked anew."""
        occasion.require_role(occasion.policy.rounds.roles.may_correct, REGRADE)
        state.require_phase("graded", "published", "closed")
        since = max(state.ranked_on, state.last_on(occasion))
        state.require_come(self.graded_on, occasion, since=since)
        _require_no_own(state, occasion)
        moved = list(_moved(state, occasion))
        if not moved:
            raise Refused(
                "Every community has the rank and grade that its scores give; "
                "there is nothing to record.",
                "各社区的名次和等次均与得分相符，无需记录。",
            )
        events = [self._regraded(review, placing) for review, placing in moved]
        by = occasion.by.actor.person
        return [
            CityRegraded(round=state.id, communities=len(moved), graded_by=by, **vars(self)),
            *events,
        ]

    def _regraded(self, review: "Review", placing: Placing) -> On:
        if review.grade is None:
            return _graded(review, placing, self.graded_on)
        return On(
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


class PublishResults(Command["Round"]):
    """Publish the results of a graded round: objections are taken for the round's days."""

    published_on: date

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round."""
        return state.review_streams()

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Published."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("graded")
        since = max(state.ranked_on, state.last_on(occasion))
        state.require_come(self.published_on, occasion, since=since)
        _require_settled(state, occasion)
        rules = state.plan.rules
        results = sorted(
            (each.result for each in state.reviews(occasion)), key=lambda r: (r.type, r.rank)
        )
        published = ResultsPublished(
            round=state.id,
            published_on=self.published_on,
            publicity_until=self.published_on + timedelta(days=rules.publicity_days),
            objections_until=self.published_on + timedelta(days=rules.objection_days),
            communities=len(results),
        )
        listed = [
            ResultsListed(
                round=state.id, published_on=self.published_on, count=len(chunk), results=chunk
            )
            for chunk in chunks(results, ENTRY_RESULTS_MAX)
        ]
        return [published, *listed]


class CloseRound(Command["Round"]):
    """Close a published round once the publicity is over and every objection is settled."""

    closed_on: date

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Closed."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("published")
        if self.closed_on < max(state.publicity_until, state.objections_until):
            until = max(state.publicity_until, state.objections_until)
            raise Refused(
                f"The results of {state.title} are public and open to objections until {until}; "
                "close the round on that day or later.",
                f"{state.title}的结果公示及异议受理至 {until}；请于当日或此后结束本轮。",
            )
        ended = [o.last_on for r in state.reviews(occasion) for o in r.objections.values()]
        since = max(state.ranked_on, state.last_on(occasion), *ended)
        state.require_come(self.closed_on, occasion, since=since)
        open_ = [
            Words(
                en=f"{review.community} (objection {objection.id}: {objection.waits_for.en})",
                zh=f"{review.community}（异议 {objection.id}：{objection.waits_for.zh}）",
            )
            for review in state.reviews(occasion)
            for objection in review.objections.values()
            if not objection.settled
        ]
        if open_:
            raise refused_for(
                "The round has objections that are not settled:", "本轮尚有未办结的异议：", open_
            )
        _require_settlements_standing(state, occasion)
        _require_settled(state, occasion)
        concluded = RoundConcluded(round=state.id, concluded_on=self.closed_on)
        return [RoundClosed(round=state.id, closed_on=self.closed_on), On(CALENDAR, concluded)]


class AnnulRound(Command["Round"]):
    """Annul a round, void from the start with all its results. What was recorded stays visible.

    Every community that takes part loses the grade that it has by it, or leaves it. A support that
    rests on it ends, with its open tasks; one that it concluded goes on.
    """

    annulled_on: date
    reason: Reason

    def consults(self, state: "Round") -> Iterable[str]:
        """Every review of the round, and the calendar of rounds."""
        return (*state.review_streams(), CALENDAR)

    def consults_further(self, state: "Round", consulted: Mapping[str, Subject]) -> Iterable[str]:
        """The supports that may rest on it, and their tasks."""
        return supports_of(state, consulted)

    def decide(self, state: "Round", occasion: Occasion) -> list[Event | On]:
        """Annulled, and everything that rests on it, each on its own stream."""
        occasion.require_role(occasion.policy.rounds.roles.may_lead, LEAD)
        state.require_phase("planned", "open", "graded", "published", "closed")
        since = max(state.opened_on, state.graded_on, state.published_on, state.last_on(occasion))
        state.require_come(self.annulled_on, occasion, since=since)
        day = self.annulled_on
        results = [
            ResultsAnnulled(round=state.id, annulled_on=day, count=len(chunk), communities=chunk)
            for chunk in chunks(state.entrants if state.is_published else (), 500)
        ]
        return [
            RoundAnnulled(round=state.id, **vars(self)),
            *results,
            *voided(state, day, self.reason, occasion),
            On(CALENDAR, RoundUnscheduled(round=state.id, unscheduled_on=day)),
        ]


def _require_no_own(state: "Round", occasion: Occasion) -> None:
    """NotAuthorised for whoever acts for one of the communities, or spoke for it in this round."""
    for review in state.reviews(occasion):
        review.require_not_own(occasion)


def _ranked(state: "Round", occasion: Occasion) -> "tuple[tuple[Placing, ...], dict[str, Review]]":
    """The round ranked by its reviews; Refused with the list of the stages that are missing."""
    reviews = {review.community: review for review in state.reviews(occasion)}
    missing = [
        Words(
            en=f"{review.community} lacks {', '.join(lacking)}",
            zh=f"{review.community} 缺少 {'、'.join(lacking)}",
        )
        for review in reviews.values()
        if (lacking := [s.stage for s in state.plan.scored if s.stage not in review.scores])
    ]
    if missing:
        raise refused_for(
            f"{len(missing)} of {len(reviews)} communities cannot be graded yet:",
            f"{len(reviews)}个社区中有{len(missing)}个尚不能评定：",
            missing,
        )
    if not reviews:
        raise Refused(
            f"No community takes part in {state.title}; admit some first.",
            f"{state.title}没有参加的社区；请先列入。",
        )
    return rank(state.plan, (each.candidate(state.plan) for each in reviews.values())), reviews


def _graded(review: "Review", placing: Placing, day: date) -> On:
    return On(
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


def _moved(state: "Round", occasion: Occasion) -> "Iterator[tuple[Review, Placing]]":
    """The reviews whose rank, total or grade is not what their scores give now."""
    placings, reviews = _ranked(state, occasion)
    for placing in placings:
        review = reviews[placing.community]
        given = review.grade
        if (
            given is None
            or (given.rank, given.of, given.total) != (placing.rank, placing.of, placing.total)
            or not (given.decided or given.grade == placing.grade)
        ):
            yield review, placing


def _require_settlements_standing(state: "Round", occasion: Occasion) -> None:
    """Refused while an objection counts as settled by a correction that holds no longer."""
    reviews = {review.community: review for review in state.reviews(occasion)}
    gone = [
        Words(
            en=f"{review.community} (objection {objection.id}, entry {version} of {corrected})",
            zh=f"{review.community}（异议 {objection.id}，{corrected} 第 {version} 条）",
        )
        for review in reviews.values()
        for objection in review.objections.values()
        for step in objection.steps[-1:]
        for corrected, version in step.rests_on
        if corrected in reviews and version in reviews[corrected].struck
    ]
    if gone:
        raise refused_for(
            "Objections are settled by corrections that hold no longer; annul the settlement and "
            "name what holds:",
            "以下异议据以办结的更正已不再有效；请撤销其办结，重新指明有效的更正：",
            gone,
        )


def _require_settled(state: "Round", occasion: Occasion) -> None:
    moved = [
        Words(en=f"{review.community}", zh=f"{review.community}")
        for review, _ in _moved(state, occasion)
    ]
    if moved:
        raise refused_for(
            "Rank or grade is not what the scores give since a correction; grade anew first:",
            "更正之后名次或等次与得分不符，请先重新排名：",
            moved,
        )
