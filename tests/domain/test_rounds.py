"""A round is planned by the policy, opened with what the cut-off day fixed, graded all at once."""

from typing import Any

import pytest

from domain.community.events import CommunityReclassified
from domain.community.lineage import AbolishCommunity
from domain.grading.entering import AdmitCommunities, OpenRound
from domain.jurisdiction.events import SeatTownDesignated
from domain.kernel.event import StreamEvent
from domain.kernel.policy import Policy
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.review.events import (
    ReviewOpened,
)
from domain.review.opening import WithdrawReview
from domain.round.events import (
    CityGraded,
    CommunitiesEntered,
    RoundOpened,
    RoundPlanned,
    RubricSet,
    StageOpened,
)
from domain.round.planning import CloseStage, OpenStage
from tests.domain.given import POLICY, day
from tests.domain.rounds import (
    APPRAISAL,
    BEGIN,
    CITY_OF_THREE,
    GRADE,
    OTHER_TYPE,
    OWN,
    PLAN,
    PUBLISH,
    REGRADE,
    ROUND,
    STAGES,
    TYPE,
    WINDOWS,
    act,
    asked,
    community,
    graded,
    opened,
    planned,
    ready,
    reasons_of,
    refused,
    review,
    scored,
)

OPEN = OpenRound(communities=("a", "b", "e"), opened_on=BEGIN)


def test_a_plan_records_the_rules_of_the_policy_so_that_a_later_one_changes_nothing() -> None:
    outcome = CITY_OF_THREE.when(PLAN, by="arbiter")

    first, *rubrics, _ = outcome.events
    assert isinstance(first, RoundPlanned)
    assert [stage.stage for stage in first.rules.stages] == list(STAGES)
    assert [type(each) for each in rubrics] == [RubricSet] * 4
    assert outcome.state(ROUND).plan.rubric(OWN, TYPE).weight == 10


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"cutoff_on": day("2023-05-02")}, "round.cutoff-after-beginning"),
        ({"windows": WINDOWS[1:]}, "round.windows-not-stages"),
        ({"windows": (WINDOWS[1], WINDOWS[0], *WINDOWS[2:])}, "round.windows-not-stages"),
        (
            {"windows": (WINDOWS[0].model_copy(update={"planned_until": BEGIN}), *WINDOWS[1:])},
            "round.windows-out-of-order",
        ),
    ],
)
def test_a_plan_with_wrong_days_is_refused(changes: dict[str, Any], part: str) -> None:
    CITY_OF_THREE.when(PLAN.model_copy(update=changes), by="arbiter").refused(part)


@pytest.mark.parametrize("begins", ["2019-04-30", "2022-05-01"])
def test_a_round_begins_every_second_year(begins: str) -> None:
    changes = {"begins_on": day(begins), "cutoff_on": day(begins)}

    CITY_OF_THREE.when(PLAN.model_copy(update=changes), by="arbiter").irregular("round.off-year")


def test_only_whoever_the_policy_names_plans_a_round() -> None:
    CITY_OF_THREE.when(PLAN, by="decider").refused("role.lacking", NotAuthorised)


def test_a_rounds_id_has_no_full_stop() -> None:
    CITY_OF_THREE.at("round:r.1").when(PLAN, by="arbiter").refused("round.id-unfit")


def test_opening_fixes_type_subdistrict_and_unit_of_the_cut_off_day() -> None:
    later = CommunityReclassified(
        proposal="p", type=OTHER_TYPE, effective_from=day("2023-05-01"), reason="改造"
    )
    reviews = [
        StreamEvent(
            review(id),
            ReviewOpened(
                round="r",
                community=id,
                cutoff_on=day("2023-04-30"),
                entered_on=BEGIN,
                type=TYPE,
                unit="d1",
                subdistrict="s1",
            ),
        )
        for id in ("a", "b", "e")
    ]

    planned().with_("community:a", later).when(OPEN, by="arbiter").then(
        RoundOpened(round="r", opened_on=BEGIN, communities=3),
        CommunitiesEntered(round="r", entered_on=BEGIN, count=3, communities=("a", "b", "e")),
        *reviews,
    )


