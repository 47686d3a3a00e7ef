"""Objections: in time, decided by those who had no hand in it, settled by what is named."""

from typing import Any

import pytest

from domain.grading.annulment import AnnulRound
from domain.grading.grading import RegradeCity
from domain.kernel.command import Command
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.review.corrections import CorrectScore, ImposeVeto, LiftVeto
from domain.review.events import (
    CorrectingEntry,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
)
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.opening import WithdrawReview
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from domain.review.stages import ReturnReview
from tests.domain.given import Given, day
from tests.domain.rounds import (
    BEST,
    CLOSE,
    GRADE,
    MIDDLE,
    PUBLISH,
    ROUND,
    VETO,
    WORST,
    act,
    asked,
    graded,
    points,
    published,
    ready,
    refused,
    review,
    second,
)

A, B = review("a"), review("b")
KEYS: dict[str, Any] = {"round": "r", "community": "a"}
OBJECT = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="区县计分有误")
UPHOLD = DecideObjection(
    objection="o1", outcome="upheld", decided_on=day("2023-10-12"), reason="经核查属实"
)
DISMISS = UPHOLD.model_copy(update={"outcome": "dismissed"})
WITHDRAW = WithdrawObjection(objection="o1", withdrawn_on=day("2023-10-11"), reason="已沟通")
REGRADE = RegradeCity(graded_on=day("2023-10-14"), reason="异议成立")
IMPOSE = ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报数据")


def objected(percent: int = 90) -> Given:
    return act(published(a=percent, b=80), A, OBJECT, by="decider", person="wei")


def upheld(percent: int = 90) -> Given:
    return act(objected(percent), A, UPHOLD, person="zhao")


def corrects(version: int, percent: int, on: str = "2023-10-13") -> CorrectScore:
    return CorrectScore(
        corrects=version, items=points(percent), corrected_on=day(on), reason="计分有误"
    )


def settle(community: str | None = None, version: int = 1, **fields: Any) -> SettleObjection:
    named = () if community is None else (CorrectingEntry(community=community, version=version),)
    stated = {"objection": "o1", "settled_on": day("2023-10-13"), "reason": "已更正", **fields}
    return SettleObjection(corrections=named, **stated)


def annul(version: int) -> AnnulObjectionStep:
    return AnnulObjectionStep(annuls=version, annulled_on=day("2023-10-14"), reason="误录")


def test_an_objection_is_filed_within_the_rounds_days() -> None:
    stands = published(a=90)
    asked(stands, A, OBJECT, by="decider").then(
        ObjectionFiled(
            **KEYS,
            objection="o1",
            filed_on=day("2023-10-10"),
            grounds="区县计分有误",
            filed_by="arb",
        )
    )
    late = OBJECT.model_copy(update={"filed_on": day("2023-10-15")})
    until = day("2023-10-15")
    asked(stands, A, late, by="decider").irregular("objection.too-late", until=until)
    early = OBJECT.model_copy(update={"filed_on": day("2023-10-07")})
    refused(asked(stands, A, early, by="decider"), "round.day-too-early", since=day("2023-10-08"))
    asked(stands, A, OBJECT).refused("role.lacking", NotAuthorised)
    asked(graded(a=90), A, OBJECT, by="decider").refused("round.not-in-phase")
    asked(objected(), A, OBJECT, by="decider").refused("objection.on-record-already")


def test_an_objection_is_decided_by_others_than_those_who_graded_scored_or_objected() -> None:
    stands = objected()
    for person in ("arb", "dec", "rev", "wei"):
        asked(stands, A, UPHOLD, person=person).refused("objection.person-took-part", NotAuthorised)
    asked(stands, A, UPHOLD, person="zhao").then(
        ObjectionDecided(**KEYS, **vars(UPHOLD), decided_by="zhao")
    )
    asked(stands, A, UPHOLD, person="zhao", by="decider").refused("role.lacking", NotAuthorised)
    decided = act(stands, A, UPHOLD, person="zhao")
    asked(decided, A, UPHOLD, person="zhao").refused("objection.decided-or-withdrawn")
    unknown = UPHOLD.model_copy(update={"objection": "o2"})
    asked(stands, A, unknown, person="zhao").refused("objection.not-on-record", NotOnRecord)


