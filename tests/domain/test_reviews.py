"""A community's review goes through the stages in their order, each by those whose act it is."""

from decimal import Decimal

import pytest

from domain.grading.entering import OpenRound
from domain.jurisdiction.events import SeatTownDesignated
from domain.kernel.policy import called
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.review.corrections import ImposeVeto
from domain.review.events import (
    AppraisalRecorded,
    CommunityScored,
    CommunitySelfAssessed,
    ItemPoints,
)
from domain.review.grading import CorrectGrade
from domain.review.stages import RecordAppraisal, ScoreByDistrict
from domain.round.planning import CloseStage, OpenStage
from tests.domain.given import POLICY, Given, day, established
from tests.domain.reviews import KEYS, ORDER, A, done
from tests.domain.rounds import (
    APPRAISAL,
    BEGIN,
    BEST,
    CITY_OF_THREE,
    GRADE,
    MIDDLE,
    OWN,
    PLAN,
    ROUND,
    STAGES,
    SUBDISTRICT,
    VETO,
    act,
    asked,
    assessed,
    community,
    first,
    graded,
    opened,
    planned,
    points,
    refused,
    review,
    second,
    votes,
)

PARK_SUBDISTRICT = (established("subdistrict", "园艺街道", "park"),)


def test_the_assemblies_come_first_with_attendance_and_votes() -> None:
    asked(done(0), A, votes()).then(
        AppraisalRecorded(
            **KEYS,
            stage=APPRAISAL,
            held_on=day("2023-05-10"),
            assemblies=votes().assemblies,
            recorded_by="rec",
        )
    )


def test_the_self_assessment_and_the_scores_follow_item_by_item() -> None:
    own = asked(done(1), A, assessed())
    other = asked(done(2), A, first())

    (event,) = own.events
    assert isinstance(event, CommunitySelfAssessed)
    assert (event.stage, event.points, event.points_max) == (OWN, Decimal("90"), 100)
    (event,) = other.events
    assert isinstance(event, CommunityScored)
    assert (event.stage, event.unit, event.scored_by) == (SUBDISTRICT, "s1", "rev")
    assert [item.points_max for item in event.items] == [15, 15, 15, 15, 40]


@pytest.mark.parametrize("stages", [0, 1, 2, 3])
def test_no_stage_is_skipped(stages: int) -> None:
    for ahead in ORDER[stages + 1 :]:
        first = called("round-stage", STAGES[stages])
        refused(asked(done(stages), A, ahead), "review.stage-skipped", first=first)


@pytest.mark.parametrize("stages", [1, 2, 3, 4])
def test_no_stage_is_done_twice(stages: int) -> None:
    asked(done(stages), A, ORDER[stages - 1]).refused("review.stage-done")


def test_a_review_has_no_other_stages_than_its_round() -> None:
    stages = tuple(each for each in POLICY.stages if each.code != OWN)
    windows = tuple(each for each in PLAN.windows if each.stage != OWN)
    stands = CITY_OF_THREE.after(
        ROUND,
        PLAN.model_copy(update={"windows": windows}),
        by="arbiter",
        policy=POLICY.model_copy(update={"stages": stages}),
    )
    stands = act(stands, ROUND, OpenRound(communities=("a",), opened_on=BEGIN))

    asked(stands, A, assessed()).refused("review.act-not-in-round")


@pytest.mark.parametrize("stages", [0, 1, 2, 3])
def test_a_stage_needs_its_open_window(stages: int) -> None:
    closing = CloseStage(stage=STAGES[stages], closed_on=day("2023-09-01"))

    late = asked(act(done(stages), ROUND, closing), A, ORDER[stages])
    late.irregular("round.stage-closed", closed_on=day("2023-09-01"))


def test_what_happened_lies_in_the_window_and_not_ahead() -> None:
    stands = act(
        opened("a", stages=()), ROUND, OpenStage(stage=APPRAISAL, opened_on=day("2023-06-01"))
    )
    refused(asked(stands, A, votes()), "round.day-too-early", since=day("2023-06-01"))
    asked(done(0), A, votes(), today=day("2023-05-09")).refused("day.not-come")


@pytest.mark.parametrize("stages", [0, 1, 2, 3])
def test_who_acts_in_a_stage_is_the_rounds_plan(stages: int) -> None:
    asked(done(stages), A, ORDER[stages], by="auditor").refused("role.lacking", NotAuthorised)


def test_only_the_communitys_own_subdistrict_and_district_score_it() -> None:
    for command in (done(2), first()), (done(3), second()):
        stands, scoring = command
        asked(stands, A, scoring, jurisdiction="c").refused("review.act-of-unit", NotAuthorised)
        asked(stands, A, scoring, jurisdiction="d2").refused("place.out-of-scope", NotAuthorised)