def test_a_reclassification_from_the_cut_off_day_on_counts() -> None:
    on_the_day = CommunityReclassified(
        proposal="p", type=OTHER_TYPE, effective_from=day("2023-04-30"), reason="改造"
    )

    outcome = planned().with_("community:a", on_the_day).when(OPEN, by="arbiter")

    assert outcome.state(review("a")).type == OTHER_TYPE


def test_all_communities_that_cannot_take_part_are_named_at_once() -> None:
    stands = (
        planned()
        .with_("community:x", *community("无类社区", type=None))
        .with_("community:y", *community("后设社区", effective_from=day("2023-06-01"), type=None))
        .with_("community:z", *community("镇社区", subdistrict="t2"))
    )
    command = OpenRound(communities=("a", "x", "y", "z", "a"), opened_on=BEGIN)

    outcome = stands.when(command, by="arbiter")

    refused(outcome, "round.cannot-take-part", unfit=4, count=5)
    *of_the_community, outside, twice = reasons_of(outcome)
    assert len(of_the_community) == 2  # x of no type, and y not yet on record
    assert (outside.code, twice.code) == ("round.not-urban", "round.named-twice")


def test_a_community_of_the_seat_town_of_a_county_takes_part_with_the_town_as_its_subdistrict() -> (
    None
):
    stands = planned().with_("community:x", *community("县城社区", subdistrict="t1"))
    command = OpenRound(communities=("x",), opened_on=BEGIN)
    refused(
        stands.when(command, by="arbiter"), "round.cannot-take-part", reasons=["round.not-urban"]
    )

    seat = SeatTownDesignated(town="t1", effective_from=day("2010-01-01"))
    outcome = stands.with_("jurisdiction:k", seat).when(command, by="arbiter")

    state = outcome.state(review("x"))
    assert (state.unit, state.subdistrict) == ("k", "t1")


def test_a_round_is_opened_once_the_cut_off_day_has_come() -> None:
    planned().when(OPEN, by="arbiter", today=day("2023-04-29")).refused("day.not-come")


def test_more_communities_are_admitted_until_the_city_graded() -> None:
    command = AdmitCommunities(communities=("b",), admitted_on=day("2023-05-20"))

    assert asked(opened("a"), ROUND, command).state(ROUND).entrants.keys() == {"a", "b"}
    refused(
        asked(opened("a", "b"), ROUND, command),
        "round.cannot-take-part",
        reasons=["round.takes-part-already"],
    )
    asked(graded(a=90), ROUND, command).refused("round.not-in-phase")


def test_stages_open_in_their_order_and_again_after_they_were_closed() -> None:
    asked(opened(stages=()), ROUND, OpenStage(stage=OWN, opened_on=BEGIN)).refused(
        "round.earlier-stage-not-opened"
    )
    command = OpenStage(stage=APPRAISAL, opened_on=BEGIN)
    stands = opened(stages=(APPRAISAL,))
    asked(stands, ROUND, command).refused("round.stage-open-already")
    stands = act(stands, ROUND, CloseStage(stage=APPRAISAL, closed_on=day("2023-06-01")))
    again = OpenStage(stage=APPRAISAL, opened_on=day("2023-06-05"))
    asked(stands, ROUND, again).then(
        StageOpened(round="r", stage=APPRAISAL, opened_on=day("2023-06-05"))
    )
    closing = CloseStage(stage=APPRAISAL, closed_on=day("2023-06-06"))
    asked(stands, ROUND, closing).refused("round.stage-not-open")
    asked(stands, ROUND, OpenStage(stage="x", opened_on=BEGIN)).refused(
        "round.no-such-stage", NotOnRecord
    )