def test_a_round_is_not_closed_while_an_objection_is_open_or_upheld_and_not_settled() -> None:
    stands = objected()
    refused(asked(stands, ROUND, CLOSE), "round.objections-wait", reasons=["objection.undecided"])
    dismissed = act(stands, A, UPHOLD.model_copy(update={"outcome": "dismissed"}), person="zhao")
    assert asked(dismissed, ROUND, CLOSE).refusal is None
    upheld = act(stands, A, UPHOLD, person="zhao")
    refused(asked(upheld, ROUND, CLOSE), "round.objections-wait", reasons=["objection.unsettled"])
    corrected = act(upheld, A, corrects(5, 70))
    settled = act(corrected, A, settle("a", 9))
    refused(
        asked(settled, ROUND, CLOSE),
        "round.ranking-outdated",
        communities=["community:b", "community:a"],
    )
    refused(
        asked(act(corrected, ROUND, REGRADE), ROUND, CLOSE),
        "round.objections-wait",
        reasons=["objection.unsettled"],
    )
    assert asked(act(settled, ROUND, REGRADE), ROUND, CLOSE).refusal is None


@pytest.mark.parametrize(
    "command",
    [
        CorrectGrade(corrects=6, grade=MIDDLE, corrected_on=day("2023-09-21"), reason="复核决定"),
        corrects(5, 85, "2023-09-21"),
        IMPOSE.model_copy(update={"imposed_on": day("2023-09-21")}),
    ],
    ids=["grade", "score", "veto"],
)
def test_whoever_corrected_or_vetoed_decides_no_objection(command: Command[Any]) -> None:
    stands = act(graded(a=90, b=80), A, command, person="boss")
    regrade = RegradeCity(graded_on=day("2023-09-22"), reason="更正")
    if not isinstance(command, CorrectGrade):
        stands = act(stands, ROUND, regrade)
    stands = act(act(stands, ROUND, PUBLISH), A, OBJECT, by="decider", person="wei")

    asked(stands, A, UPHOLD, person="boss").refused("objection.person-took-part", NotAuthorised)
    assert asked(stands, A, UPHOLD, person="zhao").refusal is None


def test_a_hand_once_had_stays_when_the_score_was_returned_or_the_veto_lifted() -> None:
    stands = act(ready(a=90), A, IMPOSE, person="xu")
    lift = LiftVeto(annuls=6, lifted_on=day("2023-09-10"), reason="查无此事")
    stands = act(stands, A, lift, person="yu")
    back = ReturnReview(returned_on=day("2023-09-11"), reason="重新复评")
    stands = act(stands, A, back, person="he")
    again = second().model_copy(update={"scored_on": day("2023-09-12")})
    stands = act(stands, A, again, person="dec2")
    stands = act(act(stands, ROUND, GRADE), ROUND, PUBLISH)
    stands = act(stands, A, OBJECT, by="decider", person="wei")

    for person in ("xu", "yu", "he", "dec", "dec2", "rec"):
        asked(stands, A, UPHOLD, person=person).refused("objection.person-took-part", NotAuthorised)


def test_whoever_upheld_an_objection_may_correct_but_whoever_corrected_decides_none() -> None:
    assert asked(upheld(), A, corrects(5, 70), person="zhao").refusal is None
    corrected = act(objected(), A, corrects(5, 70), person="zhao")
    asked(corrected, A, UPHOLD, person="zhao").refused("objection.person-took-part", NotAuthorised)


def test_an_upheld_objection_is_settled_by_the_correction_that_is_named() -> None:
    stands = act(upheld(), A, corrects(5, 70))
    command = settle("a", 9)
    outcome = asked(stands, A, command)

    outcome.then(ObjectionSettled(**KEYS, **vars(command), settled_by="arb"))
    assert outcome.state().objections["o1"].settled
    asked(act(stands, A, command), A, command).refused("objection.nothing-to-settle")
    asked(stands, A, command, by="reviewer").refused("role.lacking", NotAuthorised)
    refused(asked(stands, A, settle("a", 5)), "review.entry-struck", by=9)
    asked(stands, A, settle("a", 2)).refused("review.entry-states-other")
    asked(stands, A, settle("z", 2)).refused("review.no-such-entry", NotOnRecord)
    early = settle("a", 9, settled_on=day("2023-10-12"))
    asked(stands, A, early).refused("objection.correction-outside-days")
    before = settle("a", 9, settled_on=day("2023-10-11"))
    refused(asked(stands, A, before), "round.day-too-early", since=day("2023-10-12"))