def test_nobody_scores_their_own_community() -> None:
    asked(done(2), A, first(), person="rec").refused("review.own-community", NotAuthorised)
    asked(done(3), A, second(), unit="a").refused("review.own-community", NotAuthorised)


def test_nobody_grades_imposes_vetoes_or_corrects_grades_in_their_own_community() -> None:
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")
    asked(done(4), A, veto, person="rec").refused("review.own-community", NotAuthorised)
    grade = CorrectGrade(corrects=6, grade=BEST, corrected_on=day("2023-10-09"), reason="复核")
    asked(graded(a=90), A, grade, person="rec").refused("review.own-community", NotAuthorised)


def test_a_town_stands_in_for_the_subdistrict_and_a_park_for_the_district() -> None:
    seat = SeatTownDesignated(town="t1", effective_from=day("2010-01-01"))
    under_park = Given(planned().histories, ROUND)
    stands = (
        under_park.with_("jurisdiction:k", seat)
        .with_("community:x", *community("县城社区", subdistrict="t1"))
        .with_("jurisdiction:s9", *PARK_SUBDISTRICT)
        .with_("community:y", *community("园区社区", subdistrict="s9"))
    )
    stands = act(stands, ROUND, OpenRound(communities=("x", "y"), opened_on=BEGIN))
    for stage in STAGES:
        stands = act(stands, ROUND, OpenStage(stage=stage, opened_on=BEGIN))
    for id, under, above in (("x", "t1", "k"), ("y", "s9", "park")):
        for command in (votes(), assessed()):
            stands = act(stands, review(id), command, jurisdiction=under)
        stands = act(stands, review(id), first(), jurisdiction=under)
        asked(stands, review(id), second()).refused("place.out-of-scope", NotAuthorised)
        (event,) = asked(stands, review(id), second(), jurisdiction=above).events
        assert isinstance(event, CommunityScored)
        assert event.unit == above


def test_the_quorum_holds_and_figures_fit() -> None:
    asked(done(0), A, votes(19, present=19)).irregular("review.below-quorum", "review.below-quorum")
    asked(done(0), A, votes(20, present=20)).then(
        AppraisalRecorded(
            **KEYS,
            stage=APPRAISAL,
            held_on=day("2023-05-10"),
            assemblies=votes(20, present=20).assemblies,
            recorded_by="rec",
        )
    )
    asked(done(0), A, votes(31, present=30)).refused("review.figures-do-not-fit")
    asked(done(0), A, votes(30, present=41)).refused("review.figures-do-not-fit")
    asked(done(0), A, votes(0)).refused("review.nobody-voted")


def test_each_assembly_appraises_once_by_the_rounds_ballots() -> None:
    held = votes().assemblies
    asked(done(0), A, RecordAppraisal(assemblies=held[:1])).refused("review.assemblies-incomplete")
    other = held[0].model_copy(update={"votes": {"x": 30}})
    asked(done(0), A, RecordAppraisal(assemblies=(other, held[1]))).refused("review.no-such-ballot")


def test_every_item_has_points_of_at_most_its_own() -> None:
    items = points(90)
    lacking = ScoreByDistrict(scored_on=day("2023-08-10"), items=items[1:])
    asked(done(3), A, lacking).refused("review.items-incomplete")
    twice = ScoreByDistrict(scored_on=day("2023-08-10"), items=(*items[1:], items[1]))
    asked(done(3), A, twice).refused("review.items-incomplete")
    much = (ItemPoints(item=items[0].item, points=Decimal("15.01")), *items[1:])
    over = ScoreByDistrict(scored_on=day("2023-08-10"), items=much)
    asked(done(3), A, over).refused("review.too-many-points")


def test_a_communitys_own_acts_are_stated_for_itself_or_what_it_lies_under() -> None:
    for unit, jurisdiction in (("a", "c"), ("bureau", "a"), ("bureau", "s1"), ("bureau", "d1")):
        assert asked(done(1), A, assessed(), unit=unit, jurisdiction=jurisdiction).refusal is None
    asked(done(1), A, assessed(), jurisdiction="c").refused(
        "review.act-of-community", NotAuthorised
    )


def test_low_satisfaction_caps_the_grade() -> None:
    stands = opened("a")
    for command in (votes(17, 13), assessed(100), first(100), second(100)):
        stands = act(stands, A, command)
    outcome = asked(stands, ROUND, GRADE)

    assert outcome.state(A).grade.grade == MIDDLE
    assert outcome.state(A).grade.total == Decimal("91.33")


def test_a_review_that_was_never_opened_takes_nothing() -> None:
    asked(opened("a"), review("b"), votes(), jurisdiction="c").refused(
        "subject.not-on-record", NotOnRecord
    )
