"""A round is graded, published, ranked anew, closed and annulled."""

from datetime import timedelta
from decimal import Decimal

from domain.community.lineage import AbolishCommunity
from domain.grading.annulment import AnnulRound
from domain.grading.entering import OpenRound
from domain.grading.grading import RegradeCity
from domain.grading.publication import CloseRound, PublishResults
from domain.kernel.event import StreamEvent
from domain.kernel.policy import called
from domain.kernel.refusal import NotAuthorised
from domain.review.corrections import CorrectScore
from domain.review.events import (
    CommunityGraded,
    CommunityRegraded,
    GradeAnnulled,
    ReviewWithdrawn,
)
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.opening import WithdrawReview
from domain.round.events import (
    CityGraded,
    CityRegraded,
    Result,
    ResultsAnnulled,
    ResultsListed,
    ResultsPublished,
    RoundAnnulled,
    RoundClosed,
)
from domain.round.planning import OpenStage
from tests.domain.given import TODAY, Outcome, day
from tests.domain.rounds import (
    BEGIN,
    BEST,
    CITY_OF_THREE,
    CLOSE,
    GRADE,
    MIDDLE,
    PLAN,
    PUBLISH,
    REGRADE,
    ROUND,
    STAGES,
    TYPE,
    WORST,
    act,
    asked,
    community,
    graded,
    opened,
    points,
    published,
    ready,
    reasons_of,
    refused,
    review,
    scored,
)


def correction(version: int, percent: int, on: str = "2023-10-10") -> CorrectScore:
    return CorrectScore(
        corrects=version, items=points(percent), corrected_on=day(on), reason="复核发现计分有误"
    )


def test_grading_grades_every_community_at_once_each_on_its_own_review() -> None:
    def given_grade(id: str, grade: str, rank: int, total: str) -> StreamEvent:
        event = CommunityGraded(
            round="r",
            community=id,
            graded_on=day("2023-09-20"),
            type=TYPE,
            unit="d1",
            grade=grade,
            rank=rank,
            of=3,
            total=Decimal(total),
        )
        return StreamEvent(review(id), event)

    asked(ready(a=90, b=50, e=70), ROUND, GRADE).then(
        CityGraded(round="r", graded_on=day("2023-09-20"), communities=3, graded_by="arb"),
        given_grade("a", BEST, 1, "92.00"),  # three in ten of three are one all the same
        given_grade("e", MIDDLE, 2, "76.00"),
        given_grade("b", MIDDLE, 3, "60.00"),
    )


def test_grading_is_refused_as_a_whole_with_the_list_of_what_is_missing() -> None:
    stands = scored(opened("a", "b"), "a")

    outcome = asked(stands, ROUND, GRADE)

    refused(
        outcome,
        "round.cannot-be-graded",
        missing=1,
        count=2,
        reasons=["review.stages-missing"],
    )
    (lacking,) = reasons_of(outcome)
    stages = [called("round-stage", each) for each in STAGES[:-1]]
    assert lacking.params == {"community": "b", "stages": stages}


def test_a_round_is_graded_with_at_least_one_community() -> None:
    left = WithdrawReview(withdrawn_on=day("2023-08-20"), reason="社区裁撤")

    asked(act(opened("a"), review("a"), left), ROUND, GRADE).refused("round.no-communities")


def test_the_city_grades_in_its_own_stage_and_by_its_own_people() -> None:
    asked(ready(a=90), ROUND, GRADE, by="decider").refused("role.lacking", NotAuthorised)
    stands = opened("a", stages=STAGES[:-1])
    asked(scored(stands, "a"), ROUND, GRADE).refused("round.stage-not-open")
    asked(graded(a=90), ROUND, GRADE).refused("round.not-in-phase")


def test_publishing_lists_every_result_and_names_the_days_of_publicity_and_objection() -> None:
    def result(id: str, grade: str, rank: int, total: str) -> Result:
        return Result(
            community=id, type=TYPE, unit="d1", grade=grade, rank=rank, of=2, total=Decimal(total)
        )

    on = PUBLISH.published_on
    asked(graded(a=90, b=70), ROUND, PUBLISH).then(
        ResultsPublished(
            round="r",
            published_on=on,
            publicity_until=on + timedelta(days=7),
            objections_until=on + timedelta(days=7),
            communities=2,
        ),
        ResultsListed(
            round="r",
            published_on=on,
            count=2,
            results=(result("a", BEST, 1, "92.00"), result("b", MIDDLE, 2, "76.00")),
        ),
    )