def test_a_settlement_rests_on_corrections_that_stand() -> None:
    settled = act(act(upheld(), A, corrects(5, 70)), A, settle("a", 9))
    back = act(settled, A, corrects(9, 90))
    anew = act(back, A, annul(10), person="zhao")
    named = settle("a", 11, settled_on=day("2023-10-14"))

    refused(
        asked(back, ROUND, CLOSE),
        "round.settlements-void",
        reasons=["objection.settled-by-void-correction"],
    )
    assert asked(act(anew, A, named), ROUND, CLOSE).refusal is None


def test_a_ranking_that_keeps_a_decided_grade_leaves_the_settlement_by_it_standing() -> None:
    decide = CorrectGrade(corrects=6, grade=BEST, corrected_on=day("2023-10-12"), reason="裁定")
    settled = act(act(upheld(81), A, decide), A, settle("a", 9))
    stands = act(act(settled, B, corrects(5, 95)), ROUND, REGRADE)

    assert asked(stands, ROUND, CLOSE).refusal is None
    again = act(stands, A, annul(10), person="qian")
    named = settle("a", 9, settled_on=day("2023-10-14"))
    assert asked(again, A, named).refusal is None
    asked(stands, A, decide.model_copy(update={"corrected_on": day("2023-10-14")})).refused(
        "review.entry-struck"
    )
    otherwise = CorrectGrade(
        corrects=11, grade=WORST, corrected_on=day("2023-10-14"), reason="裁定"
    )
    refused(
        asked(act(stands, A, otherwise), ROUND, CLOSE),
        "round.settlements-void",
        reasons=["objection.settled-by-void-correction"],
    )
    void = AnnulGrade(annuls=11, annulled_on=day("2023-10-14"), reason="程序违规")
    refused(
        asked(act(act(stands, A, void), ROUND, REGRADE), ROUND, CLOSE),
        "round.settlements-void",
        reasons=["objection.settled-by-void-correction"],
    )


def test_a_settlement_stands_when_the_corrected_community_leaves_unless_it_was_undone() -> None:
    leave = WithdrawReview(withdrawn_on=day("2023-10-14"), reason="社区撤并")
    settled = act(act(upheld(), B, corrects(5, 70)), A, settle("b", 7))
    undone = act(settled, B, corrects(7, 80))

    gone, undone_and_gone = (
        act(act(stands, B, leave), ROUND, REGRADE) for stands in (settled, undone)
    )
    assert asked(gone, ROUND, CLOSE).refusal is None
    refused(
        asked(undone_and_gone, ROUND, CLOSE),
        "round.settlements-void",
        reasons=["objection.settled-by-void-correction"],
    )


def test_a_settlement_names_each_correction_once() -> None:
    stands = act(act(upheld(), A, corrects(5, 70)), B, corrects(5, 70))
    own, other = (CorrectingEntry(community=id, version=v) for id, v in (("a", 9), ("b", 7)))
    command = settle("a", 9).model_copy(update={"corrections": (own, other, own)})

    asked(stands, A, command).refused("objection.correction-named-twice")
    both = command.model_copy(update={"corrections": (own, other)})
    assert asked(stands, A, both).refusal is None


def test_whoever_filed_an_objection_does_not_settle_it() -> None:
    stands = act(upheld(), A, corrects(5, 70))

    asked(stands, A, settle("a", 9), person="wei").refused(
        "objection.settled-by-its-filer", NotAuthorised
    )