def test_a_withdrawn_community_keeps_nobody_waiting() -> None:
    stands = scored(opened("a", "b"), "a")
    withdrawal = WithdrawReview(withdrawn_on=day("2023-07-01"), reason="并入甲社区")
    stands = act(stands, review("b"), withdrawal)

    assert [type(e) for e in asked(stands, ROUND, GRADE).events] == [CityGraded, StreamEvent]
    asked(stands, review("b"), withdrawal).refused("review.withdrawn")


def changed_policy() -> Policy:
    rounds = POLICY.rounds
    thresholds = tuple(
        each.model_copy(update={"score_min": each.score_min + 10}) for each in rounds.thresholds
    )
    changes = rounds.model_copy(update={"thresholds": thresholds, "quotas": (), "caps": ()})
    return POLICY.model_copy(update={"rounds": changes, "stages": POLICY.stages[1:]})


def test_a_policy_changed_meanwhile_changes_nothing_in_an_open_round() -> None:
    with_old = asked(ready(a=90, b=50), ROUND, GRADE)
    with_new = asked(ready(a=90, b=50), ROUND, GRADE, policy=changed_policy())

    assert with_old.events == with_new.events


def test_a_round_opens_when_it_begins_and_stages_in_the_order_of_their_days() -> None:
    early = OpenRound(communities=("a",), opened_on=day("2023-04-30"))
    refused(asked(planned(), ROUND, early), "round.day-too-early", since=day("2023-05-01"))
    late = OpenStage(stage=APPRAISAL, opened_on=day("2023-06-01"))
    stands = act(opened(stages=()), ROUND, late)
    own = OpenStage(stage=OWN, opened_on=day("2023-05-31"))
    refused(asked(stands, ROUND, own), "round.day-too-early", since=day("2023-06-01"))
    stands = act(stands, ROUND, CloseStage(stage=APPRAISAL, closed_on=day("2023-07-01")))
    again = late.model_copy(update={"opened_on": day("2023-06-30")})
    refused(asked(stands, ROUND, again), "round.day-too-early", since=day("2023-07-01"))
    own = own.model_copy(update={"opened_on": day("2023-06-02")})
    assert asked(stands, ROUND, own).refusal is None


def test_whatever_is_ranked_or_published_comes_behind_the_leaving_of_a_community() -> None:
    left = WithdrawReview(withdrawn_on=day("2023-09-25"), reason="社区撤并")
    stands = act(ready(a=90, b=80), review("b"), left)
    refused(asked(stands, ROUND, GRADE), "round.day-too-early", since=day("2023-09-25"))
    late = GRADE.model_copy(update={"graded_on": left.withdrawn_on})
    assert asked(stands, ROUND, late).refusal is None

    stands = act(graded(a=90, b=80), review("a"), left)
    early = REGRADE.model_copy(update={"graded_on": day("2023-09-24")})
    refused(asked(stands, ROUND, early), "round.day-too-early", since=day("2023-09-25"))
    ranked = act(stands, ROUND, REGRADE.model_copy(update={"graded_on": left.withdrawn_on}))
    before = PUBLISH.model_copy(update={"published_on": day("2023-09-24")})
    refused(asked(ranked, ROUND, before), "round.day-too-early", since=day("2023-09-25"))
    assert asked(ranked, ROUND, PUBLISH).refusal is None


def test_a_community_that_no_longer_stands_is_withdrawn_before_the_city_grades() -> None:
    gone = AbolishCommunity(effective_from=day("2023-08-20"))
    stands = ready(a=90, b=80, e=20).after("community:e", gone)
    refused(
        asked(stands, ROUND, GRADE),
        "round.communities-gone",
        gone=1,
        count=3,
        graded_on=GRADE.graded_on,
        communities=["community:e"],
    )
    left = WithdrawReview(withdrawn_on=day("2023-08-20"), reason="社区裁撤")
    assert asked(act(stands, review("e"), left), ROUND, GRADE).refusal is None

    after = AbolishCommunity(effective_from=day("2023-09-21"))
    assert asked(ready(a=90).after("community:a", after), ROUND, GRADE).refusal is None
