"""Reviews and gradings at the same moment: one wins, and nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from domain.classification.classification import CorrectClassification
from domain.grading.annulment import AnnulRound
from domain.grading.entering import AdmitCommunities, OpenRound
from domain.grading.grading import GradeCity
from domain.kernel.command import Command
from domain.kernel.context import Acting, DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import Conflict, Refused
from domain.review.corrections import CorrectScore
from domain.review.opening import WithdrawReview
from domain.review.stages import ScoreByDistrict
from domain.round.planning import OpenStage
from domain.round.state import Round
from domain.support.assignment import BeginSupport
from record.store.record import Record
from tests.city import DISTRICT, SUBDISTRICT, acting, classify, register
from tests.domain.given import day
from tests.domain.rounds import (
    BEGIN,
    GRADE,
    OTHER_TYPE,
    PLAN,
    PUBLISH,
    ROUND,
    STAGES,
    TYPE,
    WORST,
    assessed,
    first,
    points,
    review,
    second,
    votes,
)
from tests.refusing import refused

IDS = tuple(f"c{n}" for n in range(8))
RECORDER, REVIEWER = acting("recorder", "rec", SUBDISTRICT), acting("reviewer", "rev", SUBDISTRICT)
DECIDER, OTHER = acting("decider", "dec", DISTRICT), acting("decider", "han", DISTRICT)
ARBITER = acting("arbiter", "arb", "city")
Ask = tuple[str, Command[Any], Acting]


@pytest.fixture
def reviewed(record: Record) -> Record:
    """A round in which every stage of every community is done but the last score of the first."""
    for id in IDS:
        record.carry_out(f"community:{id}", register(f"{id}社区"), by=DECIDER)
        record.carry_out(f"community:{id}", classify(), by=DECIDER)
    record.carry_out(ROUND, PLAN, by=ARBITER)
    record.carry_out(ROUND, OpenRound(communities=IDS, opened_on=BEGIN), by=ARBITER)
    for stage in STAGES:
        record.carry_out(ROUND, OpenStage(stage=stage, opened_on=BEGIN), by=ARBITER)
    for id in IDS:
        record.carry_out(review(id), votes(), by=RECORDER)
        record.carry_out(review(id), assessed(), by=RECORDER)
        record.carry_out(review(id), first(), by=REVIEWER)
        if id != IDS[0]:
            record.carry_out(review(id), second(), by=DECIDER)
    return record


def at_once(record: Record, *asked: Ask) -> list[Refused | None]:
    """Carry these out at once, each through a record of its own; how each was refused."""
    barrier = Barrier(len(asked))

    def carry_out(ask: Ask) -> Refused | None:
        stream, command, by = ask
        with Record(record.url) as own:
            own.state(ROUND)
            barrier.wait()
            try:
                own.carry_out(stream, command, by=by)
            except Refused as refusal:
                return refusal
        return None

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(carry_out, asked))


def names(record: Record, stream: str) -> list[str]:
    return [entry.name for entry in record.history(stream)]


def test_of_two_reviewers_who_score_the_same_stage_at_once_one_wins(reviewed: Record) -> None:
    a = review(IDS[0])
    scores = [ScoreByDistrict(scored_on=day("2023-08-10"), items=points(p)) for p in (80, 95)]

    refusals = at_once(reviewed, (a, scores[0], DECIDER), (a, scores[1], OTHER))

    assert sorted(refusal is None for refusal in refusals) == [False, True]
    assert names(reviewed, a).count("CommunityScored") == 2  # the subdistrict's and one of these
    winner = refusals.index(None)
    (score,) = [s for s in reviewed.state(a).scores.values() if s.by in ("dec", "han")]
    assert (score.by, score.items[0].points) == (
        ("dec", "han")[winner],
        scores[winner].items[0].points,
    )


def test_a_grading_and_a_correction_at_once_leave_nothing_half_done(reviewed: Record) -> None:
    a = review(IDS[0])
    reviewed.carry_out(a, second(), by=DECIDER)
    correction = CorrectScore(
        corrects=5, items=points(10), corrected_on=day("2023-09-20"), reason="计分有误"
    )

    refusals = at_once(reviewed, (ROUND, GRADE, ARBITER), (a, correction, DECIDER))

    graded, corrected = (refusal is None for refusal in refusals)
    assert graded or corrected
    grades = ["CommunityGraded" in names(reviewed, review(id)) for id in IDS]
    assert set(grades) == {graded}
    assert ("ScoreCorrected" in names(reviewed, a)) == corrected
    if graded and corrected:  # one after the other: the grading then rests on the correction
        assert names(reviewed, a)[-2:] == ["ScoreCorrected", "CommunityGraded"]
        assert reviewed.state(a).grade.rank == len(IDS)


def test_a_grading_that_read_a_score_before_its_correction_is_a_conflict(
    reviewed: Record,
) -> None:
    a = review(IDS[0])
    reviewed.carry_out(a, second(), by=DECIDER)
    correction = CorrectScore(
        corrects=5, items=points(10), corrected_on=day("2023-09-20"), reason="计分有误"
    )

    class CorrectedMeanwhile(GradeCity):
        def decide(self, state: Round, occasion: DecisionContext) -> list[Event | StreamEvent]:
            with Record(reviewed.url) as another:
                another.carry_out(a, correction, by=DECIDER)
            return super().decide(state, occasion)

    before = reviewed.head()
    with refused("record.changed-meanwhile", Conflict):
        reviewed.carry_out(ROUND, CorrectedMeanwhile(**dict(GRADE)), by=ARBITER)

    assert reviewed.head() == before + 1
    assert "CityGraded" not in names(reviewed, ROUND)
    reviewed.carry_out(ROUND, GradeCity(graded_on=day("2023-09-21")), by=ARBITER)
    assert reviewed.state(a).grade.rank == len(IDS)
    assert {reviewed.state(review(id)).grade.of for id in IDS} == {len(IDS)}


PLAN_NEXT = PLAN.model_copy(update={"title": "又一轮"})


def test_of_two_rounds_planned_for_one_year_at_once_one_wins(record: Record) -> None:
    asks: tuple[Ask, ...] = (("round:r", PLAN, ARBITER), ("round:q", PLAN_NEXT, ARBITER))

    refusals = at_once(record, *asks)

    assert sorted(refusal is None for refusal in refusals) == [False, True]
    assert len(record.state("calendar").rounds) == 1
    planned = [stream for stream, _, _ in asks if record.state(stream).version]
    assert planned == [asks[refusals.index(None)][0]]


def test_a_correction_of_a_type_and_the_opening_that_fixes_it_do_not_cross(record: Record) -> None:
    record.carry_out("community:c0", register("c0社区"), by=DECIDER)
    record.carry_out("community:c0", classify(), by=DECIDER)
    record.carry_out(ROUND, PLAN, by=ARBITER)
    correct = CorrectClassification(
        corrects=2, type=OTHER_TYPE, effective_from=day("2021-03-31"), reason="划分有误"
    )
    opening = OpenRound(communities=("c0",), opened_on=BEGIN)

    refusals = at_once(record, (ROUND, opening, ARBITER), ("community:c0", correct, DECIDER))

    assert None in refusals
    opened = record.state(review("c0"))
    if opened.version:  # what the round fixed is what is on record for that day
        assert record.state("community:c0").types.on(PLAN.cutoff_on) == opened.type
        again = correct.model_copy(
            update={
                "corrects": record.state("community:c0").types.change_on(BEGIN).version,
                "type": TYPE if opened.type == OTHER_TYPE else OTHER_TYPE,
            }
        )
        with pytest.raises(Refused) as refusal:
            record.carry_out("community:c0", again, by=DECIDER)
        assert refusal.value.code == "round.type-fixed"


def test_who_left_a_round_enters_anew(reviewed: Record) -> None:
    a = review(IDS[0])
    left = WithdrawReview(withdrawn_on=day("2023-08-20"), reason="截止日类型有误")
    reviewed.carry_out(a, left, by=ARBITER)
    admit = AdmitCommunities(communities=(IDS[0],), admitted_on=day("2023-08-21"))

    receipt = reviewed.carry_out(ROUND, admit, by=ARBITER, command_id="again")

    assert reviewed.carry_out(ROUND, admit, by=ARBITER, command_id="again") == receipt
    assert receipt.version == len(reviewed.history(ROUND))
    state = reviewed.state(a)
    assert (state.withdrawn, state.scores) == (False, {})
    reviewed.carry_out(a, votes(), by=RECORDER)


def test_an_annulment_and_a_new_support_at_once_leave_no_support_behind(reviewed: Record) -> None:
    worst = review(IDS[0])
    reviewed.carry_out(worst, second(0), by=DECIDER)
    reviewed.carry_out(ROUND, GRADE, by=ARBITER)
    assert reviewed.state(worst).grade.grade == WORST
    reviewed.carry_out(ROUND, PUBLISH, by=ARBITER)
    support = f"support:r.{IDS[0]}"
    annul = AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规")
    begin = BeginSupport(effective_from=day("2023-10-20"))

    refusals = at_once(reviewed, (ROUND, annul, ARBITER), (support, begin, ARBITER))

    annulled, begun = (refusal is None for refusal in refusals)
    assert annulled or begun
    if annulled:
        assert reviewed.state(support).ended_on == (day("2023-10-20") if begun else None)
        assert reviewed.state(worst).grade is None