def test_a_correction_made_before_an_objection_settles_it_only_by_others() -> None:
    stands = act(published(a=90, b=80), A, corrects(5, 70, "2023-10-08"))
    stands = act(act(stands, A, OBJECT, by="decider", person="wei"), A, UPHOLD, person="zhao")

    asked(stands, A, settle("a", 7)).refused("objection.person-took-part", NotAuthorised)
    assert asked(stands, A, settle("a", 7), person="zhao").refusal is None


def test_on_the_day_of_the_filing_only_the_order_of_entries_says_what_followed() -> None:
    of_the_day = corrects(5, 70, "2023-10-10")
    before = act(published(a=90, b=80), A, of_the_day)
    before = act(act(before, A, OBJECT, by="decider", person="wei"), A, UPHOLD, person="zhao")
    behind = act(act(objected(), A, of_the_day), A, UPHOLD, person="zhao")

    asked(before, A, settle("a", 7)).refused("objection.person-took-part", NotAuthorised)
    assert asked(behind, A, settle("a", 8)).refusal is None


def test_a_correction_of_another_review_follows_an_objection_from_the_next_day_on() -> None:
    same, next_day = (
        act(upheld(), B, corrects(5, 70, on), person="yu") for on in ("2023-10-10", "2023-10-11")
    )

    asked(same, A, settle("b", 7)).refused("objection.person-took-part", NotAuthorised)
    assert asked(same, A, settle("b", 7), person="qian").refusal is None
    assert asked(next_day, A, settle("b", 7)).refusal is None


def test_a_community_leaves_no_round_with_an_objection_that_waits() -> None:
    leave = WithdrawReview(withdrawn_on=day("2023-10-14"), reason="社区撤并")

    asked(objected(), A, leave).refused("objection.undecided")
    asked(upheld(), A, leave).refused("objection.unsettled")
    dismissed = act(objected(), A, DISMISS, person="zhao")
    assert asked(dismissed, A, leave).refusal is None
    early = leave.model_copy(update={"withdrawn_on": day("2023-10-11")})
    refused(asked(dismissed, A, early), "round.day-too-early", since=day("2023-10-12"))


def test_a_round_is_annulled_no_earlier_than_its_last_correction() -> None:
    stands = act(published(a=90, b=80), A, corrects(5, 70))
    early = AnnulRound(annulled_on=day("2023-10-12"), reason="程序违规")

    refused(asked(stands, ROUND, early), "round.day-too-early", since=day("2023-10-13"))
    assert asked(stands, ROUND, early.model_copy(update={"annulled_on": day("2023-10-13")})).events


@pytest.mark.parametrize("closed", [False, True], ids=["objected", "closed"])
def test_a_round_is_annulled_no_earlier_than_its_objections_and_its_closing(closed: bool) -> None:
    stands = act(objected(), A, DISMISS, person="zhao")
    last_on, before = day("2023-10-12"), day("2023-10-11")
    if closed:
        stands, last_on, before = act(stands, ROUND, CLOSE), CLOSE.closed_on, day("2023-10-14")

    early = AnnulRound(annulled_on=before, reason="程序违规")
    refused(asked(stands, ROUND, early), "round.day-too-early", since=last_on)
    assert asked(stands, ROUND, AnnulRound(annulled_on=last_on, reason="程序违规")).events


def test_nothing_else_settles_an_objection() -> None:
    veto = IMPOSE.model_copy(update={"imposed_on": day("2023-10-13")})
    stands = act(act(upheld(), A, veto), A, corrects(5, 70))
    assert not asked(stands, A, corrects(10, 60)).state().objections["o1"].settled
    refused(asked(stands, ROUND, CLOSE), "round.objections-wait", reasons=["objection.unsettled"])


def test_a_correction_before_the_decision_or_of_another_review_settles_it_too() -> None:
    stands = act(objected(), A, corrects(5, 70, "2023-10-11"))
    stands = act(stands, A, UPHOLD, person="zhao")
    assert asked(stands, A, settle("a", 8)).refusal is None
    rival = act(upheld(), B, corrects(5, 70))
    assert asked(rival, A, settle("b", 7)).refusal is None