def test_nothing_is_published_before_the_city_graded_or_while_a_correction_is_not_ranked() -> None:
    asked(ready(a=90), ROUND, PUBLISH).refused("round.not-in-phase")
    early = PublishResults(published_on=day("2023-09-19"))
    refused(asked(graded(a=90), ROUND, early), "round.day-too-early", since=day("2023-09-20"))
    stands = act(graded(a=90, b=70), review("a"), correction(5, 10, "2023-09-25"))
    refused(
        asked(stands, ROUND, PUBLISH),
        "round.ranking-outdated",
        communities=["community:b", "community:a"],
    )


def test_a_correction_after_publication_moves_exactly_what_it_should_and_leaves_a_trace() -> None:
    stands = act(published(a=90, b=80, e=70), review("e"), correction(5, 100))

    outcome = asked(stands, ROUND, REGRADE)

    def moved(id: str, was: int, rank: int, total: str) -> StreamEvent:
        event = CommunityRegraded(
            round="r",
            community=id,
            corrects=was,
            graded_on=REGRADE.graded_on,
            grade=MIDDLE,
            rank=rank,
            of=3,
            total=Decimal(total),
            reason=REGRADE.reason,
        )
        return StreamEvent(review(id), event)

    # a keeps its rank; e overtakes b: 0.2 x 100 + 0.4 x 70 + 0.4 x 100 = 88.
    outcome.then(
        CityRegraded(
            round="r",
            graded_on=REGRADE.graded_on,
            communities=2,
            reason=REGRADE.reason,
            graded_by="arb",
        ),
        moved("e", 6, 2, "88.00"),
        moved("b", 6, 3, "84.00"),
    )
    state = outcome.state(review("e"))
    assert state.struck == {5: 7, 6: 8}


def test_ranking_anew_is_refused_while_nothing_would_move() -> None:
    asked(published(a=90), ROUND, REGRADE).refused("round.ranking-unchanged")


def test_a_round_is_closed_when_publicity_is_over() -> None:
    asked(published(a=90), ROUND, CLOSE).then(RoundClosed(round="r", closed_on=day("2023-10-15")))
    early = CloseRound(closed_on=day("2023-10-14"))
    asked(published(a=90), ROUND, early).irregular(
        "round.publicity-running", until=day("2023-10-15")
    )
    ahead = CloseRound(closed_on=TODAY + timedelta(days=1))
    asked(published(a=90), ROUND, ahead).refused("day.not-come")
    asked(graded(a=90), ROUND, CLOSE).refused("round.not-in-phase")


def test_a_round_is_annulled_with_all_its_results_and_takes_nothing_more() -> None:
    command = AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规")
    stands = published(a=90)

    asked(stands, ROUND, command).then(
        RoundAnnulled(round="r", annulled_on=day("2023-10-20"), reason="程序违规"),
        ResultsAnnulled(round="r", annulled_on=day("2023-10-20"), count=1, communities=("a",)),
        StreamEvent(
            review("a"),
            GradeAnnulled(
                round="r",
                community="a",
                annuls=6,
                annulled_on=day("2023-10-20"),
                reason="程序违规",
                annulled_by="arb",
            ),
        ),
    )
    asked(opened("a"), ROUND, command).then(
        RoundAnnulled(round="r", annulled_on=day("2023-10-20"), reason="程序违规"),
        StreamEvent(
            review("a"),
            ReviewWithdrawn(
                round="r", community="a", withdrawn_on=day("2023-10-20"), reason="程序违规"
            ),
        ),
    )
    early = command.model_copy(update={"annulled_on": day("2023-10-07")})
    refused(asked(published(a=90), ROUND, early), "round.day-too-early", since=day("2023-10-08"))
    stands = act(stands, ROUND, command)
    asked(stands, ROUND, CLOSE).refused("round.not-in-phase")
    asked(stands, ROUND, command).refused("round.not-in-phase")
    asked(stands, review("a"), correction(5, 10)).refused("round.not-in-phase")


