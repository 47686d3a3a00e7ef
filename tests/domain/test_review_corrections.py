"""What was recorded of a review is returned, withdrawn, corrected, vetoed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.grading.entering import OpenRound
from domain.grading.grading import RegradeCity
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.review.corrections import CorrectAppraisal, CorrectScore, ImposeVeto, LiftVeto
from domain.review.events import (
    AppraisalCorrected,
    GradeAnnulled,
    GradeCorrected,
    ReviewReturned,
    ReviewWithdrawn,
    ScoreCorrected,
    VetoImposed,
    VetoLifted,
)
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.opening import WithdrawReview
from domain.review.stages import RecordAppraisal, ReturnReview
from tests.domain.given import POLICY, day
from tests.domain.reviews import KEYS, ORDER, A, done
from tests.domain.rounds import (
    APPRAISAL,
    BEGIN,
    BEST,
    CITY_OF_THREE,
    CLOSE,
    DISTRICT,
    GRADE,
    MIDDLE,
    PLAN,
    ROUND,
    STAGES,
    VETO,
    WORST,
    act,
    asked,
    assessed,
    first,
    graded,
    points,
    published,
    ready,
    refused,
    review,
    second,
    votes,
)

RETURN = ReturnReview(returned_on=day("2023-08-12"), reason="佐证材料不全")
REGRADE = RegradeCity(graded_on=day("2023-09-25"), reason="得分更正")


@pytest.mark.parametrize(
    ("stages", "who"),
    [
        (1, ("recorder", "rec", "s1")),
        (2, ("reviewer", "rev", "s1")),
        (3, ("decider", "dec", "d1")),
        (4, ("arbiter", "arb", "c")),
    ],
)
def test_a_review_returns_to_the_stage_before_by_those_whose_stage_is_next(
    stages: int, who: tuple[Any, str, str]
) -> None:
    role, person, jurisdiction = who
    by = {"by": role, "person": person, "jurisdiction": jurisdiction}
    before = STAGES[stages - 1]
    last = stages + 1  # the review's first entry opened it
    anew = {"scored_on": day("2023-08-15")} if stages > 1 else {}

    outcome = asked(done(stages), A, RETURN, **by)

    outcome.then(ReviewReturned(**KEYS, stage=before, **vars(RETURN), returned_by=person))
    assert outcome.state().struck == {last: last + 1}
    again = act(done(stages), A, RETURN, **by)
    assert asked(again, A, ORDER[stages - 1].model_copy(update=anew)).refusal is None


def test_a_review_is_not_returned_from_its_beginning_or_by_others() -> None:
    own: dict[str, Any] = {"by": "recorder", "jurisdiction": "s1"}
    asked(done(0), A, RETURN, **own).refused("review.nothing-to-return")
    asked(done(2), A, RETURN).refused("role.lacking", NotAuthorised)
    asked(done(2), A, RETURN, by="reviewer", jurisdiction="c").refused(
        "review.act-of-unit", NotAuthorised
    )
    asked(graded(a=90), A, RETURN).refused("round.not-in-phase")


def test_a_withdrawal_is_the_leaders_and_only_until_the_round_is_closed() -> None:
    command = WithdrawReview(withdrawn_on=day("2023-08-01"), reason="并入乙社区")
    asked(done(2), A, command).then(
        ReviewWithdrawn(**KEYS, withdrawn_on=day("2023-08-01"), reason="并入乙社区")
    )
    asked(done(2), A, command, by="decider").refused("role.lacking", NotAuthorised)
    asked(act(published(a=90), ROUND, CLOSE), A, command).refused("round.not-in-phase")
    asked(act(done(2), A, command), A, first()).refused("review.withdrawn")


def test_a_withdrawal_after_the_grading_annuls_the_grade_and_the_others_are_ranked_anew() -> None:
    early = WithdrawReview(withdrawn_on=day("2023-08-01"), reason="截止日类型有误")
    command = early.model_copy(update={"withdrawn_on": day("2023-10-09")})
    stands = published(a=90, b=80)
    refused(asked(stands, A, early), "round.day-too-early", since=day("2023-10-08"))
    asked(stands, A, command).then(
        GradeAnnulled(
            **KEYS,
            annuls=6,
            annulled_on=command.withdrawn_on,
            reason=command.reason,
            annulled_by="arb",
        ),
        ReviewWithdrawn(**KEYS, **vars(command)),
    )
    stands = act(stands, A, command)
    refused(asked(stands, ROUND, CLOSE), "round.ranking-outdated", communities=["community:b"])
    regrade = RegradeCity(graded_on=day("2023-10-10"), reason="甲社区退出")
    grade = asked(stands, ROUND, regrade).state(review("b")).grade
    assert (grade.rank, grade.of) == (1, 1)


def test_a_community_leaves_a_round_no_earlier_than_anything_of_the_round_that_names_it() -> None:
    stands = act(
        act(graded(a=90, b=80), review("b"), corrects(5, 70, "2023-09-24")), ROUND, REGRADE
    )
    leave = WithdrawReview(withdrawn_on=day("2023-09-24"), reason="社区撤并")

    ranked_anew_on = day("2023-09-25")
    refused(asked(stands, A, leave), "round.day-too-early", since=ranked_anew_on)
    later = leave.model_copy(update={"withdrawn_on": ranked_anew_on})
    assert asked(stands, A, later).refusal is None


def corrects(version: int, percent: int = 50, on: str = "2023-08-20") -> CorrectScore:
    return CorrectScore(
        corrects=version, items=points(percent), corrected_on=day(on), reason="计分有误"
    )


def test_a_score_is_corrected_by_those_who_act_in_its_stage_until_the_city_grades() -> None:
    outcome = asked(done(4), A, corrects(5), by="decider", jurisdiction="d1")

    (event,) = outcome.events
    assert isinstance(event, ScoreCorrected)
    assert (event.corrects, event.stage, event.points) == (5, DISTRICT, Decimal("50"))
    asked(done(4), A, corrects(5)).refused("role.lacking", NotAuthorised)
    asked(done(4), A, corrects(5), by="decider", jurisdiction="c").refused(
        "review.act-of-unit", NotAuthorised
    )


def test_after_the_grading_whoever_the_policy_names_corrects() -> None:
    late = corrects(5, on="2023-10-09")
    assert asked(graded(a=90), A, late).refusal is None
    asked(graded(a=90), A, late, by="decider").refused("role.lacking", NotAuthorised)
    closed = act(published(a=90), ROUND, CLOSE)
    asked(closed, A, late).refused("round.not-in-phase")


def test_a_correction_names_the_entry_that_stands() -> None:
    by: dict[str, Any] = {"by": "decider", "jurisdiction": "d1"}
    asked(done(4), A, corrects(5, 90), **by).refused("review.correction-changes-nothing")
    asked(done(4), A, corrects(1), **by).refused("review.entry-states-other")
    asked(done(4), A, corrects(9), **by).refused("review.no-such-entry", NotOnRecord)
    own: dict[str, Any] = {"by": "recorder", "jurisdiction": "s1"}
    asked(done(4), A, corrects(2), **own).refused("review.entry-states-votes")
    stands = act(done(4), A, corrects(5), **by)
    refused(asked(stands, A, corrects(5, 40), **by), "review.entry-struck", by=6)
    assert asked(stands, A, corrects(6, 40), **by).refusal is None


def test_votes_are_corrected_like_scores() -> None:
    own: dict[str, Any] = {"by": "recorder", "jurisdiction": "s1"}
    command = CorrectAppraisal(
        corrects=2,
        assemblies=votes(20, 10).assemblies,
        corrected_on=day("2023-08-20"),
        reason="计票有误",
    )
    asked(done(4), A, command, **own).then(
        AppraisalCorrected(**KEYS, stage=APPRAISAL, **vars(command), corrected_by="arb")
    )
    same = command.model_copy(update={"assemblies": votes().assemblies})
    asked(done(4), A, same, **own).refused("review.correction-changes-nothing")
    points_ = command.model_copy(update={"corrects": 5})
    asked(done(4), A, points_, by="decider", jurisdiction="d1").refused(
        "review.entry-states-points"
    )
    few = command.model_copy(update={"assemblies": votes(10, present=10).assemblies})
    asked(done(4), A, few, **own).irregular("review.below-quorum", "review.below-quorum")


def test_days_of_a_review_come_in_the_order_of_its_acts() -> None:
    early = assessed().model_copy(update={"scored_on": day("2023-05-09")})
    refused(asked(done(1), A, early), "round.day-too-early", since=day("2023-05-10"))
    score = second().model_copy(update={"scored_on": day("2023-07-09")})
    refused(asked(done(3), A, score), "round.day-too-early", since=day("2023-07-10"))
    back = RETURN.model_copy(update={"returned_on": day("2023-08-09")})
    refused(asked(done(4), A, back), "round.day-too-early", since=day("2023-08-10"))
    stands = act(done(4), A, RETURN)
    refused(asked(stands, A, second()), "round.day-too-early", since=day("2023-08-12"))
    by: dict[str, Any] = {"by": "decider", "jurisdiction": "d1"}
    asked(done(4), A, corrects(5, on="2023-08-09"), **by).refused("round.day-too-early")
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")
    lift = LiftVeto(annuls=6, lifted_on=day("2023-08-31"), reason="查无此事")
    refused(asked(act(done(4), A, veto), A, lift), "round.day-too-early", since=day("2023-09-01"))


def on(*days: str) -> RecordAppraisal:
    """The appraisal with assemblies on these days."""
    held = zip(votes().assemblies, days, strict=True)
    return RecordAppraisal(
        assemblies=tuple(each.model_copy(update={"held_on": day(d)}) for each, d in held)
    )


def test_every_assembly_is_held_in_its_time_also_after_a_correction() -> None:
    days = ["2023-05-10"] * len(votes().assemblies)
    refused(
        asked(done(0), A, on("2015-05-10", *days[1:])),
        "round.day-too-early",
        since=day("2023-05-01"),
    )
    own: dict[str, Any] = {"by": "recorder", "jurisdiction": "s1"}

    def correct(*days: str) -> CorrectAppraisal:
        return CorrectAppraisal(
            corrects=2, assemblies=on(*days).assemblies, corrected_on=day("2023-08-20"), reason="误"
        )

    asked(done(1), A, correct("2030-01-01", *days[1:]), **own).refused("day.not-come")
    refused(
        asked(done(1), A, correct("2015-05-10", *days[1:]), **own),
        "round.day-too-early",
        since=day("2023-05-01"),
    )
    refused(
        asked(done(1), A, correct("2023-08-21", *days[1:]), **own),
        "review.assembly-too-late",
        until=day("2023-08-20"),
    )
    refused(
        asked(done(2), A, correct("2023-06-11", *days[1:]), **own),
        "review.assembly-too-late",
        until=day("2023-06-10"),
    )
    outcome = asked(done(2), A, correct("2023-06-09", *days[1:]), **own)
    assert outcome.state().scores[APPRAISAL].on == day("2023-06-09")


def test_a_veto_is_imposed_with_its_reason_and_lifted_when_it_was_mistaken() -> None:
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")
    stated = VetoImposed(**KEYS, **vars(veto), imposed_by="arb")
    asked(done(4), A, veto, by="decider", jurisdiction="d1").then(stated)
    asked(done(4), A, veto, by="reviewer").refused("role.lacking", NotAuthorised)
    unknown = veto.model_copy(update={"veto": "x"})
    asked(done(4), A, unknown).refused("review.no-such-veto")
    stands = act(done(4), A, veto)
    asked(stands, A, veto).refused("review.veto-imposed-already")
    assert asked(stands, ROUND, GRADE).state(A).grade.grade == WORST

    lift = LiftVeto(annuls=6, lifted_on=day("2023-09-10"), reason="查无此事")
    asked(stands, A, lift).then(VetoLifted(**KEYS, **vars(lift), lifted_by="arb"))
    stands = act(stands, A, lift)
    asked(stands, A, lift).refused("review.entry-struck")
    assert asked(stands, ROUND, GRADE).state(A).grade.grade == BEST


def test_a_round_without_vetoes_has_none_to_choose_from() -> None:
    rounds = POLICY.rounds.model_copy(update={"vetoes": ()})
    policy = POLICY.model_copy(update={"rounds": rounds})
    stands = CITY_OF_THREE.after(ROUND, PLAN, by="arbiter", policy=policy)
    stands = act(stands, ROUND, OpenRound(communities=("a",), opened_on=BEGIN))
    veto = ImposeVeto(veto=VETO, imposed_on=BEGIN, reason="虚报数据")

    refused(asked(stands, A, veto), "review.no-such-veto", veto=VETO, choice=None)


def test_a_veto_is_imposed_by_a_unit_that_scores_the_community_or_by_the_city() -> None:
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")
    lift = LiftVeto(annuls=6, lifted_on=day("2023-09-10"), reason="查无此事")
    words = "review.veto-of-another-unit"

    for unit in ("d1", "s1"):
        assert asked(done(4), A, veto, by="decider", jurisdiction=unit).refusal is None
    asked(done(4), A, veto, by="decider", jurisdiction="c").refused(words, NotAuthorised)
    asked(act(done(4), A, veto), A, lift, by="decider", jurisdiction="c").refused(
        words, NotAuthorised
    )
    imposed = act(done(4), A, veto, by="decider", person="dec", jurisdiction="d1")
    assert asked(imposed, A, lift, by="decider", person="dec", jurisdiction="d1").refusal is None


def test_after_the_grading_those_lift_a_veto_who_correct() -> None:
    veto = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")
    vetoed = act(done(4), A, veto, by="decider", person="dec", jurisdiction="d1")
    lift = LiftVeto(annuls=6, lifted_on=day("2023-10-12"), reason="查无此事")

    stands = act(vetoed, ROUND, GRADE)
    asked(stands, A, lift, by="decider", person="dec", jurisdiction="d1").refused(
        "role.lacking", NotAuthorised
    )
    assert asked(stands, A, lift).refusal is None


def test_a_grade_decided_by_itself_stays_when_the_ranking_moves() -> None:
    command = CorrectGrade(
        corrects=6, grade=MIDDLE, corrected_on=day("2023-10-12"), reason="复核决定"
    )
    stands = published(a=90, b=80)
    asked(stands, A, command).then(GradeCorrected(**KEYS, **vars(command), corrected_by="arb"))
    asked(stands, A, command, by="decider").refused("role.lacking", NotAuthorised)
    same = command.model_copy(update={"grade": BEST})
    asked(stands, A, same).refused("review.correction-changes-nothing")
    asked(stands, A, command.model_copy(update={"grade": "x"})).refused("round.no-such-grade")
    asked(stands, A, command.model_copy(update={"corrects": 5})).refused(
        "review.entry-states-other"
    )
    asked(ready(a=90), A, command).refused("round.not-in-phase")

    stands = act(act(stands, A, command), A, corrects(5, 40, "2023-10-13"))
    outcome = asked(stands, ROUND, RegradeCity(graded_on=day("2023-10-14"), reason="更正"))
    state = outcome.state(A)
    assert (state.grade.grade, state.grade.rank, state.grade.decided) == (MIDDLE, 2, True)


def test_an_annulled_grade_is_void_and_the_city_grades_anew() -> None:
    command = AnnulGrade(annuls=6, annulled_on=day("2023-10-12"), reason="程序违规")
    stands = published(a=90, b=80)
    asked(stands, A, command).then(GradeAnnulled(**KEYS, **vars(command), annulled_by="arb"))
    stands = act(stands, A, command)
    refused(asked(stands, A, command), "review.entry-struck", by=7)
    refused(asked(stands, ROUND, CLOSE), "round.ranking-outdated", communities=["community:a"])
    outcome = asked(stands, ROUND, RegradeCity(graded_on=day("2023-10-13"), reason="重新评定"))
    given = outcome.state(A).grade
    assert given == replace(given, version=8, grade=BEST, decided_by=None)