def test_a_correction_made_before_the_city_graded_settles_nothing() -> None:
    stands = act(ready(a=90), A, corrects(5, 80, "2023-09-01"), by="decider", jurisdiction="d1")
    stands = act(act(stands, ROUND, GRADE), ROUND, PUBLISH)
    stands = act(stands, A, OBJECT, by="decider", person="wei")
    stands = act(stands, A, UPHOLD, person="zhao")
    asked(stands, A, settle("a", 6)).refused("objection.correction-outside-days")


def test_that_nothing_is_to_be_corrected_is_said_by_those_who_could_decide_it() -> None:
    command = settle(reason="程序瑕疵不影响得分")
    outcome = asked(upheld(), A, command, person="zhao")
    outcome.then(ObjectionSettled(**KEYS, **vars(command), settled_by="zhao"))
    asked(upheld(), A, command).refused("objection.person-took-part", NotAuthorised)


def test_an_objection_is_withdrawn_by_whoever_filed_it_until_it_is_decided() -> None:
    by = {"by": "decider", "person": "wei"}
    outcome = asked(objected(), A, WITHDRAW, **by)
    outcome.then(ObjectionWithdrawn(**KEYS, **vars(WITHDRAW), withdrawn_by="wei"))
    asked(objected(), A, WITHDRAW, by="decider", person="li").refused(
        "objection.filed-by-another", NotAuthorised
    )
    asked(objected(), A, WITHDRAW, person="wei").refused("role.lacking", NotAuthorised)
    asked(upheld(), A, WITHDRAW, **by).refused("objection.decided-or-withdrawn")
    withdrawn = act(objected(), A, WITHDRAW, **by)
    assert asked(withdrawn, ROUND, CLOSE).refusal is None
    asked(withdrawn, A, UPHOLD, person="zhao").refused("objection.decided-or-withdrawn")
    early = WITHDRAW.model_copy(update={"withdrawn_on": day("2023-10-09")})
    refused(asked(objected(), A, early, **by), "round.day-too-early", since=day("2023-10-10"))


def test_a_mistaken_decision_is_annulled_and_the_objection_decided_anew() -> None:
    stands = act(objected(), A, DISMISS, person="zhao")
    asked(stands, A, annul(8), person="qian").then(
        ObjectionStepAnnulled(
            **KEYS,
            **vars(annul(8)),
            objection="o1",
            became="dismissed",
            annulled_by="qian",
        )
    )
    asked(stands, A, annul(8)).refused("objection.person-took-part", NotAuthorised)
    asked(stands, A, annul(7), person="qian").refused("review.entry-states-other")
    stands = act(stands, A, annul(8), person="qian")
    refused(asked(stands, A, annul(8), person="qian"), "review.entry-struck", by=9)
    refused(asked(stands, ROUND, CLOSE), "round.objections-wait", reasons=["objection.undecided"])
    anew = UPHOLD.model_copy(update={"decided_on": day("2023-10-14")})
    assert asked(stands, A, anew, person="zhao").refusal is None
    refused(asked(stands, A, UPHOLD, person="zhao"), "round.day-too-early", since=day("2023-10-14"))


def test_of_an_objections_steps_only_the_newest_is_annulled() -> None:
    stands = act(act(upheld(), A, corrects(5, 70)), A, settle("a", 9))
    asked(stands, A, annul(8), person="qian").refused("objection.newer-step")
    stands = act(stands, A, annul(10), person="qian")
    refused(asked(stands, ROUND, CLOSE), "round.objections-wait", reasons=["objection.unsettled"])
    assert asked(stands, A, annul(8), person="qian").refusal is None


def test_the_same_objection_is_not_filed_twice_by_the_same_person_while_it_is_open() -> None:
    again = OBJECT.model_copy(update={"objection": None})
    who: Any = {"by": "decider", "person": "wei"}

    asked(objected(), A, again, **who).refused("statement.repeated", entry=7)
    asked(upheld(), A, again, **who).refused("statement.repeated", entry=7)
    assert asked(objected(), A, again, by="decider", person="chen").refusal is None
    other = again.model_copy(update={"grounds": "街道计分有误"})
    assert asked(objected(), A, other, **who).refusal is None
    withdrawn = act(objected(), A, WITHDRAW, by="decider", person="wei")
    assert asked(withdrawn, A, again, **who).refusal is None