def test_the_best_of_ten_are_of_the_best_grade_and_the_worst_scores_of_the_worst() -> None:
    stands = CITY_OF_THREE
    ids = [f"x{n}" for n in range(10)]
    for id in ids:
        stands = stands.with_(f"community:{id}", *community(f"{id}社区"))
    stands = act(stands, ROUND, PLAN)
    stands = act(stands, ROUND, OpenRound(communities=tuple(ids), opened_on=BEGIN))
    for stage in STAGES:
        stands = act(stands, ROUND, OpenStage(stage=stage, opened_on=BEGIN))
    for number, id in enumerate(ids):
        stands = scored(stands, id, 100 - number if number < 8 else 40)

    outcome = asked(stands, ROUND, GRADE)

    grades = [outcome.state(review(id)).grade.grade for id in ids]
    assert grades == [BEST] * 3 + [MIDDLE] * 5 + [WORST] * 2


def test_gradings_publication_and_closing_come_behind_what_they_rest_on() -> None:
    early = GRADE.model_copy(update={"graded_on": day("2023-08-09")})
    refused(asked(ready(a=90), ROUND, early), "round.day-too-early", since=day("2023-08-10"))
    stands = act(published(a=90), review("a"), correction(5, 80, "2023-10-20"))
    regrade = RegradeCity(graded_on=day("2023-10-19"), reason="更正")
    refused(asked(stands, ROUND, regrade), "round.day-too-early", since=day("2023-10-20"))
    stands = act(stands, ROUND, regrade.model_copy(update={"graded_on": day("2023-10-21")}))
    refused(asked(stands, ROUND, CLOSE), "round.day-too-early", since=day("2023-10-21"))
    object_ = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="计分有误")
    stands = act(published(a=90), review("a"), object_, by="decider", person="wei")
    dismiss = DecideObjection(
        objection="o1", outcome="dismissed", decided_on=day("2024-02-20"), reason="不属实"
    )
    stands = act(stands, review("a"), dismiss, person="zhao")
    refused(asked(stands, ROUND, CLOSE), "round.day-too-early", since=day("2024-02-20"))
    command = CorrectGrade(
        corrects=6, grade=MIDDLE, corrected_on=day("2023-10-20"), reason="复核决定"
    )
    refused(
        asked(act(graded(a=90), review("a"), command), ROUND, PUBLISH),
        "round.day-too-early",
        since=day("2023-10-20"),
    )


def test_results_are_published_of_communities_that_stood_when_the_city_graded() -> None:
    def publishing(abolished_on: str) -> Outcome:
        gone = AbolishCommunity(effective_from=day(abolished_on))
        return asked(graded(a=90, b=80).after("community:b", gone), ROUND, PUBLISH)

    before, after = publishing("2023-08-20"), publishing("2023-09-21")

    refused(before, "round.communities-gone", gone=1, communities=["community:b"])
    assert after.refusal is None


def test_whoever_spoke_for_a_community_does_not_grade_the_city() -> None:
    asked(ready(a=90, b=80), ROUND, GRADE, person="rec").refused(
        "review.own-community", NotAuthorised
    )
    asked(ready(a=90, b=80), ROUND, GRADE, unit="b").refused("review.own-community", NotAuthorised)
    stands = act(published(a=90), review("a"), correction(5, 70, "2023-10-09"))
    regrade = RegradeCity(graded_on=day("2023-10-10"), reason="更正")
    asked(stands, ROUND, regrade, person="rec").refused("review.own-community", NotAuthorised)
    assert asked(stands, ROUND, regrade).refusal is None


def test_a_grade_annulled_when_the_round_is_over_is_given_anew() -> None:
    stands = act(published(a=90), ROUND, CLOSE)
    void = AnnulGrade(annuls=6, annulled_on=day("2023-11-01"), reason="程序违规")
    stands = act(stands, review("a"), void)
    regrade = RegradeCity(graded_on=day("2023-11-02"), reason="重新评定")
    outcome = asked(stands, ROUND, regrade)
    assert outcome.state(review("a")).grade.grade == BEST
    assert outcome.state(ROUND).phase == "closed"
    asked(act(stands, ROUND, regrade), ROUND, regrade).refused("round.ranking-unchanged")
